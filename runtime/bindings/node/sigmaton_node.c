/* libsigmaton out of Node: the native half of index.js. Node-API 8, no node-gyp:
 *     cc -shared -fPIC -I/usr/include/node sigmaton_node.c -lsigmaton -o sigmaton.node
 * An object of this file is a box. A box holds what it needs alive: a scratch its engine, a reader
 * its live handle; the last holder destroys, so that the order in which the collector finds them
 * does not matter. One thread's all. */
#define NAPI_VERSION 8
#include <node_api.h>
#include <sigmaton/sigmaton.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { ENGINE, SCRATCH, LIVE, READER };

struct box {
    enum kind kind;
    unsigned holders; /* its object, and each box made of it */
    struct box *owner;
    void *of; /* NULL: an engine that a live handle took */
};

static void drop(struct box *b)
{
    while (b && --b->holders == 0) {
        struct box *owner = b->owner;
        if (b->kind == ENGINE)
            sigmaton_engine_destroy(b->of);
        else if (b->kind == SCRATCH)
            sigmaton_scratch_destroy(b->of);
        else if (b->kind == LIVE)
            sigmaton_live_destroy(b->of);
        else
            sigmaton_reader_destroy(b->of);
        free(b);
        b = owner;
    }
}

static void finalize(napi_env env, void *data, void *hint)
{
    (void)env, (void)hint;
    drop(data);
}

/* ---- Errors and values ---- */

static napi_value fail(napi_env env, enum sigmaton_status status, const char *why,
                       const size_t *offset)
{
    char number[16];
    napi_value code, text, error, at;
    snprintf(number, sizeof number, "%d", (int)status);
    napi_create_string_utf8(env, number, NAPI_AUTO_LENGTH, &code);
    napi_create_string_utf8(env, why ? why : sigmaton_status_text(status), NAPI_AUTO_LENGTH, &text);
    napi_create_error(env, code, text, &error);
    if (offset) {
        napi_create_double(env, (double)*offset, &at);
        napi_set_named_property(env, error, "offset", at);
    }
    napi_throw(env, error);
    return NULL;
}

static napi_value wrong(napi_env env, const char *why)
{
    napi_throw_type_error(env, NULL, why);
    return NULL;
}

static const napi_type_tag TAG = {0x7369676d61746f6eULL, 0x626f780000000001ULL};

/* Takes `of`; a kind's object, tagged so that no other object passes for one. */
static napi_value boxed(napi_env env, enum kind kind, void *of, struct box *owner)
{
    struct box *b = malloc(sizeof *b);
    napi_value object;
    if (!b)
        return fail(env, SIGMATON_ENOMEM, NULL, NULL);
    *b = (struct box){kind, 1, owner, of};
    if (owner)
        owner->holders++;
    if (napi_create_object(env, &object) || napi_type_tag_object(env, object, &TAG) ||
        napi_wrap(env, object, b, finalize, NULL, NULL)) {
        drop(b);
        return wrong(env, "no object can be made");
    }
    return object;
}

static struct box *unboxed(napi_env env, napi_value value, enum kind kind)
{
    struct box *b = NULL;
    bool ours = false;
    if (napi_check_object_type_tag(env, value, &TAG, &ours) || !ours ||
        napi_unwrap(env, value, (void **)&b) || b->kind != kind)
        return wrong(env, "an object of this package is wanted"), NULL;
    if (!b->of)
        return wrong(env, "a live handle has taken this engine"), NULL;
    return b;
}

/* A string as UTF-8, to be freed; NULL where it is none. */
static char *string(napi_env env, napi_value value, size_t *ret_len)
{
    size_t len;
    char *text;
    if (napi_get_value_string_utf8(env, value, NULL, 0, &len) || !(text = malloc(len + 1)))
        return NULL;
    napi_get_value_string_utf8(env, value, text, len + 1, &len);
    *ret_len = len;
    return text;
}

