/* A password: out of a file, or asked for on the terminal. */
#ifndef SIGMATON_TOOL_PASSWORD_H
#define SIGMATON_TOOL_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

enum { PASSWORD_MAX = 1024 };

/* The first line of the file, without its end; with path NULL, what is typed on the terminal after
 * "Password of WHAT: ", unseen. False: *ret_why says why (static). Whatever this returns, out is
 * the caller's to wipe. */
bool password_read(const char *path, const char *what, char out[PASSWORD_MAX], size_t *ret_len,
                   const char **ret_why);

/* Whether there is a file, or a terminal to ask on; nothing is read. */
bool password_is_there(const char *path, const char **ret_why);

#endif
