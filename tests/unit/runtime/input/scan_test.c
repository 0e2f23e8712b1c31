#include "scan_rig.h"

#include <sys/mman.h>
#include <unistd.h>

static struct scan_rig rig;

static int setup(void **state)
{
    static const char *const fields[] = {"a",
                                         "b",
                                         "a.b.c",
                                         "ab.cd",
                                         "AName",
                                         "A name of more than thirty-two bytes, and more",
                                         "no event has this"};
    (void)state;
    scan_rig_init(&rig, fields, COUNT(fields));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    scan_rig_finish(&rig);
    return 0;
}

static struct shown agreed(const char *json, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1); /* exactly, for the sanitizers */
    assert_non_null(copy);
    memcpy(copy, json, len);
    struct shown found = scan_agreed(&rig, copy, len);
    free(copy);
    return found;
}

static void plain_events_are_read_without_a_tape(void **state)
{
    (void)state;
    static const struct {
        const char *json, *want;
    } rows[] = {
        {"{}", "- - - - - - - "},
        {"{ }", "- - - - - - - "},
        {"{\"a\":\"x\"}", "\"x\" - - - - - - "},
        {"{\"a\":\"\"}", "\"\" - - - - - - "},
        {"{\"b\":1,\"a\":-2}", "i-2 i1 - - - - - "},
        {" \t"
         "{}",
         ""},
        {"{ \"a\" : 1 , \"b\" : true } \r\n ", "i1 true - - - - - "},
        {"{\n\"a\"\n:\n1\n,\n\"b\"\n:\nnull\n}", "i1 null - - - - - "},
        {"{\"a\":0,\"b\":false}", "i0 false - - - - - "},
        {"{\"a\":-0,\"b\":1.5}", "i0 d1.5 - - - - - "},
        {"{\"a\":123456789012345678,\"b\":-123456789012345678}",
         "i123456789012345678 i-123456789012345678 - - - - - "},
        {"{\"a\":1234567890123456789,\"b\":18446744073709551615}",
         "i1234567890123456789 u18446744073709551615 - - - - - "},
        {"{\"a\":1e999,\"b\":1e3}", "\"1e999\" d1000 - - - - - "},
        {"{\"a\":{\"x\":[1,{}]},\"b\":2}", ""}, /* names go on inside a */
        {"{\"b\":{\"x\":[1,{},[],\"]\"]},\"a\":2}", "i2 {} - - - - - "},
        {"{\"b\":[1],\"a\":2}", ""}, /* a list is the tape reader's */
        {"{\"a.b.c\":1,\"ab.cd\":\"y\"}", "- - i1 \"y\" - - - "},
        {"{\"ab\":7,\"a\":1}", "i1 - - - - - - "}, /* a head without a body */
        {"{\"a\":1,\"a\":2,\"b\":null,\"b\":3}", "i1 null - - - - - "},
        {"{\"A name of more than thirty-two bytes, and more\":1,"
         "\"A name of more than thirty-two bytes, and mor\":2,"
         "\"A name of more than thirty-two Bytes, and more\":3}",
         "- - - - - i1 - "},
        {"{\"x\":[1,2.5,-3e+7,\"\\\"]\",{\"y\":{\"z\":null}},true,[[]]],\"a\":1}",
         "i1 - - - - - - "},
        {"{\"x\":\"\\\\\",\"a\":\"\\\\\\\"\\\\\"}", "\"\\\"\\\" - - - - - - "},
        {"{\"a\":\"\\u0041\\n\\/\"}", "\"A\\x0a/\" - - - - - - "},
        {"{\"a\":\"\\ud83d\\ude00\\ud83d\"}",
         "\"\\xf0\\x9f\\x98\\x80\\xef\\xbf\\xbd\" - - - - - - "},
        {"{\"a\":\"\xc3\xa4\"}", "\"\\xc3\\xa4\" - - - - - - "},
        {"{\"\\u0061\":1}", ""}, /* an escaped key is the tape reader's */
        {"{\"x\":\"y\",\"\\u0061\":\"z\",\"b\":\"a text behind it that is long enough\"}", ""},
        {"{\"x\":\"\\n\",\"a\":\"z\",\"b\":\"a text behind it that is long enough\"}",
         "\"z\" \"a text behind it that is long enough\" - - - - - "},
        {"{\"\xc3\xa4\":1}", "- - - - - - - "}, /* but not one that can be no name */
        {"{\"\\n\xc3\xa4\":1}", "- - - - - - - "},
        {"{\"a\":\"\\x\"}", ""},
        {"{\"a\":\"\\u00g0\"}", ""},
        {"{\"a\":\"\xff\"}", ""},
        {"{\"a\":\"\t\"}", ""},
        {"{\"a\":\"\x1f\"}", ""},
        {"{\"a\":\"\x1f, and bytes beyond ASCII in a block of bytes that comes behind it: "
         "\xc3\xa4\"}",
         ""},
        {"{\"a\":1,\"a\":\"\\x\t\xff\"}", "i1 - - - - - - "}, /* nobody looks at these .. */
        {"{\"x\":\"\\x\t\xff\",\"b\":1}", "- i1 - - - - - "},
        {"{\"x\":[\"\\u\",{\"k\":\"\xff\"}],\"b\":1}", "- i1 - - - - - "},
        {"{\"x\":{\"k\xff\":1},\"b\":1}", ""}, /* .. but keys are structure */
        {"{\"x\":{\"k\\x\":1},\"b\":1}", ""},
        {"{\"x\":\"a\nb\"}", ""}, /* and a line end is one everywhere */
        {"{\"x\":01}", ""},
        {"{\"x\":1.}", ""},
        {"{\"x\":[1,]}", ""},
        {"{\"x\":[1}}", ""},
        {"{\"x\":{\"a\"}}", ""},
        {"{\"x\":{\"a\":1,}}", ""},
        {"{\"x\":tru}", ""},
        {"{\"a\":1,}", ""},
        {"{\"a\":1}x", ""},
        {"[{\"a\":1}]", ""},
        {"\xef\xbb\xbf{}", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct shown got = agreed(rows[i].json, strlen(rows[i].json));
        if (strcmp(got.z, rows[i].want) != 0)
            fail_msg("%s\ngot:  %s\nwant: %s", rows[i].json, got.z, rows[i].want);
    }
}

/* A text of `len` bytes with `mark` ending at each place, in a field and in a string to be jumped.
 */
static void marks_are_seen_across_every_boundary(void **state)
{
    (void)state;
    static const char *const marks[] = {"",         "\\\\", "\\\"",         "\\\\\\\"", "\\u00e9",
                                        "\xc3\xa4", "\x01", "\xff",         "\\\\\\\\", "\\n",
                                        "\\",       "\n",   "\xc3\xa4\x80", "\xc3"};
    char json[512];
    for (size_t m = 0; m < COUNT(marks); m++)
        for (size_t len = strlen(marks[m]); len < 140; len++)
            for (size_t at = len < 70 ? 0 : len - 70; at + strlen(marks[m]) <= len; at++)
                for (int used = 0; used < 2; used++) {
                    char text[160];
                    memset(text, 'x', len);
                    memcpy(text + at, marks[m], strlen(marks[m]));
                    int n = snprintf(json, sizeof json, "{\"%s\":\"%.*s\",\"b\":1}",
                                     used ? "a" : "q", (int)len, text);
                    struct shown got = agreed(json, (size_t)n);
                    bool sound = m < 6 || marks[m][1] == 'n' || strlen(marks[m]) == 4;
                    bool taken = sound || (!used && marks[m][0] != '\n');
                    if (marks[m][0] == '\\' && marks[m][1] == '\0') /* with what follows it */
                        taken = !used && at + 1 < len;
                    if ((got.z[0] != '\0') != taken)
                        fail_msg("%s: %s", json, got.z);
                }
}

/* Quotes are listed some at a time; more are listed wherever the walk then is. */
static void more_quotes_may_stand_in_an_event_than_are_listed_at_once(void **state)
{
    (void)state;
    size_t cap = 64 * SRT_SCAN_QUOTES;
    char *json = malloc(cap);
    static const char *const members[] = {
        "\"k\":\"v\",", "\"key\":\"value 1\",",    "\"k\":1,",
        "\"key\":1,",   "\"k\":{\"l\":\"\\\"\"},", "\"k\":[\"x\",\"y\",2],"};
    for (size_t m = 0; m < COUNT(members); m++)
        for (size_t before = 0; before < 3; before++)
            for (size_t n = SRT_SCAN_QUOTES / 8; n < SRT_SCAN_QUOTES; n += 1 + n % 7) {
                size_t len = (size_t)sprintf(json, "{");
                for (size_t i = 0; i < before; i++)
                    len += (size_t)sprintf(json + len, "\"jj\":%zu,", i);
                for (size_t i = 0; i < n; i++)
                    len += (size_t)sprintf(json + len, "%s", members[m]);
                len += (size_t)sprintf(json + len, "\"b\":\"end\"}");
                assert_string_equal(agreed(json, len).z, "- \"end\" - - - - - ");
            }
    free(json);
}

/* Members are read in a run, or, near the end of the text, one by one. */
static void keys_of_every_length_are_found(void **state)
{
    (void)state;
    static const char *const quotes[] = {"", "\""},
                             *const ends[] = {"",
                                              ",\"q\":\"a text that is long enough for a run\""};
    for (size_t len = 1; len < 300; len++) {
        char field[304], json[1600];
        memset(field, 'k', len);
        field[len] = '\0';
        const char *const fields[] = {field, "other"};
        struct scan_rig one;
        scan_rig_init(&one, fields, 2);
        for (size_t form = 0; form < 4; form++) {
            const char *q = quotes[form % 2], *k = field;
            int n = snprintf(json, sizeof json,
                             "{\"%sx\":%s1%s,\"x%s\":%s2%s,\"%s\":%s3%s,\"%s\":%s4%s%s}", k, q, q,
                             k, q, q, k, q, q, k, q, q, ends[form / 2]);
            assert_string_equal(scan_agreed(&one, (const uint8_t *)json, (size_t)n).z,
                                *q == '"' ? "\"3\" - " : "i3 - ");
        }
        scan_rig_finish(&one);
    }
}

/* Buckets tell keys by their length and what is first and last in them. */
static void names_may_share_a_bucket(void **state)
{
    (void)state;
    static const char *const fields[] = {
        "TargetUserName",       "TargetFilename", "TargetDomainName",
        "TargetServerName",     "SourceFilename", "SourceHostname",
        "a.name.of.many.words", "a.head.of",      "a.namx.ox.many.words"};
    struct scan_rig one;
    scan_rig_init(&one, fields, COUNT(fields));
    for (size_t turn = 0; turn < COUNT(fields); turn++) {
        char json[1024];
        size_t n = (size_t)snprintf(json, sizeof json, "{\"TargetFirstName\":0,\"a\":\"x\"");
        for (size_t i = 0; i < COUNT(fields); i++)
            n += (size_t)snprintf(json + n, sizeof json - n,
                                  i % 2 ? ",\"%s\":\"%zu\"" : ",\"%s\":%zu",
                                  fields[(turn + i) % COUNT(fields)], (turn + i) % COUNT(fields));
        n += (size_t)snprintf(json + n, sizeof json - n,
                              ",\"TargetOtherName\":1,\"SourceXostname\":\"behind the others\"}");
        const struct shown found = scan_agreed(&one, (const uint8_t *)json, n);
        assert_string_equal(found.z, tape_show(&one, (const uint8_t *)json, n).z);
        assert_non_null(strchr(found.z, '8'));
        assert_null(strchr(found.z, '-'));
    }
    scan_rig_finish(&one);
}

/* Keys that begin as a name does, so many that some have its bucket. */
static void longer_keys_are_no_names(void **state)
{
    (void)state;
    static const char name[] = "a.name.of.exactly.32.bytes.in.it",
                      letters[] = "abcdefghijklmnopqrstuvwxyz-_";
    for (int len = 30; len < 33; len++) {
        char field[40], *json = malloc(SIGMATON_LINE_MAX);
        const char *const fields[] = {field};
        struct scan_rig one;
        snprintf(field, sizeof field, "%.*s", len, name);
        scan_rig_init(&one, fields, 1);
        size_t n = (size_t)sprintf(json, "{");
        for (const char *x = letters; *x != '\0'; x++)
            for (const char *y = letters; *y != '\0'; y++)
                for (const char *z = letters; *z != '\0'; z++)
                    n += (size_t)sprintf(json + n, "\"%s%c%c%c\":1,", field, *x, *y, *z);
        n += (size_t)sprintf(json + n, "\"x\":\"a text that is long enough for a run\"}");
        assert_string_equal(scan_agreed(&one, (const uint8_t *)json, n).z, "- ");
        scan_rig_finish(&one);
        free(json);
    }
}

/* Names with quotes, backslashes, control characters or bytes beyond ASCII, as events may write
 * them; members enough in front that they are met where most members are plain. */
static void names_may_be_odd(void **state)
{
    (void)state;
    static const char *const fields[] = {"a", "q\"q", "b\\s", "t\tt", "\xc3\xa9"};
    static const char *const keys[] = {
        "a",         "q\\\"q",    "b\\\\s",    "t\\tt",   "\xc3\xa9",   "\\u0061",
        "q\\u0022q", "b\\u005cs", "t\\u0009t", "\\u00e9", "\\u00e9\\/", "\\u00E9",
        "q\\\"qq",   "b\\\\\\s",  "\xc3\xa8",  "\\u0062", "b\\/s",      "somethingelse"};
    for (size_t odd = 0; odd < 2; odd++) {
        struct scan_rig one;
        scan_rig_init(&one, fields, odd ? COUNT(fields) : 1);
        for (size_t i = 0; i < COUNT(keys); i++) {
            char json[400];
            int n =
                snprintf(json, sizeof json,
                         "{\"x\":\"y\",\"z\":17,\"%s\":\"v%zu\",\"%s\":5,\"w\":\"%60s\",\"v\":1}",
                         keys[i], i, keys[(i + 5) % COUNT(keys)], "");
            const struct shown tape = tape_show(&one, (const uint8_t *)json, (size_t)n);
            const struct shown found = scan_agreed(&one, (const uint8_t *)json, (size_t)n);
            const char *other = keys[(i + 5) % COUNT(keys)];
            /* What is no name however it is read is taken. */
            if (!odd && strpbrk(keys[i], "u/") == NULL && strpbrk(other, "u/") == NULL &&
                strcmp(tape.z, "unreadable") != 0)
                assert_string_equal(found.z, tape.z);
        }
        scan_rig_finish(&one);
    }
}

/* What routing reads has no escapes left, wherever in the value they stand. */
static void the_channel_is_read_at_once(void **state)
{
    (void)state;
    static const char *const fields[] = {"Channel", "a"};
    struct scan_rig one;
    scan_rig_init(&one, fields, COUNT(fields));
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        for (int len = 0; one.scanners[level].quotes != NULL && len < 200; len++)
            for (int at = 0; at <= len; at++) {
                char json[512], want[256];
                const char *mark = at < len ? "\\\"" : "";
                int n = snprintf(json, sizeof json,
                                 "{\"a\":\"\\n\",\"Channel\":\"%0*d%s%0*d\",\"x\":\"%50s\"}",
                                 at + 1, 1, mark, len - at + 1, 2, "");
                int m = snprintf(want, sizeof want, "%0*d%s%0*d", at + 1, 1, mark + (at < len),
                                 len - at + 1, 2);
                srt_event_reset(&one.rig.event);
                assert_int_equal(srt_scan(&one.scanners[level], &one.rig.event,
                                          (const uint8_t *)json, (size_t)n, false),
                                 n);
                const struct sigmaton_slot *slots = one.rig.event.slots;
                assert_int_equal(slots[1].kind, SIGMATON_ESCAPED);
                if (slots[0].kind != SIGMATON_TEXT || slots[0].len != (uint32_t)m ||
                    memcmp(slots[0].at.text, want, (size_t)m) != 0)
                    fail_msg("%s: %s", srt_simd_name((enum srt_simd)level), json);
            }
    scan_rig_finish(&one);
}

static void depth_and_values_have_the_limits_of_the_tape(void **state)
{
    (void)state;
    size_t len = 0, cap = 8 * (SIGMATON_VALUES_MAX + SIGMATON_DEPTH_MAX);
    char *json = malloc(cap);
    for (size_t depth = SIGMATON_DEPTH_MAX - 1; depth <= SIGMATON_DEPTH_MAX; depth++) {
        len = (size_t)sprintf(json, "{\"x\":");
        memset(json + len, '[', depth);
        memset(json + len + depth, ']', depth);
        len += 2 * depth;
        json[len++] = '}';
        assert_int_equal(agreed(json, len).z[0] != '\0', depth < SIGMATON_DEPTH_MAX);
    }
    /* the object, a key, the list, and what it holds */
    for (size_t n = SIGMATON_VALUES_MAX - 3; n <= SIGMATON_VALUES_MAX - 2; n++) {
        len = (size_t)sprintf(json, "{\"x\":[1");
        for (size_t i = 1; i < n; i++)
            len += (size_t)sprintf(json + len, ",1");
        len += (size_t)sprintf(json + len, "]}");
        assert_int_equal(agreed(json, len).z[0] != '\0', n == SIGMATON_VALUES_MAX - 3);
    }
    free(json);
}

static size_t scan_lines(enum srt_simd level, const char *text, size_t len)
{
    srt_event_reset(&rig.rig.event);
    return srt_scan(&rig.scanners[level], &rig.rig.event, (const uint8_t *)text, len, true);
}

static void a_line_ends_at_its_line_feed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t used;
    } rows[] = {
        {"{\"a\":1}\n{\"a\":2}\n", 8},
        {"{\"a\":1}\r\n{\"a\":2}", 9},
        {"{\"a\":1} \t \n\n", 11},
        {"{\"a\":1}", 7},
        {"{\"a\":1} ", 8},
        {"{\"a\":1}x\n", 0},
        {"{\"a\":\n1}\n", 0},
        {"{\"a\":\"\n\"}\n", 0},
        {"{\"x\":\"\n\"}\n", 0},
        {"{\"x\":\"\n{\"a\":\"y\"}\n", 0},
        {"{\"x\":[1,\n2]}\n", 0},
        {"{\"a\":1\n}", 0},
    };
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        for (size_t i = 0; rig.scanners[level].quotes != NULL && i < COUNT(rows); i++)
            if (scan_lines((enum srt_simd)level, rows[i].text, strlen(rows[i].text)) !=
                rows[i].used)
                fail_msg("%s: %s", srt_simd_name((enum srt_simd)level), rows[i].text);
}

