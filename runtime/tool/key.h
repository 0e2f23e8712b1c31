/* The public key that a command line names. */
#ifndef SRT_TOOL_KEY_H
#define SRT_TOOL_KEY_H

#include <stdbool.h>

#define KEY_TEXT_MAX 4096 /* bytes of a key file and its end */

/* `given` is a key file of minisign, or what stands in one: 56 characters that begin with RW. The
 * text for sigmaton_open_options.verify_key; false where the file cannot be read or is too large
 * for a key. Whether it is a key, sigmaton_open says. */
bool key_text(const char *given, char ret_text[KEY_TEXT_MAX]);

#endif
