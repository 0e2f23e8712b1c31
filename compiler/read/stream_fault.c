/* What went wrong in YAML, in our words: libyaml's are written for those who know its inside. */
#include "stream.h"

#include <string.h>

#include "arena.h"

#define BEHIND_END "did not find expected <document start>"

enum place {
    AT_PROBLEM,
    AT_PROBLEM_SINCE, /* and the help says in which line the context began */
    AT_CONTEXT,
};

struct wording {
    const char *problem, *context; /* libyaml's; NULL: any */
    enum place place;
    const char *what, *help;
};

static const struct wording wordings[] = {
    {"found unexpected end of stream", "while scanning a quoted scalar", AT_CONTEXT,
     "this quote is never closed", "close it with the same quote"},
    {"found unexpected document indicator", "while scanning a quoted scalar", AT_CONTEXT,
     "this quote is not closed before the next document", "close it with the same quote"},
    {"found unknown escape character", NULL, AT_PROBLEM,
     "unknown escape in a text between double quotes",
     "between single quotes a backslash is only a backslash"},
    {"did not find expected hexdecimal number", NULL, AT_PROBLEM,
     "an escape with too few hexadecimal digits", "\\x takes 2 digits, \\u 4, \\U 8"},
    {"found invalid Unicode character escape code", NULL, AT_PROBLEM,
     "an escape for a character that does not exist", "the last one is \\U0010FFFF"},
    {"did not find expected ',' or ']'", NULL, AT_PROBLEM_SINCE, "expected ',' or ']'",
     "close the list with ]"},
    {"did not find expected ',' or '}'", NULL, AT_PROBLEM_SINCE, "expected ',' or '}'",
     "close the map with }"},
    {"did not find expected key", NULL, AT_PROBLEM_SINCE, "expected a key",
     "the keys of a map stand in one column"},
    {"did not find expected '-' indicator", NULL, AT_PROBLEM_SINCE, "expected '-'",
     "the dashes of a list stand in one column"},
    {"mapping values are not allowed in this context", NULL, AT_PROBLEM,
     "a ':' where no key can be",
     "quote a text that contains ': ', or check the indentation of this line"},
    {"mapping keys are not allowed in this context", NULL, AT_PROBLEM, "a key where none can be",
     "check the indentation of this line"},
    {"block sequence entries are not allowed in this context", NULL, AT_PROBLEM,
     "a list item where none can be", "begin the list on a line of its own, below its key"},
    {"could not find expected ':'", NULL, AT_CONTEXT, "this line is no key and belongs to nothing",
     "a key ends in ':'; the lines of a longer text are indented deeper than its key"},
    {"found a tab character that violates indentation", NULL, AT_PROBLEM,
     "a tab in the indentation", "indent with spaces"},
    {"found a tab character where an indentation space is expected", NULL, AT_PROBLEM,
     "a tab in the indentation", "indent with spaces"},
    {"did not find expected alphabetic or numeric character", "while scanning an alias", AT_CONTEXT,
     "'*' at the start of a value names an alias", "quote values that begin with *"},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor",
     AT_CONTEXT, "'&' at the start of a value names an anchor", "quote values that begin with &"},
    {NULL, "while scanning a tag", AT_CONTEXT, "'!' at the start of a value names a tag",
     "quote values that begin with !"},
    {NULL, "while parsing a tag", AT_CONTEXT, "'!' at the start of a value names a tag",
     "quote values that begin with !"},
    {"found undefined tag handle", NULL, AT_PROBLEM, "'!' at the start of a value names a tag",
     "quote values that begin with !"},
    {"did not find expected comment or line break", "while scanning a block scalar", AT_PROBLEM,
     "text behind '|' or '>'",
     "the text begins on the next line; quote values that begin with | or >"},
    {"found an indentation indicator equal to 0", NULL, AT_PROBLEM,
     "an indentation of 0 behind '|' or '>'", "leave it out, or write 1 to 9"},
    {BEHIND_END, NULL, AT_PROBLEM, "text behind the end of the document",
     "documents are separated by a line with ---"},
    {"did not find expected node content", NULL, AT_PROBLEM, "expected a value", ""},
    {"found incompatible YAML document", NULL, AT_PROBLEM, "an unknown version of YAML",
     "%YAML 1.1 and %YAML 1.2 are read; the line can be left out"},
    {NULL, "while scanning a directive", AT_PROBLEM, "'%' at the start of a line is a directive",
     "quote values that begin with %"},
    {"found unexpected ':'", NULL, AT_PROBLEM, "a ':' inside of a text in [ ] or { }",
     "quote texts that contain ':'"},
};

