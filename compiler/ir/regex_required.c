/* Walks the AST and carries, for what was read so far, small sets of texts: what a match begins
 * with, what it ends with, and the best set of which each match holds one. A set is any sound
 * choice; it need not be the whole truth. Recursion is bounded by REGEX_DEPTH_MAX. */
#include "regex_required.h"

#include <sigmaton/fold.h>

#include "arena.h"
#include "regex_set.h"

/* Characters of a text: longer ones select no better. */
#define LIT_MAX 32
/* Code points of a class that is written out, and texts that it may become. */
#define CLASS_CODES_MAX 32
#define CLASS_TEXTS_MAX 12
/* Copies of a repeated part that are written out. */
#define COPIES_MAX 32
/* Texts that are put together for one regex; parts beyond it are joined to nothing. */
#define JOINTS_MAX 20000
/* What a text costs beside the values that it wrongly selects. */
#define PRICE_OF_TEXT 3e-4

/* How a text is found; of two joined the larger. */
enum lit_case { LIT_NEUTRAL, LIT_CASED, LIT_FOLDED };

struct lit {
    const uint32_t *c;
    uint32_t n;
    enum lit_case how;
};

/* n == 0: nothing can match at all. */
struct lits {
    struct lit v[REGEX_REQUIRED_MAX];
    uint32_t n;
};

/* What is known of a part of the regex. */
struct part {
    bool exact;         /* it matches the texts of `first` and nothing else */
    struct lits first;  /* each match begins with one of these .. */
    struct lits last;   /* .. and ends with one of these */
    struct lit run;     /* .. and with this, which is never multiplied */
    struct lits needed; /* each match holds one; usable as has_needed says */
    bool has_needed;
    double price;      /* of `needed` */
    struct part *next; /* while it is spare */
};

struct walk {
    struct arena *arena;
    struct part *spare;
    uint32_t joints;
};

static const uint32_t no_codes[1];
static const struct lit nothing = {no_codes, 0, LIT_NEUTRAL};

static void set_to(struct lits *s, struct lit one)
{
    s->n = 1;
    s->v[0] = one;
}

static void copy_lits(struct lits *to, const struct lits *from)
{
    to->n = from->n;
    memcpy(to->v, from->v, from->n * sizeof *from->v);
}

/* Parts are large, and as many are needed as the regex is deep. */
static struct part *take_part(struct walk *w)
{
    struct part *p = w->spare;
    if (!p)
        return ARENA_NEW(w->arena, struct part);
    w->spare = p->next;
    return p;
}

static void give_part(struct walk *w, struct part *p)
{
    p->next = w->spare;
    w->spare = p;
}

/* ---- Prices ---- */

/* How often a character stands at a place of a value, roughly; for the choice alone. */
static double chance_of(uint32_t c, enum lit_case how)
{
    if (c >= 0x80)
        return 0.002;
    if ((c | 0x20) - 'a' < 26u) {
        bool common = c == 'e' || c == 's' || c == 't' || c == 'o' || c == 'i' || c == 'n' ||
                      c == 'a' || c == 'r' || c == 'm' || c == 'c';
        return common ? 0.07 : how == LIT_CASED && c <= 'Z' ? 0.015 : 0.025;
    }
    if (c == ' ' || c == '\\')
        return 0.06;
    if (c - '0' < 10u || c == '.' || c == '-' || c == '/' || c == '"')
        return 0.03;
    return 0.01;
}

/* How often a value of a hundred characters holds one of them, and something for each. */
static double price_of(const struct lits *s)
{
    double often = 0;
    for (uint32_t i = 0; i < s->n; i++) {
        double chance = 100;
        for (uint32_t k = 0; k < s->v[i].n; k++)
            chance *= chance_of(s->v[i].c[k], s->v[i].how);
        often += chance;
    }
    return (often < 1 ? often : 1) + PRICE_OF_TEXT * s->n;
}

static void offer(struct part *p, const struct lits *s)
{
    double price;
    if (s->n == 0)
        return;
    for (uint32_t i = 0; i < s->n; i++)
        if (s->v[i].n == 0)
            return;
    price = price_of(s);
    if (p->has_needed && p->price <= price)
        return;
    copy_lits(&p->needed, s);
    p->has_needed = true;
    p->price = price;
}

/* ---- Sets ---- */

static bool lit_eq(const struct lit *a, const struct lit *b)
{
    return a->n == b->n && a->how == b->how && memcmp(a->c, b->c, a->n * sizeof *a->c) == 0;
}

/* False when the set is full. */
static bool add_lit(struct lits *s, const struct lit *one)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (lit_eq(&s->v[i], one))
            return true;
    if (s->n == REGEX_REQUIRED_MAX)
        return false;
    s->v[s->n++] = *one;
    return true;
}

static bool add_lits(struct lits *s, const struct lits *more)
{
    for (uint32_t i = 0; i < more->n; i++)
        if (!add_lit(s, &more->v[i]))
            return false;
    return true;
}

