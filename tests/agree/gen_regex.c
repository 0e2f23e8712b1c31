/* Regexes by a grammar, each with a text that it is found in, more or less. */
#include <stdio.h>
#include <string.h>

#include "gen_parts.h"

struct regex_gen {
    struct gen *g;
    struct piece *pattern, example;
    unsigned repeats; /* enclosing ones: each multiplies the work */
};

static void regex_alternatives(struct regex_gen *r, unsigned depth);

static void regex_atom_of(struct regex_gen *r, const char *pattern, const char *example)
{
    piece_text(r->pattern, pattern);
    piece_text(&r->example, example);
}

static void regex_set(struct regex_gen *r)
{
    static const char *const sets[][2] = {
        {"[a-k]", "c"},
        {"[^a]", "b"},
        {"[abk]", "k"},
        {"[^\\w]", "-"},
        {"[\\d.]", "7"},
        {"[]a]", "]"},
        {"[^]b]", "a"},
        {"[a\\-z]", "-"},
        {"[-a]", "-"},
        {"[\\s-]", " "},
        {"[[:alpha:]_]", "q"},
        {"[[:^digit:]]", "x"},
        {"[\xc3\x9f\xc8\xba]", "\xc3\x9f"},
        {"[\xd0\xb0-\xd1\x8f]", "\xd0\xb6"},
        {"[^\\x00-\\x7f]", "\xd0\x96"},
        {"[\\x{1F600}-\\x{1F64F}]", "\xf0\x9f\x98\x80"},
        {"[A-Z]", "K"},
        {"[^A-Z]", "s"},
        {"[k-s]", "s"},
        {"[^k\xc5\xbf]", "x"},
        {"[\\\\/]", "\\"},
        {"[^\n]", "a"},
        {"[\\D]", "a"},
        {"[^\\S]", " "},
        {"[\\x{212A}]", "\xe2\x84\xaa"},
        {"[a-z0-9_.-]", "."},
    };
    const char *const *set = sets[gen_below(r->g, COUNT(sets))];
    regex_atom_of(r, set[0], set[1]);
}

static void regex_escape(struct regex_gen *r)
{
    static const char *const escapes[][2] = {
        {"\\d", "5"},
        {"\\D", "a"},
        {"\\w", "b"},
        {"\\W", " "},
        {"\\s", " "},
        {"\\S", "k"},
        {"\\.", "."},
        {"\\\\", "\\"},
        {"\\*", "*"},
        {"\\/", "/"},
        {"\\-", "-"},
        {"\\\"", "\""},
        {"\\x41", "A"},
        {"\\x{df}", "\xc3\x9f"},
        {"\\t", "\t"},
        {"\\n", "\n"},
        {"\\x{1f600}", "\xf0\x9f\x98\x80"},
        {"\\%", "%"},
    };
    const char *const *escape = escapes[gen_below(r->g, COUNT(escapes))];
    regex_atom_of(r, escape[0], escape[1]);
}

static void regex_anchor(struct regex_gen *r)
{
    static const char *const anchors[] = {"^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z"};
    piece_text(r->pattern, PICK(r->g, anchors));
}

static void regex_group(struct regex_gen *r, unsigned depth)
{
    static const char *const opens[] = {"(", "(", "(?:", "(?i:", "(?s:", "(?m:", "(?-i:", "(?<n>"};
    unsigned open = gen_below(r->g, COUNT(opens) - 1);
    piece_text(r->pattern, opens[open]);
    regex_alternatives(r, depth - 1);
    piece_text(r->pattern, ")");
}

/* True when what was written may be repeated. */
static bool regex_atom(struct regex_gen *r, unsigned depth)
{
    static const char *const literals[] = {"a",
                                           "b",
                                           "k",
                                           "K",
                                           "s",
                                           "x",
                                           "cmd",
                                           "ab",
                                           "\xd0\xb6",
                                           "\xc3\x9f",
                                           "\xc5\xbf",
                                           " ",
                                           "\xe2\x84\xaa",
                                           "-",
                                           "\xce\xa3"};
    switch (gen_below(r->g, depth > 0 ? 12 : 10)) {
    case 0:
    case 1:
        regex_set(r);
        return true;
    case 2:
        regex_escape(r);
        return true;
    case 3:
        regex_anchor(r);
        return false;
    case 4:
        regex_atom_of(r, ".", "x");
        return true;
    case 10:
    case 11:
        regex_group(r, depth);
        return true;
    default: {
        const char *literal = PICK(r->g, literals);
        regex_atom_of(r, literal, literal);
        return true;
    }
    }
}

