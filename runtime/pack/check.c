#include "check.h"

#include <string.h>

#include "cpu.h"
#include "dfa.h"
#include "slot_names.h"
#include "utf8.h"

/* The first phrase stays; everything else only answers true or false. */
struct check {
    const struct sigmaton_pack *pack;
    const char *why;
};

static bool refuse(struct check *c, const char *why)
{
    if (c->why == NULL)
        c->why = why;
    return false;
}

static const void *at(const struct check *c, struct sigmaton_ref ref)
{
    return srt_pack_at(c->pack, ref);
}

static bool inside(const struct check *c, struct sigmaton_ref ref, uint64_t element_size)
{
    return ref.off + ref.len * element_size <= c->pack->image_size;
}

static bool table(struct check *c, struct sigmaton_ref ref, size_t element_size, const char *why)
{
    return ref.off % 8 == 0 && inside(c, ref, element_size) ? true : refuse(c, why);
}

static bool is_ascii_word(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return (word & UINT64_C(0x8080808080808080)) == 0;
}

/* Most texts are, and a pack has tens of thousands. The last word may overlap the one before. */
static bool is_ascii(const uint8_t *p, size_t len)
{
    size_t i = 0;
    if (len < 8)
        return false;
    while (i + 8 < len && is_ascii_word(p + i))
        i += 8;
    return i + 8 >= len && is_ascii_word(p + len - 8);
}

static bool is_utf8(const uint8_t *p, size_t len)
{
    const uint8_t *end = p + len;
    if (is_ascii(p, len))
        return true;
    while (p < end) {
        if (end - p >= 8 && is_ascii_word(p)) {
            p += 8;
            continue;
        }
        uint8_t first = *p;
        const uint8_t *start = p;
        (void)srt_utf8_next(&p, end);
        if (first >= 0x80 && p - start == 1) /* a byte that stands for itself: malformed */
            return false;
    }
    return true;
}

static bool text(struct check *c, struct sigmaton_ref ref)
{
    if (!inside(c, ref, 1))
        return refuse(c, "a text lies outside the pack");
    return is_utf8(at(c, ref), ref.len) ? true : refuse(c, "a text is not UTF-8");
}

static bool slot_number(struct check *c, uint32_t slot)
{
    return slot < c->pack->slots.len ? true : refuse(c, "a slot number is out of range");
}

static bool numbers_below(struct check *c, struct sigmaton_ref ref, uint32_t limit, const char *why)
{
    if (!table(c, ref, sizeof(uint32_t), why))
        return false;
    const uint32_t *v = at(c, ref);
    for (uint32_t i = 0; i < ref.len; i++)
        if (v[i] >= limit)
            return refuse(c, why);
    return true;
}

static bool same(struct sigmaton_ref x, struct sigmaton_ref y)
{
    return x.off == y.off && x.len == y.len;
}

/* before: a rule that passed, or NULL. What it has too is looked at once. */
static bool source(struct check *c, const struct sigmaton_rule *r,
                   const struct sigmaton_rule *before)
{
    if (before != NULL && same(r->product, before->product) &&
        same(r->category, before->category) && same(r->service, before->service))
        return true;
    return text(c, r->product) && text(c, r->category) && text(c, r->service);
}

static bool rule(struct check *c, const struct sigmaton_rule *r, const struct sigmaton_rule *before)
{
    if (!text(c, r->id) || !text(c, r->title) || !text(c, r->file) || !source(c, r, before))
        return false;
    if (r->level > SIGMATON_LEVEL_CRITICAL)
        return refuse(c, "a rule has an unknown level");
    if (!table(c, r->tags, sizeof(struct sigmaton_ref), "a rule's tags lie outside the pack"))
        return false;
    const struct sigmaton_ref *tags = at(c, r->tags);
    for (uint32_t i = 0; i < r->tags.len; i++)
        if (!text(c, tags[i]))
            return false;
    return numbers_below(c, r->slots, c->pack->slots.len, "a rule's slots are out of range");
}

static bool rules(struct check *c)
{
    struct sigmaton_ref ref = c->pack->rules;
    if (!table(c, ref, sizeof(struct sigmaton_rule), "the rule table lies outside the pack"))
        return false;
    const struct sigmaton_rule *v = at(c, ref);
    for (uint32_t i = 0; i < ref.len; i++)
        if (!rule(c, &v[i], i > 0 ? &v[i - 1] : NULL))
            return false;
    return true;
}

static bool slots(struct check *c)
{
    struct sigmaton_ref ref = c->pack->slots;
    if (!table(c, ref, sizeof(struct sigmaton_slot_info), "the slot table lies outside the pack"))
        return false;
    const struct sigmaton_slot_info *v = at(c, ref);
    bool has_keywords = false;
    for (uint32_t i = 0; i < ref.len; i++) {
        bool is_keywords = (v[i].flags & SIGMATON_SLOT_KEYWORDS) != 0;
        if (!text(c, v[i].name))
            return false;
        if ((v[i].name.len == 0) != is_keywords || (is_keywords && has_keywords))
            return refuse(c, "the keywords have the one slot without a name");
        if (v[i].reserved != 0)
            return refuse(c, "a reserved field is not zero");
        has_keywords |= is_keywords;
    }
    return true;
}

