#!/usr/bin/env python3
"""sigmaton build, as TAP. usage: build.py SIGMATON SOURCE_ROOT"""
import os
import shutil
import stat
import subprocess
import sys
import tempfile

from tap import plan, point, skip

SIGMATON, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
DEMO = os.path.join(ROOT, "rules", "demo")
KINDS = ["so", "obj", "archive", "header", "asm", "llvm", "ir", "plan"]
INCLUDE = "-I" + os.path.join(ROOT, "runtime", "include")
RULE = "title: %s\nlogsource: {product: windows}\ndetection:\n  sel: {A|contains: %s}\n  condition: sel\n"


def runs_as(user):
    """Whether the user may run the command where it lies: not below a home that is closed to others."""
    try:
        return command(SIGMATON, "--version", user=user, cwd="/")[0] == 0
    except PermissionError:
        return False


def command(*args, **more):
    done = subprocess.run(list(args), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, **more)
    return done.returncode, done.stdout.decode(errors="replace")


def build(*args, **more):
    return command(SIGMATON, "build", *args, **more)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def has_linker():
    return any(shutil.which(n) for n in ("ld.lld", "ld.lld-19", "ld", "cc"))


def kinds(folder):
    starts = {"so": b"\x7fELF", "obj": b"\x7fELF", "archive": b"!<arch>\n", "header": b"/* Written by sigmaton",
              "asm": b"\t", "llvm": b"; ModuleID = 'pack'", "ir": b"", "plan": b"pack of "}
    for kind in KINDS if has_linker() else KINDS[1:]:
        out = os.path.join(folder, "pack." + kind)
        code, said = build(DEMO, "-o", out, "--emit", kind)
        data = read(out) if os.path.exists(out) else b""
        point(code == 0 and data.startswith(starts[kind]) and len(data) > 100, "--emit %s" % kind, said + repr(data[:40]))
        code, _ = build(DEMO, "-o", out + "2", "--emit", kind, "-O2")
        point(code == 0, "--emit %s -O2" % kind)
    code, said = build(DEMO, "-o", "-", "--emit", "plan", "--quiet")
    point(code == 0 and said.startswith("pack of "), "-o - writes to standard output", said[:200])


def shared(folder):
    path = os.path.join(folder, "pack.so")
    code, said = command("nm", "-D", "--undefined-only", path)
    point(code == 0 and said == "", "the pack file has no undefined symbol", said)
    code, said = command("nm", "-D", "--defined-only", path)
    point(code == 0 and [l.split()[-1] for l in said.splitlines()] == ["sigmaton_pack"], "it exports sigmaton_pack and nothing else", said)
    code, said = command("readelf", "-dW", path)
    point(code == 0 and not [w for w in ("NEEDED", "INIT", "FINI", "TEXTREL", "RELA", "RPATH", "RUNPATH", "JMPREL") if w in said],
          "it needs nothing and runs nothing", said)
    code, said = command("readelf", "-rW", path)
    point(code == 0 and "no relocations" in said, "it has no relocation", said)
    code, said = command("readelf", "-lW", path)
    loads = [l.split() for l in said.splitlines() if l.strip().startswith("LOAD")]
    point(loads and not ["W" for l in loads if "W" in l[6:-1] and "E" in l[6:-1]], "no segment is writable and executable", said)
    code, said = command("nm", path)
    point("no symbols" in said, "names within the pack are stripped", said)