/* Runs of plain members, and what may stand behind the last one: there is text enough. */
static void a_run_ends_where_the_object_does(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want; /* "": not taken */
    } rows[] = {
        {"{\"AName\":\"x\"}", "- - - - \"x\" - - "},
        {"{\"ab.cd\":1,\"AName\":\"x\"}", "- - - i1 \"x\" - - "},
        {"{\"AName\":\"x\",\"ab.cd\":1}", "- - - i1 \"x\" - - "},
        {"{\"AName\":\"x\" }", "- - - - \"x\" - - "},
        {"{\"AName\":\"x\" ,\"ab.cd\":1}", "- - - i1 \"x\" - - "},
        {"{\"AName\":\"x\", \"ab.cd\":1}", "- - - i1 \"x\" - - "},
        {"{\"AName\":\"x\"}}", ""},
        {"{\"AName\":\"x\"}x", ""},
        {"{\"AName\":\"x\"]", ""},
        {"{\"AName\":\"x\"", ""},
        {"{\"AName\":\"x\",}", ""},
        {"{\"AName\":\"x\",\"ab.cd\":1,}", ""},
        {"{\"AName\":\"x\";\"ab.cd\":1}", ""},
        {"{\"AName\":\"x\"\"ab.cd\":1}", ""},
        {"{\"AName\":\"x\",\"AName\":\"y\"}", "- - - - \"x\" - - "},
        {"{\"AName\":1,\"AName\":\"y\"}", "- - - - i1 - - "},
        {"{\"AName\":-12,\"ab.cd\":0}", "- - - i0 i-12 - - "},
        {"{\"AName\":00,\"ab.cd\":\"y\"}", ""},
        {"{\"AName\":1234567890123456,\"ab.cd\":12345678901234567,\"x\":\"\"}",
         "- - - i12345678901234567 i1234567890123456 - - "},
        {"{\"AName\":123456789012345:,\"ab.cd\":\"y\"}", ""},
        {"{\"AName\":123:,\"ab.cd\":\"y\"}", ""},
        {"{\"AName\":01,\"ab.cd\":\"y\"}", ""},
        {"{\"AName\":/23456789012345,\"ab.cd\":\"y\"}", ""},
        {"{\"x\":1234567890/23456,\"ab.cd\":\"y\"}", ""},
        {"{\"ab\":\"x\",\"AName\":\"\"}", "- - - - \"\" - - "},
        {"{\"AName\":\"x\\\"\",\"ab.cd\":\"\\\\\"}", "- - - \"\\\" \"x\"\" - - "},
        {"{\"\":\"x\",\"AName\":\"y\"}", "- - - - \"y\" - - "},
        {"{\"x\":{},\"AName\":\"y\"}", "- - - - \"y\" - - "},
    };
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        for (size_t i = 0; rig.scanners[level].quotes != NULL && i < COUNT(rows); i++) {
            char text[256];
            const size_t len = strlen(rows[i].line);
            memset(text, ' ', sizeof text);
            memcpy(text, rows[i].line, len);
            memcpy(text + len, "\n{\"AName\":\"next\",", 18);
            size_t used = scan_lines((enum srt_simd)level, text, sizeof text);
            const struct shown found = used != 0 ? scan_show(&rig) : (struct shown){""};
            if ((used != 0 && used != len + 1) || strcmp(found.z, rows[i].want) != 0)
                fail_msg("%s: %s\ngot:  %s\nwant: %s", srt_simd_name((enum srt_simd)level),
                         rows[i].line, found.z, rows[i].want);
        }
}

