#include "report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sigmaton/sigmaton.h>

#include "arena.h"

void report_init(struct report *r, struct arena *a, const struct args *args)
{
    const char *no_color = getenv("NO_COLOR");
    bool on_terminal = isatty(STDERR_FILENO) && !(no_color && *no_color);
    *r = (struct report){
        .arena = a,
        .format = args->diag,
        .quiet = args->quiet,
        .color = args->color == COLOR_ALWAYS || (args->color == COLOR_AUTO && on_terminal),
        .verb = verb_name(args->verb),
        .silenced = &args->no_warn,
        .sarif = args->diag == DIAG_FORMAT_SARIF ? sarif_new(a) : NULL,
    };
}

static void put(const struct text *t)
{
    fwrite(t->p, 1, t->len, stderr);
}

void report_diags_from(const struct report *r, const struct sigmatonc *c, size_t first)
{
    struct text t;
    text_init(&t, c->arena);
    for (size_t i = first; i < diag_count(c->sink); i++) {
        if (r->quiet && diag_info(diag_get(c->sink, i)->code)->severity != DIAG_ERROR)
            continue;
        t.len = 0;
        if (r->sarif) {
            sarif_add_diag(r->sarif, c->sink, i);
            continue;
        }
        if (r->format == DIAG_FORMAT_JSON)
            diag_render_json(c->sink, i, &t);
        else
            diag_render_text(c->sink, i, (struct diag_style){.color = r->color}, &t);
        put(&t);
    }
}

void report_diags(const struct report *r, const struct sigmatonc *c)
{
    report_diags_from(r, c, 0);
}

static bool is_silenced(const struct report *r, const struct diag_info *info)
{
    for (size_t i = 0; i < r->silenced->n; i++)
        if (diag_info_find(str_of(r->silenced->v[i])) == info)
            return true;
    return false;
}

void report_place(const struct report *r, enum diag_code code, const char *file,
                  unsigned long long record, size_t column, size_t n_args, const struct str *args)
{
    const struct diag_info *info = diag_info(code);
    struct text t;
    if ((r->quiet && info->severity != DIAG_ERROR) || is_silenced(r, info))
        return;
    struct str message = diag_message(r->arena, code, n_args, args);
    text_init(&t, r->arena);
    if (r->sarif) {
        sarif_add(r->sarif, &(struct sarif_result){.code = code,
                                                   .file = str_dup(r->arena, str_of(file)),
                                                   .line = record,
                                                   .column = column,
                                                   .message = message});
        return;
    }
    if (r->format == DIAG_FORMAT_JSON) {
        text_addf(&t, "{\"severity\":\"%s\",\"code\":\"S%u\",\"category\":\"%s\",\"file\":",
                  diag_severity_name(info->severity), info->number, info->category);
        text_json(&t, str_of(file));
        text_addf(&t,
                  ",\"line\":%llu,\"column\":%zu,\"length\":0,\"rule\":null,\"message\":", record,
                  column);
        text_json(&t, message);
        text_addz(&t, ",\"help\":\"\"}\n");
    } else {
        text_addz(&t, file);
        if (record > 0)
            text_addf(&t, ":%llu", record);
        if (column > 0)
            text_addf(&t, ":%zu", column);
        text_addf(&t, ": %s[S%u]: %.*s\n", diag_severity_name(info->severity), info->number,
                  STR_ARG(message));
    }
    put(&t);
}

void report_note(const struct report *r, const char *format, ...)
{
    va_list ap;
    if (r->quiet || r->format != DIAG_FORMAT_TEXT)
        return;
    va_start(ap, format);
    fprintf(stderr, "sigmaton %s: ", r->verb);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
}

static void keep_summary(const struct report *r, const char *line, const struct summary_item *items,
                         size_t n)
{
    struct text t;
    text_init(&t, r->arena);
    text_json(&t, str_of(r->verb));
    sarif_property(r->sarif, "command", text_str(&t));
    text_init(&t, r->arena);
    text_json(&t, str_of(line));
    sarif_property(r->sarif, "summary", text_str(&t));
    for (size_t i = 0; i < n; i++) {
        text_init(&t, r->arena);
        if (items[i].text)
            text_json(&t, str_of(items[i].text));
        else
            text_addf(&t, "%llu", items[i].number);
        sarif_property(r->sarif, items[i].key, text_str(&t));
    }
}

