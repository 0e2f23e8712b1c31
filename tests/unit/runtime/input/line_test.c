/* What is sought in the whole line, looked for by the scanner on its way (line.h), against the scan
 * of the line by itself. */
#include <sys/mman.h>
#include <unistd.h>

#include "scan_rig.h"

#include "arena.h"
#include "grams.h"

#define TEXTS 12
#define LINE_MAX 20000u

static const char *const texts[TEXTS] = {
    "mimikatz",  "sekurlsa",         "\\pipe\\evil", "dump\"file",
    "lsadump::", "kerberos::golden", "eo.oe.kiwi",   "\xc3\xa9vil",
    "crypto::",  "token::elevate",   "    /ticket",  "xyzzy"};

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static uint32_t pick(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 16) % n);
}

struct found {
    uint32_t n;
    bool ids[2000];
};

static void found(void *ctx, uint32_t id)
{
    struct found *to = ctx;
    to->n += !to->ids[id];
    to->ids[id] = true;
}

static const struct sigmaton_grams *table_of(struct arena *a, const char *const *v, uint32_t n)
{
    struct gram_text *to = arena_alloc(a, n * sizeof *to);
    for (uint32_t i = 0; i < n; i++)
        to[i] = (struct gram_text){{v[i], strlen(v[i])}, false, i};
    uint32_t size;
    const uint8_t *table = grams_build(a, NULL, to, n, &size);
    assert_null(srt_grams_check(table, size));
    return (const struct sigmaton_grams *)(const void *)table;
}

struct line_rig {
    struct scan_rig scan;
    struct srt_line line;
    struct arena *arena;
    uint8_t *end; /* of what may be read */
};

static int setup(void **state)
{
    static struct line_rig r;
    static const char *const fields[] = {"a", "b", "c"};
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (LINE_MAX + page) / page * page;
    uint8_t *p =
        mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED && mprotect(p + size, page, PROT_NONE) == 0);
    r.end = p + size;
    scan_rig_init(&r.scan, fields, 3);
    r.arena = arena_create(ARENA_LIMIT);
    assert_non_null(r.arena);
    r.scan.rig.event.search = &r.line;
    *state = &r;
    return 0;
}

static int teardown(void **state)
{
    struct line_rig *r = *state;
    scan_rig_finish(&r->scan);
    arena_destroy(r->arena);
    return 0;
}

/* A line of some members; texts stand in keys, in values and across blocks. */
static uint32_t line_make(uint8_t *to, uint32_t pieces)
{
    static const char *const fill[] = {"C:\\\\Windows\\\\system32\\\\",
                                       "\\r\\n",
                                       "\",\"",
                                       "\":\"",
                                       "\xc3\xa9",
                                       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                       "x",
                                       "\",\"b\":12,\"",
                                       "\\\"",
                                       "\\\\pipe\\\\evil",
                                       "dump\\\"file"};
    char *p = (char *)to;
    p += sprintf(p, "{\"a\":\"");
    bool key = false; /* of the string that is open */
    for (uint32_t i = 0; i < pieces; i++) {
        const uint32_t which = pick(30);
        if (which < 11 && (which != 2 || !key) && (which != 3 || key) && (which != 7 || !key)) {
            p += sprintf(p, "%s", fill[which]);
            key = which == 2 || which == 7 ? true : which == 3 ? false : key;
        } else if (which >= 25) {
            p += sprintf(p, "%s",
                         texts[(const uint8_t[]){0, 1, 4, 5, 6, 7, 8, 9, 10, 11}[pick(10)]]);
        } else {
            p += sprintf(p, "%.*s", (int)pick(20), "mimikat sekurls lsadump:");
        }
    }
    p += sprintf(p, "%s", key ? "\":1}" : "\"}");
    return (uint32_t)(p - (char *)to);
}

static bool ask(struct line_rig *r, const struct sigmaton_grams *g, const uint8_t *p, uint32_t n,
                struct found *to)
{
    memset(to, 0, sizeof *to);
    return srt_line_ask(&r->line, g, p, n, found, to);
}

