/* The regexes of given rules over given values: automaton and PCRE2 on all of them, the oracle's
 * simulation on a sample. TAP.
 *
 * usage: regex_values RULES... < VALUES; each value is its length, four bytes, little-endian, and
 * its bytes. Every value is asked of every regex, so that each meets far more texts than its rule's
 * field would show it. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "arena.h"
#include "compile.h"
#include "dfa.h"
#include "regex_sim.h"

#define SAMPLE 64 /* the simulation is asked about one value in so many */
#define VALUE_MAX (1u << 20)

struct asked {
    struct str normal;
    const struct sigmaton_dfa *dfa; /* NULL: left to PCRE2 */
    struct regex_program *program;
    pcre2_code *code;
};

struct totals {
    uint64_t values, asked, found, simulated, limits, bytes, dfa_ns, pcre2_ns;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static struct asked prepare(struct arena *a, const struct ir_node *x, const struct dfa *dfa)
{
    int code;
    PCRE2_SIZE off;
    struct asked q = {.normal = x->text, .program = regex_program_new(a, x->regex)};
    if (!dfa->why)
        q.dfa = (const struct sigmaton_dfa *)(const void *)dfa->blob;
    q.code = pcre2_compile((PCRE2_SPTR)(x->text.len ? x->text.p : ""), x->text.len,
                           PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code, &off, NULL);
    if (!q.code || pcre2_jit_compile(q.code, PCRE2_JIT_COMPLETE) != 0)
        exit(2);
    return q;
}

/* -1: PCRE2 ended at a limit. */
static int pcre2_finds(const struct asked *q, pcre2_match_data *data, struct str text)
{
    int rc = pcre2_match(q->code, (PCRE2_SPTR)text.p, text.len, 0, 0, data, NULL);
    return rc == PCRE2_ERROR_NOMATCH ? 0 : rc < 0 ? -1 : 1;
}

static bool ask(const struct asked *q, pcre2_match_data *data, struct str text,
                const struct points *points, struct totals *t)
{
    uint64_t start = now_ns();
    bool dfa = q->dfa && srt_dfa_find_by(srt_seek_at(srt_simd_choose()), q->dfa,
                                         (const uint8_t *)text.p, (uint32_t)text.len);
    uint64_t mid = now_ns();
    int pcre2 = pcre2_finds(q, data, text);
    t->pcre2_ns += now_ns() - mid;
    t->dfa_ns += mid - start;
    t->asked++;
    t->found += pcre2 > 0;
    t->limits += pcre2 < 0;
    t->bytes += text.len;
    bool same = !q->dfa || pcre2 < 0 || dfa == pcre2;
    if (points && q->dfa) {
        t->simulated++;
        same &= regex_sim_search(q->program, *points) == dfa;
    }
    if (!same)
        printf("# %.*s on %.*s\n", STR_ARG(q->normal), STR_ARG(text));
    return same;
}

static bool ask_all(const struct asked *q, size_t n, pcre2_match_data *data, struct str text,
                    struct totals *t)
{
    bool same = true;
    struct arena *a =
        t->values % SAMPLE == 0 && utf8_valid(text) ? arena_create(ARENA_LIMIT) : NULL;
    struct points points = {0};
    if (a)
        points = points_of(a, text, false);
    for (size_t i = 0; i < n; i++)
        same &= ask(&q[i], data, text, a ? &points : NULL, t);
    arena_destroy(a);
    t->values++;
    return same;
}

static bool read_value(char *text, uint32_t *ret_len)
{
    unsigned char len[4];
    if (fread(len, 1, 4, stdin) != 4)
        return false;
    *ret_len =
        (uint32_t)len[0] | (uint32_t)len[1] << 8 | (uint32_t)len[2] << 16 | (uint32_t)len[3] << 24;
    return *ret_len < VALUE_MAX && fread(text, 1, *ret_len, stdin) == *ret_len;
}

int main(int argc, char **argv)
{
    struct sigmatonc *c = NULL;
    struct sigmatonc_options options = {.size = sizeof options,
                                        .paths = (const char *const *)argv + 1,
                                        .n_paths = (size_t)argc - 1,
                                        .last = SIGMATONC_PLAN};
    if (sigmatonc_compile(&options, &c) != SIGMATONC_OK)
        return 2;
    struct arena *a = arena_create(ARENA_LIMIT);
    struct asked *q = ARENA_ARRAY(a, c->plan->n_regexes, struct asked);
    size_t n = 0, n_dfas = 0;
    bool *done = ARENA_ARRAY(a, c->plan->n_regexes, bool);
    for (uint32_t i = 0; i < c->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(c->ir, i);
        if (x->op != IR_OP_REGEX || !c->plan->reachable[i] || done[c->plan->regex_of[i]])
            continue;
        done[c->plan->regex_of[i]] = true;
        q[n] = prepare(a, x, &c->plan->dfas[c->plan->regex_of[i]]);
        n_dfas += q[n++].dfa != NULL;
    }
    struct totals t = {0};
    bool same = n > 0;
    uint32_t len;
    char *text = arena_alloc(a, VALUE_MAX);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    while (read_value(text, &len))
        same &= ask_all(q, n, data, (struct str){text, len}, &t);
    same &= t.values > 0;
    printf("%sok 1 - %zu regexes, %zu automata, agree on %llu values\n1..1\n", same ? "" : "not ",
           n, n_dfas, (unsigned long long)t.values);
    printf(
        "# %llu asked, %llu found, %llu simulated, %llu at PCRE2's limit; with the clock: automata "
        "%.2f ns a byte, PCRE2's machine code %.2f\n",
        (unsigned long long)t.asked, (unsigned long long)t.found, (unsigned long long)t.simulated,
        (unsigned long long)t.limits, (double)t.dfa_ns / (double)t.bytes,
        (double)t.pcre2_ns / (double)t.bytes);
    return same ? 0 : 1;
}
