#!/usr/bin/env python3
"""libsigmaton out of every language, as TAP. usage: bindings.py SIGMATON SOURCE_ROOT LIBSIGMATON [MAKE_KEY]

Each binding's example judges the demo's events with one pack and must print the alerts of rules/demo/expected.ndjson; so
it must with a pack that replaces it under way, with an event of pairs or slots, with a log source and with a key, and say
why a pack is refused. What has no toolchain here is skipped. Nothing is fetched, nothing is written into the sources.
MAKE_KEY is there where libsigmaton has libsodium; without it a key must be refused."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

SIGMATON, ROOT, LIBRARY = (os.path.abspath(p) for p in sys.argv[1:4])
MAKE_KEY = os.path.abspath(sys.argv[4]) if len(sys.argv) > 4 else None
DEMO, BINDINGS = os.path.join(ROOT, "rules", "demo"), os.path.join(ROOT, "runtime", "bindings")
INCLUDE, LIBDIR = os.path.join(ROOT, "runtime", "include"), os.path.dirname(LIBRARY)
RULE = "windows_sql_spawning_certutil.yml"
PAIRS = ["Channel=Microsoft-Windows-Sysmon/Operational", "EventID=1", "ParentImage=C:\\MSSQL\\Binn\\sqlservr.exe",
         "Image=C:\\Windows\\System32\\certutil.exe", "CommandLine=certutil -urlcache -f http://x/"]
METADATA = "\t".join(["0b2c6f0e-6a3d-4d0c-9a51-7d3f5b9f3a10", "high", "experimental", "windows", "process_creation", "",
                      "attack.command-and-control,attack.t1105"]) + "\n"
ENV = dict(os.environ, LD_LIBRARY_PATH=LIBDIR, SIGMATON_LIBRARY=LIBRARY, PYTHONDONTWRITEBYTECODE="1",
           PYTHONPATH=os.path.join(BINDINGS, "python"), GOFLAGS="-mod=mod", GOPROXY="off", GOTOOLCHAIN="local", CGO_ENABLED="1",
           CGO_CFLAGS="-I" + INCLUDE, CGO_LDFLAGS="-L" + LIBDIR, SIGMATON_LIB_DIR=LIBDIR)
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I" + INCLUDE]
count = 0


def point(ok, name, why="", skip=""):
    global count
    count += 1
    print("%sok %d - %s%s" % ("" if ok else "not ", count, name, " # SKIP " + skip if skip else ""))
    for line in str(why).splitlines()[:40] if not ok else []:
        print("# " + line)
    return ok


def command(args, cwd=None, stdin=b""):
    """(exit code, stdout, stderr)"""
    done = subprocess.run(args, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, env=ENV, cwd=cwd)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def built(name, args, cwd=None):
    code, out, err = command(args, cwd)
    return point(code == 0, name + " builds", out + err)


def line(alert, title=None):
    return "%d\t%s\t%s\n" % (alert["event"]["record"], alert["rule"]["id"], title or alert["rule"]["title"])


def judge(name, program, folder, alerts, events):
    """The example on the demo's events."""
    code, out, err = command(program + [os.path.join(folder, "pack.so")], stdin=events)
    point(code == 0 and out == "".join(line(a) for a in alerts), name + ": the demo's alerts", out + err)
    code, out, err = command(program + [os.path.join(DEMO, "events.ndjson")])
    point(code == 2 and "alerts: " in err and not out, name + ": says why a pack is refused", out + err)


def judge_more(name, program, folder, alerts, events):
    """Broken lines, pairs and hot swap."""
    pack, newer = os.path.join(folder, "pack.so"), os.path.join(folder, "newer.so")
    code, out, err = command(program + [pack], stdin=b"{broken\n\n" + events)
    want = "".join(line(dict(a, event={"record": a["event"]["record"] + 2})) for a in alerts)
    point(code == 0 and out == want and "record 1: " in err, name + ": an unreadable event is told, the next is judged", out + err)
    code, out, err = command(program + [pack] + PAIRS)
    point(code == 0 and out == line(dict(alerts[0], event={"record": 1})), name + ": an event of pairs", out + err)
    code, out, err = command(program + [pack] + PAIRS[:-1] + ["CommandLine=certutil -dump"])
    point(code == 0 and out == "", name + ": pairs that no rule wants", out + err)
    code, out, err = command(program + [pack, "--rules"])
    point(code == 0 and out == METADATA, name + ": what the pack says of the rule", out + err)
    code, out, err = command(program + [pack, "--swap", newer], stdin=events)
    first = alerts[0]["event"]["record"]
    want = "".join(line(a, None if a["event"]["record"] == first else "Newer") for a in alerts)
    point(code == 0 and out == want, name + ": a newer pack under way", out + err)


