/* Results as JUnit XML, as continuous integration reads it. */
#include <errno.h>
#include <stdio.h>

#include "test_case.h"

/* Text for an attribute or an element: markup escaped; what XML 1.0 cannot hold, and bytes that are
 * no UTF-8, are U+FFFD. */
static void add_xml(struct text *out, struct str s)
{
    static const struct {
        uint32_t c;
        const char *name;
    } names[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\n', "&#10;"}};
    for (const char *p = s.p, *end = str_end(s); p < end;) {
        uint32_t c = utf8_next(&p, end);
        const char *name = NULL;
        char bytes[4];
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (names[i].c == c)
                name = names[i].name;
        bool held = (c >= 0x20 && c < 0xD800) || c == '\t' || (c >= 0xE000 && c < 0xFFFE) ||
                    (c >= 0x10000 && c <= 0x10FFFF);
        if (name)
            text_addz(out, name);
        else
            text_add(out, (struct str){bytes, utf8_put(held ? c : 0xFFFD, bytes)});
    }
}

static void add_case(struct text *out, const struct test_result *r)
{
    text_addz(out, "    <testcase classname=\"");
    add_xml(out, r->suite);
    text_addz(out, "\" name=\"");
    add_xml(out, r->id);
    text_addf(out, "\" time=\"%.6f\"", r->seconds);
    if (r->verdict == TEST_PASSED) {
        text_addz(out, "/>\n");
        return;
    }
    text_addz(out, r->verdict == TEST_FAILED ? "><failure message=\"" : "><skipped message=\"");
    add_xml(out, r->why);
    text_addz(out, "\"/></testcase>\n");
}

/* The results [from, to) of one operand. */
static void add_suite(struct text *out, const struct test_results *r, size_t from, size_t to)
{
    size_t n[TEST_SKIPPED + 1] = {0};
    double seconds = 0;
    for (size_t i = from; i < to; i++) {
        n[r->v[i].verdict]++;
        seconds += r->v[i].seconds;
    }
    text_addz(out, "  <testsuite name=\"");
    add_xml(out, r->v[from].suite);
    text_addf(out,
              "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%.6f\">\n",
              to - from, n[TEST_FAILED], n[TEST_SKIPPED], seconds);
    for (size_t i = from; i < to; i++)
        add_case(out, &r->v[i]);
    text_addz(out, "  </testsuite>\n");
}

bool junit_write(const struct tester *t, const char *path)
{
    const struct test_results *r = &t->results;
    struct text out;
    text_init(&out, t->arena);
    text_addf(&out,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<testsuites name=\"sigmaton\" tests=\"%zu\" failures=\"%zu\" skipped=\"%zu\">\n",
              r->n, t->n[TEST_FAILED], t->n[TEST_SKIPPED]);
    for (size_t from = 0, to; from < r->n; from = to) {
        for (to = from + 1; to < r->n && str_eq(r->v[to].suite, r->v[from].suite);)
            to++;
        add_suite(&out, r, from, to);
    }
    text_addz(&out, "</testsuites>\n");
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    bool written = fwrite(out.p, 1, out.len, file) == out.len;
    int error = errno;
    if (fclose(file) != 0)
        return false;
    errno = error;
    return written;
}
