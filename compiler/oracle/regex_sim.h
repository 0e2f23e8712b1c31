/* Does a regex match anywhere in a text: simulation of state sets, one code point at a time.
 *
 * The AST is written out as a program of small steps (counted repeats in full); all states that the
 * text read so far can be in are carried along together. Time is steps times code points, memory is
 * steps, whatever the regex: no limit is ever hit.
 *
 *     struct regex_program *p = regex_program_new(arena, re);
 *     bool hit = regex_sim_search(p, points);
 */
#ifndef SIGMATON_ORACLE_REGEX_SIM_H
#define SIGMATON_ORACLE_REGEX_SIM_H

#include "regex.h"
#include "view.h"

struct regex_program;

/* Lives in the arena and borrows from re. */
struct regex_program *regex_program_new(struct arena *a, const struct regex *re);
/* text: not folded. One search at a time per program, which keeps the scratch. */
bool regex_sim_search(struct regex_program *program, struct points text);

#endif
