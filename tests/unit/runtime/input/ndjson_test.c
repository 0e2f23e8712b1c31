#include "rig.h"

static struct rig rig;

static int setup(void **state)
{
    static const char *const fields[] = {"a", "a.b", ""};
    (void)state;
    rig_init(&rig, fields, COUNT(fields));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rig_finish(&rig);
    return 0;
}

/* In memory of exactly its size, so that a sanitizer sees a read behind it. */
static enum sigmaton_status parse_exact(const char *json, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, json, len);
    enum sigmaton_status status = srt_json_parse(&rig.tape, copy, len);
    if (status == SIGMATON_OK)
        status = rig_bind(&rig);
    free(copy);
    return status;
}

static void json_objects_are_accepted(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{}",
        " \t\r\n{ \t\r\n} \t\r\n",
        "\xef\xbb\xbf{}",
        "{\"a\":1}",
        "{ \"a\" : [ 1 , 2 ] , \"b\" : { } }",
        "{\"\":\"\"}",
        "{\"a\":[[],[{}],null,true,false]}",
        "{\"a\":[0,-0,1,10,-1,0.0,1.5,1e1,1E1,1e+1,1e-1,1.5e10]}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uD800\"}",
        "{\"a\":\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"}",
        "{\"a\":\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"}",
        "{\"a\":1,\"a\":2}",
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (parse_exact(rows[i], strlen(rows[i])) != SIGMATON_OK)
            fail_msg("%s: %s", rows[i], rig.tape.error);
}

static void everything_else_is_refused_where_it_goes_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        size_t off;
        const char *error;
    } rows[] = {
        {"", 0, "no event: the text is empty"},
        {"  ", 2, "no event: the text is empty"},
        {"\xef\xbb\xbf", 3, "no event: the text is empty"},
        {"\xef\xbb", 0, "no JSON object"},
        {" \xef\xbb\xbf{}", 1, "no JSON object"},
        {"[]", 0, "no JSON object"},
        {"1", 0, "no JSON object"},
        {"null", 0, "no JSON object"},
        {"\"x\"", 0, "no JSON object"},
        {"{} {}", 3, "text behind the event"},
        {"{}x", 2, "text behind the event"},
        {"{},", 2, "text behind the event"},
        {"{", 1, "the text ends inside the event"},
        {"{\"a\"", 4, "the text ends inside the event"},
        {"{\"a\":", 5, "the text ends inside the event"},
        {"{\"a\":tr", 7, "the text ends inside the event"},
        {"{\"a\":-", 6, "the text ends inside the event"},
        {"{\"a\":\"\\", 7, "the text ends inside the event"},
        {"{\"a\":\"\\u12", 10, "the text ends inside the event"},
        {"{,}", 1, "a key is missing"},
        {"{\"a\":1,}", 7, "a key is missing"},
        {"{a:1}", 1, "a key is missing"},
        {"{'a':1}", 1, "a key is missing"},
        {"{\"a\" 1}", 5, "':' is missing behind a key"},
        {"{\"a\":}", 5, "a value is missing"},
        {"{\"a\":1 \"b\":2}", 7, "',' or '}' is missing"},
        {"{\"a\":1]", 6, "',' or '}' is missing"},
        {"{\"a\":[1,]}", 8, "a value is missing"},
        {"{\"a\":[,1]}", 6, "a value is missing"},
        {"{\"a\":[1 2]}", 8, "',' or ']' is missing"},
        {"{\"a\":[1}", 7, "',' or ']' is missing"},
        {"{\"a\":01}", 6, "',' or '}' is missing"},
        {"{\"a\":+1}", 5, "a value is missing"},
        {"{\"a\":.5}", 5, "a value is missing"},
        {"{\"a\":1.}", 7, "a digit is missing"},
        {"{\"a\":1.e5}", 7, "a digit is missing"},
        {"{\"a\":1e}", 7, "a digit is missing"},
        {"{\"a\":1e+}", 8, "a digit is missing"},
        {"{\"a\":-}", 6, "a digit is missing"},
        {"{\"a\":0x1}", 6, "',' or '}' is missing"},
        {"{\"a\":NaN}", 5, "a value is missing"},
        {"{\"a\":Infinity}", 5, "a value is missing"},
        {"{\"a\":True}", 5, "a value is missing"},
        {"{\"a\":nul}", 8, "an unknown literal"},
        {"{\"a\":truex}", 9, "',' or '}' is missing"},
        {"{\"a\":\"\\x\"}", 6, "an unknown escape"},
        {"{\"a\":\"\\U0041\"}", 6, "an unknown escape"},
        {"{\"a\":\"\\u00g0\"}", 6, "\\u without four hexadecimal digits"},
        {"{\"a\":\"\\u00\"}", 6, "\\u without four hexadecimal digits"},
        {"{\"a\":\"x\ty\"}", 7, "a control character in a string"},
        {"{\"a\":\"x\ny\"}", 7, "a control character in a string"},
        {"{\"a\":\"\x1f\"}", 6, "a control character in a string"},
        {"{\"a\tb\":1}", 3, "a control character in a string"},
        {"{\"a\":/**/1}", 5, "a value is missing"},
        {"{\"a\":\"\x80\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xc0\xaf\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xc1\xbf\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xc3\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xe0\x9f\xbf\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xed\xa0\x80\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xe2\x82\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xf0\x8f\xbf\xbf\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xf4\x90\x80\x80\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xf5\x80\x80\x80\"}", 6, "malformed UTF-8"},
        {"{\"a\":\"\xff\"}", 6, "malformed UTF-8"},
        {"{\"a\xff\":1}", 3, "malformed UTF-8"},
        {"{\"unused\":\"12345678\xff\"}", 19, "malformed UTF-8"},
        {"{\"a\":1\xc2\xa0}", 6, "',' or '}' is missing"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (parse_exact(rows[i].json, strlen(rows[i].json)) != SIGMATON_EEVENT)
            fail_msg("accepted: %s", rows[i].json);
        assert_string_equal(rig.tape.error, rows[i].error);
        assert_int_equal(rig.tape.error_off, rows[i].off);
    }
}

