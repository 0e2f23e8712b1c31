/* Packs by hand, for tests of the runtime: no compiler is asked.
 *
 *     struct image im = {0};
 *     image_slot(&im, "Image", SIGMATON_SLOT_RULE);
 *     image_rule(&im, (struct image_rule){.title = "x", .product = "windows"});
 *     struct sigmaton_pack *pack = image_end(&im);     // exactly image_size bytes; free() it
 *
 * The bitmap of a route holds the rules of which every named dimension is the route's.
 */
#ifndef SIGMATON_TESTS_IMAGE_H
#define SIGMATON_TESTS_IMAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sigmaton/sigmaton.h>

#include "automaton.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define IMAGE_ROWS 256
#define IMAGE_BYTES ((size_t)1 << 20)

struct image_slot {
    const char *name;
    uint32_t flags;
};
struct image_rule {
    const char *id, *title, *product, *category, *service, *tags[3];
};
struct image_route {
    const char *channel, *provider, *product, *category, *service, *when_values[2];
    uint32_t ids[SIGMATON_ROUTE_IDS], n_ids;
    uint32_t when; /* slot + 1; 0: no condition */
};
struct image_binding {
    const char *channel;
    uint32_t event_id, kind, field, source, domain;
};
/* A channel or a provider: its first case, for all other ids, names class `first_class`, and those
 * of the ids first_id, first_id + 1 .. the classes behind. */
struct image_key {
    const char *text;
    uint32_t is_provider, first_class, first_id, n_ids;
};

struct image {
    struct image_slot slots[IMAGE_ROWS];
    struct image_rule rules[IMAGE_ROWS];
    struct image_route routes[IMAGE_ROWS];
    struct image_binding bindings[IMAGE_ROWS];
    struct image_key keys[IMAGE_ROWS];
    const char *regexes[IMAGE_ROWS];
    bool with_names;                              /* lay out the perfect hash of names too */
    const struct automaton *automata[IMAGE_ROWS]; /* NULL: PCRE2 */
    uint32_t n_slots, n_rules, n_routes, n_bindings, n_regexes, n_memo, n_keys, n_classes;
    uint8_t *bytes; /* while it is laid out */
    uint32_t len;
};

static inline uint32_t image_slot(struct image *im, const char *name, uint32_t flags)
{
    im->slots[im->n_slots] = (struct image_slot){name, flags};
    return im->n_slots++;
}

static inline uint32_t image_rule(struct image *im, struct image_rule rule)
{
    im->rules[im->n_rules] = rule;
    return im->n_rules++;
}

static inline void image_route(struct image *im, struct image_route route)
{
    im->routes[im->n_routes++] = route;
}

static inline void image_binding(struct image *im, struct image_binding binding)
{
    im->bindings[im->n_bindings++] = binding;
}

static inline void image_key(struct image *im, struct image_key key)
{
    im->keys[im->n_keys++] = key;
}

static inline void image_regex(struct image *im, const char *pattern)
{
    im->regexes[im->n_regexes++] = pattern;
}

static inline uint32_t image_add(struct image *im, const void *p, size_t len, size_t align)
{
    im->len = (uint32_t)((im->len + align - 1) / align * align);
    assert_true(im->len + len <= IMAGE_BYTES);
    uint32_t off = im->len;
    if (p != NULL && len > 0)
        memcpy(im->bytes + off, p, len);
    im->len += (uint32_t)len;
    return off;
}

static inline struct sigmaton_ref image_text(struct image *im, const char *z)
{
    uint32_t len = z != NULL ? (uint32_t)strlen(z) : 0;
    return (struct sigmaton_ref){image_add(im, z, len, 1), len};
}

static inline struct sigmaton_ref image_table(struct image *im, uint32_t n, size_t size)
{
    return (struct sigmaton_ref){image_add(im, NULL, n * size, 8), n};
}

static inline int image_names(const char *wanted, const char *has)
{
    return wanted == NULL || (has != NULL && strcmp(wanted, has) == 0);
}

