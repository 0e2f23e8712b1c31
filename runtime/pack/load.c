#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "sha256.h"
#include "signature.h"

/* ---- Checks -------------------------------------------------------------------------------- */

static bool is_zero(const uint8_t *p, size_t n)
{
    while (n > 0 && *p == 0)
        p++, n--;
    return n == 0;
}

static enum sigmaton_status trailer_check(const uint8_t *bytes, size_t len, size_t *ret_body,
                                          const char **ret_why)
{
    struct sigmaton_trailer t;
    uint8_t hash[SIGMATON_SHA256_SIZE];
    *ret_why = "the file is cut short or is no pack";
    if (len < sizeof t)
        return SIGMATON_EPACK;
    size_t body = len - sizeof t;
    memcpy(&t, bytes + body, sizeof t);
    if (memcmp(t.magic, SIGMATON_TRAILER_MAGIC, sizeof t.magic) != 0)
        return SIGMATON_EPACK;
    *ret_why = "the trailer of the pack is damaged";
    if (t.size != sizeof t || t.length != body || !is_zero(t.reserved, sizeof t.reserved))
        return SIGMATON_EHASH;
    *ret_why = "the pack is not what was written: its SHA-256 differs";
    srt_hash_halves(bytes, body, hash);
    if (memcmp(hash, t.sha256, sizeof hash) != 0)
        return SIGMATON_EHASH;
    *ret_body = body;
    return SIGMATON_OK;
}

enum sigmaton_status srt_file_check(const uint8_t *bytes, size_t len, struct srt_elf *ret_elf,
                                    const char **ret_why)
{
    size_t body = 0;
    enum sigmaton_status status = trailer_check(bytes, len, &body, ret_why);
    return status == SIGMATON_OK ? srt_elf_read(bytes, body, ret_elf, ret_why) : status;
}

/* ---- The copy ------------------------------------------------------------------------------ */

static enum sigmaton_status system_status(void)
{
    return errno == ENOMEM ? SIGMATON_ENOMEM : SIGMATON_EIO;
}