def judge_options(name, program, folder, alerts):
    """What an engine is opened with, and fields by number."""
    pack, hit = os.path.join(folder, "pack.so"), line(dict(alerts[0], event={"record": 1}))
    for by, form in (([], "pairs"), (["--slots"], "slots")):
        for source, want in (("windows/process_creation", hit), ("linux/process_creation", "")):
            code, out, err = command(program + by + ["--source", source, pack] + PAIRS[2:] + ["Nobody=asks"])
            point(code == 0 and out == want, "%s: %s, all events %s" % (name, form, source), out + err)
    for by, form in (([], "pairs"), (["--slots"], "slots")):
        for value, want in (("7", "1\t\tNumbers\n"), ("3", ""), ("x7", "")):
            code, out, err = command(program + by + [os.path.join(folder, "numbers.so"), "n=" + value])
            point(code == 0 and out == want, "%s: %s, the number %s" % (name, form, value), out + err)
    keys = [("signed by the key", "k.pub", hit, None), ("another key", "o.pub", "", "another key")]
    for what, key, want, phrase in keys if MAKE_KEY else [("libsigmaton has no libsodium", None, "", "libsodium")]:
        said = "RW" + "A" * 54
        if key:
            with open(os.path.join(folder, key)) as f:
                said = f.read().split("\n")[1]
        code, out, err = command(program + ["--key", said, pack] + PAIRS)
        point(code == (2 if phrase else 0) and out == want and (phrase or "") in err, "%s: %s" % (name, what), out + err)


def c(folder):
    compiler = shutil.which("cc")
    if not compiler:
        return None
    source = os.path.join(ROOT, "docs", "embedding", "alerts.c")
    if built("C", [compiler, "-std=c11"] + WARNINGS + [source, LIBRARY, "-o", os.path.join(folder, "c")]):
        yield "C", [os.path.join(folder, "c")], False
    if built("C, linked in", [compiler, "-std=c11", "-DLINKED"] + WARNINGS + [source, os.path.join(folder, "pack.a"), LIBRARY,
                                                                             "-o", os.path.join(folder, "c_linked")]):
        yield "C, linked in", [os.path.join(folder, "c_linked")], None


def python(folder):
    """As its wheel where pip and setuptools are here, else out of the source folder."""
    source, target = os.path.join(folder, "python"), os.path.join(folder, "site")
    code, _, _ = command([sys.executable, "-c", "import setuptools, pip, wheel"])
    if code != 0:
        point(True, "Python's wheel builds", skip="pip, setuptools or wheel is not here")
    else:
        shutil.copytree(os.path.join(BINDINGS, "python"), source)
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation", "--target", target, source]
        if not built("Python's wheel", pip):
            return
        ENV["PYTHONPATH"] = target
    yield "Python", [sys.executable, os.path.join(BINDINGS, "python", "examples", "alerts.py")], True
    script = os.path.join(ROOT, "tests", "bindings", "python_threads.py")
    code, out, err = command([sys.executable, script, os.path.join(folder, "pack.so"), os.path.join(DEMO, "events.ndjson")])
    point(code == 0 and not out + err, "Python: threads with swaps, and wrong use", out + err)


def go(folder):
    out = os.path.join(folder, "go")
    if built("Go", ["go", "build", "-p", "2", "-buildvcs=false", "-o", out, "./examples/alerts"], os.path.join(BINDINGS, "go")):
        yield "Go", [out], True


