#include "dfa.h"

#include <string.h>

#include "utf8.h"

/* States 0 and 1 (one row) are final. */
#define HIGH_BITS UINT64_C(0x8080808080808080)
#define BLOCK 8u
#define STEPS 8u /* taken one by one where the state of rest is left */

struct walk {
    const uint16_t *next;
    const uint8_t *class_of; /* of ASCII */
    const struct sigmaton_dfa *dfa;
    uint32_t last_final; /* the number of state 1 */
};

/* The class of a code point beyond ASCII. */
static uint32_t wide_class(const struct sigmaton_dfa *d, uint32_t c)
{
    const uint8_t *base = (const uint8_t *)d;
    const uint32_t *starts = (const uint32_t *)(const void *)(base + d->ranges_off);
    uint32_t lo = 0, n = d->n_ranges;
    while (n > 1) { /* the answer is in lo .. lo + n - 1 */
        const uint32_t half = n / 2;
        lo = starts[lo + half] <= c ? lo + half : lo;
        n -= half;
    }
    return base[d->classes_off + lo];
}

/* The class of one code point or one malformed byte. */
static uint32_t next_class(const struct walk *w, const uint8_t **p, const uint8_t *end)
{
    if (**p < 0x80)
        return w->class_of[*(*p)++];
    const uint32_t c = srt_utf8_next(p, end);
    return c >= SRT_BAD && c <= SRT_BAD + 0xff ? w->dfa->junk_class : wide_class(w->dfa, c);
}

static uint32_t step(const struct walk *w, uint32_t s, const uint8_t **p, const uint8_t *end)
{
    return w->next[s + next_class(w, p, end)];
}

/* Whether eight characters leave the state as it is. Nothing here waits for anything else, so runs
 * go several times faster than state after state. */
static bool stays(const struct walk *w, uint32_t s, const uint8_t *p)
{
    const uint16_t *row = w->next + s;
    const uint8_t *k = w->class_of;
    const uint32_t a =
        (row[k[p[0]]] ^ s) | (row[k[p[1]]] ^ s) | (row[k[p[2]]] ^ s) | (row[k[p[3]]] ^ s);
    const uint32_t b =
        (row[k[p[4]]] ^ s) | (row[k[p[5]]] ^ s) | (row[k[p[6]]] ^ s) | (row[k[p[7]]] ^ s);
    return (a | b) == 0;
}

static uint32_t eight_steps(const struct walk *w, uint32_t s, const uint8_t *p)
{
    for (uint32_t i = 0; i < BLOCK; i++)
        s = w->next[s + w->class_of[p[i]]];
    return s;
}

static bool is_continuation(uint8_t b)
{
    return (b & 0xc0) == 0x80;
}

/* ---- Chains ---- */

/* A counter and the part behind it, under way. */
struct link {
    const uint16_t *next;
    const uint8_t *counted;
    uint32_t s, start, ends_from;
    uint32_t enters; /* the bit of `line` at which an end of the part before enters it */
    uint32_t window; /* most - least */
    uint64_t line;   /* ends of the part before that are not `least` characters old */
    uint64_t until;  /* a place of the text: so far the part begins anywhere */
};

static uint32_t links_begin(const struct sigmaton_dfa *d, struct link *links)
{
    const uint8_t *base = (const uint8_t *)d;
    const struct sigmaton_link *of = (const struct sigmaton_link *)(const void *)(d + 1);
    for (uint32_t i = 0; i < d->n_links; i++)
        links[i] = (struct link){
            .next = (const uint16_t *)(const void *)(base + of[i].next_off),
            .counted = of[i].counted,
            .s = of[i].start,
            .start = of[i].start,
            .ends_from = of[i].ends_from,
            .enters = SIGMATON_LINK_LEAST_MAX - of[i].least,
            .window = of[i].most - of[i].least,
        };
    return d->n_links;
}

/* Goes behind a character of the class; `at` characters have been read since links began, and
 * `ends` says whether the part before ends here. True when this one ends, or is found. */
static bool link_step(struct link *l, uint32_t class, uint64_t at, bool ends)
{
    if ((l->counted[class / 8] >> class % 8 & 1) == 0)
        l->line = l->until = 0;
    l->line = l->line << 1 | (uint64_t)ends << l->enters;
    if (l->line >> 63 != 0)
        l->until = at + l->window;
    l->s = l->next[l->s + 2 * class + (l->until >= at)];
    return l->s >= l->ends_from;
}

/* Whether nothing of the link is left but its start. */
static bool link_rests(const struct link *l, uint64_t at)
{
    return l->s == l->start && l->line == 0 && l->until <= at;
}

