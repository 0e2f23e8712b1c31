/* Events as JSON text: the same event in many spellings. */
#include <stdio.h>
#include <string.h>

#include "gen_parts.h"

/* ---- JSON ---- */

/* White space between tokens, in one event out of a few. */
static void space(struct gen *g)
{
    static const char *const spaces[] = {"", "", "", " ", "\t", "  ", "\n", "\r\n"};
    if (gen_below(g, 8) == 0)
        gen_put(g, "%s", PICK(g, spaces));
}

/* Code point of valid UTF-8; 1 to 4 bytes. */
static uint32_t code_point(const char *p, size_t *ret_len)
{
    const unsigned char *u = (const unsigned char *)p;
    *ret_len = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
    uint32_t c = *ret_len == 1 ? u[0] : u[0] & (0xffu >> (*ret_len + 1));
    for (size_t i = 1; i < *ret_len; i++)
        c = c << 6 | (u[i] & 0x3f);
    return c;
}

static void put_unit(struct gen *g, uint32_t unit)
{
    gen_put(g, gen_chance(g, 2) ? "\\u%04x" : "\\u%04X", unit);
}

static void put_escaped(struct gen *g, uint32_t c)
{
    static const char short_ones[] = "\b\f\n\r\t\"\\/", letters[] = "bfnrt\"\\/";
    const char *at = c && c < 0x80 ? strchr(short_ones, (int)c) : NULL;
    if (at && gen_chance(g, 2)) {
        gen_trait(g, c == '/' ? GEN_SOLIDUS : GEN_SHORT);
        gen_put(g, "\\%c", letters[at - short_ones]);
    } else if (c >= 0x10000) {
        gen_trait(g, GEN_PAIR);
        put_unit(g, 0xd800 + ((c - 0x10000) >> 10));
        put_unit(g, 0xdc00 + ((c - 0x10000) & 0x3ff));
    } else {
        gen_trait(g, c < 0x80 ? GEN_UNIT : GEN_UNIT_BEYOND);
        put_unit(g, c);
    }
}

/* What a writer escapes beside what it must. */
enum style { PLAIN, AT_RANDOM, SOLIDUS, BEYOND_ASCII, STYLES };

static bool style_escapes(struct gen *g, enum style style, unsigned one_in, uint32_t c)
{
    switch (style) {
    case AT_RANDOM:
        return gen_chance(g, one_in);
    case SOLIDUS:
        return c == '/';
    case BEYOND_ASCII:
        return c >= 0x80;
    default:
        return false;
    }
}

void gen_json_text(struct gen *g, const char *text, size_t len)
{
    unsigned one_in = 1 + gen_below(g, 12); /* escapes that need not be */
    enum style style = gen_chance(g, 3) ? (enum style)gen_below(g, STYLES) : PLAIN;
    if (g->flat && gen_chance(g, 2))
        one_in = 40;
    gen_put(g, "\"");
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t c = code_point(text + i, &n);
        if (c == '"' || c == '\\' || c < 0x20 || style_escapes(g, style, one_in, c))
            put_escaped(g, c);
        else
            gen_put(g, "%.*s", (int)n, text + i);
        if (style == AT_RANDOM &&
            gen_chance(g, 40)) { /* a lone surrogate; behind a high one, what is no low one */
            put_unit(g, gen_chance(g, 2) ? 0xd83d : 0xde00);
            if (gen_chance(g, 2))
                put_unit(g, gen_chance(g, 2) ? 0xe000 : 0x41);
        }
    }
    gen_put(g, "\"");
}

void gen_key(struct gen *g, const char *name)
{
    size_t from = g->len;
    gen_json_text(g, name, strlen(name));
    if (memchr(g->out + from, '\\', g->len - from))
        gen_trait(g, GEN_KEY);
    space(g);
    gen_put(g, ":");
    space(g);
}

/* ---- scalars ---- */

