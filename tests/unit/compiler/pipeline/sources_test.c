#include "t.h"

#include <string.h>

#include "pipeline.h"

static bool row_has_id(const struct logsource_row *row, uint32_t id)
{
    for (unsigned i = 0; i < row->n_ids; i++)
        if (row->ids[i] == id)
            return true;
    return row->n_ids == 0;
}

/* Rows of a channel and id as "category/service" in table order. */
static void triples(const char *channel, uint32_t id, char *out, size_t size)
{
    out[0] = '\0';
    for (size_t i = 0; i < n_logsource_rows; i++) {
        const struct logsource_row *row = &logsource_rows[i];
        if (strcmp(row->channel, channel) != 0 || !row_has_id(row, id))
            continue;
        size_t len = strlen(out);
        snprintf(out + len, size - len, "%s%s/%s", len ? " " : "", row->category, row->service);
    }
}

static void channels_and_ids_have_their_log_sources(void **state)
{
    (void)state;
    static const struct {
        const char *channel;
        uint32_t id;
        const char *want;
    } t[] = {
        {"Microsoft-Windows-Sysmon/Operational", 13, "registry_set/ registry_event/ /sysmon"},
        {"Microsoft-Windows-Sysmon/Operational", 16, "sysmon_status/ /sysmon"},
        {"Microsoft-Windows-Sysmon/Operational", 1, "process_creation/ /sysmon"},
        {"Security", 4688, "process_creation/ /security"},
        {"Security", 4624, "/security"},
        {"PowerShellCore/Operational", 4104, "ps_script/ /powershell"},
        {"Linux-Sysmon/Operational", 3, "network_connection/"},
        {"text log", 1, ""},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        char got[256];
        triples(t[i].channel, t[i].id, got, sizeof got);
        assert_string_equal(got, t[i].want);
    }
}

static void every_row_names_a_source_and_no_field_is_null(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_logsource_rows; i++) {
        const struct logsource_row *row = &logsource_rows[i];
        assert_true(row->channel[0] != '\0' || row->provider[0] != '\0');
        assert_true(row->product[0] != '\0');
        assert_true(row->category[0] != '\0' || row->service[0] != '\0');
        assert_true(row->n_ids <= 4);
        assert_true(!row->when_field || row->when_values[0]);
    }
}

/* Else an overridden name would be read for what it was, and plan/ would have to follow chains. */
static void no_shape_row_reads_what_an_earlier_one_gives(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_shape_rows; i++)
        for (size_t j = i + 1; j < n_shape_rows; j++) {
            assert_string_not_equal(shape_rows[i].field, shape_rows[j].source);
            if (shape_rows[j].domain)
                assert_string_not_equal(shape_rows[i].field, shape_rows[j].domain);
        }
}

static void joins_alone_have_a_domain(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_shape_rows; i++)
        assert_int_equal(shape_rows[i].kind == SHAPE_JOIN, shape_rows[i].domain != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(channels_and_ids_have_their_log_sources),
        cmocka_unit_test(every_row_names_a_source_and_no_field_is_null),
        cmocka_unit_test(no_shape_row_reads_what_an_earlier_one_gives),
        cmocka_unit_test(joins_alone_have_a_domain),
    };
    return cmocka_run_group_tests_name("compiler/pipeline/sources", tests, NULL, NULL);
}
