#!/usr/bin/env python3
"""Packs for other Linux machines under qemu-user, as TAP. usage: cross.py aarch64|riscv64 SIGMATON SOURCE_ROOT [VECTORS]

Needs qemu-user-static, gcc-aarch64-linux-gnu and libc6-dev-arm64-cross (gcc-riscv64-linux-gnu and libc6-dev-riscv64-cross), and ld.lld
or that machine's ld; skips without. The runtime is cross-built here, without PCRE2, as for a machine that has none: packs
whose regexes all have automata."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from tap import plan, point, skip

MACHINE = sys.argv[1]
SIGMATON, ROOT = (os.path.abspath(p) for p in sys.argv[2:4])
VECTORS = sys.argv[4] if len(sys.argv) > 4 else os.path.join(os.environ.get("SIGMATON_SHARED", os.path.join(ROOT, "..", "shared")),
                                                             "vectors", "detection-and-correlation.json")
TARGET, CC = MACHINE + "-linux-gnu", MACHINE + "-linux-gnu-gcc"
QEMU = shutil.which("qemu-%s-static" % MACHINE) or shutil.which("qemu-" + MACHINE)
CROSS = """[binaries]
c = '{0}-linux-gnu-gcc'
ar = '{0}-linux-gnu-ar'
strip = '{0}-linux-gnu-strip'
pkg-config = 'false'
[host_machine]
system = 'linux'
cpu_family = '{0}'
cpu = '{0}'
endian = 'little'
""".format(MACHINE)


def command(*args, **more):
    done = subprocess.run(list(args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, **more)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def cross_build(folder):
    cross, build = os.path.join(folder, "cross"), os.path.join(folder, "build")
    open(cross, "w").write(CROSS)
    code, out, said = command("meson", "setup", build, ROOT, "--cross-file", cross, "-Dcompiler=false", "-Dpcre2=disabled", "-Dbuildtype=release")
    point(code == 0, "the runtime configures for " + TARGET, out + said)
    code, out, said = command("ninja", "-C", build, "-j2", "runtime/tool/sigmaton-run")
    point(code == 0, "and builds", out + said)
    return os.path.join(build, "runtime", "tool", "sigmaton-run")


def there(program, *args, **more):
    return command(QEMU, "-L", "/usr/" + TARGET, program, *args, **more)


def demo(folder, program):
    want = open(os.path.join(ROOT, "rules/demo/expected.ndjson"), encoding="utf-8").read()
    for level in "02":
        pack = os.path.join(folder, "demo-O%s.so" % level)
        command(SIGMATON, "build", os.path.join(ROOT, "rules/demo"), "-o", pack, "--target", TARGET, "-O" + level, "-q")
        code, out, said = there(program, "-r", pack, "rules/demo/events.ndjson", cwd=ROOT)
        point(code == 0 and out == want, "the demo pack's alerts, -O" + level, said + out)
    code, out, said = command(SIGMATON, "run", "-r", pack, "rules/demo/events.ndjson", cwd=ROOT)
    point(code == 2 and "another processor" in said, "this machine refuses that pack", said)
    own = os.path.join(folder, "own.so")
    command(SIGMATON, "build", os.path.join(ROOT, "rules/demo"), "-o", own, "-q")
    code, out, said = there(program, "-r", own, "rules/demo/events.ndjson", cwd=ROOT)
    point(code == 2 and "another processor" in said, "and that machine this one's", said)


def several_modules(folder, program):
    """Of a large pack: merged from several objects."""
    rule = "title: r%d\nlogsource: {product: windows}\ndetection:\n  sel: {A: v%d, B|contains: 'word%d'}\n  condition: sel\n"
    rules, events, pack = (os.path.join(folder, n) for n in ("many.yml", "many.ndjson", "many.so"))
    open(rules, "w").write("---\n".join(rule % (i, i, i % 9) for i in range(2000)))
    open(events, "w").write("".join('{"A":"v%d","B":"a word%d"}\n' % (i, i % 10) for i in range(2000)))
    want = command(SIGMATON, "run", "-r", rules, "-e", "ir", "-q", events)[1]
    for level in "02":
        command(SIGMATON, "build", rules, "-o", pack, "--target", TARGET, "-O" + level, "-q")
        code, out, said = there(program, "-r", pack, events)
        point(code == 0 and out == want and out.count("\n") > 100, "a pack of several modules, -O" + level, said + out[:300])


def vector_rules(vector):
    rules = vector.get("rule") or vector.get("rules")
    return rules if isinstance(rules, str) else "\n---\n".join(rules)


def vectors(folder, program):
    """Every detection vector: one pack each, judged there."""
    if not os.path.exists(VECTORS):
        skip("vectors", "%s is not there" % VECTORS)
        return
    wrong, judged, without = [], 0, 0
    text = open(VECTORS, encoding="utf-8").read()
    try:
        cases = json.loads(text)
    except ValueError:
        cases = [json.loads(l) for l in text.splitlines() if l.strip()]
    for case in cases:
        if "match" not in case or case.get("placeholders"):
            continue
        rule, pack, events = (os.path.join(folder, n) for n in ("v.yml", "v.so", "v.ndjson"))
        open(rule, "w", encoding="utf-8").write(vector_rules(case))
        code, _, said = command(SIGMATON, "build", rule, "-o", pack, "--target", TARGET, "-q")
        open(events, "w", encoding="utf-8").write("".join(json.dumps(e) + "\n" for e in case["events"]))
        code, out, said = there(program, "-r", pack, "--logsource", "none", "-q", events) if code == 0 else (code, "", said)
        if "needs PCRE2" in said:
            without += 1
            continue
        judged += 1
        hit = {json.loads(l)["event"]["record"] for l in out.splitlines()}
        if code not in (0, 1) or [i + 1 in hit for i in range(len(case["events"]))] != case["match"]:
            wrong.append("%s: wanted %s, came %s %s" % (case.get("id"), case["match"], sorted(hit), said))
    point(judged > 100 and not wrong, "%d vectors judged alike (%d need PCRE2)" % (judged, without), "\n".join(wrong))


def main():
    tools = ["meson", "ninja", CC]
    missing = [t for t in tools if not shutil.which(t)] + ([] if QEMU else ["qemu-%s-static" % MACHINE])
    if not [l for l in ("ld.lld", "ld.lld-19", TARGET + "-ld") if shutil.which(l)]:
        missing.append("ld.lld")
    if missing:
        print("1..0 # SKIP not installed: " + ", ".join(missing))
        return
    with tempfile.TemporaryDirectory() as folder:
        program = cross_build(folder)
        if os.path.exists(program):
            demo(folder, program)
            several_modules(folder, program)
            vectors(folder, program)
    plan()


main()