void report_summary(const struct report *r, const char *line, const struct summary_item *items,
                    size_t n)
{
    struct text t;
    if (r->sarif)
        keep_summary(r, line, items, n);
    if (r->quiet || r->sarif)
        return;
    if (r->format == DIAG_FORMAT_TEXT) {
        fprintf(stderr, "%s\n", line);
        return;
    }
    text_init(&t, r->arena);
    text_addf(&t, "{\"severity\":\"summary\",\"command\":\"%s\",\"message\":", r->verb);
    text_json(&t, str_of(line));
    for (size_t i = 0; i < n; i++) {
        text_addf(&t, ",\"%s\":", items[i].key);
        if (items[i].text)
            text_json(&t, str_of(items[i].text));
        else
            text_addf(&t, "%llu", items[i].number);
    }
    text_addz(&t, "}\n");
    put(&t);
}

int report_fail(const struct report *r, const char *format, ...)
{
    va_list ap;
    char message[512];
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    if (r->sarif)
        sarif_failure(r->sarif, str_dup(r->arena, str_of(message)));
    else if (r->format == DIAG_FORMAT_JSON)
        report_summary(&(struct report){.arena = r->arena, .format = r->format, .verb = r->verb},
                       message, NULL, 0); /* never quiet */
    else
        fprintf(stderr, "sigmaton %s: %s\n", r->verb, message);
    return EXIT_USAGE;
}

/* ---- As runtime/tool speaks ----------------------------------------------------------------- */

static void tell_note(void *ctx, const char *text)
{
    report_note(ctx, "%s", text);
}

static void tell_place(void *ctx, enum tell_code code, const char *file, uint64_t record,
                       size_t column, const char *const args[TELL_ARGUMENTS_MAX])
{
    static const enum diag_code codes[TELL__COUNT] = {
        [TELL_FILE_UNREADABLE] = DIAG_file_unreadable,
        [TELL_EVENT_UNREADABLE] = DIAG_event_unreadable,
        [TELL_MORE_UNREADABLE] = DIAG_events_more_unreadable,
        [TELL_NOT_JUDGED] = DIAG_rule_not_judged,
    };
    struct str texts[TELL_ARGUMENTS_MAX];
    size_t n = 0;
    for (; n < TELL_ARGUMENTS_MAX && args[n]; n++)
        texts[n] = str_of(args[n]);
    report_place(ctx, codes[code], file, record, column, n, texts);
}

static void tell_summary(void *ctx, const char *line, const struct summary_item *items, size_t n)
{
    report_summary(ctx, line, items, n);
}

static int tell_fail(void *ctx, const char *text)
{
    return report_fail(ctx, "%s", text);
}

struct teller report_teller(struct report *r)
{
    return (struct teller){r, tell_note, tell_place, tell_summary, tell_fail};
}

int report_end(const struct report *r, int exit_code)
{
    if (!r->sarif)
        return exit_code;
    struct text t;
    text_init(&t, r->arena);
    sarif_render(r->sarif, str_of(sigmaton_version()), exit_code, &t);
    put(&t);
    return exit_code;
}

/* As JSON or SARIF; false without memory for that. */
static bool usage_error_machine(const struct args *args, const char *message)
{
    struct arena *a = arena_create(ARENA_LIMIT);
    if (!a)
        return false;
    if (setjmp(*arena_on_oom(a))) {
        arena_destroy(a);
        return false;
    }
    struct report r;
    report_init(&r, a, args);
    report_end(&r, report_fail(&r, "%s", message));
    arena_destroy(a);
    return true;
}

int usage_error(const struct args *args, const char *format, ...)
{
    char message[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    if (args->diag == DIAG_FORMAT_TEXT || !usage_error_machine(args, message))
        fprintf(stderr, "sigmaton %s: %s\n", verb_name(args->verb), message);
    return EXIT_USAGE;
}
