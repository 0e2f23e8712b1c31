/* What rules and events are made of: shared by the files of the generator alone. */
#ifndef AGREE_GEN_PARTS_H
#define AGREE_GEN_PARTS_H

#include "gen.h"

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof(array)[0]))
#define PICK(g, array) ((array)[gen_below(g, COUNT(array))])

/* A short text being put together; what does not fit is left out. */
struct piece {
    char text[GEN_TEXT];
    size_t len;
};

void piece_add(struct piece *p, const char *text, size_t len);
void piece_text(struct piece *p, const char *text);

void gen_put(struct gen *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool gen_chance(struct gen *g, uint32_t n); /* one in n */

const char *gen_word(struct gen *g);
const char *gen_field(struct gen *g); /* a name that rules and events use */
void gen_remember(struct gen *g, const char *text, bool plain);
void gen_remember_number(struct gen *g, const char *number);
/* Whether what was remembered of `field` suits the field at hand; now and then anything does. */
bool gen_suits(struct gen *g, const char *field);

/* A text of one to three words, a long one, or one of single characters; `wild`: with wildcards. */
void gen_text(struct gen *g, struct piece *out, bool wild);
/* ASCII letters, digits and dashes, two at least. */
void gen_ascii(struct gen *g, struct piece *out);
/* A regex of the accepted flavour; a text that it is found in, more or less, is remembered. */
void gen_regex(struct gen *g, struct piece *out);
/* A network as text; it is remembered. */
void gen_network(struct gen *g, struct piece *out);
/* An address within or beside a remembered network, now and then in a form that is none. */
void gen_address(struct gen *g, struct piece *out);
/* A JSON number token. `finite`: none that is too large for a double. */
void gen_number(struct gen *g, char out[GEN_NUMBER], bool finite);
/* Another token, mostly of the same value. */
void gen_respell(struct gen *g, const char *number, char out[GEN_NUMBER]);

/* Selections, condition and all of a rule that the search for candidates has ways for. *ret_chain:
 * the modifiers of its first item. */
void gen_fast_detection(struct gen *g, const char **ret_chain);
/* A value that such a rule looks for, more or less. */
void gen_fast_value(struct gen *g);
/* The members of an event that is one object, each after a comma. */
void gen_fast_members(struct gen *g);
/* One in a few of the ids that rules want and sources have. */
unsigned gen_event_id(struct gen *g);

void gen_trait(struct gen *g, enum gen_trait trait);
/* Text as a YAML scalar. */
void gen_yaml(struct gen *g, const char *text);
/* A member's key and colon. */
void gen_key(struct gen *g, const char *name);
/* The event's channel, id, provider, as members of the event's own object. */
void gen_flat_source(struct gen *g);

/* The event's channel, id, provider and labels, and the fields that shapes rename; starts with a
 * comma. */
void gen_source_members(struct gen *g);
/* A member value. */
void gen_value(struct gen *g, unsigned depth);
/* The seed as an event would hold it: wildcards filled, case changed, dashes exchanged. */
void gen_unfold(struct gen *g, const struct gen_seed *seed, struct piece *out);
/* One character more, less or other. */
void gen_nudge(struct gen *g, struct piece *p);
void gen_json_text(struct gen *g, const char *text, size_t len);

#endif