static const struct wording *find_wording(const yaml_parser_t *p)
{
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const struct wording *w = &wordings[i];
        bool problem = !w->problem || (p->problem && strcmp(p->problem, w->problem) == 0);
        bool context = !w->context || (p->context && strcmp(p->context, w->context) == 0);
        if (problem && context)
            return w;
    }
    return NULL;
}

static struct stream_fault bad_start(const struct stream *s, size_t off)
{
    char c = off < s->text.len ? s->text.p[off] : '\0';
    if (c == '\t')
        return (struct stream_fault){off, STR("a tab in the indentation"),
                                     STR("indent with spaces")};
    return (struct stream_fault){off, str_format(s->arena, "a value cannot begin with '%c'", c),
                                 STR("quote the text")};
}

static struct stream_fault bad_byte(const struct stream *s)
{
    size_t off = s->base + s->parser.problem_offset;
    struct str help = STR("rule files are UTF-8");
    if (str_starts(s->text, STR("\xFF\xFE")) || str_starts(s->text, STR("\xFE\xFF")))
        return (struct stream_fault){off, STR("the file is UTF-16"),
                                     STR("rule files are UTF-8: convert it")};
    if (s->parser.problem && strcmp(s->parser.problem, "control characters are not allowed") == 0) {
        unsigned value = (unsigned)s->parser.problem_value;
        return (struct stream_fault){
            off, str_format(s->arena, "the character U+%04X is not allowed", value),
            STR("write it as an escape between double quotes")};
    }
    return (struct stream_fault){off, STR("a byte that is not UTF-8"), help};
}

static bool begins_its_line(const struct stream *s, size_t off)
{
    while (off > s->base && s->text.p[off - 1] == ' ')
        off--;
    return off == s->base || s->text.p[off - 1] == '\n';
}

/* At the end of the text the last thing that was written is shown. */
static size_t step_back(const struct stream *s, size_t off)
{
    if (off < s->text.len)
        return off;
    while (off > s->base && strchr(" \t\r\n", s->text.p[off - 1]))
        off--;
    return off;
}

bool stream_is_behind_end(const struct stream *s)
{
    return s->parser.problem && strcmp(s->parser.problem, BEHIND_END) == 0;
}

struct stream_fault stream_fault(struct stream *s)
{
    const yaml_parser_t *p = &s->parser;
    if (s->bad_directives)
        return (struct stream_fault){
            s->fed, str_format(s->arena, "more than %d directives", STREAM_DIRECTIVES_MAX),
            STR("lines that begin with % are directives: rules need none")};
    if (p->error == YAML_READER_ERROR)
        return bad_byte(s);
    const struct wording *w = find_wording(p);
    bool context = w && w->place == AT_CONTEXT;
    size_t off = stream_offset(s, context ? &p->context_mark : &p->problem_mark);
    if (p->problem && strcmp(p->problem, "found character that cannot start any token") == 0)
        return bad_start(s, off);
    if (p->problem && strcmp(p->problem, "did not find expected key") == 0 &&
        !begins_its_line(s, off))
        return (struct stream_fault){
            step_back(s, off), STR("text behind the end of a value"),
            STR("what begins with a quote ends at its quote: quote all of it")};
    if (!w)
        return (struct stream_fault){step_back(s, off),
                                     str_of(p->problem ? p->problem : "not understood"), STR("")};
    struct str help = str_of(w->help);
    if (w->place == AT_PROBLEM_SINCE && p->context_mark.line != p->problem_mark.line) {
        size_t line = stream_line(s, stream_offset(s, &p->context_mark));
        help = str_format(s->arena, "%s; it began in line %zu", w->help, line);
    }
    return (struct stream_fault){step_back(s, off), str_of(w->what), help};
}
