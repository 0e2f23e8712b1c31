#include "slots.h"

#include "text.h"

#define FOLD 0u
#define ASCII SIGMATON_ASCII
#define CASED SIGMATON_CASED
#define EQ 1
#define PREFIX 2
#define SUFFIX 4
#define INSIDE 8
#define EDGES (PREFIX | SUFFIX | INSIDE)
#define ALL (EQ | EDGES)

struct row {
    const char *why;
    const char *text;
    uint32_t n;
    const char *pattern;
    uint32_t m;
    uint32_t flags;
    int holds;
};
#define ROW(why, text, pattern, flags, holds)                                   \
    {                                                                           \
        why, text, sizeof(text) - 1, pattern, sizeof(pattern) - 1, flags, holds \
    }

static const struct row rows[] = {
    ROW("equal texts hold everywhere", "abc", "abc", ASCII, ALL),
    ROW("ASCII case of the text is ignored", "aBC", "abc", ASCII, ALL),
    ROW("bytes next to the letters are not folded", "@[`{", "`{@[", ASCII, 0),
    ROW("cased texts differ by case", "aBC", "abc", CASED, 0),
    ROW("cased patterns keep their capitals", "xABc", "ABc", CASED, SUFFIX | INSIDE),
    ROW("a start is no end", "abcx", "abc", ASCII, PREFIX | INSIDE),
    ROW("an end is no start", "xabc", "abc", ASCII, SUFFIX | INSIDE),
    ROW("a middle is neither", "xabcx", "abc", ASCII, INSIDE),
    ROW("a shorter text holds nothing", "ab", "abc", ASCII, 0),
    ROW("the second of two overlapping places counts", "aab", "ab", ASCII, SUFFIX | INSIDE),
    ROW("the empty pattern is in the empty text", "", "", ASCII, ALL),
    ROW("the empty pattern folds like any", "", "", FOLD, ALL),
    ROW("the empty pattern is cased like any", "", "", CASED, ALL),
    ROW("the empty pattern is at every edge", "a", "", ASCII, EDGES),
    ROW("the empty pattern is at every edge by code points", "a", "", FOLD, EDGES),
    ROW("the empty text holds no pattern", "", "a", ASCII, 0),
    ROW("the empty text holds no pattern by code points", "", "a", FOLD, 0),
    ROW("NUL is a byte like any", "a\0B", "a\0b", ASCII, ALL),
    ROW("NUL does not end a text", "x\0abc", "abc", ASCII, SUFFIX | INSIDE),
    ROW("NUL does not end a text by code points", "x\0abc", "\0abc", FOLD, SUFFIX | INSIDE),
    ROW("capital sharp s folds to a shorter one", "x\u1e9e", "x\u00df", FOLD, ALL),
    ROW("sharp s is not ss", "stra\u00dfe", "strasse", FOLD, 0),
    ROW("a longer fold ends a text", "ab\u023a", "b\u2c65", FOLD, SUFFIX | INSIDE),
    ROW("a longer fold starts a text", "\u023aab", "\u2c65a", FOLD, PREFIX | INSIDE),
    ROW("kelvin is not k", "\u212a", "k", ASCII, 0),
    ROW("kelvin is not k by code points", "\u212a", "k", FOLD, 0),
    ROW("long s is not s", "\u017f", "s", FOLD, 0),
    ROW("kelvin is itself", "\u212a", "\u212a", FOLD, ALL),
    ROW("final sigma is sigma", "\u03c2\u03a3\u03c3", "\u03c3\u03c3\u03c3", FOLD, ALL),
    ROW("a long text may end beyond ASCII", "C:\\Users\\\u0416\u0416", "c:\\users\\\u0436\u0436",
        FOLD, ALL),
    ROW("a long text may end in capitals", "\u0416:\\USERS\\ABC", "\u0436:\\users\\abc", FOLD, ALL),
    ROW("long texts may part at their ends", "\u0416:\\users\\abc", "\u0436:\\users\\abd", FOLD, 0),
    ROW("cyrillic folds", "\u0416\u0436", "\u0436\u0436", FOLD, ALL),
    ROW("deseret folds beyond the first plane", "\U00010400", "\U00010428", FOLD, ALL),
    ROW("composed is not decomposed", "\u00e9", "e\u0301", FOLD, 0),
    ROW("cased code points differ", "\u00c9", "\u00e9", CASED, 0),
    ROW("a malformed byte is itself", "a\xff", "a\xff", FOLD, ALL),
    ROW("a malformed byte is not another", "a\xfe", "a\xff", FOLD, 0),
    ROW("a malformed byte is not its code point", "\u00ff", "\xff", FOLD, 0),
    ROW("a cut sequence is its bytes", "\xe2\x82", "\xe2\x82", FOLD, ALL),
    ROW("a cut sequence ends a text", "K\xe2\x82", "k\xe2\x82", FOLD, ALL),
    ROW("a tail byte is no part of a sequence", "\u20ac", "\x82\xac", FOLD, 0),
    ROW("an overlong form is its bytes", "\xc1\x81", "a", FOLD, 0),
    ROW("an encoded surrogate is its bytes", "\xed\xa0\x80", "\xed\xa0\x80", FOLD, ALL),
    ROW("text after a malformed byte still folds", "\xf0\x9fKB", "kb", FOLD, SUFFIX | INSIDE),
};

