/* A run of pack files over events: `sigmaton-run`, and `sigmaton run -r PACK.so`. */
#ifndef SRT_TOOL_PACKS_H
#define SRT_TOOL_PACKS_H

#include <sigmaton/sigmaton.h>

#include "teller.h"

struct packs_options {
    const char *const *packs; /* paths, in the order of their alerts */
    size_t n_packs;
    const char *const *inputs; /* none: standard input */
    size_t n_inputs;
    struct sigmaton_engine_options engine;
    size_t n_jobs;          /* threads; 0 is one */
    const char *verify_key; /* as in sigmaton_open_options; NULL: none */
    bool text_alerts, color, fail_on_match;
};

/* Whether a file is, or by its name wants to be, a pack: no folder, and it begins as ELF files do
 * or ends in .so. */
bool packs_is_pack(const char *path);

/* Opens all packs, judges all inputs, tells what came of it; the exit code. A pack that is refused
 * ends the run before the first event. */
int packs_run(const struct packs_options *options, const struct teller *teller);

#endif
