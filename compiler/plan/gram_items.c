#include "gram_items.h"

#include <string.h>

#include "arena.h"

static const char letters[] = "\b\t\n\f\r\"\\", escapes[] = "btnfr\"\\";

/* JSON may escape any byte; in values that hold such escapes of others nothing is looked for. */
static bool is_escaped(char c)
{
    return (uint8_t)c < 0x20 || c == '"' || c == '\\';
}

static bool has_escaped(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_escaped(s.p[i]))
            return true;
    return false;
}

/* Four bytes that stand in a raw value as they are: none is escaped, but that the first may be what
 * follows a backslash, and the last a backslash that begins an escape. */
static bool is_raw_window(const char *p)
{
    return (!is_escaped(p[0]) || p[0] == '"' || p[0] == '\\') && !is_escaped(p[1]) &&
           !is_escaped(p[2]) && (!is_escaped(p[3]) || p[3] == '\\');
}

static bool has_raw_window(struct str s)
{
    for (size_t i = 0; i + 4 <= s.len && i <= GRAM_BEFORE_MAX; i++)
        if (is_raw_window(s.p + i))
            return true;
    return false;
}

/* As it stands between quotes. Control characters without a letter of their own stand in values
 * that are not looked at raw. */
static struct str escaped(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, 2 * s.len);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        const char *letter = s.p[i] != '\0' ? strchr(letters, s.p[i]) : NULL;
        if (letter != NULL)
            p[n++] = '\\';
        p[n++] = letter != NULL ? escapes[letter - letters] : s.p[i];
    }
    return (struct str){p, n};
}

static void add(struct gram_items *items, struct str s, uint32_t id, uint32_t flags)
{
    struct gram_item *item =
        s.len <= GRAM_SHORT ? &items->shorts[items->n_shorts++] : &items->longer[items->n_longer++];
    *item = (struct gram_item){s, id, flags};
}

/* A byte that JSON escapes: its backslash tells, whatever the escape is. */
static struct str one_byte_in_json(struct str s)
{
    return (uint8_t)s.p[0] < 0x20 ? STR("\\") : s;
}

struct gram_items gram_items(struct arena *a, const struct gram_text *texts, uint32_t n)
{
    struct gram_items items = {.longer = ARENA_ARRAY(a, 2 * (size_t)n, struct gram_item),
                               .shorts = ARENA_ARRAY(a, 2 * (size_t)n, struct gram_item)};
    for (uint32_t i = 0; i < n; i++) {
        const struct str s = texts[i].text;
        const uint32_t id = texts[i].id, cased = texts[i].cased ? SIGMATON_GRAM_CASED : 0;
        if (!has_escaped(s)) {
            add(&items, s, id, cased);
        } else if (has_raw_window(s)) {
            add(&items, s, id, cased | SIGMATON_GRAM_ESCAPES);
        } else {
            add(&items, s, id, cased | SIGMATON_GRAM_DECODED);
            add(&items, s.len == 1 ? one_byte_in_json(s) : escaped(a, s), id,
                cased | SIGMATON_GRAM_RAW);
        }
    }
    return items;
}

/* Bit `bit` of the texts that have byte i of the item at their place i. */
static void write_byte(const struct gram_item *item, uint32_t i, uint8_t bit, uint8_t *at)
{
    const uint8_t c = (uint8_t)item->text.p[i];
    at[c] |= bit;
    if (c >= 'a' && c <= 'z' && (item->flags & SIGMATON_GRAM_CASED) == 0)
        at[c - 32] |= bit;
}

void gram_shorts_write(const struct gram_item *items, uint32_t n, struct sigmaton_gram_short *sets)
{
    memset(sets, 0, gram_sets_of(n) * sizeof *sets);
    for (uint32_t i = 0; i < n; i++) {
        struct sigmaton_gram_short *set = &sets[i / 8];
        const uint8_t bit = (uint8_t)(1u << i % 8);
        set->id[i % 8] = items[i].id;
        set->raw |= (items[i].flags & SIGMATON_GRAM_DECODED) != 0 ? 0 : bit;
        set->decoded |= (items[i].flags & SIGMATON_GRAM_RAW) != 0 ? 0 : bit;
        write_byte(&items[i], 0, bit, set->at[0]);
        if (items[i].text.len == 2) {
            write_byte(&items[i], 1, bit, set->at[1]);
            continue;
        }
        set->single |= bit;
        for (uint32_t c = 0; c < 256; c++)
            set->at[1][c] |= bit;
    }
}

bool gram_window_fits(const struct gram_item *item, size_t at)
{
    const struct str s = item->text;
    if (at == 0 && s.len <= 4)
        return true;
    if (at + 4 > s.len || at > GRAM_BEFORE_MAX)
        return false;
    if ((item->flags & SIGMATON_GRAM_ESCAPES) == 0)
        return true;
    return is_raw_window(s.p + at);
}

uint32_t gram_window(struct str s, size_t at)
{
    uint32_t v = 0;
    for (size_t i = at; i < at + 4 && i < s.len; i++)
        v |= (uint32_t)(uint8_t)s.p[i] << (i - at) * 8;
    return v & SIGMATON_GRAM_FOLD;
}
