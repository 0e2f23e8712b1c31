#!/usr/bin/env python3
"""Sigmaton and other engines on the same rules and events: alert sets first, then time.

usage: peers.py ROOT WORK --rules DIR... --lane NAME=FILE,FILE... [--lane ...] [--rounds N] [--core N]
                --sigmaton BIN [--rsigma BIN] [--sigma-rust BIN] [--sqlite]

tests/bench/README.md tells the method. Exit 1 when a difference is not explained."""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

import labels
import ruleset
import explain


def run(command, stdin, stdout, core):
    """CPU seconds of a command on one core; output to a file."""
    with open(stdin, "rb") as source, open(stdout, "wb") as target, open(stdout + ".err", "wb") as errors:
        child = subprocess.Popen(command, stdin=source, stdout=target, stderr=errors, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit("%s failed (%d): %s" % (command[0], child.returncode, open(stdout + ".err", errors="replace").read()[-500:]))
    return usage.ru_utime + usage.ru_stime


class Lane:
    """Events of some files as one, for each engine in its own form. Records are numbered from 1."""

    def __init__(self, name, paths, work, routing):
        self.name = name
        self.plain, self.labelled, self.classed = (os.path.join(work, name + end) for end in (".ndjson", ".labelled.ndjson", ".classed"))
        self.n, self.triples, self.per_class = 0, [], {}
        with open(self.plain, "wb") as plain, open(self.labelled, "wb") as labelled, open(self.classed, "wb") as classed:
            for path in paths:
                for line in open(path, "rb"):
                    self.add(line.strip(), routing, plain, labelled, classed)

    def add(self, line, routing, plain, labelled, classed):
        try:
            event = json.loads(line)
        except ValueError:
            return  # nobody is asked what an unreadable event means
        if not isinstance(event, dict):
            return
        self.n += 1
        triples = routing.triples(event)
        if triples not in self.per_class:
            self.per_class[triples] = 0
            self.triples.append(triples)
        self.per_class[triples] += 1
        shaped, more = routing.shaped(event), {"_n": self.n}
        if shaped != event:
            line = json.dumps(shaped, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        if triples is not None:
            more.update(zip(labels.LABELS, labels.labels(triples)))
        plain.write((line if shaped == event else json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")) + b"\n")
        told = line[:-1] + (b"," if len(event) else b"") + json.dumps(more, separators=(",", ":")).encode()[1:] + b"\n"
        labelled.write(told)
        classed.write(b"%d\t" % self.triples.index(triples) + line + b"\n")

    def repeated(self, path, times):
        """The events of a file so many times."""
        out = "%s.x%d" % (path, times)
        if not os.path.exists(out):
            data = open(path, "rb").read()
            with open(out, "wb") as f:
                for _ in range(times):
                    f.write(data)
        return out


def sigmaton_command(args, events):
    return [args.sigmaton, "run", "-q", "-f", "ndjson"] + sum((["-r", r] for r in args.rules), []) + [events]


def sigmaton_alerts(args, lane, empty):
    out = os.path.join(args.work, lane.name + ".sigmaton")
    run(sigmaton_command(args, lane.plain), empty, out, args.core)
    alerts = (json.loads(l) for l in open(out))
    return {(a["event"]["record"], a["rule"]["id"]) for a in alerts}


def rsigma_command(args, more=()):
    fields = ",".join("%s=%s" % (d, l) for d, l in zip(("product", "category", "service"), labels.LABELS))
    return [args.rsigma, "engine", "eval", "-q", "-r", os.path.join(args.work, "rsigma-rules"), "--input-format", "json",
            "--logsource-routing", "--logsource-field-map", fields, *more]


def rsigma_alerts(args, lane):
    out = os.path.join(args.work, lane.name + ".rsigma")
    run(rsigma_command(args, ["--include-event"]), lane.labelled, out, args.core)
    alerts = (json.loads(l) for l in open(out))
    return {(a["event"]["_n"], a["rule_id"]) for a in alerts}


def net_ns(run_loaded, run_empty, n):
    """Nanoseconds per event, loading taken off."""
    return (run_loaded - run_empty) / n * 1e9


def time_lane(args, lane, empty, times):
    """Rounds of both engines, interleaved: lists of ns per event."""
    out = os.path.join(args.work, "timed")
    ours, theirs = lane.repeated(lane.plain, times["sigmaton"]), lane.repeated(lane.labelled, times["rsigma"])
    rows = {"sigmaton": [], "rsigma": []}
    for _ in range(args.rounds):
        none = run(sigmaton_command(args, empty), empty, out, args.core)
        full = run(sigmaton_command(args, ours), empty, out, args.core)
        rows["sigmaton"].append(net_ns(full, none, lane.n * times["sigmaton"]))
        none = run(rsigma_command(args), empty, out, args.core)
        full = run(rsigma_command(args), theirs, out, args.core)
        rows["rsigma"].append(net_ns(full, none, lane.n * times["rsigma"]))
    return rows


def tried(rules, lane):
    """Rules tried per event: by our routing, and by an engine that is told labels."""
    ours = theirs = differ = 0
    for triples, n in lane.per_class.items():
        meets = {r.id for r in rules if labels.meets(r.logsource, triples)}
        told = {r.id for r in rules if any(labels.compatible(c, labels.labels(triples)) for c in r.copies)}
        ours, theirs, differ = ours + n * len(meets), theirs + n * len(told), differ + n * len(meets ^ told)
    return ours / lane.n, theirs / lane.n, differ / lane.n


def events_of(lane, numbers):
    """The events of these numbers, as the peers see them."""
    found = {}
    for n, line in enumerate(open(lane.classed, "rb"), 1):
        if n in numbers:
            found[n] = json.loads(line.partition(b"\t")[2])
    return found


def compare(name, lane, ours, theirs, rules):
    """Prints the sets and their differences, by decision; returns how many are not explained."""
    by_id = {r.id: r for r in rules}
    print("%s, %s: %d alerts, sigmaton %d, both %d" % (lane.name, name, len(theirs), len(ours), len(ours & theirs)))
    events, reasons = events_of(lane, {n for n, _ in ours ^ theirs}), {}
    for n, rule_id in sorted(ours ^ theirs, key=lambda a: (a[1] or "", a[0])):
        side = "only sigmaton" if (n, rule_id) in ours else "only " + name
        why = explain.clause(name, by_id[rule_id], events[n]) if rule_id in by_id else None
        reasons.setdefault((side, why or "NOT EXPLAINED"), []).append((n, rule_id))
    for (side, why), found in sorted(reasons.items()):
        ids = sorted({r for _, r in found})
        print("  %s: %d of %d rules (event %d, %s%s): %s" % (side, len(found), len(ids), found[0][0], by_id[ids[0]].title if ids[0] in by_id else ids[0],
                                                           ", ..." if len(ids) > 1 else "", why))
    return sum(len(found) for (_, why), found in reasons.items() if why == "NOT EXPLAINED")


def quartiles(v):
    v = sorted(v)
    q = statistics.quantiles(v, n=4) if len(v) > 1 else [v[0]] * 3
    return "%.0f (%.0f-%.0f)" % (statistics.median(v), q[0], q[2])


def lane_rsigma(args, lane, rules, empty):
    bad = compare("rsigma", lane, sigmaton_alerts(args, lane, empty), rsigma_alerts(args, lane), rules)
    print("%s: rules tried per event: %.1f by our routing, %.1f by the labels told to rsigma, %.2f not the same" % ((lane.name,) + tried(rules, lane)))
    small = lane.n < 20000
    rows = time_lane(args, lane, empty, {"sigmaton": 200 if small else 3, "rsigma": 20 if small else 1})
    ratios = [b / a for a, b in zip(rows["sigmaton"], rows["rsigma"])]
    print("%s: %d events; ns per event, CPU time, one core, loading taken off, %d rounds" % (lane.name, lane.n, args.rounds))
    print("  sigmaton %s, rsigma %s: ratio %.1f (%.1f to %.1f)" % (quartiles(rows["sigmaton"]), quartiles(rows["rsigma"]),
                                                                 statistics.median(ratios), min(ratios), max(ratios)))
    return bad


def lane_sigma_rust(args, lane, rules, ours):
    plan, out = os.path.join(args.work, lane.name + ".plan"), os.path.join(args.work, lane.name + ".sigma-rust")
    by_path = {r.path: r.id for r in rules}
    with open(plan, "w") as f:
        for triples in lane.triples:
            f.write("\t".join(r.path for r in rules if labels.meets(r.logsource, triples)) + "\n")
    none = run([args.sigma_rust, plan, os.devnull, "1"], os.devnull, out, args.core)
    full = run([args.sigma_rust, plan, lane.classed, "1"], os.devnull, out, args.core)
    theirs = {(int(n), by_path[p]) for n, p in (l.rstrip("\n").split("\t") for l in open(out))}
    bad = compare("sigma-rust", lane, ours, theirs, rules)
    refused = re.search(r"refused (\d+)", open(out + ".err").read()).group(1)
    print("  sigma-rust %.0f ns per event, loading taken off (%s rules refused; it is told which rules meet an event)" % (net_ns(full, none, lane.n), refused))
    return bad


def main():
    p = argparse.ArgumentParser()
    p.add_argument("root")
    p.add_argument("work")
    p.add_argument("--rules", nargs="+", required=True)
    p.add_argument("--lane", action="append", required=True)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    for name in ("sigmaton", "rsigma", "sigma-rust"):
        p.add_argument("--" + name)
    p.add_argument("--sqlite", action="store_true")
    args = p.parse_args()
    empty = os.path.join(args.work, "empty")
    open(empty, "w").close()
    routing = labels.Routing(args.root)
    rules = ruleset.load(args.rules)
    lanes = [Lane(name, paths.split(","), args.work, routing) for name, paths in (l.split("=", 1) for l in args.lane)]
    ruleset.copy(rules, {labels.labels(t) for lane in lanes for t in lane.triples if t is not None}, os.path.join(args.work, "rsigma-rules"))
    print("%d rules (%d files for rsigma), %s" % (len(rules), sum(len(r.copies) for r in rules), ", ".join("%s: %d events" % (l.name, l.n) for l in lanes)))
    bad = 0
    for lane in lanes:
        if args.rsigma:
            bad += lane_rsigma(args, lane, rules, empty)
        ours = sigmaton_alerts(args, lane, empty) if args.sigma_rust or args.sqlite else None
        if args.sigma_rust and lane.n < 20000:
            lane_sigma_rust(args, lane, rules, ours)
        if args.sqlite and lane.n < 20000:
            import sqlite_lane
            sqlite_lane.run(args, lane, rules, ours, compare)
    print("unexplained differences to rsigma: %d" % bad)
    return 1 if bad else 0


if __name__ == "__main__":
    started = time.time()
    code = main()
    print("took %.0f s" % (time.time() - started))
    sys.exit(code)
