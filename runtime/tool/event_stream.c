#include "event_stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "jobs.h"

bool stream_open(struct stream *s, const struct stream_judge *judges, size_t n_judges,
                 const struct teller *teller, struct srt_buffer *out)
{
    *s = (struct stream){
        .teller = teller, .judges = judges, .n_judges = n_judges, .out = out, .stop_fd = -1};
    for (size_t i = 0; i < n_judges; i++)
        s->n_rules += sigmaton_n_rules(judges[i].engine);
    s->unjudged = calloc((size_t)s->n_rules + 1, sizeof *s->unjudged);
    s->hit = calloc((size_t)s->n_rules + 1, sizeof *s->hit);
    return s->unjudged && s->hit;
}

void stream_close(struct stream *s)
{
    jobs_destroy(s->jobs);
    s->jobs = NULL;
    free(s->buffer);
    free(s->unjudged);
    free(s->hit);
    s->buffer = NULL;
    s->unjudged = NULL;
    s->hit = NULL;
}

/* ---- One event ----------------------------------------------------------------------------- */

/* Where an event stands, and whose verdict is at hand: rules of that judge count from `first`. */
struct at {
    const char *file;
    uint64_t record;
    const struct sigmaton_engine *engine;
    uint32_t first;
};

static void alert(struct stream *s, const struct at *at, const struct sigmaton_verdict *v,
                  uint32_t rule)
{
    char when[SRT_TIME_TEXT];
    bool has_time = v->slots && srt_event_time(sigmaton_engine_pack(at->engine), v->slots, when);
    struct srt_alert a = {at->engine, rule, at->file, at->record, has_time ? when : NULL};
    if (s->text_alerts)
        srt_alert_text(s->out, &a, s->color);
    else
        srt_alert_json(s->out, &a);
    s->n_alerts++;
    s->hit[at->first + rule] = true;
}

static void alerts(struct stream *s, const struct at *at, const struct sigmaton_verdict *v)
{
    for (uint32_t w = 0; v->n_hits > 0 && w < (v->n_rules + 63) / 64; w++)
        for (uint64_t bits = v->hits[w]; bits; bits &= bits - 1)
            alert(s, at, v, w * 64 + (uint32_t)__builtin_ctzll(bits));
    for (uint32_t i = 0; v->n_unjudged > 0 && i < v->n_rules; i++)
        if (v->unjudged[i / 64] >> (i % 64) & 1)
            s->unjudged[at->first + i]++, s->n_unjudged++;
}

void stream_alerts(struct stream *s, const struct sigmaton_verdict *v, const char *file,
                   uint64_t record)
{
    s->n_events++;
    if ((v->n_hits | v->n_unjudged) != 0)
        alerts(s, &(struct at){file, record, s->judges->engine, 0}, v);
}

/* Every judge in turn. An event that one of them cannot read counts as left out; the others'
 * alerts stand. */
static enum sigmaton_status judge_one(struct stream *s, struct at at, const struct line *line,
                                      struct sigmaton_verdict *v)
{
    enum sigmaton_status bad = SIGMATON_OK;
    for (size_t i = 0; i < s->n_judges; i++) {
        const struct stream_judge *j = &s->judges[i];
        struct sigmaton_verdict verdict = {0};
        enum sigmaton_status status = j->judge(j->ctx, line->p, line->len, &verdict);
        at.engine = j->engine;
        if (status == SIGMATON_OK) {
            alerts(s, &at, &verdict);
        } else if (bad == SIGMATON_OK) {
            bad = status;
            *v = verdict;
        }
        at.first += sigmaton_n_rules(j->engine);
    }
    return bad;
}

static void place(const struct stream *s, enum tell_code code, const char *file, uint64_t record,
                  size_t column, const char *a, const char *b)
{
    const char *const args[TELL_ARGUMENTS_MAX] = {a, b};
    if (s->teller)
        s->teller->place(s->teller->ctx, code, file, record, column, args);
}

