#include "regex_sim.h"

#include <stdlib.h>

#include "case_fold.h"
#include "vec.h"

enum step_kind {
    STEP_CHAR,   /* regex->c */
    STEP_CLASS,  /* regex's ranges, and folds[] */
    STEP_SPLIT,  /* go on at x and at y */
    STEP_JUMP,   /* go on at x */
    STEP_ASSERT, /* regex->kind must hold here */
    STEP_MATCH,
};

struct step {
    enum step_kind kind;
    const struct regex *regex;
    size_t x, y;
    /* STEP_CLASS with icase: the folded forms of those members that fold to something else,
     * sorted. With the ranges they hold the folded form of every member. */
    const uint32_t *folds;
    size_t n_folds;
};

/* Steps that wait for the next code point. */
struct states {
    size_t *v, n;
};

/* The state of one search; its memory is kept from one search to the next. */
struct run {
    struct points text;
    size_t at; /* code points read so far */
    struct states now, next;
    size_t round;   /* grows with every code point of every search */
    size_t *marked; /* per step: the round in which it was last added */
    size_t *stack;
    bool matched;
};

struct regex_program {
    struct arena *arena;
    VEC(struct step) steps;
    struct run run;
};

/* Writing the program. */

static size_t here(const struct regex_program *p)
{
    return p->steps.n;
}

static struct step *add(struct regex_program *p, enum step_kind kind, const struct regex *re)
{
    struct step *s = VEC_PUSH(p->arena, &p->steps);
    s->kind = kind;
    s->regex = re;
    return s;
}

