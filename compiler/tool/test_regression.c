/* Regression samples, the form of SigmaHQ's regression_data: an info.yml names a rule and recorded
 * events beside it, and how often the rule hits there: at least match_count times (recordings hold
 * more than was counted), or never where that is 0. Events are routed as in a run. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"
#include "lines.h"
#include "test_case.h"
#include "tree.h"

struct regression {
    struct tester *t;
    struct sigmatonc *compiled;
    struct judge judges[TESTER_ENGINES_MAX];
    size_t n_judges;
    struct sources *sources; /* of the info.yml */
    struct diag_sink *sink;
};

/* ---- Rules --------------------------------------------------------------------------------- */

static enum sigmatonc_status compile(struct regression *g)
{
    enum sigmatonc_status status = judge_compile(&g->t->args, g->t->stage, &g->compiled);
    if (status == SIGMATONC_ECODE && g->compiled->plan && g->t->engines[0] == ENGINE_AUTO)
        return SIGMATONC_OK; /* no executable memory: the interpreter judges */
    return status;
}

int regression_open(struct tester *t)
{
    struct regression *g = calloc(1, sizeof *g);
    if (!g)
        return report_fail(&t->report, "out of memory");
    t->regression = g;
    g->t = t;
    g->sources = sources_new(t->arena);
    g->sink = diag_sink_new(t->arena, g->sources);
    enum sigmatonc_status status = compile(g);
    if (!g->compiled)
        return report_fail(&t->report, "out of memory");
    report_diags(&t->report, g->compiled);
    struct sigmatonc_counts n = sigmatonc_counts(g->compiled);
    if (status != SIGMATONC_OK || n.compiled == 0)
        return report_fail(&t->report, "the rules of -r could not be compiled");
    report_note(&t->report, "%zu documents: %zu rules compiled, %zu refused, %zu other",
                n.documents, n.compiled, n.refused, n.other);
    for (; g->n_judges < t->n_engines; g->n_judges++) {
        struct args args = tester_args(t, g->n_judges, t->args.routing);
        int code = judge_attach(&g->judges[g->n_judges], g->compiled, &args, &t->report);
        if (code >= 0) {
            judge_close(&g->judges[g->n_judges]);
            return code;
        }
    }
    return -1;
}

void regression_close(struct regression *g)
{
    for (size_t i = 0; g && i < g->n_judges; i++)
        judge_close(&g->judges[i]);
    if (g)
        sigmatonc_destroy(g->compiled);
    free(g);
}

/* The rule's number in the pack; false: no rule that was compiled has this id. */
static bool rule_find(const struct regression *g, struct str id, uint32_t *ret_rule)
{
    for (size_t i = 0; i < g->compiled->mapped.n; i++) {
        if (str_eq_nocase(g->compiled->mapped.rules[i]->id, id)) {
            *ret_rule = (uint32_t)i;
            return true;
        }
    }
    return false;
}

/* ---- One sample ---------------------------------------------------------------------------- */

struct sample {
    struct str folder; /* the operand */
    struct str id;
    const char *events; /* path */
    uint32_t rule;
    uint64_t wanted;
};

struct tally {
    uint64_t hits, unreadable;
};

static void judge_one(struct judge *j, const struct line *line, uint32_t rule, struct tally *n)
{
    struct sigmaton_verdict v = {0};
    if (!line->fault && str_trim((struct str){line->p, line->len}).len == 0)
        return;
    if (line->fault || line->too_long || judge_event(j, line->p, line->len, &v) != SIGMATON_OK)
        n->unreadable++;
    else
        n->hits += v.hits[rule / 64] >> rule % 64 & 1;
}

