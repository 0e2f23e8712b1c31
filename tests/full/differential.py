#!/usr/bin/env python3
"""All public rules over all recorded events: every engine gives the same alerts. TAP.

usage: differential.py SIGMATON SHARED [--jobs N] [--each N] [--least N] [--keep DIR]

ir, aot (where there is a linker) and jit held to each level of vector instructions that the machine has, all against jit on
every event. The oracle against jit on a sample: the first --each (200) events of every (channel, event
id), ordered by the SHA-256 of their text, every event with an alert, and as many others in the same order as --least
(25000) wants. Nothing is random: equal data gives an equal sample."""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

RULE_FOLDERS = ["rules", "rules-compliance", "rules-emerging-threats", "rules-placeholder", "rules-threat-hunting",
                "deprecated", "unsupported"]
# Levels of SIGMATON_SIMD and the word of /proc/cpuinfo that says the machine has it
LEVELS = {"plain": None, "sse42": "sse4_2", "avx2": "avx2", "avx512": "avx512_vbmi2", "neon": "asimd"}
SUMMED = ("events", "unreadable", "alerts", "not_judged")

points = 0
failed = False


def point(ok, name, why=()):
    global points, failed
    points += 1
    failed |= not ok
    print("%sok %d - %s" % ("" if ok else "not ", points, name))
    for line in list(why)[:20] if not ok else []:
        print("# " + line[:2000])
    sys.stdout.flush()


def note(text):
    print("# " + text)
    sys.stdout.flush()


class Judged:
    """What one engine said: alerts by file, and the summary's numbers added up."""

    def __init__(self, alerts, sums, rules, faults):
        self.alerts, self.sums, self.rules, self.faults = alerts, sums, rules, faults


def run_once(options, engine, files, level=None):
    """One process over some files: its alerts by file as byte lines, its summary, what it said about events."""
    rules = [a for f in RULE_FOLDERS for a in ("-r", os.path.join(options.shared, "sigmahq", f))]
    command = [options.sigmaton, "run", "--engine", engine, "--diag", "json", "--format", "ndjson"] + rules + files
    environment = dict(os.environ, SIGMATON_SIMD=level) if level else None
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    said = [json.loads(l) for l in done.stderr.decode(errors="replace").splitlines() if l.startswith("{")]
    summary = next((s for s in said if s.get("severity") == "summary"), None)
    if done.returncode not in (0, 1) or summary is None:
        sys.exit("Bail out! %s ended with %d: %s" % (engine, done.returncode, done.stderr[-2000:].decode(errors="replace")))
    alerts = {f: [] for f in files}
    for line in done.stdout.splitlines():
        alerts[json.loads(line)["event"]["file"]].append(line)
    # What is unreadable or not judged is named by file and line; phrases are each engine's own.
    faults = sorted((s["file"], s["line"]) for s in said if s.get("code") == "S801")
    return alerts, summary, faults


def name_of(engine, level):
    return engine + " " + level if level else engine