static bool in_ranges(const struct regex *class, uint32_t c)
{
    size_t lo = 0, hi = class->n_ranges;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (class->ranges[mid].hi < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < class->n_ranges && class->ranges[lo].lo <= c;
}

static int compare_code_points(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void add_class(struct regex_program *p, const struct regex *re)
{
    struct step *s = add(p, STEP_CLASS, re);
    if (!re->icase)
        return;
    size_t n_pairs = 0, n = 0;
    const struct fold_pair *pairs = case_fold_pairs(&n_pairs);
    for (size_t i = 0; i < n_pairs; i++)
        n += in_ranges(re, pairs[i].from);
    uint32_t *folds = ARENA_ARRAY(p->arena, n, uint32_t);
    n = 0;
    for (size_t i = 0; i < n_pairs; i++)
        if (in_ranges(re, pairs[i].from))
            folds[n++] = pairs[i].to;
    qsort(folds, n, sizeof *folds, compare_code_points);
    s->folds = folds;
    s->n_folds = n;
}

static void write_out(struct regex_program *p, const struct regex *re);

/* a|b|c:  SPLIT a, L1; a; JUMP end; L1: SPLIT b, L2; b; JUMP end; L2: c; end: */
static void write_alternatives(struct regex_program *p, const struct regex *re)
{
    VEC(size_t) jumps = {0};
    for (size_t i = 0; i + 1 < re->n_children; i++) {
        size_t split = here(p);
        add(p, STEP_SPLIT, re)->x = split + 1;
        write_out(p, re->children[i]);
        *VEC_PUSH(p->arena, &jumps) = here(p);
        add(p, STEP_JUMP, re);
        p->steps.v[split].y = here(p);
    }
    if (re->n_children > 0)
        write_out(p, re->children[re->n_children - 1]);
    for (size_t i = 0; i < jumps.n; i++)
        p->steps.v[jumps.v[i]].x = here(p);
}

/* The child min times, then:  L: SPLIT child, end; child; JUMP L; end:  without a bound,
 * or  SPLIT child, end; child;  as often as it may still come. */
static void write_repeat(struct regex_program *p, const struct regex *re)
{
    for (uint32_t i = 0; i < re->min; i++)
        write_out(p, re->children[0]);
    if (re->max == REGEX_INF) {
        size_t split = here(p);
        add(p, STEP_SPLIT, re)->x = split + 1;
        write_out(p, re->children[0]);
        add(p, STEP_JUMP, re)->x = split;
        p->steps.v[split].y = here(p);
        return;
    }
    VEC(size_t) splits = {0};
    for (uint32_t i = re->min; i < re->max; i++) {
        size_t split = here(p);
        *VEC_PUSH(p->arena, &splits) = split;
        add(p, STEP_SPLIT, re)->x = split + 1;
        write_out(p, re->children[0]);
    }
    for (size_t i = 0; i < splits.n; i++)
        p->steps.v[splits.v[i]].y = here(p);
}

/* Recursion is bounded by the parser's depth limit. */
static void write_out(struct regex_program *p, const struct regex *re)
{
    switch (re->kind) {
    case REGEX_EMPTY:
        break;
    case REGEX_CHAR:
        add(p, STEP_CHAR, re);
        break;
    case REGEX_CLASS:
        add_class(p, re);
        break;
    case REGEX_CAT:
        for (size_t i = 0; i < re->n_children; i++)
            write_out(p, re->children[i]);
        break;
    case REGEX_ALT:
        write_alternatives(p, re);
        break;
    case REGEX_REPEAT:
        write_repeat(p, re);
        break;
    default:
        add(p, STEP_ASSERT, re);
        break;
    }
}

struct regex_program *regex_program_new(struct arena *a, const struct regex *re)
{
    struct regex_program *p = ARENA_NEW(a, struct regex_program);
    p->arena = a;
    write_out(p, re);
    add(p, STEP_MATCH, re);
    size_t n = here(p);
    p->run.now.v = ARENA_ARRAY(a, n, size_t);
    p->run.next.v = ARENA_ARRAY(a, n, size_t);
    p->run.marked = ARENA_ARRAY(a, n, size_t);
    p->run.stack = ARENA_ARRAY(a, 2 * n + 1, size_t);
    return p;
}

/* Running it. */

static bool is_word(struct points text, size_t i)
{
    if (i >= text.n)
        return false;
    uint32_t c = text.v[i];
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* What holds between the code points at - 1 and at. */
static bool assertion_holds(enum regex_kind kind, struct points text, size_t at)
{
    bool word_edge = (at > 0 && is_word(text, at - 1)) != is_word(text, at);
    switch (kind) {
    case REGEX_TEXT_START:
        return at == 0;
    case REGEX_LINE_START: /* as in PCRE, a final LF starts no line */
        return at == 0 || (text.v[at - 1] == '\n' && at < text.n);
    case REGEX_LINE_END:
        return at == text.n || text.v[at] == '\n';
    case REGEX_TEXT_END:
        return at == text.n || (at + 1 == text.n && text.v[at] == '\n');
    case REGEX_VERY_END:
        return at == text.n;
    case REGEX_WORD:
        return word_edge;
    case REGEX_NOT_WORD:
        return !word_edge;
    default:
        return false;
    }
}

static bool among(const uint32_t *sorted, size_t n, uint32_t c)
{
    return n > 0 && bsearch(&c, sorted, n, sizeof *sorted, compare_code_points) != NULL;
}

static bool step_takes(const struct step *s, uint32_t c)
{
    const struct regex *re = s->regex;
    if (s->kind == STEP_CHAR)
        return re->icase ? case_fold(re->c) == case_fold(c) : re->c == c;
    if (s->kind != STEP_CLASS)
        return false;
    uint32_t wanted = re->icase ? case_fold(c) : c;
    return (in_ranges(re, wanted) || among(s->folds, s->n_folds, wanted)) != re->negated;
}

/* Adds a step and all that it leads to without reading. Each is added once in a round, so loops end
 * and the stack is never higher than twice the program. */
static void follow(const struct regex_program *p, struct run *r, struct states *set, size_t start)
{
    size_t depth = 0;
    r->stack[depth++] = start;
    while (depth > 0) {
        size_t i = r->stack[--depth];
        if (r->marked[i] == r->round)
            continue;
        r->marked[i] = r->round;
        const struct step *s = &p->steps.v[i];
        switch (s->kind) {
        case STEP_CHAR:
        case STEP_CLASS:
            set->v[set->n++] = i;
            break;
        case STEP_SPLIT:
            r->stack[depth++] = s->y;
            r->stack[depth++] = s->x;
            break;
        case STEP_JUMP:
            r->stack[depth++] = s->x;
            break;
        case STEP_ASSERT:
            if (assertion_holds(s->regex->kind, r->text, r->at))
                r->stack[depth++] = i + 1;
            break;
        case STEP_MATCH:
            r->matched = true;
            break;
        }
    }
}

bool regex_sim_search(struct regex_program *program, struct points text)
{
    struct run *r = &program->run;
    r->text = text;
    r->at = 0;
    r->matched = false;
    r->now.n = 0;
    r->round++;
    follow(program, r, &r->now, 0);
    while (!r->matched && r->at < text.n) {
        uint32_t c = text.v[r->at++];
        r->round++;
        r->next.n = 0;
        for (size_t i = 0; i < r->now.n; i++)
            if (step_takes(&program->steps.v[r->now.v[i]], c))
                follow(program, r, &r->next, r->now.v[i] + 1);
        follow(program, r, &r->next, 0); /* unanchored: a match may start anywhere */
        struct states spare = r->now;
        r->now = r->next;
        r->next = spare;
    }
    return r->matched;
}
