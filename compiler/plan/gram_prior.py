#!/usr/bin/env python3
"""Counts grams in the JSON files under FOLDER and writes the table of gram_prior.c to stdout.

usage: gram_prior.py FOLDER > gram_prior.def

A gram is four neighbouring bytes of a string value, folded as SIGMATON_GRAM_FOLD of pack.h does. What is written is
its frequency by place, each file counting as much as each other, in quarters of a power of two of a millionth; grams
that stand in fewer than three files are left out, for they tell of one sample and not of values.
"""
import collections
import json
import math
import pathlib
import sys

FILES_MIN = 3
HEAD = """/* Made by gram_prior.py from the string values of the %d JSON event files of SigmaHQ's regression_data
 * (https://github.com/SigmaHQ/sigma, Detection Rule License 1.1): %d bytes of values. Numbers only; nothing that
 * is timed was counted. GRAM(folded bytes, frequency by place: millionths, 4 * log2) */
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


def grams(path):
    count, size = collections.Counter(), 0
    for document in documents(path.read_text(encoding="utf-8-sig")):
        for value in strings(document):
            b = value.encode("utf-8", "surrogatepass")
            size += len(b)
            for i in range(len(b) - 3):
                count[b[i] & 0xDF | (b[i + 1] & 0xDF) << 8 | (b[i + 2] & 0x1F) << 16 | (b[i + 3] & 0x1F) << 24] += 1
    return count, size


def main():
    frequency, files, total, n = collections.Counter(), collections.Counter(), 0, 0
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.json")):
        count, size = grams(path)
        places = sum(count.values())
        n, total = n + 1, total + size
        for gram, times in count.items():
            frequency[gram] += times / places
            files[gram] += 1
    print(HEAD % (n, total), end="")
    row = []
    for gram in sorted(g for g in files if files[g] >= FILES_MIN):
        row.append("GRAM(0x%07x, %d)" % (gram, max(0, round(4 * math.log2(frequency[gram] / n * 1e6)))))
        if len(row) == 5:
            print(" ".join(row))
            row = []
    print(" ".join(row))


main()
