/* Every level of the searches against one place after the other, on values that end where memory
 * does. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "t.h"

#include "seek.h"

#define VALUE_MAX 300

static uint8_t *page_end; /* nothing can be read from there on */
static uint64_t state_ = UINT64_C(0x5eed0011);

static uint32_t pick(uint32_t n)
{
    state_ = state_ * UINT64_C(6364136223846793005) + 1;
    return (uint32_t)(state_ >> 33) % n;
}

static int make_page(void **state)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    (void)state;
    uint8_t *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE) != 0)
        return -1;
    page_end = p + page;
    return 0;
}

/* n bytes before the end of the page: of few letters, so that much agrees. */
static const uint8_t *random_value(uint32_t n)
{
    for (uint32_t i = 1; i <= n; i++)
        page_end[-(int)i] = (uint8_t)("abABcx[{@`\xe1\x81"[pick(12)]);
    return page_end - n;
}

static void a_letter_is_found_in_both_cases_and_other_bytes_as_they_are(void **state)
{
    (void)state;
    for (unsigned want = 0; want < 256; want++)
        for (unsigned have = 0; have < 256; have++) {
            const bool is_letter = want >= 'a' && want <= 'z';
            if (want >= 'A' && want <= 'Z')
                continue; /* patterns are folded */
            assert_int_equal(srt_looks(srt_look_of((uint8_t)want), (uint8_t)have),
                             have == want || (is_letter && have == want - 32));
        }
}

static void pairs_are_found_at_their_first_place(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= VALUE_MAX; n++)
        for (int i = 0; i < 24; i++) {
            const uint8_t *t = random_value(n);
            const uint32_t gap = i % 2 ? pick(n < 9 ? n : 9) : pick(n);
            const struct srt_look a = srt_look_of((uint8_t)("abcx[`"[pick(6)])),
                                  b = srt_look_of((uint8_t)("abcx[`"[pick(6)]));
            const uint8_t *stop = t + (n - gap), *want = t;
            while (want < stop && !(srt_looks(a, *want) && srt_looks(b, want[gap])))
                want++;
            for (int level = 0; level < SRT_SIMD_COUNT; level++)
                if (srt_simd_has((enum srt_simd)level))
                    assert_ptr_equal(srt_seek_at((enum srt_simd)level)->pair(t, stop, gap, a, b),
                                     want);
        }
}

static bool text_stands(const uint8_t *p, const uint8_t *text, uint32_t len)
{
    uint32_t i = 0;
    while (i < len && srt_looks(srt_look_of(text[i]), p[i]))
        i++;
    return i == len;
}

/* Texts out of the value, one byte of each third changed. */
static void texts_are_found_at_their_first_place(void **state)
{
    (void)state;
    uint32_t n_found = 0;
    for (uint32_t n = 1; n <= VALUE_MAX; n++)
        for (int i = 0; i < 40; i++) {
            const uint8_t *t = random_value(n);
            const uint32_t most = n < SRT_FIND_MAX ? n : SRT_FIND_MAX,
                           len = i < 8 ? 1 + pick(most < 3 ? most : 3)
                                       : most - pick(most) / (1 + pick(9));
            const uint8_t *from = t + pick(n - len + 1), *stop = t + (n - len + 1), *want = t;
            uint8_t text[SRT_FIND_MAX];
            for (uint8_t *b = page_end - n; b < page_end && i % 4 != 0; b++)
                *b &= 0x7f;
            for (uint32_t k = 0; k < len; k++)
                text[k] = from[k] >= 'A' && from[k] <= 'Z' ? from[k] + 32 : from[k] & 0x7f;
            if (i % 3 == 0)
                text[pick(len)] ^= 1;
            while (want < stop && !text_stands(want, text, len))
                want++;
            n_found += want < stop;
            for (int level = 0; level < SRT_SIMD_COUNT; level++) {
                if (!srt_simd_has((enum srt_simd)level) || !srt_seek_at((enum srt_simd)level)->find)
                    continue;
                assert_ptr_equal(srt_seek_at((enum srt_simd)level)
                                     ->find(t, stop, text, len, pick(len), pick(len)),
                                 want);
            }
        }
    assert_true(n_found > 3000);
}

static void what_leaves_is_found_at_its_first_place(void **state)
{
    (void)state;
    for (uint32_t n = 0; n <= VALUE_MAX; n++)
        for (int i = 0; i < 12; i++) {
            const uint8_t *t = random_value(n), *end = t + n, *want = t;
            uint8_t leaves[32];
            for (uint32_t k = 0; k < 32; k++)
                leaves[k] =
                    pick(k < 16 ? 4 : 2) == 0 ? (uint8_t)(k < 16 ? 1u << pick(8) : pick(256)) : 0;
            if (i % 2)
                for (uint8_t *p = page_end - n; p < page_end; p++)
                    *p = pick(60) == 0 ? (uint8_t)pick(256) : 'b';
            while (want < end && *want < 0x80 &&
                   (!(leaves[*want & 15] >> (*want >> 4) & 1) ||
                    (want + 1 < end && want[1] < 0x80 &&
                     !(leaves[16 + (want[1] & 15)] >> (want[1] >> 4) & 1))))
                want++;
            for (int level = 0; level < SRT_SIMD_COUNT; level++)
                if (srt_simd_has((enum srt_simd)level))
                    assert_ptr_equal(srt_seek_at((enum srt_simd)level)->leaving(leaves, t, end),
                                     want);
        }
}

