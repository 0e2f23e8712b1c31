/* Vectors (SEMANTICS section 16): rule texts with events and the answers, or with the reason why
 * they must be refused. Every rule meets every event.
 *
 * A vector is read onto the runtime's tape, which keeps the bytes of each event as they stand:
 * numbers beyond 64 bits and repeated keys reach the engines unchanged. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "judge.h"
#include "lines.h"
#include "ndjson.h"
#include "test_case.h"

#define NONE UINT32_MAX

struct vectors {
    struct tester *t;
    struct str file;
    struct str id;        /* of the vector at hand, or its place */
    struct arena *arena;  /* of the vector at hand */
    struct srt_tape tape; /* the vector */
    struct srt_event text;
    void *memory;
};

/* ---- The vector as a tree ------------------------------------------------------------------ */

static bool open_tape(struct vectors *v)
{
    static const struct srt_names no_names;
    for (struct srt_cutter cutter = {0};;) {
        srt_event_cut(&v->text, 0, &cutter);
        srt_json_cut(&v->tape, &no_names, 0, &cutter);
        if (cutter.base)
            return true;
        v->memory = calloc(1, cutter.used);
        if (!v->memory)
            return false;
        cutter = (struct srt_cutter){.base = v->memory};
    }
}

static enum srt_node_kind kind_of(const struct vectors *v, uint32_t node)
{
    return (enum srt_node_kind)v->tape.nodes[node].kind;
}

/* The text of a string or key; its bytes live as long as the vector. */
static struct str text_of(struct vectors *v, uint32_t node)
{
    const uint8_t *p = srt_node_text(&v->tape, node, &v->text);
    return p ? (struct str){(const char *)p, v->tape.nodes[node].len} : STR("");
}

/* The value of a key of the object, or NONE. */
static uint32_t member(struct vectors *v, uint32_t object, const char *key)
{
    for (uint32_t i = object + 1; i < v->tape.nodes[object].end; i = v->tape.nodes[i + 1].end)
        if (str_eq_z(text_of(v, i), key))
            return i + 1;
    return NONE;
}

/* The bytes of an object or array. */
static struct str raw_of(const struct vectors *v, uint32_t node)
{
    const struct srt_node *n = &v->tape.nodes[node];
    return (struct str){(const char *)v->tape.text + n->off, n->len};
}

static bool is_list(const struct vectors *v, uint32_t node)
{
    return node != NONE && kind_of(v, node) == SRT_NODE_ARRAY;
}

static size_t list_length(const struct vectors *v, uint32_t list)
{
    size_t n = 0;
    for (uint32_t i = list + 1; i < v->tape.nodes[list].end; i = v->tape.nodes[i].end)
        n++;
    return n;
}

/* One text, or a list of texts joined by document marks. False: it is neither. */
static bool rules_text(struct vectors *v, uint32_t node, struct str *ret_text)
{
    if (node != NONE && kind_of(v, node) == SRT_NODE_STRING) {
        *ret_text = text_of(v, node);
        return true;
    }
    if (!is_list(v, node))
        return false;
    struct text t;
    text_init(&t, v->arena);
    for (uint32_t i = node + 1; i < v->tape.nodes[node].end; i = v->tape.nodes[i].end) {
        if (kind_of(v, i) != SRT_NODE_STRING)
            return false;
        text_addz(&t, t.len > 0 ? "\n---\n" : "");
        text_add(&t, text_of(v, i));
    }
    *ret_text = text_str(&t);
    return true;
}

/* ---- Answers ------------------------------------------------------------------------------- */

static void tell(struct vectors *v, enum test_verdict verdict, struct str why)
{
    tester_tell(v->t, v->file, v->id, verdict, why);
}

/* NULL when there is no memory. */
static struct sigmatonc *compile(struct vectors *v, struct str rules, enum sigmatonc_stage last,
                                 enum sigmatonc_status *ret_status)
{
    uint32_t placeholders = member(v, 0, "placeholders");
    struct str given = placeholders != NONE ? raw_of(v, placeholders) : STR("");
    struct sigmatonc_text text = {arena_copy(v->arena, v->id.p, v->id.len), rules.p, rules.len};
    struct sigmatonc_text values = {"placeholders", given.p, given.len};
    struct sigmatonc_options o = {
        .size = sizeof o,
        .texts = &text,
        .n_texts = 1,
        .placeholder_text = placeholders != NONE ? &values : NULL,
        .last = last,
    };
    struct sigmatonc *c = NULL;
    *ret_status = sigmatonc_compile(&o, &c);
    return c;
}

