#!/usr/bin/env python3
"""The programs of docs/embedding.md, compiled and run, as TAP. usage: embed.py SIGMATON SOURCE_ROOT LIBSIGMATON

Each is linked to the shared libsigmaton and sees the installed headers alone."""
import os
import shutil
import subprocess
import sys
import tempfile

from tap import plan, point

SIGMATON, ROOT, LIBRARY = (os.path.abspath(p) for p in sys.argv[1:4])
DEMO = os.path.join(ROOT, "rules", "demo")
SQL, CERTUTIL = "C:\\MSSQL\\Binn\\sqlservr.exe", "C:\\Windows\\System32\\certutil.exe"


def command(*args, stdin=b""):
    env = dict(os.environ, LD_LIBRARY_PATH=os.path.dirname(LIBRARY))
    done = subprocess.run(list(args), input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, env=env)
    return done.returncode, done.stdout.decode(errors="replace")


def compiled(folder, compiler, name, *more):
    """docs/embedding/NAME.c as a program, with every warning an error."""
    out = os.path.join(folder, name)
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I" + os.path.join(ROOT, "runtime", "include"), "-I" + folder]
    code, said = command(compiler, *flags, os.path.join(ROOT, "docs", "embedding", name + ".c"), *more, LIBRARY, "-o", out)
    point(code == 0, "%s.c compiles" % name, said)
    return out


def sensor(folder, compiler):
    program = compiled(folder, compiler, "sensor")
    with open(os.path.join(ROOT, "docs", "embedding", "sensor.c"), encoding="utf-8") as f:
        point(len(f.readlines()) <= 30, "the sensor has thirty lines")
    pack = os.path.join(folder, "pack.so")
    code, said = command(program, pack, SQL, CERTUTIL, "certutil -URLcache -f http://x/")
    point(code == 1 and said == "SQL server started certutil\n", "the sensor names the rule that hit", said)
    code, said = command(program, pack, SQL, CERTUTIL, "certutil -dump")
    point(code == 0 and said == "", "and is silent where none did", said)
    code, said = command(program, os.path.join(folder, "demo.h"), SQL, CERTUTIL, "x")
    point(code == 2 and "cut short or is no pack" in said, "it says why a pack is refused", said)
    code, said = command(program)
    point(code == 2, "it wants arguments", said)


def linked(folder, compiler):
    for kind in ("archive", "obj"):
        pack = os.path.join(folder, "pack." + ("a" if kind == "archive" else "o"))
        code, said = command(SIGMATON, "build", DEMO, "-o", pack, "--emit", kind, "-q")
        point(code == 0, "build --emit " + kind, said)
        program = compiled(folder, compiler, "linked", pack)
        events = open(os.path.join(DEMO, "events.ndjson"), "rb").read()
        want = [l.count('"record"') and l.split('"record":')[1].split(",")[0] for l in open(os.path.join(DEMO, "expected.ndjson"))]
        code, said = command(program, stdin=events)
        point(code == 0 and [l.split(":")[0] for l in said.splitlines()] == want, "a pack that is linked in (%s) judges as the command does" % kind, said)


def main():
    compiler = shutil.which("cc")
    if not compiler or not any(shutil.which(n) for n in ("ld.lld", "ld.lld-19", "ld")):
        print("1..0 # SKIP no C compiler")
        return
    with tempfile.TemporaryDirectory() as folder:
        for out, kind in (("demo.h", "header"), ("pack.so", "so")):
            code, said = command(SIGMATON, "build", DEMO, "-o", os.path.join(folder, out), "--emit", kind, "-q")
            point(code == 0, "build --emit " + kind, said)
        sensor(folder, compiler)
        linked(folder, compiler)
    plan()


main()
