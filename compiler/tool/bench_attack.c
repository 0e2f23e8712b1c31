/* Lines that cost as much as this pack can be made to cost: from its own plan.
 *
 * For the classes of events with the most rules (and for events that meet every rule), for each of
 * the fields that most witnesses are looked for in, a line whose field holds 64 KiB of
 *     prefixes   witnesses without their last byte, one behind the other: the search finds each
 *                beginning and no witness
 *     one        the longest witness without its last byte, again and again
 *     escaped    prefixes written with JSON's \u escapes
 *     bait       what the class's regexes on the field require, and letters, digits, blanks and
 *                quotes for them to run over
 *     whole      the witnesses themselves: every rule of the field becomes a candidate
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bench_attack.h"
#include "regex_required.h"
#include "witness.h"

enum { CLASSES = 12, FIELDS = 8, VALUE = 64 << 10, TEXTS = 4096, PASSES = 5 };

const char *const bench_attack_kinds[BENCH_ATTACK_KINDS] = {"prefixes", "one", "escaped", "bait",
                                                            "whole"};

/* A field of a class and what is looked for in it. */
struct aim {
    struct str channel; /* empty: no channel */
    uint32_t id, field, n_rules;
    struct str *texts, *baits;
    size_t n_texts, n_baits;
};

struct attack {
    const struct sigmatonc *c;
    struct arena *arena;
    struct aim *aims; /* [CLASSES * FIELDS] */
    size_t n_aims;
    uint32_t *seen; /* [n_nodes]: the walk that met it last */
    uint32_t walk;
    struct text out;
    struct bench_attack_line *lines;
    size_t n_lines;
};

/* ---- What a class looks for ---- */

struct kind_of_event {
    struct str channel;
    uint32_t id, class, n_rules;
};

static int by_rules(const void *a, const void *b)
{
    const struct kind_of_event *x = a, *y = b;
    if (x->n_rules != y->n_rules)
        return x->n_rules < y->n_rules ? 1 : -1;
    return x->class < y->class ? -1 : x->class > y->class;
}

/* Kinds of events: those that meet every rule, then a class once, those with the most rules first.
 */
static size_t kinds_find(struct attack *k, struct kind_of_event *ret)
{
    const struct plan *p = k->c->plan;
    struct kind_of_event *all = ARENA_ARRAY(k->arena, p->n_cases, struct kind_of_event);
    bool *taken = ARENA_ARRAY(k->arena, p->n_classes, bool);
    size_t n = 0, kept = 0;
    ret[kept++] = (struct kind_of_event){{0}, 0, 0, p->classes[0].n_rules};
    for (uint32_t i = 0; i < p->n_keys; i++) {
        const struct plan_key *key = &p->keys[i];
        for (uint32_t c = key->first; !key->provider && c < key->first + key->n; c++) {
            uint32_t class = p->cases[c].classes[0];
            uint32_t id = c == key->first ? 999999 : p->cases[c].id; /* an id that no case has */
            all[n++] = (struct kind_of_event){key->text, id, class, p->classes[class].n_rules};
        }
    }
    qsort(all, n, sizeof *all, by_rules);
    for (size_t i = 0; i < n && kept < CLASSES; i++) {
        if (all[i].n_rules > 0 && !taken[all[i].class])
            ret[kept++] = all[i];
        taken[all[i].class] = true;
    }
    return kept;
}

static struct aim *aim_of(struct attack *k, struct aim *fields, size_t *n, uint32_t field)
{
    for (size_t i = 0; i < *n; i++)
        if (fields[i].field == field)
            return &fields[i];
    fields[*n] = (struct aim){.field = field};
    fields[*n].texts = ARENA_ARRAY(k->arena, TEXTS, struct str);
    fields[*n].baits = ARENA_ARRAY(k->arena, TEXTS, struct str);
    return &fields[(*n)++];
}

static void add_baits(struct attack *k, struct aim *t, const struct ir_node *node)
{
    struct required r;
    if (!node->regex || !regex_required(k->arena, node->regex, &r)) {
        if (t->n_baits < TEXTS)
            t->baits[t->n_baits++] = STR(" ");
        return;
    }
    for (uint32_t i = 0; i < r.n && t->n_baits < TEXTS; i++)
        t->baits[t->n_baits++] = r.texts[i];
}

