/* Random regexes over random texts: the automaton, the chain of automata with every repeat counted
 * that can be, PCRE2 on the normal form and the oracle's simulation give one answer. TAP.
 *
 * usage: regexes [ROUNDS [SEED]]; SIGMATON_REGEX_ROUNDS and SIGMATON_REGEX_SEED go before both. The
 * simulation is not asked about texts that are not UTF-8, for no event holds one. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "dfa.h"
#include "dfa_build.h"
#include "ir.h"
#include "regex_gen.h"
#include "regex_sim.h"

#define TEXTS 24

struct totals {
    uint64_t patterns, refused, left, chains, texts, found, found_by_chain, malformed;
};

/* One regex, ready to be asked in each of the three ways. */
struct asked {
    struct str pattern, normal;
    const struct regex *re;
    const struct sigmaton_dfa *dfa;   /* NULL: left to PCRE2 */
    const struct sigmaton_dfa *chain; /* NULL: nothing is counted */
    struct regex_program *program;
    pcre2_code *code;
};

/* 1, 0, or -1 at its limit. */
static int pcre2_finds(const struct asked *q, struct str text)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int rc = pcre2_match(q->code, (PCRE2_SPTR)(text.len ? text.p : ""), text.len, 0, 0, data, NULL);
    pcre2_match_data_free(data);
    if (rc == PCRE2_ERROR_MATCHLIMIT)
        return -1;
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) {
        fprintf(stderr, "PCRE2 answers %d\n", rc);
        exit(2);
    }
    return rc >= 0;
}

static void show(const char *what, struct str s)
{
    printf("#   %s: ", what);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c < 0x7f)
            putchar(c);
        else
            printf("\\x%02x", c);
    }
    putchar('\n');
}

/* By each level's instructions, which agree with the first; `otherwise` when there is no automaton.
 */
static bool walk_finds(const struct sigmaton_dfa *dfa, struct str text, bool otherwise)
{
    const uint8_t *p = (const uint8_t *)(text.len ? text.p : "");
    if (!dfa)
        return otherwise;
    const bool plain = srt_dfa_find(dfa, p, (uint32_t)text.len);
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        if (srt_simd_has((enum srt_simd)level) &&
            srt_dfa_find_by(srt_seek_at((enum srt_simd)level), dfa, p, (uint32_t)text.len) != plain)
            return !otherwise; /* one of them is wrong */
    return plain;
}

/* False when the answers differ. */
static bool ask(struct arena *a, const struct asked *q, struct str text, struct totals *t)
{
    bool valid = utf8_valid(text);
    int pcre2 = pcre2_finds(q, text);
    if (pcre2 < 0)
        return true;
    bool want = pcre2;
    bool dfa = walk_finds(q->dfa, text, want), chain = walk_finds(q->chain, text, want);
    bool sim = valid ? regex_sim_search(q->program, points_of(a, text, false)) : want;
    t->texts++;
    t->found += want;
    t->found_by_chain += want && q->chain;
    t->malformed += !valid;
    if (dfa == want && chain == want && sim == want)
        return true;
    show("regex", q->pattern);
    show("normal form", q->normal);
    show("text", text);
    printf("#   PCRE2 %d, automaton %d, chain %d, simulation %d\n", want, dfa, chain, sim);
    return false;
}

/* The automaton as the runtime takes it; NULL when there is none. */
static const struct sigmaton_dfa *checked(const struct dfa *dfa, struct str pattern)
{
    const struct sigmaton_dfa *head = (const struct sigmaton_dfa *)(const void *)dfa->blob;
    const char *fault = dfa->why ? NULL : srt_dfa_check(head, dfa->size);
    if (fault) {
        show(fault, pattern);
        exit(2);
    }
    return dfa->why ? NULL : head;
}

static bool prepare(struct arena *a, struct asked *q, struct totals *t)
{
    int code;
    PCRE2_SIZE off;
    if (!ir_regex_fits(a, q->re))
        return false;
    q->normal = ir_regex_normal(a, q->re);
    q->program = regex_program_new(a, q->re);
    q->code = pcre2_compile((PCRE2_SPTR)(q->normal.len ? q->normal.p : ""), q->normal.len,
                            PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code, &off, NULL);
    if (!q->code) {
        show("PCRE2 refuses", q->normal);
        exit(2);
    }
    struct dfa dfa = dfa_build(a, q->re, NULL), chain = dfa_build_chain(a, q->re, NULL, 1);
    q->dfa = checked(&dfa, q->pattern);
    q->chain = checked(&chain, q->pattern);
    t->left += dfa.why != NULL;
    t->chains += q->chain != NULL;
    return true;
}

static bool run_round(struct regex_gen *g, struct totals *t)
{
    bool same = true;
    struct regex_error error;
    struct arena *a = arena_create(ARENA_LIMIT);
    struct asked q = {.pattern = regex_gen_pattern(g, a)};
    q.re = regex_parse(a, q.pattern, regex_gen_flags(g), &error);
    t->patterns += q.re != NULL;
    t->refused += q.re == NULL;
    if (q.re && prepare(a, &q, t)) {
        for (int i = 0; i < TEXTS && same; i++) {
            g->valid = regex_gen_below(g, 2);
            same = ask(a, &q, regex_gen_text(g, a, q.re), t);
        }
        pcre2_code_free(q.code);
    }
    arena_destroy(a);
    return same;
}

static uint64_t number(const char *env, int argc, char **argv, int i, uint64_t otherwise)
{
    const char *z = getenv(env);
    if (!z && i < argc)
        z = argv[i];
    return z ? strtoull(z, NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    uint64_t rounds = number("SIGMATON_REGEX_ROUNDS", argc, argv, 1, 20000);
    uint64_t seed = number("SIGMATON_REGEX_SEED", argc, argv, 2, 1);
    struct regex_gen g = {.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    struct totals t = {0};
    bool same = true;
    printf("# seed %llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < rounds && same; i++)
        same = run_round(&g, &t);
    printf("%sok 1 - automaton, chain, PCRE2 and simulation agree\n", same ? "" : "not ");
    printf(
        "# %llu regexes, %llu refused by the parser, %llu left to PCRE2, %llu chains; %llu texts, "
        "%llu found, %llu of them by chains, %llu not UTF-8\n",
        (unsigned long long)t.patterns, (unsigned long long)t.refused, (unsigned long long)t.left,
        (unsigned long long)t.chains, (unsigned long long)t.texts, (unsigned long long)t.found,
        (unsigned long long)t.found_by_chain, (unsigned long long)t.malformed);
    bool fair = t.found * 5 > t.texts && t.found * 5 < t.texts * 4 && t.malformed * 10 > t.texts &&
                t.left * 40 < t.patterns && t.chains * 20 > t.patterns;
    printf("%sok 2 - a fair share is found, and malformed\n1..2\n", fair ? "" : "not ");
    return same && fair ? 0 : 1;
}
