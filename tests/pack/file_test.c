/* What is opened as a pack file, and what is refused. */
#include "pack_t.h"

#include <pthread.h>
#include <stdatomic.h>

static struct bytes built;

static int build(void **state)
{
    (void)state;
    built = pack_build(PACK_RULES, SIGMATONC_SO, NULL);
    return 0;
}

static struct bytes copy(void)
{
    if (!built.p)
        skip();
    struct bytes b = {malloc(built.len), built.len};
    memcpy(b.p, built.p, b.len);
    return b;
}

static uint64_t hits_of(struct sigmaton_file *file, const char *event)
{
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
    assert_int_equal(sigmaton_engine_create(sigmaton_file_pack(file), NULL, &engine, NULL), 0);
    assert_int_equal(sigmaton_scratch_create(engine, &scratch), 0);
    assert_int_equal(sigmaton_eval_json(engine, scratch, event, strlen(event), &v), 0);
    uint64_t hits = v.hits[0];
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    return hits;
}

static void a_built_pack_is_opened_and_judges(void **state)
{
    struct bytes b = copy();
    struct sigmaton_file *file = NULL;
    const char *why = NULL;
    (void)state;
    assert_int_equal(pack_open(b.p, b.len, &file, &why), SIGMATON_OK);
    assert_string_equal(why, sigmaton_status_text(SIGMATON_OK));
    assert_int_equal(hits_of(file, PACK_HIT), 3);
    assert_int_equal(hits_of(file, PACK_MISS), 0);
    assert_int_equal(hits_of(file, "{\"CommandLine\":\"x abbc7\",\"EventID\":5}"), 4);
    sigmaton_close(file);
    free(b.p);
}

static void every_linker_of_this_machine_makes_a_pack(void **state)
{
    static const char *const linkers[] = {"ld.lld", "ld.lld-19", "ld", "cc", "clang"};
    int n = 0;
    (void)state;
    for (size_t i = 0; i < sizeof linkers / sizeof *linkers; i++) {
        struct bytes b = pack_build(PACK_RULES, SIGMATONC_SO, linkers[i]);
        struct sigmaton_file *file = NULL;
        const char *why = "";
        if (!b.p)
            continue;
        if (pack_open(b.p, b.len, &file, &why) != SIGMATON_OK)
            fail_msg("%s: %s", linkers[i], why);
        assert_int_equal(hits_of(file, PACK_HIT), 3);
        sigmaton_close(file);
        free(b.p);
        n++;
    }
    if (n == 0)
        skip();
}

/* ---- Refusals ------------------------------------------------------------------------------ */

