#include "diag.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "vec.h"

static const struct diag_info infos[] = {
#define DIAG_ROW(number, name, severity, category, text, explain, example, since) \
    {number, #name, severity, category, text, explain, example, since},
#include "diag_codes.def"
#undef DIAG_ROW
};

const struct diag_info *diag_info(enum diag_code code)
{
    return &infos[code];
}

const struct diag_info *diag_info_find(struct str code)
{
    if (code.len > 0 && (code.p[0] == 'S' || code.p[0] == 's'))
        code = str_sub(code, 1, code.len);
    for (size_t i = 0; i < DIAG__COUNT; i++) {
        char number[16];
        snprintf(number, sizeof number, "%u", infos[i].number);
        if (str_eq_z(code, number))
            return &infos[i];
    }
    return NULL;
}

#define DROPPED_TEXT_MAX 24

/* What was said about one file. */
struct tally {
    size_t n, dropped;
    char *dropped_text; /* [DROPPED_TEXT_MAX]: the count in the message, rewritten as it grows */
    size_t dropped_at;  /* index in the sink */
};

struct diag_sink {
    struct arena *arena;
    const struct sources *sources;
    VEC(struct diag) all;
    VEC(struct tally) files; /* [file number + 1]; 0 is for what has no place */
    size_t n_errors;
    struct str rule;
    bool rule_is_id;
    bool silent[DIAG__COUNT];
};

struct diag_sink *diag_sink_new(struct arena *a, const struct sources *sources)
{
    struct diag_sink *s = ARENA_NEW(a, struct diag_sink);
    s->arena = a;
    s->sources = sources;
    return s;
}

const struct sources *diag_sources(const struct diag_sink *s)
{
    return s->sources;
}

static struct tally *tally_of(struct diag_sink *s, uint32_t file)
{
    size_t index = sources_get(s->sources, file) ? (size_t)file + 1 : 0;
    while (s->files.n <= index)
        (void)VEC_PUSH(s->arena, &s->files);
    return &s->files.v[index];
}

/* The argument as far as a message should quote it. */
static void add_argument(struct text *out, struct str arg)
{
    if (arg.len == 0)
        return;
    const char *p = arg.p, *end = str_end(arg);
    for (size_t i = 0; i < DIAG_ARGUMENT_MAX && p < end; i++)
        utf8_next(&p, end);
    text_add(out, (struct str){arg.p, (size_t)(p - arg.p)});
    if (p < end)
        text_addz(out, "...");
}

/* Fills {0} .. {9}; a placeholder without argument stays as it is. */
struct str diag_message(struct arena *a, enum diag_code code, size_t n_args, const struct str *args)
{
    struct text out;
    text_init(&out, a);
    struct str rest = str_of(infos[code].text);
    while (rest.len > 0) {
        size_t brace = str_find(rest, '{');
        text_add(&out, str_sub(rest, 0, brace));
        rest = str_sub(rest, brace, rest.len);
        if (rest.len >= 3 && rest.p[1] >= '0' && rest.p[1] <= '9' && rest.p[2] == '}' &&
            (size_t)(rest.p[1] - '0') < n_args) {
            add_argument(&out, args[rest.p[1] - '0']);
            rest = str_sub(rest, 3, rest.len);
        } else {
            text_add(&out, str_sub(rest, 0, 1));
            rest = str_sub(rest, 1, rest.len);
        }
    }
    return text_str(&out);
}

/* Above the cap: one note per file that counts the rest. */
static void drop(struct diag_sink *s, struct tally *t, uint32_t file)
{
    t->dropped++;
    const char *format = infos[DIAG_too_many].text;
    if (t->dropped == 1) {
        size_t room = strlen(format) + DROPPED_TEXT_MAX;
        t->dropped_text = arena_alloc(s->arena, room);
        struct span at = {file, 0, 0};
        t->dropped_at = s->all.n;
        *VEC_PUSH(s->arena, &s->all) =
            (struct diag){DIAG_too_many, at, NO_HELP, NO_HELP, NO_HELP, false};
    }
    char number[DROPPED_TEXT_MAX];
    int len = snprintf(number, sizeof number, "%zu", t->dropped);
    const char *hole = strstr(format, "{0}");
    size_t before = (size_t)(hole - format), after = strlen(hole + 3);
    memcpy(t->dropped_text, format, before);
    memcpy(t->dropped_text + before, number, (size_t)len);
    memcpy(t->dropped_text + before + (size_t)len, hole + 3, after);
    s->all.v[t->dropped_at].message = (struct str){t->dropped_text, before + (size_t)len + after};
}

void diag_add(struct diag_sink *s, enum diag_code code, struct span at, struct str help,
              size_t n_args, const struct str *args)
{
    if (s->silent[code])
        return;
    if (infos[code].severity == DIAG_ERROR)
        s->n_errors++;
    struct tally *t = tally_of(s, at.file);
    if (t->n >= DIAG_PER_FILE_MAX) {
        drop(s, t, at.file);
        return;
    }
    t->n++;
    struct str message = diag_message(s->arena, code, n_args, args);
    struct str advice = str_dup(s->arena, help);
    *VEC_PUSH(s->arena, &s->all) =
        (struct diag){code, at, message, advice, s->rule, s->rule_is_id && s->rule.len > 0};
}

void diag_rule(struct diag_sink *s, struct str id_or_title, bool is_id)
{
    s->rule = id_or_title;
    s->rule_is_id = is_id;
}

void diag_silence(struct diag_sink *s, enum diag_code code)
{
    s->silent[code] = true;
}

void diag_restore(struct diag_sink *s, const struct diag *v, size_t n, size_t n_errors)
{
    for (size_t i = 0; i < n; i++)
        *VEC_PUSH(s->arena, &s->all) = v[i];
    s->n_errors += n_errors;
}

struct diag_sink *diag_sink_part(struct arena *a, const struct diag_sink *s)
{
    struct diag_sink *part = diag_sink_new(a, s->sources);
    memcpy(part->silent, s->silent, sizeof part->silent);
    return part;
}

/* The part whose next diagnostic, of those that at[] says, is of the first file; n: there is none.
 */
static size_t next_part(struct diag_sink *const *parts, const size_t *at, size_t n)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++)
        if (parts[i] && at[i] < parts[i]->all.n &&
            (best == n || parts[i]->all.v[at[i]].at.file < parts[best]->all.v[at[best]].at.file))
            best = i;
    return best;
}

