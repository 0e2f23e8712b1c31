/* Texts, regexes, networks and numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_parts.h"

/* Words with the characters that go wrong: folding beyond ASCII, Kelvin sign, long s, sharp s,
 * length-changing folds, emoji, dashes, backslashes, percent signs, numbers as text, addresses. */
static const char *const words[] = {
    "a",
    "ab",
    "Ab",
    "abc",
    "k",
    "K",
    "\xe2\x84\xaa",
    "s",
    "\xc5\xbf",
    "\xc3\x9f",
    "\xe1\xba\x9e",
    "\xc8\xba",
    "\xe2\xb1\xa5",
    "\xce\xa3\xcf\x82",
    "\xf0\x9f\x98\x80",
    "\xf0\x90\x90\x80",
    "-x",
    "/x",
    "\xe2\x80\x93x",
    "a\\b",
    "\\",
    "100%",
    "5",
    "5.0",
    "-1",
    "true",
    "10.1.2.3",
    "::1",
    "cmd",
    "\\cmd.exe",
    "C:\\Win",
    "urlcache",
    " ",
    "a b",
    "\xd0\x96\xd0\xb6",
    "powershell",
    "aaaa",
    "longer than sixteen bytes",
    "18446744073709551615",
    "1e+21",
    "1e-7",
    "0.1",
    "\xc7\x85",
    "\xcd\x85",
    "\xe1\xb8\xa0",
    " -enc /q",
};

static const char *const fields[] = {
    "A", "B", "C", "a.b", "a.b.c", "d.e", "p.q.r", "K\xc3\xa4se [1]",
};

/* Lengths on both sides of what kernels and generated code load at once. */
static const unsigned char lengths[] = {3,  4,  5,  7,  8,  9,  11,  12,  13,  15,
                                        16, 17, 23, 24, 25, 31, 32,  33,  47,  48,
                                        49, 63, 64, 65, 95, 96, 127, 128, 129, 255};

void piece_add(struct piece *p, const char *text, size_t len)
{
    if (len >= sizeof p->text - p->len)
        return;
    memcpy(p->text + p->len, text, len);
    p->len += len;
    p->text[p->len] = '\0';
}

void piece_text(struct piece *p, const char *text)
{
    piece_add(p, text, strlen(text));
}

bool gen_chance(struct gen *g, uint32_t n)
{
    return gen_below(g, n) == 0;
}

const char *gen_word(struct gen *g)
{
    return PICK(g, words);
}

const char *gen_field(struct gen *g)
{
    return PICK(g, fields);
}

void gen_remember(struct gen *g, const char *text, bool plain)
{
    unsigned i = g->n_seeds < GEN_SEEDS ? g->n_seeds++ : gen_below(g, GEN_SEEDS);
    snprintf(g->seeds[i].text, GEN_TEXT, "%s", text);
    g->seeds[i].plain = plain;
}

/* ---- texts ---- */

static void words_text(struct gen *g, struct piece *out, bool wild)
{
    static const char *const joints[] = {"", "", "", "*", "?", "\\*"};
    unsigned n = 1 + gen_chance(g, 3) + gen_chance(g, 6);
    for (unsigned i = 0; i < n; i++) {
        piece_text(out, gen_word(g));
        if (i + 1 < n)
            piece_text(out, joints[gen_below(g, wild ? 6 : 3)]);
    }
    if (wild && gen_chance(g, 12))
        piece_text(out, "*");
}

