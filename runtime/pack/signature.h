/* Signatures of pack files, in minisign's format: who holds the key has signed these bytes.
 *
 * A signature is a text of four lines: an untrusted comment; base64 of two bytes of algorithm, an
 * 8-byte key id and an Ed25519 signature; a trusted comment; base64 of an Ed25519 signature of the
 * first signature and the trusted comment. Algorithm "ED" signs the BLAKE2b-512 of the file, "Ed"
 * (older minisign) the file itself. A public key is base64 of "Ed", key id and key, alone or below
 * an untrusted comment.
 *
 * libsodium does the arithmetic; without it (meson -Dsodium=disabled) every check ends with
 * SIGMATON_EBUILD. */
#ifndef SRT_SIGNATURE_H
#define SRT_SIGNATURE_H

#include <sigmaton/sigmaton.h>

#define SRT_SIGNATURE_MAX ((size_t)16384) /* bytes of a signature file */

/* A signature file's text, or why there is none. */
struct srt_signature {
    const char *text;
    size_t len;
    const char *fault; /* static; NULL: text is there */
};

/* Whether bytes[len] are what the holder of `key` (a public key's text) signed. SIGMATON_ESIGNATURE
 * and _EBUILD, with a static phrase. Allocates nothing; any thread. */
enum sigmaton_status srt_signature_check(const char *key, const struct srt_signature *signature,
                                         const uint8_t *bytes, size_t len, const char **ret_why);

#endif
