#include "show.h"

#include "bind.h"

enum { CHANNEL, WINLOG, EVENT_ID, CODE, PROVIDER, FIELD, SOURCE, DOMAIN, OTHER, N_SLOTS };

static struct sigmaton_pack *pack;
static struct srt_names *names;
static struct srt_event event;
static void *memory;

static void bind(struct image *im, uint32_t id, uint32_t kind, uint32_t field, uint32_t source,
                 uint32_t domain)
{
    image_binding(im, (struct image_binding){"security", id, kind, field, source, domain});
}

static int setup(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    image_slot(im, "Channel", SIGMATON_SLOT_CHANNEL);
    image_slot(im, "winlog.channel", SIGMATON_SLOT_CHANNEL);
    image_slot(im, "EventID", SIGMATON_SLOT_EVENT_ID);
    image_slot(im, "event.code", SIGMATON_SLOT_EVENT_ID);
    image_slot(im, "Provider", SIGMATON_SLOT_PROVIDER);
    image_slot(im, "Field", SIGMATON_SLOT_RULE);
    image_slot(im, "Source", SIGMATON_SLOT_SOURCE);
    image_slot(im, "Domain", SIGMATON_SLOT_SOURCE);
    image_slot(im, "Other", SIGMATON_SLOT_SOURCE);
    bind(im, 1, SIGMATON_BIND_RENAME, FIELD, SOURCE, SIGMATON_NO_SLOT);
    bind(im, 2, SIGMATON_BIND_OVERRIDE, FIELD, SOURCE, SIGMATON_NO_SLOT);
    bind(im, 3, SIGMATON_BIND_JOIN, FIELD, SOURCE, DOMAIN);
    bind(im, 4, SIGMATON_BIND_JOIN, FIELD, SOURCE, SIGMATON_NO_SLOT);
    bind(im, 5, SIGMATON_BIND_OVERRIDE, OTHER, FIELD, SIGMATON_NO_SLOT);
    bind(im, 5, SIGMATON_BIND_OVERRIDE, FIELD, SOURCE, SIGMATON_NO_SLOT);
    bind(im, 6, SIGMATON_BIND_JOIN, FIELD, SOURCE, DOMAIN);
    bind(im, 6, SIGMATON_BIND_JOIN, FIELD, OTHER, DOMAIN);
    pack = image_end(im);
    free(im);
    const char *why;
    assert_int_equal(srt_names_create(pack, &names, &why), SIGMATON_OK);
    struct srt_cutter cutter = {0};
    srt_event_cut(&event, N_SLOTS, &cutter);
    memory = calloc(1, cutter.used);
    cutter = (struct srt_cutter){.base = memory};
    srt_event_cut(&event, N_SLOTS, &cutter);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(memory);
    srt_names_destroy(names);
    free(pack);
    return 0;
}

static struct sigmaton_slot text(const char *z)
{
    return z != NULL ? (struct sigmaton_slot){.at.text = (const uint8_t *)z,
                                              .len = (uint32_t)strlen(z),
                                              .kind = SIGMATON_TEXT}
                     : (struct sigmaton_slot){.kind = SIGMATON_ABSENT};
}

static struct sigmaton_slot number(uint32_t kind, uint64_t bits, const char *z)
{
    struct sigmaton_slot slot = text(z);
    slot.kind = kind;
    slot.number = bits;
    return slot;
}

static struct sigmaton_slot real(double d, const char *z)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    return number(SIGMATON_DOUBLE, bits, z);
}

static enum sigmaton_status apply(const char *channel, uint32_t id)
{
    *srt_event_slot(&event, CHANNEL) = text(channel);
    *srt_event_slot(&event, EVENT_ID) = number(SIGMATON_INT, id, "0");
    struct srt_source source;
    srt_source_of(names, event.slots, &source);
    struct srt_bindings bindings = srt_bindings_of(pack);
    const char *why = NULL;
    enum sigmaton_status status = srt_bindings_apply(&bindings, &source, &event, &why);
    if (status != SIGMATON_OK)
        assert_string_equal(why, "joined user names exceed 1 MiB (SRT_JOIN_MAX)");
    return status;
}

