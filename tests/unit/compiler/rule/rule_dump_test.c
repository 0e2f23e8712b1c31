#include "rule_t.h"

static const char yaml[] = "title: 'a \"title\"'\n"
                           "id: 3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008\n"
                           "status: test\n"
                           "level: high\n"
                           "tags: [a.b, c.d]\n"
                           "logsource: {product: windows, category: process_creation}\n"
                           "detection:\n"
                           "  sel:\n"
                           "  - Image|endswith: ['\\a.exe', '\\b.exe']\n"
                           "    Line|contains|all|neq: [' -x']\n"
                           "  - word\n"
                           "  flt_1: {F|re|i: '^a+'}\n"
                           "  condition:\n"
                           "  - sel and not 1 of flt_*\n"
                           "  - flt_1\n";

static const char dump[] = "rule \"a \\\"title\\\"\"\n"
                           "  id \"3c7a5e10-9b42-4d6f-8a11-5d2e77aa0008\"\n"
                           "  taxonomy \"sigma\"\n"
                           "  status test\n"
                           "  level high\n"
                           "  tags \"a.b\" \"c.d\"\n"
                           "  logsource category=\"process_creation\" product=\"windows\"\n"
                           "  identifier \"sel\"\n"
                           "    any of\n"
                           "      all of\n"
                           "        field \"Image\": any of\n"
                           "          \"*\\\\a.exe\"\n"
                           "          \"*\\\\b.exe\"\n"
                           "        field \"Line\": not all of\n"
                           "          \"* -x*\"\n"
                           "      keywords: any of\n"
                           "        \"*word*\"\n"
                           "  identifier \"flt_1\"\n"
                           "    all of\n"
                           "      field \"F\": any of\n"
                           "        regex (cat text-start (repeat 1 inf i\"a\"))\n"
                           "  condition (sel and not at least 1 of {flt_1})\n"
                           "  condition flt_1\n";

static void a_rule_is_dumped_with_everything_resolved(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read(a, yaml);
    struct text out;
    text_init(&out, a);
    rule_dump(&out, r.rules[0]);
    t_assert_str(text_str(&out), dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {t_test(a_rule_is_dumped_with_everything_resolved)};
    return t_run(tests);
}