def levels():
    """What of LEVELS this machine has."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            words = set(f.read().split())
    except OSError:
        words = set()
    return [level for level, word in LEVELS.items() if word is None or word in words]


def engines():
    """What is run beside jit: (engine, level)."""
    linkers = ["ld", "cc"] + ["ld.lld" + v for v in ("", "-15", "-16", "-17", "-18", "-19", "-20")]
    return [("ir", None)] + [("aot", None)] * any(map(shutil.which, linkers)) + [("jit", level) for level in levels()]


def run(options, engine, files, level=None):
    """Like run_once, by several processes when there is more than one job."""
    chunks = [[] for _ in range(options.jobs)]
    for f in sorted(files, key=os.path.getsize, reverse=True):
        min(chunks, key=lambda c: sum(map(os.path.getsize, c))).append(f)
    start = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        parts = list(pool.map(lambda c: run_once(options, engine, c, level), [c for c in chunks if c]))
    alerts = {f: lines for part in parts for f, lines in part[0].items()}
    sums = {k: sum(part[1][k] for part in parts) for k in SUMMED}
    rules = {k: parts[0][1][k] for k in ("documents", "compiled", "refused", "other")}
    note("%-9s %7d events, %d unreadable, %d alerts, %d verdicts missing by regex limits, %.0f s" %
         (name_of(engine, level), sums["events"], sums["unreadable"], sums["alerts"], sums["not_judged"], time.monotonic() - start))
    return Judged(alerts, sums, rules, [f for part in parts for f in part[2]])


def differences(a, b, name_a, name_b):
    """Alerts that only one of the two has, as lines to read."""
    found = []
    for f in a.alerts:
        if hashlib.sha256(b"\n".join(a.alerts[f])).digest() == hashlib.sha256(b"\n".join(b.alerts[f])).digest():
            continue
        only_a, only_b = set(a.alerts[f]) - set(b.alerts[f]), set(b.alerts[f]) - set(a.alerts[f])
        found += ["only %s: %s" % (name_a, l.decode()) for l in sorted(only_a)]
        found += ["only %s: %s" % (name_b, l.decode()) for l in sorted(only_b)]
        if not only_a and not only_b:
            found.append("order or number of alerts differs in " + f)
    if sorted(a.faults) != sorted(b.faults) or a.sums["unreadable"] != b.sums["unreadable"]:
        found.append("unreadable events differ: %s %s, %s %s" % (name_a, a.faults[:5], name_b, b.faults[:5]))
    return found


def unpack(options, into):
    """Every event file, in byte order of the names."""
    base = os.path.join(options.shared, "events")
    packed = sorted(os.path.join(d, n) for d, _, names in os.walk(base) for n in names if n.endswith(".zst"))
    files = []
    for path in packed:
        files.append(os.path.join(into, os.path.basename(path)[:-4]))
        subprocess.run(["zstd", "-dqf", path, "-o", files[-1]], check=True)
    return files


def kind(line):
    """(channel, event id): what the sample must hold enough of."""
    try:
        event = json.loads(line)
    except ValueError:
        return ("unreadable", None)
    system = event.get("Event", {}).get("System", {}) if isinstance(event.get("Event"), dict) else {}
    channel = event.get("Channel") or event.get("channel") or system.get("Channel") or event.get("SourceName") or ""
    return (str(channel).lower(), str(event.get("EventID") or event.get("event_id") or system.get("EventID") or ""))


def choose(options, files, jit):
    """The sample as a list of (file, record) in order, and a line about it."""
    hit = {(f, json.loads(l)["event"]["record"]) for f, lines in jit.alerts.items() for l in lines}
    kinds, order = {}, []
    for f in files:
        with open(f, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                entry = (hashlib.sha256(line).digest(), f, number)
                kinds.setdefault(kind(line), []).append(entry)
                order.append(entry)
    chosen = set(hit)
    for entries in kinds.values():
        chosen.update(e[1:] for e in sorted(entries)[: options.each])
    if len(chosen) < options.least:
        rest = (e[1:] for e in sorted(order) if e[1:] not in chosen)
        chosen.update(e for e, _ in zip(rest, range(options.least - len(chosen))))
    small = sum(len(e) <= options.each for e in kinds.values())
    note("sample: %d of %d events; %d (channel, event id), of %d of them every event; %d events with an alert" %
         (len(chosen), len(order), len(kinds), small, len(hit)))
    return sorted(chosen)


def write_sample(options, chosen, into):
    """The chosen events as one file for each job, and where each record came from."""
    names, origin = [os.path.join(into, "sample-%d.ndjson" % j) for j in range(options.jobs)], {}
    outs, counts, records = [open(n, "wb") for n in names], [0] * options.jobs, {}
    for f, number in chosen:
        records.setdefault(f, []).append(number)
    at = 0
    for f, numbers in records.items():
        wanted = set(numbers)
        with open(f, "rb") as lines:
            for number, line in enumerate(lines, 1):
                if number in wanted:
                    j = at % options.jobs
                    outs[j].write(line if line.endswith(b"\n") else line + b"\n")
                    counts[j] += 1
                    origin[(names[j], counts[j])] = (f, number)
                    at += 1
    for out in outs:
        out.close()
    return names, origin


def by_event(judged, origin=None):
    """Rules that alerted, in order, by the event's first place."""
    found = {}
    for lines in judged.alerts.values():
        for line in lines:
            alert = json.loads(line)
            place = (alert["event"]["file"], alert["event"]["record"])
            found.setdefault(origin[place] if origin else place, []).append(alert["rule"])
    return found


def compare_sample(options, files, jit, into):
    chosen = choose(options, files, jit)
    names, origin = write_sample(options, chosen, into)
    by_jit, by_oracle = run(options, "jit", names), run(options, "oracle", names)
    found = differences(by_jit, by_oracle, "jit", "oracle")
    point(not found and by_jit.sums["not_judged"] == 0 and len(chosen) >= min(options.least, jit.sums["events"]),
          "oracle and jit agree: %d events, %d alerts, %d differences" % (len(chosen), by_oracle.sums["alerts"], len(found)), found)
    whole, part = by_event(jit), by_event(by_jit, origin)
    found = [str(p) for p in chosen if whole.get(p) != part.get(p)]
    point(not found, "an event's alerts do not depend on the events before it: %d events" % len(chosen), found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sigmaton")
    parser.add_argument("shared")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--least", type=int, default=25000)
    parser.add_argument("--keep", help="a folder for the unpacked events, which stays")
    options = parser.parse_args()
    if not os.path.isdir(os.path.join(options.shared, "sigmahq")) or not os.path.isdir(os.path.join(options.shared, "events")):
        print("1..0 # SKIP no rules or events in " + options.shared)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        into = options.keep or temporary
        os.makedirs(into, exist_ok=True)
        files = unpack(options, into)
        note("%d event files, %d bytes" % (len(files), sum(map(os.path.getsize, files))))
        jit = run(options, "jit", files)
        note("rules: %(documents)d documents: %(compiled)d compiled, %(refused)d refused, %(other)d other" % jit.rules)
        for engine, level in engines():
            name = name_of(engine, level)
            other = run(options, engine, files, level)
            found = differences(jit, other, "jit", name)
            if jit.sums["not_judged"] != other.sums["not_judged"]:
                found.append("verdicts missing differ")
            point(not found and jit.sums["alerts"] > 0, "%s and jit agree: %d events, %d alerts, %d differences" %
                  (name, jit.sums["events"], jit.sums["alerts"], len(found)), found)
        compare_sample(options, files, jit, temporary)
    print("1..%d" % points)
    return 1 if failed else 0


sys.exit(main())
