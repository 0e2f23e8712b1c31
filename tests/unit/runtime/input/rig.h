/* A reader with its event and a pack of slots, as a scratch would hold them. */
#ifndef SIGMATON_TESTS_RIG_H
#define SIGMATON_TESTS_RIG_H

#include "show.h"

#include "ndjson.h"

struct rig {
    struct sigmaton_pack *pack;
    struct srt_names *names;
    struct srt_event event;
    struct srt_tape tape;
    void *memory;
};

static inline uint32_t rig_flags(const char *field)
{
    return field[0] == '\0'                ? SIGMATON_SLOT_KEYWORDS
           : strcmp(field, "Channel") == 0 ? SIGMATON_SLOT_CHANNEL
                                           : 0;
}

/* Slots by name; "" is the keywords, Channel the channel. */
static inline void rig_init(struct rig *rig, const char *const *fields, size_t n)
{
    struct image *im = calloc(1, sizeof *im);
    const char *why = NULL;
    im->with_names = true;
    for (size_t i = 0; i < n; i++)
        image_slot(im, fields[i], rig_flags(fields[i]));
    rig->pack = image_end(im);
    free(im);
    assert_int_equal(srt_names_create(rig->pack, &rig->names, &why), SIGMATON_OK);
    struct srt_cutter cutter = {0};
    srt_event_cut(&rig->event, (uint32_t)n, &cutter);
    srt_json_cut(&rig->tape, rig->names, (uint32_t)n, &cutter);
    rig->memory = calloc(1, cutter.used);
    assert_non_null(rig->memory);
    cutter = (struct srt_cutter){.base = rig->memory};
    srt_event_cut(&rig->event, (uint32_t)n, &cutter);
    srt_json_cut(&rig->tape, rig->names, (uint32_t)n, &cutter);
}

static inline void rig_finish(struct rig *rig)
{
    free(rig->memory);
    srt_names_destroy(rig->names);
    free(rig->pack);
}

static inline enum sigmaton_status rig_parse(struct rig *rig, const char *json)
{
    return srt_json_parse(&rig->tape, (const uint8_t *)json, strlen(json));
}

static inline enum sigmaton_status rig_bind(struct rig *rig)
{
    srt_event_reset(&rig->event);
    enum sigmaton_status status = srt_json_bind(&rig->tape, rig->names, &rig->event);
    return status == SIGMATON_OK ? srt_json_keywords(&rig->tape, rig->names, &rig->event) : status;
}

/* The event's one field. */
static inline struct shown rig_show(const char *field, const char *json)
{
    struct rig rig;
    rig_init(&rig, &field, 1);
    struct shown shown = {"unreadable"};
    if (rig_parse(&rig, json) == SIGMATON_OK && rig_bind(&rig) == SIGMATON_OK)
        shown = show(&rig.event.slots[0]);
    rig_finish(&rig);
    return shown;
}

#endif
