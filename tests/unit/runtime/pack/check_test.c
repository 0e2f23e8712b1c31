#include "image.h"

#include "check.h"

enum { SLOT_IMAGE, SLOT_ID, SLOT_KEYWORDS };

static struct sigmaton_pack *pack_make(void)
{
    struct image *im = calloc(1, sizeof *im);
    im->n_memo = 3;
    im->with_names = true;
    image_slot(im, "Image", SIGMATON_SLOT_RULE);
    image_slot(im, "EventID", SIGMATON_SLOT_EVENT_ID);
    image_slot(im, "", SIGMATON_SLOT_KEYWORDS);
    image_slot(im, "a.b", SIGMATON_SLOT_RULE);
    for (int i = 0; i < 67; i++)
        image_rule(im, (struct image_rule){.id = "i",
                                           .title = "t\xc3\xa9",
                                           .product = "windows",
                                           .tags = {"attack.t1", "b.c"}});
    image_route(im, (struct image_route){.channel = "security",
                                         .product = "windows",
                                         .ids = {1},
                                         .n_ids = 1,
                                         .when = SLOT_IMAGE + 1,
                                         .when_values = {"x"}});
    image_binding(im, (struct image_binding){"security", 1, SIGMATON_BIND_JOIN, SLOT_IMAGE, SLOT_ID,
                                             SLOT_ID});
    image_key(im, (struct image_key){"security", 0, 0, 1, 3});
    image_key(im, (struct image_key){"system", 0, 0, 0, 0});
    im->n_classes = 4;
    image_regex(im, "a+");
    image_regex(im, "a.");
    struct automaton automaton = automaton_make();
    im->automata[1] = &automaton;
    struct sigmaton_pack *pack = image_end(im);
    free(im);
    return pack;
}

static void *at(struct sigmaton_pack *pack, struct sigmaton_ref ref)
{
    return (uint8_t *)pack + ref.off;
}

static struct sigmaton_rule *rules(struct sigmaton_pack *pack)
{
    return at(pack, pack->rules);
}

static struct sigmaton_route *routes(struct sigmaton_pack *pack)
{
    return at(pack, pack->routes);
}

static struct sigmaton_binding *bindings(struct sigmaton_pack *pack)
{
    return at(pack, pack->bindings);
}

static struct sigmaton_slot_info *slots(struct sigmaton_pack *pack)
{
    return at(pack, pack->slots);
}

static struct sigmaton_regex *regexes(struct sigmaton_pack *pack)
{
    return at(pack, pack->regexes);
}

static void a_valid_pack_passes(void **state)
{
    (void)state;
    struct sigmaton_pack *pack = pack_make();
    const char *why = NULL;
    assert_int_equal(srt_pack_check(pack, &why), SIGMATON_OK);
    free(pack);
}

static void an_empty_pack_passes(void **state)
{
    (void)state;
    struct image *im = calloc(1, sizeof *im);
    struct sigmaton_pack *pack = image_end(im);
    const char *why = NULL;
    assert_int_equal(srt_pack_check(pack, &why), SIGMATON_OK);
    free(pack);
    free(im);
}

static void no_pack_is_no_pack(void **state)
{
    (void)state;
    const char *why = NULL;
    assert_int_equal(srt_pack_check(NULL, &why), SIGMATON_EINVAL);
    assert_non_null(why);
}

/* Changes: one damage each, made by a small function. */
typedef void damage(struct sigmaton_pack *pack);

