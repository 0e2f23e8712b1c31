#include "tree.h"

#include <string.h>

#include "arena.h"
#include "scalar.h"
#include "stream.h"
#include "vec.h"

/* What a document may see beyond its limit: the line that ends it. */
#define SLACK ((size_t)4096)
/* Duplicate keys reported for one document. */
#define DUPLICATES_SHOWN 20
/* Maps up to this size are compared pair by pair. */
#define FEW_KEYS 12

/* A list or map that is being read. */
struct frame {
    struct node *node;
    VEC(struct node *) items;
    VEC(struct pair) pairs;
    struct node *key;    /* a map's key that waits for its value */
    unsigned height;     /* levels below this one */
    size_t nodes_before; /* count when it began */
    uint32_t anchor;     /* index of its anchor, or NONE */
};

struct anchor {
    struct node *node; /* NULL while it is being read */
    size_t n_nodes;    /* aliases expanded */
    unsigned height;
};

#define NONE UINT32_MAX

struct tree_reader {
    struct arena *arena;
    struct diag_sink *sink;
    struct stream *stream;
    uint32_t file;
    VEC(struct document) documents;
    size_t documents_end; /* where the last of them ended */

    /* the document that is being read */
    size_t began;   /* where it began, with the blank lines and comments before it */
    size_t content; /* behind its `---` */
    bool open, faulty, empty;
    struct node *root;
    size_t n_nodes, n_duplicates;
    VEC(struct frame) frames; /* the first `depth` are open */
    unsigned depth;
    VEC(struct anchor) anchors;
    struct names *names; /* of anchors, over all documents */
    VEC(uint32_t)
    by_name; /* name - 1 -> index of its latest anchor, of this document or an older one */
    uint32_t first_anchor; /* of this document */
};

static struct span span_of(const struct tree_reader *r, size_t from, size_t to)
{
    return (struct span){r->file, (uint32_t)from, (uint32_t)(to > from ? to - from : 0)};
}

static struct span event_span(struct tree_reader *r)
{
    size_t from = r->stream->event.from, to = r->stream->event.to;
    /* Block texts end where the next token begins. */
    const char *p = r->stream->text.p;
    while (to > from && (p[to - 1] == ' ' || p[to - 1] == '\n' || p[to - 1] == '\r' ||
                         p[to - 1] == '\t' || p[to - 1] == '\0'))
        to--;
    return span_of(r, from, to);
}

static size_t span_end(struct span at)
{
    return (size_t)at.off + at.len;
}

static struct str tag_shown(struct arena *a, const char *tag)
{
    struct str core = STR("tag:yaml.org,2002:"), t = str_of(tag);
    if (!str_starts(t, core))
        return t;
    return str_format(a, "!!%.*s", STR_ARG(str_sub(t, core.len, t.len)));
}

/* Counts nodes, aliases expanded. False: too many, the document ends here. */
static bool count_nodes(struct tree_reader *r, size_t n, struct span at)
{
    r->n_nodes += n;
    if (r->n_nodes <= TREE_NODES_MAX)
        return true;
    DIAG(r->sink, DIAG_yaml_nodes, at, NO_HELP, str_format(r->arena, "%d", TREE_NODES_MAX));
    return false;
}

static bool depth_fault(struct tree_reader *r, struct span at)
{
    DIAG(r->sink, DIAG_yaml_depth, at, NO_HELP, str_format(r->arena, "%d", TREE_DEPTH_MAX));
    return false;
}

static uint32_t anchor_new(struct tree_reader *r, const char *name)
{
    if (!name)
        return NONE;
    if (!r->names)
        r->names = names_new(r->arena);
    uint32_t id = names_intern(r->names, str_of(name));
    while (r->by_name.n < id)
        *VEC_PUSH(r->arena, &r->by_name) = NONE;
    (void)VEC_PUSH(r->arena, &r->anchors);
    return r->by_name.v[id - 1] = (uint32_t)(r->anchors.n - 1);
}

static struct anchor *anchor_find(struct tree_reader *r, struct str name)
{
    uint32_t id = r->names ? names_find(r->names, name) : UINT32_MAX;
    if (id == UINT32_MAX || r->by_name.v[id - 1] < r->first_anchor)
        return NULL;
    return &r->anchors.v[r->by_name.v[id - 1]];
}

static void duplicate_key(struct tree_reader *r, const struct node *first, const struct node *again)
{
    r->faulty = true;
    if (++r->n_duplicates > DUPLICATES_SHOWN)
        return;
    size_t line = stream_line(r->stream, first->at.off);
    struct str help = str_format(r->arena, "it stands in line %zu already", line);
    DIAG(r->sink, DIAG_duplicate_key, again->at, help, again->text);
}

