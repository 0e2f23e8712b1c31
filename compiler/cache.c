#include "cache.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sigmaton/trailer.h>

#include "arena.h"
#include "codegen.h"
#include "pipeline_file.h"

#define FORMAT "sigmaton cache 2"
#define NAME_SIZE (2 * SIGMATON_SHA256_SIZE + 1)
#define ENTRY_MAX ((size_t)1 << 30)
#define SEED UINT64_C(0x53494743414348)

struct cache {
    struct arena *arena;
    struct str dir; /* as given */
    int fd;
    char name[NAME_SIZE];
};

/* ---- the folder ---- */

static void close_folder(void *object)
{
    struct cache *c = object;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

/* Ours, and nobody else can write it; else a phrase. */
static const char *distrust(const struct stat *st)
{
    if (st->st_uid != geteuid())
        return "it belongs to another user";
    if (st->st_mode & (S_IWGRP | S_IWOTH))
        return "other users can write it, and what stands there is run: chmod go-w";
    return NULL;
}

static const char *open_folder(struct cache *c, const char *dir)
{
    struct stat st;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return "the folder cannot be made";
    c->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (c->fd < 0 || fstat(c->fd, &st) != 0)
        return "it is no folder that can be read";
    return distrust(&st);
}

struct cache *cache_open(struct arena *a, struct diag_sink *sink, const char *dir)
{
    struct cache *c = ARENA_NEW(a, struct cache);
    *c = (struct cache){.arena = a, .dir = str_of(dir), .fd = -1};
    arena_defer(a, close_folder, c);
    const char *why = open_folder(c, dir);
    if (!why)
        return c;
    DIAG(sink, DIAG_bad_option, NO_SPAN, NO_HELP, STR("--cache"), str_of(why));
    return NULL;
}

/* ---- the key ---- */

static void add_number(struct text *key, uint64_t n)
{
    text_add(key, (struct str){(const char *)&n, sizeof n});
}

/* With its length, so that no two lists of texts look alike. */
static void add_text(struct text *key, struct str s)
{
    add_number(key, s.len);
    text_add(key, s);
}

static void add_z(struct text *key, const char *z)
{
    add_number(key, z != NULL);
    if (z)
        add_text(key, str_of(z));
}

static void add_list(struct text *key, const char *const *v, size_t n)
{
    add_number(key, n);
    for (size_t i = 0; i < n; i++)
        add_z(key, v[i]);
}

static void add_sources(struct text *key, const struct sources *sources)
{
    add_number(key, sources_count(sources));
    for (uint32_t i = 0; i < sources_count(sources); i++) {
        const struct source *s = sources_get(sources, i);
        add_text(key, s->path);
        add_text(key, s->name);
        add_text(key, s->text);
    }
}

/* The file that the code at `address` comes from, as it is installed: another build of the same
 * version is another file. */
static bool add_file_of(struct text *key, const void *address)
{
    Dl_info info;
    struct stat st;
    if (!dladdr(address, &info) || !info.dli_fname)
        return false;
    /* The name of a program is as it was called, which need not be a path. */
    if (stat("/proc/self/exe", &st) != 0)
        return false;
    if (strstr(info.dli_fname, ".so") && stat(info.dli_fname, &st) != 0)
        return false;
    add_number(key, (uint64_t)st.st_dev);
    add_number(key, (uint64_t)st.st_ino);
    add_number(key, (uint64_t)st.st_size);
    add_number(key, (uint64_t)st.st_mtim.tv_sec);
    add_number(key, (uint64_t)st.st_mtim.tv_nsec);
    return true;
}

static bool add_compiler(struct text *key)
{
    /* A function's address as that of an object: what POSIX has dladdr want. */
    const char *(*ours)(void) = codegen_llvm_version;
    const void *address;
    memcpy(&address, &ours, sizeof address);
    add_z(key, FORMAT " " SIGMATON_VERSION);
    add_z(key, codegen_llvm_version());
    return add_file_of(key, address) && add_file_of(key, codegen_llvm_code());
}

static void add_options(struct text *key, const struct sigmatonc_options *o)
{
    add_list(key, o->off, o->n_off);
    add_z(key, o->min_level);
    add_z(key, o->min_status);
    add_list(key, o->ids, o->n_ids);
    add_list(key, o->not_ids, o->n_not_ids);
    add_list(key, o->tags, o->n_tags);
    add_list(key, o->not_tags, o->n_not_tags);
    add_list(key, o->silenced, o->n_silenced);
    add_z(key, o->time_field);
    add_number(key, o->opt_level);
    add_z(key, o->profile);
}

/* The files that the options name. */
static bool load_named(struct arena *a, struct sources *sources, struct diag_sink *sink,
                       const struct sigmatonc_options *o)
{
    const char *why;
    bool found = true;
    if (o->placeholders) {
        struct str path = str_of(o->placeholders);
        found = sources_load(sources, path, path, &why) != SPAN_NONE;
    }
    if (o->profile) {
        struct str path = str_of(o->profile);
        found &= sources_load(sources, path, path, &why) != SPAN_NONE;
    }
    for (size_t i = 0; i < o->n_pipelines; i++)
        found &= pipeline_find(sources, sink, a, o->pipelines[i]) != SPAN_NONE;
    return found;
}

bool cache_key(struct cache *c, const struct sources *sources,
               const struct sigmatonc_options *options, const struct target *target)
{
    struct arena *a = c->arena;
    struct sources *aids = sources_new(a);
    struct text key;
    text_init(&key, a);
    if (options->placeholder_text || !add_compiler(&key) ||
        !load_named(a, aids, diag_sink_new(a, aids), options))
        return false;
    add_options(&key, options);
    add_list(&key, options->pipelines, options->n_pipelines);
    add_text(&key, target->text);
    add_sources(&key, aids);
    add_sources(&key, sources);
    uint8_t hash[SIGMATON_SHA256_SIZE];
    sigmaton_sha256(key.p, key.len, hash);
    for (size_t i = 0; i < sizeof hash; i++)
        snprintf(c->name + 2 * i, 3, "%02x", hash[i]);
    return true;
}

/* ---- entries ----
 *
 * struct head, the key's name, the object, then each file beside the rules, path, name and bytes,
 * then each diagnostic: five numbers and three texts. */

struct head {
    char magic[8];
    uint64_t hash; /* of all that follows */
    uint64_t counts[6];
    uint64_t object_len, n_aids, n_diags, n_errors;
};
static const char magic[8] = "SGMCACHE";

struct reader {
    const char *p, *end;
    bool fails;
};

static uint64_t take_number(struct reader *r)
{
    uint64_t n = 0;
    if ((size_t)(r->end - r->p) < sizeof n) {
        r->fails = true;
        return 0;
    }
    memcpy(&n, r->p, sizeof n);
    r->p += sizeof n;
    return n;
}

static struct str take_bytes(struct reader *r, uint64_t len)
{
    if (len > (size_t)(r->end - r->p)) {
        r->fails = true;
        return STR("");
    }
    struct str s = {r->p, (size_t)len};
    r->p += len;
    return s;
}

static struct str take_text(struct reader *r)
{
    uint64_t len = take_number(r);
    return take_bytes(r, len);
}

static struct diag take_diag(struct reader *r)
{
    struct diag d = {0};
    uint64_t code = take_number(r);
    if (code >= DIAG__COUNT)
        r->fails = true;
    else
        d.code = (enum diag_code)code;
    d.rule_has_id = take_number(r) != 0;
    d.at.file = (uint32_t)take_number(r);
    d.at.off = (uint32_t)take_number(r);
    d.at.len = (uint32_t)take_number(r);
    d.message = take_text(r);
    d.help = take_text(r);
    d.rule = take_text(r);
    return d;
}

static void put_diag(struct text *out, const struct diag *d)
{
    add_number(out, (uint64_t)d->code);
    add_number(out, d->rule_has_id);
    add_number(out, d->at.file);
    add_number(out, d->at.off);
    add_number(out, d->at.len);
    add_text(out, d->message);
    add_text(out, d->help);
    add_text(out, d->rule);
}

static struct source *take_aids(struct arena *a, struct reader *r, uint64_t n)
{
    if (n > (size_t)(r->end - r->p)) /* each has more bytes than one */
        return NULL;
    struct source *v = ARENA_ARRAY(a, (size_t)n, struct source);
    for (uint64_t i = 0; i < n && !r->fails; i++) {
        v[i].path = take_text(r);
        v[i].name = take_text(r);
        v[i].text = take_text(r);
    }
    return r->fails ? NULL : v;
}

/* A pipeline can name files, which the key does not know. */
static bool aids_stand(struct arena *a, const struct source *v, uint64_t n)
{
    const char *why;
    struct sources *now = sources_new(a);
    for (uint64_t i = 0; i < n; i++) {
        uint32_t file = sources_load(now, v[i].path, v[i].path, &why);
        if (file == SPAN_NONE || !str_eq(sources_get(now, file)->text, v[i].text))
            return false;
    }
    return true;
}

/* The diagnostics behind them; n of them, in a. NULL: damaged. */
static struct diag *take_diags(struct arena *a, struct reader *r, uint64_t n)
{
    if (n > (size_t)(r->end - r->p)) /* each has more bytes than one */
        return NULL;
    struct diag *v = ARENA_ARRAY(a, (size_t)n, struct diag);
    for (uint64_t i = 0; i < n && !r->fails; i++)
        v[i] = take_diag(r);
    return r->fails || r->p != r->end ? NULL : v;
}

static const char damaged[] = "it is damaged";
static const char stale[] = "a file has changed";

static const char *take_entry(struct cache *c, struct str bytes, struct diag_sink *sink,
                              struct cache_entry *ret)
{
    struct head h;
    if (bytes.len < sizeof h)
        return damaged;
    memcpy(&h, bytes.p, sizeof h);
    size_t from = offsetof(struct head, counts);
    if (memcmp(h.magic, magic, sizeof magic) != 0 ||
        h.hash != hash_bytes(bytes.p + from, bytes.len - from, SEED))
        return damaged;
    struct reader r = {bytes.p + sizeof h, str_end(bytes), false};
    struct str name = take_bytes(&r, NAME_SIZE - 1);
    struct str object = take_bytes(&r, h.object_len);
    struct source *aids = take_aids(c->arena, &r, h.n_aids);
    struct diag *diags = aids ? take_diags(c->arena, &r, h.n_diags) : NULL;
    if (!diags || !str_eq_z(name, c->name))
        return damaged;
    if (!aids_stand(c->arena, aids, h.n_aids))
        return stale;
    ret->object = object;
    ret->aids = aids;
    ret->n_aids = (size_t)h.n_aids;
    ret->counts =
        (struct sigmatonc_counts){h.counts[0], h.counts[1], h.counts[2], h.counts[3], h.counts[4]};
    ret->n_correlations = (size_t)h.counts[5];
    diag_restore(sink, diags, (size_t)h.n_diags, (size_t)h.n_errors);
    return NULL;
}

/* ---- files ---- */

struct file {
    int fd;
};

static void close_file(void *object)
{
    struct file *f = object;
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

static struct file *file_open(struct cache *c, const char *name, int flags)
{
    struct file *f = ARENA_NEW(c->arena, struct file);
    f->fd = -1;
    arena_defer(c->arena, close_file, f);
    f->fd = openat(c->fd, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    return f;
}

static const char *read_entry(struct cache *c, const struct file *f, struct str *ret)
{
    struct stat st;
    if (fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return "it is no file";
    const char *why = distrust(&st);
    if (why)
        return why;
    if ((uint64_t)st.st_size > ENTRY_MAX)
        return "it is larger than any pack";
    char *p = arena_alloc(c->arena, (size_t)st.st_size);
    size_t len = 0;
    for (ssize_t n = 1; n > 0 && len < (size_t)st.st_size; len += (size_t)n)
        if ((n = read(f->fd, p + len, (size_t)st.st_size - len)) < 0)
            return "it cannot be read";
    *ret = (struct str){p, len};
    return NULL;
}

bool cache_load(struct cache *c, struct diag_sink *sink, struct cache_entry *ret)
{
    struct str bytes = {NULL, 0};
    struct file *f = file_open(c, c->name, O_RDONLY);
    if (f->fd < 0 && errno == ENOENT)
        return false;
    const char *why = f->fd < 0 ? "it cannot be opened" : read_entry(c, f, &bytes);
    close_file(f);
    if (!why)
        why = take_entry(c, bytes, sink, ret);
    if (why && why != stale)
        DIAG(sink, DIAG_cache_unused, NO_SPAN, NO_HELP, c->dir, str_of(why));
    return why == NULL;
}

static struct str entry_bytes(struct cache *c, struct diag_sink *sink, size_t first,
                              const struct cache_entry *e)
{
    size_t n = diag_count(sink) - first, errors = 0;
    struct text out;
    text_init(&out, c->arena);
    struct head h = {.counts = {e->counts.documents, e->counts.compiled, e->counts.refused,
                                e->counts.other, e->counts.left_out, e->n_correlations},
                     .object_len = e->object.len,
                     .n_aids = e->n_aids,
                     .n_diags = n};
    memcpy(h.magic, magic, sizeof magic);
    text_add(&out, (struct str){(const char *)&h, sizeof h});
    text_add(&out, (struct str){c->name, NAME_SIZE - 1});
    text_add(&out, e->object);
    for (size_t i = 0; i < e->n_aids; i++) {
        add_text(&out, e->aids[i].path);
        add_text(&out, e->aids[i].name);
        add_text(&out, e->aids[i].text);
    }
    for (size_t i = first; i < first + n; i++) {
        const struct diag *d = diag_get(sink, i);
        errors += diag_info(d->code)->severity == DIAG_ERROR;
        put_diag(&out, d);
    }
    h.n_errors = errors;
    memcpy(out.p, &h, sizeof h);
    size_t from = offsetof(struct head, counts);
    h.hash = hash_bytes(out.p + from, out.len - from, SEED);
    memcpy(out.p, &h, sizeof h);
    return text_str(&out);
}

static bool write_all(int fd, struct str s)
{
    for (size_t done = 0; done < s.len;) {
        ssize_t n = write(fd, s.p + done, s.len - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

void cache_store(struct cache *c, struct diag_sink *sink, size_t first,
                 const struct cache_entry *entry)
{
    struct str bytes = entry_bytes(c, sink, first, entry);
    const char *beside = str_format(c->arena, "%s.%ld", c->name, (long)getpid()).p;
    struct file *f = file_open(c, beside, O_WRONLY | O_CREAT | O_EXCL);
    bool written = f->fd >= 0 && write_all(f->fd, bytes);
    bool made = f->fd >= 0;
    close_file(f);
    if (written && renameat(c->fd, beside, c->fd, c->name) == 0)
        return;
    struct str why = str_of(strerror(errno));
    if (made)
        unlinkat(c->fd, beside, 0);
    DIAG(sink, DIAG_cache_unwritten, NO_SPAN, NO_HELP, c->dir, why);
}
