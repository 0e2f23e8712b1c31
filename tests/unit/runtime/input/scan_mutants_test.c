/* Random events, then with bytes changed: every level and the tape reader, from a fixed seed; by
 * themselves and as the first of several lines, with nothing readable behind them.
 * SIGMATON_SCAN_ROUNDS=N makes it longer, SIGMATON_SCAN_SEED=N another run. */
#include <sys/mman.h>
#include <unistd.h>

#include "scan_rig.h"

static uint64_t seed = 20240611;

static uint32_t below(uint32_t n)
{
    seed += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = (seed ^ seed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) % n);
}

struct writer {
    char z[1 << 14];
    size_t len;
    bool spread; /* over several lines */
};

static void put(struct writer *w, const char *z)
{
    size_t n = strlen(z);
    memcpy(w->z + w->len, z, n);
    w->len += n;
}

static const char *const keys[] = {
    "a",           "b",        "ab", "Image",
    "CommandLine", "w.x",      "w",  "Event",
    "e.id",        "Unknown",  "",   "A key that has more than 32 bytes",
    "\\u0061",     "k\xc3\xa4"};

static void put_text(struct writer *w)
{
    static const char *const parts[] = {
        "C:\\\\Windows", "\\\"", "x",      "\\n", "\\u00e9", "\xe2\x82\xac", "plain words ",
        "\\/",           "\\\\", "{}[],:", "",    "\\ud83d", "\xc2\xae",     "\xc3\xa9\xd0\xb6"};
    put(w, "\"");
    for (uint32_t n = below(below(4) == 0 ? 12 : 4); n > 0; n--)
        put(w, parts[below(COUNT(parts))]);
    if (below(6) == 0) { /* so that blocks begin and end everywhere */
        uint32_t n = below(140);
        memset(w->z + w->len, 'f', n);
        w->len += n;
        put(w, parts[below(COUNT(parts))]);
    }
    put(w, "\"");
}

/* Integers of every length, and what is nearly one. */
static void put_number(struct writer *w)
{
    static const char *const edges[] = {"9223372036854775807",
                                        "-9223372036854775808",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "9999999999999999999",
                                        "-",
                                        "00",
                                        "-01",
                                        "12345678/",
                                        "1234:5678",
                                        "-12345678901234567890"};
    static const char odd[] = "0123456789.eE+-/:;\xb0";
    if (below(20) == 0) {
        put(w, edges[below(COUNT(edges))]);
        return;
    }
    size_t from = w->len;
    put(w, below(3) == 0 ? "-" : "");
    for (uint32_t n = 1 + below(21), i = 0; i < n; i++)
        w->z[w->len++] = (char)('0' + (i == 0 && n > 1 ? 1 + below(9) : below(10)));
    if (below(20) == 0)
        w->z[from + below((uint32_t)(w->len - from))] = odd[below(sizeof odd - 1)];
}

static void put_blank(struct writer *w)
{
    static const char *const blanks[] = {"", "", "", "", "", "", " ", "\t", "\n"};
    put(w, blanks[below(w->spread ? COUNT(blanks) : COUNT(blanks) - 1)]);
}

static void put_value(struct writer *w, int depth)
{
    static const char *const scalars[] = {"0",    "-1",   "1.5", "17", "12345678901234567890",
                                          "true", "null", "1e9", "-0", "false",
                                          "4688"};
    uint32_t kind = below(depth > 3 ? 8 : 11);
    if (kind < 5) {
        put_text(w);
    } else if (kind == 5) {
        put_number(w);
    } else if (kind < 8) {
        put(w, scalars[below(COUNT(scalars))]);
    } else {
        bool object = kind == 9;
        uint32_t n = below(4);
        put(w, object ? "{" : "[");
        for (uint32_t i = 0; i < n; i++) {
            put(w, i > 0 ? "," : "");
            put_blank(w);
            if (object)
                put(w, "\"k\":");
            put_value(w, depth + 1);
        }
        put(w, object ? "}" : "]");
    }
}