/* Keys by hash, open addressing: slots hold index + 1. */
static void check_many_keys(struct tree_reader *r, const struct node *map)
{
    size_t n_slots = 32;
    while (n_slots < map->n * 2)
        n_slots *= 2;
    uint32_t *slots = ARENA_ARRAY(r->arena, n_slots, uint32_t);
    for (size_t i = 0; i < map->n; i++) {
        const struct node *key = map->pairs[i].key;
        if (!key->text.p)
            continue;
        size_t slot = hash_bytes(key->text.p, key->text.len, 0) & (n_slots - 1);
        while (slots[slot] != 0 && !str_eq(map->pairs[slots[slot] - 1].key->text, key->text))
            slot = (slot + 1) & (n_slots - 1);
        if (slots[slot] != 0)
            duplicate_key(r, map->pairs[slots[slot] - 1].key, key);
        else
            slots[slot] = (uint32_t)i + 1;
    }
}

/* Keys without text are faulty and have been reported. */
static void check_keys(struct tree_reader *r, const struct node *map)
{
    if (map->n > FEW_KEYS) {
        check_many_keys(r, map);
        return;
    }
    for (size_t i = 1; i < map->n; i++) {
        size_t j = map->pairs[i].key->text.p ? 0 : i;
        while (j < i && !str_eq(map->pairs[j].key->text, map->pairs[i].key->text))
            j++;
        if (j < i)
            duplicate_key(r, map->pairs[j].key, map->pairs[i].key);
    }
}

/* Puts a finished node where it belongs: into the list or map around it, or at the root. */
static void attach(struct tree_reader *r, struct node *n, unsigned height)
{
    if (r->depth == 0) {
        r->root = n;
        return;
    }
    struct frame *f = &r->frames.v[r->depth - 1];
    if (f->height < height)
        f->height = height;
    if (f->node->kind == NODE_LIST) {
        *VEC_PUSH(r->arena, &f->items) = n;
    } else if (f->key) {
        *VEC_PUSH(r->arena, &f->pairs) = (struct pair){f->key, n};
        f->key = NULL;
    } else {
        f->key = n;
        if (n->kind == NODE_LIST || n->kind == NODE_MAP) {
            r->faulty = true;
            DIAG(r->sink, DIAG_invalid_key, n->at, NO_HELP, str_of(node_kind_name(n->kind)));
        }
    }
}

static void bad_tag(struct tree_reader *r, struct span at, const char *tag, struct str why)
{
    r->faulty = true;
    DIAG(r->sink, DIAG_yaml_tag, at, STR("quote values that begin with !"),
         tag_shown(r->arena, tag), why);
}

/* Applies the explicit tag of a list or map, which changes nothing. */
static void check_tag(struct tree_reader *r, const struct node *n, const char *tag)
{
    if (!tag || strcmp(tag, "!") == 0)
        return;
    const char *fits = n->kind == NODE_LIST ? YAML_SEQ_TAG : YAML_MAP_TAG;
    if (strcmp(tag, fits) != 0)
        bad_tag(r, n->at, tag, STR("is not supported here"));
}

static bool begin_collection(struct tree_reader *r, enum node_kind kind)
{
    struct span at = event_span(r);
    if (r->depth == TREE_DEPTH_MAX)
        return depth_fault(r, at);
    size_t before = r->n_nodes;
    if (!count_nodes(r, 1, at))
        return false;
    struct node *n = ARENA_NEW(r->arena, struct node);
    n->kind = kind;
    n->at = at;
    check_tag(r, n, r->stream->event.tag);
    uint32_t index = anchor_new(r, r->stream->event.anchor);
    if (r->depth == r->frames.n)
        (void)VEC_PUSH(r->arena, &r->frames);
    struct frame *f = &r->frames.v[r->depth++]; /* with the room of those that it held before */
    f->node = n;
    f->key = NULL;
    f->items.n = f->pairs.n = 0;
    f->height = 0;
    f->nodes_before = before;
    f->anchor = index;
    return true;
}

/* A block ends where its last member does: libyaml says where the next token begins. */
static size_t collection_end(const struct frame *f, struct span end_event)
{
    size_t end = span_end(f->node->at);
    if (end_event.len > 0)
        return span_end(end_event);
    if (f->items.n > 0)
        end = span_end(f->items.v[f->items.n - 1]->at);
    if (f->pairs.n > 0) {
        const struct pair *last = &f->pairs.v[f->pairs.n - 1];
        size_t key = span_end(last->key->at), value = span_end(last->value->at);
        end = key > value ? key : value;
    }
    return end;
}

