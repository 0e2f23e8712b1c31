/* Judges NDJSON with a pack and prints a line per alert: the record, the rule's id, its title.
 * usage: alerts PACK.so < events.ndjson
 * cc -DLINKED alerts.c pack.a -lsigmaton makes it with the pack linked in; PACK.so is not asked
 * then */
#include <sigmaton/sigmaton.h>
#include <stdio.h>
#include <string.h>

#ifdef LINKED
extern const struct sigmaton_pack sigmaton_pack; /* build --emit archive */

static enum sigmaton_status load(const char *path, struct sigmaton_engine **ret, const char **why)
{
    (void)path;
    return sigmaton_engine_create(&sigmaton_pack, NULL, ret, why);
}
#else
static enum sigmaton_status load(const char *path, struct sigmaton_engine **ret, const char **why)
{
    struct sigmaton_file *file;
    enum sigmaton_status status = sigmaton_open(path, NULL, &file, why);
    if (status)
        return status;
    status = sigmaton_engine_load(file, NULL, ret, why);
    if (status)
        sigmaton_close(file);
    return status;
}
#endif

static void print(const struct sigmaton_engine *engine, unsigned record, uint32_t rule)
{
    size_t id_len, title_len;
    const char *id = sigmaton_ref_text(engine, sigmaton_rule_at(engine, rule)->id, &id_len);
    const char *title =
        sigmaton_ref_text(engine, sigmaton_rule_at(engine, rule)->title, &title_len);
    printf("%u\t%.*s\t%.*s\n", record, (int)id_len, id, (int)title_len, title);
}

int main(int argc, char **argv)
{
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    const char *why = "a pack is wanted";
    static char line[SIGMATON_LINE_MAX + 2];
    if (argc != 2 || load(argv[1], &engine, &why))
        return fprintf(stderr, "alerts: %s\n", why), 2;
    if (sigmaton_scratch_create(engine, &scratch))
        return fprintf(stderr, "alerts: no memory\n"), 2;
    for (unsigned n = 1; fgets(line, sizeof line, stdin); n++) {
        struct sigmaton_verdict v;
        size_t len = strcspn(line, "\r\n");
        if (len == 0)
            continue;
        if (sigmaton_eval_json(engine, scratch, line, len, &v))
            fprintf(stderr, "alerts: record %u: %s\n", n, v.error);
        for (uint32_t i = sigmaton_next_hit(&v, 0); i < v.n_rules; i = sigmaton_next_hit(&v, i + 1))
            print(engine, n, i);
    }
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    return 0;
}
