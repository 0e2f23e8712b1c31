/* Placeholders: `%name%` in a string or regex becomes each of the name's values (SEMANTICS section
 * 7). `\%` is a literal percent sign, in a string; a lone one is literal too. */
#include <string.h>

#include "modifier_work.h"
#include "number_text.h"
#include "suggest.h"
#include "vec.h"

/* A stretch of the value with all that it may become: one pattern for text and wildcards, several
 * for a placeholder. */
struct stretch {
    struct pattern *choices;
    size_t n;
    size_t chosen;
};

struct expansion {
    struct work *work;
    bool regex;
    bool faulty;
    struct text text; /* literal text that is not a stretch yet */
    VEC(struct stretch) stretches;
};

static void add_stretch(struct expansion *e, struct pattern *choices, size_t n)
{
    *VEC_PUSH(e->work->arena, &e->stretches) = (struct stretch){choices, n, 0};
}

static void add_pattern(struct expansion *e, struct pattern p)
{
    struct pattern *choice = ARENA_NEW(e->work->arena, struct pattern);
    *choice = p;
    add_stretch(e, choice, 1);
}

static void flush(struct expansion *e)
{
    if (e->text.len > 0)
        add_pattern(e, pattern_of_text(e->work->arena, text_str(&e->text)));
    text_init(&e->text, e->work->arena);
}

/* The values of a placeholder: a scalar or a list. */
static const struct node *find_placeholder(const struct node *map, struct str name)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->pairs[i].key->text, name))
            return map->pairs[i].value;
    return NULL;
}

static void report_unresolved(struct expansion *e, struct str name, struct str help)
{
    struct work *w = e->work;
    struct str written = str_format(w->arena, "%%%.*s%%", STR_ARG(name));
    struct suggestion suggestion = suggestion_for(name);
    if (help.len == 0 && w->placeholders && w->placeholders->kind == NODE_MAP) {
        for (size_t i = 0; i < w->placeholders->n; i++)
            suggestion_offer(&suggestion, w->placeholders->pairs[i].key->text);
        help = suggestion_help(w->arena, &suggestion);
    }
    DIAG(w->sink, DIAG_unresolved_placeholder, work_place(w, written), help, name);
    e->faulty = true;
}

static bool value_text(struct expansion *e, const struct node *node, struct str *ret_text)
{
    if (node->kind == NODE_STRING) {
        *ret_text = node->text;
        return true;
    }
    if ((node->kind != NODE_INT && node->kind != NODE_UINT && node->kind != NODE_FLOAT) ||
        node->is_special)
        return false;
    struct text text;
    text_init(&text, e->work->arena);
    struct number number = number_of_node(node);
    number_print(&text, &number);
    *ret_text = text_str(&text);
    return true;
}

/* Until its values are known a placeholder stands in the value as it was written. */
static void add_pending(struct expansion *e, struct str name)
{
    struct pending *pending = e->work->pending;
    text_addf(&e->text, "%%%.*s%%", STR_ARG(name));
    for (size_t i = 0; i < pending->n; i++)
        if (str_eq(pending->v[i], name))
            return;
    *VEC_PUSH(e->work->arena, pending) = name;
}

static void add_placeholder(struct expansion *e, struct str name)
{
    struct arena *a = e->work->arena;
    const struct node *values = find_placeholder(e->work->placeholders, name);
    if (!values && e->work->pending) {
        add_pending(e, name);
        return;
    }
    if (values && values->kind == NODE_NULL && e->work->again) {
        flush(e);
        add_pattern(e, e->regex ? pattern_of_text(a, STR(".*")) : pattern_parse(a, STR("*")));
        return;
    }
    if (!values || (values->kind == NODE_LIST && values->n == 0)) {
        report_unresolved(e, name, NO_HELP);
        return;
    }
    bool list = values->kind == NODE_LIST;
    size_t n = list ? values->n : 1;
    struct pattern *choices = ARENA_ARRAY(a, n, struct pattern);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = list ? values->items[i] : values;
        struct str text;
        if (!value_text(e, node, &text)) {
            report_unresolved(e, name,
                              str_format(a, "one of its values is %s, not a text or number",
                                         node_kind_name(node->kind)));
            return;
        }
        choices[i] = e->regex ? pattern_of_text(a, text) : pattern_parse(a, text);
    }
    flush(e);
    add_stretch(e, choices, n);
}

