#!/usr/bin/env python3
"""Builds each configuration, runs its tests with meson and adds up what they say.

A TAP test counts as many tests as it has points; a program that dies counts as one failure more. The exit status
is 1 when anything failed, also a build."""
import json
import os
import re
import subprocess
import sys

WARNINGS = ["-Dwerror=true"]
CONFIGS = {
    # Assertions and ir_verify are on; -Werror on both compilers.
    "gcc": {"env": {"CC": "gcc"}, "options": ["--buildtype=debugoptimized"] + WARNINGS},
    "clang-asan": {
        "env": {"CC": "clang-14"},
        "options": ["--buildtype=debugoptimized", "-Db_sanitize=address,undefined", "-Db_lundef=false"] + WARNINGS,
    },
}
POINT = re.compile(r"^(not )?ok\b(.*)$", re.M)


def say(text):
    print(text, flush=True)


def build(name, config):
    folder = os.path.join("build", name)
    env = dict(os.environ, **config["env"])
    if not os.path.exists(os.path.join(folder, "build.ninja")):
        subprocess.run(["meson", "setup", folder] + config["options"], env=env, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder, "--quiet"], env=env, check=True)
    return folder


def points(record):
    """(passed, failed, skipped) of one program."""
    found = POINT.findall(record.get("stdout") or "")
    if not found:
        if record["result"] in ("SKIP",):
            return 0, 0, 1
        return (1, 0, 0) if record["result"] == "OK" else (0, 1, 0)
    # cmocka 1.1 prints a skipped test as `not ok N # SKIP`.
    skipped = sum(1 for no, rest in found if re.search(r"# *skip", rest, re.I))
    failed = sum(1 for no, rest in found if no and not re.search(r"# *skip", rest, re.I))
    passed = len(found) - failed - skipped
    if record["result"] not in ("OK", "SKIP") and failed == 0 and skipped == 0:
        failed = 1
    return passed, failed, skipped


def run(name, folder):
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:abort_on_error=1", UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")
    log = os.path.join(folder, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.remove(log)
    done = subprocess.run(["meson", "test", "-C", folder, "--no-rebuild", "--num-processes", "2"], env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    total = [0, 0, 0]
    if not os.path.exists(log):
        say(done.stdout)
        return [0, 1, 0]
    for line in open(log, encoding="utf-8", errors="replace"):
        record = json.loads(line)
        counts = points(record)
        total = [a + b for a, b in zip(total, counts)]
        say("%-10s %-34s %4d passed %3d failed %3d skipped  %.1f s" % ((name, record["name"]) + counts + (record["duration"],)))
        if counts[1]:
            say("".join("    " + l + "\n" for l in (record.get("stdout") or "").splitlines()[-60:] if not l.startswith("ok ")))
            say("".join("    " + l + "\n" for l in (record.get("stderr") or "").splitlines()[-60:]))
    return total


def main():
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else None
    total = [0, 0, 0]
    for name, config in CONFIGS.items():
        if only not in (None, name):
            continue
        try:
            counts = run(name, build(name, config))
        except subprocess.CalledProcessError as e:
            say("%s: %s" % (name, e))
            counts = [0, 1, 0]
        total = [a + b for a, b in zip(total, counts)]
    say("%d passed, %d failed, %d skipped" % tuple(total))
    return 1 if total[1] or not total[0] else 0


sys.exit(main())
