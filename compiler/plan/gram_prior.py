#!/usr/bin/env python3
"""Counts runs of one to four bytes in the JSON files under FOLDER and writes the table of gram_prior.c to stdout.

usage: gram_prior.py FOLDER > gram_prior.def

Counted are the string values, bytes folded: & 0xdf, and in runs of four as SIGMATON_GRAM_FOLD of pack.h does. What is
written is a run's frequency by place, each file counting as much as each other, in quarters of a power of two of a
millionth; runs that stand in fewer files than FILES_MIN says are left out, for they tell of one sample and not of values.
"""
import collections
import json
import math
import pathlib
import sys

FILES_MIN = {1: 1, 2: 2, 3: 2, 4: 3}
FOLD = {1: 0xDF, 2: 0xDFDF, 3: 0xDFDFDF, 4: 0x1F1FDFDF}
HEAD = """/* Made by gram_prior.py from the string values of the %d JSON event files of SigmaHQ's regression_data
 * (https://github.com/SigmaHQ/sigma, Detection Rule License 1.1): %d bytes of values. Numbers only; nothing that
 * is timed was counted. Gn(a run of n folded bytes, its frequency by place: millionths, 4 * log2) */
"""


def strings(value):
    if isinstance(value, dict):
        for child in value.values():
            yield from strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from strings(child)
    elif isinstance(value, str):
        yield value


def documents(text):
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        value, at = decoder.raw_decode(text, at)
        yield value


def values(path):
    for document in documents(path.read_text(encoding="utf-8-sig")):
        for value in strings(document):
            yield value.encode("utf-8", "surrogatepass")


def runs(texts, n):
    count = collections.Counter()
    for text in texts:
        for i in range(len(text) - n + 1):
            count[int.from_bytes(text[i:i + n], "little") & FOLD[n]] += 1
    return count


def write(n, rows):
    line = ""
    for key, level in rows:
        item = "G%d(%d,%d)" % (n, key, level)
        if len(line) + len(item) > 118:
            print(line)
            line = ""
        line += item
    print(line)


def main():
    files = [list(values(path)) for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.json"))]
    print(HEAD % (len(files), sum(len(v) for texts in files for v in texts)), end="")
    for n in sorted(FOLD):
        frequency, seen = collections.Counter(), collections.Counter()
        for texts in files:
            count = runs(texts, n)
            for key, times in count.items():
                frequency[key] += times / sum(count.values()) / len(files)
                seen[key] += 1
        write(n, [(key, max(0, round(4 * math.log2(frequency[key] * 1e6))))
                  for key in sorted(seen) if seen[key] >= FILES_MIN[n]])


main()