/* As if it had been added here, but for the count of errors. */
static void adopt(struct diag_sink *s, const struct diag *d, const struct tally *theirs)
{
    struct tally *t = tally_of(s, d->at.file);
    size_t n = d->code == DIAG_too_many ? theirs->dropped : t->n >= DIAG_PER_FILE_MAX;
    for (size_t i = 0; i < n; i++)
        drop(s, t, d->at.file);
    if (n > 0)
        return;
    t->n++;
    *VEC_PUSH(s->arena, &s->all) = *d;
}

void diag_join(struct diag_sink *s, struct diag_sink *const *parts, size_t n)
{
    size_t *at = ARENA_ARRAY(s->arena, n, size_t);
    for (size_t i; (i = next_part(parts, at, n)) < n; at[i]++) {
        const struct diag *d = &parts[i]->all.v[at[i]];
        adopt(s, d, tally_of(parts[i], d->at.file));
    }
    for (size_t i = 0; i < n; i++)
        s->n_errors += parts[i] ? parts[i]->n_errors : 0;
}

size_t diag_count(const struct diag_sink *s)
{
    return s->all.n;
}

size_t diag_errors(const struct diag_sink *s)
{
    return s->n_errors;
}

const struct diag *diag_get(const struct diag_sink *s, size_t i)
{
    return &s->all.v[i];
}
