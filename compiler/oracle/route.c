#include "route.h"

#include <string.h>

#include "leaf_number.h"
#include "vec.h"

enum dimension { PRODUCT, CATEGORY, SERVICE, N_DIMENSIONS };

static const char *const dimension_names[N_DIMENSIONS] = {"product", "category", "service"};
static const char *const label_paths[N_DIMENSIONS] = {"logsource.product", "logsource.category",
                                                      "logsource.service"};

static struct str text_of(const char *z)
{
    return z ? str_of(z) : STR("");
}

static struct str wanted_in(const struct logsource *s, enum dimension d)
{
    return d == PRODUCT ? s->product : d == CATEGORY ? s->category : s->service;
}

static struct triple triple_of_row(const struct logsource_row *row)
{
    return (struct triple){text_of(row->product), text_of(row->category), text_of(row->service)};
}

static struct str carried_in(const struct triple *t, enum dimension d)
{
    return d == PRODUCT ? t->product : d == CATEGORY ? t->category : t->service;
}

/* Whether a rule or a row of the table names this value. An event's own field `service` or
 * `category` may mean something else altogether; only then it does not count as a label. */
static bool is_known(const struct mapped *rules, enum dimension d, struct str value)
{
    for (size_t i = 0; i < rules->n; i++)
        if (str_eq_nocase(wanted_in(&rules->rules[i]->logsource, d), value))
            return true;
    for (size_t i = 0; i < n_logsource_rows; i++) {
        struct triple t = triple_of_row(&logsource_rows[i]);
        if (str_eq_nocase(carried_in(&t, d), value))
            return true;
    }
    return false;
}

/* The text of the first leaf that is a string. */
static struct str string_at(const struct view *v, const char *path)
{
    const struct field *field = view_raw(v, str_of(path));
    for (size_t i = 0; i < field->n; i++)
        if (leaf_is_string(&field->leaves[i]))
            return field->leaves[i].text;
    return STR("");
}

static struct str label(const struct view *v, const struct mapped *rules, enum dimension d)
{
    struct str explicit = string_at(v, label_paths[d]);
    if (explicit.len > 0)
        return explicit;
    struct str plain = string_at(v, dimension_names[d]);
    return plain.len > 0 && is_known(rules, d, plain) ? plain : STR("");
}

static bool id_fits(const struct view *v, const struct logsource_row *row)
{
    if (row->n_ids == 0)
        return true;
    for (unsigned i = 0; i < row->n_ids && v->has_id; i++) {
        struct number id = {.kind = NUMBER_INT, .i = row->ids[i]};
        if (leaf_number_order(v->id, id) == 0)
            return true;
    }
    return false;
}

static bool same_text(struct arena *a, struct str x, struct str y)
{
    struct points p = points_of(a, x, true), q = points_of(a, y, true);
    return p.n == q.n && (p.n == 0 || memcmp(p.v, q.v, p.n * sizeof *p.v) == 0);
}

static bool condition_holds(const struct view *v, const struct logsource_row *row)
{
    if (!row->when_field)
        return true;
    const struct field *field = view_raw(v, str_of(row->when_field));
    for (size_t i = 0; i < field->n; i++)
        for (size_t k = 0; k < 2; k++)
            if (field->leaves[i].has_text && row->when_values[k] &&
                same_text(v->arena, field->leaves[i].text, str_of(row->when_values[k])))
                return true;
    return false;
}

/* Without a channel the provider tells where an event comes from. */
static bool row_is_of(const struct logsource_row *row, struct str channel, struct str provider)
{
    struct str has = channel.len > 0 ? channel : provider;
    struct str wants = text_of(channel.len > 0 ? row->channel : row->provider);
    return has.len > 0 && str_eq_nocase(has, wants);
}

static struct route route_of_table(const struct view *v)
{
    struct str provider = STR("");
    for (size_t i = 0; i < n_provider_fields && provider.len == 0; i++)
        provider = view_raw_text(v, str_of(provider_fields[i]));
    VEC(struct triple) triples = {0};
    bool in_table = false;
    for (size_t i = 0; i < n_logsource_rows; i++) {
        const struct logsource_row *row = &logsource_rows[i];
        if (!row_is_of(row, v->channel, provider))
            continue;
        in_table = true;
        if (id_fits(v, row) && condition_holds(v, row))
            *VEC_PUSH(v->arena, &triples) = triple_of_row(row);
    }
    return (struct route){!in_table, triples.v, triples.n};
}

static struct route route_of_one(const struct view *v, struct triple triple)
{
    struct triple *one = ARENA_NEW(v->arena, struct triple);
    *one = triple;
    return (struct route){false, one, 1};
}

struct route route_of(const struct view *v, const struct mapped *rules,
                      const struct oracle_options *options)
{
    if (options->routing == ORACLE_ROUTE_NONE)
        return (struct route){true, NULL, 0};
    if (options->routing == ORACLE_ROUTE_GIVEN)
        return route_of_one(v,
                            (struct triple){options->product, options->category, options->service});
    struct triple labels = {label(v, rules, PRODUCT), label(v, rules, CATEGORY),
                            label(v, rules, SERVICE)};
    if (labels.product.len > 0 || labels.category.len > 0 || labels.service.len > 0)
        return route_of_one(v, labels);
    return route_of_table(v);
}

static bool carries(const struct triple *t, const struct logsource *wanted)
{
    for (enum dimension d = PRODUCT; d < N_DIMENSIONS; d++) {
        struct str want = wanted_in(wanted, d);
        if (want.len > 0 && !str_eq_nocase(carried_in(t, d), want))
            return false;
    }
    return true;
}

bool route_meets(const struct route *route, const struct logsource *wanted)
{
    if (route->meets_all)
        return true;
    for (size_t i = 0; i < route->n; i++)
        if (carries(&route->triples[i], wanted))
            return true;
    /* The reader lets no rule through that names nothing; such a rule would be met anyway. */
    return wanted->product.len == 0 && wanted->category.len == 0 && wanted->service.len == 0;
}
