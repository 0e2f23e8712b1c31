/* Field look-up, driven by the event: each key of each object that some field passes is looked up
 * once. SEMANTICS section 5: a key that spells the whole rest of a path wins over the path cut at
 * its first dot; arrays are visited element by element; of repeated keys the first counts.
 *
 * Objects and arrays still to visit are a stack. An object also leaves a mark beneath its members:
 * fields that its flat keys decided are hidden from them, and shown again when the mark is reached.
 *
 * Envelopes (pack.h; Event.System and Event.EventData of Windows events) are slots too. What the
 * event has there is visited once more as if it were the event, with the fields that have values
 * already hidden. Events without envelopes pay a look at two lists.
 */
#include <string.h>

#include "tape.h"

#define VISIT_MARK UINT32_MAX /* node of a mark; its place is the height of `won` */
#define NO_NODE UINT32_MAX

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

/* false: the envelopes of the pack overlap so that there are more values than an event can have. */
static bool found_add(struct srt_tape *tape, uint32_t slot, uint32_t node)
{
    if (tape->n_found == SIGMATON_VALUES_MAX)
        return false;
    uint32_t i = tape->n_found++;
    tape->found[i] = (struct srt_found){node, SRT_NO_FOUND};
    if (tape->first[slot] == SRT_NO_FOUND) {
        tape->first[slot] = i;
        tape->touched[tape->n_touched++] = slot;
    } else {
        tape->found[tape->last[slot]].next = i;
    }
    tape->last[slot] = i;
    return true;
}