static const char *const dashes[] = {"-", "/", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95"};

/* The other case of an ASCII letter, of a few others too. */
static bool put_other_case(const char **p, struct piece *out, bool upper)
{
    static const char *const pairs[][2] = {{"\xc3\xa9", "\xc3\x89"},
                                           {"\xd0\xb6", "\xd0\x96"},
                                           {"\xe2\xb1\xa5", "\xc8\xba"},
                                           {"\xcf\x83", "\xce\xa3"},
                                           {"\xc3\x9f", "\xe1\xba\x9e"},
                                           {"\xcf\x82", "\xce\xa3"},
                                           {"\xf0\x90\x90\xa8", "\xf0\x90\x90\x80"}};
    for (size_t i = 0; i < COUNT(pairs); i++) {
        const char *from = pairs[i][!upper];
        if (strncmp(*p, from, strlen(from)) != 0)
            continue;
        piece_text(out, pairs[i][upper]);
        *p += strlen(from);
        return true;
    }
    bool change = upper ? **p >= 'a' && **p <= 'z' : **p >= 'A' && **p <= 'Z';
    if (!change)
        return false;
    piece_add(out, &(char){(char)(**p ^ 0x20)}, 1);
    ++*p;
    return true;
}

/* The seed as an event would hold it: wildcards filled, case changed, dashes exchanged. */
void gen_unfold(struct gen *g, const struct gen_seed *seed, struct piece *out)
{
    unsigned mode = gen_below(g, 5);
    bool dash = gen_chance(g, 2);
    for (const char *p = seed->text; *p;) {
        if (!seed->plain && *p == '\\' && (p[1] == '*' || p[1] == '?' || p[1] == '\\')) {
            piece_add(out, p + 1, 1);
            p += 2;
        } else if (!seed->plain && (*p == '*' || *p == '?')) {
            if (*p == '?' && gen_chance(g, 2))
                piece_text(out, gen_chance(g, 2) ? "x" : "\xf0\x9f\x98\x80");
            else if (*p == '?' || gen_chance(g, 2))
                piece_text(out, gen_word(g));
            p++;
        } else if (*p == '-' && dash && gen_chance(g, 2)) {
            piece_text(out, PICK(g, dashes));
            p++;
        } else if (mode > 2 || gen_chance(g, 5) ||
                   !put_other_case(&p, out, mode == 0 ? gen_chance(g, 2) : mode == 1)) {
            size_t n;
            code_point(p, &n);
            piece_add(out, p, n);
            p += n;
        }
    }
}

/* One character more, less or other, so that lengths, last bytes and those in the middle matter.
 * ASCII only, for the text must stay UTF-8. */
void gen_nudge(struct gen *g, struct piece *p)
{
    if (p->len == 0)
        return;
    size_t at = p->len - 1;
    if (p->len > 16 && gen_chance(g, 2)) /* beside the words that are compared first */
        at = 8 + gen_below(g, (uint32_t)p->len - 16);
    else if (gen_chance(g, 2))
        at = gen_below(g, (uint32_t)p->len);
    if ((unsigned char)p->text[at] >= 0x80)
        return;
    if (at == p->len - 1 && gen_chance(g, 2))
        p->text[--p->len] = '\0';
    else
        p->text[at] ^= (char)(gen_chance(g, 2) ? 0x20 : 0x01);
    if ((unsigned char)p->text[at] < 0x20 && at < p->len)
        p->text[at] = '~';
}

static void vary(struct gen *g, const struct gen_seed *seed, struct piece *out)
{
    out->len = 0;
    out->text[0] = '\0';
    if (gen_chance(g, 3))
        piece_text(out, gen_word(g));
    gen_unfold(g, seed, out);
    if (gen_chance(g, out->len > 16 ? 4 : 8))
        gen_nudge(g, out);
    if (gen_chance(g, 3))
        piece_text(out, gen_word(g));
    if (gen_chance(g, 30))
        piece_text(out, gen_chance(g, 3) ? "\nab" : "\n");
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

/* Encoded as bytes, or as UTF-16 of ASCII text in either order, with up to two bytes before it; or
 * the UTF-16 itself, as text. */
static void put_encoded(struct gen *g, const char *seed)
{
    unsigned char raw[2 * GEN_TEXT + 8];
    char text[4 * GEN_TEXT];
    size_t n = gen_below(g, 3);
    unsigned mode = gen_below(g, 5);
    memset(raw, 'x', n);
    if (mode == 3) {
        raw[n++] = 0xff;
        raw[n++] = 0xfe;
    }
    for (const char *p = seed; *p && n + 2 < sizeof raw; p++) {
        if (*p == '\\' && p[1] == '\\')
            p++;
        if (mode == 2)
            raw[n++] = 0;
        raw[n++] = (unsigned char)*p;
        if (mode == 1 || mode >= 3)
            raw[n++] = 0;
    }
    gen_json_text(g, text, base64(raw, n, text));
}

/* NUL after or before each ASCII character: what `wide` without an encoder compares with. */
static void put_nuls(struct gen *g, const char *seed)
{
    char text[2 * GEN_TEXT];
    size_t n = 0;
    bool before = gen_chance(g, 2);
    for (const char *p = seed; *p && (unsigned char)*p < 0x80; p++) {
        if (before)
            text[n++] = '\0';
        text[n++] = *p;
        if (!before)
            text[n++] = '\0';
    }
    gen_json_text(g, text, n);
}

static void put_time(struct gen *g)
{
    static const char *const fixed[] = {
        "2024-03-05T17:42:09Z", "2024-12-30 23:59:59", "2025-01-02T00:00:00.5+02:00",
        "2024-02-30T01:01:01Z", "2023-07-04T05:06",    "2024-02-29T00:00:00Z",
        "2023-02-29T00:00",     "2024-01-01T24:00:00", "2024-01-01T00:00:60Z",
        "2024-1-01T00:00:00",   "2024-01-01",          "2024-01-01T00:00:00.",
    };
    static const char *const ends[] = {"",     "Z",         "+05:30", "-11:00",
                                       ".123", ".9999999Z", "z",      "+0100"};
    if (gen_chance(g, 3)) {
        gen_put(g, "\"%s\"", PICK(g, fixed));
    } else if (gen_chance(g, 3)) { /* Unix seconds, milliseconds, neither */
        static const char *const forms[][2] = {{"17", ""},   {"17", "000"},  {"-", ""},
                                               {"17", ".5"}, {"\"17", "\""}, {"17", "999e-3"}};
        const char *const *form = PICK(g, forms);
        gen_put(g, "%s%08u%s", form[0], 10000000 + gen_below(g, 90000000), form[1]);
    } else {
        gen_put(g, "\"20%02u-%02u-%02u%c%02u:%02u:%02u%s\"", 20 + gen_below(g, 8),
                1 + gen_below(g, 12), 1 + gen_below(g, 31), gen_chance(g, 3) ? ' ' : 'T',
                gen_below(g, 24), gen_below(g, 60), gen_below(g, 60), PICK(g, ends));
    }
}

static void put_event_number(struct gen *g)
{
    char number[GEN_NUMBER];
    const struct gen_number *of_rule = &g->shared;
    if (g->n_numbers > 0 && !g->twins &&
        !gen_chance(g, 8)) { /* else two fields of the event may be equal */
        of_rule = &g->numbers[gen_below(g, g->n_numbers)];
        for (unsigned i = 0; i < 8 && !gen_suits(g, of_rule->field); i++)
            of_rule = &g->numbers[gen_below(g, g->n_numbers)];
    }
    gen_respell(g, of_rule->text, number);
    gen_put(g, gen_chance(g, g->twins ? 2 : 3) ? "\"%s\"" : "%s", number);
}

static void put_address(struct gen *g)
{
    struct piece p;
    gen_address(g, &p);
    gen_json_text(g, p.text, p.len);
}

/* A periodic text behind many of its own beginnings. */
static void put_periodic(struct gen *g)
{
    char text[5000];
    unsigned pick = gen_below(g, COUNT(g->periodic));
    for (unsigned i = 0; i < 4 && !gen_suits(g, g->periodic[pick].field); i++)
        pick = gen_below(g, COUNT(g->periodic));
    const char *whole = g->periodic[pick].text;
    size_t len = strlen(whole), period = 1 + gen_below(g, 3), at = 0;
    while (period < len && ((unsigned char)whole[period] & 0xc0) == 0x80)
        period++;
    if (period > len)
        period = len;
    for (unsigned times = gen_below(g, 2000); times > 0 && at + period + len < sizeof text;
         times--) {
        memcpy(text + at, whole, period);
        at += period;
    }
    memcpy(text + at, whole, len);
    gen_json_text(g, text, at + len);
}

/* Beyond the length from which values are searched from where a text can first stand: texts of the
 * field, of which the last ends it. `plain`: nothing that JSON escapes. */
static void put_long(struct gen *g, bool plain)
{
    char text[6000];
    struct piece p;
    const size_t least = 2000 + gen_below(g, 100) + gen_chance(g, 2) * gen_below(g, 3000);
    size_t len = 0;
    while (len < least) {
        const struct gen_seed *seed = &g->seeds[gen_below(g, g->n_seeds)];
        for (unsigned i = 0; i < 8 && !gen_suits(g, seed->field); i++)
            seed = &g->seeds[gen_below(g, g->n_seeds)];
        vary(g, seed, &p);
        for (size_t i = 0; plain && i < p.len; i++)
            if ((unsigned char)p.text[i] < 0x20 || (unsigned char)p.text[i] >= 0x80 ||
                strchr("\"\\", p.text[i]))
                p.text[i] = '_';
        memcpy(text + len, p.text, p.len);
        len += p.len;
    }
    if (plain) {
        g->long_off = g->len + 1;
        g->long_len = len;
        gen_put(g, "\"%.*s\"", (int)len, text);
    } else {
        gen_json_text(g, text, len);
    }
}

static void put_scalar(struct gen *g)
{
    static const char *const bools[] = {"true", "false", "\"True\"", "\"FALSE\"", "\"true \""};
    static const struct gen_seed x = {.text = "x", .plain = true};
    const struct gen_seed *seed = g->n_seeds ? &g->seeds[gen_below(g, g->n_seeds)] : &x;
    for (unsigned i = 0; i < 8 && !gen_suits(g, seed->field); i++)
        seed = &g->seeds[gen_below(g, g->n_seeds)];
    struct piece text;
    if (g->long_values && g->n_seeds && gen_chance(g, 2)) {
        put_long(g, !gen_chance(g, 4));
        return;
    }
    if (g->fast && gen_chance(g, 3)) {
        gen_fast_value(g);
        return;
    }
    switch (g->twins && gen_chance(g, 2) ? 0 : gen_below(g, 20)) {
    case 0:
    case 1:
    case 2:
        put_event_number(g);
        break;
    case 3:
        gen_put(g, "%s", PICK(g, bools));
        break;
    case 4:
        gen_put(g, gen_chance(g, 2) ? "null" : "\"\"");
        break;
    case 5:
        if (gen_chance(g, 4))
            put_nuls(g, seed->text);
        else
            put_encoded(g, seed->text);
        break;
    case 6:
        put_time(g);
        break;
    case 7:
    case 8:
        put_address(g);
        break;
    case 9:
        gen_json_text(g, seed->text, strlen(seed->text));
        break;
    default:
        if (gen_chance(g, 80)) {
            put_periodic(g);
            break;
        }
        vary(g, seed, &text);
        gen_json_text(g, text.text, text.len);
    }
}

/* ---- nested values ---- */

static void put_array(struct gen *g, unsigned depth)
{
    /* Long lists are looked up in another way */
    unsigned n = gen_chance(g, 16) ? 8 + gen_below(g, 40) : gen_below(g, 5);
    if (n > 5)
        depth = 1;
    gen_put(g, "[");
    space(g);
    for (unsigned i = 0; i < n; i++) {
        gen_value(g, depth - 1);
        space(g);
        gen_put(g, i + 1 < n ? "," : "");
    }
    gen_put(g, "]");
}

static void put_object(struct gen *g, unsigned depth)
{
    static const char *const names[] = {"x", "b", "c", "b.c", "q.r", "q", "e", ""};
    unsigned n = gen_below(g, 4);
    gen_put(g, "{");
    space(g);
    for (unsigned i = 0; i < n; i++) { /* the same name now and then: the first counts */
        gen_key(g, PICK(g, names));
        gen_value(g, depth - 1);
        gen_put(g, i + 1 < n ? "," : "");
    }
    gen_put(g, "}");
}

/* Near the limit of nesting, which is 128 with the event itself. */
static void put_deep(struct gen *g)
{
    unsigned n = gen_chance(g, 4) ? 104 : 2 + gen_below(g, 20);
    for (unsigned i = 0; i < n; i++)
        gen_put(g, "[");
    put_scalar(g);
    for (unsigned i = 0; i < n; i++)
        gen_put(g, "]");
}

/* Numbers that nothing else has, and one that other fields may have: long lists of two fields are
 * compared in a way of their own. */
static void put_number_list(struct gen *g)
{
    char number[GEN_NUMBER];
    gen_respell(g, g->shared.text, number);
    gen_put(g, "[");
    for (unsigned n = 5 + gen_below(g, 40); n > 0; n--)
        gen_put(g, gen_chance(g, 2) ? "%u," : "\"%u\",", 1000000 + gen_below(g, 1000000000));
    gen_put(g, gen_chance(g, 2) ? "%s]" : "\"%s\"]", number);
}

void gen_value(struct gen *g, unsigned depth)
{
    if (g->lists && gen_chance(g, 2)) {
        put_number_list(g);
        return;
    }
    unsigned what = gen_below(g, 40);
    if (depth == 0 || what > 7)
        put_scalar(g);
    else if (what > 3)
        put_array(g, depth);
    else if (what > 0)
        put_object(g, depth);
    else
        put_deep(g);
}

/* ---- events ---- */

/* A text near the limit of an event's length, or many values; rare, for they take their time. */
static void put_huge(struct gen *g)
{
    struct piece text;
    const char *word = gen_word(g);
    gen_key(g, gen_field(g));
    vary(g, &g->seeds[gen_below(g, g->n_seeds)], &text);
    if (gen_chance(g, 3)) {
        unsigned n = gen_below(g, 60000);
        gen_put(g, "[");
        for (unsigned i = 0; i < n; i++)
            gen_put(g, "%u,", i);
        gen_json_text(g, text.text, text.len);
        gen_put(g, "]");
        return;
    }
    gen_put(g, "\"");
    size_t len = strlen(word), n = (gen_chance(g, 2) ? 70000 : 600000) / (2 * len);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < len; k++)
            gen_put(g, word[k] == '\\' ? "\\\\" : "%c", word[k]);
    size_t quote = g->len; /* the quote that the text starts with goes */
    gen_json_text(g, text.text, text.len);
    memmove(g->out + quote, g->out + quote + 1, g->len - quote - 1);
    g->len--;
}

/* a.b.c as a flat key, as objects, or with a list on the way. */
static void put_path(struct gen *g, const char *path)
{
    const char *dot = strchr(path, '.');
    unsigned form = dot ? gen_below(g, 4) : 0;
    if (form < 2) {
        gen_key(g, path);
        gen_value(g, 3);
        return;
    }
    char head[32];
    snprintf(head, sizeof head, "%.*s", (int)(dot - path), path);
    gen_key(g, head);
    gen_put(g, form == 3 ? "[{" : "{");
    put_path(g, dot + 1);
    if (form == 3 && gen_chance(g, 2)) {
        gen_put(g, "},[1,{");
        put_path(g, dot + 1);
        gen_put(g, "}]]");
        return;
    }
    gen_put(g, form == 3 ? "}]" : "}");
}

/* The event before with the first part of its long value behind the other: as long and in the same
 * place, so that what was kept for that event would be taken for this one. */
static void put_turned(struct gen *g)
{
    char *at = g->out + g->long_off, part[6000];
    const size_t n = 1 + gen_below(g, (uint32_t)g->long_len - 1);
    memcpy(part, at, n);
    memmove(at, at + n, g->long_len - n);
    memcpy(at + g->long_len - n, part, n);
    g->len = g->event_len;
}

void gen_event(struct gen *g)
{
    if (g->long_len > 0 && !gen_chance(g, 3)) {
        put_turned(g);
        return;
    }
    g->long_len = 0;
    gen_number(g, g->shared.text, false);
    g->traits = 0;
    g->flat = g->fast && !gen_chance(g, 4);
    g->twins = !g->flat && gen_chance(g, 8);
    g->lists = !g->flat && gen_chance(g, 40);
    g->long_values = gen_chance(g, 20);
    unsigned n = g->flat ? gen_chance(g, 4) * gen_below(g, 5) : 2 + gen_below(g, 9);
    if (g->flat)
        gen_trait(g, GEN_FLAT);
    else
        space(g);
    gen_put(g, "{");
    space(g);
    gen_put(g, "\"z\":0");
    if (g->flat)
        gen_fast_members(g);
    else if (g->routing != GEN_ROUTE_NONE || gen_chance(g, 8))
        gen_source_members(g);
    for (unsigned i = 0; i < n; i++) {
        space(g);
        gen_put(g, ",");
        space(g);
        g->field = gen_field(g);
        put_path(g, g->field);
    }
    if (gen_chance(g, 4000)) {
        gen_put(g, ",");
        put_huge(g);
    }
    space(g);
    gen_put(g, "}");
    space(g);
    g->flat = g->long_values = false;
    g->event_len = g->len;
}

void gen_damage(struct gen *g)
{
    g->long_len = 0;
    static const char bytes[] = "\"\\{}[]:,0a\x01\x80\xc3\xff \n-.eu";
    for (unsigned n = 1 + gen_below(g, 2); n > 0 && g->len > 0; n--) {
        size_t at = gen_below(g, (uint32_t)g->len);
        if (gen_chance(g, 3)) {
            g->len = at;
            continue;
        }
        g->out[at] = bytes[gen_below(g, sizeof bytes - 1)];
    }
}
