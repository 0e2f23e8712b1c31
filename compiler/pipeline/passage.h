/* A rule's way through the pipelines: what the files behind pipeline_apply.c share; nobody else
 * includes it. The rule is a copy whose items are all `struct tracked`; conditions are shared with
 * the original and replaced, never written to. */
#ifndef SIGMATON_PIPELINE_PASSAGE_H
#define SIGMATON_PIPELINE_PASSAGE_H

#include "arena.h"
#include "pipeline_file.h"

#define PASSAGE_ITEMS_MAX 100000                    /* detection items made for one rule */
#define PASSAGE_DEPTH_MAX (2 * DETECTION_DEPTH_MAX) /* of one search identifier */

/* A placeholder of an item and what stands for it. */
struct binding {
    struct str name;
    const struct node *values;
};

struct tracked {
    struct item item;          /* first, so that an item of the copy leads here */
    uint64_t *applied, *named; /* bits by step: worked on the item; on its field's name */
    bool added;                /* by add_condition */
    bool mapped;               /* its field came out of a mapping */
    struct binding *bindings;
    size_t n_bindings, cap_bindings;
};

struct setting {
    struct str key;
    const struct node *value;
};

struct settings {
    struct setting *v;
    size_t n, cap;
};

struct passage {
    struct arena *arena;
    struct diag_sink *sink;
    const struct pipelines *pipelines;
    const struct node *placeholders; /* of --placeholders; NULL: none */
    struct rule *rule;
    uint64_t *applied; /* bits by step */
    struct settings state, attributes;
    const struct step *step; /* the one at work, for messages */
    size_t n_items;
    size_t variants_left; /* of RULE_VARIANTS_MAX */
    bool failed;
};

/* Reports that the step cannot be applied, refuses the rule, and returns false. */
bool passage_fail(struct passage *p, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "the step 'id' in FILE, line N", for help texts. */
struct str passage_step(const struct passage *p);
/* Books `len` bytes of text made for the rule; false after reporting. */
bool passage_charge(struct passage *p, struct span at, size_t len);

static inline struct tracked *tracked_of(struct item *item)
{
    return (struct tracked *)(void *)item;
}
/* A copy of an item with marks of its own. */
struct tracked *tracked_copy(struct passage *p, const struct item *item,
                             const struct tracked *marks);
struct detection *detection_of_item(struct passage *p, struct tracked *t);
void mark_step(uint64_t *bits, const struct step *s);

/* Whether the subject passes the step's gate (conditions.c). False too when a regex ran into its
 * bound: then p->failed is set. */
bool gate_passes(struct passage *p, const struct step *s, const struct subject *subject);
bool gate_field(struct passage *p, const struct step *s, const struct tracked *t, struct str field);
void setting_put(struct passage *p, struct settings *list, struct str key,
                 const struct node *value);
const struct node *setting_find(const struct settings *list, struct str key);

/* ---- values (values.c) ---- */

/* The pattern as text, each byte marked; keywords without the stars that reading added. */
void marked_of_pattern(struct arena *a, const struct item *item, const struct pattern *pattern,
                       struct marked *ret_text);
struct pattern pattern_of_marked(struct arena *a, const struct item *item, const struct marked *m,
                                 size_t start, size_t end);
/* A scalar of a pipeline as a value: a text is a pattern. */
struct value *value_of_node(struct arena *a, const struct node *node);
/* ASCII letters in lower case, upper case or snake_case; other bytes as they are. */
struct str text_in_case(struct arena *a, struct str s, struct str how);
/* Equal as written: letter case counts. */
bool pattern_equal(const struct pattern *a, const struct pattern *b);

/* Reads the item again with the values that its placeholders were bound to; `last`: what is still
 * unknown is an error (placeholders.c). False after reporting. */
bool placeholders_resolve(struct passage *p, struct tracked *t, bool last);

/* Takes search identifiers whose detection is gone out of the rule and its conditions (rewrite.c).
 * False after reporting. */
bool prune_rule(struct passage *p);

/* ---- the transformations, one function per row of transformations.def ---- */

bool apply_field_mapping(struct passage *p, const struct step *s, struct detection **at);
bool apply_prefix_mapping(struct passage *p, const struct step *s, struct detection **at);
bool apply_field_prefix(struct passage *p, const struct step *s, struct detection **at);
bool apply_field_suffix(struct passage *p, const struct step *s, struct detection **at);
bool apply_field_transform(struct passage *p, const struct step *s, struct detection **at);
bool apply_hashes(struct passage *p, const struct step *s, struct detection **at);
bool apply_drop(struct passage *p, const struct step *s, struct detection **at);
bool apply_wildcard_placeholders(struct passage *p, const struct step *s, struct detection **at);
bool apply_value_placeholders(struct passage *p, const struct step *s, struct detection **at);
bool apply_file_placeholders(struct passage *p, const struct step *s, struct detection **at);
bool apply_replace_string(struct passage *p, const struct step *s, struct detection **at);
bool apply_map_string(struct passage *p, const struct step *s, struct detection **at);
bool apply_regex(struct passage *p, const struct step *s, struct detection **at);
bool apply_set_value(struct passage *p, const struct step *s, struct detection **at);
bool apply_convert_type(struct passage *p, const struct step *s, struct detection **at);
bool apply_case(struct passage *p, const struct step *s, struct detection **at);
bool apply_add_condition(struct passage *p, const struct step *s, struct detection **at);
bool apply_change_logsource(struct passage *p, const struct step *s, struct detection **at);
bool apply_field_list(struct passage *p, const struct step *s, struct detection **at);
bool apply_set_state(struct passage *p, const struct step *s, struct detection **at);
bool apply_set_attribute(struct passage *p, const struct step *s, struct detection **at);
bool apply_rule_failure(struct passage *p, const struct step *s, struct detection **at);
bool apply_item_failure(struct passage *p, const struct step *s, struct detection **at);
bool apply_strict_mapping(struct passage *p, const struct step *s, struct detection **at);

/* ---- the conditions, one function per row of pipeline_conditions.def ---- */

bool test_logsource(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_contains_item(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_contains_field(struct passage *p, const struct gate_condition *c,
                         const struct subject *s);
bool test_applied(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_state(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_rule(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_correlation(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_attribute(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_tag(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_match_string(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_match_value(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_wildcard(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_null(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_include(struct passage *p, const struct gate_condition *c, const struct subject *s);
bool test_exclude(struct passage *p, const struct gate_condition *c, const struct subject *s);

#endif
