#include "jobs.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

/* Parts a thread: how far the others may be ahead of a slow chunk. */
#define PARTS_PER_JOB 4

/* An unreadable event, to be told when it is its part's turn. */
struct fault {
    uint64_t record;
    size_t column;
    const char *why; /* static, as a verdict's error is */
};

/* What came of a chunk: a stream of its own, added to the input's when it is its turn. */
struct part {
    struct jobs *jobs;
    struct stream stream; /* counts of this chunk alone */
    struct srt_buffer out;
    struct teller teller;
    struct stream_input in;
    uint64_t number; /* of the chunk, from 0 */
    struct fault faults[STREAM_EVENTS_MAX];
    size_t n_faults;
    bool done; /* judged, not yet given */
    bool cut;  /* judging was stopped, or writing failed: nothing behind it counts */
};

struct job {
    struct jobs *jobs;
    pthread_t thread;
    const struct stream_judge *judges;
    char *buffer;
    struct line line; /* what it has taken, in `buffer` */
    struct part *part;
};

struct jobs {
    size_t n, n_parts;
    struct job *v;
    struct part *parts; /* chunk k: parts[k % n_parts] */

    pthread_mutex_t reading; /* whose turn at reading it is: the next four */
    struct lines *lines;
    uint64_t record, n_taken;
    bool ended;
    int why; /* errno of a failed read */

    pthread_mutex_t lock; /* the rest */
    pthread_cond_t moved; /* n_given was, or it is over */
    struct stream *stream;
    struct stream_input *in;
    uint64_t n_given, idle_ns, judged_at;
    size_t n_judging;
    bool giving;      /* somebody does */
    atomic_bool over; /* a part was cut */
};

/* ---- Making -------------------------------------------------------------------------------- */

/* What may run on us; the machine may have more. */
static size_t n_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : (size_t)n;
}

bool jobs_parse(const char *text, size_t *ret_n)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || n > JOBS_MAX)
        return false;
    *ret_n = n > 0 ? n : n_processors();
    return true;
}

static void keep_fault(void *ctx, enum tell_code code, const char *file, uint64_t record,
                       size_t column, const char *const args[TELL_ARGUMENTS_MAX])
{
    (void)code, (void)file;
    struct part *part = ctx;
    if (part->n_faults < STREAM_EVENTS_MAX)
        part->faults[part->n_faults++] = (struct fault){record, column, args[0]};
}

/* Returns when all parts before are given, or nothing behind them counts. */
static void wait_turn(void *ctx)
{
    struct part *part = ctx;
    struct jobs *j = part->jobs;
    pthread_mutex_lock(&j->lock);
    while (j->n_given < part->number && !atomic_load(&j->over))
        pthread_cond_wait(&j->moved, &j->lock);
    if (atomic_load(&j->over))
        part->out.error = ECANCELED;
    pthread_mutex_unlock(&j->lock);
}

static bool part_open(struct part *part, struct jobs *j, const struct stream *s)
{
    part->jobs = j;
    part->teller = (struct teller){.ctx = part, .place = keep_fault};
    return stream_open(&part->stream, s->judges, s->n_judges, &part->teller, &part->out);
}

struct jobs *jobs_create(const struct stream *s, size_t n)
{
    struct jobs *j = calloc(1, sizeof *j);
    if (j == NULL)
        return NULL;
    pthread_mutex_init(&j->reading, NULL);
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->moved, NULL);
    j->v = calloc(n, sizeof *j->v);
    j->parts = calloc(n * PARTS_PER_JOB, sizeof *j->parts);
    bool made = j->v != NULL && j->parts != NULL;
    j->n = made ? n : 0;
    j->n_parts = j->n * PARTS_PER_JOB;
    for (size_t i = 0; i < j->n; i++) {
        j->v[i] = (struct job){
            .jobs = j, .judges = s->judges + i * s->n_judges, .buffer = lines_buffer()};
        made = made && j->v[i].buffer != NULL;
    }
    for (size_t i = 0; i < j->n_parts; i++)
        made = part_open(&j->parts[i], j, s) && made;
    if (made)
        return j;
    jobs_destroy(j);
    return NULL;
}

void jobs_destroy(struct jobs *j)
{
    if (j == NULL)
        return;
    for (size_t i = 0; i < j->n; i++)
        free(j->v[i].buffer);
    for (size_t i = 0; i < j->n_parts; i++)
        stream_close(&j->parts[i].stream);
    pthread_mutex_destroy(&j->reading);
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->moved);
    free(j->v);
    free(j->parts);
    free(j);
}

/* ---- Giving: one thread at a time, part after part ------------------------------------------ */

static void add_counts(struct stream *to, struct stream *from)
{
    to->n_events += from->n_events;
    to->n_unreadable += from->n_unreadable;
    to->n_alerts += from->n_alerts;
    to->n_unjudged += from->n_unjudged;
    to->n_bytes += from->n_bytes;
    for (uint32_t i = 0; from->n_alerts > 0 && i < to->n_rules; i++)
        to->hit[i] |= from->hit[i];
    for (uint32_t i = 0; from->n_unjudged > 0 && i < to->n_rules; i++)
        to->unjudged[i] += from->unjudged[i];
}

static void forget(struct stream *s)
{
    if (s->n_alerts > 0)
        memset(s->hit, 0, s->n_rules * sizeof *s->hit);
    if (s->n_unjudged > 0)
        memset(s->unjudged, 0, s->n_rules * sizeof *s->unjudged);
    s->n_events = s->n_unreadable = s->n_alerts = s->n_unjudged = s->n_bytes = 0;
}

