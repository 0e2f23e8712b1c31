/* Our own vectors: every .spec file under this folder through every engine, one test per file.
 *
 *     # clause: what is claimed
 *     detection: { sel: { F: x }, condition: sel }
 *     ---
 *     {"F":"x"} => hit
 *     {"F":"y"} => miss
 *
 * Above the line stands a rule (title and log source are added), below it one event a line with the
 * answer: hit, miss or unreadable. Lines that are empty or begin with # say nothing.
 */
#include <dirent.h>

#include "spec.h"
#include "t.h"
#include "vec.h"

struct spec_file {
    const char *path, *name; /* name: below this folder */
};

struct files {
    struct arena *arena;
    VEC(struct spec_file) list;
};

/* The next line of *text without its end; false at the end of the text. */
static bool next_line(struct str *text, struct str *ret_line)
{
    if (text->len == 0)
        return false;
    size_t end = str_find(*text, '\n');
    *ret_line = str_sub(*text, 0, end);
    *text = end < text->len ? str_sub(*text, end + 1, text->len) : STR("");
    return true;
}

/* Splits `event => answer` at the last arrow. */
static bool read_case(struct str line, int number, struct spec_case *ret)
{
    static const char *const answers[] = {"miss", "hit", "unreadable"};
    size_t arrow = line.len;
    for (size_t i = 0; i + 1 < line.len; i++)
        if (line.p[i] == '=' && line.p[i + 1] == '>')
            arrow = i;
    if (arrow == line.len)
        return false;
    struct str answer = str_trim(str_sub(line, arrow + 2, line.len));
    for (int i = SPEC_MISS; i <= SPEC_UNREADABLE; i++)
        if (str_eq_z(answer, answers[i])) {
            *ret =
                (struct spec_case){str_trim(str_sub(line, 0, arrow)), (enum spec_answer)i, number};
            return true;
        }
    return false;
}

static size_t run_spec(struct arena *a, const char *name, struct str text)
{
    struct str line, whole = text;
    int number = 0;
    size_t rule_len = 0;
    while (next_line(&text, &line) && ++number && !str_eq_z(line, "---"))
        rule_len = (size_t)(line.p + line.len - whole.p);
    VEC(struct spec_case) cases = {0};
    while (next_line(&text, &line)) {
        number++;
        if (str_trim(line).len == 0 || line.p[0] == '#')
            continue;
        if (!read_case(line, number, VEC_PUSH(a, &cases))) {
            print_error("# %s:%d: no answer\n", name, number);
            return 1;
        }
    }
    struct str rule = str_format(a, "title: spec\nlogsource: {product: demo}\n%.*s\n",
                                 STR_ARG(str_sub(whole, 0, rule_len)));
    struct spec_rules rules = spec_read(a, rule, STR(""));
    if (rules.n_errors > 0 || rules.mapped.n == 0 || cases.n == 0) {
        print_error("# %s: refused, or without events:\n%.*s\n", name, STR_ARG(rules.messages));
        return 1;
    }
    return spec_ask(a, name, &rules, cases.v, cases.n);
}

static void every_event_is_answered_as_written(void **state)
{
    const struct spec_file *file = *state;
    struct arena *a = arena_create(T_ARENA_LIMIT);
    struct str text = spec_load(a, file->path);
    size_t wrong = text.p ? run_spec(a, file->name, text) : 1;
    arena_destroy(a);
    assert_int_equal(wrong, 0);
}

static void find_specs(struct files *files, const char *folder, const char *name)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        struct str entry = str_of(entries[i]->d_name);
        struct str path = str_format(files->arena, "%s/%s", folder, entry.p);
        struct str shown = str_format(files->arena, "%s%s%s", name, *name ? "/" : "", entry.p);
        if (str_ends(entry, STR(".spec")))
            *VEC_PUSH(files->arena, &files->list) = (struct spec_file){path.p, shown.p};
        else if (!*name && str_find(entry, '.') == entry.len)
            find_specs(files, path.p, shown.p); /* clauses are folders, one deep */
        free(entries[i]);
    }
    free(entries);
}

int main(void)
{
    struct arena *a = arena_create(T_ARENA_LIMIT);
    struct files files = {.arena = a};
    find_specs(&files, SOURCE_ROOT "/tests/spec", "");
    struct CMUnitTest *tests = ARENA_ARRAY(a, files.list.n, struct CMUnitTest);
    for (size_t i = 0; i < files.list.n; i++)
        tests[i] = (struct CMUnitTest){.name = files.list.v[i].name,
                                       .test_func = every_event_is_answered_as_written,
                                       .initial_state = &files.list.v[i]};
    int failed = _cmocka_run_group_tests("spec", tests, files.list.n, NULL, NULL);
    arena_destroy(a);
    return files.list.n == 0 || failed;
}
