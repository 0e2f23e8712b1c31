#!/usr/bin/env python3
"""The contract of the command line, as TAP. usage: cli.py SIGMATON SOURCE_ROOT"""
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time

from tap import plan, point

SIGMATON, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]
DEMO = os.path.join(ROOT, "rules", "demo")
EVENTS = os.path.join(DEMO, "events.ndjson")
RULE = "title: T\nlogsource: {product: windows}\ndetection:\n  sel: {A|contains: x}\n  condition: sel\n"
BAD_RULE = RULE.replace("contains", "contians")


def run(*args, stdin=b"", **more):
    done = subprocess.run([SIGMATON] + list(args), input=stdin, stdout=more.pop("stdout", subprocess.PIPE),
                          stderr=subprocess.PIPE, timeout=120, **more)
    return done.returncode, (done.stdout or b"").decode(errors="replace"), done.stderr.decode(errors="replace")


def exit_codes(folder):
    good, bad, events, broken = (os.path.join(folder, n) for n in ("good.yml", "bad.yml", "e.ndjson", "broken.ndjson"))
    open(good, "w").write(RULE)
    open(bad, "w").write(BAD_RULE)
    open(events, "w").write('{"A":"x"}\n{"A":"y"}\n')
    open(broken, "w").write('{"A":"x"}\n{"A":\n{"A":"xx"}\n')
    mixed = os.path.join(folder, "mixed")
    os.mkdir(mixed)
    open(os.path.join(mixed, "a.yml"), "w").write(RULE)
    open(os.path.join(mixed, "b.yaml"), "w").write(BAD_RULE)
    open(os.path.join(mixed, "c.txt"), "w").write("no rule")
    table = [
        (0, ["check", good]), (1, ["check", bad]), (1, ["check", mixed]), (2, ["check", os.path.join(folder, "none")]),
        (2, ["check"]), (2, ["check", "--frobnicate", good]), (0, ["check", "--jobs", "2", good]), (2, ["check", "--strict", mixed]),
        (0, ["run", "-r", good, events]), (1, ["run", "-r", mixed, events]), (1, ["run", "-r", good, broken]),
        (1, ["run", "-r", good, events, os.path.join(folder, "none")]), (2, ["run", "-r", good, os.path.join(folder, "none")]),
        (2, ["run", "-r", bad, events]), (2, ["run", events]), (2, ["run", "-r", "-", "-"]), (2, ["run", "--strict", "-r", mixed, events]),
        (3, ["run", "--fail-on-match", "-r", good, events]), (3, ["run", "--fail-on-match", "-r", mixed, broken]),
        (2, ["run", "-r", good, "--engine", "magic", events]), (2, ["run", "-r", good, "--logsource", "product", events]),
        (2, ["run", "-r", good, "--format", "csv", events]), (2, ["check", "--diag", "xml", good]),
        (2, ["run", "-r", good, "--rule", "no-such-id", events]), (2, ["build", good]), (2, ["bench"]),
        (2, ["frob"]), (2, []), (0, ["--version"]), (0, ["run", "--version"]), (0, ["--help"]), (0, ["run", "--help"]),
        (0, ["explain", "S417"]), (2, ["explain", "S9999"]), (0, ["explain", "-r", good, events, "--record", "2"]),
        (2, ["explain", "-r", good, events, "--record", "3"]), (2, ["dump", "--stage", "soup", good]),
        (2, ["dump", "--stage", "ir", "--after", "fold", good]), (0, ["dump", "--stage", "opt", "--after", "fold", good]),
        (2, ["explain", "-r", good, events, "--record", "99999999999999999999999"]),
        (0, ["dump", "--stage", "asm", good]),
    ]
    for want, args in table:
        code, out, err = run(*args)
        name = " ".join(a.replace(folder + "/", "") for a in args)
        point(code == want, "exit %d: sigmaton %s" % (want, name), "got %d\n%s" % (code, err))
    code, out, err = run("check", mixed)
    point(err.strip().split("\n")[-1] == "2 documents: 1 rules compiled, 1 refused, 0 other", "check ends with its counts", err)
    code, out, err = run("run", "-r", good, broken)
    records = [json.loads(l)["event"]["record"] for l in out.splitlines()]
    point(records == [1, 3] and "broken.ndjson:2:" in err, "a broken line is reported and the rest judged", out + err)
    return good, events


