#include "condition.h"

#include "arena.h"
#include "place.h"
#include "suggest.h"
#include "vec.h"

/* Name errors of one condition that come with a guess: guessing compares with every identifier. */
#define GUESSES_MAX 4

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_OPEN, TOKEN_CLOSE };

struct token {
    enum token_kind kind;
    size_t off, len;
    struct str text;
};

/* Name errors wait here until the syntax is known to be right. */
struct name_error {
    enum diag_code code;
    struct span at;
    struct str help, args[3];
    size_t n_args;
};

struct parser {
    struct arena *arena;
    struct diag_sink *sink;
    struct str text;
    struct place place;
    const struct condition_scope *scope;
    size_t next;                /* byte behind the current token */
    struct token token, before; /* the current one and the one before it */
    bool faulty;                /* a syntax error was reported */
    size_t n_selected;
    VEC(struct name_error) names;
};

static struct condition *read_expr(struct parser *p, unsigned depth);

/* ---- tokens ---- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-' || c == '*';
}

static struct span place(const struct parser *p, size_t off, size_t len)
{
    return place_inside(&p->place, off, len);
}

/* Reports the first syntax error only: what follows from it is no news. */
static struct condition *syntax(struct parser *p, struct span at, struct str help, struct str what)
{
    if (!p->faulty)
        DIAG(p->sink, p->scope->rules ? DIAG_correlation_condition : DIAG_condition_syntax, at,
             help, what);
    p->faulty = true;
    return NULL;
}

/* What a name in the condition stands for. */
static const char *noun(const struct parser *p)
{
    return p->scope->rules ? "rule" : "search identifier";
}

static struct condition *syntax_here(struct parser *p, const char *what)
{
    return syntax(p, place(p, p->token.off, p->token.len), NO_HELP, str_of(what));
}

/* The bytes of the character at `off`: one code point is named, not one byte. */
static size_t char_len(struct str text, size_t off)
{
    const char *from = text.p + off, *next = from;
    utf8_next(&next, text.p + text.len);
    return (size_t)(next - from);
}

static void strange_character(struct parser *p, size_t off)
{
    char c = p->text.p[off];
    size_t len = char_len(p->text, off);
    struct str help = NO_HELP;
    if (c == '&')
        help = STR("write `and`");
    else if (c == '!')
        help = STR("write `not`");
    syntax(p, place(p, off, len), help,
           str_format(p->arena, "'%.*s' has no meaning in a condition",
                      STR_ARG(str_sub(p->text, off, len))));
    p->token = (struct token){TOKEN_END, off, len, str_sub(p->text, off, len)};
    p->next = p->text.len;
}

static void advance(struct parser *p)
{
    p->before = p->token;
    size_t i = p->next;
    while (i < p->text.len && is_blank(p->text.p[i]))
        i++;
    if (i == p->text.len) {
        p->token = (struct token){TOKEN_END, p->text.len, 0, STR("")};
        p->next = i;
        return;
    }
    size_t start = i;
    enum token_kind kind = TOKEN_WORD;
    if (p->text.p[i] == '(' || p->text.p[i] == ')')
        kind = p->text.p[i++] == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
    else
        while (i < p->text.len && is_word(p->text.p[i]))
            i++;
    if (i == start) {
        strange_character(p, start);
        return;
    }
    p->token = (struct token){kind, start, i - start, str_sub(p->text, start, i - start)};
    p->next = i;
}

static bool at_word(const struct parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && str_eq_z(p->token.text, word);
}

/* Whether the token behind the current one is `of`, which makes a quantifier of this one. */
static bool of_follows(const struct parser *p)
{
    struct parser ahead = *p;
    size_t i = p->next;
    while (i < p->text.len && is_blank(p->text.p[i]))
        i++;
    if (i == p->text.len || !is_word(p->text.p[i]))
        return false;
    advance(&ahead);
    return at_word(&ahead, "of");
}

/* ---- selectors ---- */

static void name_error(struct parser *p, struct name_error error)
{
    *VEC_PUSH(p->arena, &p->names) = error;
}

/* "*" stands for any run, nothing else is special. Greedy with one point of return: linear in
 * len(pattern) x len(name) at worst. */
static bool glob(struct str pattern, struct str name)
{
    size_t i = 0, k = 0, star = SIZE_MAX, resume = 0;
    while (k < name.len) {
        if (i < pattern.len && pattern.p[i] == '*') {
            star = i++;
            resume = k;
        } else if (i < pattern.len && pattern.p[i] == name.p[k]) {
            i++;
            k++;
        } else if (star != SIZE_MAX) {
            i = star + 1;
            k = ++resume;
        } else {
            return false;
        }
    }
    while (i < pattern.len && pattern.p[i] == '*')
        i++;
    return i == pattern.len;
}

