/* How large PCRE2's code for a regex's normal form can become.
 *
 * Debian builds PCRE2 with two-byte links: code above 64 KiB does not compile, and a counted group
 * is written out as often as it is counted, so a short regex can be too large. The bound is counted
 * generously from PCRE2 10.42's operations, callouts included; a test holds it against PCRE2's own
 * sizes. */
#include "ir.h"
#include "regex_set.h"
#include "rule.h"

/* An item's automatic callout. */
#define CALLOUT 6u
/* Opening, closing and repeating a group, or one assertion. */
#define GROUP 24u

static uint64_t single_size(struct arena *a, const struct regex *re)
{
    struct ranges r = ranges_of(a, re);
    if (r.list.n == 1 && r.list.v[0].lo == r.list.v[0].hi)
        return 6 + CALLOUT;
    return 44 + 10 * ((uint64_t)r.list.n + 1) +
           CALLOUT; /* printed negated it may have one range more */
}

static uint64_t clip(uint64_t size)
{
    return size < IR_REGEX_SIZE_MAX ? size : IR_REGEX_SIZE_MAX + 1;
}

static uint64_t size_of(struct arena *a, const struct regex *re);

static uint64_t repeat_size(struct arena *a, const struct regex *re)
{
    const struct regex *child = re->children[0];
    uint64_t size = size_of(a, child);
    if (child->kind == REGEX_CHAR || child->kind == REGEX_CLASS)
        return 2 * size + 16; /* exactly min, then up to max */
    uint64_t copies = re->max == REGEX_INF ? re->min : re->max;
    return clip((size + 2 * GROUP) * (copies > 0 ? copies : 1));
}

static uint64_t size_of(struct arena *a, const struct regex *re)
{
    uint64_t size = re->kind == REGEX_ALT ? GROUP : 0;
    switch (re->kind) {
    case REGEX_EMPTY:
        return 0;
    case REGEX_CHAR:
    case REGEX_CLASS:
        return single_size(a, re);
    case REGEX_REPEAT:
        return repeat_size(a, re);
    case REGEX_CAT:
    case REGEX_ALT:
        for (size_t i = 0; i < re->n_children; i++)
            size = clip(size + size_of(a, re->children[i]) + (re->kind == REGEX_ALT ? GROUP : 0));
        return size;
    default:
        return 2 * GROUP;
    }
}

/* A character is a byte at least. */
uint32_t ir_regex_least(const struct regex *re)
{
    uint64_t least = re->kind == REGEX_CHAR || re->kind == REGEX_CLASS;
    for (size_t i = 0; i < re->n_children; i++) {
        const uint64_t child = ir_regex_least(re->children[i]);
        if (re->kind == REGEX_ALT)
            least = i == 0 || child < least ? child : least;
        else
            least += re->kind == REGEX_REPEAT ? child * re->min : child;
    }
    return least < IR_REGEX_LEAST_MAX ? (uint32_t)least : IR_REGEX_LEAST_MAX;
}

bool ir_regex_fits(struct arena *a, const struct regex *re)
{
    return size_of(a, re) <= IR_REGEX_SIZE_MAX;
}

static bool item_fits(struct arena *a, struct diag_sink *sink, const struct item *item)
{
    bool fits = true;
    for (size_t i = 0; i < item->n_values; i++) {
        const struct value *v = item->values[i];
        for (size_t k = 0; v->kind == VALUE_REGEX && k < v->n; k++) {
            if (ir_regex_fits(a, v->regexes[k]))
                continue;
            DIAG(sink, DIAG_invalid_regex, v->at,
                 STR("counted groups are written out as often as they are counted"),
                 STR("the pattern is too large once it is compiled"));
            fits = false;
        }
    }
    return fits;
}

/* Recursion is bounded by DETECTION_DEPTH_MAX. */
static bool detection_fits(struct arena *a, struct diag_sink *sink, const struct detection *d)
{
    if (d->kind == DETECTION_ITEM)
        return item_fits(a, sink, d->item);
    bool fits = true;
    for (size_t i = 0; i < d->n_children; i++)
        fits &= detection_fits(a, sink, d->children[i]);
    return fits;
}

bool ir_regexes_fit(struct arena *a, struct diag_sink *sink, const struct rule *rule)
{
    bool fits = true;
    for (size_t i = 0; i < rule->n_identifiers; i++)
        fits &= detection_fits(a, sink, rule->identifiers[i].detection);
    return fits;
}
