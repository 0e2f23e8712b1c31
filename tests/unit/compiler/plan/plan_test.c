#include "pack_t.h"

#include "pipeline.h"

static struct plan *plan_text(void **state, const char *text, const struct plan_options *options)
{
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    return plan_make(a, sink, t_ir(a, text), options);
}

static struct plan *plan_of(void **state, const char *text)
{
    struct plan *p = plan_text(state, text, &(struct plan_options){0});
    assert_non_null(p);
    return p;
}

/* The slot of a field, or -1. */
static int slot_of(const struct plan *p, const char *name)
{
    uint32_t id = names_find(p->ir->names, str_of(name));
    return id == UINT32_MAX || p->slot_of[id] == SIGMATON_NO_SLOT ? -1 : (int)p->slot_of[id];
}

static uint32_t flags_of(const struct plan *p, const char *name)
{
    int slot = slot_of(p, name);
    assert_true(slot >= 0);
    return p->slots[slot].flags;
}

/* ---- slots ---- */

static void roles_come_first_in_the_order_they_are_tried(void **state)
{
    struct plan *p = plan_of(state, "%0 = exists \"B\"\n%1 = exists \"A\"\n%2 = and %0 %1\n"
                                    "rule \"0\" = %2\n");
    assert_int_equal(slot_of(p, "Channel"), 0);
    assert_int_equal(slot_of(p, "winlog.channel"), 1);
    assert_true(slot_of(p, "log_name") < slot_of(p, "EventID"));
    assert_true(slot_of(p, "EventID") < slot_of(p, "Provider_Name"));
    assert_true(slot_of(p, "Provider_Name") < slot_of(p, "@timestamp"));
    assert_true(slot_of(p, "@timestamp") < slot_of(p, "logsource.product"));
    assert_int_equal(slot_of(p, "product"), slot_of(p, "logsource.product") + 1);
    assert_int_equal(slot_of(p, "B"), slot_of(p, "service") + 1);
    assert_int_equal(slot_of(p, "A"), slot_of(p, "B") + 1);
}

static void one_slot_may_have_several_jobs(void **state)
{
    struct plan *p = plan_of(state, "%0 = number \"EventID\" eq 1\n%1 = exists \"UtcTime\"\n"
                                    "%2 = fieldref \"A\" whole \"B\"\n"
                                    "rule \"0\" = %0\nrule \"1\" = %1\nrule \"2\" = %2\n");
    assert_int_equal(flags_of(p, "EventID"), SIGMATON_SLOT_EVENT_ID | SIGMATON_SLOT_RULE);
    assert_int_equal(flags_of(p, "UtcTime"), SIGMATON_SLOT_TIME | SIGMATON_SLOT_RULE);
    assert_int_equal(flags_of(p, "B"), SIGMATON_SLOT_RULE);
    assert_int_equal(flags_of(p, "OperationType"), SIGMATON_SLOT_SOURCE);
    assert_int_equal(slot_of(p, ""), -1);
}

static void keywords_have_a_nameless_slot_before_the_fields(void **state)
{
    struct plan *p = plan_of(state, "%0 = exists \"A\"\n%1 = contains \"\" \"x\"\n%2 = and %0 %1\n"
                                    "rule \"0\" = %2\n");
    assert_int_equal(flags_of(p, ""), SIGMATON_SLOT_KEYWORDS | SIGMATON_SLOT_RULE);
    assert_int_equal(slot_of(p, ""), slot_of(p, "A") - 1);
}

static void fields_are_numbered_in_the_order_rules_name_them(void **state)
{
    struct plan *p = plan_of(state, "%0 = exists \"C\"\n%1 = exists \"B\"\n%2 = exists \"A\"\n"
                                    "rule \"0\" = %2\nrule \"1\" = %0\n");
    assert_int_equal(slot_of(p, "C"), slot_of(p, "A") + 1);
    assert_int_equal(slot_of(p, "B"), -1);
}

static void a_given_time_field_is_the_only_one(void **state)
{
    struct plan *p = plan_text(state, "", &(struct plan_options){.time_field = STR("when")});
    assert_int_equal(flags_of(p, "when"), SIGMATON_SLOT_TIME);
    assert_int_equal(slot_of(p, "@timestamp"), -1);
}

/* ---- shapes ---- */

