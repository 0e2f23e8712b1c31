/* The commands: each takes its own argv (argv[0] is the verb) and returns the exit code. */
#ifndef SIGMATON_TOOL_COMMANDS_H
#define SIGMATON_TOOL_COMMANDS_H

int cmd_check(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_test(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_dump(int argc, char **argv);

#endif
