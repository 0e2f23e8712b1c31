#include "cond_expr.h"

#include "pipeline_file.h"
#include "suggest.h"
#include "vec.h"

struct parser {
    struct arena *arena;
    struct diag_sink *sink;
    struct str text;
    struct span at;
    const struct gate *gate;
    bool *used;
    size_t next;      /* behind `token` */
    struct str token; /* empty at the end */
};

static void fault(struct parser *p, struct str what, struct str help)
{
    DIAG(p->sink, DIAG_pipeline_expression, p->at, help, what);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void advance(struct parser *p)
{
    size_t i = p->next;
    while (i < p->text.len && is_blank(p->text.p[i]))
        i++;
    size_t start = i;
    if (i < p->text.len && (p->text.p[i] == '(' || p->text.p[i] == ')'))
        i++;
    else
        while (i < p->text.len && !is_blank(p->text.p[i]) && p->text.p[i] != '(' &&
               p->text.p[i] != ')')
            i++;
    p->token = str_sub(p->text, start, i - start);
    p->next = i;
}

static bool at_word(const struct parser *p, const char *word)
{
    return str_eq_nocase(p->token, str_of(word));
}

static struct cond_expr *parse_or(struct parser *p, unsigned depth);

static struct cond_expr *parse_id(struct parser *p)
{
    struct suggestion suggestion = suggestion_for(p->token);
    for (size_t i = 0; i < p->gate->n; i++) {
        suggestion_offer(&suggestion, p->gate->v[i].id);
        if (!str_eq(p->gate->v[i].id, p->token))
            continue;
        struct cond_expr *e = ARENA_NEW(p->arena, struct cond_expr);
        e->condition = i;
        p->used[i] = true;
        advance(p);
        return e;
    }
    fault(p, str_format(p->arena, "there is no condition '%.*s'", STR_ARG(p->token)),
          suggestion_help(p->arena, &suggestion));
    return NULL;
}

static struct cond_expr *parse_not(struct parser *p, unsigned depth)
{
    bool negated = false;
    for (; at_word(p, "not"); advance(p))
        negated = !negated;
    if (p->token.len == 0 || at_word(p, ")") || at_word(p, "and") || at_word(p, "or")) {
        fault(p, STR("a condition's id is missing"), NO_HELP);
        return NULL;
    }
    struct cond_expr *e;
    if (at_word(p, "(")) {
        if (depth >= COND_EXPR_DEPTH_MAX) {
            fault(p, STR("too many parentheses inside each other"), NO_HELP);
            return NULL;
        }
        advance(p);
        e = parse_or(p, depth + 1);
        if (e && !at_word(p, ")")) {
            fault(p, STR("a parenthesis is not closed"), NO_HELP);
            return NULL;
        }
        advance(p);
    } else {
        e = parse_id(p);
    }
    if (e)
        e->negated = e->negated != negated;
    return e;
}

/* operand ( word operand )* */
static struct cond_expr *parse_chain(struct parser *p, unsigned depth, const char *word,
                                     enum cond_expr_kind kind,
                                     struct cond_expr *(*operand)(struct parser *, unsigned))
{
    VEC(struct cond_expr *) list = {0};
    for (;;) {
        struct cond_expr *e = operand(p, depth);
        if (!e)
            return NULL;
        *VEC_PUSH(p->arena, &list) = e;
        if (!at_word(p, word))
            break;
        advance(p);
    }
    if (list.n == 1)
        return list.v[0];
    struct cond_expr *e = ARENA_NEW(p->arena, struct cond_expr);
    *e = (struct cond_expr){.kind = kind, .children = list.v, .n = list.n};
    return e;
}

static struct cond_expr *parse_and(struct parser *p, unsigned depth)
{
    return parse_chain(p, depth, "and", COND_EXPR_AND, parse_not);
}

static struct cond_expr *parse_or(struct parser *p, unsigned depth)
{
    return parse_chain(p, depth, "or", COND_EXPR_OR, parse_and);
}

struct cond_expr *cond_expr_parse(struct arena *a, struct diag_sink *sink, struct str text,
                                  struct span at, const struct gate *gate)
{
    struct parser p = {.arena = a, .sink = sink, .text = text, .at = at, .gate = gate};
    p.used = ARENA_ARRAY(a, gate->n, bool);
    if (text.len > COND_EXPR_LENGTH_MAX) {
        fault(&p, STR("it is too long"), NO_HELP);
        return NULL;
    }
    advance(&p);
    struct cond_expr *e = parse_or(&p, 0);
    if (!e)
        return NULL;
    if (p.token.len > 0) {
        fault(&p, str_format(a, "'%.*s' is not expected here", STR_ARG(p.token)), NO_HELP);
        return NULL;
    }
    for (size_t i = 0; i < gate->n; i++) {
        if (!p.used[i]) {
            fault(&p, str_format(a, "condition '%.*s' is not used", STR_ARG(gate->v[i].id)),
                  NO_HELP);
            return NULL;
        }
    }
    return e;
}
