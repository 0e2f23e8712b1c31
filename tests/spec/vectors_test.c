/* The shared conformance vectors: every detection vector through every engine, one test per topic.
 *
 * The file is read by the oracle's JSON reader, because it keeps the bytes of each event as they
 * stand: numbers beyond 64 bits and repeated keys must reach the engines unchanged.
 */
#include "event_tree.h"
#include "spec.h"
#include "t.h"

struct topic {
    struct str name;
    const struct json *vectors; /* the whole file */
};

static bool is_detection(const struct json *vector)
{
    return json_member(vector, STR("match")) != NULL;
}

static struct str member_text(const struct json *vector, const char *key)
{
    const struct json *value = json_member(vector, str_of(key));
    return value ? value->text : STR("");
}

/* The rule text; a list of texts is joined by document markers. */
static struct str rule_text(struct arena *a, const struct json *vector)
{
    const struct json *rule = json_member(vector, STR("rule"));
    if (rule->kind == JSON_STRING)
        return rule->text;
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < rule->n; i++) {
        text_addz(&t, i ? "\n---\n" : "");
        text_add(&t, rule->items[i]->text);
    }
    return text_str(&t);
}

static size_t run_vector(struct arena *a, const struct json *vector)
{
    const struct json *events = json_member(vector, STR("events"));
    const struct json *match = json_member(vector, STR("match"));
    const struct json *placeholders = json_member(vector, STR("placeholders"));
    struct str id = member_text(vector, "id");
    struct spec_rules rules =
        spec_read(a, rule_text(a, vector), placeholders ? placeholders->raw : STR(""));
    if (rules.n_errors > 0 || rules.mapped.n == 0 || events->n != match->n) {
        print_error("# %.*s: refused:\n%.*s\n", STR_ARG(id), STR_ARG(rules.messages));
        return 1;
    }
    struct spec_case *cases = ARENA_ARRAY(a, events->n, struct spec_case);
    for (size_t i = 0; i < events->n; i++)
        cases[i] = (struct spec_case){events->items[i]->raw,
                                      match->items[i]->boolean ? SPEC_HIT : SPEC_MISS, (int)i};
    return spec_ask(a, str_format(a, "%.*s", STR_ARG(id)).p, &rules, cases, events->n);
}

static void every_vector_of_a_topic_is_answered(void **state)
{
    const struct topic *topic = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < topic->vectors->n; i++) {
        const struct json *vector = topic->vectors->items[i];
        if (!is_detection(vector) || !str_eq(member_text(vector, "topic"), topic->name))
            continue;
        struct arena *a = arena_create(T_ARENA_LIMIT);
        wrong += run_vector(a, vector);
        arena_destroy(a);
    }
    assert_int_equal(wrong, 0);
}

static size_t topic_index(const struct topic *topics, size_t n, struct str name)
{
    size_t i = 0;
    while (i < n && !str_eq(topics[i].name, name))
        i++;
    return i;
}

static int run_topics(struct arena *a, const struct json *vectors)
{
    struct topic *topics = ARENA_ARRAY(a, vectors->n, struct topic);
    struct CMUnitTest *tests = ARENA_ARRAY(a, vectors->n, struct CMUnitTest);
    size_t n = 0;
    for (size_t i = 0; i < vectors->n; i++) {
        struct str name = member_text(vectors->items[i], "topic");
        if (!is_detection(vectors->items[i]) || topic_index(topics, n, name) < n)
            continue;
        topics[n] = (struct topic){name, vectors};
        tests[n] = (struct CMUnitTest){.name = str_format(a, "%.*s", STR_ARG(name)).p,
                                       .test_func = every_vector_of_a_topic_is_answered,
                                       .initial_state = &topics[n]};
        n++;
    }
    return _cmocka_run_group_tests("vectors", tests, n, NULL, NULL);
}

int main(void)
{
    struct arena *a = arena_create(T_ARENA_LIMIT);
    const char *shared = getenv("SIGMATON_SHARED");
    struct str path = str_format(a, "%s/vectors/detection-and-correlation.json",
                                 shared ? shared : SOURCE_ROOT "/../shared");
    struct str text = spec_load(a, path.p);
    struct json_error error = {0};
    struct json *vectors = text.p ? json_read(a, text, &error) : NULL;
    int failed = 0;
    if (vectors)
        failed = run_topics(a, vectors);
    else if (text.p)
        failed = 1; /* there, but no JSON */
    else
        printf("1..0 # SKIP no vectors in %s: set SIGMATON_SHARED\n", path.p);
    arena_destroy(a);
    return failed;
}