static void magic(struct sigmaton_pack *p)
{
    p->magic++;
}
static void major(struct sigmaton_pack *p)
{
    p->abi_major++;
}
static void minor(struct sigmaton_pack *p)
{
    p->abi_minor++;
}
static void small(struct sigmaton_pack *p)
{
    p->size--;
}
static void image_below(struct sigmaton_pack *p)
{
    p->image_size = p->size - 1;
}
static void code_inside(struct sigmaton_pack *p)
{
    p->eval_off = (int32_t)p->image_size - 1;
}
static void memo(struct sigmaton_pack *p)
{
    p->n_memo = SRT_PACK_MEMO_MAX + 1;
}
static void target(struct sigmaton_pack *p)
{
    p->target = (struct sigmaton_ref){p->image_size, 1};
}
static void rules_far(struct sigmaton_pack *p)
{
    p->rules.off = p->image_size & ~7u;
}
static void rules_odd(struct sigmaton_pack *p)
{
    p->rules.off += 4;
}
static void rules_many(struct sigmaton_pack *p)
{
    p->rules.len = UINT32_MAX;
}
static void slots_far(struct sigmaton_pack *p)
{
    p->slots.len = p->image_size;
}
static void bindings_far(struct sigmaton_pack *p)
{
    p->bindings.off = UINT32_MAX - 7;
}
static void routes_far(struct sigmaton_pack *p)
{
    p->routes.len = 1u << 30;
}
static void regexes_far(struct sigmaton_pack *p)
{
    p->regexes.len = 1u << 30;
}
static void title_far(struct sigmaton_pack *p)
{
    rules(p)[3].title.len = p->image_size;
}
static void title_bad(struct sigmaton_pack *p)
{
    ((char *)at(p, rules(p)[3].title))[1] = 'x';
}
static void level(struct sigmaton_pack *p)
{
    rules(p)[66].level = 6;
}
static void tags_odd(struct sigmaton_pack *p)
{
    rules(p)[0].tags.off++;
}
static void tag_far(struct sigmaton_pack *p)
{
    ((struct sigmaton_ref *)at(p, rules(p)[0].tags))[1].off = UINT32_MAX;
}
static void slot_unnamed(struct sigmaton_pack *p)
{
    slots(p)[SLOT_IMAGE].name.len = 0;
}
static void slot_named(struct sigmaton_pack *p)
{
    slots(p)[SLOT_KEYWORDS].name.len = 1;
}
static void slot_reserved(struct sigmaton_pack *p)
{
    slots(p)[0].reserved = 1;
}
static void two_keywords(struct sigmaton_pack *p)
{
    slots(p)[0] = slots(p)[SLOT_KEYWORDS];
}
static void bind_field(struct sigmaton_pack *p)
{
    bindings(p)->field = 4;
}
static void bind_source(struct sigmaton_pack *p)
{
    bindings(p)->source = SIGMATON_NO_SLOT;
}
static void bind_domain(struct sigmaton_pack *p)
{
    bindings(p)->domain = 4;
}
static void bind_kind(struct sigmaton_pack *p)
{
    bindings(p)->kind = 3;
}
static void bind_reserved(struct sigmaton_pack *p)
{
    bindings(p)->reserved = 1;
}
static void route_ids(struct sigmaton_pack *p)
{
    routes(p)->n_ids = 5;
}
static void route_slot(struct sigmaton_pack *p)
{
    routes(p)->when_slot = 4;
}
static void route_short(struct sigmaton_pack *p)
{
    routes(p)->rules.len = 1;
}
static void route_bit(struct sigmaton_pack *p)
{
    ((uint64_t *)at(p, routes(p)->rules))[1] |= UINT64_C(1) << 3;
}
static void route_far(struct sigmaton_pack *p)
{
    routes(p)->rules.off = p->image_size & ~7u;
}
static struct sigmaton_key *keys(struct sigmaton_pack *p)
{
    return at(p, p->keys);
}
static void key_far(struct sigmaton_pack *p)
{
    p->keys.off = p->image_size & ~7u;
}
static void key_bare(struct sigmaton_pack *p)
{
    keys(p)[1].cases.len = 0;
}
static void cases_far(struct sigmaton_pack *p)
{
    keys(p)[1].cases.len = p->image_size;
}
static void case_conditional(struct sigmaton_pack *p)
{
    ((struct sigmaton_case *)at(p, keys(p)[0].cases))[1].n_whens = 1;
}
static void case_class(struct sigmaton_pack *p)
{
    ((struct sigmaton_case *)at(p, keys(p)[0].cases))[1].classes[0] = 4;
}
static void pattern_far(struct sigmaton_pack *p)
{
    regexes(p)->pattern.off = p->image_size;
}
static struct automaton *automaton(struct sigmaton_pack *p)
{
    return at(p, regexes(p)[1].dfa);
}
static void dfa_far(struct sigmaton_pack *p)
{
    regexes(p)[1].dfa.off = p->image_size & ~7u;
}
static void dfa_odd(struct sigmaton_pack *p)
{
    regexes(p)[1].dfa.off += 4;
}
static void dfa_short(struct sigmaton_pack *p)
{
    regexes(p)[1].dfa.len -= 8;
}
static void dfa_tiny(struct sigmaton_pack *p)
{
    regexes(p)[1].dfa.len = 8;
}
static void dfa_one_state(struct sigmaton_pack *p)
{
    automaton(p)->head.n_states = 1;
}
static void dfa_many_states(struct sigmaton_pack *p)
{
    automaton(p)->head.n_states = UINT32_C(1) << 31;
}
static void dfa_more_states(struct sigmaton_pack *p)
{
    automaton(p)->head.n_states++;
}
static void dfa_no_class(struct sigmaton_pack *p)
{
    automaton(p)->head.n_classes = 0;
}
static void dfa_many_classes(struct sigmaton_pack *p)
{
    automaton(p)->head.n_classes = UINT32_MAX;
}
static void dfa_no_range(struct sigmaton_pack *p)
{
    automaton(p)->head.n_ranges = 0;
}
static void dfa_ranges_far(struct sigmaton_pack *p)
{
    automaton(p)->head.n_ranges = UINT32_MAX;
}
static void dfa_ranges_before(struct sigmaton_pack *p)
{
    automaton(p)->head.ranges_off = 0;
}
static void dfa_ranges_odd(struct sigmaton_pack *p)
{
    automaton(p)->head.ranges_off++;
}
static void dfa_classes_far(struct sigmaton_pack *p)
{
    automaton(p)->head.classes_off = sizeof(struct automaton) - 2;
}
static void dfa_next_far(struct sigmaton_pack *p)
{
    automaton(p)->head.next_off += 2;
}
static void dfa_next_odd(struct sigmaton_pack *p)
{
    automaton(p)->head.next_off--;
}
static void dfa_ascii(struct sigmaton_pack *p)
{
    automaton(p)->head.ascii[127] = AUTOMATON_CLASSES;
}
static void dfa_wide(struct sigmaton_pack *p)
{
    automaton(p)->classes[2] = AUTOMATON_CLASSES;
}
static void dfa_end_class(struct sigmaton_pack *p)
{
    automaton(p)->head.end_class = AUTOMATON_CLASSES;
}
static void dfa_junk_class(struct sigmaton_pack *p)
{
    automaton(p)->head.junk_class = AUTOMATON_CLASSES;
}
static void dfa_first_range(struct sigmaton_pack *p)
{
    automaton(p)->starts[0] = 0x81;
}
static void dfa_ranges_fall(struct sigmaton_pack *p)
{
    automaton(p)->starts[2] = automaton(p)->starts[1];
}
static void dfa_start(struct sigmaton_pack *p)
{
    automaton(p)->head.start = AUTOMATON_STATES * AUTOMATON_CLASSES;
}
static void dfa_start_inside(struct sigmaton_pack *p)
{
    automaton(p)->head.start_inside++;
}
static void dfa_cell_far(struct sigmaton_pack *p)
{
    automaton(p)->next[3][4] = AUTOMATON_STATES * AUTOMATON_CLASSES;
}
static void dfa_cell_odd(struct sigmaton_pack *p)
{
    automaton(p)->next[2][1] = 1;
}
static void dfa_dead_revives(struct sigmaton_pack *p)
{
    automaton(p)->next[0][2] = 2 * AUTOMATON_CLASSES;
}
static void dfa_found_is_lost(struct sigmaton_pack *p)
{
    automaton(p)->next[1][2] = 0;
}
static void dfa_rest_far(struct sigmaton_pack *p)
{
    automaton(p)->head.rest = AUTOMATON_STATES * AUTOMATON_CLASSES;
}
static void dfa_stays(struct sigmaton_pack *p)
{
    memset(automaton(p)->head.leaves, 0, 16);
}
static void dfa_leaves(struct sigmaton_pack *p)
{
    automaton(p)->head.leaves[0] = 1;
}
static void regex_flags(struct sigmaton_pack *p)
{
    regexes(p)->flags = 1;
}

