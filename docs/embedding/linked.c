/* The same pack linked into the program: no file is opened, nothing is mapped.
 * cc linked.c pack.a -lsigmaton        where `sigmaton build --emit archive` wrote pack.a
 * usage: linked < events.ndjson        prints a line per event that some rule hits */
#include "demo.h"

#include <sigmaton/sigmaton.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    const char *why = "";
    static char line[1 << 16];
    if (sigmaton_adopt(&sigmaton_pack, &why) ||
        sigmaton_engine_create(&sigmaton_pack, NULL, &engine, &why) ||
        sigmaton_scratch_create(engine, &scratch))
        return fprintf(stderr, "linked: %s\n", why), 2;
    for (unsigned n = 1; fgets(line, sizeof line, stdin); n++) {
        struct sigmaton_verdict v;
        if (sigmaton_eval_json(engine, scratch, line, strcspn(line, "\r\n"), &v) == SIGMATON_OK &&
            v.n_hits > 0)
            printf("%u: %u\n", n, v.n_hits);
    }
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    return 0;
}
