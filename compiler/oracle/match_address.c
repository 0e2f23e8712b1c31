#include "match.h"

#include <string.h>

/* A decimal number 0..255 without leading zeros at *at, which moves behind it. */
static bool read_octet(struct str s, size_t *at, uint8_t *ret)
{
    size_t i = *at;
    unsigned value = 0;
    while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9' && i - *at < 3)
        value = value * 10 + (unsigned)(s.p[i++] - '0');
    size_t digits = i - *at;
    if (digits == 0 || value > 255 || (digits > 1 && s.p[*at] == '0'))
        return false;
    *ret = (uint8_t)value;
    *at = i;
    return true;
}

static bool read_v4(struct str s, uint8_t address[4])
{
    size_t at = 0;
    for (int i = 0; i < 4; i++) {
        if (i > 0 && (at >= s.len || s.p[at++] != '.'))
            return false;
        if (!read_octet(s, &at, &address[i]))
            return false;
    }
    return at == s.len;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A group of one to four hex digits that is all of s. */
static bool read_group(struct str s, uint8_t out[2])
{
    if (s.len < 1 || s.len > 4)
        return false;
    unsigned value = 0;
    for (size_t i = 0; i < s.len; i++) {
        int h = hex_value(s.p[i]);
        if (h < 0)
            return false;
        value = value * 16 + (unsigned)h;
    }
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)(value & 0xFF);
    return true;
}

/* Groups between colons, of which the last may be a dotted quad. *ret_n: bytes written. An empty
 * text has no groups. */
static bool read_groups(struct str s, bool last_may_be_v4, uint8_t out[16], size_t *ret_n)
{
    *ret_n = 0;
    if (s.len == 0)
        return true;
    for (;;) {
        size_t colon = str_find(s, ':');
        struct str group = str_sub(s, 0, colon);
        bool last = colon == s.len;
        if (last && last_may_be_v4 && *ret_n <= 12 && read_v4(group, out + *ret_n)) {
            *ret_n += 4;
            return true;
        }
        if (*ret_n > 14 || !read_group(group, out + *ret_n))
            return false;
        *ret_n += 2;
        if (last)
            return true;
        s = str_sub(s, colon + 1, s.len);
    }
}

static size_t find_double_colon(struct str s)
{
    for (size_t i = 0; i + 1 < s.len; i++)
        if (s.p[i] == ':' && s.p[i + 1] == ':')
            return i;
    return s.len;
}

/* `::` stands for the zeros between what is before and what is behind, one group at least. */
static bool read_v6(struct str s, uint8_t address[16])
{
    size_t gap = find_double_colon(s);
    uint8_t before[16], behind[16];
    size_t n_before, n_behind = 0;
    if (!read_groups(str_sub(s, 0, gap), gap == s.len, before, &n_before))
        return false;
    if (gap == s.len) {
        memcpy(address, before, 16);
        return n_before == 16;
    }
    if (!read_groups(str_sub(s, gap + 2, s.len), true, behind, &n_behind) ||
        n_before + n_behind > 14)
        return false;
    memset(address, 0, 16);
    memcpy(address, before, n_before);
    memcpy(address + 16 - n_behind, behind, n_behind);
    return true;
}

bool address_read(struct str s, bool *ret_v6, uint8_t ret_address[16])
{
    uint8_t address[16] = {0};
    bool v6 = str_find(s, ':') < s.len;
    if (!(v6 ? read_v6(s, address) : read_v4(s, address)))
        return false;
    *ret_v6 = v6;
    memcpy(ret_address, address, sizeof address);
    return true;
}

bool address_in(struct str s, const struct network *network)
{
    bool v6 = false;
    uint8_t address[16];
    if (!address_read(s, &v6, address) || v6 != network->v6)
        return false;
    for (unsigned bit = 0; bit < network->prefix; bit++) {
        uint8_t mask = (uint8_t)(0x80 >> bit % 8);
        if ((address[bit / 8] & mask) != (network->address[bit / 8] & mask))
            return false;
    }
    return true;
}
