#include "rule_t.h"

#include "value.h"

static void networks_are_read(void **state)
{
    static const struct {
        const char *written, *printed;
    } rows[] = {
        {"10.0.0.0/8", "network 10.0.0.0/8"},
        {"0.0.0.0/0", "network 0.0.0.0/0"},
        {"255.255.255.255", "network 255.255.255.255/32"},
        {"172.16.0.0/12", "network 172.16.0.0/12"},
        {"::1", "network 0000:0000:0000:0000:0000:0000:0000:0001/128"},
        {"::", "network 0000:0000:0000:0000:0000:0000:0000:0000/128"},
        {"::/0", "network 0000:0000:0000:0000:0000:0000:0000:0000/0"},
        {"FE80::/10", "network fe80:0000:0000:0000:0000:0000:0000:0000/10"},
        {"1:2:3:4:5:6:7:8", "network 0001:0002:0003:0004:0005:0006:0007:0008/128"},
        {"1:2:3:4:5:6:7::", "network 0001:0002:0003:0004:0005:0006:0007:0000/128"},
        {"::ffff:0:0/96", "network 0000:0000:0000:0000:0000:ffff:0000:0000/96"},
        {"::ffff:1.2.3.4", "network 0000:0000:0000:0000:0000:ffff:0102:0304/128"},
        {"1:2:3:4:5:6:1.2.3.4", "network 0001:0002:0003:0004:0005:0006:0102:0304/128"},
    };
    struct arena *a = t_arena(state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct value v = {.kind = VALUE_CIDR};
        const char *why = NULL;
        struct text out;
        text_init(&out, a);
        if (!network_parse(str_of(rows[i].written), &v.network, &why))
            fail_msg("%s: %s", rows[i].written, why);
        value_print(&out, &v);
        t_assert_str(text_str(&out), rows[i].printed);
    }
}

static void what_is_no_network_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "10",
        "10.0.0/8",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/08",
        "10.0.0.1/8",
        "10.0.0.0/-1",
        "010.0.0.0/8",
        "10.0.0.256",
        "10.0.0.0.0",
        " 10.0.0.0/8",
        "10.0.0.0 ",
        "a.b.c.d",
        "10.0.0.0/8/8",
        "fe80::/129",
        "fe80::1/10",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "::g",
        ":1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:",
        "::1%eth0",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1.2.3.4::",
        "::1.2.3",
        "1:2:3:4:5:6:7:8::",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct network net;
        const char *why = NULL;
        if (network_parse(str_of(rows[i]), &net, &why))
            fail_msg("'%s' was read", rows[i]);
        assert_non_null(why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(networks_are_read),
        t_test(what_is_no_network_is_refused),
    };
    return t_run(tests);
}
