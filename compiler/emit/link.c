#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <llvm/Config/llvm-config.h>

#include "arena.h"

#define TEXT_OF(x) #x
#define NUMBER_TEXT(x) TEXT_OF(x)

/* What all of them take. `-s`: names of functions within the pack are nobody's business. */
static const char *const lld_flags[] = {
    "-shared",         "-nostdlib",         "-z", "defs", "-z",          "text", "-z", "rodynamic",
    "--build-id=none", "--hash-style=both", "-s", "-z",   "noexecstack", NULL,
};
static const char *const gnu_flags[] = {
    "-shared",
    "-nostdlib",
    "-z",
    "defs",
    "-z",
    "text",
    "-z",
    "norelro",
    "-z",
    "noseparate-code",
    "--build-id=none",
    "--hash-style=both",
    "-s",
    "-z",
    "noexecstack",
    NULL,
};
static const char *const cc_flags[] = {
    "-shared",
    "-nostdlib",
    "-Wl,-z,defs",
    "-Wl,-z,text",
    "-Wl,-z,norelro",
    "-Wl,-z,noseparate-code",
    "-Wl,--build-id=none",
    "-Wl,--hash-style=both",
    "-Wl,-s",
    "-Wl,-z,noexecstack",
    NULL,
};
#define FLAGS_MAX 16

struct work {
    struct diag_sink *sink;
    struct arena *arena;
    char *folder, *object, *output; /* paths */
};

/* ---- Files --------------------------------------------------------------------------------- */

static void fail(struct work *w, struct str why)
{
    DIAG(w->sink, DIAG_link_failed, NO_SPAN, NO_HELP, why);
}

static bool write_file(const char *path, const uint8_t *p, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    while (len > 0) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        p += n;
        len -= (size_t)n;
    }
    return close(fd) == 0 && len == 0;
}

