#include "packs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "inputs.h"
#include "jobs.h"

/* A pack as a thread judges with it; the engine is that of all threads. */
struct one {
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
};

struct packs {
    const struct packs_options *o;
    const struct teller *teller;
    size_t n_jobs;
    struct one *v;               /* [n_jobs][n_packs] */
    struct stream_judge *judges; /* likewise */
    struct srt_buffer *out;
    struct stream stream;
    uint64_t start_ns; /* what opening took */
};

bool packs_is_pack(const char *path)
{
    char magic[4] = "";
    struct stat st;
    size_t len = strlen(path);
    if (stat(path, &st) != 0 || S_ISREG(st.st_mode) == 0)
        return false;
    if (len > 3 && strcmp(path + len - 3, ".so") == 0)
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && read(fd, magic, sizeof magic) == 4 && memcmp(magic, "\177ELF", 4) == 0;
    if (fd >= 0)
        close(fd);
    return is;
}

static enum sigmaton_status judge(void *ctx, const char *json, size_t len,
                                  struct sigmaton_verdict *v)
{
    const struct one *one = ctx;
    return sigmaton_eval_json(one->engine, one->scratch, json, len, v);
}

static int fail(const struct packs *p, const char *path, const char *why)
{
    char text[1280];
    snprintf(text, sizeof text, "%s%s%s", path, *path ? ": " : "", why);
    return p->teller->fail(p->teller->ctx, text);
}

static enum sigmaton_status judge_line(void *ctx, const char *lines, size_t len, size_t *ret_used,
                                       struct sigmaton_verdict *v)
{
    const struct one *one = ctx;
    return sigmaton_eval_ndjson(one->engine, one->scratch, lines, len, ret_used, v);
}

/* -1 to go on. */
static int open_one(struct packs *p, size_t i)
{
    struct one *one = &p->v[i];
    struct sigmaton_file *file = NULL;
    const char *why = "";
    const struct sigmaton_open_options o = {.size = sizeof o, .verify_key = p->o->verify_key};
    enum sigmaton_status s = sigmaton_open(p->o->packs[i], &o, &file, &why);
    if (s == SIGMATON_OK) {
        s = sigmaton_engine_load(file, &p->o->engine, &one->engine, &why);
        if (s != SIGMATON_OK)
            sigmaton_close(file);
    }
    for (size_t t = 0; s == SIGMATON_OK && t < p->n_jobs; t++) {
        struct one *own = &p->v[t * p->o->n_packs + i];
        own->engine = one->engine;
        s = sigmaton_scratch_create(one->engine, &own->scratch);
        why = sigmaton_status_text(s);
        p->judges[own - p->v] = (struct stream_judge){judge, own, one->engine, judge_line};
    }
    return s == SIGMATON_OK ? -1 : fail(p, p->o->packs[i], why);
}

static bool open_stream(struct packs *p)
{
    if (!stream_open(&p->stream, p->judges, p->o->n_packs, p->teller, p->out))
        return false;
    if (p->n_jobs > 1)
        p->stream.jobs = jobs_create(&p->stream, p->n_jobs);
    return p->n_jobs == 1 || p->stream.jobs;
}

static int open_all(struct packs *p)
{
    uint64_t start = clock_ns();
    p->n_jobs = p->o->n_jobs > 0 ? p->o->n_jobs : 1;
    p->v = calloc(p->n_jobs * p->o->n_packs, sizeof *p->v);
    p->judges = calloc(p->n_jobs * p->o->n_packs, sizeof *p->judges);
    p->out = malloc(sizeof *p->out);
    if (!p->v || !p->judges || !p->out)
        return fail(p, "", "out of memory");
    srt_buffer_init(p->out, STDOUT_FILENO);
    for (size_t i = 0; i < p->o->n_packs; i++) {
        int code = open_one(p, i);
        if (code >= 0)
            return code;
    }
    p->start_ns = clock_ns() - start;
    return open_stream(p) ? -1 : fail(p, "", "out of memory");
}

static void close_all(struct packs *p)
{
    stream_close(&p->stream);
    for (size_t i = 0; p->v && i < p->n_jobs * p->o->n_packs; i++)
        sigmaton_scratch_destroy(p->v[i].scratch);
    for (size_t i = 0; p->v && i < p->o->n_packs; i++)
        sigmaton_engine_destroy(p->v[i].engine);
    free(p->v);
    free(p->judges);
    free(p->out);
}

static void say_loaded(const struct packs *p)
{
    char text[160];
    snprintf(text, sizeof text, "%zu packs: %u rules, %.1f ms from file to callable", p->o->n_packs,
             p->stream.n_rules, (double)p->start_ns / 1e6);
    p->teller->note(p->teller->ctx, text);
}

static void say_summary(const struct packs *p)
{
    const struct stream *s = &p->stream;
    char line[STREAM_SUMMARY_MAX];
    struct summary_item items[] = {
        {"packs", p->o->n_packs, NULL},
        {"rules", s->n_rules, NULL},
        {"events", s->n_events, NULL},
        {"unreadable", s->n_unreadable, NULL},
        {"alerts", s->n_alerts, NULL},
        {"rules_hit", stream_rules_hit(s), NULL},
        {"not_judged", s->n_unjudged, NULL},
        {"engine", 0, "aot"},
        {"start_us", p->start_ns / 1000, NULL},
        {"events_per_second", (unsigned long long)stream_rate(s), NULL},
    };
    stream_summary(s, "aot", line);
    p->teller->summary(p->teller->ctx, line, items, sizeof items / sizeof *items);
}

int packs_run(const struct packs_options *options, const struct teller *teller)
{
    struct packs p = {.o = options, .teller = teller};
    int code = open_all(&p);
    if (code < 0) {
        p.stream.text_alerts = options->text_alerts;
        p.stream.color = options->color;
        inputs_catch_signals(&p.stream);
        say_loaded(&p);
        size_t failed = inputs_judge(&p.stream, options->inputs, options->n_inputs);
        stream_tell_unjudged(&p.stream);
        say_summary(&p);
        code =
            inputs_exit_code(&p.stream, options->n_inputs, failed, options->fail_on_match, false);
    }
    close_all(&p);
    return code;
}