static void long_text(struct gen *g, struct piece *out, bool wild)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABKSZ0189._-:@[`{";
    unsigned len = PICK(g, lengths), none = UINT32_MAX;
    unsigned wide = gen_chance(g, 4) ? gen_below(g, len) : none;
    unsigned any = wild && gen_chance(g, 8) ? gen_below(g, len) : none;
    for (unsigned i = 0; i < len; i++)
        if (i == wide)
            piece_text(out, "\xd0\x96");
        else if (i == any)
            piece_text(out, "?");
        else
            piece_add(out, &letters[gen_below(g, sizeof letters - 1)], 1);
}

/* Few characters, so that patterns nearly match; many stars. */
static void dense_text(struct gen *g, struct piece *out, bool wild)
{
    static const char *const parts[] = {
        "a",  "a",    "b", "A", "k", "-",  "x",  "\xc3\xa9", "\xc3\x89", "\xf0\x9f\x98\x80",
        "\\", "\\\\", "*", "?", "*", "?a", "*b", "\\*",      "\\?",      "\\\\*"};
    unsigned n = 1 + gen_below(g, 10);
    for (unsigned i = 0; i < n; i++)
        piece_text(out, parts[gen_below(g, wild ? COUNT(parts) : 12)]);
}

void gen_text(struct gen *g, struct piece *out, bool wild)
{
    out->len = 0;
    out->text[0] = '\0';
    switch (gen_below(g, 8)) {
    case 0:
        long_text(g, out, wild);
        break;
    case 1:
        dense_text(g, out, wild);
        break;
    default:
        words_text(g, out, wild);
    }
}

void gen_ascii(struct gen *g, struct piece *out)
{
    static const char letters[] = "abcABCkKsS019-/ ";
    out->len = 0;
    for (unsigned n = 2 + gen_below(g, 9); n > 0; n--)
        piece_add(out, &letters[gen_below(g, sizeof letters - 1)], 1);
}

/* ---- regexes ---- */

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
    regex_alternatives(&r, 3);
    if (is_whole(out) && is_whole(&r.example)) {
        gen_remember(g, r.example.text, true);
        return;
    }
    out->len = 0;
    piece_text(out, PICK(g, fixed));
}

/* ---- networks ---- */

static void print_v4(const uint8_t *a, struct piece *out)
{
    char text[20];
    snprintf(text, sizeof text, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
    piece_text(out, text);
}

/* Groups in one of the spellings: letter case, leading zeros, one run of zero groups as "::", the
 * last four bytes as a dotted quad. */
static void print_v6(struct gen *g, const uint8_t *a, struct piece *out)
{
    unsigned spelling = gen_below(g, 3);
    unsigned quad = gen_chance(g, 4), n = quad ? 6 : 8, gap = 8, end = 8;
    for (unsigned i = 0; i < n && gap == 8; i++)
        if (a[2 * i] == 0 && a[2 * i + 1] == 0 && gen_chance(g, 2))
            gap = i;
    for (end = gap; end < n && a[2 * end] == 0 && a[2 * end + 1] == 0; end++)
        if (end > gap && gen_chance(g, 6))
            break;
    for (unsigned i = 0; i < n; i++) {
        if (i == gap) {
            piece_text(out, "::");
            i = end - 1;
            continue;
        }
        char text[8];
        unsigned group = (unsigned)a[2 * i] << 8 | a[2 * i + 1];
        snprintf(text, sizeof text, spelling == 0 ? "%x" : spelling == 1 ? "%X" : "%04x", group);
        if (i > 0 && i != end)
            piece_text(out, ":");
        piece_text(out, text);
    }
    if (quad && end != n)
        piece_text(out, ":");
    if (quad)
        print_v4(a + 12, out);
}

static void random_address(struct gen *g, struct gen_network *n)
{
    n->v6 = gen_chance(g, 2);
    for (unsigned i = 0; i < 16; i++)
        n->address[i] = (uint8_t)(gen_chance(g, 2) ? 0 : gen_below(g, 256));
    if (n->v6 && gen_chance(g, 4)) { /* an embedded IPv4 address */
        memset(n->address, 0, 10);
        memset(n->address + 10, gen_chance(g, 2) ? 0xff : 0, 2);
    }
    if (!n->v6 && gen_chance(g, 2))
        memcpy(n->address, "\x0a\x01\x02\x03", 4);
}

void gen_network(struct gen *g, struct piece *out)
{
    struct gen_network n;
    unsigned bits;
    random_address(g, &n);
    bits = n.v6 ? 128 : 32;
    n.prefix = gen_chance(g, 3) ? bits : gen_below(g, bits + 1);
    for (unsigned i = n.prefix; i < bits; i++)
        n.address[i / 8] &= (uint8_t) ~(0x80 >> (i % 8));
    out->len = 0;
    out->text[0] = '\0';
    if (n.v6)
        print_v6(g, n.address, out);
    else
        print_v4(n.address, out);
    if (n.prefix < bits || gen_chance(g, 2)) {
        char text[8];
        snprintf(text, sizeof text, "/%u", n.prefix);
        piece_text(out, text);
    }
    unsigned i = g->n_networks < GEN_NETWORKS ? g->n_networks++ : gen_below(g, GEN_NETWORKS);
    g->networks[i] = n;
}

/* A form that is no address, or was one. */
static void spoil_address(struct gen *g, struct piece *out)
{
    static const char *const ends[] = {" ", ":80", ".", "%eth0", "/32", ":", "::", "g"};
    char text[GEN_TEXT];
    switch (gen_below(g, 3)) {
    case 0:
        piece_text(out, PICK(g, ends));
        break;
    case 1: /* leading zero or colon */
        snprintf(text, sizeof text, "%s%.200s", gen_chance(g, 2) ? "0" : ":", out->text);
        out->len = 0;
        piece_text(out, text);
        break;
    default:
        if (out->len > 0)
            out->text[--out->len] = '\0';
    }
}

void gen_address(struct gen *g, struct piece *out)
{
    struct gen_network n;
    random_address(g, &n);
    if (g->n_networks > 0 && !gen_chance(g, 6)) {
        struct gen_network at = g->networks[gen_below(g, g->n_networks)];
        unsigned bits = at.v6 ? 128 : 32;
        for (unsigned i = at.prefix; i < bits; i++)
            at.address[i / 8] |= (uint8_t)((0x80 >> (i % 8)) & n.address[i / 8]);
        if (gen_chance(g, 4)) { /* just outside, where the prefix has bits */
            unsigned i = at.prefix > 0 ? at.prefix - 1 : 0;
            at.address[i / 8] ^= (uint8_t)(0x80 >> (i % 8));
        }
        n = at;
    }
    out->len = 0;
    out->text[0] = '\0';
    if (!n.v6 && gen_chance(g, 8))
        piece_text(out, "::ffff:");
    if (n.v6)
        print_v6(g, n.address, out);
    else
        print_v4(n.address, out);
    if (gen_chance(g, 8))
        spoil_address(g, out);
}

/* ---- numbers ---- */

static void random_digits(struct gen *g, char *out, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        out[i] = (char)('0' + (i == 0 ? 1 + gen_below(g, 9) : gen_below(g, 10)));
    out[n] = '\0';
}

/* `infinite`: tokens that a double cannot hold stand at the end of the table. */
static const char *constant(struct gen *g, bool finite)
{
    static const char *const all[] = {
        "0",
        "-0",
        "-0.0",
        "0.0",
        "0e5",
        "1",
        "-1",
        "5",
        "5.0",
        "5.5",
        "10",
        "1e1",
        "1E+2",
        "100",
        "1e-7",
        "0.0000001",
        "0.000001",
        "1e21",
        "1e20",
        "100000000000000000000",
        "123456789012345680000",
        "0.1",
        "0.30000000000000004",
        "2147483647",
        "2147483648",
        "4294967296",
        "9007199254740993",
        "9007199254740992",
        "9007199254740993.0",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "1e300",
        "123456789012345678901234567890",
        "5e-324",
        "2.2250738585072014e-308",
        "1.7976931348623157e308",
        "1e-400",
        "1e309",
        "-1e400",
    };
    return all[gen_below(g, COUNT(all) - (finite ? 2 : 0))];
}

void gen_number(struct gen *g, char out[GEN_NUMBER], bool finite)
{
    char digits[24];
    switch (gen_below(g, 8)) {
    case 0: {
        random_digits(g, digits, 1 + gen_below(g, 21));
        snprintf(out, GEN_NUMBER, "%s%s", gen_chance(g, 3) ? "-" : "", digits);
        break;
    }
    case 1: {
        unsigned n = 1 + gen_below(g, 17), exponent = gen_below(g, 30);
        random_digits(g, digits, n);
        snprintf(out, GEN_NUMBER, "%u.%se%s%u", gen_below(g, 10), digits,
                 gen_chance(g, 2) ? "-" : "", exponent);
        break;
    }
    case 2:
        snprintf(out, GEN_NUMBER, "%u", gen_below(g, 12));
        break;
    default:
        snprintf(out, GEN_NUMBER, "%s", constant(g, finite));
    }
}

void gen_respell(struct gen *g, const char *number, char out[GEN_NUMBER])
{
    static const char *const ends[] = {"",    ".0",   ".000",  "e0",   "E+0",
                                       "e-0", "0e-1", "00E-2", ".0e00"};
    bool integer = strspn(number, "-0123456789") == strlen(number) && strlen(number) < 24;
    bool zero = strcmp(number, "0") == 0 || strcmp(number, "-0") == 0;
    snprintf(out, GEN_NUMBER, "%s%s", number, integer && !zero ? PICK(g, ends) : "");
    if (gen_chance(g, 10) && integer && !zero) { /* a neighbour */
        size_t last = strlen(number) - 1;
        out[last] = (char)(out[last] == '9' ? '8' : out[last] + 1);
    }
}
