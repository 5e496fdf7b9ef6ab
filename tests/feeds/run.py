#!/usr/bin/env python3
"""The formats nft, avahi and c, held against the programs that eat them.

limit: 300 seconds

nft reads the files in a network namespace of its own and lists what it made
of them; avahi-browse reads a database built by gdbm_load in a mount namespace
of its own; gcc, g++ and clang compile the header and a program looks all of
it up.  What should come out is told by the oracle's reading of the XML.
"""

import base64
import collections
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
from common import official  # noqa: E402
from common.outcome import cannot, expect, finish, skip  # noqa: E402
from common.program import PORTBOOK, SOURCE, build  # noqa: E402

DOCUMENT = (SOURCE / "docs" / "exports-nft-avahi-c.md").read_text()
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
NO_STATE = re.compile(
    r"\(?unassigned|reserved|de-?registered|de-?assigned|removed|this entry "
    r"(has been|is being) removed|deprecated|de-?comm?issioned|withdrawn|revoked",
    re.I)
ALIAS = re.compile(r'entry is an alias to "|duplicate of the "[^"]*" service')
WEAK = re.compile(ALIAS.pattern + "|unassigned but widespread use")
SANE = re.compile(r"(?=.{1,15}\Z)(?=.*[A-Za-z])[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


class Row:
    """A record as these formats take it."""

    def __init__(self, columns, place):
        first, _, last = columns[oracle.NUMBER].partition("-")
        match = NO_STATE.match(columns[oracle.DESCRIPTION])
        note = columns[oracle.NOTE]
        self.place = place
        self.name = columns[oracle.NAME]
        self.protocol = columns[oracle.PROTOCOL]
        self.first = int(first) if first else None
        self.last = int(last or first) if first else None
        self.description = columns[oracle.DESCRIPTION]
        self.alias = bool(ALIAS.search(note))
        self.weak = bool(WEAK.search(note))
        self.keys = bool(re.search(r"defined\s+txt\s+keys", note, re.I))
        self.state = ("assigned" if self.name or not match else
                      "unassigned" if "unassigned" in match[0].lower() else
                      "reserved")

    @property
    def transports(self):
        if self.protocol:
            return (self.protocol,)
        return ("tcp", "udp") if self.name else TRANSPORTS

    def span(self):
        return range(self.first, self.last + 1)


def convert(form, style, source=None, out=None, epoch=None):
    """The bytes that convert writes, in a file of that name if one is given."""
    env = {"PATH": os.environ["PATH"], "HOME": TMP, "LC_ALL": "C.UTF-8"}
    if epoch is not None:
        env["SOURCE_DATE_EPOCH"] = str(epoch)
    command = [PORTBOOK, "convert", "-q", "--to", form]
    if style:
        command += ["--style", style]
    done = subprocess.run([*command, source or IMAGE], env=env,
                          capture_output=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError("convert --to %s: %s" % (form, done.stderr))
    if out:
        (pathlib.Path(TMP) / out).write_bytes(done.stdout)
    return done.stdout


def alone(kind, script):
    """A shell script in a namespace of that kind, as root there."""
    flags = "-" + kind if os.getuid() == 0 else "-r" + kind
    return subprocess.run(["unshare", flags, "sh", "-ec", script], cwd=TMP,
                          env={"PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
                               "LC_ALL": "C.UTF-8"},
                          capture_output=True, text=True, timeout=120)


def lacks(kind, *programs):
    """Why programs cannot be run in a namespace; empty if they can."""
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    for program in programs:
        if not shutil.which(program, path=path):
            return "there is no " + program
    done = alone(kind, "true")
    return "" if done.returncode == 0 else done.stderr.strip()


# nft

def identifier(name, transport):
    lead = "_" if name[:1].isdigit() else ""
    return lead + re.sub("[^a-z0-9]", "_", name.lower()) + "_" + transport


def wanted_defines():
    """{identifier: set of ports}; who comes first has the plain identifier."""
    ports = collections.defaultdict(set)
    proper = set()
    for row in ROWS:
        if not row.name or row.first is None:
            continue
        for transport in row.transports:
            key = (row.name.lower(), transport)
            ports[key].update(row.span())
            if not row.alias:
                proper.add(key)
    wanted = {}
    plain = {identifier(*key) for key in ports}
    for key in sorted(ports, key=lambda k: (k not in proper,
                                            not SANE.fullmatch(k[0]), k)):
        name = identifier(*key)
        if name in wanted and key not in proper and wanted[name] == ports[key]:
            continue
        lead, number = name[:-len(key[1]) - 1], 2
        while name in wanted or (number > 2 and name in plain):
            name = "%s_%d_%s" % (lead, number, key[1])
            number += 1
        wanted[name] = ports[key]
    return wanted


def ports_of(value):
    """The ports in an expression of nft's JSON."""
    if isinstance(value, int):
        return {value}
    if "range" in value:
        return set(range(value["range"][0], value["range"][1] + 1))
    found = set()
    for one in value["set"]:
        found |= ports_of(one)
    return found


def listing(text):
    """The objects of `nft -j list ruleset`, by kind."""
    found = collections.defaultdict(list)
    for one in json.loads(text)["nftables"]:
        for kind, value in one.items():
            found[kind].append(value)
    return found


def dports(rules):
    """{comment: ports} of rules that match a destination port."""
    found = {}
    for rule in rules:
        match = rule["expr"][0]["match"]
        transport = match["left"]["payload"]["protocol"]
        expect("transport of " + rule["comment"],
               rule["comment"].endswith("_" + transport), True)
        found[rule["comment"]] = ports_of(match["right"])
    return found


def test_defines():
    text = convert("nft", "defines", out="defines.nft").decode()
    expect("defines is the first style", convert("nft", ""), text.encode())
    done = alone("n", "nft -c -f defines.nft")
    expect("nft -c of the defines", (done.returncode, done.stderr), (0, ""))
    names = re.findall(r"^define (\S+) = ", text, re.M)
    expect("every line is a define or a comment",
           [line for line in text.splitlines()
            if line and not re.match(r"#|define [a-z0-9_]+ = [-0-9, {}]+?"
                                     r"( # [ -~]+)?\Z", line)], [])
    wanted = wanted_defines()
    expect("names of the defines", sorted(names), sorted(wanted))
    # The kernel takes so much at once, and less from who is not root.
    some = 2000 if os.getuid() == 0 else 250
    found = {}
    for at in range(0, len(names), some):
        rules = "".join('\t\t%s dport $%s comment "%s"\n'
                        % (n.rsplit("_", 1)[1], n, n)
                        for n in names[at:at + some])
        path = pathlib.Path(TMP) / "rules.nft"
        path.write_text('include "./defines.nft"\n'
                        "table inet t {\n\tchain c {\n%s\t}\n}\n" % rules)
        done = alone("n", "nft -f rules.nft; nft -j list ruleset")
        expect("rules from %d" % at, (done.returncode, done.stderr), (0, ""))
        if done.returncode == 0:
            found.update(dports(listing(done.stdout)["rule"]))
    expect("ports of the defines", found, wanted)


RULESET = """include "./defines.nft"
table inet mine {
	include "./sets.nft"
	set web {
		type inet_service
		flags interval
		elements = { $http_tcp, $https_tcp, $x11_tcp }
	}
	chain input {
		type filter hook input priority filter
		tcp dport $https_tcp accept
		tcp dport { $ssh_tcp, $http_alt_tcp } accept
		tcp dport @web accept
		udp dport @udp_unassigned drop
	}
}
"""


def test_ruleset():
    """What an administrator writes, as nft prints it."""
    shown = "".join("    " + line for line in RULESET.splitlines(True))
    expect("the ruleset is that of the document", shown in DOCUMENT, True)
    convert("nft", "sets", out="sets.nft")
    (pathlib.Path(TMP) / "mine.nft").write_text(RULESET)
    done = alone("n", "nft -f mine.nft; nft list chain inet mine input; "
                      "nft list set inet mine web")
    if "Message too long" in done.stderr:
        return skip("nft: a ruleset with sets", "only root may send so much")
    expect("the ruleset loads", (done.returncode, done.stderr), (0, ""))
    told = " ".join(done.stdout.split())
    for part in ("tcp dport 443 accept", "elements = { 80, 443, 6000-6063 }",
                 "tcp dport { 22, 591, 8008, 8080 } accept",
                 "udp dport @udp_unassigned drop"):
        expect("the ruleset has " + part, part in told, True)


def wanted_sets():
    """{set: ports}, by the state of each port for each transport."""
    order = ("unassigned", "reserved", "assigned")
    best = {}
    for row in ROWS:
        if row.first is None:
            continue
        rank = (row.first == row.last, bool(row.protocol),
                order.index(row.state))
        for transport in row.transports:
            for port in row.span():
                key = (transport, port)
                best[key] = max(best.get(key, rank), rank)
    wanted = {t + "_" + s: set() for t in TRANSPORTS for s in
              (*order, "assigned_system", "assigned_user")}
    for (transport, port), (_, _, state) in best.items():
        name = transport + "_" + order[state]
        wanted[name].add(port)
        if order[state] == "assigned":
            wanted[name + ("_system" if port < 1024 else "_user")].add(port)
    return wanted


OTHER = """<registry xmlns="http://www.iana.org/assignments" id="x">
 <title>T</title><updated>2020-01-01</updated>
 %s</registry>
"""
WIDE = OTHER % ("<record><name>wide</name><protocol>tcp</protocol>"
                "<number>1-60000</number></record>")


def test_table():
    """A newer table takes the place of an older, and leaves what is added."""
    (pathlib.Path(TMP) / "wide.xml").write_text(WIDE)
    convert("nft", "table", TMP + "/wide.xml", "older.nft")
    convert("nft", "table", out="newer.nft")
    done = alone("n", """nft -f older.nft
nft add chain inet portbook mine
nft add rule inet portbook mine tcp dport @tcp_assigned counter
nft -f newer.nft
nft -f newer.nft
nft -j list ruleset""")
    if "Message too long" in done.stderr:
        return skip("nft: the table", "only root may send so much")
    expect("the table loads", (done.returncode, done.stderr), (0, ""))
    if done.returncode != 0:
        return None
    found = listing(done.stdout)
    expect("chains and rules stay",
           (len(found["chain"]), len(found["rule"])), (1, 1))
    expect("the table", [(t["family"], t["name"]) for t in found["table"]],
           [("inet", "portbook")])
    expect("sets", {s["name"]: ports_of({"set": s.get("elem", [])})
                    for s in found["set"]}, wanted_sets())
    return None


# avahi

def entries_of(text):
    """What avahi's builder makes of the source: {type: name}."""
    found = {}
    for line in text.split("\n"):
        line = line.strip(" \r\n\t")
        if line == "" or line.startswith("#"):
            continue
        kind, name = line.split(":", 1)
        expect("written once: " + kind, kind.strip() in found, False)
        found[kind.strip()] = name.strip()
    return found


def wanted_types(full):
    found = {}
    for row in ROWS:
        if (not SANE.fullmatch(row.name) or row.alias
                or row.protocol not in ("", *TRANSPORTS)
                or not (full or row.first is None or row.keys)):
            continue
        rank = TRANSPORTS.index(row.protocol) if row.protocol else 4
        for label in (("tcp", "udp") if not row.protocol else
                      ("tcp",) if row.protocol == "tcp" else ("udp",)):
            key = (row.name.lower(), label)
            value = (rank, row.place, "_%s._%s" % (row.name, label),
                     " ".join(row.description.split()) or row.name)
            found[key] = min(found.get(key, value), value)
    return {kind: name for _, _, kind, name in found.values()}


def write_dump(entries, path):
    """A file for gdbm_load."""
    with open(path, "w") as out:
        out.write("# GDBM dump file\n#:version=1.1\n#:file=x\n"
                  "#:format=standard\n# End of header\n")
        for pair in entries.items():
            for text in pair:
                data = text.encode()
                code = base64.b64encode(data).decode()
                out.write("#:len=%d\n" % len(data))
                out.write("".join(code[i:i + 76] + "\n"
                                  for i in range(0, len(code), 76)))
        out.write("#:count=%d\n# End of data\n" % len(entries))


def browse(entries, database):
    """{type: name} as avahi-browse reads them from such a database."""
    write_dump(entries, TMP + "/types.dump")
    script = "rm -f types.db; gdbm_load types.dump types.db; " \
             "mount --bind types.db %s; " % database
    names = alone("m", script + "avahi-browse -b")
    kinds = alone("m", script + "avahi-browse -b -k")
    expect("avahi-browse", (names.returncode, names.stderr,
                            kinds.returncode, kinds.stderr), (0, "", 0, ""))
    return dict(zip(kinds.stdout.splitlines(), names.stdout.splitlines()))


def test_avahi():
    shipped = glob.glob("/usr/lib/*/avahi/service-types.db")
    why = lacks("m", "avahi-browse", "gdbm_load")
    if not shipped:
        why = why or "avahi has no database of types"
    for style in ("discovery", "full"):
        ours = entries_of(convert("avahi", style).decode())
        wanted = wanted_types(style == "full")
        for entries in (ours, wanted):
            for kind, name in entries.items():
                entries[kind] = " ".join(name.split())
        expect("types of " + style, ours, wanted)
        if not why:
            expect("avahi's types of " + style, browse(ours, shipped[0]),
                   wanted)
    expect("discovery is the first style", convert("avahi", ""),
           convert("avahi", "discovery"))
    if why:
        skip("avahi-browse", why)


# c

COMPILERS = (("gcc", "c99", "c"), ("gcc", "c17", "c"), ("clang", "c99", "c"),
             ("g++", "c++11", "c++"), ("g++", "c++20", "c++"),
             ("clang++", "c++11", "c++"))
FLAGS = ("-Wall", "-Wextra", "-pedantic", "-Werror", "-Wshadow", "-Wundef",
         "-Wconversion", "-O1", "-trigraphs")


def compiled(header, program, compiler, standard, language, *flags):
    """Its path, having been compiled with that header; None if it was not."""
    target = "%s/%s-%s-%s" % (TMP, header, compiler, standard)
    done = subprocess.run(
        [compiler, "-std=" + standard, *FLAGS, *flags, "-x", language,
         "-DHEADER=\"%s\"" % header, "-I", TMP, "-o", target, program],
        capture_output=True, text=True, timeout=120)
    expect("%s -std=%s of %s" % (compiler, standard, header),
           (done.returncode, done.stdout + done.stderr), (0, ""))
    return target if done.returncode == 0 else None


def preferences():
    """{(transport, port): name} of data/names.tsv."""
    found = {}
    for line in (SOURCE / "data" / "names.tsv").read_text().splitlines():
        if line.startswith("prefer\t"):
            _, name, target = line.split("\t")[:3]
            port, transport = target.split("/")
            found[transport, int(port)] = name
    return found


def first_of(rows, curated):
    """The one of a port's rows that speaks for it."""
    single = [r for r in rows if r.first == r.last] or rows
    exact = [r for r in single if r.protocol] or single
    chosen = [r for r in exact if r.name == curated]
    return (chosen or [r for r in exact if not r.weak] or exact)[0]


def test_answers(answers, full):
    """What the program found, against all that there is."""
    at = collections.defaultdict(list)
    named = collections.defaultdict(list)
    curated = preferences()
    for row in ROWS:
        if not row.name or row.first is None:
            continue
        for transport in row.transports:
            named[row.name.lower()].append((transport, row))
            for port in row.span():
                at[transport, port].append(row)

    def shown(row):
        text = " ".join(row.description.split()) if full else None
        return (row.first, row.last, row.name, text)

    ports = collections.defaultdict(list)
    names = collections.defaultdict(list)
    for fields in answers:
        kind, key, transport, first, last, protocol, name = fields[:7]
        text = " ".join(fields[7].split()) if full else None
        answer = (int(first), int(last), name, text)
        if kind == "port":
            ports[transport, int(key)].append(answer)
        else:
            names[key.lower(), transport].append((protocol, *answer))
    expect("ports", {k: sorted(v) for k, v in ports.items()},
           {k: sorted(map(shown, v)) for k, v in at.items()})
    expect("the first of each port", {k: v[0][2] for k, v in ports.items()},
           {k: first_of(v, curated.get(k)).name for k, v in at.items()})
    wanted = {}
    for name, rows in named.items():
        for transport in (*TRANSPORTS, "any"):
            some = [(t, *shown(r)) for t, r in rows
                    if transport in ("any", t)]
            if some:
                wanted[name, transport] = sorted(some)
    expect("names", {k: sorted(v) for k, v in names.items()}, wanted)


def test_header(style):
    header = "ports-%s.h" % style
    convert("c", style, out=header)
    asked = sorted({row.name for row in ROWS if row.name})
    # No such name: those are to be told from the ones that there are.
    near = {n[:-1] for n in asked} | {n + "x" for n in asked} | {"", "\xe9"}
    known = {n.lower() for n in asked}
    near = sorted(n for n in near if n.lower() not in known)
    text = "\n".join([*asked, *(n.swapcase() for n in near)]) + "\n"
    ran = 0
    for compiler, standard, language in COMPILERS:
        if not shutil.which(compiler):
            skip("c with " + compiler, "there is no " + compiler)
            continue
        flags = ("-DFULL",) if style == "full" else ()
        program = compiled(header, HERE / "lookups.c", compiler, standard,
                           language, *flags)
        if program is None or (ran and language == "c"):
            continue
        done = subprocess.run([program], input=text.encode(), timeout=120,
                              capture_output=True)
        expect("the program ends", done.returncode, 0)
        test_answers([one.split("\x1f") for one in
                      done.stdout.decode().split("\x1e")[:-1]],
                     style == "full")
        ran += 1
    expect("programs were run", ran > 0, True)


def test_prefix():
    """Another prefix leaves no name of the first one."""
    program = pathlib.Path(TMP) / "prefix.c"
    program.write_text(
        "#define IANA_PORTS_PREFIX my_\n#include HEADER\n#include HEADER\n"
        "struct iana_service { int other; };\n"
        "static int iana_by_port(void) { return 0; }\n"
        "int main(void)\n{\n"
        "\treturn my_by_port(22, my_tcp, 0)->first - 22 + iana_by_port();\n"
        "}\n")
    target = compiled("ports-ports.h", program, "gcc", "c99", "c")
    expect("another prefix", subprocess.run([target]).returncode, 0)


# All three

EVIL = ("*/", '"; #include "/etc/passwd"', "??/", "x\\", "%s%n", "# $a",
        "} table inet x {", "é\u2028", "a:b", "_x._tcp", "'", "a b", "1-2")
HOSTILE = OTHER % "".join(
    "<record><name>%s</name><protocol>tcp</protocol><number>%d</number>"
    "<description>%s&#10;??/&#10;*/ \\</description>"
    "<note>Defined TXT keys</note></record>"
    % (name.replace('"', "&quot;"), port, name.replace('"', "&quot;"))
    for port, name in enumerate(EVIL, 1))


def test_hostile():
    path = TMP + "/hostile.xml"
    pathlib.Path(path).write_text(HOSTILE)
    text = convert("nft", "defines", path, "hostile.nft").decode()
    expect("hostile defines", len(re.findall("^define ", text, re.M)),
           len(EVIL))
    if not lacks("n", "nft"):
        done = alone("n", "nft -c -f hostile.nft; nft -f hostile.nft; "
                          "nft list ruleset")
        expect("hostile to nft", (done.returncode, done.stdout, done.stderr),
               (0, "", ""))
    expect("hostile to avahi", entries_of(convert("avahi", "full",
                                                  path).decode()), {})
    convert("c", "full", path, "hostile.h")
    for compiler, standard, language in COMPILERS:
        if not shutil.which(compiler):
            continue
        program = compiled("hostile.h", HERE / "lookups.c", compiler, standard,
                           language, "-DFULL")
        done = subprocess.run([program], stdin=subprocess.DEVNULL,
                              capture_output=True)
        rows = [one.split("\x1f") for one in
                done.stdout.decode().split("\x1e")[:-1]]
        expect("hostile names in C", [r[6] for r in rows], list(EVIL))
        expect("hostile texts in C", [r[7] for r in rows],
               [name + "\n??/\n*/ \\" for name in EVIL])


def test_bytes(form):
    """No time but the one given, and the same bytes each time."""
    plain = convert(form, "")
    expect("the same again: " + form, convert(form, ""), plain)
    dated = convert(form, "", epoch=1700000000)
    made = [line.split("Made: ")[1] for line in dated.decode().splitlines()
            if "Made: " in line]
    expect("the time made: " + form, made, ["2023-11-14T22:13:20Z"])
    head = plain.decode()[:1000]
    for part in ("Registry: 2026-08-17\n", "Licence: CC0 1.0",
                 "Source: https://www.iana.org/assignments/"):
        expect("%s says %s" % (form, part), part in head, True)
    expect("no time in " + form, b"Made:" in plain, False)


def main():
    global TMP, IMAGE, ROWS
    if not official.available():
        cannot(official.NONE)
    xml = official.NEWEST
    with tempfile.TemporaryDirectory() as TMP:
        IMAGE = build(TMP + "/registry.image", xml)
        ROWS = [Row(r.columns, place) for place, r in
                enumerate(oracle.Registry(xml).records)]
        for form in ("nft", "avahi", "c"):
            test_bytes(form)
        why = lacks("n", "nft")
        if why:
            skip("nft", why)
        else:
            test_defines()
            test_ruleset()
            test_table()
        test_avahi()
        test_header("ports")
        test_header("full")
        test_prefix()
        test_hostile()
    return finish()


if __name__ == "__main__":
    sys.exit(main())
