#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# limit: 300 seconds
"""libnss_portbook.so.2 under the C library, in a root of our own: what it
answers held against the official XML, and how it behaves when the image is
replaced, damaged, gone or somebody else's.

In a mount namespace /var/lib is an empty folder with the image in it, and
/etc/nsswitch.conf is ours.  What has to do with threads, forks and memory is
done by programs of which the module's sources are a part, under sanitizers.
"""
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "exports")]

import oracle  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import (cannot, counts, expect, finish,  # noqa: E402
                            skip)
from common.program import BUILD, SOURCE, build  # noqa: E402

OLD = "2015-05-04.xml"
NAMES = SOURCE / "data" / "names.tsv"
MODULE = BUILD / "src/nss/libnss_portbook.so.2"
PUBLIC = pathlib.Path("/var/lib/portbook/public/1")
TRANSPORTS = oracle.TRANSPORTS
# Nothing of these is for a module that runs in everybody's programs.
FORBIDDEN = {"getenv", "secure_getenv", "environ", "malloc", "calloc",
             "realloc", "free", "pthread_mutex_lock", "exit", "abort",
             "__tls_get_addr", "printf", "puts", "write"}

# Sections of portbook-image(5): lines, and with them the hash of names.
LINES = {38, 39, 40, 41}
ANSWERS = LINES | {8}


def run(*words, stdin="", status=0, **env):
    done = subprocess.run(
        [str(w) for w in words], input=stdin, capture_output=True, text=True,
        timeout=120, env={**os.environ, "LD_LIBRARY_PATH": str(MODULE.parent),
                          **env})
    if done.returncode != status:
        expect("%s: its status; %s %s" % (
            " ".join(map(str, words[:3])), done.stdout[-500:],
            done.stderr[-1500:]), done.returncode, status)
    return done.stdout


# Inside: the root of our own.

def publish(image, name):
    folder = PUBLIC / name
    folder.mkdir(parents=True)
    shutil.copy(image, folder / "registry.image")
    (folder / "registry.image").chmod(0o444)
    (PUBLIC / "next").symlink_to(name)
    (PUBLIC / "next").rename(PUBLIC / "current")


def nsswitch(line):
    pathlib.Path("/etc/nsswitch.conf").write_text("services: %s\n" % line)


def prepare(tmp):
    subprocess.run(["mount", "-t", "tmpfs", "none", "/var/lib"], check=True)
    own = tmp / "nsswitch.conf"
    own.write_text("")
    subprocess.run(["mount", "--bind", own, "/etc/nsswitch.conf"], check=True)
    nsswitch("portbook")


def told(port, transport, names):
    return " ".join([names[0], str(port), transport, *names[1:]])


def sorted_aliases(line):
    words = line.split()
    return (*words[:3], *sorted(words[3:]))


def test_answers():
    """Every entry, every port, every name and alias of the registry."""
    services = oracle.Oracle(official.NEWEST, NAMES).services()
    entries = sorted(services.items(),
                     key=lambda e: (e[0][0], TRANSPORTS.index(e[0][1])))
    by_name = {}
    for (port, transport), names in entries:
        for name in names:
            by_name.setdefault((name, transport), (port, transport))
    unnamed = [(p, t) for p in range(0, 65536, 61) for t in TRANSPORTS
               if (p, t) not in services]
    queries = ["port %d %s" % key for key in [*services, *unnamed]]
    queries += ["name %s %s" % key for key in by_name]
    queries += ["name %s %s" % (n.swapcase(), t) for n, t in by_name]
    queries += ["name no-such-name tcp", "name https icmp"]
    out = run("python3", HERE.parent / "exports/glibc.py",
              stdin="\n".join(["list", *queries]) + "\n")
    listed, _, answers = out.partition("\n\n")
    lines = {key: sorted_aliases(told(*key, names))
             for key, names in services.items()}
    expect("getservent: %d entries" % len(entries),
           [sorted_aliases(line) for line in listed.splitlines()],
           [lines[key] for key, _ in entries])
    wanted = [*(lines[k] for k in services), *(("-",) for _ in unnamed),
              *(lines[k] for k in by_name.values()),
              *(lines[k] for k in by_name.values()), ("-",), ("-",)]
    ours = [sorted_aliases(line) for line in answers.splitlines()]
    expect("getservbyport and getservbyname: %d answers" % len(queries),
           dict(zip(queries, ours)), dict(zip(queries, wanted)))
    expect("as many", len(ours), len(queries))


