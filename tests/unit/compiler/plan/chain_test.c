/* Chains of automata: what counters let pass, which regexes become chains, and what is refused of
 * one that was changed. */
#include <sigmaton/pack.h>

#include "dfa.h"
#include "dfa_build.h"
#include "regex.h"
#include "t.h"

static const struct regex *parse(struct arena *a, const char *pattern)
{
    struct regex_error error = {0};
    const struct regex *re = regex_parse(a, str_of(pattern), (struct regex_flags){0}, &error);
    if (!re)
        fail_msg("%s: %s", pattern, error.what);
    return re;
}

static const struct sigmaton_dfa *head_of(const struct dfa *d)
{
    return (const struct sigmaton_dfa *)(const void *)d->blob;
}

static struct dfa chain(struct arena *a, const char *pattern)
{
    struct dfa d = dfa_build_chain(a, parse(a, pattern), NULL, 1);
    if (d.why)
        fail_msg("/%s/: %s", pattern, d.why);
    assert_null(srt_dfa_check(head_of(&d), d.size));
    return d;
}

/* Every level answers alike, and reads nothing beside the text. */
static bool finds(const struct dfa *d, const char *text, size_t len)
{
    uint8_t *exact = malloc(len + 1);
    assert_non_null(exact);
    memcpy(exact + 1, text, len);
    const bool found = srt_dfa_find(head_of(d), exact + 1, (uint32_t)len);
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        if (srt_simd_has((enum srt_simd)level))
            assert_int_equal(srt_dfa_find_by(srt_seek_at((enum srt_simd)level), head_of(d),
                                             exact + 1, (uint32_t)len),
                             found);
    free(exact);
    return found;
}

/* ---- What is found ---- */

static void counts_have_two_sides(void **state)
{
    static const uint32_t counts[][2] = {{0, 1},  {0, 2},   {1, 2},   {1, 64},   {2, 128},
                                         {7, 7},  {31, 33}, {62, 62}, {63, 63},  {63, 64},
                                         {0, 63}, {0, 64},  {0, 65},  {63, 1000}};
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const uint32_t least = counts[i][0], most = counts[i][1];
        struct text pattern;
        text_init(&pattern, a);
        text_addf(&pattern, "a[^x]{%u,%u}b", least, most);
        struct dfa d = chain(a, pattern.p);
        for (uint32_t n = 0; n < most + 4; n++) {
            char text[1100];
            text[2] = 'a';
            memset(text + 3, 'y', n);
            text[3 + n] = 'b';
            if (finds(&d, text + 2, n + 2) != (n >= least && n <= most))
                fail_msg("%s with %u between", pattern.p, n);
            memcpy(text, "aa", 2); /* two more may begin it */
            if (finds(&d, text, n + 4) != (n + 2 >= least && n <= most))
                fail_msg("%s with %u to %u between", pattern.p, n, n + 2);
            text[3 + n / 2] = n > 0 ? 'x' : 'b';
            if (n > 0 && n < most && finds(&d, text, n + 4))
                fail_msg("%s over an x", pattern.p);
        }
    }
}

