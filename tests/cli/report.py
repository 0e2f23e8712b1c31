#!/usr/bin/env python3
"""What check tells a detection engineer: SARIF, silenced warnings, the report, as TAP. usage: report.py SIGMATON SOURCE_ROOT"""
import json
import os
import subprocess
import sys
import tempfile

from tap import plan, point, skip

SIGMATON, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]
DEMO = os.path.join(ROOT, "rules", "demo")
RULE = """title: T
id: 11111111-1111-4111-8111-111111111111
logsource: {product: windows, category: process_creation}
detection:
    sel: {CommandLine|contains: 'x'}
    condition: sel
"""
BAD = RULE.replace("contains", "contians").replace("'x'}", "'\u00fc'}  # \u00fc")
UNUSED = RULE.replace("1111-111111111111", "1111-111111111112").replace("    condition", "    \u00fcnused: {Image: y}\n    condition")


def run(*args, stdin=b"", cwd=None):
    done = subprocess.run([SIGMATON] + list(args), input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, cwd=cwd)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def sarif_faults(document):
    """What SARIF 2.1.0 demands of a document such as ours, and what we promise beyond."""
    faults = []

    def want(ok, what):
        if not ok:
            faults.append(what)

    want(document.get("version") == "2.1.0" and "sarif" in document.get("$schema", ""), "version and schema")
    want(len(document.get("runs", [])) == 1, "one run")
    one = document["runs"][0]
    driver = one["tool"]["driver"]
    want(driver["name"] == "sigmaton" and driver["version"], "the driver")
    want(one.get("columnKind") == "unicodeCodePoints", "columnKind")
    ids = [r["id"] for r in driver["rules"]]
    want(len(set(ids)) == len(ids), "a code stands twice in rules: %s" % ids)
    want(set(ids) == {r["ruleId"] for r in one["results"]}, "rules are the codes that occur")
    for rule in driver["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            want(rule[key]["text"], "%s of %s" % (key, rule["id"]))
        want("{0}" not in rule["shortDescription"]["text"], "a placeholder in %s" % rule["id"])
        want(rule["defaultConfiguration"]["level"] in ("note", "warning", "error"), "level of %s" % rule["id"])
    for result in one["results"]:
        want(result["message"]["text"], "an empty message")
        want(ids[result["ruleIndex"]] == result["ruleId"], "ruleIndex of %s" % result["ruleId"])
        want(result["level"] in ("note", "warning", "error"), "level of a result")
        for location in result["locations"]:
            physical = location["physicalLocation"]
            uri = physical["artifactLocation"]["uri"]
            want(uri and " " not in uri and uri.isascii(), "uri %r" % uri)
            region = physical.get("region")
            if region:
                want(region["startLine"] >= 1 and region.get("startColumn", 1) >= 1, "region %s" % region)
                want("endColumn" not in region or region["endColumn"] > region["startColumn"], "region %s" % region)
    want(isinstance(one["invocations"][0]["executionSuccessful"], bool), "invocations")
    return faults


def sarif(folder):
    code, out, err = run("check", "--diag", "sarif", ".", cwd=folder)
    document = json.loads(err)
    one = document["runs"][0]
    point(code == 1 and out == "" and sarif_faults(document) == [], "check --diag sarif is one valid document", (sarif_faults(document), err))
    found = {r["ruleId"]: r for r in one["results"]}
    region = found["S417"]["locations"][0]["physicalLocation"]["region"] if "S417" in found else {}
    point(region == {"startLine": 5, "startColumn": 23, "endColumn": 31}, "a result has line, column and end column", found)
    point("did you mean 'contains'?" in found["S417"]["message"]["text"], "a result says the help too", found["S417"])
    region = found["S604"]["locations"][0]["physicalLocation"]["region"]
    point(region == {"startLine": 6, "startColumn": 5, "endColumn": 11}, "columns count characters, not bytes", region)
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in one["results"]}
    point(any("%C3%BC%20b%3Ac.yml" in u for u in uris), "a file name is a URI", uris)
    properties = one["properties"]
    point((properties["compiled"], properties["refused"]) == (2, 1), "the counts are the run's properties", properties)
    point(one["invocations"][0] == {"executionSuccessful": True, "exitCode": 1}, "the exit code is in the document", one["invocations"])
    code, out, err = run("check", "--diag", "sarif", "--quiet", ".", cwd=folder)
    levels = {r["level"] for r in json.loads(err)["runs"][0]["results"]}
    point(levels == {"error"}, "--quiet keeps errors only", levels)
    good = os.path.join(folder, "good.yml")
    events = b'{"CommandLine":"x"}\n{\n'
    cases = [
        (1, ["run", "-r", good, "--diag", "sarif"], events, True, "S801"),
        (2, ["run", "-r", os.path.join(folder, "none"), "--diag", "sarif"], b"", False, "S101"),
        (2, ["run", "-r", good, "--rule", "no-such", "--diag", "sarif"], b"", False, None),
        (0, ["explain", "-r", good, "--diag", "sarif", "-", "--record", "1"], events, True, None),
        (2, ["explain", "-r", good, "--diag", "sarif", "-", "--record", "7"], events, False, None),
        (1, ["dump", "--stage", "ir", "--diag", "sarif", folder], b"", True, "S417"),
    ]
    for want, args, stdin, successful, present in cases:
        code, out, err = run(*args, stdin=stdin)
        name = " ".join(a.replace(folder, "F") for a in args)
        try:
            document = json.loads(err)
            faults = sarif_faults(document)
        except ValueError as e:
            document, faults = None, [e]
        point(code == want and not faults, "one document: " + name, (code, faults, err))
        one = document["runs"][0] if document else {"results": [], "invocations": [{}]}
        point(one["invocations"][0].get("executionSuccessful") == successful, "says whether it went through: " + name, one)
        if present:
            point(present in {r["ruleId"] for r in one["results"]}, "%s is in it: %s" % (present, name), err)


