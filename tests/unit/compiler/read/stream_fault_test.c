#include "read.h"

struct fault {
    const char *text;
    uint32_t line, column;
    const char *what, *help;
};

static const struct fault faults[] = {
    {"title: x\nd\xC3\xA9: \xC3\xA9 \"a\": b\n", 2, 10, "a ':' where no key can be",
     "quote a text that contains ': ', or check the indentation of this line"},
    {"\xC3\xA9: \"never\nclosed\n", 1, 4, "this quote is never closed",
     "close it with the same quote"},
    {"a: '\xC3\xA9\n--- b\n", 1, 4, "this quote is not closed before the next document",
     "close it with the same quote"},
    {"\xC3\xA9\xC3\xA9: \"\xC3\xA9\\q\"\n", 1, 7, "unknown escape in a text between double quotes",
     "between single quotes a backslash is only a backslash"},
    {"a:\n  - [\xC3\xA9, 1\n  - b\n", 3, 6, "expected ',' or ']'",
     "close the list with ]; it began in line 2"},
    {"a: {\xC3\xA9: 1\nb: 2\n", 2, 2, "expected ',' or '}'",
     "close the map with }; it began in line 1"},
    {"a: 1\n\tb: 2\n", 2, 1, "a tab in the indentation", "indent with spaces"},
    {"\xC3\xA9: @x\n", 1, 4, "a value cannot begin with '@'", "quote the text"},
    {"\xC3\xA9: `x`\n", 1, 4, "a value cannot begin with '`'", "quote the text"},
    {"\xC3\xA9: *\\cmd.exe\n", 1, 4, "'*' at the start of a value names an alias",
     "quote values that begin with *"},
    {"a: & x\n", 1, 4, "'&' at the start of a value names an anchor",
     "quote values that begin with &"},
    {"a: !x! y\n", 1, 4, "'!' at the start of a value names a tag",
     "quote values that begin with !"},
    {"a:\n  \xC3\xA9: 1\n b: 2\n", 3, 2, "expected a key",
     "the keys of a map stand in one column; it began in line 1"},
    {"a:\n  - 1\n - 2\n", 3, 2, "expected a key",
     "the keys of a map stand in one column; it began in line 1"},
    {"a: 'x' y\n", 1, 8, "text behind the end of a value",
     "what begins with a quote ends at its quote: quote all of it"},
    {"a: - b\n", 1, 4, "a list item where none can be",
     "begin the list on a line of its own, below its key"},
    {"a: 1\nb\n", 2, 1, "this line is no key and belongs to nothing",
     "a key ends in ':'; the lines of a longer text are indented deeper than its key"},
    {"\xC3\xA9: \xC3\xA9\xFF\n", 1, 5, "a byte that is not UTF-8", "rule files are UTF-8"},
    {"\xC3\xA9: a\x01\n", 1, 5, "the character U+0001 is not allowed",
     "write it as an escape between double quotes"},
    {"\xFF\xFE"
     "a\0:\0",
     1, 1, "the file is UTF-16", "rule files are UTF-8: convert it"},
    {"%YAML 3.0\n---\na: 1\n", 1, 1, "an unknown version of YAML",
     "%YAML 1.1 and %YAML 1.2 are read; the line can be left out"},
    {"text: |x\n  y\n", 1, 8, "text behind '|' or '>'",
     "the text begins on the next line; quote values that begin with | or >"},
    {"a: [1, 2\n", 1, 9, "expected ',' or ']'", "close the list with ]; it began in line 1"},
};

static void faults_are_told_where_they_are_and_how_to_mend_them(void **state)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct fault *f = &faults[i];
        struct reading r = read_text(t_arena(state), str_of(f->text));
        assert_true(diag_count(r.sink) > 0);
        const struct diag *d = diag_get(r.sink, 0);
        assert_int_equal(d->code, DIAG_yaml_syntax);
        t_assert_str(d->message, str_format(t_arena(state), "not valid YAML: %s", f->what).p);
        t_assert_str(d->help, f->help);
        struct position p = source_position(sources_get(r.sources, 0), d->at);
        assert_int_equal(p.line, f->line);
        assert_int_equal(p.column, f->column);
    }
}

static void places_hold_in_every_document(void **state)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct fault *f = &faults[i];
        if (strstr(f->what, "UTF-16") || f->text[0] == '%')
            continue;
        struct str text =
            str_format(t_arena(state), "\xC3\xA9: 1\r\n---\na: [\r\n---\n%s", f->text);
        struct reading r = read_text(t_arena(state), text);
        assert_true(diag_count(r.sink) >= 2);
        struct position p = source_position(sources_get(r.sources, 0), diag_get(r.sink, 1)->at);
        /* what began above says so with its own line */
        assert_int_equal(p.line, f->line + 4);
        assert_int_equal(p.column, f->column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(faults_are_told_where_they_are_and_how_to_mend_them),
        t_test(places_hold_in_every_document),
    };
    return t_run(tests);
}
