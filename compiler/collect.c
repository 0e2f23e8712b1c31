#include "collect.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "vec.h"

typedef VEC(struct str) path_list;

struct walk {
    struct arena *arena;
    struct diag_sink *sink;
    struct str root;
    path_list files; /* within root */
};

/* NUL-ended. */
static struct str join(struct arena *a, struct str folder, struct str entry)
{
    char *p = arena_alloc(a, folder.len + entry.len + 2);
    memcpy(p, folder.p, folder.len);
    p[folder.len] = '/';
    memcpy(p + folder.len + 1, entry.p, entry.len);
    return (struct str){p, folder.len + 1 + entry.len};
}

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
    struct str inner =
        below.len > 0 ? join(w->arena, below, str_of(name)) : str_dup(w->arena, str_of(name));
    if (e->d_type == DT_REG) {
        *VEC_PUSH(w->arena, &w->files) = inner;
        return;
    }
    if (e->d_type == DT_DIR) {
        walk_folder(w, inner, depth + 1);
        return;
    }
    struct str path = join(w->arena, w->root, inner);
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
    struct str path = below.len > 0 ? join(w->arena, w->root, below) : w->root;
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

/* The folder whose files are being loaded: neighbours in order of path nearly always share it. */
struct folder {
    int fd;          /* AT_FDCWD: none */
    struct str path; /* ends in a slash */
};

static void folder_close(void *object)
{
    struct folder *f = object;
    if (f->fd != AT_FDCWD)
        close(f->fd);
    f->fd = AT_FDCWD;
}

/* What to open of `path`, NUL-ended, and from where. */
static const char *folder_enter(struct arena *a, struct folder *f, struct str path)
{
    if (f->fd == AT_FDCWD || !str_starts(path, f->path) || strchr(path.p + f->path.len, '/')) {
        folder_close(f);
        size_t end = path.len;
        while (end > 0 && path.p[end - 1] != '/')
            end--;
        f->path = str_dup(a, str_sub(path, 0, end));
        int fd = open(f->path.p, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
            return path.p;
        f->fd = fd;
    }
    return path.p + f->path.len;
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
    struct folder *folder = ARENA_NEW(a, struct folder);
    folder->fd = AT_FDCWD;
    arena_defer(a, folder_close, folder);
    for (size_t i = 0; i < w.files.n; i++) {
        const char *why;
        struct str path = join(a, w.root, w.files.v[i]);
        const char *entry = folder_enter(a, folder, path);
        if (sources_load_at(sources, folder->fd, entry, path, w.files.v[i], &why) == SPAN_NONE)
            report(sink, path, why);
    }
    folder_close(folder);
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
