#include <string.h>

#include "encode.h"
#include "modifier_work.h"
#include "number_text.h"
#include "place.h"
#include "vec.h"
#include "windash.h"

struct span work_place(const struct work *w, struct str needle)
{
    struct str text = w->node->text;
    const char *found =
        needle.len > 0 && text.len > 0 ? memmem(text.p, text.len, needle.p, needle.len) : NULL;
    if (!found)
        return w->node->at;
    struct place place = place_of(w->sink, w->node->at, text);
    return place_inside(&place, (size_t)(found - text.p), needle.len);
}

bool work_charge(struct work *w, size_t len)
{
    size_t cost = len + RULE_VARIANT_COST;
    if (cost <= *w->variants_left) {
        *w->variants_left -= cost;
        return true;
    }
    DIAG(w->sink, DIAG_too_many_variants, w->node->at, NO_HELP,
         str_format(w->arena, "%zu", RULE_VARIANTS_MAX));
    return false;
}

bool apply_affix(struct work *w, int affix)
{
    if (w->state == T_FIELDREF) {
        w->value->affix = (enum affix)affix;
        return true;
    }
    for (size_t i = 0; i < w->value->n; i++)
        w->value->patterns[i] = pattern_affix(w->arena, &w->value->patterns[i],
                                              affix != AFFIX_PREFIX, affix != AFFIX_SUFFIX);
    return true;
}

bool apply_cased(struct work *w, int unused)
{
    (void)unused;
    w->value->cased = true;
    return true;
}

bool apply_exists(struct work *w, int unused)
{
    (void)unused;
    if (w->node->kind != NODE_BOOL) {
        DIAG(w->sink, DIAG_exists_value, w->node->at, NO_HELP,
             str_of(node_kind_name(w->node->kind)));
        return false;
    }
    w->value->kind = VALUE_EXISTS;
    return true;
}

bool apply_windash(struct work *w, int unused)
{
    (void)unused;
    for (size_t i = 0; i < w->value->n; i++)
        w->value->patterns[i] = pattern_windash(w->arena, &w->value->patterns[i]);
    return true;
}

/* ---- encoders ---- */

struct text_list {
    struct str *v;
    size_t n, cap;
};

/* Every text that a pattern of texts and dashes stands for. */
static bool add_dash_variants(struct work *w, const struct pattern *p, struct text_list *list)
{
    unsigned *choice = ARENA_ARRAY(w->arena, p->n, unsigned);
    for (;;) {
        struct text text;
        text_init(&text, w->arena);
        for (size_t i = 0; i < p->n; i++) {
            if (p->parts[i].kind == PART_DASH)
                text_addz(&text, windash_texts[choice[i]]);
            else
                text_add(&text, p->parts[i].text);
        }
        if (list->n > 0 && !work_charge(w, text.len))
            return false;
        *VEC_PUSH(w->arena, list) = text_str(&text);
        size_t i = p->n; /* the last dash turns fastest */
        while (i > 0 && (p->parts[i - 1].kind != PART_DASH || ++choice[i - 1] == WINDASH_COUNT))
            choice[--i] = 0;
        if (i == 0)
            return true;
    }
}

/* The literal texts of all patterns, dashes written out. False after reporting a wildcard. */
static bool literal_texts(struct work *w, struct text_list *list)
{
    for (size_t i = 0; i < w->value->n; i++) {
        if (pattern_has_wildcard(&w->value->patterns[i])) {
            DIAG(w->sink, DIAG_encode_wildcard, w->node->at, NO_HELP, w->use->text);
            return false;
        }
        if (!add_dash_variants(w, &w->value->patterns[i], list))
            return false;
    }
    return true;
}

static void set_texts(struct work *w, const struct text_list *list)
{
    w->value->n = list->n;
    w->value->patterns = ARENA_ARRAY(w->arena, list->n, struct pattern);
    for (size_t i = 0; i < list->n; i++)
        w->value->patterns[i] = pattern_of_text(w->arena, list->v[i]);
}

