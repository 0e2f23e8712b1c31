#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "vec.h"

const char source_too_big[] = "it is larger than 16 MiB";

struct sources {
    struct arena *arena;
    VEC(struct source) files;
};

struct sources *sources_new(struct arena *a)
{
    struct sources *s = ARENA_NEW(a, struct sources);
    s->arena = a;
    return s;
}

uint32_t sources_add(struct sources *s, struct str path, struct str text)
{
    if (s->files.n >= SPAN_NONE)
        arena_out_of_memory(s->arena);
    struct str shown = str_dup(s->arena, path);
    *VEC_PUSH(s->arena, &s->files) = (struct source){shown, shown, text};
    return (uint32_t)(s->files.n - 1);
}

/* The descriptor is closed by the arena too, in case reading runs out of memory. */
struct open_file {
    int fd;
};

static void open_file_close(void *object)
{
    struct open_file *f = object;
    if (f->fd > STDIN_FILENO)
        close(f->fd);
    f->fd = -1;
}

/* What the system says about errno, in our words where it would be cryptic; always the same text,
 * whatever the locale. */
static const char *why(int error)
{
    switch (error) {
    case ENOENT:
        return "there is no such file";
    case EACCES:
    case EPERM:
        return "permission denied";
    case EISDIR:
        return "it is a folder";
    case ENOTDIR:
        return "a part of the path is no folder";
    case EMFILE:
    case ENFILE:
        return "too many open files";
    case ELOOP:
        return "too many symbolic links";
    case ENAMETOOLONG:
        return "the path is too long";
    case EIO:
        return "input/output error";
    default:
        return "the system refuses to read it";
    }
}

/* Reads to the end; NULL on success, else why not. A byte above the limit is asked for, so that
 * files that grow and pipes are refused as well. A file that gives the `size` bytes that it has,
 * and no more, is at its end; SIZE_MAX: it has no size. */
static const char *read_all(struct arena *a, int fd, size_t size, struct str *ret_text)
{
    size_t cap = size == SIZE_MAX ? 4096 : size + 1, len = 0;
    char *p = arena_alloc(a, cap);
    for (;;) {
        if (len > SOURCE_FILE_MAX)
            return source_too_big;
        if (len == cap) {
            char *bigger = arena_alloc(a, cap * 2);
            memcpy(bigger, p, len);
            p = bigger;
            cap *= 2;
        }
        ssize_t n = read(fd, p + len, cap - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return why(errno);
        len += (size_t)n;
        if (n == 0 || len == size)
            break;
    }
    *ret_text = (struct str){p, len};
    return NULL;
}

static const char *load(struct arena *a, struct open_file *f, struct str *ret_text)
{
    struct stat st;
    if (fstat(f->fd, &st) != 0)
        return why(errno);
    if (S_ISDIR(st.st_mode))
        return why(EISDIR);
    size_t size = SIZE_MAX;
    if (S_ISREG(st.st_mode)) {
        if (st.st_size > (off_t)SOURCE_FILE_MAX)
            return source_too_big;
        size = (size_t)st.st_size;
    }
    return read_all(a, f->fd, size, ret_text);
}

uint32_t sources_load_at(struct sources *s, int folder, const char *entry, struct str path,
                         struct str name, const char **ret_why)
{
    struct open_file *f = ARENA_NEW(s->arena, struct open_file);
    f->fd = -1;
    arena_defer(s->arena, open_file_close, f);
    f->fd =
        str_eq_z(path, "-") ? STDIN_FILENO : openat(folder, entry, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (f->fd < 0) {
        *ret_why = why(errno);
        return SPAN_NONE;
    }
    struct str text = {NULL, 0};
    const char *reason = load(s->arena, f, &text);
    open_file_close(f);
    if (reason) {
        *ret_why = reason;
        return SPAN_NONE;
    }
    uint32_t file = sources_add(s, path, text);
    s->files.v[file].name = str_dup(s->arena, name);
    return file;
}

uint32_t sources_load(struct sources *s, struct str path, struct str name, const char **ret_why)
{
    if (path.len > 0 && memchr(path.p, '\0', path.len)) {
        *ret_why = why(ENOENT);
        return SPAN_NONE;
    }
    const char *path_z = arena_copy(s->arena, path.p, path.len);
    return sources_load_at(s, AT_FDCWD, path_z, path, name, ret_why);
}

const struct source *sources_get(const struct sources *s, uint32_t file)
{
    return file < s->files.n ? &s->files.v[file] : NULL;
}

uint32_t sources_count(const struct sources *s)
{
    return (uint32_t)s->files.n;
}

static uint32_t count_characters(const char *p, const char *end)
{
    uint32_t n = 0;
    while (p < end) {
        utf8_next(&p, end);
        n++;
    }
    return n;
}

struct position source_position(const struct source *src, struct span at)
{
    if (src->text.len == 0)
        return (struct position){1, 1, src->text, 1};
    const char *text = src->text.p, *end = text + src->text.len;
    size_t off = at.off < src->text.len ? at.off : src->text.len;
    const char *place = text + off, *line = text;
    if (str_starts(src->text, STR("\xEF\xBB\xBF")))
        line += 3; /* the byte order mark is no character of the first line */
    struct position pos = {.line = 1};
    for (const char *lf; line < place && (lf = memchr(line, '\n', (size_t)(place - line))) != NULL;
         line = lf + 1)
        pos.line++;
    const char *line_end = memchr(line, '\n', (size_t)(end - line));
    if (!line_end)
        line_end = end;
    if (line_end > line && line_end[-1] == '\r')
        line_end--;
    if (place < line)
        place = line;
    if (place > line_end)
        place = line_end;
    size_t len = at.len < (size_t)(line_end - place) ? at.len : (size_t)(line_end - place);
    pos.column = 1 + count_characters(line, place);
    pos.column_length = count_characters(place, place + len);
    if (pos.column_length == 0)
        pos.column_length = 1;
    pos.line_text = (struct str){line, (size_t)(line_end - line)};
    return pos;
}
