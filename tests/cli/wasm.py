#!/usr/bin/env python3
"""Packs for wasm32, linked into a program of WASI and run by Node, as TAP. usage: wasm.py SIGMATON SOURCE_ROOT [VECTORS]

Needs clang with wasm32, wasm-ld, wasi-libc, libclang-rt-dev-wasm32 and Node; skips without. The runtime is cross-built here,
without PCRE2; the program is docs/embedding/alerts.c with the pack linked in. What it prints is what this machine's command finds."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

from tap import plan, point, skip

SIGMATON, ROOT = (os.path.abspath(p) for p in sys.argv[1:3])
VECTORS = sys.argv[3] if len(sys.argv) > 3 else os.path.join(os.environ.get("SIGMATON_SHARED", os.path.join(ROOT, "..", "shared")),
                                                             "vectors", "detection-and-correlation.json")
DEMO, INCLUDE = os.path.join(ROOT, "rules", "demo"), os.path.join(ROOT, "runtime", "include")
CLANG = next((c for c in ("clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14", "clang") if shutil.which(c)), None)
CROSS = """[binaries]
c = ['%s', '--target=wasm32-wasi']
ar = '%s'
pkg-config = 'false'
[host_machine]
system = 'wasi'
cpu_family = 'wasm32'
cpu = 'wasm32'
endian = 'little'
"""
RUN = """import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';
const args = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args, returnOnExit: true });
const { instance } = await WebAssembly.instantiate(await readFile(args[0]), { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
"""


def command(*args, stdin=b""):
    done = subprocess.run(list(args), input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def archiver():
    """Of clang's own LLVM; any that knows the format will do."""
    return shutil.which(CLANG.replace("clang", "llvm-ar")) or shutil.which("llvm-ar")


def missing():
    """What is not here to build and run with."""
    names = [t for t in ("meson", "ninja", "node") if not shutil.which(t)]
    if not CLANG or not archiver():
        return names + ["clang"]
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "a.c")
        with open(source, "w") as f:
            f.write("#include <stdio.h>\nint main(void) { return puts(\"\") < 0; }\n")
        code, _, _ = command(CLANG, "--target=wasm32-wasi", source, "-o", os.path.join(folder, "a.wasm"))
    return names + (["wasm-ld, wasi-libc or libclang-rt-dev-wasm32"] if code != 0 else [])


def library(folder):
    cross, build = os.path.join(folder, "cross"), os.path.join(folder, "build")
    with open(cross, "w") as f:
        f.write(CROSS % (CLANG, archiver()))
    options = ["-Dcompiler=false", "-Dpcre2=disabled", "-Dsodium=disabled", "-Dbuildtype=release"]
    code, out, said = command("meson", "setup", build, ROOT, "--cross-file", cross, *options)
    point(code == 0, "the runtime configures for wasm32-wasi", out + said)
    code, out, said = command("ninja", "-C", build, "-j2")
    point(code == 0, "and builds", out + said)
    return os.path.join(build, "runtime", "libsigmaton.a")


class Machine:
    """Where programs are linked and run."""

    def __init__(self, folder, archive):
        self.folder, self.archive = folder, archive
        self.run = os.path.join(folder, "run.mjs")
        with open(self.run, "w") as f:
            f.write(RUN)
        self.program = os.path.join(folder, "alerts.o")
        code, out, said = command(CLANG, "--target=wasm32-wasi", "-O2", "-Wall", "-Werror", "-DLINKED", "-I" + INCLUDE, "-c",
                                  os.path.join(ROOT, "docs", "embedding", "alerts.c"), "-o", self.program)
        point(code == 0, "alerts.c compiles", out + said)

    def alerts(self, rules, events, *options):
        """(why not, lines of `record rule-id title`)"""
        pack, module = os.path.join(self.folder, "pack.o"), os.path.join(self.folder, "alerts.wasm")
        code, out, said = command(SIGMATON, "build", rules, "-o", pack, "--target", "wasm32-wasi", "--emit", "obj", "-q", *options)
        if code == 0:
            code, out, said = command(CLANG, "--target=wasm32-wasi", self.program, pack, self.archive, "-o", module)
        if code == 0:
            code, out, said = command("node", "--no-warnings", self.run, module, "-", stdin=events)
        return (said or str(code)) if code != 0 else "", out


def native(rules, events):
    code, out, said = command(SIGMATON, "run", "-q", "-r", rules, "-", stdin=events)
    alerts = [json.loads(l) for l in out.splitlines()]
    return "".join("%d\t%s\t%s\n" % (a["event"]["record"], a["rule"]["id"] or "", a["rule"]["title"]) for a in alerts)


def demo(machine):
    with open(os.path.join(DEMO, "events.ndjson"), "rb") as f:
        events = f.read()
    for level in "02":
        why, out = machine.alerts(DEMO, events, "-O" + level)
        point(not why and out == native(DEMO, events) and out.count("\n") == 7, "the demo pack's alerts, -O" + level, why + out)
    pack = os.path.join(machine.folder, "pack.o")
    linker = shutil.which(CLANG.replace("clang", "wasm-ld")) or shutil.which("wasm-ld")
    if linker:
        code, out, said = command(linker, "--no-entry", "--export=sigmaton_pack", pack, "-o", os.path.join(machine.folder, "alone.wasm"))
        point(code == 0, "the pack's object wants nothing of anybody", out + said)
    for kind in ("so", "archive"):
        code, out, said = command(SIGMATON, "build", DEMO, "-o", os.path.join(machine.folder, "p"), "--target", "wasm32-wasi", "--emit", kind)
        point(code == 2 and "obj" in said, "--emit %s is refused" % kind, said)


def vectors(machine):
    """Every detection vector: one program each."""
    if not os.path.exists(VECTORS):
        return skip("vectors", "%s is not there" % VECTORS)
    with open(VECTORS, encoding="utf-8") as f:
        cases = json.load(f)
    wrong, judged, without, hits = [], 0, 0, 0
    for case in cases:
        if "match" not in case or case.get("placeholders"):
            continue
        path, rule = os.path.join(machine.folder, "v.yml"), case["rule"]
        with open(path, "w", encoding="utf-8") as f:
            f.write(rule if isinstance(rule, str) else "\n---\n".join(rule))
        events = "".join(json.dumps(e) + "\n" for e in case["events"]).encode()
        why, out = machine.alerts(path, events)
        if "needs PCRE2" in why:
            without += 1
            continue
        judged += 1
        want = native(path, events)
        hits += want.count("\n")
        if why or out != want:
            wrong.append("%s: wanted\n%scame\n%s%s" % (case.get("id"), want, out, why))
    point(judged > 100 and hits > 100 and not wrong, "%d vectors judged alike, %d alerts (%d need PCRE2)" % (judged, hits, without), "\n".join(wrong))


def main():
    absent = missing()
    if absent:
        print("1..0 # SKIP not installed: " + ", ".join(absent))
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = library(folder)
        if os.path.exists(archive):
            machine = Machine(folder, archive)
            demo(machine)
            vectors(machine)
    plan()


main()