bool apply_utf16(struct work *w, int form)
{
    struct text_list list = {0};
    if (!literal_texts(w, &list))
        return false;
    w->utf16 = true;
    w->utf16_raw = form == UTF16_BOM;
    for (size_t i = 0; i < list.n; i++) {
        w->utf16_raw = w->utf16_raw || !is_ascii(list.v[i]);
        list.v[i] = encode_utf16(w->arena, list.v[i], (enum utf16_form)form);
    }
    set_texts(w, &list);
    return true;
}

bool apply_base64(struct work *w, int unused)
{
    (void)unused;
    struct text_list list = {0};
    if (!literal_texts(w, &list))
        return false;
    w->utf16 = false;
    for (size_t i = 0; i < list.n; i++)
        list.v[i] = encode_base64(w->arena, list.v[i]);
    set_texts(w, &list);
    return true;
}

bool apply_base64offset(struct work *w, int unused)
{
    (void)unused;
    struct text_list list = {0}, encoded = {0};
    if (!literal_texts(w, &list))
        return false;
    w->utf16 = false;
    for (size_t i = 0; i < list.n; i++) {
        if (list.v[i].len < BASE64_OFFSET_MIN) {
            DIAG0(w->sink, DIAG_value_too_short, w->node->at, NO_HELP);
            return false;
        }
        for (unsigned offset = 0; offset < BASE64_OFFSETS; offset++) {
            if (offset > 0 && !work_charge(w, list.v[i].len * 4 / 3))
                return false;
            *VEC_PUSH(w->arena, &encoded) = encode_base64_offset(w->arena, list.v[i], offset);
        }
    }
    set_texts(w, &encoded);
    return true;
}

/* ---- regexes, networks, numbers, fields ---- */

bool apply_re(struct work *w, int unused)
{
    (void)unused;
    w->value->kind = VALUE_REGEX;
    w->value->patterns = NULL;
    w->value->n = 0;
    w->texts = ARENA_ARRAY(w->arena, 1, struct str);
    w->texts[0] = w->node->text; /* raw: Sigma's escapes mean nothing in a regex */
    w->n_texts = 1;
    return true;
}

bool apply_flag(struct work *w, int flag)
{
    w->flags.icase = w->flags.icase || flag == FLAG_I;
    w->flags.multiline = w->flags.multiline || flag == FLAG_M;
    w->flags.dotall = w->flags.dotall || flag == FLAG_S;
    return true;
}

bool apply_cidr(struct work *w, int unused)
{
    (void)unused;
    const char *why = "";
    w->value->kind = VALUE_CIDR;
    if (network_parse(w->node->text, &w->value->network, &why))
        return true;
    DIAG(w->sink, DIAG_invalid_cidr, w->node->at, NO_HELP, w->node->text, str_of(why));
    return false;
}

bool apply_compare(struct work *w, int compare)
{
    w->value->compare = (enum compare)compare;
    return true;
}

/* The bounds of each part of a time; a year has none. */
static const struct {
    const char *name;
    double lo, hi;
} time_ranges[] = {
    [TIME_MINUTE] = {"a minute", 0, 59},        [TIME_HOUR] = {"an hour", 0, 23},
    [TIME_DAY] = {"a day of the month", 1, 31}, [TIME_WEEK] = {"an ISO week", 1, 53},
    [TIME_MONTH] = {"a month", 1, 12},
};

bool apply_time(struct work *w, int time_part)
{
    w->value->kind = VALUE_TIME;
    w->value->time_part = (enum time_part)time_part;
    if (time_part == TIME_YEAR)
        return true;
    double number = w->node->real;
    if (number < time_ranges[time_part].lo || number > time_ranges[time_part].hi)
        DIAG(w->sink, DIAG_time_part_range, w->node->at, NO_HELP,
             str_of(time_ranges[time_part].name), w->node->text);
    return true;
}

bool apply_fieldref(struct work *w, int unused)
{
    (void)unused;
    struct str name;
    if (!pattern_literal(&w->value->patterns[0], &name)) {
        DIAG0(w->sink, DIAG_fieldref_wildcard, w->node->at, NO_HELP);
        return false;
    }
    w->value->kind = VALUE_FIELDREF;
    w->value->patterns = NULL;
    w->value->n = 0;
    w->value->other_field = name;
    return true;
}
