#include "regex.h"

#include "arena.h"
#include "regex_parser.h"

bool regex_fail(struct regex_parser *p, size_t off, size_t len, const char *what)
{
    *p->error = (struct regex_error){(uint32_t)off, (uint32_t)len, what};
    return false;
}

bool regex_at_end(const struct regex_parser *p)
{
    return p->at >= p->pattern.len;
}

char regex_peek(const struct regex_parser *p, size_t ahead)
{
    return ahead < p->pattern.len - p->at ? p->pattern.p[p->at + ahead] : '\0';
}

bool regex_looking_at(const struct regex_parser *p, const char *text)
{
    return str_starts(str_sub(p->pattern, p->at, p->pattern.len), str_of(text));
}

bool regex_read_char(struct regex_parser *p, uint32_t *ret_c)
{
    const char *from = p->pattern.p + p->at, *next = from;
    *ret_c = utf8_next(&next, p->pattern.p + p->pattern.len);
    if (*ret_c >= 0xd800 && *ret_c <= 0xdfff)
        return regex_fail(p, p->at, 1, "not valid UTF-8");
    p->at += (size_t)(next - from);
    return true;
}

struct regex *regex_node(struct regex_parser *p, enum regex_kind kind)
{
    struct regex *node = ARENA_NEW(p->arena, struct regex);
    node->kind = kind;
    return node;
}

struct regex *regex_char(struct regex_parser *p, uint32_t c)
{
    struct regex *node = regex_node(p, REGEX_CHAR);
    node->c = c;
    node->icase = p->flags.icase;
    return node;
}

static struct regex *fail(struct regex_parser *p, size_t off, size_t len, const char *what)
{
    regex_fail(p, off, len, what);
    return NULL;
}

static uint64_t repeat_times(uint32_t min, uint32_t max)
{
    if (max != REGEX_INF)
        return max;
    return min ? min : 1;
}

/* Nodes once counted repeats are written out; saturates just above the limit. */
static uint64_t expanded_size(const struct regex *re)
{
    uint64_t size = 0;
    for (size_t i = 0; i < re->n_children && size <= REGEX_EXPANDED_MAX; i++)
        size += expanded_size(re->children[i]);
    if (re->kind == REGEX_REPEAT)
        size *= repeat_times(re->min, re->max);
    size++;
    return size <= REGEX_EXPANDED_MAX ? size : (uint64_t)REGEX_EXPANDED_MAX + 1;
}

/* ---- quantifiers ---- */

/* Digits of a bound from *at on; saturates above the limit. False when there are none. */
static bool read_bound(const struct regex_parser *p, size_t *at, uint32_t *ret_bound)
{
    size_t start = *at;
    uint32_t bound = 0;
    for (; *at < p->pattern.len && p->pattern.p[*at] >= '0' && p->pattern.p[*at] <= '9'; ++*at)
        if (bound <= REGEX_REPEAT_MAX)
            bound = bound * 10 + (uint32_t)(p->pattern.p[*at] - '0');
    *ret_bound = bound;
    return *at > start;
}

/* {n} {n,} {n,m}: true when the brace here forms one, *ret_end behind it. Any other brace is a
 * literal, as in PCRE. */
static bool at_counted(const struct regex_parser *p, uint32_t *ret_min, uint32_t *ret_max,
                       size_t *ret_end)
{
    size_t at = p->at + 1;
    if (regex_peek(p, 0) != '{' || !read_bound(p, &at, ret_min))
        return false;
    *ret_max = *ret_min;
    if (at < p->pattern.len && p->pattern.p[at] == ',') {
        at++;
        if (!read_bound(p, &at, ret_max))
            *ret_max = REGEX_INF;
    }
    *ret_end = at + 1;
    return at < p->pattern.len && p->pattern.p[at] == '}';
}

bool regex_at_quantifier(const struct regex_parser *p)
{
    uint32_t min, max;
    size_t end;
    char c = regex_peek(p, 0);
    return c == '*' || c == '+' || c == '?' || at_counted(p, &min, &max, &end);
}

