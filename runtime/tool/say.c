#include "say.h"

#include <stdio.h>
#include <string.h>

#define COMMAND "sigmaton-run"
#define ARGUMENT_MAX 256 /* characters of an argument that a message quotes, as in diagnostics */

static const struct {
    bool error;
    unsigned number;
    const char *text[TELL_ARGUMENTS_MAX + 1]; /* before, between and behind the arguments */
} messages[TELL__COUNT] = {
    [TELL_FILE_UNREADABLE] = {true, 101, {"cannot read ", ": ", ""}},
    [TELL_EVENT_UNREADABLE] = {false, 801, {"event left out: ", "", NULL}},
    [TELL_MORE_UNREADABLE] = {false,
                              804,
                              {"", " more events left out, not listed one by one", NULL}},
    [TELL_NOT_JUDGED] =
        {false, 807, {"rule ", " was not judged on ", " events: a regex ran into the match limit"}},
};

static void message_text(enum tell_code code, const char *const args[], char *out, size_t cap)
{
    size_t len = 0;
    for (int i = 0; i <= TELL_ARGUMENTS_MAX && messages[code].text[i] && len < cap; i++) {
        const char *arg = i < TELL_ARGUMENTS_MAX && args[i] ? args[i] : "";
        int n = snprintf(out + len, cap - len, "%s%.*s", messages[code].text[i], ARGUMENT_MAX, arg);
        len += n > 0 ? (size_t)n : 0;
    }
}

static void key(struct srt_buffer *b, const char *name)
{
    srt_buffer_addz(b, ",\"");
    srt_buffer_addz(b, name);
    srt_buffer_addz(b, "\":");
}

static void text_value(struct srt_buffer *b, const char *text)
{
    srt_buffer_json(b, text, strlen(text));
}

static void note(void *ctx, const char *text)
{
    const struct say *s = ctx;
    if (s->quiet || s->json)
        return;
    srt_buffer_addz(s->out, COMMAND ": ");
    srt_buffer_addz(s->out, text);
    srt_buffer_addz(s->out, "\n");
    srt_buffer_flush(s->out);
}

static void place_json(struct srt_buffer *b, enum tell_code code, const char *file, uint64_t record,
                       size_t column, const char *message)
{
    char code_text[8];
    snprintf(code_text, sizeof code_text, "S%u", messages[code].number);
    srt_buffer_addz(b, "{\"severity\":");
    text_value(b, messages[code].error ? "error" : "warning");
    key(b, "code");
    text_value(b, code_text);
    key(b, "category");
    text_value(b, "");
    key(b, "file");
    text_value(b, file);
    key(b, "line");
    srt_buffer_add_u64(b, record);
    key(b, "column");
    srt_buffer_add_u64(b, column);
    key(b, "length");
    srt_buffer_addz(b, "0,\"rule\":null");
    key(b, "message");
    text_value(b, message);
    key(b, "help");
    srt_buffer_addz(b, "\"\"}\n");
}

static void place_text(struct srt_buffer *b, enum tell_code code, const char *file, uint64_t record,
                       size_t column, const char *message)
{
    char middle[96];
    int n = record > 0 ? snprintf(middle, sizeof middle, ":%llu", (unsigned long long)record) : 0;
    n += column > 0 ? snprintf(middle + n, sizeof middle - (size_t)n, ":%zu", column) : 0;
    snprintf(middle + n, sizeof middle - (size_t)n,
             ": %s[S%u]: ", messages[code].error ? "error" : "warning", messages[code].number);
    srt_buffer_addz(b, file);
    srt_buffer_addz(b, middle);
    srt_buffer_addz(b, message);
    srt_buffer_addz(b, "\n");
}

static void place(void *ctx, enum tell_code code, const char *file, uint64_t record, size_t column,
                  const char *const args[TELL_ARGUMENTS_MAX])
{
    const struct say *s = ctx;
    char message[1024] = "";
    if (s->quiet && !messages[code].error)
        return;
    message_text(code, args, message, sizeof message);
    if (s->json)
        place_json(s->out, code, file, record, column, message);
    else
        place_text(s->out, code, file, record, column, message);
    srt_buffer_flush(s->out);
}

static void summary_json(struct srt_buffer *b, const char *line, const struct summary_item *items,
                         size_t n)
{
    srt_buffer_addz(b, "{\"severity\":\"summary\"");
    key(b, "command");
    text_value(b, COMMAND);
    key(b, "message");
    text_value(b, line);
    for (size_t i = 0; i < n; i++) {
        key(b, items[i].key);
        if (items[i].text)
            text_value(b, items[i].text);
        else
            srt_buffer_add_u64(b, items[i].number);
    }
    srt_buffer_addz(b, "}\n");
    srt_buffer_flush(b);
}

static void summary(void *ctx, const char *line, const struct summary_item *items, size_t n)
{
    const struct say *s = ctx;
    if (s->quiet)
        return;
    if (s->json) {
        summary_json(s->out, line, items, n);
        return;
    }
    srt_buffer_addz(s->out, line);
    srt_buffer_addz(s->out, "\n");
    srt_buffer_flush(s->out);
}

static int fail(void *ctx, const char *text)
{
    const struct say *s = ctx;
    if (s->json) {
        summary_json(s->out, text, NULL, 0);
        return EXIT_USAGE;
    }
    srt_buffer_addz(s->out, COMMAND ": ");
    srt_buffer_addz(s->out, text);
    srt_buffer_addz(s->out, "\n");
    srt_buffer_flush(s->out);
    return EXIT_USAGE;
}

struct teller say_teller(struct say *say)
{
    return (struct teller){say, note, place, summary, fail};
}
