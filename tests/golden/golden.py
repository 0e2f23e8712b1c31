#!/usr/bin/env python3
"""Golden files, as TAP. usage: golden.py SIGMATON SOURCE_ROOT        SIGMATON_UPDATE=1 rewrites the expected files

diag/NAME.yml + NAME.diag     what `sigmaton check` says of the rule; NAME starts with the code it must contain
diag/NAME.cmd + NAME.diag     a command line whose messages on stderr are wanted; NAME-only: only the lines with its code
generated/demo               what `sigmaton build` writes for rules/demo
stages/NAME.yml + NAME.STAGE  `sigmaton dump --stage STAGE` for every STAGE that has a file, with -p NAME.pipe where there is one"""
import os
import re
import shlex
import shutil
import subprocess
import sys

SIGMATON, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]
HERE = os.path.join(ROOT, "tests", "golden")
UPDATE = os.environ.get("SIGMATON_UPDATE")
STAGES = ["tree", "rule", "mapped", "ir", "opt", "plan", "llvm"]
count = 0


def point(ok, name, why=""):
    global count
    count += 1
    print("%sok %d - %s" % ("" if ok else "not ", count, name))
    for line in why.splitlines()[:40] if not ok else []:
        print("# " + line)


def sigmaton(folder, *args):
    done = subprocess.run([SIGMATON] + list(args), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, timeout=60)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def compare(path, got, name, also=""):
    if UPDATE:
        open(path, "w", encoding="utf-8").write(got)
    want = open(path, encoding="utf-8").read() if os.path.exists(path) else "(no file)\n"
    point(got == want and not also, name, also + "wanted:\n" + want + "got:\n" + got)


def messages(stderr):
    """Messages with their source lines, without what differs from run to run."""
    return "".join(l for l in stderr.splitlines(True) if not l.startswith("sigmaton ") and " events judged" not in l)


RULE = "title: Golden\nlogsource: {product: windows}\ndetection:\n    sel: {A: 1}\n    condition: sel\n"


def generated(folder):
    """Inputs above a limit, too large for the repository: made here, removed at the end."""
    files = {
        "_big.yml": "\0" * (17 << 20),
        "_merged.yml": "action: global\nx: [%s]\n" % ",".join("1" for _ in range(90000)) + ("---\n" + RULE) * 30,
        "_faults.yml": "---\n- a\n" * 210,
        "_pipe_limit.yml": "transformations:\n" + "    - {type: set_state, key: a, val: 1}\n" * 1001,
        "_conditions.yml": RULE.replace("condition: sel", "condition: [%s]" % ", ".join(["sel"] * 101)),
    }
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    return [os.path.join(folder, name) for name in files] + caches(folder)


def caches(folder):
    """Two caches, the one with an entry that is cut short, the other with a folder where the entry should be."""
    open(os.path.join(folder, "_cached.yml"), "w", encoding="utf-8").write(RULE)
    open(os.path.join(folder, "_cached.ndjson"), "w", encoding="utf-8").write('{"A":1}\n')
    for name in ("_cache_cut", "_cache_taken"):
        sigmaton(folder, "run", "--cache", name, "-r", "_cached.yml", "_cached.ndjson")
        entry = os.path.join(folder, name, os.listdir(os.path.join(folder, name))[0])
        if name == "_cache_cut":
            os.truncate(entry, 100)
        else:
            os.remove(entry)
            os.mkdir(entry)
    return [os.path.join(folder, name) for name in ("_cached.yml", "_cached.ndjson", "_cache_cut", "_cache_taken")]


def diag(folder):
    for file in sorted(os.listdir(folder)):
        name, kind = os.path.splitext(file)
        if kind == ".yml" and not name.startswith("_"):
            code, _, err = sigmaton(folder, "check", "--color", "never", file)
        elif kind == ".cmd":
            args = shlex.split(open(os.path.join(folder, file)).read())
            code, _, err = sigmaton(folder, *args)
        else:
            continue
        number = re.match(r"S\d+", name).group(0)
        if name.endswith("-only"):
            err = "".join(l[:160].rstrip("\n") + "\n" for l in err.splitlines(True) if "[%s]" % number in l)
        got = messages(err) + "exit %d\n" % code
        also = "" if "[%s]" % number in got else "%s is missing\n" % number
        compare(os.path.join(folder, name + ".diag"), got, "diag %s" % name, also)


