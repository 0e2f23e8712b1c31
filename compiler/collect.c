#include "collect.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "vec.h"

typedef VEC(struct str) path_list;

struct walk {
    struct arena *arena;
    struct diag_sink *sink;
    struct str root;
    path_list files; /* within root */
};

static bool is_rule_file(struct str name)
{
    return str_ends(name, STR(".yml")) || str_ends(name, STR(".yaml"));
}

static void report(struct diag_sink *sink, struct str path, const char *why)
{
    if (why == source_too_big) {
        DIAG(sink, DIAG_file_too_big, NO_SPAN, NO_HELP, path, STR("16777216"));
        return;
    }
    DIAG(sink, DIAG_file_unreadable, NO_SPAN, NO_HELP, path, str_of(why));
}

static void walk_folder(struct walk *w, struct str below, unsigned depth);

/* Asks the system only where the folder does not say what the entry is. */
static void walk_entry(struct walk *w, struct str below, const struct dirent *e, unsigned depth)
{
    const char *name = e->d_name;
    bool rule_file = is_rule_file(str_of(name));
    if (e->d_type == DT_REG && !rule_file)
        return;
    struct str inner = below.len > 0 ? str_format(w->arena, "%.*s/%s", STR_ARG(below), name)
                                     : str_dup(w->arena, str_of(name));
    if (e->d_type == DT_REG) {
        *VEC_PUSH(w->arena, &w->files) = inner;
        return;
    }
    if (e->d_type == DT_DIR) {
        walk_folder(w, inner, depth + 1);
        return;
    }
    struct str path = str_format(w->arena, "%.*s/%.*s", STR_ARG(w->root), STR_ARG(inner));
    struct stat link, target;
    if (lstat(path.p, &link) || stat(path.p, &target)) {
        if (rule_file)
            report(w->sink, path, strerror(errno));
    } else if (S_ISDIR(link.st_mode)) {
        walk_folder(w, inner, depth + 1);
    } else if (S_ISREG(target.st_mode) && rule_file) {
        *VEC_PUSH(w->arena, &w->files) = inner;
    }
}

static void walk_folder(struct walk *w, struct str below, unsigned depth)
{
    struct str path = below.len > 0
                          ? str_format(w->arena, "%.*s/%.*s", STR_ARG(w->root), STR_ARG(below))
                          : w->root;
    if (depth > COLLECT_DEPTH_MAX) {
        report(w->sink, path, "folders nested deeper than 64 levels");
        return;
    }
    DIR *dir = opendir(path.p);
    if (!dir) {
        report(w->sink, path, strerror(errno));
        return;
    }
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        if (e->d_name[0] != '.')
            walk_entry(w, below, e, depth);
    closedir(dir);
}

static int by_bytes(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    return str_cmp(*x, *y);
}

static void add_folder(struct arena *a, struct sources *sources, struct diag_sink *sink,
                       struct str root)
{
    while (root.len > 1 && root.p[root.len - 1] == '/')
        root.len--;
    struct walk w = {a, sink, str_dup(a, root), {0}};
    walk_folder(&w, (struct str){0}, 0);
    if (w.files.n == 0)
        DIAG(sink, DIAG_no_rules, NO_SPAN, NO_HELP, w.root);
    else
        qsort(w.files.v, w.files.n, sizeof *w.files.v, by_bytes);
    for (size_t i = 0; i < w.files.n; i++) {
        const char *why;
        struct str path = str_format(a, "%.*s/%.*s", STR_ARG(w.root), STR_ARG(w.files.v[i]));
        if (sources_load(sources, path, w.files.v[i], &why) == SPAN_NONE)
            report(sink, path, why);
    }
}

void collect_sources(struct arena *a, struct sources *sources, struct diag_sink *sink,
                     const char *const *paths, size_t n_paths)
{
    for (size_t i = 0; i < n_paths; i++) {
        struct str path = str_of(paths[i]);
        struct stat st;
        const char *why, *slash = strrchr(paths[i], '/');
        struct str name = slash && slash[1] ? str_of(slash + 1) : path;
        if (!str_eq_z(path, "-") && stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode))
            add_folder(a, sources, sink, path);
        else if (sources_load(sources, path, name, &why) == SPAN_NONE)
            report(sink, path, why);
    }
}
