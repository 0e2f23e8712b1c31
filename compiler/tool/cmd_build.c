/* sigmaton build: rules in, a file out. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "commands.h"
#include "compile_options.h"
#include "report.h"
#include "sign.h"

static bool write_all(int fd, const char *p, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

/* A new file beside the old one, then renamed: who has the old pack open keeps it whole. */
static bool write_file(struct arena *a, const char *path, const char *p, size_t len)
{
    struct str name = str_format(a, "%s.XXXXXX", path);
    char *temporary = arena_copy(a, name.p, name.len);
    int fd = mkstemp(temporary);
    if (fd < 0)
        return false;
    mode_t mask = umask(0);
    umask(mask);
    bool ok = write_all(fd, p, len) && fchmod(fd, 0666 & ~mask) == 0 && fsync(fd) == 0;
    int error = ok ? 0 : errno;
    ok &= close(fd) == 0;
    if (ok && rename(temporary, path) == 0)
        return true;
    error = error ? error : errno;
    unlink(temporary);
    errno = error;
    return false;
}

/* Devices and pipes are written to; only files are replaced. */
static bool write_there(const char *path, const char *p, size_t len)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    bool ok = write_all(fd, p, len);
    return (close(fd) == 0) && ok;
}

/* The signature is made before the pack is written, so that a key that fails leaves nothing behind;
 * the file comes after the pack. */
static int write_signature(const struct args *a, const struct report *r, struct str text)
{
    struct str path = str_format(r->arena, "%s.minisig", a->out);
    if (write_file(r->arena, path.p, text.p, text.len))
        return -1;
    return report_fail(r, "cannot write %s: %s", path.p, strerror(errno));
}

/* A file, or where one can come to be. */
static bool is_replaceable(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && (stat(path, &st) != 0 || S_ISREG(st.st_mode));
}

static int write_out(const struct args *a, const struct report *r, const char *p, size_t len)
{
    if (strcmp(a->out, "-") == 0) {
        if (write_all(STDOUT_FILENO, p, len))
            return -1;
    } else {
        if (is_replaceable(a->out) ? write_file(r->arena, a->out, p, len)
                                   : write_there(a->out, p, len))
            return -1;
    }
    return report_fail(r, "cannot write %s: %s", a->out, strerror(errno));
}

/* -1 when there are rules to build from, else the exit code. */
static int is_buildable(const struct args *a, const struct report *r, const struct sigmatonc *c,
                        enum sigmatonc_status status)
{
    struct sigmatonc_counts n = sigmatonc_counts(c);
    if (status != SIGMATONC_OK)
        return report_fail(r, status == SIGMATONC_ENORULES ? "no rules could be read"
                                                           : "the rules could not be compiled");
    if (n.compiled == 0)
        return report_fail(r, "no rule to build from (%zu documents, %zu refused, %zu left out)",
                           n.documents, n.refused, n.left_out);
    if (a->strict && (n.refused > 0 || diag_errors(c->sink) > 0))
        return report_fail(r, "%zu rules refused, and --strict wants all", n.refused);
    return -1;
}

static int summarise(const struct args *a, const struct report *r, const struct sigmatonc *c,
                     size_t len)
{
    struct sigmatonc_counts n = sigmatonc_counts(c);
    struct str line = str_format(
        r->arena, "%zu documents: %zu rules compiled, %zu refused, %zu other; %s: %zu bytes%s",
        n.documents, n.compiled, n.refused, n.other, a->out, len,
        c->from_cache ? ", out of the cache" : "");
    struct summary_item items[] = {
        {"documents", n.documents, NULL},
        {"compiled", n.compiled, NULL},
        {"refused", n.refused, NULL},
        {"other", n.other, NULL},
        {"bytes", len, NULL},
        {"compile_us", c->times.total_ns / 1000, NULL},
    };
    report_summary(r, line.p, items, sizeof items / sizeof *items);
    bool left_out = n.refused > 0 || diag_errors(c->sink) > 0 || c->n_correlations > 0;
    return left_out ? EXIT_LEFT_OUT : EXIT_FINE;
}

static int build(const struct args *a, struct sigmatonc *c, enum sigmatonc_status status,
                 struct report *r)
{
    const char *bytes = NULL;
    size_t len = 0, told;
    report_diags(r, c);
    int code = is_buildable(a, r, c, status);
    if (code >= 0)
        return code;
    told = diag_count(c->sink);
    status = sigmatonc_build(c, a->emit, a->linker, &bytes, &len);
    report_diags_from(r, c, told);
    if (status != SIGMATONC_OK)
        return report_fail(r, "nothing was written");
    struct str signature = {0};
    const char *why;
    const struct signer signer = {a->sign, a->password_file};
    if (a->sign && !sign_text(r->arena, &signer, bytes, len, &signature, &why))
        return report_fail(r, "%s: %s; nothing was written", a->sign, why);
    code = write_out(a, r, bytes, len);
    if (code < 0 && a->sign)
        code = write_signature(a, r, signature);
    return code < 0 ? summarise(a, r, c, len) : code;
}

int cmd_build(const struct args *args)
{
    struct sigmatonc_options o = compile_options(args, SIGMATONC_LLVM);
    struct sigmatonc *c = NULL;
    struct report r;
    const char *why;
    if (args->rules.n == 0)
        return usage_error(args, "no rules: name files, folders or -");
    if (!args->out)
        return usage_error(args, "no file to write: give -o FILE, or -o - for standard output");
    if (args->sign && (args->emit != SIGMATONC_SO || !is_replaceable(args->out)))
        return usage_error(args, "--sign is for pack files: --emit so, and -o names a file");
    if (args->password_file && !args->sign)
        return usage_error(args, "--password-file is for --sign");
    const struct signer signer = {args->sign, args->password_file};
    if (args->sign && !sign_key_check(&signer, &why))
        return usage_error(args, "%s: %s", args->sign, why);
    o.target = args->target;
    o.dump = args->emit == SIGMATONC_TEXT_LLVM; /* with names */
    o.cpu = args->cpu;
    o.opt_level = args->opt_level;
    o.cache = args->emit < SIGMATONC_HEADER ? args->cache : NULL; /* texts are made of the plan */
    enum sigmatonc_status status = sigmatonc_compile(&o, &c);
    if (!c)
        return usage_error(args, "out of memory");
    if (setjmp(*arena_on_oom(c->arena))) {
        sigmatonc_destroy(c);
        return usage_error(args, "out of memory");
    }
    report_init(&r, c->arena, args);
    int code = report_end(&r, build(args, c, status, &r));
    arena_disarm(c->arena);
    sigmatonc_destroy(c);
    return code;
}