/* The bounds of the quantifier here, which is read. */
static bool read_bounds(struct regex_parser *p, uint32_t *ret_min, uint32_t *ret_max)
{
    size_t start = p->at, end;
    char c = regex_peek(p, 0);
    *ret_min = c == '+';
    *ret_max = c == '?' ? 1 : REGEX_INF;
    if (c != '{') {
        p->at++;
        return true;
    }
    at_counted(p, ret_min, ret_max, &end);
    p->at = end;
    if (*ret_min > REGEX_REPEAT_MAX || (*ret_max != REGEX_INF && *ret_max > REGEX_REPEAT_MAX))
        return regex_fail(p, start, end - start, "a count above 1000");
    if (*ret_max < *ret_min)
        return regex_fail(p, start, end - start, "the bounds of the count are reversed");
    return true;
}

static struct regex *repeat_node(struct regex_parser *p, struct regex *atom, uint32_t min,
                                 uint32_t max)
{
    if (atom->kind == REGEX_EMPTY || max == 0)
        return regex_node(p, REGEX_EMPTY);
    if (min == 1 && max == 1)
        return atom;
    struct regex *node = regex_node(p, REGEX_REPEAT);
    node->min = min;
    node->max = max;
    node->children = ARENA_ARRAY(p->arena, 1, struct regex *);
    node->children[0] = atom;
    node->n_children = 1;
    return node;
}

bool regex_skip_comments(struct regex_parser *p)
{
    while (regex_looking_at(p, "(?#")) {
        size_t start = p->at;
        while (!regex_at_end(p) && regex_peek(p, 0) != ')')
            p->at++;
        if (regex_at_end(p))
            return regex_fail(p, start, 3, "this comment is never closed");
        p->at++;
    }
    return true;
}

/* repeat := atom ( "*" | "+" | "?" | "{n}" | "{n,}" | "{n,m}" ) "?"? */
static struct regex *read_quantifier(struct regex_parser *p, struct regex *atom, bool repeatable)
{
    if (!regex_skip_comments(p))
        return NULL;
    if (!regex_at_quantifier(p))
        return atom;
    size_t start = p->at;
    if (!repeatable)
        return fail(p, start, 1, "an anchor cannot be repeated");
    uint32_t min, max;
    if (!read_bounds(p, &min, &max))
        return NULL;
    if (regex_peek(p, 0) == '+')
        return fail(p, start, p->at + 1 - start,
                    "possessive quantifiers are not part of Sigma's regex language");
    if (regex_peek(p, 0) == '?')
        p->at++; /* lazy: whether a search succeeds does not depend on it */
    if (regex_at_quantifier(p))
        return fail(p, p->at, 1, "a quantifier cannot be repeated");
    struct regex *node = repeat_node(p, atom, min, max);
    if (expanded_size(node) > REGEX_EXPANDED_MAX)
        return fail(p, start, p->at - start, "nested counts make this regex too large");
    return node;
}

/* ---- atoms ---- */

static const struct regex_range before_and_after_newline[] = {{0, '\n' - 1},
                                                              {'\n' + 1, CODE_POINT_MAX}};
static const struct regex_range everything[] = {{0, CODE_POINT_MAX}};

static struct regex *dot(struct regex_parser *p)
{
    p->at++;
    return p->flags.dotall
               ? regex_class_of(p, (struct regex_set){everything, 1}, false)
               : regex_class_of(p, (struct regex_set){before_and_after_newline, 2}, false);
}

static struct regex *read_escaped(struct regex_parser *p, bool *ret_repeatable)
{
    struct regex_escape escape;
    if (!regex_read_escape(p, false, &escape))
        return NULL;
    switch (escape.kind) {
    case ESCAPE_SET:
        return regex_class_of(p, escape.set, escape.negated);
    case ESCAPE_ANCHOR:
        *ret_repeatable = false;
        return regex_node(p, escape.anchor);
    case ESCAPE_CHAR:
        break;
    }
    return regex_char(p, escape.c);
}

