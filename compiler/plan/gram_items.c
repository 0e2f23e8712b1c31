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

struct gram_item *gram_items(struct arena *a, const struct gram_text *texts, uint32_t n,
                             uint32_t *ret_n)
{
    struct gram_item *items = ARENA_ARRAY(a, 2 * (size_t)n, struct gram_item);
    uint32_t m = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct str s = texts[i].text;
        const uint32_t cased = texts[i].cased ? SIGMATON_GRAM_CASED : 0;
        if (s.len < 2)
            continue;
        if (!has_escaped(s)) {
            items[m++] = (struct gram_item){s, texts[i].id, cased};
        } else if (has_raw_window(s)) {
            items[m++] = (struct gram_item){s, texts[i].id, cased | SIGMATON_GRAM_ESCAPES};
        } else {
            items[m++] = (struct gram_item){s, texts[i].id, cased | SIGMATON_GRAM_DECODED};
            items[m++] = (struct gram_item){escaped(a, s), texts[i].id, cased | SIGMATON_GRAM_RAW};
        }
    }
    *ret_n = m;
    return items;
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
