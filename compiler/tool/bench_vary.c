/* Events with other values: so that no branch predictor learns a small data set by heart.
 *
 * Changed are, byte for byte and never in length: numbers of four digits and more, hexadecimal of
 * four and more with a digit in it (process ids, handles, GUIDs, hashes), unless a `.` is beside
 * them (addresses, versions); and the letters of names: what comes after `\Users\`, and the values
 * of fields that name users and machines. Not changed: fields that say what and when the event is.
 * An event that would hit other rules stays as it is, so that every pass has the same alerts. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct walk {
    char *p, *end;
    struct str key; /* of the value that is walked */
    uint64_t random;
    size_t n_changed;
};

static uint32_t draw(struct walk *w, uint32_t below)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 7;
    w->random ^= w->random << 17;
    return (uint32_t)((w->random >> 32) * below >> 32);
}

static bool has_word(struct str key, const char *const *words)
{
    for (; *words; words++) {
        size_t len = strlen(*words);
        for (size_t i = 0; i + len <= key.len; i++)
            if (strncasecmp(key.p + i, *words, len) == 0)
                return true;
    }
    return false;
}

static bool is_kept(struct str key)
{
    static const char *const words[] = {"time",       "event_id", "eventid", "channel", "provider",
                                        "sourcename", "keywords", "version", "level",   "task",
                                        "opcode",     "log_name", NULL};
    return has_word(key, words);
}

static bool is_name(struct str key)
{
    static const char *const words[] = {"user", "account", "host", "computer", NULL};
    return has_word(key, words);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static char other(struct walk *w, char c)
{
    if (c >= '0' && c <= '9')
        return (char)('1' + draw(w, 9));
    return (char)((c >= 'a' ? 'a' : 'A') + draw(w, 6));
}

/* The token p[len] between characters `before` and `after`. */
static void number(struct walk *w, char *p, size_t len, char before, char after)
{
    size_t digits = 0, letters = 0;
    size_t from = len > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X') ? 2 : 0;
    for (size_t i = from; i < len; i++) {
        digits += isdigit((unsigned char)p[i]) != 0;
        letters += isxdigit((unsigned char)p[i]) && !isdigit((unsigned char)p[i]);
    }
    if (digits + letters != len - from || digits == 0 || len - from < 4 || before == '.' ||
        after == '.')
        return;
    for (size_t i = from; i < len; i++)
        p[i] = other(w, p[i]);
    w->n_changed++;
}

static void letters(struct walk *w, char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (isalpha((unsigned char)p[i]))
            p[i] = (char)((islower((unsigned char)p[i]) ? 'a' : 'A') + draw(w, 26));
    w->n_changed += len > 0;
}

/* Accounts that rules know by name. */
static bool is_known(const char *p, size_t len)
{
    static const char *const known[] = {
        "system",  "authority", "service",       "network", "local", "nt", "public",
        "default", "all",       "administrator", "guest",   "user",  NULL};
    for (const char *const *k = known; *k; k++)
        if (strlen(*k) == len && strncasecmp(p, *k, len) == 0)
            return true;
    return false;
}

/* One token of a string: after `\Users\`, or in a field of names, a name; else perhaps a number. */
static void token(struct walk *w, char *start, char *p, size_t len, bool is_user)
{
    char before = p > start ? p[-1] : '"', after = p + len < w->end ? p[len] : '"';
    if (is_user && !is_known(p, len))
        letters(w, p, len);
    else
        number(w, p, len, before, after);
}

/* A string's content up to its closing quote; w->p is left behind the quote. */
static void string(struct walk *w)
{
    char *start = w->p;
    bool kept = is_kept(w->key), named = is_name(w->key), below_users = false;
    while (w->p < w->end && *w->p != '"') {
        if (*w->p == '\\') {
            size_t skip = w->p + 1 < w->end && w->p[1] == 'u' ? 6 : 2;
            w->p = (size_t)(w->end - w->p) > skip ? w->p + skip : w->end;
            continue;
        }
        char *p = w->p;
        while (w->p < w->end && is_word(*w->p))
            w->p++;
        size_t len = (size_t)(w->p - p);
        if (len == 0) {
            w->p++;
            continue;
        }
        if (!kept)
            token(w, start, p, len, named || below_users);
        below_users = len == 5 && strncasecmp(p, "users", 5) == 0 && w->p < w->end && *w->p == '\\';
    }
    w->p += w->p < w->end;
}

static void skip_string(struct walk *w)
{
    while (w->p < w->end && *w->p != '"')
        w->p += *w->p == '\\' && w->p + 1 < w->end ? 2 : 1;
    w->p += w->p < w->end;
}

static void bare(struct walk *w)
{
    char *p = w->p;
    while (w->p < w->end && (is_word(*w->p) || strchr("+-.", *w->p)))
        w->p++;
    size_t len = (size_t)(w->p - p);
    bool whole = len > 0;
    for (size_t i = 0; i < len; i++)
        whole = whole && isdigit((unsigned char)p[i]);
    if (whole && !is_kept(w->key))
        number(w, p, len, ':', ',');
}

/* Valid JSON only: keys are strings before a colon. */
static void line(struct walk *w)
{
    while (w->p < w->end) {
        if (*w->p == '"') {
            char *p = ++w->p;
            skip_string(w);
            size_t len = (size_t)(w->p - p) - 1;
            char *q = w->p;
            while (q < w->end && isspace((unsigned char)*q))
                q++;
            if (q < w->end && *q == ':') {
                w->key = (struct str){p, len};
            } else {
                w->p = p;
                string(w);
            }
        } else if (isdigit((unsigned char)*w->p) || *w->p == '-') {
            bare(w);
            w->p += w->p < w->end;
        } else {
            w->p++;
        }
    }
}

static bool same_hits(struct judge *j, const struct bench_line *was, const char *p, uint64_t *hits)
{
    struct sigmaton_verdict v = {0};
    if (judge_event(j, was->p, was->len, &v) != SIGMATON_OK)
        return false;
    memcpy(hits, v.hits, j->n_words * sizeof *hits);
    return judge_event(j, p, was->len, &v) == SIGMATON_OK &&
           memcmp(hits, v.hits, j->n_words * sizeof *hits) == 0;
}

bool bench_vary(struct judge *j, const struct bench_set *s, uint64_t pass, struct bench_set *ret,
                struct bench_varied *varied)
{
    char *bytes = bench_alloc(s->len + BENCH_PADDING, 1);
    uint64_t *hits = bench_alloc(j->n_words, sizeof *hits);
    if (s->len > 0)
        memcpy(bytes, s->bytes, s->len);
    for (size_t i = 0; i < s->n_lines; i++) {
        const struct bench_line *was = &s->lines[i];
        char *p = bytes + (was->p - s->bytes);
        struct walk w = {
            p, p + was->len, {0}, (pass + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ (i + 1) << 20, 0};
        line(&w);
        if (w.n_changed == 0)
            continue;
        if (same_hits(j, was, p, hits)) {
            varied->n_changed++;
        } else {
            memcpy(p, was->p, was->len);
            varied->n_reverted++;
        }
    }
    free(hits);
    return bench_set_make(ret, s->name, bytes, s->len);
}