void stream_tell_unreadable(const struct stream *s, struct stream_input *in, size_t column,
                            const char *why)
{
    if (++in->n_bad <= STREAM_EVENTS_MAX)
        place(s, TELL_EVENT_UNREADABLE, in->file, in->record, column, why, NULL);
}

static void unreadable(struct stream *s, struct stream_input *in, enum sigmaton_status status,
                       const struct sigmaton_verdict *v)
{
    s->n_unreadable++;
    stream_tell_unreadable(s, in, v->error_off + 1,
                           v->error ? v->error : sigmaton_status_text(status));
}

static void event(struct stream *s, struct stream_input *in, const struct line *line)
{
    struct sigmaton_verdict v = {.error = line->fault};
    s->n_bytes += line->len + 1;
    enum sigmaton_status status = SIGMATON_ELIMIT;
    if (line->too_long) {
        v.error = "the event is longer than 1 MiB (SIGMATON_LINE_MAX)";
        v.error_off = SIGMATON_LINE_MAX;
    } else if (!line->fault) {
        status = judge_one(s, (struct at){.file = in->file, .record = in->record}, line, &v);
    }
    if (status == SIGMATON_OK)
        s->n_events++;
    else
        unreadable(s, in, status, &v);
}

/* ---- One input ----------------------------------------------------------------------------- */

static bool is_blank(const struct line *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (!strchr(" \t\r", line->p[i]))
            return false;
    return true;
}

bool stream_stopped(const struct stream *s)
{
    return s->stopped && atomic_load_explicit(s->stopped, memory_order_relaxed);
}

bool stream_goes_on(const struct stream *s)
{
    return !stream_stopped(s) && s->out->error == 0;
}

static void one_line(struct stream *s, struct stream_input *in, const struct line *line)
{
    in->record++;
    if (line->fault || !is_blank(line))
        event(s, in, line);
}

/* Whole lines; the reader finds their ends. */
static void events(struct stream *s, struct stream_input *in, const struct line *line)
{
    const struct stream_judge *j = s->judges;
    struct sigmaton_verdict v = {0}; /* filled anew by each judgement */
    size_t used;
    for (size_t at = 0; at < line->len && stream_goes_on(s); at += used) {
        enum sigmaton_status status =
            j->judge_line(j->ctx, line->p + at, line->len - at, &used, &v);
        in->record++;
        if (status == SIGMATON_BLANK)
            continue;
        s->n_bytes += used;
        if (status == SIGMATON_OK)
            stream_alerts(s, &v, in->file, in->record);
        else
            unreadable(s, in, status, &v);
    }
}

void stream_lines(struct stream *s, struct stream_input *in, const struct line *line)
{
    struct line many = *line, one;
    if (!line->many)
        one_line(s, in, line);
    else if (s->n_judges == 1 && s->judges->judge_line)
        events(s, in, line);
    else
        while (stream_goes_on(s) && lines_split(&many, &one))
            one_line(s, in, &one);
}

static void note_shape(const struct stream *s, const char *file, const char *shape)
{
    char text[1024];
    if (!s->teller)
        return;
    snprintf(text, sizeof text, "%s: %s", file, shape);
    s->teller->note(s->teller->ctx, text);
}

/* Reads more, when what was read is judged. */
static enum lines_status fill(struct stream *s, struct lines *l, uint64_t *mark)
{
    srt_buffer_flush(s->out);
    s->judge_ns += clock_ns() - *mark;
    enum lines_status status = lines_fill(l);
    *mark = clock_ns();
    return status;
}

/* Threads are worth their start when more than so many reads are there: 2 MiB of a file. */
#define READS_ALONE 8

static bool wants_jobs(const struct stream *s, const struct lines *l, unsigned fills)
{
    return s->jobs && l->shape == SRT_SHAPE_LINES && fills >= READS_ALONE && !l->eof;
}