static bool chain_find(const struct srt_seek *seek, const struct walk *w, uint32_t s,
                       const uint8_t *p, const uint8_t *end)
{
    struct link links[SIGMATON_DFA_LINKS_MAX];
    const uint32_t n = links_begin(w->dfa, links), found = 2 * w->last_final;
    const struct link *last = &links[n - 1];
    uint64_t at = 0;
    for (bool resting = true; p < end;) {
        if (resting && s == w->dfa->rest) {
            p = seek->leaving(w->dfa->leaves, p, end);
            if (p == end)
                break;
        }
        const uint32_t class = next_class(w, &p, end);
        s = w->next[s + class];
        bool ends = s >= w->dfa->ends_from;
        if (resting && !ends)
            continue;
        at++;
        resting = true;
        for (uint32_t i = 0; i < n; i++) {
            ends = link_step(&links[i], class, at, ends);
            resting &= link_rests(&links[i], at);
        }
        if (last->s == found)
            return true;
    }
    return last->next[last->s + 2 * w->dfa->end_class] == found;
}

bool srt_dfa_find_by(const struct srt_seek *seek, const struct sigmaton_dfa *dfa, const uint8_t *p,
                     uint32_t n)
{
    const uint8_t *base = (const uint8_t *)dfa, *end = p + n;
    const struct walk w = {.next = (const uint16_t *)(const void *)(base + dfa->next_off),
                           .class_of = dfa->ascii,
                           .dfa = dfa,
                           .last_final = dfa->n_classes};
    uint32_t s = dfa->start;
    if (n < dfa->min_len)
        return false;
    if (n > 0 && is_continuation(*p)) {
        s = dfa->start_inside;
        while (p < end && is_continuation(*p))
            p++;
    }
    if (dfa->n_links > 0)
        return chain_find(seek, &w, s, p, end);
    while (s > w.last_final && (size_t)(end - p) >= BLOCK) {
        uint64_t word;
        if (s == dfa->rest) { /* which is above last_final */
            p = seek->leaving(dfa->leaves, p, end);
            for (uint32_t i = 0; i < STEPS && s > w.last_final && p < end; i++) {
                s = step(&w, s, &p, end);
                if (s == dfa->rest)
                    break;
            }
            continue;
        }
        memcpy(&word, p, sizeof word);
        if ((word & HIGH_BITS) != 0) {
            s = step(&w, s, &p, end);
            continue;
        }
        if (!stays(&w, s, p))
            s = eight_steps(&w, s, p);
        p += BLOCK;
    }
    while (s > w.last_final && p < end)
        s = step(&w, s, &p, end);
    return w.next[s + dfa->end_class] == w.last_final;
}

bool srt_dfa_find(const struct sigmaton_dfa *dfa, const uint8_t *p, uint32_t n)
{
    return srt_dfa_find_by(&srt_seek_plain, dfa, p, n);
}

static bool table_fits(const struct sigmaton_dfa *d, uint32_t off, uint64_t n, uint32_t size)
{
    return off >= sizeof *d && off % size == 0 && off + n * size <= d->size;
}

static bool classes_fit(const struct sigmaton_dfa *d)
{
    const uint8_t *classes = (const uint8_t *)d + d->classes_off;
    uint32_t most = 0;
    for (uint32_t i = 0; i < d->n_ranges; i++)
        most = classes[i] > most ? classes[i] : most;
    for (uint32_t i = 0; i < 128; i++)
        most = d->ascii[i] > most ? d->ascii[i] : most;
    return most < d->n_classes && d->end_class < d->n_classes && d->junk_class < d->n_classes;
}

static bool ranges_ascend(const struct sigmaton_dfa *d)
{
    const uint32_t *starts = (const uint32_t *)(const void *)((const uint8_t *)d + d->ranges_off);
    bool ascend = starts[0] == 0x80;
    for (uint32_t i = 1; i < d->n_ranges; i++)
        ascend &= starts[i] > starts[i - 1];
    return ascend;
}

/* One table of states, as the checks see it. */
struct table {
    const uint16_t *next;
    uint32_t n_states, row; /* cells of a state */
};

static struct table head_table(const struct sigmaton_dfa *d)
{
    return (struct table){.next =
                              (const uint16_t *)(const void *)((const uint8_t *)d + d->next_off),
                          .n_states = d->n_states,
                          .row = d->n_classes};
}

static bool is_row(const struct table *t, uint32_t cell)
{
    return cell % t->row == 0 && cell / t->row < t->n_states;
}

/* Each cell is a row, and the first two rows are kept for ever. */
static bool cells_fit(const struct table *t)
{
    const uint64_t n = (uint64_t)t->n_states * t->row;
    for (uint32_t c = 0; c < t->row; c++)
        if (t->next[c] != 0 || t->next[t->row + c] != t->row)
            return false;
    for (uint64_t i = 0; i < n; i++)
        if (!is_row(t, t->next[i]))
            return false;
    return true;
}

