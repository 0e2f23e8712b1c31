#include "host.h"

#include "cidr.h"
#include "fieldref.h"
#include "leaf.h"
#include "number.h"
#include "regex.h"
#include "set.h"
#include "text.h"
#include "time_part.h"
#include "wildcard.h"

static int32_t any(const struct sigmaton_slot *s)
{
    SRT_ANY_TEXT_LEAF(s, leaf, 1);
}

static int32_t null(const struct sigmaton_slot *s)
{
    const struct srt_leaves leaves = srt_leaves(s);
    if (s->kind == SIGMATON_ABSENT)
        return 1;
    for (uint32_t i = 0; i < leaves.n; i++)
        if (leaves.v[i].kind == SIGMATON_NULL)
            return 1;
    return 0;
}

static int32_t leaf_is(const struct sigmaton_slot *leaf, uint32_t value)
{
    static const uint8_t words[2][5] = {"false", "true"};
    if (leaf->kind == SIGMATON_BOOL)
        return (leaf->number != 0) == (value != 0);
    return leaf->kind == SIGMATON_TEXT &&
           srt_text_eq(leaf->at.text, leaf->len, words[value != 0], value ? 4 : 5, SIGMATON_ASCII);
}

static int32_t boolean(const struct sigmaton_slot *s, uint32_t value)
{
    SRT_ANY_TEXT_LEAF(s, leaf, leaf_is(leaf, value));
}

const struct sigmaton_host *srt_host(void)
{
    static const struct sigmaton_host host = {
        .size = sizeof host,
        .abi = (uint32_t)SIGMATON_ABI_MAJOR << 16 | SIGMATON_ABI_MINOR,
        .eq = srt_eq,
        .prefix = srt_prefix,
        .suffix = srt_suffix,
        .contains = srt_contains,
        .wildcard = srt_wildcard,
        .set = srt_set,
        .any = any,
        .null = null,
        .boolean = boolean,
        .number = srt_number,
        .cidr = srt_cidr,
        .fieldref = srt_fieldref,
        .time = srt_time,
        .regex = srt_regex,
    };
    return &host;
}