/* The line is the last thing that may be read, or another one stands behind it. */
static void lines_agree(void **state)
{
    struct line_rig *r = *state;
    const struct sigmaton_grams *g = table_of(r->arena, texts, TEXTS);
    static uint8_t text[LINE_MAX];
    assert_true(g->n_masks > 0);
    uint32_t n_seen = 0, n_found = 0;
    for (uint32_t round = 0; round < 20000; round++) {
        const uint32_t n = line_make(text, 1 + pick(40));
        const bool more = round % 2 != 0;
        const uint32_t all = n + (more ? 1 + (uint32_t)sizeof "mimikatz" : 0);
        uint8_t *p = r->end - all;
        memcpy(p, text, n);
        if (more)
            memcpy(p + n, "\nmimikatz", 1 + sizeof "mimikatz");
        for (int level = 0; level < SRT_SIMD_COUNT; level++) {
            struct srt_scanner *scanner = &r->scan.scanners[level];
            if (scanner->quotes == NULL)
                continue;
            srt_event_reset(&r->scan.rig.event);
            r->line.grams = g;
            if (srt_scan(scanner, &r->scan.rig.event, p, all, more) == 0 ||
                !r->scan.rig.event.is_plain)
                continue;
            struct found have, want = {0};
            if (!ask(r, g, p, n, &have)) {
                assert_false(scanner->searches);
                continue;
            }
            assert_true(srt_grams_raw(g, p, n, true, found, &want));
            assert_memory_equal(&have, &want, sizeof want);
            n_seen++;
            n_found += want.n;
        }
    }
    if (srt_simd_has(SRT_SIMD_AVX512))
        assert_true(n_seen > 5000 && n_found > 5000);
}

static void scan_line(struct line_rig *r, const char *text)
{
    const size_t n = strlen(text);
    memcpy(r->end - n, text, n);
    srt_event_reset(&r->scan.rig.event);
    const struct srt_scanner *best = &r->scan.scanners[SRT_SIMD_AVX512];
    assert_int_equal(srt_scan(best, &r->scan.rig.event, r->end - n, n, true), n);
}

#define ASK(r, g, text, to) ask(r, g, (r)->end - strlen(text), (uint32_t)strlen(text), to)

/* The table that is asked for is the one that the next line is looked through for. */
static void next_line_follows(void **state)
{
    struct line_rig *r = *state;
    if (!srt_simd_has(SRT_SIMD_AVX512))
        skip();
    static const char *const others[] = {"somethingelse", "rubeus"};
    static const char *const shorts[] = {"ab", "rubeus"};
    const struct sigmaton_grams *g = table_of(r->arena, texts, TEXTS),
                                *h = table_of(r->arena, others, 2),
                                *s = table_of(r->arena, shorts, 2);
    const char *text = "{\"a\":\"rubeus and mimikatz\"}";
    struct found have;
    r->line.grams = NULL;
    scan_line(r, text);
    assert_false(ASK(r, g, text, &have)); /* nothing was looked for */
    scan_line(r, text);
    assert_true(ASK(r, g, text, &have) && have.n == 1 && have.ids[0]);
    scan_line(r, text);
    assert_false(ASK(r, h, text, &have));
    scan_line(r, text);
    assert_true(ASK(r, h, text, &have) && have.n == 1 && have.ids[1]);
    scan_line(r, text);
    assert_false(ASK(r, s, text, &have));
    scan_line(r, text); /* texts of two bytes: never */
    assert_false(ASK(r, s, text, &have));
    assert_null(r->line.grams);
}

/* A line with more places than are kept is searched as ever. */
static void limit_of_blocks(void **state)
{
    struct line_rig *r = *state;
    if (!srt_simd_has(SRT_SIMD_AVX512))
        skip();
    const struct sigmaton_grams *g = table_of(r->arena, texts, TEXTS);
    static char text[LINE_MAX];
    for (uint32_t blocks = SRT_LINE_BLOCKS - 2; blocks < SRT_LINE_BLOCKS + 3; blocks++) {
        char *p = text;
        p += sprintf(p, "{\"a\":\"%58s", "");
        for (uint32_t i = 0; i < blocks; i++)
            p += sprintf(p, "%-64s", "    mimikatz");
        sprintf(p, "\"}");
        struct found have;
        r->line.grams = g;
        scan_line(r, text);
        assert_int_equal(r->line.n, blocks < SRT_LINE_BLOCKS ? blocks : SRT_LINE_BLOCKS);
        assert_int_equal(ASK(r, g, text, &have), blocks < SRT_LINE_BLOCKS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_agree),
        cmocka_unit_test(next_line_follows),
        cmocka_unit_test(limit_of_blocks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
