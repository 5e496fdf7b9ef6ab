#!/usr/bin/env python3
"""The formats services, nmap-services and wireshark, held against the programs
that read them: the C library, nmap, tshark; and services(5) files read back.

limit: 300 seconds

What should come out is told by oracle.py from the official XML.  /etc/services
and Wireshark's own file are covered by a mount in a namespace of our own.
"""

import gzip
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import defaultdict

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import oracle  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import cannot, expect, finish, skip  # noqa: E402
from common.program import SOURCE  # noqa: E402
from common.program import portbook as run  # noqa: E402

NEWEST = "2026-08-17"
NETBASE = pathlib.Path("/etc/services")
NMAPS = pathlib.Path("/usr/share/nmap/nmap-services")
WIRESHARKS = pathlib.Path("/usr/share/wireshark/services")
TRANSPORTS = oracle.TRANSPORTS


def convert(name, to, *words, source=None, **more):
    """The path of a new file called name."""
    path = pathlib.Path(TMP) / name
    status, out, err = run("convert", "-q", "--to", to, *words, "-o", path,
                           source or IMAGE, **more)
    if (status, out, err) != (0, "", ""):
        expect("convert --to %s" % to, (status, out, err), (0, "", ""))
    return path


def read_services(path):
    """Entries in order: (port, transport, [name, alias...])."""
    entries = []
    for line in path.read_text().splitlines():
        words = line.partition("#")[0].split()
        if words:
            port, _, transport = words[1].partition("/")
            entries.append((int(port), transport, [words[0], *words[2:]]))
    return entries


def covered(target, file, command, stdin=""):
    """The output of a command for which file lies at target; None if no
    namespace is to be had."""
    script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
    for flags in ("-m", "-rm"):
        probe = subprocess.run(["unshare", flags, "true"], capture_output=True)
        if probe.returncode == 0:
            done = subprocess.run(
                ["unshare", flags, "sh", "-c", script, "sh", str(file),
                 str(target), *map(str, command)], input=stdin,
                capture_output=True, text=True, timeout=200,
                env={**os.environ, "HOME": TMP})
            if done.returncode != 0:
                print(done.stderr)
            return done.stdout
    return None


# The C library.

def glibc_answers(path, queries):
    out = covered(NETBASE, path, ["python3", HERE / "glibc.py"],
                  "\n".join(["list", *queries]) + "\n")
    if out is None:
        return None, None
    listed, _, answers = out.partition("\n\n")
    return listed.splitlines(), answers.splitlines()


def told(port, transport, names):
    return " ".join([names[0], str(port), transport, *names[1:]])


def check_glibc(what, path):
    """Every entry by port, every name and alias by name."""
    entries = read_services(path)
    by_port = {(p, t): told(p, t, n) for p, t, n in entries}
    by_name, shared = {}, set()
    for port, transport, names in entries:
        for name in names:
            if (name, transport) in by_name:
                shared.add((name, transport))
            by_name.setdefault((name, transport), (port, transport))
    unnamed = [(p, t) for p in range(0, 65536, 97) for t in TRANSPORTS
               if (p, t) not in by_port]
    queries = ["port %d %s" % key for key in [*by_port, *unnamed]]
    queries += ["name %s %s" % key for key in by_name]
    queries += ["name no-such-name tcp", "name SSH tcp"]
    listed, answers = glibc_answers(path, queries)
    if listed is None:
        skip("glibc", "no mount namespace is to be had")
        return
    expect("getservent: %s, %d entries" % (what, len(entries)), listed,
           [told(*entry) for entry in entries])
    wanted = [*by_port.values(), *("-" for _ in unnamed),
              *(by_port[key] for key in by_name.values()), "-", "-"]
    expect("getservbyport: %s, %d ports" % (what, len(by_port)),
           dict(zip(queries, answers)), dict(zip(queries, wanted)))
    expect("getservbyname: %s, %d names" % (what, len(by_name)),
           len(answers), len(queries))
    # A name on several ports is one that the registry itself has so.
    several = defaultdict(set)
    for (port, transport), rows in ORACLE.entries.items():
        for row in rows:
            several[row.name, transport].add(port)
    expect("names on several ports: %s, %d" % (what, len(shared)),
           {key for key in shared if len(several[key]) < 2}, set())


