/* Whatever quick.h reads, libyaml reads alike. With arguments: files whose texts are mutated, and
 * $SIGMATON_QUICK_ROUNDS of each. */
#include "quick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "t.h"

static size_t without_blanks(struct str text, size_t from, size_t to)
{
    while (to > from && strchr(" \n", text.p[to - 1]))
        to--;
    return to;
}

/* Of block texts and ends libyaml says where the next token stands. */
static bool same_place(const struct stream_event *e, const yaml_event_t *theirs, struct str text)
{
    size_t from = theirs->start_mark.index, to = theirs->end_mark.index;
    if (e->type == YAML_SEQUENCE_END_EVENT || e->type == YAML_MAPPING_END_EVENT)
        return from == to && e->from == e->to;
    return e->from == from &&
           without_blanks(text, e->from, e->to) == without_blanks(text, from, to);
}

static bool same_text(const struct stream_event *e, const yaml_event_t *theirs)
{
    if (e->type != YAML_SCALAR_EVENT)
        return true;
    struct str s = {(const char *)theirs->data.scalar.value, theirs->data.scalar.length};
    bool plain = theirs->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return str_eq(e->text, s) && e->text.p && e->quoted == !plain && !theirs->data.scalar.tag &&
           !theirs->data.scalar.anchor;
}

static bool same(const struct stream_event *e, const yaml_event_t *theirs, struct str text)
{
    return e->type == theirs->type && same_place(e, theirs, text) && same_text(e, theirs) &&
           !e->tag && !e->anchor;
}

static void tell(struct str text, size_t i)
{
    fprintf(stderr, "differs at event %zu of:\n%.*s\n", i, STR_ARG(text));
    assert_true(false);
}

/* False: declined. */
static bool read_alike(struct stream *s, struct str text)
{
    yaml_parser_t parser;
    yaml_event_t theirs;
    stream_begin(s, text);
    stream_start(s, 0, SIZE_MAX);
    if (s->n_quick == 0)
        return false;
    assert_true(yaml_parser_initialize(&parser));
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.len);
    for (size_t i = 0; i <= s->n_quick; i++) {
        if (!yaml_parser_parse(&parser, &theirs))
            tell(text, i);
        if (i == 0 ? theirs.type != YAML_STREAM_START_EVENT
                   : !stream_next(s) || !same(&s->event, &theirs, text))
            tell(text, i);
        yaml_event_delete(&theirs);
    }
    assert_int_equal(s->event.type, YAML_STREAM_END_EVENT);
    yaml_parser_delete(&parser);
    return true;
}

static const char rule[] =
    "# a comment\n\ntitle: A rule - of #hash 'and' \"quotes\"\nid: "
    "0f06a3a5-6a09-413f-8743-e6cf35561297\n"
    "description: |\n    Two lines,\n      one further in\n\n    and : a third # one\nrelated:\n"
    "    - id: 1 # comment\n      type: similar\n    -\n      id: 2\n\nreferences:\n- "
    "https://a.b/c?d=e#f\n"
    "- 'it''s'\n# in between\n-\nlogsource:\n    product: windows\n    'category': "
    "process_creation\n"
    "detection:\n    selection:\n        Image|endswith:\n            - '\\a.exe'\n            - "
    "\"q\"\n"
    "    empty:\n    'quoted key': \"\"\n    filter_a:\n        - A: 1\n          B: null\n        "
    "- C:\n"
    "    list: |-\n      x\n      y\n    keep: |+\n     z\n\n\n    condition: selection and not 1 "
    "of filter_*\n"
    "level: high";