/* The categories (codes, where a message has none) of the errors; true when `wanted` is one. */
static bool errors_of(const struct sigmatonc *c, struct str wanted, struct text *out)
{
    bool found = false;
    for (size_t i = 0; i < diag_count(c->sink); i++) {
        const struct diag_info *info = diag_info(diag_get(c->sink, i)->code);
        if (info->severity != DIAG_ERROR)
            continue;
        found |= wanted.len > 0 && str_eq_z(wanted, info->category);
        text_addf(out, "%sS%u %s", out->len > 0 ? ", " : "", info->number, info->category);
    }
    return found;
}

static void judge_rejection(struct vectors *v, struct str rules, struct str wanted)
{
    enum sigmatonc_status status;
    struct sigmatonc *c = compile(v, rules, SIGMATONC_PLAN, &status);
    struct text came;
    text_init(&came, v->arena);
    if (!c) {
        tell(v, TEST_FAILED, STR("out of memory"));
        return;
    }
    bool named = errors_of(c, wanted, &came), refused = sigmatonc_counts(c).refused > 0;
    if (named && refused)
        tell(v, TEST_PASSED, STR(""));
    else
        tell(v, TEST_FAILED,
             str_format(v->arena, "wanted %.*s, came %.*s%s", STR_ARG(wanted),
                        STR_ARG(text_str(&came)),
                        came.len == 0 ? "no error"
                        : refused     ? ""
                                      : ", but the rule was not refused"));
    sigmatonc_destroy(c);
}

static const char *answer_word(struct judge *j, struct str event)
{
    struct sigmaton_verdict verdict = {0};
    if (judge_event(j, event.p, event.len, &verdict) != SIGMATON_OK)
        return "unreadable";
    return verdict.n_hits > 0 ? "true" : verdict.n_unjudged > 0 ? "not judged" : "false";
}

static struct str answers_of(struct vectors *v, struct judge *j, uint32_t events)
{
    struct text t;
    text_init(&t, v->arena);
    for (uint32_t i = events + 1; i < v->tape.nodes[events].end; i = v->tape.nodes[i].end)
        text_addf(&t, "%s%s", t.len > 0 ? "," : "", answer_word(j, raw_of(v, i)));
    return text_str(&t);
}

static struct str wanted_of(struct vectors *v, uint32_t match)
{
    struct text t;
    text_init(&t, v->arena);
    for (uint32_t i = match + 1; i < v->tape.nodes[match].end; i = v->tape.nodes[i].end)
        text_addf(&t, "%s%.*s", t.len > 0 ? "," : "", STR_ARG(raw_of(v, i)));
    return text_str(&t);
}

/* Asks all engines; the answers of those that are wrong are added to `came`. */
static void ask_engines(struct vectors *v, struct sigmatonc *c, uint32_t events, struct str wanted,
                        struct text *came)
{
    for (size_t i = 0; i < v->t->n_engines; i++) {
        struct judge j;
        struct args args = tester_args(v->t, i, ROUTING_NONE);
        struct str answers = STR("no answer");
        if (judge_attach(&j, c, &args, &v->t->report) < 0)
            answers = answers_of(v, &j, events);
        if (!str_eq(answers, wanted))
            text_addf(came, ", %s came to [%.*s]", judge_engine_name(&j), STR_ARG(answers));
        judge_close(&j);
    }
}

/* With engine auto, a system that refuses executable memory gets the interpreter. */
static bool is_ready(const struct vectors *v, const struct sigmatonc *c,
                     enum sigmatonc_status status)
{
    struct sigmatonc_counts n = sigmatonc_counts(c);
    bool no_code = status == SIGMATONC_ECODE && c->plan && v->t->engines[0] == ENGINE_AUTO;
    return (status == SIGMATONC_OK || no_code) && n.refused == 0 && n.compiled > 0;
}

