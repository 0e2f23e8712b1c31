/* An event's class (pack.h, Classes): found by its channel or provider, its id and the conditions
 * that hold.
 *
 *     uint32_t number;
 *     if (srt_class_find(classes, &source, slots, &number)) ...
 */
#ifndef SRT_CLASS_H
#define SRT_CLASS_H

#include "origin.h"
#include "texts.h"

struct srt_classes {
    const struct sigmaton_pack *pack;
    struct srt_texts keys; /* channels and providers: number of the key + 1 */
    uint32_t id_slot;      /* the first slot that names event ids, or SIGMATON_NO_SLOT */
};

/* Enters the keys of a checked pack, which is kept until destroy. NULL: no memory. Start-up only.
 */
struct srt_classes *srt_classes_create(const struct sigmaton_pack *pack);
void srt_classes_destroy(struct srt_classes *classes); /* accepts NULL */

/* The class of an event whose slots are as it has them, before bindings. false: none that is
 * smaller than the whole table says. */
bool srt_class_find(const struct srt_classes *classes, const struct srt_source *source,
                    const struct sigmaton_slot *slots, uint32_t *ret_class);

#endif
