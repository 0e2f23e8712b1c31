#include "lint.h"

#include "arena.h"
#include "regex.h"
#include "suggest.h"

struct lint {
    struct arena *arena;
    struct diag_sink *sink;
    const struct rule *rule;
    struct names *told; /* unknown fields of this rule that were reported */
};

/* ---- fields ---- */

static const struct {
    const char *category, *name;
} known_fields[] = {
#define FIELD(category, name) {#category, name},
#include "fields.def"
#undef FIELD
};
enum { N_KNOWN_FIELDS = sizeof known_fields / sizeof *known_fields };

static bool category_known(struct str category)
{
    for (size_t i = 0; i < N_KNOWN_FIELDS; i++)
        if (str_eq_nocase(category, str_of(known_fields[i].category)))
            return true;
    return false;
}

/* True when some source of the rule's category has the field; else *ret_help may name the one that
 * is meant. */
static bool field_known(const struct lint *l, struct str field, struct str *ret_help)
{
    struct suggestion s = suggestion_for(field);
    *ret_help = NO_HELP;
    for (size_t i = 0; i < N_KNOWN_FIELDS; i++) {
        struct str name = str_of(known_fields[i].name);
        if (!str_eq_nocase(l->rule->logsource.category, str_of(known_fields[i].category)))
            continue;
        if (str_eq(name, field))
            return true;
        if (str_eq_nocase(name, field))
            *ret_help = str_format(l->arena, "did you mean '%s'? names are case-sensitive",
                                   known_fields[i].name);
        suggestion_offer(&s, name);
    }
    if (ret_help->len == 0)
        *ret_help = suggestion_help(l->arena, &s);
    return false;
}

/* A path with a dot is a name of the user's own events and not of the table's sources. */
static void lint_field(struct lint *l, struct str field, struct span at)
{
    struct str help;
    if (field.len == 0 || str_find(field, '.') < field.len || field_known(l, field, &help))
        return;
    uint32_t n = names_count(l->told);
    if (names_intern(l->told, field) < n)
        return;
    DIAG(l->sink, DIAG_unknown_field, at, help, field, l->rule->logsource.category);
}

static bool fields_are_known(const struct rule *rule)
{
    bool sigma = rule->taxonomy.len == 0 || str_eq_z(rule->taxonomy, "sigma");
    return sigma && category_known(rule->logsource.category);
}

/* ---- regexes ---- */

/* `.*`, with or without line breaks. */
static bool is_dot_star(const struct regex *re)
{
    if (re->kind != REGEX_REPEAT || re->min != 0 || re->max != REGEX_INF)
        return false;
    const struct regex *c = re->children[0];
    if (c->kind != REGEX_CLASS || c->negated || c->n_ranges == 0 || c->n_ranges > 2)
        return false;
    const struct regex_range *last = &c->ranges[c->n_ranges - 1];
    return c->ranges[0].lo == 0 && last->hi == 0x10FFFF &&
           (c->n_ranges == 1 || (c->ranges[0].hi == '\n' - 1 && last->lo == '\n' + 1));
}

/* A regex that is nothing but text, perhaps bound to an end. */
struct plain {
    struct str text;
    bool icase, start, end;
};

/* `$` is not taken for an end: it also matches before a final line feed, which endswith does not.
 * `.*` at a side that is not bound changes nothing. */
static bool regex_plain(struct arena *a, const struct regex *re, struct plain *ret)
{
    struct regex inner = {.kind = REGEX_CAT};
    struct regex *one[1];
    struct regex **children = re->children;
    size_t n = re->n_children;
    *ret = (struct plain){0};
    if (re->kind != REGEX_CAT) {
        one[0] = arena_alloc(a, sizeof *re);
        *one[0] = *re;
        children = one;
        n = 1;
    }
    if (n > 0 && children[0]->kind == REGEX_TEXT_START) {
        ret->start = true;
        children++, n--;
    } else if (n > 1 && is_dot_star(children[0])) {
        children++, n--;
    }
    if (n > 0 && children[n - 1]->kind == REGEX_VERY_END) {
        ret->end = true;
        n--;
    } else if (n > 1 && is_dot_star(children[n - 1])) {
        n--;
    }
    for (size_t i = 0; i < n; i++)
        if (children[i]->kind != REGEX_CHAR)
            return false;
    inner.children = children;
    inner.n_children = n;
    if (n == 0 || !regex_is_literal(a, &inner, &ret->text))
        return false;
    ret->icase = children[0]->icase;
    return true;
}

