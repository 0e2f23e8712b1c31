/* Rules whose candidates are searched for, one kind of text each, and events that a scanner reads:
 * so that a verdict hangs on one entry of an index and on how the event spells its value. */
#include <stdio.h>
#include <string.h>

#include "gen_parts.h"

static const char *const trait_names[GEN_TRAIT__COUNT] = {
    "rule: event ids",      "rule: path component", "rule: about 64 bytes",    "rule: short affix",
    "rule: numbers",        "rule: beyond ASCII",   "rule: hundreds of texts", "rule: escapable",
    "rule: keyword",        "event: flat",          "event: id in a list",     "event: id as text",
    "event: id double",     "event: path",          "event: short escape",     "event: \\/",
    "event: \\u ASCII",     "event: \\u beyond",    "event: \\u pair",         "event: escaped key",
    "event: escapes alike",
};

const char *gen_trait_name(unsigned trait)
{
    return trait_names[trait];
}

/* ---- texts ---- */

static void letters_text(struct gen *g, struct piece *out, unsigned n)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABXZ0189._-@[`{ ";
    while (n-- > 0)
        piece_add(out, &letters[gen_below(g, sizeof letters - 1)], 1);
}

/* What JSON escapes between what it does not; some spell an escape themselves. */
static void escapable_text(struct gen *g, struct piece *out)
{
    static const char *const parts[] = {"\\",       "/",
                                        "\"",       "\n",
                                        "\t",       "\x01",
                                        "\r\n",     "\\n",
                                        "\\u0041",  "\\/",
                                        "\\t",      "u0041",
                                        "nab",      "\\b",
                                        "\\\"",     "\\x",
                                        "\\\\\\\\", "a/b",
                                        "\"a",      "tab",
                                        "\\ud83d",  "\xf0\x9f\x98\x80",
                                        "\xc3\xa9", "\xd0\x96",
                                        "\xc3\xa9"};
    for (unsigned n = 1 + gen_below(g, 3); n > 0; n--) {
        letters_text(g, out, gen_below(g, 7));
        piece_text(out, PICK(g, parts));
    }
    letters_text(g, out, gen_below(g, 9));
}

static void path_text(struct gen *g, struct piece *out)
{
    static const char *const escaped[] = {"\"", "\n", "\t", "\x01", "\"a"};
    for (unsigned n = gen_chance(g, 6); n > 0; n--) {
        piece_text(out, gen_chance(g, 3) ? "/" : "\\");
        letters_text(g, out, 1 + gen_below(g, 5));
    }
    piece_text(out, gen_chance(g, 2) ? "/" : "\\");
    letters_text(g, out, 1 + (gen_chance(g, 8) ? 55 + gen_below(g, 12) : gen_below(g, 12)));
    if (gen_chance(g, 4)) {
        piece_text(out, PICK(g, escaped));
        letters_text(g, out, gen_below(g, 5));
    }
}

/* Of few characters, so that masks tell hundreds of them from other texts. */
static void dense_text(struct gen *g, struct piece *out)
{
    for (unsigned n = 4 + gen_below(g, 5); n > 0; n--)
        piece_add(out, &"qzxj"[gen_below(g, 4)], 1);
}

static void digits_text(struct gen *g, struct piece *out)
{
    static const char *const numbers[] = {"0", "-1",   "1.5", "1e3", "1000",
                                          "7", "4688", "0.5", "-0"};
    if (gen_chance(g, 2))
        piece_text(out, PICK(g, numbers));
    for (unsigned n = gen_below(g, 4); n > 0 || out->len == 0; n -= n > 0)
        piece_add(out, &"0123456789"[gen_below(g, 10)], 1);
}

static void wide_text(struct gen *g, struct piece *out)
{
    static const char *const parts[] = {"\xc3\xa9", "\xd0\x96", "\xf0\x9f\x98\x80", "\xe2\x84\xaa",
                                        "\xc5\xbf"};
    letters_text(g, out, gen_below(g, 8));
    piece_text(out, PICK(g, parts));
    letters_text(g, out, gen_below(g, 8));
}

static void trait_text(struct gen *g, enum gen_trait trait, struct piece *out)
{
    out->len = 0;
    out->text[0] = '\0';
    switch (trait) {
    case GEN_NAME:
        path_text(g, out);
        break;
    case GEN_LONG:
        letters_text(g, out, 58 + gen_below(g, 14));
        break;
    case GEN_DIGITS:
        digits_text(g, out);
        break;
    case GEN_WIDE:
        wide_text(g, out);
        break;
    case GEN_ESCAPABLE:
    case GEN_KEYWORD:
        escapable_text(g, out);
        break;
    case GEN_MANY:
        if (g->written)
            dense_text(g, out);
        else
            letters_text(g, out, 2 + gen_below(g, 9));
        break;
    default:
        letters_text(g, out, 1 + gen_below(g, 9));
        break;
    }
}

/* ---- rules ---- */

static void want(struct gen *g, const char *text)
{
    unsigned i = g->n_wanted < GEN_WANTED ? g->n_wanted++ : gen_below(g, GEN_WANTED);
    snprintf(g->wanted[i].text, GEN_TEXT, "%s", text);
    g->wanted[i].field = g->field;
}

/* What a pattern has between stars; backslashes before them are one too many or too few now and
 * then. */
static void make_wild(struct gen *g, struct piece *p)
{
    struct piece old = *p;
    size_t at = gen_below(g, (uint32_t)old.len + 1);
    while (at > 0 && ((unsigned char)old.text[at] & 0xc0) == 0x80)
        at--;
    p->len = 0;
    piece_add(p, old.text, at);
    piece_text(p, gen_chance(g, 3) ? "?" : "*");
    piece_text(p, old.text + at);
}

/* For W and V: no characters that JSON escapes but in a name, behind its separator; more than
 * digits. */
static void make_written(struct gen *g, enum gen_trait trait, struct piece *p)
{
    struct piece old = *p;
    p->len = 0;
    if (*g->field == 'W' && trait == GEN_NAME)
        piece_text(p, gen_chance(g, 3) ? "/" : "\\");
    for (size_t i = 0; i < old.len; i++)
        if (!strchr("\\/", old.text[i]) &&
            (trait == GEN_NAME || ((unsigned char)old.text[i] >= 0x20 && old.text[i] != '"')))
            piece_add(p, old.text + i, 1);
    piece_text(p, PICK(g, ((const char *const[]){"x", "ab", ".exe", "-k"})));
}

static void put_texts(struct gen *g, enum gen_trait trait, unsigned n, bool wild)
{
    struct piece p;
    gen_put(g, "[");
    for (; n > 0; n--) {
        do
            trait_text(g, trait, &p);
        while (p.len > 1 && strspn(p.text, "\\") == p.len); /* pairs of them are one */
        if (g->field && (*g->field == 'W' || *g->field == 'V'))
            make_written(g, trait, &p);
        if (wild && gen_chance(g, 3))
            make_wild(g, &p);
        if (trait != GEN_MANY || gen_chance(g, 40))
            want(g, p.text);
        gen_yaml(g, p.text);
        gen_put(g, n > 1 ? ", " : "]\n");
    }
}

static const char *put_ids(struct gen *g)
{
    gen_trait(g, GEN_IDS);
    gen_put(g, "    EventID: [");
    for (unsigned n = 1 + gen_below(g, 2) * gen_below(g, 3); n > 0; n--)
        gen_put(g, "%u%s", gen_event_id(g), n > 1 ? ", " : "]\n");
    return "";
}

/* Fields A and B are those of all rules. Of W and V only texts are looked for that JSON writes as
 * they are: of W path components too. */
static const char *field_of(struct gen *g, enum gen_trait trait)
{
    static const char *const fields[] = {"A", "B", "W", "V"};
    if (trait == GEN_WIDE) /* where such are looked for, escapes are looked at first */
        return gen_chance(g, 2) ? "A" : "B";
    return trait == GEN_MANY ? (gen_chance(g, 2) ? "A" : "V") : PICK(g, fields);
}

static const char *chain_of(struct gen *g, enum gen_trait trait)
{
    static const char *const any[] = {"",         "contains",       "startswith",    "endswith",
                                      "contains", "contains|cased", "endswith|cased"};
    static const char *const affixes[] = {"startswith", "endswith"};
    if (trait == GEN_MANY || *g->field == 'V')
        return gen_chance(g, 8) ? "contains|cased" : "contains";
    if (*g->field == 'W')
        return trait == GEN_NAME ? "endswith" : "contains";
    if (trait == GEN_NAME)
        return gen_chance(g, 3) ? PICK(g, any) : "endswith";
    if (trait == GEN_AFFIX)
        return PICK(g, affixes);
    if (trait == GEN_LONG || trait == GEN_DIGITS)
        return gen_chance(g, 2) ? "" : PICK(g, any);
    return PICK(g, any);
}

/* One item; its chain. */
static const char *put_item(struct gen *g)
{
    static const enum gen_trait traits[] = {GEN_NAME,      GEN_NAME,      GEN_LONG,     GEN_LONG,
                                            GEN_AFFIX,     GEN_AFFIX,     GEN_DIGITS,   GEN_WIDE,
                                            GEN_ESCAPABLE, GEN_ESCAPABLE, GEN_ESCAPABLE};
    enum gen_trait trait = gen_chance(g, 60) ? GEN_MANY : PICK(g, traits);
    g->field = field_of(g, trait);
    const char *chain = chain_of(g, trait);
    gen_trait(g, trait);
    gen_put(g, "    '%s%s%s': ", g->field, *chain ? "|" : "", chain);
    unsigned n =
        trait == GEN_MANY ? 20 + gen_below(g, 700) : 1 + (gen_chance(g, 4) ? gen_below(g, 5) : 0);
    if (trait == GEN_DIGITS && !*chain && gen_chance(g, 2)) {
        gen_put(g, "[");
        for (; n > 0; n--) {
            char number[GEN_NUMBER];
            snprintf(number, sizeof number, "%d", (int)gen_below(g, 24) - 12);
            if (gen_chance(g, 3))
                snprintf(number, sizeof number, "922337203685477580%u", 7 + gen_below(g, 3));
            want(g, number);
            gen_put(g, "%s%s", number, n > 1 ? ", " : "]\n");
        }
    } else {
        put_texts(g, trait, n, trait != GEN_MANY && gen_chance(g, 4));
    }
    return chain;
}

static const char *put_keywords(struct gen *g)
{
    enum gen_trait of = gen_chance(g, 3) ? GEN_DIGITS : GEN_KEYWORD;
    g->field = NULL;
    gen_trait(g, GEN_KEYWORD);
    if (!g->written && gen_chance(g, 2)) {
        gen_put(g, "    '|all': ");
        put_texts(g, of, 1 + gen_below(g, 2), false);
        return "all";
    }
    gen_put(g, "    '|contains': ");
    put_texts(g, of, 1 + gen_below(g, 2), !g->written && gen_chance(g, 4));
    return "contains";
}

static const char *put_selection(struct gen *g, const char *name)
{
    gen_put(g, "  %s:\n", name);
    if (gen_chance(g, 6))
        return put_keywords(g);
    if (gen_chance(g, g->routing == GEN_ROUTE_AUTO ? 3 : 12)) {
        const char *chain = put_ids(g);
        if (gen_chance(g, 2))
            put_item(g);
        return chain;
    }
    return put_item(g);
}

void gen_fast_detection(struct gen *g, const char **ret_chain)
{
    static const char *const conditions[] = {"s0",
                                             "s0",
                                             "s0",
                                             "s0",
                                             "s0 or s1",
                                             "s0 and not s1",
                                             "1 of s*",
                                             "not s0",
                                             "not s0",
                                             "s0 or not s1",
                                             "not (not s0 and not s1)"};
    const char *condition = PICK(g, conditions);
    *ret_chain = put_selection(g, "s0");
    if (strstr(condition, "s1") || strchr(condition, '*'))
        put_selection(g, "s1");
    gen_put(g, "  condition: %s\n---\n", condition);
}

/* ---- events ---- */

static bool is_hex4(const char *p)
{
    return strspn(p, "0123456789abcdefABCDEF") >= 4;
}

/* Backslashes that JSON can read as escapes stay as they are: the text is written, and another is
 * meant. */
static void put_alike(struct gen *g, const char *text)
{
    gen_trait(g, GEN_ALIKE);
    gen_put(g, "\"");
    for (const char *p = text; *p; p++) {
        bool escape = *p == '\\' && p[1] && strchr("\"\\/bfnrt", p[1]);
        if (escape || (*p == '\\' && p[1] == 'u' && is_hex4(p + 2)))
            gen_put(g, "\\%c", *++p);
        else if (*p == '\\' || *p == '"')
            gen_put(g, "\\%c", *p);
        else if ((unsigned char)*p < 0x20)
            gen_put(g, "\\u%04x", *p);
        else
            gen_put(g, "%c", *p);
    }
    gen_put(g, "\"");
}

static const struct gen_seed *pick_wanted(struct gen *g)
{
    const struct gen_seed *seed = &g->wanted[gen_below(g, g->n_wanted)];
    for (unsigned i = 0; i < 12 && !gen_suits(g, seed->field); i++)
        seed = &g->wanted[gen_below(g, g->n_wanted)];
    return seed;
}

static void surround(struct gen *g, struct piece *out)
{
    static const char *const parts[] = {"C:\\a\\", "/usr/", "\\\\x/", "\"", "a\\b/",   "x",
                                        "\n",      "\\",    "/",      " ",  "\xc3\xa9"};
    for (unsigned n = gen_chance(g, 2) ? gen_below(g, 3) : 0; n > 0; n--)
        piece_text(out, PICK(g, parts));
    if (gen_chance(g, 8)) /* so that blocks of 16 and 32 bytes end everywhere */
        letters_text(g, out, gen_below(g, 70));
}

static bool is_integer(const struct piece *p)
{
    size_t from = p->len > 0 && p->text[0] == '-', digits = p->len - from;
    return digits > 0 && digits < 20 && strspn(p->text + from, "0123456789") == digits &&
           (digits == 1 || p->text[from] != '0');
}

/* A text longer than what is compared at once, alone, and mostly with another character within. */
static void put_long_alone(struct gen *g)
{
    struct piece p = {.len = 0};
    const struct gen_seed *seed = pick_wanted(g);
    for (unsigned i = 0; i < 24 && strlen(seed->text) <= 16; i++)
        seed = pick_wanted(g);
    gen_unfold(g, seed, &p);
    if (!gen_chance(g, 4))
        gen_nudge(g, &p);
    gen_json_text(g, p.text, p.len);
}

void gen_fast_value(struct gen *g)
{
    struct piece p = {.len = 0};
    if (g->n_wanted == 0) {
        gen_put(g, "\"\"");
        return;
    }
    if (gen_chance(g, 6)) {
        put_long_alone(g);
        return;
    }
    surround(g, &p);
    gen_unfold(g, pick_wanted(g), &p);
    if (gen_chance(g, 6))
        gen_unfold(g, pick_wanted(g), &p);
    surround(g, &p);
    if (p.len > 2 && strpbrk(p.text, "\\/"))
        gen_trait(g, GEN_PATH);
    if (is_integer(&p) && gen_chance(g, 2))
        gen_put(g, "%s%s", p.text, gen_chance(g, 4) ? ".0" : "");
    else if (gen_chance(g, 8))
        put_alike(g, p.text);
    else
        gen_json_text(g, p.text, p.len);
}

/* What no rule asks for by name: to be jumped over, but for keywords. */
static void put_unasked(struct gen *g)
{
    static const char *const values[] = {"{}",
                                         "[]",
                                         "{\"a\":[1,{\"b\":\"\\\\\"}]}",
                                         "[[\"]\",\"\\\"}\"],null]",
                                         "-0.5e+3",
                                         "null",
                                         "true",
                                         "false",
                                         "12",
                                         "0",
                                         "-7",
                                         "1E9",
                                         "1e3",
                                         "10e2",
                                         "46880e-1",
                                         "{\"\\u0041\":{\"x\":\"\\\\\\\"\"},\"y\":[]}",
                                         "\"\\\\\"",
                                         "\"\\\\\\\"\"",
                                         "\"}\"",
                                         "\"\\\\\\\\\\\\\\\"x\""};
    char name[8];
    snprintf(name, sizeof name, "u%u", gen_below(g, 6));
    gen_put(g, ",\"%s\":", name);
    g->field = NULL;
    if (gen_chance(g, 3))
        gen_put(g, "%s", PICK(g, values));
    else
        gen_fast_value(g);
}

static void put_asked(struct gen *g, const char *name)
{
    gen_put(g, ",");
    g->field = name;
    if (gen_chance(g, 60))
        gen_key(g, name);
    else
        gen_put(g, gen_chance(g, 12) ? "\"%s\" : " : "\"%s\":", name);
    if (gen_chance(g, 3))
        gen_value(g, gen_chance(g, 4));
    else
        gen_fast_value(g);
}

void gen_fast_members(struct gen *g)
{
    static const char *const names[] = {"A", "B", "W", "V"};
    bool source = g->routing == GEN_ROUTE_AUTO || gen_chance(g, 4);
    if (source && !gen_chance(g, 16))
        gen_flat_source(g);
    for (unsigned i = 0; i < COUNT(names); i++) {
        if (gen_chance(g, 3))
            put_unasked(g);
        if (!gen_chance(g, 6))
            put_asked(g, names[i]);
    }
    if (gen_chance(g, 12)) /* a key once more */
        put_asked(g, PICK(g, names));
    if (gen_chance(g, 3))
        put_unasked(g);
}
