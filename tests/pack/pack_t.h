/* Pack files for tests: built by the compiler, changed byte by byte, sealed anew. */
#ifndef SIGMATON_TESTS_PACK_T_H
#define SIGMATON_TESTS_PACK_T_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sigmaton/sigmaton.h>
#include <sigmaton/trailer.h>
#include <sigmatonc.h>

struct bytes {
    uint8_t *p;
    size_t len;
};

#define PACK_RULES                                                                        \
    "title: One\nid: 11111111-1111-4111-8111-111111111111\nlevel: high\n"                 \
    "tags: [attack.t1059, attack.execution]\nlogsource: {product: windows, category: "    \
    "process_creation}\n"                                                                 \
    "detection:\n  sel: {CommandLine|contains: [urlcache, mimikatz]}\n  condition: sel\n" \
    "---\ntitle: Two\nlogsource: {product: windows}\ndetection:\n"                        \
    "  sel: {Image|endswith: '\\\\cmd.exe'}\n  filter: {User: SYSTEM}\n"                  \
    "  condition: sel and not filter\n"                                                   \
    "---\ntitle: Three\nlogsource: {product: linux}\ndetection:\n"                        \
    "  sel: {CommandLine|re: 'ab+c[0-9]$', EventID: 5}\n  condition: sel\n"
#define PACK_HIT "{\"CommandLine\":\"certutil -urlCACHE\",\"Image\":\"C:\\\\Windows\\\\cmd.exe\"}"
#define PACK_MISS "{\"CommandLine\":\"dir\",\"Image\":\"C:\\\\cmd.exe\",\"User\":\"SYSTEM\"}"

/* A pack file of the rules; p is NULL when no linker is there. */
static inline struct bytes pack_build(const char *rules, enum sigmatonc_kind kind,
                                      const char *linker)
{
    struct sigmatonc_text text = {"rules.yml", rules, strlen(rules)};
    struct sigmatonc_options o = {
        .size = sizeof o, .texts = &text, .n_texts = 1, .last = SIGMATONC_LLVM};
    struct sigmatonc *c = NULL;
    struct bytes b = {0};
    const char *p;
    size_t len;
    assert_int_equal(sigmatonc_compile(&o, &c), SIGMATONC_OK);
    if (sigmatonc_build(c, kind, linker, &p, &len) == SIGMATONC_OK) {
        b.p = malloc(len);
        memcpy(b.p, p, len);
        b.len = len;
    }
    sigmatonc_destroy(c);
    return b;
}

static inline void pack_reseal(struct bytes b)
{
    struct sigmaton_trailer t = sigmaton_trailer_of(b.p, b.len - sizeof t);
    memcpy(b.p + b.len - sizeof t, &t, sizeof t);
}

/* A file of these bytes without a name; the descriptor is the caller's. */
static inline int pack_file(const void *p, size_t len)
{
    char path[] = "/tmp/sigmaton-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, p, len), (ssize_t)len);
    return fd;
}

static inline enum sigmaton_status pack_open(const void *p, size_t len, struct sigmaton_file **ret,
                                             const char **why)
{
    int fd = pack_file(p, len);
    enum sigmaton_status s = sigmaton_open_fd(fd, NULL, ret, why);
    close(fd);
    return s;
}

#endif
