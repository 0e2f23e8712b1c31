#include "plan.h"

#include "plan_parts.h"
#include "witness.h"

static void print_flags(struct text *out, uint32_t flags)
{
    static const char *const names[] = {"rule", "keywords", "channel",  "event_id", "provider",
                                        "time", "product",  "category", "service",  "source"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (flags & (1u << i))
            text_addf(out, " %s", names[i]);
}

static void print_slots(struct text *out, const struct plan *p)
{
    for (uint32_t i = 0; i < p->n_slots; i++) {
        text_addf(out, "slot %u ", i);
        text_quoted(out, p->slots[i].name);
        print_flags(out, p->slots[i].flags);
        text_addz(out, "\n");
    }
}

static void print_bindings(struct text *out, const struct plan *p)
{
    static const char *const kinds[] = {
        [SHAPE_RENAME] = "rename", [SHAPE_OVERRIDE] = "override", [SHAPE_JOIN] = "join"};
    for (size_t i = 0; i < n_shape_rows; i++) {
        const struct shape_row *row = &shape_rows[i];
        if (!p->shapes[i])
            continue;
        text_addf(out, "binding %s %u: %s \"%s\" <- ", row->channel, row->event_id,
                  kinds[row->kind], row->field);
        if (row->domain)
            text_addf(out, "\"%s\" \\ ", row->domain);
        text_addf(out, "\"%s\"\n", row->source);
    }
}

static void print_route(struct text *out, const struct plan *p, const struct logsource_row *row)
{
    uint32_t n;
    plan_route(out->arena, p, row, &n);
    if (n == 0)
        return;
    text_addf(out, "route %s/%s/%s: channel \"%s\"", row->product, row->category, row->service,
              row->channel);
    if (row->provider[0])
        text_addf(out, ", provider \"%s\"", row->provider);
    for (unsigned i = 0; i < row->n_ids; i++)
        text_addf(out, "%s%u", i == 0 ? ", id " : " ", row->ids[i]);
    if (row->when_field)
        text_addf(out, ", %s is \"%s\"", row->when_field, row->when_values[0]);
    if (row->when_field && row->when_values[1])
        text_addf(out, " or \"%s\"", row->when_values[1]);
    text_addf(out, ": %u rules\n", n);
}

static void print_dfa(struct text *out, const struct dfa *dfa)
{
    if (dfa->why)
        text_addf(out, ": PCRE2, %s\n", dfa->why);
    else if (dfa->n_links > 0)
        text_addf(out, ": chain of %u automata, %u states, %u classes, %u bytes\n",
                  dfa->n_links + 1, dfa->n_states, dfa->n_classes, dfa->size);
    else
        text_addf(out, ": automaton, %u states, %u classes, %u bytes\n", dfa->n_states,
                  dfa->n_classes, dfa->size);
}

static void print_kept(struct text *out, const struct plan *p)
{
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        if (p->memo_of[i] == PLAN_NO_MEMO)
            continue;
        text_addf(out, "memo %u, asked by %u rules: ", p->memo_of[i], p->uses[i]);
        ir_print_node(out, p->ir, i);
        text_addz(out, "\n");
    }
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        const struct ir_node *x = ir_get(p->ir, i);
        if (p->reachable[i] && ir_op_info(x->op)->kind == IR_SET)
            text_addf(out, "set at %u, %u texts: %%%u\n", p->blob_of[i], x->n, i);
    }
    for (uint32_t i = 0; i < p->n_regexes; i++) {
        text_addf(out, "regex %u ", i);
        text_quoted(out, p->regexes[i]);
        print_dfa(out, &p->dfas[i]);
    }
}

static void print_nodes(struct text *out, const struct plan *p)
{
    for (uint32_t i = 0; i < p->ir->n_nodes; i++) {
        if (!p->reachable[i])
            continue;
        text_addf(out, "%%%u cost %u = ", i, p->cost[i]);
        ir_print_node(out, p->ir, i);
        text_addz(out, "\n");
    }
}