static inline struct sigmaton_ref image_bitmap(struct image *im, const struct image_route *route)
{
    uint64_t words[IMAGE_ROWS / 64] = {0};
    for (uint32_t i = 0; i < im->n_rules; i++)
        if (image_names(im->rules[i].product, route->product) &&
            image_names(im->rules[i].category, route->category) &&
            image_names(im->rules[i].service, route->service))
            words[i / 64] |= UINT64_C(1) << i % 64;
    uint32_t n = (im->n_rules + 63) / 64;
    return (struct sigmaton_ref){image_add(im, words, n * sizeof *words, 8), n};
}

static inline void image_put_rules(struct image *im, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < im->n_rules; i++) {
        const struct image_rule *from = &im->rules[i];
        struct sigmaton_ref tags[COUNT(from->tags)];
        uint32_t n = 0;
        for (; n < COUNT(from->tags) && from->tags[n] != NULL; n++)
            tags[n] = image_text(im, from->tags[n]);
        struct sigmaton_rule to = {.id = image_text(im, from->id),
                                   .title = image_text(im, from->title),
                                   .file = image_text(im, "rules/a.yml"),
                                   .product = image_text(im, from->product),
                                   .category = image_text(im, from->category),
                                   .service = image_text(im, from->service),
                                   .level = SIGMATON_LEVEL_HIGH};
        to.tags = (struct sigmaton_ref){image_add(im, tags, n * sizeof *tags, 8), n};
        memcpy(im->bytes + table.off + i * sizeof to, &to, sizeof to);
    }
}

static inline void image_put_slots(struct image *im, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < im->n_slots; i++) {
        struct sigmaton_slot_info to = {.name = image_text(im, im->slots[i].name),
                                        .flags = im->slots[i].flags};
        memcpy(im->bytes + table.off + i * sizeof to, &to, sizeof to);
    }
}

static inline void image_put_bindings(struct image *im, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < im->n_bindings; i++) {
        const struct image_binding *from = &im->bindings[i];
        struct sigmaton_binding to = {.channel = image_text(im, from->channel),
                                      .event_id = from->event_id,
                                      .kind = from->kind,
                                      .field = from->field,
                                      .source = from->source,
                                      .domain = from->domain};
        memcpy(im->bytes + table.off + i * sizeof to, &to, sizeof to);
    }
}

static inline void image_put_routes(struct image *im, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < im->n_routes; i++) {
        const struct image_route *from = &im->routes[i];
        struct sigmaton_route to = {.channel = image_text(im, from->channel),
                                    .provider = image_text(im, from->provider),
                                    .n_ids = from->n_ids,
                                    .when_slot =
                                        from->when != 0 ? from->when - 1 : SIGMATON_NO_SLOT,
                                    .when_values = {image_text(im, from->when_values[0]),
                                                    image_text(im, from->when_values[1])},
                                    .product = image_text(im, from->product),
                                    .category = image_text(im, from->category),
                                    .service = image_text(im, from->service),
                                    .rules = image_bitmap(im, from)};
        memcpy(to.ids, from->ids, sizeof to.ids);
        memcpy(im->bytes + table.off + i * sizeof to, &to, sizeof to);
    }
}

static inline void image_put_keys(struct image *im, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < im->n_keys; i++) {
        const struct image_key *from = &im->keys[i];
        struct sigmaton_key to = {.text = image_text(im, from->text),
                                  .is_provider = from->is_provider};
        for (uint32_t k = 0; k <= from->n_ids; k++) {
            struct sigmaton_case one = {.id = k > 0 ? from->first_id + k - 1 : 0,
                                        .classes = {from->first_class + k}};
            uint32_t off = image_add(im, &one, sizeof one, k == 0 ? 8 : 4);
            to.cases.off = k == 0 ? off : to.cases.off;
        }
        to.cases.len = from->n_ids + 1;
        memcpy(im->bytes + table.off + i * sizeof to, &to, sizeof to);
    }
}

static inline void image_put_regexes(struct image *im, struct sigmaton_ref table)
{
    for (uint32_t i = 0; i < im->n_regexes; i++) {
        struct sigmaton_regex to = {.pattern = image_text(im, im->regexes[i])};
        if (im->automata[i] != NULL) {
            to.dfa.len = sizeof *im->automata[i];
            to.dfa.off = image_add(im, im->automata[i], to.dfa.len, 8);
        }
        memcpy(im->bytes + table.off + i * sizeof to, &to, sizeof to);
    }
}

