#include "rule_t.h"

struct row {
    const char *item, *result;
};

/* What the item holds, else what was told. */
static void check(void **state, const struct row *rows, size_t n)
{
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < n; i++) {
        struct t_reading r = t_read_item(a, rows[i].item, NULL);
        t_assert_str(r.n_rules ? t_shown(a, &r) : t_told(a, &r), rows[i].result);
    }
}
#define CHECK(rows) check(state, rows, sizeof(rows) / sizeof(rows)[0])

static void plain_values_keep_their_type(void **state)
{
    static const struct row rows[] = {
        {"F: abc", "F: \"abc\""},
        {"F: 'a*'", "F: \"a*\""},
        {"F: ''", "F: \"\""},
        {"F: 5", "F: number = 5"},
        {"F: '5'", "F: \"5\""},
        {"F: -5", "F: number = -5"},
        {"F: 18446744073709551615", "F: number = 18446744073709551615"},
        {"F: 0x1F", "F: number = 31"},
        {"F: 1.50", "F: number = 1.5"},
        {"F: 00000429", "F: \"00000429\""},
        {"F: false", "F: false"},
        {"F: null", "F: null"},
        {"F:", "F: null"},
        {"F: [null]", "F: null"},
        {"F: [1, two, '3', true]", "F: number = 1 ; \"two\" ; \"3\" ; true"},
        {"'a b/[c]': x", "a b/[c]: \"x\""},
    };
    CHECK(rows);
}

static void substring_modifiers_add_stars(void **state)
{
    static const struct row rows[] = {
        {"F|contains: bc", "F: \"*bc*\""},
        {"F|startswith: a?c*x", "F: \"a?c*x*\""},
        {"F|endswith: '*yz'", "F: \"*yz\""},
        {"F|contains: ''", "F: \"*\""},
        {"F|contains: ':\\Temp\\'", "F: \"*:\\\\Temp\\\\*\""},
        {"F|contains|all: [a, b]", "all F: \"*a*\" ; \"*b*\""},
        {"F|cased|contains: Ab", "F: cased \"*Ab*\""},
        {"F|contains|cased: Ab", "F: cased \"*Ab*\""},
        {"F|contains|windash: ' -a'", "F: \"* <dash>a*\""},
        {"F|windash|contains: ' -a'", "F: \"* <dash>a*\""},
        {"F|endswith|windash: -x", "F: \"*<dash>x\""},
    };
    CHECK(rows);
}

static void all_and_neq_stand_anywhere(void **state)
{
    static const struct row rows[] = {
        {"F|all: [a, b]", "all F: \"a\" ; \"b\""},
        {"F|neq: x", "not F: \"x\""},
        {"F|neq|contains: x", "not F: \"*x*\""},
        {"F|contains|all|neq: [a, b]", "not all F: \"*a*\" ; \"*b*\""},
        {"F|all|re|neq: [a, b]", "not all F: regex \"a\" ; regex \"b\""},
        {"F|neq|cidr: 10.0.0.0/8", "not F: network 10.0.0.0/8"},
        {"F|neq|exists: true", "not F: present"},
        {"F|gt|neq: 5", "not F: number > 5"},
        {"F|neq: null", "not F: null"},
        {"F|neq|neq|cased|cased: x", "not F: cased \"x\""},
    };
    CHECK(rows);
}

static void encoders_work_on_the_literal_text(void **state)
{
    static const struct row rows[] = {
        {"F|base64: whoami", "F: \"d2hvYW1p\""},
        {"F|base64: 'a\\*b'", "F: \"YSpi\""},
        {"F|base64|cased: abc", "F: cased \"YWJj\""},
        {"F|base64|contains: foo", "F: \"*Zm9v*\""},
        {"F|base64offset|contains: foo", "F: \"*Zm9v*\" | \"*Zvb*\" | \"*mb2*\""},
        {"F|base64offset|startswith: foo", "F: \"Zm9v*\" | \"Zvb*\" | \"mb2*\""},
        {"F|base64offset|contains|all: [fo, foo]",
         "all F: \"*Zm*\" | \"*Zv*\" | \"*mb*\" ; \"*Zm9v*\" | \"*Zvb*\" | \"*mb2*\""},
        {"F|wide|base64: cmd", "F: \"YwBtAGQA\""},
        {"F|utf16le|base64: cmd", "F: \"YwBtAGQA\""},
        {"F|utf16be|base64: cmd", "F: \"AGMAbQBk\""},
        {"F|utf16|base64: a", "F: \"//5hAA==\""},
        {"F|wide|base64offset|contains: I", "F: \"*SQ*\" | \"*kA*\" | \"*JA*\""},
        {"F|wide: ab", "F: \"a\\x00b\\x00\""},
        {"F|utf16be|contains: a", "F: \"*\\x00a*\""},
        {"F|windash|base64: -a", "F: \"LWE=\" | \"L2E=\" | \"4oCTYQ==\" | \"4oCUYQ==\" | "
                                 "\"4oCVYQ==\""},
        {"F|windash|wide|base64: x", "F: \"eAA=\""},
        {"F|base64: ''", "F: \"\""},
    };
    CHECK(rows);
}