def reproducible(folder):
    """Other folder, other names of folders, other locale, zone, environment; another user where we may become one."""
    here, there = os.path.join(folder, "here"), os.path.join(folder, "a longer name than that")
    for base in (here, there):
        shutil.copytree(DEMO, os.path.join(base, "rules"))
        os.makedirs(os.path.join(base, "tmp"))
    os.chmod(folder, 0o755)
    os.chmod(os.path.join(there, "tmp"), 0o777)
    for kind in KINDS if has_linker() else KINDS[1:]:
        env = {"PATH": os.environ["PATH"], "TMPDIR": os.path.join(here, "tmp")}
        code, said = build("rules", "-o", "tmp/one." + kind, "--emit", kind, cwd=here, env=env)
        env = dict(env, TMPDIR=os.path.join(there, "tmp"), LC_ALL="tr_TR.UTF-8", TZ="Asia/Tokyo", LD_RUN_PATH="/opt/x",
                   SOURCE_DATE_EPOCH="1", HOME="/nonexistent", FILLER="x" * 3000)
        other, said2 = build(os.path.join(there, "rules"), "-o", "tmp/two.x", "--emit", kind, cwd=there, env=env)
        point(code == other == 0 and read(os.path.join(here, "tmp/one." + kind)) == read(os.path.join(there, "tmp/two.x")),
              "%s: the same bytes in another folder, locale and environment" % kind, said + said2)
    if os.getuid() != 0 or not runs_as("nobody"):
        skip("the same bytes as another user", "cannot become nobody here")
        return
    code, said = build(os.path.join(there, "rules"), "-o", os.path.join(there, "tmp", "three"), "--emit", KINDS[1], user="nobody",
                       cwd="/", env=dict(env, TMPDIR=os.path.join(there, "tmp")))
    point(code == 0 and read(os.path.join(there, "tmp", "three")) == read(os.path.join(here, "tmp", "one.obj")),
          "the same bytes as another user", said)