/* Whether what follows a character of class c tells that it was read in the state of rest: bit d of
 * *ret_differ for each class of which it does. */
static void add_followers(const struct sigmaton_dfa *d, const struct table *t, uint32_t c,
                          uint64_t ret_differ[4])
{
    const uint16_t *rest = t->next + d->rest, *behind = t->next + rest[c];
    const bool ends = d->n_links > 0 && rest[c] >= d->ends_from;
    for (uint32_t i = 0; i < d->n_classes; i++)
        ret_differ[i / 64] |= (uint64_t)(ends || behind[i] != rest[i]) << i % 64;
}

static bool has_half(const uint8_t halves[16], uint32_t c)
{
    return halves[c & 15] >> (c >> 4) & 1;
}

/* The state of rest is left by the characters that are said to leave it, and what follows them
 * differs where it is said to. */
static bool rests(const struct sigmaton_dfa *d)
{
    const struct table t = head_table(d);
    uint64_t differ[4] = {0}, seen[4] = {0};
    bool as_said = d->rest == 0 || (is_row(&t, d->rest) && d->rest > d->n_classes &&
                                    (d->n_links == 0 || d->rest < d->ends_from));
    if (!as_said || d->rest == 0)
        return as_said;
    for (uint32_t c = 0; c < 128; c++) {
        const uint32_t class = d->ascii[c];
        const bool leaves = t.next[d->rest + class] != d->rest;
        as_said &= has_half(d->leaves, c) == leaves;
        if (leaves && (seen[class / 64] >> class % 64 & 1) == 0)
            add_followers(d, &t, class, differ);
        seen[class / 64] |= UINT64_C(1) << class % 64;
    }
    for (uint32_t c = 0; c < 128; c++)
        as_said &=
            has_half(d->leaves + 16, c) == (differ[d->ascii[c] / 64] >> d->ascii[c] % 64 & 1);
    return as_said;
}

static const char outside[] = "an automaton's table lies outside of it";
static const char strays[] = "an automaton goes to a state that it does not have";

static const char *link_check(const struct sigmaton_dfa *d, const struct sigmaton_link *link,
                              bool last)
{
    const struct table t = {
        .next = (const uint16_t *)(const void *)((const uint8_t *)d + link->next_off),
        .n_states = link->n_states,
        .row = 2 * d->n_classes};
    if (t.n_states < 2 || t.n_states > 0xffff)
        return "an automaton has no states or too many";
    if (!table_fits(d, link->next_off, (uint64_t)t.n_states * t.row, 2))
        return outside;
    if (link->least > SIGMATON_LINK_LEAST_MAX || link->most < link->least)
        return "an automaton counts to no number";
    if (last && link->ends_from != 0)
        return "an automaton's last part ends before it is found";
    return is_row(&t, link->start) && cells_fit(&t) ? NULL : strays;
}

static const char *links_check(const struct sigmaton_dfa *d)
{
    const struct sigmaton_link *links = (const struct sigmaton_link *)(const void *)(d + 1);
    const char *why = NULL;
    if (d->n_links == 0)
        return d->ends_from == 0 ? NULL : "an automaton without links ends for none";
    for (uint32_t i = 0; i < d->n_links && why == NULL; i++)
        why = link_check(d, &links[i], i + 1 == d->n_links);
    return why;
}

const char *srt_dfa_check(const struct sigmaton_dfa *d, uint32_t len)
{
    if (len < sizeof *d || d->size != len)
        return "an automaton has another size than it says";
    if (d->n_states < 2 || d->n_states > 0xffff || d->n_classes == 0 || d->n_classes > 0x100 ||
        d->n_ranges == 0)
        return "an automaton has no states or too many";
    if (d->reserved != 0)
        return "a reserved field is not zero";
    if (d->n_links > SIGMATON_DFA_LINKS_MAX ||
        len - sizeof *d < d->n_links * sizeof(struct sigmaton_link))
        return "an automaton has more links than it may";
    if (!table_fits(d, d->ranges_off, d->n_ranges, 4) ||
        !table_fits(d, d->classes_off, d->n_ranges, 1) ||
        !table_fits(d, d->next_off, (uint64_t)d->n_states * d->n_classes, 2))
        return outside;
    if (!classes_fit(d))
        return "an automaton has a class that it does not know";
    if (!ranges_ascend(d))
        return "an automaton's characters are out of order";
    const struct table t = head_table(d);
    if (!is_row(&t, d->start) || !is_row(&t, d->start_inside) || !cells_fit(&t))
        return strays;
    if (!rests(d))
        return "an automaton rests where it does not";
    return links_check(d);
}
