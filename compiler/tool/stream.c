#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arena.h"

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

bool stream_open(struct stream *s, struct judge *judge, const struct report *report,
                 struct srt_buffer *out)
{
    *s = (struct stream){.report = report, .judge = judge, .out = out};
    s->unjudged = calloc(judge->n_words * 64, sizeof *s->unjudged);
    s->hit = calloc(judge->n_words, sizeof *s->hit);
    return s->unjudged && s->hit;
}

void stream_close(struct stream *s)
{
    free(s->unjudged);
    free(s->hit);
    s->unjudged = s->hit = NULL;
}

static void alert(struct stream *s, const struct sigmaton_verdict *v, uint32_t rule,
                  const char *file, uint64_t record)
{
    char when[SRT_TIME_TEXT];
    bool has_time = v->slots && srt_event_time(sigmatonc_pack(s->judge->compiled), v->slots, when);
    struct srt_alert a = {s->judge->runtime, rule, file, record, has_time ? when : NULL};
    if (s->text_alerts)
        srt_alert_text(s->out, &a, s->color);
    else
        srt_alert_json(s->out, &a);
    s->n_alerts++;
    s->hit[rule / 64] |= UINT64_C(1) << (rule % 64);
}

static void count_unjudged(struct stream *s, const struct sigmaton_verdict *v)
{
    for (uint32_t i = 0; v->n_unjudged > 0 && i < v->n_rules; i++)
        if (v->unjudged[i / 64] >> (i % 64) & 1)
            s->unjudged[i]++, s->n_unjudged++;
}

void stream_alerts(struct stream *s, const struct sigmaton_verdict *v, const char *file,
                   uint64_t record)
{
    s->n_events++;
    for (uint32_t w = 0; v->n_hits > 0 && w < (v->n_rules + 63) / 64; w++)
        for (uint64_t bits = v->hits[w]; bits; bits &= bits - 1)
            alert(s, v, w * 64 + (uint32_t)__builtin_ctzll(bits), file, record);
    count_unjudged(s, v);
}

static void event(struct stream *s, const char *file, uint64_t record, const struct line *line,
                  uint64_t *n_bad)
{
    struct sigmaton_verdict v = {0};
    s->n_bytes += line->len + 1;
    enum sigmaton_status status = SIGMATON_ELIMIT;
    v.error = line->fault ? line->fault : "longer than 1048576 bytes";
    if (!line->too_long && !line->fault)
        status = judge_event(s->judge, line->p, line->len, &v);
    if (status != SIGMATON_OK) {
        s->n_unreadable++;
        if (s->report && ++*n_bad <= REPORT_EVENTS_MAX)
            report_place(s->report, DIAG_event_unreadable, file, record, v.error_off + 1, 1,
                         (struct str[]){str_of(v.error ? v.error : sigmaton_status_text(status))});
        return;
    }
    stream_alerts(s, &v, file, record);
}

static bool is_blank(const struct line *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (!strchr(" \t\r", line->p[i]))
            return false;
    return true;
}

static bool read_events(struct stream *s, const char *file, struct lines *l)
{
    uint64_t record = 0, n_bad = 0, mark = now_ns();
    struct line line;
    enum lines_status status = LINES_LINE;
    bool said = false;
    while (!(s->stopped && *s->stopped) && s->out->error == 0 && status != LINES_END) {
        status = lines_next(l, &line);
        if (s->report && !said && (status == LINES_LINE || l->shape > SRT_SHAPE_LINES)) {
            report_note(s->report, "%s: %s", file, lines_shape(l));
            said = true;
        }
        if (status == LINES_LINE) {
            record++;
            if (line.fault || !is_blank(&line))
                event(s, file, record, &line, &n_bad);
        } else if (status == LINES_WAIT) {
            srt_buffer_flush(s->out);
            s->judge_ns += now_ns() - mark;
            status = lines_fill(l);
            mark = now_ns();
            if (status == LINES_ERROR)
                return false;
        }
    }
    s->judge_ns += now_ns() - mark;
    if (n_bad > REPORT_EVENTS_MAX)
        report_place(s->report, DIAG_events_more_unreadable, file, 0, 0, 1,
                     (struct str[]){str_format(s->report->arena, "%llu",
                                               (unsigned long long)(n_bad - REPORT_EVENTS_MAX))});
    return true;
}

bool stream_fd(struct stream *s, const char *file, int fd)
{
    struct lines l = {0};
    bool done = lines_open(&l, fd) && read_events(s, file, &l);
    int why = errno;
    lines_close(&l);
    srt_buffer_flush(s->out);
    errno = why;
    return done;
}