def streams(good, events):
    code, out, err = run("run", "-r", good, stdin=b'{"A":"x"}\n\n{"A":"ax"}')
    got = [json.loads(l)["event"] for l in out.splitlines()]
    point([(e["file"], e["record"]) for e in got] == [("-", 1), ("-", 3)], "standard input without a last line end", out + err)
    # record 1 CRLF, 2 and 3 blank, 4 broken, 5 as long as can be, 6 a byte longer, 7 hits, 8 broken, 9 hits without a line end
    fill = lambda n: b'{"B":"' + b"x" * (n - 8) + b'"}'
    rows = b'{"A":"x"}\r\n\n \t\r\n{"A":\n' + fill(1 << 20) + b"\n" + fill((1 << 20) + 1) + b'\n{"A":"x"}\n{"A":"\\x"}\n{"A":"x"}'
    want = [1, 7, 9], {"4:6", "6:1048577", "8:7"}
    for engine in ("jit", "ir", "oracle"):
        code, out, err = run("run", "-r", good, "--engine", engine, stdin=rows)
        hits = [json.loads(l)["event"]["record"] for l in out.splitlines()]
        bad = {l.split("-:")[1].split(": ")[0] for l in err.splitlines() if "[S801]" in l}
        if engine == "oracle":  # its own columns
            bad, want = {b.split(":")[0] for b in bad}, (want[0], {"4", "6", "8"})
        point((hits, bad) == want, "lines keep their numbers under " + engine, (hits, bad, err))
    code, out, err = run("run", "-r", "-", events, stdin=RULE.encode())
    point(code == 0 and len(out.splitlines()) == 1, "rules from standard input", err)
    with open("/dev/full", "w") as full:
        code, out, err = run("run", "-r", good, events, stdout=full)
        point(code == 2 and "cannot write" in err, "a full disk is exit 2", err)
        code, out, err = run("dump", "--stage", "ir", good, stdout=full)
        point(code == 2, "a full disk under dump is exit 2", err)
    big = b'{"A":"' + b"y" * (1 << 20) + b'"}\n{"A":"x"}\n'
    code, out, err = run("run", "-r", good, stdin=big)
    point(code == 1 and json.loads(out)["event"]["record"] == 2, "a line above 1 MiB is left out, the next is judged", err)
    fits = b'{"A":"' + b"y" * ((1 << 20) - 9) + b'x"}\n'
    code, out, err = run("run", "-r", good, stdin=fits)
    point(len(fits) == (1 << 20) + 1 and code == 0 and len(out.splitlines()) == 1, "a line of 1 MiB is judged", err)
    code, out, err = run("run", "-r", good, "--diag", "json", stdin=b'{"A":"x"}\n{\n')
    rows = [json.loads(l) for l in err.splitlines()]
    point(rows[-1]["severity"] == "summary" and any(r.get("code") == "S801" for r in rows), "with --diag json stderr is JSON", err)


