/* Legacy collections: `action: global`, `reset` and `repeat` (SEMANTICS section 1, 6). */
#ifndef SIGMATON_RULE_COLLECTION_H
#define SIGMATON_RULE_COLLECTION_H

#include "rule.h"

/* What a document, whose root is a map, is; with DOCUMENT_RULE *ret_root is the map to read, the
 * template merged in. `state` takes note of the document. */
enum document_kind collection_apply(struct arena *a, struct diag_sink *sink,
                                    const struct document *doc, struct collection *state,
                                    const struct node **ret_root);

#endif