static bool bindings(struct check *c)
{
    struct sigmaton_ref ref = c->pack->bindings;
    if (!table(c, ref, sizeof(struct sigmaton_binding), "the bindings lie outside the pack"))
        return false;
    const struct sigmaton_binding *v = at(c, ref);
    for (uint32_t i = 0; i < ref.len; i++) {
        if (!text(c, v[i].channel) || !slot_number(c, v[i].field) || !slot_number(c, v[i].source) ||
            (v[i].domain != SIGMATON_NO_SLOT && !slot_number(c, v[i].domain)))
            return false;
        if (v[i].kind > SIGMATON_BIND_JOIN)
            return refuse(c, "a binding is of an unknown kind");
        if (v[i].reserved != 0)
            return refuse(c, "a reserved field is not zero");
    }
    return true;
}

/* Exactly as long as the rules want, and no bit beyond the last rule. */
static bool bitmap(struct check *c, struct sigmaton_ref ref)
{
    uint32_t n_rules = c->pack->rules.len;
    if (!table(c, ref, sizeof(uint64_t), "a bitmap of rules lies outside the pack"))
        return false;
    if (ref.len != n_rules / 64 + (n_rules % 64 != 0))
        return refuse(c, "a bitmap has not as many rules as the pack");
    const uint64_t *words = at(c, ref);
    if (n_rules % 64 != 0 && words[ref.len - 1] >> (n_rules % 64) != 0)
        return refuse(c, "a bitmap names a rule beyond the last");
    return true;
}

static bool route(struct check *c, const struct sigmaton_route *r)
{
    if (!text(c, r->channel) || !text(c, r->provider) || !text(c, r->when_values[0]) ||
        !text(c, r->when_values[1]) || !text(c, r->product) || !text(c, r->category) ||
        !text(c, r->service))
        return false;
    if (r->n_ids > SIGMATON_ROUTE_IDS)
        return refuse(c, "a route has too many event ids");
    if (r->when_slot != SIGMATON_NO_SLOT && !slot_number(c, r->when_slot))
        return false;
    return bitmap(c, r->rules);
}

static bool routes(struct check *c)
{
    struct sigmaton_ref ref = c->pack->routes;
    if (!table(c, ref, sizeof(struct sigmaton_route), "the routing table lies outside the pack"))
        return false;
    const struct sigmaton_route *v = at(c, ref);
    for (uint32_t i = 0; i < ref.len; i++)
        if (!route(c, &v[i]))
            return false;
    return true;
}

static bool automaton(struct check *c, struct sigmaton_ref ref)
{
    if (ref.len == 0)
        return true;
    if (ref.off % 8 != 0 || !inside(c, ref, 1))
        return refuse(c, "an automaton lies outside the pack");
    const char *why = srt_dfa_check(at(c, ref), ref.len);
    return why == NULL || refuse(c, why);
}

static bool regexes(struct check *c)
{
    struct sigmaton_ref ref = c->pack->regexes;
    if (!table(c, ref, sizeof(struct sigmaton_regex), "the regex table lies outside the pack"))
        return false;
    const struct sigmaton_regex *v = at(c, ref);
    for (uint32_t i = 0; i < ref.len; i++) {
        if (!text(c, v[i].pattern) || !automaton(c, v[i].dfa))
            return false;
        if (v[i].flags != 0 || v[i].reserved != 0)
            return refuse(c, "a reserved field is not zero");
    }
    return true;
}

/* Code runs on this machine or the pack is not for us; an image without code runs anywhere. */
static enum sigmaton_status target(const struct sigmaton_pack *pack, const char **ret_why)
{
    const char *text = srt_pack_at(pack, pack->target);
    if (pack->eval_off == 0)
        return SIGMATON_OK;
    if (pack->target.len > 0 && !srt_cpu_runs(text, pack->target.len))
        *ret_why = "the pack is made for another processor or system";
    else if ((pack->cpu_features & ~srt_cpu_features()) != 0)
        *ret_why = "the pack is made for a processor that can do more than this one";
    else
        return SIGMATON_OK;
    return SIGMATON_ETARGET;
}

static bool classes(struct check *c)
{
    struct sigmaton_ref ref = c->pack->classes;
    if (!table(c, ref, sizeof(struct sigmaton_class), "the classes lie outside the pack"))
        return false;
    const struct sigmaton_class *v = at(c, ref);
    for (uint32_t i = 0; i < ref.len; i++) {
        if (!numbers_below(c, v[i].layers, c->pack->n_layers, "a class names no layer"))
            return false;
        if (v[i].reserved != 0)
            return refuse(c, "a reserved field is not zero");
    }
    if (ref.len == 0 && c->pack->scan_off != 0)
        return refuse(c, "the pack searches and has no class of every rule");
    return true;
}

