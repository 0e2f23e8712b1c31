#include "windash.h"

#include <stddef.h>

#include "str.h"

const char *const windash_texts[WINDASH_COUNT] = {"-", "/", "\xe2\x80\x93", "\xe2\x80\x94",
                                                  "\xe2\x80\x95"};

bool windash_is_dash(uint32_t c)
{
    return c == '-' || c == '/' || (c >= 0x2013 && c <= 0x2015);
}

/* Blocks of punctuation, symbols, spaces and controls from U+0080 on; the rest counts as letters.
 */
static const struct {
    uint32_t lo, hi;
} not_words[] = {
    {0x0080, 0x00a9}, {0x00ab, 0x00b1}, {0x00b4, 0x00b4}, {0x00b6, 0x00b8}, {0x00bb, 0x00bb},
    {0x00bf, 0x00bf}, {0x00d7, 0x00d7}, {0x00f7, 0x00f7}, {0x2000, 0x206f}, {0x20a0, 0x20ff},
    {0x2190, 0x2bff}, {0x2e00, 0x2e7f}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0xd800, 0xf8ff},
    {0xfe00, 0xfe6f}, {0xff01, 0xff0f}, {0xff1a, 0xff20}, {0xff3b, 0xff40}, {0xff5b, 0xff65},
    {0xffe0, 0xffff},
};

bool windash_is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '_';
    for (size_t i = 0; i < sizeof not_words / sizeof not_words[0]; i++)
        if (c >= not_words[i].lo && c <= not_words[i].hi)
            return false;
    return true;
}

bool windash_position(uint32_t before, uint32_t c, const char *rest, const char *end)
{
    if (!windash_is_dash(c) || windash_is_word(before) || rest == end)
        return false;
    return windash_is_word(utf8_next(&rest, end));
}