static void put(napi_env env, napi_value object, const char *name, const char *text, size_t len)
{
    napi_value value;
    napi_create_string_utf8(env, text, len, &value);
    napi_set_named_property(env, object, name, value);
}

static void put_ref(napi_env env, napi_value object, const char *name,
                    const struct sigmaton_engine *engine, struct sigmaton_ref ref)
{
    size_t len;
    const char *text = sigmaton_ref_text(engine, ref, &len);
    put(env, object, name, text, len);
}

static napi_value rule(napi_env env, const struct sigmaton_engine *engine, uint32_t index)
{
    const struct sigmaton_rule *row = sigmaton_rule_at(engine, index);
    napi_value object, tags, value;
    const char *tag;
    size_t len;
    napi_create_object(env, &object);
    napi_create_uint32(env, index, &value);
    napi_set_named_property(env, object, "index", value);
    put_ref(env, object, "id", engine, row->id);
    put_ref(env, object, "title", engine, row->title);
    put_ref(env, object, "file", engine, row->file);
    put_ref(env, object, "product", engine, row->product);
    put_ref(env, object, "category", engine, row->category);
    put_ref(env, object, "service", engine, row->service);
    put(env, object, "level", sigmaton_level_text(row->level), NAPI_AUTO_LENGTH);
    put(env, object, "status", sigmaton_rule_status_text(row->status), NAPI_AUTO_LENGTH);
    napi_create_array(env, &tags);
    for (uint32_t i = 0; (tag = sigmaton_rule_tag(engine, index, i, &len)); i++) {
        napi_create_string_utf8(env, tag, len, &value);
        napi_set_element(env, tags, i, value);
    }
    napi_set_named_property(env, object, "tags", tags);
    return object;
}

/* ---- Judging ---- */

static napi_value told(napi_env env, const struct sigmaton_engine *engine,
                       const struct sigmaton_verdict *v)
{
    static const struct {
        const char *name;
        uint32_t (*next)(const struct sigmaton_verdict *, uint32_t);
    } lists[] = {{"hits", sigmaton_next_hit}, {"unjudged", sigmaton_next_unjudged}};
    napi_value object, list;
    napi_create_object(env, &object);
    for (size_t k = 0; k < 2; k++) {
        uint32_t n = 0;
        napi_create_array(env, &list);
        for (uint32_t i = lists[k].next(v, 0); i < v->n_rules; i = lists[k].next(v, i + 1))
            napi_set_element(env, list, n++, rule(env, engine, i));
        napi_set_named_property(env, object, lists[k].name, list);
    }
    return object;
}

static napi_value judged(napi_env env, const struct box *b, const struct sigmaton_event *event)
{
    struct sigmaton_verdict v = {0};
    enum sigmaton_status status = b->kind == READER ? sigmaton_reader_eval(b->of, event, &v)
                                                    : sigmaton_eval(b->owner->of, b->of, event, &v);
    if (status)
        return fail(env, status, v.error, v.error ? &v.error_off : NULL);
    return told(env, b->kind == READER ? sigmaton_reader_engine(b->of) : b->owner->of, &v);
}

/* [name, value, kind, name, value, kind, ..] as pairs; false with an exception. Both texts are to
 * be freed. */
static bool pairs_of(napi_env env, napi_value list, struct sigmaton_pair *pairs, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        napi_value name, value, kind;
        size_t name_len = 0, value_len = 0;
        napi_get_element(env, list, 3 * i, &name);
        napi_get_element(env, list, 3 * i + 1, &value);
        napi_get_element(env, list, 3 * i + 2, &kind);
        pairs[i].name = string(env, name, &name_len);
        pairs[i].value = string(env, value, &value_len);
        if (!pairs[i].name || !pairs[i].value || name_len > UINT32_MAX || value_len > UINT32_MAX ||
            napi_get_value_uint32(env, kind, &pairs[i].kind))
            return wrong(env, "pairs are names, values and kinds"), false;
        pairs[i].name_len = (uint32_t)name_len;
        pairs[i].value_len = (uint32_t)value_len;
    }
    return true;
}

