/* Mapped rules: rules made ready for an engine, and the facts about event sources.
 *
 * For now the mapping is the identity plus the selection of rules (level, status, tags, ids);
 * processing pipelines and filters join here. The tables logsources.def (channel -> log source) and
 * shapes.def (source names -> Sigma names) are facts with their sources named; the oracle reads
 * them directly, plan/ writes them into the pack.
 */
#ifndef SIGMATON_PIPELINE_PIPELINE_H
#define SIGMATON_PIPELINE_PIPELINE_H

#include "rule.h"

struct mapped {
    const struct rule **rules; /* pack order */
    size_t n;
    size_t n_left_out;            /* by selection */
    const struct rule **left_out; /* [n_left_out], in order */
};

struct selection_options {
    enum rule_level min_level;   /* LEVEL_NONE: all; a rule without level counts as medium */
    enum rule_status min_status; /* STATUS_NONE: all; a rule without status counts as test */
    const struct str *ids, *not_ids, *tags, *not_tags;
    size_t n_ids, n_not_ids, n_tags, n_not_tags;
};

struct mapped pipeline_map(struct arena *a, struct rule *const *rules, size_t n,
                           const struct selection_options *select);
void pipeline_dump(struct text *out, const struct mapped *m);

/* One row of logsources.def: an event whose channel (or provider, where no channel is known) is
 * this and whose event id is among ids has the triple. Empty strings: not given. */
struct logsource_row {
    const char *product, *category, *service;
    const char *channel, *provider;
    uint32_t ids[4]; /* n_ids of them; none: any id */
    unsigned n_ids;
    const char *when_field,
        *when_values[2]; /* extra condition: field equals one of the values; NULL: none */
};
extern const struct logsource_row logsource_rows[];
extern const size_t n_logsource_rows;

/* One row of shapes.def: in events of this shape the Sigma name `field` is found under `source`. */
enum shape_kind {
    SHAPE_RENAME,   /* field <- source, when the event has no key `field` itself */
    SHAPE_OVERRIDE, /* field <- source, always (the event's own key means something else) */
    SHAPE_JOIN, /* field <- domain \ source, when the event has no key `field` itself and source is
                   a text other than "-"; without the domain part when that is absent or "-" */
};
struct shape_row {
    const char *channel; /* the shape: events of this channel; empty: every event .. */
    uint32_t event_id;   /* .. and this id */
    enum shape_kind kind;
    const char *field, *source, *domain; /* domain: SHAPE_JOIN only. Rows apply in order */
};
extern const struct shape_row shape_rows[];
extern const size_t n_shape_rows;

/* An object of the event in which a field is looked up that the event does not have itself, in row
 * order, plain ones before inner ones; the first that has the field answers. In an envelope blanks
 * in keys do not count where no key is spelled as the field is, and a value that is an object
 * stands for its member `#text`, or for nothing. */
struct envelope_row {
    const char *path;
    bool inner; /* the envelope is the value of the first member there that is not `#attributes` */
};
extern const struct envelope_row envelope_rows[];
extern const size_t n_envelope_rows;

/* Field names that carry an event's channel, event id, provider and data set, in the order they are
 * tried. */
extern const char *const channel_fields[], *const event_id_fields[], *const provider_fields[];
extern const size_t n_channel_fields, n_event_id_fields, n_provider_fields;
/* Those that carry its time, where no option names one, and the labels of a log source. */
extern const char *const time_fields[], *const product_fields[], *const category_fields[],
                                                                     *const service_fields[];
extern const size_t n_time_fields, n_label_fields; /* of each kind of label */

#endif
