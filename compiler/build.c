/* What ahead-of-time building writes, from a compilation that has come as far as the module. */
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <sigmaton/trailer.h>

#include "archive.h"
#include "arena.h"
#include "compile.h"
#include "header.h"
#include "link.h"

static void free_bytes(void *holder)
{
    free(*(uint8_t **)holder);
}

/* The linked object, and behind it the trailer that says what it was. */
static bool pack_file(struct sigmatonc *c, const char *linker, const uint8_t *object, size_t len,
                      struct str *ret)
{
    uint8_t **held = ARENA_NEW(c->arena, uint8_t *);
    size_t linked = 0;
    arena_defer(c->arena, free_bytes, held);
    const struct link_options options = {&c->target, linker};
    if (!link_shared(c->sink, c->arena, &options, object, len, held, &linked))
        return false;
    struct sigmaton_trailer trailer = sigmaton_trailer_of(*held, linked);
    char *file = arena_alloc(c->arena, linked + sizeof trailer);
    memcpy(file, *held, linked);
    memcpy(file + linked, &trailer, sizeof trailer);
    *ret = (struct str){file, linked + sizeof trailer};
    return true;
}

static bool binary(struct sigmatonc *c, enum sigmatonc_kind kind, const char *linker,
                   struct str *ret)
{
    const uint8_t *object;
    size_t len;
    if (kind != SIGMATONC_OBJECT && c->target.format != TARGET_ELF) {
        DIAG(c->sink, DIAG_bad_option, NO_SPAN, NO_HELP, STR("--emit"),
             STR("for this target there is obj and nothing that is linked"));
        return false;
    }
    if (c->from_cache) {
        object = (const uint8_t *)c->object.p;
        len = c->object.len;
    } else if (!codegen_object(c->codegen, &object, &len)) {
        return false;
    }
    if (kind == SIGMATONC_SO)
        return pack_file(c, linker, object, len, ret);
    *ret = kind == SIGMATONC_ARCHIVE ? archive_of(c->arena, SIGMATON_PACK_SYMBOL, object, len)
                                     : (struct str){(const char *)object, len};
    return true;
}

static bool text(struct sigmatonc *c, enum sigmatonc_kind kind, struct str *ret)
{
    struct text t;
    text_init(&t, c->arena);
    switch (kind) {
    case SIGMATONC_HEADER:
        header_print(&t, c->plan);
        break;
    case SIGMATONC_TEXT_IR:
        ir_print(&t, c->ir);
        break;
    case SIGMATONC_TEXT_PLAN:
        plan_print(&t, c->plan);
        break;
    case SIGMATONC_TEXT_LLVM:
        *ret = codegen_llvm(c->codegen, c->arena);
        return true;
    default:
        return codegen_assembly(c->codegen, c->arena, ret);
    }
    *ret = text_str(&t);
    return true;
}

enum sigmatonc_status sigmatonc_build(struct sigmatonc *c, enum sigmatonc_kind kind,
                                      const char *linker, const char **ret_bytes, size_t *ret_len)
{
    bool is_text = kind >= SIGMATONC_HEADER;
    if (!c || !(c->codegen || c->from_cache) || ((c->jit || c->from_cache) && is_text) ||
        (unsigned)kind >= SIGMATONC_KIND__COUNT)
        return SIGMATONC_EINVAL;
    if (setjmp(*arena_on_oom(c->arena))) {
        arena_disarm(c->arena);
        return SIGMATONC_ENOMEM;
    }
    struct str bytes = {0};
    bool made = is_text ? text(c, kind, &bytes) : binary(c, kind, linker, &bytes);
    arena_disarm(c->arena);
    if (!made)
        return SIGMATONC_ECODE;
    *ret_bytes = bytes.p;
    *ret_len = bytes.len;
    return SIGMATONC_OK;
}
