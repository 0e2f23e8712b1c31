"""pySigma's SQLite backend on a lane: rules become queries, events rows; a table for each class of events, asked with the rules
that meet it."""
import json
import re
import sqlite3
import time

from sigma.backends.sqlite import sqlite
from sigma.collection import SigmaCollection

import explain
import labels


def flat(event, prefix=""):
    for key, value in event.items():
        if isinstance(value, dict):
            yield from flat(value, prefix + key + ".")
        else:
            yield prefix + key, json.dumps(value) if isinstance(value, list) else value


def quoted(name):
    return '"%s"' % name.replace('"', '""')


def fill(db, table, rows, fields):
    """Names of columns ignore case in SQLite: the first of two wins."""
    columns = {}
    for name in [k for row in rows for k in row] + sorted(fields):
        columns.setdefault(name.lower(), name)
    db.execute("CREATE TABLE %s (%s)" % (table, ", ".join(quoted(c) + " COLLATE NOCASE" for c in columns.values())))
    marks = ", ".join("?" * len(columns))
    for row in rows:
        low = {}
        for k, v in row.items():
            low.setdefault(k.lower(), v)
        values = [low.get(c) for c in columns]
        db.execute("INSERT INTO %s VALUES (%s)" % (table, marks), [str(v) if isinstance(v, int) and abs(v) >= 1 << 63 else v for v in values])


def queries(rules, why):
    """The text of each rule's query, or None where the backend refuses it."""
    backend, found = sqlite.sqliteBackend(), {}
    for rule in rules:
        try:
            found[rule.id] = backend.convert(SigmaCollection.from_yaml(rule.text))
        except Exception as e:  # whatever the backend cannot say
            found[rule.id] = None
            why.append(type(e).__name__)
    return found


def ask(db, table, text):
    return [row[0] for row in db.execute(re.sub(r"^SELECT \* FROM \S+", "SELECT _n FROM " + table, text))]


def run(args, lane, rules, ours, compare):
    db = sqlite3.connect(":memory:")
    db.create_function("regexp", 2, lambda pattern, text: text is not None and re.search(pattern, str(text)) is not None, deterministic=True)
    classes = [[] for _ in lane.triples]
    for n, line in enumerate(open(lane.classed, "rb"), 1):
        number, _, text = line.partition(b"\t")
        classes[int(number)].append({"_n": n, **dict(flat(json.loads(text)))})
    for i, rows in enumerate(classes):
        fill(db, "c%d" % i, rows, {f for r in rules for f in explain.fields(r)} - {""})
    why = []
    texts = queries(rules, why)
    theirs, failed, took = set(), {r for r, t in texts.items() if t is None}, 0.0
    for i, triples in enumerate(lane.triples):
        for rule in rules:
            if texts[rule.id] is None or not labels.meets(rule.logsource, triples):
                continue
            mark = time.process_time()
            try:
                theirs.update((n, rule.id) for t in texts[rule.id] for n in ask(db, "c%d" % i, t))
            except sqlite3.Error as e:
                failed.add(rule.id)
                why.append(re.sub(r"[:\"'].*", "", str(e)))
            took += time.process_time() - mark
    compare("pySigma with SQLite", lane, {a for a in ours if a[1] not in failed}, theirs, rules)
    print("  pySigma with SQLite %.0f ns per event, queries alone; %d rules left out of the comparison: %s" % (
        took / lane.n * 1e9, len(failed), ", ".join("%s (%d)" % (w, why.count(w)) for w in sorted(set(why)))))
