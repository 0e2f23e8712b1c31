#include "ndjson.h"

#include <string.h>

#include "leaf_text.h"

#define STRINGIFY_(x) #x
#define STRINGIFY(x) STRINGIFY_(x)

struct reader {
    const uint8_t *p, *end;
    struct srt_tape *tape;
    enum sigmaton_status status;
    uint32_t depth;
    uint32_t open[SIGMATON_DEPTH_MAX]; /* nodes of the containers around p */
};

static bool fail_at(struct reader *r, const uint8_t *at, const char *what)
{
    r->status = SIGMATON_EEVENT;
    r->tape->error = what;
    r->tape->error_off = (size_t)(at - r->tape->text);
    return false;
}

static bool fail(struct reader *r, const char *what)
{
    return fail_at(r, r->p, r->p == r->end ? "the text ends inside the event" : what);
}

static bool over_limit(struct reader *r, const char *what)
{
    fail_at(r, r->p, what);
    r->status = SIGMATON_ELIMIT;
    return false;
}

static void skip_blanks(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
        r->p++;
}

static struct srt_node *node_add(struct reader *r, enum srt_node_kind kind, const uint8_t *at)
{
    struct srt_tape *tape = r->tape;
    if (tape->n == SIGMATON_VALUES_MAX) {
        over_limit(r, "the event has more than " STRINGIFY(
                          SIGMATON_VALUES_MAX) " keys and values (SIGMATON_VALUES_MAX)");
        return NULL;
    }
    struct srt_node *node = &tape->nodes[tape->n++];
    *node = (struct srt_node){
        .off = (uint32_t)(at - tape->text), .end = tape->n, .kind = (uint16_t)kind};
    return node;
}

/* ---- Strings ------------------------------------------------------------------------------- */

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Nonzero when a byte of w is a quote, a backslash, a control character or not ASCII. */
static uint64_t special_bytes(uint64_t w)
{
    uint64_t quote = w ^ EACH_BYTE('"'), backslash = w ^ EACH_BYTE('\\');
    uint64_t hit = (quote - EACH_BYTE(1)) | (backslash - EACH_BYTE(1)) | (w - EACH_BYTE(0x20)) | w;
    return hit & EACH_BYTE(0x80);
}

