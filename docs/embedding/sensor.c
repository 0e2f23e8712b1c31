/* A sensor: judges one process creation. usage: sensor PACK.so PARENT IMAGE COMMANDLINE */
#include "demo.h" /* build --emit header */

#include <sigmaton/sigmaton.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct sigmaton_file *file;
    struct sigmaton_engine *rules;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v = {0};
    const char *why = "four arguments are wanted";
    if (argc != 5 || sigmaton_open(argv[1], NULL, &file, &why) ||
        sigmaton_engine_load(file, NULL, &rules, &why) || sigmaton_scratch_create(rules, &scratch))
        return fprintf(stderr, "sensor: %s\n", why), 2;
    struct sigmaton_slot slots[SLOT__COUNT] = {0}; /* absent, all of them */
    slots[SLOT_ParentImage] = sigmaton_text(argv[2], strlen(argv[2]));
    slots[SLOT_Image] = sigmaton_text(argv[3], strlen(argv[3]));
    slots[SLOT_CommandLine] = sigmaton_text(argv[4], strlen(argv[4]));
    const struct sigmaton_logsource source = {"windows", "process_creation", NULL};
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_SLOTS, slots, SLOT__COUNT, &source};
    enum sigmaton_status status = sigmaton_eval(rules, scratch, &event, &v);
    for (uint32_t i = sigmaton_next_hit(&v, 0); i < v.n_rules; i = sigmaton_next_hit(&v, i + 1))
        puts(i == RULE_Windows_SQL_Spawning_CertUtil ? "SQL server started certutil" : "a rule");
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(rules); /* and the file */
    return status ? 2 : v.n_hits > 0;
}
