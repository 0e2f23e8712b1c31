/* Packs that are linked in. */
#include <sigmaton/sigmaton.h>

#include "check.h"

enum sigmaton_status sigmaton_adopt(const struct sigmaton_pack *pack, const char **ret_why)
{
    const char *why = NULL;
    enum sigmaton_status status = srt_pack_check(pack, &why);
    if (status == SIGMATON_OK && pack->eval_off == 0) {
        status = SIGMATON_EPACK;
        why = "the pack has no code";
    }
    if (ret_why != NULL)
        *ret_why = status != SIGMATON_OK ? why : sigmaton_status_text(status);
    return status;
}