static void regexes_take_raw_text_and_flags(void **state)
{
    static const struct row rows[] = {
        {"F|re: '\\\\a\\.'", "F: regex (cat \"\\\\a.\")"},
        {"F|re|i: a", "F: regex i\"a\""},
        {"F|re|ignorecase: a", "F: regex i\"a\""},
        {"F|re|i|m|s: '^.$'", "F: regex (cat line-start [\\x{0}-\\x{10ffff}] line-end)"},
        {"F|re|multiline|dotall: '^'", "F: regex line-start"},
        {"F|re: ['a', 'b*']", "F: regex \"a\" ; regex (repeat 0 inf \"b\")"},
        {"F|re: '%x%'", "F: regex (cat \"%x%\")"},
    };
    CHECK(rows);
}

static void the_other_modifiers_make_their_values(void **state)
{
    static const struct row rows[] = {
        {"F|exists: true", "F: present"},
        {"F|exists: [false]", "F: absent"},
        {"F|cidr: 127.0.0.1", "F: network 127.0.0.1/32"},
        {"F|lt: 5", "F: number < 5"},
        {"F|lte: 1e3", "F: number <= 1000"},
        {"F|gte: [1, 2]", "F: number >= 1 ; number >= 2"},
        {"F|hour: 17", "F: hour = 17"},
        {"F|hour|gte: 18", "F: hour >= 18"},
        {"F|week|lt: 53", "F: week < 53"},
        {"F|year: 2024", "F: year = 2024"},
        {"F|fieldref: g.h", "F: equals field \"g.h\""},
        {"F|fieldref|endswith: G", "F: endswith field \"G\""},
        {"F|fieldref|startswith|cased: G", "F: cased startswith field \"G\""},
        {"F|fieldref|contains: 'a\\*b'", "F: contains field \"a*b\""},
        {"F|fieldref|neq: G", "not F: equals field \"G\""},
    };
    CHECK(rows);
}

static void keywords_are_searched_for(void **state)
{
    static const struct row rows[] = {
        {"'|all': [a, 5]", "all : \"*a*\" ; \"*5*\""},
        {"'': x", ": \"*x*\""},
        {"'|re': 'a$'", ": regex (cat \"a\" text-end)"},
        {"'|contains': x", ": \"*x*\""},
        {"'|cased|neq': x", "not : cased \"*x*\""},
        {"'|windash': -x", ": \"*<dash>x*\""},
        {"'|wide|base64offset|contains': I", ": \"*SQ*\" | \"*kA*\" | \"*JA*\""},
        {"- a\n    - 5\n    - 0x1F\n    - 1.50\n    - 'b*'",
         ": \"*a*\" ; \"*5*\" ; \"*31*\" ; \"*1.5*\" ; \"*b*\""},
    };
    CHECK(rows);
}