static void find_regexes(struct attack *k, struct aim *fields, size_t *n, size_t cap, uint32_t id)
{
    const struct ir_node *node = ir_get(k->c->ir, id);
    if (k->seen[id] == k->walk)
        return;
    k->seen[id] = k->walk;
    if (node->op == IR_OP_REGEX && *n < cap)
        add_baits(k, aim_of(k, fields, n, node->field), node);
    for (uint32_t i = 0; ir_op_info(node->op)->kind == IR_GATE && i < node->n; i++)
        find_regexes(k, fields, n, cap, node->children[i]);
}

static int by_texts(const void *a, const void *b)
{
    const struct aim *x = a, *y = b;
    size_t n = x->n_texts + 8 * x->n_baits, m = y->n_texts + 8 * y->n_baits;
    if (n != m)
        return n < m ? 1 : -1;
    return x->field < y->field ? -1 : x->field > y->field;
}

static void add_aims(struct attack *k, const struct kind_of_event *e)
{
    enum { CAP = 96 };
    const struct plan *p = k->c->plan;
    struct aim fields[CAP];
    size_t n = 0;
    k->walk++;
    for (uint32_t r = 0; r < k->c->ir->n_rules; r++) {
        if (!(p->classes[e->class].rules[r / 64] >> (r % 64) & 1))
            continue;
        struct witnesses w = witness_of(p->witnesses, r, false);
        for (uint32_t i = 0; i < w.n && n < CAP; i++) {
            if (w.v[i].kind < WITNESS_EQ)
                continue;
            struct aim *t = aim_of(k, fields, &n, w.v[i].field);
            if (t->n_texts < TEXTS)
                t->texts[t->n_texts++] = w.v[i].text;
        }
        find_regexes(k, fields, &n, CAP, k->c->ir->rules[r].root);
    }
    qsort(fields, n, sizeof *fields, by_texts);
    for (size_t i = 0; i < n && i < FIELDS; i++) {
        fields[i].channel = e->channel;
        fields[i].id = e->id;
        fields[i].n_rules = e->n_rules;
        k->aims[k->n_aims++] = fields[i];
    }
}

/* ---- Lines ---- */

static void add_byte(struct text *out, char c, bool escaped)
{
    if (escaped || (unsigned char)c < 0x20)
        text_addf(out, "\\u%04x", (unsigned char)c);
    else if (c == '"' || c == '\\')
        text_add(out, (struct str){(char[]){'\\', c}, 2});
    else
        text_add(out, (struct str){&c, 1});
}

static void add_text(struct text *out, struct str s, bool escaped)
{
    for (size_t i = 0; i < s.len; i++)
        add_byte(out, s.p[i], escaped && (unsigned char)s.p[i] < 0x80);
}

static const struct str *longest(const struct aim *t)
{
    const struct str *found = &t->texts[0];
    for (size_t i = 1; i < t->n_texts; i++)
        if (t->texts[i].len > found->len)
            found = &t->texts[i];
    return found;
}

/* The i-th piece of a kind. */
static void add_piece(struct text *out, const struct aim *t, enum bench_attack_kind kind, size_t i)
{
    static const char *const runs[] = {"aaaaaaaaaaaaaaaa", "1111111111", "        ",
                                       "''''''''",         "=\"=\"",     "^^^^"};
    struct str s = kind == BENCH_ATTACK_ONE    ? *longest(t)
                   : kind == BENCH_ATTACK_BAIT ? t->baits[i % t->n_baits]
                                               : t->texts[i % t->n_texts];
    if (kind != BENCH_ATTACK_WHOLE && kind != BENCH_ATTACK_BAIT && s.len > 1)
        s.len--;
    add_text(out, s, kind == BENCH_ATTACK_ESCAPED);
    if (kind == BENCH_ATTACK_BAIT)
        add_text(out, str_of(runs[i / t->n_baits % 6]), false);
    if (kind == BENCH_ATTACK_WHOLE)
        text_addz(out, " ");
}

