/* Differential runs over random rules and events: oracle = ir = jit, as TAP.
 * usage: agree PAIRS [SEED]          prints seed, coverage and, on a difference, the rule and the
 * event */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "compile.h"
#include "gen.h"
#include "oracle.h"

#include <sigmaton/sigmaton.h>

enum { RULES_PER_PACK = 100, EVENTS_PER_PACK = 200 };

struct tally {
    uint64_t hit, miss;
};

static struct {
    uint64_t pairs, hits, differences;
    struct tally chains[64], ops[IR_OP__COUNT], kinds[10];
} seen;

static void die(const char *what)
{
    printf("not ok 1 - %s\n1..1\n", what);
    exit(1);
}

/* A file that holds `text`; its path is in path[]. */
static void write_file(char *path, const char *text, size_t len)
{
    strcpy(path, "/tmp/agree-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, text, len) != (ssize_t)len || close(fd))
        die("a temporary file can be written");
}

static struct sigmatonc *compile(const char *text, size_t len)
{
    char rules[32], names[32];
    write_file(rules, text, len);
    write_file(names, gen_placeholders(), strlen(gen_placeholders()));
    const char *paths[] = {rules};
    struct sigmatonc_options o = {.size = sizeof o,
                                  .paths = paths,
                                  .n_paths = 1,
                                  .last = SIGMATONC_JIT,
                                  .placeholders = names};
    struct sigmatonc *c = NULL;
    if (sigmatonc_compile(&o, &c) != SIGMATONC_OK || sigmatonc_counts(c).refused > 0 ||
        c->mapped.n != RULES_PER_PACK) {
        struct text t;
        text_init(&t, c->arena);
        for (size_t i = 0; i < diag_count(c->sink); i++)
            if (diag_info(diag_get(c->sink, i)->code)->severity == DIAG_ERROR)
                diag_render_text(c->sink, i, (struct diag_style){0}, &t);
        printf("# %.*s\n", (int)t.len, t.p);
        die("every random rule compiles");
    }
    unlink(rules);
    unlink(names);
    return c;
}

struct engines {
    struct sigmaton_engine *jit, *ir;
    struct sigmaton_scratch *jit_scratch, *ir_scratch;
    struct oracle *oracle;
};

static void open_engines(struct sigmatonc *c, struct engines *e)
{
    struct sigmaton_engine_options o = {.size = sizeof o, .routing = SIGMATON_ROUTE_NONE};
    struct oracle_options oo = {.routing = ORACLE_ROUTE_NONE};
    enum sigmaton_status s = sigmaton_engine_create(sigmatonc_pack(c), &o, &e->jit, NULL);
    o.eval = sigmatonc_interpreter(c, &o.judge);
    if (s || sigmaton_engine_create(sigmatonc_pack(c), &o, &e->ir, NULL) ||
        sigmaton_scratch_create(e->jit, &e->jit_scratch) ||
        sigmaton_scratch_create(e->ir, &e->ir_scratch))
        die("the engines start");
    e->oracle = oracle_create(&c->mapped, &oo);
}

static void close_engines(struct engines *e)
{
    sigmaton_scratch_destroy(e->jit_scratch);
    sigmaton_scratch_destroy(e->ir_scratch);
    sigmaton_engine_destroy(e->jit);
    sigmaton_engine_destroy(e->ir);
    oracle_destroy(e->oracle);
}

static bool bit(const uint64_t *w, uint32_t i)
{
    return w[i / 64] >> (i % 64) & 1;
}

static void count(struct tally *t, bool hit)
{
    if (hit)
        t->hit++;
    else
        t->miss++;
}

/* Which operations of the DAG a rule's verdict speaks of. */
static void count_ops(const struct ir *ir, uint32_t node, bool hit)
{
    const struct ir_node *n = ir_get(ir, node);
    count(&seen.ops[n->op], hit);
    for (uint32_t i = 0; ir_op_info(n->op)->kind == IR_GATE && i < n->n; i++)
        count_ops(ir, n->children[i], hit);
}

static void count_kinds(const struct sigmaton_verdict *v, uint32_t n_slots, bool hit)
{
    for (uint32_t s = 0; s < n_slots; s++) {
        uint32_t kind = v->slots[s].kind;
        count(&seen.kinds[kind ? (unsigned)__builtin_ctz(kind) + 1 : 0], hit);
    }
}

static void print_rule(const char *rules, uint32_t rule)
{
    char title[32];
    snprintf(title, sizeof title, "title: r%u\n", rule);
    const char *p = strstr(rules, title), *end = p ? strstr(p, "---") : NULL;
    printf("# rule:\n%.*s", p && end ? (int)(end - p) : 0, p ? p : "");
}

static void judge(struct sigmatonc *c, struct engines *e, const unsigned *chains, const char *rules,
                  const char *event, size_t len)
{
    struct sigmaton_verdict jit = {0}, ir = {0};
    uint64_t truth[(RULES_PER_PACK + 63) / 64];
    const char *why = "";
    size_t off;
    if (sigmaton_eval_json(e->jit, e->jit_scratch, event, len, &jit) ||
        sigmaton_eval_json(e->ir, e->ir_scratch, event, len, &ir) ||
        oracle_judge(e->oracle, event, len, truth, &why, &off)) {
        printf("# %.*s: %s %s\n", (int)len, event, why, jit.error ? jit.error : "");
        die("every random event is readable");
    }
    uint32_t n_slots = sigmatonc_pack(c)->slots.len;
    for (uint32_t i = 0; i < RULES_PER_PACK; i++) {
        bool want = bit(truth, i), limit = bit(jit.unjudged, i);
        seen.pairs++;
        seen.hits += want;
        count(&seen.chains[chains[i]], want);
        count_ops(c->ir, c->ir->rules[i].root, want);
        if (i % 16 == 0)
            count_kinds(&jit, n_slots, want);
        if (limit || (bit(jit.hits, i) == want && bit(ir.hits, i) == want))
            continue;
        if (seen.differences++ < 5) {
            printf("# rule %u: oracle %d, ir %d, jit %d on %.*s\n", i, want, bit(ir.hits, i),
                   bit(jit.hits, i), (int)len, event);
            print_rule(rules, i);
        }
    }
}

static void pack(struct gen *g)
{
    unsigned chains[RULES_PER_PACK];
    struct engines e = {0};
    g->len = 0;
    for (unsigned i = 0; i < RULES_PER_PACK; i++)
        gen_rule(g, i, &chains[i]);
    char *rules = strndup(g->out, g->len);
    struct sigmatonc *c = compile(rules, g->len);
    open_engines(c, &e);
    for (unsigned i = 0; i < EVENTS_PER_PACK; i++) {
        g->len = 0;
        gen_event(g);
        judge(c, &e, chains, rules, g->out, g->len);
    }
    close_engines(&e);
    sigmatonc_destroy(c);
    free(rules);
}

static unsigned print_tally(const char *what, const char *name, const struct tally *t)
{
    printf("# %-6s %-30s %10" PRIu64 " in hit %10" PRIu64 " in miss\n", what, name, t->hit,
           t->miss);
    return t->hit == 0 || t->miss == 0;
}

static unsigned print_coverage(void)
{
    static const char *const kinds[10] = {"absent", "null", "bool", "int",   "uint",
                                          "double", "text", "list", "empty", "object"};
    unsigned holes = 0;
    for (unsigned i = 0; i < gen_n_chains(); i++)
        holes += print_tally("chain", gen_chain_name(i), &seen.chains[i]);
    for (unsigned i = IR_OP_AND; i < IR_OP__COUNT; i++)
        holes += print_tally("op", ir_op_info((enum ir_op)i)->text, &seen.ops[i]);
    for (unsigned i = 0; i < 10; i++)
        holes += print_tally("leaf", kinds[i], &seen.kinds[i]);
    return holes;
}

int main(int argc, char **argv)
{
    struct gen g;
    uint64_t pairs = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : (uint64_t)time(NULL);
    printf("# seed %" PRIu64 "\n", seed);
    gen_init(&g, seed);
    while (seen.pairs < pairs && seen.differences == 0)
        pack(&g);
    gen_finish(&g);
    unsigned holes = print_coverage();
    double percent = 100.0 * (double)seen.hits / (double)seen.pairs;
    printf("%sok 1 - oracle, ir and jit agree on %" PRIu64 " pairs\n",
           seen.differences ? "not " : "", seen.pairs);
    printf("%sok 2 - %.1f %% of the pairs hit\n", percent >= 20 && percent <= 80 ? "" : "not ",
           percent);
    printf("%sok 3 - every chain, operation and leaf kind in hit and in miss%s\n",
           holes && pairs >= 100000 ? "not " : "", pairs < 100000 ? " # SKIP too few pairs" : "");
    printf("1..3\n");
    return seen.differences > 0;
}
