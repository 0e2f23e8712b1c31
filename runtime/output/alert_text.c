#include <string.h>

#include "output.h"

/* What a person scans for first is how bad it is. */
static const struct {
    const char *name, *color;
} levels[] = {
    {"-", ""},
    {"informational", ""},
    {"low", "\033[36m"},
    {"medium", "\033[33m"},
    {"high", "\033[31m"},
    {"critical", "\033[1;31m"},
};

/* Control characters of a rule's text must not reach a terminal; U+0080 to U+009F are some too
 * (U+009B does what ESC [ does), and are C2 and a byte in UTF-8. */
static void add_plain(struct srt_buffer *b, const char *p, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)p[i];
        unsigned char next = i + 1 < len ? (unsigned char)p[i + 1] : 0;
        bool is_c1 = c == 0xc2 && next >= 0x80 && next <= 0x9f;
        srt_buffer_add(b, c < 0x20 || c == 0x7f || is_c1 ? "?" : p + i, 1);
        i += is_c1;
    }
}

static void add_ref(struct srt_buffer *b, const struct srt_alert *alert, struct sigmaton_ref ref)
{
    size_t len;
    const char *p = sigmaton_ref_text(alert->engine, ref, &len);
    add_plain(b, p, len);
}

void srt_alert_text(struct srt_buffer *b, const struct srt_alert *alert, bool color)
{
    const struct sigmaton_rule *rule = sigmaton_rule_at(alert->engine, alert->rule);
    srt_buffer_addz(b, alert->time ? alert->time : "-");
    srt_buffer_addz(b, "  ");
    if (color)
        srt_buffer_addz(b, levels[rule->level].color);
    srt_buffer_addz(b, levels[rule->level].name);
    if (color && *levels[rule->level].color)
        srt_buffer_addz(b, "\033[0m");
    srt_buffer_addz(b, "  ");
    add_ref(b, alert, rule->title);
    srt_buffer_addz(b, "  ");
    if (rule->id.len > 0) {
        srt_buffer_addz(b, "[");
        add_ref(b, alert, rule->id);
        srt_buffer_addz(b, "]  ");
    }
    add_plain(b, alert->file, strlen(alert->file));
    srt_buffer_addz(b, ":");
    srt_buffer_add_u64(b, alert->record);
    srt_buffer_addz(b, "\n");
}
