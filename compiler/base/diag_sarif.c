#include "diag_sarif.h"

#include "arena.h"
#include "vec.h"

#define NOT_LISTED UINT32_MAX

struct property {
    const char *key;
    struct str json;
};

struct sarif {
    struct arena *arena;
    VEC(struct sarif_result) results;
    VEC(struct property) properties;
    VEC(struct str) failures;
    VEC(enum diag_code) codes; /* in the order of their first result */
    uint32_t index_of[DIAG__COUNT];
};

struct sarif *sarif_new(struct arena *a)
{
    struct sarif *s = ARENA_NEW(a, struct sarif);
    s->arena = a;
    for (size_t i = 0; i < DIAG__COUNT; i++)
        s->index_of[i] = NOT_LISTED;
    return s;
}

void sarif_add(struct sarif *s, const struct sarif_result *result)
{
    if (s->index_of[result->code] == NOT_LISTED) {
        s->index_of[result->code] = (uint32_t)s->codes.n;
        *VEC_PUSH(s->arena, &s->codes) = result->code;
    }
    *VEC_PUSH(s->arena, &s->results) = *result;
}

void sarif_add_diag(struct sarif *s, const struct diag_sink *sink, size_t i)
{
    const struct diag *d = diag_get(sink, i);
    const struct source *src = sources_get(diag_sources(sink), d->at.file);
    struct sarif_result r = {.code = d->code, .message = d->message, .help = d->help};
    if (d->rule_has_id)
        r.rule = d->rule;
    if (src) {
        struct position pos = source_position(src, d->at);
        r.file = src->path;
        r.line = pos.line;
        r.column = pos.column;
        r.length = pos.column_length;
    }
    sarif_add(s, &r);
}

void sarif_property(struct sarif *s, const char *key, struct str json)
{
    *VEC_PUSH(s->arena, &s->properties) = (struct property){key, json};
}

void sarif_failure(struct sarif *s, struct str message)
{
    *VEC_PUSH(s->arena, &s->failures) = message;
}

/* ---- writing ---- */

static const char *level_of(const struct diag_info *info)
{
    static const char *const levels[] = {
        [DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_ERROR] = "error"};
    return levels[info->severity];
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '/';
}

/* A path as a URI reference: nothing in it can be taken for a scheme, a query or a fragment. */
static void add_uri(struct text *out, struct str path)
{
    text_addz(out, "\"");
    if (path.len > 0 && path.p[0] == '/')
        text_addz(out, "file://");
    for (size_t i = 0; i < path.len; i++) {
        if (is_unreserved(path.p[i]))
            text_add(out, str_sub(path, i, 1));
        else
            text_addf(out, "%%%02X", (unsigned)(unsigned char)path.p[i]);
    }
    text_addz(out, "\"");
}

static void add_text_object(struct text *out, const char *key, struct str value)
{
    text_addf(out, "\"%s\":{\"text\":", key);
    text_json(out, value);
    text_addz(out, "}");
}

static void add_rule(struct text *out, const struct diag_info *info)
{
    text_addf(out, "{\"id\":\"S%u\",\"name\":\"%s\",", info->number, info->name);
    text_addz(out, "\"shortDescription\":{\"text\":\"");
    for (const char *p = info->name; *p; p++)
        text_addf(out, "%c", *p == '_' ? ' ' : *p);
    text_addz(out, "\"}");
    text_addz(out, ",");
    add_text_object(out, "fullDescription", str_of(info->explain));
    text_addz(out, ",");
    add_text_object(out, "help", str_of(info->explain));
    text_addf(out, ",\"defaultConfiguration\":{\"level\":\"%s\"}", level_of(info));
    if (*info->category)
        text_addf(out, ",\"properties\":{\"category\":\"%s\"}", info->category);
    text_addz(out, "}");
}

static void add_location(struct text *out, const struct sarif_result *r)
{
    text_addz(out, "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
    add_uri(out, r->file);
    text_addz(out, "}");
    if (r->line > 0) {
        text_addf(out, ",\"region\":{\"startLine\":%llu", r->line);
        if (r->column > 0)
            text_addf(out, ",\"startColumn\":%llu", r->column);
        if (r->column > 0 && r->length > 0)
            text_addf(out, ",\"endColumn\":%llu", r->column + r->length);
        text_addz(out, "}");
    }
    text_addz(out, "}}");
}

static void add_result(const struct sarif *s, struct text *out, const struct sarif_result *r)
{
    const struct diag_info *info = diag_info(r->code);
    struct str message = r->message;
    if (r->help.len > 0)
        message = str_format(s->arena, "%.*s; %.*s", STR_ARG(r->message), STR_ARG(r->help));
    text_addf(out, "{\"ruleId\":\"S%u\",\"ruleIndex\":%u,\"level\":\"%s\",", info->number,
              (unsigned)s->index_of[r->code], level_of(info));
    add_text_object(out, "message", message);
    text_addz(out, ",\"locations\":[");
    if (r->file.len > 0)
        add_location(out, r);
    text_addz(out, "]");
    if (r->rule.len > 0) {
        text_addz(out, ",\"properties\":{\"sigmaRule\":");
        text_json(out, r->rule);
        text_addz(out, "}");
    }
    text_addz(out, "}");
}

static void add_invocation(const struct sarif *s, int exit_code, struct text *out)
{
    text_addf(out, "\"invocations\":[{\"executionSuccessful\":%s,\"exitCode\":%d",
              s->failures.n == 0 ? "true" : "false", exit_code);
    for (size_t i = 0; i < s->failures.n; i++) {
        text_addz(out, i == 0 ? ",\"toolExecutionNotifications\":[" : ",");
        text_addz(out, "{\"level\":\"error\",");
        add_text_object(out, "message", s->failures.v[i]);
        text_addz(out, "}");
    }
    text_addz(out, s->failures.n > 0 ? "]}]" : "}]");
}

void sarif_render(const struct sarif *s, struct str version, int exit_code, struct text *out)
{
    text_addz(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                   "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"sigmaton\","
                   "\"version\":");
    text_json(out, version);
    text_addz(out, ",\"rules\":[");
    for (size_t i = 0; i < s->codes.n; i++) {
        text_addz(out, i > 0 ? ",\n" : "\n");
        add_rule(out, diag_info(s->codes.v[i]));
    }
    text_addz(out, "]}},\n\"columnKind\":\"unicodeCodePoints\",");
    add_invocation(s, exit_code, out);
    text_addz(out, ",\n\"results\":[");
    for (size_t i = 0; i < s->results.n; i++) {
        text_addz(out, i > 0 ? ",\n" : "\n");
        add_result(s, out, &s->results.v[i]);
    }
    text_addz(out, "]");
    for (size_t i = 0; i < s->properties.n; i++) {
        text_addf(out, "%s\"%s\":", i == 0 ? ",\n\"properties\":{" : ",", s->properties.v[i].key);
        text_add(out, s->properties.v[i].json);
    }
    text_addz(out, s->properties.n > 0 ? "}}]}\n" : "}]}\n");
}
