#include "suggest.h"

#include "arena.h"

struct suggestion suggestion_for(struct str wanted)
{
    return (struct suggestion){.wanted = wanted, .distance = SUGGEST_DISTANCE + 1};
}

void suggestion_offer(struct suggestion *s, struct str name)
{
    unsigned distance =
        str_eq_nocase(s->wanted, name) ? 0 : str_distance(s->wanted, name, SUGGEST_DISTANCE);
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
