/* Random texts and patterns through the kernels and through the simplest code that could decide the
 * same: arrays of code points, folded by a list of the five letters of this alphabet that have
 * case. */
#include "slots.h"

#include "arena.h"
#include "gram_prior.h"
#include "sets.h"

#define CASES 200000
#define SETS 20000
#define PIECES_MAX 12
#define BYTES_MAX (PIECES_MAX * 4)

static const struct {
    const char *bytes;
    uint32_t len;
} alphabet[] = {
    {"a", 1},      {"A", 1},      {"b", 1},      {"k", 1},          {"K", 1},
    {"s", 1},      {"\0", 1},     {"-", 1},      {"/", 1},          {"\u2013", 3},
    {"\u00df", 2}, {"\u1e9e", 3}, {"\u212a", 3}, {"\u017f", 2},     {"\u023a", 2},
    {"\u2c65", 3}, {"\u0130", 2}, {"\u20ac", 3}, {"\U0001f600", 4}, {"\xff", 1},
    {"\xe2", 1},   {"\x82", 1},   {"\xac", 1},   {"\xf0\x9f", 2},   {"\xc3", 1},
};
#define WELL_FORMED 19u /* the first so many */
#define ASCII_ONLY 9u

struct bytes {
    uint8_t p[BYTES_MAX];
    uint32_t n;
};
struct units {
    uint32_t v[BYTES_MAX];
    uint32_t n;
};

static uint64_t state_ = UINT64_C(0x9e3779b97f4a7c15);

static uint32_t pick(uint32_t n)
{
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return (uint32_t)((state_ >> 16) % n);
}

/* ---- The reference ---- */

static uint32_t fold(uint32_t c)
{
    switch (c) {
    case 'A':
        return 'a';
    case 'K':
        return 'k';
    case 0x1e9e:
        return 0xdf;
    case 0x23a:
        return 0x2c65;
    default:
        return c;
    }
}

/* Only the multi-byte sequences of the alphabet and what its pieces can make together. */
static uint32_t sequence(const uint8_t *p, uint32_t n, uint32_t *ret)
{
    static const uint32_t lead[5] = {0, 0, 0xc0, 0xe0, 0xf0}, mask[5] = {0, 0, 0x1f, 0x0f, 0x07},
                          least[5] = {0, 0, 0x80, 0x800, 0x10000};
    for (uint32_t len = 2; len <= 4 && len <= n; len++) {
        if ((p[0] & ~mask[len] & 0xff) != lead[len])
            continue;
        uint32_t c = p[0] & mask[len];
        uint32_t i = 1;
        for (; i < len && (p[i] & 0xc0) == 0x80; i++)
            c = c * 64 + (p[i] & 0x3f);
        if (i == len && c >= least[len] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff)) {
            *ret = c;
            return len;
        }
    }
    *ret = p[0] < 0x80 ? p[0] : 0xdc00u + p[0];
    return 1;
}

static struct units decode(const struct bytes *b, bool cased)
{
    struct units u = {.n = 0};
    for (uint32_t i = 0; i < b->n;) {
        uint32_t c;
        i += sequence(b->p + i, b->n - i, &c);
        u.v[u.n++] = cased ? c : fold(c);
    }
    return u;
}

static struct units raw(const struct bytes *b)
{
    struct units u = {.n = b->n};
    for (uint32_t i = 0; i < b->n; i++)
        u.v[i] = b->p[i];
    return u;
}

static bool stands_at(const struct units *t, uint32_t at, const struct units *p)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (at + i >= t->n || t->v[at + i] != p->v[i])
            return false;
    return true;
}

static bool naive(enum sigmaton_set_kind kind, const struct units *t, const struct units *p)
{
    switch (kind) {
    case SIGMATON_SET_EQ:
        return t->n == p->n && stands_at(t, 0, p);
    case SIGMATON_SET_PREFIX:
        return stands_at(t, 0, p);
    case SIGMATON_SET_SUFFIX:
        return t->n >= p->n && stands_at(t, t->n - p->n, p);
    default:
        for (uint32_t at = 0; at + p->n <= t->n; at++)
            if (stands_at(t, at, p))
                return true;
        return false;
    }
}

/* Pattern units: specials are their byte + 0x200000. */
#define SPECIAL UINT32_C(0x200000)

static bool unit_matches(uint32_t pattern, uint32_t c)
{
    if (pattern == SPECIAL + SIGMATON_WILD_ONE)
        return true;
    if (pattern == SPECIAL + SIGMATON_WILD_DASH)
        return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
    return pattern == c;
}

/* can[i][j]: the first i of the pattern match the first j of the text. */
static bool naive_wildcard(const struct units *t, const struct units *p)
{
    static bool can[BYTES_MAX + 1][BYTES_MAX + 1];
    memset(can, 0, sizeof can);
    can[0][0] = true;
    for (uint32_t i = 1; i <= p->n; i++)
        for (uint32_t j = 0; j <= t->n; j++)
            if (p->v[i - 1] == SPECIAL + SIGMATON_WILD_STAR)
                can[i][j] = can[i - 1][j] || (j > 0 && can[i][j - 1]);
            else
                can[i][j] = j > 0 && can[i - 1][j - 1] && unit_matches(p->v[i - 1], t->v[j - 1]);
    return can[p->n][t->n];
}