static napi_value judge_pairs(napi_env env, const struct box *b, napi_value list,
                              const struct sigmaton_logsource *source)
{
    uint32_t n = 0;
    napi_value verdict = NULL;
    if (napi_get_array_length(env, list, &n))
        return wrong(env, "an event is bytes or pairs");
    n /= 3;
    struct sigmaton_pair *pairs = calloc((size_t)n + 1, sizeof *pairs);
    if (!pairs)
        return fail(env, SIGMATON_ENOMEM, NULL, NULL);
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_PAIRS, pairs, n, source};
    if (pairs_of(env, list, pairs, n))
        verdict = judged(env, b, &event);
    for (uint32_t i = 0; i < n; i++) {
        free((void *)(uintptr_t)pairs[i].name);
        free((void *)(uintptr_t)pairs[i].value);
    }
    free(pairs);
    return verdict;
}

/* [slot, value, kind, number, slot, value, kind, number, ..] as slots[n_slots] of the engine; false
 * with an exception. The texts are to be freed. */
static bool slots_of(napi_env env, napi_value list, struct sigmaton_slot *slots, uint32_t n_slots)
{
    uint32_t n = 0;
    if (napi_get_array_length(env, list, &n))
        return wrong(env, "an event is slots"), false;
    for (uint32_t i = 0; i + 3 < n; i += 4) {
        napi_value part[4];
        uint32_t slot = 0;
        size_t len = 0;
        bool lossless;
        for (uint32_t k = 0; k < 4; k++)
            napi_get_element(env, list, i + k, &part[k]);
        if (napi_get_value_uint32(env, part[0], &slot) || slot >= n_slots || slots[slot].at.text)
            return wrong(env, "slots are numbers of the engine's, each once"), false;
        char *text = string(env, part[1], &len);
        slots[slot] = sigmaton_text(text, len);
        if (!text || len > UINT32_MAX || napi_get_value_uint32(env, part[2], &slots[slot].kind) ||
            napi_get_value_bigint_uint64(env, part[3], &slots[slot].number, &lossless))
            return wrong(env, "slots are numbers, values, kinds and bits"), false;
    }
    return true;
}

static napi_value judge_slots_of(napi_env env, const struct box *b, napi_value list,
                                 const struct sigmaton_logsource *source)
{
    napi_value verdict = NULL;
    uint32_t n = sigmaton_n_slots(b->owner->of);
    struct sigmaton_slot *slots = calloc((size_t)n + 1, sizeof *slots);
    if (!slots)
        return fail(env, SIGMATON_ENOMEM, NULL, NULL);
    struct sigmaton_event event = {sizeof event, SIGMATON_FORM_SLOTS, slots, n, source};
    if (slots_of(env, list, slots, n))
        verdict = judged(env, b, &event);
    for (uint32_t i = 0; i < n; i++)
        free((void *)(uintptr_t)slots[i].at.text);
    free(slots);
    return verdict;
}

/* judge(box, bytes or pairs, product, category, service) */
static napi_value judge_as(napi_env env, napi_callback_info info, enum kind kind, bool by_slot)
{
    napi_value args[5], verdict;
    size_t argc = 5, n, ignored;
    char *labels[3];
    void *bytes;
    bool is_bytes = false;
    struct box *b;
    napi_get_cb_info(env, info, &argc, args, NULL, NULL);
    if (!(b = unboxed(env, args[0], kind)))
        return NULL;
    for (int i = 0; i < 3; i++)
        labels[i] = string(env, args[2 + i], &ignored);
    const struct sigmaton_logsource source = {labels[0], labels[1], labels[2]};
    const struct sigmaton_logsource *from = labels[0] || labels[1] || labels[2] ? &source : NULL;
    napi_is_typedarray(env, args[1], &is_bytes);
    if (is_bytes) {
        napi_get_typedarray_info(env, args[1], NULL, &n, &bytes, NULL, NULL);
        struct sigmaton_event event = {sizeof event, SIGMATON_FORM_JSON, n ? bytes : "", n, from};
        verdict = judged(env, b, &event);
    } else if (by_slot) {
        verdict = judge_slots_of(env, b, args[1], from);
    } else {
        verdict = judge_pairs(env, b, args[1], from);
    }
    for (int i = 0; i < 3; i++)
        free(labels[i]);
    return verdict;
}