def test_manual():
    """What nss_portbook(8) shows is what comes out."""
    manual = (SOURCE / "man/nss_portbook.8").read_text()
    shown = manual.partition(".Sh EXAMPLES")[2].partition(".Sh ")[0]
    lines = re.findall(r"^\.Dl (.*)$", shown, re.M)
    expect("examples in nss_portbook(8)", len(lines) >= 4, True)
    for command, wanted in zip(lines[::2], lines[1::2]):
        expect("nss_portbook(8): " + command,
               run("sh", "-c", command.removeprefix("$ ")), wanted + "\n")


def test_programs():
    def getent(*words, status=0):
        return [" ".join(line.split()) for line in
                run("getent", "services", *words, status=status).splitlines()]

    expect("getent", getent("https", "8001/tcp", "2049/udp", "x11", "WHOIS"),
           ["https 443/tcp", "vcom-tunnel 8001/tcp", "nfs 2049/udp shilp nfsd",
            "x11 6000/tcp", "nicname 43/tcp whois"])
    expect("getent finds nothing", getent("no-such-name", status=2), [])
    expect("preferred names", getent(
        "2049/tcp", "465/tcp", "6063/tcp", "80/tcp"),
        ["nfs 2049/tcp shilp nfsd",
         "submissions 465/tcp " + " ".join(
             getent("465/tcp")[0].split()[2:]),
         "x11 6063/tcp", "http 80/tcp www www-http"])
    expect("Python", run("python3", "-c", (
        "import socket as s;print(s.getservbyname('vcom-tunnel'),"
        "s.getservbyport(8001,'udp'),"
        "s.getaddrinfo('127.0.0.1','vcom-tunnel',type=s.SOCK_STREAM)[0][4])")),
        "8001 vcom-tunnel ('127.0.0.1', 8001)\n")
    if shutil.which("perl"):
        expect("Perl", run("perl", "-e", (
            "@a = getservbyname('vcom-tunnel', 'tcp'); print $a[2], ' ';"
            "print scalar getservbyport(2049, 'tcp'), ' ';"
            "$n = 0; $n++ while getservent(); print $n > 11000, qq(\\n);")),
            "8001 nfs 1\n")
    if shutil.which("ssh"):
        expect("ssh", re.findall(r"^port .*$", run(
            "ssh", "-G", "-p", "vcom-tunnel", "host", HOME="/"), re.M),
            ["port 8001"])
    else:
        skip("ssh", "it is not installed")
    nsswitch("portbook files")
    with open("/etc/services", encoding="utf-8") as stock:
        theirs = {line.split()[0] for line in stock
                  if line.strip() and line[0] != "#"}
    services = oracle.Oracle(official.NEWEST, NAMES).services()
    missing = theirs - {n for names in services.values() for n in names}
    name = sorted(missing)[0]
    expect("what the registry has not comes from files: " + name,
           getent(name)[0].split()[0], name)
    nsswitch("portbook")


def test_direct(calls):
    for what in ("buffers", "quiet", "status", "reload", "fork"):
        expect(what, run(calls, MODULE, what), "")


def test_valgrind():
    if shutil.which("valgrind") is None:
        skip("valgrind", "it is not installed")
        return
    for words in (("https", "80/tcp", "no-such-name"), ()):
        run("valgrind", "-q", "--leak-check=full", "--error-exitcode=9",
            "getent", "services", *words,
            status=2 if words else 0)
        expect("valgrind: getent services " + " ".join(words), True, True)


def test_chroot(chroot, tmp):
    empty = tmp / "empty"
    empty.mkdir()
    expect("chroot: goes on with what it has", run(chroot, empty),
           "vcom-tunnel\nvcom-tunnel\n")


def test_stack(stack):
    services = oracle.Oracle(official.NEWEST, NAMES).services()
    expect("answers in a thread with a small stack", run(stack),
           "%d\n" % (len({port for port, _ in services}) + 4))


