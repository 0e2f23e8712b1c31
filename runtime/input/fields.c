/* Field look-up, driven by the event: each key of each object that some field passes is looked up
 * once. SEMANTICS section 5: a key that spells the whole rest of a path wins over the path cut at
 * its first dot; arrays are visited element by element; of repeated keys the first counts.
 *
 * Objects and arrays still to visit are a stack. An object also leaves a mark beneath its members:
 * fields that its flat keys decided are hidden from them, and shown again when the mark is reached.
 */
#include "tape.h"

#define VISIT_MARK UINT32_MAX /* node of a mark; its place is the height of `won` */

static void visit_push(struct srt_tape *tape, uint32_t node, uint32_t place)
{
    tape->visits[tape->n_visits++] = (struct srt_visit){node, place};
}

/* What was pushed last is visited first: turn the members pushed since `from` round, so that leaves
 * come in the order of the event. */
static void visits_reverse(struct srt_tape *tape, uint32_t from)
{
    for (uint32_t i = from, j = tape->n_visits; i + 1 < j; i++) {
        struct srt_visit v = tape->visits[i];
        tape->visits[i] = tape->visits[--j];
        tape->visits[j] = v;
    }
}

static void found_add(struct srt_tape *tape, uint32_t slot, uint32_t node)
{
    uint32_t i = tape->n_found++;
    tape->found[i] = (struct srt_found){node, SRT_NO_FOUND};
    if (tape->first[slot] == SRT_NO_FOUND) {
        tape->first[slot] = i;
        tape->touched[tape->n_touched++] = slot;
    } else {
        tape->found[tape->last[slot]].next = i;
    }
    tape->last[slot] = i;
}

static bool is_container(const struct srt_tape *tape, uint32_t node)
{
    uint16_t kind = tape->nodes[node].kind;
    return kind == SRT_NODE_OBJECT || kind == SRT_NODE_ARRAY;
}

static void array_visit(struct srt_tape *tape, uint32_t array, uint32_t place)
{
    uint32_t from = tape->n_visits;
    uint32_t end = tape->nodes[array].end;
    for (uint32_t i = array + 1; i < end; i = tape->nodes[i].end)
        if (is_container(tape, i))
            visit_push(tape, i, place);
    visits_reverse(tape, from);
}

static void name_visit(struct srt_tape *tape, const struct srt_name *name, uint32_t value)
{
    if (name->slot != SIGMATON_NO_SLOT && !tape->is_won[name->slot]) {
        found_add(tape, name->slot, value);
        if (name->flat) {
            tape->is_won[name->slot] = 1;
            tape->won[tape->n_won++] = name->slot;
        }
    }
    if (name->below != SRT_NO_PLACE && is_container(tape, value))
        visit_push(tape, value, name->below);
}

static bool object_visit(struct srt_tape *tape, const struct srt_names *names, uint32_t object,
                         uint32_t place, struct srt_event *event)
{
    visit_push(tape, VISIT_MARK, tape->n_won);
    uint32_t from = tape->n_visits;
    uint32_t end = tape->nodes[object].end;
    tape->object++;
    for (uint32_t key = object + 1; key < end; key = tape->nodes[key + 1].end) {
        const uint8_t *text = srt_node_text(tape, key, event);
        if (text == NULL)
            return false;
        const struct srt_name *name = srt_names_find(names, place, text, tape->nodes[key].len);
        if (name == NULL || tape->seen[name - names->names] == tape->object)
            continue;
        tape->seen[name - names->names] = tape->object;
        name_visit(tape, name, key + 1);
    }
    visits_reverse(tape, from);
    return true;
}

static void mark_reached(struct srt_tape *tape, uint32_t n_won)
{
    while (tape->n_won > n_won)
        tape->is_won[tape->won[--tape->n_won]] = 0;
}

static bool event_visit(struct srt_tape *tape, const struct srt_names *names,
                        struct srt_event *event)
{
    visit_push(tape, 0, SRT_ROOT);
    while (tape->n_visits > 0) {
        struct srt_visit v = tape->visits[--tape->n_visits];
        if (v.node == VISIT_MARK)
            mark_reached(tape, v.place);
        else if (tape->nodes[v.node].kind == SRT_NODE_ARRAY)
            array_visit(tape, v.node, v.place);
        else if (!object_visit(tape, names, v.node, v.place, event))
            return false;
    }
    return true;
}

/* Counts, and with `leaves` writes, the leaves of a value: arrays flattened, objects left out. */
static bool flatten(struct srt_tape *tape, uint32_t node, struct srt_event *event,
                    struct sigmaton_slot *leaves, size_t *n)
{
    uint32_t end = tape->nodes[node].end;
    for (uint32_t i = node; i < end;) {
        uint16_t kind = tape->nodes[i].kind;
        if (kind == SRT_NODE_OBJECT) {
            i = tape->nodes[i].end;
            continue;
        }
        if (kind != SRT_NODE_ARRAY) {
            if (leaves != NULL && !srt_node_leaf(tape, i, event, &leaves[*n]))
                return false;
            (*n)++;
        }
        i++;
    }
    return true;
}

static bool list_fill(struct srt_tape *tape, uint32_t slot, struct srt_event *event)
{
    size_t n = 0;
    for (uint32_t i = tape->first[slot]; i != SRT_NO_FOUND; i = tape->found[i].next)
        flatten(tape, tape->found[i].node, event, NULL, &n);
    struct sigmaton_slot *leaves = srt_event_leaves(event, n);
    if (leaves == NULL)
        return false;
    struct sigmaton_slot *to = &event->slots[slot];
    *to = (struct sigmaton_slot){.len = (uint32_t)n, .kind = SIGMATON_EMPTY};
    if (n > 0) {
        to->at.leaves = leaves;
        to->kind = SIGMATON_LIST;
    }
    n = 0;
    for (uint32_t i = tape->first[slot]; i != SRT_NO_FOUND; i = tape->found[i].next)
        if (!flatten(tape, tape->found[i].node, event, leaves, &n))
            return false;
    return true;
}

static bool slot_fill(struct srt_tape *tape, uint32_t slot, struct srt_event *event)
{
    const struct srt_found *found = &tape->found[tape->first[slot]];
    uint16_t kind = tape->nodes[found->node].kind;
    if (found->next != SRT_NO_FOUND || kind == SRT_NODE_ARRAY)
        return list_fill(tape, slot, event);
    if (kind != SRT_NODE_OBJECT)
        return srt_node_leaf(tape, found->node, event, &event->slots[slot]);
    event->slots[slot].kind = SIGMATON_OBJECT;
    return true;
}

bool srt_fields_bind(struct srt_tape *tape, const struct srt_names *names, struct srt_event *event)
{
    for (uint32_t i = 0; i < event->n_slots; i++)
        tape->first[i] = SRT_NO_FOUND;
    tape->n_visits = tape->n_found = tape->n_touched = 0;
    bool ok = event_visit(tape, names, event);
    mark_reached(tape, 0);
    for (uint32_t i = 0; ok && i < tape->n_touched; i++)
        ok = slot_fill(tape, tape->touched[i], event);
    return ok;
}