static napi_value judge(napi_env env, napi_callback_info info)
{
    return judge_as(env, info, SCRATCH, false);
}

static napi_value judge_live(napi_env env, napi_callback_info info)
{
    return judge_as(env, info, READER, false);
}

static napi_value judge_slots(napi_env env, napi_callback_info info)
{
    return judge_as(env, info, SCRATCH, true);
}

/* ---- Engines, scratches, live handles ---- */

/* Takes neither text. */
static napi_value open_with(napi_env env, const char *path, const char *key,
                            const struct sigmaton_engine_options *options)
{
    struct sigmaton_file *file;
    struct sigmaton_engine *engine;
    const char *why = NULL;
    struct sigmaton_open_options opening = {.size = sizeof opening, .verify_key = key};
    enum sigmaton_status status = sigmaton_open(path, &opening, &file, &why);
    if (status)
        return fail(env, status, why, NULL);
    status = sigmaton_engine_load(file, options, &engine, &why);
    if (status) {
        sigmaton_close(file);
        return fail(env, status, why, NULL);
    }
    return boxed(env, ENGINE, engine, NULL);
}

/* open(path, key, routing, regex, product, category, service) */
static napi_value open_pack(napi_env env, napi_callback_info info)
{
    napi_value args[7], object = NULL;
    size_t argc = 7, len, ignored;
    char *texts[5] = {NULL};
    static const int at[5] = {0, 1, 4, 5, 6};
    uint32_t routing = 0, regex = 0;
    napi_valuetype key_type = napi_undefined;
    napi_get_cb_info(env, info, &argc, args, NULL, NULL);
    for (int i = 0; i < 5; i++)
        texts[i] = string(env, args[at[i]], i == 0 ? &len : &ignored);
    napi_get_value_uint32(env, args[2], &routing);
    napi_get_value_uint32(env, args[3], &regex);
    napi_typeof(env, args[1], &key_type);
    const struct sigmaton_engine_options options = {.size = sizeof options,
                                                    .routing = (enum sigmaton_routing)routing,
                                                    .product = texts[2],
                                                    .category = texts[3],
                                                    .service = texts[4],
                                                    .regex = (enum sigmaton_regex_mode)regex};
    if (!texts[0] || strlen(texts[0]) != len)
        wrong(env, "a path is wanted");
    else if (!texts[1] && key_type != napi_undefined) /* never open unverified for want of memory */
        fail(env, SIGMATON_ENOMEM, NULL, NULL);
    else
        object = open_with(env, texts[0], texts[1], &options);
    for (int i = 0; i < 5; i++)
        free(texts[i]);
    return object;
}

/* slot(engine, name): its number, or undefined */
static napi_value slot(napi_env env, napi_callback_info info)
{
    napi_value args[2], value;
    size_t argc = 2, len;
    struct box *b;
    napi_get_cb_info(env, info, &argc, args, NULL, NULL);
    if (!(b = unboxed(env, args[0], ENGINE)))
        return NULL;
    char *name = string(env, args[1], &len);
    if (!name)
        return wrong(env, "a name is wanted");
    uint32_t found = sigmaton_slot_find(b->of, name, len);
    free(name);
    if (found == SIGMATON_NO_SLOT)
        return NULL;
    napi_create_uint32(env, found, &value);
    return value;
}

/* The first `n` arguments as boxes of a kind each. */
static bool boxes(napi_env env, napi_callback_info info, const enum kind *kinds, size_t n,
                  struct box **ret)
{
    napi_value args[2];
    size_t argc = n;
    napi_get_cb_info(env, info, &argc, args, NULL, NULL);
    for (size_t i = 0; i < n; i++)
        if (!(ret[i] = unboxed(env, args[i], kinds[i])))
            return false;
    return true;
}

