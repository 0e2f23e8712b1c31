"""Points of a test in the Test Anything Protocol, for the scripts beside this one.

    from tap import plan, point, skip"""
count = 0


def point(ok, name, why=""):
    """One point; why it failed, where it did."""
    global count
    count += 1
    print("%sok %d - %s" % ("" if ok else "not ", count, name))
    for line in str(why).splitlines()[:20] if not ok else []:
        print("# " + line)


def skip(name, why):
    """One point that this machine cannot answer."""
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, name, why))


def plan():
    """How many points there were: the last line."""
    print("1..%d" % count)
