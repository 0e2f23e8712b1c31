/* The attributes of a detection rule beside its detection (SEMANTICS section 2). A null counts as
 * not given. */
#include "arena.h"
#include "rule_reader.h"
#include "suggest.h"

#define TITLE_MAX 256         /* characters */
#define DESCRIPTION_MAX 65535 /* characters */

typedef void read_attribute(struct rule_reader *r, const struct pair *pair);

struct str wrong_kind(struct arena *a, const char *wanted, const struct node *node)
{
    return str_format(a, "must be %s, this is %s", wanted, node_kind_name(node->kind));
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool uuid_valid(struct str s)
{
    if (s.len != 36)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.p[i] != '-' : !is_hex(s.p[i]))
            return false;
    }
    return true;
}

/* The text of a value that must be one; false after reporting `code`, whose text wants one
 * argument.
 */
static bool read_text(struct rule_reader *r, const struct pair *pair, enum diag_code code,
                      struct str *ret_text)
{
    if (pair->value->kind == NODE_STRING) {
        *ret_text = pair->value->text;
        return true;
    }
    RULE_FAULT(r, code, pair->value->at, NO_HELP, wrong_kind(r->arena, "a text", pair->value));
    return false;
}

static void read_title(struct rule_reader *r, const struct pair *pair)
{
    if (!read_text(r, pair, DIAG_invalid_title, &r->rule->title))
        return;
    size_t n = utf8_count(r->rule->title);
    if (n > TITLE_MAX)
        RULE_FAULT(
            r, DIAG_invalid_title, pair->value->at, NO_HELP,
            str_format(r->arena, "has %zu characters, at most %d are allowed", n, TITLE_MAX));
}

static void read_id(struct rule_reader *r, const struct pair *pair)
{
    if (!read_text(r, pair, DIAG_invalid_id, &r->rule->id))
        return;
    if (!uuid_valid(r->rule->id))
        RULE_FAULT(r, DIAG_invalid_id, pair->value->at, NO_HELP,
                   STR("is no UUID of the form 8-4-4-4-12"));
}

static void read_name(struct rule_reader *r, const struct pair *pair)
{
    if (read_text(r, pair, DIAG_invalid_name, &r->rule->name) && r->rule->name.len == 0)
        RULE_FAULT(r, DIAG_invalid_name, pair->value->at, NO_HELP, STR("is empty"));
}

static void read_taxonomy(struct rule_reader *r, const struct pair *pair)
{
    if (read_text(r, pair, DIAG_invalid_taxonomy, &r->rule->taxonomy) && r->rule->taxonomy.len == 0)
        RULE_FAULT(r, DIAG_invalid_taxonomy, pair->value->at, NO_HELP, STR("is empty"));
}

/* ---- level and status ---- */

static const char *const level_names[] = {
    [LEVEL_NONE] = "",     [LEVEL_INFORMATIONAL] = "informational",
    [LEVEL_LOW] = "low",   [LEVEL_MEDIUM] = "medium",
    [LEVEL_HIGH] = "high", [LEVEL_CRITICAL] = "critical",
};
static const char *const status_names[] = {
    [STATUS_NONE] = "",
    [STATUS_UNSUPPORTED] = "unsupported",
    [STATUS_DEPRECATED] = "deprecated",
    [STATUS_EXPERIMENTAL] = "experimental",
    [STATUS_TEST] = "test",
    [STATUS_STABLE] = "stable",
};
#define N_LEVELS (sizeof level_names / sizeof level_names[0])
#define N_STATUSES (sizeof status_names / sizeof status_names[0])

const char *rule_level_name(enum rule_level level)
{
    return level_names[level];
}

const char *rule_status_name(enum rule_status status)
{
    return status_names[status];
}

/* The index of s among names[1..n), letter case ignored, or 0. */
static size_t find_name(const char *const *names, size_t n, struct str s)
{
    for (size_t i = 1; i < n; i++)
        if (str_eq_nocase(s, str_of(names[i])))
            return i;
    return 0;
}

bool rule_level_parse(struct str s, enum rule_level *ret_level)
{
    size_t found = find_name(level_names, N_LEVELS, s);
    if (found > 0)
        *ret_level = (enum rule_level)found;
    return found > 0;
}

bool rule_status_parse(struct str s, enum rule_status *ret_status)
{
    size_t found = find_name(status_names, N_STATUSES, s);
    if (found > 0)
        *ret_status = (enum rule_status)found;
    return found > 0;
}

