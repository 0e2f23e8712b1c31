#include "gen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum operand {
    TEXT,     /* text with wildcards now and then */
    LITERAL,  /* text without wildcards */
    ANYTHING, /* text, number, boolean, null */
    REGEX,
    NETWORK,
    BOOLEAN,
    NUMBER,
    FIELD,
    PART,
    PLACEHOLDER,
};

static const struct {
    const char *name;
    enum operand operand;
    unsigned weight;
} chains[] = {
    {"", ANYTHING, 6},
    {"contains", TEXT, 6},
    {"startswith", TEXT, 3},
    {"endswith", TEXT, 3},
    {"cased", TEXT, 2},
    {"contains|cased", TEXT, 2},
    {"startswith|cased", LITERAL, 1},
    {"endswith|cased", LITERAL, 1},
    {"windash", LITERAL, 2},
    {"contains|windash", LITERAL, 2},
    {"all", TEXT, 1},
    {"contains|all", TEXT, 3},
    {"neq", ANYTHING, 2},
    {"contains|neq", TEXT, 1},
    {"re", REGEX, 3},
    {"re|i", REGEX, 3},
    {"re|m", REGEX, 1},
    {"re|i|m|s", REGEX, 1},
    {"re|all", REGEX, 1},
    {"cidr", NETWORK, 2},
    {"exists", BOOLEAN, 1},
    {"gt", NUMBER, 1},
    {"gte", NUMBER, 1},
    {"lt", NUMBER, 1},
    {"lte", NUMBER, 1},
    {"lte|neq", NUMBER, 1},
    {"fieldref", FIELD, 1},
    {"fieldref|contains", FIELD, 1},
    {"fieldref|startswith", FIELD, 1},
    {"fieldref|endswith", FIELD, 1},
    {"fieldref|cased", FIELD, 1},
    {"fieldref|neq", FIELD, 1},
    {"base64|contains", LITERAL, 1},
    {"base64offset|contains", LITERAL, 2},
    {"wide|base64offset|contains", LITERAL, 1},
    {"utf16be|base64offset|contains", LITERAL, 1},
    {"utf16|base64|contains", LITERAL, 1},
    {"minute", PART, 1},
    {"hour", PART, 1},
    {"day", PART, 1},
    {"week", PART, 1},
    {"month", PART, 1},
    {"year", PART, 1},
    {"hour|gte", PART, 1},
    {"day|lt", PART, 1},
    {"expand", PLACEHOLDER, 1},
    {"contains|expand", PLACEHOLDER, 1},
};
enum { N_CHAINS = sizeof chains / sizeof *chains };

static const char *const fields[] = {"A", "B", "C", "a.b", "a.b.c", "d.e"};
enum { N_FIELDS = sizeof fields / sizeof *fields };

/* Words with the characters that go wrong: folding beyond ASCII, Kelvin sign, long s, sharp s,
 * length-changing folds, emoji, dashes, backslashes, percent signs, numbers as text, addresses,
 * times. */
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
};
enum { N_WORDS = sizeof words / sizeof *words };

static const char *const numbers[] = {
    "0",
    "-0",
    "1",
    "-1",
    "5",
    "5.0",
    "5.5",
    "10",
    "1e1",
    "9007199254740993",
    "9007199254740992",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "-9223372036854775808",
    "1e300",
    "123456789012345678901234567890",
};
enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

static const char *const times[] = {
    "2024-03-05T17:42:09Z", "2024-12-30 23:59:59", "2025-01-02T00:00:00.5+02:00",
    "2024-02-30T01:01:01Z", "2023-07-04T05:06",
};
enum { N_TIMES = sizeof times / sizeof *times };

static const char *const regexes[] = {
    "a+b",
    "^a",
    "b$",
    "[a-k]+",
    "[^a]b",
    "x|cmd",
    "(?i)AB",
    "\\\\cmd",
    "\\d{1,3}",
    "\\bab\\b",
    ".",
    "^.{2,4}$",
    "(ab|k)+",
    "s\\w*",
    "\\S\\s\\S",
    "^(a|ab)(c|bcd)?$",
    "[\xc3\x9f\xc8\xba]",
    "\xd0\xb6",
    "a.*b",
    "(?:a|b){2}",
    "$",
    "^$",
    "[^\\w]",
    "\\.exe",
};
enum { N_REGEXES = sizeof regexes / sizeof *regexes };

static const char *const networks[] = {"10.0.0.0/8", "10.1.2.3",  "::1",        "fe80::/10",
                                       "::/0",       "0.0.0.0/0", "10.1.2.0/24"};