static struct sigmaton_names *names(struct sigmaton_pack *pack)
{
    return at(pack, pack->names);
}

/* The entry of slot Image, or of the head "a", or a free one. */
static struct sigmaton_name *name_of(struct sigmaton_pack *pack, const char *key)
{
    struct sigmaton_name *e = (void *)((uint8_t *)(names(pack) + 1) + 8);
    while (key != NULL ? e->flags == 0 || e->key.len != strlen(key) ||
                             memcmp(at(pack, e->key), key, e->key.len) != 0
                       : e->flags != 0)
        e++;
    return e;
}

static void names_far(struct sigmaton_pack *p)
{
    p->names.off = p->image_size;
}

static void names_odd(struct sigmaton_pack *p)
{
    p->names.off += 4;
}

static void names_short(struct sigmaton_pack *p)
{
    p->names.len = 8;
}

static void names_many(struct sigmaton_pack *p)
{
    names(p)->n_entries *= 2;
}

static void names_crooked(struct sigmaton_pack *p)
{
    names(p)->n_buckets = 3;
}

static void names_none(struct sigmaton_pack *p)
{
    names(p)->n_entries = 0;
}

static void names_seed(struct sigmaton_pack *p)
{
    names(p)->seed ^= 1;
}

static void name_lost(struct sigmaton_pack *p)
{
    *name_of(p, "Image") = (struct sigmaton_name){0};
}

