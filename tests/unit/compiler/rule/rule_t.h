/* Reading rules from text in tests: what came, what it holds as one line, what was told where. */
#ifndef SIGMATON_TESTS_RULE_T_H
#define SIGMATON_TESTS_RULE_T_H

#include "t.h"

#include "rule.h"

#define T_DOCUMENTS_MAX 8

struct t_reading {
    struct sources *sources;
    struct diag_sink *sink;
    enum document_kind kinds[T_DOCUMENTS_MAX];
    struct rule *rules[T_DOCUMENTS_MAX]; /* the accepted ones */
    size_t n_documents, n_rules;
};

static inline struct documents t_documents(struct arena *a, struct t_reading *r, struct str text)
{
    uint32_t file = sources_add(r->sources, STR("t.yml"), text);
    return tree_read(a, r->sources, file, r->sink);
}

/* Reads all documents of `yaml`; placeholders is a YAML map or NULL. */
static inline struct t_reading t_read_str(struct arena *a, struct str yaml,
                                          const char *placeholders)
{
    struct t_reading r = {.sources = sources_new(a)};
    struct rule_options options = {0};
    struct collection state = {0};
    r.sink = diag_sink_new(a, r.sources);
    if (placeholders)
        options.placeholders = t_documents(a, &r, str_of(placeholders)).v[0].root;
    struct documents docs = t_documents(a, &r, yaml);
    for (size_t i = 0; i < docs.n && i < T_DOCUMENTS_MAX; i++) {
        struct rule *rule = NULL;
        enum document_kind kind = rule_read(a, r.sink, &docs.v[i], &state, &options, &rule);
        r.kinds[r.n_documents++] = kind;
        if (kind == DOCUMENT_RULE)
            r.rules[r.n_rules++] = rule;
    }
    return r;
}

static inline struct t_reading t_read(struct arena *a, const char *yaml)
{
    return t_read_str(a, str_of(yaml), NULL);
}

/* A rule whose one search identifier `sel` holds the YAML lines of `item`; indent continuation
 * lines by four blanks or more. */
static inline struct t_reading t_read_item(struct arena *a, const char *item,
                                           const char *placeholders)
{
    struct str yaml = str_format(a,
                                 "title: t\nlogsource: {product: p}\ndetection:\n  sel:\n    %s\n"
                                 "  condition: sel\n",
                                 item);
    return t_read_str(a, yaml, placeholders);
}

/* Everything told, a line each: "S417 12:7+8 unknown_modifier", warnings without category. */
static inline struct str t_told(struct arena *a, const struct t_reading *r)
{
    struct text out;
    text_init(&out, a);
    for (size_t i = 0; i < diag_count(r->sink); i++) {
        const struct diag *d = diag_get(r->sink, i);
        const struct diag_info *info = diag_info(d->code);
        const struct source *source = sources_get(r->sources, d->at.file);
        struct position at = source_position(source, d->at);
        text_addf(&out, "%s%u:%u+%u %s", i ? "\n" : "", at.line, at.column, at.column_length,
                  info->severity == DIAG_ERROR ? info->category : info->name);
    }
    return text_str(&out);
}

/* The items of the first rule's first identifier, which is a map or keywords: values separated by
 * " ; ", items by a line feed, "not " and "all " in front. */
static inline void t_show_item(struct text *out, const struct item *item)
{
    text_addz(out, item->neq ? "not " : "");
    text_addz(out, item->all ? "all " : "");
    text_add(out, item->field);
    text_addz(out, ": ");
    for (size_t i = 0; i < item->n_values; i++) {
        text_addz(out, i ? " ; " : "");
        value_print(out, item->values[i]);
    }
}

static inline void t_show_detection(struct text *out, const struct detection *d)
{
    if (d->kind == DETECTION_ITEM) {
        t_show_item(out, d->item);
        return;
    }
    for (size_t i = 0; i < d->n_children; i++) {
        text_addz(out, i ? "\n" : "");
        t_show_detection(out, d->children[i]);
    }
}

static inline struct str t_shown(struct arena *a, const struct t_reading *r)
{
    struct text out;
    text_init(&out, a);
    if (r->n_rules > 0)
        t_show_detection(&out, r->rules[0]->identifiers[0].detection);
    return text_str(&out);
}

#endif
