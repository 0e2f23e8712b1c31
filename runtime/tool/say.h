/* What sigmaton-run says on stderr: text for people, or JSON lines and nothing else; in the words
 * and forms of the `sigmaton` command. */
#ifndef SRT_TOOL_SAY_H
#define SRT_TOOL_SAY_H

#include "output.h"
#include "teller.h"

struct say {
    bool json, quiet;
    struct srt_buffer *out; /* over stderr; flushed by each call */
};

/* Borrows say until the last call. */
struct teller say_teller(struct say *say);

#endif
