/* Alert lines for people: what a terminal gets. */
#include "image.h"

#include <unistd.h>

#include "output.h"

static uint64_t never(const struct sigmaton_host *host, const struct sigmaton_slot *slots,
                      struct sigmaton_frame *frame, uint32_t word, uint64_t candidates)
{
    (void)host, (void)slots, (void)frame, (void)word, (void)candidates;
    return 0;
}

static void line_of(const char *title, const char *file, char *out, size_t cap)
{
    static struct image im;
    static struct srt_buffer b;
    int ends[2];
    im = (struct image){0};
    image_slot(&im, "Image", SIGMATON_SLOT_RULE);
    image_rule(&im, (struct image_rule){.title = title, .product = "windows"});
    struct sigmaton_pack *pack = image_end(&im);
    const struct sigmaton_engine_options options = {.size = sizeof options, .eval = never};
    struct sigmaton_engine *engine;
    assert_int_equal(sigmaton_engine_create(pack, &options, &engine, NULL), SIGMATON_OK);
    assert_int_equal(pipe(ends), 0);
    srt_buffer_init(&b, ends[1]);
    srt_alert_text(&b, &(struct srt_alert){.engine = engine, .file = file, .record = 7}, false);
    assert_true(srt_buffer_flush(&b));
    close(ends[1]);
    ssize_t n = read(ends[0], out, cap - 1);
    close(ends[0]);
    out[n > 0 ? n : 0] = '\0';
    sigmaton_engine_destroy(engine);
    free(pack);
}

static void no_control_character_reaches_a_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *title, *file, *line;
    } rows[] = {
        {"plain", "e.ndjson", "-  high  plain  e.ndjson:7\n"},
        {"\033[2J\x7f\r", "a\nb", "-  high  ?[2J??  a?b:7\n"},
        {"\xc2\x9b"
         "2J",
         "\xc2\x80\xc2\x9f", "-  high  ?2J  ??:7\n"},
        {"\u00a0\u00df\u0440", "\xc2", "-  high  \u00a0\u00df\u0440  \xc2:7\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char line[256];
        line_of(rows[i].title, rows[i].file, line, sizeof line);
        assert_string_equal(line, rows[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_control_character_reaches_a_terminal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