static void reads_what_rules_are_written_in(void **state)
{
    static const char *const texts[] = {
        "a: b",
        "a: b\n",
        "a:\n",
        "a:",
        "a:\n- b",
        "a:\n- b\nc: d\n",
        "a:\n  - b\n  - c: d\n    e: f\n",
        "- a",
        "- a: b\n  c:\n  - d\n- e",
        "-\n- a\n-\n",
        "a:\n  b:\n    c:\nd: 'x' # y\n",
        "# c\n\n  # d\na: |\n  b\n c: d",
        "a: |\n b\n",
        "a: |\n\n  b\n\n  c",
        "a: |-\n  b\n\n\nc: d\n",
        "a: |+\n  b\n \n  \nc: d\n",
        "a: |  # c\n  b\n",
        "a: |\n  b\n   \n  c\n# d\n",
        "- |\n b\n- c",
        "a: -b\n",
        "a: b#c\n",
        "a: b: \n",
        "a: 'b''c'\n",
        "'a': \"b\"\n",
        "a: ''\n",
        "a: b   \n   \n",
        "a: - b",
        "a:b: c",
        "a: b:c",
        "a: http://b",
        "? a",
        "a: ~\n",
        "a: <b>\n",
        "a: '#'",
        "a: ' # b'",
    };
    struct stream *s = stream_new(t_arena(state));
    size_t n = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        n += read_alike(s, str_of(texts[i]));
    assert_int_equal(n, 27);
}

static void declines_what_it_is_not_sure_of(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "# a",
        "a",
        "'a'",
        "|\n a",
        " a: b",
        "a: b\n c: d",
        "a: b\nc",
        "a: b\n- c",
        "- a\nb: c",
        "a:\n  b: c\n d: e",
        "a: b\n  c",
        "a: 'b\n  c'",
        "a: \"b\\n\"",
        "a: 'b' c",
        "a: [b]",
        "a: {b: c}",
        "a: &b c",
        "a: *b",
        "a: !b c",
        "a: >\n  b",
        "a: |2\n  b",
        "a: |\n   \n  b",
        "a: |\nb: c",
        "a: @b",
        "a: `b",
        "a: %b",
        "? a\n: b",
        ": a",
        "a : b",
        "'a' : b",
        "'a':b",
        "a: b: c",
        "a: 'b': c",
        "- - a",
        "a: - b",
        "a:\tb",
        "a: b\t",
        "a: b\r\n",
        "a: \xC3\xA9",
        "---\na: b",
        "a: b\n---\n",
        "a: b\n...\n",
        "%YAML 1.2\na: b",
        "... a: b",
        "a:\n  'b'",
        "a:\n  b\n",
        "a: 'b'#c",
        "a: |#\n b",
        ("\xEF\xBB\xBF"
         "a: b"),
    };
    struct stream *s = stream_new(t_arena(state));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (read_alike(s, str_of(texts[i])))
            tell(str_of(texts[i]), 0);
}

/* `n` times `a: ` or deeper maps, one in another. */
static struct str nested(struct arena *a, size_t n)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < n; i++)
        text_addf(&t, "%*sa:\n", (int)i, "");
    return text_str(&t);
}

static void limits_hold(void **state)
{
    struct stream *s = stream_new(t_arena(state));
    assert_true(read_alike(s, nested(t_arena(state), QUICK_DEPTH_MAX)));
    assert_false(read_alike(s, nested(t_arena(state), QUICK_DEPTH_MAX + 1)));
    for (int over = 0; over <= 1; over++) {
        struct text t;
        text_init(&t, t_arena(state));
        text_addf(&t, "%0*d: b", (int)QUICK_KEY_MAX + over, 1);
        assert_int_equal(read_alike(s, text_str(&t)), over == 0);
    }
}

/* A block takes room for what is in it, not for all that is behind it. */
static void many_blocks_take_little_room(void **state)
{
    struct arena *a = t_arena(state);
    struct stream *s = stream_new(a);
    struct text t;
    text_init(&t, a);
    for (int i = 0; i < 4000; i++)
        text_addf(&t, "k%d: |\n  b\n", i);
    size_t before = arena_used(a);
    assert_true(read_alike(s, text_str(&t)));
    assert_in_range(arena_used(a) - before, t.len, 100 * t.len);
}

static size_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(*seed >> 33);
}