# services(5), against the oracle.

def as_table(entries):
    return {(port, transport): [names[0], set(names[1:])]
            for port, transport, names in entries}


def test_full():
    path = convert("full", "services")
    entries = read_services(path)
    wanted = {key: [names[0], set(names[1:])]
              for key, names in ORACLE.services().items()}
    expect("full: %d entries as the oracle has them" % len(wanted),
           as_table(entries), wanted)
    expect("full: a line a port and transport, by port",
           [e[:2] for e in entries],
           sorted(wanted, key=lambda k: (k[0], TRANSPORTS.index(k[1]))))
    expect("full: transports", {t for _, t, _ in entries}, set(TRANSPORTS))
    expect("full: lines that musl reads whole",
           [l for l in path.read_bytes().splitlines()[12:] if len(l) > 126],
           [])
    check_glibc("full", path)


def test_head():
    plain = convert("plain", "services").read_text()
    head = plain[:plain.index("\n\n")]
    for text in (NEWEST, "CC0 1.0", "Profile: full", "www.iana.org"):
        expect("head: " + text, text in head, True)
    expect("head: every line a comment",
           {line[:1] for line in head.splitlines()}, {"#"})
    expect("head: no date of its own", "Made" in head, False)
    expect("the same twice", convert("again", "services").read_text(), plain)
    made = convert("made", "services",
                   env={"SOURCE_DATE_EPOCH": "86400"}).read_text()
    line, = set(made.splitlines()) - set(plain.splitlines())
    expect("head: SOURCE_DATE_EPOCH", line, "# Made: 1970-01-02T00:00:00Z")
    status, _, err = run("convert", "--to", "services", "--style", "tiny",
                         IMAGE)
    expect("an unknown profile", (status, "full, common, minimal" in err),
           (2, True))


def test_profiles():
    full, common, minimal = (
        {e[:2]: e[2] for e in read_services(
            convert(style, "services", "--style", style))}
        for style in ("full", "common", "minimal"))
    size = (pathlib.Path(TMP) / "minimal").stat().st_size
    expect("minimal: %d bytes, at most 4096" % size, size <= 4096, True)
    for name, smaller, larger in (("minimal", minimal, common),
                                  ("common", common, full)):
        expect("%s: %d entries, all in the next" % (name, len(smaller)),
               {k: v for k, v in smaller.items() if larger.get(k) != v}, {})
        check_glibc(name, pathlib.Path(TMP) / name)
    for query in ("http 80", "https 443", "ssh 22", "domain 53", "whois 43",
                  "smtp 25", "postgresql 5432", "mysql 3306", "redis 6379"):
        name, port = query.split()
        expect("minimal has " + query, name in minimal[int(port), "tcp"], True)
    if not NETBASE.exists():
        skip("netbase", "there is no /etc/services")
        return
    netbase = {e[:2]: e[2] for e in read_services(NETBASE)}
    registered = {key: {row.name for row in rows} | {
        name for name, _ in ORACLE.everyday.get(key, ())}
        for key, rows in ORACLE.entries.items()}
    same = {key: names[0] for key, names in netbase.items()
            if key[1] in TRANSPORTS and
            names[0] in registered.get(key, ())}
    expect("common: the %d of netbase's %d entries that are registered"
           % (len(same), len(netbase)),
           {k: v for k, v in same.items() if v not in common.get(k, ())}, {})
    unregistered = {key: names[0] for key, names in netbase.items()
                    if key not in same}
    expect("netbase has %d that are not" % len(unregistered),
           {k: v for k, v in unregistered.items() if v in full.get(k, ())}, {})
    expect("common: what netbase has not cites an RFC, has an everyday name "
           "or is minimal, all %d" % len(common.keys() - netbase.keys()),
           {key for key in common.keys() - netbase.keys() - minimal.keys()
            if not ORACLE.entries[key][0].rfc
            and key not in ORACLE.everyday}, set())


