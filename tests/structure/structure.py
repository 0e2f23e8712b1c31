#!/usr/bin/env python3
"""The house's rules that a compiler does not check, as TAP. usage: structure.py SOURCE_ROOT"""
import os
import re
import subprocess
import sys

ROOT = sys.argv[1]
COMPILER = ["base", "read", "rule", "pipeline", "oracle", "ir", "opt", "plan", "codegen", "emit", ".", "tool"]
RUNTIME = ["match", "event", "input", "pack", "engine", "output", "tool"]
# Headers of the system that some header of ours is called like: in angle brackets the system's is meant.
NAMESAKES = ("elf.h",)
# Headers of libraries, and the places that may include them.
STRANGERS = {
    r"llvm-c/": ["compiler/codegen/", "compiler/emit/"],
    r"yaml\.h": ["compiler/read/"],
    r"pcre2\.h": ["compiler/pipeline/substitute.c", "runtime/match/pcre.c", "compiler/oracle/"],
    r"sodium\.h": ["compiler/tool/sign.c", "runtime/pack/signature.c"],
}
FUNCTION_MAX, FILE_MAX = 100, 700

count = 0


def point(name, faults):
    global count
    count += 1
    print("%sok %d - %s" % ("not " if faults else "", count, name))
    for fault in faults[:40]:
        print("# " + fault)


def files(*suffixes):
    for side in ("compiler", "runtime", "tests"):
        for base, _, names in os.walk(os.path.join(ROOT, side)):
            for name in sorted(names):
                if name.endswith(suffixes):
                    path = os.path.join(base, name)
                    yield os.path.relpath(path, ROOT), open(path, encoding="utf-8").read()


def room_of(path):
    """(side, index of the room in its order), or None outside both houses."""
    parts = path.split("/")
    order = {"compiler": COMPILER, "runtime": RUNTIME}.get(parts[0])
    if not order:
        return None
    room = parts[1] if len(parts) > 2 else "."
    return (parts[0], order.index(room)) if room in order else None


def includes(text):
    return re.findall(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', text, re.M)


def check_includes():
    owners = {(p.split("/")[0], os.path.basename(p)): p for p, _ in files(".h") if "/include/" not in p}
    relative, backwards, strangers = [], [], []
    for path, text in files(".c", ".h"):
        for name in includes(text):
            if "../" in name:
                relative.append("%s includes %s" % (path, name))
            sides = ("compiler", "runtime") if path.startswith("compiler/") else ("runtime", "compiler")
            owner = next((owners[s, name] for s in sides if (s, name) in owners), "")
            if name in NAMESAKES and "#include <%s>" % name in text:
                owner = ""
            here, there = room_of(path), room_of(owner)
            if here and there and here[0] == there[0] and there[1] > here[1]:
                backwards.append("%s includes %s of a later room" % (path, name))
            if here and there and here[0] == "runtime" and there[0] == "compiler":
                backwards.append("%s includes %s of the compiler" % (path, name))
            if here and there and here[0] == "compiler" and there[0] == "runtime" and not path.startswith("compiler/tool/"):
                backwards.append("%s includes %s of the runtime" % (path, name))
            if here and here == ("compiler", COMPILER.index("oracle")) and name.startswith("sigmaton/"):
                backwards.append("%s includes %s: the judge shares nothing" % (path, name))
            for pattern, allowed in STRANGERS.items():
                if re.match(pattern, name) and not path.startswith("tests/") and not any(path.startswith(a) for a in allowed):
                    strangers.append("%s includes %s" % (path, name))
    point("no include climbs out of its folder", relative)
    point("rooms know only their left neighbours", backwards)
    point("libraries stay in their rooms", strangers)


def check_sizes():
    long_files, long_functions = [], []
    for path, text in files(".c", ".h"):
        lines = text.split("\n")
        if len(lines) > FILE_MAX:
            long_files.append("%s has %d lines" % (path, len(lines)))
        start = None
        for i, line in enumerate(lines):
            if line == "{":
                start = i
            elif line == "}" and start is not None:
                if i - start > FUNCTION_MAX:
                    long_functions.append("%s:%d: %d lines" % (path, start, i - start))
                start = None
    point("no file above %d lines" % FILE_MAX, long_files)
    point("no function above %d lines" % FUNCTION_MAX, long_functions)


def check_readmes():
    rooms = ["compiler/" + r for r in COMPILER if r != "."] + ["runtime/" + r for r in RUNTIME]
    rooms = [r for r in rooms if os.path.isdir(os.path.join(ROOT, r)) and os.listdir(os.path.join(ROOT, r))]
    point("every room has its README", [r for r in rooms if not os.path.exists(os.path.join(ROOT, r, "README.md"))])


def check_links():
    broken = []
    for base, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if not f.startswith((".git", "build"))]
        for name in names:
            if name.endswith(".md"):
                path = os.path.join(base, name)
                for target in re.findall(r"\]\(([^)#\s]+)", open(path, encoding="utf-8").read()):
                    if not re.match(r"[a-z]+:", target) and not os.path.exists(os.path.join(base, target)):
                        broken.append("%s -> %s" % (os.path.relpath(path, ROOT), target))
    point("links between documents lead somewhere", broken)


# Codes that no input can provoke: faults of our own, or of the machine.
UNPROVOKED = {"codegen_failed", "jit_failed", "jit_refused", "pack_too_big"}
# Codes that nothing reports any more; the rows stay, for numbers keep their meaning.
RETIRED = {"filter_not_applied"}
# Codes that no command line reaches yet; the unit test that holds them.
BY_UNIT_TEST = {"ir_syntax": ("tests/unit/compiler/ir/ir_parse_test.c", "\"IR: ")}


def check_codes():
    rows = re.findall(r"^DIAG_ROW\((\d+), (\w+)", open(os.path.join(ROOT, "compiler/base/diag_codes.def")).read(), re.M)
    folder = os.path.join(ROOT, "tests/golden/diag")
    seen = "".join(open(os.path.join(folder, f), encoding="utf-8", errors="replace").read()
                   for f in (os.listdir(folder) if os.path.isdir(folder) else []) if f.endswith(".diag"))
    missing = ["S%s %s" % r for r in rows if r[1] not in UNPROVOKED | RETIRED | BY_UNIT_TEST.keys() and "[S%s]" % r[0] not in seen]
    missing += [p for p, words in BY_UNIT_TEST.values() if words not in open(os.path.join(ROOT, p)).read()]
    point("every diagnostic code has a golden file", missing)
    numbers = [r[0] for r in rows]
    point("diagnostic numbers are unique", sorted({n for n in numbers if numbers.count(n) > 1}))


def check_made():
    for script, name in (("gen_diagnostics.py", "docs/diagnostics.md is made from the registry as it is"),
                         ("gen_spec_coverage.py", "every clause has a proof, and docs/spec-coverage.md says so")):
        done = subprocess.run([sys.executable, os.path.join(ROOT, "tests/structure", script), "--check"], cwd=ROOT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        point(name, [] if done.returncode == 0 else done.stdout.splitlines() + ["stale"])


def main():
    check_includes()
    check_sizes()
    check_readmes()
    check_links()
    check_codes()
    check_made()
    print("1..%d" % count)


main()
