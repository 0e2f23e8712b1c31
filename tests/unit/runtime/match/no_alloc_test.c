/* Nothing behind the host table asks for memory: malloc and its kin are ours here, and count. */
#include "regex_pack.h"

#include "number.h"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static unsigned long calls;

void *malloc(size_t size)
{
    calls++;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    calls++;
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    calls++;
    return __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    calls++;
    return __libc_memalign(alignment, size);
}

/* Four entries, one bucket pair: a set by hand, so that this test needs no compiler. */
static _Alignas(8) struct {
    struct sigmaton_set set;
    uint16_t starts[3]; /* of two buckets, and the end */
    uint16_t offs[2];
    uint8_t masks[SIGMATON_SET_MASKS_SIZE], before;
    uint8_t text[8];
} small_set = {
    .set = {.size = sizeof small_set,
            .kind = SIGMATON_SET_CONTAINS,
            .n = 1,
            .min_len = UINT32_MAX,
            .bucket_bits = 1,
            .key_len = 4},
    .text = "needle",
};

static void ask_everything(struct regex_bench *b, const struct sigmaton_slot *s)
{
    const struct sigmaton_host *h = srt_host();
    static const uint8_t network[16] = {10};
    small_set.offs[0] = offsetof(__typeof__(small_set), text);
    small_set.offs[1] = (uint16_t)(small_set.offs[0] + 6);
    for (uint32_t flags = 0; flags <= SIGMATON_ASCII; flags++) {
        h->eq(s, BYTES("needle"), flags);
        h->prefix(s, BYTES("needle"), flags);
        h->suffix(s, BYTES("needle"), flags);
        h->contains(s, BYTES("needle"), flags);
        h->contains(s, BYTES("aaaaaaaaaaaaaaaaaaaaaaaab"), flags);
        h->wildcard(s, BYTES("*\xffn\xfe\xfd"), flags);
        h->wildcard(s, BYTES("\xff\x61\xff\x61\xfe\x61\xff\x62\xff"), flags);
        for (uint32_t affix = 0; affix <= SIGMATON_INSIDE; affix++)
            h->fieldref(s, s, affix, flags);
    }
    h->set(s, &small_set.set);
    h->any(s);
    h->null(s);
    h->boolean(s, 1);
    h->number(s, SIGMATON_LT, SIGMATON_INT, 5);
    h->cidr(s, network, 8, 0);
    h->time(s, SIGMATON_WEEK, SIGMATON_EQ, SIGMATON_INT, 5);
    for (uint32_t i = 0; i < srt_regexes_count(b->regexes); i++)
        h->regex(&b->frame, s, i, 0);
}

static void no_function_of_the_table_allocates(void **state)
{
    (void)state;
    static const char *const patterns[] = {"ab+c", "(a+)+$", "^(?:a|b)*c", "[a-z]+\\d"};
    static char text[8192];
    static char digits[4000];
    char out[SRT_NUMBER_TEXT];
    memset(text, 'a', sizeof text);
    memset(digits, '7', sizeof digits);
    digits[1] = '.';
    const struct sigmaton_slot leaves[] = {slot_text("NEEDLE"),
                                           slot_text("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
                                           slot_bytes(text, sizeof text, SIGMATON_TEXT),
                                           slot_bytes(digits, sizeof digits, SIGMATON_TEXT),
                                           slot_text("2024-03-05T17:42:09Z"),
                                           slot_text("10.1.2.3"),
                                           slot_double("1e-300"),
                                           slot_bool(1),
                                           slot_kind(SIGMATON_NULL)};
    const struct sigmaton_slot list = slot_list(leaves, COUNT(leaves));
    for (int jit = 0; jit < 2; jit++) {
        struct regex_bench b;
        regex_bench_start(&b, patterns, COUNT(patterns),
                          (struct srt_regex_options){.jit = jit, .match_limit = 100000});
        const unsigned long before = calls;
        for (size_t i = 0; i < COUNT(leaves); i++)
            ask_everything(&b, &leaves[i]);
        ask_everything(&b, &list);
        srt_number_text(5e-324, out);
        srt_number_text(1.7976931348623157e308, out);
        assert_int_equal(calls, before);
        assert_true(b.frame.limits_hit > 0); /* the regexes did work */
        regex_bench_end(&b);
        assert_true(before > 0); /* the count counts */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_function_of_the_table_allocates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
