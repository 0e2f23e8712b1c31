#!/usr/bin/env python3
"""sigmaton-run, and `sigmaton run` on packs, as TAP. usage: run_packs.py SIGMATON SIGMATON_RUN SOURCE_ROOT"""
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from tap import plan, point, skip

SIGMATON, RUN, ROOT = (os.path.abspath(p) for p in sys.argv[1:4])
DEMO = os.path.join(ROOT, "rules", "demo")
RULE = "title: %s\nlogsource: {product: windows}\ndetection:\n  sel: {A|contains: %s}\n  condition: sel\n"
SLOW = "title: Slow\nid: 2b2c6f0e-6a3d-4d0c-9a51-7d3f5b9f3a10\nlogsource: {product: windows}\ndetection:\n  sel: {A|re: '^(\\w+\\s?)+$|z[xz]{12}y'}\n  condition: sel\n"
BOTH = ("sigmaton", "sigmaton-run")


def command(args, stdin=b"", **more):
    done = subprocess.run(args, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, **more)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def run(which, *args, **more):
    return command(([SIGMATON, "run"] if which == "sigmaton" else [RUN]) + list(args), **more)


def build(rules, out):
    code, _, said = command([SIGMATON, "build", rules, "-o", out, "-q"])
    if code not in (0, 1):
        sys.exit("Bail out! " + said)


def write(path, text, mode="w"):
    with open(path, mode) as f:
        f.write(text)
    return path


def demo(folder):
    pack = os.path.join(folder, "demo.so")
    want = open(os.path.join(DEMO, "expected.ndjson"), encoding="utf-8").read()
    for which in BOTH:
        code, out, said = run(which, "-r", pack, "rules/demo/events.ndjson", cwd=ROOT)
        point(code == 0 and out == want and "engine aot" in said, "the demo pack's alerts by %s" % which, said + out)
        events = open(os.path.join(DEMO, "events.ndjson"), "rb").read()
        code, out, said = run(which, "-r", pack, stdin=events)
        point(code == 0 and out == want.replace("rules/demo/events.ndjson", "-"), "from standard input by %s" % which, said + out)
        code, out, said = run(which, "-r", pack, "--format", "text", "--color", "always", "rules/demo/events.ndjson", cwd=ROOT)
        point(code == 0 and "\033[31mhigh" in out, "as coloured text by %s" % which, out)
        code, out, said = run(which, "-r", pack, "--fail-on-match", "-q", "rules/demo/events.ndjson", cwd=ROOT)
        point(code == 3 and said == "", "--fail-on-match and --quiet by %s" % which, said)
    code, out, _ = command([SIGMATON, "run", "-r", DEMO, "--engine", "aot", "rules/demo/events.ndjson"], cwd=ROOT)
    point(code == 0 and out == want, "the demo rules under --engine aot", out)


def several(folder):
    one, two = os.path.join(folder, "one.so"), os.path.join(folder, "two.so")
    build(write(os.path.join(folder, "one.yml"), RULE % ("One", "x")), one)
    build(write(os.path.join(folder, "two.yml"), RULE % ("Two", "x") + "---\n" + RULE % ("Three", "y")), two)
    events = write(os.path.join(folder, "e.ndjson"), '{"A":"x"}\n{"A":"xy"}\n{"A":"y"}\n')
    for which in BOTH:
        code, out, said = run(which, "-r", two, "-r", one, events)
        got = [(json.loads(l)["event"]["record"], json.loads(l)["rule"]["title"]) for l in out.splitlines()]
        want = [(1, "Two"), (1, "One"), (2, "Two"), (2, "Three"), (2, "One"), (3, "Three")]
        point(code == 0 and got == want and "alerts of 3 rules" in said, "several packs, in their order, by %s" % which, out + said)
        for source, n in (("none", 6), ("product=windows", 6), ("product=linux", 0), ("auto", 6)):
            code, out, said = run(which, "-r", two, "-r", one, "--logsource", source, events)
            point(code == 0 and len(out.splitlines()) == n, "--logsource %s by %s" % (source, which), out)
    code, out, said = run("sigmaton", "-r", one, "-r", os.path.join(folder, "one.yml"), events)
    point(code == 2 and "one run" in said, "packs and rules do not mix", said)
    code, out, said = run("sigmaton", "-r", one, "--engine", "ir", events)
    point(code == 2 and "its own code" in said, "a pack has no other engine", said)


