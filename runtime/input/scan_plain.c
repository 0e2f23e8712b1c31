/* Eight bytes at a time, in plain C. */
#include "scan.h"

#include <string.h>

#define WIDTH 8
#define WALK srt_scan_walk_plain
#define LOOK srt_scan_look_plain

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

struct block {
    uint64_t w; /* the first byte lowest */
};

static inline struct block block_load(const uint8_t *p)
{
    return (struct block){sigmaton_name_word(p)};
}

/* A bit per byte whose top bit is set in m, which has no other bits. */
static inline uint32_t bits_gather(uint64_t m)
{
    return (uint32_t)((m >> 7) * UINT64_C(0x0102040810204080) >> 56);
}

/* The top bit of each byte that is zero; no byte answers for its neighbour. */
static inline uint64_t zero_bytes(uint64_t w)
{
    uint64_t low = (w & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f);
    return ~(low | w | EACH_BYTE(0x7f));
}

static inline uint32_t block_equal(struct block b, uint8_t c)
{
    return bits_gather(zero_bytes(b.w ^ EACH_BYTE(c)));
}

static inline uint32_t block_stops(struct block b)
{
    return bits_gather(zero_bytes(b.w ^ EACH_BYTE('"')) | zero_bytes(b.w ^ EACH_BYTE('\n')));
}

/* Bytes below 0x20 or above 0x7f. */
static inline uint32_t block_odd(struct block b)
{
    return bits_gather((zero_bytes(b.w & EACH_BYTE(0x60)) | b.w) & EACH_BYTE(0x80));
}

/* Bytes that are an escape behind a backslash, but u. */
static inline uint32_t block_short_escapes(struct block b)
{
    return block_equal(b, '"') | block_equal(b, '\\') | block_equal(b, '/') | block_equal(b, 'b') |
           block_equal(b, 'f') | block_equal(b, 'n') | block_equal(b, 'r') | block_equal(b, 't');
}

#include "scan_body.h"
