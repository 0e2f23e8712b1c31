/* Lists against lists: however many leaves there are, the answer is that of the pairs one by one
 * (which host_test.c has in a table). */
#include "slots.h"

#define CASES 20000
#define LEAVES_MAX 24
#define PIECES_MAX 6
#define MANY 2500

static const char *const pieces[] = {
    "a", "A", "a", "A", "b", "k", "\u212a", "\u00df", "\u1e9e", "\u023a", "\u2c65", "\xff", "\xe2",
};
static const char *const integers[] = {"0", "5", "-5", "9223372036854775807"};
static const char *const doubles[] = {
    "0", "5", "-5", "5.5", "9223372036854776000", "18446744073709552000", "1e+300",
};
static const char *const number_texts[] = {"5",     "5.0", "5e0",
                                           "-5.00", "0.0", "9223372036854775808"};

static uint64_t state_ = UINT64_C(0x9e3779b97f4a7c15);

static uint32_t pick(size_t n)
{
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return (uint32_t)((state_ >> 16) % n);
}

static struct sigmaton_slot text_leaf(char *buffer, uint32_t n_pieces)
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < n_pieces; i++) {
        const char *piece = pieces[pick(COUNT(pieces))];
        memcpy(buffer + len, piece, strlen(piece));
        len += (uint32_t)strlen(piece);
    }
    if (n_pieces > 0 && pick(16) == 0)
        buffer[pick(len)] = '\0';
    return slot_bytes(len > 0 ? buffer : NULL, len, SIGMATON_TEXT);
}

static struct sigmaton_slot random_leaf(char *buffer, uint32_t least)
{
    switch (pick(12)) {
    case 0:
        return slot_int(integers[pick(COUNT(integers))]);
    case 1:
        return slot_double(doubles[pick(COUNT(doubles))]);
    case 2:
        return slot_text(number_texts[pick(COUNT(number_texts))]);
    case 3:
        return pick(2) ? slot_kind(SIGMATON_NULL) : slot_bool((int)pick(2));
    case 4:
        return slot_uint(pick(2) ? "9223372036854775808" : "18446744073709551615");
    default:
        return text_leaf(buffer, least + pick(PIECES_MAX - least + 1));
    }
}

static int pairs_answer(const struct sigmaton_slot *a, uint32_t n, const struct sigmaton_slot *b,
                        uint32_t m, uint32_t affix, uint32_t flags)
{
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < m; k++)
            if (srt_host()->fieldref(&a[i], &b[k], affix, flags))
                return 1;
    return 0;
}

static void lists_answer_as_their_pairs_do(void **state)
{
    (void)state;
    static char buffers[2][LEAVES_MAX][PIECES_MAX * 4];
    uint32_t n_yes = 0;
    for (uint32_t c = 0; c < CASES; c++) {
        struct sigmaton_slot a[LEAVES_MAX], b[LEAVES_MAX];
        const uint32_t n = 1 + pick(LEAVES_MAX), m = 1 + pick(LEAVES_MAX);
        const uint32_t affix = pick(SIGMATON_INSIDE + 1), flags = pick(2) ? SIGMATON_CASED : 0;
        const uint32_t least = pick(PIECES_MAX);
        for (uint32_t i = 0; i < n; i++)
            a[i] = random_leaf(buffers[0][i], pick(4) ? least : 0);
        for (uint32_t i = 0; i < m; i++)
            b[i] = random_leaf(buffers[1][i], pick(64) ? least : 0);
        if (pick(2)) /* without numbers, which soon agree */
            for (uint32_t i = 0; i < n; i++)
                a[i] = text_leaf(buffers[0][i], least);
        const struct sigmaton_slot la = slot_list(a, n), lb = slot_list(b, m);
        const int want = pairs_answer(a, n, b, m, affix, flags);
        char row[80];
        snprintf(row, sizeof row, "case %u: %u x %u, affix %u, flags %u", c, n, m, affix, flags);
        SAME(srt_host()->fieldref(&la, &lb, affix, flags), want, row);
        n_yes += (uint32_t)want;
    }
    assert_in_range(n_yes, CASES / 5, CASES * 4 / 5);
}

/* More leaves than are looked up at a time; the one that agrees stands anywhere. */
static void one_pair_among_millions_is_found(void **state)
{
    (void)state;
    static const uint32_t places[] = {0, 510, 511, 512, 1022, 1023, 1024, 1025, 2047, MANY - 1};
    static struct sigmaton_slot a[MANY], b[MANY];
    static char texts[2][MANY][16];
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(texts[0][i], 16, "Xa%05ua", i);
        snprintf(texts[1][i], 16, "%05ub", i);
        a[i] = slot_text(texts[0][i]);
        b[i] = slot_text(texts[1][i]);
    }
    const struct sigmaton_slot la = slot_list(a, MANY), lb = slot_list(b, MANY);
    for (uint32_t affix = SIGMATON_WHOLE; affix <= SIGMATON_INSIDE; affix++) {
        static const char *const others[] = {"xA02000A", "xA02000", "02000A", "a0200"};
        for (uint32_t flags = 0; flags <= SIGMATON_CASED; flags++) {
            SAME(srt_host()->fieldref(&la, &lb, affix, flags), 0, "no pair");
            for (uint32_t i = 0; i < COUNT(places); i++) {
                const struct sigmaton_slot was = b[places[i]];
                b[places[i]] = slot_text(others[affix]);
                SAME(srt_host()->fieldref(&la, &lb, affix, flags),
                     flags == 0 || affix == SIGMATON_INSIDE, others[affix]);
                b[places[i]] = slot_double("5.5");
                a[MANY / 2] = slot_text("5.50");
                SAME(srt_host()->fieldref(&la, &lb, affix, flags), affix != SIGMATON_SUFFIX,
                     "5.50 and 5.5");
                a[MANY / 2] = slot_text(texts[0][MANY / 2]);
                b[places[i]] = was;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_answer_as_their_pairs_do),
        cmocka_unit_test(one_pair_among_millions_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