def messages(folder):
    """What is left out is told alike by both, as text and as JSON."""
    pack = os.path.join(folder, "slow.so")
    build(write(os.path.join(folder, "slow.yml"), SLOW), pack)
    bad = write(os.path.join(folder, "bad.ndjson"), '{"A":1}\n{"A":\n' + "x\n" * 120 + '{"A":"' + "x" * (1 << 20) + '"}\n' +
                '{"A":"' + "aaaa " * 60 + '!"}\n')
    for form in ("text", "json"):
        said = {}
        for which in BOTH:
            code, out, text = run(which, "-r", pack, "--diag", form, bad, os.path.join(folder, "none.ndjson"))
            said[which] = [l for l in text.splitlines() if "events judged" not in l and "callable" not in l]
            said[which] = [l.replace("sigmaton-run:", "sigmaton run:") for l in said[which]]
            point(code == 1, "exit 1 when something was left out (%s, %s)" % (which, form), "%d" % code)
        point(said["sigmaton"] == said["sigmaton-run"] and len(said["sigmaton"]) > 102, "both say the same as %s" % form,
              "\n".join(sorted(set(said["sigmaton"]) ^ set(said["sigmaton-run"]))))
        found = [c for c in ("S101", "S801", "S804", "S807") if not [l for l in said["sigmaton"] if c in l]]
        point(not found, "every code of a run is told as %s" % form, found)
    code, out, text = run("sigmaton", "-r", pack, "--diag", "sarif", bad)
    point(code == 1 and json.loads(text)["version"] == "2.1.0", "sigmaton run on a pack writes SARIF", text[:300])
    for which in BOTH:
        code, out, text = run(which, "-r", pack, os.path.join(folder, "none.ndjson"))
        point(code == 2, "exit 2 when nothing could be read (%s)" % which, text)
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            for which in BOTH:
                args = [SIGMATON, "run"] if which == "sigmaton" else [RUN]
                done = subprocess.run(args + ["-r", os.path.join(folder, "demo.so"), "rules/demo/events.ndjson"], stdout=full,
                                      stderr=subprocess.PIPE, cwd=ROOT)
                point(done.returncode == 2, "exit 2 on a full device (%s)" % which, done.stderr)


def refusals(folder):
    pack = os.path.join(folder, "demo.so")
    good = open(pack, "rb").read()
    changed = bytearray(good)
    changed[len(good) // 2] ^= 1
    table = [("a changed byte", bytes(changed), "SHA-256"), ("a truncation", good[:-1], "cut short"), ("half of it", good[:len(good) // 2], "cut short"),
             ("an empty file", b"", "cut short"), ("another ELF file", open(RUN, "rb").read(), "cut short")]
    for name, data, phrase in table:
        path = write(os.path.join(folder, "bad.so"), data, "wb")
        for which in BOTH:
            code, out, said = run(which, "-r", path, "-", stdin=b'{"A":1}\n')
            point(code == 2 and phrase in said and "bad.so" in said and out == "", "%s is refused by %s" % (name, which), said)
    code, out, said = run("sigmaton-run", "-r", os.path.join(folder, "none.so"))
    point(code == 2 and "cannot be opened" in said, "no such file", said)
    for args in ([], ["-r"], ["--frob"], ["-r", pack, "--format", "csv"], ["-r", pack, "--logsource", "product"], ["-r", pack, "--regex", "x"],
                 ["-r", pack, "--diag", "sarif"], ["-r", pack, "--color", "blue"]):
        code, out, said = run("sigmaton-run", *args)
        point(code == 2 and said.startswith("sigmaton-run: ") and out == "", "usage: " + " ".join(args[-2:]), said)
    for args in (["--help"], ["--version"]):
        code, out, said = run("sigmaton-run", *args)
        point(code == 0 and out.startswith("sigmaton-run ") and said == "", args[0], said)


def process(folder):
    """What is mapped while it runs, and where executable memory is refused."""
    pack = os.path.join(folder, "demo.so")
    child = subprocess.Popen([RUN, "-r", pack, "-q"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdin.write(open(os.path.join(DEMO, "events.ndjson"), "rb").read())
    child.stdin.flush()
    first = child.stdout.readline()
    maps = open("/proc/%d/maps" % child.pid).read()
    child.send_signal(signal.SIGTERM)
    out, said = child.communicate(timeout=60)
    point(first.startswith(b"{") and child.returncode == 0, "SIGTERM ends the run in order", said)
    strangers = [n for n in ("LLVM", "yaml") if n in maps]
    point("memfd:sigmaton-pack" in maps and not strangers, "neither LLVM nor libyaml is mapped", maps)
    both = [l for l in maps.splitlines() if "w" in l.split()[1] and "x" in l.split()[1]]
    point(not both, "no page is writable and executable", "\n".join(both))

    def deny():
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(65, 1, 0, 0, 0) != 0:  # PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN
            os._exit(77)

    code, out, said = run("sigmaton-run", "-r", pack, "rules/demo/events.ndjson", cwd=ROOT, preexec_fn=deny)
    if code == 77:
        skip("packs run under PR_SET_MDWE", "this kernel has none")
    else:
        point(code == 0 and len(out.splitlines()) == 7, "packs run under PR_SET_MDWE", said)


def main():
    if not any(shutil.which(n) for n in ("ld.lld", "ld.lld-19", "ld", "cc")):
        print("1..0 # SKIP no linker")
        return
    with tempfile.TemporaryDirectory() as folder:
        build(DEMO, os.path.join(folder, "demo.so"))
        demo(folder)
        several(folder)
        messages(folder)
        refusals(folder)
        process(folder)
    plan()


main()
