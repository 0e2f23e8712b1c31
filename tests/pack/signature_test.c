/* Which signatures are believed. Keys and signatures are made here, with libsodium and nothing of
 * ours. */
#include "pack_t.h"

#include <sodium.h>

static struct bytes built;
static uint8_t secret[64], key_bytes[42], other_secret[64], other_bytes[42];
static char key[128], other[128];

static char *base64(char *to, const void *p, size_t len)
{
    return sodium_bin2base64(to, 256, p, len, sodium_base64_VARIANT_ORIGINAL);
}

static void key_make(uint8_t sk[64], uint8_t bytes[42], char text[128])
{
    char line[256];
    memcpy(bytes, "Ed", 2);
    randombytes_buf(bytes + 2, 8);
    crypto_sign_keypair(bytes + 10, sk);
    snprintf(text, 128, "%s", base64(line, bytes, 42));
}

static int build(void **state)
{
    (void)state;
    if (sodium_init() < 0)
        return -1;
    key_make(secret, key_bytes, key);
    key_make(other_secret, other_bytes, other);
    built = pack_build(PACK_RULES, SIGMATONC_SO, NULL);
    return 0;
}

/* The signature file's text of the built pack, from malloc. */
static char *sign(const char *algorithm, const uint8_t *id, const uint8_t sk[64],
                  const char *comment)
{
    uint8_t line[74], hash[64], global[64];
    char one[256], two[256];
    size_t len = strlen(comment);
    uint8_t *both = malloc(64 + len);
    char *text = malloc(len + 1024);
    memcpy(line, algorithm, 2);
    memcpy(line + 2, id, 8);
    crypto_generichash(hash, sizeof hash, built.p, built.len, NULL, 0);
    if (algorithm[1] == 'D')
        crypto_sign_detached(line + 10, NULL, hash, sizeof hash, sk);
    else
        crypto_sign_detached(line + 10, NULL, built.p, built.len, sk);
    memcpy(both, line + 10, 64);
    memcpy(both + 64, comment, len);
    crypto_sign_detached(global, NULL, both, 64 + len, sk);
    sprintf(text, "untrusted comment: x\n%s\ntrusted comment: %s\n%s\n", base64(one, line, 74),
            comment, base64(two, global, 64));
    free(both);
    return text;
}

static enum sigmaton_status opened(const struct bytes b, const char *public, const char *text,
                                   size_t len, const char **why)
{
    const struct sigmaton_open_options o = {
        .size = sizeof o, .verify_key = public, .signature = text, .signature_len = len};
    struct sigmaton_file *file = NULL;
    int fd = pack_file(b.p, b.len);
    enum sigmaton_status s = sigmaton_open_fd(fd, &o, &file, why);
    assert_int_equal(s == SIGMATON_OK, file != NULL);
    sigmaton_close(file);
    close(fd);
    return s;
}

static void refused(const char *public, const char *text, size_t len, const char *phrase)
{
    const char *why = NULL;
    enum sigmaton_status s = opened(built, public, text, len, &why);
    if (s != SIGMATON_ESIGNATURE || !strstr(why, phrase))
        fail_msg("wanted \"..%s..\", came %d: %s", phrase, (int)s, why);
}

static void both_algorithms_and_both_forms_of_a_key(void **state)
{
    static const char *const algorithms[] = {"ED", "Ed"};
    (void)state;
    if (!built.p)
        skip();
    for (size_t i = 0; i < 8; i++) {
        const char *why = NULL;
        char file[256], *text = sign(algorithms[i / 4], key_bytes + 2, secret, "c");
        sprintf(file, "%s%s%s",
                i % 4 < 2    ? ""
                : i % 4 == 2 ? "untrusted comment: k\n"
                             : "untrusted comment: k\r\n",
                key,
                i % 4 == 0   ? ""
                : i % 4 == 3 ? "\r\n"
                             : "\n");
        if (opened(built, file, text, strlen(text), &why) != SIGMATON_OK)
            fail_msg("%s, form %zu: %s", algorithms[i / 4], i % 4, why);
        free(text);
    }
}

static void every_changed_byte_of_the_pack_is_refused(void **state)
{
    char *text = sign("ED", key_bytes + 2, secret, "c");
    (void)state;
    if (!built.p)
        skip();
    for (size_t i = 0; i < 300; i++) {
        const char *why = NULL;
        size_t at = i < 64 ? built.len - 1 - i : randombytes_uniform((uint32_t)built.len);
        built.p[at] ^= 1;
        /* Hashed anew, so that nothing but the signature can tell. */
        if (i % 2 && at < built.len - sizeof(struct sigmaton_trailer))
            pack_reseal(built);
        assert_int_equal(opened(built, key, text, strlen(text), &why), SIGMATON_ESIGNATURE);
        assert_non_null(strstr(why, "not what was signed"));
        built.p[at] ^= 1;
        if (i % 2 && at < built.len - sizeof(struct sigmaton_trailer))
            pack_reseal(built);
    }
    free(text);
}