def cpp(folder):
    out, room = os.path.join(folder, "cpp"), os.path.join(BINDINGS, "cpp")
    source = os.path.join(room, "examples", "alerts.cpp")
    if built("C++", ["c++", "-std=c++17"] + WARNINGS + ["-Wconversion", "-I" + room, source, LIBRARY, "-o", out]):
        yield "C++", [out], True


def rust(folder):
    target = os.path.join(folder, "rust")
    cargo = ["cargo", "build", "-q", "--offline", "--locked", "-j2", "--target-dir", target, "--example", "alerts"]
    if built("Rust", cargo, os.path.join(BINDINGS, "rust")):
        yield "Rust", [os.path.join(target, "debug", "examples", "alerts")], True


NODE_HEADERS = [d for d in ("/usr/include/node", "/usr/include/nodejs/src", "/usr/local/include/node")
                if os.path.exists(os.path.join(d, "node_api.h"))]


def node(folder):
    out, room = os.path.join(folder, "sigmaton.node"), os.path.join(BINDINGS, "node")
    flags = ["-std=c11", "-shared", "-fPIC", "-Wconversion", "-isystem", NODE_HEADERS[0]]
    if built("Node", ["cc"] + WARNINGS + flags + [os.path.join(room, "sigmaton_node.c"), LIBRARY, "-o", out]):
        ENV["SIGMATON_NODE"] = out
        yield "Node", ["node", os.path.join(room, "examples", "alerts.js")], True


LANGUAGES = [
    ("C", c, lambda: shutil.which("cc")),
    ("Python", python, lambda: True),
    ("Go", go, lambda: shutil.which("go") and shutil.which("cc")),
    ("Rust", rust, lambda: shutil.which("cargo") and shutil.which("cc")),
    ("C++", cpp, lambda: shutil.which("c++")),
    ("Node", node, lambda: shutil.which("node") and shutil.which("cc") and NODE_HEADERS),
]


def packs(folder):
    """pack.so and pack.a of the demo; newer.so has the same rule with another title; numbers.so compares one."""
    newer = os.path.join(folder, "newer")
    os.mkdir(newer)
    with open(os.path.join(DEMO, RULE)) as f:
        lines = ["title: Newer\n" if l.startswith("title:") else l for l in f]
    with open(os.path.join(newer, RULE), "w") as f:
        f.writelines(lines)
    numbers = os.path.join(folder, "numbers.yml")
    with open(numbers, "w") as f:
        f.write("title: Numbers\nlogsource: {product: windows}\ndetection: {s: {n|gte: 5}, condition: s}\n")
    for seed, key in (("1", "k"), ("2", "o")) if MAKE_KEY else ():
        command([MAKE_KEY] + [os.path.join(folder, key + half) for half in (".sec", ".pub")] + [seed])
    for rules, out, kind in ((DEMO, "pack.so", "so"), (DEMO, "pack.a", "archive"), (newer, "newer.so", "so"), (numbers, "numbers.so", "so")):
        signed = ["--sign", os.path.join(folder, "k.sec")] if MAKE_KEY and kind == "so" else []
        code, said, err = command([SIGMATON, "build", rules, "-o", os.path.join(folder, out), "--emit", kind, "-q"] + signed)
        point(code == 0, "build " + out, said + err)


def main():
    if not any(shutil.which(n) for n in ("ld.lld", "ld.lld-19", "ld")):
        print("1..0 # SKIP no linker")
        return
    with open(os.path.join(DEMO, "events.ndjson"), "rb") as f:
        events = f.read()
    with open(os.path.join(DEMO, "expected.ndjson")) as f:
        alerts = [json.loads(l) for l in f]
    with tempfile.TemporaryDirectory() as folder:
        packs(folder)
        for language, examples, there in LANGUAGES:
            if not there():
                point(True, language, skip="no toolchain for it here")
                continue
            for name, program, whole in examples(folder):
                if whole is None: # its pack is linked in
                    code, out, err = command(program + ["none"], stdin=events)
                    point(code == 0 and out == "".join(line(a) for a in alerts), name + ": the demo's alerts", out + err)
                    continue
                judge(name, program, folder, alerts, events)
                if whole:
                    judge_more(name, program, folder, alerts, events)
                    judge_options(name, program, folder, alerts)
    print("1..%d" % count)


main()