static void end_collection(struct tree_reader *r)
{
    struct span end_event = event_span(r);
    struct frame *f = &r->frames.v[--r->depth];
    struct node *n = f->node;
    n->at = span_of(r, n->at.off, collection_end(f, end_event));
    if (n->kind == NODE_LIST) {
        n->items = ARENA_ARRAY(r->arena, f->items.n, struct node *);
        n->n = (uint32_t)f->items.n;
        if (n->n > 0)
            memcpy(n->items, f->items.v, n->n * sizeof *n->items);
    } else {
        n->pairs = ARENA_ARRAY(r->arena, f->pairs.n, struct pair);
        n->n = (uint32_t)f->pairs.n;
        if (n->n > 0)
            memcpy(n->pairs, f->pairs.v, n->n * sizeof *n->pairs);
        check_keys(r, n);
    }
    unsigned height = f->height + 1;
    if (f->anchor != NONE)
        r->anchors.v[f->anchor] = (struct anchor){n, r->n_nodes - f->nodes_before, height};
    attach(r, n, height);
}

static void set_value(struct tree_reader *r, struct node *n)
{
    const char *tag = r->stream->event.tag;
    struct str core = STR("tag:yaml.org,2002:");
    n->kind = NODE_STRING;
    if (!tag) {
        if (!n->quoted)
            scalar_resolve(n);
        return;
    }
    if (strcmp(tag, "!") == 0) /* the tag that says: no number, a text */
        return;
    struct str t = str_of(tag);
    bool known = strcmp(tag, YAML_STR_TAG) == 0 || strcmp(tag, YAML_INT_TAG) == 0 ||
                 strcmp(tag, YAML_FLOAT_TAG) == 0 || strcmp(tag, YAML_BOOL_TAG) == 0 ||
                 strcmp(tag, YAML_NULL_TAG) == 0;
    if (!known)
        bad_tag(r, n->at, tag, STR("is not supported here"));
    else if (!scalar_apply_tag(n, str_sub(t, core.len, t.len)))
        bad_tag(r, n->at, tag, str_format(r->arena, "does not fit '%.*s'", STR_ARG(n->text)));
}

/* What may be a number needs a NUL behind it. */
static struct str kept_text(struct tree_reader *r, const struct stream_event *e)
{
    bool words = e->quoted || e->text.len == 0 || !memchr("+-.0123456789", e->text.p[0], 13);
    if (e->kept && words)
        return e->text;
    return (struct str){arena_copy(r->arena, e->text.p, e->text.len), e->text.len};
}

static bool take_scalar(struct tree_reader *r)
{
    const struct stream_event *e = &r->stream->event;
    struct span at = event_span(r);
    size_t len = e->text.len;
    if (!count_nodes(r, 1, at))
        return false;
    struct node *n = ARENA_NEW(r->arena, struct node);
    n->at = at;
    n->quoted = e->quoted;
    if (len > TREE_SCALAR_MAX) {
        r->faulty = true;
        if (!r->stream->cut) /* else the document is to blame, which is told at its end */
            DIAG(r->sink, DIAG_yaml_size, at, NO_HELP, STR("a text is"),
                 str_format(r->arena, "%zu", TREE_SCALAR_MAX));
    } else {
        n->text = kept_text(r, e);
        set_value(r, n);
    }
    uint32_t index = anchor_new(r, e->anchor);
    if (index != NONE)
        r->anchors.v[index] = (struct anchor){n, 1, 0};
    r->empty = r->depth == 0 && !n->quoted && at.len == 0;
    attach(r, n, 0);
    return true;
}

static bool take_alias(struct tree_reader *r)
{
    struct span at = event_span(r);
    struct str name = r->stream->event.text;
    const struct anchor *found = anchor_find(r, name);
    if (!found || !found->node) {
        struct str help = found ? STR("") : STR("quote values that begin with *");
        DIAG(r->sink, DIAG_yaml_alias, at, help, str_format(r->arena, "*%.*s", STR_ARG(name)));
        r->faulty = true; /* null takes its place, so that the rest can be looked at */
        struct node *n = ARENA_NEW(r->arena, struct node);
        n->at = at;
        attach(r, n, 0);
        return count_nodes(r, 1, at);
    }
    if (r->depth + found->height > TREE_DEPTH_MAX)
        return depth_fault(r, at);
    if (!count_nodes(r, found->n_nodes, at))
        return false;
    attach(r, found->node, found->height);
    return true;
}

static void begin_document(struct tree_reader *r)
{
    r->content = r->stream->event.to;
    r->open = true;
    r->empty = false;
}

static void reset_document(struct tree_reader *r, size_t from)
{
    r->began = r->content = from;
    r->open = r->faulty = r->empty = false;
    r->root = NULL;
    r->n_nodes = r->n_duplicates = 0;
    r->depth = 0;
    r->first_anchor = (uint32_t)r->anchors.n;
}