static void a_wrong_key_is_told_at_the_modifier(void **state)
{
    static const struct row rows[] = {
        {"F|foo: x", "5:7+3 unknown_modifier"},
        {"'F|': x", "5:8+1 unknown_modifier"},
        {"F|Contains: x", "5:7+8 unknown_modifier"},
        {"'F| contains': x", "5:8+9 unknown_modifier"},
        {"F|contains|foo|bar: x", "5:16+3 unknown_modifier\n5:20+3 unknown_modifier"},
        {"\"F|f\\x6fo\": x", "5:5+10 unknown_modifier"},
        {"F|gt|lt: 5", "5:10+2 modifier_conflict"},
        {"F|startswith|endswith: x", "5:18+8 modifier_conflict"},
        {"F|contains|contains: x", "5:16+8 modifier_conflict"},
        {"F|contains|re: x", "5:16+2 modifier_conflict"},
        {"F|re|endswith: x", "5:10+8 modifier_conflict"},
        {"'|contains|startswith': x", "5:16+10 modifier_conflict"},
        {"F|gt|hour: 5", "5:10+4 modifier_order"},
        {"F|contains|exists: true", "5:16+6 modifier_order"},
        {"F|contains|cidr: 10.0.0.0/8", "5:16+4 modifier_order"},
        {"F|base64|re: x", "5:14+2 modifier_order"},
        {"F|fieldref|re: G", "5:16+2 modifier_order"},
        {"F|base64|wide: x", "5:14+4 modifier_order"},
        {"F|base64|windash: x", "5:14+7 modifier_order"},
        {"F|base64|expand: x", "5:14+6 modifier_order"},
        {"F|cased|fieldref: G", "5:13+8 modifier_order"},
        {"F|hour|minute: 5", "5:12+6 modifier_order"},
        {"F|i: x", "5:7+1 modifier_type"},
        {"F|i|re: x", "5:7+1 modifier_type"},
        {"F|re|windash: '-x'", "5:10+7 modifier_type"},
        {"F|re|base64: x", "5:10+6 modifier_type"},
        {"F|re|fieldref: x", "5:10+8 modifier_type"},
        {"F|re|cased: x", "5:10+5 modifier_type"},
        {"F|cidr|contains: x", "5:12+8 modifier_type"},
        {"F|contains|gt: 5", "5:16+2 modifier_type"},
        {"F|gt|contains: 5", "5:10+8 modifier_type"},
        {"'|exists': true", "5:7+6 modifier_needs_field"},
        {"'|cidr': 10.0.0.0/8", "5:7+4 modifier_needs_field"},
        {"'|endswith': x", "5:7+8 modifier_needs_field"},
        {"'|gt': 5", "5:7+2 modifier_needs_field"},
        {"'|fieldref': x", "5:7+8 modifier_needs_field"},
        {"5: x", "5:5+1 invalid_key"},
        {"true: x", "5:5+4 invalid_key"},
    };
    CHECK(rows);
}

static void a_wrong_value_is_told_at_the_value(void **state)
{
    static const struct row rows[] = {
        {"F|startswith: true", "5:19+4 modifier_type"},
        {"F|contains: [x, 5, null]", "5:21+1 modifier_type\n5:24+4 null_in_list"},
        {"F|contains: null", "5:17+4 modifier_type"},
        {"F|base64: 5", "5:15+1 modifier_type"},
        {"F|re: 5", "5:11+1 modifier_type"},
        {"F|cidr: 5", "5:13+1 modifier_type"},
        {"F|windash: 5", "5:16+1 modifier_type"},
        {"F|cased: 5", "5:14+1 modifier_type"},
        {"F|fieldref: 5", "5:17+1 modifier_type"},
        {"F|expand: 5", "5:15+1 modifier_type"},
        {"F|gt: abc", "5:11+3 modifier_type"},
        {"F|gt: '5'", "5:11+3 modifier_type"},
        {"F|lt: true", "5:11+4 modifier_type"},
        {"F|hour: x", "5:13+1 modifier_type"},
        {"F|exists: 1", "5:15+1 exists_value"},
        {"F|exists: 'true'", "5:15+6 exists_value"},
        {"F|exists: null", "5:15+4 exists_value"},
        {"F|exists: [true, false]", "5:15+13 exists_value"},
        {"F|re: 'a[b'", "5:13+1 invalid_regex"},
        {"F|re: \"a\\t[b\"", "5:11+7 invalid_regex"},
        {"F|re: a(?=b)", "5:12+3 invalid_regex"},
        {"F|cidr: 10.0.0.0/33", "5:13+11 invalid_cidr"},
        {"F|cidr: 10.0.0.1/8", "5:13+10 invalid_cidr"},
        {"F|base64: 'a*'", "5:15+4 encode_wildcard"},
        {"F|wide|base64: '*a'", "5:20+4 encode_wildcard"},
        {"F|contains|base64: a", "5:24+1 encode_wildcard"},
        {"F|base64offset: 'a?b'", "5:21+5 encode_wildcard"},
        {"F|base64offset|contains: a", "5:30+1 value_too_short"},
        {"F|base64offset|contains: ''", "5:30+2 value_too_short"},
        {"F|wide: '\xc3\xa9'", "5:13+3 utf16_needs_base64"},
        {"F|wide: \xe4\x85\x81", "5:13+1 utf16_needs_base64"},
        {"F|utf16|contains: a", "5:23+1 utf16_needs_base64"},
        {"F|contains|fieldref: G", "5:26+1 fieldref_wildcard"},
        {"F|fieldref: 'G*'", "5:17+4 fieldref_wildcard"},
        {"F: []", "5:8+2 empty_value_list"},
        {"F: [[a]]", "5:9+3 invalid_value_type"},
        {"F: {a: b}", "5:8+6 invalid_value_type"},
        {"F: .inf", "5:8+4 invalid_value_type"},
        {"F|gt: .nan", "5:11+4 invalid_value_type"},
        {"F: [x, null]", "5:12+4 null_in_list"},
        {"'|all': [a, true]", "5:17+4 invalid_keyword"},
        {"'|contains': 5", "5:18+1 modifier_type"},
    };
    CHECK(rows);
}

