/* Transformations of values, and values as the texts that regexes of pipelines see. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "number_text.h"
#include "passage.h"
#include "regex.h"
#include "vec.h"

/* ---- patterns as marked texts ---- */

void marked_of_pattern(struct arena *a, const struct item *item, const struct pattern *pattern,
                       struct marked *ret_text)
{
    size_t start = 0, end = pattern->n;
    bool keyword = item->field.len == 0;
    if (keyword && start < end && pattern->parts[start].kind == PART_STAR)
        start++;
    if (keyword && start < end && pattern->parts[end - 1].kind == PART_STAR)
        end--;
    marked_init(ret_text, a);
    for (size_t i = start; i < end; i++) {
        const struct part *part = &pattern->parts[i];
        switch (part->kind) {
        case PART_TEXT:
            marked_add(ret_text, part->text, MARK_TEXT);
            break;
        case PART_STAR:
            marked_add(ret_text, STR("*"), MARK_WILDCARD);
            break;
        case PART_ONE:
            marked_add(ret_text, STR("?"), MARK_WILDCARD);
            break;
        case PART_DASH:
            marked_add(ret_text, STR("-"), MARK_DASH);
            break;
        }
    }
}

struct pattern pattern_of_marked(struct arena *a, const struct item *item, const struct marked *m,
                                 size_t start, size_t end)
{
    VEC(struct pattern) list = {0};
    for (size_t i = start; i < end;) {
        char mark = m->marks.p[i];
        size_t from = i++;
        while (mark == MARK_TEXT && i < end && m->marks.p[i] == MARK_TEXT)
            i++;
        struct part *part = ARENA_NEW(a, struct part);
        part->kind = mark == MARK_TEXT        ? PART_TEXT
                     : mark == MARK_DASH      ? PART_DASH
                     : m->text.p[from] == '*' ? PART_STAR
                                              : PART_ONE;
        if (mark == MARK_TEXT)
            part->text = str_sub(text_str(&m->text), from, i - from);
        *VEC_PUSH(a, &list) = (struct pattern){part, 1};
    }
    struct pattern p = pattern_join(a, list.v, list.n);
    return item->field.len == 0 ? pattern_affix(a, &p, true, true) : p;
}

bool pattern_equal(const struct pattern *a, const struct pattern *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->parts[i].kind != b->parts[i].kind || !str_eq(a->parts[i].text, b->parts[i].text))
            return false;
    return true;
}

static void set_pattern(struct arena *a, struct value *v, struct pattern pattern)
{
    v->kind = VALUE_PATTERN;
    v->patterns = ARENA_ARRAY(a, 1, struct pattern);
    v->patterns[0] = pattern;
    v->n = 1;
}

struct value *value_of_node(struct arena *a, const struct node *node)
{
    struct value *v = ARENA_NEW(a, struct value);
    v->at = node->at;
    v->boolean = node->boolean;
    if (node->kind == NODE_STRING) {
        set_pattern(a, v, pattern_parse(a, node->text));
    } else if (node->kind == NODE_BOOL || node->kind == NODE_NULL) {
        v->kind = node->kind == NODE_BOOL ? VALUE_BOOL : VALUE_NULL;
    } else {
        v->kind = VALUE_NUMBER;
        v->number = number_of_node(node);
    }
    return v;
}

/* ---- letter case ---- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

struct str text_in_case(struct arena *a, struct str s, struct str how)
{
    struct text out;
    text_init(&out, a);
    bool snake = str_eq_z(how, "snake_case"), upper = str_eq_z(how, "upper");
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        bool word = snake && i > 0 && is_upper(c) &&
                    (is_lower(s.p[i - 1]) || (i + 1 < s.len && is_lower(s.p[i + 1])));
        if (word && s.p[i - 1] != '_')
            text_addz(&out, "_");
        c = upper && is_lower(c) ? (char)(c - 32) : !upper && is_upper(c) ? (char)(c + 32) : c;
        text_add(&out, (struct str){&c, 1});
    }
    return text_str(&out);
}

/* ---- the values of an item, one by one ---- */

struct pattern_list {
    struct pattern *v;
    size_t n, cap;
};

/* What becomes of one text; nothing added: it stays. False after reporting. */
typedef bool (*text_change)(struct passage *p, const struct step *s, const struct item *item,
                            const struct value *v, const struct pattern *pattern,
                            struct pattern_list *list);

