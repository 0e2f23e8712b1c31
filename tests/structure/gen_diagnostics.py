#!/usr/bin/env python3
"""Makes docs/diagnostics.md from compiler/base/diag_codes.def.

usage: gen_diagnostics.py [--check] [ROOT]

With --check nothing is written; the exit status is 1 when the document is stale."""

import pathlib
import re
import sys

FIELDS = ("number", "name", "severity", "category", "text", "explanation", "example", "since")
HEAD = """# Diagnostics

Made from `compiler/base/diag_codes.def` by `tests/structure/gen_diagnostics.py`; edit that file, then run the script.

A number keeps its meaning for ever. `sigmaton explain S417` prints what stands here. *Category* is the name under which a
refused rule is counted; a message without one does not refuse a rule by itself. `{0}`, `{1}` stand for what the message
fills in.
"""
STRING = r'"(?:[^"\\]|\\.)*"'
TOKEN = re.compile(rf"\s+|/\*.*?\*/|(?P<string>{STRING})|(?P<word>\w+)|(?P<mark>[(),])", re.S)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


def unescape(literal):
    return re.sub(r"\\(.)", lambda m: ESCAPES[m.group(1)], literal[1:-1])


def tokens(text):
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            line = text.count("\n", 0, at) + 1
            sys.exit(f"diag_codes.def:{line}: not understood")
        at = match.end()
        if match.lastgroup:
            yield match.lastgroup, match.group()


def rows(text):
    """Each DIAG_ROW(...) as a dictionary; adjacent string literals are one."""
    fields = None
    for kind, token in tokens(text):
        if token == "DIAG_ROW" and fields is None:
            fields = []
        elif token == "(":
            fields.append("")
        elif token == ",":
            fields.append("")
        elif token == ")":
            if len(fields) != len(FIELDS):
                sys.exit(f"diag_codes.def: {fields[:2]} has {len(fields)} fields, not {len(FIELDS)}")
            yield dict(zip(FIELDS, fields))
            fields = None
        else:
            fields[-1] += unescape(token) if kind == "string" else token


def code_span(text):
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def prose(text):
    """What Markdown would take for markup is escaped, except between backquotes."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([][*_<|\\])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def section(row):
    severity = row["severity"].removeprefix("DIAG_").lower()
    category = f", category `{row['category']}`" if row["category"] else ""
    lines = [f"## S{row['number']}: {row['name'].replace('_', ' ')}", ""]
    lines += [f"{severity}{category}, since {row['since']}", "", code_span(row["text"]), ""]
    lines += [prose(row["explanation"]), ""]
    if row["example"]:
        lines += ["Example:", "", "```text", *row["example"].split("\n"), "```", ""]
    return "\n".join(lines)


def document(text):
    found = sorted(rows(text), key=lambda row: int(row["number"]))
    numbers = [row["number"] for row in found]
    if len(set(numbers)) != len(numbers):
        sys.exit("diag_codes.def: a number stands twice")
    return HEAD + "\n" + "\n".join(section(row) for row in found)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).parents[2]
    made = document((root / "compiler/base/diag_codes.def").read_text(encoding="utf-8"))
    target = root / "docs/diagnostics.md"
    if "--check" not in sys.argv[1:]:
        target.write_text(made, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != made:
        sys.exit("docs/diagnostics.md is stale: run tests/structure/gen_diagnostics.py")


if __name__ == "__main__":
    main()