static struct lit joined(struct arena *a, const struct lit *x, const struct lit *y)
{
    enum lit_case how = x->how > y->how ? x->how : y->how;
    uint32_t *c = ARENA_ARRAY(a, x->n + y->n, uint32_t), n = 0;
    for (uint32_t i = 0; i < x->n; i++)
        c[n++] = how == LIT_FOLDED ? sigmaton_fold(x->c[i]) : x->c[i];
    for (uint32_t i = 0; i < y->n; i++)
        c[n++] = how == LIT_FOLDED ? sigmaton_fold(y->c[i]) : y->c[i];
    return (struct lit){c, n, how};
}

/* Each text of x followed by each of y. False when these are too many or too long. */
static bool product(struct walk *w, const struct lits *x, const struct lits *y, struct lits *ret)
{
    uint32_t n = x->n * y->n;
    ret->n = 0;
    if (n > REGEX_REQUIRED_MAX || w->joints + n > JOINTS_MAX)
        return false;
    w->joints += n;
    for (uint32_t i = 0; i < x->n; i++) {
        for (uint32_t k = 0; k < y->n; k++) {
            if (x->v[i].n + y->v[k].n > LIT_MAX)
                return false;
            struct lit one = joined(w->arena, &x->v[i], &y->v[k]);
            add_lit(ret, &one);
        }
    }
    return true;
}

/* ---- Parts ---- */

static void part_exact(struct part *p, const struct lits *texts)
{
    p->exact = true;
    copy_lits(&p->first, texts);
    copy_lits(&p->last, texts);
    p->run = texts->n == 1 ? texts->v[0] : nothing;
    p->has_needed = false;
    offer(p, texts);
}

static void part_unknown(struct part *p)
{
    p->exact = p->has_needed = false;
    set_to(&p->first, nothing);
    set_to(&p->last, nothing);
    p->run = nothing;
}

static void part_empty(struct part *p)
{
    struct lits s;
    set_to(&s, nothing);
    part_exact(p, &s);
}

/* The run of p with q behind it. */
static void append_run(struct walk *w, struct part *p, const struct part *q)
{
    struct lits run, both;
    set_to(&run, p->run);
    bool fits = q->first.n == 1 && product(w, &run, &q->first, &both);
    if (fits)
        offer(p, &both);
    p->run = fits && q->exact ? both.v[0] : q->run;
}

/* p followed by q. Where the two meet, an end of p and a beginning of q stand side by side. */
static void append(struct walk *w, struct part *p, const struct part *q)
{
    struct lits both;
    bool fits = product(w, &p->last, &q->first, &both);
    append_run(w, p, q);
    if (fits)
        offer(p, &both);
    if (q->has_needed)
        offer(p, &q->needed);
    if (p->exact && fits)
        copy_lits(&p->first, &both);
    copy_lits(&p->last, q->exact && fits ? &both : &q->last);
    p->exact = p->exact && q->exact && fits;
}

/* Code points of the set, or 0 when they are too many. */
static uint32_t codes_of(const struct ranges *r, uint32_t codes[CLASS_CODES_MAX])
{
    uint32_t n = 0;
    for (size_t i = 0; i < r->list.n; i++) {
        if (r->list.v[i].hi - r->list.v[i].lo >= CLASS_CODES_MAX - n)
            return 0;
        for (uint32_t c = r->list.v[i].lo; c <= r->list.v[i].hi; c++)
            codes[n++] = c;
    }
    return n;
}

static bool holds(const uint32_t *codes, uint32_t n, uint32_t c)
{
    for (uint32_t i = 0; i < n; i++)
        if (codes[i] == c)
            return true;
    return false;
}

/* One code point of a set: folded when all that fold alike are in the set. */
static struct lit lit_of(struct arena *a, const uint32_t *codes, uint32_t n, uint32_t code)
{
    uint32_t same[SIGMATON_FOLD_CLASS_MAX];
    size_t n_same = sigmaton_fold_class(code, same), have = 0;
    uint32_t *c = ARENA_NEW(a, uint32_t);
    for (size_t i = 0; i < n_same; i++)
        have += holds(codes, n, same[i]);
    enum lit_case how = n_same == 1 ? LIT_NEUTRAL : have == n_same ? LIT_FOLDED : LIT_CASED;
    *c = how == LIT_FOLDED ? sigmaton_fold(code) : code;
    return (struct lit){c, 1, how};
}

static void part_single(struct arena *a, const struct regex *re, struct part *p)
{
    uint32_t codes[CLASS_CODES_MAX];
    struct ranges r = ranges_of(a, re);
    struct lits s = {.n = 0};
    uint32_t n = codes_of(&r, codes);
    for (uint32_t i = 0; i < n; i++) {
        struct lit one = lit_of(a, codes, n, codes[i]);
        add_lit(&s, &one);
    }
    if ((n == 0 && r.list.n > 0) || s.n > CLASS_TEXTS_MAX)
        part_unknown(p);
    else
        part_exact(p, &s);
}