/* Changes, drops, doubles and moves pieces; half of the time whole lines. */
static size_t mutate(uint64_t *seed, char *p, size_t len, size_t cap)
{
    char moved[64];
    static const char odd[] = "  \n\n:-#'\"|>+[]{}?&*!%@`.,ab\\~0\t\r\xC3\x7F\x01";
    static const char *const parts[] = {
        "---",   "--- ", "...",  "\n---\n", "\n... ", "%YAML 1.2\n", "\r\n",     "- - ",
        "- ? ",  ": ",   "? ",   " #",      "&a ",    "*a",          "!!str ",   "<<: ",
        "|2-\n", ">-\n", "[a, ", "{b: ",    "]",      "}",           "\xC3\xA9", "\xEF\xBB\xBF"};
    for (unsigned n = 1 + (unsigned)(next_random(seed) % 4); n > 0; n--) {
        size_t at = next_random(seed) % (len + 1), piece = 1 + next_random(seed) % 6;
        switch (next_random(seed) % 6) {
        case 0: /* another byte */
            if (at < len)
                p[at] = odd[next_random(seed) % (sizeof odd - 1)];
            break;
        case 1: /* one more */
            if (len < cap) {
                memmove(p + at + 1, p + at, len++ - at);
                p[at] = odd[next_random(seed) % (sizeof odd - 1)];
            }
            break;
        case 2: /* some less */
            piece = piece < len - at ? piece : len - at;
            memmove(p + at, p + at + piece, len - at - piece);
            len -= piece;
            break;
        case 3: /* a piece from elsewhere */
            piece = next_random(seed) % 64;
            if (len + piece <= cap && piece < at && piece <= sizeof moved) {
                memcpy(moved, p + next_random(seed) % (at - piece), piece);
                memmove(p + at + piece, p + at, len - at);
                memcpy(p + at, moved, piece);
                len += piece;
            }
            break;
        case 4: { /* what means something */
            const char *part = parts[next_random(seed) % (sizeof parts / sizeof *parts)];
            piece = strlen(part);
            if (len + piece <= cap) {
                memmove(p + at + piece, p + at, len - at);
                memcpy(p + at, part, piece);
                len += piece;
            }
            break;
        }
        default: /* blanks, so that columns move */
            if (len + piece <= cap) {
                memmove(p + at + piece, p + at, len - at);
                memset(p + at, ' ', piece);
                len += piece;
            }
        }
    }
    return len;
}

static size_t mutants_read_alike(struct str text, size_t rounds, uint64_t seed)
{
    size_t n = 0, cap = text.len + 256;
    char *p = malloc(cap);
    assert_non_null(p);
    for (size_t i = 0; i < rounds; i++) {
        struct arena *a = arena_create(ARENA_LIMIT);
        memcpy(p, text.p, text.len);
        size_t len = mutate(&seed, p, text.len, cap);
        char *exact = malloc(len > 0 ? len : 1); /* so that an overrun is seen */
        memcpy(exact, p, len);
        n += read_alike(stream_new(a), (struct str){exact, len});
        free(exact);
        arena_destroy(a);
    }
    free(p);
    return n;
}

static void mutants_are_read_alike_or_declined(void **state)
{
    (void)state;
    size_t n = mutants_read_alike(str_of(rule), 20000, 1);
    assert_in_range(n, 2000, 19000);
}

static int all_of_files(int n, char **names)
{
    const char *rounds = getenv("SIGMATON_QUICK_ROUNDS");
    size_t total = 0, read = 0, whole = 0;
    for (int i = 0; i < n; i++) {
        static char text[1 << 20];
        FILE *f = fopen(names[i], "rb");
        assert_non_null(f);
        struct str s = {text, fread(text, 1, sizeof text, f)};
        fclose(f);
        struct arena *a = arena_create(ARENA_LIMIT);
        whole += read_alike(stream_new(a), s);
        arena_destroy(a);
        size_t n_rounds = rounds ? (size_t)atol(rounds) : 100;
        read += mutants_read_alike(s, n_rounds, (uint64_t)i + 1);
        total += n_rounds;
    }
    printf("%zu of %d files and %zu of %zu mutants were read alike, the rest declined\n", whole, n,
           read, total);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        t_test(reads_what_rules_are_written_in),
        t_test(declines_what_it_is_not_sure_of),
        t_test(limits_hold),
        t_test(many_blocks_take_little_room),
        t_test(mutants_are_read_alike_or_declined),
    };
    return argc > 1 ? all_of_files(argc - 1, argv + 1) : t_run(tests);
}
