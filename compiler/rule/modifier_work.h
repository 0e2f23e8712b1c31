/* What the files behind modifier.h share: a modifier's row, its use in a key, and the value that
 * the uses turn step by step into its final form. Nobody else includes it. */
#ifndef SIGMATON_RULE_MODIFIER_WORK_H
#define SIGMATON_RULE_MODIFIER_WORK_H

#include "arena.h"
#include "modifier.h"
#include "regex.h"

/* Kinds of operands, as bits. */
enum operand {
    T_STRING = 1u << 0,
    T_NUMBER = 1u << 1,
    T_BOOLEAN = 1u << 2,
    T_NULL = 1u << 3,
    T_REGEX = 1u << 4,
    T_NETWORK = 1u << 5,
    T_PRESENCE = 1u << 6,
    T_COMPARISON = 1u << 7,
    T_TIME = 1u << 8,
    T_FIELDREF = 1u << 9,
};
#define T_SCALAR ((unsigned)T_STRING | T_NUMBER | T_BOOLEAN | T_NULL)
#define T_ANY (~0u)

enum modifier_group {
    GROUP_ITEM, /* all, neq: they act on the item, not on its values */
    GROUP_SUBSTRING,
    GROUP_CASED,
    GROUP_EXISTS,
    GROUP_WINDASH,
    GROUP_UTF16,
    GROUP_BASE64,
    GROUP_RE,
    GROUP_FLAG,
    GROUP_CIDR,
    GROUP_COMPARE,
    GROUP_TIME,
    GROUP_FIELDREF,
    GROUP_EXPAND,
    GROUP__COUNT
};

enum { ITEM_ALL, ITEM_NEQ };
enum { FLAG_I, FLAG_M, FLAG_S };
enum { FIRST = 1, KEYWORD = 2 };

struct work;

struct modifier {
    const char *name, *alias; /* alias: NULL where there is none */
    enum modifier_group group;
    bool (*apply)(struct work *w, int argument); /* false after reporting */
    int argument;
    unsigned takes, gives, after, conflicts, flags;
    const char *clause;
};

extern const struct modifier modifiers[];
extern const size_t n_modifiers;

/* A modifier in a key, as written. */
struct modifier_use {
    const struct modifier *modifier;
    struct str text;
    struct span at;
};

/* Names of placeholders that wait, each once. */
struct pending {
    struct str *v;
    size_t n, cap;
};

/* One value on its way through the modifiers. */
struct work {
    struct arena *arena;
    struct diag_sink *sink;
    const struct node *placeholders; /* NULL: none */
    bool again;                      /* see struct rule_options */
    struct pending *pending;         /* NULL: a placeholder without values is an error */
    size_t *variants_left;
    const struct node *node; /* the scalar as written */
    const struct modifier_use *use;
    unsigned state; /* one bit of enum operand */
    struct value *value;
    struct str *texts; /* T_REGEX: texts[n_texts], parsed once all flags are known */
    size_t n_texts;
    struct regex_flags flags;
    bool utf16;     /* the patterns hold UTF-16 bytes .. */
    bool utf16_raw; /* .. that are no text: something beyond ASCII, or a byte order mark */
};

/* The bytes of `needle` inside the scalar, or the whole scalar. */
struct span work_place(const struct work *w, struct str needle);
/* Books one variant of `len` bytes; false after reporting that there are too many. */
bool work_charge(struct work *w, size_t len);

bool apply_affix(struct work *w, int affix);
bool apply_cased(struct work *w, int unused);
bool apply_exists(struct work *w, int unused);
bool apply_windash(struct work *w, int unused);
bool apply_utf16(struct work *w, int form);
bool apply_base64(struct work *w, int unused);
bool apply_base64offset(struct work *w, int unused);
bool apply_re(struct work *w, int unused);
bool apply_flag(struct work *w, int flag);
bool apply_cidr(struct work *w, int unused);
bool apply_compare(struct work *w, int compare);
bool apply_time(struct work *w, int time_part);
bool apply_fieldref(struct work *w, int unused);
bool apply_expand(struct work *w, int unused); /* expand.c */

#endif
