#!/usr/bin/env python3
"""--jobs: several threads say what one says, as TAP. usage: jobs.py SIGMATON SIGMATON_RUN"""
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile

from tap import plan, point

SIGMATON, RUN = (os.path.abspath(p) for p in sys.argv[1:3])
RULE = "title: %s\nlogsource: {product: windows}\ndetection:\n  sel: {A%s: %s}\n  condition: sel\n"
SLOW = "'^(\\w+\\s?)+$|z[xz]{12}y'"  # PCRE2's, and beyond its limit on words with an end that fits not
LINE_MAX = 1 << 20
JOBS = ("2", "3", "7", "0")


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def fill(n):
    """An event of n bytes that no rule matches."""
    return b'{"B":"' + b"x" * (n - 8) + b'"}'


def lines(n, seed):
    """About n lines of all sorts; no line end behind the last."""
    some, out = random.Random(seed), []
    for i in range(n):
        sort = some.random()
        if sort < 0.3:
            out.append(b'{"A":"x","N":%d,"P":"%s"}' % (i, b"p" * some.randrange(200)))
        elif sort < 0.315:
            out.append(b'{"A":')
        elif sort < 0.33:
            out.append(some.choice((b"", b" \t", b"\r")))
        elif sort < 0.36:
            out.append(b'{"A":"x"}\r')
        elif sort < 0.362:
            out.append(b'{"A":"' + b"aaaa " * 60 + b'!"}')
        else:
            out.append(b'{"A":"y","P":"%s"}' % (b"q" * some.randrange(200)))
        if i in (n // 3, n // 2):  # as long as can be, a byte longer, much longer: each crosses a read
            out += [fill(LINE_MAX), fill(LINE_MAX + 1), b'{"A":"x"}', fill(3 * LINE_MAX), b'{"A":"x"}']
    return b"\n".join(out + [b'{"A":"x"}'])


def lasting(said):
    """What a run says but for times and rates."""
    kept = [l for l in said.splitlines() if "callable" not in l and "phases (ms)" not in l and "to plan" not in l]
    return [re.sub(r"[0-9.]+ (events/s|MB/s)|\"(compile_us|start_us|events_per_second)\":[0-9]+", "", l) for l in kept]


def run(args, jobs, **more):
    done = subprocess.run(args[:1] + ["--jobs", jobs] + args[1:] if args[0] == RUN else args[:2] + ["--jobs", jobs] + args[2:],
                          stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, timeout=300, **more)
    return done.returncode, done.stdout, lasting(done.stderr.decode(errors="replace"))


def same(name, args, check=lambda one: True, **more):
    data = more.pop("input", None)
    one = run(args, "1", **more, **({"input": data} if data else {}))
    point(check(one), "%s: one thread" % name, "%s\n%s" % (one[0], "\n".join(one[2][-5:])))
    for jobs in JOBS:
        got = run(args, jobs, **more, **({"input": data} if data else {}))
        differ = [l for l in zip(one[2], got[2]) if l[0] != l[1]]
        point(got == one, "%s: --jobs %s says the same" % (name, jobs), "exit %s and %s, %d and %d bytes, %s" % (
            one[0], got[0], len(one[1] or b""), len(got[1] or b""), differ[:3]))


def everything(folder, rules, pack):
    big = write(folder, "big.ndjson", lines(9000, 1))
    inputs = [big, write(folder, "small.ndjson", b'{"A":"x"}\n{\n'), os.path.join(folder, "none.ndjson"),
              write(folder, "pretty.json", b'{\n "A": "x"\n}\n' * 20000), write(folder, "empty.ndjson", b""), "-", big]
    told = lambda one: one[0] == 1 and b'"record":9011' in one[1] and any("S804" in l for l in one[2]) and any("S807" in l for l in one[2])
    piped = lines(6000, 2) + b"\n"
    for form in ("text", "json"):
        same("rules, %s" % form, [SIGMATON, "run", "-r", rules, "--diag", form] + inputs, told, input=piped)
    same("text alerts", [SIGMATON, "run", "-r", rules, "--format", "text", big], lambda one: one[0] == 1)
    for engine in ("ir", "oracle"):
        same("engine " + engine, [SIGMATON, "run", "-r", rules, "-e", engine, big], lambda one: one[0] == 1)
    if not pack:
        return
    same("a pack", [SIGMATON, "run", "-r", pack] + inputs, told, input=piped)
    same("two packs by sigmaton-run", [RUN, "-r", pack, "-r", pack] + inputs, told, input=piped)


def many_alerts(folder, rules):
    """Many times what an output buffer holds, of a read."""
    path = write(folder, "alerts.ndjson", b'{"A":"x"}\n' * 400000)
    same("many alerts", [SIGMATON, "run", "-r", rules, path], lambda one: one[0] == 0 and one[1].count(b"\n") == 400000)
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            same("a full disk", [SIGMATON, "run", "-r", rules, path], lambda one: one[0] == 2 and "cannot write" in one[2][-1], stdout=full)


def streams(rules):
    start = lambda: subprocess.Popen([SIGMATON, "run", "-r", rules, "-j", "3", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for number in (signal.SIGINT, signal.SIGTERM):
        p, got = start(), []
        for i in range(1, 25):  # by several threads from the ninth on; the last one half: judged is what ends with a line end
            p.stdin.write(b'{"A":"x"}\n' + (b'{"A":' if i == 24 else b""))
            p.stdin.flush()
            ready, _, _ = select.select([p.stdout], [], [], 60)
            got.append(p.stdout.readline() if ready else b"")
        point(all(b'"record":%d,' % (i + 1) in l for i, l in enumerate(got)), "alerts are there while input waits (%s)" % number.name, got)
        p.send_signal(number)
        p.wait(timeout=60)  # with its input still open
        _, said = p.communicate()
        point(p.returncode == 0 and b"24 events judged" in said, "%s ends in order" % number.name, "%d %s" % (p.returncode, said))
    p = start()
    p.stdout.close()
    try:
        for _ in range(3000):
            p.stdin.write(b'{"A":"x"}\n' * 1000)
        p.stdin.close()
    except BrokenPipeError:
        pass
    p.stdin = None
    said = p.stderr.read()
    point(p.wait(timeout=60) in (0, 1) and b"cannot" not in said, "a closed pipe ends the run quietly", said)


def interrupted(folder, rules):
    """Whatever was judged when the signal came is the beginning of the input, and counted."""
    path = write(folder, "long.ndjson", b'{"A":"x"}\n' * 4000000)
    p = subprocess.Popen([SIGMATON, "run", "-r", rules, "-j", "3", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    out = p.stdout.read(1000)
    p.send_signal(signal.SIGTERM)
    rest, said = p.communicate(timeout=60)
    records = [int(n) for n in re.findall(rb'"record":(\d+)', out + rest)]
    n = int(re.search(rb"(\d+) events judged", said).group(1))
    point(records == list(range(1, n + 1)) and p.returncode == 0, "a signal leaves no gap", "%d records, %d counted, exit %d" % (len(records), n, p.returncode))


def cut(f):
    f.truncate(100)


def written_over(f):
    f.write(b'"\\\\u{\n[\xf0' * 500000)


def grown(f):
    f.seek(0, 2)
    f.write(b'{"A":"x"}\n' * 1000)


def changed(folder, rules, pack):
    """A file that others change while it is read: what was read is judged as it was, and nothing but the end is missing."""
    for args in [[SIGMATON, "run", "-r", rules]] + ([[RUN, "-r", pack]] if pack else []):
        for jobs in ("1", "3"):
            for change in (cut, written_over, grown):
                path, n = os.path.join(folder, "changed.ndjson"), 400000
                write(folder, "changed.ndjson", b'{"A":"x"}\n' * n)
                after = write(folder, "after.ndjson", b'{"A":"x"}\n')
                # Nobody takes the alerts until the file is changed: the first read is what can be judged before.
                p = subprocess.Popen(args + ["-j", jobs, path, after], stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
                out = p.stdout.read(1)
                with open(path, "r+b") as f:
                    change(f)
                rest, said = p.communicate(timeout=60)
                alerts = (out + rest).splitlines()
                records = list(dict.fromkeys(int(re.search(rb'"record":(\d+)', l).group(1)) for l in alerts if b"changed.ndjson" in l))
                there = len(records) == n + 1000 if change is grown else 20000 < len(records) < n
                in_order = records == list(range(1, len(records) + 1)) and b"after.ndjson" in alerts[-1]
                point(there and in_order and p.returncode == (change is not grown), "%s -j %s: a file %s while it is read" % (
                    os.path.basename(args[0]), jobs, change.__name__.replace("_", " ")), "exit %s, %d records, %s" % (p.returncode, len(records), said[-300:]))


def limits(rules, pack):
    for args in [[SIGMATON, "run", "-r", rules]] + ([[RUN, "-r", pack]] if pack else []):
        name = "sigmaton-run" if args[0] == RUN else "sigmaton run"
        for jobs in ("1", "64", "0"):
            got = run(args, jobs, input=b'{"A":"x"}\n')
            point(got[0] == 0 and b'"record":1' in got[1], "%s --jobs %s" % (name, jobs), got)
        for jobs in ("65", "-1", "x", "", "2x", "99999999999999999999"):
            got = run(args, jobs, input=b'{"A":"x"}\n')
            point(got[0] == 2 and "takes a number from 0" in got[2][0], "%s refuses --jobs '%s'" % (name, jobs), got)


def compiling(folder):
    """Messages of all stages in many files, some with more than are shown, and packs: the same bytes from any number of threads."""
    some, rules = random.Random(3), os.path.join(folder, "many")
    os.mkdir(rules)
    for i in range(300):
        text = RULE % ("Many %d" % i, some.choice(("", "|contains", "|endswith", "|re", "|nosuch")), some.choice(("x", "'y%d.exe'" % i, "'[a-f]{3}z+%d'" % i, "'('")))
        if i % 17 == 0:
            text += "---\n" + "a: {\n---\n" + text
        if i % 50 == 3:
            text += "---\n" + "x: 1\n" * 30 + "---\n" + (RULE % ("More", "|no", "x") + "---\n") * 250
        write(rules, "%03d.yml" % i, text)
    write(rules, "filter.yml", "title: f\nlogsource: {product: windows}\nfilter:\n  rules: any\n  f: {B: no}\n  condition: not f\n")
    for form in ("text", "json"):
        same("check, %s" % form, [SIGMATON, "check", "--diag", form, rules], lambda one: one[0] == 1 and len(one[2]) > 1000)
    many = "---\n".join(RULE % ("Value %d" % i, "", "v%d" % i) for i in range(2000))  # so many make several modules
    write(rules, "values.yml", many)
    event = write(folder, "one.ndjson", b'{"A":"xyz"}\n' + b"".join(b'{"A":"v%d"}\n' % i for i in range(0, 2000, 7)))
    alerts = [run([SIGMATON, "run", "-r", rules, "-e", e, event], "2")[1] for e in ("jit", "ir")]
    point(alerts[0] == alerts[1] and alerts[0].count(b'"id":null,"title":"Value') == 286, "code of several modules judges as the interpreter", len(alerts[0]))
    same("run", [SIGMATON, "run", "-r", rules, event], lambda one: one[0] == 1 and one[1])
    for kind in ("obj", "plan"):
        packs = []
        for jobs in ("1",) + JOBS:
            out = os.path.join(folder, "pack." + kind)
            subprocess.run([SIGMATON, "build", rules, "-o", out, "--emit", kind, "-q", "--jobs", jobs], stderr=subprocess.DEVNULL)
            packs.append(open(out, "rb").read())
        point(len(packs[0]) > 1000 and len(set(packs)) == 1, "build, %s: the same bytes from %s threads" % (kind, ", ".join(("1",) + JOBS)), [len(p) for p in packs])


def main():
    with tempfile.TemporaryDirectory() as folder:
        rules = write(folder, "rules.yml", RULE % ("Plain", "|contains", "x") + "---\n" + RULE % ("Slow", "|re", SLOW))
        plain = write(folder, "plain.yml", RULE % ("Plain", "|contains", "x"))
        pack = os.path.join(folder, "rules.so")
        if any(shutil.which(n) for n in ("ld.lld", "ld.lld-19", "ld", "cc")):
            subprocess.run([SIGMATON, "build", rules, "-o", pack, "-q"], check=True)
        else:
            pack = None
        everything(folder, rules, pack)
        many_alerts(folder, plain)
        streams(plain)
        interrupted(folder, plain)
        changed(folder, plain, pack)
        limits(plain, pack)
        compiling(folder)
    plan()


main()
