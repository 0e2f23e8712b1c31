/* A pair of keys as `minisign -G` writes them, with the least work for a password, without one as
 * -W does. usage: make_key SECRET PUBLIC [SEED [PASSWORD]] */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int put(const char *path, const char *comment, const void *p, size_t len)
{
    char text[512];
    FILE *f = fopen(path, "w");
    if (!f)
        return 1;
    sodium_bin2base64(text, sizeof text, p, len, sodium_base64_VARIANT_ORIGINAL);
    fprintf(f, "untrusted comment: %s\n%s\n", comment, text);
    return fclose(f) != 0;
}

/* Checksum, then all behind the limits under what scrypt makes of the password. */
static int lock(unsigned char secret[158], const char *password)
{
    unsigned char stream[104], summed[2 + 8 + 64];
    const unsigned char limits[16] = {0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}; /* 2^15 and 2^24 */
    memcpy(summed, secret, 2);
    memcpy(summed + 2, secret + 54, sizeof summed - 2);
    crypto_generichash(secret + 126, 32, summed, sizeof summed, NULL, 0);
    memcpy(secret + 2, "Sc", 2);
    memset(secret + 6, 7, 32);
    memcpy(secret + 38, limits, sizeof limits);
    if (crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream, password, strlen(password),
                                           secret + 6, 32768, 16777216) != 0)
        return 1;
    for (size_t i = 0; i < sizeof stream; i++)
        secret[54 + i] ^= stream[i];
    return 0;
}

int main(int argc, char **argv)
{
    unsigned char secret[158] = "Ed", public[42] = "Ed", seed[32] = "";
    if (argc < 3 || sodium_init() < 0)
        return 2;
    memset(seed, argc > 3 ? atoi(argv[3]) : 1, sizeof seed);
    memcpy(secret + 4, "B2", 2);
    memset(secret + 54, seed[0], 8);
    memset(public + 2, seed[0], 8);
    crypto_sign_seed_keypair(public + 10, secret + 62, seed);
    if (argc > 4 && lock(secret, argv[4]) != 0)
        return 1;
    return put(argv[1], "secret", secret, sizeof secret) ||
           put(argv[2], "public", public, sizeof public);
}