static void judge_detection(struct vectors *v, struct str rules, uint32_t events, uint32_t match)
{
    enum sigmatonc_status status;
    struct sigmatonc *c = compile(v, rules, v->t->stage, &status);
    struct str wanted = wanted_of(v, match);
    struct text came;
    text_init(&came, v->arena);
    if (!c) {
        tell(v, TEST_FAILED, STR("out of memory"));
    } else if (!is_ready(v, c, status)) {
        errors_of(c, STR(""), &came);
        tell(v, TEST_FAILED,
             str_format(v->arena, "wanted [%.*s], the rules were refused: %.*s", STR_ARG(wanted),
                        STR_ARG(text_str(&came))));
    } else {
        ask_engines(v, c, events, wanted, &came);
        tell(v, came.len > 0 ? TEST_FAILED : TEST_PASSED,
             str_format(v->arena, "wanted [%.*s]%.*s", STR_ARG(wanted), STR_ARG(text_str(&came))));
    }
    sigmatonc_destroy(c);
}

/* ---- Files --------------------------------------------------------------------------------- */

static void judge_vector(struct vectors *v)
{
    uint32_t id = member(v, 0, "id"), error = member(v, 0, "error");
    uint32_t rule = member(v, 0, "rule"), events = member(v, 0, "events"),
             match = member(v, 0, "match");
    struct str rules;
    if (id != NONE && kind_of(v, id) == SRT_NODE_STRING)
        v->id = text_of(v, id);
    if (rule == NONE)
        rule = member(v, 0, "rules");
    if (!rules_text(v, rule, &rules))
        tell(v, TEST_FAILED,
             STR("this is no vector: rule or rules is no text and no list of texts"));
    else if (error != NONE && kind_of(v, error) == SRT_NODE_STRING)
        judge_rejection(v, rules, text_of(v, error));
    else if (is_list(v, events) && is_list(v, member(v, 0, "alerts")))
        tell(v, TEST_SKIPPED, STR("correlations are not evaluated in this version"));
    else if (!is_list(v, events) || !is_list(v, match) ||
             list_length(v, events) != list_length(v, match))
        tell(v, TEST_FAILED,
             STR("this is no vector: it has neither error, nor alerts, nor as many in match as in "
                 "events"));
    else
        judge_detection(v, rules, events, match);
}

/* Not inlined: its variables would be at the mercy of the jump. */
__attribute__((noinline)) static void judge_line(struct vectors *v, const struct line *line)
{
    const char *why = line->fault ? line->fault : "longer than 1 MiB";
    tester_start(v->t);
    srt_event_reset(&v->text);
    if (!line->fault && !line->too_long) {
        if (srt_json_parse(&v->tape, (const uint8_t *)line->p, line->len) == SIGMATON_OK) {
            judge_vector(v);
            return;
        }
        why = v->tape.error;
    }
    tell(v, TEST_FAILED, str_format(v->arena, "this is no vector: %s", why));
}

/* In an arena of its own; false when there is no memory. */
static bool judge_record(struct vectors *v, const struct line *line, unsigned long long record)
{
    v->arena = arena_create(ARENA_LIMIT);
    if (!v->arena || setjmp(*arena_on_oom(v->arena))) {
        arena_destroy(v->arena);
        errno = ENOMEM;
        return false;
    }
    v->id = str_format(v->arena, "%.*s:%llu", STR_ARG(v->file), record);
    judge_line(v, line);
    arena_destroy(v->arena);
    return true;
}

/* False when reading failed; errno says why. */
static bool read_vectors(struct vectors *v, struct lines *l)
{
    unsigned long long record = 0;
    struct line line;
    for (enum lines_status s = LINES_LINE; s != LINES_END;) {
        s = lines_next(l, &line);
        if (s == LINES_WAIT && lines_fill(l) == LINES_ERROR)
            return false;
        if (s != LINES_LINE)
            continue;
        record++;
        bool blank = !line.fault && str_trim((struct str){line.p, line.len}).len == 0;
        if (!blank && !judge_record(v, &line, record))
            return false;
    }
    return true;
}

void test_vectors(struct tester *t, const char *path)
{
    struct vectors v = {.t = t, .file = str_of(path)};
    struct lines l = {0};
    bool from_stdin = str_eq_z(v.file, "-");
    int fd = from_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !open_tape(&v) || !lines_open(&l, fd) || !read_vectors(&v, &l)) {
        const char *why = strerror(errno);
        tester_start(t);
        tester_tell(t, v.file, v.file, TEST_FAILED,
                    str_format(t->arena, "cannot be read: %s", why));
    }
    lines_close(&l);
    free(v.memory);
    if (fd >= 0 && !from_stdin)
        close(fd);
}
