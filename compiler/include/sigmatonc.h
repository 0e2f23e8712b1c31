/* libsigmatonc: Sigma rules in, a pack and diagnostics out.
 *
 *     struct sigmatonc_options o = { .size = sizeof o, .paths = paths, .n_paths = n };
 *     struct sigmatonc *c;
 *     if (sigmatonc_compile(&o, &c) == 0) use(sigmatonc_pack(c));
 *     sigmatonc_destroy(c);
 *
 * Nothing prints or exits. Running out of memory before code generation is an error code; inside
 * LLVM it ends the process (LLVM aborts). Threads: compilations are independent of each other.
 */
#ifndef SIGMATONC_H
#define SIGMATONC_H

#include <sigmaton/pack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The library is built with hidden symbols; these are its face. */
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

struct sigmatonc;

/* How far to go. */
enum sigmatonc_stage {
    SIGMATONC_READ, /* trees */
    SIGMATONC_RULE, /* rules checked */
    SIGMATONC_MAPPED,
    SIGMATONC_IR,
    SIGMATONC_OPT,
    SIGMATONC_PLAN,
    SIGMATONC_LLVM,
    SIGMATONC_ASM,
    SIGMATONC_JIT, /* callable */
    SIGMATONC_STAGE__COUNT
};

enum sigmatonc_status {
    SIGMATONC_OK = 0,
    SIGMATONC_ENOMEM = -1,
    SIGMATONC_EINVAL = -2,   /* the options themselves */
    SIGMATONC_ENORULES = -3, /* nothing could be read */
    SIGMATONC_ECODE = -4,    /* code generation or linking failed; diagnostics say why */
};

/* A source given as bytes, not as a file; name is what messages call it. Kept until destroy. */
struct sigmatonc_text {
    const char *name;
    const char *p;
    size_t len;
};

struct sigmatonc_options {
    size_t size;              /* sizeof(struct sigmatonc_options) */
    const char *const *paths; /* files, folders (searched for *.yml, *.yaml), "-" */
    size_t n_paths;
    const struct sigmatonc_text *texts; /* after the paths */
    size_t n_texts;
    enum sigmatonc_stage last;
    bool dump;              /* keep the last stage's text for sigmatonc_dump */
    const char *dump_pass;  /* with last OPT: the text after this pass; NULL: after all */
    const char *const *off; /* passes to switch off, by name; "dfa": automata of regexes;
                               "prior": what is known of how rare texts are */
    size_t n_off;
    const char *min_level, *min_status; /* NULL: no bound */
    const char *const *ids, *const *not_ids, *const *tags, *const *not_tags;
    size_t n_ids, n_not_ids, n_tags, n_not_tags;
    const char *const *silenced; /* codes of warnings, "S604": not said */
    size_t n_silenced;
    bool lint; /* look for more that is legal but surely not meant; costs time, changes nothing */
    const char *placeholders;     /* a YAML file: name -> list of values; NULL: none */
    const char *const *pipelines; /* files, or names of built-in ones; a fault in one is EINVAL */
    size_t n_pipelines;
    const struct sigmatonc_text *placeholder_text; /* the same as bytes; NULL: none */
    const char *time_field;                        /* NULL: the usual ones */
    const char *cache;  /* a folder that keeps what stages LLVM and JIT come to, for the next call
                           with equal input; used where nothing but the pack, the counts and the
                           diagnostics is wanted, or what is built of the object. NULL: none */
    unsigned opt_level; /* of LLVM, 0..3 */
    const char *target, *cpu; /* for last up to ASM: what to make code for; NULL: this machine's
                                 triple, generic. A target that no packs are made for is EINVAL */
    const char *profile; /* a file of NDJSON events like those to come, at most 16 MiB: how often
                            texts stand there counts on top of what is built in. It changes what a
                            pack costs, never what it says. NULL: none. Not with "prior" off */
    unsigned jobs; /* threads that compile, the caller's among them; 0 is 1. All that comes out is
                      the same for any number */
};

/* Compiles. *ret_c is set on every return but ENOMEM and, where size or last is wrong, EINVAL, so
 * that diagnostics can be read.
 */
enum sigmatonc_status sigmatonc_compile(const struct sigmatonc_options *options,
                                        struct sigmatonc **ret_c);
void sigmatonc_destroy(struct sigmatonc *c); /* accepts NULL */

/* The pack: after stage JIT the linked one, after PLAN the image for the interpreter; else NULL.
 * Owned by c. */
const struct sigmaton_pack *sigmatonc_pack(const struct sigmatonc *c);
/* The interpreter over the same pack, made when it is first asked for: its entry and what
 * frame->judge must be. NULL: there is no plan, or no memory. */
sigmaton_eval_fn sigmatonc_interpreter(struct sigmatonc *c, const void **ret_judge);

/* What a build writes. */
enum sigmatonc_kind {
    SIGMATONC_SO,      /* a pack file: a shared object and its trailer, for sigmaton_open */
    SIGMATONC_OBJECT,  /* a relocatable object, to be linked into a program */
    SIGMATONC_ARCHIVE, /* a static library of that object */
    SIGMATONC_HEADER,  /* C: a constant for each slot and rule */
    SIGMATONC_TEXT_ASM,
    SIGMATONC_TEXT_LLVM,
    SIGMATONC_TEXT_IR,
    SIGMATONC_TEXT_PLAN,
    SIGMATONC_KIND__COUNT
};
/* The bytes of one kind, from a compilation whose last stage was LLVM; once for each c, for
 * emission uses the module up. linker: name or path, NULL: ld.lld, else ld, else cc, the first that
 * is there; only for SIGMATONC_SO, which is the only kind that starts a process. Equal rules,
 * options and linker give equal bytes. The bytes are c's. SIGMATONC_ECODE: a diagnostic says why;
 * SIGMATONC_EINVAL: a stage that is missing. */
enum sigmatonc_status sigmatonc_build(struct sigmatonc *c, enum sigmatonc_kind kind,
                                      const char *linker, const char **ret_bytes, size_t *ret_len);

struct sigmatonc_counts {
    size_t documents, compiled, refused, other, left_out;
};
struct sigmatonc_counts sigmatonc_counts(const struct sigmatonc *c);

/* All diagnostics, one JSON object a line, in the form that the command prints with --diag json.
 * Owned by c, NUL-ended; *ret_len bytes without the NUL. Costs linear in the messages; one at a
 * time per c. NULL when there is no memory. */
const char *sigmatonc_diagnostics(struct sigmatonc *c, size_t *ret_len);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif
#endif
