#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source.h"
#include "t.h"

static void places_count_lines_and_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t off, len, line, column, length;
        const char *line_text;
    } cases[] = {
        {"abc\ndef\n", 0, 1, 1, 1, 1, "abc"},
        {"abc\ndef\n", 5, 2, 2, 2, 2, "def"},
        {"abc\ndef\n", 3, 0, 1, 4, 1, "abc"},   /* at the line end */
        {"abc\ndef\n", 2, 100, 1, 3, 1, "abc"}, /* past the line end */
        {"abc\ndef\n", 100, 1, 3, 1, 1, ""},    /* past the text */
        {"abc", 3, 1, 1, 4, 1, "abc"},
        {"\xC3\xA9\xC3\xA9=x\n", 5, 1, 1, 4, 1, "\xC3\xA9\xC3\xA9=x"},
        {"\xC3\xA9\xC3\xA9=x\n", 0, 4, 1, 1, 2, "\xC3\xA9\xC3\xA9=x"},
        {"a\r\nb\r\n", 3, 1, 2, 1, 1, "b"},
        {"a\r\nb\r\n", 1, 2, 1, 2, 1, "a"}, /* the CR is no part of the line */
        {"\xEF\xBB\xBF"
         "ab\nc",
         4, 1, 1, 2, 1, "ab"}, /* nor is the byte order mark */
        {"\xEF\xBB\xBF"
         "ab\nc",
         0, 1, 1, 1, 1, "ab"},
        {"\xEF\xBB\xBF", 3, 0, 1, 1, 1, ""},
        {"\xFFx", 1, 1, 1, 2, 1, "\xFFx"}, /* a malformed byte is one character */
        {"", 0, 0, 1, 1, 1, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source src = {STR("f"), STR("f"), str_of(cases[i].text)};
        struct position p = source_position(&src, (struct span){0, cases[i].off, cases[i].len});
        assert_int_equal(p.line, cases[i].line);
        assert_int_equal(p.column, cases[i].column);
        assert_int_equal(p.column_length, cases[i].length);
        t_assert_str(p.line_text, cases[i].line_text);
    }
}

static struct str temp_path(struct arena *a, const char *name)
{
    return str_format(a, "source_test.%ld.%s", (long)getpid(), name);
}

static struct str write_file(struct arena *a, const char *name, const char *text, size_t size)
{
    struct str path = temp_path(a, name);
    FILE *f = fopen(path.p, "wb");
    assert_non_null(f);
    fwrite(text, 1, strlen(text), f);
    assert_int_equal(ftruncate(fileno(f), (off_t)size), 0);
    fclose(f);
    return path;
}

static void a_file_is_loaded_as_it_stands(void **state)
{
    struct sources *s = sources_new(t_arena(state));
    const char *why = NULL;
    struct str path = write_file(t_arena(state), "plain", "a\r\nb", 4);
    uint32_t file = sources_load(s, path, STR("within"), &why);
    unlink(path.p);
    assert_int_equal(file, 0);
    assert_int_equal(sources_count(s), 1);
    t_assert_str(sources_get(s, file)->text, "a\r\nb");
    t_assert_str(sources_get(s, file)->name, "within");
    assert_true(str_eq(sources_get(s, file)->path, path));
}

static void the_file_limit_is_kept_on_both_sides(void **state)
{
    struct sources *s = sources_new(t_arena(state));
    const char *why = NULL;
    struct str just = write_file(t_arena(state), "just", "", SOURCE_FILE_MAX);
    struct str over = write_file(t_arena(state), "over", "", SOURCE_FILE_MAX + 1);
    uint32_t taken = sources_load(s, just, just, &why), refused = sources_load(s, over, over, &why);
    unlink(just.p);
    unlink(over.p);
    assert_int_equal(sources_get(s, taken)->text.len, SOURCE_FILE_MAX);
    assert_int_equal(refused, SPAN_NONE);
    assert_ptr_equal(why, source_too_big);
}

/* Loads what a writer process puts into a pipe: `n` bytes. */
static uint32_t load_pipe(struct sources *s, struct str path, size_t n, const char **ret_why)
{
    assert_int_equal(mkfifo(path.p, 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        FILE *f = fopen(path.p, "wb");
        for (size_t i = 0; f && i < n; i++)
            if (putc('x', f) == EOF)
                break;
        _exit(f ? fflush(f) : 1);
    }
    uint32_t file = sources_load(s, path, path, ret_why);
    unlink(path.p);
    waitpid(child, NULL, 0);
    return file;
}

static void a_pipe_is_read_to_its_end(void **state)
{
    struct sources *s = sources_new(t_arena(state));
    const char *why = NULL;
    uint32_t file = load_pipe(s, temp_path(t_arena(state), "pipe"), 4096 * 5, &why);
    assert_int_not_equal(file, SPAN_NONE);
    assert_int_equal(sources_get(s, file)->text.len, 4096 * 5);
}

static void a_pipe_without_end_is_refused(void **state)
{
    struct sources *s = sources_new(t_arena(state));
    const char *why = NULL;
    struct str path = temp_path(t_arena(state), "endless");
    assert_int_equal(load_pipe(s, path, SOURCE_FILE_MAX + 65536, &why), SPAN_NONE);
    assert_ptr_equal(why, source_too_big);
}

static void what_cannot_be_read_says_why(void **state)
{
    struct sources *s = sources_new(t_arena(state));
    const char *why = NULL;
    assert_int_equal(sources_load(s, STR("no/such/file"), STR(""), &why), SPAN_NONE);
    assert_string_equal(why, "there is no such file");
    assert_int_equal(sources_load(s, STR("."), STR(""), &why), SPAN_NONE);
    assert_string_equal(why, "it is a folder");
    assert_int_equal(sources_load(s, STR("a\0b"), STR(""), &why), SPAN_NONE);
    assert_string_equal(why, "there is no such file");
    assert_int_equal(sources_count(s), 0);
}

static void an_unknown_file_number_is_no_file(void **state)
{
    struct sources *s = sources_new(t_arena(state));
    assert_null(sources_get(s, 0));
    assert_null(sources_get(s, SPAN_NONE));
    assert_int_equal(sources_add(s, STR("f"), STR("x")), 0);
    assert_non_null(sources_get(s, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(places_count_lines_and_characters),    t_test(a_file_is_loaded_as_it_stands),
        t_test(the_file_limit_is_kept_on_both_sides), t_test(a_pipe_is_read_to_its_end),
        t_test(a_pipe_without_end_is_refused),        t_test(what_cannot_be_read_says_why),
        t_test(an_unknown_file_number_is_no_file),
    };
    return t_run(tests);
}
