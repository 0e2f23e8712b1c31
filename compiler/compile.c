/* THE LINE: rules in, a pack out. compile_line reads top to bottom as the way of a rule. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"
#include "cache.h"
#include "collect.h"
#include "compile.h"
#include "filters.h"
#include "lint.h"
#include "lint_logic.h"
#include "rule_check.h"
#include "trees.h"

#ifdef NDEBUG
#define VERIFY false
#else
#define VERIFY true /* what LLVM makes of a module, after every change of ours */
#endif

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Everything that the stages need and that does not outlive the call. */
struct line {
    struct sigmatonc *c;
    const struct sigmatonc_options *o;
    uint64_t mark;
};

/* Nanoseconds since the last lap. */
static uint64_t lap(struct line *l)
{
    uint64_t t = now_ns(), d = t - l->mark;
    l->mark = t;
    return d;
}

static bool wanted(const struct line *l, enum sigmatonc_stage stage)
{
    return l->o->last >= stage;
}

static bool dumping(const struct line *l, enum sigmatonc_stage stage)
{
    return l->o->dump && l->o->last == stage;
}

static uint32_t add_text(struct sources *sources, const struct sigmatonc_text *text)
{
    return sources_add(sources, str_of(text->name), (struct str){text->p, text->len});
}

static void collect(struct line *l)
{
    struct sigmatonc *c = l->c;
    collect_sources(c->arena, c->sources, c->sink, l->o->paths, l->o->n_paths);
    for (size_t i = 0; i < l->o->n_texts; i++)
        add_text(c->sources, &l->o->texts[i]);
    c->n_files = sources_count(c->sources);
    c->n_collected = diag_count(c->sink);
}

static void read_trees(struct line *l)
{
    struct sigmatonc *c = l->c;
    c->trees = trees_read(c->arena, c->crew, (uint32_t)c->n_files, c->sink);
    for (uint32_t i = 0; i < c->n_files; i++) {
        c->n_documents += c->trees[i].n;
        for (size_t d = 0; dumping(l, SIGMATONC_READ) && d < c->trees[i].n; d++) {
            text_addf(&c->dump, "--- %.*s document %zu\n",
                      STR_ARG(sources_get(c->sources, i)->path), d);
            if (c->trees[i].v[d].root)
                tree_print(&c->dump, c->trees[i].v[d].root);
        }
    }
    c->times.read_ns = lap(l);
}

static const struct node *read_placeholders(struct line *l)
{
    struct sigmatonc *c = l->c;
    if (!l->o->placeholders && !l->o->placeholder_text)
        return NULL;
    const char *why = "";
    struct str path = str_of(l->o->placeholders ? l->o->placeholders : "");
    uint32_t file = l->o->placeholder_text ? add_text(c->sources, l->o->placeholder_text)
                                           : sources_load(c->sources, path, path, &why);
    if (file == SPAN_NONE) {
        DIAG(c->sink, DIAG_file_unreadable, NO_SPAN, NO_HELP, path, str_of(why));
        return NULL;
    }
    struct documents d = tree_read(c->arena, c->sources, file, c->sink);
    const struct node *root = d.n > 0 ? d.v[0].root : NULL;
    if (d.n > 0 && (!root || root->kind == NODE_MAP))
        return root; /* NULL: not YAML, and told so */
    DIAG(c->sink, DIAG_bad_option, NO_SPAN, NO_HELP, STR("--placeholders"),
         STR("the file holds no map of names to values"));
    return NULL;
}

/* Filters and correlations, after the rules. */
static void dump_others(struct line *l)
{
    struct sigmatonc *c = l->c;
    for (size_t i = 0; i < c->ruleset->n_filters; i++)
        filter_dump(&c->dump, c->ruleset->filters[i]);
    for (size_t i = 0; i < c->ruleset->n_correlations; i++)
        correlation_dump(&c->dump, c->ruleset->correlations[i]);
}

