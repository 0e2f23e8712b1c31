/* The end of a pack file: what says that the bytes before it are the ones that were written.
 *
 * A pack file is a shared object with struct sigmaton_trailer behind it. The compiler writes the
 * trailer, the runtime checks it before it looks at anything else; SHA-256 (FIPS 180-4) is
 * header-only so that both use the same. It tells damage, not malice: whoever can change the file
 * can change its hash. docs/abi.md tells the layout in words.
 */
#ifndef SIGMATON_TRAILER_H
#define SIGMATON_TRAILER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SIGMATON_TRAILER_MAGIC "SGMTRAIL"
#define SIGMATON_SHA256_SIZE 32
#define SIGMATON_SHA256_BLOCK 64

struct sigmaton_trailer {
    uint64_t length; /* bytes of the file before the trailer; little-endian, as all numbers */
    uint8_t sha256[SIGMATON_SHA256_SIZE]; /* of the SHA-256s of their halves, one after the other */
    uint8_t reserved[12];                 /* zero */
    uint32_t size;                        /* sizeof(struct sigmaton_trailer) */
    uint8_t magic[8];                     /* SIGMATON_TRAILER_MAGIC, the last bytes of the file */
};

static inline uint32_t sigmaton_sha256_turn(uint32_t v, unsigned n)
{
    return v >> n | v << (32 - n);
}

/* Takes n_blocks of 64 bytes each into the state. */
typedef void (*sigmaton_sha256_blocks_fn)(uint32_t state[8], const uint8_t *p, size_t n_blocks);

/* The table of round constants; one copy for every user of it. */
static inline const uint32_t *sigmaton_sha256_constants(void)
{
    static const uint32_t k[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2,
    };
    return k;
}

static inline void sigmaton_sha256_blocks(uint32_t state[8], const uint8_t *p, size_t n_blocks)
{
    const uint32_t *k = sigmaton_sha256_constants();
    for (; n_blocks > 0; n_blocks--, p += SIGMATON_SHA256_BLOCK) {
        uint32_t w[64];
        for (int i = 0; i < 16; i++)
            w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
                   (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
        for (int i = 16; i < 64; i++) {
            uint32_t x = w[i - 15], y = w[i - 2];
            x = sigmaton_sha256_turn(x, 7) ^ sigmaton_sha256_turn(x, 18) ^ x >> 3;
            y = sigmaton_sha256_turn(y, 17) ^ sigmaton_sha256_turn(y, 19) ^ y >> 10;
            w[i] = w[i - 16] + x + w[i - 7] + y;
        }
        /* The eight words move one place a round: eight variables, so that they stay in registers.
         */
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < 64; i++) {
            uint32_t s1 = sigmaton_sha256_turn(e, 6) ^ sigmaton_sha256_turn(e, 11) ^
                          sigmaton_sha256_turn(e, 25);
            uint32_t s0 = sigmaton_sha256_turn(a, 2) ^ sigmaton_sha256_turn(a, 13) ^
                          sigmaton_sha256_turn(a, 22);
            uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i];
            uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        const uint32_t v[8] = {a, b, c, d, e, f, g, h};
        for (int i = 0; i < 8; i++)
            state[i] += v[i];
    }
}

static inline void sigmaton_sha256_start(uint32_t state[8])
{
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(state, first, sizeof first);
}

/* Takes the last bytes p[len] of a text, `before` bytes of which, whole blocks, are in the state.
 */
static inline void sigmaton_sha256_end(sigmaton_sha256_blocks_fn blocks, uint32_t state[8],
                                       uint64_t before, const uint8_t *p, size_t len,
                                       uint8_t out[SIGMATON_SHA256_SIZE])
{
    uint8_t tail[2 * SIGMATON_SHA256_BLOCK] = {0};
    size_t whole = len / SIGMATON_SHA256_BLOCK, rest = len % SIGMATON_SHA256_BLOCK;
    size_t n_tail = rest < 56 ? 1 : 2;
    uint64_t bits = (before + len) * 8;
    if (whole > 0)
        blocks(state, p, whole);
    if (rest > 0)
        memcpy(tail, p + whole * SIGMATON_SHA256_BLOCK, rest);
    tail[rest] = 0x80;
    for (int i = 0; i < 8; i++)
        tail[n_tail * SIGMATON_SHA256_BLOCK - 1 - (size_t)i] = (uint8_t)(bits >> (8 * i));
    blocks(state, tail, n_tail);
    for (int i = 0; i < 32; i++)
        out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

/* The hash of p[len], block by block through `blocks`. Allocates nothing. */
static inline void sigmaton_sha256_with(sigmaton_sha256_blocks_fn blocks, const void *p, size_t len,
                                        uint8_t out[SIGMATON_SHA256_SIZE])
{
    uint32_t state[8];
    sigmaton_sha256_start(state);
    sigmaton_sha256_end(blocks, state, 0, (const uint8_t *)p, len, out);
}

static inline void sigmaton_sha256(const void *p, size_t len, uint8_t out[SIGMATON_SHA256_SIZE])
{
    sigmaton_sha256_with(sigmaton_sha256_blocks, p, len, out);
}

/* Bytes of the first of two halves: as many whole blocks as fit into both. */
static inline size_t sigmaton_half(size_t len)
{
    return len / (2 * SIGMATON_SHA256_BLOCK) * SIGMATON_SHA256_BLOCK;
}

/* What a trailer says of p[len]: the hash of the hashes of both halves. A hash is a chain that no
 * processor can hurry along; of two chains it goes along both in the time of one. */
static inline void sigmaton_hash_halves(const void *p, size_t len,
                                        uint8_t out[SIGMATON_SHA256_SIZE])
{
    const uint8_t *bytes = (const uint8_t *)p;
    size_t half = sigmaton_half(len);
    uint8_t both[2 * SIGMATON_SHA256_SIZE];
    sigmaton_sha256(bytes, half, both);
    sigmaton_sha256(bytes + half, len - half, both + SIGMATON_SHA256_SIZE);
    sigmaton_sha256(both, sizeof both, out);
}

/* The trailer of the file that is p[len] so far. */
static inline struct sigmaton_trailer sigmaton_trailer_of(const void *p, size_t len)
{
    struct sigmaton_trailer t;
    memset(&t, 0, sizeof t);
    t.length = len;
    t.size = (uint32_t)sizeof t;
    memcpy(t.magic, SIGMATON_TRAILER_MAGIC, sizeof t.magic);
    sigmaton_hash_halves(p, len, t.sha256);
    return t;
}

#ifdef __cplusplus
}
#endif
#endif