def no_warn(folder):
    file = os.path.join(folder, "\u00fc b:c.yml")
    code, out, err = run("check", file)
    point("[S604]" in err, "a warning is said", err)
    for spelling in ("S604", "604"):
        code, out, err = run("check", "--no-warn", "S607", "--no-warn", spelling, file)
        point(code == 0 and "[S604]" not in err, "--no-warn %s silences it" % spelling, err)
    code, out, err = run("run", "-r", os.path.join(folder, "good.yml"), "--no-warn", "S801", stdin=b"{\n")
    point(code == 1 and "[S801]" not in err and "1 unreadable" in err, "a silenced event is still counted", err)
    for value in ("S417", "S999", "x", ""):
        code, out, err = run("check", "--no-warn", value, file)
        point(code == 2 and "no-warn" in err, "--no-warn %r is refused" % value, err)
    code, out, err = run("check", "--help")
    point("--no-warn" in out and "--report" in out, "both are in --help", out)


PACK = """title: live
logsource: {product: windows, category: process_creation}
detection: {sel: {Image|contains: x}, condition: sel}
---
title: inert by and
id: 22222222-2222-4222-8222-222222222222
logsource: {product: windows, category: process_creation}
detection: {sel: {Image|contains: x, NotThere: y, NorThis: z}, filter: {AlsoNot: f}, condition: sel and not filter}
---
title: alive by its other way
logsource: {product: windows, category: process_creation}
detection: {sel: {NotThere: y}, other: {Image: x}, condition: sel or other}
---
title: alive because absent
logsource: {product: windows, category: process_creation}
detection: {sel: {NotThere: null}, other: {NorThis|exists: false}, third: {AlsoNot|neq: x}, condition: sel and other and third}
---
title: inert by a comparison of fields
logsource: {product: windows, category: process_creation}
detection: {sel: {Image|fieldref: NotThere}, condition: sel}
---
title: keywords are searched everywhere
logsource: {product: windows, category: process_creation}
detection: {keywords: [nowhere], condition: keywords}
---
title: two of three
logsource: {product: windows, category: process_creation}
detection: {sel_a: {NotThere: y}, sel_b: {Image: x}, sel_c: {NorThis: z}, condition: 2 of sel_*}
---
title: nobody sends these
logsource: {product: linux, service: auditd}
detection: {sel: {NotThere: y}, condition: sel}
---
title: refused
logsource: {product: windows, category: process_creation}
detection: {sel: {A|contians: y}, condition: sel}
---
title: low
level: low
logsource: {product: windows, category: process_creation}
detection: {sel: {A: y}, condition: sel}
---
- no rule at all
---
title: a refused correlation
correlation: {type: no_such, rules: [x], timespan: 5m}
---
title: a filter
logsource: {product: nothing}
filter: {rules: any, sel: {A: x}, condition: not sel}
---
action: global
"""
EVENTS = b"""{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"x"}
{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Image":"y","CommandLine":"c"}
{"Channel":"Security","EventID":4624,"NotThere":"y"}
"""


