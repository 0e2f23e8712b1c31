/* What the files that read documents share; nobody else includes it. */
#ifndef SIGMATON_RULE_RULE_READER_H
#define SIGMATON_RULE_RULE_READER_H

#include "rule.h"

/* One document on its way to a rule. Everything goes on after a fault, so that all are told. */
struct rule_reader {
    struct arena *arena;
    struct diag_sink *sink;
    const struct rule_options *options;
    struct rule *rule;
    enum document_kind kind; /* DOCUMENT_RULE, DOCUMENT_FILTER or DOCUMENT_CORRELATION */
    struct span document_at; /* what is missing has no place of its own: the first key */
    bool faulty;
    struct rule_options own; /* what `options` points to: with a budget of this document's own */
    size_t variants_left;
};

/* Reports an error and marks the rule as faulty. */
#define RULE_FAULT(reader, code, at, help, ...) \
    ((reader)->faulty = true, DIAG((reader)->sink, (code), (at), (help), __VA_ARGS__))
#define RULE_FAULT0(reader, code, at) \
    ((reader)->faulty = true, DIAG0((reader)->sink, (code), (at), NO_HELP))

/* "must be a list, this is a text" */
struct str wrong_kind(struct arena *a, const char *wanted, const struct node *node);

/* Makes the rule of a document, whose map is `root`, and names it in later diagnostics; arena, sink
 * and kind are set. `options` may be NULL. */
void reader_open(struct rule_reader *r, const struct document *doc, const struct node *root,
                 const struct rule_options *options);
void reader_close(struct rule_reader *r); /* later diagnostics belong to no rule */

void attributes_read(struct rule_reader *r, const struct node *root); /* attributes.c */
/* `key` and `value` of the document's detection; value NULL when there is none. */
void detection_read(struct rule_reader *r, const struct node *key, const struct node *value);

bool uuid_valid(struct str s);

#endif