/* A value that stands for its placeholders' values cannot be worked on before they are known. */
static bool settled(struct passage *p, const struct item *item)
{
    if (item->n_pending == 0)
        return true;
    return passage_fail(p, item->at, "the placeholder '%.*s' has no values yet",
                        STR_ARG(item->pending[0]));
}

static bool change_value(struct passage *p, const struct step *s, struct item *item, size_t at,
                         text_change change, bool *changed)
{
    const struct value *v = item->values[at];
    struct pattern_list all = {0};
    bool any = false;
    for (size_t i = 0; i < v->n; i++) {
        struct pattern_list list = {0};
        if (!change(p, s, item, v, &v->patterns[i], &list))
            return false;
        any = any || list.n > 0;
        for (size_t k = 0; k < list.n; k++)
            *VEC_PUSH(p->arena, &all) = list.v[k];
        if (list.n == 0)
            *VEC_PUSH(p->arena, &all) = v->patterns[i];
    }
    if (!any)
        return true;
    *changed = true;
    item->values[at] = ARENA_NEW(p->arena, struct value);
    *item->values[at] = *v;
    item->values[at]->patterns = all.v;
    item->values[at]->n = all.n;
    return true;
}

static bool change_texts(struct passage *p, const struct step *s, struct detection **at,
                         text_change change)
{
    struct tracked *t = tracked_of((*at)->item);
    bool changed = false;
    if (!settled(p, &t->item))
        return false;
    for (size_t i = 0; i < t->item.n_values; i++)
        if (t->item.values[i]->kind == VALUE_PATTERN &&
            !change_value(p, s, &t->item, i, change, &changed))
            return false;
    if (changed)
        mark_step(t->applied, s);
    return true;
}

/* ---- replace_string ---- */

static bool replace_whole(struct passage *p, const struct step *s, const struct value *v,
                          const struct marked *in, struct marked *ret_out)
{
    enum regex_answer answer =
        regex_text_replace(s->regex, s->replacement, in, p->variants_left, p->arena, ret_out);
    if (answer == REGEX_TEXT_BOUND)
        return passage_fail(p, v->at, "the replacement ran into a limit");
    return true;
}

/* skip_special: stretches of text alone, wildcards between them stay. */
static bool replace_stretches(struct passage *p, const struct step *s, const struct value *v,
                              const struct marked *in, struct marked *ret_out)
{
    marked_init(ret_out, p->arena);
    for (size_t i = 0; i < in->text.len;) {
        size_t from = i;
        bool text = in->marks.p[i] == MARK_TEXT;
        while (i < in->text.len && (in->marks.p[i] == MARK_TEXT) == text)
            i++;
        struct marked part = {{.p = in->text.p + from, .len = i - from},
                              {.p = in->marks.p + from, .len = i - from}};
        struct marked out = part;
        if (text && !replace_whole(p, s, v, &part, &out))
            return false;
        text_add(&ret_out->text, text_str(&out.text));
        text_add(&ret_out->marks, text_str(&out.marks));
    }
    return true;
}

static bool replace(struct passage *p, const struct step *s, const struct item *item,
                    const struct value *v, const struct pattern *pattern, struct pattern_list *list)
{
    struct marked in, out;
    marked_of_pattern(p->arena, item, pattern, &in);
    bool good = parameter_flag(s->node, "skip_special") ? replace_stretches(p, s, v, &in, &out)
                                                        : replace_whole(p, s, v, &in, &out);
    if (!good || !passage_charge(p, v->at, out.text.len))
        return false;
    struct pattern result = pattern_of_marked(p->arena, item, &out, 0, out.text.len);
    if (!pattern_equal(&result, pattern))
        *VEC_PUSH(p->arena, list) = result;
    return true;
}

static struct str number_as_text(struct arena *a, const struct number *n)
{
    struct text text;
    text_init(&text, a);
    number_print(&text, n);
    return text_str(&text);
}

