/* What the command line asks of the compiler: the options that every verb which reads rules has in
 * common. */
#ifndef SIGMATON_TOOL_COMPILE_OPTIONS_H
#define SIGMATON_TOOL_COMPILE_OPTIONS_H

#include <sigmatonc.h>

#include "args.h"

/* Borrows the lists of args. The caller adds what only it knows (dump, lint, texts). */
struct sigmatonc_options compile_options(const struct args *args, enum sigmatonc_stage last);

#endif