def report(folder):
    pack, events = os.path.join(folder, "pack.yml"), os.path.join(folder, "events.ndjson")
    open(pack, "w").write(PACK)
    open(events, "wb").write(EVENTS)
    code, out, err = run("check", "--report", "--format", "json", "--events", events, "--min-level", "medium", pack)
    got = json.loads(out)
    counts = [got[k] for k in ("documents", "compiled", "refused", "left_out", "other", "events", "unreadable", "inert", "without_events")]
    point((code, counts) == (1, [14, 8, 3, 1, 2, 3, 0, 3, 1]), "the counts of the report", (code, counts, out))
    missing = {r["title"]: r["missing"] for r in got["inert_rules"]}
    want = {"inert by and": ["NotThere", "NorThis"], "inert by a comparison of fields": ["NotThere"], "two of three": ["NotThere", "NorThis"]}
    point({k: sorted(v) for k, v in missing.items()} == {k: sorted(v) for k, v in want.items()},
          "inert are the rules whose every way to fire needs a field never seen", missing)
    refused = [(r["document"], r["line"], r["code"], r["title"]) for r in got["refused_rules"]]
    point(refused == [(9, 36, "S417", "refused"), (11, 43, "S130", None), (12, 46, "S571", "a refused correlation")], "a refused rule has code, place and title", refused)
    point([r["title"] for r in got["left_out_rules"]] == ["low"], "what selection left out is listed", got["left_out_rules"])
    table = {(r["product"], r["category"], r["service"]): (r["compiled"], r["refused"], r["inert"], r["events"]) for r in got["log_sources"]}
    point(table == {("windows", "process_creation", None): (7, 1, 3, 2), ("linux", None, "auditd"): (1, 0, 0, 0), (None, None, None): (0, 2, None, None)},
          "counts by log source", table)
    run_code, alerts, _ = run("run", "-r", pack, "--min-level", "medium", events)
    hit = {json.loads(l)["rule"]["title"] for l in alerts.splitlines()}
    point(hit and not hit & set(missing), "no inert rule fires on the sample", hit)
    code, out, err = run("check", "--report", "--format", "json", "--logsource", "none", "--events", events, pack)
    titles = {r["title"] for r in json.loads(out)["inert_rules"]}
    point(json.loads(out)["without_events"] == 0 and "inert by a comparison of fields" not in titles, "--logsource none lets every rule meet every event", out)
    code, out, err = run("check", "--report", "--events", events, "--events", "-", pack, stdin=EVENTS + b"{\n")
    point(code == 1 and "6 sample events, 1 unreadable" in out and "-:4:" in err, "several samples, and standard input", out + err)
    point("inert by and: " in out and "windows/process_creation/-" in out and "S417" in out, "the report as text", out)
    code, out, err = run("check", "--report", os.path.join(folder, "good.yml"))
    point(code == 0 and "inert" not in out.split("compiled refused")[0] and " - " in out, "without a sample nothing is called inert", out)
    code, out, err = run("check", "--report", "--format", "json", "--diag", "sarif", pack)
    point(json.loads(out)["inert"] is None and sarif_faults(json.loads(err)) == [], "report and SARIF do not disturb each other", out + err)
    code, out, err = run("check", "--report", "--events", os.path.join(folder, "none"), os.path.join(folder, "good.yml"))
    point(code == 1 and "S101" in err, "a sample that cannot be read is said", (code, err))
    pipeline = os.path.join(folder, "refuse.yml")
    open(pipeline, "w").write("name: p\ntransformations: [{type: rule_failure, message: no, rule_conditions: "
                              "[{type: rule_attribute, attribute: level, value: low}]}]\n")
    three = os.path.join(folder, "three.yml")
    open(three, "w").write("---\n".join((RULE, RULE.replace("title: T", "title: low\nlevel: low").replace("111\n", "113\n"),
                                         RULE.replace("title: T", "title: out\ntags: [a.b]").replace("111\n", "114\n"))))
    code, out, err = run("check", "--report", "--format", "json", "-p", pipeline, "--not-tag", "a.b", three)
    got = json.loads(out)
    point(code == 1 and [(r["title"], r["code"]) for r in got["refused_rules"]] == [("low", "S560")]
          and [r["title"] for r in got["left_out_rules"]] == ["out"] and got["log_sources"][0]["refused"] == 1,
          "what a pipeline refuses is refused, not left out by selection", out + err)
    for args in (["--events", events], ["--format", "json"], ["--report", "--format", "ndjson"]):
        code, out, err = run("check", *args, pack)
        point(code == 2, "refused: check " + " ".join(a.replace(folder, "F") for a in args), (code, err))
    code, out, err = run("run", "-r", pack, "--format", "json", events)
    point(code == 2, "run knows no format json", err)
    with open("/dev/full", "w") as full:
        done = subprocess.run([SIGMATON, "check", "--report", pack], stdout=full, stderr=subprocess.PIPE, timeout=120)
        point(done.returncode == 2 and b"cannot write" in done.stderr, "a full disk under --report is exit 2", done.stderr)


def corpus():
    """Lints are proofs: of rules that are right they say nothing. What is left in SigmaHQ is plain text written as a regex."""
    shared = os.environ.get("SIGMATON_SHARED", os.path.join(ROOT, "..", "shared"))
    rules = os.path.join(shared, "sigmahq", "rules")
    if not os.path.isdir(rules):
        skip("lints are quiet on SigmaHQ", "%s is not there" % rules)
        return
    code, out, err = run("check", "--diag", "json", rules)
    found = [(r["code"], r["file"]) for r in map(json.loads, err.splitlines()) if r.get("code", "")[:3] in ("S64", "S65")]
    point(all(c == "S649" for c, f in found) and len(found) <= 6, "lints are quiet on SigmaHQ", found)


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("good.yml", RULE), ("bad.yml", BAD), ("\u00fc b:c.yml", UNUSED)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        sarif(folder)
        no_warn(folder)
        report(folder)
    corpus()
    plan()


main()
