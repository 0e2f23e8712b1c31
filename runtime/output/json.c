#include <stdio.h>
#include <string.h>

#include "output.h"

/* Bytes of the well-formed UTF-8 sequence at p, or 0 (RFC 3629: no overlong forms, no surrogates).
 */
static size_t utf8_length(const unsigned char *p, size_t len)
{
    static const struct {
        unsigned char lo, hi, lo2, hi2;
        size_t n;
    } forms[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        if (p[0] < forms[f].lo || p[0] > forms[f].hi)
            continue;
        if (forms[f].n > len)
            return 0;
        for (size_t i = 1; i < forms[f].n; i++)
            if (p[i] < (i == 1 ? forms[f].lo2 : 0x80) || p[i] > (i == 1 ? forms[f].hi2 : 0xbf))
                return 0;
        return forms[f].n;
    }
    return 0;
}

static void add_escaped(struct srt_buffer *b, unsigned char c)
{
    static const char *const names[] = {
        ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
    };
    char hex[8];
    if (c == '"' || c == '\\') {
        srt_buffer_add(b, c == '"' ? "\\\"" : "\\\\", 2);
    } else if (c < sizeof names / sizeof *names && names[c]) {
        srt_buffer_addz(b, names[c]);
    } else {
        snprintf(hex, sizeof hex, "\\u%04x", c);
        srt_buffer_addz(b, hex);
    }
}

/* Whether a character stands in a string as it is. */
static bool stands(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Not 0 at bytes of w that are 0, and perhaps above such. */
static uint64_t zero_bytes(uint64_t w)
{
    return (w - EACH_BYTE(1)) & ~w;
}

/* So many of p[len], a multiple of eight, stand as they are and are ASCII. */
static size_t plain_words(const char *p, size_t len)
{
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t w;
        memcpy(&w, p + i, 8);
        const uint64_t odd = zero_bytes(w ^ EACH_BYTE('"')) | zero_bytes(w ^ EACH_BYTE('\\')) |
                             zero_bytes(w ^ EACH_BYTE(0x7f)) | (w - EACH_BYTE(0x20)) | w;
        if ((odd & EACH_BYTE(0x80)) != 0)
            break;
    }
    return i;
}

void srt_buffer_json(struct srt_buffer *b, const char *p, size_t len)
{
    size_t from = 0, i = 0; /* [from, i) stands as it is and is not added yet */
    srt_buffer_add(b, "\"", 1);
    while (i < len) {
        i += plain_words(p + i, len - i);
        if (i == len)
            break;
        unsigned char c = (unsigned char)p[i];
        size_t n = c < 0x80 ? 1 : utf8_length((const unsigned char *)p + i, len - i);
        if (n > 0 && stands(c)) {
            i += n;
            continue;
        }
        if (i > from)
            srt_buffer_add(b, p + from, i - from);
        if (n == 0)
            srt_buffer_add(b, "\xef\xbf\xbd", 3);
        else
            add_escaped(b, c);
        from = ++i;
    }
    if (i > from) /* p may be NULL when there is nothing */
        srt_buffer_add(b, p + from, i - from);
    srt_buffer_add(b, "\"", 1);
}

static const char *const level_names[] = {"", "informational", "low", "medium", "high", "critical"};

static void add_ref(struct srt_buffer *b, const struct sigmaton_engine *e, struct sigmaton_ref ref)
{
    size_t len;
    const char *p = sigmaton_ref_text(e, ref, &len);
    if (len == 0)
        srt_buffer_addz(b, "null");
    else
        srt_buffer_json(b, p, len);
}

void srt_alert_json(struct srt_buffer *b, const struct srt_alert *alert)
{
    const struct sigmaton_rule *rule = sigmaton_rule_at(alert->engine, alert->rule);
    srt_buffer_addz(b, "{\"rule\":{\"id\":");
    add_ref(b, alert->engine, rule->id);
    srt_buffer_addz(b, ",\"title\":");
    add_ref(b, alert->engine, rule->title);
    srt_buffer_addz(b, ",\"level\":");
    if (rule->level == SIGMATON_LEVEL_NONE)
        srt_buffer_addz(b, "null");
    else
        srt_buffer_json(b, level_names[rule->level], strlen(level_names[rule->level]));
    srt_buffer_addz(b, ",\"type\":\"detection\"},\"event\":{\"file\":");
    srt_buffer_json(b, alert->file, strlen(alert->file));
    srt_buffer_addz(b, ",\"record\":");
    srt_buffer_add_u64(b, alert->record);
    srt_buffer_addz(b, ",\"time\":");
    if (alert->time)
        srt_buffer_json(b, alert->time, strlen(alert->time));
    else
        srt_buffer_addz(b, "null");
    srt_buffer_addz(b, "}}\n");
}