static void slot_hide(struct srt_tape *tape, uint32_t slot)
{
    if (tape->is_won[slot])
        return;
    tape->is_won[slot] = 1;
    tape->won[tape->n_won++] = slot;
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

/* The value of the first member that has this key (or, with `other`, another); NO_NODE when there
 * is none. false: the arena is full. */
static bool member_find(struct srt_tape *tape, uint32_t object, const char *key, bool other,
                        struct srt_event *event, uint32_t *ret_value)
{
    size_t len = strlen(key);
    uint32_t end = tape->nodes[object].end;
    *ret_value = NO_NODE;
    for (uint32_t i = object + 1; i < end; i = tape->nodes[i + 1].end) {
        const uint8_t *text = srt_node_text(tape, i, event);
        if (text == NULL)
            return false;
        if ((tape->nodes[i].len == len && memcmp(text, key, len) == 0) == other)
            continue;
        *ret_value = i + 1;
        return true;
    }
    return true;
}

/* In an envelope an object is an XML element with attributes: what counts is its text. */
static bool value_unwrap(struct srt_tape *tape, uint32_t value, struct srt_event *event,
                         uint32_t *ret_value)
{
    *ret_value = value;
    if (!tape->in_envelope || tape->nodes[value].kind != SRT_NODE_OBJECT)
        return true;
    return member_find(tape, value, "#text", false, event, ret_value);
}

static bool name_visit(struct srt_tape *tape, const struct srt_name *name, uint32_t value,
                       struct srt_event *event)
{
    if (name->slot != SIGMATON_NO_SLOT && !tape->is_won[name->slot]) {
        uint32_t found;
        if (!value_unwrap(tape, value, event, &found))
            return false;
        if (found != NO_NODE && !found_add(tape, name->slot, found))
            return false;
        if (name->flat)
            slot_hide(tape, name->slot);
    }
    if (name->below != SRT_NO_PLACE && is_container(tape, value))
        visit_push(tape, value, name->below);
    return true;
}

/* One key of the object being visited. Of keys with one name the first counts. */
static bool key_visit(struct srt_tape *tape, const struct srt_name *name, uint32_t value,
                      struct srt_event *event)
{
    if (tape->seen[name - tape->names->names] == tape->object)
        return true;
    tape->seen[name - tape->names->names] = tape->object;
    return name_visit(tape, name, value, event);
}

/* Keys of an envelope once more, without their blanks: `Threat Name` is ThreatName. */
static bool blanks_visit(struct srt_tape *tape, uint32_t object, struct srt_event *event)
{
    uint32_t end = tape->nodes[object].end;
    for (uint32_t key = object + 1; key < end; key = tape->nodes[key + 1].end) {
        const uint8_t *text = srt_node_text(tape, key, event);
        uint32_t len = tape->nodes[key].len;
        if (text == NULL)
            return false;
        if (memchr(text, ' ', len) == NULL)
            continue;
        uint8_t *bare = srt_event_text(event, len);
        if (bare == NULL)
            return false;
        size_t n = 0;
        for (uint32_t i = 0; i < len; i++)
            if (text[i] != ' ')
                bare[n++] = text[i];
        const struct srt_name *name = srt_names_find(tape->names, SRT_ROOT, bare, n);
        event->text_len -= len; /* bare is not kept */
        if (name != NULL && !key_visit(tape, name, key + 1, event))
            return false;
    }
    return true;
}

static bool object_visit(struct srt_tape *tape, uint32_t object, uint32_t place,
                         struct srt_event *event)
{
    const struct srt_names *names = tape->names;
    visit_push(tape, VISIT_MARK, tape->n_won);
    uint32_t from = tape->n_visits;
    uint32_t end = tape->nodes[object].end;
    tape->object++;
    for (uint32_t key = object + 1; key < end; key = tape->nodes[key + 1].end) {
        const uint8_t *text = srt_node_text(tape, key, event);
        if (text == NULL)
            return false;
        const struct srt_name *name = srt_names_find(names, place, text, tape->nodes[key].len);
        if (name != NULL && !key_visit(tape, name, key + 1, event))
            return false;
    }
    if (tape->in_envelope && place == SRT_ROOT && !blanks_visit(tape, object, event))
        return false;
    visits_reverse(tape, from);
    return true;
}

static void mark_reached(struct srt_tape *tape, uint32_t n_won)
{
    while (tape->n_won > n_won)
        tape->is_won[tape->won[--tape->n_won]] = 0;
}

static bool visits_run(struct srt_tape *tape, struct srt_event *event)
{
    while (tape->n_visits > 0) {
        struct srt_visit v = tape->visits[--tape->n_visits];
        if (v.node == VISIT_MARK)
            mark_reached(tape, v.place);
        else if (tape->nodes[v.node].kind == SRT_NODE_ARRAY)
            array_visit(tape, v.node, v.place);
        else if (!object_visit(tape, v.node, v.place, event))
            return false;
    }
    return true;
}

/* What the event has at a slot, or at `inner` the first member of each object there. */
static bool envelopes_push(struct srt_tape *tape, uint32_t slot, bool inner,
                           struct srt_event *event)
{
    for (uint32_t i = tape->first[slot]; i < tape->n_own; i = tape->found[i].next) {
        uint32_t value = tape->found[i].node;
        if (inner && tape->nodes[value].kind != SRT_NODE_OBJECT)
            continue;
        if (inner && !member_find(tape, value, "#attributes", true, event, &value))
            return false;
        if (value != NO_NODE && is_container(tape, value))
            visit_push(tape, value, SRT_ROOT);
    }
    visits_reverse(tape, 0);
    return true;
}

/* Fields with values are hidden. Envelopes within envelopes are none: only the event's own count.
 */
static bool envelopes_visit(struct srt_tape *tape, enum srt_role role, struct srt_event *event)
{
    struct srt_role_slots envelopes = tape->names->roles[role];
    bool ok = true;
    for (uint32_t i = 0; ok && i < envelopes.n; i++) {
        if (tape->first[envelopes.slots[i]] >= tape->n_own)
            continue;
        for (uint32_t t = 0; t < tape->n_touched; t++)
            slot_hide(tape, tape->touched[t]);
        tape->in_envelope = true;
        ok = envelopes_push(tape, envelopes.slots[i], role == SRT_ROLE_INNER, event) &&
             visits_run(tape, event);
        tape->in_envelope = false;
        mark_reached(tape, 0);
    }
    return ok;
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
    struct sigmaton_slot *to = srt_event_slot(event, slot);
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
        return srt_node_leaf(tape, found->node, event, srt_event_slot(event, slot));
    srt_event_slot(event, slot)->kind = SIGMATON_OBJECT;
    return true;
}

bool srt_fields_bind(struct srt_tape *tape, const struct srt_names *names, struct srt_event *event)
{
    for (uint32_t i = 0; i < event->n_slots; i++)
        tape->first[i] = SRT_NO_FOUND;
    tape->names = names;
    tape->n_visits = tape->n_found = tape->n_touched = 0;
    visit_push(tape, 0, SRT_ROOT);
    bool ok = visits_run(tape, event);
    tape->n_own = tape->n_found;
    mark_reached(tape, 0);
    ok = ok && envelopes_visit(tape, SRT_ROLE_ENVELOPE, event) &&
         envelopes_visit(tape, SRT_ROLE_INNER, event);
    for (uint32_t i = 0; ok && i < tape->n_touched; i++)
        ok = slot_fill(tape, tape->touched[i], event);
    return ok;
}