/* Numbers become texts, as in pySigma; comparisons and the rest stay. */
static void numbers_to_texts(struct passage *p, struct tracked *t, const struct step *s,
                             bool booleans)
{
    for (size_t i = 0; i < t->item.n_values; i++) {
        const struct value *v = t->item.values[i];
        bool number = v->kind == VALUE_NUMBER && v->compare == COMPARE_EQ;
        if (!number && !(booleans && v->kind == VALUE_BOOL))
            continue;
        struct str text = number       ? number_as_text(p->arena, &v->number)
                          : v->boolean ? STR("true")
                                       : STR("false");
        struct value *other = ARENA_NEW(p->arena, struct value);
        *other = *v;
        set_pattern(p->arena, other, pattern_of_text(p->arena, text));
        t->item.values[i] = other;
        mark_step(t->applied, s);
    }
}

bool apply_replace_string(struct passage *p, const struct step *s, struct detection **at)
{
    numbers_to_texts(p, tracked_of((*at)->item), s, false);
    return change_texts(p, s, at, replace);
}

/* ---- map_string ---- */

static bool map_text(struct passage *p, const struct step *s, const struct item *item,
                     const struct value *v, const struct pattern *pattern,
                     struct pattern_list *list)
{
    struct marked m;
    marked_of_pattern(p->arena, item, pattern, &m);
    uint32_t id = names_find(s->names, text_str(&m.text));
    const struct node *target = id == UINT32_MAX ? NULL : s->targets[id];
    if (!target)
        return true;
    bool several = target->kind == NODE_LIST;
    if (several && target->n == 0)
        return passage_fail(p, v->at, "'%.*s' is mapped to an empty list",
                            STR_ARG(text_str(&m.text)));
    for (size_t i = 0; i < (several ? target->n : 1); i++) {
        struct str text = several ? target->items[i]->text : target->text;
        if (!passage_charge(p, v->at, text.len))
            return false;
        struct pattern result = pattern_parse(p->arena, text);
        *VEC_PUSH(p->arena, list) =
            item->field.len == 0 ? pattern_affix(p->arena, &result, true, true) : result;
    }
    return true;
}

bool apply_map_string(struct passage *p, const struct step *s, struct detection **at)
{
    return change_texts(p, s, at, map_text);
}

/* ---- case ---- */

static bool change_case(struct passage *p, const struct step *s, const struct item *item,
                        const struct value *v, const struct pattern *pattern,
                        struct pattern_list *list)
{
    struct pattern out = {ARENA_ARRAY(p->arena, pattern->n, struct part), pattern->n};
    (void)item;
    for (size_t i = 0; i < pattern->n; i++) {
        struct str text = pattern->parts[i].text;
        out.parts[i] = pattern->parts[i];
        for (size_t k = 0; k < text.len; k++)
            if (v->cased && (unsigned char)text.p[k] >= 0x80)
                return passage_fail(p, v->at, "only the letter case of ASCII is known here");
        if (text.len > 0)
            out.parts[i].text = text_in_case(p->arena, text, parameter_text(s->node, "method"));
    }
    if (!pattern_equal(&out, pattern))
        *VEC_PUSH(p->arena, list) = out;
    return true;
}

bool apply_case(struct passage *p, const struct step *s, struct detection **at)
{
    return change_texts(p, s, at, change_case);
}

/* ---- regex ---- */

static struct str regex_of_pattern(struct arena *a, const struct item *item,
                                   const struct pattern *pattern)
{
    struct marked m;
    struct text out;
    marked_of_pattern(a, item, pattern, &m);
    text_init(&out, a);
    for (size_t i = 0; i < m.text.len; i++) {
        char c = m.text.p[i];
        if (m.marks.p[i] == MARK_WILDCARD)
            text_addz(&out, c == '*' ? ".*" : ".");
        else if (m.marks.p[i] == MARK_DASH)
            text_addz(&out, "[-/\u2013\u2014\u2015]");
        else if (c != '\0' && strchr("\\^$.[]|()?*+{}", c))
            text_addf(&out, "\\%c", c);
        else
            text_add(&out, (struct str){&c, 1});
    }
    return text_str(&out);
}

