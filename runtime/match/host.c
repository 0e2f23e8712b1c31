#include "host.h"

#include "cidr.h"
#include "fieldref.h"
#include "index.h"
#include "kinds.h"
#include "number.h"
#include "probe.h"
#include "regex.h"
#include "set.h"
#include "text.h"
#include "time_part.h"
#include "wildcard.h"

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
        .any = srt_any,
        .null = srt_null,
        .boolean = srt_boolean,
        .number = srt_number,
        .cidr = srt_cidr,
        .fieldref = srt_fieldref,
        .time = srt_time,
        .regex = srt_regex,
        .probe = srt_probe,
        .index = srt_index,
        .layer = srt_layer,
    };
    return &host;
}