/* Faults that are not kept are beyond what is told anyway. */
static void tell_faults(const struct jobs *j, const struct part *part)
{
    for (size_t i = 0; i < part->n_faults; i++) {
        j->in->record = part->faults[i].record;
        stream_tell_unreadable(j->stream, j->in, part->faults[i].column, part->faults[i].why);
    }
    j->in->n_bad += part->in.n_bad - part->n_faults;
}

static void give(struct jobs *j, struct part *part)
{
    if (!atomic_load(&j->over)) {
        srt_buffer_flush(&part->out);
        tell_faults(j, part);
        add_counts(j->stream, &part->stream);
        j->stream->out->error = part->out.error;
        if (part->cut || part->out.error != 0)
            atomic_store(&j->over, true);
    }
    forget(&part->stream);
}

/* Under the lock: a part is judged. */
static void give_all(struct jobs *j)
{
    if (j->giving)
        return;
    j->giving = true;
    for (struct part *part; (part = &j->parts[j->n_given % j->n_parts])->done;) {
        pthread_mutex_unlock(&j->lock);
        give(j, part);
        pthread_mutex_lock(&j->lock);
        part->done = false;
        j->n_given++;
        pthread_cond_broadcast(&j->moved);
    }
    j->giving = false;
}

/* ---- Taking: one thread at a time ----------------------------------------------------------- */

/* Reads more; how long nobody judged meanwhile is no time of judging. */
static enum lines_status fill(struct jobs *j)
{
    uint64_t start = clock_ns();
    enum lines_status status = lines_fill(j->lines);
    int why = errno;
    uint64_t end = clock_ns();
    pthread_mutex_lock(&j->lock);
    if (j->n_judging == 0)
        j->idle_ns += end - (start > j->judged_at ? start : j->judged_at);
    pthread_mutex_unlock(&j->lock);
    errno = why;
    return status;
}

/* The next lines, in a buffer that is the job's own. */
static bool read_lines(struct job *job)
{
    struct jobs *j = job->jobs;
    if (j->lines->bytes != job->buffer)
        lines_move(j->lines, job->buffer);
    while (!j->ended && !atomic_load(&j->over) && !stream_stopped(j->stream)) {
        enum lines_status status = lines_next_many(j->lines, &job->line);
        if (status == LINES_LINE)
            return true;
        if (status == LINES_WAIT)
            status = fill(j);
        if (status == LINES_ERROR)
            j->why = errno;
        j->ended = status == LINES_END || status == LINES_ERROR;
    }
    j->ended = true;
    return false;
}

/* Lines are long: memchr's vectors beat a count of each byte. */
static uint64_t count_lines(const struct line *line)
{
    uint64_t n = 0;
    const char *p = line->p, *end = p + line->len;
    if (!line->many)
        return 1;
    for (; p < end; n++)
        p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
    return n;
}

/* The part of the next chunk, when it is free. */
static struct part *take_part(struct jobs *j)
{
    struct part *part = &j->parts[j->n_taken % j->n_parts];
    pthread_mutex_lock(&j->lock);
    while (j->n_taken - j->n_given == j->n_parts)
        pthread_cond_wait(&j->moved, &j->lock);
    j->n_judging++;
    pthread_mutex_unlock(&j->lock);
    part->number = j->n_taken++;
    part->in = (struct stream_input){.file = j->in->file, .record = j->record};
    return part;
}

static bool take(struct job *job)
{
    struct jobs *j = job->jobs;
    pthread_mutex_lock(&j->reading);
    bool taken = read_lines(job);
    if (taken) {
        job->part = take_part(j);
        j->record += count_lines(&job->line);
    }
    pthread_mutex_unlock(&j->reading);
    return taken;
}

static void judge(const struct job *job)
{
    struct part *part = job->part;
    const struct stream *s = job->jobs->stream;
    srt_buffer_init(&part->out, s->out->fd);
    part->out.turn = wait_turn;
    part->out.turn_ctx = part;
    part->n_faults = 0;
    part->stream.judges = job->judges;
    part->stream.text_alerts = s->text_alerts;
    part->stream.color = s->color;
    part->stream.stopped = s->stopped;
    stream_lines(&part->stream, &part->in, &job->line);
    part->cut = !stream_goes_on(&part->stream);
}

static void *work(void *ctx)
{
    struct job *job = ctx;
    struct jobs *j = job->jobs;
    while (take(job)) {
        judge(job);
        pthread_mutex_lock(&j->lock);
        j->n_judging--;
        j->judged_at = clock_ns();
        job->part->done = true;
        give_all(j);
        pthread_mutex_unlock(&j->lock);
    }
    return NULL;
}

bool jobs_read(struct jobs *j, struct stream *s, struct stream_input *in, struct lines *l)
{
    j->stream = s;
    j->in = in;
    j->lines = l;
    j->record = in->record;
    j->n_taken = j->n_given = j->idle_ns = 0;
    j->why = 0;
    j->ended = false;
    atomic_store(&j->over, false);
    size_t n = 1;
    while (n < j->n && pthread_create(&j->v[n].thread, NULL, work, &j->v[n]) == 0)
        n++;
    work(&j->v[0]);
    for (size_t i = 1; i < n; i++)
        pthread_join(j->v[i].thread, NULL);
    in->record = j->record;
    s->judge_ns -= j->idle_ns; /* the caller adds all the time */
    errno = j->why;
    return j->why == 0;
}