static void tell_correlations(struct line *l)
{
    struct sigmatonc *c = l->c;
    for (size_t i = 0; i < c->ruleset->n_correlations; i++) {
        const struct rule *head = c->ruleset->correlations[i]->head;
        rule_tell(c->sink, head);
        DIAG(c->sink, DIAG_correlation_not_evaluated, head->at, NO_HELP, head->title);
    }
    rule_tell(c->sink, NULL);
}

static void read_rules(struct line *l)
{
    struct sigmatonc *c = l->c;
    c->placeholders = read_placeholders(l);
    struct rule_options options = {.placeholders = c->placeholders, .defer = l->o->n_pipelines > 0};
    c->ruleset = ruleset_new(c->arena, c->sink);
    ruleset_read(c->ruleset, c->crew, c->trees, (uint32_t)c->n_files, &options);
    ruleset_finish(c->ruleset);
    c->n_correlations = c->ruleset->n_correlations;
    tell_correlations(l);
    for (size_t i = 0; dumping(l, SIGMATONC_RULE) && i < c->ruleset->n_rules; i++)
        rule_dump(&c->dump, c->ruleset->rules[i]);
    if (dumping(l, SIGMATONC_RULE))
        dump_others(l);
    c->times.rule_ns = lap(l);
}

static void destroy_held(void *holder)
{
    arena_destroy(*(struct arena **)holder);
}

/* Warnings that cost time. Before the mapping, so that they speak of what the user wrote. */
static void lint_rules(struct line *l)
{
    struct sigmatonc *c = l->c;
    struct arena **holder = ARENA_NEW(c->arena, struct arena *);
    arena_defer(c->arena, destroy_held, holder); /* messages may run out of memory on the way */
    struct arena *scratch = *holder = arena_create(ARENA_LIMIT);
    if (!scratch || setjmp(*arena_on_oom(scratch)))
        arena_out_of_memory(c->arena);
    const struct ruleset *set = c->ruleset;
    for (size_t i = 0; i < set->n_rules; i++)
        lint_rule(scratch, c->sink, set->rules[i]);
    lint_logic(scratch, c->sink, set->rules, set->n_rules);
    arena_destroy(scratch);
    *holder = NULL;
}

static struct str *texts(struct arena *a, const char *const *z, size_t n)
{
    struct str *s = ARENA_ARRAY(a, n, struct str);
    for (size_t i = 0; i < n; i++)
        s[i] = str_of(z[i]);
    return s;
}

/* False when an option's value is not usable; the sink says which. */
static bool select_options(struct line *l, struct selection_options *s)
{
    struct sigmatonc *c = l->c;
    const struct sigmatonc_options *o = l->o;
    *s = (struct selection_options){
        .ids = texts(c->arena, o->ids, o->n_ids),
        .n_ids = o->n_ids,
        .not_ids = texts(c->arena, o->not_ids, o->n_not_ids),
        .n_not_ids = o->n_not_ids,
        .tags = texts(c->arena, o->tags, o->n_tags),
        .n_tags = o->n_tags,
        .not_tags = texts(c->arena, o->not_tags, o->n_not_tags),
        .n_not_tags = o->n_not_tags,
    };
    if (o->min_level && !rule_level_parse(str_of(o->min_level), &s->min_level)) {
        DIAG(c->sink, DIAG_bad_option, NO_SPAN, STR("informational, low, medium, high, critical"),
             STR("--min-level"), STR("this is no level"));
        return false;
    }
    if (o->min_status && !rule_status_parse(str_of(o->min_status), &s->min_status)) {
        DIAG(c->sink, DIAG_bad_option, NO_SPAN,
             STR("unsupported, deprecated, experimental, test, stable"), STR("--min-status"),
             STR("this is no status"));
        return false;
    }
    return true;
}

/* False when a pipeline is faulty: nothing may be judged with half a mapping. */
static bool run_pipelines(struct line *l)
{
    struct sigmatonc *c = l->c;
    if (l->o->n_pipelines == 0)
        return true;
    const struct pipelines *pipelines =
        pipelines_read(c->arena, c->sources, c->sink, l->o->pipelines, l->o->n_pipelines);
    if (!pipelines) {
        c->n_unmapped = c->mapped.n;
        c->mapped.n = 0;
        return false;
    }
    struct pipelines_run run = {c->arena, c->sink, pipelines, c->placeholders};
    c->n_unmapped = pipelines_map(&run, &c->mapped);
    return true;
}