static void name_far(struct sigmaton_pack *p)
{
    name_of(p, "Image")->key.off = p->image_size;
}

static void name_other(struct sigmaton_pack *p)
{
    name_of(p, "Image")->slot = SLOT_ID;
}

static void name_slot(struct sigmaton_pack *p)
{
    name_of(p, "Image")->slot = 99;
}

static void name_no_head(struct sigmaton_pack *p)
{
    name_of(p, "a")->flags = SIGMATON_NAME_USED;
}

static void name_flags(struct sigmaton_pack *p)
{
    name_of(p, "Image")->flags |= 4;
}

static void name_free(struct sigmaton_pack *p)
{
    name_of(p, NULL)->slot = 1;
}

static void keywords_short(struct sigmaton_pack *p)
{
    p->keywords = (struct sigmaton_ref){routes(p)->rules.off, 1};
}

static void keywords_far(struct sigmaton_pack *p)
{
    p->keywords = (struct sigmaton_ref){p->image_size, 2};
}

struct damaged {
    damage *damage;
    enum sigmaton_status status;
    const char *why;
};

static void refuse_all(const struct damaged *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct sigmaton_pack *pack = pack_make();
        rows[i].damage(pack);
        const char *why = NULL;
        enum sigmaton_status status = srt_pack_check(pack, &why);
        if (status != rows[i].status || strcmp(why, rows[i].why) != 0)
            fail_msg("row %zu: %d %s", i, status, why);
        free(pack);
    }
}

static void every_damage_of_classes_is_named(void **state)
{
    (void)state;
    static const struct damaged rows[] = {
        {key_far, SIGMATON_EPACK, "the keys of classes lie outside the pack"},
        {key_bare, SIGMATON_EPACK, "a key has no case, or a field is not what it can be"},
        {cases_far, SIGMATON_EPACK, "cases lie outside the pack"},
        {case_conditional, SIGMATON_EPACK, "a case names no condition"},
        {case_class, SIGMATON_EPACK, "a case names no class"},
    };
    refuse_all(rows, COUNT(rows));
}

