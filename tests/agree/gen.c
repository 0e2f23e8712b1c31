#include "gen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen_parts.h"

enum operand {
    TEXT,     /* text with wildcards now and then */
    LITERAL,  /* text without wildcards */
    ASCII,    /* literal of ASCII characters */
    ANYTHING, /* text, number, boolean, null */
    REGEX,
    REGEX_PLACEHOLDER,
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
    {"startswith", TEXT, 4},
    {"endswith", TEXT, 5},
    {"cased", TEXT, 2},
    {"contains|cased", TEXT, 2},
    {"startswith|cased", TEXT, 1},
    {"endswith|cased", TEXT, 1},
    {"cased|contains", TEXT, 1},
    {"windash", TEXT, 2},
    {"contains|windash", TEXT, 2},
    {"startswith|windash", TEXT, 1},
    {"windash|endswith", TEXT, 1},
    {"windash|contains|all", TEXT, 1},
    {"cased|windash|contains", TEXT, 1},
    {"all", TEXT, 1},
    {"contains|all", TEXT, 3},
    {"all|startswith", TEXT, 1},
    {"contains|all|cased", TEXT, 1},
    {"neq", ANYTHING, 2},
    {"contains|neq", TEXT, 1},
    {"contains|all|neq", TEXT, 1},
    {"endswith|neq|cased", TEXT, 1},
    {"re", REGEX, 3},
    {"re|i", REGEX, 3},
    {"re|m", REGEX, 1},
    {"re|s", REGEX, 1},
    {"re|i|m|s", REGEX, 1},
    {"re|ignorecase|dotall", REGEX, 1},
    {"re|all", REGEX, 1},
    {"re|neq", REGEX, 1},
    {"all|re|multiline", REGEX, 1},
    {"re|expand", REGEX_PLACEHOLDER, 1},
    {"re|i|expand", REGEX_PLACEHOLDER, 1},
    {"cidr", NETWORK, 2},
    {"cidr|all", NETWORK, 1},
    {"cidr|neq", NETWORK, 1},
    {"exists", BOOLEAN, 1},
    {"exists|neq", BOOLEAN, 1},
    {"gt", NUMBER, 1},
    {"gte", NUMBER, 1},
    {"lt", NUMBER, 1},
    {"lte", NUMBER, 1},
    {"lte|neq", NUMBER, 1},
    {"gt|all", NUMBER, 1},
    {"fieldref", FIELD, 1},
    {"fieldref|contains", FIELD, 1},
    {"fieldref|startswith", FIELD, 1},
    {"fieldref|endswith", FIELD, 1},
    {"fieldref|cased", FIELD, 1},
    {"fieldref|endswith|cased", FIELD, 1},
    {"fieldref|neq", FIELD, 1},
    {"fieldref|all", FIELD, 1},
    {"base64", LITERAL, 1},
    {"base64|contains", LITERAL, 1},
    {"base64|cased|contains", LITERAL, 1},
    {"base64offset", LITERAL, 1},
    {"base64offset|contains", LITERAL, 2},
    {"base64offset|contains|all", LITERAL, 1},
    {"base64offset|endswith|cased", LITERAL, 1},
    {"wide|base64offset|contains", LITERAL, 1},
    {"utf16le|base64|startswith", LITERAL, 1},
    {"utf16be|base64offset|contains", LITERAL, 1},
    {"utf16|base64|contains", LITERAL, 1},
    {"windash|wide|base64offset|contains", ASCII, 1},
    {"wide|contains", ASCII, 1},
    {"utf16be|contains|cased", ASCII, 1},
    {"utf16le", ASCII, 1},
    {"minute", PART, 1},
    {"hour", PART, 1},
    {"day", PART, 1},
    {"week", PART, 1},
    {"month", PART, 1},
    {"year", PART, 1},
    {"hour|gte", PART, 1},
    {"day|lt", PART, 1},
    {"week|lte", PART, 1},
    {"year|gt|neq", PART, 1},
    {"expand", PLACEHOLDER, 1},
    {"contains|expand", PLACEHOLDER, 1},
    {"expand|windash|contains|all", PLACEHOLDER, 1},
    {"cased|expand|endswith", PLACEHOLDER, 1},
};
enum { N_CHAINS = sizeof chains / sizeof *chains };