static bool has_letter(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)(s.p[i] | 0x20);
        if ((c >= 'a' && c <= 'z') || (s.p[i] & 0x80) != 0)
            return true;
    }
    return false;
}

/* The text as a Sigma value between single quotes; false when it cannot be written so. */
static bool add_value(struct text *out, struct str s)
{
    text_addz(out, "'");
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if ((unsigned char)c < 0x20)
            return false;
        if (c == '*' || c == '?' || c == '\\')
            text_addz(out, "\\");
        if (c == '\'')
            text_addz(out, "'");
        text_add(out, str_sub(s, i, 1));
    }
    text_addz(out, "'");
    return true;
}

/* What to write instead; empty where a text cannot show it, such as a line feed. */
static struct str plain_help(struct lint *l, const struct item *item, const struct plain *p)
{
    struct text t;
    text_init(&t, l->arena);
    text_addf(&t, "write %.*s%s%s: ", STR_ARG(item->field),
              p->start && p->end ? ""
              : p->start         ? "|startswith"
              : p->end           ? "|endswith"
                                 : "|contains",
              !p->icase && has_letter(p->text) ? "|cased" : "");
    return add_value(&t, p->text) ? text_str(&t) : NO_HELP;
}

/* Only where every value of the item is plain: one that is not keeps the item a regex. */
static void lint_regexes(struct lint *l, const struct item *item)
{
    struct plain first = {0}, p;
    for (size_t i = 0; i < item->n_values; i++) {
        const struct value *v = item->values[i];
        if (v->kind != VALUE_REGEX || v->n != 1 || !regex_plain(l->arena, v->regexes[0], &p))
            return;
        if (i > 0 && (p.start != first.start || p.end != first.end || p.icase != first.icase))
            return; /* values that need different modifiers would need several items */
        if (i == 0)
            first = p;
    }
    bool keyword = item->field.len == 0;
    if (item->n_values == 0 || (keyword && (first.start || first.end)))
        return;
    struct str help = keyword ? STR("a keyword without |re says the same, letter case aside")
                              : plain_help(l, item, &first);
    if (help.len > 0)
        DIAG(l->sink, DIAG_plain_regex, item->values[0]->at, help, first.text);
}

/* ---- conditions ---- */

static bool same_condition(const struct condition *a, const struct condition *b)
{
    if (a->kind != b->kind || a->n_children != b->n_children || a->n_selected != b->n_selected)
        return false;
    if (a->kind == COND_IDENTIFIER)
        return a->identifier == b->identifier;
    if (a->kind == COND_AT_LEAST && a->count != b->count)
        return false;
    for (size_t i = 0; i < a->n_selected; i++)
        if (a->selected[i] != b->selected[i])
            return false;
    for (size_t i = 0; i < a->n_children; i++)
        if (!same_condition(a->children[i], b->children[i]))
            return false;
    return true;
}

static void lint_condition(struct lint *l, const struct condition *c)
{
    const char *word = c->kind == COND_AND ? "and" : "or";
    for (size_t j = 0; j < c->n_children; j++) {
        lint_condition(l, c->children[j]);
        for (size_t i = 0; i < j; i++) {
            if (!same_condition(c->children[i], c->children[j]))
                continue;
            DIAG(l->sink, DIAG_same_operand, c->children[j]->at, NO_HELP, str_of(word));
            break;
        }
    }
}

/* ---- the rule ---- */

static void lint_detection(struct lint *l, const struct detection *d, bool fields)
{
    for (size_t i = 0; i < d->n_children; i++)
        lint_detection(l, d->children[i], fields);
    if (d->kind != DETECTION_ITEM)
        return;
    const struct item *item = d->item;
    lint_regexes(l, item);
    if (!fields)
        return;
    lint_field(l, item->field, item->field_at);
    for (size_t i = 0; i < item->n_values; i++)
        if (item->values[i]->kind == VALUE_FIELDREF)
            lint_field(l, item->values[i]->other_field, item->values[i]->at);
}

void lint_rule(struct arena *a, struct diag_sink *sink, const struct rule *rule)
{
    struct lint l = {.arena = a, .sink = sink, .rule = rule};
    bool fields = fields_are_known(rule), has_id = rule->id.len > 0;
    diag_rule(sink, has_id ? rule->id : rule->title, has_id);
    if (fields)
        l.told = names_new(a);
    for (size_t i = 0; i < rule->n_identifiers; i++)
        lint_detection(&l, rule->identifiers[i].detection, fields);
    for (size_t i = 0; i < rule->n_conditions; i++)
        lint_condition(&l, rule->conditions[i]);
    diag_rule(sink, (struct str){0}, false);
}