static void report_name(struct rule_reader *r, const struct pair *pair, enum diag_code code,
                        const char *const *names, size_t n)
{
    struct suggestion suggestion = suggestion_for(pair->value->text);
    for (size_t i = 1; i < n; i++)
        suggestion_offer(&suggestion, str_of(names[i]));
    RULE_FAULT(r, code, pair->value->at, suggestion_help(r->arena, &suggestion),
               str_format(r->arena, "'%.*s' is not known", STR_ARG(pair->value->text)));
}

static void read_level(struct rule_reader *r, const struct pair *pair)
{
    struct str text;
    if (read_text(r, pair, DIAG_invalid_level, &text) && !rule_level_parse(text, &r->rule->level))
        report_name(r, pair, DIAG_invalid_level, level_names, N_LEVELS);
}

static void read_status(struct rule_reader *r, const struct pair *pair)
{
    struct str text;
    if (read_text(r, pair, DIAG_invalid_status, &text) &&
        !rule_status_parse(text, &r->rule->status))
        report_name(r, pair, DIAG_invalid_status, status_names, N_STATUSES);
}

/* ---- dates ---- */

/* Digits from *at on, `min` to `max` of them. */
static bool read_digits(struct str s, size_t *at, size_t min, size_t max, unsigned *ret_number)
{
    size_t start = *at;
    *ret_number = 0;
    for (; *at < s.len && *at - start < max && s.p[*at] >= '0' && s.p[*at] <= '9'; ++*at)
        *ret_number = *ret_number * 10 + (unsigned)(s.p[*at] - '0');
    return *at - start >= min;
}

/* YYYY-MM-DD, or with slashes YYYY/M/D. */
static bool parse_date(struct str s, unsigned ymd[3], bool *ret_legacy)
{
    size_t at = 0;
    if (!read_digits(s, &at, 4, 4, &ymd[0]) || at == s.len)
        return false;
    char separator = s.p[at++];
    *ret_legacy = separator == '/';
    if (separator != '-' && separator != '/')
        return false;
    size_t min = *ret_legacy ? 1 : 2;
    if (!read_digits(s, &at, min, 2, &ymd[1]) || at == s.len || s.p[at++] != separator)
        return false;
    return read_digits(s, &at, min, 2, &ymd[2]) && at == s.len;
}

static bool real_day(const unsigned ymd[3])
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (ymd[0] == 0 || ymd[1] < 1 || ymd[1] > 12 || ymd[2] < 1)
        return false;
    bool leap = (ymd[0] % 4 == 0 && ymd[0] % 100 != 0) || ymd[0] % 400 == 0;
    return ymd[2] <= days[ymd[1] - 1] + (leap && ymd[1] == 2);
}

static void read_date(struct rule_reader *r, const struct pair *pair)
{
    const struct node *value = pair->value;
    struct str key = pair->key->text;
    unsigned ymd[3];
    bool legacy;
    if (value->kind != NODE_STRING) {
        RULE_FAULT(r, DIAG_invalid_date, value->at, NO_HELP, key,
                   wrong_kind(r->arena, "a day written YYYY-MM-DD", value));
    } else if (!parse_date(value->text, ymd, &legacy)) {
        RULE_FAULT(r, DIAG_invalid_date, value->at, NO_HELP, key,
                   STR("must be written YYYY-MM-DD"));
    } else if (!real_day(ymd)) {
        RULE_FAULT(r, DIAG_invalid_date, value->at, NO_HELP, key, STR("is no day of the calendar"));
    } else if (legacy) {
        DIAG(r->sink, DIAG_legacy_date, value->at, NO_HELP, key);
    }
}

/* ---- lists ---- */

static bool tag_valid(struct str tag)
{
    size_t dot = str_find(tag, '.');
    return dot > 0 && dot + 1 < tag.len;
}

