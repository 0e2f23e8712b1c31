#include "suggest.h"

#include "arena.h"

struct suggestion suggestion_for(struct str wanted)
{
    return (struct suggestion){.wanted = wanted, .distance = SUGGEST_DISTANCE + 1};
}

/* What two names share at both ends costs no edits; without it most pairs are short. */
static unsigned distance_between(struct str a, struct str b)
{
    while (a.len > 0 && b.len > 0 && a.p[0] == b.p[0]) {
        a = str_sub(a, 1, a.len);
        b = str_sub(b, 1, b.len);
    }
    while (a.len > 0 && b.len > 0 && a.p[a.len - 1] == b.p[b.len - 1]) {
        a.len--;
        b.len--;
    }
    return str_distance(a, b, SUGGEST_DISTANCE);
}

void suggestion_offer(struct suggestion *s, struct str name)
{
    unsigned distance = str_eq_nocase(s->wanted, name) ? 0 : distance_between(s->wanted, name);
    /* Short words are near to everything: at least half of the name must stay as it is. */
    if (distance < s->distance && distance * 2 <= name.len) {
        s->distance = distance;
        s->nearest = name;
    }
}

struct str suggestion_help(struct arena *a, const struct suggestion *s)
{
    if (s->distance > SUGGEST_DISTANCE)
        return (struct str){NULL, 0};
    return str_format(a, "did you mean '%.*s'?", STR_ARG(s->nearest));
}
