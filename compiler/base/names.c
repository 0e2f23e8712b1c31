#include <string.h>

#include "arena.h"
#include "str.h"

/* Open addressing with linear probing; at most half full. Slots hold id + 1, so zero is empty. */
struct names {
    struct arena *arena;
    struct str *texts; /* [n], by id */
    uint64_t *hashes;  /* [n] */
    uint32_t n, cap;
    uint32_t *slots; /* [n_slots], a power of two */
    uint32_t n_slots;
};

#define FIRST_CAP 64u
#define SEED 0x5349474D41544F4Eull

#define KEY_A 0xA0761D6478BD642Full
#define KEY_B 0xE7037ED1A0B428DBull

/* The halves of the product, folded: every bit of either factor reaches many of it. */
static uint64_t fold_product(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    const wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load8(const unsigned char *s)
{
    uint64_t word;
    memcpy(&word, s, sizeof word);
    return word;
}

/* After wyhash: a multiplication for 16 bytes, and two at the end. */
uint64_t hash_bytes(const void *p, size_t len, uint64_t seed)
{
    const unsigned char *s = p;
    uint64_t h = seed ^ KEY_A, first = 0, last = 0;
    size_t rest = len;
    for (; rest > 16; rest -= 16, s += 16)
        h = fold_product(load8(s) ^ KEY_B, load8(s + 8) ^ h);
    if (rest >= 8) {
        first = load8(s);
        last = load8(s + rest - 8);
    } else if (rest >= 4) {
        uint32_t low, high;
        memcpy(&low, s, 4);
        memcpy(&high, s + rest - 4, 4);
        first = low;
        last = high;
    } else if (rest > 0) {
        first = s[0] | (uint64_t)s[rest / 2] << 8 | (uint64_t)s[rest - 1] << 16;
    }
    return fold_product(KEY_B ^ len, fold_product(first ^ KEY_B, last ^ h));
}

struct names *names_new(struct arena *a)
{
    struct names *n = ARENA_NEW(a, struct names);
    n->arena = a;
    n->cap = FIRST_CAP;
    n->texts = ARENA_ARRAY(a, n->cap, struct str);
    n->hashes = ARENA_ARRAY(a, n->cap, uint64_t);
    n->n_slots = FIRST_CAP * 2;
    n->slots = ARENA_ARRAY(a, n->n_slots, uint32_t);
    names_intern(n, STR(""));
    return n;
}

/* The slot of s, or the empty one where it belongs. */
static uint32_t slot_of(const struct names *n, struct str s, uint64_t hash)
{
    uint32_t mask = n->n_slots - 1, i = (uint32_t)hash & mask;
    while (n->slots[i] != 0) {
        uint32_t id = n->slots[i] - 1;
        if (n->hashes[id] == hash && str_eq(n->texts[id], s))
            break;
        i = (i + 1) & mask;
    }
    return i;
}

static void grow(struct names *n)
{
    if (n->cap > UINT32_MAX / 8)
        arena_out_of_memory(n->arena);
    uint32_t cap = n->cap * 2, n_slots = cap * 2;
    struct str *texts = ARENA_ARRAY(n->arena, cap, struct str);
    uint64_t *hashes = ARENA_ARRAY(n->arena, cap, uint64_t);
    uint32_t *slots = ARENA_ARRAY(n->arena, n_slots, uint32_t);
    memcpy(texts, n->texts, n->n * sizeof *texts);
    memcpy(hashes, n->hashes, n->n * sizeof *hashes);
    for (uint32_t id = 0; id < n->n; id++) {
        uint32_t i = (uint32_t)hashes[id] & (n_slots - 1);
        while (slots[i] != 0)
            i = (i + 1) & (n_slots - 1);
        slots[i] = id + 1;
    }
    n->texts = texts;
    n->hashes = hashes;
    n->slots = slots;
    n->cap = cap;
    n->n_slots = n_slots;
}

uint32_t names_intern(struct names *n, struct str s)
{
    uint64_t hash = hash_bytes(s.p, s.len, SEED);
    uint32_t slot = slot_of(n, s, hash);
    if (n->slots[slot] != 0)
        return n->slots[slot] - 1;
    struct str copy = str_dup(n->arena, s);
    if (n->n == n->cap) {
        grow(n);
        slot = slot_of(n, s, hash);
    }
    uint32_t id = n->n++;
    n->texts[id] = copy;
    n->hashes[id] = hash;
    n->slots[slot] = id + 1;
    return id;
}

uint32_t names_find(const struct names *n, struct str s)
{
    uint32_t slot = slot_of(n, s, hash_bytes(s.p, s.len, SEED));
    return n->slots[slot] != 0 ? n->slots[slot] - 1 : UINT32_MAX;
}

struct str names_text(const struct names *n, uint32_t id)
{
    return n->texts[id];
}

uint32_t names_count(const struct names *n)
{
    return n->n;
}