def closed_pipe(good):
    p = subprocess.Popen([SIGMATON, "run", "-r", good], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    p.stdout.close()
    try:
        for _ in range(2000):
            p.stdin.write(b'{"A":"x"}\n' * 100)
        p.stdin.close()
    except BrokenPipeError:
        pass
    p.stdin = None
    _, err = p.communicate(timeout=60)
    point(p.returncode in (0, 1) and b"cannot" not in err, "a closed pipe ends the run quietly", "%d %s" % (p.returncode, err))


def interrupted(good):
    for number in (signal.SIGINT, signal.SIGTERM):
        p = subprocess.Popen([SIGMATON, "run", "-r", good], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        p.stdin.write(b'{"A":"x"}\n')
        p.stdin.flush()
        ready, _, _ = select.select([p.stdout], [], [], 60)
        first = p.stdout.readline() if ready else b""
        point(b'"record":1' in first, "an alert is there while input waits (%s)" % number.name, first)
        p.send_signal(number)
        _, err = p.communicate(timeout=60)
        point(p.returncode == 0 and b"1 events judged" in err, "%s ends in order" % number.name, "%d %s" % (p.returncode, err))


def texts(good, events):
    code, out, err = run("--version")
    point(all(w in out for w in ("sigmaton ", "LLVM ", "PCRE2 ", "Unicode 14.0", "SIMD", "ABI")), "--version names everything", out)
    code, out, err = run("run", "-r", good, "--format", "text", events)
    point("  T  " in out and "e.ndjson:1" in out, "text alerts name rule and place", out)
    code, out, err = run("run", "-r", good, "--color", "always", "--format", "text", "-r", DEMO, EVENTS)
    point("\033[31m" in out, "colour when asked for", out)
    code, out, err = run("explain", "-r", DEMO, EVENTS, "--record", "9")
    point("stopped by" in out, "explain names what stopped a rule", out)


def faults_of_options(folder, good):
    for args, want in ((["-zq", good], "there is no option '-z'"), (["-qz", good], "there is no option '-z'"), (["--quiet=yes", good], "option --quiet takes no value"),
                       (["--no", good], "there is no option '--no', or it begins several"), (["--min-level"], "option '--min-level' needs a value")):
        code, out, err = run("check", *args)
        point(code == 2 and err.startswith("sigmaton check: " + want), "check %s names the fault" % args[0], err)
    for args in (["--diag", "json", "--nope", good], ["--nope", good, "--diag=json"], ["--diag", "json"], ["--diag", "json", "--jobs", "65", good]):
        code, out, err = run("check", *args)
        rows = [json.loads(l) for l in err.splitlines()]
        point(code == 2 and len(rows) == 1 and rows[0]["severity"] == "summary", "a usage error is JSON where asked for: %s" % args[0], err)
    code, out, err = run("run", "-r", "-", "-", "--diag", "sarif")
    point(code == 2 and json.loads(err)["runs"][0]["invocations"][0]["exitCode"] == 2, "a usage error is SARIF where asked for", err)
    for verb in ("check", "dump"):
        code, out, err = run(verb, "--regex", "jit", good, *(["--stage", "rule"] if verb == "dump" else []))
        point(code == 0, "%s takes --regex, as all that read rules" % verb, err)
    bad = os.path.join(folder, "bad.yml")
    code, out, err = run("check", "--strict", good, bad)
    point(code == 2 and "--strict wants all" in err and err.endswith("2 documents: 1 rules compiled, 1 refused, 0 other\n"), "check --strict says why it fails", err)
    code, out, err = run("dump", "--stage", "rule", "--strict", good, bad)
    point(code == 2, "dump --strict fails with a refused rule", err)
    with open("/dev/full", "w") as full:
        for args in (["--version"], ["--help"], ["run", "--help"], ["explain", "S417"]):
            code, out, err = run(*args, stdout=full)
            point(code == 2 and "cannot write" in err, "a full disk under %s is exit 2" % " ".join(args), err)


def what_cannot_be_read(folder, good, events):
    """Rules that are not there are left out, and exit codes say so, of every verb."""
    none, empty, text = (os.path.join(folder, n) for n in ("none.yml", "empty", "list.yml"))
    os.mkdir(empty)
    open(text, "w").write("- a\n")
    for more in ([none], [empty]):
        for strict, wanted in (([], 1), (["--strict"], 2)):
            for args in (["check", good] + more, ["dump", "--stage", "rule", good] + more, ["run", events, "-r", good, "-r"] + more):
                code, out, err = run(*args, *strict)
                point(code == wanted, "exit %d: %s with %s %s" % (wanted, args[0], os.path.basename(more[0]), "".join(strict)), "%d %s" % (code, err))
    for path in (none, text):
        code, out, err = run("run", "-r", good, "--placeholders", path, events)
        point(code == 1 and len(out.splitlines()) == 1 and "error[S" in err, "placeholders of %s are an error" % os.path.basename(path), err)


def filters_that_are_asked(folder):
    """QUESTIONS_MAX of lint_logic.c: the idle filter is the last of so many."""
    path = os.path.join(folder, "filters.yml")
    for n, wanted in ((200, 1), (201, 0)):
        names = ["f%d" % i for i in range(n)]
        values = ["{B: x%d}" % i for i in range(n - 1)] + ["{A: x}"]
        open(path, "w").write("title: T\nlogsource: {product: windows}\ndetection:\n  sel: {A|exists: false}\n"
                              + "".join("  %s: %s\n" % row for row in zip(names, values))
                              + "  condition: sel and not " + " and not ".join(names) + "\n")
        code, out, err = run("check", path)
        point(code == 0 and err.count("[S646]") == wanted, "of %d filters the last is %s" % (n, "asked" if wanted else "not asked"), err)


def routing(folder, good):
    event = os.path.join(folder, "route.ndjson")
    open(event, "w").write('{"A":"x","Channel":"Security","EventID":1}\n{"A":"x","logsource":{"product":"linux"}}\n{"A":"x"}\n')
    for spec, want in (("auto", [1, 3]), ("none", [1, 2, 3]), ("product=windows", [1, 2, 3]), ("product=linux,service=x", [])):
        for engine in ("jit", "ir", "oracle"):
            code, out, err = run("run", "-r", good, "--logsource", spec, "--engine", engine, event)
            got = [json.loads(l)["event"]["record"] for l in out.splitlines()]
            point(got == want, "--logsource %s under %s" % (spec, engine), "%s %s" % (got, err))


def main():
    with tempfile.TemporaryDirectory() as folder:
        good, events = exit_codes(folder)
        streams(good, events)
        closed_pipe(good)
        interrupted(good)
        texts(good, events)
        faults_of_options(folder, good)
        filters_that_are_asked(folder)
        what_cannot_be_read(folder, good, events)
        routing(folder, good)
    plan()


main()
