#include "rule_t.h"

static const char placeholders[] =
    "{admins: [root, 'svc_*'], host: SRV01, n: [1, 2.50], none: [], flag: [true], b: [x, ''], "
    "re: ['a+', 'b']}";

static void placeholders_become_alternatives(void **state)
{
    static const struct {
        const char *item, *result;
    } rows[] = {
        {"F|expand: '%admins%'", "F: \"root\" | \"svc_*\""},
        {"F|expand: 'pre-%host%-post'", "F: \"pre-SRV01-post\""},
        {"F|contains|expand: '%host%'", "F: \"*SRV01*\""},
        {"F|expand|contains: '%admins%'", "F: \"*root*\" | \"*svc_*\""},
        {"F|expand: '%n%'", "F: \"1\" | \"2.5\""},
        {"F|expand: '%b%-%n%'", "F: \"x-1\" | \"x-2.5\" | \"-1\" | \"-2.5\""},
        {"F|expand|base64: '%host%'", "F: \"U1JWMDE=\""},
        {"F|windash|expand: '-u %host%'", "F: \"<dash>u SRV01\""},
        {"F|expand|windash: '-%host%'", "F: \"<dash>SRV01\""},
        {"F|expand|all: ['%b%', y]", "all F: \"x\" | \"\" ; \"y\""},
        {"F|re|expand: '^%re%$'", "F: regex (cat text-start (repeat 1 inf \"a\") text-end) | "
                                  "(cat text-start \"b\" text-end)"},
        {"F|re|i|expand: '%host%'", "F: regex (cat i\"SRV01\")"},
        {"F|re|expand: '\\%host\\%'", "F: regex (cat \"%host%\")"},
        {"F|re|expand: '\\\\%host%'", "F: regex (cat \"\\\\SRV01\")"},
        {"'|expand': '%host%'", ": \"*SRV01*\""},
        {"F|expand: '100%'", "F: \"100%\""},
        {"F|expand: '%%'", "F: \"%%\""},
        {"F|expand: '\\%host%'", "F: \"%host%\""},
        {"F|expand: '\\%a\\%'", "F: \"%a%\""},
        {"F|expand: '%ho*st%'", "F: \"%ho*st%\""},
        {"F: '%host%'", "F: \"%host%\""},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r = t_read_item(a, rows[i].item, placeholders);
        t_assert_str(r.n_rules ? t_shown(a, &r) : t_told(a, &r), rows[i].result);
    }
}

static void unresolved_placeholders_refuse_the_rule(void **state)
{
    static const struct {
        const char *item, *placeholders, *told;
    } rows[] = {
        {"F|expand: '%x%'", NULL, "5:16+3 unresolved_placeholder"},
        {"F|expand: 'a %x% b'", placeholders, "5:18+3 unresolved_placeholder"},
        {"F|expand: '%x% %y%'", placeholders,
         "5:16+3 unresolved_placeholder\n5:20+3 unresolved_placeholder"},
        {"F|expand: '%none%'", placeholders, "5:16+6 unresolved_placeholder"},
        {"F|expand: '%flag%'", placeholders, "5:16+6 unresolved_placeholder"},
        {"F|re|expand: '%x%'", placeholders, "5:19+3 unresolved_placeholder"},
        {"F|re|expand: '(%host%'", placeholders, "5:18+9 invalid_regex"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r = t_read_item(a, rows[i].item, rows[i].placeholders);
        t_assert_str(t_told(a, &r), rows[i].told);
    }
}

static void a_misspelt_placeholder_is_guessed(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read_item(a, "F|expand: '%admin%'", placeholders);
    t_assert_str(diag_get(r.sink, 0)->help, "did you mean 'admins'?");
}

static size_t combinations(struct arena *a, size_t n)
{
    struct text item;
    text_init(&item, a);
    text_addz(&item, "F|expand: '");
    for (size_t i = 0; i < n; i++)
        text_addz(&item, "%n%");
    text_addz(&item, "'");
    struct t_reading r = t_read_item(a, arena_copy(a, item.p, item.len), placeholders);
    return r.n_rules ? r.rules[0]->identifiers[0].detection->children[0]->item->values[0]->n : 0;
}

static void combinations_are_bounded(void **state)
{
    struct arena *a = t_arena(state);
    assert_int_equal(combinations(a, 10), 1024);
    assert_int_equal(combinations(a, 20), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(placeholders_become_alternatives),
        t_test(unresolved_placeholders_refuse_the_rule),
        t_test(a_misspelt_placeholder_is_guessed),
        t_test(combinations_are_bounded),
    };
    return t_run(tests);
}
