/* Short names for slots, for the tests of runtime/match: cmocka with what it needs, and makers. */
#ifndef SIGMATON_TESTS_MATCH_SLOTS_H
#define SIGMATON_TESTS_MATCH_SLOTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sigmaton/pack.h>

#include "host.h"

#define BYTES(literal) ((const uint8_t *)(literal)), (uint32_t)(sizeof(literal) - 1)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline struct sigmaton_slot slot_bytes(const void *p, size_t len, uint32_t kind)
{
    return (struct sigmaton_slot){.at.text = p, .len = (uint32_t)len, .kind = kind};
}

static inline struct sigmaton_slot slot_text(const char *z)
{
    return slot_bytes(z, strlen(z), SIGMATON_TEXT);
}

static inline struct sigmaton_slot slot_kind(uint32_t kind)
{
    return slot_bytes(NULL, 0, kind);
}

static inline struct sigmaton_slot slot_bool(int value)
{
    struct sigmaton_slot s = slot_text(value ? "true" : "false");
    s.kind = SIGMATON_BOOL;
    s.number = value != 0;
    return s;
}

/* z is the integer as the event writes it. */
static inline struct sigmaton_slot slot_int(const char *z)
{
    struct sigmaton_slot s = slot_text(z);
    s.kind = SIGMATON_INT;
    s.number = (uint64_t)strtoll(z, NULL, 10);
    return s;
}

static inline struct sigmaton_slot slot_uint(const char *z)
{
    struct sigmaton_slot s = slot_text(z);
    s.kind = SIGMATON_UINT;
    s.number = strtoull(z, NULL, 10);
    return s;
}

/* z is the text of the double that the event reader would give. */
static inline struct sigmaton_slot slot_double(const char *z)
{
    struct sigmaton_slot s = slot_text(z);
    const double d = strtod(z, NULL);
    s.kind = SIGMATON_DOUBLE;
    memcpy(&s.number, &d, sizeof d);
    return s;
}

static inline struct sigmaton_slot slot_list(const struct sigmaton_slot *leaves, size_t n)
{
    return (struct sigmaton_slot){.at.leaves = leaves, .len = (uint32_t)n, .kind = SIGMATON_LIST};
}

/* Fails with the row's own words when got is not want. */
static inline void same(int got, int want, const char *row, const char *file, int line)
{
    if (got == want)
        return;
    print_error("%s:%d: %s: got %d, want %d\n", file, line, row, got, want);
    _fail(file, line);
}
#define SAME(got, want, row) same((got), (want), (row), __FILE__, __LINE__)

#endif