/* A name between the percent sign at s.p[i] and the next; false when there is none. */
static bool at_placeholder(struct str s, size_t i, struct str *ret_name)
{
    struct str rest = str_sub(s, i + 1, s.len);
    size_t len = str_find(rest, '%');
    if (len == 0 || len == rest.len || rest.p[len - 1] == '\\')
        return false;
    *ret_name = str_sub(rest, 0, len);
    return true;
}

static void read_text(struct expansion *e, struct str s)
{
    struct str name;
    for (size_t i = 0; i < s.len; i++) {
        char next = i + 1 < s.len ? s.p[i + 1] : '\0';
        if (s.p[i] == '\\' && e->regex && i + 1 < s.len) {
            text_add(&e->text, str_sub(s, i++, 2)); /* an escape of the regex, whatever it means */
        } else if (s.p[i] == '\\' && next == '%') {
            text_add(&e->text, str_sub(s, ++i, 1));
        } else if (s.p[i] == '%' && at_placeholder(s, i, &name)) {
            add_placeholder(e, name);
            i += name.len + 1;
        } else {
            text_add(&e->text, str_sub(s, i, 1));
        }
    }
    flush(e);
}

static size_t pattern_cost(const struct pattern *p)
{
    size_t len = 0;
    for (size_t i = 0; i < p->n; i++)
        len += p->parts[i].text.len;
    return len;
}

struct pattern_list {
    struct pattern *v;
    size_t n, cap;
};

/* Every combination of choices, the last stretch turning fastest. */
static bool combine(struct expansion *e, struct pattern_list *list)
{
    struct arena *a = e->work->arena;
    struct pattern *row = ARENA_ARRAY(a, e->stretches.n, struct pattern);
    for (;;) {
        for (size_t i = 0; i < e->stretches.n; i++)
            row[i] = e->stretches.v[i].choices[e->stretches.v[i].chosen];
        struct pattern joined = pattern_join(a, row, e->stretches.n);
        if (list->n > 0 && !work_charge(e->work, pattern_cost(&joined) + 8 * e->stretches.n))
            return false;
        *VEC_PUSH(a, list) = joined;
        size_t i = e->stretches.n;
        while (i > 0 && ++e->stretches.v[i - 1].chosen == e->stretches.v[i - 1].n)
            e->stretches.v[--i].chosen = 0;
        if (i == 0)
            return true;
    }
}

static bool expand_pattern(struct work *w, bool regex, const struct pattern *p,
                           struct pattern_list *list)
{
    struct expansion e = {.work = w, .regex = regex};
    text_init(&e.text, w->arena);
    for (size_t i = 0; i < p->n; i++) {
        if (p->parts[i].kind == PART_TEXT)
            read_text(&e, p->parts[i].text);
        else
            add_pattern(&e, (struct pattern){&p->parts[i], 1});
    }
    return !e.faulty && combine(&e, list);
}

bool apply_expand(struct work *w, int unused)
{
    (void)unused;
    struct pattern_list list = {0};
    if (w->state == T_STRING) {
        for (size_t i = 0; i < w->value->n; i++)
            if (!expand_pattern(w, false, &w->value->patterns[i], &list))
                return false;
        w->value->patterns = list.v;
        w->value->n = list.n;
        return true;
    }
    for (size_t i = 0; i < w->n_texts; i++) {
        struct pattern p = pattern_of_text(w->arena, w->texts[i]);
        if (!expand_pattern(w, true, &p, &list))
            return false;
    }
    w->texts = ARENA_ARRAY(w->arena, list.n, struct str);
    w->n_texts = list.n;
    for (size_t i = 0; i < list.n; i++)
        pattern_literal(&list.v[i], &w->texts[i]);
    return true;
}
