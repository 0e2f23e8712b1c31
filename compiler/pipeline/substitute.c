#define PCRE2_CODE_UNIT_WIDTH 8
#include "substitute.h"

#include <pcre2.h>

#include "arena.h"
#include "vec.h"

struct regex_text {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

struct piece {
    bool is_group;
    uint32_t group;
    struct marked text;
};

struct replacement {
    struct piece *v;
    size_t n;
};

void marked_init(struct marked *m, struct arena *a)
{
    text_init(&m->text, a);
    text_init(&m->marks, a);
}

void marked_add(struct marked *m, struct str text, enum mark mark)
{
    char c = (char)mark;
    text_add(&m->text, text);
    for (size_t i = 0; i < text.len; i++)
        text_add(&m->marks, (struct str){&c, 1});
}

static void marked_copy(struct marked *to, const struct marked *from, size_t start, size_t end)
{
    text_add(&to->text, str_sub(text_str(&from->text), start, end - start));
    text_add(&to->marks, str_sub(text_str(&from->marks), start, end - start));
}

static void regex_text_finish(void *object)
{
    struct regex_text *re = object;
    pcre2_match_context_free(re->context);
    pcre2_match_data_free(re->match);
    pcre2_code_free(re->code);
}

struct regex_text *regex_text_new(struct arena *a, struct diag_sink *sink, struct str pattern,
                                  struct span at)
{
    int code;
    PCRE2_SIZE off;
    struct regex_text *re = ARENA_NEW(a, struct regex_text);
    arena_defer(a, regex_text_finish, re);
    re->code = pcre2_compile((PCRE2_SPTR)(pattern.len ? pattern.p : ""), pattern.len,
                             PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &off, NULL);
    if (!re->code) {
        PCRE2_UCHAR why[128] = "";
        pcre2_get_error_message(code, why, sizeof why);
        DIAG(sink, DIAG_pipeline_regex, at, NO_HELP,
             str_format(a, "%s at byte %zu", (const char *)why, (size_t)off));
        return NULL;
    }
    re->match = pcre2_match_data_create_from_pattern(re->code, NULL);
    re->context = pcre2_match_context_create(NULL);
    if (!re->match || !re->context)
        arena_out_of_memory(a);
    pcre2_set_match_limit(re->context, REGEX_TEXT_LIMIT);
    pcre2_set_depth_limit(re->context, REGEX_TEXT_LIMIT);
    return re;
}

static int run(const struct regex_text *re, struct str text, size_t from, uint32_t options)
{
    return pcre2_match(re->code, (PCRE2_SPTR)(text.len ? text.p : ""), text.len, from, options,
                       re->match, re->context);
}

static enum regex_answer answer(int rc)
{
    return rc >= 0 ? REGEX_TEXT_YES : rc == PCRE2_ERROR_NOMATCH ? REGEX_TEXT_NO : REGEX_TEXT_BOUND;
}

enum regex_answer regex_text_match(const struct regex_text *re, struct str text, bool search)
{
    return answer(run(re, text, 0, search ? 0 : PCRE2_ANCHORED));
}

/* ---- replacements ---- */

struct template_reader {
    struct arena *arena;
    struct diag_sink *sink;
    const struct regex_text *re;
    struct span at;
    bool live;
    VEC(struct piece) pieces;
    struct marked text;
};

static bool template_fault(struct template_reader *t, struct str what)
{
    DIAG(t->sink, DIAG_pipeline_regex, t->at, NO_HELP,
         str_format(t->arena, "replacement: %.*s", STR_ARG(what)));
    return false;
}

static void end_text(struct template_reader *t)
{
    if (t->text.text.len > 0)
        *VEC_PUSH(t->arena, &t->pieces) = (struct piece){.text = t->text};
    marked_init(&t->text, t->arena);
}

static bool add_group(struct template_reader *t, uint32_t group)
{
    uint32_t n = 0;
    pcre2_pattern_info(t->re->code, PCRE2_INFO_CAPTURECOUNT, &n);
    if (group > n)
        return template_fault(t, str_format(t->arena, "there is no group %u", group));
    end_text(t);
    *VEC_PUSH(t->arena, &t->pieces) = (struct piece){.is_group = true, .group = group};
    return true;
}

/* A number of at most two digits at s; its length, 0 when there is none. */
static size_t number_at(struct str s, uint32_t *ret)
{
    size_t n = 0;
    *ret = 0;
    while (n < s.len && n < 2 && s.p[n] >= '0' && s.p[n] <= '9')
        *ret = *ret * 10 + (uint32_t)(s.p[n++] - '0');
    return n;
}

/* The rest behind `\g`: <name> or <number>. */
static bool add_named(struct template_reader *t, struct str rest, size_t *ret_len)
{
    size_t end = str_find(rest, '>');
    uint32_t group;
    if (rest.len == 0 || rest.p[0] != '<' || end == rest.len || end == 1)
        return template_fault(t, STR("\\g wants <name> or <number>"));
    struct str name = str_sub(rest, 1, end - 1);
    *ret_len = end + 1;
    if (number_at(name, &group) == name.len)
        return add_group(t, group);
    int found = pcre2_substring_number_from_name(
        t->re->code, (PCRE2_SPTR)arena_copy(t->arena, name.p, name.len));
    if (found < 0)
        return template_fault(
            t, str_format(t->arena, "there is no group named '%.*s'", STR_ARG(name)));
    return add_group(t, (uint32_t)found);
}

static bool add_escape(struct template_reader *t, struct str rest, size_t *ret_len)
{
    static const char letters[] = "nrtfva\\", bytes[] = "\n\r\t\f\v\a\\";
    uint32_t group;
    *ret_len = 1;
    if (rest.len == 0)
        return template_fault(t, STR("a backslash at the end"));
    char c = rest.p[0];
    size_t digits = number_at(rest, &group);
    if (digits > 0 && c != '0') {
        *ret_len = digits;
        return add_group(t, group);
    }
    if (c == 'g') {
        bool good = add_named(t, str_sub(rest, 1, rest.len), ret_len);
        ++*ret_len;
        return good;
    }
    const char *letter = memchr(letters, c, sizeof letters - 1);
    if (letter) {
        marked_add(&t->text, (struct str){&bytes[letter - letters], 1}, MARK_TEXT);
        return true;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '0')
        return template_fault(t, str_format(t->arena, "unknown escape \\%c", c));
    bool quoted = t->live && (c == '*' || c == '?');
    if (!quoted)
        marked_add(&t->text, STR("\\"), MARK_TEXT);
    marked_add(&t->text, str_sub(rest, 0, 1), MARK_TEXT);
    return true;
}

struct replacement *replacement_new(struct arena *a, struct diag_sink *sink, struct str text,
                                    bool live, const struct regex_text *re, struct span at)
{
    struct template_reader t = {.arena = a, .sink = sink, .re = re, .at = at, .live = live};
    marked_init(&t.text, a);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        size_t len;
        if (c == '\\') {
            if (!add_escape(&t, str_sub(text, i + 1, text.len), &len))
                return NULL;
            i += len;
        } else {
            bool wildcard = live && (c == '*' || c == '?');
            marked_add(&t.text, str_sub(text, i, 1), wildcard ? MARK_WILDCARD : MARK_TEXT);
        }
    }
    end_text(&t);
    struct replacement *by = ARENA_NEW(a, struct replacement);
    by->v = t.pieces.v;
    by->n = t.pieces.n;
    return by;
}