static void refused(const uint8_t *p, size_t len, enum sigmaton_status status, const char *phrase)
{
    struct sigmaton_file *file = NULL;
    const char *why = NULL;
    enum sigmaton_status got = pack_open(p, len, &file, &why);
    if (got != status || file || !strstr(why, phrase))
        fail_msg("wanted \"..%s..\", came %d: %s", phrase, (int)got, why);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

static void every_changed_byte_is_refused(void **state)
{
    struct bytes b = copy();
    uint64_t seed = 88172645463325252u;
    (void)state;
    for (int i = 0; i < 1000; i++) {
        /* All of the trailer, then the rest at random. */
        size_t at = i < 64 ? b.len - 64 + (size_t)i : next_random(&seed) % b.len;
        uint8_t change = (uint8_t)(1 + next_random(&seed) % 255);
        struct sigmaton_file *file = NULL;
        const char *why = NULL;
        b.p[at] ^= change;
        enum sigmaton_status s = pack_open(b.p, b.len, &file, &why);
        if ((s != SIGMATON_EHASH && s != SIGMATON_EPACK) || file || !why)
            fail_msg("byte %zu ^ %u: %s", at, change, sigmaton_status_text(s));
        b.p[at] ^= change;
    }
    free(b.p);
}

static void every_truncation_is_refused(void **state)
{
    struct bytes b = copy();
    uint64_t seed = 7;
    (void)state;
    for (int i = 0; i < 300; i++) {
        size_t len = i < 130 ? (size_t)i : next_random(&seed) % b.len;
        refused(b.p, len, SIGMATON_EPACK, "cut short");
        refused(b.p, b.len - 1 - (size_t)i % 64, SIGMATON_EPACK, "cut short");
    }
    refused((const uint8_t *)"", 0, SIGMATON_EPACK, "cut short");
    free(b.p);
}

/* Whoever seals a change can change anything: it may be opened or not, and nothing more. */
static void sealed_damage_does_no_harm(void **state)
{
    struct bytes b = copy();
    uint64_t seed = 123456789;
    size_t n_refused = 0;
    (void)state;
    for (int i = 0; i < 3000; i++) {
        /* Headers and tables more often than code. */
        size_t span = i % 3 == 0 ? 1024 : b.len - 64, at = next_random(&seed) % span;
        uint8_t was = b.p[at];
        struct sigmaton_file *file = NULL;
        struct sigmaton_engine *engine = NULL;
        b.p[at] ^= (uint8_t)(1 + next_random(&seed) % 255);
        pack_reseal(b);
        if (pack_open(b.p, b.len, &file, NULL) == SIGMATON_OK) {
            if (sigmaton_engine_create(sigmaton_file_pack(file), NULL, &engine, NULL) == 0)
                sigmaton_engine_destroy(engine);
            sigmaton_close(file);
        } else {
            assert_null(file);
            n_refused++;
        }
        b.p[at] = was;
    }
    assert_true(n_refused > 300);
    free(b.p);
}

/* The descriptor in the file: its magic stands once. */
static struct sigmaton_pack *descriptor(struct bytes b)
{
    const uint32_t magic = SIGMATON_PACK_MAGIC;
    for (size_t i = 8; i + sizeof(struct sigmaton_pack) < b.len; i += 4)
        if (memcmp(b.p + i, &magic, 4) == 0)
            return (struct sigmaton_pack *)(void *)(b.p + i - 4);
    fail_msg("no descriptor");
    return NULL;
}

static void another_abi_target_or_processor_is_refused(void **state)
{
    struct bytes b = copy();
    struct sigmaton_pack *d = descriptor(b), was = *d;
    (void)state;
    d->abi_major++;
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EABI, "another version");
    *d = was;
    d->abi_minor++;
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EABI, "another version");
    *d = was;
    d->cpu_features |= UINT64_C(1) << 63;
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_ETARGET, "can do more");
    *d = was;
    char *target = (char *)d + d->target.off, kept = *target;
    *target = 'q';
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_ETARGET, "another processor or system");
    *target = kept;
    b.p[18] ^= 1; /* e_machine */
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_ETARGET, "another processor");
    b.p[18] ^= 1;
    d->magic++;
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EPACK, "no pack");
    free(b.p);
}

static uint64_t read64(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* The place of the first program header of a type. */
static uint8_t *program(struct bytes b, uint32_t type, uint32_t flags)
{
    uint8_t *p = b.p + read64(b.p + 32);
    for (unsigned i = 0; i < b.p[56]; i++, p += 56)
        if (memcmp(p, &type, 4) == 0 && (p[4] & flags) == flags)
            return p;
    fail_msg("no such segment");
    return NULL;
}

static void what_would_run_by_itself_is_refused(void **state)
{
    /* DT_NEEDED, INIT, FINI, RELA, JMPREL, INIT_ARRAY, FINI_ARRAY, PREINIT_ARRAY, REL */
    static const uint8_t tags[] = {1, 12, 13, 7, 23, 25, 26, 32, 17};
    struct bytes b = copy();
    uint8_t *dynamic = b.p + read64(program(b, 2, 0) + 8);
    uint64_t was = read64(dynamic);
    (void)state;
    for (size_t i = 0; i < sizeof tags; i++) {
        dynamic[0] = tags[i];
        memset(dynamic + 1, 0, 7);
        pack_reseal(b);
        refused(b.p, b.len, SIGMATON_EPACK, "constructors, relocations or needs");
    }
    memcpy(dynamic, &was, sizeof was);
    uint8_t *code = program(b, 1, 1);
    code[4] |= 2;
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EPACK, "writable and executable");
    code[4] &= 5;
    code[40]++; /* more memory than file */
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EPACK, "not in the file");
    code[40]--;
    code[4] &= 4; /* the code is no code any more */
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EPACK, "no code where it says");
    code[4] |= 1;
    uint32_t interp = 3;
    memcpy(code, &interp, 4);
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EPACK, "is a program");
    free(b.p);
}

