/* libyaml's events of a text, counted and thrown away: what reading rules costs before anybody
 * makes anything of them. The floor of `sigmaton bench` for its starts.
 *
 *     size_t n = yaml_pass("a: 1\n", 5);
 */
#ifndef SIGMATON_READ_YAML_PASS_H
#define SIGMATON_READ_YAML_PASS_H

#include <stddef.h>

/* Events up to the end or the first fault; 0 when there is no memory. */
size_t yaml_pass(const char *p, size_t len);

#endif