def written_by_us(stage):
    """Whether a stage's text depends on nothing but this project: LLVM's own text is compared with LLVM 19 only."""
    return stage != "llvm" or "LLVM 19." in sigmaton(ROOT, "--version")[1]


def without_image(text):
    """LLVM IR without the bytes of the pack's image: the plan's tests look at those, and every table changes them."""
    text = re.sub(r'c"[^"]{64,}"', 'c"..."', text)
    text = re.sub(r'c"\\..\\00\\00\\00SGPK', 'c"...SGPK', text)
    text = re.sub(r"(call i32 %\d+\(ptr %\d+, i32 )\d{4,}\)", r"\1n)", text)
    text = re.sub(r"(getelementptr (?:inbounds )?\(?i8, ptr [%@]\w+, i64 )\d{4,}", r"\1n", text)
    return re.sub(r"\[\d+ x i8\]", "[n x i8]", text)


def stages(folder):
    for file in sorted(os.listdir(folder)):
        name, kind = os.path.splitext(file)
        for stage in STAGES if kind == ".yml" else []:
            path = os.path.join(folder, "%s.%s" % (name, stage))
            if os.path.exists(path) and written_by_us(stage):
                pipe = ["-p", "./%s.pipe" % name] if os.path.exists(os.path.join(folder, name + ".pipe")) else []
                code, out, err = sigmaton(folder, "dump", "--stage", stage, *(pipe + [file]))
                out = without_image(out) if stage == "llvm" else out
                compare(path, out, "%s of %s" % (stage, name), "" if code == 0 else "exit %d\n%s" % (code, err))


def committed():
    """generated/demo is what build writes; LLVM's own text is compared with LLVM 19 only."""
    for name, kind in (("demo.h", "header"), ("demo.ir", "ir"), ("demo.plan", "plan"), ("demo.ll", "llvm")):
        if not written_by_us(kind):
            continue
        code, out, err = sigmaton(ROOT, "build", "rules/demo", "-o", "-", "--emit", kind, "--target", "x86_64-linux-gnu", "-q")
        compare(os.path.join(ROOT, "generated", "demo", name), out, "generated/demo/" + name, "" if code == 0 else err)


def demo():
    """The demo pack: its alerts under every engine, and what absorption makes of it."""
    want = open(os.path.join(ROOT, "rules/demo/expected.ndjson"), encoding="utf-8").read()
    for engine in ("jit", "aot", "ir", "oracle"):
        code, out, err = sigmaton(ROOT, "run", "-r", "rules/demo", "rules/demo/events.ndjson", "--engine", engine)
        point(code == 0 and out == want, "the demo pack's alerts under %s" % engine, err + out)
    for part in ("prior", "dfa"):
        code, out, err = sigmaton(ROOT, "run", "-r", "rules/demo", "rules/demo/events.ndjson", "--off", part)
        point(code == 0 and out == want, "the demo pack's alerts without %s" % part, err + out)
    _, before, _ = sigmaton(ROOT, "dump", "--stage", "ir", "rules/demo")
    _, after, _ = sigmaton(ROOT, "dump", "--stage", "opt", "rules/demo")
    _, kept, _ = sigmaton(ROOT, "dump", "--stage", "opt", "--off", "absorb", "rules/demo")
    point('"split"' in before and '"split"' not in after, "absorption removes split from the demo rule", after)
    point('"split"' in kept, "without the pass absorb split stays", kept)
    for record in range(1, 14):
        code, out, err = sigmaton(ROOT, "explain", "-r", "rules/demo", "rules/demo/events.ndjson", "--record", str(record))
        point(code == 0 and out, "explain agrees with the engine on demo event %d" % record, err + out)


def main():
    made = generated(os.path.join(HERE, "diag"))
    try:
        diag(os.path.join(HERE, "diag"))
    finally:
        for path in made:
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    stages(os.path.join(HERE, "stages"))
    demo()
    committed()
    print("1..%d" % count)


main()
