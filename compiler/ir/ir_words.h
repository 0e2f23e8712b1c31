/* The words of the written IR that printer and parser share (docs/ir.md). Private to the room. */
#ifndef SIGMATON_IR_IR_WORDS_H
#define SIGMATON_IR_IR_WORDS_H

#include "value.h"

extern const char *const ir_compare_words[]; /* by enum compare */
extern const char *const ir_part_words[];    /* by enum time_part */
extern const char *const ir_affix_words[];   /* by enum affix */
#define IR_COMPARE_WORDS (COMPARE_GTE + 1u)
#define IR_PART_WORDS (TIME_YEAR + 1u)
#define IR_AFFIX_WORDS (AFFIX_INSIDE + 1u)

#endif