static void read_tags(struct rule_reader *r, const struct pair *pair)
{
    const struct node *list = pair->value;
    if (list->kind != NODE_LIST) {
        RULE_FAULT(r, DIAG_invalid_tag, list->at, NO_HELP,
                   STR("must stand in a list, also when it is the only one"));
        return;
    }
    r->rule->tags = ARENA_ARRAY(r->arena, list->n, struct str);
    for (size_t i = 0; i < list->n; i++) {
        const struct node *tag = list->items[i];
        if (tag->kind != NODE_STRING)
            RULE_FAULT(r, DIAG_invalid_tag, tag->at, NO_HELP, wrong_kind(r->arena, "a text", tag));
        else if (!tag_valid(tag->text))
            RULE_FAULT(r, DIAG_invalid_tag, tag->at, NO_HELP,
                       str_format(r->arena, "'%.*s' has no namespace: write namespace.name",
                                  STR_ARG(tag->text)));
        else
            r->rule->tags[r->rule->n_tags++] = tag->text;
    }
}

static const char *const related_types[] = {"derived", "obsolete", "merged",
                                            "renamed", "similar",  "correlation"};

static void read_related_type(struct rule_reader *r, const struct node *type)
{
    struct suggestion suggestion = suggestion_for(type->text);
    for (size_t i = 0; i < sizeof related_types / sizeof related_types[0]; i++) {
        if (str_eq_z(type->text, related_types[i]))
            return;
        suggestion_offer(&suggestion, str_of(related_types[i]));
    }
    RULE_FAULT(r, DIAG_invalid_related, type->at, suggestion_help(r->arena, &suggestion),
               str_format(r->arena, "type '%.*s' is not known", STR_ARG(type->text)));
}

static void read_relation(struct rule_reader *r, const struct node *map)
{
    if (map->kind != NODE_MAP) {
        RULE_FAULT(r, DIAG_invalid_related, map->at, NO_HELP,
                   wrong_kind(r->arena, "a list of maps", map));
        return;
    }
    const struct node *id = node_find(map, "id"), *type = node_find(map, "type");
    if (!id || id->kind != NODE_STRING || !uuid_valid(id->text))
        RULE_FAULT(r, DIAG_invalid_related, id ? id->at : map->at, NO_HELP,
                   id ? STR("id is no UUID") : STR("has no id"));
    if (type && type->kind == NODE_STRING)
        read_related_type(r, type);
    else
        RULE_FAULT(r, DIAG_invalid_related, type ? type->at : map->at, NO_HELP,
                   type ? STR("type is no text") : STR("has no type"));
}

static void read_related(struct rule_reader *r, const struct pair *pair)
{
    if (pair->value->kind != NODE_LIST) {
        RULE_FAULT(r, DIAG_invalid_related, pair->value->at, NO_HELP,
                   wrong_kind(r->arena, "a list of maps", pair->value));
        return;
    }
    for (size_t i = 0; i < pair->value->n; i++)
        read_relation(r, pair->value->items[i]);
}

static void read_list(struct rule_reader *r, const struct pair *pair)
{
    if (pair->value->kind != NODE_LIST)
        RULE_FAULT(r, DIAG_invalid_metadata, pair->value->at, NO_HELP, pair->key->text,
                   wrong_kind(r->arena, "a list", pair->value));
}

static void read_falsepositives(struct rule_reader *r, const struct pair *pair)
{
    const struct node *list = pair->value;
    if (r->kind == DOCUMENT_CORRELATION && list->kind == NODE_STRING) {
        r->rule->falsepositives = ARENA_NEW(r->arena, struct str);
        r->rule->falsepositives[r->rule->n_falsepositives++] = list->text;
        return;
    }
    read_list(r, pair);
    if (list->kind != NODE_LIST)
        return;
    r->rule->falsepositives = ARENA_ARRAY(r->arena, list->n, struct str);
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i]->kind != NODE_LIST && list->items[i]->kind != NODE_MAP)
            r->rule->falsepositives[r->rule->n_falsepositives++] = list->items[i]->text;
}

static bool read_metadata_text(struct rule_reader *r, const struct pair *pair, struct str *ret_text)
{
    if (pair->value->kind == NODE_STRING) {
        *ret_text = pair->value->text;
        return true;
    }
    RULE_FAULT(r, DIAG_invalid_metadata, pair->value->at, NO_HELP, pair->key->text,
               wrong_kind(r->arena, "a text", pair->value));
    return false;
}

static void read_author(struct rule_reader *r, const struct pair *pair)
{
    read_metadata_text(r, pair, &r->rule->author);
}

static void read_license(struct rule_reader *r, const struct pair *pair)
{
    struct str text;
    read_metadata_text(r, pair, &text);
}