static int ask(int which, const struct row *r)
{
    const struct sigmaton_host *h = srt_host();
    const struct sigmaton_slot s = slot_bytes(r->text, r->n, SIGMATON_TEXT);
    const uint8_t *p = (const uint8_t *)r->pattern;
    switch (which) {
    case EQ:
        return h->eq(&s, p, r->m, r->flags);
    case PREFIX:
        return h->prefix(&s, p, r->m, r->flags);
    case SUFFIX:
        return h->suffix(&s, p, r->m, r->flags);
    default:
        return h->contains(&s, p, r->m, r->flags);
    }
}

static void texts_hold_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int which = EQ; which <= INSIDE; which *= 2)
            SAME(ask(which, &rows[i]), (rows[i].holds & which) != 0, rows[i].why);
}

static void every_scalar_is_asked_by_its_text(void **state)
{
    (void)state;
    const struct sigmaton_slot yes[] = {slot_int("123"), slot_uint("18446744073709551523"),
                                        slot_double("0.23"), slot_text("x23y")};
    for (size_t i = 0; i < COUNT(yes); i++)
        SAME(srt_host()->contains(&yes[i], BYTES("23"), ASCII), 1, "a scalar");
    const struct sigmaton_slot t = slot_bool(1);
    SAME(srt_host()->eq(&t, BYTES("true"), ASCII), 1, "a boolean");
}

static void what_has_no_text_holds_nothing(void **state)
{
    (void)state;
    const uint32_t kinds[] = {SIGMATON_ABSENT, SIGMATON_NULL, SIGMATON_EMPTY, SIGMATON_OBJECT};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const struct sigmaton_slot s = slot_kind(kinds[i]);
        SAME(srt_host()->eq(&s, BYTES(""), ASCII), 0, "eq");
        SAME(srt_host()->prefix(&s, BYTES(""), ASCII), 0, "prefix");
        SAME(srt_host()->suffix(&s, BYTES(""), ASCII), 0, "suffix");
        SAME(srt_host()->contains(&s, BYTES(""), ASCII), 0, "contains");
    }
}

static void any_leaf_of_a_list_is_enough(void **state)
{
    (void)state;
    const struct sigmaton_slot leaves[] = {slot_kind(SIGMATON_NULL), slot_text("one"),
                                           slot_int("2"), slot_text("three")};
    const struct sigmaton_slot list = slot_list(leaves, COUNT(leaves));
    SAME(srt_host()->eq(&list, BYTES("three"), ASCII), 1, "the last leaf");
    SAME(srt_host()->eq(&list, BYTES("2"), ASCII), 1, "a number's text");
    SAME(srt_host()->prefix(&list, BYTES("on"), ASCII), 1, "prefix");
    SAME(srt_host()->suffix(&list, BYTES("ree"), ASCII), 1, "suffix");
    SAME(srt_host()->contains(&list, BYTES("hr"), ASCII), 1, "contains");
    SAME(srt_host()->contains(&list, BYTES("onetwo"), ASCII), 0, "never across leaves");
}