static bool read_file(const char *path, uint8_t **ret_bytes, size_t *ret_len)
{
    struct stat st;
    size_t len = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t *p = fd >= 0 && fstat(fd, &st) == 0 ? malloc((size_t)st.st_size + 1) : NULL;
    while (p && len < (size_t)st.st_size) {
        ssize_t n = read(fd, p + len, (size_t)st.st_size - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        len += (size_t)n;
    }
    if (fd >= 0)
        close(fd);
    if (!p || len < (size_t)st.st_size) {
        free(p);
        return false;
    }
    *ret_bytes = p;
    *ret_len = len;
    return true;
}

static bool make_folder(struct work *w)
{
    const char *base = getenv("TMPDIR");
    if (!base || !*base)
        base = "/tmp";
    struct str path = str_format(w->arena, "%s/sigmaton-XXXXXX", base);
    w->folder = arena_copy(w->arena, path.p, path.len);
    if (!mkdtemp(w->folder)) {
        fail(w, str_format(w->arena, "no folder for its files in %s: %s", base, strerror(errno)));
        w->folder = NULL;
        return false;
    }
    /* These names, and no others, are what a linker sees of this machine. */
    path = str_format(w->arena, "%s/pack.o", w->folder);
    w->object = arena_copy(w->arena, path.p, path.len);
    path = str_format(w->arena, "%s/pack.so", w->folder);
    w->output = arena_copy(w->arena, path.p, path.len);
    return true;
}

static void remove_folder(struct work *w)
{
    if (!w->folder)
        return;
    unlink(w->object);
    unlink(w->output);
    rmdir(w->folder);
}

/* ---- The process --------------------------------------------------------------------------- */

/* What the linker says, up to a screenful; the rest is read and dropped. */
static struct str listen_to(struct work *w, int fd)
{
    char kept[2048], more[512];
    size_t len = 0;
    for (;;) {
        bool full = len == sizeof kept;
        ssize_t n = read(fd, full ? more : kept + len, full ? sizeof more : sizeof kept - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        len += full ? 0 : (size_t)n;
    }
    return str_dup(w->arena, str_trim((struct str){kept, len}));
}

/* 0, or an errno: ENOENT when there is no such program. */
static int start(char **argv, char **env, int said[2], pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, said[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, said[1], STDERR_FILENO);
    error = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, env);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* PATH and TMPDIR as they are; LD_RUN_PATH and its like would change the bytes. */
static void choose_env(struct work *w, char *env[4])
{
    static const char *const names[] = {"PATH", "TMPDIR"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (!value)
            continue;
        struct str s = str_format(w->arena, "%s=%s", names[i], value);
        env[n++] = arena_copy(w->arena, s.p, s.len);
    }
    env[n++] = arena_copy(w->arena, "LC_ALL=C", 8);
    env[n] = NULL;
}

enum outcome { LINKED, FAILED, ABSENT };

static enum outcome finish(struct work *w, const char *name, pid_t pid, int said)
{
    int status = 0;
    struct str text = listen_to(w, said);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return FAILED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return LINKED;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127 && text.len == 0)
        return ABSENT; /* where posix_spawnp cannot tell itself */
    if (text.len == 0)
        text = WIFSIGNALED(status) ? str_format(w->arena, "ended by signal %d", WTERMSIG(status))
                                   : str_format(w->arena, "ended with %d", WEXITSTATUS(status));
    fail(w, str_format(w->arena, "%s: %.*s", name, STR_ARG(text)));
    return FAILED;
}

static enum outcome run(struct work *w, const char *name, const char *const *flags)
{
    char *argv[FLAGS_MAX + 6], *env[4];
    size_t n = 0;
    int said[2];
    pid_t pid;
    argv[n++] = arena_copy(w->arena, name, strlen(name));
    for (; *flags; flags++)
        argv[n++] = arena_copy(w->arena, *flags, strlen(*flags));
    argv[n++] = arena_copy(w->arena, "-o", 2);
    argv[n++] = w->output;
    argv[n++] = w->object;
    argv[n] = NULL;
    choose_env(w, env);
    if (pipe2(said, O_CLOEXEC)) {
        fail(w, str_of(strerror(errno)));
        return FAILED;
    }
    int error = start(argv, env, said, &pid);
    close(said[1]);
    enum outcome o = ABSENT;
    if (error == 0)
        o = finish(w, name, pid, said[0]);
    else if (error != ENOENT && error != EACCES && error != ENOTDIR) {
        fail(w, str_format(w->arena, "%s: %s", name, strerror(error)));
        o = FAILED;
    }
    close(said[0]);
    return o;
}

/* ---- Which linker -------------------------------------------------------------------------- */

/* By the last part of the name: `ld.lld-19`, `aarch64-linux-gnu-gcc`. */
static const char *const *flags_of(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    if (strstr(base, "lld"))
        return lld_flags;
    bool is_cc = strstr(base, "gcc") || strstr(base, "clang") || strcmp(base, "cc") == 0;
    return is_cc ? cc_flags : gnu_flags;
}

static enum outcome try(struct work *w, const char *prefix, const char *name)
{
    struct str full = str_format(w->arena, "%s%s", prefix, name);
    return run(w, arena_copy(w->arena, full.p, full.len), flags_of(full.p));
}

static const char *const llds[] = {
    "ld.lld",    ("ld.lld-" NUMBER_TEXT(LLVM_VERSION_MAJOR)),
    "ld.lld-20", "ld.lld-19",
    "ld.lld-18", "ld.lld-17",
    "ld.lld-16", "ld.lld-15",
};

static enum outcome try_all(struct work *w, const struct link_options *o)
{
    if (o->linker)
        return try(w, "", o->linker);
    enum outcome r = ABSENT;
    for (size_t i = 0; r == ABSENT && i < sizeof llds / sizeof *llds; i++)
        r = try(w, "", llds[i]);
    if (r == ABSENT && o->target->native)
        r = try(w, "", "ld");
    if (r == ABSENT)
        r = try(w, o->target->tools, "ld");
    if (r == ABSENT && o->target->native)
        r = try(w, "", "cc");
    return r == ABSENT ? try(w, o->target->tools, "gcc") : r;
}

bool link_shared(struct diag_sink *sink, struct arena *a, const struct link_options *options,
                 const uint8_t *object, size_t len, uint8_t **ret_bytes, size_t *ret_len)
{
    struct work w = {.sink = sink, .arena = a};
    bool linked = false;
    if (!make_folder(&w))
        return false;
    if (!write_file(w.object, object, len)) {
        fail(&w, str_format(a, "%s: %s", w.object, strerror(errno)));
        goto out;
    }
    enum outcome o = try_all(&w, options);
    if (o == ABSENT)
        DIAG(sink, DIAG_no_linker, NO_SPAN, NO_HELP,
             options->linker ? str_of(options->linker) : str_of("ld.lld, ld or cc"));
    if (o != LINKED)
        goto out;
    linked = read_file(w.output, ret_bytes, ret_len);
    if (!linked)
        fail(&w, str_format(a, "%s: %s", w.output, strerror(errno)));
out:
    remove_folder(&w);
    return linked;
}

static bool in_path(struct str folder, const char *name)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%.*s/%s", STR_ARG(folder), name);
    return n > 0 && (size_t)n < sizeof path && access(path, X_OK) == 0;
}

bool link_is_possible(void)
{
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : "");
    while (rest.len > 0) {
        struct str folder = str_sub(rest, 0, str_find(rest, ':'));
        rest = str_sub(rest, folder.len + 1, rest.len);
        bool found = in_path(folder, "ld") || in_path(folder, "cc");
        for (size_t i = 0; i < sizeof llds / sizeof *llds; i++)
            found |= in_path(folder, llds[i]);
        if (found)
            return true;
    }
    return false;
}