/* Rules name these log sources; events have them by channel, provider and id, or by label. */
static const char *const logsources[] = {
    "{product: demo}",
    "{category: process_creation, product: windows}",
    "{category: process_creation}",
    "{category: process_creation}",
    "{category: process_creation}",
    "{product: windows}",
    "{product: windows}",
    "{product: windows}",
    "{product: windows, service: security}",
    "{product: windows, service: sysmon}",
    "{category: registry_set, product: windows}",
    "{category: Registry_Event, product: WINDOWS}",
    "{category: registry_add}",
    "{category: file_event, product: windows}",
    "{service: powershell, product: windows}",
    "{category: ps_script, product: windows}",
    "{category: proxy}",
    "{product: linux, service: sshd}",
};

static const char *const shape_fields[] = {
    "Image",         "ParentImage", "ProcessId",      "ParentProcessId", "User",
    "LogonId",       "CommandLine", "NewProcessName", "TargetUserName",  "IntegrityLevel",
    "Provider_Name", "EventID",     "Channel",        "OperationType",   "service",
    "User",          "User",
};

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
    return "names: ['ab', 'c*', 'K', '-x']\nnum: [5, 'x']\nre: ['a+', '[bk]', 's|x']\n";
}

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void gen_init(struct gen *g, uint64_t seed)
{
    *g = (struct gen){.state = seed};
    gen_below(g, 2);
    g->state = mix(g->state); /* else neighbouring seeds give one sequence, a step apart */
    g->cap = (size_t)8 << 20;
    g->out = malloc(g->cap);
    if (!g->out)
        abort();
}

void gen_finish(struct gen *g)
{
    free(g->out);
}

uint32_t gen_below(struct gen *g, uint32_t n)
{
    g->state += UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)((mix(g->state) >> 32) * n >> 32);
}

void gen_trait(struct gen *g, enum gen_trait trait)
{
    g->traits |= 1u << trait;
}

void gen_put(struct gen *g, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(g->out + g->len, g->cap - g->len, format, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= g->cap - g->len)
        abort();
    g->len += (size_t)n;
}

void gen_append(struct gen *g, const char *text)
{
    gen_put(g, "%s", text);
}

/* ---- values ---- */

/* Single quotes where the text allows it, double quotes where it holds control characters. */
void gen_yaml(struct gen *g, const char *text)
{
    bool control = strpbrk(text, "\n\t\r\x01") != NULL;
    gen_put(g, control ? "\"" : "'");
    for (const char *p = text; *p; p++)
        if (control && (unsigned char)*p < 0x20)
            gen_put(g, "\\x%02x", *p);
        else if (control && (*p == '"' || *p == '\\'))
            gen_put(g, "\\%c", *p);
        else
            gen_put(g, !control && *p == '\'' ? "''" : "%c", *p);
    gen_put(g, control ? "\"" : "'");
}

/* Characters that are there after unescaping, whatever the backslashes become. */
static unsigned sure_characters(const char *text)
{
    unsigned n = 0;
    for (; *text; text++)
        n += *text != '\\';
    return n;
}

/* Longer at one end than the text before: the values of a list often imply each other. */
static void related_text(struct gen *g, struct piece *out)
{
    bool front = gen_chance(g, 2);
    out->len = 0;
    piece_text(out, front ? gen_word(g) : "");
    piece_text(out, g->last);
    piece_text(out, front ? "" : gen_word(g));
}

static void put_text(struct gen *g, enum operand operand)
{
    struct piece p;
    do {
        if (operand == ASCII)
            gen_ascii(g, &p);
        else
            gen_text(g, &p, operand == TEXT);
        if (operand == TEXT && gen_chance(g, 4))
            related_text(g, &p);
    } while (operand != TEXT && sure_characters(p.text) < 2);
    bool user = operand == TEXT && g->field && strcmp(g->field, "User") == 0;
    if (user && gen_chance(g, 2)) { /* domain and name */
        p.len = 0;
        piece_text(&p, gen_word(g));
        piece_text(&p, "\\");
        piece_text(&p, gen_word(g));
    }
    memcpy(g->last, p.text, p.len + 1);
    gen_remember(g, p.text, false);
    gen_yaml(g, p.text);
}

static void put_number(struct gen *g)
{
    char number[GEN_NUMBER];
    gen_number(g, number, true);
    gen_remember_number(g, number);
    gen_put(g, "%s", number);
}

