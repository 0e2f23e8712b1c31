#!/usr/bin/env python3
"""The regexes of all public rules over the texts of all recorded events: automaton, PCRE2 and the oracle's simulation agree. TAP.

usage: regex_values.py REGEX_VALUES SHARED [--every N]

Each different text of every N-th (7th) event once. Skipped without the data."""
import argparse
import glob
import json
import os
import subprocess
import sys

RULE_FOLDERS = ["rules", "rules-emerging-threats", "rules-threat-hunting"]


def lines(path):
    unpacked = subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE)
    yield from unpacked.stdout
    unpacked.wait()


def texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for v in value:
            yield from texts(v)
    elif isinstance(value, str):
        yield value.encode("utf-8", "replace")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("shared")
    parser.add_argument("--every", type=int, default=7)
    options = parser.parse_args()
    files = sorted(glob.glob(os.path.join(options.shared, "events", "**", "*.ndjson.zst"), recursive=True))
    rules = [os.path.join(options.shared, "sigmahq", f) for f in RULE_FOLDERS]
    if not files or not os.path.isdir(rules[0]):
        print("1..0 # SKIP no recorded events, or no public rules")
        return 0
    judge = subprocess.Popen([options.program] + rules, stdin=subprocess.PIPE)
    seen = set()
    for path in files:
        for number, line in enumerate(lines(path)):
            if number % options.every != 0:
                continue
            try:
                event = json.loads(line)
            except ValueError:
                continue
            for text in texts(event):
                if text not in seen and len(text) < 1 << 20:
                    seen.add(text)
                    judge.stdin.write(len(text).to_bytes(4, "little") + text)
    judge.stdin.close()
    return judge.wait()


sys.exit(main())