static const char *bound(const struct plan *p, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < n_shape_rows; i++)
        if (p->shapes[i] && *shape_rows[i].channel)
            text_addf(&t, "%s<%s ", shape_rows[i].field, shape_rows[i].source);
    text_add(&t, (struct str){"", 1});
    return t.p;
}

static void a_shape_is_bound_where_a_slot_wants_it(void **state)
{
    static const struct {
        const char *field, *bound;
    } t[] = {
        {"CommandLine", ""},
        {"Image", "Image<NewProcessName "},
        {"ProcessId", "ProcessId<NewProcessId "},
        /* its source is overridden later, which nobody sees */
        {"ParentProcessId", "ParentProcessId<ProcessId "},
        {"User", "User<TargetUserName User<SubjectUserName "},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const char *text =
            str_format(t_arena(state), "%%0 = exists \"%s\"\nrule \"0\" = %%0\n%c", t[i].field, 0)
                .p;
        assert_string_equal(bound(plan_of(state, text), t_arena(state)), t[i].bound);
    }
}

static void bindings_name_their_slots(void **state)
{
    struct plan *p = plan_of(state, "%0 = exists \"User\"\nrule \"0\" = %0\n");
    const struct sigmaton_pack *d = (const void *)p->image;
    const struct sigmaton_binding *b = (const void *)(p->image + d->bindings.off);
    assert_int_equal(d->bindings.len, 3);
    assert_int_equal(b[0].kind, SIGMATON_BIND_JOIN);
    assert_int_equal(b[0].event_id, 4688);
    assert_int_equal(b[0].field, slot_of(p, "User"));
    assert_int_equal(b[0].source, slot_of(p, "TargetUserName"));
    assert_int_equal(b[0].domain, slot_of(p, "TargetDomainName"));
    assert_int_equal(flags_of(p, "TargetDomainName"), SIGMATON_SLOT_SOURCE);
    t_assert_str(((struct str){(const char *)p->image + b[0].channel.off, b[0].channel.len}),
                 "security");
    /* the name of the provider is wanted for routing, whatever the event */
    assert_int_equal(b[2].channel.len, 0);
    assert_int_equal(b[2].field, slot_of(p, "Provider_Name"));
}

static void envelopes_have_slots(void **state)
{
    struct plan *p = plan_of(state, "%0 = exists \"A\"\nrule \"0\" = %0\n");
    assert_int_equal(flags_of(p, "Event.System"), SIGMATON_SLOT_ENVELOPE);
    assert_int_equal(flags_of(p, "Event.EventData"), SIGMATON_SLOT_ENVELOPE);
    assert_int_equal(flags_of(p, "Event.UserData"), SIGMATON_SLOT_INNER);
    assert_int_equal(slot_of(p, "Event.EventData"), slot_of(p, "Event.System") + 1);
}

/* ---- kept answers ---- */

static void costly_predicates_of_two_rules_are_kept(void **state)
{
    static const struct {
        const char *predicate;
        uint32_t kept;
    } t[] = {
        {"contains \"A\" \"x\"", 1},
        {"wildcard \"A\" \"a\\*\"", 1},
        {"contains_set \"A\" \"x\" \"y\"", 1},
        {"eq \"A\" \"x\"", 0},
        {"regex \"A\" \"x\"", 0},
        {"exists \"A\"", 0},
    };
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct arena *a = t_arena(state);
        struct str one = str_format(a, "%%0 = %s\nrule \"0\" = %%0\n%c", t[i].predicate, 0);
        struct str two =
            str_format(a, "%%0 = %s\n%%1 = not %%0\nrule \"0\" = %%0\nrule \"1\" = %%1\n%c",
                       t[i].predicate, 0);
        assert_int_equal(plan_of(state, one.p)->n_memo, 0);
        assert_int_equal(plan_of(state, two.p)->n_memo, t[i].kept);
    }
}

static void children_are_asked_cheap_first(void **state)
{
    struct plan *p = plan_of(state, "%0 = regex \"A\" \"x\"\n%1 = contains \"A\" \"x\"\n"
                                    "%2 = exists \"B\"\n%3 = and %0 %1 %2\nrule \"0\" = %3\n");
    const struct ir_node *gate = ir_get(p->ir, p->ir->rules[0].root);
    const uint32_t *children = p->children[p->ir->rules[0].root];
    assert_int_equal(gate->n, 3);
    assert_int_equal(ir_get(p->ir, children[0])->op, IR_OP_EXISTS);
    assert_int_equal(ir_get(p->ir, children[1])->op, IR_OP_CONTAINS);
    assert_int_equal(ir_get(p->ir, children[2])->op, IR_OP_REGEX);
}