static void a_nul_is_no_blank(void **state)
{
    (void)state;
    static const struct {
        char json[8];
        size_t len;
    } rows[] = {{"{}\0", 3}, {"\0{}", 3}, {"{\0}", 3}, {"{\"\0\":1}", 7}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(parse_exact(rows[i].json, rows[i].len), SIGMATON_EEVENT);
}

static const char rich[] =
    "{\"a\":{\"b\":[1,-2.5e+3,\"x\\u00e9\\\\\xe2\x82\xac\",null,true,false,{\"c\":[]}]},"
    "\"long key of more than eight bytes\":\"a text of more than eight bytes\",\"z\":0}";

static void an_event_cut_off_anywhere_is_unreadable(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof rich - 1; len++) {
        assert_int_equal(parse_exact(rich, len), SIGMATON_EEVENT);
        assert_true(rig.tape.error_off <= len);
    }
    assert_int_equal(parse_exact(rich, sizeof rich - 1), SIGMATON_OK);
}

static void no_changed_byte_leads_astray(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0,   ' ', '"', '\\', '{', '}', '[',  ']',  ',',
                                    ':', '0', '-', 'e',  'u', 'n', 0x80, 0xc3, 0xff};
    char json[sizeof rich];
    for (size_t i = 0; i < sizeof rich - 1; i++)
        for (size_t k = 0; k < COUNT(bytes); k++) {
            memcpy(json, rich, sizeof rich);
            json[i] = (char)bytes[k];
            enum sigmaton_status status = parse_exact(json, sizeof rich - 1);
            assert_true(status == SIGMATON_OK || status == SIGMATON_EEVENT);
        }
}

static void the_tape_holds_the_event_in_order(void **state)
{
    (void)state;
    static const struct {
        uint32_t kind, end;
    } want[] = {{SRT_NODE_OBJECT, 8}, {SRT_NODE_KEY, 2},    {SRT_NODE_ARRAY, 6},
                {SRT_NODE_NUMBER, 4}, {SRT_NODE_OBJECT, 5}, {SRT_NODE_STRING, 6},
                {SRT_NODE_KEY, 7},    {SRT_NODE_TRUE, 8}};
    assert_int_equal(rig_parse(&rig, "{\"a\":[1,{},\"x\"],\"b\":true}"), SIGMATON_OK);
    assert_int_equal(rig.tape.n, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_int_equal(rig.tape.nodes[i].kind, want[i].kind);
        assert_int_equal(rig.tape.nodes[i].end, want[i].end);
    }
}