/* False when the events cannot be read; errno says why. */
static bool judge_file(struct judge *j, const struct sample *s, struct tally *ret_tally)
{
    struct lines l = {0};
    struct line line;
    *ret_tally = (struct tally){0};
    int fd = open(s->events, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && lines_open(&l, fd);
    for (enum lines_status step = LINES_LINE; ok && step != LINES_END;) {
        step = lines_next(&l, &line);
        if (step == LINES_LINE)
            judge_one(j, &line, s->rule, ret_tally);
        else if (step == LINES_WAIT)
            ok = lines_fill(&l) != LINES_ERROR;
    }
    int error = errno;
    lines_close(&l);
    if (fd >= 0)
        close(fd);
    errno = error;
    return ok;
}

static void add_answer(struct text *came, const struct judge *j, const struct tally *n)
{
    text_addf(came, ", %s came to %llu", judge_engine_name(j), (unsigned long long)n->hits);
    if (n->unreadable > 0)
        text_addf(came, " (%llu events unreadable)", (unsigned long long)n->unreadable);
}

static void judge_sample(struct regression *g, const struct sample *s)
{
    struct text why;
    bool failed = false;
    text_init(&why, g->t->arena);
    if (s->wanted > 0)
        text_addf(&why, "wanted at least %llu hits", (unsigned long long)s->wanted);
    else
        text_addz(&why, "wanted no hit");
    for (size_t i = 0; i < g->n_judges; i++) {
        struct tally n;
        if (!judge_file(&g->judges[i], s, &n)) {
            text_addf(&why, ", cannot read %s: %s", s->events, strerror(errno));
            failed = true;
            break;
        }
        bool fits = s->wanted > 0 ? n.hits >= s->wanted : n.hits == 0;
        if (fits && n.unreadable == 0)
            continue;
        failed = true;
        add_answer(&why, &g->judges[i], &n);
    }
    tester_tell(g->t, s->folder, s->id, failed ? TEST_FAILED : TEST_PASSED, text_str(&why));
}

/* ---- info.yml ------------------------------------------------------------------------------ */

struct info {
    struct regression *g;
    struct str folder;   /* the operand */
    struct str path, at; /* of the info.yml, and of its folder with the slash */
};

static struct str text_member(const struct node *map, const char *key)
{
    const struct node *n = map && map->kind == NODE_MAP ? node_find(map, key) : NULL;
    return n && n->kind == NODE_STRING ? n->text : STR("");
}

/* What stands beside the info.yml under the last part of a path, its end replaced; NULL: nothing.
 */
static const char *beside(const struct info *f, struct str path, const char *end)
{
    size_t from = path.len, to = path.len;
    while (from > 0 && path.p[from - 1] != '/')
        from--;
    for (size_t i = from; end && i < path.len; i++)
        if (path.p[i] == '.')
            to = i;
    const char *file = str_format(f->g->t->arena, "%.*s%.*s%s", STR_ARG(f->at), (int)(to - from),
                                  path.p + from, end ? end : "")
                           .p;
    return access(file, R_OK) == 0 ? file : NULL;
}

/* JSON is judged. Of an EVTX recording the same events as JSON, where they stand beside it. */
static bool find_events(const struct info *f, struct str path, struct sample *s)
{
    bool is_json = str_ends(path, STR(".json")) || str_ends(path, STR(".ndjson")) ||
                   str_ends(path, STR(".jsonl"));
    s->events = is_json ? beside(f, path, NULL) : beside(f, path, ".json");
    return s->events != NULL;
}

static void run_test(const struct info *f, const struct node *test, struct str rule_id)
{
    struct regression *g = f->g;
    struct str path = text_member(test, "path"), name = text_member(test, "name");
    const struct node *count = test->kind == NODE_MAP ? node_find(test, "match_count") : NULL;
    struct sample s = {.folder = f->folder, .wanted = 1};
    s.id = str_format(g->t->arena, "%.*s %.*s%s%.*s", STR_ARG(f->path), STR_ARG(rule_id),
                      name.len > 0 ? " " : "", STR_ARG(name));
    if (count && count->kind == NODE_INT && count->integer >= 0)
        s.wanted = count->uinteger;
    tester_start(g->t);
    if (path.len == 0)
        tester_tell(g->t, s.folder, s.id, TEST_FAILED, STR("the test names no path"));
    else if (!find_events(f, path, &s) && str_ends(path, STR(".evtx")) && beside(f, path, NULL))
        tester_tell(g->t, s.folder, s.id, TEST_SKIPPED, STR("EVTX is not read in this version"));
    else if (!s.events)
        tester_tell(g->t, s.folder, s.id, TEST_FAILED,
                    str_format(g->t->arena, "wanted events, came no file %.*s", STR_ARG(path)));
    else if (!rule_find(g, rule_id, &s.rule))
        tester_tell(g->t, s.folder, s.id, TEST_FAILED,
                    STR("wanted a rule with this id, came none among those of -r"));
    else
        judge_sample(g, &s);
}

/* Every test of the file for every rule that it names. */
static void run_info(const struct info *f)
{
    struct tester *t = f->g->t;
    const char *why = "it is no YAML map";
    uint32_t file = sources_load(f->g->sources, f->path, f->path, &why);
    struct documents d = {0};
    if (file != SPAN_NONE)
        d = tree_read(t->arena, f->g->sources, file, f->g->sink);
    const struct node *root =
        d.n > 0 && d.v[0].root && d.v[0].root->kind == NODE_MAP ? d.v[0].root : NULL;
    const struct node *rules = root ? node_find(root, "rule_metadata") : NULL;
    const struct node *tests = root ? node_find(root, "regression_tests_info") : NULL;
    tester_start(t);
    if (!root)
        tester_tell(t, f->folder, f->path, TEST_FAILED,
                    str_format(t->arena, "cannot be read: %s", why));
    else if (!rules || rules->kind != NODE_LIST || !tests || tests->kind != NODE_LIST)
        tester_tell(t, f->folder, f->path, TEST_FAILED,
                    STR("rule_metadata or regression_tests_info is no list"));
    else
        for (size_t i = 0; i < tests->n; i++)
            for (size_t r = 0; r < rules->n; r++)
                run_test(f, tests->items[i], text_member(rules->items[r], "id"));
}

/* ---- Folders ------------------------------------------------------------------------------- */

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

void test_regression(struct tester *t, const char *folder)
{
    char *path = arena_copy(t->arena, folder, strlen(folder));
    char *roots[] = {path, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    size_t n = 0;
    for (FTSENT *e; walk && (e = fts_read(walk)) != NULL;) {
        if (e->fts_info != FTS_F || strcmp(e->fts_name, "info.yml") != 0)
            continue;
        struct info f = {.g = t->regression, .folder = str_of(folder)};
        f.path = str_dup(t->arena, (struct str){e->fts_path, e->fts_pathlen});
        f.at = str_sub(f.path, 0, f.path.len - e->fts_namelen);
        run_info(&f);
        n++;
    }
    int error = errno;
    if (walk)
        fts_close(walk);
    tester_start(t);
    if (n == 0)
        tester_tell(t, str_of(folder), str_of(folder), TEST_FAILED,
                    walk ? STR("wanted an info.yml somewhere below, came none")
                         : str_format(t->arena, "cannot be read: %s", strerror(error)));
}