/* A quantifier; the example is written again as often as it says. `from`: where the example of what
 * is repeated starts. */
static void regex_quantifier(struct regex_gen *r, size_t from)
{
    static const struct {
        const char *text;
        unsigned times;
    } all[] = {{"*", 0},
               {"*", 2},
               {"+", 1},
               {"+", 3},
               {"?", 0},
               {"?", 1},
               {"*?", 1},
               {"+?", 2},
               {"?"
                "?",
                1},
               {"{2}", 2},
               {"{1,3}", 2},
               {"{0,2}", 0},
               {"{2,}", 4},
               {"{0}", 0},
               {"{1,2}?", 1},
               {"{3}", 2}};
    unsigned i = gen_below(r->g, COUNT(all));
    char one[GEN_TEXT];
    snprintf(one, sizeof one, "%s", r->example.text + from);
    piece_text(r->pattern, all[i].text);
    r->example.len = from;
    r->example.text[from] = '\0';
    for (unsigned k = 0; k < all[i].times; k++)
        piece_text(&r->example, one);
}

static void regex_branch(struct regex_gen *r, unsigned depth)
{
    for (unsigned n = 1 + gen_below(r->g, 4); n > 0 && r->pattern->len < GEN_TEXT - 60; n--) {
        size_t from = r->example.len;
        bool quantify = gen_chance(r->g, 3) && r->repeats < 2;
        r->repeats += quantify;
        if (regex_atom(r, depth) && quantify)
            regex_quantifier(r, from);
        r->repeats -= quantify;
    }
}

/* The example is that of one of the branches. */
static void regex_alternatives(struct regex_gen *r, unsigned depth)
{
    size_t from = r->example.len;
    regex_branch(r, depth);
    while (gen_chance(r->g, 5) && r->pattern->len < GEN_TEXT - 60) {
        char kept[GEN_TEXT];
        snprintf(kept, sizeof kept, "%s", r->example.text);
        r->example.len = from;
        r->example.text[from] = '\0';
        piece_text(r->pattern, "|");
        if (!gen_chance(r->g, 8))
            regex_branch(r, depth);
        if (gen_chance(r->g, 2)) {
            r->example.len = 0;
            piece_text(&r->example, kept);
        }
    }
}

/* C*X D* with sets that overlap: what the normal form writes in another way. */
static void regex_stars(struct regex_gen *r)
{
    static const char *const sets[][2] = {{"a", "a"},    {"b", "b"},    {"[ab]", "b"}, {".", "a"},
                                          {"[^a]", "b"}, {"[bk]", "k"}, {"\\w", "a"}};
    if (!gen_chance(r->g, 4))
        piece_text(r->pattern, "^");
    for (unsigned n = 3 + gen_below(r->g, 3), star = 1; n > 0; n--, star ^= 1) {
        const char *const *set = PICK(r->g, sets);
        regex_atom_of(r, set[0], set[1]);
        piece_text(r->pattern, star ? "*" : "");
        if (star && gen_chance(r->g, 2))
            piece_text(&r->example, set[1]);
    }
    if (!gen_chance(r->g, 4))
        piece_text(r->pattern, "$");
}

/* Written without looking, a regex is now and then too long to be closed: then a plain one. */
static bool is_whole(const struct piece *p)
{
    return p->len < GEN_TEXT - 24;
}

void gen_regex(struct gen *g, struct piece *out)
{
    static const char *const fixed[] = {
        "a+b",      "^a",       "b$",        "\\\\cmd",
        "\\d{1,3}", "\\bab\\b", ".",         "^.{2,4}$",
        "(ab|k)+",  "s\\w*",    "\\S\\s\\S", "^(a|ab)(c|bcd)?$",
        "a.*b",     "$",        "^$",        "\\.exe",
        "",         "a|",       ".*",        "cmd|powershell|abc",
        "(?i)AB",
    };
    struct regex_gen r = {.g = g, .pattern = out};
    out->len = 0;
    out->text[0] = '\0';
    if (gen_chance(g, 4)) {
        piece_text(out, PICK(g, fixed));
        return;
    }
    if (gen_chance(g, 10))
        piece_text(out, gen_chance(g, 2) ? "(?i)" : "(?ms)");
    if (gen_chance(g, 4))
        regex_stars(&r);
    else
        regex_alternatives(&r, 3);
    if (is_whole(out) && is_whole(&r.example)) {
        gen_remember(g, r.example.text, true);
        return;
    }
    out->len = 0;
    piece_text(out, PICK(g, fixed));
}
