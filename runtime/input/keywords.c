/* Keywords search every scalar of the event. A repeated key's value is not part of the event, so
 * repeated keys are found first: here, and not while reading, because only packs with keywords pay.
 */
#include <string.h>

#include "tape.h"

/* Up to here each key is compared with those before it; more keys are sorted, so that no event can
 * make this quadratic. */
#define KEYS_COMPARED 16

/* Orders keys by length, bytes and place. Their texts are unescaped. */
static int key_order(struct srt_tape *tape, uint32_t a, uint32_t b, struct srt_event *event)
{
    const struct srt_node *x = &tape->nodes[a], *y = &tape->nodes[b];
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    int order = x->len > 0
                    ? memcmp(srt_node_text(tape, a, event), srt_node_text(tape, b, event), x->len)
                    : 0;
    return order;
}

static bool key_before(struct srt_tape *tape, uint32_t a, uint32_t b, struct srt_event *event)
{
    int order = key_order(tape, a, b, event);
    return order < 0 || (order == 0 && a < b);
}

/* Heap sort: in place, never worse than n log n. */
static void sift_down(struct srt_tape *tape, uint32_t root, uint32_t n, struct srt_event *event)
{
    uint32_t *keys = tape->keys;
    for (uint32_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && key_before(tape, keys[child], keys[child + 1], event))
            child++;
        if (!key_before(tape, keys[root], keys[child], event))
            return;
        uint32_t k = keys[root];
        keys[root] = keys[child];
        keys[child] = k;
    }
}

static void keys_sort(struct srt_tape *tape, uint32_t n, struct srt_event *event)
{
    for (uint32_t i = n / 2; i > 0; i--)
        sift_down(tape, i - 1, n, event);
    for (uint32_t i = n; i > 1; i--) {
        uint32_t k = tape->keys[0];
        tape->keys[0] = tape->keys[i - 1];
        tape->keys[i - 1] = k;
        sift_down(tape, 0, i - 1, event);
    }
}

static void many_mark(struct srt_tape *tape, uint32_t n, struct srt_event *event)
{
    keys_sort(tape, n, event);
    for (uint32_t i = 1; i < n; i++)
        if (key_order(tape, tape->keys[i - 1], tape->keys[i], event) == 0)
            tape->nodes[tape->keys[i]].flags |= SRT_NODE_REPEATED;
}

static void few_mark(struct srt_tape *tape, uint32_t n, struct srt_event *event)
{
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t j = 0; j < i; j++)
            if (key_order(tape, tape->keys[j], tape->keys[i], event) == 0) {
                tape->nodes[tape->keys[i]].flags |= SRT_NODE_REPEATED;
                break;
            }
}

/* Marks the keys that an object has already. */
static bool object_mark(struct srt_tape *tape, uint32_t object, struct srt_event *event)
{
    uint32_t n = 0;
    uint32_t end = tape->nodes[object].end;
    for (uint32_t key = object + 1; key < end; key = tape->nodes[key + 1].end) {
        if (srt_node_text(tape, key, event) == NULL)
            return false;
        tape->keys[n++] = key;
    }
    if (n <= KEYS_COMPARED)
        few_mark(tape, n, event);
    else
        many_mark(tape, n, event);
    return true;
}

static bool is_scalar(uint16_t kind)
{
    return kind >= SRT_NODE_STRING && kind != SRT_NODE_NULL;
}

/* Counts, and with `leaves` writes, the scalars. */
static bool scalars(struct srt_tape *tape, struct srt_event *event, struct sigmaton_slot *leaves,
                    size_t *ret_n)
{
    size_t n = 0;
    for (uint32_t i = 0; i < tape->n;) {
        const struct srt_node *node = &tape->nodes[i];
        if (node->kind == SRT_NODE_KEY && (node->flags & SRT_NODE_REPEATED) != 0) {
            i = tape->nodes[i + 1].end;
            continue;
        }
        if (is_scalar(node->kind)) {
            if (leaves != NULL && !srt_node_leaf(tape, i, event, &leaves[n]))
                return false;
            n++;
        }
        i++;
    }
    *ret_n = n;
    return true;
}

bool srt_keywords_bind(struct srt_tape *tape, uint32_t slot, struct srt_event *event)
{
    for (uint32_t i = 0; i < tape->n; i++)
        if (tape->nodes[i].kind == SRT_NODE_OBJECT && !object_mark(tape, i, event))
            return false;
    size_t n;
    scalars(tape, event, NULL, &n);
    struct sigmaton_slot *leaves = srt_event_leaves(event, n);
    if (leaves == NULL)
        return false;
    struct sigmaton_slot *to = srt_event_slot(event, slot);
    *to = (struct sigmaton_slot){.len = (uint32_t)n, .kind = SIGMATON_EMPTY};
    if (n > 0) {
        to->at.leaves = leaves;
        to->kind = SIGMATON_LIST;
    }
    return scalars(tape, event, leaves, &n);
}
