#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# limit: 300 seconds
"""libportbook, asked by C programs, held against the official XML as read by
tests/oracle and its like; its symbols, its examples and its memory.

Everything is done with the library of build/, and once more with that of
build-asan/.
"""
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)] + [
    str(HERE.parent / name) for name in ("oracle", "exports", "web-map")]

import registry as oracle  # noqa: E402
import states  # noqa: E402
from common import editions, official, program  # noqa: E402
from common.outcome import cannot, expect, finish, skip  # noqa: E402
from common.program import ASAN, BUILD, SOURCE  # noqa: E402


def load(name, folder):
    """A second module called oracle."""
    import importlib.util
    spec = importlib.util.spec_from_file_location(
        name, HERE.parent / folder / "oracle.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


exports = load("exports_oracle", "exports")
suggest = load("suggest_oracle", "suggest")

NAMES = SOURCE / "data" / "names.tsv"
DATES = ("2016-11-10", "2020-01-10", "2026-08-17")
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
(EUSAGE, EFORMAT, EVERSION, EDAMAGED, ENOVERSION, ENODATA) = range(-1, -7, -1)
ELIMIT = -10


class Library:
    """The library of a build folder, and programs linked with it."""

    def __init__(self, build, tmp):
        self.build = build
        self.tmp = pathlib.Path(tmp)
        self.asan = build == ASAN
        self.compiler = (["clang", "-fsanitize=address,undefined",
                          "-fno-sanitize-recover=all"]
                         if self.asan else ["cc", "-O1"])

    def compile(self, path, *flags, name=None):
        program = self.tmp / (name or path.stem)
        subprocess.run([*self.compiler, "-g", *WARNINGS, *flags,
                        "-I", SOURCE / "include", "-o", program, path,
                        "-L", self.build, "-lportbook", "-Wl,-rpath",
                        self.build, "-lpthread"], check=True)
        return program

    def run(self, *words, stdin="", status=0):
        done = subprocess.run([str(w) for w in words], input=stdin.encode(),
                              capture_output=True, timeout=120)
        if done.returncode != status:
            expect("%s: its status; %s" % (
                words[0], done.stderr.decode()[-2000:]),
                done.returncode, status)
        return done.stdout.decode()

    def ask(self, image, questions):
        """An answer, a list of lines of words, for each question."""
        stdin = "".join("\t".join(q) + "\n" for q in questions)
        out = self.run(self.tmp / "ask", image, stdin=stdin)
        head, *answers, last = re.split(r"^\.\n", out, flags=re.M)
        expect("an answer for each question", len(answers), len(questions))
        if not self.asan:
            expect("nothing is allocated after open", last,
                   "allocations\t0\n")
        return [[tuple(line.split("\t")) for line in a.split("\n")[:-1]]
                for a in answers]


# What the XML says.

def plain(element):
    """The text of an element, squeezed."""
    out = [element.text or ""]
    for sub in element:
        tag = oracle.local(sub)
        out.append(" " if tag == "br" else
                   "[" + oracle.label(sub) + "]" if tag == "xref" else
                   " " + plain(sub) + " ")
        out.append(sub.tail or "")
    return " ".join("".join(out).split())


def element_text(record, tag):
    found = oracle.child(record.elem, tag)
    return "" if found is None else plain(found)


def reference(xref):
    return (xref.get("type"), " ".join(oracle.label(xref).split()),
            xref.get("data") or "",
            xref.get("section") or "")


def told_by_xml(record, listed):
    own = record.elem.findall(oracle.NS + "xref")
    assignee = oracle.child(record.elem, "assignee")
    holders = [] if assignee is None else assignee.findall(oracle.NS + "xref")
    number = record.columns[oracle.NUMBER]
    first, _, last = number.partition("-")
    first = int(first) if number else -1
    of = states.Record(record.elem)
    return {
        "name": record.columns[oracle.NAME],
        "numbers": (first, int(last or first) if number else -1),
        "protocol": record.columns[oracle.PROTOCOL],
        "state": of.state,
        "class": 3 if first < 0 else (first >= 1024) + (first >= 49152),
        "registered": record.columns[oracle.REGISTERED],
        "modified": record.columns[oracle.MODIFIED],
        "description": element_text(record, "description"),
        "note": " ".join(plain(n) for n in
                         record.elem.findall(oracle.NS + "note")),
        "unauthorized": element_text(record, "unauthorized"),
        "service code": element_text(record, "sc"),
        "assignee": [oracle.label(x) for x in holders],
        "contact": [oracle.label(x) for x in own
                    if x.get("type") == "person"],
        "reference": [reference(x) for x in own
                      if x.get("type") != "person"],
        "person": record.people & listed,
    }


def told_by_library(lines):
    """Of lines from one record's on: {key: fields}."""
    out = {}
    for name, *values in lines:
        if name == "record":
            fields = out[values[0]] = {"assignee": [], "contact": [],
                                       "reference": [], "person": set()}
            continue
        if name in ("assignee", "contact"):
            fields[name].append(values[0])
        elif name == "person":
            fields[name].add(values[0])
        elif name == "reference type":
            part = [values[0]]
        elif name.startswith("reference "):
            part.append(" ".join(values[0].replace("\x1f", " ").split()))
            if name == "reference url":
                fields["reference"].append(tuple(part[:4]))
                fields.setdefault("urls", []).append(part[4])
        elif name == "numbers":
            fields[name] = tuple(map(int, values))
        elif name in ("state", "class", "preferred"):
            fields[name] = int(values[0])
        else:
            fields[name] = " ".join(values[0].replace("\x1f", " ").split())
    return out


def keys_of(answer):
    return [line[1] for line in answer if line[0] == "record"]


def value_of(answer, name):
    return next((line[1] for line in answer if line[0] == name), None)


# The tests, of a library on an image of the newest version.

def test_fields(lib, image, whole):
    listed = {p.id for p in whole.people}
    answer, = lib.ask(image, [("search", "", "", "0", "0", "whole")])
    ours = told_by_library(answer[2:])
    wanted = {r.key: told_by_xml(r, listed) for r in whole.records}
    expect("all records in order", list(ours), list(wanted))
    for fields in ours.values():
        for name in ("preferred", "alias of", "urls"):
            fields.pop(name, None)
    expect("every field of %d records" % len(wanted), ours, wanted)


def test_ports(lib, image, whole, rng):
    at = defaultdict(list)
    for record in whole.records:
        parsed = states.Record(record.elem)
        if parsed.ports:
            for port in range(parsed.ports[0], parsed.ports[1] + 1):
                at[port].append((record, parsed))
    everyday = exports.Oracle(official.NEWEST, NAMES)
    ports = sorted({0, 80, 443, 465, 1701, 2049, 6001, 49151, 49152, 65535,
                    *rng.sample(range(65536), 3000)})
    questions, wanted = [], []
    for port in ports:
        transport = rng.choice(states.TRANSPORTS)
        questions += [("port", str(port), "", ""),
                      ("port", str(port), transport, "")]
        wanted += [(port, None), (port, transport)]
    for (port, transport), answer in zip(wanted, lib.ask(image, questions)):
        rows = [(r, s) for r, s in at[port]
                if transport is None or s.speaks_for(transport)]
        keys = keys_of(answer)
        what = "port %d %s" % (port, transport or "")
        expect(what, sorted(keys), sorted(r.key for r, _ in rows))
        expect(what + ": found", value_of(answer, "found"),
               str(int(any(s.state == states.ASSIGNED for _, s in rows))))
        first = everyday.entries.get((port, transport))
        if first:
            expect(what + ": preferred", keys[0].partition("~")[0].split(
                "/", 2)[2], first[0].name)
    told = states.Registry(official.NEWEST.read_bytes())
    by_transport = [told.states(t) for t in states.TRANSPORTS]
    answers = lib.ask(image, [("state", str(p), "") for p in ports])
    for port, answer in zip(ports, answers):
        expect("states of %d" % port, [int(v) for _, v in answer],
               [of[port] for of in by_transport])


def test_names(lib, image, whole, rng):
    by_name = defaultdict(list)
    for record in whole.records:
        if record.columns[oracle.NAME]:
            by_name[oracle.fold(record.columns[oracle.NAME])].append(record)
    everyday, _ = exports.read_names(NAMES)
    other = {name.lower() for names in everyday.values() for name, _ in names}
    names = sorted(set(rng.sample(sorted(by_name), 1500)) - other)
    answers = lib.ask(image, [("name", n.upper(), "", "") for n in names])
    for name, answer in zip(names, answers):
        expect("name " + name, sorted(keys_of(answer)),
               sorted(r.key for r in by_name[name]))
    answer, = lib.ask(image, [("name", "rdp", "", "")])
    expect("rdp has no port: the everyday name's come first",
           keys_of(answer), ["3389/tcp/ms-wbt-server", "3389/udp/ms-wbt-server",
                             *(r.key for r in by_name["rdp"])])
    # Names without ports are names, too.
    expect("names without a port among them",
           any(not r.columns[oracle.NUMBER] for n in names
               for r in by_name[n]), True)
    for (port, transport), pairs in everyday.items():
        for name, registered in pairs:
            answer, = lib.ask(image, [("name", name, transport, "")]) \
                if rng.random() < 0.1 or name in ("rdp", "whois") else (None,)
            if answer is not None:
                expect("everyday name " + name, "%d/%s/%s" % (
                    port, transport, registered) in keys_of(answer), True)


def test_search(lib, image, whole, rng):
    words = ["", "whois", "a 1 tcp service", "OPENSTACK", "zzzz", "\u00e9"]
    for record in rng.sample(whole.records, 25):
        text = record.columns[oracle.DESCRIPTION]
        at = rng.randrange(max(len(text), 1))
        words.append(text[at:at + rng.randrange(1, 9)].strip())
    answers = lib.ask(image, [("search", w, "", "0", "0") for w in words])
    for word, answer in zip(words, answers):
        found = [r.key for r in whole.search(word)]
        expect("search %r" % word, (keys_of(answer), value_of(answer, "total"),
                                    value_of(answer, "found")),
               (found, str(len(found)), str(int(bool(found)))))
        part, = lib.ask(image, [("search", word, "", "3", "5")]) \
            if 3 < len(found) < 40 else (None,)
        if part is not None:
            expect("search %r from the fourth on" % word,
                   keys_of(part)[:5], found[3:8])
    many, none = lib.ask(image, [
        ("search", " ".join("x" * 33), "", "0", "1"),
        ("search", "x", "", "0", "none")])
    expect("too many words", value_of(many, "error"), str(EUSAGE))
    expect("no scratch", value_of(none, "error"), str(ELIMIT))


def test_people(lib, image, whole, rng):
    # One of them has an address without anything in it, which is none.
    empty = [p for p in whole.people if "" in p.uris]
    people = [*rng.sample(whole.people, 300), *empty]
    answers = lib.ask(image, [("person", p.id) for p in people]
                      + [("person", "Nobody_At_All")])
    for person, answer in zip(people, answers):
        told = defaultdict(list)
        for name, value in answer:
            told[name].append(value)
        expect("person " + person.id, (
            told["id"], told["name"], told["organization"], told["uri"],
            told["updated"]), ([person.id], [person.name], [person.org],
                               [u for u in person.uris if u], [person.updated]))
    expect("nobody", answers[-1], [])


def test_free(lib, image):
    versions = [suggest.Version(official.NEWEST)]
    seeds = ("x", "Portbook", "\u00fc 7")
    for seed, answer in zip(seeds, lib.ask(
            image, [("suggest", s, "8") for s in seeds])):
        expect("suggested for %r" % seed, [int(line[0]) for line in answer],
               suggest.suggest(versions, seed, count=8))
    ports = (0, 80, 1023, 8080, 8081, 4341, 40000, 49152, 65535)
    words = ("good", "note", "bad")
    for port, answer in zip(ports, lib.ask(
            image, [("reasons", str(p)) for p in ports])):
        wanted = suggest.judge(versions, port)
        expect("port %d judged" % port,
               [(line[0], words[int(line[1])]) for line in answer[1:]], wanted)
        expect("port %d usable" % port, answer[0], ("usable", str(int(
            all(v != "bad" for _, v in wanted)))))
    answer, = lib.ask(image, [("suggest", "s" * 129, "1")])
    expect("a long seed", value_of(answer, "error"), str(EUSAGE))


def test_check_name(lib, image):
    """Beside the program, which tests/checkname holds against RFC 6335."""
    names = ("https", "HTTPS", "foo_bar", "a" * 16, "1234", "-x", "good-name",
             "a--b", "", "rdp", "myservice")
    for name, answer in zip(names, lib.ask(
            image, [("check", n) for n in names])):
        done = subprocess.run(
            [BUILD / "portbook", "--registry", image, "check-name", "--json",
             "-q", "--", name], capture_output=True)
        told = json.loads(done.stdout)
        expect("check-name %r" % name, [line for line in answer], [
            ("usable", str(int(done.returncode == 0))),
            ("valid", str(int(told["valid"]))),
            ("free", str(int(told["free"]))),
            *(("finding", f["code"], f["source"]) + (answer[3 + i][3],)
              for i, f in enumerate(told["findings"])),
            *(("nearest", n) for n in told["nearest"])])


def test_parse(lib, image):
    rows = {"443": "0 - 443 443 -", "443/tcp": "0 tcp 443 443 -",
            "tcp/443": "0 tcp 443 443 -", "8000-8010": "1 - 8000 8010 -",
            "https": "2 - 0 0 https", "HTTPS/Udp": "2 udp 0 0 HTTPS",
            "_https._tcp": "2 tcp 0 0 https", "cl/1": "2 - 0 0 cl/1"}
    for (text, wanted), answer in zip(rows.items(), lib.ask(
            image, [("parse", t) for t in rows])):
        expect("parse " + text, " ".join(w or "-" for w in answer[0]), wanted)
    bad = ("70000", "20-10", "", "x" * 1025)
    for text, answer in zip(bad, lib.ask(image, [("parse", t) for t in bad])):
        expect("parse %.9r" % text, value_of(answer, "error"), str(EUSAGE))
    answers = lib.ask(image, [("port", "65536", "", ""),
                              ("port", "1", "other", ""),
                              ("query", "1", "yesterday"),
                              ("query", "1", "empty"),
                              ("query", "1", "1999-01-01")])
    expect("wrong questions", [value_of(a, "error") for a in answers],
           [str(EUSAGE)] * 4 + [str(ENOVERSION)])


def test_texts(lib, image):
    for query in ("https", "80", "smtp", "nfs"):
        answer, = lib.ask(image, [("texts", query)])
        expect("texts of %s in buffers of every size" % query,
               value_of(answer, "faults"), "0")


def test_range(lib, image, whole):
    rows = [(r.key, states.Record(r.elem).ports) for r in whole.records]
    for first, last in ((8000, 8010), (0, 65535), (6063, 6100)):
        answer, = lib.ask(image, [("query", "%d-%d" % (first, last), "")])
        expect("range %d-%d" % (first, last), keys_of(answer),
               [key for key, ports in rows
                if ports and ports[0] <= last and first <= ports[1]])


def test_open(lib, image):
    def code(path):
        done = subprocess.run([str(lib.tmp / "ask"), str(path)],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        expect("opening %s: %s" % (path, done.stderr[:1000]),
               done.returncode, 1)
        expect("where: " + done.stdout, str(path) in done.stdout, True)
        return int(done.stdout.split("\t")[1])

    bad = lib.tmp / "bad.image"
    data = pathlib.Path(image).read_bytes()
    expect("no file", code(lib.tmp / "none"), ENODATA)
    expect("no image in a folder", code(lib.tmp), ENODATA)
    expect("an XML", code(official.NEWEST), EFORMAT)
    expect("a path through a file", code(str(official.NEWEST) + "/x"), ENODATA)
    for cut in (8, 31, 100, len(data) // 2, len(data) - 1):
        bad.write_bytes(data[:cut])
        expect("cut at %d" % cut, code(bad), EDAMAGED)
    bad.write_bytes(data[:6] + b"9" + data[7:])
    expect("another format", code(bad), EVERSION)


def test_threads(lib, image, other):
    program = lib.compile(HERE / "threads.c", "-std=gnu17")
    link = lib.tmp / "link"
    if link.is_symlink():
        link.unlink()
    link.symlink_to(image)
    expect("threads", lib.run(program, link, image, other),
           "often asked, 50 refreshed, 0 wrong\n")


def test_past(lib, image, paths):
    for path in paths:
        then = oracle.Registry(str(path))
        as_of = path.name[:10]
        whole, by_port, by_name = lib.ask(image, [
            ("search", "", as_of, "0", "0"), ("port", "443", "tcp", as_of),
            ("name", "submissions", "", as_of)])
        expect("%s: all records" % as_of, keys_of(whole),
               [r.key for r in then.records])
        expect("%s: port 443" % as_of, sorted(keys_of(by_port)), sorted(
            r.key for r in then.records
            if r.columns[oracle.NUMBER] == "443"
            and r.columns[oracle.PROTOCOL] in ("tcp", "")))
        expect("%s: submissions" % as_of, sorted(keys_of(by_name)), sorted(
            r.key for r in then.records
            if r.columns[oracle.NAME] == "submissions"))


def damaged(image, rng):
    """Its bytes, some numbers being others."""
    data = bytearray(pathlib.Path(image).read_bytes())
    for _ in range(rng.choice((1, 20, 400, 4000, 40000))):
        # Behind the head, or it would just be refused.
        at = rng.randrange(2048, len(data) - 4) & ~3
        data[at:at + 4] = rng.choice((
            b"\xff" * 4, b"\0" * 4, rng.randbytes(4),
            rng.randrange(1 << 16).to_bytes(4, "little"),
            rng.randrange(1 << 24).to_bytes(4, "little")))
    return data


def test_damaged(lib, images, rng):
    program = lib.compile(HERE / "walk.c", "-std=gnu17")
    expect("all that can be asked", lib.run(program, *images),
           "2 opened, 0 refused, 0 faults\n")
    bad = lib.tmp / "damaged.image"
    for n in range(40 if lib.asan else 10):
        bad.write_bytes(damaged(images[n % 2], rng))
        expect("damaged image %d" % n, re.sub(
            r"0 opened, 1|1 opened, 0", "1", lib.run(program, bad)),
            "1 refused, 0 faults\n")


# The library itself.

def test_symbols(lib):
    wanted = set(re.findall(r"^\t(\w+);", (
        SOURCE / "src/lib/libportbook.map").read_text(), re.M))
    header = (SOURCE / "include/portbook/portbook.h").read_text()
    declared = set(re.findall(r"PORTBOOK_API [^(]*?\b(portbook_\w+)\(",
                              header))
    out = lib.run("nm", "-D", "--defined-only", "--with-symbol-versions",
                  lib.build / "libportbook.so.0")
    ours = {line.split()[2] for line in out.splitlines()
            if " A " not in line}
    expect("symbols of the map", ours, {n + "@@PORTBOOK_0" for n in wanted})
    expect("symbols of the header", declared, wanted)
    # In C++ a function hides a struct of its name.
    types = set(re.findall(r"^(?:struct|enum) (portbook_\w+)", header, re.M))
    expect("types", len(types) > 10, True)
    expect("types that are functions, too", types & wanted, set())
    expect("functions in the manual", set(declared_by_manual()), wanted)
    out = lib.run("readelf", "-d", lib.build / "libportbook.so.0")
    expect("soname", re.findall(r"soname: \[(.*?)\]", out),
           ["libportbook.so.0"])


def test_abi(lib):
    tag = subprocess.run(["git", "-C", SOURCE, "describe", "--tags",
                          "--abbrev=0"], capture_output=True, text=True)
    if tag.returncode != 0:
        print("# no release is tagged yet that abidiff could compare with")
        return
    if shutil.which("abidiff") is None:
        skip("abidiff", "abidiff is not installed")
        return
    old = lib.tmp / "old"
    old.mkdir()
    tag = tag.stdout.strip()
    source = subprocess.run(["git", "-C", SOURCE, "archive", tag],
                            check=True, stdout=subprocess.PIPE).stdout
    subprocess.run(["tar", "-x", "-C", old], input=source, check=True)
    for command in (["meson", "setup", old / "b", old, "-Dtests=false"],
                    ["meson", "compile", "-C", old / "b",
                     "portbook:shared_library"]):
        subprocess.run(command, check=True, capture_output=True)
    # Bits of its status: 4 for any change, 8 for one that breaks programs.
    done = subprocess.run(
        ["abidiff", "--no-added-syms", old / "b/libportbook.so.0",
         lib.build / "libportbook.so.0"], capture_output=True, text=True)
    expect("abidiff against %s: %s" % (tag, done.stdout),
           done.returncode, 0)


def squeezed(text):
    return re.sub(r"\s*\*\s*", " *", " ".join(text.split())).strip()


def declared_by_header():
    """{function: (its type, its parameters)}"""
    header = re.sub(r"/\*.*?\*/", "", (
        SOURCE / "include/portbook/portbook.h").read_text(), flags=re.S)
    return {name: (squeezed(kind), [squeezed(a) for a in args.split(",")])
            for kind, name, args in re.findall(
                r"PORTBOOK_API\s([^;(]*?)(\w+)\(([^;]*?)\);", header)}


def declared_by_manual():
    manual = (SOURCE / "man/libportbook.3").read_text()
    synopsis = manual.partition(".Sh SYNOPSIS")[2].partition(".Sh DESC")[0]
    out = {}
    for macro, rest in re.findall(r"^\.(F[tnoa]) (.*)$", synopsis, re.M):
        words = [squeezed(a or b) for a, b in re.findall(
            r'"([^"]*)"|(\S+)', rest)]
        if macro == "Ft":
            kind = squeezed(rest.strip('"'))
        elif macro == "Fa":
            out[name][1].extend(words)
        else:
            name, *args = words
            out[name] = (kind, args)
    return out


def shown_in_manual():
    """What the manual and the guide show is what the examples are."""
    manual = (SOURCE / "man/libportbook.3").read_text()
    shown = manual.partition(".Sh EXAMPLES")[2].partition(".Sh ")[0]
    code = "\n".join(line.replace("\\&", "").replace("\\e", "\\")
                     for line in re.findall(
        r"\.Bd -literal.*?\n(.*?)\n\.Ed", shown, re.S)[0].splitlines())
    example = (SOURCE / "docs/examples/port.c").read_text()
    expect("the manual's example is in docs/examples/port.c",
           code.strip() in example, True)


def test_examples(lib, image, whole):
    shown_in_manual()
    expect("the manual's synopsis is that of the header",
           declared_by_manual(), declared_by_header())
    for path in sorted((SOURCE / "docs/examples").glob("*.c")):
        lib.compile(path, "-std=c99", "-pedantic")
        if shutil.which("g++") and not lib.asan:
            subprocess.run(["g++", "-std=c++11", "-x", "c++", *WARNINGS,
                            "-fsyntax-only", "-I", SOURCE / "include", path],
                           check=True)
    expect("port.c", lib.run(lib.tmp / "port", image, "443/tcp", "24/udp"),
           "443/tcp/https\thttps\thttp protocol over TLS/SSL\n"
           "24/udp/-\t-\tany private mail system\n")
    expect("port.c finds nothing",
           lib.run(lib.tmp / "port", image, "no-such-name", status=1), "")
    for words in ("tcp", "a 1 udp", "openstack"):
        expect("search.c " + words,
               lib.run(lib.tmp / "search", image, words).splitlines(),
               [r.key for r in whole.search(words)])
    versions = [suggest.Version(official.NEWEST)]
    expect("free.c", lib.run(lib.tmp / "free", image, "x", "80").splitlines(),
           [*map(str, suggest.suggest(versions, "x")),
            "80: assigned or reserved (RFC 6335 section 6)",
            "80: system ports, 0-1023 (RFC 6335 section 6)"])


def test_valgrind(lib, image):
    if shutil.which("valgrind") is None:
        skip("valgrind", "it is not installed")
        return
    program = lib.compile(HERE / "ask.c", "-std=gnu17", "-DNO_COUNT",
                          name="plain")
    questions = ("port\t443\ttcp\t\nname\trdp\t\t\nquery\t80\t\n"
                 "search\twhois\t\t0\t5\tx\nstate\t80\t\ncheck\tfoo_bar\n"
                 "person\tIESG\nsuggest\tx\t5\nreasons\t8080\nquery\tx\tx\n")
    done = subprocess.run(
        ["valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=all",
         "--show-leak-kinds=all", "--error-exitcode=9", program, image],
        input=questions, capture_output=True, text=True)
    expect("valgrind: " + done.stderr[-2000:], done.returncode, 0)


def test_install(lib, image):
    """What `make install` lays down is enough for a program."""
    root = lib.tmp / "root"
    done = subprocess.run(
        ["meson", "install", "-C", lib.build, "--no-rebuild", "--destdir",
         root], capture_output=True, text=True)
    if done.returncode != 0:
        skip("install", done.stderr[-300:] or done.stdout[-300:])
        return
    pc, = root.rglob("portbook.pc")
    env = {**os.environ, "PKG_CONFIG_PATH": str(pc.parent),
           "PKG_CONFIG_SYSROOT_DIR": str(root)}
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "portbook"],
                           env=env, capture_output=True, text=True,
                           check=True).stdout.split()
    program = lib.tmp / "installed"
    subprocess.run(["cc", "-o", program, SOURCE / "docs/examples/port.c",
                    *flags], check=True)
    done = subprocess.run(
        [program, image, "22/tcp"], capture_output=True, text=True,
        env={"LD_LIBRARY_PATH": str(pc.parent.parent)})
    expect("installed: port.c", done.stdout,
           "22/tcp/ssh\tssh\tThe Secure Shell (SSH) Protocol\n")
    for name in ("libportbook.so", "libportbook.so.0", "libnss_portbook.so.2",
                 "portbook.h", "error.h", "libportbook.3", "nss_portbook.8"):
        expect("installed: " + name, len(list(root.rglob(name + "*"))) > 0,
               True)


def test_library(build, tmp, images, whole, paths):
    lib = Library(build, tempfile.mkdtemp(dir=tmp))
    seed = random.randrange(1 << 32)
    rng = random.Random(seed)
    print("%s, seed %d" % (build, seed))
    newest, past = images
    lib.compile(HERE / "ask.c", "-std=gnu17",
                *(["-DNO_COUNT"] if lib.asan else []))
    test_fields(lib, newest, whole)
    test_ports(lib, newest, whole, rng)
    test_names(lib, newest, whole, rng)
    test_search(lib, newest, whole, rng)
    test_people(lib, newest, whole, rng)
    test_range(lib, newest, whole)
    test_free(lib, newest)
    test_check_name(lib, newest)
    test_parse(lib, newest)
    test_texts(lib, newest)
    test_open(lib, newest)
    test_past(lib, past, paths)
    test_damaged(lib, images, rng)
    test_threads(lib, newest, past)
    test_examples(lib, newest, whole)
    if not lib.asan:
        test_symbols(lib)
        test_abi(lib)
        test_valgrind(lib, newest)
        test_install(lib, newest)


def main():
    if not official.available() or not editions.available():
        cannot(official.NONE)
    with tempfile.TemporaryDirectory() as tmp:
        names = [n for n in editions.names() if n[:10] in DATES]
        last = {n[:10]: n for n in names}
        paths = editions.extract(sorted(last.values()), tmp)
        newest = program.build(tmp + "/newest.image", official.NEWEST)
        past = program.build(tmp + "/past.image", *paths)
        whole = oracle.Registry(str(official.NEWEST))
        for build in (BUILD, ASAN):
            if (build / "libportbook.so.0").exists():
                test_library(build, tmp, (newest, past), whole, paths)
            else:
                skip(str(build), "libportbook.so.0 is not built there")
    return finish()


if __name__ == "__main__":
    sys.exit(main())
