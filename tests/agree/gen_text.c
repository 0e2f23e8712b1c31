/* Texts, networks and numbers. */
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
    "zip",
    "Z",
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
    "0.000001",
    "0",
    "\xef\xbf\xbd",
    "\xee\x80\x80",
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
    g->seeds[i].field = g->field;
}

void gen_remember_number(struct gen *g, const char *number)
{
    unsigned i = g->n_numbers < GEN_NUMBERS ? g->n_numbers++ : gen_below(g, GEN_NUMBERS);
    snprintf(g->numbers[i].text, GEN_NUMBER, "%s", number);
    g->numbers[i].field = g->field;
}

bool gen_suits(struct gen *g, const char *field)
{
    return !field || !g->field || gen_chance(g, 8) || strcmp(field, g->field) == 0;
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

/* A beginning that repeats and an end that does not: what makes a plain search slow. */
static void periodic_text(struct gen *g, struct piece *out)
{
    /* The search looks for the rarest byte, and k, z and q are rare. */
    static const char *const periods[] = {"k", "zk", "qqz", "\xd0\xb6", "a\xc3\xa9"};
    const char *period = PICK(g, periods);
    for (unsigned n = 8 + gen_below(g, 50); n > 0; n--)
        piece_text(out, period);
    piece_text(out, gen_chance(g, 2) ? "e" : "b");
    struct gen_seed *seed = &g->periodic[g->n_periodic++ % COUNT(g->periodic)];
    memcpy(seed->text, out->text, out->len + 1);
    seed->field = g->field;
}

/* A*L*LB; what is remembered lacks one L, so that two segments would have to overlap. */
static void overlap_text(struct gen *g, struct piece *out)
{
    static const char *const parts[] = {"a", "ab", "aba", "k", "x", "\xd0\xb6", "-", "cmd"};
    const char *before = PICK(g, parts), *twice = PICK(g, parts), *behind = PICK(g, parts);
    bool open = gen_chance(g, 2);
    piece_text(out, before);
    piece_text(out, twice);
    piece_text(out, open ? "" : behind);
    gen_remember(g, out->text, true);
    out->len = 0;
    piece_text(out, before);
    piece_text(out, "*");
    piece_text(out, twice);
    piece_text(out, "*");
    piece_text(out, twice);
    piece_text(out, open ? "" : behind);
}

void gen_text(struct gen *g, struct piece *out, bool wild)
{
    out->len = 0;
    out->text[0] = '\0';
    char number[GEN_NUMBER];
    switch (gen_below(g, 32)) {
    case 0:
    case 12:
        periodic_text(g, out);
        break;
    case 13:
    case 14:
        if (wild) {
            overlap_text(g, out);
            break;
        }
        words_text(g, out, wild);
        break;
    case 9: /* of a number that the event spells in its own way */
        gen_number(g, number, false);
        gen_remember_number(g, number);
        piece_text(out, number);
        break;
    case 10:
    case 11:
    case 1:
    case 2:
    case 3:
    case 4:
        long_text(g, out, wild);
        break;
    case 5:
    case 6:
    case 7:
    case 8:
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
    bool whole = n->v6 && gen_chance(g, 3); /* no group that "::" could stand for */
    for (unsigned i = 0; whole && i < 16; i += 2)
        n->address[i] |= 1;
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
    g->networks[i].field = g->field;
}

/* A form that is no address, or was one. */
static void spoil_address(struct gen *g, struct piece *out)
{
    static const char *const ends[] = {" ", ":80", ".", "%eth0", "/32", ":", "::", "g"};
    char text[GEN_TEXT];
    char *colon = strchr(out->text, ':');
    switch (gen_below(g, 6)) {
    case 3:
    case 4:
    case 5: /* one colon more */
        if (!colon)
            break;
        snprintf(text, sizeof text, "%.200s", colon);
        out->len = (size_t)(colon - out->text) + 1;
        out->text[out->len] = '\0';
        piece_text(out, text);
        break;
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

/* All eight groups, and between two of them a "::" that then stands for nothing. */
static void print_v6_too_long(struct gen *g, const uint8_t *a, struct piece *out)
{
    unsigned doubled = 1 + gen_below(g, 7);
    for (unsigned i = 0; i < 8; i++) {
        char text[16];
        snprintf(text, sizeof text, "%s%x",
                 i == doubled ? "::"
                 : i > 0      ? ":"
                              : "",
                 (unsigned)a[2 * i] << 8 | a[2 * i + 1]);
        piece_text(out, text);
    }
}

void gen_address(struct gen *g, struct piece *out)
{
    struct gen_network n;
    random_address(g, &n);
    if (g->n_networks > 0 && !gen_chance(g, 6)) {
        struct gen_network at = g->networks[gen_below(g, g->n_networks)];
        for (unsigned i = 0; i < 8 && !gen_suits(g, at.field); i++)
            at = g->networks[gen_below(g, g->n_networks)];
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
    if (n.v6 && gen_chance(g, 8))
        print_v6_too_long(g, n.address, out);
    else if (n.v6)
        print_v6(g, n.address, out);
    else
        print_v4(n.address, out);
    if (gen_chance(g, 5))
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
    case 3: /* beyond int64_t, within uint64_t */
        snprintf(out, GEN_NUMBER, "%llu", (1ULL << 63) + gen_below(g, 3) * 0x3fffffffffffffffULL);
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