/* ---- Masks ---- */

struct tries {
    const uint8_t *masks, *t;
    uint32_t n, next, end,
        n_exact; /* next: the first place not tried yet; end: the try that ends */
};

static bool in_a_group(const struct tries *r, uint32_t at)
{
    uint32_t groups = 0xff;
    for (uint32_t i = 0; i < SRT_SEEK_MASKS; i++) {
        const uint8_t c = at + i < r->n ? r->t[at + i] : 0;
        groups &= r->masks[32 * i + (c & 15)] & r->masks[32 * i + 16 + (c >> 4)];
    }
    return groups != 0;
}

/* No place that is in a group was left out. */
static bool try_place(void *ctx, uint32_t at)
{
    struct tries *r = ctx;
    assert_true(at >= r->next && at < r->n);
    for (; r->next < at; r->next++)
        assert_false(in_a_group(r, r->next));
    r->n_exact += in_a_group(r, at);
    r->next = at + 1;
    return at >= r->end;
}

static void add_key(uint8_t *masks, uint8_t group)
{
    for (uint32_t i = 0; i < SRT_SEEK_MASKS; i++) {
        const uint8_t c = (uint8_t)("abABcx[{@`\xe1\0"[pick(12)]);
        masks[32 * i + (c & 15)] |= group;
        masks[32 * i + 16 + (c >> 4)] |= group;
    }
}

static void places_of_groups_are_tried_in_order_until_one_holds(void **state)
{
    (void)state;
    uint32_t n_exact = 0;
    for (uint32_t n = 0; n <= VALUE_MAX; n++)
        for (int i = 0; i < 24; i++) {
            uint8_t masks[32 * SRT_SEEK_MASKS] = {0};
            const uint8_t *t = random_value(n);
            for (int key = 0; key < 6; key++)
                add_key(masks, (uint8_t)(1u << pick(8)));
            for (int level = 0; level < SRT_SIMD_COUNT; level++) {
                struct tries r = {masks, t, n, 0, i % 4 == 0 ? pick(n + 1) : n, 0};
                if (!srt_simd_has((enum srt_simd)level))
                    continue;
                const bool ended =
                    srt_seek_at((enum srt_simd)level)->masks(masks, t, n, try_place, &r);
                assert_int_equal(ended, r.next > r.end);
                for (; !ended && r.next < n; r.next++)
                    assert_false(in_a_group(&r, r.next));
                n_exact += r.n_exact;
            }
        }
    assert_true(n_exact > 10000);
}

/* Valid JSON of plain bytes and escapes, n bytes before the end of the page; what it stands for up
 * to the first \u, which is at *ret_stop. */
static uint32_t random_escapes(uint32_t n, bool any_long, uint8_t *meant, uint32_t *ret_stop)
{
    static const char short_ones[] = "\"\\/bfnrt", stand_for[] = "\"\\/\b\f\n\r\t";
    uint8_t *t = page_end - n;
    uint32_t n_meant = 0;
    *ret_stop = n;
    for (uint32_t i = 0; i < n;) {
        const uint32_t dice = pick(8), which = pick(8);
        if (dice == 0 && any_long && i + 6 <= n) {
            memcpy(t + i, "\\u0061", 6);
            *ret_stop = *ret_stop == n ? i : *ret_stop;
            i += 6;
        } else if (dice < 3 && i + 2 <= n) {
            t[i++] = '\\';
            t[i++] = (uint8_t)short_ones[which];
            if (*ret_stop == n)
                meant[n_meant++] = (uint8_t)stand_for[which];
        } else {
            t[i++] = (uint8_t) "bnru/at\xe1"[which];
            if (*ret_stop == n)
                meant[n_meant++] = t[i - 1];
        }
    }
    return n_meant;
}

static void escapes_of_one_character_are_undone_up_to_a_longer_one(void **state)
{
    (void)state;
    for (int level = 0; level < SRT_SIMD_COUNT; level++) {
        if (!srt_simd_has((enum srt_simd)level))
            continue;
        const struct srt_seek *seek = srt_seek_at((enum srt_simd)level);
        for (uint32_t n = 1; seek->unescape != NULL && n <= VALUE_MAX; n++)
            for (int i = 0; i < 24; i++) {
                uint8_t meant[VALUE_MAX], to[VALUE_MAX + 1];
                uint32_t stop;
                const uint32_t n_meant = random_escapes(n, i % 2 == 0, meant, &stop);
                to[n_meant] = 0x5a;
                const struct srt_unescaped done = seek->unescape(to, page_end - n, page_end);
                assert_ptr_equal(done.p, page_end - n + stop);
                assert_int_equal(done.to - to, n_meant);
                assert_memory_equal(to, meant, n_meant);
                assert_int_equal(to[n_meant], 0x5a); /* nothing behind it is written */
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_of_one_character_are_undone_up_to_a_longer_one),
        cmocka_unit_test(a_letter_is_found_in_both_cases_and_other_bytes_as_they_are),
        cmocka_unit_test(pairs_are_found_at_their_first_place),
        cmocka_unit_test(texts_are_found_at_their_first_place),
        cmocka_unit_test(what_leaves_is_found_at_its_first_place),
        cmocka_unit_test(places_of_groups_are_tried_in_order_until_one_holds),
    };
    return cmocka_run_group_tests_name("match/seek", tests, make_page, NULL);
}
