#include "check_inert.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sigmaton/sigmaton.h>

#include "arena.h"
#include "event_stream.h"
#include "lines.h"
#include "vec.h"

struct inert {
    struct sigmatonc *c;
    const struct report *report;
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    size_t n_words;             /* of a bitmap over the rules */
    uint32_t *rule_of_source;   /* [n_sources]: some rule of it; all of them meet the same events */
    unsigned long long *events; /* likewise */
    bool *seen;                 /* [n_sources * n_slots] */
    uint32_t *present;          /* [n_slots]: slots of the event in hand */
    unsigned long long n_events, n_unreadable;
};

/* Stands in for the pack's code: every rule that is asked answers yes, so the verdict's hits are
 * the rules that the event meets. */
static uint64_t meet(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                     struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    (void)host, (void)slots, (void)frame, (void)word;
    return candidates;
}

struct inert *inert_open(struct sigmatonc *c, const struct args *args, const struct report *r)
{
    const struct plan *plan = c->plan;
    struct inert *in = ARENA_NEW(c->arena, struct inert);
    in->c = c;
    in->report = r;
    in->n_words = ((size_t)c->ir->n_rules + 63) / 64;
    in->rule_of_source = ARENA_ARRAY(c->arena, plan->n_sources, uint32_t);
    in->events = ARENA_ARRAY(c->arena, plan->n_sources, unsigned long long);
    in->seen = ARENA_ARRAY(c->arena, (size_t)plan->n_sources * plan->n_slots, bool);
    in->present = ARENA_ARRAY(c->arena, plan->n_slots, uint32_t);
    for (uint32_t i = c->ir->n_rules; i-- > 0;)
        in->rule_of_source[plan->source_of[i]] = i;
    struct sigmaton_engine_options o = {
        .size = sizeof o,
        .routing = args->routing == ROUTING_NONE    ? SIGMATON_ROUTE_NONE
                   : args->routing == ROUTING_GIVEN ? SIGMATON_ROUTE_GIVEN
                                                    : SIGMATON_ROUTE_AUTO,
        .product = args->product,
        .category = args->category,
        .service = args->service,
        .regex = SIGMATON_REGEX_INTERP,
        .eval = meet,
    };
    const char *why = NULL;
    enum sigmaton_status s = sigmaton_engine_create(sigmatonc_pack(c), &o, &in->engine, &why);
    if (s == SIGMATON_OK)
        s = sigmaton_scratch_create(in->engine, &in->scratch);
    if (s == SIGMATON_OK)
        return in;
    report_fail(r, "the events cannot be read: %s%s%s", sigmaton_status_text(s), why ? ": " : "",
                why ? why : "");
    inert_close(in);
    return NULL;
}

void inert_close(struct inert *in)
{
    if (!in)
        return;
    sigmaton_scratch_destroy(in->scratch);
    sigmaton_engine_destroy(in->engine);
}

/* ---- the sample ---- */

static void see(struct inert *in, const struct sigmaton_verdict *v)
{
    const struct plan *plan = in->c->plan;
    uint32_t n_present = 0;
    in->n_events++;
    for (uint32_t i = 0; i < plan->n_slots; i++)
        if (v->slots[i].kind != SIGMATON_ABSENT)
            in->present[n_present++] = i;
    for (uint32_t s = 0; s < plan->n_sources; s++) {
        uint32_t rule = in->rule_of_source[s];
        if (!(v->hits[rule / 64] >> (rule % 64) & 1))
            continue;
        in->events[s]++;
        bool *seen = in->seen + (size_t)s * plan->n_slots;
        for (uint32_t i = 0; i < n_present; i++)
            seen[in->present[i]] = true;
    }
}

static bool is_blank(const struct line *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (!strchr(" \t\r", line->p[i]))
            return false;
    return true;
}

static void event(struct inert *in, const char *file, unsigned long long record,
                  const struct line *line)
{
    struct sigmaton_verdict v = {.error = "longer than an event may be"};
    enum sigmaton_status s = SIGMATON_ELIMIT;
    if (!line->too_long)
        s = sigmaton_eval_json(in->engine, in->scratch, line->p, line->len, &v);
    if (s == SIGMATON_OK) {
        see(in, &v);
        return;
    }
    if (++in->n_unreadable <= STREAM_EVENTS_MAX)
        report_place(in->report, DIAG_event_unreadable, file, record, v.error_off + 1, 1,
                     (struct str[]){str_of(v.error ? v.error : sigmaton_status_text(s))});
}

