/* A pair of keys as `minisign -G -W` writes them. usage: make_key SECRET PUBLIC [SEED] */
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
    return put(argv[1], "secret", secret, sizeof secret) ||
           put(argv[2], "public", public, sizeof public);
}
