#!/usr/bin/env python3
"""Judges NDJSON from stdin with a pack and prints `record<TAB>rule id<TAB>title` per alert.

usage: alerts.py PACK [--swap NEWER]      after the first event with an alert NEWER is the pack
       alerts.py PACK NAME=VALUE...       judges that one event instead
       alerts.py PACK --rules             what the pack says of its rules"""
import sys

import sigmaton


def show(record, verdict):
    for rule in verdict:
        print(record, rule.id, rule.title, sep="\t")


def stream(judge, after_alert=lambda: None):
    for record, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            verdict = judge.judge(line.rstrip(b"\r\n"))
        except sigmaton.EventError as e:
            print(f"alerts: record {record}: {e}", file=sys.stderr)
            continue
        show(record, verdict)
        if verdict:
            after_alert()


def main(pack, *rest):
    engine = sigmaton.Engine(pack)
    if rest[:1] == ("--swap",):
        newer = [sigmaton.Engine(rest[1])]
        with sigmaton.Live(engine) as live, live.reader() as reader:
            stream(reader, lambda: newer and live.swap(newer.pop()))
    elif rest == ("--rules",):
        with engine:
            for rule in engine.rules:
                print(rule.id, rule.level, rule.status, rule.product, rule.category, rule.service, ",".join(rule.tags), sep="\t")
    elif rest:
        with engine, engine.scratch() as scratch:
            show(1, scratch.judge(dict(pair.split("=", 1) for pair in rest)))
    else:
        with engine, engine.scratch() as scratch:
            stream(scratch)


try:
    main(*sys.argv[1:])
except (sigmaton.Error, TypeError) as e:
    sys.exit(print(f"alerts: {e}", file=sys.stderr) or 2)
