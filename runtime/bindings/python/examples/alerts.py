#!/usr/bin/env python3
"""Judges NDJSON from stdin with a pack and prints `record<TAB>rule id<TAB>title` per alert.

usage: alerts.py [OPTION...] PACK [--swap NEWER]      after the first event with an alert NEWER is the pack
       alerts.py [OPTION...] PACK NAME=VALUE...       judges that one event instead
       alerts.py [OPTION...] PACK --rules             what the pack says of its rules
--key PUBKEY: only a pack that this key of minisign signed. --source PRODUCT/CATEGORY: where all events come from.
--slots: the event's fields go by number."""
import argparse
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


def one(engine, pairs, slots):
    named = (pair.split("=", 1) for pair in pairs)
    event = {name: int(value) if value.isdecimal() else value for name, value in named}
    with engine, engine.scratch() as scratch:
        if slots:
            show(1, scratch.judge_slots({engine.slot(name): value for name, value in event.items() if engine.slot(name) is not None}))
        else:
            show(1, scratch.judge(event))


def main(*args):
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument("--key")
    options.add_argument("--source")
    options.add_argument("--slots", action="store_true")
    options.add_argument("pack")
    options, rest = options.parse_known_args(args)
    source = sigmaton.Logsource(*options.source.split("/")) if options.source else "auto"
    engine = sigmaton.Engine(options.pack, verify_key=options.key, logsource=source)
    if rest[:1] == ["--swap"]:
        newer = [sigmaton.Engine(rest[1])]
        with sigmaton.Live(engine) as live, live.reader() as reader:
            stream(reader, lambda: newer and live.swap(newer.pop()))
    elif rest == ["--rules"]:
        with engine:
            for rule in engine.rules:
                print(rule.id, rule.level, rule.status, rule.product, rule.category, rule.service, ",".join(rule.tags), sep="\t")
    elif rest:
        one(engine, rest, options.slots)
    else:
        with engine, engine.scratch() as scratch:
            stream(scratch)


try:
    main(*sys.argv[1:])
except (sigmaton.Error, TypeError) as e:
    sys.exit(print(f"alerts: {e}", file=sys.stderr) or 2)
