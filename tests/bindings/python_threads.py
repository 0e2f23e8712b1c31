#!/usr/bin/env python3
"""The Python package under threads, and used wrongly. usage: python_threads.py PACK EVENTS; prints nothing where all is well."""
import sys
import threading

import sigmaton

PACK, EVENTS = sys.argv[1:]
LINES = open(EVENTS, "rb").read().splitlines()
ROUNDS, THREADS, SWAPS = 100, 3, 20


def expect(error, what, call):
    try:
        call()
    except error:
        return
    sys.exit("no %s: %s" % (error.__name__, what))


def threads(alerts):
    live, found = sigmaton.Live(sigmaton.Engine(PACK)), []

    def judge():
        with live.reader() as reader:
            found.append(sum(len(reader.judge(line)) for _ in range(ROUNDS) for line in LINES))

    running = [threading.Thread(target=judge) for _ in range(THREADS)]
    for thread in running:
        thread.start()
    for _ in range(SWAPS):
        live.swap(sigmaton.Engine(PACK))
    for thread in running:
        thread.join()
    if found != [ROUNDS * alerts] * THREADS:
        sys.exit("threads found %s alerts, not %d" % (found, ROUNDS * alerts))


def main():
    engine = sigmaton.Engine(PACK)
    scratch = engine.scratch()
    threads(sum(len(scratch.judge(line)) for line in LINES))
    expect(TypeError, "an object as a value", lambda: scratch.judge({"a": object()}))
    expect(sigmaton.EventError, "no event", lambda: scratch.judge(""))
    engine.close()
    expect(ValueError, "a scratch of a closed engine", lambda: scratch.judge(LINES[0]))
    expect(ValueError, "a closed engine given away", lambda: sigmaton.Live(engine))


main()
