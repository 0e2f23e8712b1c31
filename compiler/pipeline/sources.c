#include "pipeline.h"

#define ANY_ID {0}, 0
#define IDS1(a) {a}, 1
#define IDS2(a, b) {a, b}, 2
#define IDS3(a, b, c) {a, b, c}, 3
#define NO_WHEN    \
    NULL,          \
    {              \
        NULL, NULL \
    }
#define WHEN(field, value) \
    field,                 \
    {                      \
        value, NULL        \
    }
#define WHEN2(field, value, other) \
    field,                         \
    {                              \
        value, other               \
    }
#define ROW(product, category, service, channel, provider, ids, when) \
    {product, category, service, channel, provider, ids, when},
const struct logsource_row logsource_rows[] = {
#include "logsources.def"
};
#undef ROW
const size_t n_logsource_rows = sizeof logsource_rows / sizeof logsource_rows[0];

#define RENAME(channel, id, field, source) {channel, id, SHAPE_RENAME, field, source, NULL},
#define OVERRIDE(channel, id, field, source) {channel, id, SHAPE_OVERRIDE, field, source, NULL},
#define JOIN(channel, id, field, source, domain) {channel, id, SHAPE_JOIN, field, source, domain},
#define RENAME_ANY(field, source) RENAME("", 0, field, source)
#define ENVELOPE(path)
#define INNER(path)
const struct shape_row shape_rows[] = {
#include "shapes.def"
};
#undef RENAME
#undef OVERRIDE
#undef JOIN
#undef RENAME_ANY
#undef ENVELOPE
#undef INNER
const size_t n_shape_rows = sizeof shape_rows / sizeof shape_rows[0];

#define RENAME(channel, id, field, source)
#define OVERRIDE(channel, id, field, source)
#define JOIN(channel, id, field, source, domain)
#define RENAME_ANY(field, source)
#define ENVELOPE(path) {path, false},
#define INNER(path) {path, true},
const struct envelope_row envelope_rows[] = {
#include "shapes.def"
};
const size_t n_envelope_rows = sizeof envelope_rows / sizeof envelope_rows[0];

/* Flat names first: they are what most collectors write and what Sigma's taxonomy uses. */
const char *const channel_fields[] = {"Channel", "winlog.channel", "Event.System.Channel",
                                      "log_name"};
const char *const event_id_fields[] = {"EventID", "winlog.event_id", "event.code",
                                       "Event.System.EventID", "event_id"};
const char *const provider_fields[] = {"Provider_Name",
                                       "SourceName",
                                       "winlog.provider_name",
                                       "source_name",
                                       "event.dataset",
                                       "event.provider",
                                       "Event.System.Provider.#attributes.Name"};
const size_t n_channel_fields = sizeof channel_fields / sizeof channel_fields[0];
const size_t n_event_id_fields = sizeof event_id_fields / sizeof event_id_fields[0];
const size_t n_provider_fields = sizeof provider_fields / sizeof provider_fields[0];

const char *const time_fields[] = {
    "@timestamp",
    "TimeCreated",
    "Event.System.TimeCreated.#attributes.SystemTime", /* UtcTime of such events is in EventData */
    "UtcTime",
    "EventTime",
    "timestamp",
    "time",
};
const size_t n_time_fields = sizeof time_fields / sizeof time_fields[0];
const char *const product_fields[] = {"logsource.product", "product"};
const char *const category_fields[] = {"logsource.category", "category"};
const char *const service_fields[] = {"logsource.service", "service"};
const size_t n_label_fields = sizeof product_fields / sizeof product_fields[0];