static void put_anything(struct gen *g)
{
    switch (gen_below(g, 10)) {
    case 0:
    case 1:
        put_number(g);
        break;
    case 2:
        gen_put(g, "%s", gen_below(g, 2) ? "true" : "false");
        break;
    case 3:
        gen_put(g, gen_chance(g, 2) ? "''" : "'*'");
        break;
    default:
        put_text(g, TEXT);
    }
}

static void put_part(struct gen *g, const char *chain)
{
    static const unsigned most[] = {60, 24, 31, 53, 12};
    static const char letters[] = "mhdw";
    if (*chain == 'y')
        gen_put(g, "%u", 2023 + gen_below(g, 3));
    else if (strncmp(chain, "month", 5) == 0)
        gen_put(g, "%u", 1 + gen_below(g, most[4]));
    else
        gen_put(g, "%u", gen_below(g, most[strchr(letters, *chain) - letters]));
}

static void put_piece(struct gen *g, void (*make)(struct gen *, struct piece *))
{
    struct piece p;
    make(g, &p);
    gen_yaml(g, p.text);
}

static void put_value(struct gen *g, unsigned chain)
{
    static const char *const placeholders[] = {"'%names%'", "'x%num%'", "'%names%%num%'",
                                               "'\\%names%'", "'%names%-x'"};
    static const char *const regexes[] = {"'^%re%'", "'(%re%){2}'", "'x(%re%)$'", "'a%num%'"};
    switch (chains[chain].operand) {
    case TEXT:
    case LITERAL:
    case ASCII:
        put_text(g, chains[chain].operand);
        break;
    case ANYTHING:
        put_anything(g);
        break;
    case REGEX:
        put_piece(g, gen_regex);
        break;
    case REGEX_PLACEHOLDER:
        gen_put(g, "%s", PICK(g, regexes));
        break;
    case NETWORK:
        put_piece(g, gen_network);
        break;
    case BOOLEAN:
        gen_put(g, "%s", gen_below(g, 2) ? "true" : "false");
        break;
    case NUMBER:
        put_number(g);
        break;
    case FIELD:
        gen_yaml(g, gen_field(g));
        break;
    case PART:
        put_part(g, chains[chain].name);
        break;
    case PLACEHOLDER:
        gen_put(g, "%s", PICK(g, placeholders));
        break;
    }
}

/* ---- detections ---- */

static unsigned pick_chain(struct gen *g)
{
    unsigned total = 0, i = 0;
    for (unsigned c = 0; c < N_CHAINS; c++)
        total += chains[c].weight;
    for (unsigned at = gen_below(g, total); at >= chains[i].weight; i++)
        at -= chains[i].weight;
    return i;
}

/* A list is now and then long enough for a table. */
static unsigned list_length(struct gen *g)
{
    if (gen_chance(g, 40))
        return 20 + gen_below(g, 30);
    return gen_chance(g, 3) ? 2 + gen_below(g, 6) : 1;
}

static void put_item(struct gen *g, const char *field, unsigned chain)
{
    bool one = chains[chain].operand == BOOLEAN; /* exists takes no list */
    g->field = *field ? field : NULL;
    const char *bar = *chains[chain].name ? "|" : "";
    gen_put(g, "'%s%s%s': ", field, bar, chains[chain].name);
    if (chains[chain].operand == ANYTHING && gen_chance(g, 16)) {
        gen_put(g, "null\n");
        return;
    }
    gen_put(g, one ? "" : "[");
    for (unsigned i = one ? 1 : list_length(g); i > 0; i--) {
        put_value(g, chain);
        gen_put(g, i > 1 ? ", " : "");
    }
    gen_put(g, one ? "\n" : "]\n");
}

static bool is_keyword_chain(unsigned chain)
{
    enum operand o = chains[chain].operand;
    bool kind = o == TEXT || o == LITERAL || o == ASCII || o == REGEX || o == PLACEHOLDER ||
                o == REGEX_PLACEHOLDER;
    return kind && !strstr(chains[chain].name, "with");
}

