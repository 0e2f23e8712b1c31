#include "names.h"

#include <string.h>

#include "arena.h"

/* Above, a table would have more entries than a shift can reach. */
#define KEYS_MAX 16384
#define SEEDS_PER_SIZE 32
#define SIZES 4

static uint32_t key_enter(struct names *ids, struct root_key *keys, uint32_t *n, struct str text)
{
    /* The empty key has the empty name's id, 0; others count from 1. */
    uint32_t id = names_intern(ids, text);
    if (id >= *n) {
        keys[id] = (struct root_key){.text = text, .slot = SIGMATON_NO_SLOT};
        *n = id + 1;
    }
    return id;
}

struct root_key *names_root_keys(struct arena *a, const struct plan *plan, uint32_t *ret_n)
{
    struct names *ids = names_new(a);
    struct root_key *keys = arena_array(a, 2 * (size_t)plan->n_slots + 1, sizeof *keys);
    uint32_t n = 1, kept = 0;
    keys[0].slot = SIGMATON_NO_SLOT; /* of the empty key, which is the head of ".x" */
    for (uint32_t i = 0; i < plan->n_slots; i++) {
        struct str name = plan->slots[i].name;
        if ((plan->slots[i].flags & SIGMATON_SLOT_KEYWORDS) != 0)
            continue;
        struct root_key *whole = &keys[key_enter(ids, keys, &n, name)];
        whole->slot = i;
        whole->flags |= SIGMATON_NAME_USED;
        size_t dot = str_find(name, '.');
        if (dot < name.len) {
            uint32_t head = key_enter(ids, keys, &n, str_sub(name, 0, dot));
            keys[head].flags |= SIGMATON_NAME_USED | SIGMATON_NAME_HEAD;
        }
    }
    for (uint32_t i = 0; i < n; i++)
        if (keys[i].flags != 0)
            keys[kept++] = keys[i];
    *ret_n = kept;
    return keys;
}

struct build {
    struct names_table *t;
    const uint64_t *hashes;
    uint32_t n;
    uint32_t *order; /* keys by bucket, the fullest bucket first */
    uint32_t *count; /* [n_buckets] */
    uint32_t *first; /* [n_buckets]: place in order */
    bool *taken;     /* [n_entries] */
};

static uint32_t bucket_of(const struct build *b, uint32_t key)
{
    return sigmaton_name_bucket(&b->t->head, b->hashes[key]);
}

/* Keys of one bucket stand together. */
static uint32_t keys_sort(struct build *b)
{
    uint32_t n_buckets = b->t->head.n_buckets, most = 0, at = 0;
    memset(b->count, 0, n_buckets * sizeof *b->count);
    for (uint32_t i = 0; i < b->n; i++)
        b->count[bucket_of(b, i)]++;
    for (uint32_t k = 0; k < n_buckets; k++) {
        b->first[k] = at;
        at += b->count[k];
        most = b->count[k] > most ? b->count[k] : most;
    }
    for (uint32_t i = 0; i < b->n; i++)
        b->order[b->first[bucket_of(b, i)]++] = i;
    for (uint32_t k = 0; k < n_buckets; k++)
        b->first[k] -= b->count[k];
    return most;
}

/* Takes entries for all keys of a bucket under this shift, or none. */
static bool bucket_take(struct build *b, uint32_t bucket, uint16_t shift)
{
    const uint32_t *keys = b->order + b->first[bucket];
    b->t->shifts[bucket] = shift;
    for (uint32_t i = 0; i < b->count[bucket]; i++) {
        uint32_t e = sigmaton_name_entry(&b->t->head, b->t->shifts, b->hashes[keys[i]]);
        if (b->taken[e]) {
            while (i-- > 0)
                b->taken[b->t->entry_of[keys[i]]] = false;
            return false;
        }
        b->taken[e] = true;
        b->t->entry_of[keys[i]] = e;
    }
    return true;
}

static bool bucket_place(struct build *b, uint32_t bucket)
{
    for (uint32_t shift = 0; shift < b->t->head.n_entries && shift <= UINT16_MAX; shift++)
        if (bucket_take(b, bucket, (uint16_t)shift))
            return true;
    return false;
}

static bool place_all(struct build *b)
{
    memset(b->taken, 0, b->t->head.n_entries * sizeof *b->taken);
    memset(b->t->shifts, 0, b->t->head.n_buckets * sizeof *b->t->shifts);
    for (uint32_t size = keys_sort(b); size > 0; size--)
        for (uint32_t k = 0; k < b->t->head.n_buckets; k++)
            if (b->count[k] == size && !bucket_place(b, k))
                return false;
    return true;
}

static uint32_t power_above(uint32_t n)
{
    uint32_t power = 4;
    while (power < n)
        power *= 2;
    return power;
}

static uint64_t seed_of(uint32_t try)
{
    uint64_t z = (try + 1) * UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static bool seed_try(struct build *b, const struct root_key *keys, uint64_t *hashes, uint64_t seed)
{
    b->t->head.seed = seed;
    for (uint32_t i = 0; i < b->n; i++) {
        const uint8_t *p = (const uint8_t *)keys[i].text.p;
        uint32_t len = (uint32_t)keys[i].text.len;
        hashes[i] = sigmaton_name_hash(seed, p, len, sigmaton_name_ends(p, len));
    }
    return place_all(b);
}

bool names_table(struct arena *a, const struct root_key *keys, uint32_t n,
                 struct names_table *ret_table)
{
    if (n == 0 || n > KEYS_MAX)
        return false;
    struct names_table *t = ret_table;
    uint32_t most = power_above(n) << SIZES;
    uint64_t *hashes = arena_array(a, n, sizeof *hashes);
    struct build b = {.t = t, .hashes = hashes, .n = n};
    t->entry_of = arena_array(a, n, sizeof *t->entry_of);
    t->shifts = arena_array(a, most, sizeof *t->shifts);
    b.order = arena_array(a, n, sizeof *b.order);
    b.count = arena_array(a, most, sizeof *b.count);
    b.first = arena_array(a, most, sizeof *b.first);
    b.taken = arena_array(a, most, sizeof *b.taken);
    for (uint32_t try = 0; try < SIZES * SEEDS_PER_SIZE; try++) {
        t->head.n_buckets = power_above(n / 2) << try / SEEDS_PER_SIZE;
        t->head.n_entries = power_above(n + n / 2) << try / SEEDS_PER_SIZE;
        if (t->head.n_entries > most)
            break;
        if (seed_try(&b, keys, hashes, seed_of(try)))
            return true;
    }
    return false;
}
