#!/usr/bin/env python3
"""The object cache of `run` and `build --cache DIR`, as TAP. usage: cache.py SIGMATON SOURCE_ROOT"""
import os
import subprocess
import sys
import tempfile

from tap import plan, point

SIGMATON = os.path.abspath(sys.argv[1])
RULE = "title: %s\nid: 00000000-0000-0000-0000-00000000000%d\nlogsource: {product: windows}\ndetection:\n  sel: {A|contains: '%s'}\n  condition: sel\n"
BAD_RULE = RULE.replace("contains", "contians") % ("Bad", 9, "x")


def run(folder, *args):
    done = subprocess.run([SIGMATON, "run", "--cache", "cache", "-r", "rules"] + list(args) + ["e.ndjson"], cwd=folder,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def build(folder, *args):
    """Code and bytes written, or None; messages."""
    out = os.path.join(folder, "out")
    if os.path.exists(out):
        os.remove(out)
    done = subprocess.run([SIGMATON, "build", "--cache", "cache", "-o", "out", "rules"] + list(args), cwd=folder,
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
    return done.returncode, open(out, "rb").read() if os.path.exists(out) else None, done.stderr.decode()


def messages(err):
    """What the rules gave rise to, without times and rates."""
    return [l for l in err.splitlines() if not l.startswith("sigmaton run: engine") and "phases" not in l and "events/s" not in l]


def warm(result):
    return "out of the cache" in result[2]


def entries(folder):
    return [os.path.join(folder, "cache", name) for name in sorted(os.listdir(os.path.join(folder, "cache")))]


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)


def fresh():
    folder = tempfile.TemporaryDirectory()
    os.mkdir(os.path.join(folder.name, "rules"))
    write(folder.name, "rules/a.yml", RULE % ("One", 1, "x"))
    write(folder.name, "rules/b.yml", BAD_RULE)
    write(folder.name, "e.ndjson", '{"A":"x"}\n{"A":"y"}\n')
    return folder # a context that gives its name


def second_starts():
    with fresh() as folder:
        first, again = run(folder), run(folder)
        point(not warm(first) and first[0] == 1 and len(entries(folder)) == 1, "the first start compiles and keeps", first)
        point(warm(again), "the second start does not compile", again)
        point(first[:2] == again[:2] and messages(first[2]) == messages(again[2]), "both say and find the same", (first, again))
        point("[S417]" in again[2] and "contians" in again[2], "a refused rule is told again, with its line", again[2])
        point(os.stat(os.path.join(folder, "cache")).st_mode & 0o777 == 0o700, "the folder is the user's own")
        point(os.stat(entries(folder)[0]).st_mode & 0o777 == 0o600, "so are the entries")
        point(not warm(run(folder, "--engine", "ir")), "the interpreter has no code to keep")
        os.remove(os.path.join(folder, "rules/b.yml"))
        first, again = run(folder), run(folder)
        point(first[0] == 0 and again[0] == 0 and warm(again), "rules without a fault", (first, again))
        write(folder, "rules/c.yml", "title: C\nname: c\ncorrelation:\n  type: event_count\n  rules: [00000000-0000-0000-0000-000000000001]\n"
              "  group-by: [A]\n  timespan: 1m\n  condition: {gte: 2}\n")
        first, again = run(folder), run(folder)
        point(first[0] == 1 and again[0] == 1 and warm(again), "correlations are left out again", (first, again))


def second_builds():
    """A build with equal rules, options and compiler takes the object that an earlier one, or a run, came to."""
    with fresh() as folder:
        for kind in ("so", "obj", "archive"):
            for level in ("-O0", "-O2"):
                plain = build(folder, "--emit", kind, level, "--cache", "other-%s%s" % (kind, level))
                first, again = build(folder, "--emit", kind, level), build(folder, "--emit", kind, level)
                point(warm(again) and first[:2] == again[:2] == plain[:2] and first[1] and first[0] == 1,
                      "%s %s twice: the same bytes" % (kind, level), (first[2], again[2]))
                point("[S417]" in again[2] and "contians" in again[2], "and the same messages", again[2])
        point(len(entries(folder)) == 2, "what is written is made of one object a level", entries(folder))
        point(warm(run(folder)), "a run takes the object of a build at level 0")
        for args in (["--cpu", "x86-64-v3"], ["--target", "aarch64-linux-gnu", "--emit", "obj"]):
            first, again = build(folder, *args), build(folder, *args)
            point(not warm(first) and warm(again) and first[:2] == again[:2], "%s is another entry" % args[0], (first[2], again[2]))
        for kind in ("header", "llvm", "ir", "plan", "asm"):
            point(not warm(build(folder, "--emit", kind)) and build(folder, "--emit", kind)[1], "%s is made of the plan" % kind)
        want = build(folder)
        for entry in entries(folder):
            open(entry, "r+b").truncate(os.path.getsize(entry) // 2)
        got, after = build(folder), build(folder)
        point(not warm(got) and "[S749]" in got[2] and got[:2] == want[:2], "a cut entry is not used", got[2])
        point(warm(after) and "[S749]" not in after[2] and after[:2] == want[:2], "but written anew", after[2])


def what_goes_in():
    """Each change of what goes in is another entry; undone, the old one serves again."""
    with fresh() as folder:
        run(folder)
        write(folder, "p.yml", "name: P\npriority: 1\ntransformations:\n  - {id: a, type: field_name_mapping, mapping: {A: B}}\n")
        write(folder, "h.yml", "p: [x]\n")
        for name, args in (("a level", ["--min-level", "low"]), ("a field of time", ["--time-field", "T"]),
                           ("a pipeline", ["-p", "./p.yml"]), ("placeholders", ["--placeholders", "h.yml"]),
                           ("a pass", ["--off", "values"]), ("a silenced warning", ["--no-warn", "S604"])):
            first, again = run(folder, *args), run(folder, *args)
            point(not warm(first) and warm(again) and first[:2] == again[:2], "%s makes another entry" % name, (first, again))
        write(folder, "p.yml", "name: P\npriority: 1\ntransformations:\n  - {id: a, type: field_name_mapping, mapping: {A: A}}\n")
        changed = run(folder, "-p", "./p.yml")
        point(not warm(changed) and changed[1], "the bytes of a pipeline count", changed)
        write(folder, "values.txt", "x\n")
        write(folder, "f.yml", "name: F\npriority: 1\ntransformations:\n  - {id: a, type: file_placeholders, path: values.txt}\n")
        write(folder, "rules/d.yml", RULE.replace("contains", "contains|expand") % ("Two", 2, "%values%"))
        args = ["-p", "./f.yml", "--rule", "00000000-0000-0000-0000-000000000002"]
        first, again = run(folder, *args), run(folder, *args)
        write(folder, "values.txt", "y\n")
        changed, after = run(folder, *args), run(folder, *args)
        point(warm(again) and not warm(changed) and warm(after) and "[S749]" not in changed[2],
              "the bytes of a file that a pipeline names count", (first, again, changed, after))
        os.remove(os.path.join(folder, "rules/d.yml"))
        write(folder, "rules/a.yml", RULE % ("One", 1, "y"))
        changed = run(folder)
        point(not warm(changed) and '"record":2' in changed[1], "one changed byte of a rule counts", changed)
        os.rename(os.path.join(folder, "rules/a.yml"), os.path.join(folder, "rules/c.yml"))
        point(not warm(run(folder)), "the names of rule files count")
        os.rename(os.path.join(folder, "rules/c.yml"), os.path.join(folder, "rules/a.yml"))
        write(folder, "rules/a.yml", RULE % ("One", 1, "x"))
        point(warm(run(folder)), "what was there before is found again")


def damage():
    with fresh() as folder:
        want = run(folder)
        entry = entries(folder)[0]
        whole = open(entry, "rb").read()
        n = len(whole)
        cases = [("cut at %d" % at, whole[:at]) for at in (0, 1, 8, 40, n // 2, n - 1)]
        cases += [("longer", whole + b"\0")]
        cases += [("byte %d turned round" % at, whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1:])
                  for at in (0, 9, 20, 60, 100, n // 3, n // 2, n - 2)]
        for name, bytes_ in cases:
            open(entry, "wb").write(bytes_)
            got = run(folder)
            point(not warm(got) and "[S749]" in got[2] and got[:2] == want[:2], "an entry that is damaged (%s) is not used" % name, got)
            point(open(entry, "rb").read() == whole, "and is made anew, byte for byte")
        os.truncate(entry, (1 << 30) + 1)
        got = run(folder)
        point(not warm(got) and "larger than any pack" in got[2], "an entry above the limit is not read", got)
        other = os.path.join(folder, "cache", "0" * 64)
        os.rename(entry, other)
        run(folder)
        os.rename(other, entry)
        point(warm(run(folder)), "the same bytes serve again")
        write(folder, "rules/a.yml", RULE % ("One", 1, "z"))
        run(folder)
        stranger = [e for e in entries(folder) if e != entry][0]
        os.rename(entry, stranger)
        got = run(folder)
        point(not warm(got) and "[S749]" in got[2] and not got[1], "another entry under this name is not used", got)


def strangers():
    with fresh() as folder:
        run(folder)
        entry, cache = entries(folder)[0], os.path.join(folder, "cache")
        for mode in (0o620, 0o602):
            os.chmod(entry, mode)
            got = run(folder)
            point(not warm(got) and "[S749]" in got[2], "an entry that others can write (%o) is not used" % mode, got)
        os.chmod(entry, 0o644)
        point(warm(run(folder)), "one that others can only read is used")
        for mode in (0o770, 0o707, 0o1777):
            os.chmod(cache, mode)
            code, out, err = run(folder)
            point(code == 2 and not out and "[S740]" in err and "--cache" in err, "a folder that others can write (%o) is refused" % mode, err)
        os.chmod(cache, 0o755)
        point(warm(run(folder)), "one that others can only read is good")
        target = os.path.join(folder, "elsewhere")
        os.rename(entry, target)
        os.symlink(target, entry)
        got = run(folder)
        point(not warm(got) and "[S749]" in got[2], "a link in an entry's place is not followed", got)
        os.remove(entry)
        os.mkdir(entry)
        got = run(folder)
        point(got[0] == 1 and got[1] and "[S752]" in got[2], "what cannot be written is told and harms nothing", got)
        point(all(len(os.path.basename(e)) == 64 for e in entries(folder)), "and leaves nothing behind", entries(folder))
    with fresh() as folder:
        write(folder, "cache", "no folder")
        code, _, err = run(folder)
        point(code == 2 and "[S740]" in err, "a file is no folder", err)


def main():
    second_starts()
    second_builds()
    what_goes_in()
    damage()
    strangers()
    plan()


main()