static bool selects(struct str target, struct str name)
{
    bool hidden = name.len > 0 && name.p[0] == '_';
    if (str_eq_z(target, "them"))
        return !hidden;
    return (!hidden || target.p[0] == '_') && glob(target, name);
}

static void select_identifiers(struct parser *p, struct condition *c)
{
    VEC(uint32_t) selected = {0};
    for (size_t i = 0; i < p->scope->n; i++)
        if (selects(c->target, p->scope->names[i]))
            *VEC_PUSH(p->arena, &selected) = (uint32_t)i;
    c->selected = selected.v;
    c->n_selected = selected.n;
    p->n_selected += selected.n;
    if (p->n_selected > CONDITION_SELECTED_MAX)
        syntax(p, c->at, NO_HELP,
               str_format(p->arena,
                          "the selectors of this condition select more than %d identifiers",
                          CONDITION_SELECTED_MAX));
}

/* all, any, or a number, which saturates; false for any other word. */
static bool read_quantifier(struct str word, bool *ret_all, uint32_t *ret_count)
{
    *ret_all = str_eq_z(word, "all");
    *ret_count = 1;
    if (*ret_all || str_eq_z(word, "any"))
        return true;
    uint32_t count = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
        if (count <= CONDITION_SELECTED_MAX)
            count = count * 10 + (uint32_t)(word.p[i] - '0');
    }
    *ret_count = count;
    return true;
}

/* quant := "1" | "any" | "all" | N          target := "them" | pattern */
static struct condition *read_selector(struct parser *p)
{
    struct token quantifier = p->token;
    bool all;
    uint32_t count;
    if (!read_quantifier(quantifier.text, &all, &count))
        return syntax(p, place(p, quantifier.off, quantifier.len), NO_HELP,
                      str_format(p->arena, "'%.*s' is no quantifier: 1, any, all or a number",
                                 STR_ARG(quantifier.text)));
    advance(p); /* of */
    advance(p);
    if (p->token.kind != TOKEN_WORD)
        return syntax_here(p, "`of` needs `them` or a pattern of search identifiers");
    struct condition *c = ARENA_NEW(p->arena, struct condition);
    c->kind = COND_AT_LEAST;
    c->at = place(p, quantifier.off, p->token.off + p->token.len - quantifier.off);
    c->quantifier = quantifier.text;
    c->target = p->token.text;
    struct span target_at = place(p, p->token.off, p->token.len);
    advance(p);
    select_identifiers(p, c);
    c->count = all ? (uint32_t)c->n_selected : count;
    if (c->n_selected == 0)
        name_error(p, (struct name_error){DIAG_empty_selector, target_at, NO_HELP, {c->target}, 1});
    else if (c->count == 0 || c->count > c->n_selected)
        name_error(p, (struct name_error){
                          DIAG_selector_count,
                          c->at,
                          NO_HELP,
                          {c->quantifier, c->target, str_format(p->arena, "%zu", c->n_selected)},
                          3});
    return c;
}

static void undefined_name(struct parser *p, const struct condition *c, struct str name,
                           const struct suggestion *suggestion)
{
    struct name_error error = {DIAG_undefined_identifier, c->at, NO_HELP, {name}, 1};
    error.help = suggestion_help(p->arena, suggestion);
    if (p->scope->rules) {
        error.code = DIAG_correlation_condition;
        error.args[0] = str_format(
            p->arena, "the condition names '%.*s', which `rules` does not list", STR_ARG(name));
    }
    name_error(p, error);
}

/* identifier := [A-Za-z0-9_-]+ */
static struct condition *read_identifier(struct parser *p)
{
    struct str name = p->token.text;
    struct condition *c = ARENA_NEW(p->arena, struct condition);
    c->kind = COND_IDENTIFIER;
    c->at = place(p, p->token.off, p->token.len);
    if (p->scope->rules && str_find(name, '*') < name.len)
        return syntax(p, c->at, NO_HELP, STR("the condition of a correlation has no patterns"));
    if (str_find(name, '*') < name.len)
        return syntax(p, c->at, str_format(p->arena, "write `1 of %.*s`", STR_ARG(name)),
                      STR("a pattern needs `1 of` or `all of` before it"));
    advance(p);
    struct suggestion suggestion = suggestion_for(name);
    for (size_t i = 0; i < p->scope->n; i++) {
        if (str_eq(p->scope->names[i], name)) {
            c->identifier = (uint32_t)i;
            return c;
        }
        if (p->names.n < GUESSES_MAX)
            suggestion_offer(&suggestion, p->scope->names[i]);
    }
    undefined_name(p, c, name, &suggestion);
    return c;
}

