#!/usr/bin/env python3
"""`portbook check` against the counts of the rules, a second program, and edits.

limit: 300 seconds
"""

import collections
import fcntl
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import edits  # noqa: E402
import oracle  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import expect, finish, skip  # noqa: E402
from common.program import PORTBOOK, SOURCE, plain  # noqa: E402
from common.program import portbook as run  # noqa: E402

OLDER = ("2015-05-04.xml", "2017-02-23.xml", "2021-06-04.xml")
LINE = re.compile(r"(.*?)(?::(\d+):(\d+))?: ([A-Z-]+) \(([a-z]+)\): (.*) "
                  r"\[([^][]+)\]\Z")
SMALL = b"""<registry xmlns="http://www.iana.org/assignments" id="x">
<title>t</title>
<updated>2026-01-02</updated>
  <record date="2020-01-02">
    <name>a_b</name>
  </record>
</registry>
"""


def findings(*words, **more):
    return json.loads(run("check", "--json", *words, **more)[1])["findings"]


def triples(found):
    return sorted((f["code"], f["kind"], f["record"]) for f in found)


def check_counts(path):
    wanted = {}
    for line in (SOURCE / "tests/check/counts.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            code, count, _ = line.split("\t")
            wanted[code] = int(count)
    found = collections.Counter(
        f["code"] for f in findings("--all", path))
    for code, count in wanted.items():
        expect("count of " + code, found[code], count)
    expect("codes without a count", sorted(set(found) - set(wanted)), [])


def check_oracle(path):
    """Each finding with its kind and record; its line is that of a record."""
    found = findings("--all", path)
    expect("findings of " + os.path.basename(path),
           [t for t in triples(found) if t[0] != "NAME-ALIAS-LIST"],
           oracle.findings(path))
    lines = pathlib.Path(path).read_bytes().split(b"\n")
    wrong = [f for f in found if f["line"] and not re.match(
        rb"<(record|person)\b",
        lines[f["line"] - 1][f["column"] - 1:])]
    expect("places in " + os.path.basename(path), wrong, [])


def check_text(path):
    """The lines say what the JSON says, for what follows a line's date."""
    status, out, err = run("check", "--all", path)
    expect("status with --all", status, 1)
    read = []
    for line in out.splitlines():
        match = LINE.match(line)
        rest = match[6].split(": ", 1)
        read.append((match[1], match[2] and int(match[2]),
                     match[3] and int(match[3]), match[4], match[5],
                     *rest, match[7]))
    wanted = [(path, f["line"], f["column"], f["code"], f["kind"],
               f["record"], f["message"], f["source"])
              for f in findings("--all", path)]
    expect("lines", read, wanted)
    kinds = collections.Counter(f[4] for f in wanted)
    expect("summary", [
        "{:,} findings".format(len(wanted)),
        "{:,} violations".format(kinds["violation"]),
        "{:,} of history".format(kinds["history"]),
        "{:,} of bookkeeping".format(kinds["bookkeeping"]),
        "{:,} of information".format(kinds["information"])],
        re.split(", (?=\\d)|: ", err.splitlines()[-1]))
    expect("registry", err.splitlines()[0],
           "registry of 2026-08-17, 14,533 records")


# Edits of the official file, and the news that each must be.
EDITS = (
    ("a name is given a character that is not allowed",
     b"<name>udpstp</name>", b"<name>udp_stp</name>",
     {("NAME-CHAR", "violation"), ("NAME-ALIAS-NOTE", "violation")}),
    ("a new service loses its assignee",
     b'<xref type="person" data="Bencher"/>', b"",
     {("FIELD-ASSIGNEE", "violation")}),
    ("a number beyond 65535", b"<number>24601</number>",
     b"<number>246010</number>",
     {("PORT-RANGE", "violation"), ("PORT-GAP", "bookkeeping")}),
    ("a transport that is none", b"<protocol>dccp</protocol>",
     b"<protocol>DCCP</protocol>", {("FIELD-PROTO-NAME", "violation")}),
)


def check_news(path):
    source = pathlib.Path(path).read_bytes()
    status, out, err = run("check", path)
    expect("no news", (status, out), (0, ""))
    expect("what is known", "no new findings; 41,090 known to the baseline"
           in err, True)
    expect("quiet", run("check", "-q", path), (0, "", ""))
    expect("from standard input", run("check", "-q", "-", stdin=source),
           (0, "", ""))
    edited = pathlib.Path(TMP, "edited.xml")
    for what, old, new, wanted in EDITS:
        if old not in source:
            continue
        edited.write_bytes(source.replace(old, new, 1))
        status, out, _ = run("check", str(edited))
        found = {(LINE.match(l)[4], LINE.match(l)[5])
                 for l in out.splitlines()}
        expect(what, (status, found), (1, wanted))
    # One record of a name that is there: exactly that, where it stands.
    record = (b'<record date="2026-08-01">\n    <name>zigbee-z--x</name>\n'
              b"    <protocol>tcp</protocol>\n    <assignee><xref "
              b'type="person" data="IESG"/></assignee>\n    <xref '
              b'type="person" data="IETF_Chair"/>\n    <description>d'
              b'</description>\n    <xref type="rfc" data="rfc6335"/>\n'
              b"  </record>\n  ")
    at = source.index(b"<footnote")
    edited.write_bytes(source[:at] + record + source[at:])
    line = source[:at].count(b"\n") + 1
    status, out, _ = run("check", "-q", str(edited))
    expect("one new record", (status, out),
           (1, "%s:%d:3: NAME-DBLHYPHEN (violation): -/tcp/zigbee-z--x: the "
            'name "zigbee-z--x": a service name has no two hyphens side by '
            "side [RFC 6335 section 5.1]\n" % (edited, line)))


def check_edits(path):
    """A registrar's slips: each is told, with its kind, once."""
    source = pathlib.Path(path).read_text()
    edited = pathlib.Path(TMP, "edited.xml")
    for what, edit, wanted, words in edits.CASES:
        edited.write_text(edits.apply(source, edit))
        found = findings(str(edited))
        expect(what, triples(found), sorted(wanted))
        expect(what + ": words", [f for f in found
                                  if words in f["message"]] != [],
               bool(wanted))
    for text, place, words in edits.BROKEN:
        edited.write_text(edits.broken(source, text))
        status, out, err = run("check", str(edited))
        expect(text, (status, out, place in err, words in err),
               (3, "", True, True))


def check_kinds(path):
    """What is asked for is told, counted and weighed, and nothing else."""
    edited = pathlib.Path(TMP, "edited.xml")
    source = pathlib.Path(path).read_text()
    unsplit = next(c for c in edits.CASES if c[0] == "a range not split")
    late = edits.split(edits.record(date=' date="2026-08-18"'))
    edited.write_text(edits.apply(source, unsplit[1]))
    for kinds in ("violation", "bookkeeping", "violation,bookkeeping",
                  "history,information"):
        wanted = sorted(f for f in unsplit[2] if f[1] in kinds.split(","))
        status, out, err = run("check", "--kind", kinds, str(edited))
        expect("--kind " + kinds, (status, out.count("\n")),
               (1 if wanted else 0, len(wanted)))
        expect("--json --kind " + kinds, triples(findings(
            "--kind", kinds, str(edited))), wanted)
    edited.write_text(edits.apply(source, late).replace(
        "<updated>2026-08-17", "<updated>2026-08-18", 1))
    expect("information fails a script", run("check", str(edited))[0], 1)
    expect("that asks for all", run(
        "check", "--kind", "violation,bookkeeping", str(edited))[0:2],
           (0, ""))
    for kinds in ("", "grave", "violation,,history", "Violation"):
        status, out, err = run("check", "--kind", kinds, str(edited))
        expect("--kind " + kinds, (status, out, "information" in err),
               (2, "", True))


def check_image(path):
    """Lines and columns are those of the official file."""
    state = os.path.join(TMP, "state")
    run("update", "-q", "--state", state, "--from", path)
    image = findings("--all", "--state", state)
    expect("from an image", image, findings("--all", path))
    status, out, err = run("check", "--state", state)
    expect("news of an image", (status, out), (0, ""))
    answer = json.loads(run("check", "--json", "--state", state)[1])
    file = json.loads(run("check", "--json", path)[1])
    expect("registry of an image", answer["registry"], file["registry"])
    expect("keys", sorted(answer), ["findings", "registry"])
    expect("as of a day before all", run(
        "check", "--state", state, "--as-of", "2001-01-01")[0], 3)
    expect("a file of the option", run("check", "-q", "--registry", path),
           (0, "", ""))
    expect("a folder for a file", run("check", state), (0, "", err))
    expect("an image for a file", run("check", os.path.join(
        state, "public/1/current/registry.image"))[:2], (0, ""))


def check_baselines(path):
    base = os.path.join(TMP, "baseline.tsv")
    expect("write a baseline", run("check", "--write-baseline", base, path)[:2],
           (0, ""))
    expect("which knows all", run("check", "-q", "--baseline", base, path),
           (0, "", ""))
    shipped = [l for l in (SOURCE / "data/baseline.tsv").read_text()
               .splitlines() if not l.startswith("#")]
    expect("the shipped one", pathlib.Path(base).read_text().splitlines(),
           shipped)
    expect("is no copy of the registry", len(shipped) < 600, True)
    expect("over itself", run("check", "--write-baseline", base, path)[:2],
           (0, ""))
    for text in (b"", b"# nothing\n"):
        pathlib.Path(base).write_bytes(text)
        expect("over an empty one", run("check", "--write-baseline", base,
                                        path)[0], 0)
    precious = pathlib.Path(TMP, "precious.xml")
    precious.write_bytes(SMALL)
    status, out, err = run("check", "--write-baseline", str(precious), path)
    expect("over somebody's XML", (status, out, "no baseline" in err,
                                   precious.read_bytes()),
           (2, "", True, SMALL))


def check_usage():
    small = os.path.join(TMP, "small.xml")
    pathlib.Path(small).write_bytes(SMALL)
    base = pathlib.Path(TMP, "small.tsv")
    codes = ["NAME-CHAR", "NAME-ALIAS-NOTE", "FIELD-PROTO", "FIELD-DESC",
             "FIELD-ASSIGNEE", "FIELD-CONTACT", "FIELD-REF", "FIELD-NOBODY"]
    found = findings("--all", small)
    expect("a small file", [(f["code"], f["line"], f["column"],
                             f["record"]) for f in found],
           [(c, 4, 3, "-/-/a_b") for c in
            sorted(codes, key=[f["code"] for f in found].index)])
    base.write_text("".join(c + "\t-/-/a_b\n" for c in codes[1:]))
    status, out, err = run("check", "--baseline", str(base), small)
    expect("but one is known", (status, out.count("\n"), "NAME-CHAR" in out,
                                "7 known" in err), (1, 1, True, True))
    base.write_text("".join(c + "\tuntil=2020-01-01\n" for c in codes))
    expect("a date too early", run("check", "--baseline", str(base),
                                   small)[1].count("\n"), 8)
    base.write_text("NAME-CHAR\nx")
    status, out, err = run("check", "--baseline", str(base), small)
    expect("a bad baseline", (status, out, "%s:1:10:" % base in err),
           (3, "", True))
    expect("no baseline", run("check", "--baseline", TMP + "/none",
                              small)[0], 3)
    expect("no file", run("check", TMP + "/none")[0] in (3, 4), True)
    expect("no registry", run("check")[0], 3)
    for words, part in (
            (["--all", "--baseline", "x", small], "--all or --baseline"),
            ([small, "b.xml"], small + " and b.xml are two"),
            (["--bad"], "check takes no --bad"),
            (["-l", small], "check takes no -l"),
            (["--all=x", small], "takes no value"),
            (["--format", "csv", small], "table or json"),
            (["--baseline"], "--baseline takes"),
            (["--registry", small, small], "one registry"),
            (["--write-baseline", "-", "--json", small], "--json"),
            (["--write-baseline", "-", "--kind", "history", small], "--kind"),
            (["--explain", "NAME-LEN", small], "--explain"),
            (["--explain", "NAME-LEN", "--all"], "--explain"),
            (["--as-of", "2020-01-01", small], "--as-of")):
        status, out, err = run("check", *words)
        expect(" ".join(words), (status, out, err.count("\n"), part in err),
               (2, "", 1, True))
    for command in ("check", "check-name"):
        out = run(command, "--help")[1]
        expect("help of " + command, ("table or json" in out, "tsv" in out),
               (True, False))


def on_terminal(columns, *words):
    """Standard output of a terminal that wide."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, columns, 0, 0))
    done = subprocess.Popen([PORTBOOK, *words], stdout=slave,
                            stderr=subprocess.DEVNULL, env=plain())
    os.close(slave)
    out = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # nobody has the other end any more
            break
        if not part:
            break
        out += part
    done.wait()
    os.close(master)
    return out.decode().replace("\r\n", "\n")


def check_wrapping():
    """At words, indented, and the same words as on one line each."""
    small = os.path.join(TMP, "small.xml")
    flat = run("check", "--all", "-q", small, env={"COLUMNS": "60"})[1]
    expect("one line each", flat.count("\n"), 8)
    for columns in (60, 80, 132):
        lines = on_terminal(columns, "check", "--all", "-q",
                            small).split("\n")
        words = flat.split()
        expect("width %d" % columns,
               [l for l in lines if len(l) > columns and " " in l.strip()
                and len(l.split()) > 1], [])
        expect("words at %d" % columns, " ".join(lines).split(), words)
        expect("findings at %d" % columns, len(
            [l for l in lines if l and not l.startswith("    ")]), 8)


def check_explain():
    status, out, err = run("check", "--explain", "name-char")
    expect("explain", (status, err), (0, ""))
    expect("rule", all(part in out for part in (
        "NAME-CHAR\n", "history; violation for records since September 2011",
        "RFC 6335 section 5.1")), True)
    status, out, err = run("check", "--explain", "NAME-CHRA")
    expect("no such rule", (status, out, "NAME-CHAR" in err), (2, "", True))
    # What is told never steers the terminal, whoever tells it.
    status, out, err = run("check", "--explain", "\x1b[31mNAME-\x7f")
    expect("controls", (status, out, [c for c in err if not c.isprintable()]),
           (2, "", ["\n"]))
    for words in (["small.xml"], ["--json"]):
        expect("explain and more",
               run("check", "--explain", "NAME-CHAR", *words)[0], 2)
    status, out, err = run("check", "--explain", "list")
    names = re.findall(r"^[A-Z-]+$", out, re.M)
    expect("list", (status, len(names) > 70, len(set(names))),
           (0, True, len(names)))
    page = (SOURCE / "man/portbook-check.1").read_text()
    expect("manual", [n for n in names if n not in page], [])
    table = (SOURCE / "tests/check/counts.tab").read_text()
    expect("rules counted", [l.split("\t")[0] for l in table.splitlines()
                             if l[0] != "#" and l.split("\t")[0]
                             not in names], [])


def main():
    check_usage()
    check_wrapping()
    check_explain()
    if not official.available():
        skip(official.NONE)
        return finish()
    newest = str(official.NEWEST)
    check_counts(newest)
    check_oracle(newest)
    check_text(newest)
    check_news(newest)
    check_edits(newest)
    check_kinds(newest)
    check_image(newest)
    check_baselines(newest)
    for path in editions.extract(OLDER, TMP):
        check_oracle(path)
    return finish()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as TMP:
        sys.exit(main())
