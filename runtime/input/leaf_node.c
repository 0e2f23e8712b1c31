/* Nodes into leaves: text unescaped where it must be, numbers read. SEMANTICS section 5. */
#include <string.h>

#include "leaf_text.h"
#include "tape.h"

bool srt_node_check(struct srt_tape *tape, uint32_t node)
{
    const struct srt_node *n = &tape->nodes[node];
    const uint8_t *at;
    if ((n->flags & SRT_NODE_FAULTY) == 0)
        return true;
    tape->error = srt_text_fault(tape->text + n->off, n->len, &at);
    tape->error_off = (size_t)(at - tape->text);
    return false;
}

const uint8_t *srt_node_text(struct srt_tape *tape, uint32_t node, struct srt_event *event)
{
    struct srt_node *n = &tape->nodes[node];
    if ((n->flags & SRT_NODE_DECODED) != 0)
        return event->text + n->off;
    if ((n->flags & SRT_NODE_ESCAPED) == 0)
        return srt_node_check(tape, node) ? tape->text + n->off : NULL;
    if (!srt_node_check(tape, node))
        return NULL;
    uint8_t *text = srt_event_text(event, n->len);
    if (text == NULL)
        return NULL;
    const uint8_t *raw = tape->text + n->off;
    size_t len = srt_unescape(NULL, text, raw, n->len, tape->text + tape->len);
    event->text_len -= n->len - len;
    n->off = (uint32_t)(text - event->text);
    n->len = (uint32_t)len;
    n->flags = (uint16_t)((n->flags & ~SRT_NODE_ESCAPED) | SRT_NODE_DECODED);
    return text;
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
        *ret_leaf = (struct sigmaton_slot){.at.text = text, .len = n->len, .kind = SIGMATON_TEXT};
        return true;
    }
    case SRT_NODE_NUMBER:
        return srt_number_leaf(event, tape->text + n->off, n->len, ret_leaf);
    default:
        srt_literal_leaf(tape->text[n->off], ret_leaf);
        return true;
    }
}