static void print_keys(struct text *out, const struct plan *p)
{
    for (uint32_t i = 0; i < p->n_keys; i++) {
        const struct plan_key *key = &p->keys[i];
        text_addf(out, "%s ", key->provider ? "provider" : "channel");
        text_quoted(out, key->text);
        for (uint32_t k = 0; k < key->n; k++) {
            const struct plan_case *c = &p->cases[key->first + k];
            text_addz(out, k == 0 ? ": other ids" : "");
            if (k > 0)
                text_addf(out, "; id %u", c->id);
            for (uint32_t held = 0; held < 1u << c->n_whens; held++)
                text_addf(out, "%s class %u", held == 0 ? "" : ",", c->classes[held]);
        }
        text_addz(out, "\n");
    }
}

static void print_classes(struct text *out, const struct plan *p)
{
    for (uint32_t i = 0; i < p->n_classes; i++) {
        text_addf(out, "class %u of %u rules: layers", i, p->classes[i].n_rules);
        for (uint32_t k = 0; k < p->classes[i].n_layers; k++)
            text_addf(out, " %u", p->classes[i].layers[k]);
        text_addz(out, "\n");
    }
    for (uint32_t i = 0; i < p->n_layers; i++) {
        const struct plan_layer *layer = &p->layers[i];
        uint32_t n_always = 0;
        for (uint32_t w = 0; w < (p->ir->n_rules + 63) / 64; w++)
            n_always += (uint32_t)__builtin_popcountll(layer->always[w]);
        text_addf(out, "layer %u of %u rules, %u asked always%s\n", i, layer->n_rules, n_always,
                  layer->id_known ? ", event id known" : "");
        for (uint32_t f = 0; f < layer->n_fields; f++) {
            text_addz(out, "  ");
            text_quoted(out, p->slots[layer->fields[f].slot].name);
            text_addf(out, ": %u witnesses, %u bytes at %u\n", layer->fields[f].n_witnesses,
                      layer->fields[f].size, layer->fields[f].blob);
        }
    }
}

/* What makes the rule worth asking, where its event id is not known. */
static void print_witnesses(struct text *out, const struct plan *p, uint32_t rule)
{
    static const char *const kinds[] = {
        [WITNESS_PRESENT] = "present",  [WITNESS_WIDE] = "beyond ASCII",
        [WITNESS_NUMBER] = "number",    [WITNESS_EQ] = "eq",
        [WITNESS_PREFIX] = "prefix",    [WITNESS_SUFFIX] = "suffix",
        [WITNESS_CONTAINS] = "contains"};
    struct witnesses w = witness_of(p->witnesses, rule, false);
    text_addz(out, w.always ? "  asked always\n" : "");
    for (uint32_t i = 0; !w.always && i < w.n; i++) {
        text_addf(out, "  %s ", kinds[w.v[i].kind]);
        text_quoted(out, names_text(p->ir->names, w.v[i].field));
        if (w.v[i].kind == WITNESS_NUMBER)
            text_addf(out, " %lld", (long long)w.v[i].number);
        if (w.v[i].kind > WITNESS_NUMBER) {
            text_addz(out, " ");
            text_quoted(out, w.v[i].text);
        }
        text_addz(out, "\n");
    }
}

static void print_rules(struct text *out, const struct plan *p)
{
    for (uint32_t i = 0; i < p->ir->n_rules; i++) {
        const struct ir_rule *r = &p->ir->rules[i];
        text_addf(out, "rule %u ", i);
        text_quoted(out, r->label);
        if (r->rule)
            text_addf(out, " %.*s/%.*s/%.*s", STR_ARG(r->rule->logsource.product),
                      STR_ARG(r->rule->logsource.category), STR_ARG(r->rule->logsource.service));
        text_addf(out, " = %%%u", r->root);
        if (p->rule_regexes[i] > 0)
            text_addf(out, ", %u regexes", p->rule_regexes[i]);
        text_addz(out, "\n");
        print_witnesses(out, p, i);
    }
}

void plan_print(struct text *out, const struct plan *p)
{
    text_addf(out, "pack of %u rules: %u slots, %u memo, %u regexes, image %u bytes\n",
              p->ir->n_rules, p->n_slots, p->n_memo, p->n_regexes, p->image_size);
    print_slots(out, p);
    print_bindings(out, p);
    for (size_t i = 0; i < n_logsource_rows; i++)
        print_route(out, p, &logsource_rows[i]);
    print_keys(out, p);
    print_classes(out, p);
    print_kept(out, p);
    print_nodes(out, p);
    print_rules(out, p);
}