/* Rules with a regex that PCRE2 cannot hold leave the pack here: a pipeline may have made it. */
static void drop_unfit(struct line *l)
{
    struct sigmatonc *c = l->c;
    size_t kept = 0;
    const struct rule **rules = ARENA_ARRAY(c->arena, c->mapped.n, const struct rule *);
    for (size_t i = 0; i < c->mapped.n; i++) {
        rule_tell(c->sink, c->mapped.rules[i]);
        if (ir_regexes_fit(c->arena, c->sink, c->mapped.rules[i]))
            rules[kept++] = c->mapped.rules[i];
    }
    rule_tell(c->sink, NULL);
    c->n_unmapped += c->mapped.n - kept;
    c->mapped.rules = rules;
    c->mapped.n = kept;
}

static bool map_rules(struct line *l)
{
    struct sigmatonc *c = l->c;
    struct selection_options select;
    if (!select_options(l, &select))
        return false;
    const struct ruleset *set = c->ruleset;
    struct rule **rules =
        filters_apply(c->arena, c->sink, set->rules, set->n_rules, set->filters, set->n_filters);
    c->mapped = pipeline_map(c->arena, rules, set->n_rules, &select);
    if (!run_pipelines(l))
        return false;
    drop_unfit(l);
    if (dumping(l, SIGMATONC_MAPPED)) {
        pipeline_dump(&c->dump, &c->mapped);
        dump_others(l);
    }
    c->times.map_ns = lap(l);
    return true;
}

static void lower_rules(struct line *l)
{
    struct sigmatonc *c = l->c;
    c->ir = ir_lower(c->arena, c->mapped.rules, c->mapped.n);
    if (dumping(l, SIGMATONC_IR))
        ir_print(&c->dump, c->ir);
    c->times.lower_ns = lap(l);
}

struct pass_dump {
    struct text *out;
    enum opt_pass pass;
};

static void after_pass(void *ctx, enum opt_pass pass, const struct ir *ir)
{
    struct pass_dump *d = ctx;
    if (d->pass == pass)
        ir_print(d->out, ir);
}

/* A pass by name; false when there is none. */
static bool find_pass(struct line *l, const char *name, enum opt_pass *ret_pass)
{
    *ret_pass = opt_pass_find(str_of(name));
    if (*ret_pass != OPT_PASS__COUNT)
        return true;
    struct text known;
    text_init(&known, l->c->arena);
    for (unsigned p = 0; p < OPT_PASS__COUNT; p++)
        text_addf(&known, "%s%s", p ? ", " : "the passes are ", opt_pass_name((enum opt_pass)p));
    text_addz(&known, "; dfa stands for the automata of regexes");
    DIAG(l->c->sink, DIAG_bad_option, NO_SPAN, text_str(&known), str_of(name),
         STR("there is no such pass"));
    return false;
}

/* Automata and the prior are no passes over the IR, but are switched off alike. */
static bool is_off(const struct line *l, const char *name)
{
    for (size_t i = 0; i < l->o->n_off; i++)
        if (strcmp(l->o->off[i], name) == 0)
            return true;
    return false;
}

static bool optimise(struct line *l)
{
    struct sigmatonc *c = l->c;
    unsigned off = 0;
    enum opt_pass pass;
    for (size_t i = 0; i < l->o->n_off; i++) {
        if (strcmp(l->o->off[i], "dfa") == 0 || strcmp(l->o->off[i], "prior") == 0)
            continue;
        if (!find_pass(l, l->o->off[i], &pass))
            return false;
        off |= 1u << pass;
    }
    struct pass_dump d = {&c->dump, OPT_PASS__COUNT};
    if (l->o->dump_pass && !find_pass(l, l->o->dump_pass, &d.pass))
        return false;
    bool one = dumping(l, SIGMATONC_OPT) && d.pass != OPT_PASS__COUNT;
    opt_run(c->ir, off, one ? after_pass : NULL, &d);
    if (dumping(l, SIGMATONC_OPT) && !one)
        ir_print(&c->dump, c->ir);
    c->times.opt_ns = lap(l);
    return true;
}