static void equal_regexes_are_one(void **state)
{
    struct plan *p = plan_of(state, "%0 = regex \"A\" \"x\"\n%1 = regex \"B\" \"x\"\n"
                                    "%2 = regex \"A\" \"y\"\n%3 = and %0 %1 %2\n%4 = or %0 %2\n"
                                    "rule \"0\" = %3\nrule \"1\" = %4\n");
    const struct sigmaton_pack *d = (const void *)p->image;
    const struct sigmaton_rule *rules = (const void *)(p->image + d->rules.off);
    const struct sigmaton_regex *regexes = (const void *)(p->image + d->regexes.off);
    assert_int_equal(d->regexes.len, 2);
    assert_int_equal(regexes[0].pattern.len, 1);
    assert_int_equal(p->image[regexes[1].pattern.off], 'y');
    assert_int_equal(rules[0].n_regexes, 3);
    assert_int_equal(rules[1].n_regexes, 2);
}

/* ---- the image ---- */

static struct rule *new_rule(struct arena *a, const char *product, const char *category,
                             const char *service)
{
    struct rule *rule = ARENA_NEW(a, struct rule);
    rule->title = STR("a title");
    rule->id = STR("an id");
    rule->logsource.product = str_of(product);
    rule->logsource.category = str_of(category);
    rule->logsource.service = str_of(service);
    rule->level = LEVEL_HIGH;
    rule->status = STATUS_TEST;
    rule->document = 3;
    rule->tags = ARENA_ARRAY(a, 2, struct str);
    rule->tags[0] = STR("attack.t1059");
    rule->tags[1] = STR("a title"); /* stands once with the title */
    rule->n_tags = 2;
    return rule;
}

static struct str text_at(const struct plan *p, struct sigmaton_ref ref)
{
    return (struct str){(const char *)p->image + ref.off, ref.len};
}

static void rules_are_told_in_full(void **state)
{
    struct arena *a = t_arena(state);
    struct sources *sources = sources_new(a);
    uint32_t file = sources_add(sources, STR("sub/a.yml"), STR(""));
    struct ir *ir = ir_new(a);
    struct rule *rule = new_rule(a, "Windows", "process_creation", "");
    rule->file = file;
    ir_add_rule(ir, rule, rule->id, IR_TRUE);
    struct plan *p = plan_make(a, diag_sink_new(a, sources), ir,
                               &(struct plan_options){.sources = sources, .target = STR("t")});
    const struct sigmaton_pack *d = (const void *)p->image;
    const struct sigmaton_rule *r = (const void *)(p->image + d->rules.off);
    const struct sigmaton_ref *tags = (const void *)(p->image + r->tags.off);
    t_assert_str(text_at(p, r->id), "an id");
    t_assert_str(text_at(p, r->title), "a title");
    t_assert_str(text_at(p, r->file), "sub/a.yml");
    t_assert_str(text_at(p, r->product), "Windows");
    t_assert_str(text_at(p, r->category), "process_creation");
    assert_int_equal(r->service.len, 0);
    assert_int_equal(r->tags.len, 2);
    t_assert_str(text_at(p, tags[0]), "attack.t1059");
    assert_int_equal(tags[1].off, r->title.off);
    assert_int_equal(r->level, SIGMATON_LEVEL_HIGH);
    assert_int_equal(r->document, 3);
    t_assert_str(text_at(p, d->target), "t");
    assert_true(str_starts(text_at(p, d->producer), STR("sigmaton ")));
}

static void names_that_are_no_utf8_are_made_so(void **state)
{
    struct arena *a = t_arena(state);
    struct sources *sources = sources_new(a);
    struct ir *ir = ir_new(a);
    struct rule *rule = new_rule(a, "", "", "");
    rule->file = sources_add(sources, STR("r\xe9gle.yml"), STR(""));
    ir_add_rule(ir, rule, rule->id, IR_TRUE);
    struct plan *p =
        plan_make(a, diag_sink_new(a, sources), ir,
                  &(struct plan_options){.sources = sources, .time_field = STR("\xff")});
    const struct sigmaton_pack *d = (const void *)p->image;
    const struct sigmaton_rule *r = (const void *)(p->image + d->rules.off);
    const struct sigmaton_slot_info *slots = (const void *)(p->image + d->slots.off);
    t_assert_str(text_at(p, r->file), "r\xef\xbf\xbdgle.yml");
    t_assert_str(text_at(p, slots[slot_of(p, "\xff")].name), "\xef\xbf\xbd");
}