/* The first byte of a string from p on that is not plain, or end. */
static const uint8_t *plain_skip(const uint8_t *p, const uint8_t *end)
{
    while (end - p >= 8) {
        uint64_t w, hit;
        memcpy(&w, p, 8);
        hit = special_bytes(w);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        if (hit != 0) /* borrows only run upwards: the lowest hit is a true one */
            return p + __builtin_ctzll(hit) / 8;
#else
        if (hit != 0)
            break;
#endif
        p += 8;
    }
    while (p < end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\')
        p++;
    return p;
}

/* A key's fault ends the event; a value's may stand where nobody reads it. */
static bool string_fault(struct reader *r, struct srt_node *node, const char *what)
{
    if (node->kind == SRT_NODE_KEY)
        return fail(r, what);
    node->flags |= SRT_NODE_FAULTY;
    r->p++;
    return true;
}

/* p stands on a backslash. What is escaped wrongly is skipped like what is escaped well: but for a
 * line end, which ends a line wherever it stands. */
static bool escape_read(struct reader *r, struct srt_node *node)
{
    const char *what;
    size_t n = srt_escape_length(r->p, r->end, &what);
    node->flags |= SRT_NODE_ESCAPED;
    if (n == 0 && what == NULL && r->end - r->p < 2) {
        r->p = r->end;
        return fail(r, "");
    }
    if (n > 0) {
        r->p += n;
        return true;
    }
    if (what == NULL && node->kind == SRT_NODE_KEY) {
        r->p = r->end;
        return fail(r, "");
    }
    if (!string_fault(r, node, what != NULL ? what : ""))
        return false;
    r->p += *r->p != '\n';
    return true;
}

/* p stands behind the opening quote; goes behind the closing one. */
static bool string_read(struct reader *r, enum srt_node_kind kind)
{
    const uint8_t *start = r->p;
    struct srt_node *node = node_add(r, kind, start);
    if (node == NULL)
        return false;
    for (;;) {
        r->p = plain_skip(r->p, r->end);
        if (r->p == r->end)
            return fail(r, "");
        uint8_t c = *r->p;
        size_t n = c < 0x80 ? 0 : srt_utf8_sequence(r->p, r->end);
        r->p += n;
        if (n > 0)
            continue;
        if (c == '"') {
            node->len = (uint32_t)(r->p++ - start);
            return true;
        }
        if (c == '\n')
            return fail(r, "a control character in a string");
        bool ok = c == '\\'  ? escape_read(r, node)
                  : c < 0x20 ? string_fault(r, node, "a control character in a string")
                             : string_fault(r, node, "malformed UTF-8");
        if (!ok)
            return false;
    }
}

/* ---- Numbers and literals ------------------------------------------------------------------ */

static bool digits_skip(struct reader *r)
{
    const uint8_t *start = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return r->p > start ? true : fail(r, "a digit is missing");
}

static bool number_read(struct reader *r)
{
    const uint8_t *start = r->p;
    if (*r->p == '-')
        r->p++;
    if (r->p < r->end && *r->p == '0')
        r->p++;
    else if (!digits_skip(r))
        return false;
    if (r->p < r->end && *r->p == '.') {
        r->p++;
        if (!digits_skip(r))
            return false;
    }
    if (r->p < r->end && (*r->p | 0x20) == 'e') {
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
            r->p++;
        if (!digits_skip(r))
            return false;
    }
    const uint8_t *stop = r->p;
    struct srt_node *node = node_add(r, SRT_NODE_NUMBER, start);
    if (node == NULL)
        return false;
    node->len = (uint32_t)(stop - start);
    return true;
}

static bool literal_read(struct reader *r, const char *word, size_t len, enum srt_node_kind kind)
{
    const uint8_t *start = r->p;
    for (size_t i = 0; i < len; i++, r->p++)
        if (r->p == r->end || *r->p != (uint8_t)word[i])
            return fail(r, "an unknown literal");
    struct srt_node *node = node_add(r, kind, start);
    if (node != NULL)
        node->len = (uint32_t)len;
    return node != NULL;
}

/* ---- Structure ----------------------------------------------------------------------------- */

static bool container_open(struct reader *r)
{
    if (r->depth == SIGMATON_DEPTH_MAX)
        return over_limit(r, "the event nests deeper than " STRINGIFY(
                                 SIGMATON_DEPTH_MAX) " (SIGMATON_DEPTH_MAX)");
    enum srt_node_kind kind = *r->p == '{' ? SRT_NODE_OBJECT : SRT_NODE_ARRAY;
    if (node_add(r, kind, r->p) == NULL)
        return false;
    r->open[r->depth++] = r->tape->n - 1;
    r->p++;
    return true;
}

static void container_close(struct reader *r)
{
    struct srt_node *node = &r->tape->nodes[r->open[--r->depth]];
    r->p++;
    node->end = r->tape->n;
    node->len = (uint32_t)((size_t)(r->p - r->tape->text) - node->off);
}

/* p < end stands on the first byte of a value. */
static bool value_read(struct reader *r)
{
    switch (*r->p) {
    case '{':
    case '[':
        return container_open(r);
    case '"':
        r->p++;
        return string_read(r, SRT_NODE_STRING);
    case 't':
        return literal_read(r, "true", 4, SRT_NODE_TRUE);
    case 'f':
        return literal_read(r, "false", 5, SRT_NODE_FALSE);
    case 'n':
        return literal_read(r, "null", 4, SRT_NODE_NULL);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return number_read(r);
    default:
        return fail(r, "a value is missing");
    }
}

static bool key_read(struct reader *r)
{
    if (r->p == r->end || *r->p != '"')
        return fail(r, "a key is missing");
    r->p++;
    if (!string_read(r, SRT_NODE_KEY))
        return false;
    skip_blanks(r);
    if (r->p == r->end || *r->p != ':')
        return fail(r, "':' is missing behind a key");
    r->p++;
    skip_blanks(r);
    return true;
}

/* The next member of the innermost container, or its end. */
static bool member_read(struct reader *r)
{
    uint32_t open = r->open[r->depth - 1];
    bool is_object = r->tape->nodes[open].kind == SRT_NODE_OBJECT;
    skip_blanks(r);
    if (r->p < r->end && *r->p == (is_object ? '}' : ']')) {
        container_close(r);
        return true;
    }
    if (r->tape->n > open + 1) {
        if (r->p == r->end || *r->p != ',')
            return fail(r, is_object ? "',' or '}' is missing" : "',' or ']' is missing");
        r->p++;
        skip_blanks(r);
    }
    if (is_object && !key_read(r))
        return false;
    return r->p < r->end ? value_read(r) : fail(r, "");
}

static bool event_read(struct reader *r)
{
    if (r->end - r->p >= 3 && memcmp(r->p, "\xef\xbb\xbf", 3) == 0)
        r->p += 3;
    skip_blanks(r);
    if (r->p == r->end)
        return fail_at(r, r->p, "no event: the text is empty");
    if (*r->p != '{')
        return fail(r, "no JSON object");
    if (!container_open(r))
        return false;
    while (r->depth > 0)
        if (!member_read(r))
            return false;
    skip_blanks(r);
    return r->p == r->end ? true : fail(r, "text behind the event");
}

enum sigmaton_status srt_json_parse(struct srt_tape *tape, const uint8_t *text, size_t len)
{
    static const uint8_t nothing[1];
    tape->text = len > 0 ? text : nothing;
    tape->len = len;
    tape->n = 0;
    tape->error = NULL;
    tape->error_off = 0;
    struct reader r = {.p = tape->text, .end = tape->text + len, .tape = tape};
    if (len > SIGMATON_LINE_MAX) {
        r.p += SIGMATON_LINE_MAX;
        over_limit(&r, "the event is longer than 1 MiB (SIGMATON_LINE_MAX)");
    } else {
        event_read(&r);
    }
    return r.status;
}

/* ---- Slots --------------------------------------------------------------------------------- */

void srt_json_cut(struct srt_tape *tape, const struct srt_names *names, uint32_t n_slots,
                  struct srt_cutter *cutter)
{
    memset(tape, 0, sizeof *tape);
    tape->nodes = srt_cut(cutter, SIGMATON_VALUES_MAX, sizeof *tape->nodes);
    tape->visits = srt_cut(cutter, SRT_VISITS_MAX, sizeof *tape->visits);
    tape->found = srt_cut(cutter, SIGMATON_VALUES_MAX, sizeof *tape->found);
    tape->first = srt_cut(cutter, n_slots, sizeof *tape->first);
    tape->last = srt_cut(cutter, n_slots, sizeof *tape->last);
    tape->touched = srt_cut(cutter, n_slots, sizeof *tape->touched);
    tape->won = srt_cut(cutter, n_slots, sizeof *tape->won);
    tape->is_won = srt_cut(cutter, n_slots, sizeof *tape->is_won);
    tape->seen = srt_cut(cutter, names->n_names, sizeof *tape->seen);
    tape->keys = srt_cut(cutter, SIGMATON_VALUES_MAX, sizeof *tape->keys);
}

/* Why a step of the look-up answered false: a text that it needed is at fault, or an arena is full.
 */
static enum sigmaton_status bind_status(struct srt_tape *tape, bool ok)
{
    if (ok)
        return SIGMATON_OK;
    if (tape->error != NULL)
        return SIGMATON_EEVENT;
    tape->error = "the event's unescaped text or its leaves exceed the scratch "
                  "(SRT_EVENT_TEXT_MAX, SRT_EVENT_LEAVES_MAX)";
    tape->error_off = 0;
    return SIGMATON_ELIMIT;
}

enum sigmaton_status srt_json_bind(struct srt_tape *tape, const struct srt_names *names,
                                   struct srt_event *event)
{
    return bind_status(tape, srt_fields_bind(tape, names, event));
}

enum sigmaton_status srt_json_keywords(struct srt_tape *tape, const struct srt_names *names,
                                       struct srt_event *event)
{
    struct srt_role_slots keywords = names->roles[SRT_ROLE_KEYWORDS];
    bool ok = true;
    for (uint32_t i = 0; ok && i < keywords.n; i++)
        ok = srt_keywords_bind(tape, keywords.slots[i], event);
    return bind_status(tape, ok);
}

enum sigmaton_status srt_json_texts(struct srt_tape *tape)
{
    for (uint32_t i = 0; i < tape->n; i++)
        if (!srt_node_check(tape, i))
            return SIGMATON_EEVENT;
    return SIGMATON_OK;
}
