/* Random rules and events that have something to do with each other, for differential runs.
 *
 * All randomness comes from one seed. Rules are YAML text, events JSON text, so that every stage of
 * every engine takes part. Event values are drawn from the texts, numbers and networks of the rules
 * at hand, varied in case, cut, wrapped, escaped and encoded, so that a good part of all pairs
 * hits.
 */
#ifndef AGREE_GEN_H
#define AGREE_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GEN_TEXT = 288,
    GEN_SEEDS = 512,
    GEN_NETWORKS = 48,
    GEN_NUMBERS = 96,
    GEN_NUMBER = 48,
    GEN_SPANS = 24,
    GEN_WANTED = 256
};

/* What an event may hold so that a rule at hand hits. */
struct gen_seed {
    char text[GEN_TEXT];
    bool plain;        /* else written as in a rule, with escapes and wildcards */
    const char *field; /* of the rule's item; NULL: any */
};

struct gen_network {
    uint8_t address[16];
    unsigned prefix;
    bool v6;
    const char *field;
};

struct gen_number {
    char text[GEN_NUMBER];
    const char *field;
};

/* A selection of the pack at hand, as written in g->out. */
struct gen_span {
    size_t off, len;
};

/* What the search for candidates and the scanner have ways of their own for: of rules .. */
enum gen_trait {
    GEN_IDS,       /* wants ids of EventID */
    GEN_NAME,      /* a path's last component */
    GEN_LONG,      /* texts of about 64 bytes */
    GEN_AFFIX,     /* beginnings and ends of one to nine bytes */
    GEN_DIGITS,    /* numbers and texts of digits */
    GEN_WIDE,      /* texts beyond ASCII */
    GEN_MANY,      /* hundreds of texts of one field */
    GEN_ESCAPABLE, /* characters that JSON escapes */
    GEN_KEYWORD,   /* the same, anywhere in the event */
    /* .. and of events */
    GEN_FLAT,        /* one object, as the scanner reads it */
    GEN_ID_LIST,     /* several event ids */
    GEN_ID_TEXT,     /* an event id as text */
    GEN_ID_DOUBLE,   /* an event id with a fraction or an exponent */
    GEN_PATH,        /* a value with components */
    GEN_SHORT,       /* \\ \" \n and the like */
    GEN_SOLIDUS,     /* \/ */
    GEN_UNIT,        /* \u of ASCII */
    GEN_UNIT_BEYOND, /* \u of another character */
    GEN_PAIR,        /* two \u */
    GEN_KEY,         /* escapes in a key */
    GEN_ALIKE,       /* escapes that spell a rule's text */
    GEN_TRAIT__COUNT
};

/* How rules meet events in one pack. */
enum gen_routing { GEN_ROUTE_NONE, GEN_ROUTE_AUTO, GEN_ROUTE_GIVEN, GEN_ROUTE__COUNT };

struct gen {
    uint64_t state;
    char *out; /* the text being written */
    size_t len, cap;
    enum gen_routing routing;
    const char *product, *category, *service; /* GEN_ROUTE_GIVEN; NULL: not given */
    struct gen_seed seeds[GEN_SEEDS];
    struct gen_network networks[GEN_NETWORKS];
    struct gen_span spans[GEN_SPANS];
    struct gen_number numbers[GEN_NUMBERS], shared; /* shared: of the event at hand */
    struct gen_seed periodic[4];                    /* the last texts of that kind */
    unsigned fast;   /* so many of two rules are for the search for candidates (gen_fast.c) */
    bool flat;       /* the event at hand is */
    bool written;    /* their keywords can be looked for in JSON as written */
    uint32_t traits; /* bit i: trait i, of the rule or event at hand */
    uint32_t home;   /* the log source of most rules of the pack */
    struct gen_seed wanted[GEN_WANTED]; /* texts of the pack's rules of gen_fast.c */
    bool long_values;          /* values of the event at hand are beyond 2 KiB now and then */
    bool lists;                /* values of the event at hand are mostly long lists of numbers */
    bool twins;                /* numbers of the event at hand are mostly the shared one */
    char last[GEN_TEXT];       /* text of a rule */
    const char *field;         /* whose values are being written; NULL: of no field */
    size_t long_off, long_len; /* a long value in g->out, of the last event; 0: it has none */
    size_t event_len;          /* of that event */
    unsigned n_packs, n_rules, n_spans, n_periodic, n_seeds, n_networks, n_numbers, n_wanted;
};

void gen_init(struct gen *g, uint64_t seed);
void gen_finish(struct gen *g);
uint32_t gen_below(struct gen *g, uint32_t n); /* 0 .. n - 1 */

/* Starts a pack: chooses its routing, empties the output. */
void gen_pack(struct gen *g);
/* Appends one rule document named by `number`. *ret_chain: the modifier chain of its first item, as
 * an index of gen_chain_name. */
void gen_rule(struct gen *g, unsigned number, unsigned *ret_chain);
/* Appends a filter document that concerns some of the rules named 0 .. n_rules - 1. */
void gen_filter(struct gen *g, unsigned n_rules);
/* The placeholder file that the rules' expand modifiers need. */
const char *gen_placeholders(void);
/* Appends one event object without a line end. */
void gen_event(struct gen *g);
/* Appends to the output. */
void gen_append(struct gen *g, const char *text);
/* Changes a byte or two of the event in g->out, so that it may not be JSON any more. */
void gen_damage(struct gen *g);

const char *gen_trait_name(unsigned trait);
unsigned gen_n_chains(void);
const char *gen_chain_name(unsigned chain); /* "" for no modifier */

#endif