static void a_line_may_be_as_long_as_the_limit(void **state)
{
    (void)state;
    size_t cap = SIGMATON_LINE_MAX + 64;
    char *text = malloc(cap);
    for (size_t over = 0; over < 2; over++) {
        size_t len = SIGMATON_LINE_MAX + over;
        memset(text, 'x', cap);
        memcpy(text, "{\"q\":\"", 6);
        memcpy(text + len - 2, "\"}\n{}", 5);
        for (int level = 0; level < SRT_SIMD_COUNT; level++)
            if (rig.scanners[level].quotes != NULL)
                assert_int_equal(scan_lines((enum srt_simd)level, text, len), over ? 0 : len);
    }
    free(text);
}

/* The last byte of a page is the last of the text; the next page must not be touched. */
static void nothing_behind_the_end_is_read(void **state)
{
    (void)state;
    static const char event[] = "{\"a\":\"some text with \\\\ and \\u0041\",\"x\":\"to be jumped\","
                                "\"AName\":12345678,\"q\":{\"k\":[1,\"z\"]},\"b\":true}";
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *pages =
        mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    for (size_t len = 0; len < sizeof event; len++)
        for (int lines = 0; lines < 2; lines++)
            for (int level = 0; level < SRT_SIMD_COUNT; level++) {
                if (rig.scanners[level].quotes == NULL)
                    continue;
                uint8_t *at = pages + page - len;
                memcpy(at, event, len);
                srt_event_reset(&rig.rig.event);
                size_t used = srt_scan(&rig.scanners[level], &rig.rig.event, at, len, lines != 0);
                assert_int_equal(used, len == sizeof event - 1 ? len : 0);
                srt_event_reset(&rig.rig.event);
                if (len == sizeof event - 1)
                    break;
            }
    munmap(pages, 2 * page);
}

