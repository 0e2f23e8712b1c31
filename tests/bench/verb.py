#!/usr/bin/env python3
"""`sigmaton bench` on the demo rules and events, as TAP. usage: verb.py SIGMATON SOURCE_ROOT [ALLOC_COUNT]"""
import html.parser
import json
import os
import shutil
import subprocess
import sys
import tempfile

SIGMATON, ROOT = os.path.abspath(sys.argv[1]), sys.argv[2]
COUNTER = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 and sys.argv[3] else ""
DEMO = os.path.join(ROOT, "rules", "demo")
EVENTS = os.path.join(DEMO, "events.ndjson")
count = 0


def point(ok, name, why=""):
    global count
    count += 1
    print("%sok %d - %s" % ("" if ok else "not ", count, name))
    for line in str(why).splitlines()[:20] if not ok else []:
        print("# " + line)


def run(*args, **env):
    done = subprocess.run([SIGMATON] + list(args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=300, env={**os.environ, **env})
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def fnv(data):
    """The digest: FNV-1a, 64 bits."""
    h = 0xCBF29CE484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return "%016x" % h


def usage(folder):
    empty, missing = os.path.join(folder, "empty.ndjson"), os.path.join(folder, "none")
    open(empty, "w").write("\n\n")
    for args, want in ((["-r", DEMO], "no events"), (["-r", DEMO, missing], "cannot read"), ([EVENTS], "no rules"), (["-r", DEMO, empty], "no event in"),
                       (["-r", DEMO, folder], "cannot read"), (["-r", DEMO, EVENTS, "--rounds", "0"], "a number from 1 to 1000"),
                       (["-r", DEMO, EVENTS, "--class", "Security"], "CHANNEL:ID"), (["-r", DEMO, EVENTS, "--class", "Security:4a"], "CHANNEL:ID"),
                       (["-r", DEMO, EVENTS, "--growth-rules", "0"], "a number from 1 to 1000000"),
                       (["-r", DEMO, EVENTS, "--threads", "65"], "a number from 1 to 64"), (["-r", DEMO, EVENTS, "--class", "Nowhere:7"], "no event is of"),
                       (["-r", DEMO, EVENTS, "--attack-lines", "x"], "needs --attack"),
                       (["-r", DEMO, EVENTS, "--rounds", "1001"], "a number from 1 to 1000"), (["-r", DEMO, EVENTS, "--engine", "fast"], "--engine takes")):
        code, out, err = run("bench", *args)
        point(code == 2 and want in err and out == "", "bench %s: %s" % (" ".join(args[-2:]).replace(folder, ""), want), err)


def positive(stat):
    return 0 < stat["min"] <= stat["q1"] <= stat["median"] <= stat["q3"] <= stat["max"]


def check_times(times, floor, name):
    wanted = ["newlines", "end_to_end", "match_only"] + (["floor"] if floor else [])
    point(all(w in times and positive(times[w]["ns_per_event"]) for w in wanted), "%s: %s are timed" % (name, ", ".join(wanted)), times)
    if floor:
        point(positive(times["end_to_end"]["ratio"]) and times["floor"]["ratio"]["median"] == 1, "%s: the ratio is to the floor of the same round" % name, times)


def results(result):
    start = result["start"]["cold"]
    point(result["start"]["yaml_ms"] > 0 and result["start"]["yaml_events"] > 50, "libyaml alone, beside the starts", result["start"])
    phases = sum(v for k, v in start.items() if k not in ("total_ms", "cpu_ms"))
    point(0 < phases <= start["total_ms"] * 1.01, "the phases of a start add up to no more than the start", start)
    point(result["pack_bytes"] > 0 and 0 < result["scratch_ordinary"] <= result["scratch_bytes"], "sizes of pack and scratch", result)
    n_events = sum(1 for line in open(EVENTS) if line.strip())
    alerts = run("run", "-q", "-r", DEMO, EVENTS)[1]
    for engine in result["engines"]:
        point(engine["all"]["events"] == n_events and engine["all"]["alerts"] == len(alerts.splitlines()), "events and alerts are those of run", engine)
        point(engine["digest"] == fnv(alerts.encode()), "the digest is that of what run prints", engine["digest"])
        check_times({**engine["all"], "match_only": engine["all"].get("match_only", engine["all"]["newlines"])}, result["floor"] != "none", engine["engine"])
        point([s["name"] for s in engine["sets"]] == [EVENTS], "one set per file", engine["sets"])


VARIED = {"Channel": "Microsoft-Windows-Sysmon/Operational", "EventID": 1, "UtcTime": "2026-11-21 10:00:00.000", "ProcessId": 123456,
          "ProcessGuid": "{19de6d3b-1972-64dc-0f0c-000000000c00}", "Image": "C:\\\\Windows\\\\System32\\\\x\u00e9.exe", "Hashes": "SHA1=5CC5DB09B1F1615A",
          "CommandLine": "C:\\Users\\jane\\a.exe -p 4455 10.0.19041.1", "User": "CORP\\jane"}


def varied(folder):
    """Rules that see each kind of value that may or may not be varied."""
    rules, events = os.path.join(folder, "rules"), os.path.join(folder, "varied.ndjson")
    os.mkdir(rules)
    for i, test in enumerate(("ProcessId: 123456", "User: 'CORP\\jane'", "CommandLine|contains: '19041.1'", "Image|contains: 'System32'", "UtcTime|startswith: '2026'")):
        open(os.path.join(rules, "%d.yml" % i), "w").write(
            "title: T%d\nlogsource: {product: windows}\ndetection:\n  sel: {%s}\n  condition: sel\n" % (i, test))
    plain = {k: v for k, v in VARIED.items() if k not in ("ProcessId", "User")}
    open(events, "w").write("".join(json.dumps(e, separators=(",", ":")) + "\n" for e in [VARIED] * 3 + [plain] * 5))
    code, out, err = run("bench", "-q", "-r", rules, events, "--json", "--rounds", "4", "--vary", "--logsource", "none")
    got = json.loads(out)["engines"][0]
    point(code == 0 and got["varied"] == {"changed": 20, "reverted": 12}, "events are varied unless other rules would hit", out + err)
    code, out, err = run("bench", "-q", "-r", rules, events, "--json", "--rounds", "2", "--by-class", "--by-rule", "--slowest", "--threads", "2", "--class",
                         "microsoft-windows-sysmon/operational:1")
    got = json.loads(out)["engines"][0]
    point(code == 0 and got["all"]["events"] == 8 and len(got["sets"]) == 1, "a class is one set", out + err)
    costs = {r["title"]: r for r in got["rules"]["asked"]}
    point(got["rules"]["events"] == 8 and costs["T3"]["candidates"] == costs["T3"]["hits"] == 8 and costs["T0"]["hits"] == costs["T1"]["hits"] == 3
          and all(r["ns"] >= 0 and r["file"] == r["title"][1:] + ".yml" for r in costs.values()), "what each rule costs", got["rules"])
    point([r["ns"] for r in got["rules"]["asked"]] == sorted((r["ns"] for r in costs.values()), reverse=True), "the dearest rule first", got["rules"])
    single, threads = got["single"], got["threads"]
    point(single["events"] == 8 and 0 < single["p50_ns"] <= single["p99_ns"] <= single["p999_ns"] <= single["max_ns"] == single["slowest"][0]["ns"],
          "single events", single)
    point(threads["n"] == 2 and all(positive(threads[k]) for k in ("one_ns_per_event", "ns_per_event", "speedup", "cpu_ratio")), "threads", threads)
    open(events, "a").write("".join('{"Channel":"Security","EventID":"4688","ProcessId":"%d"}\n' % i for i in range(30)))
    code, out, err = run("bench", "-q", "-r", rules, events, "--json", "--rounds", "2", "--by-class", "--vary")
    classes = json.loads(out)["engines"][0]["classes"]
    point([(c["channel"], c["event_id"], c["of"]) for c in classes] == [("Security", 4688, 30)], "classes of 20 events and more", classes)


def pack(folder):
    path = os.path.join(folder, "pack.so")
    code, out, err = run("build", "-q", DEMO, "-o", path)
    if code != 0:
        print("# no linker: a pack file is not measured (%s)" % err.strip())
        return
    code, out, err = run("bench", "-q", "-r", path, EVENTS, "--json", "--rounds", "2", "--by-rule", "--by-class")
    got = json.loads(out) if code == 0 else {}
    point(code == 0 and got["engines"][0]["engine"] == "aot" and got["engines"][0]["digest"] == fnv(run("run", "-q", "-r", DEMO, EVENTS)[1].encode()),
          "a pack file is measured, its alerts are those of its rules", out + err)
    for args, want in ((["-r", path, "-r", path], "give one -r"), (["-r", path, "--growth"], "want rules"), (["-r", path, "--engine", "ir"], "its own code")):
        code, out, err = run("bench", *args, EVENTS)
        point(code == 2 and want in err, "bench of a pack: %s" % want, err)
    broken = os.path.join(folder, "broken.so")
    open(broken, "wb").write(open(path, "rb").read()[:-1])
    point(run("bench", "-q", "-r", broken, EVENTS)[0] == 2, "a damaged pack is refused", "")


class Page(html.parser.HTMLParser):
    """Elements that are closed in order, and what they refer to."""

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.tags, self.links = [], [], [], []
        self.feed(text)
        self.faults += self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [v for k, v in attributes if k in ("src", "href", "xlink:href", "srcset", "data", "action")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


ATTACKED = """title: A
logsource: {product: windows, category: process_creation}
detection:
  sel: {CommandLine|contains: ['powershell', 'say "hi\\there"']}
  re: {CommandLine|re: 'for(each)?[0-9]+x'}
  condition: sel or re
"""


def attack(folder):
    rule, lines = os.path.join(folder, "attacked.yml"), os.path.join(folder, "attack.ndjson")
    open(rule, "w").write(ATTACKED)
    code, out, err = run("bench", "-q", "-r", rule, EVENTS, "--json", "--rounds", "1", "--attack", "--attack-lines", lines)
    got = json.loads(out)["engines"][0]["attack"]
    events = [json.loads(line) for line in open(lines)]
    point(code == 0 and got["lines"] == len(events) and got["bytes"] == os.path.getsize(lines), "attack lines are events", out + err)
    point(set(got) == {"lines", "bytes", "prefixes", "one", "escaped", "bait", "whole"} and all(65536 <= got[k]["bytes"] < 70000 and got[k]["ns_per_byte"] > 0 for k in got if k not in ("lines", "bytes")),
          "each kind of 64 KiB", got)
    point(any(e.get("Channel", "").lower() == "microsoft-windows-sysmon/operational" and e["EventID"] == 1 for e in events) and any("Channel" not in e for e in events),
          "classes, and events that meet every rule", [list(e) for e in events])
    texts = [e.get("CommandLine", "").lower() for e in events]
    point(any("powershell" in t for t in texts) and any("powershel" in t and "powershell" not in t for t in texts), "prefixes, and whole witnesses", "")
    again = os.path.join(folder, "again.ndjson")
    run("bench", "-q", "-r", rule, EVENTS, "--json", "--rounds", "1", "--attack", "--attack-lines", again)
    point(open(again).read() == open(lines).read(), "the same pack is attacked by the same lines", "")


def growth(folder):
    path = os.path.join(folder, "page.html")
    code, out, err = run("bench", "-q", "-r", DEMO, EVENTS, "--json", "--rounds", "1", "--growth", "--growth-rules", "50", "--html", path)
    text = open(path).read()
    page = Page(text)
    point(not page.faults and not page.links and "script" not in page.tags and "url(" not in text and "@import" not in text,
          "the page is whole and loads nothing", page.faults + page.links)
    point(page.tags.count("svg") >= 3 and page.tags.count("circle") == 2 and page.tags.count("rect") >= 15, "the page has its plots", page.tags)
    point(run("bench", "-q", "-r", DEMO, EVENTS, "--rounds", "1", "--html", os.path.join(folder, "no", "page"))[0] == 2, "a page that cannot be written is exit 2")
    got = json.loads(out)["growth"]
    few, many = got["points"]
    point(code == 0 and (few["rules"], many["rules"]) == (1, 50) and got["mutants"] == 49 <= got["texts_cut"], "growth by mutated copies", out + err)
    point(0.999 < many["hits_per_event"] / few["hits_per_event"] / 50 < 1.1, "copies keep the hit rate", got["points"])
    point(few["times"]["median"] == 1 and positive(many["times"]) and positive(many["ns_per_event"]), "growth is told in times of the smallest pack", got["points"])


def measure(folder):
    """The script that takes shared data: without them it skips and says so, with demo data of that form it prints its table."""
    script, build = os.path.join(ROOT, "tests", "bench", "measure"), os.path.dirname(os.path.dirname(os.path.dirname(SIGMATON)))

    def measured(*args):
        done = subprocess.run([sys.executable, script, build, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, text=True)
        return done.returncode, done.stdout

    point(measured("--data", folder) == (0, "measure: skipped, %s has no sigmahq/ and events/\n" % folder), "measure without data", "")
    for name in ("sigmahq/rules", "sigmahq/rules-emerging-threats", "sigmahq/rules-threat-hunting", "events/otrf"):
        os.makedirs(os.path.join(folder, name))
    shutil.copytree(DEMO, os.path.join(folder, "sigmahq", "rules", "demo"))
    for name in ("process-creation.ndjson", "otrf/a.ndjson"):
        shutil.copy(EVENTS, os.path.join(folder, "events", name))
    code, out = measured("--data", folder, "--rounds", "2", "--only", "start,process,allocations")
    point(code == 0 and all(w in out for w in ("cold start", "bare libyaml", "match-only, process creation", "allocations")), "measure prints its table", out)
    code, out = measured("--data", folder, "--only", "nothing")
    point(code == 1 and "no part nothing" in out, "measure knows its parts", out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        usage(folder)
        varied(folder)
        pack(folder)
        attack(folder)
        growth(folder)
        measure(os.path.join(folder, "data"))
        code, out, err = run("bench", "-q", "-r", DEMO, EVENTS, "--json", "--rounds", "3", "--engine", "all", **({"LD_PRELOAD": COUNTER} if COUNTER else {}))
        point(code == 0, "bench of the demo", err)
        result = json.loads(out)
        results(result)
        engines = [e["engine"] for e in result["engines"]]
        point(engines[:3] == ["jit", "aot", "ir"] and result["agree"] is True, "all engines of the build, and they agree", engines)
        if COUNTER:
            # Once per pass: the line buffer, the output buffer, two bitmaps of the rules.
            counts = [e["all"]["allocations"] for e in result["engines"] if e["engine"] != "oracle"]
            point(all(0 < n <= 8 for n in counts), "allocations of a pass do not grow with its events", counts)
            big = os.path.join(folder, "big.ndjson")
            open(big, "w").write(open(EVENTS).read() * 50)
            code, out, err = run("bench", "-q", "-r", DEMO, big, "--json", "--rounds", "1", LD_PRELOAD=COUNTER)
            point(json.loads(out)["engines"][0]["all"]["allocations"] == counts[0], "allocations of fifty times the events are the same", out)
        broken = os.path.join(folder, "broken.ndjson")
        open(broken, "w").write('{"EventID":1}\n{\n\n')
        code, out, err = run("bench", "-q", "-r", DEMO, broken, "--rounds", "1")
        point(code == 1 and "(1 unreadable)" in out, "an unreadable event is told, exit 1", out + err)
        with open("/dev/full", "w") as full:
            done = subprocess.run([SIGMATON, "bench", "-q", "-r", DEMO, EVENTS, "--rounds", "1"], stdout=full, stderr=subprocess.PIPE, timeout=300)
            point(done.returncode == 2, "a full disk is exit 2", done.stderr)
    print("1..%d" % count)


main()
