/* libsimdjson's DOM parser behind four C functions; the floor of `sigmaton bench`. */
#ifndef SIGMATON_TOOL_BENCH_DOM_H
#define SIGMATON_TOOL_BENCH_DOM_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bench_dom;
/* A parser with room for documents of `longest` bytes, used again for each. NULL: no memory. */
struct bench_dom *bench_dom_create(size_t longest);
void bench_dom_destroy(struct bench_dom *d);
/* Parses in place, without a copy: 64 bytes behind p[len] must be readable. False: no JSON. */
bool bench_dom_parse(struct bench_dom *d, const char *p, size_t len);
/* Library, version and the implementation at work. Static. */
const char *bench_dom_name(void);

#ifdef __cplusplus
}
#endif
#endif
