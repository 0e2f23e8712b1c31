/* Where one event ends and the next begins. */
#include "show.h"

#include "documents.h"

struct cuts {
    char z[4096];
};

static void cuts_add(struct cuts *c, const char *p, size_t len)
{
    size_t n = strlen(c->z);
    for (size_t i = 0; i < len; i++) {
        bool blank = p[i] == ' ' || p[i] == '\n' || p[i] == '\r' || p[i] == '\t';
        if (!blank && n + 2 < sizeof c->z)
            c->z[n++] = p[i];
    }
    c->z[n++] = ' ';
    c->z[n] = '\0';
}

/* The documents without their blanks, a blank behind each; faults in brackets. The bytes arrive in
 * pieces. */
static struct cuts cut(const char *text, size_t piece)
{
    struct cuts c = {""};
    struct srt_documents d = {0};
    size_t len = strlen(text), begin = 0, end = 0;
    for (;;) {
        struct srt_document one;
        enum srt_cut_status s =
            srt_documents_next(&d, (const uint8_t *)text + begin, end - begin, end == len, &one);
        if (s == SRT_CUT_END)
            return c;
        assert_true(one.used <= end - begin);
        if (s == SRT_CUT_DOCUMENT && one.fault != NULL) {
            cuts_add(&c, "[", 1);
            c.z[strlen(c.z) - 1] = '\0';
            cuts_add(&c, text + begin + one.off, one.len);
            c.z[strlen(c.z) - 1] = ']';
            strcat(c.z, " ");
        } else if (s == SRT_CUT_DOCUMENT) {
            cuts_add(&c, text + begin + one.off, one.len);
        }
        begin += one.used;
        if (s == SRT_CUT_MORE) {
            assert_true(end < len);
            end = end + piece < len ? end + piece : len;
        }
    }
}

struct row {
    const char *text, *want;
};

static void assert_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t piece = 1; piece < 9; piece += 3) {
            struct cuts got = cut(rows[i].text, piece);
            if (strcmp(got.z, rows[i].want) != 0)
                print_error("row %zu in pieces of %zu: %s\n", i, piece, rows[i].text);
            assert_string_equal(got.z, rows[i].want);
        }
    }
}

static void documents_are_cut_at_their_closing_brackets(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {" \n ", ""},
        {"{}", "{} "},
        {"{}{}", "{} {} "},
        {"{\n \"a\": [1,\n {\"b\": 2}]\n}\n{\n}\n", "{\"a\":[1,{\"b\":2}]} {} "},
        {"{\"a\":\"}{\"} {\"b\":\"\\\"}\"}", "{\"a\":\"}{\"} {\"b\":\"\\\"}\"} "},
        {"{\"a\":\"\\\\\"}{}", "{\"a\":\"\\\\\"} {} "},
        {"{}\r\n{}\r\n", "{} {} "},
        {"{\"a\":\n{\n\"b\":[\n{\n}\n,\n{\n}\n]\n}\n}\n{}", "{\"a\":{\"b\":[{},{}]}} {} "},
    };
    assert_rows(rows, COUNT(rows));
}

static void elements_of_an_array_are_documents(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"[]", ""},
        {"[{},{}]", "{} {} "},
        {"[\n  {\"a\": 1},\n  {\"a\": 2}\n]\n", "{\"a\":1} {\"a\":2} "},
        {"[{}]\n[{}]", "{} {} "},
        {"[{},1,\"x,{]\",{\"a\":1}]", "{} [1] [\"x,{]\"] {\"a\":1} "},
        {"[[{}],{}]", "[{}] {} "},
        {"[{},{}", "{} {} [] "}, /* not closed */
        {"[", "[] "},
    };
    assert_rows(rows, COUNT(rows));
}

static void a_broken_document_does_not_swallow_the_next(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"{\n \"a\": {\n}\n{\n \"b\": 1\n}\n", "{\"a\":{} {\"b\":1} "},
        {"{\n \"a\": [1, 2\n}\n{\"b\": 1}\n", "{\"a\":[1,2} {\"b\":1} "},
        {"{\n \"a\": \"x\n}\n{\"b\": 1}\n", "{\"a\":\"x} {\"b\":1} "},
        {"[\n  {\n    \"a\": 1\n  ,\n  {\n    \"b\": 1\n  }\n]", "{\"a\":1, {\"b\":1} "},
        {"{}\n}\n{}\n", "{} [}] {} "},
        {"{}\nnoise: {\"a\":1}\n{}", "{} [noise:] {\"a\":1} {} "},
        {"{\"a\":", "{\"a\": "},
        {"x", "[x] "},
    };
    assert_rows(rows, COUNT(rows));
}

/* A document of `len` bytes, then a small one. */
static char *long_document(size_t len)
{
    char *text = malloc(len + 16);
    memset(text, 'x', len);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + len - 2, "\"}\n{\"b\":1}", 11);
    return text;
}