static napi_value rules(napi_env env, napi_callback_info info)
{
    struct box *b;
    napi_value list;
    if (!boxes(env, info, (enum kind[]){ENGINE}, 1, &b))
        return NULL;
    napi_create_array(env, &list);
    for (uint32_t i = 0; i < sigmaton_n_rules(b->of); i++)
        napi_set_element(env, list, i, rule(env, b->of, i));
    return list;
}

static napi_value slots(napi_env env, napi_callback_info info)
{
    struct box *b;
    napi_value list, value;
    size_t len;
    const char *name;
    if (!boxes(env, info, (enum kind[]){ENGINE}, 1, &b))
        return NULL;
    napi_create_array(env, &list);
    for (uint32_t i = 0; (name = sigmaton_slot_name(b->of, i, &len)); i++) {
        napi_create_string_utf8(env, name, len, &value);
        napi_set_element(env, list, i, value);
    }
    return list;
}

static napi_value scratch(napi_env env, napi_callback_info info)
{
    struct box *b;
    struct sigmaton_scratch *made;
    if (!boxes(env, info, (enum kind[]){ENGINE}, 1, &b))
        return NULL;
    enum sigmaton_status status = sigmaton_scratch_create(b->of, &made);
    return status ? fail(env, status, NULL, NULL) : boxed(env, SCRATCH, made, b);
}

/* An engine that scratches still use is not given away. */
static bool free_to_go(napi_env env, const struct box *engine)
{
    if (engine->holders > 1)
        wrong(env, "an engine with scratches cannot go to a live handle");
    return engine->holders == 1;
}

static napi_value live(napi_env env, napi_callback_info info)
{
    struct box *b;
    struct sigmaton_live *made;
    if (!boxes(env, info, (enum kind[]){ENGINE}, 1, &b) || !free_to_go(env, b))
        return NULL;
    enum sigmaton_status status = sigmaton_live_create(b->of, &made);
    if (status)
        return fail(env, status, NULL, NULL);
    b->of = NULL;
    return boxed(env, LIVE, made, NULL);
}

static napi_value swap(napi_env env, napi_callback_info info)
{
    struct box *b[2];
    if (!boxes(env, info, (enum kind[]){LIVE, ENGINE}, 2, b) || !free_to_go(env, b[1]))
        return NULL;
    enum sigmaton_status status = sigmaton_live_swap(b[0]->of, b[1]->of);
    if (status)
        return fail(env, status, NULL, NULL);
    b[1]->of = NULL;
    return NULL;
}

static napi_value reader(napi_env env, napi_callback_info info)
{
    struct box *b;
    struct sigmaton_reader *made;
    if (!boxes(env, info, (enum kind[]){LIVE}, 1, &b))
        return NULL;
    enum sigmaton_status status = sigmaton_reader_create(b->of, &made);
    return status ? fail(env, status, NULL, NULL) : boxed(env, READER, made, b);
}

NAPI_MODULE_INIT()
{
    static const struct {
        const char *name;
        napi_callback of;
    } face[] = {{"open", open_pack},
                {"rules", rules},
                {"scratch", scratch},
                {"judge", judge},
                {"live", live},
                {"swap", swap},
                {"reader", reader},
                {"judgeLive", judge_live},
                {"slot", slot},
                {"slots", slots},
                {"judgeSlots", judge_slots}};
    for (size_t i = 0; i < sizeof face / sizeof *face; i++) {
        napi_value function;
        napi_create_function(env, face[i].name, NAPI_AUTO_LENGTH, face[i].of, NULL, &function);
        napi_set_named_property(env, exports, face[i].name, function);
    }
    put(env, exports, "version", sigmaton_version(), NAPI_AUTO_LENGTH);
    return exports;
}
