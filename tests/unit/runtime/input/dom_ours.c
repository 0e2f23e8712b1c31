#include "dom_ours.h"

#include "scan_rig.h"

static struct scan_rig rig;
static uint64_t n_taken;

bool ours_open(const char *const *fields, uint32_t n)
{
    scan_rig_init(&rig, fields, n);
    return true;
}

void ours_close(void)
{
    scan_rig_finish(&rig);
}

uint32_t ours_levels(void)
{
    return SRT_SIMD_COUNT;
}

bool ours_has(uint32_t level)
{
    return rig.scanners[level].quotes != NULL;
}

const char *ours_name(uint32_t level)
{
    return srt_simd_name((enum srt_simd)level);
}

enum sigmaton_status ours_read(uint32_t level, const uint8_t *text, size_t len,
                               const struct sigmaton_slot **ret_slots)
{
    struct srt_event *event = &rig.rig.event;
    enum sigmaton_status status = SIGMATON_OK;
    *ret_slots = event->slots;
    srt_event_reset(event);
    if (srt_scan(&rig.scanners[level], event, text, len, false) != 0) {
        n_taken++;
    } else {
        srt_event_reset(event);
        status = srt_json_parse(&rig.rig.tape, text, len);
        if (status == SIGMATON_OK)
            status = srt_json_bind(&rig.rig.tape, rig.rig.names, event);
    }
    return status == SIGMATON_OK && !srt_slots_decode(event) ? SIGMATON_ELIMIT : status;
}

uint64_t ours_taken(void)
{
    return n_taken;
}