enum { N_NETWORKS = sizeof networks / sizeof *networks };

unsigned gen_n_chains(void)
{
    return N_CHAINS;
}

const char *gen_chain_name(unsigned chain)
{
    return chains[chain].name;
}

const char *gen_placeholders(void)
{
    return "names: ['ab', 'c*', 'K']\nnum: [5, 'x']\n";
}

void gen_init(struct gen *g, uint64_t seed)
{
    *g = (struct gen){.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    g->cap = (size_t)1 << 20;
    g->out = malloc(g->cap);
    if (!g->out)
        abort();
}

void gen_finish(struct gen *g)
{
    free(g->out);
}

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators). */
uint32_t gen_below(struct gen *g, uint32_t n)
{
    uint64_t z = (g->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(((z ^ (z >> 31)) >> 32) * n >> 32);
}

static void put(struct gen *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct gen *g, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(g->out + g->len, g->cap - g->len, format, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= g->cap - g->len)
        abort();
    g->len += (size_t)n;
}

static const char *word(struct gen *g)
{
    return words[gen_below(g, N_WORDS)];
}

static void remember(struct gen *g, const char *text)
{
    unsigned i = g->n_seeds < 64 ? g->n_seeds++ : gen_below(g, 64);
    snprintf(g->seeds[i], sizeof g->seeds[i], "%s", text);
}

/* A text of one to three words; wildcards between them when asked for. */
static void make_text(struct gen *g, char out[96], int wildcards)
{
    static const char *const joints[] = {"", "", "", "*", "?", "\\*"};
    out[0] = '\0';
    unsigned n = 1 + (gen_below(g, 3) == 0) + (gen_below(g, 6) == 0);
    for (unsigned i = 0; i < n; i++) {
        strncat(out, word(g), 95 - strlen(out));
        if (i + 1 < n)
            strncat(out, joints[gen_below(g, wildcards ? 6 : 3)], 95 - strlen(out));
    }
    if (wildcards && gen_below(g, 12) == 0)
        strncat(out, "*", 95 - strlen(out));
}

static void put_yaml(struct gen *g, const char *text)
{
    put(g, "'");
    for (const char *p = text; *p; p++)
        put(g, *p == '\'' ? "''" : "%c", *p);
    put(g, "'");
}

static void put_text(struct gen *g, int wildcards, int at_least_two)
{
    char text[96];
    do
        make_text(g, text, wildcards);
    while (at_least_two && strlen(text) < 2);
    remember(g, text);
    put_yaml(g, text);
}

static void put_anything(struct gen *g)
{
    switch (gen_below(g, 10)) {
    case 0:
    case 1:
        put(g, "%s", numbers[gen_below(g, N_NUMBERS)]);
        break;
    case 2:
        put(g, "%s", gen_below(g, 2) ? "true" : "false");
        break;
    case 3:
        put(g, "''");
        break;
    case 4:
        put(g, "'*'");
        break;
    default:
        put_text(g, 1, 0);
    }
}

static void put_part(struct gen *g, const char *chain)
{
    static const unsigned most[] = {60, 24, 31, 53, 12};
    static const char letters[] = "mhdw";
    if (*chain == 'y')
        put(g, "%u", 2023 + gen_below(g, 3));
    else if (strcmp(chain, "month") == 0)
        put(g, "%u", 1 + gen_below(g, most[4]));
    else
        put(g, "%u", gen_below(g, most[strchr(letters, *chain) - letters]));
}

static void put_value(struct gen *g, unsigned chain)
{
    static const char *const placeholders[] = {"'%names%'", "'x%num%'", "'%names%%num%'"};
    switch (chains[chain].operand) {
    case TEXT:
        put_text(g, 1, 0);
        break;
    case LITERAL:
        put_text(g, 0, 1);
        break;
    case ANYTHING:
        put_anything(g);
        break;
    case REGEX:
        put_yaml(g, regexes[gen_below(g, N_REGEXES)]);
        break;
    case NETWORK:
        put_yaml(g, networks[gen_below(g, N_NETWORKS)]);
        break;
    case BOOLEAN:
        put(g, "%s", gen_below(g, 2) ? "true" : "false");
        break;
    case NUMBER:
        put(g, "%s", numbers[gen_below(g, N_NUMBERS - 1)]);
        break;
    case FIELD:
        put_yaml(g, fields[gen_below(g, N_FIELDS)]);
        break;
    case PART:
        put_part(g, chains[chain].name);
        break;
    case PLACEHOLDER:
        put(g, "%s", placeholders[gen_below(g, 3)]);
        break;
    }
}

static unsigned pick_chain(struct gen *g)
{
    unsigned total = 0, i = 0;
    for (unsigned c = 0; c < N_CHAINS; c++)
        total += chains[c].weight;
    for (unsigned at = gen_below(g, total); at >= chains[i].weight; i++)
        at -= chains[i].weight;
    return i;
}

static void put_item(struct gen *g, const char *field, unsigned chain)
{
    unsigned n = gen_below(g, 3) == 0 ? 2 + gen_below(g, 6) : 1;
    if (chains[chain].operand == BOOLEAN)
        n = 1;
    const char *bar = *chains[chain].name ? "|" : "";
    put(g, "'%s%s%s': ", field, bar, chains[chain].name);
    if (n == 1 && chains[chain].operand == ANYTHING && gen_below(g, 12) == 0) {
        put(g, "null\n");
        return;
    }
    put(g, "[");
    for (unsigned i = 0; i < n; i++) {
        put_value(g, chain);
        put(g, i + 1 < n ? ", " : "]\n");
    }
    if (n == 1 && chains[chain].operand == BOOLEAN) /* exists takes no list */
        g->len -= 1;
}

/* exists wants a scalar. */
static void put_exists(struct gen *g, const char *field)
{
    put(g, "'%s|exists': %s\n", field, gen_below(g, 2) ? "true" : "false");
}

static void put_field_item(struct gen *g, const char *field, unsigned chain)
{
    if (chains[chain].operand == BOOLEAN)
        put_exists(g, field);
    else
        put_item(g, field, chain);
}

static int is_keyword_chain(unsigned chain)
{
    return chains[chain].operand == REGEX || strcmp(chains[chain].name, "all") == 0 ||
           strcmp(chains[chain].name, "cased") == 0 || strcmp(chains[chain].name, "windash") == 0 ||
           strcmp(chains[chain].name, "base64offset|contains") == 0;
}

static void put_selection(struct gen *g, unsigned index, unsigned chain)
{
    put(g, "  s%u:\n", index);
    if (is_keyword_chain(chain) && gen_below(g, 3) == 0) {
        put(g, "    ");
        put_item(g, "", chain);
        return;
    }
    if (gen_below(g, 20) == 0) {
        put(g, "    - ");
        put_text(g, 1, 0);
        put(g, "\n");
        return;
    }
    unsigned used = gen_below(g, N_FIELDS), n = 1 + (gen_below(g, 4) == 0);
    const char *indent = gen_below(g, 4) == 0 ? "    - " : "    ";
    for (unsigned i = 0; i < n; i++) {
        put(g, "%s", indent);
        put_field_item(g, fields[(used + i) % N_FIELDS], i == 0 ? chain : pick_chain(g));
    }
}

void gen_rule(struct gen *g, unsigned number, unsigned *ret_chain)
{
    static const char *const conditions[] = {
        "s0",
        "s0",
        "s0 or s1",
        "s0 and s1",
        "not s0",
        "s0 and not s1",
        "1 of s*",
        "all of them",
        "2 of s*",
        "not 1 of s*",
        "s0 or (s1 and not s2)",
        "not (s0 and s1) or s2",
    };
    *ret_chain = pick_chain(g);
    put(g, "title: r%u\nlogsource: {product: demo}\ndetection:\n", number);
    for (unsigned i = 0; i < 3; i++)
        put_selection(g, i, i == 0 ? *ret_chain : pick_chain(g));
    put(g, "  condition: %s\n---\n",
        conditions[gen_below(g, sizeof conditions / sizeof *conditions)]);
}

/* ---- events ---- */

static void put_json_text(struct gen *g, const char *text, size_t len)
{
    put(g, "\"");
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            put(g, "\\%c", c);
        else if (c < 0x20)
            put(g, "\\u%04x", c);
        else
            put(g, "%c", c);
    }
    put(g, "\"");
}