/* False when no code can be made for what was asked; the sink says so. */
static bool find_target(struct line *l)
{
    struct sigmatonc *c = l->c;
    const char *option, *why;
    if (target_find(c->arena, l->o->target, l->o->cpu, &c->target, &option, &why))
        return true;
    DIAG(c->sink, DIAG_bad_option, NO_SPAN, NO_HELP, str_of(option), str_of(why));
    return false;
}

static bool bad_profile(struct sigmatonc *c, struct str why)
{
    DIAG(c->sink, DIAG_bad_option, NO_SPAN, NO_HELP, STR("--profile"), why);
    return false;
}

static bool read_profile(struct line *l, struct plan_sample *ret_sample)
{
    struct sigmatonc *c = l->c;
    const char *why = "";
    size_t line;
    if (!l->o->profile)
        return true;
    if (is_off(l, "prior"))
        return bad_profile(c, STR("with --off prior nothing is learnt from it"));
    struct str path = str_of(l->o->profile);
    uint32_t file = sources_load(c->sources, path, path, &why);
    if (file == SPAN_NONE) {
        DIAG(c->sink, DIAG_file_unreadable, NO_SPAN, NO_HELP, path, str_of(why));
        return false;
    }
    if (!plan_sample_read(c->arena, sources_get(c->sources, file)->text, ret_sample, &line, &why))
        return bad_profile(c, str_format(c->arena, "%.*s, line %zu: %s", STR_ARG(path), line, why));
    return ret_sample->n > 0 ||
           bad_profile(c, str_format(c->arena, "%.*s holds no value", STR_ARG(path)));
}

static bool make_plan(struct line *l)
{
    struct sigmatonc *c = l->c;
    struct plan_sample sample = {0};
    if (!read_profile(l, &sample))
        return false;
    struct plan_options options = {
        .target = wanted(l, SIGMATONC_LLVM) ? c->target.text : (struct str){0},
        .cpu_features = c->target.features,
        .time_field = l->o->time_field ? str_of(l->o->time_field) : (struct str){0},
        .sources = c->sources,
        .probes = wanted(l, SIGMATONC_LLVM) && l->o->opt_level == 0,
        .no_dfa = is_off(l, "dfa"),
        .no_prior = is_off(l, "prior"),
        .sample = sample,
        .crew = c->crew,
    };
    c->plan = plan_make(c->arena, c->sink, c->ir, &options);
    if (!c->plan)
        return false;
    if (dumping(l, SIGMATONC_PLAN))
        plan_print(&c->dump, c->plan);
    c->times.plan_ns = lap(l);
    return true;
}

static bool generate(struct line *l)
{
    struct sigmatonc *c = l->c;
    struct codegen_options options = {
        .opt_level = l->o->opt_level, .verify = VERIFY, .names = dumping(l, SIGMATONC_LLVM)};
    if (!c->target.native)
        options.triple = c->target.triple;
    options.cpu = c->target.cpu;
    options.crew = c->crew;
    c->codegen = codegen_create(c->sink, c->plan, &options);
    if (!c->codegen)
        return false;
    struct str s;
    if (dumping(l, SIGMATONC_LLVM))
        text_add(&c->dump, codegen_llvm(c->codegen, c->arena));
    if (dumping(l, SIGMATONC_ASM)) {
        if (!codegen_assembly(c->codegen, c->arena, &s))
            return false;
        text_add(&c->dump, s);
    }
    c->times.codegen_ns = lap(l);
    return true;
}

static bool link_pack(struct line *l)
{
    struct sigmatonc *c = l->c;
    const uint8_t *object;
    size_t len;
    if (!codegen_object(c->codegen, &object, &len))
        return false;
    c->times.emit_ns = lap(l);
    c->jit = jit_create(c->sink, object, len);
    c->times.link_ns = lap(l);
    return c->jit != NULL;
}

