/* Values of detection items, after modifiers: what an event leaf is held against.
 *
 * A text value is a pattern: parts in order, where TEXT is literal UTF-8 as written (case not
 * folded), STAR any run, ONE exactly one code point, DASH one of - / U+2013 U+2014 U+2015
 * (windash). `contains: x` is simply STAR TEXT(x) STAR, so no consumer knows of contains,
 * startswith or endswith. Two STARs never stand side by side, two TEXTs neither; the empty pattern
 * (no parts) is the empty string.
 */
#ifndef SIGMATON_RULE_VALUE_H
#define SIGMATON_RULE_VALUE_H

#include "diag.h"
#include "str.h"

struct arena;
struct regex;

enum part_kind { PART_TEXT, PART_STAR, PART_ONE, PART_DASH };

struct part {
    enum part_kind kind;
    struct str text; /* PART_TEXT: not empty */
};

struct pattern {
    struct part *parts;
    size_t n;
};

enum number_kind { NUMBER_INT, NUMBER_UINT, NUMBER_FLOAT };

/* UINT only above INT64_MAX, so that equal values have one form; FLOAT is finite. */
struct number {
    enum number_kind kind;
    int64_t i;
    uint64_t u;
    double f;
};

enum compare { COMPARE_EQ, COMPARE_LT, COMPARE_LTE, COMPARE_GT, COMPARE_GTE };

enum time_part {
    TIME_MINUTE,
    TIME_HOUR,
    TIME_DAY,
    TIME_WEEK,
    TIME_MONTH,
    TIME_YEAR,
};

enum affix { AFFIX_WHOLE, AFFIX_PREFIX, AFFIX_SUFFIX, AFFIX_INSIDE };

enum value_kind {
    VALUE_NULL,     /* field absent, or a JSON null */
    VALUE_BOOL,     /* boolean */
    VALUE_NUMBER,   /* compare against number (EQ without lt .. gte) */
    VALUE_PATTERN,  /* patterns[n], OR-linked; cased */
    VALUE_REGEX,    /* regexes[n], OR-linked (several only through expand) */
    VALUE_CIDR,     /* network */
    VALUE_EXISTS,   /* boolean: present or absent */
    VALUE_FIELDREF, /* other_field, affix, cased */
    VALUE_TIME,     /* time_part compare number */
};

struct network {
    bool v6;
    uint8_t address[16]; /* v4: the first four bytes; host bits are zero */
    unsigned prefix;     /* bits */
};

struct value {
    enum value_kind kind;
    struct span at;
    bool cased;
    bool boolean;
    struct number number;
    enum compare compare;
    enum time_part time_part;
    struct pattern *patterns;
    struct regex **regexes;
    size_t n; /* of patterns or regexes */
    struct network network;
    struct str other_field;
    enum affix affix;
};

/* Sigma escapes and wildcards of a scalar's decoded text -> pattern (SEMANTICS section 6), which
 * holds slices of the text. */
struct pattern pattern_parse(struct arena *a, struct str text);
/* The literal text of a pattern without wildcards; false when it has any. */
bool pattern_literal(const struct pattern *p, struct str *ret_text);
bool pattern_has_wildcard(const struct pattern *p); /* STAR or ONE */
/* A STAR in front and/or behind unless one is there. */
struct pattern pattern_affix(struct arena *a, const struct pattern *p, bool front, bool behind);
struct pattern pattern_of_text(struct arena *a, struct str literal);
/* The patterns behind each other as one. */
struct pattern pattern_join(struct arena *a, const struct pattern *p, size_t n);
/* Every dash position of every text part becomes a DASH (SEMANTICS section 7). */
struct pattern pattern_windash(struct arena *a, const struct pattern *p);
/* Strict address or network text -> network; false when it is none or has host bits set. */
bool network_parse(struct str s, struct network *ret_network, const char **ret_why);

/* For dumps: the pattern as Sigma text with every backslash, star, question mark and double quote
 * of the literal text escaped, control bytes as \xHH, DASH as <dash>. */
void pattern_print(struct text *out, const struct pattern *p);
void value_print(struct text *out, const struct value *v);

#endif
