/* What the parts of `sigmaton bench` share: data sets, clocks, statistics, results.
 *
 *     struct bench_set set;                      // one file of events, in memory, cut into lines
 *     uint64_t t = bench_cpu_ns();               // this thread's CPU time
 *     struct bench_stat s = bench_stat(ns, n);   // median and quartiles
 *
 * Method: tests/bench/README.md. Memory is the process's: running out of it ends the command. */
#ifndef SIGMATON_TOOL_BENCH_H
#define SIGMATON_TOOL_BENCH_H

#include <stdint.h>

#include "event_stream.h"
#include "judge.h"
#include "profile.h"
#include "str.h"

/* ---- Memory: never NULL ---- */
void *bench_alloc(size_t n, size_t size);         /* zeroed */
void *bench_grow(void *p, size_t n, size_t size); /* realloc */

/* The pack that the judge judges with. */
const struct sigmaton_pack *bench_pack(const struct judge *j);

/* ---- Clocks (bench_clock.c) ---- */
uint64_t bench_cpu_ns(void); /* CPU time of this thread */
uint64_t bench_wall_ns(void);
uint64_t bench_cpu_cost(void); /* what two calls of bench_cpu_ns in a row lie apart, median */

struct bench_stat {
    double median, q1, q3, min, max;
};
/* Of v[n], which is sorted; n 0: all zero. */
struct bench_stat bench_stat(double *v, size_t n);

/* Instructions of this thread in user mode, where the machine counts them. */
struct bench_counter {
    int fd; /* -1: none */
};
void bench_counter_open(struct bench_counter *c);
void bench_counter_close(struct bench_counter *c);
void bench_counter_start(struct bench_counter *c); /* goes on counting */
void bench_counter_stop(struct bench_counter *c);
uint64_t bench_counter_take(struct bench_counter *c); /* and begins anew */
/* Calls of the allocator so far, counted where tests/bench's counter is preloaded; -1: not. */
long long bench_allocations(void);

/* ---- Data (bench_set.c) ---- */
#define BENCH_PADDING 64 /* readable bytes behind the data, for the floor's parser */
#define BENCH_NO_CLASS UINT32_MAX

struct bench_line {
    const char *p;
    uint32_t len;
    uint32_t class; /* index of a bench_class, or BENCH_NO_CLASS */
    uint64_t record;
};

struct bench_set {
    const char *name;
    char *bytes; /* len bytes and BENCH_PADDING zeros */
    size_t len;
    struct bench_line *lines; /* without blank ones */
    size_t n_lines;
    size_t longest; /* bytes of the longest line */
    int fd;         /* a memory file of the same bytes; -1: the file `name` is read */
};

/* Reads a file: name, bytes and len are set, nothing is cut. False: errno says why. */
bool bench_file_read(struct bench_set *s, const char *path);
/* Reads a file of NDJSON. False: errno says why. */
bool bench_set_read(struct bench_set *s, const char *path);
/* Takes bytes made by bench_alloc with BENCH_PADDING behind len, as a memory file. */
bool bench_set_make(struct bench_set *s, const char *name, char *bytes, size_t len);
void bench_set_close(struct bench_set *s);

struct bench_sets {
    struct bench_set *v;
    size_t n;
    size_t n_lines, n_bytes, longest;
};
void bench_sets_close(struct bench_sets *sets);

/* ---- Classes of events (bench_class.c) ---- */
struct bench_class {
    char *name;         /* owns channel */
    struct str channel; /* as first seen; of an event without one its provider; may be empty */
    uint32_t id;
    bool has_id;
    size_t n_lines, n_bytes;
};
struct bench_classes {
    struct bench_class *v;
    uint32_t n;
};
/* Reads every line and gives it its class; unreadable ones have none. */
void bench_classes_find(struct judge *j, const struct bench_sets *sets, struct bench_classes *ret);
void bench_classes_free(struct bench_classes *c);
/* Whether the class is the one that CHANNEL:ID names. */
bool bench_class_is(const struct bench_class *c, const char *spec);
/* A set of the lines of the wanted[n classes] classes, as they come; above max (0: none) every
 * n-th, below min all of them so many times over. */
bool bench_class_set(const struct bench_sets *sets, const struct bench_classes *c,
                     const bool *wanted, size_t min, size_t max, const char *name,
                     struct bench_set *ret);

/* ---- Varied values (bench_vary.c) ---- */
struct bench_varied {
    size_t n_changed;  /* events that differ from the original */
    size_t n_reverted; /* left as they are, because other rules would hit */
};
/* The same events with other numbers, hashes and names (see the file), `pass` seeds them. Every
 * event hits the rules that it hit before. */
bool bench_vary(struct judge *j, const struct bench_set *s, uint64_t pass, struct bench_set *ret,
                struct bench_varied *ret_varied);

/* ---- Rules (bench_rules.c) ---- */
struct bench_rule {
    uint32_t rule;
    struct srt_profile cost;
};
struct bench_by_rule {
    uint64_t n_events;        /* of the sample; 0: not measured */
    struct bench_rule *rules; /* those that some event made a candidate, the dearest first */
    uint32_t n;
    struct srt_profile total;
};
/* Judges up to max events, evenly taken, and each of their candidates by itself. Not for the
 * oracle. ret->rules is the caller's to free. */