/* Number of fields and which, for the pack's routing. */
static const char *rule_field(struct gen *g, unsigned at)
{
    static const char *const own[] = {"A",     "B",   "C",     "a.b",
                                      "a.b.c", "d.e", "p.q.r", "K\xc3\xa4se [1]"};
    if (g->routing != GEN_ROUTE_NONE && at % 3 == 0)
        return shape_fields[at / 3 % COUNT(shape_fields)];
    return own[at % COUNT(own)];
}

static void put_map(struct gen *g, const char *first, const char *next, unsigned chain)
{
    unsigned used = gen_below(g, 360), n = 1 + gen_chance(g, 4) + gen_chance(g, 12);
    for (unsigned i = 0; i < n; i++) {
        if (i > 0)
            chain = pick_chain(g);
        gen_put(g, "%s", i == 0 ? first : next);
        put_item(g, rule_field(g, used + i), chain);
    }
}

/* List elements are OR-linked: maps, keywords, lists of both. */
static void put_list(struct gen *g, unsigned chain)
{
    put_map(g, "    - ", "      ", chain);
    if (gen_chance(g, 2))
        put_map(g, "    - ", "      ", pick_chain(g));
    if (gen_chance(g, 4)) {
        gen_put(g, "    - ");
        put_text(g, TEXT);
        gen_put(g, "\n");
    }
    if (gen_chance(g, 4))
        put_map(g, "    - - ", "        ", pick_chain(g));
}

/* Many searches in one field, some for several texts: a guard asks before them. */
static void put_searches(struct gen *g)
{
    static const char *const names[] = {"contains|all", "contains|all", "contains", "re|all"};
    const char *field = rule_field(g, gen_below(g, 360));
    for (unsigned n = 5 + gen_below(g, 6); n > 0; n--) {
        const char *name = PICK(g, names);
        unsigned chain = 0;
        while (strcmp(chains[chain].name, name) != 0)
            chain++;
        gen_put(g, "    - ");
        put_item(g, field, chain);
    }
}

static void put_keywords(struct gen *g)
{
    g->field = NULL;
    for (unsigned n = 1 + gen_below(g, 3); n > 0; n--) {
        gen_put(g, "    - ");
        if (gen_chance(g, 4))
            put_number(g);
        else
            put_text(g, TEXT);
        gen_put(g, "\n");
    }
}

static void put_body(struct gen *g, unsigned chain)
{
    if (is_keyword_chain(chain) && gen_chance(g, 4)) {
        gen_put(g, "    ");
        put_item(g, "", chain);
    } else if (gen_chance(g, 24)) {
        put_keywords(g);
    } else if (gen_chance(g, 12)) {
        put_searches(g);
    } else if (gen_chance(g, 5)) {
        put_list(g, chain);
    } else {
        put_map(g, "    ", "    ", chain);
    }
}

static void put_selection(struct gen *g, const char *name, unsigned chain)
{
    gen_put(g, "  %s:\n", name);
    size_t off = g->len;
    put_body(g, chain);
    struct gen_span *span =
        &g->spans[g->n_spans < GEN_SPANS ? g->n_spans++ : gen_below(g, GEN_SPANS)];
    *span = (struct gen_span){off, g->len - off};
}

/* Rules share predicates, and whole gates of them. */
static void put_selection_again(struct gen *g, const char *name)
{
    struct gen_span span = g->spans[gen_below(g, g->n_spans)];
    gen_put(g, "  %s:\n", name);
    gen_put(g, "%.*s", (int)span.len, g->out + span.off);
}

/* ---- conditions ---- */

static void put_condition(struct gen *g, unsigned depth)
{
    static const char *const leaves[] = {
        "s0",      "s0",        "s1",      "s-2",         "t_0",       "_u",
        "1 of s*", "all of s*", "2 of s*", "any of them", "3 of them", "all of them",
        "1 of _*", "1 of *0",   "2 of *",  "all of s0",
    };
    if (depth == 0 || gen_chance(g, 4)) {
        gen_put(g, "%s", PICK(g, leaves));
        return;
    }
    switch (gen_below(g, 5)) {
    case 0:
        gen_put(g, "not ");
        put_condition(g, depth - 1);
        break;
    case 1:
        gen_put(g, "(");
        put_condition(g, depth - 1);
        gen_put(g, ")");
        break;
    default: {
        const char *op = gen_chance(g, 2) ? "and" : "or";
        put_condition(g, depth - 1);
        gen_put(g, gen_chance(g, 6) ? "  %s   " : " %s ", op);
        put_condition(g, depth - 1);
    }
    }
}

