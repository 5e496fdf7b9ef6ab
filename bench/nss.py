#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""nss.py BUILD REGISTRY TMP: names of ports through the C library, by the
module, by a module that answers at once, by files and by db, in turn.

Each of them is asked by a process of its own (bench/nss.c), in a mount
namespace of its own, so this takes root.  The rounds go round all of them; what
is printed is the median of each.  libnss-db is looked for in BENCH_NSS_DB, or
where its package puts it.
"""
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys

ROUNDS = 21
SAMPLES = 4096
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
AWK = r"""BEGIN { FS = "[ \t/]+" } /^[ \t]*$/ || /^[ \t]*#/ { next }
{ printf "0%u ", n++; print; printf ".%s/%s ", $1, $3; print
  printf ".%s/ ", $1; print; printf "=%s/%s ", $2, $3; print
  printf "=%s/ ", $2; print
  for (i = 4; i <= NF && $i !~ /^#/; i++) {
    printf ".%s/%s ", $i, $3; print; printf ".%s/ ", $i; print } }"""

goals = {True: 0, False: 0}


def units(ns):
    for limit, by, name in ((1e3, 1, "ns"), (1e6, 1e3, "us")):
        if ns < limit:
            return "%.3g %s" % (ns / by, name)
    return "%.3g ms" % (ns / 1e6)


def head(title):
    print("\n%-36s %9s %9s %7s  %-10s %-4s %s" % (
        title, "ours", "theirs", "ratio", "goal", "met", "theirs is"))


def row(what, ours, theirs=None, than="", most=None, below=None):
    ratio = ours / theirs if theirs else None
    good = limit = None
    if most is not None:
        good, limit = ratio <= most, "<= %.4g" % most
    elif below is not None:
        good, limit = ours < below, "< " + units(below)
    if good is not None:
        goals[good] += 1
    print("%-36s %9s %9s %7s  %-10s %-4s %s" % (
        what, units(ours), units(theirs) if theirs else "",
        "%.4f" % ratio if ratio else "", limit or "",
        {None: "", True: "yes", False: "NO"}[good], than), flush=True)


class Asker:
    def __init__(self, build, tmp, line, image, services, db="-", module="-"):
        folders = [str(build / "src/nss"), str(build / "bench")]
        root = os.environ.get("BENCH_NSS_DB")
        if root:
            folders += map(str, pathlib.Path(root).glob("lib/*-linux-*"))
        self.process = subprocess.Popen(
            [str(p) for p in (build / "bench/nss", line, image, services, db,
                              tmp, module)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "LD_LIBRARY_PATH": ":".join(folders)})

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if len(answer) != 2:
            sys.exit("bench/nss ended: it takes root, an /etc/services and an "
                     "/etc/nsswitch.conf")
        return float(answer[0]), int(answer[1])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def entries(path):
    out = []
    for line in pathlib.Path(path).read_text().splitlines():
        words = line.partition("#")[0].split()
        if words:
            port, _, transport = words[1].partition("/")
            if transport in TRANSPORTS:
                out.append((words[0], int(port), transport))
    return out


def write(path, rows):
    path.write_text("".join("%s %d %s\n" % r for r in rows))
    return path


def queries(tmp, full, stock):
    """Hits of the registry, in random order; of the stock file; misses."""
    rng = random.Random(1)
    every = entries(full)
    taken = {(p, t) for _, p, t in every}
    used = taken | {(p, t) for _, p, t in entries(stock)}
    free = [(p, t) for p in range(1, 65536) for t in TRANSPORTS[:2]
            if (p, t) not in used]
    known = {(n, t) for n, _, t in every}
    common = [e for e in entries(stock) if e[1:] in taken and
              (e[0], e[2]) in known]
    rng.shuffle(common)
    return {
        "all": write(tmp / "all", rng.sample(every, min(SAMPLES,
                                                        len(every)))),
        "one": write(tmp / "one", [("https", 443, "tcp")]),
        "stock": write(tmp / "stock", common),
        "none": write(tmp / "none", [
            ("!-%d-none" % i, p, t) for i, (p, t) in
            enumerate(rng.sample(free, min(SAMPLES, len(free))))]),
    }


def make_db(tmp, services):
    root = pathlib.Path(os.environ.get("BENCH_NSS_DB", "/"))
    makedb = root / "usr/bin/makedb"
    if not makedb.exists() or not list(root.glob(
            "lib/*-linux-*/libnss_db.so.2")):
        return None
    awk = shutil.which("mawk") or "awk"
    lines = subprocess.run([awk, AWK, services], check=True,
                           capture_output=True).stdout
    subprocess.run([makedb, "--quiet", "-o", tmp / "services.db", "-"],
                   input=lines, check=True)
    return tmp / "services.db"


def race(askers, what, ops, path, hits):
    """The median of each, in rounds."""
    times = {name: [] for name in askers}
    for _ in range(ROUNDS):
        for name, asker in askers.items():
            count = max(int(ops[name]), 1)
            ns, found = asker.ask("%s %d %s" % (what, count, path))
            if name != "answer" and found != (count if hits else 0):
                print("FAILED: %s %s: %d of %d found" % (
                    name, what, found, count))
                sys.exit(1)
            times[name].append(ns)
    return {name: statistics.median(t) for name, t in times.items()}


OPS = {"direct": 20000, "ours": 5000, "answer": 5000, "full": 20,
       "stock": 200, "db": 100}


def direct(askers, paths):
    head("The module's functions, called")
    one = {"direct": askers["direct"]}
    for text, what, path in (
            ("getservbyname_r, https", "name", "one"),
            ("getservbyname_r, all, random", "name", "all"),
            ("getservbyname_r, misses", "name", "none"),
            ("getservbyport_r, 443", "port", "one"),
            ("getservbyport_r, all, random", "port", "all"),
            ("getservbyport_r, misses", "port", "none")):
        got = race(one, what, OPS, paths[path], path != "none")
        row(text, got["direct"], below=150)


def through(askers, paths, has_db):
    than = {"full": "files, full registry", "db": "db, full registry",
            "answer": "a module that answers at once"}
    names = ["ours", "answer", "full"] + ["db"] * has_db
    chosen = {name: askers[name] for name in names}
    head("Through the C library")
    for what in ("name", "port"):
        for path, text in (("one", "https"), ("all", "all, random"),
                           ("none", "misses")):
            got = race(chosen, what, OPS, paths[path], path != "none")
            text = "getservby%s_r, %s" % (what, text)
            row(text, got["ours"], got["answer"], than["answer"], most=1.15)
            # https stands early in a file, which says little.
            row(text, got["ours"], got["full"], than["full"],
                most=None if path == "one" else 1 / 200)
            if has_db:
                row(text, got["ours"], got["db"], than["db"])
    for what in ("name", "port"):
        two = {name: askers[name] for name in ("ours", "stock")}
        for path, text in (("stock", "what the file has"),
                           ("none", "misses")):
            got = race(two, what, OPS, paths[path], path != "none")
            row("getservby%s_r, %s" % (what, text), got["ours"], got["stock"],
                "files, the system's own")


def whole(askers):
    head("A whole process")
    two = {name: askers[name] for name in ("ours", "stock", "full")}
    for argument in ("https", "443/tcp", "no-such-name", "all"):
        times = {name: [] for name in two}
        for _ in range(4 * ROUNDS):
            for name, asker in two.items():
                times[name].append(asker.ask("getent " + argument)[0])
        got = {name: statistics.median(t) for name, t in times.items()}
        if argument == "all":
            row("getent services", got["ours"], got["full"],
                "with files, all %d entries" % FULL, most=1)
            row("getent services", got["ours"], got["stock"],
                "with the stock file, which has %d"
                % len(entries("/etc/services")))
        else:
            row("getent services " + argument, got["ours"], got["stock"],
                "with the stock file", most=1)


def main():
    global FULL
    build, registry, tmp = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
    tmp = tmp / "nss"
    tmp.mkdir()
    if os.geteuid() != 0 or not pathlib.Path("/etc/services").exists():
        print("\nNames through the C library are not measured: that takes "
              "root and an /etc/services")
        return 0
    cpu = os.environ.get("BENCH_CPU")
    os.sched_setaffinity(0, {int(cpu)} if cpu else {
        max(os.sched_getaffinity(0))})
    image, full = tmp / "registry.image", tmp / "services"
    subprocess.run([build / "portbook-admin", "build", registry, image],
                   check=True)
    image.chmod(0o444)
    subprocess.run([build / "portbook", "--registry", image, "convert", "-q",
                    "--to", "services", "-o", full], check=True)
    FULL = len(entries(full))
    paths = queries(tmp, full, "/etc/services")
    db = make_db(tmp, full)
    stock = tmp / "stock.services"
    shutil.copy("/etc/services", stock)
    askers = {
        "direct": Asker(build, tmp, "files", image, stock, module=build /
                        "src/nss/libnss_portbook.so.2"),
        "ours": Asker(build, tmp, "portbook", image, stock),
        "answer": Asker(build, tmp, "answer", image, stock),
        "full": Asker(build, tmp, "files", image, full),
        "stock": Asker(build, tmp, "files", image, stock),
    }
    if db:
        askers["db"] = Asker(build, tmp, "db", image, stock, db)
    direct(askers, paths)
    through(askers, paths, db is not None)
    whole(askers)
    if not db:
        print("  (db is not measured: libnss-db is not installed)")
    for asker in askers.values():
        asker.close()
    print("\n%d goals met, %d not" % (goals[True], goals[False]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