/* The seed as an event would hold it: wildcards filled, case changed, dashes exchanged. */
static size_t vary(struct gen *g, const char *seed, char *out, size_t cap)
{
    size_t n = 0;
    unsigned mode = gen_below(g, 4);
    if (gen_below(g, 3) == 0)
        n += (size_t)snprintf(out, cap, "%s", word(g));
    for (const char *p = seed; *p && n + 64 < cap; p++) {
        if (*p == '\\' && (p[1] == '*' || p[1] == '?' || p[1] == '\\'))
            out[n++] = *++p;
        else if (*p == '*' || *p == '?')
            n += (size_t)snprintf(out + n, cap - n, "%s", word(g));
        else if (*p == '-' && gen_below(g, 2))
            out[n++] = '/';
        else if (mode == 1 && *p >= 'a' && *p <= 'z')
            out[n++] = (char)(*p - 32);
        else if (mode == 2 && *p >= 'A' && *p <= 'Z')
            out[n++] = (char)(*p + 32);
        else
            out[n++] = *p;
    }
    if (gen_below(g, 3) == 0)
        n += (size_t)snprintf(out + n, cap - n, "%s", word(g));
    if (gen_below(g, 40) == 0)
        out[n++] = '\n';
    return n;
}

static size_t base64(const unsigned char *p, size_t len, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = 0;
    for (size_t i = 0; i < len; i += 3) {
        unsigned v =
            (unsigned)p[i] << 16 | (i + 1 < len ? p[i + 1] << 8 : 0) | (i + 2 < len ? p[i + 2] : 0);
        out[n++] = digits[v >> 18];
        out[n++] = digits[v >> 12 & 63];
        out[n++] = i + 1 < len ? digits[v >> 6 & 63] : '=';
        out[n++] = i + 2 < len ? digits[v & 63] : '=';
    }
    return n;
}

