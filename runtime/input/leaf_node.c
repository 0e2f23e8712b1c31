/* Nodes into leaves: text unescaped where it must be, numbers read. SEMANTICS section 5. */
#include <string.h>

#include "number.h"
#include "tape.h"

static uint32_t hex4(const uint8_t *p)
{
    uint32_t v = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t c = p[i];
        v = v << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return v;
}

static uint8_t *utf8_put(uint8_t *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (uint8_t)c;
    } else if (c < 0x800) {
        *to++ = (uint8_t)(0xc0 | c >> 6);
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (uint8_t)(0xe0 | c >> 12);
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    } else {
        *to++ = (uint8_t)(0xf0 | c >> 18);
        *to++ = (uint8_t)(0x80 | (c >> 12 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        *to++ = (uint8_t)(0x80 | (c & 0x3f));
    }
    return to;
}

/* *p stands behind `\u`; reads the second half of a pair too. A lone surrogate is U+FFFD. */
static uint32_t unicode_escape(const uint8_t **p, const uint8_t *end)
{
    uint32_t c = hex4(*p);
    *p += 4;
    if (c < 0xd800 || c > 0xdfff)
        return c;
    if (c > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
        return 0xfffd;
    uint32_t low = hex4(*p + 2);
    if (low < 0xdc00 || low > 0xdfff)
        return 0xfffd;
    *p += 6;
    return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

static uint32_t simple_escape(uint8_t c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

/* Escapes that the reader has checked, so none ends early. Never longer than what it reads. */
static size_t unescape(uint8_t *to, const uint8_t *p, const uint8_t *end)
{
    uint8_t *start = to;
    while (p < end) {
        const uint8_t *backslash = memchr(p, '\\', (size_t)(end - p));
        size_t plain = (size_t)((backslash != NULL ? backslash : end) - p);
        memcpy(to, p, plain);
        to += plain;
        p += plain;
        if (p == end)
            break;
        uint8_t c = p[1];
        p += 2;
        to = utf8_put(to, c == 'u' ? unicode_escape(&p, end) : simple_escape(c));
    }
    return (size_t)(to - start);
}

const uint8_t *srt_node_text(struct srt_tape *tape, uint32_t node, struct srt_event *event)
{
    struct srt_node *n = &tape->nodes[node];
    if ((n->flags & SRT_NODE_DECODED) != 0)
        return event->text + n->off;
    if ((n->flags & SRT_NODE_ESCAPED) == 0)
        return tape->text + n->off;
    uint8_t *text = srt_event_text(event, n->len);
    if (text == NULL)
        return NULL;
    const uint8_t *raw = tape->text + n->off;
    size_t len = unescape(text, raw, raw + n->len);
    event->text_len -= n->len - len;
    n->off = (uint32_t)(text - event->text);
    n->len = (uint32_t)len;
    n->flags = (uint16_t)((n->flags & ~SRT_NODE_ESCAPED) | SRT_NODE_DECODED);
    return text;
}

static struct sigmaton_slot leaf_of(uint32_t kind, const void *text, size_t len, uint64_t number)
{
    return (struct sigmaton_slot){
        .at.text = text, .number = number, .len = (uint32_t)len, .kind = kind};
}

static bool number_leaf(const struct srt_tape *tape, const struct srt_node *n,
                        struct srt_event *event, struct sigmaton_slot *ret_leaf)
{
    const uint8_t *token = tape->text + n->off;
    bool is_integer = true;
    for (uint32_t i = 0; i < n->len && is_integer; i++)
        is_integer = token[i] == '-' || (token[i] >= '0' && token[i] <= '9');
    struct srt_number number;
    if (is_integer && n->len == 2 && token[0] == '-' && token[1] == '0') {
        *ret_leaf = leaf_of(SIGMATON_INT, "0", 1, 0);
    } else if (!srt_number_read(token, n->len, &number)) { /* its double is infinite */
        *ret_leaf = leaf_of(SIGMATON_TEXT, token, n->len, 0);
    } else if (is_integer) {
        *ret_leaf = leaf_of(number.kind, token, n->len, number.bits);
    } else {
        uint8_t *text = srt_event_text(event, SRT_NUMBER_TEXT);
        if (text == NULL)
            return false;
        size_t len = srt_number_text(srt_number_double(number.bits), (char *)text);
        *ret_leaf = leaf_of(number.kind, text, len, number.bits);
    }
    return true;
}

bool srt_node_leaf(struct srt_tape *tape, uint32_t node, struct srt_event *event,
                   struct sigmaton_slot *ret_leaf)
{
    const struct srt_node *n = &tape->nodes[node];
    switch ((enum srt_node_kind)n->kind) {
    case SRT_NODE_STRING: {
        const uint8_t *text = srt_node_text(tape, node, event);
        if (text == NULL)
            return false;
        *ret_leaf = leaf_of(SIGMATON_TEXT, text, n->len, 0);
        return true;
    }
    case SRT_NODE_NUMBER:
        return number_leaf(tape, n, event, ret_leaf);
    case SRT_NODE_TRUE:
        *ret_leaf = leaf_of(SIGMATON_BOOL, "true", 4, 1);
        return true;
    case SRT_NODE_FALSE:
        *ret_leaf = leaf_of(SIGMATON_BOOL, "false", 5, 0);
        return true;
    default:
        *ret_leaf = leaf_of(SIGMATON_NULL, NULL, 0, 0);
        return true;
    }
}
