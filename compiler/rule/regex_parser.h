/* What the files of the regex parser share; nobody else includes it. */
#ifndef SIGMATON_RULE_REGEX_PARSER_H
#define SIGMATON_RULE_REGEX_PARSER_H

#include "regex.h"
#include "vec.h"

#define CODE_POINT_MAX 0x10ffffu

struct regex_parser {
    struct arena *arena;
    struct str pattern;
    size_t at; /* bytes read */
    struct regex_flags flags;
    unsigned depth;
    struct regex_error *error;
};

struct range_list {
    struct regex_range *v;
    size_t n, cap;
};

/* Records the fault; always false. The bytes [off, off + len) are those of the pattern. */
bool regex_fail(struct regex_parser *p, size_t off, size_t len, const char *what);
bool regex_at_end(const struct regex_parser *p);
/* The byte `ahead` bytes further, or NUL behind the end (a NUL in the pattern is ordinary text, so
 * ask regex_at_end where that matters). */
char regex_peek(const struct regex_parser *p, size_t ahead);
bool regex_looking_at(const struct regex_parser *p, const char *text);
/* Reads one code point. False after reporting when the bytes are no UTF-8. */
bool regex_read_char(struct regex_parser *p, uint32_t *ret_c);

struct regex *regex_node(struct regex_parser *p, enum regex_kind kind);
struct regex *regex_char(struct regex_parser *p, uint32_t c);

/* True at * + ? or a brace that forms a count. */
bool regex_at_quantifier(const struct regex_parser *p);
/* Comments stand for nothing, also between an atom and its quantifier. */
bool regex_skip_comments(struct regex_parser *p);
/* Up to the closing parenthesis or the end. NULL after reporting. */
struct regex *regex_read_alternatives(struct regex_parser *p);
/* A group of any form; the parser stands on its parenthesis. NULL after reporting. */
struct regex *regex_read_group(struct regex_parser *p);
/* (?i) and the like at the start of the pattern or a group: they hold up to its end. */
bool regex_read_leading_flags(struct regex_parser *p);

/* A named set of code points, sorted and disjoint. */
struct regex_set {
    const struct regex_range *ranges;
    size_t n;
};

enum escape_kind { ESCAPE_CHAR, ESCAPE_SET, ESCAPE_ANCHOR };

struct regex_escape {
    enum escape_kind kind;
    uint32_t c;             /* CHAR */
    struct regex_set set;   /* SET */
    bool negated;           /* SET: its complement is meant */
    enum regex_kind anchor; /* ANCHOR */
};

/* Reads an escape; the parser stands on the backslash. */
bool regex_read_escape(struct regex_parser *p, bool in_class, struct regex_escape *ret_escape);

/* Reads a class; the parser stands on its opening bracket. NULL after reporting. */
struct regex *regex_read_class(struct regex_parser *p);
/* True when a POSIX class such as [:alpha:] begins here; *ret_end is behind it. */
bool regex_at_posix(const struct regex_parser *p, size_t *ret_end);
/* A class node of a predefined set; all of them hold a letter in both cases or in none, so case
 * does not matter. */
struct regex *regex_class_of(struct regex_parser *p, struct regex_set set, bool negated);

#endif