def test_setuid(tmp):
    """Who started a program that runs as root has no say in what it is told,
    and the module opens nothing but the image."""
    home = pathlib.Path("/var/lib/home")
    module = pathlib.Path("/var/lib/module")
    old = home / ".local/state/portbook/public/1/current/registry.image"
    old.parent.mkdir(parents=True)
    shutil.copy(tmp / "old.image", old)
    old.chmod(0o444)
    module.mkdir()
    for path in (tmp / "setuid", MODULE):
        shutil.copy(path, module)
    program = module / "setuid"
    program.chmod(0o4755)
    for path in (home, *home.rglob("*")):
        os.chown(path, 65534, 65534)
    env = {"HOME": home, "XDG_STATE_HOME": home / ".local/state",
           "PORTBOOK_REGISTRY": old, "PORTBOOK_STATE": home,
           "LD_LIBRARY_PATH": home, "TMPDIR": home, "TZ": ":/no/zone"}
    words, log = [program], tmp / "strace"
    trace = ["strace", "-u", "nobody", "-e", "trace=%file", "-o", log]
    if shutil.which("strace") and subprocess.run(
            [*trace, "true"], capture_output=True).returncode == 0:
        done = subprocess.run([*trace, *words], env={**os.environ, **env},
                              capture_output=True, text=True)
    else:
        log = None
        skip("what a setuid program opens", "strace cannot be run")
        done = subprocess.run(words, env={**os.environ, **env}, user=65534,
                              capture_output=True, text=True)
    # In the user's image, 465/tcp is called urd.
    expect("setuid: uids and answer; " + done.stderr[-500:], done.stdout,
           "65534 0 submissions\n")
    if log is not None:
        _, _, behind = log.read_text().partition("/libnss_portbook.so.2\", ")
        expect("setuid: what the module opens",
               re.findall(r'^\w+\([^"\n]*"([^"\n]+)"', behind, re.M),
               [str(PUBLIC / "current" / "registry.image")])


def unavailable(calls, what):
    expect("%s: no image" % what, run(calls, MODULE, "none"), "")


def test_refused(calls, newest):
    """Of an image that must not or cannot be read, files answers."""
    image = PUBLIC / "current" / "registry.image"
    for mode in (0o464, 0o446, 0o666):
        image.chmod(mode)
        unavailable(calls, "mode %o" % mode)
    image.chmod(0o444)
    expect("mode 444: status", run(calls, MODULE, "status"), "")
    data = newest.read_bytes()
    for n, bad in enumerate((b"", b"x" * 500, data[:31], data[:1000],
                             data[:len(data) // 2], data[:-1],
                             data[:6] + b"9" + data[7:])):
        path = newest.with_name("bad%d" % n)
        path.write_bytes(bad)
        publish(path, "bad%d" % n)
        unavailable(calls, "bad image %d" % n)
    nsswitch("portbook files")
    expect("a bad image: files answers",
           run("getent", "services", "https").split(), ["https", "443/tcp"])
    older = without_lines(newest, newest.with_name("older.image"))
    publish(older, "older")
    unavailable(calls, "an image of an older version")
    (PUBLIC / "current").unlink()
    unavailable(calls, "none")
    expect("no image: files answers",
           run("getent", "services", "https").split(), ["https", "443/tcp"])
    with open("/etc/services", encoding="utf-8") as stock:
        lines = [line for line in stock if line.partition("#")[0].split()]
    expect("no image: files lists what it has",
           len(run("getent", "services").splitlines()), len(lines))
    nsswitch("portbook")


def test_running():
    """A process that goes on: another image, one made writable, none."""
    script = ("import socket as s, sys, time\n"
              "for line in sys.stdin:\n"
              "    time.sleep(1.2)\n"
              "    try: print(s.getservbyport(int(line), 'tcp'), flush=1)\n"
              "    except OSError: print('-', flush=1)\n")
    process = subprocess.Popen(
        ["python3", "-c", script], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "LD_LIBRARY_PATH": str(MODULE.parent)})

    def ask(port):
        process.stdin.write("%d\n" % port)
        process.stdin.flush()
        return process.stdout.readline().strip()

    # 465/tcp has got a name by which it is to be called.
    nsswitch("portbook")
    (PUBLIC / "next").symlink_to("old")
    (PUBLIC / "next").rename(PUBLIC / "current")
    expect("the old image", ask(465), "urd")
    (PUBLIC / "next").symlink_to("new")
    (PUBLIC / "next").rename(PUBLIC / "current")
    expect("the new image", ask(465), "submissions")
    (PUBLIC / "current").unlink()
    expect("the image is gone: it goes on", ask(465), "submissions")
    (PUBLIC / "next").symlink_to("new")
    (PUBLIC / "next").rename(PUBLIC / "current")
    (PUBLIC / "new/registry.image").chmod(0o664)
    expect("the image can be written to: it is dropped", ask(465), "-")
    (PUBLIC / "new/registry.image").chmod(0o444)
    expect("and taken again", ask(465), "submissions")
    process.stdin.close()
    process.wait()