def headers(folder):
    rules, out = os.path.join(folder, "twins"), os.path.join(folder, "twins.h")
    os.mkdir(rules)
    titles = ["Same", "Same", "Same 2", "'*/ int x; /*'", "'123 \u00e4\u00f6'", "'\U0001f600'", "_COUNT", "Same"]
    for i, title in enumerate(titles):
        write(os.path.join(rules, "%d.yml" % i), RULE % (title, "x%d" % i))
    code, said = build(rules, "-o", out, "--emit", "header")
    text = read(out).decode()
    names = [l.split()[0] for l in text.splitlines() if l.startswith(("    RULE_", "    SLOT_"))]
    point(code == 0 and len(set(names)) == len(names) and "RULE__COUNT = 8" in text, "names in the header are unique", said + text)
    main = "#include \"twins.h\"\nint main(void) { return RULE_Same + SLOT_A == 0 && sizeof sigmaton_pack.size == 4; }\n"
    for compiler, suffix, standard in (("cc", "c", "c11"), ("c++", "cc", "c++11")):
        if not shutil.which(compiler):
            skip("the header compiles as " + standard, "no " + compiler)
            continue
        path = os.path.join(folder, "user." + suffix)
        write(path, main)
        code, said = command(compiler, "-std=" + standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", INCLUDE, path)
        point(code == 0, "the header compiles as " + standard, said)


def directory(image, index):
    """Size of a data directory of a 64-bit PE image: 1 imports, 5 base relocations."""
    header = int.from_bytes(image[0x3c:0x40], "little") + 24
    at = header + 112 + 8 * index
    return int.from_bytes(image[at + 4:at + 8], "little")


def foreign_links(folder):
    """Objects for Windows and macOS become libraries that want nothing, by LLVM's linkers."""
    for names, triple, out, flags in (
            (["lld-link", "lld-link-19"], "x86_64-pc-windows-msvc", ["/out:%s"], ["/dll", "/noentry", "/nodefaultlib", "/brepro"]),
            (["ld64.lld", "ld64.lld-19"], "arm64-apple-macos11", ["-o", "%s"], ["-arch", "arm64", "-dylib", "-platform_version", "macos", "11.0", "11.0"])):
        linker = next((n for n in names if shutil.which(n)), None)
        for level in "02" if linker else "":
            object_file, library = os.path.join(folder, "foreign.o"), os.path.join(folder, "foreign-" + level)
            build(DEMO, "-o", object_file, "--emit", "obj", "--target", triple, "-O" + level)
            code, said = command(linker, *flags, object_file, *(o.replace("%s", library) for o in out))
            ok = code == 0 and os.path.exists(library)
            if ok and "windows" in triple:
                image = read(library)
                ok, said = directory(image, 1) == directory(image, 5) == 0, "it has imports or base relocations"
            point(ok, "%s at -O%s links to a library that wants nothing" % (triple, level), said)
        if not linker:
            skip("a library for " + triple, "no " + names[0])


def targets(folder):
    """Every target gives an object; ELF ones a pack file too where ld.lld is there."""
    lld = shutil.which("ld.lld") or shutil.which("ld.lld-19")
    table = [("aarch64-linux-gnu", "AArch64", True), ("riscv64-linux-gnu", "RISC-V", True), ("x86_64-linux-gnu", "X86-64", True),
             ("x86_64-pc-windows-msvc", b"\x64\x86", False), ("arm64-apple-macos11", b"\xcf\xfa\xed\xfe", False),
             ("wasm32-unknown-unknown", b"\0asm", False)]
    for triple, machine, elf in table:
        out = os.path.join(folder, triple)
        code, said = build(DEMO, "-o", out + ".o", "--emit", "obj", "--target", triple)
        if elf:
            _, header = command("readelf", "-h", out + ".o")
            good = machine in header
        else:
            header = read(out + ".o")[:4]
            good = header.startswith(machine)
        point(code == 0 and good, "an object for " + triple, said + str(header))
        code, said = build(DEMO, "-o", out + ".so", "--target", triple)
        if not elf:
            point(code == 2 and "S740" in said and not os.path.exists(out + ".so"), "no pack file for " + triple, said)
        elif lld:
            _, header = command("readelf", "-hdW", out + ".so")
            point(code == 0 and machine in header and "RELA" not in header and "NEEDED" not in header, "a pack file for " + triple, said + header)
        else:
            skip("a pack file for " + triple, "no ld.lld")
    foreign_links(folder)
    for wrong in (["--target", "wasm64-unknown-unknown"], ["--target", "sparc-linux-gnu"], ["--target", "nonsense"],
                  ["--cpu", "skylake"], ["--target", "aarch64-linux-gnu", "--cpu", "x86-64-v3"]):
        code, said = build(DEMO, "-o", out, "--emit", "obj", *wrong)
        point(code == 2 and "S740" in said, "refused: " + " ".join(wrong), said)
    code, said = build(DEMO, "-o", out, "--emit", "asm", "--cpu", "x86-64-v3", "--target", "x86_64-linux-gnu")
    point(code == 0, "--cpu x86-64-v3", said)


def faults(folder):
    good, bad = os.path.join(folder, "good.yml"), os.path.join(folder, "bad.yml")
    write(good, RULE % ("G", "x"))
    write(bad, (RULE % ("B", "x")).replace("contains", "contians"))
    out = os.path.join(folder, "out.ir")
    table = [(2, []), (2, [good]), (2, ["-o", out]), (2, [good, "-o", out, "--emit", "elf"]), (2, [good, "-o", out, "-O4"]),
             (2, [bad, "-o", out]), (2, [os.path.join(folder, "none"), "-o", out]), (2, [good, bad, "--strict", "-o", out, "--emit", "ir"]),
             (2, [good, "-o", os.path.join(folder, "no", "such", "folder"), "--emit", "ir"]),
             (2, [good, "-o", out, "--linker", os.path.join(folder, "no-linker")])]
    for want, args in table:
        code, said = build(*args)
        point(code == want and not os.path.exists(out), "exit %d: build %s" % (want, " ".join(a.replace(folder, "") for a in args)), said)
    code, said = build(good, bad, "-o", out, "--emit", "ir")
    point(code == 1 and os.path.exists(out), "a refused rule is left out, and the exit code says so", said)
    write(out, "old")
    code, said = build(good, "-o", out, "--linker", "false")
    point(code == 2 and read(out) == b"old", "a build that fails leaves the old file", said)
    before = os.stat(out).st_ino
    code, said = build(good, "-o", out, "--emit", "ir")
    mode = stat.S_IMODE(os.stat(out).st_mode)
    point(code == 0 and os.stat(out).st_ino != before, "the new file replaces the old one, which stays whole for who has it open", said)
    mask = os.umask(0)
    os.umask(mask)
    point(mode == 0o666 & ~mask, "a built file has the rights of any file", oct(mode))
    point(not [n for n in os.listdir(folder) if n.startswith("out.ir.")], "nothing is left beside it", os.listdir(folder))
    code, said = build(good, "-o", "/dev/null", "--emit", "ir")
    point(code == 0 and not stat.S_ISREG(os.stat("/dev/null").st_mode), "a device is written to, not replaced", said)
    code, said = build(good, "-o", "/dev/full", "--emit", "ir")
    point(code == 2, "a full device is told", said)


def linkers(folder):
    """Without any linker the error names what to install; GNU ld and cc do where ld.lld is not."""
    empty = os.path.join(folder, "empty")
    os.mkdir(empty)
    out = os.path.join(folder, "none.so")
    code, said = build(DEMO, "-o", out, env={"PATH": empty})
    point(code == 2 and "S743" in said and "ld.lld" in said and not os.path.exists(out), "no linker: said so", said)
    code, said = build(DEMO, "-o", out, "--emit", "obj", env={"PATH": empty})
    point(code == 0, "an object needs none", said)
    for name in ("ld", "cc"):
        if not shutil.which(name):
            skip("%s links where it is alone" % name, "no " + name)
            continue
        alone = os.path.join(folder, "only-" + name)
        os.mkdir(alone)
        os.symlink(shutil.which(name), os.path.join(alone, name))
        # cc starts an ld itself, which would have come first
        env, args = ({"PATH": alone}, []) if name == "ld" else (None, ["--linker", "cc"])
        code, said = build(DEMO, "-o", out, *args, env=env)
        point(code == 0, "%s links where it is alone" % name, said)
        _, said = command("readelf", "-dW", out)
        point("NEEDED" not in said and "RELA" not in said and "INIT" not in said, "%s: nothing needed, nothing relocated" % name, said)


def profile(folder):
    """What is rare is learnt from a sample: another plan, the same verdicts."""
    path = lambda name: os.path.join(folder, name)
    for name, text in (("rare.yml", RULE % ("Two", "[qzxv-jkwy, hello-world]")),
                       ("sample.ndjson", '{"A":"%s"}\n' % ("qzxv " * 2000)), ("bad.ndjson", '{"A":"x"}\n{"A":}\n'), ("none.ndjson", "\n"),
                       ("events.ndjson", '{"A":"a qzxv-jkwy b"}\n{"A":"qzxv"}\n{"A":"HELLO-world"}\n')):
        with open(path(name), "w", encoding="utf-8") as f:
            f.write(text)
    code, said = build(path("rare.yml"), "--emit", "plan", "-o", path("without.plan"))
    code2, said2 = build(path("rare.yml"), "--emit", "obj", "-o", path("without.o"))
    code3, said3 = build(path("rare.yml"), "--emit", "obj", "-o", path("with.o"), "--profile", path("sample.ndjson"))
    point(code == code2 == code3 == 0, "--profile takes a sample of events", said + said2 + said3)
    point(read(path("without.o")) != read(path("with.o")), "--profile: windows are chosen elsewhere")
    runs = [subprocess.run([SIGMATON, "run", "-q", "-r", path("rare.yml"), path("events.ndjson")] + more, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=60) for more in ([], ["--profile", path("sample.ndjson")])]
    point(runs[0].stdout == runs[1].stdout and runs[0].stdout.count(b"\n") == 2, "--profile: verdicts stay the same", runs[1].stdout.decode())
    for args, why in ((["bad.ndjson"], "line 2: a value is missing"), (["none.ndjson"], "holds no value"), (["nowhere"], "cannot read"),
                      (["sample.ndjson", "--off", "prior"], "with --off prior nothing is learnt")):
        code, said = build(path("rare.yml"), "-o", path("no.so"), "--profile", path(args[0]), *args[1:])
        point(code == 2 and why in said and not os.path.exists(path("no.so")), "--profile: " + why, said)


def main():
    with tempfile.TemporaryDirectory() as folder:
        kinds(folder)
        if has_linker():
            shared(folder)
        reproducible(folder)
        headers(folder)
        targets(folder)
        faults(folder)
        profile(folder)
        linkers(folder)
    plan()


main()