static const struct sigmaton_route *route_of(const struct plan *p, size_t row)
{
    const struct sigmaton_pack *d = (const void *)p->image;
    return (const struct sigmaton_route *)(const void *)(p->image + d->routes.off) + row;
}

static void routes_carry_the_rules_that_fit(void **state)
{
    struct arena *a = t_arena(state);
    static const char *const sources[][3] = {
        {"windows", "process_creation", ""}, {"WINDOWS", "", ""},
        {"windows", "", "sysmon"},           {"windows", "process_creation", "sysmon"},
        {"linux", "process_creation", ""},   {"", "process_creation", ""},
        {"windows", "", "security"},
    };
    struct ir *ir = ir_new(a);
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        ir_add_rule(ir, new_rule(a, sources[i][0], sources[i][1], sources[i][2]), STR("r"),
                    IR_TRUE);
    struct plan *p = plan_make(a, diag_sink_new(a, sources_new(a)), ir, &(struct plan_options){0});
    static const struct {
        const char *product, *category, *service;
        uint64_t rules;
    } t[] = {
        {"windows", "process_creation", "", 0x23}, {"windows", "", "sysmon", 0x06},
        {"windows", "", "security", 0x42},         {"windows", "registry_set", "", 0x02},
        {"linux", "process_creation", "", 0x30},   {"linux", "file_event", "", 0},
    };
    for (size_t row = 0; row < n_logsource_rows; row++)
        for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
            const struct logsource_row *r = &logsource_rows[row];
            if (strcmp(r->product, t[i].product) || strcmp(r->category, t[i].category) ||
                strcmp(r->service, t[i].service))
                continue;
            const uint64_t *words = (const void *)(p->image + route_of(p, row)->rules.off);
            assert_int_equal(route_of(p, row)->rules.len, 1);
            assert_int_equal(words[0], t[i].rules);
        }
}

static void routes_are_the_rows_folded(void **state)
{
    struct plan *p = plan_of(state, "");
    size_t n_when = 0;
    for (size_t i = 0; i < n_logsource_rows; i++) {
        const struct logsource_row *row = &logsource_rows[i];
        const struct sigmaton_route *r = route_of(p, i);
        assert_true(str_eq_nocase(text_at(p, r->channel), str_of(row->channel)));
        for (size_t c = 0; c < r->channel.len; c++)
            assert_false(p->image[r->channel.off + c] >= 'A' &&
                         p->image[r->channel.off + c] <= 'Z');
        assert_int_equal(r->n_ids, row->n_ids);
        assert_memory_equal(r->ids, row->ids, sizeof r->ids);
        assert_int_equal(r->when_slot != SIGMATON_NO_SLOT, row->when_field != NULL);
        if (!row->when_field)
            continue;
        n_when++;
        assert_int_equal(r->when_slot, slot_of(p, row->when_field));
        assert_true(str_eq_nocase(text_at(p, r->when_values[0]), str_of(row->when_values[0])));
    }
    assert_true(n_when > 0);
}

static void tables_stand_aligned_and_inside(void **state)
{
    struct plan *p = plan_of(state, "%0 = eq_set \"A\" \"x\" \"yy\"\n%1 = regex \"A\" \"x\"\n"
                                    "%2 = cidr \"B\" ::/0\n%3 = contains \"A\" \"0123456\"\n"
                                    "%4 = and %0 %1 %2 %3\nrule \"0\" = %4\n");
    const struct sigmaton_pack *d = (const void *)p->image;
    const struct sigmaton_ref tables[] = {d->rules, d->slots, d->bindings, d->routes, d->regexes};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        assert_int_equal(tables[i].off % 8, 0);
        assert_true(tables[i].off >= sizeof *d && tables[i].off <= d->image_size);
    }
    assert_int_equal(d->size, sizeof *d);
    assert_int_equal(d->magic, SIGMATON_PACK_MAGIC);
    assert_int_equal(d->image_size, p->image_size);
    assert_int_equal(d->image_size % 8, 0);
    assert_int_equal(d->eval_off, 0);
    assert_int_equal(d->slots.len, p->n_slots);
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(p->ir, i);
        if (x->op == IR_OP_EQ_SET)
            assert_int_equal(p->blob_of[i] % 8, 0);
        if (x->op == IR_OP_CONTAINS)
            assert_memory_equal(p->image + p->blob_of[i], "0123456", 7);
    }
}

