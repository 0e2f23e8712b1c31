/* Event times as RFC 3339 in UTC. */
#include "t.h"

#include <string.h>

#include "output.h"

static struct sigmaton_slot text_slot(const char *text)
{
    return (struct sigmaton_slot){
        .at.text = (const uint8_t *)text, .len = (uint32_t)strlen(text), .kind = SIGMATON_TEXT};
}

static void texts_become_utc(void **state)
{
    static const struct {
        const char *in, *out; /* NULL: no time */
    } rows[] = {
        {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"},
        {"2026-11-21 10:00:00", "2026-11-21T10:00:00Z"},
        {"2026-11-21T10:00", "2026-11-21T10:00:00Z"},
        {"2026-11-21T10:00:00.123Z", "2026-11-21T10:00:00.123Z"},
        {"2026-11-21T10:00:00.123456789Z", "2026-11-21T10:00:00.123456789Z"},
        {"2026-11-21T10:00:00.1234567891Z", "2026-11-21T10:00:00.123456789Z"},
        {"2026-11-21T00:30:00+02:00", "2026-11-20T22:30:00Z"},
        {"2026-12-31T23:30:59-01:45", "2027-01-01T01:15:59Z"},
        {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"},
        {"2026-02-29T12:00:00Z", NULL},
        {"yesterday", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[SRT_TIME_TEXT] = "";
        struct sigmaton_slot s = text_slot(rows[i].in);
        assert_int_equal(srt_time_text(&s, out), rows[i].out != NULL);
        if (rows[i].out)
            assert_string_equal(out, rows[i].out);
    }
}

static void numbers_are_unix_time(void **state)
{
    static const struct {
        double in;
        const char *out;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {1709600400, "2024-03-05T01:00:00Z"},
        {1709600400.25, "2024-03-05T01:00:00.250Z"},
        {1709600400250, "2024-03-05T01:00:00.250Z"},
        {253402300799, "9999-12-31T23:59:59Z"},
        {1e300, NULL},
        {-1e18, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[SRT_TIME_TEXT] = "";
        struct sigmaton_slot s = {.kind = SIGMATON_DOUBLE};
        memcpy(&s.number, &rows[i].in, sizeof s.number);
        assert_int_equal(srt_time_text(&s, out), rows[i].out != NULL);
        if (rows[i].out)
            assert_string_equal(out, rows[i].out);
    }
}

static void other_kinds_are_no_time(void **state)
{
    static const uint32_t kinds[] = {SIGMATON_ABSENT, SIGMATON_NULL,  SIGMATON_BOOL,
                                     SIGMATON_LIST,   SIGMATON_EMPTY, SIGMATON_OBJECT};
    char out[SRT_TIME_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        assert_false(srt_time_text(&(struct sigmaton_slot){.kind = kinds[i]}, out));
}

static void json_strings_are_well_formed(void **state)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } rows[] = {
        {"a\"b\\", 4, "\"a\\\"b\\\\\""},
        {"\n\t\x01\x7f", 4, "\"\\n\\t\\u0001\\u007f\""},
        {"a\0b", 3, "\"a\\u0000b\""},
        {"\xc3\xa9\xf0\x9f\x98\x80", 6, "\"\xc3\xa9\xf0\x9f\x98\x80\""},
        {"\xc3", 1, "\"\xef\xbf\xbd\""},
        {"\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xf4\x90\x80\x80", 4, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    static struct srt_buffer b;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        srt_buffer_init(&b, -1);
        srt_buffer_json(&b, rows[i].in, rows[i].len);
        assert_int_equal(b.len, strlen(rows[i].out));
        assert_memory_equal(b.bytes, rows[i].out, b.len);
    }
}

static void each_byte_is_written_alike_wherever_it_stands(void **state)
{
    static struct srt_buffer one, all;
    (void)state;
    for (int c = 0; c < 256; c++)
        for (size_t at = 0; at < 20; at++) {
            char text[20], want[64];
            memset(text, 'x', sizeof text);
            text[at] = (char)c;
            srt_buffer_init(&one, -1);
            srt_buffer_init(&all, -1);
            srt_buffer_json(&one, &text[at], 1); /* in quotes */
            srt_buffer_json(&all, text, sizeof text);
            memset(want, 'x', sizeof want);
            memcpy(want + 1 + at, one.bytes + 1, one.len - 2);
            want[0] = want[sizeof text + one.len - 2] = '"';
            assert_int_equal(all.len, sizeof text - 1 + one.len);
            assert_memory_equal(all.bytes, want, all.len);
        }
}

static void a_failed_write_is_remembered(void **state)
{
    static struct srt_buffer b;
    (void)state;
    srt_buffer_init(&b, -1);
    srt_buffer_addz(&b, "x");
    assert_false(srt_buffer_flush(&b));
    assert_int_not_equal(b.error, 0);
    assert_false(srt_buffer_flush(&b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_utc),
        cmocka_unit_test(numbers_are_unix_time),
        cmocka_unit_test(other_kinds_are_no_time),
        cmocka_unit_test(json_strings_are_well_formed),
        cmocka_unit_test(each_byte_is_written_alike_wherever_it_stands),
        cmocka_unit_test(a_failed_write_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