def inside(tmp):
    newest, old = tmp / "newest.image", tmp / "old.image"
    calls, chroot = tmp / "calls", tmp / "chroot"
    prepare(tmp)
    unavailable(calls, "before anything is published")
    publish(old, "old")
    publish(newest, "new")
    test_answers()
    test_programs()
    test_manual()
    test_direct(calls)
    test_chroot(chroot, tmp)
    test_stack(tmp / "stack")
    if pathlib.Path("/proc/self/uid_map").read_text().split() == [
            "0", "0", "4294967295"]:
        test_setuid(tmp)
    else:
        skip("a setuid program", "this is not root of the machine")
    test_valgrind()
    test_running()
    test_refused(calls, newest)


# Outside: symbols, and the module's sources under sanitizers.

def test_symbols():
    wanted = set(re.findall(r"^\t(\w+);", (
        SOURCE / "src/nss/nss_portbook.map").read_text(), re.M))
    out = run("nm", "-D", "--defined-only", MODULE)
    expect("symbols", {line.split()[2] for line in out.splitlines()}, wanted)
    expect("they are all _nss_portbook_",
           {n for n in wanted if not n.startswith("_nss_portbook_")}, set())
    out = run("nm", "-D", "--undefined-only", MODULE)
    needs = {line.split()[-1].partition("@")[0] for line in out.splitlines()}
    expect("asked of the C library", needs & FORBIDDEN, set())
    out = run("readelf", "-dlW", MODULE)
    expect("soname", re.findall(r"soname: \[(.*?)\]", out),
           ["libnss_portbook.so.2"])
    expect("thread-local storage", re.findall(r"^ *TLS .*$", out, re.M), [])


def compile_stress(tmp, name, *flags, main="stress.c"):
    """The sources that the module is made of, and what they need."""
    sources = [*(SOURCE / "src/nss").glob("*.c"),
               *(SOURCE / "src" / path for path in (
                   "image/line.c", "image/open.c", "base/error.c",
                   "base/hash.c", "base/span.c", "terms/protocol.c"))]
    program = tmp / name
    done = subprocess.run(
        ["clang", "-std=gnu17", "-D_GNU_SOURCE", "-O1", "-g", *flags,
         "-DNSS_IMAGE=\"link\"", "-DLOOK_NS=1", "-ffunction-sections",
         "-Wl,--gc-sections", "-I", SOURCE / "src", "-I", SOURCE / "include",
         "-o", program, HERE / main, *sources, "-lpthread"],
        capture_output=True, text=True)
    expect("compiling %s: %s" % (name, done.stderr[-1500:]),
           done.returncode, 0)
    return program


def sections(data):
    """Where the sections begin and end, by id."""
    table = struct.iter_unpack("<IIQQQ", data[32:32 + 32 * data[12]])
    return {id: (off, off + size * count)
            for id, size, off, count, _ in table}


def without_lines(image, path):
    """The same as a version of the format without lines would have it."""
    data = bytearray(image.read_bytes())
    for at in range(32, 32 + 32 * data[12], 32):
        if data[at] in LINES:
            data[at] += 100
    path.write_bytes(data)
    return path