static void equal_packs_have_equal_images(void **state)
{
    static const char text[] = "%0 = contains \"A\" \"x\"\n%1 = eq_set \"B\" \"a\" \"b\"\n"
                               "rule \"0\" = %0\nrule \"1\" = %1\n";
    struct plan *one = plan_of(state, text), *two = plan_of(state, text);
    assert_int_equal(one->image_size, two->image_size);
    assert_memory_equal(one->image, two->image, one->image_size);
}

static void the_size_limit_is_exact(void **state)
{
    static const char text[] = "%0 = contains \"A\" \"x\"\nrule \"0\" = %0\n";
    struct plan *p = plan_of(state, text);
    struct plan_options options = {.image_max = p->image_size};
    assert_non_null(plan_text(state, text, &options));
    struct arena *a = t_arena(state);
    struct diag_sink *sink = diag_sink_new(a, sources_new(a));
    for (options.image_max = 1; options.image_max < p->image_size; options.image_max += 1997)
        assert_null(plan_text(state, text, &options));
    options.image_max = p->image_size - 8;
    assert_null(plan_make(a, sink, t_ir(a, text), &options));
    assert_int_equal(diag_count(sink), 1);
    assert_int_equal(diag_get(sink, 0)->code, DIAG_pack_too_big);
}

/* ---- the text ---- */

static void the_plan_can_be_read(void **state)
{
    struct plan *p = plan_of(state, "%0 = contains \"Image\" \"x\"\n%1 = regex \"Image\" \"y\"\n"
                                    "%2 = eq_set \"User\" \"a\" \"b\"\n%3 = and %0 %1 %2\n"
                                    "rule \"first\" = %3\nrule \"second\" = %0\n");
    static const char *const lines[] = {
        "pack of 2 rules: ",
        "slot 0 \"Channel\" channel\n",
        " \"Image\" rule\n",
        "binding Security 4688: rename \"Image\" <- \"NewProcessName\"\n",
        "binding Security 4688: join \"User\" <- \"TargetDomainName\" \\ \"TargetUserName\"\n",
        "route windows/registry_set/: channel \"Security\", provider "
        "\"Microsoft-Windows-Security-Auditing\", id 4657, OperationType is \"Existing registry "
        "value modified\": 2 rules\n",
        "memo 0, asked by 2 rules: contains \"Image\" \"x\"\n",
        ", 2 texts: ",
        "regex 0 \"y\": PCRE2, it is known by its normal form only\n",
        "rule 0 \"first\" = ",
        ", 1 regexes\n",
        "rule 1 \"second\" = ",
    };
    struct text t;
    text_init(&t, t_arena(state));
    plan_print(&t, p);
    text_add(&t, (struct str){"", 1});
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!strstr(t.p, lines[i]))
            fail_msg("no line %s in\n%s", lines[i], t.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(roles_come_first_in_the_order_they_are_tried),
        t_test(one_slot_may_have_several_jobs),
        t_test(keywords_have_a_nameless_slot_before_the_fields),
        t_test(fields_are_numbered_in_the_order_rules_name_them),
        t_test(a_given_time_field_is_the_only_one),
        t_test(a_shape_is_bound_where_a_slot_wants_it),
        t_test(bindings_name_their_slots),
        t_test(envelopes_have_slots),
        t_test(costly_predicates_of_two_rules_are_kept),
        t_test(children_are_asked_cheap_first),
        t_test(equal_regexes_are_one),
        t_test(rules_are_told_in_full),
        t_test(names_that_are_no_utf8_are_made_so),
        t_test(routes_carry_the_rules_that_fit),
        t_test(routes_are_the_rows_folded),
        t_test(tables_stand_aligned_and_inside),
        t_test(equal_packs_have_equal_images),
        t_test(the_size_limit_is_exact),
        t_test(the_plan_can_be_read),
    };
    return t_run(tests);
}
