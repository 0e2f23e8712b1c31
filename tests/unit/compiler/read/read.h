/* Reads a text as a rule file and keeps all that came of it. */
#ifndef SIGMATON_TESTS_READ_H
#define SIGMATON_TESTS_READ_H

#include "t.h"
#include "tree.h"

struct reading {
    struct arena *arena;
    struct sources *sources;
    struct diag_sink *sink;
    struct documents documents;
};

static inline struct reading read_text(struct arena *a, struct str text)
{
    struct reading r = {.arena = a, .sources = sources_new(a)};
    r.sink = diag_sink_new(a, r.sources);
    uint32_t file = sources_add(r.sources, STR("t.yml"), text);
    r.documents = tree_read(a, r.sources, file, r.sink);
    return r;
}

/* The only document of a text without faults. */
static inline const struct node *read_one(struct arena *a, struct str text)
{
    struct reading r = read_text(a, text);
    assert_int_equal(diag_count(r.sink), 0);
    assert_int_equal(r.documents.n, 1);
    assert_non_null(r.documents.v[0].root);
    return r.documents.v[0].root;
}

/* `n` times `piece`, between `before` and `after`. */
static inline struct str repeated(struct arena *a, const char *before, const char *piece, size_t n,
                                  const char *after)
{
    struct text t;
    text_init(&t, a);
    text_addz(&t, before);
    for (size_t i = 0; i < n; i++)
        text_addz(&t, piece);
    text_addz(&t, after);
    return text_str(&t);
}

#endif