static void a_pack_without_names_is_for_the_tape_reader(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    image_slot(im, "a", 0);
    struct sigmaton_pack *pack = image_end(im);
    struct srt_scanner scanner;
    assert_true(srt_scanner_init(&scanner, pack, SRT_SIMD_PLAIN));
    assert_int_equal(srt_scan(&scanner, &rig.rig.event, (const uint8_t *)"{\"a\":1}", 7, false), 0);
    srt_scanner_finish(&scanner);
    free(pack);
    free(im);
}

/* Keywords are searched for in every string, so none is jumped. */
static void with_keywords_every_string_is_looked_at(void **state)
{
    (void)state;
    static const char *const fields[] = {"a", ""};
    static const struct {
        const char *json;
        bool taken, plain;
    } rows[] = {
        {"{\"a\":\"x\",\"q\":\"y\"}", true, true},
        {"{\"q\":\"\\\\\\\"\\b\\f\\n\\r\\t\xc3\xa4\"}", true, true},
        {"{\"q\":[\"x\",{\"k\":\"\\n\"}]}", true, true},
        {"{\"q\":\"\\u0041\"}", true, false},
        {"{\"a\":\"\\u0041\"}", true, false},
        {"{\"q\":\"\\/\"}", true, false},
        {"{\"q\":[{\"k\":\"\\/\"}]}", true, false},
        {"{\"q\":\"\\\\u0041\"}", true, true},
        {"{\"q\":\"\\x\"}", false, false},
        {"{\"q\":\"\xff\"}", false, false},
        {"{\"q\":\"\t\"}", false, false},
        {"{\"q\":[\"\\u00g0\"]}", false, false},
    };
    struct scan_rig with;
    scan_rig_init(&with, fields, COUNT(fields));
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        for (size_t i = 0; i < COUNT(rows) && with.scanners[level].quotes != NULL; i++) {
            const size_t len = strlen(rows[i].json);
            srt_event_reset(&with.rig.event);
            size_t used = srt_scan(&with.scanners[level], &with.rig.event,
                                   (const uint8_t *)rows[i].json, len, false);
            if ((used != 0) != rows[i].taken || with.rig.event.is_plain != rows[i].plain)
                fail_msg("%s: %zu bytes, plain %d", rows[i].json, used, with.rig.event.is_plain);
        }
    scan_rig_finish(&with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_events_are_read_without_a_tape),
        cmocka_unit_test(marks_are_seen_across_every_boundary),
        cmocka_unit_test(more_quotes_may_stand_in_an_event_than_are_listed_at_once),
        cmocka_unit_test(keys_of_every_length_are_found),
        cmocka_unit_test(names_may_share_a_bucket),
        cmocka_unit_test(longer_keys_are_no_names),
        cmocka_unit_test(names_may_be_odd),
        cmocka_unit_test(the_channel_is_read_at_once),
        cmocka_unit_test(depth_and_values_have_the_limits_of_the_tape),
        cmocka_unit_test(a_line_ends_at_its_line_feed),
        cmocka_unit_test(a_run_ends_where_the_object_does),
        cmocka_unit_test(a_line_may_be_as_long_as_the_limit),
        cmocka_unit_test(nothing_behind_the_end_is_read),
        cmocka_unit_test(a_pack_without_names_is_for_the_tape_reader),
        cmocka_unit_test(with_keywords_every_string_is_looked_at),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