# services(5) read back.

def rows_of(source):
    """Of any input: name, port and transport of what has all three."""
    status, out, err = run("--registry", source, "list", "--format", "jsonl", "-q")
    rows = [json.loads(line) for line in out.splitlines()]
    return sorted((r["name"], r["number"]["first"], r["protocol"])
                  for r in rows)


def test_read():
    full = pathlib.Path(TMP) / "full"
    wanted = sorted((n, p, t) for p, t, names in read_services(full)
                    for n in names)
    expect("read: all %d names of the full profile" % len(wanted),
           rows_of(full), wanted)
    once = convert("once", "services", source=full)
    expect("read: the same entries again", read_services(once),
           read_services(full))
    expect("read: a head that claims nothing",
           [w for w in ("iana", "CC0", "Registry:", "SHA")
            if w in once.read_text().partition("\n\n")[0]], [])
    twice = convert("twice", "services", source=once)
    expect("read: written again, the same bytes", twice.read_bytes(),
           once.read_bytes())
    packed = pathlib.Path(TMP) / "packed.gz"
    packed.write_bytes(gzip.compress(full.read_bytes()))
    expect("read: compressed", rows_of(packed), wanted)
    if NETBASE.exists():
        wanted = sorted((n, p, t) for p, t, names in read_services(NETBASE)
                        for n in names)
        expect("read: all %d names of /etc/services" % len(wanted),
               rows_of(NETBASE), wanted)
        once = convert("etc", "services", source=NETBASE)
        expect("read: /etc/services written again",
               as_table(read_services(once)),
               as_table(e for e in read_services(NETBASE)
                        if e[1] in TRANSPORTS))
        expect("read: and again, the same bytes",
               convert("etc2", "services", source=once).read_bytes(),
               once.read_bytes())


def test_read_answers():
    path = pathlib.Path(TMP) / "own"
    path.write_text("# ours\n\nweb 8080/tcp www proxy # The web\n"
                    "web 8080/udp\n")
    status, out, err = run("--registry", path, "8080", "--json")
    answer = json.loads(out)
    expect("own file: an answer", [
        (r["id"], r["preferred"], r["alias_of"], r["description"])
        for r in answer["records"]], [
        ("8080/tcp/web", True, None, "The web"),
        ("8080/udp/web", True, None, ""),
        ("8080/tcp/www", False, "web", ""),
        ("8080/tcp/proxy", False, "web", "")])
    expect("own file: neither date nor licence",
           (answer["registry"]["updated"], answer["registry"]["licence"]),
           (None, None))
    for text, words in (("a 1/tcp\nb 99999/tcp\n", ":2:3: no port"),
                        ("a 1/tcp\n\nb 2\n", ":3:4: no protocol"),
                        ("a 1/tcp 0.5\n", ":1:9: a frequency"),
                        ("what is this\n", "nor a services(5) file")):
        path.write_text(text)
        status, out, err = run("--registry", path, "1")
        expect("own file: " + words, (status, out, words in err),
               (3, "", True))


# nmap.

def ports_scanned(*words):
    """Transport -> ports that nmap would scan."""
    done = subprocess.run(
        ["nmap", *words, "-n", "-oG", "-", "-v", "-iL", "/dev/null"],
        capture_output=True, text=True, timeout=60)
    line = re.search(r"^# Ports scanned: (.*)$", done.stdout, re.M)
    found = {}
    for transport, ports in re.findall(r"([A-Z]+)\(\d+;([\d,-]*)\)",
                                       line[1] if line else ""):
        found[transport.lower()] = {
            n for part in ports.split(",") if part
            for n in range(int(part.split("-")[0]),
                           int(part.split("-")[-1]) + 1)}
    return found


def read_nmap(path):
    """(port, transport) -> (name, frequency)"""
    table = {}
    for line in path.read_text(errors="replace").splitlines():
        words = line.partition("#")[0].split()
        if words:
            port, _, transport = words[1].partition("/")
            table.setdefault((int(port), transport), (words[0], words[2]))
    return table


