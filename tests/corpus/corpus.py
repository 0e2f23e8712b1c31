#!/usr/bin/env python3
"""Rule packs over recorded events, as TAP. usage: corpus.py SIGMATON SOURCE_ROOT quick|full

quick takes a slice of the events for the oracle (sanitizer builds are slow), full takes all."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

SIGMATON, ROOT, DEPTH = sys.argv[1], sys.argv[2], sys.argv[3]
SHARED = os.environ.get("SIGMATON_SHARED", os.path.join(ROOT, "..", "shared"))
RULES = [os.path.join(SHARED, "sigmahq", d) for d in ("rules", "rules-emerging-threats", "rules-threat-hunting")]
SLICE = 40  # quick: every n-th event

count = 0


def point(ok, name, why=""):
    global count
    count += 1
    print("%sok %d - %s" % ("" if ok else "not ", count, name))
    for line in why.splitlines()[:30] if not ok else []:
        print("# " + line)


def skip_all(why):
    print("1..0 # SKIP " + why)
    sys.exit(0)


def sigmaton(*args):
    return subprocess.run([SIGMATON] + list(args), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def rule_args(folders=RULES):
    return [a for f in folders for a in ("-r", f)]


def unpack(name, into, every=1):
    """The events of a .zst, every n-th line; the others are left blank so that record numbers stay."""
    text = subprocess.run(["zstd", "-dqc", os.path.join(SHARED, "events", name)], stdout=subprocess.PIPE, check=True).stdout
    lines = text.split(b"\n")
    path = os.path.join(into, os.path.basename(name)[:-4])
    with open(path, "wb") as out:
        out.write(b"\n".join(l if i % every == 0 else b"" for i, l in enumerate(lines)))
    return path, lines


def logsource(text):
    block = re.search(r"^logsource:[ \t]*\r?\n((?:[ \t]+.*\r?\n|[ \t]*\r?\n)+)", text, re.M)
    found = re.findall(r"^\s+(product|category|service):\s*['\"]?([^'\"\s#]+)", block.group(1), re.M) if block else []
    return dict(found)


def load_rules():
    rules = {}
    for folder in RULES:
        for base, _, names in os.walk(folder):
            for name in names:
                if name.endswith(".yml"):
                    text = open(os.path.join(base, name), encoding="utf-8").read()
                    rule_id = re.search(r"^id:\s*['\"]?([0-9a-fA-F-]+)", text, re.M)
                    if rule_id:
                        rules[rule_id.group(1)] = logsource(text)
    return rules


SYSMON = {
    1: ["process_creation"], 2: ["file_change"], 3: ["network_connection"], 4: ["sysmon_status"], 5: ["process_termination"],
    6: ["driver_load"], 7: ["image_load"], 8: ["create_remote_thread"], 9: ["raw_access_thread"], 10: ["process_access"],
    11: ["file_event"], 12: ["registry_add", "registry_delete", "registry_event"], 13: ["registry_set", "registry_event"],
    14: ["registry_rename", "registry_event"], 15: ["create_stream_hash"], 16: ["sysmon_status"], 17: ["pipe_created"],
    18: ["pipe_created"], 19: ["wmi_event"], 20: ["wmi_event"], 21: ["wmi_event"], 22: ["dns_query"], 23: ["file_delete"],
    24: ["clipboard_capture"], 25: ["process_tampering"], 26: ["file_delete"], 27: ["file_block_executable"],
    28: ["file_block_shredding"], 29: ["file_executable_detected"],
}


def in_scope(source, event_id):
    if source.get("product", "windows") != "windows":
        return False
    if "category" in source and source["category"] not in SYSMON.get(event_id, []):
        return False
    return source.get("service", "sysmon") == "sysmon" and not ("category" in source and "service" in source)


def compare_expected(alerts, lines, expected_name, every):
    """Differences between our alerts and the expected ones, for Sysmon records and rules in scope."""
    rules = load_rules()
    expected = {}
    for line in open(os.path.join(SHARED, "vectors", expected_name)):
        row = json.loads(line)
        if "record" in row:
            expected[row["record"]] = set(row["rules"])
    got = {}
    for alert in alerts:
        got.setdefault(alert["event"]["record"], set()).add(alert["rule"]["id"])
    differences, judged = [], 0
    for i, line in enumerate(lines):
        if i % every or not line.strip():
            continue
        event = json.loads(line)
        if event.get("Channel") != "Microsoft-Windows-Sysmon/Operational":
            continue
        judged += 1
        ours = {r for r in got.get(i + 1, set()) if in_scope(rules.get(r, {}), event.get("EventID"))}
        theirs = expected.get(i + 1, set())
        if ours != theirs:
            differences.append("record %d: only ours %s, only theirs %s" % (i + 1, sorted(ours - theirs), sorted(theirs - ours)))
    return judged, differences


def alerts_of(engine, events):
    done = sigmaton("run", *rule_args(), "--engine", engine, "--quiet", "--format", "ndjson", events)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def test_pack(folder):
    done = sigmaton("check", folder)
    wanted = "1183 documents: 1183 rules compiled, 0 refused, 0 other"
    last = done.stderr.decode(errors="replace").strip().split("\n")[-1]
    point(done.returncode == 0 and last == wanted, "check accepts all 1183 process_creation rules", last)
    done = sigmaton("run", "-r", folder, "--engine", "jit", os.devnull)
    text = done.stderr.decode(errors="replace")
    point("1183 predicates callable" in text, "1183 predicates are callable under jit", text)


def test_events(name, expected, into, every):
    events, lines = unpack(name, into, every)
    short = os.path.basename(name)[-50:]
    code, jit, said = alerts_of("jit", events)
    point(code in (0, 1) and len(jit) > 0, "jit judges " + short, said)
    for engine in ("ir", "oracle"):
        code, out, said = alerts_of(engine, events)
        first = next((a.decode() + " / " + b.decode() for a, b in zip(jit.split(b"\n"), out.split(b"\n")) if a != b), "lengths differ")
        point(out == jit and code in (0, 1), "%s and jit agree on %s" % (engine, short), said + first)
    if expected:
        judged, differences = compare_expected([json.loads(l) for l in jit.splitlines()], lines, expected, every)
        point(judged > 0 and not differences, "expected alerts on %d Sysmon records of %s" % (judged, short), "\n".join(differences))


def test_cases():
    """What `sigmaton test` makes of the shared vectors and of the recorded samples."""
    vectors = sorted(glob.glob(os.path.join(SHARED, "vectors", "*.json")))
    done = sigmaton("test", "--engine", "all", *vectors)
    said = done.stdout.decode(errors="replace")
    wrong = [l for l in said.splitlines() if l.startswith("FAIL ") and not l.startswith("FAIL reject-correlation-")]
    point(bool(vectors) and re.search(r"^\d+ passed, \d+ failed, \d+ skipped$", said, re.M) and not wrong, "every vector passes in every engine", said)
    samples = os.path.join(SHARED, "regression")
    if os.path.isdir(samples):
        done = sigmaton("test", samples, *rule_args(), "--engine", "all")
        said = done.stdout.decode(errors="replace")
        n = sum("info.yml" in names for _, _, names in os.walk(samples))
        point(done.returncode == 0 and said.endswith("%d passed, 0 failed, 0 skipped\n" % n), "%d regression samples hit as declared" % n, said)


def main():
    if not os.path.isdir(os.path.join(SHARED, "sigmahq")):
        skip_all("no rule corpus in " + SHARED)
    every = SLICE if DEPTH == "quick" else 1
    test_pack(os.path.join(SHARED, "sigmahq", "rules", "windows", "process_creation"))
    mixed = "otrf/atomic__windows__lateral_movement__host__empire_wmi_dcerpc_wmi_IWbemServices_ExecMethod.ndjson.zst"
    test_cases()
    with tempfile.TemporaryDirectory() as into:
        test_events("process-creation.ndjson.zst", "process-creation-expected.ndjson", into, every)
        test_events(mixed, "mixed-expected.ndjson", into, every)
    print("1..%d" % count)


main()