static void add_line(struct attack *k, const struct aim *t, enum bench_attack_kind kind)
{
    struct str field = names_text(k->c->ir->names, t->field);
    size_t begin = k->out.len;
    if (kind == BENCH_ATTACK_BAIT ? t->n_baits == 0 : t->n_texts == 0)
        return;
    text_addz(&k->out, "{");
    if (t->channel.len > 0) {
        text_addz(&k->out, "\"Channel\":\"");
        add_text(&k->out, t->channel, false);
        text_addf(&k->out, "\",\"EventID\":%u,", t->id);
    }
    text_addz(&k->out, "\"");
    add_text(&k->out, field.len > 0 ? field : STR("anything"), false);
    text_addz(&k->out, "\":\"");
    for (size_t i = 0; k->out.len - begin < VALUE; i++)
        add_piece(&k->out, t, kind, i);
    text_addz(&k->out, "\"}\n");
    k->lines[k->n_lines++] =
        (struct bench_attack_line){kind,       str_dup(k->arena, t->channel),      t->id, field,
                                   t->n_rules, (uint32_t)(k->out.len - begin - 1), 0,     0};
}

static void make_lines(struct attack *k)
{
    struct kind_of_event kinds[CLASSES];
    size_t n = kinds_find(k, kinds);
    for (size_t i = 0; i < n; i++)
        add_aims(k, &kinds[i]);
    for (size_t i = 0; i < k->n_aims; i++)
        for (int kind = 0; kind < BENCH_ATTACK_KINDS; kind++)
            add_line(k, &k->aims[i], (enum bench_attack_kind)kind);
}

/* ---- Measuring ---- */

static void time_lines(struct attack *k, struct judge *j, const struct bench_set *set)
{
    for (unsigned pass = 0; pass < PASSES; pass++) {
        for (size_t i = 0; i < set->n_lines && i < k->n_lines; i++) {
            struct sigmaton_verdict v = {0};
            uint64_t mark = bench_wall_ns();
            enum sigmaton_status s = judge_event(j, set->lines[i].p, set->lines[i].len, &v);
            double ns = (double)(bench_wall_ns() - mark);
            k->lines[i].n_hits = s == SIGMATON_OK ? v.n_hits : 0;
            if (pass == 0 || ns < k->lines[i].ns)
                k->lines[i].ns = ns;
        }
    }
}

static void worst(struct attack *k, struct bench_attack *ret)
{
    for (size_t i = 0; i < k->n_lines; i++) {
        const struct bench_attack_line *l = &k->lines[i];
        struct bench_attack_line *w = &ret->worst[l->kind];
        if (w->ns == 0 || l->ns / l->len > w->ns / w->len)
            *w = *l;
        ret->n_lines++;
    }
}

bool bench_attack(struct judge *j, struct arena *a, const char *file, struct bench_attack *ret)
{
    struct attack k = {.c = j->compiled, .arena = a};
    struct bench_set set;
    k.aims = bench_alloc(CLASSES * FIELDS, sizeof *k.aims);
    k.lines = bench_alloc(CLASSES * FIELDS * BENCH_ATTACK_KINDS, sizeof *k.lines);
    k.seen = bench_alloc(k.c->ir->n_nodes, sizeof *k.seen);
    text_init(&k.out, a);
    make_lines(&k);
    char *bytes = bench_alloc(k.out.len + BENCH_PADDING, 1);
    if (k.out.len > 0)
        memcpy(bytes, k.out.p, k.out.len);
    *ret = (struct bench_attack){.n_bytes = k.out.len};
    bool done = bench_set_make(&set, "attack", bytes, k.out.len) && set.n_lines == k.n_lines;
    if (done && file) {
        FILE *f = fopen(file, "w");
        done = f && fwrite(bytes, 1, k.out.len, f) == k.out.len;
        done = f && fclose(f) == 0 && done;
    }
    if (done) {
        time_lines(&k, j, &set);
        worst(&k, ret);
    }
    bench_set_close(&set);
    free(k.aims);
    free(k.lines);
    free(k.seen);
    return done;
}
