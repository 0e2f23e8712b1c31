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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_is_found_in_both_cases_and_other_bytes_as_they_are),
        cmocka_unit_test(pairs_are_found_at_their_first_place),
    };
    return cmocka_run_group_tests_name("match/seek", tests, make_page, NULL);
}
