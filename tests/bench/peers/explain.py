"""Which decision of SEMANTICS.md, section 13, a difference comes from. A decision explains a difference when the rule has the
construct and the event shows what the engines disagree about; else it stays unexplained."""
import re


def items(detection):
    """(field with modifiers, list of values) of a detection; keywords have an empty field."""
    if isinstance(detection, dict):
        for key, value in detection.items():
            yield key, value if isinstance(value, list) else [value]
    elif isinstance(detection, list):
        for part in detection:
            if isinstance(part, (dict, list)):
                yield from items(part)
            else:
                yield "", [part]
    elif detection is not None:
        yield "", [detection]


def all_items(rule):
    for name, detection in (rule.detection or {}).items():
        if name not in ("condition", "timeframe"):
            yield from items(detection)


def fields(rule):
    names = {key.split("|")[0] for key, _ in all_items(rule)}
    return names | {str(v) for key, values in all_items(rule) if "|fieldref" in key for v in values}


def modifiers(key):
    return key.split("|")[1:]


def absent_null(rule, event):
    return any(None in values and event.get(key.split("|")[0]) is None for key, values in all_items(rule))


def empty_text(rule, event):
    return any("" in values and not event.get(key.split("|")[0]) for key, values in all_items(rule))


def keywords(rule, event):
    return any(key.split("|")[0] == "" for key, _ in all_items(rule))


def fieldref(rule, event):
    return any("fieldref" in modifiers(key) for key, _ in all_items(rule))


def beyond_ascii(rule, event):
    return any(not str(v).isascii() for _, values in all_items(rule) for v in values) or any(
        not str(event.get(key.split("|")[0], "")).isascii() for key, _ in all_items(rule))


def number_text(rule, event):
    return any(isinstance(v, (int, float)) and not isinstance(v, bool) and isinstance(event.get(key.split("|")[0]), str)
               or isinstance(v, str) and re.fullmatch(r"-?\d+", v) and isinstance(event.get(key.split("|")[0]), (int, float))
               for key, values in all_items(rule) for v in values)


def windash(rule, event):
    return any("windash" in modifiers(key) for key, _ in all_items(rule))


def base64(rule, event):
    return any(m.startswith("base64") for key, _ in all_items(rule) for m in modifiers(key))


def regex(rule, event):
    return any("re" in modifiers(key) for key, _ in all_items(rule))


def line_break(rule, event):
    return any("\n" in str(event.get(key.split("|")[0], "")) and ("*" in str(v) or "?" in str(v)) for key, values in all_items(rule) for v in values)


def lists(rule, event):
    return any(isinstance(event.get(key.split("|")[0]), list) for key, _ in all_items(rule))


def cidr(rule, event):
    return any("cidr" in modifiers(key) for key, _ in all_items(rule))


def field_case(rule, event):
    low = {k.lower(): k for k in event}
    return any(f.lower() in low and low[f.lower()] != f for f in fields(rule))


# (row of the table, what the engines disagree about, the test); in this order, the first that fits.
CLAUSES = {
    "rsigma": [(19, "`*` does not match a line feed", line_break), (44, "keywords: numbers are not searched", keywords), (29, "windash: every dash, never a slash", windash),
               (34, "base64offset keeps the unstable character", base64), (18, "Unicode folding", beyond_ascii), (41, "fieldref ignores case, null equals null", fieldref),
               (9, "numbers in texts", number_text)],
    "sigma-rust": [(5, "null: an absent field is not null", absent_null), (44, "keywords: a whole value must be equal", keywords), (41, "fieldref compares case", fieldref),
                   (6, "'': also null", empty_text), (9, "a number is no text", number_text), (15, "lists never match", lists), (29, "windash one at a time", windash),
                   (33, "base64 without its last character", base64), (26, "$ before a final line feed", regex)],
    "pySigma with SQLite": [(6, "'': empty values", empty_text), (5, "null and empty texts", absent_null), (41, "fieldref by the rules of LIKE", fieldref),
                            (26, "regexes by Python's re", regex), (40, "cidr as text", cidr), (17, "field names ignore case", field_case), (9, "numbers by affinity", number_text),
                            (18, "only ASCII is folded", beyond_ascii), (44, "keywords are not searched", keywords)],
}


def clause(engine, rule, event):
    for row, what, test in CLAUSES[engine]:
        if test(rule, event):
            return "section 13, row %d: %s" % (row, what)
    return None