/* ---- expressions ---- */

static bool too_deep(struct parser *p, unsigned depth)
{
    if (depth < CONDITION_DEPTH_MAX)
        return false;
    struct span at = place(p, p->token.off, p->token.len);
    if (p->scope->rules)
        syntax(p, at, NO_HELP,
               str_format(p->arena, "the condition is nested deeper than %d levels",
                          CONDITION_DEPTH_MAX));
    else if (!p->faulty)
        DIAG(p->sink, DIAG_condition_depth, at, NO_HELP,
             str_format(p->arena, "%d", CONDITION_DEPTH_MAX));
    p->faulty = true;
    return true;
}

static struct condition *operand_missing(struct parser *p)
{
    if (p->token.kind == TOKEN_END && p->text.len > 0)
        return syntax(p, place(p, p->text.len, 0), NO_HELP,
                      str_format(p->arena, "the condition ends where a %s is expected", noun(p)));
    if (p->token.kind == TOKEN_END)
        return syntax(p, p->place.at, NO_HELP, STR("the condition is empty"));
    if (at_word(p, "of") && !p->scope->rules)
        return syntax_here(p, "`of` needs a quantifier before it: 1, any, all or a number");
    return syntax(p, place(p, p->token.off, p->token.len), NO_HELP,
                  str_format(p->arena, "'%.*s' stands where a %s is expected",
                             STR_ARG(p->token.text), noun(p)));
}

static bool is_upper_operator(struct str word)
{
    return (str_eq_nocase(word, STR("and")) || str_eq_nocase(word, STR("or")) ||
            str_eq_nocase(word, STR("not"))) &&
           !str_eq_z(word, "not");
}

/* Something stands behind a complete expression. */
static struct condition *operator_missing(struct parser *p)
{
    struct str help = NO_HELP;
    if (p->token.kind == TOKEN_CLOSE)
        return syntax_here(p, "this parenthesis was never opened");
    if (is_upper_operator(p->token.text) || is_upper_operator(p->before.text))
        help = STR("operators are lower case: and, or, not");
    return syntax(
        p, place(p, p->token.off, p->token.len), help,
        str_format(p->arena, "an operator is missing before '%.*s'", STR_ARG(p->token.text)));
}

/* primary := "(" expr ")" | quant "of" target | identifier */
static struct condition *read_primary(struct parser *p, unsigned depth)
{
    if (p->token.kind == TOKEN_OPEN) {
        size_t open = p->token.off;
        if (too_deep(p, depth))
            return NULL;
        advance(p);
        struct condition *inner = read_expr(p, depth + 1);
        if (!inner)
            return NULL;
        if (p->token.kind == TOKEN_END)
            return syntax(p, place(p, open, 1), NO_HELP, STR("this parenthesis is never closed"));
        if (p->token.kind != TOKEN_CLOSE)
            return operator_missing(p);
        advance(p);
        return inner;
    }
    if (p->token.kind != TOKEN_WORD || at_word(p, "and") || at_word(p, "or") || at_word(p, "of"))
        return operand_missing(p);
    return !p->scope->rules && of_follows(p) ? read_selector(p) : read_identifier(p);
}

/* not-expr := "not" not-expr | primary */
static struct condition *read_not(struct parser *p, unsigned depth)
{
    if (!at_word(p, "not"))
        return read_primary(p, depth);
    if (too_deep(p, depth))
        return NULL;
    size_t start = p->token.off;
    advance(p);
    struct condition *inner = read_not(p, depth + 1);
    if (!inner)
        return NULL;
    struct condition *c = ARENA_NEW(p->arena, struct condition);
    c->kind = COND_NOT;
    c->at = place(p, start, p->before.off + p->before.len - start);
    c->children = ARENA_ARRAY(p->arena, 1, struct condition *);
    c->children[0] = inner;
    c->n_children = 1;
    return c;
}

struct condition_list {
    struct condition **v;
    size_t n, cap;
};

static struct condition *operator_node(struct parser *p, enum condition_kind kind,
                                       const struct condition_list *list, size_t start)
{
    if (list->n == 1)
        return list->v[0];
    struct condition *c = ARENA_NEW(p->arena, struct condition);
    c->kind = kind;
    c->at = place(p, start, p->before.off + p->before.len - start);
    c->children = list->v;
    c->n_children = list->n;
    return c;
}

