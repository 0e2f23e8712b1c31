#include "reference.h"

#include "arena.h"
#include "rule_reader.h"
#include "suggest.h"

struct chain {
    struct rule_link *first, *last;
};

struct rule_index {
    struct arena *arena;
    struct names *ids, *names;
    struct chain *by_id, *by_name; /* id of the text -> its rules */
};

struct str id_key(struct arena *a, struct str id)
{
    char *copy = arena_copy(a, id.p, id.len);
    for (size_t i = 0; i < id.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] - 'A' + 'a');
    return (struct str){copy, id.len};
}

static void append(struct arena *a, struct chain *chain, size_t rule)
{
    struct rule_link *link = ARENA_NEW(a, struct rule_link);
    link->rule = rule;
    if (chain->last)
        chain->last->next = link;
    else
        chain->first = link;
    chain->last = link;
}

struct rule_index *rule_index_new(struct arena *a, struct rule *const *rules, size_t n)
{
    struct rule_index *index = ARENA_NEW(a, struct rule_index);
    index->arena = a;
    index->ids = names_new(a);
    index->names = names_new(a);
    index->by_id = ARENA_ARRAY(a, n + 1, struct chain); /* 0 is the empty text */
    index->by_name = ARENA_ARRAY(a, n + 1, struct chain);
    for (size_t i = 0; i < n; i++) {
        if (rules[i]->id.len > 0)
            append(a, &index->by_id[names_intern(index->ids, id_key(a, rules[i]->id))], i);
        if (rules[i]->name.len > 0)
            append(a, &index->by_name[names_intern(index->names, rules[i]->name)], i);
    }
    return index;
}

const struct rule_link *rule_index_find(const struct rule_index *index, struct str text)
{
    bool is_id = uuid_valid(text);
    uint32_t found =
        is_id ? names_find(index->ids, id_key(index->arena, text)) : names_find(index->names, text);
    if (found == UINT32_MAX)
        return NULL;
    return is_id ? index->by_id[found].first : index->by_name[found].first;
}

struct str rule_index_help(const struct rule_index *index, struct str text)
{
    struct suggestion suggestion = suggestion_for(text);
    for (uint32_t i = 1; i < names_count(index->names); i++)
        suggestion_offer(&suggestion, names_text(index->names, i));
    return suggestion_help(index->arena, &suggestion);
}