static struct regex *read_anchor(struct regex_parser *p, enum regex_kind line, enum regex_kind text)
{
    p->at++;
    return regex_node(p, p->flags.multiline ? line : text);
}

/* atom := character | "." | class | escape | "^" | "$" | group */
static struct regex *read_atom(struct regex_parser *p, bool *ret_repeatable)
{
    uint32_t c;
    switch (regex_peek(p, 0)) {
    case '(':
        return regex_read_group(p);
    case '[':
        return regex_read_class(p);
    case '\\':
        return read_escaped(p, ret_repeatable);
    case '.':
        return dot(p);
    case '^':
        *ret_repeatable = false;
        return read_anchor(p, REGEX_LINE_START, REGEX_TEXT_START);
    case '$':
        *ret_repeatable = false;
        return read_anchor(p, REGEX_LINE_END, REGEX_TEXT_END);
    default:
        if (regex_at_quantifier(p))
            return fail(p, p->at, 1, "nothing to repeat");
        return regex_read_char(p, &c) ? regex_char(p, c) : NULL;
    }
}

struct node_list {
    struct regex **v;
    size_t n, cap;
};

/* Adds a child; one of the same kind gives its own children instead. */
static void add_child(struct regex_parser *p, struct node_list *list, enum regex_kind kind,
                      struct regex *child)
{
    if (child->kind != kind) {
        *VEC_PUSH(p->arena, list) = child;
        return;
    }
    for (size_t i = 0; i < child->n_children; i++)
        *VEC_PUSH(p->arena, list) = child->children[i];
}

static struct regex *node_of(struct regex_parser *p, const struct node_list *list,
                             enum regex_kind kind)
{
    if (list->n == 0)
        return regex_node(p, REGEX_EMPTY);
    if (list->n == 1)
        return list->v[0];
    struct regex *node = regex_node(p, kind);
    node->children = list->v;
    node->n_children = list->n;
    return node;
}

/* branch := repeat* */
static struct regex *read_branch(struct regex_parser *p)
{
    struct node_list list = {0};
    for (;;) {
        if (!regex_skip_comments(p))
            return NULL;
        if (regex_at_end(p) || regex_peek(p, 0) == '|' || regex_peek(p, 0) == ')')
            break;
        bool repeatable = true;
        struct regex *node = read_atom(p, &repeatable);
        if (node)
            node = read_quantifier(p, node, repeatable);
        if (!node)
            return NULL;
        if (node->kind != REGEX_EMPTY)
            add_child(p, &list, REGEX_CAT, node);
    }
    return node_of(p, &list, REGEX_CAT);
}

/* alternatives := flags* branch ( "|" branch )* */
struct regex *regex_read_alternatives(struct regex_parser *p)
{
    struct node_list list = {0};
    if (!regex_read_leading_flags(p))
        return NULL;
    for (;;) {
        struct regex *branch = read_branch(p);
        if (!branch)
            return NULL;
        add_child(p, &list, REGEX_ALT, branch);
        if (regex_peek(p, 0) != '|' || regex_at_end(p))
            break;
        p->at++;
    }
    return node_of(p, &list, REGEX_ALT);
}

struct regex *regex_parse(struct arena *a, struct str pattern, struct regex_flags flags,
                          struct regex_error *ret_error)
{
    struct regex_parser p = {.arena = a, .pattern = pattern, .flags = flags, .error = ret_error};
    if (!pattern.p)
        p.pattern = STR("");
    if (pattern.len > REGEX_LENGTH_MAX)
        return fail(&p, 0, pattern.len, "longer than 8192 bytes");
    struct regex *re = regex_read_alternatives(&p);
    if (!re)
        return NULL;
    if (!regex_at_end(&p))
        return fail(&p, p.at, 1, "this parenthesis was never opened");
    if (expanded_size(re) > REGEX_EXPANDED_MAX)
        return fail(&p, 0, pattern.len, "the counts make this regex too large");
    return re;
}