/* False when the option's folder cannot be used. */
static bool find_cache(struct line *l)
{
    struct sigmatonc *c = l->c;
    bool code = l->o->last == SIGMATONC_JIT || l->o->last == SIGMATONC_LLVM;
    if (!l->o->cache || !code || l->o->dump || l->o->lint)
        return true;
    c->cache = cache_open(c->arena, c->sink, l->o->cache);
    if (!c->cache)
        return false;
    c->n_collected = diag_count(c->sink);
    if (!find_target(l))
        return false;
    if (!cache_key(c->cache, c->sources, l->o, &c->target))
        c->cache = NULL; /* the compilation will say why */
    return true;
}

static void adopt_messages(struct sigmatonc *c, const struct diag_sink *from)
{
    if (diag_count(from) > 0)
        diag_restore(c->sink, diag_get(from, 0), diag_count(from), diag_errors(from));
}

/* The pack of an earlier compilation. Where memory may not become executable all is compiled, for
 * the interpreter. */
static bool recall(struct line *l)
{
    struct sigmatonc *c = l->c;
    struct cache_entry entry;
    struct diag_sink *sink = diag_sink_new(c->arena, c->sources);
    if (!c->cache || !cache_load(c->cache, sink, &entry)) {
        adopt_messages(c, sink);
        c->n_collected = diag_count(c->sink);
        return false;
    }
    c->times.read_ns = lap(l);
    if (wanted(l, SIGMATONC_JIT)) {
        c->jit = jit_create(diag_sink_new(c->arena, c->sources), (const uint8_t *)entry.object.p,
                            entry.object.len);
        c->times.link_ns = lap(l);
        if (!c->jit)
            return false;
    }
    for (size_t i = 0; i < entry.n_aids; i++) /* messages speak of them */
        sources_add(c->sources, entry.aids[i].path, entry.aids[i].text);
    adopt_messages(c, sink);
    c->object = entry.object;
    c->cached = entry.counts;
    c->n_correlations = entry.n_correlations;
    c->from_cache = true;
    return true;
}

/* False when there is no code to keep; the sink says why. */
static bool remember(struct line *l)
{
    struct sigmatonc *c = l->c;
    uint32_t first = (uint32_t)c->n_files, n = sources_count(c->sources) - first;
    struct cache_entry entry = {
        .counts = sigmatonc_counts(c), .n_correlations = c->n_correlations, .n_aids = n};
    const uint8_t *object;
    size_t len;
    if (!c->cache)
        return true;
    if (!codegen_object(c->codegen, &object, &len))
        return false;
    entry.aids = n > 0 ? sources_get(c->sources, first) : NULL; /* one behind the other */
    entry.object = (struct str){(const char *)object, len};
    cache_store(c->cache, c->sink, c->n_collected, &entry);
    return true;
}

static enum sigmatonc_status compile_line(struct line *l)
{
    collect(l);
    if (!find_cache(l))
        return SIGMATONC_EINVAL;
    if (recall(l))
        return SIGMATONC_OK;
    read_trees(l);
    if (!wanted(l, SIGMATONC_RULE))
        return l->c->n_documents > 0 ? SIGMATONC_OK : SIGMATONC_ENORULES;
    read_rules(l);
    if (l->c->n_documents == 0)
        return SIGMATONC_ENORULES;
    if (l->o->lint)
        lint_rules(l);
    if (wanted(l, SIGMATONC_MAPPED) && !map_rules(l))
        return SIGMATONC_EINVAL;
    if (wanted(l, SIGMATONC_IR))
        lower_rules(l);
    if (wanted(l, SIGMATONC_OPT) && !optimise(l))
        return SIGMATONC_EINVAL;
    if (wanted(l, SIGMATONC_LLVM) && !find_target(l))
        return SIGMATONC_EINVAL;
    if (wanted(l, SIGMATONC_PLAN) && !make_plan(l))
        return SIGMATONC_ECODE;
    if (wanted(l, SIGMATONC_LLVM) && !generate(l))
        return SIGMATONC_ECODE;
    if (wanted(l, SIGMATONC_JIT) && !link_pack(l))
        return SIGMATONC_ECODE;
    return remember(l) ? SIGMATONC_OK : SIGMATONC_ECODE;
}