static bool read_events(struct stream *s, const char *file, struct lines *l)
{
    struct stream_input in = {.file = file};
    uint64_t mark = clock_ns();
    struct line line;
    enum lines_status status = LINES_LINE;
    bool said = false;
    unsigned fills = 0;
    while (stream_goes_on(s) && status != LINES_END) {
        status = lines_next_many(l, &line);
        if (!said && (status == LINES_LINE || l->shape > SRT_SHAPE_LINES)) {
            note_shape(s, file, lines_shape(l));
            said = true;
        }
        if (status == LINES_LINE) {
            stream_lines(s, &in, &line);
        } else if (status == LINES_WAIT && wants_jobs(s, l, fills)) {
            srt_buffer_flush(s->out);
            status = jobs_read(s->jobs, s, &in, l) ? LINES_END : LINES_ERROR;
        } else if (status == LINES_WAIT) {
            status = fill(s, l, &mark);
            fills++;
        }
        if (status == LINES_ERROR)
            return false;
    }
    s->judge_ns += clock_ns() - mark;
    if (in.n_bad > STREAM_EVENTS_MAX) {
        char more[24];
        snprintf(more, sizeof more, "%llu", (unsigned long long)(in.n_bad - STREAM_EVENTS_MAX));
        place(s, TELL_MORE_UNREADABLE, file, 0, 0, more, NULL);
    }
    return true;
}

bool stream_fd(struct stream *s, const char *file, int fd)
{
    struct lines l;
    if (s->buffer == NULL && (s->buffer = lines_buffer()) == NULL)
        return false;
    lines_begin(&l, fd, s->buffer);
    l.stop_fd = s->stop_fd;
    bool done = read_events(s, file, &l);
    int why = errno;
    srt_buffer_flush(s->out);
    errno = why;
    return done;
}

/* ---- What came of it ----------------------------------------------------------------------- */

uint64_t stream_rules_hit(const struct stream *s)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < s->n_rules; i++)
        n += s->hit[i];
    return n;
}

/* A text of the pack, cut to a buffer, with its end. */
static void copy_ref(char *out, size_t cap, const struct sigmaton_engine *e,
                     struct sigmaton_ref ref)
{
    size_t len;
    const char *p = sigmaton_ref_text(e, ref, &len);
    if (len >= cap)
        len = cap - 1;
    memcpy(out, p, len);
    out[len] = '\0';
}

static void tell_rule(const struct stream *s, const struct sigmaton_engine *e, uint32_t rule,
                      uint64_t times)
{
    char name[512], file[1024], n[24];
    const struct sigmaton_rule *r = sigmaton_rule_at(e, rule);
    copy_ref(name, sizeof name, e, r->id.len > 0 ? r->id : r->title);
    copy_ref(file, sizeof file, e, r->file);
    snprintf(n, sizeof n, "%llu", (unsigned long long)times);
    place(s, TELL_NOT_JUDGED, file, 0, 0, name, n);
}

void stream_tell_unjudged(const struct stream *s)
{
    uint32_t at = 0;
    for (size_t j = 0; s->n_unjudged > 0 && j < s->n_judges; j++) {
        uint32_t n = sigmaton_n_rules(s->judges[j].engine);
        for (uint32_t i = 0; i < n; i++, at++)
            if (s->unjudged[at] > 0)
                tell_rule(s, s->judges[j].engine, i, s->unjudged[at]);
    }
}

double stream_rate(const struct stream *s)
{
    double seconds = (double)s->judge_ns / 1e9;
    return seconds > 0 ? (double)(s->n_events + s->n_unreadable) / seconds : 0;
}

void stream_summary(const struct stream *s, const char *engine, char out[STREAM_SUMMARY_MAX])
{
    double seconds = (double)s->judge_ns / 1e9;
    snprintf(
        out, STREAM_SUMMARY_MAX,
        "%llu events judged, %llu unreadable; %llu alerts of %llu rules; %llu verdicts missing "
        "by regex limits; engine %s, %.0f events/s, %.1f MB/s",
        (unsigned long long)s->n_events, (unsigned long long)s->n_unreadable,
        (unsigned long long)s->n_alerts, (unsigned long long)stream_rules_hit(s),
        (unsigned long long)s->n_unjudged, engine, stream_rate(s),
        seconds > 0 ? (double)s->n_bytes / seconds / 1e6 : 0.0);
}
