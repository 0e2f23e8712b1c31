#include "sign.h"

#include <fcntl.h>
#include <sodium.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "password.h"

enum { KEY_FILE_MAX = 4096, ID_SIZE = 8, CHECKSUM_SIZE = 32 };

/* minisign's secret key as it stands in base64. */
struct secret_key {
    uint8_t algorithm[2], derivation[2], checksum_algorithm[2];
    uint8_t salt[32], ops_limit[8], memory_limit[8];
    uint8_t id[ID_SIZE], key[crypto_sign_SECRETKEYBYTES], checksum[CHECKSUM_SIZE];
};
_Static_assert(sizeof(struct secret_key) == 158, "no padding");

struct signed_line {
    uint8_t algorithm[2], id[ID_SIZE], signature[crypto_sign_BYTES];
};
_Static_assert(sizeof(struct signed_line) == 74, "no padding");

/* Of a key file all but the comment: one line of base64. */
static bool key_decode(const char *text, size_t len, struct secret_key *ret_key)
{
    const char *feed = memchr(text, '\n', len), *end = text + len, *stop = NULL;
    size_t size = 0;
    if (!feed || strncmp(text, "untrusted comment: ", 19) != 0)
        return false;
    while (end > feed && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    if (end == feed)
        return false;
    return sodium_base642bin((uint8_t *)ret_key, sizeof *ret_key, feed + 1,
                             (size_t)(end - feed - 1), NULL, &size, &stop,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           size == sizeof *ret_key && stop == end;
}

static bool checksum_holds(const struct secret_key *k)
{
    uint8_t sum[CHECKSUM_SIZE];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof sum);
    crypto_generichash_update(&state, k->algorithm, sizeof k->algorithm);
    crypto_generichash_update(&state, k->id, sizeof k->id);
    crypto_generichash_update(&state, k->key, sizeof k->key);
    crypto_generichash_final(&state, sum, sizeof sum);
    return sodium_memcmp(sum, k->checksum, sizeof sum) == 0;
}

/* Whether the key is whole. minisign writes zeros for the checksum of a key without a password, so
 * there the public half, which is the second, is made again of the first. */
static bool key_is_whole(const struct secret_key *k)
{
    uint8_t again[crypto_sign_SECRETKEYBYTES], public[crypto_sign_PUBLICKEYBYTES];
    if (!sodium_is_zero(k->checksum, sizeof k->checksum) && !checksum_holds(k))
        return false;
    crypto_sign_seed_keypair(public, again, k->key);
    bool whole = sodium_memcmp(again, k->key, sizeof again) == 0;
    sodium_memzero(again, sizeof again);
    return whole;
}

static bool is_locked(const struct secret_key *k)
{
    return memcmp(k->derivation, "Sc", 2) == 0;
}

static bool key_is_usable(const char *text, size_t len, struct secret_key *ret_key,
                          const char **ret_why)
{
    *ret_why = "it is no secret key of minisign";
    if (!key_decode(text, len, ret_key) || memcmp(ret_key->algorithm, "Ed", 2) != 0 ||
        memcmp(ret_key->checksum_algorithm, "B2", 2) != 0)
        return false;
    if (is_locked(ret_key))
        return true;
    *ret_why = "it is locked in a way that only a newer minisign knows";
    if (ret_key->derivation[0] != 0 || ret_key->derivation[1] != 0)
        return false;
    *ret_why = "it is damaged";
    return key_is_whole(ret_key);
}

static uint64_t number(const uint8_t bytes[8])
{
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n |= (uint64_t)bytes[i] << 8 * i;
    return n;
}

/* Id, key and checksum are hidden under a stream that scrypt makes of the password. */
static bool key_unlock(struct secret_key *k, const char *password, size_t len, const char **ret_why)
{
    uint8_t stream[ID_SIZE + crypto_sign_SECRETKEYBYTES + CHECKSUM_SIZE];
    _Static_assert(sizeof stream == sizeof *k - offsetof(struct secret_key, id), "the rest of it");
    *ret_why = "there is not the memory that its password asks for";
    if (crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream, password, len, k->salt,
                                           number(k->ops_limit),
                                           (size_t)number(k->memory_limit)) != 0)
        return false;
    uint8_t *hidden = (uint8_t *)k + offsetof(struct secret_key, id);
    for (size_t i = 0; i < sizeof stream; i++)
        hidden[i] ^= stream[i];
    sodium_memzero(stream, sizeof stream);
    *ret_why = "the password is wrong, or the key is damaged";
    return checksum_holds(k) && key_is_whole(k);
}

