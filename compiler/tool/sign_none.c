#include "sign.h"

static const char without[] = "this build is without libsodium (meson -Dsodium=enabled)";

bool sign_text(struct arena *a, const struct signer *signer, const void *bytes, size_t len,
               struct str *ret_text, const char **ret_why)
{
    (void)a, (void)signer, (void)bytes, (void)len, (void)ret_text;
    *ret_why = without;
    return false;
}

bool sign_key_check(const struct signer *signer, const char **ret_why)
{
    (void)signer;
    *ret_why = without;
    return false;
}