static void read_description(struct rule_reader *r, const struct pair *pair)
{
    if (!read_metadata_text(r, pair, &r->rule->description))
        return;
    size_t n = utf8_count(r->rule->description);
    if (n > DESCRIPTION_MAX)
        RULE_FAULT(
            r, DIAG_invalid_metadata, pair->value->at, NO_HELP, pair->key->text,
            str_format(r->arena, "has %zu characters, at most %d are allowed", n, DESCRIPTION_MAX));
}

/* ---- log source ---- */

static void read_dimension(struct rule_reader *r, const struct node *map, const char *name,
                           struct str *ret_text)
{
    const struct node *node = node_find(map, name);
    if (!node || node->kind == NODE_NULL)
        return;
    if (node->kind == NODE_STRING)
        *ret_text = node->text;
    else
        RULE_FAULT(r, DIAG_invalid_logsource, node->at, NO_HELP,
                   str_format(r->arena, "%s must be a text, this is %s", name,
                              node_kind_name(node->kind)));
}

static bool has_dimension(const struct node *map)
{
    static const char *const names[] = {"category", "product", "service"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct node *node = node_find(map, names[i]);
        if (node && node->kind != NODE_NULL && (node->kind != NODE_STRING || node->text.len > 0))
            return true;
    }
    return false;
}

static void read_logsource(struct rule_reader *r, const struct pair *pair)
{
    const struct node *map = pair->value;
    struct logsource *logsource = &r->rule->logsource;
    if (r->kind == DOCUMENT_CORRELATION)
        return; /* it has those of the rules that it refers to */
    logsource->at = pair->key->at;
    if (map->kind != NODE_MAP) {
        RULE_FAULT(r, DIAG_invalid_logsource, map->at, NO_HELP, wrong_kind(r->arena, "a map", map));
        return;
    }
    if (!has_dimension(map)) {
        RULE_FAULT(r, DIAG_invalid_logsource, pair->key->at, NO_HELP,
                   STR("has none of category, product and service"));
        return;
    }
    read_dimension(r, map, "category", &logsource->category);
    read_dimension(r, map, "product", &logsource->product);
    read_dimension(r, map, "service", &logsource->service);
}

static const struct {
    struct str key;
    read_attribute *read;
} attributes[] = {
    {{"title", sizeof "title" - 1}, read_title},
    {{"id", sizeof "id" - 1}, read_id},
    {{"name", sizeof "name" - 1}, read_name},
    {{"related", sizeof "related" - 1}, read_related},
    {{"taxonomy", sizeof "taxonomy" - 1}, read_taxonomy},
    {{"status", sizeof "status" - 1}, read_status},
    {{"level", sizeof "level" - 1}, read_level},
    {{"date", sizeof "date" - 1}, read_date},
    {{"modified", sizeof "modified" - 1}, read_date},
    {{"tags", sizeof "tags" - 1}, read_tags},
    {{"references", sizeof "references" - 1}, read_list},
    {{"falsepositives", sizeof "falsepositives" - 1}, read_falsepositives},
    {{"fields", sizeof "fields" - 1}, read_list},
    {{"scope", sizeof "scope" - 1}, read_list},
    {{"description", sizeof "description" - 1}, read_description},
    {{"author", sizeof "author" - 1}, read_author},
    {{"license", sizeof "license" - 1}, read_license},
    {{"logsource", sizeof "logsource" - 1}, read_logsource},
};

static void read_pair(struct rule_reader *r, const struct pair *pair)
{
    if (pair->key->kind != NODE_STRING) {
        RULE_FAULT(r, DIAG_invalid_key, pair->key->at, NO_HELP,
                   str_of(node_kind_name(pair->key->kind)));
        return;
    }
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        if (pair->value->kind != NODE_NULL && str_eq(pair->key->text, attributes[i].key))
            attributes[i].read(r, pair);
}

void attributes_read(struct rule_reader *r, const struct node *root)
{
    r->rule->taxonomy = STR("sigma");
    const struct node *title = node_find(root, "title"), *logsource = node_find(root, "logsource");
    if (!title || title->kind == NODE_NULL)
        RULE_FAULT0(r, DIAG_missing_title, r->document_at);
    for (size_t i = 0; i < root->n; i++)
        read_pair(r, &root->pairs[i]);
    if (r->kind != DOCUMENT_CORRELATION && (!logsource || logsource->kind == NODE_NULL))
        RULE_FAULT0(r, DIAG_missing_logsource, r->document_at);
}