static void every_damage_is_named(void **state)
{
    (void)state;
    static const struct damaged rows[] = {
        {names_far, SIGMATON_EPACK, "the table of names lies outside the pack"},
        {names_odd, SIGMATON_EPACK, "the table of names lies outside the pack"},
        {names_short, SIGMATON_EPACK, "the table of names lies outside the pack"},
        {names_many, SIGMATON_EPACK, "the table of names lies outside the pack"},
        {names_crooked, SIGMATON_EPACK, "the table of names lies outside the pack"},
        {names_none, SIGMATON_EPACK, "the table of names lies outside the pack"},
        {names_seed, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {name_lost, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {name_far, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {name_other, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {name_slot, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {name_no_head, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {name_flags, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {name_free, SIGMATON_EPACK, "a name of a slot is not in the table of names"},
        {keywords_short, SIGMATON_EPACK, "a bitmap has not as many rules as the pack"},
        {keywords_far, SIGMATON_EPACK, "a bitmap of rules lies outside the pack"},
        {magic, SIGMATON_EPACK, "this is no pack"},
        {major, SIGMATON_EABI, "the pack was made for another version of this library"},
        {minor, SIGMATON_EABI, "the pack was made for another version of this library"},
        {small, SIGMATON_EPACK, "the descriptor is too small"},
        {image_below, SIGMATON_EPACK, "the descriptor is too small"},
        {code_inside, SIGMATON_EPACK, "the code lies among the tables"},
        {memo, SIGMATON_EPACK, "the pack keeps more predicates than SRT_PACK_MEMO_MAX"},
        {target, SIGMATON_EPACK, "a text lies outside the pack"},
        {rules_far, SIGMATON_EPACK, "the rule table lies outside the pack"},
        {rules_odd, SIGMATON_EPACK, "the rule table lies outside the pack"},
        {rules_many, SIGMATON_EPACK, "the rule table lies outside the pack"},
        {slots_far, SIGMATON_EPACK, "the slot table lies outside the pack"},
        {bindings_far, SIGMATON_EPACK, "the bindings lie outside the pack"},
        {routes_far, SIGMATON_EPACK, "the routing table lies outside the pack"},
        {regexes_far, SIGMATON_EPACK, "the regex table lies outside the pack"},
        {title_far, SIGMATON_EPACK, "a text lies outside the pack"},
        {title_bad, SIGMATON_EPACK, "a text is not UTF-8"},
        {level, SIGMATON_EPACK, "a rule has an unknown level"},
        {tags_odd, SIGMATON_EPACK, "a rule's tags lie outside the pack"},
        {tag_far, SIGMATON_EPACK, "a text lies outside the pack"},
        {slot_unnamed, SIGMATON_EPACK, "the keywords have the one slot without a name"},
        {slot_named, SIGMATON_EPACK, "the keywords have the one slot without a name"},
        {two_keywords, SIGMATON_EPACK, "the keywords have the one slot without a name"},
        {slot_reserved, SIGMATON_EPACK, "a reserved field is not zero"},
        {bind_field, SIGMATON_EPACK, "a slot number is out of range"},
        {bind_source, SIGMATON_EPACK, "a slot number is out of range"},
        {bind_domain, SIGMATON_EPACK, "a slot number is out of range"},
        {bind_kind, SIGMATON_EPACK, "a binding is of an unknown kind"},
        {bind_reserved, SIGMATON_EPACK, "a reserved field is not zero"},
        {route_ids, SIGMATON_EPACK, "a route has too many event ids"},
        {route_slot, SIGMATON_EPACK, "a slot number is out of range"},
        {route_short, SIGMATON_EPACK, "a bitmap has not as many rules as the pack"},
        {route_bit, SIGMATON_EPACK, "a bitmap names a rule beyond the last"},
        {route_far, SIGMATON_EPACK, "a bitmap of rules lies outside the pack"},
        {pattern_far, SIGMATON_EPACK, "a text lies outside the pack"},
        {dfa_far, SIGMATON_EPACK, "an automaton lies outside the pack"},
        {dfa_odd, SIGMATON_EPACK, "an automaton lies outside the pack"},
        {dfa_short, SIGMATON_EPACK, "an automaton has another size than it says"},
        {dfa_tiny, SIGMATON_EPACK, "an automaton has another size than it says"},
        {dfa_one_state, SIGMATON_EPACK, "an automaton has no states or too many"},
        {dfa_many_states, SIGMATON_EPACK, "an automaton has no states or too many"},
        {dfa_more_states, SIGMATON_EPACK, "an automaton's table lies outside of it"},
        {dfa_no_class, SIGMATON_EPACK, "an automaton has no states or too many"},
        {dfa_many_classes, SIGMATON_EPACK, "an automaton has no states or too many"},
        {dfa_no_range, SIGMATON_EPACK, "an automaton has no states or too many"},
        {dfa_ranges_far, SIGMATON_EPACK, "an automaton's table lies outside of it"},
        {dfa_ranges_before, SIGMATON_EPACK, "an automaton's table lies outside of it"},
        {dfa_ranges_odd, SIGMATON_EPACK, "an automaton's table lies outside of it"},
        {dfa_classes_far, SIGMATON_EPACK, "an automaton's table lies outside of it"},
        {dfa_next_far, SIGMATON_EPACK, "an automaton's table lies outside of it"},
        {dfa_next_odd, SIGMATON_EPACK, "an automaton's table lies outside of it"},
        {dfa_ascii, SIGMATON_EPACK, "an automaton has a class that it does not know"},
        {dfa_wide, SIGMATON_EPACK, "an automaton has a class that it does not know"},
        {dfa_end_class, SIGMATON_EPACK, "an automaton has a class that it does not know"},
        {dfa_junk_class, SIGMATON_EPACK, "an automaton has a class that it does not know"},
        {dfa_first_range, SIGMATON_EPACK, "an automaton's characters are out of order"},
        {dfa_ranges_fall, SIGMATON_EPACK, "an automaton's characters are out of order"},
        {dfa_start, SIGMATON_EPACK, "an automaton goes to a state that it does not have"},
        {dfa_start_inside, SIGMATON_EPACK, "an automaton goes to a state that it does not have"},
        {dfa_cell_far, SIGMATON_EPACK, "an automaton goes to a state that it does not have"},
        {dfa_cell_odd, SIGMATON_EPACK, "an automaton goes to a state that it does not have"},
        {dfa_dead_revives, SIGMATON_EPACK, "an automaton goes to a state that it does not have"},
        {dfa_found_is_lost, SIGMATON_EPACK, "an automaton goes to a state that it does not have"},
        {dfa_rest_far, SIGMATON_EPACK, "an automaton rests where it does not"},
        {dfa_stays, SIGMATON_EPACK, "an automaton rests where it does not"},
        {dfa_leaves, SIGMATON_EPACK, "an automaton rests where it does not"},
        {regex_flags, SIGMATON_EPACK, "a reserved field is not zero"},
    };
    refuse_all(rows, COUNT(rows));
}

static void kept_predicates_may_be_as_many_as_the_limit(void **state)
{
    (void)state;
    struct sigmaton_pack *pack = pack_make();
    const char *why = NULL;
    pack->n_memo = SRT_PACK_MEMO_MAX;
    assert_int_equal(srt_pack_check(pack, &why), SIGMATON_OK);
    free(pack);
}

/* The image sits in memory of exactly its size: a sanitizer sees any read behind it. */
static void no_changed_byte_leads_outside(void **state)
{
    (void)state;
    struct sigmaton_pack *pack = pack_make();
    uint8_t *bytes = (uint8_t *)pack;
    size_t size = pack->image_size;
    static const uint8_t changes[] = {0x01, 0x80, 0xff};
    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k < COUNT(changes); k++) {
            /* How large the image is only the image says; larger would be a lie to us too. */
            if (i >= offsetof(struct sigmaton_pack, image_size) &&
                i < offsetof(struct sigmaton_pack, image_size) + 4 &&
                (bytes[i] ^ changes[k]) > bytes[i])
                continue;
            bytes[i] ^= changes[k];
            const char *why = NULL;
            enum sigmaton_status status = srt_pack_check(pack, &why);
            assert_true(status == SIGMATON_OK || why != NULL);
            bytes[i] ^= changes[k];
        }
    free(pack);
}

static void no_truncated_image_passes(void **state)
{
    (void)state;
    struct sigmaton_pack *whole = pack_make();
    for (uint32_t size = sizeof *whole; size < whole->image_size; size++) {
        struct sigmaton_pack *cut = malloc(size);
        memcpy(cut, whole, size);
        cut->image_size = size;
        const char *why = NULL;
        assert_int_equal(srt_pack_check(cut, &why), SIGMATON_EPACK);
        free(cut);
    }
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_damage_of_classes_is_named),
        cmocka_unit_test(a_valid_pack_passes),
        cmocka_unit_test(an_empty_pack_passes),
        cmocka_unit_test(no_pack_is_no_pack),
        cmocka_unit_test(every_damage_is_named),
        cmocka_unit_test(kept_predicates_may_be_as_many_as_the_limit),
        cmocka_unit_test(no_changed_byte_leads_outside),
        cmocka_unit_test(no_truncated_image_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