static void put_replacement(const struct regex_text *re, const struct replacement *by,
                            const struct marked *in, struct marked *out)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(re->match);
    for (size_t i = 0; i < by->n; i++) {
        const struct piece *piece = &by->v[i];
        if (!piece->is_group)
            marked_copy(out, &piece->text, 0, piece->text.text.len);
        else if (ends[2 * piece->group] != PCRE2_UNSET &&
                 ends[2 * piece->group] <= ends[2 * piece->group + 1])
            marked_copy(out, in, ends[2 * piece->group], ends[2 * piece->group + 1]);
    }
}

/* The byte behind the character at `at`. */
static size_t next_character(struct str text, size_t at)
{
    do
        at++;
    while (at < text.len && ((unsigned char)text.p[at] & 0xc0) == 0x80);
    return at;
}

enum regex_answer regex_text_replace(const struct regex_text *re, const struct replacement *by,
                                     const struct marked *in, size_t max, struct arena *a,
                                     struct marked *ret_out)
{
    struct str text = text_str(&in->text);
    enum regex_answer found = REGEX_TEXT_NO;
    size_t at = 0;            /* everything before is in the output */
    bool after_empty = false; /* an empty match stood at `at`: no second one there */
    marked_init(ret_out, a);
    while (at <= text.len) {
        uint32_t options = after_empty ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
        int rc = run(re, text, at, options);
        if (rc == PCRE2_ERROR_NOMATCH && !after_empty)
            break;
        if (rc == PCRE2_ERROR_NOMATCH) {
            size_t next = at < text.len ? next_character(text, at) : at + 1;
            marked_copy(ret_out, in, at, next < text.len ? next : text.len);
            at = next;
            after_empty = false;
            continue;
        }
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(re->match);
        if (rc < 0 || ends[0] < at || ends[1] < ends[0] || ret_out->text.len > max)
            return REGEX_TEXT_BOUND; /* also \K that goes backwards */
        found = REGEX_TEXT_YES;
        size_t end = ends[1];
        after_empty = ends[0] == ends[1];
        marked_copy(ret_out, in, at, ends[0]);
        put_replacement(re, by, in, ret_out);
        at = end;
    }
    if (at < text.len)
        marked_copy(ret_out, in, at, text.len);
    return ret_out->text.len > max ? REGEX_TEXT_BOUND : found;
}
