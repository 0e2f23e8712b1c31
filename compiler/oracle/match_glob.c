#include "match.h"

#include <string.h>

#include "case_fold.h"

/* Wild cards stand beyond the last code point. */
enum { ANY_RUN = 0x110000, ANY_ONE, ANY_DASH };

static void push(struct glob *g, uint32_t c)
{
    if (g->n == g->cap) {
        size_t cap = g->cap ? g->cap * 2 : 256;
        uint32_t *v = ARENA_ARRAY(g->arena, cap, uint32_t);
        if (g->n > 0)
            memcpy(v, g->v, g->n * sizeof *v);
        g->v = v;
        g->cap = cap;
    }
    g->v[g->n++] = c;
}

static void push_text(struct glob *g, struct str text, bool cased)
{
    for (const char *p = text.p, *end = str_end(text); p < end;) {
        uint32_t c = utf8_next(&p, end);
        push(g, cased ? c : case_fold(c));
    }
}

void glob_set(struct glob *g, const struct pattern *pattern, bool cased, bool anywhere)
{
    g->n = 0;
    if (anywhere)
        push(g, ANY_RUN);
    for (size_t i = 0; i < pattern->n; i++) {
        switch (pattern->parts[i].kind) {
        case PART_TEXT:
            push_text(g, pattern->parts[i].text, cased);
            break;
        case PART_STAR:
            push(g, ANY_RUN);
            break;
        case PART_ONE:
            push(g, ANY_ONE);
            break;
        case PART_DASH:
            push(g, ANY_DASH);
            break;
        }
    }
    if (anywhere)
        push(g, ANY_RUN);
}

static bool one_matches(uint32_t wanted, uint32_t c)
{
    if (wanted == ANY_ONE)
        return true;
    if (wanted == ANY_DASH)
        return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
    return wanted == c;
}

/* Walks both rows; where they part, the last star takes one code point more. Giving an earlier star
 * more is never needed: the shortest run that lets the next piece match leaves most text for the
 * rest. */
bool glob_matches(const struct glob *g, struct points text)
{
    size_t i = 0, k = 0, star = SIZE_MAX, taken = 0;
    while (k < text.n) {
        if (i < g->n && g->v[i] == ANY_RUN) {
            star = i++;
            taken = k;
        } else if (i < g->n && one_matches(g->v[i], text.v[k])) {
            i++;
            k++;
        } else if (star != SIZE_MAX) {
            i = star + 1;
            k = ++taken;
        } else {
            return false;
        }
    }
    while (i < g->n && g->v[i] == ANY_RUN)
        i++;
    return i == g->n;
}