/* An event of exactly `len` bytes. */
static enum sigmaton_status parse_of_length(size_t len)
{
    char *json = malloc(len);
    assert_non_null(json);
    memset(json, 'x', len);
    memcpy(json, "{\"a\":\"", 6);
    memcpy(json + len - 2, "\"}", 2);
    enum sigmaton_status status = parse_exact(json, len);
    free(json);
    return status;
}

static void an_event_may_be_as_long_as_the_limit(void **state)
{
    (void)state;
    assert_int_equal(parse_of_length(SIGMATON_LINE_MAX), SIGMATON_OK);
    assert_int_equal(parse_of_length(SIGMATON_LINE_MAX + 1), SIGMATON_ELIMIT);
    assert_string_equal(rig.tape.error, "the event is longer than 1 MiB (SIGMATON_LINE_MAX)");
    assert_int_equal(rig.tape.error_off, SIGMATON_LINE_MAX);
}

/* `depth` containers inside each other, the outermost an object. */
static enum sigmaton_status parse_of_depth(size_t depth, bool objects)
{
    char json[SIGMATON_DEPTH_MAX * 8] = "";
    for (size_t i = 0; i < depth; i++)
        strcat(json, i == 0 ? "{\"a\":" : objects ? "{\"b\":" : "[");
    strcat(json, "1");
    for (size_t i = depth; i > 0; i--)
        strcat(json, i == 1 || objects ? "}" : "]");
    return parse_exact(json, strlen(json));
}

static void an_event_may_nest_as_deep_as_the_limit(void **state)
{
    (void)state;
    for (int objects = 0; objects < 2; objects++) {
        assert_int_equal(parse_of_depth(SIGMATON_DEPTH_MAX, objects), SIGMATON_OK);
        assert_int_equal(parse_of_depth(SIGMATON_DEPTH_MAX + 1, objects), SIGMATON_ELIMIT);
        assert_string_equal(rig.tape.error, "the event nests deeper than 128 (SIGMATON_DEPTH_MAX)");
    }
}

/* An event of exactly `n` keys and values. */
static enum sigmaton_status parse_of_values(size_t n)
{
    char *json = malloc(16 + 2 * n);
    size_t len = (size_t)sprintf(json, "{\"a\":[");
    for (size_t i = 3; i < n; i++)
        len += (size_t)sprintf(json + len, i == 3 ? "1" : ",1");
    len += (size_t)sprintf(json + len, "]}");
    enum sigmaton_status status = parse_exact(json, len);
    free(json);
    return status;
}

static void an_event_may_have_as_many_values_as_the_limit(void **state)
{
    (void)state;
    assert_int_equal(parse_of_values(SIGMATON_VALUES_MAX), SIGMATON_OK);
    assert_int_equal(rig.event.slots[0].len, SIGMATON_VALUES_MAX - 3);
    assert_int_equal(parse_of_values(SIGMATON_VALUES_MAX + 1), SIGMATON_ELIMIT);
    assert_string_equal(rig.tape.error,
                        "the event has more than 65536 keys and values (SIGMATON_VALUES_MAX)");
}

/* Objects side by side and inside arrays fill the stack of the look-up to its end. */
static void the_look_up_holds_every_container_that_fits(void **state)
{
    (void)state;
    size_t n = SIGMATON_VALUES_MAX - 3, len = 0;
    char *json = malloc(16 + 3 * n);
    len += (size_t)sprintf(json, "{\"a\":[");
    for (size_t i = 0; i < n; i++)
        len += (size_t)sprintf(json + len, i == 0 ? "{}" : ",{}");
    len += (size_t)sprintf(json + len, "]}");
    assert_int_equal(parse_exact(json, len), SIGMATON_OK);
    assert_int_equal(rig.event.slots[0].kind, SIGMATON_EMPTY);
    assert_int_equal(rig.event.slots[1].kind, SIGMATON_ABSENT);
    free(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_objects_are_accepted),
        cmocka_unit_test(everything_else_is_refused_where_it_goes_wrong),
        cmocka_unit_test(a_nul_is_no_blank),
        cmocka_unit_test(an_event_cut_off_anywhere_is_unreadable),
        cmocka_unit_test(no_changed_byte_leads_astray),
        cmocka_unit_test(the_tape_holds_the_event_in_order),
        cmocka_unit_test(an_event_may_be_as_long_as_the_limit),
        cmocka_unit_test(an_event_may_nest_as_deep_as_the_limit),
        cmocka_unit_test(an_event_may_have_as_many_values_as_the_limit),
        cmocka_unit_test(the_look_up_holds_every_container_that_fits),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
