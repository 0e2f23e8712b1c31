/* Signs packs as minisign does, with minisign's own keys. */
#ifndef SIGMATON_TOOL_SIGN_H
#define SIGMATON_TOOL_SIGN_H

#include <stdbool.h>

#include "arena.h"
#include "str.h"

/* Reads a secret key that minisign wrote without a password (-W; one with a password is refused),
 * signs bytes[len] and gives the text of the signature file, the same for the same bytes and key.
 * The key is wiped from memory before this returns. False: *ret_why says why (static). */
bool sign_text(struct arena *a, const char *key_path, const void *bytes, size_t len,
               struct str *ret_text, const char **ret_why);

/* Whether a key can be used; as sign_text, before there is something to sign. */
bool sign_key_check(const char *key_path, const char **ret_why);

#endif