static void every_changed_or_missing_byte_of_a_signature_is_refused(void **state)
{
    const char *why = NULL;
    char *text = sign("ED", key_bytes + 2, secret, "a comment");
    size_t len = strlen(text);
    (void)state;
    if (!built.p)
        skip();
    for (size_t i = 0; i + 1 < len; i++) /* the last line's end may be missing */
        refused(key, text, i, "damaged");
    for (size_t i = 0; i < len; i++) {
        if (i == strlen("untrusted comment: ")) /* nobody trusts it */
            continue;
        text[i] ^= 1;
        assert_int_equal(opened(built, key, text, len, &why), SIGMATON_ESIGNATURE);
        text[i] ^= 1;
    }
    assert_int_equal(opened(built, key, text, len, &why), SIGMATON_OK);
    free(text);
}

static void other_keys_are_refused(void **state)
{
    char *text = sign("ED", key_bytes + 2, secret, "c"), bad[256];
    size_t len = strlen(text);
    uint8_t bytes[42];
    (void)state;
    if (!built.p)
        skip();
    refused(other, text, len, "another key");
    char *forged = sign("ED", key_bytes + 2, other_secret, "c");
    refused(key, forged, strlen(forged), "not what was signed");
    free(forged);
    forged = sign("XD", key_bytes + 2, secret, "c");
    refused(key, forged, strlen(forged), "unknown kind");
    free(forged);
    for (size_t i = 0; i < 56; i++) {
        memcpy(bad, key, i);
        bad[i] = 0;
        refused(bad, text, len, "public key");
    }
    snprintf(bad, sizeof bad, "%.56s\n%.56s\n", key, key);
    refused(bad, text, len, "public key");
    memcpy(bytes, key_bytes, sizeof bytes);
    bytes[1] = 'D';
    refused(base64(bad, bytes, sizeof bytes), text, len, "public key");
    free(text);
}

static void a_signature_has_a_limit(void **state)
{
    static char comment[16384 + 1];
    const char *why = NULL;
    char *text = sign("ED", key_bytes + 2, secret, "");
    size_t room = 16384 - strlen(text);
    free(text);
    (void)state;
    if (!built.p)
        skip();
    memset(comment, 'c', room);
    text = sign("ED", key_bytes + 2, secret, comment);
    assert_int_equal(strlen(text), 16384);
    assert_int_equal(opened(built, key, text, strlen(text), &why), SIGMATON_OK);
    free(text);
    comment[room] = 'c';
    text = sign("ED", key_bytes + 2, secret, comment);
    refused(key, text, strlen(text), "larger");
    free(text);
}

static void a_missing_signature_is_refused(void **state)
{
    const char *why = NULL;
    struct sigmaton_file *file = NULL;
    struct sigmaton_open_options o = {.size = sizeof o, .verify_key = key};
    char path[64] = "/tmp/sigmaton-test-XXXXXX", beside[80];
    char *text = sign("ED", key_bytes + 2, secret, "c");
    (void)state;
    if (!built.p)
        skip();
    refused(key, NULL, 0, "no signature");
    int fd = mkstemp(path);
    assert_int_equal(write(fd, built.p, built.len), (ssize_t)built.len);
    assert_int_equal(sigmaton_open(path, &o, &file, &why), SIGMATON_ESIGNATURE);
    assert_non_null(strstr(why, "beside"));
    assert_int_equal(sigmaton_verify(path, &o, &why), SIGMATON_ESIGNATURE);
    snprintf(beside, sizeof beside, "%s.minisig", path);
    FILE *f = fopen(beside, "w");
    fputs(text, f);
    fclose(f);
    assert_int_equal(sigmaton_verify(path, &o, &why), SIGMATON_OK);
    assert_int_equal(sigmaton_open(path, &o, &file, &why), SIGMATON_OK);
    sigmaton_close(file);
    unlink(beside);
    o.signature = text;
    o.signature_len = strlen(text);
    assert_int_equal(sigmaton_verify(path, &o, &why), SIGMATON_OK);
    o.verify_key = NULL;
    assert_int_equal(sigmaton_verify(path, &o, &why), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_verify(NULL, &o, &why), SIGMATON_EINVAL);
    o.size = 8; /* from before there were keys */
    assert_int_equal(sigmaton_open_fd(fd, &o, &file, &why), SIGMATON_OK);
    sigmaton_close(file);
    o.size = 12;
    assert_int_equal(sigmaton_open_fd(fd, &o, &file, &why), SIGMATON_EINVAL);
    close(fd);
    unlink(path);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_algorithms_and_both_forms_of_a_key),
        cmocka_unit_test(every_changed_byte_of_the_pack_is_refused),
        cmocka_unit_test(every_changed_or_missing_byte_of_a_signature_is_refused),
        cmocka_unit_test(other_keys_are_refused),
        cmocka_unit_test(a_signature_has_a_limit),
        cmocka_unit_test(a_missing_signature_is_refused),
    };
    return cmocka_run_group_tests(tests, build, NULL);
}
