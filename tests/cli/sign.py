#!/usr/bin/env python3
"""Signed packs, as TAP. usage: sign.py SIGMATON SIGMATON_RUN SOURCE_ROOT [MAKE_KEY]

MAKE_KEY is there where the build has libsodium; without it every verb must say so. minisign, where it is installed, must
agree in both directions."""
import base64
import fcntl
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import termios

from tap import plan, point, skip

SIGMATON, RUN, ROOT = (os.path.abspath(p) for p in sys.argv[1:4])
MAKE_KEY = os.path.abspath(sys.argv[4]) if len(sys.argv) > 4 else None
DEMO = os.path.join(ROOT, "rules", "demo")
EVENTS = os.path.join(DEMO, "events.ndjson")


def command(*args):
    done = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def read(path, mode="r"):
    with open(path, mode) as f:
        return f.read()


def write(path, data, mode="w"):
    with open(path, mode) as f:
        f.write(data)
    return path


def judges(pack, key, want, phrase, name):
    """Both commands and verify: all alerts, or exit 2, the phrase and no alert."""
    for args in ((SIGMATON, "run"), (RUN,)):
        code, out, said = command(*args, "-q", "-r", pack, "--verify-key", key, EVENTS)
        ok = (code == 0 and len(out.splitlines()) == 7) if want else (code == 2 and phrase in said and out == "")
        point(ok, "%s by %s" % (name, os.path.basename(args[0])), "%d\n%s" % (code, said + out))
    code, out, said = command(SIGMATON, "verify", pack, "--key", key)
    point(code == (0 if want else 2) and phrase in out + said, "%s by verify" % name, "%d\n%s" % (code, said + out))


def with_sodium(folder):
    def at(name):
        return os.path.join(folder, name)

    secret, public, pack = at("k.sec"), at("k.pub"), at("demo.so")
    point(command(MAKE_KEY, secret, public)[0] == 0 and command(MAKE_KEY, at("o.sec"), at("o.pub"), "2")[0] == 0, "keys are made")
    code, out, said = command(SIGMATON, "build", DEMO, "-o", pack, "-q", "--sign", secret)
    point(code == 0 and os.path.exists(pack + ".minisig"), "build --sign", said)
    text = read(pack + ".minisig")
    command(SIGMATON, "build", DEMO, "-o", pack, "-q", "--sign", secret)
    point(text == read(pack + ".minisig"), "the same pack and key, the same signature")
    judges(pack, public, True, "signed", "a key file")
    judges(pack, read(public).split("\n")[1], True, "signed", "a key's base64")
    judges(pack, at("o.pub"), False, "another key", "a wrong key")
    judges(pack, secret, False, "none of minisign's", "a secret key for a public one")
    judges(pack, at("none.pub"), False, "no public key", "no key file")
    judges(pack, write(at("long.pub"), "untrusted comment: " + "x" * 4096), False, "no public key", "a key file that is too large")
    good = read(pack, "rb")
    for place in (0, len(good) // 2, len(good) - 1):
        bad = bytearray(good)
        bad[place] ^= 1
        write(pack, bytes(bad), "wb")
        judges(pack, public, False, "not what was signed", "byte %d changed" % place)
    write(pack, good, "wb")
    write(pack + ".minisig", text + "x" * 16384)
    judges(pack, public, False, "larger", "a signature file that is too large")
    write(pack + ".minisig", "x\n" + text)
    judges(pack, public, False, "damaged", "a malformed signature file")
    os.unlink(pack + ".minisig")
    judges(pack, public, False, "no signature beside", "no signature")
    code, out, said = command(RUN, "-q", "-r", pack, EVENTS)
    point(code == 0 and len(out.splitlines()) == 7, "without a key nothing is asked", said)
    wrong_use(at, secret, public, pack)
    with_password(at, secret, pack)
    interop(at, secret, public, pack)


def wrong_use(at, secret, public, pack):
    raw = bytearray(base64.b64decode(read(secret).split("\n")[1]))

    def key(name, place, value):
        changed = bytearray(raw)
        changed[place] = value
        return write(at(name), "untrusted comment: x\n%s\n" % base64.b64encode(bytes(changed)).decode())

    for name, path, phrase in (("no file", at("none"), "cannot be read"), ("a public key", public, "no secret key"),
                               ("a key locked otherwise", key("p.sec", 2, ord("S")), "newer minisign"), ("another algorithm", key("a.sec", 0, 0), "no secret key"),
                               ("a damaged key", key("d.sec", 70, raw[70] ^ 1), "damaged"), ("a wrong checksum", key("c.sec", 157, 1), "damaged"),
                               ("an endless file", "/dev/zero", "no secret key")):
        code, out, said = command(SIGMATON, "build", DEMO, "-o", at("new.so"), "--sign", path)
        point(code == 2 and phrase in said and not os.path.exists(at("new.so")), "build --sign with %s" % name, said)
    for args in (["-o", "-"], ["-o", at("x.o"), "--emit", "obj"], ["-o", "/dev/null"]):
        code, out, said = command(SIGMATON, "build", DEMO, "--sign", secret, *args)
        point(code == 2 and "pack files" in said, "--sign is for pack files: " + " ".join(args[-2:]), said)
    code, out, said = command(SIGMATON, "run", "-r", DEMO, "--verify-key", public, EVENTS)
    point(code == 2 and "for packs" in said and out == "", "--verify-key is not for rules", said)
    for args in (["verify"], ["verify", pack], ["verify", "--key", public]):
        code, out, said = command(SIGMATON, *args)
        point(code == 2 and out == "", "usage: " + args[-1], said)
    code, out, said = command(SIGMATON, "verify", "--help")
    point(code == 0 and "--key" in out, "verify --help", out)


def on_a_terminal(typed, *args):
    """A command whose terminal is a pseudo one on which that is typed once something is asked; (code, what the terminal said)."""
    ours, theirs = pty.openpty()

    def take():
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    running = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, preexec_fn=take)
    os.close(theirs)
    said = b""
    for answer in [typed, None]:
        while answer is None or not said.rstrip(b" ").endswith(b":"):
            try:
                more = os.read(ours, 4096)
            except OSError:  # nobody holds the other end
                more = b""
            if not more:
                break
            said += more
        if answer is not None:
            os.write(ours, answer)
    os.close(ours)
    return running.wait(), said.decode(errors="replace")


