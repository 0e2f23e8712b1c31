#include "signature.h"

#include <sodium.h>
#include <string.h>

#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "
enum { ID_SIZE = 8 };

/* As they stand in base64. */
struct public_key {
    uint8_t algorithm[2], id[ID_SIZE], key[crypto_sign_PUBLICKEYBYTES];
};
struct signed_line {
    uint8_t algorithm[2], id[ID_SIZE], signature[crypto_sign_BYTES];
};
_Static_assert(sizeof(struct public_key) == 42 && sizeof(struct signed_line) == 74, "no padding");

struct line {
    const char *p;
    size_t len;
};

/* The next line of [*p, end) without its end; false at the end of the text. */
static bool line_next(const char **p, const char *end, struct line *ret_line)
{
    if (*p == end)
        return false;
    const char *feed = memchr(*p, '\n', (size_t)(end - *p));
    const char *stop = feed != NULL ? feed : end;
    *ret_line = (struct line){*p, (size_t)(stop - *p)};
    *p = feed != NULL ? feed + 1 : end;
    if (ret_line->len > 0 && stop[-1] == '\r')
        ret_line->len--;
    return true;
}

static bool line_begins(struct line line, const char *prefix)
{
    return line.len >= strlen(prefix) && memcmp(line.p, prefix, strlen(prefix)) == 0;
}

/* The whole line is base64 of exactly `size` bytes. */
static bool line_decode(struct line line, void *ret, size_t size)
{
    const char *stop = NULL;
    size_t len = 0;
    return sodium_base642bin(ret, size, line.p, line.len, NULL, &len, &stop,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           len == size && stop == line.p + line.len;
}

static bool key_read(const char *text, struct public_key *ret_key)
{
    const char *end = text + strlen(text);
    struct line line, more;
    if (!line_next(&text, end, &line) ||
        (line_begins(line, UNTRUSTED) && !line_next(&text, end, &line)) ||
        line_next(&text, end, &more))
        return false;
    return line_decode(line, ret_key, sizeof *ret_key) && memcmp(ret_key->algorithm, "Ed", 2) == 0;
}

struct signature {
    struct signed_line file;
    struct line comment; /* the trusted one */
    uint8_t global[crypto_sign_BYTES];
};

static bool signature_read(const char *text, size_t len, struct signature *ret)
{
    const char *end = text + len;
    struct line untrusted, file, trusted, global, more;
    if (!line_next(&text, end, &untrusted) || !line_next(&text, end, &file) ||
        !line_next(&text, end, &trusted) || !line_next(&text, end, &global) ||
        line_next(&text, end, &more))
        return false;
    if (!line_begins(untrusted, UNTRUSTED) || !line_begins(trusted, TRUSTED))
        return false;
    ret->comment = (struct line){trusted.p + strlen(TRUSTED), trusted.len - strlen(TRUSTED)};
    return line_decode(file, &ret->file, sizeof ret->file) &&
           line_decode(global, ret->global, sizeof ret->global);
}

static bool file_holds(const struct signed_line *s, const struct public_key *key,
                       const uint8_t *bytes, size_t len)
{
    uint8_t hash[crypto_generichash_BYTES_MAX];
    if (s->algorithm[1] == 'D') {
        if (crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0) != 0)
            return false;
        bytes = hash;
        len = sizeof hash;
    }
    return crypto_sign_verify_detached(s->signature, bytes, len, key->key) == 0;
}

static bool comment_holds(const struct signature *s, const struct public_key *key)
{
    uint8_t all[crypto_sign_BYTES + SRT_SIGNATURE_MAX];
    memcpy(all, s->file.signature, crypto_sign_BYTES);
    memcpy(all + crypto_sign_BYTES, s->comment.p, s->comment.len);
    return crypto_sign_verify_detached(s->global, all, crypto_sign_BYTES + s->comment.len,
                                       key->key) == 0;
}

enum sigmaton_status srt_signature_check(const char *key, const struct srt_signature *signature,
                                         const uint8_t *bytes, size_t len, const char **ret_why)
{
    struct public_key k;
    struct signature s;
    *ret_why = "libsodium cannot start";
    if (sodium_init() < 0)
        return SIGMATON_EBUILD;
    *ret_why = "the public key is none of minisign's";
    if (!key_read(key, &k))
        return SIGMATON_ESIGNATURE;
    *ret_why = signature->fault;
    if (signature->fault != NULL)
        return SIGMATON_ESIGNATURE;
    *ret_why = "the signature file is larger than any can be";
    if (signature->len > SRT_SIGNATURE_MAX)
        return SIGMATON_ESIGNATURE;
    *ret_why = "the signature file is damaged or none of minisign's";
    if (!signature_read(signature->text, signature->len, &s))
        return SIGMATON_ESIGNATURE;
    *ret_why = "the signature is of an unknown kind";
    if (s.file.algorithm[0] != 'E' || (s.file.algorithm[1] | 0x20) != 'd')
        return SIGMATON_ESIGNATURE;
    *ret_why = "the pack is signed with another key";
    if (memcmp(s.file.id, k.id, ID_SIZE) != 0)
        return SIGMATON_ESIGNATURE;
    *ret_why = "the pack is not what was signed";
    if (!file_holds(&s.file, &k, bytes, len))
        return SIGMATON_ESIGNATURE;
    *ret_why = "the trusted comment is not what was signed";
    return comment_holds(&s, &k) ? SIGMATON_OK : SIGMATON_ESIGNATURE;
}
