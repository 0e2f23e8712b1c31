#!/usr/bin/env python3
"""Makes docs/spec-coverage.md from tests/spec/clauses.csv and the .spec files beside it.

usage: gen_spec_coverage.py [--check] [ROOT]

With --check nothing is written; the exit status is 1 when the document is stale, when a .spec file names a clause that the
table lacks, or when a clause of the table has no proof."""

import csv
import pathlib
import re
import sys

SECTIONS = {1: "Documents", 2: "Attributes of a rule", 3: "Search identifiers", 4: "Condition", 5: "Evaluation", 6: "Strings",
            7: "Modifiers", 8: "Keywords", 9: "Correlations", 10: "Filters"}
HEAD = """# What proves the specification

Made from `tests/spec/clauses.csv` and the first lines of `tests/spec/**/*.spec` by `tests/structure/gen_spec_coverage.py`; edit
those, then run the script.

*Claims* are rules with events and their answers, put to every engine. *Refusals and warnings* are messages, each with a golden file
in `tests/golden/diag`. *Topics* name shared conformance vectors, which run where they are installed (`SIGMATON_SHARED`).
*Decision* says what we do where the specification is silent or engines disagree.
"""


def fail(text):
    sys.exit("spec-coverage: " + text)


def specs(root):
    """clause -> [(claim, path)] of all .spec files."""
    found = {}
    for path in sorted((root / "tests/spec").rglob("*.spec")):
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        match = re.fullmatch(r"# ([^:]+): (.+)", first)
        name = path.relative_to(root).as_posix()
        if not match:
            fail(f"{name} does not begin with '# clause: claim'")
        found.setdefault(match.group(1), []).append((match.group(2), name))
    return found


def registry(root):
    text = (root / "compiler/base/diag_codes.def").read_text(encoding="utf-8")
    return {name: number for number, name in re.findall(r"^DIAG_ROW\((\d+), (\w+)", text, re.M)}


def prose(text):
    return re.sub(r"([][*_<|\\`])", r"\\\1", text)


def clause(root, row, claims, codes):
    name = row["clause"]
    missing = [c for c in row["codes"].split() if c not in codes]
    missing += [t for t in row["tests"].split() if not (root / t).exists()]
    if missing:
        fail(f"clause '{name}' names what is not there: {', '.join(missing)}")
    if not (claims or row["codes"] or row["tests"] or row["later"]):
        fail(f"clause '{name}' has no proof")
    lines = [f"### {name}", "", prose(row["says"]) + ".", ""]
    if row["decision"]:
        lines += [f"Decision: {prose(row['decision'])}.", ""]
    if row["later"]:
        lines += [prose(row["later"]), ""]
    if claims:
        lines += ["Claims:", ""]
        lines += [f"- [{prose(claim)}](../{path})" for claim, path in claims]
        lines += [""]
    if row["codes"]:
        found = ", ".join(f"[S{codes[c]}](diagnostics.md#s{codes[c]}-{c.replace('_', '-')}) {prose(c)}" for c in row["codes"].split())
        lines += [f"Refusals and warnings: {found}.", ""]
    if row["tests"]:
        lines += ["Unit tests: " + ", ".join(f"[{prose(pathlib.Path(t).stem)}](../{t})" for t in row["tests"].split()) + ".", ""]
    if row["topics"]:
        lines += ["Topics: " + ", ".join(row["topics"].split()) + ".", ""]
    return lines


def document(root):
    with open(root / "tests/spec/clauses.csv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    claims, codes = specs(root), registry(root)
    names = [row["clause"] for row in rows]
    if len(set(names)) != len(names):
        fail("clauses.csv: a clause stands twice")
    for name in claims:
        if name not in names:
            fail(f"{claims[name][0][1]}: clauses.csv has no clause '{name}'")
    lines = [HEAD]
    for number, title in SECTIONS.items():
        lines += [f"## {number}. {title}", ""]
        for row in rows:
            if int(row["section"]) == number:
                lines += clause(root, row, claims.get(row["clause"], []), codes)
    total = sum(len(c) for c in claims.values())
    lines += ["## In numbers", "", f"{len(rows)} clauses; {total} claims.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).parents[2]
    made = document(root)
    target = root / "docs/spec-coverage.md"
    if "--check" not in sys.argv[1:]:
        target.write_text(made, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != made:
        fail("docs/spec-coverage.md is stale: run tests/structure/gen_spec_coverage.py")


if __name__ == "__main__":
    main()
