/* Signs packs as minisign does, with minisign's own keys. */
#ifndef SIGMATON_TOOL_SIGN_H
#define SIGMATON_TOOL_SIGN_H

#include <stdbool.h>

#include "arena.h"
#include "str.h"

struct signer {
    const char *key_path;
    const char *password_path; /* of a key with a password; NULL: asked for on the terminal */
};

/* Reads a secret key that minisign wrote, asks for its password where it has one, signs bytes[len]
 * and gives the text of the signature file, the same for the same bytes and key. Key and password
 * are wiped from memory before this returns. Unlocking costs what minisign chose: by default a
 * gibibyte and some seconds. False: *ret_why says why (static). */
bool sign_text(struct arena *a, const struct signer *signer, const void *bytes, size_t len,
               struct str *ret_text, const char **ret_why);

/* Whether the key, unless locked, can be used, and a password be had; before there is something to
 * sign. */
bool sign_key_check(const struct signer *signer, const char **ret_why);

#endif