static void put_conditions(struct gen *g)
{
    static const char *const simple[] = {
        "1 of them",
        "1 of s*",
        "s0 or s1 or t_0",
        "not all of s*",
        "s0",
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
        "s0 or (s1 and not s-2)",
        "not (s0 and s1) or s-2",
        "s0 and not 1 of t*",
    };
    if (!gen_chance(g, 3)) {
        gen_put(g, "%s", PICK(g, simple));
        return;
    }
    bool list = gen_chance(g, 6);
    gen_put(g, list ? "['" : "");
    put_condition(g, 1 + gen_below(g, 5));
    if (list) {
        gen_put(g, "', '");
        put_condition(g, 1);
        gen_put(g, "']");
    }
}

/* Sources with many rules are searched for in a way of their own. */
static const char *rule_source(struct gen *g)
{
    if (g->routing == GEN_ROUTE_NONE)
        return logsources[0];
    return g->fast && g->routing == GEN_ROUTE_AUTO && !gen_chance(g, 3) ? logsources[g->home]
                                                                        : PICK(g, logsources);
}

void gen_rule(struct gen *g, unsigned number, unsigned *ret_chain)
{
    static const char *const names[] = {"s0", "s1", "s-2", "t_0", "_u"};
    g->traits = 0;
    gen_put(g, "title: r%u\nname: n%u\nlogsource: %s\ndetection:\n", number, number,
            rule_source(g));
    if (gen_below(g, 2) < g->fast) {
        const char *chain;
        gen_fast_detection(g, &chain);
        for (*ret_chain = 0; strcmp(chains[*ret_chain].name, chain) != 0;)
            ++*ret_chain;
        return;
    }
    *ret_chain = g->n_rules++ % N_CHAINS; /* in turn, so that small runs have all of them */
    for (unsigned i = 0; i < COUNT(names); i++)
        if (i > 0 && gen_chance(g, 4))
            put_selection_again(g, names[i]);
        else
            put_selection(g, names[i], i == 0 ? *ret_chain : pick_chain(g));
    gen_put(g, "  condition: ");
    put_conditions(g);
    gen_put(g, "\n---\n");
}

void gen_filter(struct gen *g, unsigned n_rules)
{
    static const char *const conditions[] = {"not s0", "s0 or not s1", "not 1 of s*",
                                             "not (s0 and s1)", "not all of them"};
    static const char *const sources[] = {"{product: demo}", "{product: windows}",
                                          "{category: process_creation}"};
    gen_put(g, "title: filter\nlogsource: %s\nfilter:\n  rules: ",
            g->routing == GEN_ROUTE_NONE ? sources[0] : PICK(g, sources));
    bool any = gen_chance(g, 6);
    gen_put(g, any ? "any" : "[");
    for (unsigned n = any ? 0 : n_rules / 4; n > 0; n--)
        gen_put(g, "n%u%s", gen_below(g, n_rules), n > 1 ? ", " : "]");
    gen_put(g, "\n");
    put_selection(g, "s0", pick_chain(g));
    put_selection(g, "s1", pick_chain(g));
    gen_put(g, "  condition: %s\n---\n", PICK(g, conditions));
}

void gen_pack(struct gen *g)
{
    static const char *const given[][3] = {{"windows", "process_creation", "security"},
                                           {"Windows", "process_creation", NULL},
                                           {"windows", "registry_set", "sysmon"},
                                           {"windows", NULL, "sysmon"},
                                           {"demo", "proxy", NULL},
                                           {NULL, "PROCESS_CREATION", "x"}};
    const char *const *source = PICK(g, given);
    unsigned way = g->n_packs++ % 12; /* in turn, so that small runs have all of them */
    g->len = g->long_len = 0;
    g->n_spans = g->n_wanted = 0;
    g->fast = gen_chance(g, 2) ? 1 + gen_below(g, 2) : 0;
    g->written = gen_chance(g, 2);
    g->home = 1 + gen_below(g, 9); /* one that some events have */
    g->routing = way % 2 == 0 || way > 8 ? GEN_ROUTE_NONE
                 : way != 1              ? GEN_ROUTE_AUTO
                                         : GEN_ROUTE_GIVEN;
    g->product = source[0];
    g->category = source[1];
    g->service = source[2];
}