/* and-expr := not-expr ( "and" not-expr )* */
static struct condition *read_and(struct parser *p, unsigned depth)
{
    struct condition_list list = {0};
    size_t start = p->token.off;
    for (;;) {
        struct condition *c = read_not(p, depth);
        if (!c)
            return NULL;
        *VEC_PUSH(p->arena, &list) = c;
        if (!at_word(p, "and"))
            return operator_node(p, COND_AND, &list, start);
        advance(p);
    }
}

/* expr := and-expr ( "or" and-expr )* */
static struct condition *read_expr(struct parser *p, unsigned depth)
{
    struct condition_list list = {0};
    size_t start = p->token.off;
    for (;;) {
        struct condition *c = read_and(p, depth);
        if (!c)
            return NULL;
        *VEC_PUSH(p->arena, &list) = c;
        if (!at_word(p, "or"))
            return operator_node(p, COND_OR, &list, start);
        advance(p);
    }
}

struct condition *condition_parse(struct arena *a, struct diag_sink *sink, struct str text,
                                  struct span at, const struct condition_scope *scope)
{
    struct parser p = {
        .arena = a, .sink = sink, .text = text, .place = place_of(sink, at, text), .scope = scope};
    if (text.len > CONDITION_LENGTH_MAX)
        return syntax(&p, at, NO_HELP,
                      str_format(a, "a condition of more than %d bytes", CONDITION_LENGTH_MAX));
    size_t pipe = str_find(text, '|');
    if (pipe < text.len && !scope->rules) {
        DIAG0(sink, DIAG_deprecated_aggregation, place(&p, pipe, text.len - pipe), NO_HELP);
        return NULL;
    }
    advance(&p);
    struct condition *c = read_expr(&p, 0);
    if (c && p.token.kind != TOKEN_END)
        operator_missing(&p);
    if (!c || p.faulty)
        return NULL;
    for (size_t i = 0; i < p.names.n; i++)
        diag_add(sink, p.names.v[i].code, p.names.v[i].at, p.names.v[i].help, p.names.v[i].n_args,
                 p.names.v[i].args);
    return p.names.n == 0 ? c : NULL;
}

size_t condition_names(struct arena *a, struct diag_sink *sink, struct str text, struct span at,
                       struct str **ret_names, struct span **ret_places)
{
    const struct condition_scope scope = {.rules = true};
    struct parser p = {.arena = a,
                       .sink = sink,
                       .text = text,
                       .place = place_of(sink, at, text),
                       .scope = &scope,
                       .faulty = true}; /* condition_parse reports */
    struct names *seen = names_new(a);
    VEC(struct str) names = {0};
    VEC(struct span) places = {0};
    if (text.len > CONDITION_LENGTH_MAX)
        p.next = text.len;
    for (advance(&p); p.token.kind != TOKEN_END; advance(&p)) {
        if (p.token.kind != TOKEN_WORD || at_word(&p, "and") || at_word(&p, "or") ||
            at_word(&p, "not") || names_find(seen, p.token.text) != UINT32_MAX)
            continue;
        names_intern(seen, p.token.text);
        *VEC_PUSH(a, &names) = p.token.text;
        *VEC_PUSH(a, &places) = place(&p, p.token.off, p.token.len);
    }
    *ret_names = names.v;
    *ret_places = places.v;
    return names.n;
}

static void print_operands(struct text *out, const struct condition *c,
                           const struct condition_scope *scope, const char *between)
{
    text_addz(out, "(");
    for (size_t i = 0; i < c->n_children; i++) {
        if (i > 0)
            text_addz(out, between);
        condition_print(out, c->children[i], scope);
    }
    text_addz(out, ")");
}

static void print_selector(struct text *out, const struct condition *c,
                           const struct condition_scope *scope)
{
    text_addf(out, "at least %u of {", (unsigned)c->count);
    for (size_t i = 0; i < c->n_selected; i++) {
        text_addz(out, i ? ", " : "");
        text_add(out, scope->names[c->selected[i]]);
    }
    text_addz(out, "}");
}

void condition_print(struct text *out, const struct condition *c,
                     const struct condition_scope *scope)
{
    switch (c->kind) {
    case COND_IDENTIFIER:
        text_add(out, scope->names[c->identifier]);
        break;
    case COND_AND:
        print_operands(out, c, scope, " and ");
        break;
    case COND_OR:
        print_operands(out, c, scope, " or ");
        break;
    case COND_NOT:
        text_addz(out, "not ");
        condition_print(out, c->children[0], scope);
        break;
    case COND_AT_LEAST:
        print_selector(out, c, scope);
        break;
    }
}