def with_password(at, plain, pack):
    locked, public = at("l.sec"), at("l.pub")
    command(MAKE_KEY, locked, public, "3", "sesam \u00e4")
    build = (SIGMATON, "build", DEMO, "-q", "-o")
    for name, text, phrase in (("the password", "sesam \u00e4", None), ("a line of it", "sesam \u00e4\r\nmore\n", None), ("another", "Sesam \u00e4\n", "wrong"),
                               ("none", "", "wrong"), ("a blank more", "sesam \u00e4 ", "wrong"), ("an endless line", "x" * 5000, "cannot be read")):
        new = at("new.so")
        code, out, said = command(*build, new, "--sign", locked, "--password-file", write(at("word"), text))
        ok = code == 0 and os.path.exists(new) if phrase is None else code == 2 and phrase in said and not os.path.exists(new)
        point(ok, "a locked key, by a file: " + name, said)
        if code == 0:
            judges(new, public, True, "signed", "a pack by a locked key")
            os.unlink(new)
    for name, args, phrase in (("no file of it", (locked, "--password-file", at("none")), "cannot be read"),
                               ("for a key without one", (plain, "--password-file", at("word")), "no password")):
        code, out, said = command(*build, at("new.so"), "--sign", *args)
        point(code == 2 and phrase in said and not os.path.exists(at("new.so")), "a password: " + name, said)
    code, out, said = command(*build, at("new.so"), "--password-file", at("word"))
    point(code == 2 and "--sign" in said, "a password without a key to sign with", said)
    done = subprocess.run((*build, at("new.so"), "--sign", locked), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          start_new_session=True, timeout=60)
    point(done.returncode == 2 and b"--password-file" in done.stderr, "a locked key where there is no terminal", done.stderr)
    typed_passwords(at, build, locked, public)


def typed_passwords(at, build, locked, public):
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return skip("a password that is typed", "there are no pseudo terminals here")
    for name, typed, want in (("typed", "sesam \u00e4\n", 0), ("typed wrong", "sesam\n", 2), ("interrupted", "sesam\x03\n", 2)):
        code, said = on_a_terminal(typed.encode(), *build, at("t.so"), "--sign", locked)
        point(code == want and "Password of " in said and "sesam" not in said, "a password that is " + name, "%d %s" % (code, said))
    code, out, said = command(SIGMATON, "verify", at("t.so"), "--key", public)
    point(code == 0, "the pack whose password was typed", said)


def interop(at, secret, public, pack):
    name = "minisign and sigmaton believe each other"
    if not shutil.which("minisign"):
        return skip(name, "minisign is not installed")
    command(SIGMATON, "build", DEMO, "-o", pack, "-q", "--sign", secret)
    code, out, said = command("minisign", "-V", "-p", public, "-m", pack)
    point(code == 0 and "pack of sigmaton" in out, name + ": ours by minisign", out + said)
    for mode in ([], ["-l"]):
        code, out, said = command("minisign", "-S", "-s", secret, "-m", pack, "-t", "theirs", *mode)
        point(code == 0 and "theirs" in read(pack + ".minisig"), "minisign -S " + " ".join(mode), out + said)
        judges(pack, public, True, "signed", "minisign's signature " + " ".join(mode))
    locked_interop(at, pack)
    code, out, said = command("minisign", "-G", "-W", "-p", at("m.pub"), "-s", at("m.sec"))
    if code != 0:
        return skip(name, "this minisign makes no keys without a password")
    code, out, said = command(SIGMATON, "build", DEMO, "-o", pack, "-q", "--sign", at("m.sec"))
    point(code == 0, "minisign's secret key", said)
    judges(pack, at("m.pub"), True, "signed", "minisign's keys")


def locked_interop(at, pack):
    """minisign's own key with a password: a gibibyte and some seconds each time."""
    made = subprocess.run(("minisign", "-G", "-p", at("w.pub"), "-s", at("w.sec")), input=b"sesam\nsesam\n", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, start_new_session=True)
    if made.returncode != 0:
        return skip("minisign's secret key with a password", "this minisign, or the memory here, makes none without a terminal")
    code, out, said = command(SIGMATON, "build", DEMO, "-o", pack, "-q", "--sign", at("w.sec"), "--password-file", write(at("word"), "sesam"))
    point(code == 0, "minisign's secret key with a password", said)
    judges(pack, at("w.pub"), True, "signed", "minisign's keys with a password")


def without(folder):
    pack, key = os.path.join(folder, "demo.so"), "RW" + "A" * 54
    code, out, said = command(SIGMATON, "build", DEMO, "-o", pack, "--sign", pack)
    point(code == 2 and "libsodium" in said and not os.path.exists(pack), "build --sign says what is missing", said)
    command(SIGMATON, "build", DEMO, "-o", pack, "-q")
    judges(pack, key, False, "libsodium", "refused without libsodium")


def main():
    if not any(shutil.which(n) for n in ("ld.lld", "ld.lld-19", "ld", "cc")):
        print("1..0 # SKIP no linker")
        return
    with tempfile.TemporaryDirectory() as folder:
        (with_sodium if MAKE_KEY else without)(folder)
    plan()


main()