static void the_first_channel_that_has_text_counts(void **state)
{
    (void)state;
    struct sigmaton_slot leaves[] = {{.kind = SIGMATON_NULL}, text("Listed")};
    struct sigmaton_slot list = {.at.leaves = leaves, .len = 2, .kind = SIGMATON_LIST};
    const struct {
        struct sigmaton_slot first, second;
        const char *want;
    } rows[] = {
        {text("A"), text("B"), "A"},
        {text(NULL), text("B"), "B"},
        {text(""), text("B"), "B"},
        {{.kind = SIGMATON_NULL}, text("B"), "B"},
        {{.kind = SIGMATON_OBJECT}, text("B"), "B"},
        {{.kind = SIGMATON_EMPTY}, text("B"), "B"},
        {list, text("B"), "Listed"},
        {number(SIGMATON_INT, 7, "7"), text("B"), "7"},
        {text(NULL), text(NULL), NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        srt_event_reset(&event);
        *srt_event_slot(&event, CHANNEL) = rows[i].first;
        *srt_event_slot(&event, WINLOG) = rows[i].second;
        struct srt_source source;
        srt_source_of(names, event.slots, &source);
        if (rows[i].want == NULL) {
            assert_null(source.channel);
            continue;
        }
        assert_int_equal(source.channel_len, strlen(rows[i].want));
        assert_memory_equal(source.channel, rows[i].want, source.channel_len);
    }
}

static void an_event_id_is_a_whole_number_or_its_text(void **state)
{
    (void)state;
    struct sigmaton_slot leaves[] = {number(SIGMATON_INT, 9, "9"), text("x")};
    const struct {
        struct sigmaton_slot first, second;
        int64_t want; /* -1: none */
    } rows[] = {
        {number(SIGMATON_INT, 4688, "4688"), text(NULL), 4688},
        {number(SIGMATON_INT, 0, "0"), text("5"), 0},
        {number(SIGMATON_INT, UINT32_MAX, ""), text(NULL), UINT32_MAX},
        {number(SIGMATON_INT, (uint64_t)UINT32_MAX + 1, ""), text("5"), -1},
        {number(SIGMATON_INT, (uint64_t)-1, "-1"), text("5"), -1},
        {number(SIGMATON_UINT, UINT64_MAX, ""), text("5"), -1},
        {real(4688, "4688"), text(NULL), 4688},
        {real(1.5, "1.5"), text("5"), -1},
        {real(-1, "-1"), text("5"), -1},
        {real(1e300, "1e+300"), text("5"), -1},
        {text("4688"), text(NULL), 4688},
        {text("1e2"), text(NULL), 100},
        {text("04688"), text("5"), 5},
        {text(" 1"), text("5"), 5},
        {text("x"), text("5"), 5},
        {text(NULL), text("5"), 5},
        {{.kind = SIGMATON_OBJECT}, text("5"), 5},
        {{.kind = SIGMATON_NULL}, text("5"), 5},
        {number(SIGMATON_BOOL, 1, "true"), text("5"), 5},
        {{.at.leaves = leaves, .len = 2, .kind = SIGMATON_LIST}, text("5"), 9},
        {text(NULL), text(NULL), -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        srt_event_reset(&event);
        *srt_event_slot(&event, EVENT_ID) = rows[i].first;
        *srt_event_slot(&event, CODE) = rows[i].second;
        struct srt_source source;
        srt_source_of(names, event.slots, &source);
        assert_int_equal(source.has_id, rows[i].want >= 0);
        if (rows[i].want >= 0)
            assert_int_equal(source.id, rows[i].want);
    }
}

static void bindings_fill_fields(void **state)
{
    (void)state;
    static const struct {
        const char *channel;
        uint32_t id;
        const char *field, *source, *domain, *other, *want;
    } rows[] = {
        {"Security", 1, NULL, "s", NULL, NULL, "\"s\""},
        {"SECURITY", 1, NULL, "s", NULL, NULL, "\"s\""},
        {"System", 1, NULL, "s", NULL, NULL, "-"},
        {NULL, 1, NULL, "s", NULL, NULL, "-"},
        {"Security", 99, NULL, "s", NULL, NULL, "-"},
        {"Security", 1, "f", "s", NULL, NULL, "\"f\""},
        {"Security", 1, NULL, NULL, NULL, NULL, "-"},
        {"Security", 2, "f", "s", NULL, NULL, "\"s\""},
        {"Security", 2, "f", NULL, NULL, NULL, "-"}, /* its own means something else */
        {"Security", 3, NULL, "s", "d", NULL, "\"d\\s\""},
        {"Security", 3, "f", "s", "d", NULL, "\"f\""},
        {"Security", 3, NULL, "-", "d", NULL, "-"},
        {"Security", 3, NULL, NULL, "d", NULL, "-"},
        {"Security", 3, NULL, "s", "-", NULL, "\"s\""},
        {"Security", 3, NULL, "s", NULL, NULL, "\"s\""},
        {"Security", 3, NULL, "", "d", NULL, "\"d\\\""},
        {"Security", 4, NULL, "s", "d", NULL, "\"s\""},
        {"Security", 6, NULL, "s", "d", "o", "\"d\\s\""},
        {"Security", 6, NULL, "-", "d", "o", "\"d\\o\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        srt_event_reset(&event);
        *srt_event_slot(&event, FIELD) = text(rows[i].field);
        *srt_event_slot(&event, SOURCE) = text(rows[i].source);
        *srt_event_slot(&event, DOMAIN) = text(rows[i].domain);
        *srt_event_slot(&event, OTHER) = text(rows[i].other);
        assert_int_equal(apply(rows[i].channel, rows[i].id), SIGMATON_OK);
        assert_string_equal(show(&event.slots[FIELD]).z, rows[i].want);
    }
}

static void only_texts_are_joined(void **state)
{
    (void)state;
    srt_event_reset(&event);
    *srt_event_slot(&event, SOURCE) = number(SIGMATON_INT, 5, "5");
    assert_int_equal(apply("Security", 3), SIGMATON_OK);
    assert_int_equal(event.slots[FIELD].kind, SIGMATON_ABSENT);
    *srt_event_slot(&event, SOURCE) = text("s");
    *srt_event_slot(&event, DOMAIN) = number(SIGMATON_INT, 5, "5");
    assert_int_equal(apply("Security", 3), SIGMATON_OK);
    assert_string_equal(show(&event.slots[FIELD]).z, "\"s\"");
}

static void a_null_is_no_absence(void **state)
{
    (void)state;
    srt_event_reset(&event);
    event.slots[FIELD].kind = SIGMATON_NULL;
    *srt_event_slot(&event, SOURCE) = text("s");
    assert_int_equal(apply("Security", 1), SIGMATON_OK);
    assert_string_equal(show(&event.slots[FIELD]).z, "null");
}

static void a_binding_without_a_channel_is_for_every_event(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    const char *why = NULL;
    image_slot(im, "Field", SIGMATON_SLOT_RULE);
    image_slot(im, "Source", SIGMATON_SLOT_SOURCE);
    image_binding(im, (struct image_binding){"", 0, SIGMATON_BIND_RENAME, 0, 1, SIGMATON_NO_SLOT});
    struct sigmaton_pack *one = image_end(im);
    free(im);
    struct srt_bindings any = srt_bindings_of(one);
    struct srt_source nothing = {0};
    srt_event_reset(&event);
    *srt_event_slot(&event, 1) = text("s");
    assert_int_equal(srt_bindings_apply(&any, &nothing, &event, &why), SIGMATON_OK);
    assert_string_equal(show(&event.slots[0]).z, "\"s\"");
    free(one);
}

static void bindings_without_a_channel_run_in_their_place(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    for (int i = 0; i < N_SLOTS; i++)
        image_slot(im, (const char *[]){"a", "b", "c", "d", "e", "f", "g", "h", "i"}[i],
                   SIGMATON_SLOT_SOURCE);
    bind(im, 1, SIGMATON_BIND_OVERRIDE, OTHER, SOURCE, SIGMATON_NO_SLOT);
    image_binding(
        im, (struct image_binding){"", 0, SIGMATON_BIND_RENAME, FIELD, OTHER, SIGMATON_NO_SLOT});
    bind(im, 2, SIGMATON_BIND_OVERRIDE, FIELD, DOMAIN, SIGMATON_NO_SLOT);
    struct sigmaton_pack *mixed = image_end(im);
    const struct srt_bindings bindings = srt_bindings_of(mixed);
    free(im);
    static const struct {
        uint32_t id;
        const char *want;
    } rows[] = {{1, "\"s\""}, {2, "\"d\""}, {3, "\"o\""}, {65, "\"o\""}, {66, "\"o\""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct srt_source source = {.channel = (const uint8_t *)"security",
                                          .channel_len = 8,
                                          .has_id = true,
                                          .id = rows[i].id};
        const char *why = NULL;
        srt_event_reset(&event);
        *srt_event_slot(&event, SOURCE) = text("s");
        *srt_event_slot(&event, DOMAIN) = text("d");
        *srt_event_slot(&event, OTHER) = text("o");
        *srt_event_slot(&event, FIELD) = text(NULL);
        assert_false(srt_bindings_idle(&bindings, &source, event.slots));
        assert_int_equal(srt_bindings_apply(&bindings, &source, &event, &why), SIGMATON_OK);
        assert_string_equal(show(&event.slots[FIELD]).z, rows[i].want);
    }
    free(mixed);
}

static void bindings_see_what_earlier_ones_wrote(void **state)
{
    (void)state;
    srt_event_reset(&event);
    *srt_event_slot(&event, FIELD) = text("creator");
    *srt_event_slot(&event, SOURCE) = text("new");
    assert_int_equal(apply("Security", 5), SIGMATON_OK);
    assert_string_equal(show(&event.slots[OTHER]).z, "\"creator\"");
    assert_string_equal(show(&event.slots[FIELD]).z, "\"new\"");
}

static void joined_names_are_bounded(void **state)
{
    (void)state;
    char *name = malloc(SRT_JOIN_MAX);
    memset(name, 'n', SRT_JOIN_MAX);
    for (int over = 0; over < 2; over++) {
        srt_event_reset(&event);
        *srt_event_slot(&event, DOMAIN) = text("d");
        *srt_event_slot(&event, SOURCE) =
            (struct sigmaton_slot){.at.text = (uint8_t *)name,
                                   .len = (uint32_t)SRT_JOIN_MAX - 2 + over,
                                   .kind = SIGMATON_TEXT};
        assert_int_equal(apply("Security", 3), over ? SIGMATON_ELIMIT : SIGMATON_OK);
    }
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_channel_that_has_text_counts),
        cmocka_unit_test(an_event_id_is_a_whole_number_or_its_text),
        cmocka_unit_test(bindings_fill_fields),
        cmocka_unit_test(only_texts_are_joined),
        cmocka_unit_test(a_null_is_no_absence),
        cmocka_unit_test(a_binding_without_a_channel_is_for_every_event),
        cmocka_unit_test(bindings_without_a_channel_run_in_their_place),
        cmocka_unit_test(bindings_see_what_earlier_ones_wrote),
        cmocka_unit_test(joined_names_are_bounded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