bool inert_read(struct inert *in, const char *file)
{
    bool from_stdin = strcmp(file, "-") == 0, fine = false;
    int fd = from_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    unsigned long long record = 0;
    struct lines l = {0};
    struct line line;
    if (fd >= 0 && lines_open(&l, fd)) {
        enum lines_status s = LINES_LINE;
        while (s != LINES_END && s != LINES_ERROR) {
            s = lines_next(&l, &line);
            if (s == LINES_LINE && (++record, !is_blank(&line)))
                event(in, file, record, &line);
            else if (s == LINES_WAIT)
                s = lines_fill(&l);
        }
        fine = s == LINES_END;
    }
    if (!fine)
        report_place(in->report, DIAG_file_unreadable, file, 0, 0, 2,
                     (struct str[]){str_of(file), str_of(strerror(errno))});
    lines_close(&l);
    if (fd >= 0 && !from_stdin)
        close(fd);
    return fine;
}

/* ---- what can hold ---- */

/* What a predicate can be while the fields that were never seen stay absent. */
struct can {
    bool hold, fail;
};

struct asking {
    const struct ir *ir;
    const struct plan *plan;
    const bool *seen; /* [n_slots]: of the rule's log source */
};

static bool field_seen(const struct asking *q, uint32_t field)
{
    uint32_t slot = q->plan->slot_of[field];
    return slot == SIGMATON_NO_SLOT || q->seen[slot]; /* keywords have none: any leaf may match */
}

static bool leaf_seen(const struct asking *q, const struct ir_node *n)
{
    return field_seen(q, n->field) && (n->op != IR_OP_FIELDREF || field_seen(q, n->other));
}

/* Depth is bounded by IR_DEPTH_MAX. */
static struct can can(const struct asking *q, uint32_t node)
{
    const struct ir_node *n = ir_get(q->ir, node);
    if (ir_op_info(n->op)->kind == IR_CONST)
        return (struct can){node == IR_TRUE, node == IR_FALSE};
    if (ir_op_info(n->op)->kind != IR_GATE) {
        if (leaf_seen(q, n))
            return (struct can){true, true};
        return (struct can){n->op == IR_OP_NULL, n->op != IR_OP_NULL};
    }
    uint32_t n_hold = 0, n_must = 0;
    for (uint32_t i = 0; i < n->n; i++) {
        struct can c = can(q, n->children[i]);
        n_hold += c.hold;
        n_must += !c.fail;
    }
    uint32_t wanted = n->op == IR_OP_AND ? n->n : n->op == IR_OP_AT_LEAST ? n->count : 1;
    struct can c = {n_hold >= wanted, n_must < wanted};
    return n->op == IR_OP_NOT ? (struct can){c.fail, c.hold} : c;
}

static struct asking asking_of(const struct inert *in, size_t rule)
{
    const struct plan *plan = in->c->plan;
    return (struct asking){in->c->ir, plan,
                           in->seen + (size_t)plan->source_of[rule] * plan->n_slots};
}

enum inert_state inert_state(const struct inert *in, size_t rule)
{
    struct asking q = asking_of(in, rule);
    if (in->events[in->c->plan->source_of[rule]] == 0)
        return RULE_WITHOUT_EVENTS;
    return can(&q, in->c->ir->rules[rule].root).hold ? RULE_LIVE : RULE_INERT;
}

struct blame {
    struct asking asking;
    struct arena *arena;
    bool *told; /* [n_slots] */
    VEC(struct str) fields;
};

static void blame_field(struct blame *b, uint32_t field)
{
    uint32_t slot = b->asking.plan->slot_of[field];
    if (field_seen(&b->asking, field) || b->told[slot])
        return;
    b->told[slot] = true;
    *VEC_PUSH(b->arena, &b->fields) = names_text(b->asking.ir->names, field);
}

/* The fields below a node that cannot be what it should be, true or false. */
static void blame_node(struct blame *b, uint32_t node, bool should_hold)
{
    const struct ir_node *n = ir_get(b->asking.ir, node);
    struct can c = can(&b->asking, node);
    if (should_hold ? c.hold : c.fail)
        return;
    if (ir_op_info(n->op)->kind == IR_LEAF || ir_op_info(n->op)->kind == IR_SET) {
        blame_field(b, n->field);
        if (n->op == IR_OP_FIELDREF)
            blame_field(b, n->other);
        return;
    }
    for (uint32_t i = 0; i < n->n; i++)
        blame_node(b, n->children[i], should_hold != (n->op == IR_OP_NOT));
}

struct str *inert_missing(const struct inert *in, size_t rule, size_t *ret_n)
{
    struct blame b = {.asking = asking_of(in, rule), .arena = in->c->arena};
    b.told = ARENA_ARRAY(b.arena, in->c->plan->n_slots, bool);
    blame_node(&b, in->c->ir->rules[rule].root, true);
    *ret_n = b.fields.n;
    return b.fields.v;
}

unsigned long long inert_events_of(const struct inert *in, size_t rule)
{
    return in->events[in->c->plan->source_of[rule]];
}

unsigned long long inert_events(const struct inert *in)
{
    return in->n_events;
}

unsigned long long inert_unreadable(const struct inert *in)
{
    return in->n_unreadable;
}