static void put_event(struct writer *w)
{
    w->len = 0;
    w->spread = below(4) == 0;
    put(w, "{");
    for (uint32_t i = 0, n = below(12); i < n; i++) {
        put(w, i > 0 ? "," : "");
        put_blank(w);
        put(w, "\"");
        put(w, keys[below(COUNT(keys))]);
        put(w, "\"");
        put_blank(w);
        put(w, ":");
        put_blank(w);
        put_value(w, below(5) == 0 ? 0 : 4);
        put_blank(w);
    }
    put(w, "}");
}

/* Bytes of which the last ones are the last that may be read. */
struct brink {
    uint8_t *begin, *end;
};

static struct brink brink_make(size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), all = (size + page - 1) / page * page;
    uint8_t *p = mmap(NULL, all + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED && mprotect(p + all, page, PROT_NONE) == 0);
    return (struct brink){p, p + all};
}

/* The event as a line, behind it some of another: what is taken of it is what the tape reader finds
 * in it alone, at every level alike. */
static bool line_agrees(struct scan_rig *rig, const struct brink *brink, const struct writer *event,
                        const struct writer *next)
{
    static const char *const ends[] = {"\n", "\n", "\r\n", " \t\n"};
    const char *line_end = ends[below(COUNT(ends))];
    const size_t line = event->len + strlen(line_end), some = below((uint32_t)next->len);
    uint8_t *p = brink->end - line - some;
    memcpy(p, event->z, event->len);
    memcpy(p + event->len, line_end, line - event->len);
    memcpy(p + line, next->z, some);
    const bool whole = memchr(p, '\n', line) == p + line - 1;
    const struct shown tape = tape_show(rig, p, whole ? line : event->len);
    size_t first = SIZE_MAX;
    for (int level = 0; level < SRT_SIMD_COUNT; level++) {
        if (rig->scanners[level].quotes == NULL)
            continue;
        srt_event_reset(&rig->rig.event);
        size_t used = srt_scan(&rig->scanners[level], &rig->rig.event, p, line + some, true);
        first = first == SIZE_MAX ? used : first;
        assert_int_equal(used, first);
        if (used == 0 || !whole)
            continue;
        assert_int_equal(used, line);
        assert_string_equal(scan_show(rig).z, tape.z);
    }
    return whole && first != 0;
}

static void all_levels_and_the_tape_agree(void **state)
{
    (void)state;
    static const char *const fields[] = {
        "a",       "b",           "ab",
        "Image",   "CommandLine", "w.x",
        "Event.y", "e.id",        "A key that has more than 32 bytes"};
    static const char bytes[] = "\"\\{}[]:,0a\x01\x80\xc3\xff \n-.eu";
    const char *rounds = getenv("SIGMATON_SCAN_ROUNDS"), *start = getenv("SIGMATON_SCAN_SEED");
    if (start != NULL)
        seed = strtoull(start, NULL, 10);
    static struct scan_rig rig;
    struct writer *w = malloc(sizeof *w), *next = calloc(1, sizeof *next);
    const struct brink brink = brink_make(3 * sizeof w->z);
    long n_taken = 0, n_lines = 0, n_rounds = rounds != NULL ? strtol(rounds, NULL, 10) : 20000;
    scan_rig_init(&rig, fields, COUNT(fields));
    for (long round = 0; round < n_rounds; round++) {
        put_event(w);
        for (int change = 0; change < 3; change++) {
            if (change > 0)
                w->z[below((uint32_t)w->len)] = bytes[below(sizeof bytes - 1)];
            uint8_t *exact = brink.end - w->len;
            memcpy(exact, w->z, w->len);
            n_taken += scan_agreed(&rig, exact, w->len).z[0] != '\0';
            n_lines += next->len > 0 && line_agrees(&rig, &brink, w, next);
        }
        memcpy(next, w, sizeof *w);
    }
    scan_rig_finish(&rig);
    munmap(brink.begin, (size_t)(brink.end - brink.begin));
    free(next);
    free(w);
    assert_true(n_taken > n_rounds / 2 &&
                n_lines > n_rounds / 4); /* else this says nothing of the scanner */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_levels_and_the_tape_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
