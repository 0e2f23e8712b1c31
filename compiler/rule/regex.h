/* The Sigma regex language: parser -> AST.
 *
 * Flavour (SEMANTICS section 7, `re`): unanchored search over code points; literals, escapes, . []
 * [^] | ()
 * (?:) ^ $ \b \B \d \D \w \W \s \S \A \z \Z, * + ? {n} {n,} {n,m} with lazy forms, (?i) (?m) (?s)
 * at the start of the pattern or a group and (?i:...) groups; POSIX classes; \xHH \x{H..} \0oo
 * \cX \t \n \r \f \a \e; \v is PCRE's class of vertical white space; comments (?#...). Names of
 * groups are read and dropped. Look-around, back-references, possessive and atomic forms, \p, \h,
 * \Q..\E and every unknown escape of a letter or digit are refused with the place.
 * Laziness does not change whether a search succeeds and is dropped. The AST keeps letters as
 * written; `icase` on a node says that the node ignores case (section 6's folding); whoever matches
 * or prints it applies the folding.
 */
#ifndef SIGMATON_RULE_REGEX_H
#define SIGMATON_RULE_REGEX_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

struct arena;

#define REGEX_LENGTH_MAX 8192 /* bytes of one pattern */
#define REGEX_DEPTH_MAX 64    /* nested groups */
#define REGEX_REPEAT_MAX 1000 /* n and m of {n,m} */
/* Nodes once counted repeats are written out: bounds the work of every matcher. */
#define REGEX_EXPANDED_MAX 100000

enum regex_kind {
    REGEX_EMPTY,
    REGEX_CHAR,       /* one code point */
    REGEX_CLASS,      /* a set of code points: ranges, sorted, disjoint; see negated */
    REGEX_CAT,        /* children in order */
    REGEX_ALT,        /* any child */
    REGEX_REPEAT,     /* child min..max times; max REGEX_INF for no bound */
    REGEX_LINE_START, /* ^ with m */
    REGEX_LINE_END,   /* $ with m */
    REGEX_TEXT_START, /* ^ without m, \A */
    REGEX_TEXT_END,   /* $ without m, \Z: at the end or before one final LF */
    REGEX_VERY_END,   /* \z */
    REGEX_WORD,       /* \b */
    REGEX_NOT_WORD,   /* \B */
};

#define REGEX_INF UINT32_MAX

struct regex_range {
    uint32_t lo, hi; /* code points, both included */
};

struct regex {
    enum regex_kind kind;
    bool icase;   /* CHAR and CLASS: ignore case; a negated class was negated AFTER its
                     positive set, see `negated` */
    bool negated; /* CLASS: the set as written was [^...]; ranges hold the positive set, and what
                     matches is every code point that the (case-closed) positive set lacks */
    uint32_t c;   /* CHAR */
    struct regex_range *ranges;
    size_t n_ranges;
    struct regex **children; /* CAT, ALT; REPEAT has one */
    size_t n_children;
    uint32_t min, max;
};

struct regex_flags {
    bool icase, multiline, dotall;
};

struct regex_error {
    uint32_t off, len; /* bytes of the pattern */
    const char *what;  /* "look-ahead is not part of Sigma's regex language" */
};

/* Parses a pattern. NULL and *ret_error on failure. `.` is the class of all code points but LF
 * (with s: all). */
struct regex *regex_parse(struct arena *a, struct str pattern, struct regex_flags flags,
                          struct regex_error *ret_error);
/* True when the regex is nothing but characters of one case mode (that of the first): *ret_text is
 * what it searches for. */
bool regex_is_literal(struct arena *a, const struct regex *re, struct str *ret_text);
/* The AST as an S-expression, for dumps. */
void regex_print_ast(struct text *out, const struct regex *re);

#endif
