#!/usr/bin/env python3
"""What the libraries show to the world, as TAP. usage: abi.py SOURCE_ROOT LIBSIGMATON LIBSIGMATONC     SIGMATON_UPDATE=1 rewrites

Exported symbols equal the committed manifests; the runtime needs no LLVM and no libyaml; every public header compiles alone as
C11 and, where a C++ compiler is there, as C++."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
LIBRARIES = {"libsigmaton": sys.argv[2], "libsigmatonc": sys.argv[3]}
HEADERS = ["sigmaton/pack.h", "sigmaton/fold.h", "sigmaton/sigmaton.h", "sigmatonc.h"]
INCLUDES = ["-I" + os.path.join(ROOT, "runtime/include"), "-I" + os.path.join(ROOT, "compiler/include")]
count = 0


def point(ok, name, why=""):
    global count
    count += 1
    print("%sok %d - %s" % ("" if ok else "not ", count, name))
    for line in why.splitlines()[:30] if not ok else []:
        print("# " + line)


def tool(*args):
    return subprocess.run(list(args), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def symbols(name, path):
    # Sanitizers and linkers add names that begin with an underscore; ours never do.
    lines = tool("nm", "-D", "--defined-only", path).stdout.split("\n")
    got = "".join(sorted(l.split()[-1] + "\n" for l in lines if l.split() and not l.split()[-1].startswith("_")))
    manifest = os.path.join(ROOT, "tests/abi", name + ".symbols")
    if os.environ.get("SIGMATON_UPDATE"):
        open(manifest, "w").write(got)
    want = open(manifest).read()
    point(got == want and got != "", "%s exports what its manifest says" % name, "wanted:\n%sgot:\n%s" % (want, got))


def needs():
    text = tool("objdump", "-p", LIBRARIES["libsigmaton"]).stdout
    needed = [l.split()[1] for l in text.split("\n") if l.strip().startswith("NEEDED")]
    point(needed and not [n for n in needed if "LLVM" in n or "yaml" in n], "libsigmaton needs no LLVM and no libyaml", " ".join(needed))


def headers():
    with tempfile.TemporaryDirectory() as folder:
        for compiler, suffix, standard in (("cc", "c", "c11"), ("c++", "cc", "c++11")):
            for header in HEADERS if shutil.which(compiler) else []:
                path = os.path.join(folder, "alone." + suffix)
                open(path, "w").write("#include <%s>\n" % header)
                done = tool(compiler, "-std=" + standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", *INCLUDES, path)
                point(done.returncode == 0, "%s compiles alone as %s" % (header, standard), done.stdout)


def main():
    for name, path in LIBRARIES.items():
        symbols(name, path)
    needs()
    headers()
    print("1..%d" % count)


main()
