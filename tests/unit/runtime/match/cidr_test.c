#include "slots.h"

#include "cidr.h"

static const struct {
    const char *text;
    uint32_t size; /* 0: no address */
    uint8_t bytes[16];
} addresses[] = {
    {"0.0.0.0", 4, {0}},
    {"10.1.2.3", 4, {10, 1, 2, 3}},
    {"255.255.255.255", 4, {255, 255, 255, 255}},
    {"::", 16, {0}},
    {"::1", 16, {[15] = 1}},
    {"1::", 16, {0, 1}},
    {"fe80::1", 16, {0xfe, 0x80, [15] = 1}},
    {"FE80::AbCd", 16, {0xfe, 0x80, [14] = 0xab, 0xcd}},
    {"1:2:3:4:5:6:7:8", 16, {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
    {"0001:0002:3:4:5:6:7:8", 16, {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
    {"1::3:4:5:6:7:8", 16, {0, 1, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
    {"::2:3:4:5:6:7:8", 16, {0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
    {"1:2:3:4:5:6:7::", 16, {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7}},
    {"::ffff:10.0.0.1", 16, {[10] = 0xff, 0xff, 10, 0, 0, 1}},
    {"::10.0.0.1", 16, {[12] = 10, 0, 0, 1}},
    {"1:2:3:4:5:6:1.2.3.4", 16, {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4}},
    {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
     16,
     {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}},
    {"", 0, {0}},
    {"10", 0, {0}},
    {"10.1.2", 0, {0}},
    {"10.1.2.", 0, {0}},
    {"10.1.2.3.", 0, {0}},
    {"10.1.2.3.4", 0, {0}},
    {"10.1.2.03", 0, {0}},
    {"00.1.2.3", 0, {0}},
    {"256.1.2.3", 0, {0}},
    {"1000.1.2.3", 0, {0}},
    {"10.1.2.3 ", 0, {0}},
    {" 10.1.2.3", 0, {0}},
    {"10.1.2.3:80", 0, {0}},
    {"10.1.2.3/8", 0, {0}},
    {"10..2.3", 0, {0}},
    {"-1.2.3.4", 0, {0}},
    {"a.b.c.d", 0, {0}},
    {":", 0, {0}},
    {":::", 0, {0}},
    {":1", 0, {0}},
    {"1:", 0, {0}},
    {"::1::", 0, {0}},
    {"1::2::3", 0, {0}},
    {"1:2:3:4:5:6:7", 0, {0}},
    {"1:2:3:4:5:6:7:8:9", 0, {0}},
    {"1:2:3:4::5:6:7:8", 0, {0}},
    {"1:2:3:4:5:6:7:", 0, {0}},
    {"12345::", 0, {0}},
    {"g::", 0, {0}},
    {"fe80::1%eth0", 0, {0}},
    {"[::1]", 0, {0}},
    {"::1.2.3", 0, {0}},
    {"::1.2.3.04", 0, {0}},
    {"1:2:3:4:5:6:7:1.2.3.4", 0, {0}},
    {"1.2.3.4::", 0, {0}},
    {"::1.2.3.4:5", 0, {0}},
    {"0ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2551", 0, {0}},
};

static void only_strict_addresses_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(addresses); i++) {
        uint8_t got[16] = {0};
        const char *t = addresses[i].text;
        SAME((int)srt_address_read((const uint8_t *)t, (uint32_t)strlen(t), got),
             (int)addresses[i].size, t);
        if (addresses[i].size)
            SAME(memcmp(got, addresses[i].bytes, addresses[i].size) == 0, 1, t);
    }
}

static const struct {
    const char *text;
    const char *network;
    uint32_t prefix;
    int holds;
} networks[] = {
    {"10.0.0.1", "10.0.0.0", 8, 1},
    {"10.255.255.255", "10.0.0.0", 8, 1},
    {"11.0.0.0", "10.0.0.0", 8, 0},
    {"172.31.255.255", "172.16.0.0", 12, 1},
    {"172.32.0.0", "172.16.0.0", 12, 0},
    {"172.15.255.255", "172.16.0.0", 12, 0},
    {"1.2.3.4", "1.2.3.4", 32, 1},
    {"1.2.3.5", "1.2.3.4", 32, 0},
    {"1.2.3.5", "1.2.3.4", 31, 1},
    {"9.9.9.9", "0.0.0.0", 0, 1},
    {"9.9.9.9", "0.0.0.0", 33, 0},
    {"::1", "0.0.0.0", 0, 0},
    {"::ffff:10.0.0.1", "10.0.0.0", 8, 0},
    {"10.0.0.1", "::", 0, 0},
    {"::ffff:10.0.0.1", "::", 0, 1},
    {"fe80::1", "fe80::", 10, 1},
    {"febf::1", "fe80::", 10, 1},
    {"fec0::1", "fe80::", 10, 0},
    {"2001:db8::1", "2001:db8::1", 128, 1},
    {"2001:db8::2", "2001:db8::1", 128, 0},
    {"2001:db8::1", "2001:db8::1", 129, 0},
    {"10.0.0", "10.0.0.0", 8, 0},
    {"10.*", "10.0.0.0", 8, 0},
};

static void addresses_are_in_networks_of_their_family(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(networks); i++) {
        uint8_t network[16] = {0};
        const char *z = networks[i].network;
        const uint32_t size = srt_address_read((const uint8_t *)z, (uint32_t)strlen(z), network);
        const struct sigmaton_slot s = slot_text(networks[i].text);
        SAME(srt_host()->cidr(&s, network, networks[i].prefix, size == 16), networks[i].holds,
             networks[i].text);
    }
}

static void only_text_leaves_are_addresses(void **state)
{
    (void)state;
    static const uint8_t all[16] = {0};
    const struct sigmaton_slot leaves[] = {slot_kind(SIGMATON_NULL), slot_double("1.5"),
                                           slot_int("167772161"), slot_bool(1)};
    const struct sigmaton_slot none = slot_list(leaves, COUNT(leaves));
    SAME(srt_host()->cidr(&none, all, 0, 0), 0, "no text");
    const struct sigmaton_slot two[] = {slot_text("x"), slot_text("1.2.3.4")};
    const struct sigmaton_slot list = slot_list(two, 2);
    SAME(srt_host()->cidr(&list, all, 0, 0), 1, "the second leaf");
    SAME(srt_host()->cidr(&list, all, 0, 1), 0, "the other family");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_strict_addresses_are_read),
        cmocka_unit_test(addresses_are_in_networks_of_their_family),
        cmocka_unit_test(only_text_leaves_are_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
