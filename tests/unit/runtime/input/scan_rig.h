/* One event through the scanner at every level that this machine has, and through the tape reader:
 * who takes it must find the same. */
#ifndef SIGMATON_TESTS_SCAN_RIG_H
#define SIGMATON_TESTS_SCAN_RIG_H

#include "rig.h"

#include "scan.h"

struct scan_rig {
    struct rig rig;
    struct srt_scanner scanners[SRT_SIMD_COUNT]; /* quotes NULL: not here */
    uint32_t n_slots;
};

static inline void scan_rig_init(struct scan_rig *s, const char *const *fields, size_t n)
{
    rig_init(&s->rig, fields, n);
    s->n_slots = (uint32_t)n;
    for (int level = 0; level < SRT_SIMD_COUNT; level++) {
        s->scanners[level].quotes = NULL;
        if (srt_simd_has((enum srt_simd)level))
            assert_true(srt_scanner_init(&s->scanners[level], s->rig.pack, (enum srt_simd)level));
    }
}

static inline void scan_rig_finish(struct scan_rig *s)
{
    for (int level = 0; level < SRT_SIMD_COUNT; level++)
        if (s->scanners[level].quotes != NULL)
            srt_scanner_finish(&s->scanners[level]);
    rig_finish(&s->rig);
}

/* Every slot, decoded. */
static inline struct shown scan_show(struct scan_rig *s)
{
    struct shown all = {""};
    assert_true(srt_slots_decode(&s->rig.event));
    for (uint32_t i = 0; i < s->n_slots; i++)
        show_add(&all, "%s ", show(&s->rig.event.slots[i]).z);
    return all;
}

/* What the tape reader says of one event; "unreadable". */
static inline struct shown tape_show(struct scan_rig *s, const uint8_t *text, size_t len)
{
    struct shown bad = {"unreadable"};
    srt_event_reset(&s->rig.event);
    if (srt_json_parse(&s->rig.tape, text, len) != SIGMATON_OK ||
        srt_json_bind(&s->rig.tape, s->rig.names, &s->rig.event) != SIGMATON_OK)
        return bad;
    return scan_show(s);
}

/* Fails unless all levels agree with each other on text[len], and with the tape reader where they
 * take it. Returns what the scanner found, or "" where it does not take the event. */
static inline struct shown scan_agreed(struct scan_rig *s, const uint8_t *text, size_t len)
{
    struct shown tape = tape_show(s, text, len), found = {""};
    for (int level = 0, seen = 0; level < SRT_SIMD_COUNT; level++) {
        if (s->scanners[level].quotes == NULL)
            continue;
        struct shown one = {""};
        srt_event_reset(&s->rig.event);
        size_t used = srt_scan(&s->scanners[level], &s->rig.event, text, len, false);
        if (used != 0)
            one = scan_show(s);
        if (used != 0 && (used != len || strcmp(one.z, tape.z) != 0))
            fail_msg("%.*s\n%s: %s\ntape: %s", (int)len, (const char *)text,
                     srt_simd_name((enum srt_simd)level), one.z, tape.z);
        if (seen++ > 0 && strcmp(one.z, found.z) != 0)
            fail_msg("%.*s\n%s: %s\nplain: %s", (int)len, (const char *)text,
                     srt_simd_name((enum srt_simd)level), one.z, found.z);
        found = one;
    }
    return found;
}

#endif