void bench_by_rule(struct judge *j, const struct bench_sets *sets, size_t max,
                   struct bench_by_rule *ret);

/* ---- Single events (bench_slowest.c) ---- */
#define BENCH_SLOWEST 5
struct bench_event {
    const struct bench_set *set;
    uint64_t record;
    uint32_t len;
    double ns;
};
struct bench_tail {
    size_t n;
    double p50, p99, p999, max;
    double ns_per_byte;                               /* the worst of events of at least 1 KiB */
    struct bench_event slowest[BENCH_SLOWEST], worst; /* slowest first; per byte */
};
/* Each event by itself: reading, judging, alerts into a buffer; the minimum of `passes` passes. */
bool bench_slowest(struct judge *j, const struct bench_sets *sets, unsigned passes,
                   struct bench_tail *ret);

/* ---- Threads (bench_threads.c) ---- */
struct bench_threads {
    unsigned n;
    struct bench_stat one_ns, many_ns; /* wall clock per event */
    struct bench_stat speedup;         /* of the rounds' own ratios */
    struct bench_stat cpu;             /* CPU time of one thread / of all threads together */
};
/* One engine, a scratch for each thread, lines in memory taken by chunks, alerts to /dev/null;
 * interleaved with the same by one thread. */
bool bench_threads(struct judge *j, const struct bench_sets *sets, unsigned n_threads,
                   unsigned rounds, struct bench_threads *ret);

/* ---- The floor (bench_floor.c) ---- */
struct bench_floor;
/* NULL in a build without libsimdjson. */
struct bench_floor *bench_floor_open(size_t longest);
void bench_floor_close(struct bench_floor *f);
const char *bench_floor_name(const struct bench_floor *f); /* "libsimdjson haswell", "none" */
/* DOM parse of each line; lines that it refused. */
size_t bench_floor_parse(struct bench_floor *f, const struct bench_set *s);
/* Line feeds of the set, by memchr. */
size_t bench_newlines(const struct bench_set *s);

/* ---- Slots filled beforehand (bench_slots.c) ---- */
struct bench_slots;
/* Reads every line of the set with the judge's runtime and keeps the slots as a sensor would have
 * them (srt_event_slots); of unreadable events
 * nothing is kept. */
struct bench_slots *bench_slots_fill(struct judge *j, const struct bench_set *s);
void bench_slots_free(struct bench_slots *b);
size_t bench_slots_events(const struct bench_slots *b);
/* Judges all, 16 events at a time: slots and texts are copied (not timed), then
 * sigmaton_eval_slots is called for each (timed, the clock's own cost taken off). Returns
 * nanoseconds of CPU; *ret_hits are the rules that hit. counter may be NULL. */
uint64_t bench_slots_judge(struct bench_slots *b, struct judge *j, struct bench_counter *counter,
                           uint64_t *ret_hits);

/* ---- End to end (bench_run.c) ---- */
struct bench_run {
    uint64_t cpu_ns, n_events, n_unreadable, n_alerts, n_unjudged;
};
/* One pass of the run path over the set, alerts to /dev/null. */
bool bench_run(struct judge *j, const struct bench_set *s, struct bench_run *ret);
/* FNV-1a, 64 bits, of what `sigmaton run` prints for the set, going on from `hash`. */
#define BENCH_DIGEST_START UINT64_C(0xcbf29ce484222325)
bool bench_digest(struct judge *j, const struct bench_set *s, uint64_t *hash, uint64_t *ret_alerts);

/* ---- Rounds (bench_rounds.c) ---- */
enum bench_what { BENCH_SCAN, BENCH_FLOOR, BENCH_RUN, BENCH_MATCH, BENCH_WHAT_COUNT };

/* Times of one set (or of all together): ns[what][round]. */
struct bench_times {
    double *ns[BENCH_WHAT_COUNT];
    uint64_t instructions[BENCH_WHAT_COUNT]; /* of one pass */
    long long allocations;                   /* of one pass end to end; -1: not counted */
    uint64_t n_events, n_unreadable, n_alerts, n_refused; /* refused: by the floor's parser */
    uint64_t n_bytes;
    bool differs; /* match-only hit other than the run path did */
};

struct bench_rounds {
    unsigned n;
    struct bench_varied varied; /* of all rounds and sets */
    struct bench_times *sets;   /* [n_sets] */
    struct bench_times all;
};
/* Interleaved: in each round, set by set, newline scan, floor, run path, match-only. With vary
 * each round has events of its own; their alerts are checked to be the same (false, errno 0). */
struct bench_rounds_options {
    unsigned n;
    bool match, vary;
};
bool bench_rounds(struct judge *j, const struct bench_sets *sets, struct bench_floor *floor,
                  const struct bench_rounds_options *o, struct bench_rounds *ret);
void bench_rounds_free(struct bench_rounds *r, size_t n_sets);
/* Nanoseconds per event of one kind. */
struct bench_stat bench_per_event(const struct bench_times *t, enum bench_what what, unsigned n);
/* Of the rounds' own ratios `what` / floor. */
struct bench_stat bench_ratio(const struct bench_times *t, enum bench_what what, unsigned n);

#endif
