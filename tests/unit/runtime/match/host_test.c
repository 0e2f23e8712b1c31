/* The table itself, and the functions that need no kernel: any, null, boolean; and fieldref. */
#include "slots.h"

static void the_table_says_its_size_and_is_complete(void **state)
{
    (void)state;
    const struct sigmaton_host *h = srt_host();
    assert_int_equal(h->size, sizeof *h);
    assert_int_equal(h->abi, (uint32_t)SIGMATON_ABI_MAJOR << 16 | SIGMATON_ABI_MINOR);
    const unsigned char *p = (const unsigned char *)h;
    for (size_t off = offsetof(struct sigmaton_host, eq); off < sizeof *h; off += sizeof(void *)) {
        void (*function)(void) = NULL;
        memcpy(&function, p + off, sizeof function);
        assert_true(function != NULL);
    }
}

static void presence_is_as_section_5_says(void **state)
{
    (void)state;
    const struct sigmaton_slot with_null[] = {slot_text("a"), slot_kind(SIGMATON_NULL)};
    const struct {
        const char *what;
        struct sigmaton_slot s;
        int any, null;
    } rows[] = {
        {"absent", slot_kind(SIGMATON_ABSENT), 0, 1},
        {"null", slot_kind(SIGMATON_NULL), 0, 1},
        {"[]", slot_kind(SIGMATON_EMPTY), 0, 0},
        {"{}", slot_kind(SIGMATON_OBJECT), 0, 0},
        {"the empty text", slot_text(""), 1, 0},
        {"an integer", slot_int("0"), 1, 0},
        {"a large integer", slot_uint("9223372036854775808"), 1, 0},
        {"a double", slot_double("0.5"), 1, 0},
        {"false", slot_bool(0), 1, 0},
        {"[a, null]", slot_list(with_null, 2), 1, 1},
        {"[a]", slot_list(with_null, 1), 1, 0},
        {"[null]", slot_list(with_null + 1, 1), 0, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        SAME(srt_host()->any(&rows[i].s), rows[i].any, rows[i].what);
        SAME(srt_host()->null(&rows[i].s), rows[i].null, rows[i].what);
    }
}

static void booleans_are_booleans_or_their_words(void **state)
{
    (void)state;
    const struct sigmaton_slot mixed[] = {slot_text("x"), slot_bool(0)};
    const struct {
        const char *what;
        struct sigmaton_slot s;
        int is_true, is_false;
    } rows[] = {
        {"true", slot_bool(1), 1, 0},
        {"false", slot_bool(0), 0, 1},
        {"the word true", slot_text("true"), 1, 0},
        {"the word TRUE", slot_text("TRUE"), 1, 0},
        {"the word False", slot_text("False"), 0, 1},
        {"a longer word", slot_text("truer"), 0, 0},
        {"a blank", slot_text(" true"), 0, 0},
        {"1", slot_int("1"), 0, 0},
        {"0", slot_int("0"), 0, 0},
        {"the text 1", slot_text("1"), 0, 0},
        {"yes", slot_text("yes"), 0, 0},
        {"the empty text", slot_text(""), 0, 0},
        {"null", slot_kind(SIGMATON_NULL), 0, 0},
        {"absent", slot_kind(SIGMATON_ABSENT), 0, 0},
        {"[x, false]", slot_list(mixed, 2), 0, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        SAME(srt_host()->boolean(&rows[i].s, 1), rows[i].is_true, rows[i].what);
        SAME(srt_host()->boolean(&rows[i].s, 0), rows[i].is_false, rows[i].what);
    }
}

static void fields_compare_by_text_or_by_number(void **state)
{
    (void)state;
    const uint32_t fold = 0, cased = SIGMATON_CASED;
    const struct {
        const char *what;
        struct sigmaton_slot a, b;
        uint32_t affix, flags;
        int holds;
    } rows[] = {
        {"case is ignored", slot_text("ABC"), slot_text("abC"), SIGMATON_WHOLE, fold, 1},
        {"unless cased", slot_text("ABC"), slot_text("abC"), SIGMATON_WHOLE, cased, 0},
        {"cased", slot_text("aB"), slot_text("aB"), SIGMATON_WHOLE, cased, 1},
        {"both sides fold", slot_text("\u1e9e"), slot_text("\u00df"), SIGMATON_WHOLE, fold, 1},
        {"either way", slot_text("\u00df"), slot_text("\u1e9e"), SIGMATON_WHOLE, fold, 1},
        {"ASCII flag is no matter", slot_text("b"), slot_text("B"), SIGMATON_WHOLE, SIGMATON_ASCII,
         1},
        {"an affix in front", slot_text("abc"), slot_text("AB"), SIGMATON_PREFIX, fold, 1},
        {"not the other way", slot_text("ab"), slot_text("abc"), SIGMATON_PREFIX, fold, 0},
        {"an affix behind", slot_text("abc"), slot_text("BC"), SIGMATON_SUFFIX, fold, 1},
        {"inside", slot_text("xabcx"), slot_text("ABC"), SIGMATON_INSIDE, fold, 1},
        {"cased inside", slot_text("xabcx"), slot_text("ABC"), SIGMATON_INSIDE, cased, 0},
        {"no such affix", slot_text("a"), slot_text("a"), 9, fold, 0},
        {"event text is no pattern", slot_text("abc"), slot_text("*"), SIGMATON_WHOLE, fold, 0},
        {"star byte is no pattern", slot_text("abc"), slot_text("\xff"), SIGMATON_INSIDE, fold, 0},
        {"numbers", slot_int("5"), slot_double("5"), SIGMATON_WHOLE, fold, 1},
        {"a number and a numeric text", slot_int("5"), slot_text("5.0"), SIGMATON_WHOLE, fold, 1},
        {"a numeric text and a number", slot_text("5e0"), slot_int("5"), SIGMATON_WHOLE, fold, 1},
        {"two numeric texts", slot_text("5"), slot_text("5.0"), SIGMATON_WHOLE, fold, 0},
        {"a number and a text", slot_int("5"), slot_text("five"), SIGMATON_WHOLE, fold, 0},
        {"an affix is text", slot_int("155"), slot_int("15"), SIGMATON_PREFIX, fold, 1},
        {"a boolean and its word", slot_bool(1), slot_text("TRUE"), SIGMATON_WHOLE, fold, 1},
        {"a boolean and 1", slot_bool(1), slot_int("1"), SIGMATON_WHOLE, fold, 0},
        {"two empty texts", slot_text(""), slot_text(""), SIGMATON_WHOLE, fold, 1},
        {"the empty affix", slot_text("a"), slot_text(""), SIGMATON_SUFFIX, fold, 1},
        {"absent", slot_kind(SIGMATON_ABSENT), slot_kind(SIGMATON_ABSENT), SIGMATON_WHOLE, fold, 0},
        {"null", slot_kind(SIGMATON_NULL), slot_kind(SIGMATON_NULL), SIGMATON_WHOLE, fold, 0},
        {"null and empty", slot_text(""), slot_kind(SIGMATON_NULL), SIGMATON_WHOLE, fold, 0},
        {"objects", slot_kind(SIGMATON_OBJECT), slot_kind(SIGMATON_OBJECT), SIGMATON_WHOLE, fold,
         0},
        {"[] and []", slot_kind(SIGMATON_EMPTY), slot_kind(SIGMATON_EMPTY), SIGMATON_INSIDE, fold,
         0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        SAME(srt_host()->fieldref(&rows[i].a, &rows[i].b, rows[i].affix, rows[i].flags),
             rows[i].holds, rows[i].what);
}

static void any_pair_of_leaves_is_enough(void **state)
{
    (void)state;
    const struct sigmaton_slot a[] = {slot_text("x"), slot_int("7")};
    const struct sigmaton_slot b[] = {slot_kind(SIGMATON_NULL), slot_text("y"), slot_text("7.0")};
    const struct sigmaton_slot la = slot_list(a, 2), lb = slot_list(b, 3),
                               short_b = slot_list(b, 2);
    SAME(srt_host()->fieldref(&la, &lb, SIGMATON_WHOLE, 0), 1, "7 and 7.0");
    SAME(srt_host()->fieldref(&lb, &la, SIGMATON_WHOLE, 0), 1, "7.0 and 7");
    SAME(srt_host()->fieldref(&la, &short_b, SIGMATON_WHOLE, 0), 0, "no pair");
    SAME(srt_host()->fieldref(&la, &b[2], SIGMATON_WHOLE, 0), 1, "a list and a scalar");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_says_its_size_and_is_complete),
        cmocka_unit_test(presence_is_as_section_5_says),
        cmocka_unit_test(booleans_are_booleans_or_their_words),
        cmocka_unit_test(fields_compare_by_text_or_by_number),
        cmocka_unit_test(any_pair_of_leaves_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