static void part_of(struct walk *w, const struct regex *re, struct part *p);

static void part_cat(struct walk *w, const struct regex *re, struct part *p)
{
    struct part *next = take_part(w);
    part_empty(p);
    for (size_t i = 0; i < re->n_children; i++) {
        part_of(w, re->children[i], next);
        append(w, p, next);
    }
    give_part(w, next);
}

/* Each branch has what it has; a set of the whole needs a share of every branch. */
static void part_alt(struct walk *w, const struct regex *re, struct part *p)
{
    struct part *branch = take_part(w);
    struct lits needed = {.n = 0};
    bool exact = true, first = true, last = true, have = true;
    p->first.n = p->last.n = 0;
    p->has_needed = false;
    for (size_t i = 0; i < re->n_children; i++) {
        part_of(w, re->children[i], branch);
        exact = exact && branch->exact;
        first = first && add_lits(&p->first, &branch->first);
        last = last && add_lits(&p->last, &branch->last);
        have = have && branch->has_needed && add_lits(&needed, &branch->needed);
    }
    give_part(w, branch);
    p->exact = exact && first;
    p->run = nothing;
    if (!first)
        set_to(&p->first, nothing);
    if (!last)
        set_to(&p->last, nothing);
    if (have)
        offer(p, &needed);
    offer(p, &p->first);
    offer(p, &p->last);
}

/* What may be left out: all its texts, or the empty one. */
static void part_optional(struct part *p)
{
    struct lits s;
    copy_lits(&s, &p->first);
    if (p->exact && add_lit(&s, &nothing))
        part_exact(p, &s);
    else
        part_unknown(p);
}

/* x{n,m} begins and ends with n copies; a few are enough. */
static void part_repeat(struct walk *w, const struct regex *re, struct part *p)
{
    uint32_t copies = re->min < COPIES_MAX ? re->min : COPIES_MAX;
    if (re->min == 0 && re->max > 1) {
        part_unknown(p);
        return;
    }
    if (re->min == 0) {
        part_of(w, re->children[0], p);
        part_optional(p);
        return;
    }
    struct part *child = take_part(w);
    part_of(w, re->children[0], child);
    part_empty(p);
    for (uint32_t i = 0; i < copies && (i == 0 || p->exact); i++)
        append(w, p, child);
    give_part(w, child);
    p->exact = p->exact && re->max == copies;
}

static void part_of(struct walk *w, const struct regex *re, struct part *p)
{
    switch (re->kind) {
    case REGEX_CHAR:
    case REGEX_CLASS:
        part_single(w->arena, re, p);
        break;
    case REGEX_CAT:
        part_cat(w, re, p);
        break;
    case REGEX_ALT:
        part_alt(w, re, p);
        break;
    case REGEX_REPEAT:
        part_repeat(w, re, p);
        break;
    default: /* assertions take nothing */
        part_empty(p);
        break;
    }
}

/* ---- The answer ---- */

static bool stands_at(const struct lit *small, const struct lit *large, uint32_t at)
{
    for (uint32_t i = 0; i < small->n; i++) {
        uint32_t c = large->c[at + i];
        if (small->c[i] != (small->how == LIT_FOLDED ? sigmaton_fold(c) : c))
            return false;
    }
    return true;
}

/* Whether each text that holds `large` holds `small` too. */
static bool implies(const struct lit *large, const struct lit *small)
{
    if (small->n > large->n || (small->how == LIT_CASED && large->how == LIT_FOLDED))
        return false;
    for (uint32_t at = 0; at + small->n <= large->n; at++)
        if (stands_at(small, large, at))
            return true;
    return false;
}

/* Of two that imply each other the first stays. */
static bool needless(const struct lits *s, uint32_t i)
{
    for (uint32_t k = 0; k < s->n; k++)
        if (k != i && implies(&s->v[i], &s->v[k]) && (k < i || !implies(&s->v[k], &s->v[i])))
            return true;
    return false;
}

static struct str text_of(struct arena *a, const struct lit *lit)
{
    struct text t;
    text_init(&t, a);
    for (uint32_t i = 0; i < lit->n; i++) {
        char bytes[4];
        text_add(&t, (struct str){bytes, utf8_put(lit->c[i], bytes)});
    }
    return text_str(&t);
}

bool regex_required(struct arena *a, const struct regex *re, struct required *ret)
{
    struct walk w = {.arena = a};
    struct part *p = take_part(&w);
    *ret = (struct required){0};
    part_of(&w, re, p);
    if (!p->has_needed)
        return false;
    ret->texts = ARENA_ARRAY(a, p->needed.n, struct str);
    ret->cased = ARENA_ARRAY(a, p->needed.n, bool);
    for (uint32_t i = 0; i < p->needed.n; i++) {
        if (needless(&p->needed, i))
            continue;
        ret->texts[ret->n] = text_of(a, &p->needed.v[i]);
        ret->cased[ret->n++] = p->needed.v[i].how == LIT_CASED;
    }
    return true;
}
