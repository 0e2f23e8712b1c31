#include "header.h"

#include <string.h>

#include "arena.h"

/* Names given so far. */
struct givens {
    struct names *names;
    struct arena *arena;
};

/* Letters and digits stay, runs of others become one underscore; at most 64 characters. */
static struct str identifier(struct arena *a, const char *prefix, struct str s)
{
    struct text t;
    size_t start = strlen(prefix);
    text_init(&t, a);
    text_addz(&t, prefix);
    for (size_t i = 0; i < s.len && t.len < start + 64; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (word)
            text_add(&t, (struct str){&c, 1});
        else if (t.len > start && t.p[t.len - 1] != '_')
            text_addz(&t, "_");
    }
    while (t.len > start && t.p[t.len - 1] == '_')
        t.len--;
    if (t.len == start)
        text_addz(&t, "unnamed");
    return text_str(&t);
}

static bool take(struct givens *g, struct str name)
{
    if (names_find(g->names, name) != UINT32_MAX)
        return false;
    names_intern(g->names, name);
    return true;
}

/* The name, or the name and a number where it is taken. */
static struct str unique(struct givens *g, struct str name)
{
    struct str given = name;
    for (unsigned n = 2; !take(g, given); n++)
        given = str_format(g->arena, "%.*s_%u", STR_ARG(name), n);
    return given;
}

/* What a comment may hold: a line of plain ASCII that does not end the comment. */
static void comment(struct text *out, struct str s)
{
    text_addz(out, " /* ");
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool ends = c == '/' && i > 0 && s.p[i - 1] == '*';
        bool begins = c == '*' && i > 0 && s.p[i - 1] == '/';
        char shown = c < 0x20 || c > 0x7e || ends || begins ? '?' : (char)c;
        text_add(out, (struct str){&shown, 1});
    }
    text_addz(out, " */\n");
}

static void slots(struct text *out, const struct plan *plan, struct givens *g)
{
    text_addz(out, "/* slots[SLOT__COUNT] of an event, by field. */\nenum sigmaton_pack_slot {\n");
    for (uint32_t i = 0; i < plan->n_slots; i++) {
        struct str field = plan->slots[i].name;
        bool keywords = (plan->slots[i].flags & SIGMATON_SLOT_KEYWORDS) != 0;
        struct str name = identifier(g->arena, "SLOT_", keywords ? STR("keywords") : field);
        name = unique(g, name);
        text_addf(out, "    %.*s = %u,", STR_ARG(name), i);
        comment(out, keywords ? STR("every value of the event") : field);
    }
    text_addf(out, "    SLOT__COUNT = %u\n};\n\n", plan->n_slots);
}

static void rules(struct text *out, const struct plan *plan, struct givens *g)
{
    text_addz(out, "/* Bits of verdict.hits, by title. */\nenum sigmaton_pack_rule {\n");
    for (uint32_t i = 0; i < plan->ir->n_rules; i++) {
        const struct rule *rule = plan->ir->rules[i].rule;
        struct str title = rule ? rule->title : plan->ir->rules[i].label;
        struct str name = identifier(g->arena, "RULE_", title);
        name = unique(g, name);
        text_addf(out, "    %.*s = %u,", STR_ARG(name), i);
        comment(out, rule && rule->id.len > 0 ? rule->id : title);
    }
    text_addf(out, "    RULE__COUNT = %u\n};\n\n", plan->ir->n_rules);
}

void header_print(struct text *out, const struct plan *plan)
{
    struct givens g = {.names = names_new(plan->arena), .arena = plan->arena};
    take(&g, STR("SLOT__COUNT"));
    take(&g, STR("RULE__COUNT"));
    text_addz(out, "/* Written by sigmaton " SIGMATON_VERSION
                   ": slots and rules of one pack. Belongs to the pack of\n"
                   " * the same build and to no other. */\n"
                   "#ifndef SIGMATON_BUILT_PACK_H\n#define SIGMATON_BUILT_PACK_H\n\n"
                   "#include <sigmaton/pack.h>\n\n");
    slots(out, plan, &g);
    rules(out, plan, &g);
    text_addz(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
                   "/* The pack itself, where it is linked in (build --emit obj or archive). */\n"
                   "extern const struct sigmaton_pack " SIGMATON_PACK_SYMBOL ";\n"
                   "#ifdef __cplusplus\n}\n#endif\n#endif\n");
}
