#include <string.h>

#include "value.h"

#define V4_BITS 32u
#define V6_BITS 128u
#define V6_GROUPS 8

/* Four decimal numbers without leading zeros. */
static bool parse_v4(struct str s, uint8_t out[4])
{
    size_t i = 0;
    for (unsigned part = 0; part < 4; part++) {
        if (part > 0 && (i >= s.len || s.p[i++] != '.'))
            return false;
        size_t start = i;
        unsigned number = 0;
        while (i < s.len && i - start < 3 && s.p[i] >= '0' && s.p[i] <= '9')
            number = number * 10 + (unsigned)(s.p[i++] - '0');
        if (i == start || number > 255 || (i - start > 1 && s.p[start] == '0'))
            return false;
        out[part] = (uint8_t)number;
    }
    return i == s.len;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Groups of one to four hex digits between colons; the last may be a dotted IPv4 address when
 * `tail`. Returns the number of groups, or -1. */
static int parse_groups(struct str s, bool tail, uint16_t groups[V6_GROUPS])
{
    int n = 0;
    size_t i = 0;
    while (i < s.len) {
        size_t end = i;
        while (end < s.len && s.p[end] != ':')
            end++;
        struct str group = str_sub(s, i, end - i);
        uint8_t v4[4];
        if (tail && end == s.len && n <= V6_GROUPS - 2 && parse_v4(group, v4)) {
            groups[n++] = (uint16_t)(v4[0] << 8 | v4[1]);
            groups[n++] = (uint16_t)(v4[2] << 8 | v4[3]);
            return n;
        }
        if (n == V6_GROUPS || group.len == 0 || group.len > 4)
            return -1;
        unsigned number = 0;
        for (size_t k = 0; k < group.len; k++) {
            int digit = hex_digit(group.p[k]);
            if (digit < 0)
                return -1;
            number = number << 4 | (unsigned)digit;
        }
        groups[n++] = (uint16_t)number;
        i = end;
        if (i < s.len && ++i == s.len)
            return -1; /* a colon at the end */
    }
    return n;
}

static size_t find_double_colon(struct str s)
{
    for (size_t i = 0; i + 1 < s.len; i++)
        if (s.p[i] == ':' && s.p[i + 1] == ':')
            return i;
    return s.len;
}

static bool parse_v6(struct str s, uint8_t out[16])
{
    uint16_t head[V6_GROUPS], tail[V6_GROUPS], all[V6_GROUPS] = {0};
    size_t gap = find_double_colon(s);
    if (gap == s.len) {
        if (parse_groups(s, true, all) != V6_GROUPS)
            return false;
    } else {
        int n_head = parse_groups(str_sub(s, 0, gap), false, head);
        int n_tail = parse_groups(str_sub(s, gap + 2, s.len), true, tail);
        if (n_head < 0 || n_tail < 0 || n_head + n_tail >= V6_GROUPS)
            return false;
        memcpy(all, head, (size_t)n_head * sizeof head[0]);
        memcpy(all + V6_GROUPS - n_tail, tail, (size_t)n_tail * sizeof tail[0]);
    }
    for (unsigned i = 0; i < V6_GROUPS; i++) {
        out[2 * i] = (uint8_t)(all[i] >> 8);
        out[2 * i + 1] = (uint8_t)all[i];
    }
    return true;
}

/* Decimal digits only, no leading zero; false above `max`. */
static bool parse_prefix(struct str s, unsigned max, unsigned *ret_prefix)
{
    if (s.len == 0 || s.len > 3 || (s.len > 1 && s.p[0] == '0'))
        return false;
    unsigned number = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        number = number * 10 + (unsigned)(s.p[i] - '0');
    }
    *ret_prefix = number;
    return number <= max;
}

static bool has_host_bits(const struct network *net)
{
    unsigned bits = net->v6 ? V6_BITS : V4_BITS;
    for (unsigned i = net->prefix; i < bits; i++)
        if (net->address[i / 8] & (0x80u >> (i % 8)))
            return true;
    return false;
}

bool network_parse(struct str s, struct network *ret_network, const char **ret_why)
{
    struct network net = {0};
    size_t slash = str_find(s, '/');
    struct str address = str_sub(s, 0, slash);
    net.v6 = str_find(address, ':') < address.len;
    if (net.v6 ? !parse_v6(address, net.address) : !parse_v4(address, net.address)) {
        *ret_why =
            net.v6 ? "not an IPv6 address" : "not an IPv4 address (four numbers, no leading zeros)";
        return false;
    }
    net.prefix = net.v6 ? V6_BITS : V4_BITS;
    if (slash < s.len && !parse_prefix(str_sub(s, slash + 1, s.len), net.prefix, &net.prefix)) {
        *ret_why =
            net.v6 ? "the prefix is a number from 0 to 128" : "the prefix is a number from 0 to 32";
        return false;
    }
    if (has_host_bits(&net)) {
        *ret_why = "address bits behind the prefix are set";
        return false;
    }
    *ret_network = net;
    return true;
}
