/* Lines made from the pack's own plan to cost as much as they can; see bench_attack.c.
 *
 *     struct bench_attack a;
 *     bench_attack(judge, arena, NULL, &a);     // a.worst[BENCH_ATTACK_PREFIXES].ns / .len
 */
#ifndef SIGMATON_TOOL_BENCH_ATTACK_H
#define SIGMATON_TOOL_BENCH_ATTACK_H

#include "bench.h"

struct arena;

enum bench_attack_kind {
    BENCH_ATTACK_PREFIXES,
    BENCH_ATTACK_ONE,
    BENCH_ATTACK_ESCAPED,
    BENCH_ATTACK_BAIT,
    BENCH_ATTACK_WHOLE,
    BENCH_ATTACK_KINDS
};
extern const char *const bench_attack_kinds[BENCH_ATTACK_KINDS];

struct bench_attack_line {
    enum bench_attack_kind kind;
    struct str channel; /* empty: an event without, that meets every rule */
    uint32_t id;
    struct str field; /* empty: keywords */
    uint32_t n_rules; /* of the class */
    uint32_t len;     /* bytes of the line */
    uint32_t n_hits;
    double ns; /* the least of 5 passes */
};

struct bench_attack {
    size_t n_lines, n_bytes;                            /* 0: not measured */
    struct bench_attack_line worst[BENCH_ATTACK_KINDS]; /* per byte; ns 0: no line of that kind */
};

/* The lines are the same for the same pack. `file`, when not NULL, gets them. Texts of ret are the
 * arena's. False: errno says why. Not for the oracle. */
bool bench_attack(struct judge *j, struct arena *a, const char *file, struct bench_attack *ret);

#endif
