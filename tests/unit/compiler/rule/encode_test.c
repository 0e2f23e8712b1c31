#include "rule_t.h"

#include "encode.h"

static void base64_keeps_its_padding(void **state)
{
    static const struct {
        const char *bytes, *text;
    } rows[] = {{"", ""},        {"f", "Zg=="},           {"fo", "Zm8="},
                {"foo", "Zm9v"}, {"whoami", "d2hvYW1p"},  {"\xc3\xa9", "w6k="},
                {"a*b", "YSpi"}, {"\xff\xff\xfe", "///+"}};
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        t_assert_str(encode_base64(a, str_of(rows[i].bytes)), rows[i].text);
}

static void offsets_give_the_stable_middle(void **state)
{
    static const struct {
        const char *bytes, *texts[BASE64_OFFSETS];
    } rows[] = {
        {"fo", {"Zm", "Zv", "mb"}},
        {"foo", {"Zm9v", "Zvb", "mb2"}},
        {"http://", {"aHR0cDovL", "h0dHA6Ly", "odHRwOi8v"}},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (unsigned k = 0; k < BASE64_OFFSETS; k++)
            t_assert_str(encode_base64_offset(a, str_of(rows[i].bytes), k), rows[i].texts[k]);
}

/* Whatever stands before and behind, one of the three texts is inside the encoded whole. */
static void an_offset_text_is_found_at_every_alignment(void **state)
{
    struct arena *a = t_arena(state);
    struct str needle = STR("caf\xc3\xa9");
    for (unsigned before = 0; before < 6; before++) {
        struct str whole =
            str_format(a, "%.*s%.*s%s", (int)before, "xyzxyz", STR_ARG(needle), "\xff!");
        struct str encoded = encode_base64(a, whole);
        struct str part = encode_base64_offset(a, needle, before % 3);
        assert_non_null(memmem(encoded.p, encoded.len, part.p, part.len));
    }
}

static void utf16_has_three_forms_and_surrogates(void **state)
{
    struct arena *a = t_arena(state);
    assert_true(str_eq(encode_utf16(a, STR("ab"), UTF16_LE), STR("a\0b\0")));
    assert_true(str_eq(encode_utf16(a, STR("ab"), UTF16_BE), STR("\0a\0b")));
    assert_true(str_eq(encode_utf16(a, STR("a"), UTF16_BOM), STR("\xff\xfe"
                                                                 "a\0")));
    assert_true(
        str_eq(encode_utf16(a, STR("\xf0\x9f\x98\x80"), UTF16_LE), STR("\x3d\xd8\x00\xde")));
}

static void ascii_ends_at_7f(void **state)
{
    (void)state;
    assert_true(is_ascii(STR("a\x7f\0")));
    assert_false(is_ascii(STR("a\x80")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(base64_keeps_its_padding),
        t_test(offsets_give_the_stable_middle),
        t_test(an_offset_text_is_found_at_every_alignment),
        t_test(utf16_has_three_forms_and_surrogates),
        t_test(ascii_ends_at_7f),
    };
    return t_run(tests);
}
