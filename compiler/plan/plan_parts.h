/* The steps of plan_make, in order; for this room alone. */
#ifndef SIGMATON_PLAN_PLAN_PARTS_H
#define SIGMATON_PLAN_PLAN_PARTS_H

#include "plan.h"

/* Slot numbers and flags, shapes (slots.c). */
void plan_slots(struct plan *p, const struct plan_options *options);
/* The slots that each rule asks (rule_slots.c). */
void plan_rule_slots(struct plan *p);
/* The regex table and its automata (regexes.c). */
void plan_regexes(struct plan *p, const struct plan_options *options);
/* Leaves as data: the bytes that stand at image offset `base` (8-aligned), and where in them each
 * node's are (probes.c). Needs blob_of. */
const void *plan_probes(struct plan *p, uint32_t base, uint32_t *ret_size);
/* The image; false after reporting (image.c). */
bool plan_image(struct plan *p, struct diag_sink *sink, const struct plan_options *options);

/* The distinct log sources of the rules (routes.c). */
void plan_sources(struct plan *p);
/* The rules that meet events of the row (CONTRACT section 3): words[(n_rules + 63) / 64] in `a`,
 * *ret_n rules. */
uint64_t *plan_route(struct arena *a, const struct plan *p, const struct logsource_row *row,
                     uint32_t *ret_n);

/* The image in the making (image.c): room for `len` bytes, 8-aligned; bytes put there; a text,
 * which stands once. Offsets are 0 when the image is full. */
struct image;
uint32_t image_reserve(struct image *m, uint64_t len);
void image_put(struct image *m, uint32_t off, const void *p, size_t len);
uint32_t image_text(struct image *m, struct str s);
/* The index of every layer (index.c). */
void plan_index(struct plan *p, struct image *image);
/* Whether events of the row carry what the log source names. */
bool plan_carries(const struct logsource_row *row, const struct logsource *wanted);
/* Classes of events and the layers of rules that they ask (classes.c). */
void plan_classes(struct plan *p);

#endif