static void segments_beyond_32_bits_are_refused(void **state)
{
    struct bytes b = copy();
    uint8_t *code = program(b, 1, 1);
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), size = read64(code + 32);
    uint64_t edge = (UINT64_C(1) << 32) - page, low = read64(code + 8) % page;
    (void)state;
    /* The last page: too far for eval_off, and still read as a segment. */
    uint64_t address = edge + low;
    memcpy(code + 16, &address, 8);
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EPACK,
            low + size <= page ? "no code where it says" : "outside the file");
    address += page;
    memcpy(code + 16, &address, 8);
    pack_reseal(b);
    refused(b.p, b.len, SIGMATON_EPACK, "outside the file");
    free(b.p);
}

static void what_is_no_file_is_refused(void **state)
{
    struct sigmaton_file *file = NULL;
    struct sigmaton_open_options o = {.size = sizeof o};
    const char *why = NULL;
    int ends[2];
    (void)state;
    assert_int_equal(sigmaton_open("/nonexistent/pack.so", NULL, &file, &why), SIGMATON_EIO);
    assert_non_null(strstr(why, "cannot be opened"));
    assert_int_equal(sigmaton_open("/", NULL, &file, &why), SIGMATON_EIO);
    assert_non_null(strstr(why, "regular"));
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(sigmaton_open_fd(ends[0], NULL, &file, &why), SIGMATON_EIO);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(sigmaton_open_fd(-1, NULL, &file, NULL), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_open(NULL, NULL, &file, NULL), SIGMATON_EINVAL);
    assert_int_equal(sigmaton_open("/", NULL, NULL, NULL), SIGMATON_EINVAL);
    o.reserved = 1;
    assert_int_equal(sigmaton_open("/", &o, &file, NULL), SIGMATON_EINVAL);
    sigmaton_close(NULL);
    assert_null(sigmaton_file_pack(NULL));
}

/* ---- Files that change --------------------------------------------------------------------- */

static void a_file_may_be_overwritten_once_it_is_open(void **state)
{
    struct bytes b = copy();
    struct sigmaton_file *file = NULL;
    int fd = pack_file(b.p, b.len);
    (void)state;
    assert_int_equal(sigmaton_open_fd(fd, NULL, &file, NULL), SIGMATON_OK);
    memset(b.p, 0xcc, b.len);
    assert_int_equal(pwrite(fd, b.p, b.len, 0), (ssize_t)b.len);
    assert_int_equal(hits_of(file, PACK_HIT), 3);
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(hits_of(file, PACK_HIT), 3);
    sigmaton_close(file);
    close(fd);
    free(b.p);
}

struct changer {
    int fd;
    struct bytes bytes;
    atomic_bool stop;
};

static void *change(void *ctx)
{
    struct changer *c = ctx;
    uint64_t seed = 99;
    while (!atomic_load(&c->stop)) {
        size_t at = next_random(&seed) % c->bytes.len;
        uint8_t other = (uint8_t)~c->bytes.p[at];
        if (pwrite(c->fd, &other, 1, (off_t)at) != 1 ||
            pwrite(c->fd, &c->bytes.p[at], 1, (off_t)at) != 1)
            break;
    }
    return NULL;
}

static void a_file_that_changes_is_read_whole_or_refused(void **state)
{
    struct bytes b = copy();
    struct changer c = {.fd = pack_file(b.p, b.len), .bytes = b};
    pthread_t thread;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, change, &c), 0);
    for (int i = 0; i < 300; i++) {
        struct sigmaton_file *file = NULL;
        enum sigmaton_status s = sigmaton_open_fd(c.fd, NULL, &file, NULL);
        if (s == SIGMATON_OK)
            assert_int_equal(hits_of(file, PACK_HIT), 3);
        else if (s != SIGMATON_EHASH && s != SIGMATON_EPACK)
            fail_msg("%s", sigmaton_status_text(s));
        sigmaton_close(file);
    }
    atomic_store(&c.stop, true);
    pthread_join(thread, NULL);
    close(c.fd);
    free(b.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_built_pack_is_opened_and_judges),
        cmocka_unit_test(every_linker_of_this_machine_makes_a_pack),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(sealed_damage_does_no_harm),
        cmocka_unit_test(another_abi_target_or_processor_is_refused),
        cmocka_unit_test(what_would_run_by_itself_is_refused),
        cmocka_unit_test(segments_beyond_32_bits_are_refused),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(a_file_may_be_overwritten_once_it_is_open),
        cmocka_unit_test(a_file_that_changes_is_read_whole_or_refused),
    };
    return cmocka_run_group_tests(tests, build, NULL);
}
