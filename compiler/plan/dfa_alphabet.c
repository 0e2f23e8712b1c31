/* Classes of code points: two are of one class when every set of the program has both or neither,
 * and no assertion tells them apart. */
#include "dfa_parts.h"

#include <stdlib.h>

/* Where some set begins or ends. */
struct cuts {
    VEC(uint32_t) list;
};

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void cut(struct dfa_work *w, struct cuts *cuts, uint32_t lo, uint32_t hi)
{
    *VEC_PUSH(w->arena, &cuts->list) = lo;
    if (hi < REGEX_CODE_MAX)
        *VEC_PUSH(w->arena, &cuts->list) = hi + 1;
}

static void sort_cuts(struct cuts *cuts)
{
    uint32_t *v = cuts->list.v;
    size_t n = 0;
    qsort(v, cuts->list.n, sizeof *v, by_value);
    for (size_t i = 0; i < cuts->list.n; i++)
        if (n == 0 || v[n - 1] != v[i])
            v[n++] = v[i];
    cuts->list.n = n;
}

/* The interval that begins at c. */
static uint32_t interval_at(const struct cuts *cuts, uint32_t c)
{
    size_t lo = 0, hi = cuts->list.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (cuts->list.v[mid] < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return (uint32_t)lo;
}

static const struct regex_range word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
static const struct regex_range lf_range[] = {{'\n', '\n'}};

/* What assertions tell apart, as sets. */
static const struct {
    const struct regex_range *v;
    size_t n;
    enum dfa_beside beside;
} beside_sets[] = {{word_ranges, 4, DFA_WORD}, {lf_range, 1, DFA_LF}};

static bool is_asked(const struct dfa_program *p, enum dfa_beside beside)
{
    if (beside == DFA_WORD)
        return p->asserts[REGEX_WORD] || p->asserts[REGEX_NOT_WORD];
    return p->asserts[REGEX_LINE_START] || p->asserts[REGEX_LINE_END] || p->asserts[REGEX_TEXT_END];
}

/* Classes of intervals while they are split. */
struct partition {
    const struct cuts *cuts;
    uint8_t *class_of; /* per interval */
    uint32_t n;
    uint32_t sizes[DFA_CLASSES_MAX]; /* intervals of each class */
};

/* Intervals from *at on within the ranges, one after the other; false behind the last. */
struct walk {
    const struct regex_range *v;
    size_t n, r;
    uint32_t at;
};

static bool next_interval(const struct partition *p, struct walk *walk, uint32_t *ret)
{
    const uint32_t *starts = p->cuts->list.v;
    for (; walk->r < walk->n; walk->r++, walk->at = 0) {
        if (walk->at == 0)
            walk->at = interval_at(p->cuts, walk->v[walk->r].lo) + 1;
        if (walk->at <= p->cuts->list.n && starts[walk->at - 1] <= walk->v[walk->r].hi) {
            *ret = walk->at++ - 1;
            return true;
        }
    }
    return false;
}

/* Each class that has intervals within and without the ranges becomes two. */
static bool split_by(struct dfa_work *w, struct partition *p, const struct regex_range *v, size_t n)
{
    uint32_t within[DFA_CLASSES_MAX] = {0}, interval, covered = 0;
    uint8_t moved[DFA_CLASSES_MAX] = {0};
    for (struct walk walk = {v, n, 0, 0}; next_interval(p, &walk, &interval); covered++)
        within[p->class_of[interval]]++;
    for (uint32_t c = 0, old = p->n; c < old; c++) {
        if (within[c] == 0 || within[c] == p->sizes[c])
            continue;
        if (p->n == DFA_CLASSES_MAX)
            return dfa_refuse(w, "too many classes of characters");
        p->sizes[p->n] = within[c];
        p->sizes[c] -= within[c];
        moved[c] = (uint8_t)p->n++;
    }
    for (struct walk walk = {v, n, 0, 0}; next_interval(p, &walk, &interval);)
        if (moved[p->class_of[interval]] > 0)
            p->class_of[interval] = moved[p->class_of[interval]];
    return dfa_steps(w, n + covered);
}

static void mark_set(const struct partition *p, const struct ranges *r, struct dfa_class_set *ret)
{
    uint32_t i;
    for (struct walk walk = {r->list.v, r->list.n, 0, 0}; next_interval(p, &walk, &i);)
        ret->bits[p->class_of[i] / 64] |= UINT64_C(1) << p->class_of[i] % 64;
}

static void finish(struct dfa_work *w, const struct dfa_program *p, const struct partition *parts,
                   struct dfa_alphabet *ret)
{
    uint32_t n = (uint32_t)parts->cuts->list.n;
    *ret = (struct dfa_alphabet){.n_classes = parts->n,
                                 .starts = parts->cuts->list.v,
                                 .classes = parts->class_of,
                                 .n_starts = n};
    ret->sets = ARENA_ARRAY(w->arena, p->sets.n, struct dfa_class_set);
    for (size_t i = 0; i < p->sets.n; i++)
        mark_set(parts, &p->sets.v[i], &ret->sets[i]);
}

static void mark_beside(const struct dfa_program *p, struct dfa_alphabet *alphabet)
{
    for (uint32_t i = 0; i < alphabet->n_starts; i++) {
        uint32_t c = alphabet->starts[i];
        for (size_t k = 0; k < 2; k++)
            for (size_t r = 0; is_asked(p, beside_sets[k].beside) && r < beside_sets[k].n; r++)
                if (c >= beside_sets[k].v[r].lo && c <= beside_sets[k].v[r].hi)
                    alphabet->beside[alphabet->classes[i]] = (uint8_t)beside_sets[k].beside;
    }
}

bool dfa_alphabet(struct dfa_work *w, const struct dfa_program *p, struct dfa_alphabet *ret)
{
    struct cuts cuts = {0};
    *VEC_PUSH(w->arena, &cuts.list) = 0;
    for (size_t i = 0; i < p->sets.n; i++)
        for (size_t r = 0; r < p->sets.v[i].list.n; r++)
            cut(w, &cuts, p->sets.v[i].list.v[r].lo, p->sets.v[i].list.v[r].hi);
    for (size_t k = 0; k < 2; k++)
        for (size_t r = 0; is_asked(p, beside_sets[k].beside) && r < beside_sets[k].n; r++)
            cut(w, &cuts, beside_sets[k].v[r].lo, beside_sets[k].v[r].hi);
    sort_cuts(&cuts);
    struct partition parts = {.cuts = &cuts, .n = DFA_FIRST + 1};
    parts.class_of = ARENA_ARRAY(w->arena, cuts.list.n, uint8_t);
    parts.sizes[DFA_FIRST] = (uint32_t)cuts.list.n;
    for (size_t i = 0; i < cuts.list.n; i++)
        parts.class_of[i] = DFA_FIRST;
    for (size_t i = 0; i < p->sets.n; i++)
        if (!split_by(w, &parts, p->sets.v[i].list.v, p->sets.v[i].list.n))
            return false;
    for (size_t k = 0; k < 2; k++)
        if (is_asked(p, beside_sets[k].beside) &&
            !split_by(w, &parts, beside_sets[k].v, beside_sets[k].n))
            return false;
    finish(w, p, &parts, ret);
    mark_beside(p, ret);
    return true;
}
