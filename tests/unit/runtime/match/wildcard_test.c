#include "slots.h"

#include "wildcard.h"

#define S "\xff"
#define Q "\xfe"
#define D "\xfd"
#define FOLD 0u
#define ASCII SIGMATON_ASCII
#define CASED SIGMATON_CASED

struct row {
    const char *why;
    const char *pattern;
    uint32_t m;
    const char *text;
    uint32_t n;
    uint32_t flags;
    int holds;
};
#define ROW(why, pattern, text, flags, holds)                                   \
    {                                                                           \
        why, pattern, sizeof(pattern) - 1, text, sizeof(text) - 1, flags, holds \
    }

static const struct row rows[] = {
    ROW("no wildcard: the whole text", "abc", "ABC", ASCII, 1),
    ROW("no wildcard: not a part", "abc", "xabc", ASCII, 0),
    ROW("no wildcard: not a start", "abc", "abcx", ASCII, 0),
    ROW("the empty pattern is the empty text", "", "", ASCII, 1),
    ROW("the empty pattern is nothing else", "", "a", ASCII, 0),
    ROW("a star is the empty text too", S, "", ASCII, 1),
    ROW("a star is any text", S, "a\n\0b", ASCII, 1),
    ROW("two stars are one", S S, "", ASCII, 1),
    ROW("a star in front", S "bc", "aBC", ASCII, 1),
    ROW("a star in front needs the end", S "bc", "abcd", ASCII, 0),
    ROW("a star behind", "ab" S, "ABc", ASCII, 1),
    ROW("a star behind needs the start", "ab" S, "xab", ASCII, 0),
    ROW("a star may be empty", "a" S "b", "ab", ASCII, 1),
    ROW("a star may not eat both ends", "ab" S "ba", "aba", ASCII, 0),
    ROW("stars on both sides", S "b" S, "abc", ASCII, 1),
    ROW("middles in order", S "a" S "b" S, "xbxax", ASCII, 0),
    ROW("the last place serves the end", "a" S "b" S "b", "abbb", ASCII, 1),
    ROW("middle and end do not share", "a" S "b" S "b", "ab", ASCII, 0),
    ROW("an early middle does not spoil the end", S "ab" S "abc", "ababc", ASCII, 1),
    ROW("a star crosses line breaks", "a" S "b", "a\r\nb", ASCII, 1),
    ROW("a question is one character", "a" Q "c", "abc", ASCII, 1),
    ROW("a question is not none", "a" Q "c", "ac", ASCII, 0),
    ROW("a question is not two", "a" Q "c", "abbc", ASCII, 0),
    ROW("a question is a line break", "a" Q "c", "a\nc", ASCII, 1),
    ROW("a question is NUL", "a" Q "c", "a\0c", ASCII, 1),
    ROW("a question is one code point of two bytes", "a" Q "c", "a\u00e9c", ASCII, 1),
    ROW("a question is one code point of four bytes", Q, "\U0001f600", ASCII, 1),
    ROW("two questions are no code point of two bytes", Q Q, "\u00e9", ASCII, 0),
    ROW("a question is one malformed byte", "a" Q "c", "a\xffzc", ASCII, 0),
    ROW("two questions are two malformed bytes", Q Q, "\xe2\x82", CASED, 1),
    ROW("a question after a star finds any place", S Q "b", "aab", ASCII, 1),
    ROW("a question in the middle", S "a" Q "c" S, "xxabxabcx", ASCII, 1),
    ROW("a question before a star wants one", Q S, "", ASCII, 0),
    ROW("a question at the end from the right", S "a" Q, "aa\u00e9", ASCII, 1),
    ROW("a dash is a hyphen", D "e", "-E", ASCII, 1),
    ROW("a dash is a slash", D "e", "/e", ASCII, 1),
    ROW("a dash is an en dash", D "e", "\u2013e", ASCII, 1),
    ROW("a dash is an em dash", D "e", "\u2014e", ASCII, 1),
    ROW("a dash is a horizontal bar", D "e", "\u2015e", ASCII, 1),
    ROW("a dash is no minus sign", D "e", "\u2212e", ASCII, 0),
    ROW("a dash is no hyphen of U+2010", D "e", "\u2010e", ASCII, 0),
    ROW("a dash is no letter", D "e", "ee", ASCII, 0),
    ROW("a dash in the middle", S " " D "enc" S, "ps \u2013ENC x", ASCII, 1),
    ROW("a dash at the end", S "x" D, "ax\u2014", ASCII, 1),
    ROW("folding by code points", S "\u00df" S, "x\u1e9ey", FOLD, 1),
    ROW("folding from the right", S "\u2c65", "x\u023a", FOLD, 1),
    ROW("folding with a question", S "\u00df" Q "a", "\u1e9e\u1e9eA", FOLD, 1),
    ROW("kelvin is not k", S "k" S, "\u212a", ASCII, 0),
    ROW("cased", "a" S "B", "axB", CASED, 1),
    ROW("cased differs", "a" S "B", "axb", CASED, 0),
    ROW("brackets are themselves", "[a]" S, "[A]b", ASCII, 1),
};

static void patterns_match_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *r = &rows[i];
        const struct sigmaton_slot s = slot_bytes(r->text, r->n, SIGMATON_TEXT);
        const uint8_t *p = (const uint8_t *)r->pattern;
        SAME(srt_host()->wildcard(&s, p, r->m, r->flags), r->holds, r->why);
        if (r->flags == ASCII) /* what holds for bytes holds for code points */
            SAME(srt_host()->wildcard(&s, p, r->m, FOLD), r->holds, r->why);
    }
}

static void any_leaf_matches_and_null_does_not(void **state)
{
    (void)state;
    const struct sigmaton_slot leaves[] = {slot_kind(SIGMATON_NULL), slot_int("15")};
    const struct sigmaton_slot list = slot_list(leaves, 2);
    SAME(srt_host()->wildcard(&list, BYTES("1" S), ASCII), 1, "a number's text");
    SAME(srt_host()->wildcard(&leaves[0], BYTES(S), ASCII), 0, "null");
}

static void many_stars_on_a_long_text_stay_linear(void **state)
{
    (void)state;
    const uint32_t n = 65536;
    uint8_t *t = malloc(n);
    memset(t, 'a', n);
    uint8_t p[4001];
    for (uint32_t i = 0; i + 1 < sizeof p; i += 2) {
        p[i] = 'a';
        p[i + 1] = SIGMATON_WILD_STAR;
    }
    p[sizeof p - 1] = 'b';
    for (uint32_t flags = 0; flags <= ASCII; flags++)
        assert_false(srt_wildcard_match(t, n, p, sizeof p, flags));
    p[sizeof p - 1] = 'a';
    for (uint32_t flags = 0; flags <= ASCII; flags++)
        assert_true(srt_wildcard_match(t, n, p, sizeof p, flags));
    for (uint32_t i = 1; i < sizeof p; i += 4) /* the same with segments that hold a question */
        p[i] = SIGMATON_WILD_ONE;
    p[sizeof p - 3] = 'b';
    p[sizeof p - 2] = SIGMATON_WILD_STAR;
    assert_false(srt_wildcard_match(t, n, p, sizeof p, ASCII));
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_as_the_table_says),
        cmocka_unit_test(any_leaf_matches_and_null_does_not),
        cmocka_unit_test(many_stars_on_a_long_text_stay_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