static bool key_unlock_asking(struct secret_key *k, const struct signer *signer,
                              const char **ret_why)
{
    char password[PASSWORD_MAX];
    size_t len = 0;
    bool ok = password_read(signer->password_path, signer->key_path, password, &len, ret_why) &&
              key_unlock(k, password, len, ret_why);
    sodium_memzero(password, sizeof password);
    return ok;
}

static bool key_read(const char *path, struct secret_key *ret_key, const char **ret_why)
{
    char text[KEY_FILE_MAX];
    size_t len = 0;
    ssize_t n = -1;
    *ret_why = "libsodium cannot start";
    if (sodium_init() < 0)
        return false;
    *ret_why = "it cannot be read";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    while (len < sizeof text && (n = read(fd, text + len, sizeof text - len)) > 0)
        len += (size_t)n;
    close(fd);
    bool ok = n >= 0 && key_is_usable(text, len, ret_key, ret_why);
    sodium_memzero(text, sizeof text);
    return ok;
}

bool sign_key_check(const struct signer *signer, const char **ret_why)
{
    struct secret_key key;
    bool ok = key_read(signer->key_path, &key, ret_why);
    if (ok && is_locked(&key))
        ok = password_is_there(signer->password_path, ret_why);
    else if (ok && signer->password_path) {
        *ret_why = "it has no password, so --password-file is not for it";
        ok = false;
    }
    sodium_memzero(&key, sizeof key);
    return ok;
}

/* The key as it signs; wiped where this fails. */
static bool key_open(const struct signer *signer, struct secret_key *ret_key, const char **ret_why)
{
    bool ok = key_read(signer->key_path, ret_key, ret_why) &&
              (!is_locked(ret_key) || key_unlock_asking(ret_key, signer, ret_why));
    if (!ok)
        sodium_memzero(ret_key, sizeof *ret_key);
    return ok;
}

static char *base64(struct arena *a, const void *p, size_t len)
{
    size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_alloc(a, size);
    return sodium_bin2base64(text, size, p, len, sodium_base64_VARIANT_ORIGINAL);
}

bool sign_text(struct arena *a, const struct signer *signer, const void *bytes, size_t len,
               struct str *ret_text, const char **ret_why)
{
    struct secret_key key;
    struct signed_line line = {.algorithm = "ED"};
    uint8_t hash[crypto_generichash_BYTES_MAX], global[crypto_sign_BYTES];
    /* All that is taken from the arena before the key is in memory: where there is none left, the
     * arena jumps. */
    struct str comment = str_format(a, "pack of sigmaton " SIGMATON_VERSION ", %zu bytes", len);
    uint8_t *both = arena_alloc(a, sizeof line.signature + comment.len);
    if (!key_open(signer, &key, ret_why))
        return false;
    memcpy(line.id, key.id, sizeof line.id);
    crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
    crypto_sign_detached(line.signature, NULL, hash, sizeof hash, key.key);
    memcpy(both, line.signature, sizeof line.signature);
    memcpy(both + sizeof line.signature, comment.p, comment.len);
    crypto_sign_detached(global, NULL, both, sizeof line.signature + comment.len, key.key);
    sodium_memzero(&key, sizeof key);
    *ret_text = str_format(a,
                           "untrusted comment: signature by sigmaton build\n%s\n"
                           "trusted comment: %.*s\n%s\n",
                           base64(a, &line, sizeof line), (int)comment.len, comment.p,
                           base64(a, global, sizeof global));
    return true;
}