static void texts_are_found_as_the_table_says(void **state)
{
    static const struct {
        const char *pattern, *yes[5], *no[5];
    } rows[] = {
        {"ping -n.{6,9}echo E",
         {"ping -n 12345echo E", "ping -n ping -n echo E",
          "\xff ping -n \u20ac\u20ac\u20ac  echo E", "ping -n\xff ping -n 123456 echo E"},
         {"ping -n 1234echo E", "ping -n 123456789echo E", "ping -n 123\n45echo E",
          "ping -n 123\xff"
          "45echo E"}},
        {"a.{1,3}b.{1,3}c",
         {"a-b-c", "aabbcc", "a-b---c", "ab-b-c", "a---b---c"},
         {"ab-c", "a-bc", "a----b-c", "a-b----c"}},
        {"\\\\[^\\\\]{1,4}$",
         {"\\x", "\\abcd", "\\abcd\n", "x\\y\\z", "\\a\xff\\b"},
         {"\\", "\\abcde", "\\abcde\n", "\\abcd\\"}},
        {"a.{1,3}\\bb",
         {"a-b", "a--b", "a\xc3\xa9 b"},
         {"axb", "ab", "a---xb",
          "a-\xff"
          "b"}},
        {"\\bab.{1,3}c", {"abxc", "-ab--c"}, {"xabxc", "abc"}},
        {"^ab.{1,3}c",
         {"abxc"},
         {"xabxc", "\x80"
                   "abxc"}},
        {"(?m)^ab.{1,3}c$", {"abxc", "\nab-c\nx"}, {"xabxc", "ab\nc", "abxc-"}},
        {"a.{2,3}.{2,3}b", {"a----b", "a------b"}, {"a---b", "a-------b"}},
        {"a.{1,3}x?", {"a-", "a-x"}, {"a", "a\n"}},
        {"a[^x]{1,5}(?m:^)b",
         {"a\nb", "a--\nb"},
         {"a--b", "a------\nb"}}, /* b cannot begin before */
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dfa d = chain(a, rows[i].pattern);
        for (size_t k = 0; k < 5 && rows[i].yes[k]; k++)
            if (!finds(&d, rows[i].yes[k], strlen(rows[i].yes[k])))
                fail_msg("/%s/ misses text %zu", rows[i].pattern, k);
        for (size_t k = 0; k < 5 && rows[i].no[k]; k++)
            if (finds(&d, rows[i].no[k], strlen(rows[i].no[k])))
                fail_msg("/%s/ finds text %zu", rows[i].pattern, k);
    }
}

/* ---- Which regexes are chains ---- */

static void long_counts_become_chains(void **state)
{
    static const struct {
        const char *pattern;
        uint32_t n_links;
    } rows[] = {
        {"abc.{2,3}def", 0}, /* one automaton is enough */
        {"abcdefghijklmnopqrst[^x]{2,128} abcdefghijklmnop", 1},
        {"xabcdefghijklmn[^0]{63}y[^0]{20,90}z", 2},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dfa d = dfa_build(a, parse(a, rows[i].pattern), NULL);
        assert_null(d.why);
        assert_int_equal(d.n_links, rows[i].n_links);
        assert_int_equal(head_of(&d)->n_links, rows[i].n_links);
    }
}

static void refused(struct arena *a, const char *pattern, const char *why)
{
    struct dfa d = dfa_build_chain(a, parse(a, pattern), NULL, DFA_COUNTED_FROM);
    if (!d.why || strcmp(d.why, why) != 0)
        fail_msg("/%s/: %s", pattern, d.why ? d.why : "built");
}

static void what_is_counted_has_two_sides(void **state)
{
    struct arena *a = t_arena(state);
    static const char nothing[] = "nothing is counted";
    assert_null(dfa_build_chain(a, parse(a, "a.{2,16}b"), NULL, DFA_COUNTED_FROM).why);
    refused(a, "a.{2,15}b", nothing);
    assert_null(dfa_build_chain(a, parse(a, "a.{63,70}b"), NULL, DFA_COUNTED_FROM).why);
    refused(a, "a.{64,70}b", nothing);
    refused(a, "a.{20,}b", nothing);
    refused(a, "a.{2,16}", nothing);
    refused(a, ".{2,16}b", nothing);
    refused(a, "a(.{2,16})+b", nothing);
    refused(a, "a(bc){2,16}b", nothing);
    refused(a, "a?.{2,16}b", "a part before a counter may be empty");
    refused(a, "\\b.{2,16}b", "a counter behind an assertion");
    refused(a, "a$.{2,16}b", "a counter behind an assertion");
    refused(a, "a(?m:$).{2,16}b", "a counter behind an assertion");
    /* a fifth counter is written out */
    assert_int_equal(chain(a, "a.{0,16}b.{0,16}c.{0,16}d.{0,16}e").n_links, 4);
    assert_int_equal(chain(a, "a.{0,2}b.{0,2}c.{0,2}d.{0,2}e.{0,2}f").n_links, 4);
}

