/* Random events, then with bytes changed: every level and the tape reader, from a fixed seed.
 * SIGMATON_SCAN_ROUNDS=N makes it longer, SIGMATON_SCAN_SEED=N another run. */
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
};

static void put(struct writer *w, const char *z)
{
    size_t n = strlen(z);
    memcpy(w->z + w->len, z, n);
    w->len += n;
}

static const char *const keys[] = {"a",
                                   "b",
                                   "Image",
                                   "CommandLine",
                                   "w.x",
                                   "w",
                                   "Event",
                                   "e.id",
                                   "Unknown",
                                   "",
                                   "A key that has more than 32 bytes",
                                   "\\u0061",
                                   "k\xc3\xa4"};

static void put_text(struct writer *w)
{
    static const char *const parts[] = {
        "C:\\\\Windows", "\\\"", "x",    "\\n",    "\\u00e9", "\xe2\x82\xac",
        "plain words ",  "\\/",  "\\\\", "{}[],:", "",        "\\ud83d"};
    put(w, "\"");
    for (uint32_t n = below(below(4) == 0 ? 12 : 4); n > 0; n--)
        put(w, parts[below(COUNT(parts))]);
    put(w, "\"");
}

static void put_blank(struct writer *w)
{
    static const char *const blanks[] = {"", "", "", "", "", " ", "\t", "\n"};
    put(w, blanks[below(COUNT(blanks))]);
}

static void put_value(struct writer *w, int depth)
{
    static const char *const scalars[] = {"0",    "-1",   "1.5", "17", "12345678901234567890",
                                          "true", "null", "1e9", "-0", "false",
                                          "4688"};
    uint32_t kind = below(depth > 3 ? 8 : 11);
    if (kind < 5) {
        put_text(w);
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

static void all_levels_and_the_tape_agree(void **state)
{
    (void)state;
    static const char *const fields[] = {
        "a",   "b",       "Image", "CommandLine",
        "w.x", "Event.y", "e.id",  "A key that has more than 32 bytes"};
    static const char bytes[] = "\"\\{}[]:,0a\x01\x80\xc3\xff \n-.eu";
    const char *rounds = getenv("SIGMATON_SCAN_ROUNDS"), *start = getenv("SIGMATON_SCAN_SEED");
    if (start != NULL)
        seed = strtoull(start, NULL, 10);
    static struct scan_rig rig;
    struct writer *w = malloc(sizeof *w);
    long n_taken = 0, n_rounds = rounds != NULL ? strtol(rounds, NULL, 10) : 20000;
    scan_rig_init(&rig, fields, COUNT(fields));
    for (long round = 0; round < n_rounds; round++) {
        put_event(w);
        for (int change = 0; change < 3; change++) {
            if (change > 0)
                w->z[below((uint32_t)w->len)] = bytes[below(sizeof bytes - 1)];
            uint8_t *exact = malloc(w->len);
            memcpy(exact, w->z, w->len);
            n_taken += scan_agreed(&rig, exact, w->len).z[0] != '\0';
            free(exact);
        }
    }
    scan_rig_finish(&rig);
    free(w);
    assert_true(n_taken > n_rounds / 2); /* else this says nothing of the scanner */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_levels_and_the_tape_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