static bool whens(struct check *c)
{
    struct sigmaton_ref ref = c->pack->whens;
    if (!table(c, ref, sizeof(struct sigmaton_when), "the conditions lie outside the pack"))
        return false;
    const struct sigmaton_when *v = at(c, ref);
    for (uint32_t i = 0; i < ref.len; i++) {
        if (!slot_number(c, v[i].slot) || !text(c, v[i].values[0]) || !text(c, v[i].values[1]))
            return false;
        if (v[i].reserved != 0)
            return refuse(c, "a reserved field is not zero");
    }
    return true;
}

static bool one_case(struct check *c, const struct sigmaton_case *k)
{
    if (k->n_whens > SIGMATON_CASE_WHENS)
        return refuse(c, "a case has too many conditions");
    for (uint32_t i = 0; i < k->n_whens; i++)
        if (k->whens[i] >= c->pack->whens.len)
            return refuse(c, "a case names no condition");
    for (uint32_t i = 0; i < UINT32_C(1) << k->n_whens; i++)
        if (k->classes[i] >= c->pack->classes.len)
            return refuse(c, "a case names no class");
    return true;
}

static bool keys(struct check *c)
{
    struct sigmaton_ref ref = c->pack->keys;
    if (!table(c, ref, sizeof(struct sigmaton_key), "the keys of classes lie outside the pack"))
        return false;
    const struct sigmaton_key *v = at(c, ref);
    uint64_t size = 0;
    for (uint32_t i = 0; i < ref.len; i++) {
        if (!text(c, v[i].text) ||
            !table(c, v[i].cases, sizeof(struct sigmaton_case), "cases lie outside the pack"))
            return false;
        if (v[i].cases.len == 0 || v[i].is_provider > 1 || v[i].reserved != 0)
            return refuse(c, "a key has no case, or a field is not what it can be");
        size += (uint64_t)v[i].cases.len * sizeof(struct sigmaton_case);
        if (size > c->pack->image_size) /* all of them get places of their own at start-up */
            return refuse(c, "keys share cases");
        const struct sigmaton_case *cases = at(c, v[i].cases);
        for (uint32_t k = 0; k < v[i].cases.len; k++)
            if (!one_case(c, &cases[k]))
                return false;
    }
    return true;
}

static bool lies_among_tables(const struct sigmaton_pack *p, int32_t off)
{
#ifdef __wasm__
    (void)p, (void)off; /* a number, and a call of a wrong one is caught by the machine */
    return false;
#else
    return off > 0 && (uint32_t)off < p->image_size;
#endif
}

static bool descriptor(struct check *c)
{
    const struct sigmaton_pack *p = c->pack;
    if (p->size < sizeof *p || p->image_size < p->size)
        return refuse(c, "the descriptor is too small");
    if (lies_among_tables(p, p->eval_off) || lies_among_tables(p, p->scan_off))
        return refuse(c, "the code lies among the tables");
    if (p->n_memo > SRT_PACK_MEMO_MAX)
        return refuse(c, "the pack keeps more predicates than SRT_PACK_MEMO_MAX");
    return text(c, p->target) && text(c, p->producer);
}

static bool keywords(struct check *c)
{
    return c->pack->keywords.len == 0 || bitmap(c, c->pack->keywords);
}

enum sigmaton_status srt_pack_check(const struct sigmaton_pack *pack, const char **ret_why)
{
    struct check c = {.pack = pack};
    if (pack == NULL) {
        *ret_why = "there is no pack";
        return SIGMATON_EINVAL;
    }
    if ((uintptr_t)pack % 8 != 0 || pack->magic != SIGMATON_PACK_MAGIC) {
        *ret_why = "this is no pack";
        return SIGMATON_EPACK;
    }
    /* Before 1.0 every minor is an ABI of its own. */
    bool older = pack->abi_major > 0 && pack->abi_minor <= SIGMATON_ABI_MINOR;
    if (pack->abi_major != SIGMATON_ABI_MAJOR ||
        (pack->abi_minor != SIGMATON_ABI_MINOR && !older)) {
        *ret_why = "the pack was made for another version of this library";
        return SIGMATON_EABI;
    }
    bool whole = descriptor(&c);
    enum sigmaton_status fits = whole ? target(pack, ret_why) : SIGMATON_OK;
    if (fits != SIGMATON_OK)
        return fits;
    if (whole && rules(&c) && slots(&c) && bindings(&c) && routes(&c) && regexes(&c) &&
        classes(&c) && whens(&c) && keys(&c) && keywords(&c) && srt_check_names(pack, &c.why))
        return SIGMATON_OK;
    *ret_why = c.why;
    return SIGMATON_EPACK;
}