static void add_document(struct tree_reader *r, struct node *root, struct span at)
{
    uint32_t number = (uint32_t)r->documents.n;
    *VEC_PUSH(r->arena, &r->documents) = (struct document){root, r->file, number, at};
}

static bool size_fault(struct tree_reader *r)
{
    DIAG(r->sink, DIAG_yaml_size, span_of(r, r->began, r->began), NO_HELP, STR("the document is"),
         str_format(r->arena, "%zu", TREE_DOCUMENT_MAX));
    return false;
}

static bool end_document(struct tree_reader *r)
{
    size_t end = r->stream->event.to;
    if (r->stream->cut || end - r->began > TREE_DOCUMENT_MAX)
        return size_fault(r);
    if (!r->empty && r->root) {
        add_document(r, r->faulty ? NULL : r->root, r->root->at);
        r->documents_end = end;
    }
    reset_document(r, end);
    stream_allow(r->stream, end, TREE_DOCUMENT_MAX + SLACK);
    return true;
}

/* False: the document cannot be read further, which has been reported. */
static bool take_event(struct tree_reader *r)
{
    switch (r->stream->event.type) {
    case YAML_DOCUMENT_START_EVENT:
        begin_document(r);
        return true;
    case YAML_DOCUMENT_END_EVENT:
        return end_document(r);
    case YAML_SEQUENCE_START_EVENT:
        return begin_collection(r, NODE_LIST);
    case YAML_MAPPING_START_EVENT:
        return begin_collection(r, NODE_MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        end_collection(r);
        return true;
    case YAML_SCALAR_EVENT:
        return take_scalar(r);
    case YAML_ALIAS_EVENT:
        return take_alias(r);
    default:
        return true;
    }
}

static void report_fault(struct tree_reader *r)
{
    if (r->stream->cut) {
        size_fault(r);
        return;
    }
    struct stream_fault f = stream_fault(r->stream);
    DIAG(r->sink, DIAG_yaml_syntax, span_of(r, f.off, f.off + 1), f.help, f.what);
    if (r->content < f.off && r->stream->parser.error == YAML_READER_ERROR && !r->open)
        r->content = f.off; /* the bad byte may stand behind the `---` of its document */
}

/* The document that could not be read further. Text behind the end of one that seemed whole spoils
 * that one. */
static void add_faulty(struct tree_reader *r, size_t from, size_t next)
{
    bool behind = !r->open && r->began > from && r->began == r->documents_end;
    if (behind && stream_is_behind_end(r->stream))
        r->documents.v[r->documents.n - 1].root = NULL;
    else
        add_document(r, NULL, span_of(r, r->began, next));
}

/* Reads until the stream ends or a document cannot be read further. Returns where to go on. */
static size_t read_documents(struct tree_reader *r, size_t from)
{
    reset_document(r, from);
    if (stream_is_marker(r->stream->text, from))
        r->content = from + 3; /* going on there again would not get further */
    stream_start(r->stream, from, TREE_DOCUMENT_MAX + SLACK);
    for (;;) {
        bool pulled = stream_next(r->stream);
        if (pulled && r->stream->event.type == YAML_STREAM_END_EVENT && !r->stream->cut)
            return r->stream->text.len;
        bool ended = pulled && r->stream->event.type == YAML_STREAM_END_EVENT;
        if (!pulled || ended)
            report_fault(r);
        else if (take_event(r))
            continue;
        size_t next = stream_find_marker(r->stream->text, r->content);
        add_faulty(r, from, next);
        return next;
    }
}

struct tree_reader *tree_reader_new(struct arena *a)
{
    struct tree_reader *r = ARENA_NEW(a, struct tree_reader);
    r->arena = a;
    r->stream = stream_new(a);
    return r;
}

struct documents tree_reader_read(struct tree_reader *r, const struct sources *sources,
                                  uint32_t file, struct diag_sink *sink)
{
    struct str text = sources_get(sources, file)->text;
    r->sink = sink;
    r->file = file;
    r->documents.n = 0;
    r->documents_end = 0;
    stream_begin(r->stream, text);
    size_t from = str_starts(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
    while (from < text.len)
        from = read_documents(r, from);
    stream_stop(r->stream);
    struct documents d = {ARENA_ARRAY(r->arena, r->documents.n, struct document), r->documents.n};
    if (d.n > 0)
        memcpy(d.v, r->documents.v, d.n * sizeof *d.v);
    return d;
}

struct documents tree_read(struct arena *a, const struct sources *sources, uint32_t file,
                           struct diag_sink *sink)
{
    return tree_reader_read(tree_reader_new(a), sources, file, sink);
}