/* Errors and unknown codes are left as they are. */
static void silence(struct diag_sink *sink, const struct sigmatonc_options *o)
{
    for (size_t i = 0; i < o->n_silenced; i++) {
        const struct diag_info *info = diag_info_find(str_of(o->silenced[i]));
        if (info && info->severity != DIAG_ERROR)
            diag_silence(sink, (enum diag_code)(info - diag_info((enum diag_code)0)));
    }
}

enum sigmatonc_status sigmatonc_compile(const struct sigmatonc_options *options,
                                        struct sigmatonc **ret_c)
{
    if (!options || !ret_c || options->size != sizeof *options ||
        options->last >= SIGMATONC_STAGE__COUNT)
        return SIGMATONC_EINVAL;
    struct arena *a = arena_create(ARENA_LIMIT);
    struct sigmatonc *c = calloc(1, sizeof *c);
    if (!a || !c) {
        arena_destroy(a);
        free(c);
        return SIGMATONC_ENOMEM;
    }
    c->arena = a;
    if (setjmp(*arena_on_oom(a))) {
        sigmatonc_destroy(c);
        return SIGMATONC_ENOMEM;
    }
    c->crew = crew_new(a, options->jobs);
    c->sources = sources_new(a);
    c->sink = diag_sink_new(a, c->sources);
    text_init(&c->dump, a);
    silence(c->sink, options);
    struct line l = {c, options, now_ns()};
    uint64_t start = l.mark;
    enum sigmatonc_status status = compile_line(&l);
    c->times.total_ns = now_ns() - start;
    *ret_c = c;
    arena_disarm(a);
    return status;
}

void sigmatonc_destroy(struct sigmatonc *c)
{
    if (!c)
        return;
    jit_destroy(c->jit);
    codegen_destroy(c->codegen);
    arena_destroy(c->judge_arena);
    arena_destroy(c->arena);
    free(c);
}

const struct sigmaton_pack *sigmatonc_pack(const struct sigmatonc *c)
{
    if (c->jit)
        return jit_pack(c->jit);
    return c->plan ? (const struct sigmaton_pack *)(const void *)c->plan->image : NULL;
}

/* In an arena of its own: the caller may have armed the compilation's. */
static bool make_interpreter(struct sigmatonc *c)
{
    struct arena *a = arena_create(ARENA_LIMIT);
    if (!a || setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        return false;
    }
    c->ir_judge = ir_judge_new(a, c->ir, c->plan->slot_of, c->plan->regexes, c->plan->n_regexes);
    c->judge_arena = a;
    arena_disarm(a);
    return true;
}

sigmaton_eval_fn sigmatonc_interpreter(struct sigmatonc *c, const void **ret_judge)
{
    if (!c->plan || (!c->ir_judge && !make_interpreter(c)))
        return NULL;
    *ret_judge = c->ir_judge;
    return c->ir_judge ? ir_judge_eval : NULL;
}

struct sigmatonc_counts sigmatonc_counts(const struct sigmatonc *c)
{
    const struct ruleset *set = c->ruleset; /* NULL: not read as far as that */
    if (c->from_cache)
        return c->cached;
    return (struct sigmatonc_counts){
        .documents = c->n_documents,
        .compiled = (set ? set->n_rules : 0) - c->mapped.n_left_out - c->n_unmapped,
        .refused = (set ? set->n_refused : 0) + c->n_unmapped,
        .other = set ? set->n_filters + set->n_correlations + set->n_nothing : 0,
        .left_out = c->mapped.n_left_out,
    };
}

const char *sigmatonc_diagnostics(struct sigmatonc *c, size_t *ret_len)
{
    struct text t;
    if (setjmp(*arena_on_oom(c->arena))) {
        arena_disarm(c->arena);
        return NULL;
    }
    text_init(&t, c->arena);
    for (size_t i = 0; i < diag_count(c->sink); i++)
        diag_render_json(c->sink, i, &t);
    *ret_len = t.len;
    text_add(&t, (struct str){"", 1});
    arena_disarm(c->arena);
    return t.p;
}
