/* More rules of the same kind: copies of rules whose texts are one character shorter.
 *
 * A rule that looks for `contains: powershell` becomes one that looks for `owershell` or
 * `powershel`: another text, found wherever the first one is and hardly anywhere else, so that
 * copies are candidates and hit as often as their originals, and no table can share their texts.
 * Cut are plain texts of six bytes and more: at the front (suffixes, and contains in every other
 * copy) or at the end (prefixes, contains). Left alone are suffixes that begin with a backslash
 * (real packs name the same programs again and again), whatever stands under `not` or `neq`, and
 * all that is not a plain text. A copy gets an id of its own. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bench_growth.h"

struct cut {
    size_t off; /* in the file: this byte goes */
};

struct mutant {
    struct arena *arena;
    struct str text; /* of the file */
    struct cut *cuts;
    size_t n, cap;
    bool front;
    bool paths; /* suffixes that begin with a backslash too */
};

/* Marks the identifiers that stand under an odd number of `not`. */
static void mark_negated(const struct condition *c, bool negative, bool *negated)
{
    if (c->kind == COND_IDENTIFIER)
        negated[c->identifier] |= negative;
    for (size_t i = 0; i < c->n_selected; i++)
        negated[c->selected[i]] |= negative;
    for (size_t i = 0; i < c->n_children; i++)
        mark_negated(c->children[i], negative != (c->kind == COND_NOT), negated);
}

/* The text of a value that is one plain text with a star on one or both sides. */
static bool plain(const struct value *v, struct str *ret, bool *ret_front, bool *ret_behind)
{
    if (v->kind != VALUE_PATTERN || v->n != 1)
        return false;
    const struct pattern *p = &v->patterns[0];
    bool front = p->n > 0 && p->parts[0].kind == PART_STAR;
    bool behind = p->n > 1 && p->parts[p->n - 1].kind == PART_STAR;
    if (p->n != 1u + front + behind || p->parts[front].kind != PART_TEXT || !(front || behind))
        return false;
    *ret = p->parts[front].text;
    *ret_front = front, *ret_behind = behind;
    return true;
}

static void cut_value(struct mutant *m, const struct value *v)
{
    struct str text;
    bool front, behind;
    if (!plain(v, &text, &front, &behind) || text.len < 6 || v->at.file == SPAN_NONE ||
        (size_t)v->at.off + v->at.len > m->text.len)
        return;
    bool at_front = front && (!behind || m->front);
    if (at_front && !behind && text.p[0] == '\\' && !m->paths)
        return;
    /* As written, without escapes: then a byte of the file is a byte of the text. */
    const char *p = memmem(m->text.p + v->at.off, v->at.len, text.p, text.len);
    char next = at_front ? text.p[1] : text.p[text.len - 2];
    char gone = at_front ? text.p[0] : text.p[text.len - 1];
    if (!p || (unsigned char)gone >= 0x80 || !isalpha((unsigned char)next))
        return;
    if (m->n == m->cap) {
        m->cap = m->cap ? 2 * m->cap : 16;
        m->cuts = bench_grow(m->cuts, m->cap, sizeof *m->cuts);
    }
    m->cuts[m->n++].off = (size_t)(p - m->text.p) + (at_front ? 0 : text.len - 1);
}

static void cut_detection(struct mutant *m, const struct detection *d)
{
    for (size_t i = 0; i < d->n_children; i++)
        cut_detection(m, d->children[i]);
    if (d->kind != DETECTION_ITEM || d->item->neq || d->item->field.len == 0)
        return;
    for (size_t i = 0; i < d->item->n_values; i++)
        cut_value(m, d->item->values[i]);
}

static int by_place(const void *a, const void *b)
{
    const struct cut *x = a, *y = b;
    return x->off < y->off ? -1 : x->off > y->off;
}

/* The file without the bytes that are cut (YAML aliases give a place twice). */
static struct str without(struct mutant *m)
{
    char *p = arena_alloc(m->arena, m->text.len + 1);
    size_t len = 0, at = 0;
    qsort(m->cuts, m->n, sizeof *m->cuts, by_place);
    for (size_t i = 0; i < m->n; i++) {
        if (m->cuts[i].off < at)
            continue;
        memcpy(p + len, m->text.p + at, m->cuts[i].off - at);
        len += m->cuts[i].off - at;
        at = m->cuts[i].off + 1;
    }
    memcpy(p + len, m->text.p + at, m->text.len - at);
    return (struct str){p, len + m->text.len - at};
}

/* The first four digits of the id count the copies. */
static void new_id(struct str id, char *text, size_t len, unsigned number)
{
    static const char hex[] = "0123456789abcdef";
    char *p = id.len >= 4 ? memmem(text, len, id.p, id.len) : NULL;
    for (unsigned i = 0; p && i < 4; i++)
        p[i] = hex[number >> (12 - 4 * i) & 15];
}

struct str bench_mutant(struct arena *a, const struct rule *rule, struct str text, unsigned number,
                        bool front, size_t *ret_cuts)
{
    struct mutant m = {.arena = a, .text = text, .front = front};
    bool *negated = bench_alloc(rule->n_identifiers, sizeof *negated);
    for (size_t i = 0; i < rule->n_conditions; i++)
        mark_negated(rule->conditions[i], false, negated);
    for (int paths = 0; paths < 2 && m.n == 0; paths++) {
        m.paths = paths;
        for (size_t i = 0; i < rule->n_identifiers; i++)
            if (!negated[i])
                cut_detection(&m, rule->identifiers[i].detection);
    }
    struct str s = without(&m);
    new_id(rule->id, (char *)(uintptr_t)s.p, s.len, number);
    *ret_cuts = m.n;
    free(m.cuts);
    free(negated);
    return s;
}