/* ---- Random input ---- */

static struct bytes random_bytes(uint32_t n_pieces, uint32_t n_alphabet)
{
    struct bytes b = {.n = 0};
    for (uint32_t i = 0; i < n_pieces; i++) {
        const uint32_t k = pick(n_alphabet);
        memcpy(b.p + b.n, alphabet[k].bytes, alphabet[k].len);
        b.n += alphabet[k].len;
    }
    return b;
}

static void append(struct bytes *b, uint32_t c)
{
    static const struct {
        uint32_t c;
        const char *bytes;
    } put[] = {{0xdf, "\u00df"},   {0x2c65, "\u2c65"}, {0x1e9e, "\u1e9e"},      {0x23a, "\u023a"},
               {0x212a, "\u212a"}, {0x17f, "\u017f"},  {0x2013, "\u2013"},      {0x130, "\u0130"},
               {0x20ac, "\u20ac"}, {0xe9, "\u00e9"},   {0x1f600, "\U0001f600"}, {0xff, "\u00ff"}};
    if (c < 0x80 || (c >= 0xdc00 && c <= 0xdcff)) {
        b->p[b->n++] = (uint8_t)(c & 0xff);
        return;
    }
    for (size_t i = 0; i < COUNT(put); i++)
        if (put[i].c == c) {
            memcpy(b->p + b->n, put[i].bytes, strlen(put[i].bytes));
            b->n += (uint32_t)strlen(put[i].bytes);
            return;
        }
    b->p[b->n++] = 'b'; /* a chance sequence of pieces */
}

/* A piece of the text, folded as a rule's text would be, or something else. */
static struct bytes random_pattern(const struct bytes *text, bool cased, uint32_t n_alphabet)
{
    struct bytes other = random_bytes(pick(4), n_alphabet), b = {.n = 0};
    const struct units u = decode(pick(2) ? text : &other, cased);
    const uint32_t from = u.n ? pick(u.n + 1) : 0, n = pick(u.n - from + 1);
    for (uint32_t i = 0; i < n && b.n + 4 <= BYTES_MAX; i++)
        append(&b, u.v[from + i]);
    return b;
}

static void complain(const char *what, const struct bytes *t, const struct bytes *p, uint32_t flags)
{
    print_error("%s, flags %u: text", what, flags);
    for (uint32_t i = 0; i < t->n; i++)
        print_error(" %02x", t->p[i]);
    print_error(", pattern");
    for (uint32_t i = 0; i < p->n; i++)
        print_error(" %02x", p->p[i]);
    print_error("\n");
    fail();
}

/* Of any level that the machine has. */
static const struct sigmaton_host *any_host(void)
{
    enum srt_simd level;
    do
        level = (enum srt_simd)pick(SRT_SIMD_COUNT);
    while (!srt_simd_has(level));
    return srt_host_at(level);
}

static int32_t ask(enum sigmaton_set_kind kind, const struct sigmaton_slot *s,
                   const struct bytes *p, uint32_t flags)
{
    const struct sigmaton_host *h = any_host();
    switch (kind) {
    case SIGMATON_SET_EQ:
        return h->eq(s, p->p, p->n, flags);
    case SIGMATON_SET_PREFIX:
        return h->prefix(s, p->p, p->n, flags);
    case SIGMATON_SET_SUFFIX:
        return h->suffix(s, p->p, p->n, flags);
    default:
        return h->contains(s, p->p, p->n, flags);
    }
}

static void print_seed(void)
{
    print_message("# seed %#llx\n", (unsigned long long)state_);
}

static void the_text_kernels_agree_with_the_naive_ones(void **state)
{
    (void)state;
    print_seed();
    for (int i = 0; i < CASES; i++) {
        const uint32_t flags = (uint32_t[]){0, SIGMATON_CASED, SIGMATON_ASCII}[i % 3];
        const struct bytes t = random_bytes(pick(PIECES_MAX), COUNT(alphabet));
        const bool cased = flags == SIGMATON_CASED;
        const struct bytes p = random_pattern(&t, cased, COUNT(alphabet));
        const struct units tu = cased ? raw(&t) : decode(&t, false);
        const struct units pu = cased ? raw(&p) : decode(&p, false);
        const struct sigmaton_slot s = slot_bytes(t.p, t.n, SIGMATON_TEXT);
        bool ascii = true;
        for (uint32_t k = 0; k < p.n; k++)
            ascii = ascii && p.p[k] < 0x80;
        if (flags == SIGMATON_ASCII && !ascii)
            continue;
        for (uint32_t kind = SIGMATON_SET_EQ; kind <= SIGMATON_SET_CONTAINS; kind++)
            if (ask(kind, &s, &p, flags) != naive(kind, &tu, &pu))
                complain("text kernel", &t, &p, flags);
    }
}

