/* The shared conformance vectors, as far as reading rules goes: rejections carry exactly their
 * category, everything that has a verdict is accepted. SIGMATON_SHARED names the folder. */
#include "ruleset_t.h"

#ifdef SIGMATON_TEST_JANSSON
#include <jansson.h>

static json_t *load_vectors(void)
{
    const char *shared = getenv("SIGMATON_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/vectors/detection-and-correlation.json",
             shared ? shared : SOURCE_ROOT "/../shared");
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("# skipped: no vectors at %s\n", path);
        skip();
    }
    json_error_t error;
    json_t *all = json_loadf(file, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    fclose(file);
    if (!all)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return all;
}

static const char *text_of(const json_t *vector, const char *key)
{
    const char *text = json_string_value(json_object_get(vector, key));
    return text ? text : "";
}

/* Rules given as a list are joined with document marks. */
static struct str rule_text(struct arena *a, const json_t *vector)
{
    const json_t *one = json_object_get(vector, "rule");
    const json_t *rule = one ? one : json_object_get(vector, "rules");
    struct text out;
    text_init(&out, a);
    if (json_is_string(rule))
        text_add(&out, (struct str){json_string_value(rule), json_string_length(rule)});
    for (size_t i = 0; i < json_array_size(rule); i++) {
        const json_t *part = json_array_get(rule, i);
        text_addz(&out, i ? "\n---\n" : "");
        text_add(&out, (struct str){json_string_value(part), json_string_length(part)});
    }
    return text_str(&out);
}

static struct t_collection read_vector(struct arena *a, const json_t *vector)
{
    json_t *placeholders = json_object_get(vector, "placeholders");
    char *yaml = placeholders ? json_dumps(placeholders, 0) : NULL; /* JSON is YAML */
    struct t_collection c =
        t_collect_str(a, rule_text(a, vector), yaml ? arena_copy(a, yaml, strlen(yaml)) : NULL);
    free(yaml);
    return c;
}

/* True when errors were told and all of them have the category. */
static bool only_category(const struct t_reading *r, const char *category)
{
    size_t n = 0;
    for (size_t i = 0; i < diag_count(r->sink); i++) {
        const struct diag_info *info = diag_info(diag_get(r->sink, i)->code);
        if (info->severity != DIAG_ERROR)
            continue;
        if (strcmp(info->category, category) != 0)
            return false;
        n++;
    }
    return n > 0;
}

static void every_rejection_has_its_category(void **state)
{
    json_t *all = load_vectors();
    size_t n = 0, failed = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *vector = json_array_get(all, i);
        if (!json_object_get(vector, "error"))
            continue;
        struct t_collection c = read_vector(t_arena(state), vector);
        n++;
        if (only_category(&c.reading, text_of(vector, "error")))
            continue;
        print_error("%s: want %s, got %.*s\n", text_of(vector, "id"), text_of(vector, "error"),
                    STR_ARG(t_told(t_arena(state), &c.reading)));
        failed++;
    }
    json_decref(all);
    print_message("# %zu rejections\n", n);
    assert_int_not_equal(n, 0);
    assert_int_equal(failed, 0);
}

static void every_rule_with_a_verdict_is_accepted(void **state)
{
    json_t *all = load_vectors();
    size_t n = 0, failed = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *vector = json_array_get(all, i);
        if (json_object_get(vector, "error"))
            continue;
        struct t_collection c = read_vector(t_arena(state), vector);
        bool correlates = json_object_get(vector, "alerts") != NULL;
        n++;
        if (diag_errors(c.reading.sink) == 0 && c.set->n_rules > 0 &&
            correlates == (c.set->n_correlations > 0))
            continue;
        print_error("%s: %.*s\n", text_of(vector, "id"),
                    STR_ARG(t_told(t_arena(state), &c.reading)));
        failed++;
    }
    json_decref(all);
    print_message("# %zu accepted\n", n);
    assert_int_not_equal(n, 0);
    assert_int_equal(failed, 0);
}

#else

static void every_rejection_has_its_category(void **state)
{
    (void)state;
    print_message("# skipped: built without jansson\n");
    skip();
}

static void every_rule_with_a_verdict_is_accepted(void **state)
{
    every_rejection_has_its_category(state);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_rejection_has_its_category),
        t_test(every_rule_with_a_verdict_is_accepted),
    };
    return t_run(tests);
}