def damaged(tmp, image, rng):
    """Copies in which bytes, or numbers, are others: anywhere in some, in the
    rest where what is answered comes from."""
    data = image.read_bytes()
    spans = [span for id, span in sections(data).items() if id in ANSWERS]
    for n in range(36):
        copy = bytearray(data)
        for _ in range(rng.choice((1, 20, 4000))):
            # Behind the header, or it would just be refused.
            start, end = rng.choice(spans) if n % 3 else (2048, len(copy))
            at = rng.randrange(start, end - 4)
            copy[at:at + 4] = rng.choice(
                (b"\xff" * 4, b"\0" * 4, rng.randbytes(4),
                 (rng.randrange(1 << 16)).to_bytes(4, "little")))
        path = tmp / ("damaged%d.image" % n)
        path.write_bytes(copy)
        path.chmod(0o444)
        yield path


def test_stress(tmp, newest, old, rng):
    folder = tmp / "stress"
    folder.mkdir()
    os.chdir(folder)
    newest.chmod(0o444)
    old.chmod(0o444)
    plain = compile_stress(tmp, "plain")
    address = compile_stress(tmp, "address", "-fsanitize=address,undefined",
                             "-fno-sanitize-recover=all")
    thread = compile_stress(tmp, "thread", "-fsanitize=thread")
    for name, program, what in (
            ("16 threads", plain, "turn"), ("16 threads, ASan", address,
                                            "turn"),
            ("16 threads, TSan", thread, "turn"), ("forks", plain, "fork")):
        start = time.monotonic()
        expect("%s, the image replaced 150 times" % name,
               run(program, what, newest, old), "ok\n")
        print("%s: %.1f s" % (name, time.monotonic() - start))
    first = compile_stress(tmp, "first", "-Wl,--wrap=image_open_fd",
                           main="first.c")
    (folder / "link").unlink()
    (folder / "link").symlink_to(newest)
    expect("64 threads, each with its first question", run(first), "ok\n")
    expect("damaged images", run(
        address, "walk", *damaged(tmp, newest, rng)), "ok\n")


def take_in(done):
    """What the tests inside had to say counts here."""
    print(done.stdout, end="")
    told = re.findall(r"(\d+) (?:passed|failed|skipped)",
                      done.stdout.rpartition("inside: ")[2])
    expect("inside: its status and counts", (done.returncode, len(told)),
           (0, 3))
    if len(told) == 3:
        counts.passed += int(told[0])
        counts.failed += int(told[1])
        counts.skipped += int(told[2])


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "inside":
        inside(pathlib.Path(sys.argv[2]))
        print("inside: %d passed, %d failed, %d skipped" % (
            counts.passed, counts.failed, counts.skipped))
        return counts.failed != 0
    if not official.available() or not editions.available():
        cannot(official.NONE)
    if not MODULE.exists():
        print("skip: libnss_portbook.so.2 is not built")
        return 77
    seed = random.randrange(1 << 32)
    print("seed", seed)
    with tempfile.TemporaryDirectory() as folder:
        tmp = pathlib.Path(folder)
        tmp.chmod(0o755)
        newest = pathlib.Path(build(tmp / "newest.image", official.NEWEST))
        old = pathlib.Path(build(tmp / "old.image",
                                 *editions.extract([OLD], tmp)))
        test_symbols()
        test_stress(tmp, newest, old, random.Random(seed))
        for name in ("calls", "chroot", "stack"):
            subprocess.run(["cc", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra",
                            "-rdynamic", "-o", tmp / name,
                            HERE / (name + ".c"), "-ldl"], check=True)
        # LD_LIBRARY_PATH is not for such a program.
        subprocess.run(["cc", "-Wall", "-Wextra", "-o", tmp / "setuid",
                        HERE / "setuid.c", "-Wl,--disable-new-dtags,-rpath,"
                        "/var/lib/module"], check=True)
        for flags in ("-m", "-rm"):
            if subprocess.run(["unshare", flags, "true"],
                              capture_output=True).returncode == 0:
                take_in(subprocess.run(
                    ["unshare", flags, sys.executable, __file__, "inside",
                     folder], stdout=subprocess.PIPE, text=True))
                break
        else:
            skip("a root of our own", "no mount namespace is to be had")
    return finish()


if __name__ == "__main__":
    sys.exit(main())
