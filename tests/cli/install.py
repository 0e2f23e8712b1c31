#!/usr/bin/env python3
"""A program built against what `meson install` puts down, as TAP. usage: install.py SIGMATON SOURCE_ROOT BUILD_ROOT

The commands that docs/embedding.md begins with, as they stand there; then docs/embedding/alerts.c, told by pkg-config where things
are: with the shared library, and static as a whole, with the pack as a file and linked in. Each prints the demo's alerts."""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

from tap import plan, point, skip

SIGMATON, ROOT, BUILD = (os.path.abspath(p) for p in sys.argv[1:4])
DEMO = os.path.join(ROOT, "rules", "demo")
SOURCE = os.path.join(ROOT, "docs", "embedding", "alerts.c")
NEEDS = ["libpcre2-8", "libsodium"]  # what a static program may have to take in


def command(*args, env=None, stdin=b""):
    done = subprocess.run(list(args), input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, env=env)
    return done.returncode, done.stdout.decode(errors="replace")


def prefix(folder):
    """The folder that holds bin, include and lib, and the folder of the libraries."""
    code, said = command("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", folder)
    point(code == 0, "meson install", said)
    found = glob.glob(os.path.join(folder, "**", "libsigmaton.pc"), recursive=True)
    libraries = os.path.dirname(os.path.dirname(found[0]))
    return os.path.dirname(glob.glob(os.path.join(folder, "**", "include", "sigmaton"), recursive=True)[0])[:-len("/include")], libraries


def flags(root, libraries, *more):
    env = dict(os.environ, PKG_CONFIG_PATH=os.path.join(libraries, "pkgconfig"))
    code, said = command("pkg-config", "--define-variable=prefix=" + root, *more, "--cflags", "--libs", "libsigmaton", env=env)
    point(code == 0, "pkg-config " + " ".join(more), said)
    return said.split()


def alerts():
    with open(os.path.join(DEMO, "expected.ndjson"), encoding="utf-8") as f:
        said = [json.loads(l) for l in f]
    return "".join("%d\t%s\t%s\n" % (a["event"]["record"], a["rule"]["id"], a["rule"]["title"]) for a in said)


def judge(name, program, pack, env=None):
    with open(os.path.join(DEMO, "events.ndjson"), "rb") as f:
        code, said = command(program, pack, stdin=f.read(), env=env)
    point(code == 0 and said == alerts(), name + " prints the demo's alerts", said)


def needed(program):
    return [l.split("[")[1].rstrip("]") for l in command("readelf", "-d", program)[1].splitlines() if "(NEEDED)" in l]


def shared(folder, root, libraries, pack):
    program = os.path.join(folder, "shared")
    code, said = command("cc", "-Wall", "-Werror", SOURCE, *flags(root, libraries), "-o", program)
    point(code == 0, "a program is linked to the shared library", said)
    point("libsigmaton.so.0" in needed(program), "and asks for it by its soname", needed(program))
    judge("it", program, pack, dict(os.environ, LD_LIBRARY_PATH=libraries))
    code, said = command("nm", "-D", "--undefined-only", program)
    point("sigmaton_eval_json@SIGMATON_0.1" in said, "with the version of the symbols", said)


def static(folder, root, libraries, pack):
    private = flags(root, libraries, "--static")
    for name in NEEDS:
        archive = command("cc", "-print-file-name=%s.a" % name)[1].strip()
        if any(f.startswith("-l" + name[3:]) for f in private) and not os.path.isabs(archive):
            return skip("static", "no %s.a" % name)
    for name, more in (("static", []), ("static with its pack", ["-DLINKED", os.path.join(folder, "pack.a")])):
        program = os.path.join(folder, "static")
        code, said = command("cc", "-static", "-Wall", "-Werror", SOURCE, *more, *private, "-o", program)
        point(code == 0 and needed(program) == [], "a program is linked %s" % name, said)
        judge("it", program, pack if not more else "-")


def guide(folder, root, libraries):
    """The indented commands of the guide's first part but the build, in a folder that has rules/ and docs/ as a clone does."""
    with open(os.path.join(ROOT, "docs", "embedding.md"), encoding="utf-8") as f:
        lines = [l.strip() for l in f.read().split("\n## ")[0].splitlines() if l.startswith("    ")]
    point(len(lines) == 7 and lines[0].startswith("sh .ci/setup"), "the guide has its commands", lines)
    clone = os.path.join(folder, "clone")
    os.mkdir(clone)
    for name in ("rules", "docs"):
        os.symlink(os.path.join(ROOT, name), os.path.join(clone, name))
    env = dict(os.environ, PATH=os.path.join(root, "bin") + ":" + os.environ["PATH"], LD_LIBRARY_PATH=libraries,
               PKG_CONFIG_PATH=os.path.join(libraries, "pkgconfig"), PKG_CONFIG_SYSROOT_DIR=os.path.join(folder, "to"))
    want = ["rules compiled", "rules compiled", "", "SQL server started certutil\n", "", alerts()]
    for line, phrase in zip(lines[1:], want):
        done = subprocess.run(line, shell=True, cwd=clone, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        said = done.stdout.decode(errors="replace")
        # The sensor ends with 1 where something hit.
        point(done.returncode == (1 if line.startswith("./sensor") else 0) and phrase in said, "the guide: " + line.split("  ")[0], said)


def main():
    missing = [t for t in ("meson", "cc", "pkg-config", "readelf", "nm") if not shutil.which(t)]
    if missing:
        print("1..0 # SKIP not installed: " + ", ".join(missing))
        return
    with tempfile.TemporaryDirectory() as folder:
        root, libraries = prefix(os.path.join(folder, "to"))
        for kind, name in (("so", "pack.so"), ("archive", "pack.a")):
            code, said = command(SIGMATON, "build", DEMO, "-o", os.path.join(folder, name), "--emit", kind, "-q")
            point(code == 0, "build " + name, said)
        guide(folder, root, libraries)
        shared(folder, root, libraries, os.path.join(folder, "pack.so"))
        static(folder, root, libraries, os.path.join(folder, "pack.so"))
        tool = os.path.join(root, "bin", "sigmaton-run")
        code, said = command(tool, "-q", "-r", os.path.join(folder, "pack.so"), os.path.join(DEMO, "events.ndjson"))
        point(code == 0 and len(said.splitlines()) == len(alerts().splitlines()), "sigmaton-run judges where it was put", said)
    plan()


main()
