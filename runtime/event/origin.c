#include "origin.h"

#include "leaf.h"
#include "number.h"

const struct sigmaton_slot *srt_slot_leaf(const struct sigmaton_slot *slot, uint32_t kinds)
{
    struct srt_leaves leaves = srt_leaves(slot);
    for (uint32_t i = 0; i < leaves.n; i++)
        if ((leaves.v[i].kind & kinds) != 0)
            return &leaves.v[i];
    return NULL;
}

/* A whole number of 32 bits, however it is written. */
static bool id_of_number(struct srt_number number, uint32_t *ret_id)
{
    if (number.kind == SIGMATON_INT && number.bits <= UINT32_MAX) {
        *ret_id = (uint32_t)number.bits;
        return true;
    }
    if (number.kind != SIGMATON_DOUBLE)
        return false;
    double d = srt_number_double(number.bits);
    if (!(d >= 0 && d <= UINT32_MAX) || d != (double)(uint32_t)d)
        return false;
    *ret_id = (uint32_t)d;
    return true;
}

bool srt_slot_id(const struct sigmaton_slot *slot, struct srt_source *source)
{
    struct srt_leaves leaves = srt_leaves(slot);
    struct srt_number number;
    if (leaves.n == 0 || (leaves.v[0].kind & SIGMATON_SCALAR) == 0 ||
        !srt_number_of(&leaves.v[0], &number))
        return false;
    source->has_id = id_of_number(number, &source->id);
    return true;
}
