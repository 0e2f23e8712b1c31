/* The commands: each takes its parsed command line and returns the exit code. */
#ifndef SIGMATON_TOOL_COMMANDS_H
#define SIGMATON_TOOL_COMMANDS_H

#include "args.h"

int cmd_check(const struct args *args);
int cmd_build(const struct args *args);
int cmd_run(const struct args *args);
int cmd_test(const struct args *args);
int cmd_explain(const struct args *args);
int cmd_dump(const struct args *args);
int cmd_verify(const struct args *args);
int cmd_bench(const struct args *args);

#endif
