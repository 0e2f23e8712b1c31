/* Packs where the system refuses what the JIT needs: PR_SET_MDWE, and a seccomp filter that kills
 * whoever makes memory executable by mprotect, maps it writable and executable, or starts anything.
 */
#include "pack_t.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif
#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif

enum { JUDGED = 0, NOT_OPENED = 10, WRONG = 11, NOT_HERE = 77 };

static struct bytes built;

static int build(void **state)
{
    (void)state;
    built = pack_build(PACK_RULES, SIGMATONC_SO, NULL);
    return 0;
}

static int judge(int fd)
{
    struct sigmaton_file *file;
    struct sigmaton_engine *engine;
    struct sigmaton_scratch *scratch;
    struct sigmaton_verdict v;
    if (sigmaton_open_fd(fd, NULL, &file, NULL) ||
        sigmaton_engine_load(file, NULL, &engine, NULL) ||
        sigmaton_scratch_create(engine, &scratch))
        return NOT_OPENED;
    if (sigmaton_eval_json(engine, scratch, PACK_HIT, sizeof PACK_HIT - 1, &v) || v.hits[0] != 3)
        return WRONG;
    sigmaton_scratch_destroy(scratch);
    sigmaton_engine_destroy(engine);
    return JUDGED;
}

static bool deny_exec_gain(void)
{
    return prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) == 0;
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define IF_BITS(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (bits), (yes), (no))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, (value))

static bool filter_calls(void)
{
    /* Memory protection is the third argument of both; its lower half holds all of it. */
    struct sock_filter code[] = {
        LOAD(nr),
        IF(__NR_mprotect, 3, 0),
        IF(__NR_mmap, 4, 0),
        IF(__NR_execve, 7, 0),
        IF(__NR_clone, 6, 7),
        LOAD(args[2]), /* mprotect */
        IF_BITS(PROT_EXEC, 4, 5),
        LOAD(args[2]), /* mmap */
        IF_BITS(PROT_WRITE, 0, 3),
        IF_BITS(PROT_EXEC, 1, 2),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        RETURN(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* How a child ends that confines itself and judges; 256 + signal. */
static int end_of_child(bool (*confine)(void), int (*act)(int))
{
    int status, fd = pack_file(built.p, built.len);
    pid_t child = fork();
    if (child == 0)
        _exit(confine() ? act(fd) : NOT_HERE);
    assert_int_equal(waitpid(child, &status, 0), child);
    close(fd);
    return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What a JIT does; proves that the confinement is one. */
static int write_and_run(int fd)
{
    (void)fd;
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0 ? WRONG : JUDGED;
}

static void packs_are_judged_under_mdwe(void **state)
{
    (void)state;
    if (!built.p || end_of_child(deny_exec_gain, write_and_run) == NOT_HERE)
        skip();
    assert_int_equal(end_of_child(deny_exec_gain, write_and_run), JUDGED);
    assert_int_equal(end_of_child(deny_exec_gain, judge), JUDGED);
}

static void packs_are_judged_under_seccomp(void **state)
{
    (void)state;
    if (!built.p || end_of_child(filter_calls, judge) == NOT_HERE)
        skip();
    assert_int_equal(end_of_child(filter_calls, write_and_run), 256 + SIGSYS);
    assert_int_equal(end_of_child(filter_calls, judge), JUDGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_are_judged_under_mdwe),
        cmocka_unit_test(packs_are_judged_under_seccomp),
    };
    return cmocka_run_group_tests(tests, build, NULL);
}
