/* Differential runs over random rules and events: oracle = ir = jit = aot, as TAP.
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
#include "link.h"
#include "oracle.h"

#include <sigmaton/sigmaton.h>

enum { RULES_PER_PACK = 100, EVENTS_PER_PACK = 200 };
/* Fewer leave holes by chance. */
#define COVERED_PAIRS 300000

struct tally {
    uint64_t hit, miss;
};

/* Vector instructions that a run is held to; the first is what the machine has. */
enum { LEVELS = 5 };
static const char *const levels[LEVELS] = {NULL, "plain", "sse42", "avx2", "avx512"};

/* How one pack is compiled and run. */
struct way {
    const char *off; /* a pass that is switched off, or NULL */
    enum sigmaton_regex_mode regex;
    unsigned simd;  /* of the code in memory; the pack file has the next of levels[] */
    unsigned level; /* 0: leaves are asked as data; above: their code is written out */
};

static struct {
    uint64_t pairs, hits, differences, unjudged, damaged, refused, filters, files;
    struct tally chains[128], ops[IR_OP__COUNT], kinds[11], routings[GEN_ROUTE__COUNT],
        traits[GEN_TRAIT__COUNT], levels[LEVELS];
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

static struct sigmatonc *compile(const char *text, size_t len, const struct way *way)
{
    char rules[32], names[32];
    write_file(rules, text, len);
    write_file(names, gen_placeholders(), strlen(gen_placeholders()));
    const char *paths[] = {rules};
    struct sigmatonc_options o = {.size = sizeof o,
                                  .paths = paths,
                                  .n_paths = 1,
                                  .last = SIGMATONC_JIT,
                                  .off = &way->off,
                                  .n_off = way->off != NULL,
                                  .opt_level = way->level,
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
    struct sigmaton_engine *jit, *ir, *aot; /* aot NULL: no linker here */
    struct sigmaton_scratch *jit_scratch, *ir_scratch, *aot_scratch;
    struct oracle *oracle;
};

static struct str label(const char *z)
{
    return z ? str_of(z) : (struct str){0};
}

/* The pack as a file, opened as any is. */
static void open_aot(struct sigmatonc *c, const struct sigmaton_engine_options *o,
                     struct engines *e)
{
    static bool can_link, asked;
    struct sigmaton_file *file = NULL;
    const char *bytes, *why = "";
    size_t len;
    if (!asked)
        can_link = link_is_possible();
    asked = true;
    if (!can_link)
        return;
    if (sigmatonc_build(c, SIGMATONC_SO, NULL, &bytes, &len) != SIGMATONC_OK)
        die("every random pack can be linked");
    FILE *f = tmpfile();
    if (!f || fwrite(bytes, 1, len, f) != len || fflush(f) ||
        sigmaton_open_fd(fileno(f), NULL, &file, &why) ||
        sigmaton_engine_load(file, o, &e->aot, &why) ||
        sigmaton_scratch_create(e->aot, &e->aot_scratch)) {
        printf("# %s\n", why);
        die("every random pack can be opened");
    }
    fclose(f);
    seen.files++;
}

/* Engines that are made from here on search and read with these instructions at most. */
static void hold_to(unsigned level)
{
    if (levels[level % LEVELS])
        setenv("SIGMATON_SIMD", levels[level % LEVELS], 1);
    else
        unsetenv("SIGMATON_SIMD");
}

static void open_engines(struct sigmatonc *c, const struct gen *g, const struct way *way,
                         struct engines *e)
{
    static const enum sigmaton_routing routings[] = {SIGMATON_ROUTE_NONE, SIGMATON_ROUTE_AUTO,
                                                     SIGMATON_ROUTE_GIVEN};
    static const enum oracle_routing oracle_routings[] = {ORACLE_ROUTE_NONE, ORACLE_ROUTE_AUTO,
                                                          ORACLE_ROUTE_GIVEN};
    struct sigmaton_engine_options o = {.size = sizeof o,
                                        .routing = routings[g->routing],
                                        .product = g->product,
                                        .category = g->category,
                                        .service = g->service,
                                        .regex = way->regex};
    struct oracle_options oo = {.routing = oracle_routings[g->routing],
                                .product = label(g->product),
                                .category = label(g->category),
                                .service = label(g->service)};
    hold_to(way->simd);
    enum sigmaton_status s = sigmaton_engine_create(sigmatonc_pack(c), &o, &e->jit, NULL);
    hold_to(way->simd + 1);
    open_aot(c, &o, e);
    hold_to(0);
    o.regex = SIGMATON_REGEX_AUTO;
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
    sigmaton_scratch_destroy(e->aot_scratch);
    sigmaton_engine_destroy(e->aot);
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
        if (kind != SIGMATON_ESCAPED)
            count(&seen.kinds[kind ? (unsigned)__builtin_ctz(kind) + 1 : 0], hit);
    }
}

static bool any_escaped(const struct sigmaton_verdict *v, uint32_t n_slots)
{
    uint32_t s = 0;
    while (s < n_slots && v->slots[s].kind != SIGMATON_ESCAPED)
        s++;
    return s < n_slots;
}

static void print_rule(const char *rules, uint32_t rule)
{
    char title[32];
    snprintf(title, sizeof title, "title: r%u\n", rule);
    const char *p = strstr(rules, title), *end = p ? strstr(p, "---") : NULL;
    printf("# rule:\n%.*s", p && end ? (int)(end - p) : 0, p ? p : "");
}

/* What one event of one pack is judged with. */
struct bench {
    struct sigmatonc *c;
    struct engines e;
    struct gen *g;
    const struct way *way;
    const char *rules;
    unsigned chains[RULES_PER_PACK];
    uint32_t traits[RULES_PER_PACK];
};

static void print_difference(const struct bench *b, uint32_t rule, const char *verdicts)
{
    static const char *const routings[] = {"none", "auto", "given"};
    printf("# rule %u: %s; routing %s %s/%s/%s, regex mode %d, simd %s, off %s, on %.*s\n", rule,
           verdicts, routings[b->g->routing], b->g->product ? b->g->product : "",
           b->g->category ? b->g->category : "", b->g->service ? b->g->service : "",
           (int)b->way->regex, levels[b->way->simd] ? levels[b->way->simd] : "any",
           b->way->off ? b->way->off : "nothing", (int)(b->g->len < 20000 ? b->g->len : 20000),
           b->g->out);
    print_rule(b->rules, rule);
}

/* A verdict against the oracle's; a regex that ran into a limit has none. */
static bool differs(const struct sigmaton_verdict *v, uint32_t rule, bool want)
{
    return !bit(v->unjudged, rule) && bit(v->hits, rule) != want;
}

static void compare(const struct bench *b, const uint64_t *truth,
                    const struct sigmaton_verdict *jit, const struct sigmaton_verdict *ir,
                    const struct sigmaton_verdict *aot)
{
    uint32_t n_slots = sigmatonc_pack(b->c)->slots.len;
    bool escaped = any_escaped(jit, n_slots);
    for (uint32_t i = 0; i < RULES_PER_PACK; i++) {
        bool want = bit(truth, i);
        seen.pairs++;
        seen.hits += want;
        seen.unjudged += bit(jit->unjudged, i);
        count(&seen.chains[b->chains[i]], want);
        count(&seen.routings[b->g->routing], want);
        count(&seen.levels[b->way->simd], want);
        for (uint32_t left = b->traits[i] | b->g->traits; left; left &= left - 1)
            count(&seen.traits[__builtin_ctz(left)], want);
        count_ops(b->c->ir, b->c->ir->rules[i].root, want);
        if (escaped)
            count(&seen.kinds[10], want);
        if (i % 16 == 0)
            count_kinds(jit, n_slots, want);
        bool wrong = differs(jit, i, want) || differs(ir, i, want) || differs(aot, i, want);
        if (wrong && seen.differences++ < 5) {
            char verdicts[64];
            snprintf(verdicts, sizeof verdicts, "oracle %d, ir %d, jit %d, aot %d", want,
                     bit(ir->hits, i), bit(jit->hits, i), bit(aot->hits, i));
            print_difference(b, i, verdicts);
        }
    }
}

/* By the pack file, and where it is one line, with another behind it. */
static enum sigmaton_status judge_line(const struct bench *b, bool damaged,
                                       struct sigmaton_verdict *v)
{
    static const char next[] = "\n{\"A\":\"\\";
    struct gen *g = b->g;
    size_t used = 0, len = g->len;
    if (damaged || memchr(g->out, '\n', len))
        return sigmaton_eval_json(b->e.aot, b->e.aot_scratch, g->out, len, v);
    gen_append(g, next);
    enum sigmaton_status status =
        sigmaton_eval_ndjson(b->e.aot, b->e.aot_scratch, g->out, g->len, &used, v);
    g->len = len;
    if (status == SIGMATON_OK && used != len + 1)
        die("a line ends where it ends");
    return status;
}

/* An event that was damaged may be read or not. The oracle reads all of it, the runtime may leave
 * alone what no rule asks for: so what the oracle reads, the runtime must. */
static void judge(const struct bench *b, bool damaged)
{
    struct sigmaton_verdict jit = {0}, ir = {0}, aot = {0};
    uint64_t truth[(RULES_PER_PACK + 63) / 64];
    const char *why = "", *event = b->g->out;
    size_t off, len = b->g->len;
    enum sigmaton_status j = sigmaton_eval_json(b->e.jit, b->e.jit_scratch, event, len, &jit);
    enum sigmaton_status i = sigmaton_eval_json(b->e.ir, b->e.ir_scratch, event, len, &ir);
    enum sigmaton_status a = j;
    if (b->e.aot)
        a = judge_line(b, damaged, &aot);
    bool read = oracle_judge(b->e.oracle, event, len, truth, &why, &off) == ORACLE_OK;
    seen.damaged += damaged;
    seen.refused += j != SIGMATON_OK;
    if (j == SIGMATON_OK && i == SIGMATON_OK && a == SIGMATON_OK && read) {
        compare(b, truth, &jit, &ir, b->e.aot ? &aot : &jit);
    } else if (!damaged || j != i || j != a || read) {
        printf("# %.*s: %s %s %s\n", (int)len, event, why, jit.error ? jit.error : "",
               ir.error ? ir.error : "");
        die(damaged ? "every engine reads what the oracle reads"
                    : "every random event is readable");
    }
}

static struct way choose_way(struct gen *g)
{
    struct way way = {NULL, gen_below(g, 2) ? SIGMATON_REGEX_JIT : SIGMATON_REGEX_INTERP,
                      (g->n_packs + g->n_packs / 12) % LEVELS, gen_below(g, 2)};
    uint32_t off = gen_below(g, 3 * OPT_PASS__COUNT + 6);
    if (off < OPT_PASS__COUNT)
        way.off = opt_pass_name((enum opt_pass)off);
    else if (off < OPT_PASS__COUNT + 4) /* PCRE2 runs every regex */
        way.off = "dfa";
    return way;
}

static void pack(struct gen *g)
{
    struct way way = choose_way(g);
    struct bench b = {.g = g, .way = &way};
    gen_pack(g);
    for (unsigned i = 0; i < RULES_PER_PACK; i++) {
        gen_rule(g, i, &b.chains[i]);
        b.traits[i] = g->traits;
    }
    for (unsigned n = gen_below(g, 3) == 0 ? 1 + gen_below(g, 3) : 0; n > 0; n--) {
        gen_filter(g, RULES_PER_PACK);
        seen.filters++;
    }
    char *rules = strndup(g->out, g->len);
    b.rules = rules;
    b.c = compile(rules, g->len, &way);
    open_engines(b.c, g, &way, &b.e);
    for (unsigned i = 0; i < EVENTS_PER_PACK; i++) {
        bool damaged = gen_below(g, 50) == 0;
        g->len = 0;
        gen_event(g);
        if (damaged)
            gen_damage(g);
        judge(&b, damaged);
    }
    close_engines(&b.e);
    sigmatonc_destroy(b.c);
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
    static const char *const kinds[11] = {"absent", "null", "bool",  "int",    "uint",   "double",
                                          "text",   "list", "empty", "object", "escaped"};
    static const char *const routings[] = {"none", "auto", "given"};
    unsigned holes = 0;
    for (unsigned i = 0; i < GEN_ROUTE__COUNT; i++)
        holes += print_tally("route", routings[i], &seen.routings[i]);
    for (unsigned i = 0; i < gen_n_chains(); i++)
        holes += print_tally("chain", gen_chain_name(i), &seen.chains[i]);
    for (unsigned i = IR_OP_AND; i < IR_OP__COUNT; i++)
        holes += print_tally("op", ir_op_info((enum ir_op)i)->text, &seen.ops[i]);
    for (unsigned i = 0; i < GEN_TRAIT__COUNT; i++)
        holes += print_tally("trait", gen_trait_name(i), &seen.traits[i]);
    for (unsigned i = 0; i < LEVELS; i++)
        holes += print_tally("simd", levels[i] ? levels[i] : "any", &seen.levels[i]);
    for (unsigned i = 0; i < 11; i++)
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
    printf("# %" PRIu64 " filters; %" PRIu64 " verdicts missing by regex limits; %" PRIu64
           " damaged events, %" PRIu64 " unreadable; %" PRIu64 " pack files\n",
           seen.filters, seen.unjudged, seen.damaged, seen.refused, seen.files);
    double percent = 100.0 * (double)seen.hits / (double)seen.pairs;
    printf("%sok 1 - oracle, ir, jit and aot agree on %" PRIu64 " pairs\n",
           seen.differences ? "not " : "", seen.pairs);
    bool enough = percent >= 20 && percent <= 80 && seen.unjudged * 1000 < seen.pairs;
    printf("%sok 2 - %.1f %% of the pairs hit, hardly any without a verdict\n",
           enough ? "" : "not ", percent);
    printf("%sok 3 - every chain, operation, trait and leaf kind in hit and in miss%s\n",
           holes && pairs >= COVERED_PAIRS ? "not " : "",
           pairs < COVERED_PAIRS ? " # SKIP too few pairs" : "");
    printf("1..3\n");
    return seen.differences > 0;
}