/* A well-formed pattern, with specials strewn in. */
static struct bytes random_wildcard(const struct bytes *text, bool cased, bool ascii,
                                    struct units *ret_units)
{
    const struct units u = decode(text, cased);
    struct bytes b = {.n = 0};
    ret_units->n = 0;
    for (uint32_t i = 0; i < u.n && b.n + 6 < BYTES_MAX; i++) {
        const uint32_t dice = pick(12);
        if (dice < 5) {
            const uint32_t special = SIGMATON_WILD_DASH + (dice < 3 ? 2 : dice - 3);
            b.p[b.n++] = (uint8_t)special;
            ret_units->v[ret_units->n++] = SPECIAL + special;
            if (dice == 0)
                i += pick(3);
            continue;
        }
        const bool plain = u.v[i] < 0x80 || (!ascii && (u.v[i] < 0xdc00 || u.v[i] > 0xdcff));
        append(&b, plain ? u.v[i] : 'a');
        struct bytes last = {.n = 0};
        append(&last, plain ? u.v[i] : 'a');
        const struct units one = decode(&last, cased);
        ret_units->v[ret_units->n++] = one.v[0];
    }
    return b;
}

static void the_wildcard_kernel_agrees_with_the_naive_one(void **state)
{
    (void)state;
    print_seed();
    uint32_t hits = 0;
    for (int i = 0; i < CASES; i++) {
        const uint32_t flags = (uint32_t[]){0, SIGMATON_CASED, SIGMATON_ASCII}[i % 3];
        const bool cased = flags == SIGMATON_CASED;
        const struct bytes t = random_bytes(pick(PIECES_MAX), COUNT(alphabet));
        struct units pu;
        const struct bytes p = random_wildcard(&t, cased, flags == SIGMATON_ASCII, &pu);
        const struct units tu = decode(&t, cased);
        const struct sigmaton_slot s = slot_bytes(t.p, t.n, SIGMATON_TEXT);
        const bool want = naive_wildcard(&tu, &pu);
        hits += want;
        if (srt_host()->wildcard(&s, p.p, p.n, flags) != want)
            complain("wildcard", &t, &p, flags);
    }
    assert_true(hits > CASES / 20); /* the cases are worth something */
}

static bool any_of(enum sigmaton_set_kind kind, bool cased, const struct bytes *t,
                   const struct bytes *texts, uint32_t n)
{
    const struct units tu = cased ? raw(t) : decode(t, false);
    for (uint32_t i = 0; i < n; i++) {
        const struct units pu = cased ? raw(&texts[i]) : decode(&texts[i], false);
        if (naive(kind, &tu, &pu))
            return true;
    }
    return false;
}

/* Well-formed texts alone, or with some that are not. */
static void sets_agree_with_their_texts_one_by_one(void **state)
{
    (void)state;
    print_seed();
    uint32_t hits = 0;
    struct arena *priors = arena_create((size_t)16 << 20);
    struct gram_prior *const ways[] = {NULL, gram_prior_none(priors), gram_prior_new(priors, true)};
    for (int i = 0; i < SETS; i++) {
        const enum sigmaton_set_kind kind = i % 4;
        const bool cased = i / 4 % 2;
        const uint32_t sizes[] = {ASCII_ONLY, WELL_FORMED, COUNT(alphabet)};
        const uint32_t n_alphabet = sizes[i / 8 % 3], n = 1 + pick(24);
        const bool long_ones = i / 24 % 2; /* so that keys have four bytes */
        struct bytes texts[24], t = random_bytes(pick(PIECES_MAX), n_alphabet);
        struct str strs[24];
        for (uint32_t k = 0; k < n; k++) {
            texts[k] = random_pattern(&t, cased, n_alphabet);
            if (pick(3) == 0 || (kind != SIGMATON_SET_EQ && texts[k].n == 0)) {
                const struct bytes other = random_bytes(1 + pick(6), n_alphabet);
                texts[k] = random_pattern(&other, cased, n_alphabet);
            }
            while (long_ones && texts[k].n < 4)
                texts[k].p[texts[k].n++] = 'b';
            strs[k] = (struct str){(const char *)texts[k].p, texts[k].n};
        }
        struct arena *a = arena_create((size_t)1 << 20);
        uint32_t size = 0;
        const uint8_t *set = set_build(a, ways[i % 3], kind, cased, strs, n, &size);
        assert_true(size % 8 == 0);
        for (int k = 0; k < 8; k++) {
            const struct sigmaton_slot s = slot_bytes(t.p, t.n, SIGMATON_TEXT);
            const bool want = any_of(kind, cased, &t, texts, n);
            hits += want;
            if (any_host()->set(&s, (const void *)set) != want)
                complain("set", &t, &texts[0], cased);
            t = random_bytes(pick(PIECES_MAX), n_alphabet);
        }
        arena_destroy(a);
    }
    arena_destroy(priors);
    assert_true(hits > SETS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_kernels_agree_with_the_naive_ones),
        cmocka_unit_test(the_wildcard_kernel_agrees_with_the_naive_one),
        cmocka_unit_test(sets_agree_with_their_texts_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
