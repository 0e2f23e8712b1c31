#include <string.h>

#include "bench.h"
#include "bench_dom.h"

#ifdef SIGMATON_SIMDJSON
struct bench_floor *bench_floor_open(size_t longest)
{
    return (struct bench_floor *)bench_dom_create(longest);
}

void bench_floor_close(struct bench_floor *f)
{
    bench_dom_destroy((struct bench_dom *)f);
}

const char *bench_floor_name(const struct bench_floor *f)
{
    return f ? bench_dom_name() : "none";
}

size_t bench_floor_parse(struct bench_floor *f, const struct bench_set *s)
{
    size_t refused = 0;
    for (size_t i = 0; i < s->n_lines; i++)
        refused += !bench_dom_parse((struct bench_dom *)f, s->lines[i].p, s->lines[i].len);
    return refused;
}
#else
struct bench_floor *bench_floor_open(size_t longest)
{
    (void)longest;
    return NULL;
}

void bench_floor_close(struct bench_floor *f)
{
    (void)f;
}

const char *bench_floor_name(const struct bench_floor *f)
{
    (void)f;
    return "none";
}

size_t bench_floor_parse(struct bench_floor *f, const struct bench_set *s)
{
    (void)f, (void)s;
    return 0;
}
#endif

size_t bench_newlines(const struct bench_set *s)
{
    size_t n = 0;
    const char *end = s->bytes + s->len;
    for (const char *p = s->bytes; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
        n++;
    return n;
}