static void a_document_may_be_a_mebibyte_long(void **state)
{
    (void)state;
    for (size_t over = 0; over < 2; over++) {
        char *text = long_document(SIGMATON_LINE_MAX + over);
        size_t len = strlen(text), begin = 0, end = 0, n = 0;
        struct srt_documents d = {0};
        for (;;) {
            struct srt_document one;
            enum srt_cut_status s = srt_documents_next(&d, (const uint8_t *)text + begin,
                                                       end - begin, end == len, &one);
            if (s == SRT_CUT_END)
                break;
            if (s == SRT_CUT_MORE)
                end = end + 65536 < len ? end + 65536 : len;
            if (s == SRT_CUT_DOCUMENT && n++ == 0) {
                assert_int_equal(one.too_long, over);
                assert_int_equal(one.len, SIGMATON_LINE_MAX);
            } else if (s == SRT_CUT_DOCUMENT) {
                assert_false(one.too_long);
                assert_memory_equal(text + begin + one.off, "{\"b\":1}", 7);
            }
            begin += one.used;
            assert_true(end - begin <= SIGMATON_LINE_MAX + 65536 + 1);
        }
        assert_int_equal(n, 2);
        free(text);
    }
}

static void the_first_bytes_tell_the_shape(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum srt_shape more, eof; /* when more may come, and when not */
    } rows[] = {
        {"", SRT_SHAPE_UNSURE, SRT_SHAPE_LINES},
        {" \n", SRT_SHAPE_UNSURE, SRT_SHAPE_LINES},
        {"{\"a\":1}", SRT_SHAPE_UNSURE, SRT_SHAPE_LINES},
        {"{\"a\":1}\n", SRT_SHAPE_LINES, SRT_SHAPE_LINES},
        {"\xef\xbb\xbf{\"a\":1} \r\n", SRT_SHAPE_LINES, SRT_SHAPE_LINES},
        {"{\"a\":1}{", SRT_SHAPE_DOCUMENTS, SRT_SHAPE_DOCUMENTS},
        {"{\"a\":1},\n", SRT_SHAPE_LINES, SRT_SHAPE_LINES},
        {"{\n", SRT_SHAPE_UNSURE, SRT_SHAPE_LINES},
        {"{\n \"a", SRT_SHAPE_DOCUMENTS, SRT_SHAPE_DOCUMENTS},
        {"\n\n{\n \"a", SRT_SHAPE_DOCUMENTS, SRT_SHAPE_DOCUMENTS},
        {"{\n}", SRT_SHAPE_DOCUMENTS, SRT_SHAPE_DOCUMENTS},
        {"{\"a\":\"x\n", SRT_SHAPE_LINES, SRT_SHAPE_LINES}, /* cut off inside a string */
        {"{\"a\":\n{\"b", SRT_SHAPE_UNSURE, SRT_SHAPE_DOCUMENTS},
        {"{\"a\":\n{\"b\":1}\n", SRT_SHAPE_LINES, SRT_SHAPE_LINES}, /* a broken line */
        {"{\"a\":\n{\n", SRT_SHAPE_DOCUMENTS, SRT_SHAPE_DOCUMENTS},
        {"{\"a\":1\n{\n", SRT_SHAPE_LINES, SRT_SHAPE_LINES},
        {"[", SRT_SHAPE_UNSURE, SRT_SHAPE_ARRAY},
        {"[ \n{", SRT_SHAPE_ARRAY, SRT_SHAPE_ARRAY},
        {"[]", SRT_SHAPE_ARRAY, SRT_SHAPE_ARRAY},
        {"[INFO] x", SRT_SHAPE_LINES, SRT_SHAPE_LINES},
        {"noise", SRT_SHAPE_LINES, SRT_SHAPE_LINES},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const uint8_t *p = (const uint8_t *)rows[i].text;
        size_t len = strlen(rows[i].text);
        if (srt_shape_of(p, len, false) != rows[i].more ||
            srt_shape_of(p, len, true) != rows[i].eof)
            print_error("row %zu: %s\n", i, rows[i].text);
        assert_int_equal(srt_shape_of(p, len, false), rows[i].more);
        assert_int_equal(srt_shape_of(p, len, true), rows[i].eof);
    }
}

static void a_line_without_end_is_told_apart_in_the_end(void **state)
{
    (void)state;
    char *text = malloc(SIGMATON_LINE_MAX + 1);
    memset(text, ' ', SIGMATON_LINE_MAX + 1);
    for (int i = 0; i < 3; i++) {
        text[0] = " {["[i];
        assert_int_equal(srt_shape_of((uint8_t *)text, SIGMATON_LINE_MAX, false), SRT_SHAPE_UNSURE);
        assert_int_not_equal(srt_shape_of((uint8_t *)text, SIGMATON_LINE_MAX + 1, false),
                             SRT_SHAPE_UNSURE);
    }
    free(text);
}

/* Any bytes, in any pieces: every byte is used once, and it ends. */
static void any_bytes_come_to_an_end(void **state)
{
    (void)state;
    static const char alphabet[] = "{}[]\",:\n \\a1";
    uint32_t seed = 12345;
    for (int round = 0; round < 20000; round++) {
        char text[40];
        size_t n = (size_t)(round % 38) + 1;
        for (size_t i = 0; i < n; i++) {
            seed = seed * 1103515245u + 12345u;
            text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        text[n] = '\0';
        struct cuts whole = cut(text, n), pieces = cut(text, 1);
        if (strcmp(whole.z, pieces.z) != 0)
            print_error("%s\n", text);
        assert_string_equal(whole.z, pieces.z);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_cut_at_their_closing_brackets),
        cmocka_unit_test(elements_of_an_array_are_documents),
        cmocka_unit_test(a_broken_document_does_not_swallow_the_next),
        cmocka_unit_test(a_document_may_be_a_mebibyte_long),
        cmocka_unit_test(the_first_bytes_tell_the_shape),
        cmocka_unit_test(a_line_without_end_is_told_apart_in_the_end),
        cmocka_unit_test(any_bytes_come_to_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