def scan(folder, flag, ports):
    """What nmap calls the ports of this machine."""
    path = pathlib.Path(TMP) / "scan.xml"
    subprocess.run(["nmap", "--datadir", folder, "-n", "-Pn", flag, "-d3",
                    "-p", ports, "-oX", path, "127.0.0.1"],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   timeout=120)
    return {int(port): name for port, name in re.findall(
        r'portid="(\d+)"><state [^>]*/>(?:<service name="([^"]*)")?',
        path.read_text())}


def test_nmap():
    path = convert("nmap-services", "nmap-services")
    wanted = {key: (rows[0].name, "0.000000")
              for key, rows in ORACLE.entries.items() if key[1] != "dccp"}
    expect("nmap: %d entries as the oracle has them" % len(wanted),
           read_nmap(path), wanted)
    if not shutil.which("nmap"):
        skip("nmap", "nmap is not installed")
        return
    folder = pathlib.Path(TMP) / "nmap"
    folder.mkdir()
    shutil.copy(path, folder / "nmap-services")
    found = ports_scanned("--datadir", folder, "-sS", "-sU", "-sY", "-p",
                          "[0-65535]")
    for transport in ("tcp", "udp", "sctp"):
        ports = {p for p, t in wanted if t == transport}
        expect("nmap: knows %d ports of %s" % (len(ports), transport),
               found.get(transport), ports)
    expect("nmap: ports of a name", ports_scanned(
        "--datadir", folder, "-sT", "-p", "https")["tcp"], {443})
    for flag, transport in (("-sT", "tcp"), ("-sU", "udp")):
        if flag == "-sU" and os.geteuid() != 0:
            skip("nmap -sU", "only root may")
            continue
        ports = sorted(p for p, t in wanted if t == transport)
        names = scan(folder, flag, ",".join(map(str, ports)))
        expect("nmap: names of %d ports of %s" % (len(ports), transport),
               names, {p: wanted[p, transport][0] for p in ports})


def test_frequencies():
    own = pathlib.Path(TMP) / "own-services"
    own.write_text("# mine\nfoo\t443/tcp\t0.25\t# x\nhttp 80/tcp 17/3000\n"
                   "unknown 4/udp 1\nbar 80/tcp 0.9\nx 9/dccp 0.1\n")
    table = read_nmap(convert("own-out", "nmap-services", "--frequencies",
                              own))
    expect("frequencies of a file", {
        key: value for key, value in table.items()
        if value[1] != "0.000000"}, {
        (443, "tcp"): ("https", "0.25"), (80, "tcp"): ("http", "17/3000"),
        (4, "udp"): ("unknown", "1")})
    own.write_text("a 1/tcp 0.5\n\nb 2/tcp 1.5\n")
    status, out, err = run("convert", "--to", "nmap-services",
                           "--frequencies", own, IMAGE)
    expect("a bad frequency", (status, out, ":3:9: no frequency" in err),
           (3, "", True))
    if not NMAPS.exists() or not shutil.which("nmap"):
        skip("frequencies of nmap's file", "nmap is not installed")
        return
    theirs = read_nmap(NMAPS)
    path = convert("full-out", "nmap-services", "--frequencies", NMAPS)
    table = read_nmap(path)
    kept = {k: v[1] for k, v in theirs.items() if k[1] != "dccp"}
    expect("frequencies: all %d of nmap's file" % len(kept),
           {k: table[k][1] for k in kept if k in table}, kept)
    expect("frequencies: else none",
           {v[1] for k, v in table.items() if k not in kept}, {"0.000000"})
    folder = pathlib.Path(TMP) / "frequent"
    folder.mkdir()
    shutil.copy(path, folder / "nmap-services")
    expect("frequencies: nmap's 1000 most frequent ports",
           ports_scanned("--datadir", folder, "-sS", "--top-ports", "1000"),
           ports_scanned("-sS", "--top-ports", "1000"))


# Wireshark.

