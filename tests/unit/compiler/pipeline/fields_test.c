#include "pipeline_t.h"

#define SEL "    sel: {F: a}\n    condition: sel\n"
#define ID "  identifier \"sel\"\n"
#define END "  condition sel\n"

static const struct pipe_case names[] = {
    {"- {type: field_name_mapping, mapping: {F: G, H: I}}", SEL,
     ID "    all of\n      field \"G\": any of\n        \"a\"\n" END, false},
    {"- {type: field_name_mapping, mapping: {F: [G, H]}}", SEL,
     ID "    all of\n      any of\n        field \"G\": any of\n          \"a\"\n"
        "        field \"H\": any of\n          \"a\"\n" END,
     false},
    {"- {type: field_name_mapping, mapping: {f: G}}", SEL,
     ID "    all of\n      field \"F\": any of\n        \"a\"\n" END, false},
    {"- {type: field_name_prefix_mapping, mapping: {win.: win_, w: x}}",
     "    sel: {win.proc: a}\n    condition: sel\n",
     ID "    all of\n      field \"win_proc\": any of\n        \"a\"\n" END, false},
    {"- {type: field_name_prefix, prefix: p.}\n- {type: field_name_suffix, suffix: .s}", SEL,
     ID "    all of\n      field \"p.F.s\": any of\n        \"a\"\n" END, false},
    {"- {type: field_name_transform, transform_func: snake_case, mapping: {F: g}}",
     "    sel: {F: a, ParentImageURL: b}\n    condition: sel\n",
     ID "    all of\n      field \"g\": any of\n        \"a\"\n"
        "      field \"parent_image_url\": any of\n        \"b\"\n" END,
     false},
};

static void fields_take_other_names(void **state)
{
    PIPE_CHECK(state, names);
}

static const struct pipe_case many[] = {
    /* neq: in none of the fields */
    {"- {type: field_name_mapping, mapping: {F: [G, H]}}",
     "    sel: {F|neq: a}\n    condition: sel\n",
     ID "    all of\n      field \"G\": not any of\n        \"a\"\n"
        "      field \"H\": not any of\n        \"a\"\n" END,
     false},
    /* twice one to many stays flat */
    {"- {type: field_name_mapping, mapping: {F: [G, H]}}\n"
     "- {type: field_name_mapping, mapping: {G: [I, J]}}",
     SEL,
     ID "    all of\n      any of\n        field \"I\": any of\n          \"a\"\n"
        "        field \"J\": any of\n          \"a\"\n"
        "        field \"H\": any of\n          \"a\"\n" END,
     false},
    {"- {type: field_name_mapping, mapping: {F: []}}",
     "    sel: {F: a, G: b}\n    condition: sel\n",
     ID "    all of\n      field \"G\": any of\n        \"b\"\n" END, false},
};

static void one_field_becomes_several_or_none(void **state)
{
    PIPE_CHECK(state, many);
}

static const struct pipe_case references[] = {
    {"- {type: field_name_mapping, mapping: {F: X, G: Y}}",
     "    sel: {F|fieldref: G}\n    condition: sel\n",
     ID "    all of\n      field \"X\": any of\n        equals field \"Y\"\n" END, false},
    {"- {type: field_name_mapping, mapping: {G: [Y, Z]}}",
     "    sel: {F|fieldref|endswith: G}\n    condition: sel\n",
     ID "    all of\n      field \"F\": any of\n        endswith field \"Y\"\n"
        "        endswith field \"Z\"\n" END,
     false},
    {"- type: field_name_prefix\n  prefix: p.\n"
     "  field_name_conditions: [{type: include_fields, fields: [G]}]",
     "    sel: {F|fieldref: G}\n    condition: sel\n",
     ID "    all of\n      field \"F\": any of\n        equals field \"p.G\"\n" END, false},
};

static void referenced_fields_are_mapped_too(void **state)
{
    PIPE_CHECK(state, references);
}

static const struct pipe_case keywords[] = {
    {"- {type: field_name_prefix, prefix: p.}", "    sel: [a, b]\n    condition: sel\n",
     ID "    keywords: any of\n      \"*a*\"\n      \"*b*\"\n" END, false},
    {"- {type: field_name_mapping, mapping: {null: message}}",
     "    sel: [a, b]\n    condition: sel\n",
     ID "    field \"message\": any of\n      \"*a*\"\n      \"*b*\"\n" END, false},
};

static void keywords_stay_unless_null_is_mapped(void **state)
{
    PIPE_CHECK(state, keywords);
}

#define MD5 "0123456789abcdef0123456789abcdef"
#define SHA1 MD5 "01234567"
#define HASHES "- type: hashes_fields\n  valid_hash_algos: [MD5, SHA1, IMPHASH]\n"
static const struct pipe_case hashes[] = {
    {HASHES "  field_prefix: File",
     "    sel: {Hashes: ['md5=ab', 'SHA1|cd', " MD5 "]}\n"
     "    condition: sel\n",
     ID "    all of\n      any of\n        field \"FileMD5\": any of\n          \"ab\"\n          "
        "\"" MD5 "\"\n        field \"FileSHA1\": any of\n          \"cd\"\n" END,
     false},
    {HASHES, "    sel: {Hashes|contains|all: ['MD5=ab', 'IMPHASH=cd']}\n    condition: sel\n",
     ID "    all of\n      field \"MD5\": all of\n        \"ab*\"\n"
        "      field \"IMPHASH\": all of\n        \"cd*\"\n" END,
     false},
    {HASHES "  drop_algo_prefix: true\n  field_prefix: hash",
     "    sel: {Hashes: 'MD5=ab'}\n    condition: sel\n",
     ID "    all of\n      field \"hash\": any of\n        \"ab\"\n" END, false},
    {HASHES, "    sel: {Hashes: 'CRC=ab'}\n    condition: sel\n",
     "'hashes_fields' cannot be applied to this rule: none of its values is a hash of a valid "
     "algorithm",
     false},
};

static void hashes_become_a_field_each(void **state)
{
    PIPE_CHECK(state, hashes);
}

static const struct pipe_case strict[] = {
    {"- {type: field_name_mapping, mapping: {F: G}}\n- {type: strict_field_mapping_failure}",
     "    sel: {F: a, H: b}\n    condition: sel\n", "the field 'H' has no mapping", false},
    {"- {type: field_name_mapping, mapping: {F: F}}\n"
     "- {type: add_condition, conditions: {E: 1}, name: x}\n"
     "- {type: strict_field_mapping_failure}",
     "    sel: {F: a}\n    condition: sel\n",
     ID "    all of\n      field \"F\": any of\n        \"a\"\n"
        "  identifier \"x\"\n    all of\n      field \"E\": any of\n        number = 1\n"
        "  condition (x and sel)\n",
     false},
};

static void strict_mapping_refuses_what_no_mapping_named(void **state)
{
    PIPE_CHECK(state, strict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(fields_take_other_names),
        t_test(one_field_becomes_several_or_none),
        t_test(referenced_fields_are_mapped_too),
        t_test(keywords_stay_unless_null_is_mapped),
        t_test(hashes_become_a_field_each),
        t_test(strict_mapping_refuses_what_no_mapping_named),
    };
    return t_run(tests);
}
