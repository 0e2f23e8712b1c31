#!/usr/bin/env python3
"""Pipelines as C arrays, for pipeline_find.c. usage: embed.py OUTPUT FILE.yml..."""
import os
import sys

arrays, rows = [], []
for i, path in enumerate(sorted(sys.argv[2:])):
    data = open(path, "rb").read()
    if any(byte > 126 for byte in data):
        sys.exit(path + ": only ASCII, please")
    lines = [", ".join(str(b) for b in data[at:at + 24]) for at in range(0, len(data), 24)]
    arrays.append("static const char built_in_%d[] = {\n    %s, 0};\n" % (i, ",\n    ".join(lines)))
    rows.append('    {"%s", built_in_%d},\n' % (os.path.splitext(os.path.basename(path))[0], i))
with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write("".join(arrays))
    out.write("static const struct built_in built_in[] = {\n%s};\n" % "".join(rows))
