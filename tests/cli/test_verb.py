#!/usr/bin/env python3
"""`sigmaton test`, and the shapes of event files, as TAP. usage: test_verb.py SIGMATON SOURCE_ROOT"""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

from tap import plan, point

SIGMATON = os.path.abspath(sys.argv[1])
RULE = "title: T\nid: %s\nlogsource: {product: windows}\ndetection:\n  sel: {A|contains: x}\n  condition: sel\n"
ID, OTHER_ID = "0b2c6f0e-0000-4000-8000-000000000001", "0b2c6f0e-0000-4000-8000-000000000002"


def run(*args, stdin=b""):
    done = subprocess.run([SIGMATON] + list(args), input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def put(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "wb").write(text if isinstance(text, bytes) else text.encode())
    return path


def detection(vector_id, match, **more):
    return dict({"id": vector_id, "rule": RULE % ID, "events": [{"A": "axb"}, {"A": "b"}], "match": match}, **more)


def vectors(folder):
    good = detection("good", [True, False])
    bad = detection("bad", [True, True])
    two = detection("two", [True, False], rule=[RULE % ID, RULE % OTHER_ID])
    values = detection("values", [True, False], placeholders={"v": ["axb"]}, rule=RULE.replace("contains: x", "expand: '%%v%%'") % ID)
    rejected = {"id": "rejected", "rule": RULE.replace("contains", "contians") % ID, "error": "unknown_modifier"}
    accepted = {"id": "accepted", "rule": RULE % ID, "error": "unknown_modifier"}
    other = {"id": "other", "rule": RULE.replace("contains", "contians") % ID, "error": "no_condition"}
    refused = detection("refused", [True, False], rule=RULE.replace("contains", "contians") % ID)
    later = {"id": "later", "rules": RULE % ID, "events": [{"ts": 1, "event": {}}], "alerts": []}
    table = [
        (0, [good, two, values, rejected], "4 passed, 0 failed, 0 skipped", []),
        (1, [good, bad], "1 passed, 1 failed, 0 skipped", ["FAIL bad: wanted [true,true], ", " came to [true,false]"]),
        (1, [accepted], "0 passed, 1 failed, 0 skipped", ["FAIL accepted: wanted unknown_modifier, came no error"]),
        (1, [other], "0 passed, 1 failed, 0 skipped", ["FAIL other: wanted no_condition, came S417 unknown_modifier"]),
        (1, [refused], "0 passed, 1 failed, 0 skipped", ["FAIL refused: wanted [true,false], the rules were refused: S417"]),
        (0, [later], "0 passed, 0 failed, 1 skipped", []),
        (1, [{"id": "odd"}], "0 passed, 1 failed, 0 skipped", ["FAIL odd: this is no vector"]),
        (1, [detection("short", [True])], "0 passed, 1 failed, 0 skipped", ["FAIL short: this is no vector"]),
        (1, [detection("text", [True, False], events=[{"A": "x"}, 5])], "0 passed, 1 failed, 0 skipped", ["[true,unreadable]"]),
    ]
    for i, (want, cases, closing, said) in enumerate(table):
        for form, text in (("array", json.dumps(cases, indent=2)), ("lines", "\n".join(json.dumps(c) for c in cases))):
            path = put(folder, "v%d.%s" % (i, form), text)
            for engine in ("jit", "ir", "oracle", "all"):
                code, out, err = run("test", path, "--engine", engine)
                ok = code == want and out.strip().split("\n")[-1] == closing and all(s in out for s in said)
                point(ok, "%s of %s: %s (%s)" % (form, "+".join(c["id"] for c in cases), closing, engine), "%d\n%s%s" % (code, out, err))
    code, out, err = run("test", os.path.join(folder, "v5.array"))
    point("skipped later:" in err, "what is skipped is named", err)
    code, out, err = run("test", os.path.join(folder, "v1.array"), "--diag", "json")
    point(json.loads(err.splitlines()[-1])["failed"] == 1, "the summary as JSON", err)
    report = os.path.join(folder, "junit.xml")
    code, out, err = run("test", os.path.join(folder, "v1.array"), os.path.join(folder, "v5.array"), "--junit", report)
    root = xml.parse(report).getroot()
    cases = root.findall("testsuite/testcase")
    point([c.get("name") for c in cases] == ["good", "bad", "later"] and root.get("failures") == "1", "JUnit names every case", open(report).read())
    point(cases[1].find("failure") is not None and cases[2].find("skipped") is not None, "JUnit tells verdicts", open(report).read())


def sample(folder, name, rule_id, events, extra="", path="x.evtx", recording="x.json"):
    put(folder, name + "/info.yml", "rule_metadata:\n  - id: %s\nregression_tests_info:\n  - name: one\n    type: evtx\n%s    path: data/%s\n"
        % (rule_id, extra, path))
    put(folder, name + "/" + recording, events)


def regressions(folder):
    rules = os.path.dirname(put(folder, "rules/a.yml", RULE % ID))
    hit, miss = '{\n "A": "x"\n}\n', '{"A": "y"}\n'
    table = [
        ("hits", 0, dict(rule_id=ID, events=hit)),
        ("hits-twice", 0, dict(rule_id=ID, events=hit + hit, extra="    match_count: 2\n")),
        ("hits-more", 0, dict(rule_id=ID, events=hit + hit)),
        ("misses", 1, dict(rule_id=ID, events=miss)),
        ("hits-once", 1, dict(rule_id=ID, events=hit + miss, extra="    match_count: 2\n")),
        ("never", 0, dict(rule_id=ID, events=miss, extra="    match_count: 0\n")),
        ("never-but-hits", 1, dict(rule_id=ID, events=hit, extra="    match_count: 0\n")),
        ("no-such-rule", 1, dict(rule_id=OTHER_ID, events=hit)),
        ("unreadable", 1, dict(rule_id=ID, events=hit + "{\n")),
        ("no-file", 1, dict(rule_id=ID, events=hit, recording="y.json")),
        ("json", 0, dict(rule_id=ID, events=hit, path="x.json")),
        ("evtx", 0, dict(rule_id=ID, events="ElfFile", recording="x.evtx")),
        ("routed", 1, dict(rule_id=ID, events='{"A":"x","logsource":{"product":"linux"}}\n')),
    ]
    for name, want, how in table:
        sample(folder, "samples-%s/deep/%s" % (name, name), **how)
        code, out, err = run("test", os.path.join(folder, "samples-" + name), "-r", rules, "--engine", "all")
        counts = "0 passed, 0 failed, 1 skipped" if name == "evtx" else "%d passed, %d failed, 0 skipped" % (1 - want, want)
        point(code == want and out.strip().split("\n")[-1] == counts, "sample %s: %s" % (name, counts), "%d\n%s%s" % (code, out, err))
    put(folder, "empty/x", "")
    put(folder, "broken/info.yml", "a: [")
    for args, want in ((["empty", "-r", rules], 1), (["broken", "-r", rules], 1), (["samples-hits"], 2),
                       (["samples-hits", "-r", "none"], 2), (["none"], 1), ([], 2), (["v0.lines", "--engine", "magic"], 2),
                       (["v0.lines", "--junit", "no/such/folder"], 2), (["empty/x"], 2)):
        args = [os.path.join(folder, a) if a[0] != "-" and a not in ("all", "magic") else a for a in args]
        code, out, err = run("test", *args)
        point(code == want, "exit %d: sigmaton test %s" % (want, " ".join(args).replace(folder + "/", "")), "%d\n%s%s" % (code, out, err))
    code, out, err = run("run", "-r", rules, "--engine", "all", os.devnull)
    point(code == 2, "--engine all is for test alone", err)


def shapes(folder):
    rules = put(folder, "shape.yml", RULE % ID)
    x, y = {"A": "x"}, {"A": "y", "B": {"C": [1, {"D": "}{"}]}}
    pretty = json.dumps(x, indent=4) + "\n" + json.dumps(y, indent=4) + "\n" + json.dumps(x, indent=4)
    table = [
        ("NDJSON", json.dumps(x) + "\n\n" + json.dumps(y) + "\n" + json.dumps(x), 0, [1, 4]),
        ("JSON documents", pretty, 0, [1, 3]),
        ("JSON documents", "\ufeff" + pretty.replace("\n", "\r\n"), 0, [1, 3]),
        ("JSON documents", json.dumps(x) + json.dumps(y) + json.dumps(x) + "\n", 0, [1, 3]),
        ("a JSON array", json.dumps([x, y, x]), 0, [1, 3]),
        ("a JSON array", json.dumps([x, y, x], indent=2), 0, [1, 3]),
        ("a JSON array", json.dumps([x, 5, x], indent=2), 1, [1, 3]),
        ("a JSON array", json.dumps([x, y, x], indent=2)[:-1], 1, [1, 3]),
        ("a JSON array", "[]", 0, []),
        ("JSON documents", pretty.replace('"y"', '"y'), 1, [1, 3]),
        ("JSON documents", json.dumps(x, indent=4)[:-1] + json.dumps(x, indent=4), 1, [2]),
        ("NDJSON", '{"A":"x\n{"A":"x"}\n', 1, [2]),
    ]
    for i, (shape, text, want, records) in enumerate(table):
        path = put(folder, "shape%d.json" % i, text)
        for engine in ("jit", "oracle"):
            code, out, err = run("run", "-r", rules, "--engine", engine, path)
            got = [json.loads(l)["event"]["record"] for l in out.splitlines()]
            point((code, got) == (want, records) and "%s: %s" % (path, shape) in err, "shape %d, %s: records %s (%s)" % (i, shape, records, engine),
                  "%d %s\n%s" % (code, got, err))
        code, out, err = run("run", "-r", rules, stdin=text.encode())
        point([json.loads(l)["event"]["record"] for l in out.splitlines()] == records, "shape %d from standard input" % i, err)
    code, out, err = run("explain", "-r", rules, os.path.join(folder, "shape1.json"), "--record", "2")
    point(code == 0 and "held" in out + err or "stopped by" in out, "explain counts documents", out + err)
    big = json.dumps({"A": "x" * ((1 << 20) + 1)}, indent=1) + "\n" + json.dumps(x, indent=1)
    code, out, err = run("run", "-r", rules, stdin=big.encode())
    point(code == 1 and [json.loads(l)["event"]["record"] for l in out.splitlines()] == [2], "a document above 1 MiB is left out, the next is judged", err)


WINDOWS = {"Event": {"System": {"Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
                                "EventID": {"#text": 4688, "#attributes": {"Qualifiers": 0}}, "Channel": "Security", "Computer": "h",
                                "TimeCreated": {"#attributes": {"SystemTime": "2026-01-02T03:04:05.678Z"}}},
                     "EventData": {"NewProcessName": "C:\\x.exe", "SubjectUserName": "u", "SubjectDomainName": "D", "Threat Name": "t"}}}


def envelopes(folder):
    rules = put(folder, "windows.yml", """title: W
logsource: {product: windows, category: process_creation}
detection:
  sel: {Image|endswith: '\\x.exe', User: 'D\\u', EventID: 4688, Channel: Security, ThreatName: t, Provider_Name|endswith: Auditing, Computer: h}
  condition: sel
""")
    path = put(folder, "windows.json", json.dumps(WINDOWS, indent=2))
    for engine in ("jit", "ir", "oracle"):
        code, out, err = run("run", "-r", rules, "--engine", engine, path)
        alerts = [json.loads(l)["event"] for l in out.splitlines()]
        point(code == 0 and [a["time"] for a in alerts] == ["2026-01-02T03:04:05.678Z"],
              "Windows' XML as JSON answers to Sigma's names (%s)" % engine, out + err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        vectors(folder)
        regressions(folder)
        shapes(folder)
        envelopes(folder)
    plan()


main()