static void the_bytes_of_a_chain_have_two_sides(void **state)
{
    struct arena *a = t_arena(state);
    const struct regex *re = parse(a, "abc.{2,16}def");
    const uint32_t size = chain(a, "abc.{2,16}def").size;
    struct dfa_bounds b = {DFA_STATES_MAX, 0, DFA_STEPS_MAX, size};
    assert_null(dfa_build_chain(a, re, &b, 1).why);
    b.chain_bytes = size - 8;
    assert_string_equal(dfa_build_chain(a, re, &b, 1).why, "too many bytes");
}

/* ---- What the runtime takes ---- */

static void links_are_checked(void **state)
{
    struct arena *a = t_arena(state);
    struct dfa d = chain(a, "ab.{2,16}cd[^x]{0,7}e?$");
    struct sigmaton_dfa *head = (struct sigmaton_dfa *)(void *)d.blob;
    struct sigmaton_link *links = (struct sigmaton_link *)(void *)(head + 1);
    struct sigmaton_dfa kept_head = *head;
    struct sigmaton_link kept[2] = {links[0], links[1]};
#define REFUSED(assignment)                           \
    do {                                              \
        assignment;                                   \
        assert_non_null(srt_dfa_check(head, d.size)); \
        *head = kept_head;                            \
        links[0] = kept[0];                           \
        links[1] = kept[1];                           \
        assert_null(srt_dfa_check(head, d.size));     \
    } while (0)
    REFUSED(head->n_links = SIGMATON_DFA_LINKS_MAX + 1);
    REFUSED(head->n_links = 0);
    REFUSED(head->n_links = 1); /* then the last part has states that end it */
    REFUSED(head->n_links = UINT32_MAX);
    REFUSED(head->reserved = 1);
    REFUSED(head->ends_from = head->rest); /* ends where it rests */
    REFUSED(links[0].n_states = 1);
    REFUSED(links[0].n_states = 0x10000);
    REFUSED(links[1].n_states += 4);
    REFUSED(links[0].next_off += 1);
    REFUSED(links[1].next_off += 8);
    REFUSED(links[1].next_off = UINT32_MAX - 1);
    REFUSED(links[0].next_off = 0);
    REFUSED(links[0].start++);
    REFUSED(links[0].start = UINT32_MAX);
    REFUSED(links[0].least = SIGMATON_LINK_LEAST_MAX + 1);
    REFUSED(links[0].most = links[0].least - 1);
    REFUSED(links[1].ends_from = links[1].start);
#undef REFUSED
    uint16_t *next = (uint16_t *)(void *)(d.blob + links[1].next_off);
    next[4 * head->n_classes + 1]++; /* no row */
    assert_non_null(srt_dfa_check(head, d.size));
}

/* What passes the check is walked without harm, whatever it finds. */
static void changed_chains_are_refused_or_harmless(void **state)
{
    static const char text[] = "ab..cd ab 12345cd cd\xff ab\u20ac\u20accde\n ab x ab..cd....ab";
    struct arena *a = t_arena(state);
    struct dfa d = chain(a, "ab.{2,16}cd[^x]{0,7}e?$");
    uint64_t random = 1;
    uint8_t *changed = malloc(d.size);
    uint32_t passed = 0;
    assert_non_null(changed);
    for (uint32_t round = 0; round < 20000; round++) {
        memcpy(changed, d.blob, d.size);
        for (uint32_t n = 1 + round % 3; n > 0; n--) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            const uint32_t of = round % 2 ? d.size : 400; /* the headers more often */
            changed[(random >> 33) % of] = (uint8_t)(random >> 20);
        }
        const struct sigmaton_dfa *head = (const struct sigmaton_dfa *)(const void *)changed;
        if (srt_dfa_check(head, d.size))
            continue;
        passed++;
        srt_dfa_find_by(srt_seek_at(srt_simd_choose()), head, (const uint8_t *)text,
                        sizeof text - 1);
    }
    free(changed);
    assert_in_range(passed, 100, 19000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(counts_have_two_sides),
        t_test(texts_are_found_as_the_table_says),
        t_test(long_counts_become_chains),
        t_test(what_is_counted_has_two_sides),
        t_test(the_bytes_of_a_chain_have_two_sides),
        t_test(links_are_checked),
        t_test(changed_chains_are_refused_or_harmless),
    };
    return t_run(tests);
}
