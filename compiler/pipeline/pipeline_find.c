#include <string.h>

#include "arena.h"
#include "pipeline_file.h"
#include "suggest.h"

/* The built-in pipelines of rules/pipelines, made into texts by embed.py. */
struct built_in {
    const char *name, *text;
};
#include "pipelines_built_in.inc"
enum { N_BUILT_IN = sizeof built_in / sizeof *built_in };

static uint32_t load(struct sources *sources, struct diag_sink *sink, struct str path, bool must)
{
    const char *why = "";
    uint32_t file = sources_load(sources, path, path, &why);
    if (file == SPAN_NONE && (must || why == source_too_big)) {
        if (why == source_too_big)
            DIAG(sink, DIAG_file_too_big, NO_SPAN, NO_HELP, path, STR("16777216"));
        else
            DIAG(sink, DIAG_file_unreadable, NO_SPAN, NO_HELP, path, str_of(why));
    }
    return file;
}

static bool is_path(struct str name)
{
    return str_find(name, '/') < name.len || str_eq_z(name, "-") || str_ends(name, STR(".yml")) ||
           str_ends(name, STR(".yaml"));
}

/* NAME.yml in one of the folders that the build was told of, with colons between. */
static uint32_t find_in_folders(struct sources *sources, struct diag_sink *sink, struct arena *a,
                                struct str name)
{
    struct str rest = STR(SIGMATON_PIPELINE_PATH);
    while (rest.len > 0) {
        size_t end = str_find(rest, ':');
        struct str folder = str_sub(rest, 0, end);
        rest = str_sub(rest, end + 1, rest.len);
        if (folder.len == 0)
            continue;
        uint32_t file = load(sources, sink,
                             str_format(a, "%.*s/%.*s.yml", STR_ARG(folder), STR_ARG(name)), false);
        if (file != SPAN_NONE)
            return file;
    }
    return SPAN_NONE;
}

uint32_t pipeline_find(struct sources *sources, struct diag_sink *sink, struct arena *a,
                       const char *name)
{
    struct str wanted = str_of(name);
    if (is_path(wanted))
        return load(sources, sink, wanted, true);
    uint32_t file = find_in_folders(sources, sink, a, wanted);
    struct suggestion s = suggestion_for(wanted);
    for (size_t i = 0; file == SPAN_NONE && i < N_BUILT_IN; i++) {
        if (str_eq_z(wanted, built_in[i].name))
            return sources_add(sources, str_format(a, "built-in/%s.yml", name),
                               str_of(built_in[i].text));
        suggestion_offer(&s, str_of(built_in[i].name));
    }
    if (file == SPAN_NONE)
        file = load(sources, sink, wanted, false);
    if (file != SPAN_NONE)
        return file;
    struct text help;
    text_init(&help, a);
    text_add(&help, suggestion_help(a, &s));
    text_addz(&help, help.len ? " built in are: " : "built in are: ");
    for (size_t i = 0; i < N_BUILT_IN; i++)
        text_addf(&help, "%s%s", i ? ", " : "", built_in[i].name);
    DIAG(sink, DIAG_pipeline_not_found, NO_SPAN, text_str(&help), wanted);
    return SPAN_NONE;
}
