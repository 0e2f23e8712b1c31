/* What signatures are without libsodium: refused, never believed. */
#include "signature.h"

enum sigmaton_status srt_signature_check(const char *key, const struct srt_signature *signature,
                                         const uint8_t *bytes, size_t len, const char **ret_why)
{
    (void)key, (void)signature, (void)bytes, (void)len;
    *ret_why = "signatures cannot be checked: this build is without libsodium";
    return SIGMATON_EBUILD;
}
