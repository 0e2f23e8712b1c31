/* A sensor: judges one process creation with a pack, filling slots by the pack's header alone.
 * usage: sensor PACK.so PARENT IMAGE COMMANDLINE        generated/demo/demo.h is the header */
#include "demo.h"

#include <sigmaton/sigmaton.h>
#include <stdio.h>
#include <string.h>

static struct sigmaton_slot text(const char *s)
{
    return (struct sigmaton_slot){
        .at.text = (const uint8_t *)s, .len = (uint32_t)strlen(s), .kind = SIGMATON_TEXT};
}

int main(int argc, char **argv)
{
    struct sigmaton_file *file;
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
    const char *why = "four arguments are wanted";
    if (argc != 5 || sigmaton_open(argv[1], NULL, &file, &why) ||
        sigmaton_engine_load(file, NULL, &engine, &why) ||
        sigmaton_scratch_create(engine, &scratch))
        return fprintf(stderr, "sensor: %s\n", why), 2;

    const struct sigmaton_logsource source = {"windows", "process_creation", NULL};
    struct sigmaton_slot slots[SLOT__COUNT] = {0}; /* absent, all of them */
    slots[SLOT_ParentImage] = text(argv[2]);
    slots[SLOT_Image] = text(argv[3]);
    slots[SLOT_CommandLine] = text(argv[4]);
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_SLOTS, slots, SLOT__COUNT, &source};
    if (sigmaton_eval(engine, scratch, &event, &v))
        return fprintf(stderr, "sensor: %s\n", v.error), 2;
    for (uint32_t i = sigmaton_next_hit(&v, 0); i < v.n_rules; i = sigmaton_next_hit(&v, i + 1)) {
        size_t len;
        const char *title = sigmaton_ref_text(engine, sigmaton_rule_at(engine, i)->title, &len);
        printf("%s: %.*s\n", i == RULE_Windows_SQL_Spawning_CertUtil ? "ours" : "other", (int)len,
               title);
    }
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    return v.n_hits > 0;
}
