/* Sixty-four bytes as eight words, in plain C. */
#include "scan.h"

#define QUOTES srt_scan_quotes_plain
#define LOOK srt_scan_look_plain

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

struct block {
    uint64_t w[8]; /* the first byte lowest */
};

static inline struct block block_load(const uint8_t *p)
{
    struct block b;
    for (int i = 0; i < 8; i++)
        b.w[i] = sigmaton_name_word(p + 8 * i);
    return b;
}

/* A bit per byte whose top bit is set in m, which has no other bits. */
static inline uint64_t bits_gather(uint64_t m, int word)
{
    return ((m >> 7) * UINT64_C(0x0102040810204080) >> 56) << 8 * word;
}

/* The top bit of each byte that is zero; no byte answers for its neighbour. */
static inline uint64_t zero_bytes(uint64_t w)
{
    uint64_t low = (w & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f);
    return ~(low | w | EACH_BYTE(0x7f));
}

static inline uint64_t block_equal(struct block b, uint8_t c)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits |= bits_gather(zero_bytes(b.w[i] ^ EACH_BYTE(c)), i);
    return bits;
}

/* Bytes above 0x7f. */
static inline uint64_t block_wide(struct block b)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits |= bits_gather(b.w[i] & EACH_BYTE(0x80), i);
    return bits;
}

/* Bytes below 0x20 or above 0x7f. */
static inline uint64_t block_odd(struct block b)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits |= bits_gather((zero_bytes(b.w[i] & EACH_BYTE(0x60)) | b.w[i]) & EACH_BYTE(0x80), i);
    return bits;
}

/* Bytes that are an escape behind a backslash, but u. */
static inline uint64_t block_short_escapes(struct block b)
{
    return block_equal(b, '"') | block_equal(b, '\\') | block_equal(b, '/') | block_equal(b, 'b') |
           block_equal(b, 'f') | block_equal(b, 'n') | block_equal(b, 'r') | block_equal(b, 't');
}

static inline uint32_t *places_put(uint32_t *to, uint64_t bits, uint32_t base)
{
    for (; bits != 0; bits &= bits - 1)
        *to++ = base + (uint32_t)__builtin_ctzll(bits);
    return to;
}

#include "scan_quotes.h"