static bool value_to_regex(struct passage *p, const struct step *s, struct item *item, size_t at)
{
    const struct value *v = item->values[at];
    struct regex_flags flags = {.icase = !str_eq_z(parameter_text(s->node, "method"), "plain") &&
                                         !v->cased};
    struct value *other = ARENA_NEW(p->arena, struct value);
    *other = *v;
    other->kind = VALUE_REGEX;
    other->cased = false;
    other->regexes = ARENA_ARRAY(p->arena, v->n, struct regex *);
    for (size_t i = 0; i < v->n; i++) {
        struct regex_error error = {0};
        struct str text = regex_of_pattern(p->arena, item, &v->patterns[i]);
        if (text.len == 0)
            return true; /* the empty text stays: as a regex it would match everything */
        other->regexes[i] = regex_parse(p->arena, text, flags, &error);
        if (!other->regexes[i])
            return passage_fail(p, v->at, "as a regex: %s", error.what);
    }
    item->values[at] = other;
    return true;
}

bool apply_regex(struct passage *p, const struct step *s, struct detection **at)
{
    struct tracked *t = tracked_of((*at)->item);
    if (!settled(p, &t->item))
        return false;
    for (size_t i = 0; i < t->item.n_values; i++) {
        if (t->item.values[i]->kind != VALUE_PATTERN)
            continue;
        mark_step(t->applied, s);
        if (!value_to_regex(p, s, &t->item, i))
            return false;
    }
    return true;
}

/* ---- set_value, convert_type ---- */

bool apply_set_value(struct passage *p, const struct step *s, struct detection **at)
{
    struct tracked *t = tracked_of((*at)->item);
    struct value *v = ARENA_NEW(p->arena, struct value);
    *v = *s->value;
    if (t->item.field.len == 0 && (v->kind == VALUE_BOOL || v->kind == VALUE_NULL))
        return passage_fail(p, t->item.at, "a keyword cannot be null or a boolean");
    if (t->item.field.len == 0 && v->kind == VALUE_NUMBER)
        set_pattern(p->arena, v, pattern_of_text(p->arena, number_as_text(p->arena, &v->number)));
    if (t->item.field.len == 0)
        v->patterns[0] = pattern_affix(p->arena, &v->patterns[0], true, true);
    t->item.values = ARENA_ARRAY(p->arena, 1, struct value *);
    t->item.values[0] = v;
    t->item.n_values = 1;
    t->item.n_pending = 0; /* what waited is gone */
    mark_step(t->applied, s);
    return true;
}

/* digits, with a sign, a fraction and an exponent; nothing round them. */
static bool parse_number(struct arena *a, struct str s, struct number *ret_number)
{
    struct node node = {.kind = NODE_FLOAT, .text = s};
    const char *z = arena_copy(a, s.p, s.len);
    char *end;
    if (s.len == 0 || strspn(z, "0123456789.eE+-") != s.len)
        return false;
    node.real = strtod(z, &end);
    if (*end != '\0' || !isfinite(node.real))
        return false;
    if (strcspn(z, ".eE") == s.len) {
        bool negative = *z == '-';
        node.kind = NODE_INT;
        node.integer = strtoll(z, NULL, 10);
        node.uinteger = negative ? 0 : strtoull(z, NULL, 10);
        if (!negative && node.uinteger > INT64_MAX)
            node.kind = NODE_UINT;
    }
    *ret_number = number_of_node(&node);
    return true;
}

static bool text_to_number(struct passage *p, struct item *item, size_t at)
{
    const struct value *v = item->values[at];
    struct str text = {0};
    struct value *other = ARENA_NEW(p->arena, struct value);
    *other = *v;
    other->kind = VALUE_NUMBER;
    other->compare = COMPARE_EQ;
    other->cased = false;
    if (v->n != 1 || !pattern_literal(&v->patterns[0], &text) ||
        !parse_number(p->arena, text, &other->number))
        return passage_fail(p, v->at, "'%.*s' is no number", STR_ARG(text));
    item->values[at] = other;
    return true;
}

bool apply_convert_type(struct passage *p, const struct step *s, struct detection **at)
{
    struct tracked *t = tracked_of((*at)->item);
    if (!settled(p, &t->item))
        return false;
    if (str_eq_z(parameter_text(s->node, "target_type"), "str")) {
        numbers_to_texts(p, t, s, true);
        return true;
    }
    for (size_t i = 0; t->item.field.len > 0 && i < t->item.n_values; i++) {
        if (t->item.values[i]->kind != VALUE_PATTERN)
            continue;
        mark_step(t->applied, s);
        if (!text_to_number(p, &t->item, i))
            return false;
    }
    return true;
}