static void the_end_of_a_find_is_behind_the_leftmost_place(void **state)
{
    (void)state;
    uint32_t end = 99;
    assert_true(srt_text_find(BYTES("xxABab"), BYTES("ab"), ASCII, &end));
    assert_int_equal(end, 4);
    assert_true(srt_text_find(BYTES("x\u1e9ey"), BYTES("\u00df"), FOLD, &end));
    assert_int_equal(end, 4);
    assert_true(srt_text_find(BYTES("abab"), BYTES("ab"), CASED, &end));
    assert_int_equal(end, 2);
    assert_true(srt_text_find(BYTES("abab"), BYTES(""), ASCII, &end));
    assert_int_equal(end, 0);
    assert_false(srt_text_find(BYTES("abab"), BYTES("c"), ASCII, &end));
    assert_int_equal(end, 0);
}

/* a..ab..b in a..a b..b a..a ..: each place of the rarest byte agrees for half the pattern. */
static void made_up_texts_do_not_make_the_search_quadratic(void **state)
{
    (void)state;
    const uint32_t n = 1u << 20, m = 1u << 16;
    uint8_t *t = malloc(n), *p = malloc(m);
    memset(t, 'b', n);
    memset(p, 'b', m);
    for (uint32_t i = 0; i < n; i += m / 2)
        t[i] = 'a';
    p[m / 2] = 'c';
    for (uint32_t flags = 0; flags <= (CASED | ASCII); flags++)
        assert_false(srt_text_find(t, n, p, m, flags, NULL));
    p[m / 2] = 'b';
    p[0] = 'c';
    assert_false(srt_text_find(t, n, p, m, FOLD, NULL));
    memcpy(t + n - m, p, m); /* the hash finds what is there */
    for (uint32_t flags = 0; flags <= (CASED | ASCII); flags++) {
        uint32_t end = 0;
        assert_true(srt_text_find(t, n, p, m, flags, &end));
        assert_int_equal(end, n);
    }
    memset(t, 'B', n); /* b..bc in B..B */
    memset(p, 'b', m);
    p[m - 1] = 'c';
    assert_false(srt_text_find(t, n, p, m, FOLD, NULL));
    free(p);
    free(t);
}

/* The run of b uses up the plain search's budget before the interesting part begins. */
static void the_hash_finds_what_a_plain_search_would(void **state)
{
    (void)state;
    enum { RUN = 100000, REST = 4000, PATTERN = 300 };
    static uint8_t t[RUN + REST];
    uint64_t random = UINT64_C(0x5eed0002);
    memset(t, 'b', sizeof t);
    for (uint32_t i = RUN; i < sizeof t; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        t[i] = (uint8_t)("abBc"[random >> 62]);
    }
    for (uint32_t at = RUN - 200; at + PATTERN <= sizeof t; at += 111) {
        uint8_t p[PATTERN];
        for (uint32_t i = 0; i < PATTERN; i++)
            p[i] = t[at + i] == 'B' ? 'b' : t[at + i];
        for (uint32_t flags = 0; flags <= ASCII; flags += ASCII) {
            uint32_t end = 0;
            assert_true(srt_text_find(t, sizeof t, p, PATTERN, flags, &end));
            assert_int_equal(end, at + PATTERN);
            p[PATTERN - 1] ^= 8; /* a letter that the text does not have */
            assert_false(srt_text_find(t, sizeof t, p, PATTERN, flags, &end));
            p[PATTERN - 1] ^= 8;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_hold_as_the_table_says),
        cmocka_unit_test(every_scalar_is_asked_by_its_text),
        cmocka_unit_test(what_has_no_text_holds_nothing),
        cmocka_unit_test(any_leaf_of_a_list_is_enough),
        cmocka_unit_test(the_end_of_a_find_is_behind_the_leftmost_place),
        cmocka_unit_test(the_hash_finds_what_a_plain_search_would),
        cmocka_unit_test(made_up_texts_do_not_make_the_search_quadratic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