/* Encoded as bytes, or as UTF-16 of ASCII text in either order, with up to two bytes before it. */
static void put_encoded(struct gen *g, const char *seed)
{
    unsigned char raw[256];
    char text[400];
    size_t n = gen_below(g, 3);
    unsigned mode = gen_below(g, 4);
    memset(raw, 'x', n);
    if (mode == 3) {
        raw[n++] = 0xff;
        raw[n++] = 0xfe;
    }
    for (const char *p = seed; *p && n + 2 < sizeof raw; p++) {
        if (mode == 2)
            raw[n++] = 0;
        raw[n++] = (unsigned char)*p;
        if (mode == 1 || mode == 3)
            raw[n++] = 0;
    }
    put_json_text(g, text, base64(raw, n, text));
}

static void put_scalar(struct gen *g)
{
    char text[512];
    const char *seed = g->n_seeds ? g->seeds[gen_below(g, g->n_seeds)] : "x";
    switch (gen_below(g, 16)) {
    case 0:
    case 1:
        put(g, "%s", numbers[gen_below(g, N_NUMBERS)]);
        break;
    case 2:
        put(g, gen_below(g, 2) ? "true" : "false");
        break;
    case 3:
        put(g, "null");
        break;
    case 4:
        put_json_text(g, "", 0);
        break;
    case 5:
        put_encoded(g, seed);
        break;
    case 6:
        put(g, "\"%s\"", times[gen_below(g, N_TIMES)]);
        break;
    case 7:
        put(g, "\"%s\"", numbers[gen_below(g, N_NUMBERS)]);
        break;
    case 8:
        put_json_text(g, seed, strlen(seed));
        break;
    default:
        put_json_text(g, text, vary(g, seed, text, sizeof text));
    }
}

static void put_event_value(struct gen *g)
{
    switch (gen_below(g, 12)) {
    case 0: {
        unsigned n = gen_below(g, 4);
        put(g, "[");
        for (unsigned i = 0; i < n; i++) {
            put_scalar(g);
            put(g, i + 1 < n ? "," : "");
        }
        put(g, "]");
        break;
    }
    case 1:
        put(g, "{\"x\":");
        put_scalar(g);
        put(g, "}");
        break;
    case 2:
        put(g, "[[");
        put_scalar(g);
        put(g, "],{\"y\":1}]");
        break;
    default:
        put_scalar(g);
    }
}

void gen_event(struct gen *g)
{
    static const char *const names[] = {"A", "B", "C", "a.b", "d.e"};
    put(g, "{\"z\":0");
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (gen_below(g, 4) == 0)
            continue;
        put(g, ",\"%s\":", names[i]);
        put_event_value(g);
    }
    if (gen_below(g, 3) == 0) {
        put(g, ",\"a\":{\"b.c\":");
        put_event_value(g);
        put(g, "}");
    }
    if (gen_below(g, 3) == 0) {
        put(g, ",\"d\":[{\"e\":");
        put_event_value(g);
        put(g, "},{\"e\":");
        put_scalar(g);
        put(g, "}]");
    }
    put(g, "}");
}
