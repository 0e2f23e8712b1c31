#include "cidr.h"

#include <stdbool.h>
#include <string.h>

#include "leaf.h"

#define LONGEST 45 /* "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255" */

static bool read_v4(const uint8_t *p, const uint8_t *end, uint8_t out[4])
{
    for (int i = 0; i < 4; i++) {
        if (i > 0 && (p == end || *p++ != '.'))
            return false;
        uint32_t value = 0;
        const uint8_t *first = p;
        while (p < end && *p >= '0' && *p <= '9' && p - first < 3)
            value = value * 10 + (uint32_t)(*p++ - '0');
        if (p == first || value > 255 || (*first == '0' && p - first > 1))
            return false;
        out[i] = (uint8_t)value;
    }
    return p == end;
}

static int hex_digit(uint8_t b)
{
    if (b >= '0' && b <= '9')
        return b - '0';
    b |= 0x20;
    return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
}

/* One group of up to four digits; false when there is none. */
static bool read_group(const uint8_t **p, const uint8_t *end, uint32_t *ret)
{
    uint32_t value = 0;
    int n = 0;
    for (; *p < end && n < 4 && hex_digit(**p) >= 0; n++)
        value = value << 4 | (uint32_t)hex_digit(*(*p)++);
    *ret = value;
    return n > 0;
}

/* RFC 4291 section 2.2: groups, at most one "::" for one group or more, the last two groups may be
 * written as a dotted quad. */
static bool read_v6(const uint8_t *p, const uint8_t *end, uint8_t out[16])
{
    uint8_t bytes[16] = {0};
    uint32_t n = 0, gap = UINT32_MAX;
    if (end - p >= 2 && p[0] == ':' && p[1] == ':') {
        gap = 0;
        p += 2;
    }
    while (p < end) {
        const uint8_t *group = p;
        uint32_t value;
        if (n == 16 || !read_group(&p, end, &value))
            return false;
        if (p < end && *p == '.') {
            if (n > 12 || !read_v4(group, end, bytes + n))
                return false;
            n += 4;
            break;
        }
        bytes[n++] = (uint8_t)(value >> 8);
        bytes[n++] = (uint8_t)value;
        if (p == end)
            break;
        if (*p++ != ':' || p == end)
            return false;
        if (*p == ':') {
            if (gap != UINT32_MAX)
                return false;
            gap = n;
            p++;
        }
    }
    if (gap == UINT32_MAX ? n != 16 : n == 16)
        return false;
    if (gap != UINT32_MAX) {
        memmove(bytes + 16 - (n - gap), bytes + gap, n - gap);
        memset(bytes + gap, 0, 16 - n);
    }
    memcpy(out, bytes, 16);
    return true;
}

uint32_t srt_address_read(const uint8_t *p, uint32_t len, uint8_t address[16])
{
    if (len < 2 || len > LONGEST)
        return 0;
    if (memchr(p, ':', len))
        return read_v6(p, p + len, address) ? 16 : 0;
    return read_v4(p, p + len, address) ? 4 : 0;
}

static bool in_network(const struct sigmaton_slot *leaf, const uint8_t *network, uint32_t prefix,
                       uint32_t size)
{
    uint8_t a[16];
    if (prefix > size * 8 || srt_address_read(leaf->at.text, leaf->len, a) != size)
        return false;
    const uint32_t whole = prefix / 8, rest = prefix % 8;
    if (memcmp(a, network, whole) != 0)
        return false;
    return rest == 0 || ((a[whole] ^ network[whole]) >> (8 - rest)) == 0;
}

int32_t srt_cidr(const struct sigmaton_slot *s, const uint8_t *address, uint32_t prefix,
                 uint32_t is_v6)
{
    SRT_ANY_TEXT_LEAF(
        s, leaf, leaf->kind == SIGMATON_TEXT && in_network(leaf, address, prefix, is_v6 ? 16 : 4));
}