/* One root key into a table of one bucket and 256 entries; false: its entry has another. */
static inline bool image_name(struct image *im, uint32_t off, const char *key, uint32_t len,
                              uint32_t slot, uint32_t flags)
{
    struct sigmaton_names *head = (void *)(im->bytes + off);
    uint16_t *shifts = (void *)(head + 1);
    struct sigmaton_name *entries = (void *)(shifts + 4), *e;
    const uint8_t *bytes = (const uint8_t *)key;
    uint64_t hash = sigmaton_name_hash(head->seed, bytes, len, sigmaton_name_ends(bytes, len));
    e = &entries[sigmaton_name_entry(head, shifts, hash)];
    bool same = e->flags != 0 && e->key.len == len && memcmp(im->bytes + e->key.off, key, len) == 0;
    if (e->flags != 0 && !same)
        return false;
    if (!same)
        *e = (struct sigmaton_name){{image_add(im, key, len, 1), len}, SIGMATON_NO_SLOT, 0};
    e->flags |= SIGMATON_NAME_USED | flags;
    if (flags == 0)
        e->slot = slot;
    return true;
}

static inline struct sigmaton_ref image_put_names(struct image *im)
{
    uint32_t size = sizeof(struct sigmaton_names) + 8 + 256 * sizeof(struct sigmaton_name);
    uint32_t off = image_add(im, NULL, size, 8), len = im->len;
    for (uint64_t seed = 1;; seed++) {
        bool ok = true;
        im->len = len;
        memset(im->bytes + off, 0, size);
        *(struct sigmaton_names *)(void *)(im->bytes + off) = (struct sigmaton_names){seed, 1, 256};
        for (uint32_t i = 0; ok && i < im->n_slots; i++) {
            const char *name = im->slots[i].name, *dot = strchr(name, '.');
            if ((im->slots[i].flags & SIGMATON_SLOT_KEYWORDS) != 0)
                continue;
            ok = image_name(im, off, name, (uint32_t)strlen(name), i, 0) &&
                 (dot == NULL ||
                  image_name(im, off, name, (uint32_t)(dot - name), 0, SIGMATON_NAME_HEAD));
        }
        if (ok)
            return (struct sigmaton_ref){off, size};
    }
}

static inline struct sigmaton_pack *image_end(struct image *im)
{
    im->bytes = calloc(1, IMAGE_BYTES);
    assert_non_null(im->bytes);
    im->len = 0;
    struct sigmaton_pack d = {.size = sizeof d,
                              .magic = SIGMATON_PACK_MAGIC,
                              .abi_major = SIGMATON_ABI_MAJOR,
                              .abi_minor = SIGMATON_ABI_MINOR,
                              .n_memo = im->n_memo};
    image_add(im, NULL, sizeof d, 8);
    d.rules = image_table(im, im->n_rules, sizeof(struct sigmaton_rule));
    d.slots = image_table(im, im->n_slots, sizeof(struct sigmaton_slot_info));
    d.bindings = image_table(im, im->n_bindings, sizeof(struct sigmaton_binding));
    d.routes = image_table(im, im->n_routes, sizeof(struct sigmaton_route));
    d.regexes = image_table(im, im->n_regexes, sizeof(struct sigmaton_regex));
    d.keys = image_table(im, im->n_keys, sizeof(struct sigmaton_key));
    d.classes = image_table(im, im->n_classes, sizeof(struct sigmaton_class));
    d.target = image_text(im, "");
    d.producer = image_text(im, "by hand");
    image_put_rules(im, d.rules);
    image_put_slots(im, d.slots);
    image_put_bindings(im, d.bindings);
    image_put_routes(im, d.routes);
    image_put_keys(im, d.keys);
    image_put_regexes(im, d.regexes);
    if (im->with_names)
        d.names = image_put_names(im);
    d.image_size = im->len;
    memcpy(im->bytes, &d, sizeof d);
    struct sigmaton_pack *pack = malloc(im->len);
    assert_non_null(pack);
    memcpy(pack, im->bytes, im->len);
    free(im->bytes);
    return pack;
}

#endif
