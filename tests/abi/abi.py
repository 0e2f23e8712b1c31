#!/usr/bin/env python3
"""What the libraries show to the world, as TAP. usage: abi.py SOURCE_ROOT LIBSIGMATON LIBSIGMATONC     SIGMATON_UPDATE=1 rewrites layout.txt

Headers, symbol maps and libraries name the same functions; public structs lie as layout.txt says; the runtime needs no LLVM
and no libyaml; every public header compiles alone as C11 and, where a C++ compiler is there, as C++."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = sys.argv[1]
LIBRARIES = {"libsigmaton": sys.argv[2], "libsigmatonc": sys.argv[3]}
HEADERS = ["sigmaton/pack.h", "sigmaton/automaton.h", "sigmaton/fold.h", "sigmaton/sigmaton.h", "sigmatonc.h"]
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


def read(*path):
    with open(os.path.join(ROOT, *path)) as f:
        return f.read()


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def symbols(name, header, symbol_map):
    """Three lists that are one: prototypes, the map's names, what the library exports, each with the map's version."""
    text = without_comments(read(symbol_map))
    node = re.match(r"\s*(\w+\.\w+) \{", text).group(1)
    mapped = sorted(re.findall(r"^    (\w+);", text, re.M))
    # Sanitizers and linkers add names that begin with an underscore; ours never do.
    lines = [l.split() for l in tool("nm", "-D", "--defined-only", LIBRARIES[name]).stdout.splitlines()]
    got = sorted(l[-1] for l in lines if len(l) == 3 and l[1] != "A" and not l[2].startswith("_"))
    if any("@@" in n for n in got): # the linker knows maps
        got = [n.replace("@@" + node, "") for n in got]
    point(got == mapped and got, "%s exports what its map says" % name, "only one has: " + " ".join(sorted(set(got) ^ set(mapped))))
    declared = sorted(set(re.findall(r"^(?!typedef|static| )[\w ]+[ *](\w+)\([^{]*?\);", without_comments(read(header)), re.M)))
    point(declared == mapped, "%s declares what the map says" % header, "only one has: " + " ".join(sorted(set(declared) ^ set(mapped))))


def fields(text):
    """(struct, field) of each struct that a header defines, in order; fields of unions within are not looked at."""
    for struct, body in re.findall(r"^struct (\w+) \{\n(.*?)^\};", without_comments(text), re.S | re.M):
        yield struct, None
        body = re.sub(r"\{.*?\}", "", body, flags=re.S)
        for declaration in body.split(";"):
            pointer = re.search(r"\(\*(\w+)\)", declaration)
            for one in [pointer.group(1)] if pointer else declaration.split(","):
                found = re.search(r"(\w+)\s*(\[.*\])*\s*$", one)
                if found:
                    yield struct, found.group(1)


def layout(compiler):
    """Sizes and offsets on 64-bit targets, which all have the same."""
    rows, program = [], "".join("#include <%s>\n" % h for h in HEADERS) + "#include <stdio.h>\nint main(void)\n{\n"
    for header in HEADERS:
        rows += fields(read(*(["compiler"] if header == "sigmatonc.h" else ["runtime"]), "include", header))
    for struct, field in rows:
        if field:
            program += 'printf("    %%zu %%zu %s\\n", offsetof(struct %s, %s), sizeof((struct %s *)0)->%s);\n' % (field, struct, field, struct, field)
        else:
            program += 'printf("%s %%zu\\n", sizeof(struct %s));\n' % (struct, struct)
    with tempfile.TemporaryDirectory() as folder:
        source, out = os.path.join(folder, "layout.c"), os.path.join(folder, "layout")
        with open(source, "w") as f:
            f.write(program + "return 0;\n}\n")
        built = tool(compiler, "-std=c11", *INCLUDES, source, "-o", out)
        got = tool(out).stdout if built.returncode == 0 else built.stdout
    path = os.path.join(ROOT, "tests", "abi", "layout.txt")
    if os.environ.get("SIGMATON_UPDATE"):
        with open(path, "w") as f:
            f.write(got)
    differ = sorted(set(got.splitlines()) ^ set(read("tests", "abi", "layout.txt").splitlines()))
    point(not differ, "public structs lie as layout.txt says: a change that is meant is rewritten with SIGMATON_UPDATE=1", "\n".join(differ))


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
    symbols("libsigmaton", "runtime/include/sigmaton/sigmaton.h", "runtime/libsigmaton.map")
    symbols("libsigmatonc", "compiler/include/sigmatonc.h", "compiler/libsigmatonc.map")
    needs()
    if shutil.which("cc"):
        layout("cc")
    headers()
    print("1..%d" % count)


main()