/* Until `size` bytes are read or the file ends. */
static bool read_all(int fd, uint8_t *p, size_t size, size_t *ret_len)
{
    size_t len = 0;
    while (len < size) {
        ssize_t n = pread(fd, p + len, size - len, (off_t)len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            break;
        len += (size_t)n;
    }
    *ret_len = len;
    return true;
}

/* The bytes of a file, which only this process can change, and room behind them: linkers let the
 * addresses of segments run ahead of their places in the file. */
struct copy {
    uint8_t *bytes; /* [len], at the start of a page */
    size_t len, room;
};

#define ROOM_BEHIND ((size_t)SRT_SEGMENTS_MAX << 17)
#define LARGE_PAGE ((size_t)1 << 21)

/* Tables of some megabytes are reached faster, and made sooner, in large pages. */
static bool reserve(size_t size, struct copy *c)
{
    const bool large = size >= LARGE_PAGE / 2;
    const size_t lead = large ? LARGE_PAGE : 0, room = size + ROOM_BEHIND;
    uint8_t *p = mmap(NULL, room + lead, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return false;
    if (large) {
        const size_t skip = (LARGE_PAGE - (uintptr_t)p % LARGE_PAGE) % LARGE_PAGE;
        if (skip > 0)
            munmap(p, skip);
        p += skip;
        if (lead > skip)
            munmap(p + room, lead - skip);
        (void)madvise(p, room, MADV_HUGEPAGE);
    }
    c->bytes = p;
    c->room = room;
    return true;
}

static enum sigmaton_status copy_file(int fd, struct copy *c, const char **ret_why)
{
    struct stat st;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *ret_why = "the file cannot be read";
    if (fstat(fd, &st) != 0)
        return SIGMATON_EIO;
    *ret_why = "this is no regular file";
    if (!S_ISREG(st.st_mode))
        return SIGMATON_EIO;
    *ret_why = "the file is cut short or is no pack";
    if (st.st_size < (off_t)sizeof(struct sigmaton_trailer))
        return SIGMATON_EPACK;
    *ret_why = "the pack is larger than any pack can be";
    if ((uint64_t)st.st_size > SRT_SPAN_MAX)
        return SIGMATON_EPACK;
    *ret_why = "there is no memory for the pack";
    if (!reserve(((size_t)st.st_size + page - 1) / page * page, c))
        return system_status();
    *ret_why = "the file cannot be read";
    if (!read_all(fd, c->bytes, (size_t)st.st_size, &c->len))
        return SIGMATON_EIO;
    *ret_why = "the memory of the pack cannot be made constant";
    return mprotect(c->bytes, c->room, PROT_READ) == 0 ? SIGMATON_OK : system_status();
}

/* ---- Mapping ------------------------------------------------------------------------------- */

/* Never executable as a file, where the kernel knows of that (6.3); being mapped is another matter.
 */
static int memory_create(void)
{
    const unsigned noexec_seal = 8; /* MFD_NOEXEC_SEAL */
    int fd = memfd_create("sigmaton-pack", MFD_CLOEXEC | MFD_ALLOW_SEALING | noexec_seal);
    if (fd < 0 && errno == EINVAL)
        fd = memfd_create("sigmaton-pack", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return fd;
}

static bool write_all(int fd, const uint8_t *p, size_t len, off_t at)
{
    while (len > 0) {
        ssize_t n = pwrite(fd, p, len, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        p += n;
        len -= (size_t)n;
        at += n;
    }
    return true;
}

/* Tables are used where they were read to; code, and what has its address elsewhere, is mapped from
 * sealed memory: memory that was writable is never executable. */
static bool is_in_place(const struct srt_segment *s)
{
    return !s->executable && s->address == s->offset;
}

/* Into sealed memory, and once more compared there: it was open to others until the seal. */
static bool seal_segments(int fd, const struct copy *c, const struct srt_elf *elf)
{
    if (ftruncate(fd, (off_t)c->len) != 0)
        return false;
    for (uint32_t i = 0; i < elf->n_segments; i++) {
        const struct srt_segment *s = &elf->segments[i];
        if (!is_in_place(s) &&
            !write_all(fd, c->bytes + s->offset, (size_t)s->size, (off_t)s->offset))
            return false;
    }
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        return false;
    uint8_t *sealed = mmap(NULL, c->len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (sealed == MAP_FAILED)
        return false;
    bool same = true;
    for (uint32_t i = 0; i < elf->n_segments; i++) {
        const struct srt_segment *s = &elf->segments[i];
        same = same && (is_in_place(s) ||
                        memcmp(sealed + s->offset, c->bytes + s->offset, (size_t)s->size) == 0);
    }
    munmap(sealed, c->len);
    return same;
}

static bool map_segments(uint8_t *base, const struct srt_elf *elf, int fd)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    for (uint32_t i = 0; i < elf->n_segments; i++) {
        const struct srt_segment *s = &elf->segments[i];
        uint64_t lead = s->address % page;
        int protection = PROT_READ | (s->executable ? PROT_EXEC : 0);
        if (is_in_place(s))
            continue;
        void *p = mmap(base + (s->address - lead), (size_t)(s->size + lead), protection,
                       MAP_PRIVATE | MAP_FIXED, fd, (off_t)(s->offset - lead));
        if (p == MAP_FAILED)
            return false;
    }
    return true;
}

/* Takes the copy's memory when it succeeds. */
static enum sigmaton_status map(const struct srt_elf *elf, struct copy *c,
                                struct sigmaton_file *file, const char **ret_why)
{
    *ret_why = "the segments of the pack lie too far apart";
    if (elf->span > c->room)
        return SIGMATON_EPACK;
    *ret_why = "memory cannot be sealed here (memfd_create)";
    int fd = memory_create();
    if (fd < 0)
        return system_status();
    bool sealed = seal_segments(fd, c, elf);
    if (!sealed)
        *ret_why = "the memory of the pack cannot be sealed";
    bool mapped = sealed && map_segments(c->bytes, elf, fd);
    if (sealed && !mapped)
        *ret_why = "the system refuses to map the pack's code";
    enum sigmaton_status status = mapped ? SIGMATON_OK : system_status();
    close(fd);
    if (status != SIGMATON_OK)
        return status;
    file->base = c->bytes;
    file->span = c->room;
    c->bytes = NULL;
    const void *pack = (const uint8_t *)file->base + elf->pack_address;
    file->pack = pack;
    return SIGMATON_OK;
}

/* ---- Signatures ---------------------------------------------------------------------------- */

/* One file beside another, whole; the text is the caller's to free. */
static char *text_read(const char *path, size_t max, size_t *ret_len)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    char *text = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? malloc(max) : NULL;
    if (text != NULL && !read_all(fd, (uint8_t *)text, max, ret_len)) {
        free(text);
        text = NULL;
    }
    if (fd >= 0)
        close(fd);
    return text;
}

/* `path`.minisig; *ret_text is the caller's to free. */
static struct srt_signature signature_beside(const char *path, char **ret_text)
{
    static const char suffix[] = ".minisig";
    struct srt_signature s = {.fault = "there is no memory"};
    size_t len = strlen(path);
    char *name = malloc(len + sizeof suffix);
    if (name == NULL)
        return s;
    memcpy(name, path, len);
    memcpy(name + len, suffix, sizeof suffix);
    /* One byte more than there may be, so that too many are seen. */
    *ret_text = text_read(name, SRT_SIGNATURE_MAX + 1, &s.len);
    s.text = *ret_text;
    s.fault = s.text != NULL ? NULL : "there is no signature beside the pack (.minisig)";
    free(name);
    return s;
}

/* ---- Calls --------------------------------------------------------------------------------- */

/* Options of an older caller are shorter, those of a newer one may only be longer by zeros. */
static bool options_read(const struct sigmaton_open_options *o, struct sigmaton_open_options *ret)
{
    const uint8_t *bytes = (const uint8_t *)o;
    *ret = (struct sigmaton_open_options){0};
    if (o == NULL)
        return true;
    const size_t first = offsetof(struct sigmaton_open_options, verify_key);
    if ((o->size != first && o->size < sizeof *o) || o->reserved != 0)
        return false;
    size_t known = o->size == first ? first : sizeof *o;
    memcpy(ret, o, known);
    return is_zero(bytes + known, o->size - known);
}

/* What is checked and, where file is not NULL, mapped: all over the bytes of one copy. */
static enum sigmaton_status load(int fd, const struct sigmaton_open_options *o,
                                 const struct srt_signature *signature, struct sigmaton_file *file,
                                 const char **ret_why)
{
    struct copy copy = {0};
    struct srt_elf elf;
    size_t body;
    enum sigmaton_status status = copy_file(fd, &copy, ret_why);
    if (status == SIGMATON_OK && o->verify_key != NULL)
        status = srt_signature_check(o->verify_key, signature, copy.bytes, copy.len, ret_why);
    if (status == SIGMATON_OK && file == NULL)
        status = trailer_check(copy.bytes, copy.len, &body, ret_why);
    if (status == SIGMATON_OK && file != NULL)
        status = srt_file_check(copy.bytes, copy.len, &elf, ret_why);
    if (status == SIGMATON_OK && file != NULL)
        status = map(&elf, &copy, file, ret_why);
    if (copy.bytes != NULL)
        munmap(copy.bytes, copy.room);
    return status;
}

static enum sigmaton_status open_file(int fd, const struct sigmaton_open_options *o,
                                      const struct srt_signature *signature,
                                      struct sigmaton_file **ret_file, const char **ret_why)
{
    struct sigmaton_file *file = calloc(1, sizeof *file);
    enum sigmaton_status status =
        file != NULL ? load(fd, o, signature, file, ret_why) : SIGMATON_ENOMEM;
    if (status == SIGMATON_OK)
        *ret_file = file;
    else
        sigmaton_close(file);
    return status;
}

/* ret_file is NULL where nothing is to be loaded. */
static enum sigmaton_status open_path(const char *path, const struct sigmaton_open_options *o,
                                      struct sigmaton_file **ret_file, const char **ret_why)
{
    char *text = NULL;
    struct srt_signature signature = {o->signature, o->signature_len, NULL};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    *ret_why = "the file cannot be opened";
    if (fd < 0)
        return SIGMATON_EIO;
    *ret_why = NULL;
    if (o->verify_key != NULL && o->signature == NULL)
        signature = signature_beside(path, &text);
    enum sigmaton_status status = ret_file != NULL ? open_file(fd, o, &signature, ret_file, ret_why)
                                                   : load(fd, o, &signature, NULL, ret_why);
    free(text);
    close(fd);
    return status;
}

static enum sigmaton_status told(enum sigmaton_status status, const char *why, const char **ret_why)
{
    if (ret_why != NULL)
        *ret_why = status != SIGMATON_OK && why != NULL ? why : sigmaton_status_text(status);
    return status;
}

enum sigmaton_status sigmaton_open_fd(int fd, const struct sigmaton_open_options *options,
                                      struct sigmaton_file **ret_file, const char **ret_why)
{
    const char *why = NULL;
    struct sigmaton_open_options o;
    enum sigmaton_status status = SIGMATON_EINVAL;
    if (ret_file != NULL && fd >= 0 && options_read(options, &o)) {
        const struct srt_signature signature = {
            o.signature, o.signature_len,
            o.signature != NULL ? NULL : "no signature was given with the descriptor"};
        status = open_file(fd, &o, &signature, ret_file, &why);
    }
    return told(status, why, ret_why);
}

enum sigmaton_status sigmaton_open(const char *path, const struct sigmaton_open_options *options,
                                   struct sigmaton_file **ret_file, const char **ret_why)
{
    const char *why = NULL;
    struct sigmaton_open_options o;
    enum sigmaton_status status = SIGMATON_EINVAL;
    if (path != NULL && ret_file != NULL && options_read(options, &o))
        status = open_path(path, &o, ret_file, &why);
    return told(status, why, ret_why);
}

enum sigmaton_status sigmaton_verify(const char *path, const struct sigmaton_open_options *options,
                                     const char **ret_why)
{
    const char *why = NULL;
    struct sigmaton_open_options o;
    enum sigmaton_status status = SIGMATON_EINVAL;
    if (path != NULL && options_read(options, &o) && o.verify_key != NULL)
        status = open_path(path, &o, NULL, &why);
    return told(status, why, ret_why);
}

const struct sigmaton_pack *sigmaton_file_pack(const struct sigmaton_file *file)
{
    return file != NULL ? file->pack : NULL;
}

void sigmaton_close(struct sigmaton_file *file)
{
    if (file == NULL)
        return;
    if (file->base != NULL)
        munmap(file->base, file->span);
    free(file);
}
