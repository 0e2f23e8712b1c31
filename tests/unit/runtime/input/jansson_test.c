/* The reader against jansson, on random events and on the same with a byte changed. Where they may
 * differ is listed in `comparable`. The seed is printed and JANSSON_TEST_SEED sets it. */
#include "rig.h"

#include <jansson.h>

static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % n;
}

struct writer {
    char z[1 << 16];
    size_t len;
    uint32_t keys; /* so that no key comes twice */
};

static void put(struct writer *w, const char *z)
{
    size_t len = strlen(z);
    if (w->len + len < sizeof w->z) {
        memcpy(w->z + w->len, z, len + 1);
        w->len += len;
    }
}

static void put_blanks(struct writer *w)
{
    static const char *const blanks[] = {"", "", "", " ", "\t", "\r\n", "  "};
    put(w, blanks[random_below(COUNT(blanks))]);
}

static void put_string(struct writer *w)
{
    static const char *const parts[] = {
        "a",
        "B",
        "C:\\\\Windows\\\\",
        "\\\"",
        "\\/",
        "\\n",
        "\\u00e9",
        "\\u20AC",
        "\\ud83d\\ude00",
        "\xc3\xa9",
        "\xe2\x82\xac",
        "\xf0\x9f\x98\x80",
        "plain text of some length",
        "\\b\\f\\r\\t",
        "{[,:]}",
    };
    put(w, "\"");
    for (uint32_t n = random_below(6); n > 0; n--)
        put(w, parts[random_below(COUNT(parts))]);
    put(w, "\"");
}

static void put_scalar(struct writer *w)
{
    static const char *const numbers[] = {
        "0",    "-0",   "1",    "-17", "9223372036854775807", "1.5",
        "-0.0", "1e10", "2E-3", "0.1", "123456.789e-2"};
    switch (random_below(6)) {
    case 0:
        put(w, "null");
        break;
    case 1:
        put(w, random_below(2) ? "true" : "false");
        break;
    case 2:
    case 3:
        put(w, numbers[random_below(COUNT(numbers))]);
        break;
    default:
        put_string(w);
    }
}

static void put_value(struct writer *w, int depth);

static void put_object(struct writer *w, int depth)
{
    put(w, "{");
    for (uint32_t i = 0, n = random_below(6); i < n; i++) {
        char key[32];
        snprintf(key, sizeof key, "%s\"k%u\"", i == 0 ? "" : ",", w->keys++);
        put(w, key);
        put_blanks(w);
        put(w, ":");
        put_value(w, depth + 1);
    }
    put_blanks(w);
    put(w, "}");
}

static void put_value(struct writer *w, int depth)
{
    put_blanks(w);
    if (depth < 6 && random_below(4) == 0) {
        put_object(w, depth);
    } else if (depth < 6 && random_below(4) == 0) {
        put(w, "[");
        for (uint32_t i = 0, n = random_below(5); i < n; i++) {
            if (i > 0)
                put(w, ",");
            put_value(w, depth + 1);
        }
        put(w, "]");
    } else {
        put_scalar(w);
    }
    put_blanks(w);
}

/* jansson refuses numbers out of range, NULs in keys and lone surrogates; the reader does not. */
static bool comparable(const json_error_t *error)
{
    enum json_error_code code = json_error_code(error);
    return code != json_error_numeric_overflow && code != json_error_null_byte_in_key &&
           strstr(error->text, "Unicode") == NULL;
}

static void assert_leaf(const struct sigmaton_slot *leaf, const json_t *json)
{
    double d;
    memcpy(&d, &leaf->number, sizeof d);
    switch (json_typeof(json)) {
    case JSON_STRING:
        assert_int_equal(leaf->kind, SIGMATON_TEXT);
        assert_int_equal(leaf->len, json_string_length(json));
        assert_memory_equal(leaf->at.text, json_string_value(json), leaf->len);
        break;
    case JSON_INTEGER:
        assert_int_equal(leaf->kind, SIGMATON_INT);
        assert_true((json_int_t)leaf->number == json_integer_value(json));
        break;
    case JSON_REAL:
        assert_int_equal(leaf->kind, SIGMATON_DOUBLE);
        assert_true(d == json_real_value(json));
        break;
    default:
        assert_int_equal(leaf->kind, SIGMATON_BOOL);
        assert_int_equal(leaf->number, json_is_true(json));
    }
}

static size_t assert_leaves(const struct sigmaton_slot *leaves, json_t *json)
{
    size_t n = 0, i;
    const char *key;
    json_t *value;
    if (json_is_object(json)) {
        json_object_foreach(json, key, value) n += assert_leaves(leaves ? leaves + n : NULL, value);
    } else if (json_is_array(json)) {
        json_array_foreach(json, i, value) n += assert_leaves(leaves ? leaves + n : NULL, value);
    } else if (!json_is_null(json)) {
        assert_leaf(leaves, json);
        n = 1;
    }
    return n;
}

static void the_reader_reads_what_jansson_reads(void **state)
{
    (void)state;
    const char *field = "", *seed = getenv("JANSSON_TEST_SEED");
    random_state = seed != NULL ? strtoull(seed, NULL, 10) : 1;
    print_message("# JANSSON_TEST_SEED=%llu\n", (unsigned long long)random_state);
    struct writer *w = malloc(sizeof *w);
    struct rig rig;
    rig_init(&rig, &field, 1);
    for (int round = 0; round < 2000; round++) {
        w->len = w->keys = 0;
        put_object(w, 0);
        for (int change = 0; change < 4; change++) {
            if (change > 0) /* no NUL: jansson's stream reads over it */
                w->z[random_below((uint32_t)w->len)] = (char)(1 + random_below(255));
            json_error_t error = {.text = ""};
            json_t *json = json_loadb(w->z, w->len, JSON_ALLOW_NUL, &error);
            enum sigmaton_status status = srt_json_parse(&rig.tape, (const uint8_t *)w->z, w->len);
            if (status == SIGMATON_OK)
                status = srt_json_texts(&rig.tape);
            if (json == NULL && !comparable(&error))
                continue;
            if ((status == SIGMATON_OK) != json_is_object(json))
                fail_msg("%.*s\n%s / %s", (int)w->len, w->z, rig.tape.error, error.text);
            if (change == 0) {
                assert_int_equal(rig_bind(&rig), SIGMATON_OK);
                const struct sigmaton_slot *all = &rig.event.slots[0];
                assert_int_equal(assert_leaves(all->at.leaves, json), all->len);
            }
            json_decref(json);
        }
    }
    rig_finish(&rig);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_reader_reads_what_jansson_reads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