static void lints_do_not_refuse(void **state)
{
    static const struct row rows[] = {
        {"F|contains|all: x", "5:16+3 single_all"},
        {"F|base64offset: abc", "5:7+12 bare_base64offset"},
        {"F|hour: 24", "5:13+2 time_part_range"},
        {"F|hour: 23", ""},
        {"F|minute: -1", "5:15+2 time_part_range"},
        {"F|month|gt: [0, 12]", "5:18+1 time_part_range"},
        {"F|week: 53", ""},
        {"F|year: 99999", ""},
        {"F|base64offset|contains: abc", ""},
        {"'|base64offset': abc", ""},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r = t_read_item(a, rows[i].item, NULL);
        assert_int_equal(r.n_rules, 1);
        t_assert_str(t_told(a, &r), rows[i].result);
    }
}

static void a_misspelt_modifier_is_guessed(void **state)
{
    static const struct {
        const char *item, *help;
    } rows[] = {
        {"F|contians: x", "did you mean 'contains'?"},
        {"F|EndsWith: x", "did you mean 'endswith'?"},
        {"F|base46: x", "did you mean 'base64'?"},
        {"F|zzzz: x", ""},
        {"F|x: x", ""},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct t_reading r = t_read_item(a, rows[i].item, NULL);
        t_assert_str(diag_get(r.sink, 0)->help, rows[i].help);
    }
}

/* `n` dashes in a value give 5^n texts, three for each with base64offset. */
static size_t variants(struct arena *a, unsigned n)
{
    struct text item;
    text_init(&item, a);
    text_addz(&item, "F|windash|base64offset|contains: '");
    for (unsigned i = 0; i < n; i++)
        text_addz(&item, " -a");
    text_addz(&item, "'");
    struct t_reading r = t_read_item(a, arena_copy(a, item.p, item.len), NULL);
    if (r.n_rules == 0) {
        t_assert_str(t_told(a, &r), "5:38+29 invalid_value_type");
        return 0;
    }
    return r.rules[0]->identifiers[0].detection->children[0]->item->values[0]->n;
}

static void variants_that_are_written_out_are_bounded(void **state)
{
    struct arena *a = t_arena(state);
    assert_int_equal(variants(a, 5), 3 * 3125);
    assert_int_equal(variants(a, 9), 0);
}

static void spans_of_an_item_cover_field_and_values(void **state)
{
    struct arena *a = t_arena(state);
    struct t_reading r = t_read_item(a, "Field|contains: abc", NULL);
    const struct item *item = r.rules[0]->identifiers[0].detection->children[0]->item;
    struct str text = sources_get(r.sources, item->at.file)->text;
    t_assert_str(str_sub(text, item->at.off, item->at.len), "Field|contains: abc");
    t_assert_str(str_sub(text, item->field_at.off, item->field_at.len), "Field");
    t_assert_str(str_sub(text, item->values[0]->at.off, item->values[0]->at.len), "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(plain_values_keep_their_type),
        t_test(substring_modifiers_add_stars),
        t_test(all_and_neq_stand_anywhere),
        t_test(encoders_work_on_the_literal_text),
        t_test(regexes_take_raw_text_and_flags),
        t_test(the_other_modifiers_make_their_values),
        t_test(keywords_are_searched_for),
        t_test(a_wrong_key_is_told_at_the_modifier),
        t_test(a_wrong_value_is_told_at_the_value),
        t_test(lints_do_not_refuse),
        t_test(a_misspelt_modifier_is_guessed),
        t_test(variants_that_are_written_out_are_bounded),
        t_test(spans_of_an_item_cover_field_and_values),
    };
    return t_run(tests);
}