def packet(transport, port):
    if transport == "tcp":
        number, data = 6, struct.pack(">HHIIBBHHH", port, 0, 0, 0, 0x50, 2,
                                      0, 0, 0)
    elif transport == "udp":
        number, data = 17, struct.pack(">HHHH", port, 0, 8, 0)
    elif transport == "sctp":
        number, data = 132, struct.pack(">HHII", port, 0, 0, 0)
    else:
        number, data = 33, struct.pack(">HHBBHBBHI", port, 0, 4, 0, 0, 5, 0,
                                       0, 0)
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0, 64,
                       number, 0, b"\n\0\0\1", b"\n\0\0\2") + data


def write_capture(path, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        for data in packets:
            file.write(struct.pack("<IIII", 0, 0, len(data), len(data)))
            file.write(data)


def tshark(path, keys):
    """(port, transport) -> name, or the number; None without a namespace."""
    capture = pathlib.Path(TMP) / "ports.pcap"
    write_capture(capture, [packet(t, p) for p, t in keys])
    transport = keys[0][1]
    words = ["tshark", "-n", "-N", "t", "-r", capture]
    if transport == "dccp":
        # It has no column of ports for these.
        words += ["-V", "-O", "dccp"]
    else:
        words += ["-o", 'gui.column.format:"s","%S"']
    out = covered(WIRESHARKS, path, words)
    if out is None:
        return None
    if transport == "dccp":
        names = re.findall(r"^    Source Port: (\S+)", out, re.M)
    else:
        names = [line.strip() for line in out.splitlines()]
    return dict(zip(keys, names)) if len(names) == len(keys) else {}


def test_wireshark():
    path = convert("wireshark", "wireshark")
    lines = [line for line in path.read_text().splitlines()
             if line and line[0] != "#"]
    found = {}
    for line in lines:
        name, ports = line.partition("#")[0].split()
        ports, *transports = ports.split("/")
        first, _, last = ports.partition("-")
        for port in range(int(first), int(last or first) + 1):
            for transport in transports:
                found.setdefault((port, transport), []).append(name)
    wanted = {key: rows[0].name for key, rows in ORACLE.entries.items()}
    expect("wireshark: %d names in %d lines, as the oracle has them"
           % (len(wanted), len(lines)), found,
           {key: [name] for key, name in wanted.items()})
    if not shutil.which("tshark") or not WIRESHARKS.exists():
        skip("wireshark", "tshark is not installed")
        return
    for transport in TRANSPORTS:
        keys = [(p, transport) for p in range(65536)
                if (p, transport) in wanted or p % 37 == 0]
        names = tshark(path, keys)
        if names is None:
            skip("tshark", "no mount namespace is to be had")
            return
        expect("tshark: what %d ports of %s are called"
               % (len(keys), transport), names,
               {key: wanted.get(key, str(key[0])) for key in keys})


def test_old(name):
    """A version of long ago: the same rules."""
    if not editions.available():
        skip("old versions", official.NONE)
        return
    path, = editions.extract([name], TMP)
    old = oracle.Oracle(path, SOURCE / "data" / "names.tsv")
    entries = read_services(convert("old", "services", source=path))
    expect("%s: %d entries as the oracle has them" % (name, len(entries)),
           as_table(entries), {key: [names[0], set(names[1:])]
                               for key, names in old.services().items()})
    table = read_nmap(convert("old-nmap", "nmap-services", source=path))
    expect("%s: for nmap" % name, {k: v[0] for k, v in table.items()},
           {key: rows[0].name for key, rows in old.entries.items()
            if key[1] != "dccp"})


def main():
    global IMAGE, ORACLE, TMP
    if not official.available():
        cannot(official.NONE)
    IMAGE = official.NEWEST
    ORACLE = oracle.Oracle(IMAGE, SOURCE / "data" / "names.tsv")
    with tempfile.TemporaryDirectory() as folder:
        TMP = folder
        test_full()
        test_head()
        test_profiles()
        test_read()
        test_read_answers()
        test_nmap()
        test_frequencies()
        test_wireshark()
        test_old("2015-05-04.xml")
    return finish()


if __name__ == "__main__":
    sys.exit(main())
