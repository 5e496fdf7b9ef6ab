#!/usr/bin/env python3
"""The answers of `portbook` against the oracle, and its manners.

limit: 300 seconds
"""

import csv
import io
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle")]

import check  # noqa: E402
import registry as oracle  # noqa: E402
from common import editions, official, program  # noqa: E402
from common.outcome import cannot, expect, finish  # noqa: E402
from common.program import ADMIN, PORTBOOK, SOURCE, build  # noqa: E402
from common.program import portbook as run  # noqa: E402
from schema import load, violations  # noqa: E402

NEWEST = "2026-08-17"
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
WORDS = re.compile(
    r"\(?unassigned|(iana )?reserved|de-?registered|de-?assigned|removed|"
    r"this entry (has been|is being) removed|deprecated|de-?comm?issioned|withdrawn|"
    r"revoked",
    re.I)


def ask(*words, **more):
    """Of the image of the newest version."""
    return run("--registry", IMAGE, *words, **more)


# What the oracle says of a record.

def squeeze(text):
    return " ".join(text.split())


def plain(text):
    """Text for comparison: white space is the concern of unit tests."""
    return squeeze(text or "")


def state_of(columns):
    if columns[oracle.NAME]:
        return "assigned"
    match = WORDS.match(columns[oracle.DESCRIPTION])
    if not match:
        return "assigned"
    return "unassigned" if "unassigned" in match[0].lower() else "reserved"


def number_of(columns):
    first, _, last = columns[oracle.NUMBER].partition("-")
    if not first:
        return None
    return {"first": int(first), "last": int(last or first)}


def class_of(port):
    return ("system" if port < 1024 else "user" if port < 49152
            else "dynamic")


def url_of(xref):
    kind, data = xref.get("type"), xref.get("data", "")
    if kind == "note":
        return "#note" + data
    if kind == "uri":
        return data
    if kind not in ("rfc", "draft"):
        return None
    if kind == "draft" and data.startswith("RFC-"):
        data = "draft-" + data[4:]
    for attribute, _ in oracle.FRAGMENT:
        if xref.get(attribute) is not None:
            lead = "#" if attribute == "anchor" else "#" + attribute + "-"
            return ("https://www.iana.org/go/" + data + lead
                    + xref.get(attribute))
    return "https://www.iana.org/go/" + data


def reference_of(xref):
    ref = {"type": xref.get("type"), "label": squeeze(oracle.label(xref)),
           "target": xref.get("data") or None}
    if xref.get("section") is not None:
        ref["section"] = xref.get("section")
    ref["url"] = url_of(xref)
    return ref


def record_of(record):
    """The JSON of a record but for preferred and alias_of."""
    c, own = record.columns, record.elem.findall(oracle.NS + "xref")
    number = number_of(c)
    assignee = oracle.child(record.elem, "assignee")
    return {
        "id": record.key, "layer": "iana", "name": c[oracle.NAME] or None,
        "number": number, "protocol": c[oracle.PROTOCOL] or None,
        "state": state_of(c),
        "class": class_of(number["first"]) if number else None,
        "description": plain(c[oracle.DESCRIPTION]),
        "assignee": [] if assignee is None else
            [x.get("data") for x in assignee.findall(oracle.NS + "xref")],
        "contact": [x.get("data") for x in own
                    if x.get("type") == "person"],
        "registered": c[oracle.REGISTERED] or None,
        "modified": c[oracle.MODIFIED] or None,
        "references": [reference_of(x) for x in own
                       if x.get("type") != "person"],
        "service_code": c[oracle.SC] or None,
        "unauthorized_use": plain(c[oracle.UNAUTHORIZED]) or None,
        "note": plain(c[oracle.NOTE]) or None,
    }


def comparable(record):
    record = dict(record)
    record.pop("preferred")
    record.pop("alias_of")
    for field in ("description", "unauthorized_use", "note"):
        text = plain(record[field])
        record[field] = text if field == "description" else text or None
    for ref in record["references"]:
        ref["label"] = squeeze(ref["label"])
    return record


def person_of(p):
    return {"id": p.id, "name": p.name or None, "org": p.org or None,
            "uris": p.uris, "updated": p.updated or None}


# The tests.

def test_searches(records):
    for line in check.lines(SOURCE / "tests" / "search.tab"):
        if not line or line.startswith("#"):
            continue
        query, page, *wanted, why = line.split("\t")
        status, out, _ = ask("search", "--json", "--page", page, "--",
                             os.fsencode(check.unescape(query)))
        ours = [str(status), "-", "-", "-", "-"]
        if status in (0, 1):
            answer = json.loads(out)
            rows = [r["id"] for r in answer["records"]]
            ours[1:] = [str(answer["total"]), str(len(rows)),
                        rows[0] if rows else "-", rows[-1] if rows else "-"]
            expect("people of " + query, [p["id"] for p in answer["people"]],
                   [p.id for p in REGISTRY.listed(
                       [records[k] for k in rows])])
        expect("search %.60s page %s: %s" % (query, page, why), ours, wanted)


def official_columns(record):
    """The first nine cells of the official table, white space folded."""
    number = record["number"]
    text = ""
    if number:
        text = str(number["first"])
        if number["last"] != number["first"]:
            text += "-%d" % number["last"]

    def brackets(ids):
        return "".join("[%s]" % i for i in ids)

    return [record["name"] or "", text, record["protocol"] or "",
            plain(record["description"]),
            brackets(record["assignee"] or record["contact"]),
            brackets(record["contact"]), record["registered"] or "",
            record["modified"] or "",
            squeeze(brackets(r["label"] for r in record["references"]))]


def test_page(path, xml):
    head, rows, people = {}, [], None
    for line in check.lines(path):
        if line.startswith("#"):
            key, _, value = line[1:].partition(": ")
            head[key.strip()] = value
        elif line == "people":
            people = []
        elif people is None:
            rows.append(line.split("\t"))
        else:
            people.append(line.split("\t"))
    status, out, err = run(
        "--registry", xml, "search", "--json", "--page", head["page"],
        "--official-pages", "--", head["query"])
    expect(path.name, (status, err != ""), (0, True))
    if status != 0:
        print(err)
        return
    answer = json.loads(out)
    expect(path.name + " date", answer["registry"]["updated"], head["date"])
    expect(path.name + " rows",
           [official_columns(r) for r in answer["records"]], rows)
    if people is not None:
        ours = [["[%s]" % p["id"], p["name"] or "", p["org"] or "",
                 " ".join(p["uris"]), p["updated"] or ""]
                for p in answer["people"]]
        if not any(p[2] for p in ours):
            for p in ours:
                del p[2]
        expect(path.name + " people", ours, people)


def test_pages():
    pages = sorted((SOURCE / "tests" / "pages").glob("*.tab"))
    xml = {path.stem: path for path in editions.extract(
        {p.name.split(".")[-2] + ".xml" for p in pages}, TMP)}
    for page in pages:
        test_page(page, xml[page.name.split(".")[-2]])
    return xml


def test_records(records):
    """Every record of the registry, and the schema on each."""
    schema = load("record.schema.json")
    status, out, _ = ask("list", "--format", "jsonl")
    expect("list", status, 0)
    ours = [json.loads(line) for line in out.splitlines()]
    expect("list: ids in order", [r["id"] for r in ours], list(records))
    for record in ours:
        bad = list(violations(record, schema))
        wanted = record_of(records[record["id"]])
        if bad or comparable(record) != wanted:
            expect(record["id"], bad or comparable(record), wanted)
            return
    expect("records", len(ours), len(records))
    aliases = {r["id"]: r["alias_of"] for r in ours if r["alias_of"]}
    expect("alias", aliases.get("80/tcp/www"), "http")
    expect("a record's members in order", list(ours[0]),
           list(schema["required"]))


def speaks_for(columns, transport):
    if columns[oracle.PROTOCOL]:
        return columns[oracle.PROTOCOL] == transport
    return not columns[oracle.NAME] or transport in ("tcp", "udp")


def port_state(rows, transport):
    best, state = (), "not-listed"
    for columns, number in rows:
        if not speaks_for(columns, transport):
            continue
        own = state_of(columns)
        rank = (number["first"] == number["last"],
                bool(columns[oracle.PROTOCOL]),
                ("unassigned", "reserved", "assigned").index(own))
        if rank > best:
            best, state = rank, own
    return state


def test_ports(records):
    """Lookups of many ports, all on standard input."""
    numbered = [(r.key, r.columns, number_of(r.columns))
                for r in records.values() if number_of(r.columns)]
    on = {}
    for key, columns, number in numbered:
        for port in range(number["first"], number["last"] + 1):
            on.setdefault(port, []).append((key, columns, number))
    ports = sorted({0, 24, 1021, 1023, 1024, 1008, 49150, 49151, 49152, 65535}
                   | set(range(600)) | set(random.Random(1).sample(
                       range(65536), 3000)))
    queries = [str(p) for p in ports] + ["%d/%s" % (p, t) for p in
               ports[::7] for t in TRANSPORTS]
    status, out, _ = ask("--json", "-", stdin="\n".join(queries).encode())
    expect("ports", status, 1)
    answers = json.loads(out)
    expect("an answer a query", [a["query"] for a in answers], queries)
    bad = []
    for answer in answers:
        port, _, transport = answer["query"].partition("/")
        rows = on.get(int(port), [])
        states = {t: port_state([r[1:] for r in rows], t) for t in TRANSPORTS}
        hits = [r for r in rows if not transport
                or speaks_for(r[1], transport)]
        wanted = ("port", any(state_of(r[1]) == "assigned" for r in hits),
                  class_of(int(port)), states, {r[0] for r in hits})
        ours = (answer["kind"], answer["found"], answer["class"],
                answer["states"], {r["id"] for r in answer["records"]})
        order = [r["preferred"] for r in answer["records"]]
        if ours != wanted or order != sorted(order, reverse=True):
            bad.append((answer["query"], ours, wanted))
    expect("ports as the oracle has them", bad, [])


def curated():
    """{name: [(key of the record, reason, source)]}, and prefer lines."""
    names, prefer = {}, {}
    for line in check.lines(SOURCE / "data" / "names.tsv"):
        if line.startswith("#") or not line:
            continue
        kind, name, target, reason, source = line.split("\t")
        if kind == "name":
            names.setdefault(name, []).append((target, reason, source))
        else:
            prefer[target] = (name, reason, source)
    return names, prefer


def test_names(records):
    names, _ = curated()
    by_name = {}
    for record in records.values():
        if record.columns[oracle.NAME]:
            by_name.setdefault(record.columns[oracle.NAME].lower(),
                               []).append(record)
    asked = sorted(n for n in set(by_name) | set(names)
                   if "/" not in n and not re.fullmatch("[0-9-]+|.*\\s.*", n))
    status, out, _ = ask("--json", "-", stdin="\n".join(asked).encode())
    answers = json.loads(out)
    expect("all names are found", (status, len(answers)), (0, len(asked)))
    bad = []
    for answer in answers:
        name = answer["query"]
        own = {r.key for r in by_name.get(name, [])}
        via = [line[0] for line in names.get(name, [])]
        ids = [r["id"] for r in answer["records"]]
        good = set(ids) == own | set(via) and len(ids) == len(set(ids))
        numbered = any(number_of(records[k].columns) for k in own)
        if good and via and numbered:
            good = ids[-len(via):] == via
        elif good and via:
            good = ids[:len(via)] == via
        if via and good:
            good = answer["via"] == dict(zip(
                ("name", "reason", "source"), (name,) + names[name][0][1:]))
        elif good:
            good = answer["via"] is None
        if not good or answer["kind"] != "name" or not answer["found"] \
                or answer["class"] is not None or answer["states"] is not None:
            bad.append((name, ids, answer["via"]))
    expect("names as the oracle has them", bad, [])
    expect("a name in any case",
           json.loads(ask("--json", "HtTpS")[1])["records"],
           json.loads(ask("--json", "https")[1])["records"])
    expect("a slash in a name", ids_of("cl/1")[0].split("/", 2)[2], "cl/1")
    expect("_https._tcp", ids_of("_https._tcp"),
           ["443/tcp/https", "-/tcp/https"])
    expect("https/udp", ids_of("https/udp"), ["443/udp/https"])
    expect("tcp/443", ids_of("tcp/443"), ["443/tcp/https"])


def ids_of(query):
    return [r["id"] for r in json.loads(ask("--json", query)[1])["records"]]


def test_ranges(records):
    for text, transport in (("8000-8010", ""), ("0-0", ""), ("0-65535", ""),
                            ("6000-6001", "udp"), ("1-1023", "sctp"),
                            ("49152-65535", ""), ("49000-49160", "")):
        first, last = (int(n) for n in text.split("-"))
        wanted = []
        for record in records.values():
            n = number_of(record.columns)
            if n and n["first"] <= last and first <= n["last"] and (
                    not transport or speaks_for(record.columns, transport)):
                wanted.append(record.key)
        query = text + ("/" + transport if transport else "")
        status, out, _ = ask("--json", query)
        answer = json.loads(out)
        expect(query, [r["id"] for r in answer["records"]], wanted)
        one = class_of(first) if class_of(first) == class_of(last) else None
        expect(query + " head", (answer["kind"], answer["class"],
                                 answer["states"], status),
               ("range", one, None, 0 if answer["found"] else 1))


def test_preferred_ranges():
    """What is preferred on a range is so on its first port (docs/json.md)."""
    ranges = [r for r in map(json.loads, ask(
        "list", "--format", "jsonl", "--where", "preferred=true")[1]
        .splitlines()) if r["number"]["first"] != r["number"]["last"]]
    expect("preferred ranges", len(ranges) > 5, True)
    for r in ranges:
        query = str(r["number"]["first"])
        query += "/" + r["protocol"] if r["protocol"] else ""
        expect("first on " + query, ids_of(query)[0], r["id"])


def test_prefer():
    _, prefer = curated()
    for target, (name, reason, source) in prefer.items():
        answer = json.loads(ask("--json", target)[1])
        first = answer["records"][0]
        expect("preferred on " + target,
               (first["name"], first["preferred"], answer["via"]),
               (name, True, {"name": name, "reason": reason,
                             "source": source}))


def test_lookup_json(records):
    status, out, err = ask("443/tcp", "--json")
    answer = json.loads(out)
    expect("lookup members", list(answer),
           ["registry", "query", "kind", "found", "class", "states",
            "records", "via", "people"])
    expect("registry", {k: v for k, v in answer["registry"].items()
                        if k not in ("source", "digest")},
           {"version": 1, "updated": NEWEST, "records": len(records),
            "as_of": None, "licence": "CC0-1.0"})
    expect("digest", answer["registry"]["digest"], DIGEST)
    expect("people", answer["people"],
           [person_of(p) for p in REGISTRY.people
            if p.id in ("IESG", "IETF_Chair")])
    expect("one line", out.count("\n"), 1)
    both = json.loads(ask("--json", "443/tcp", "https/udp")[1])
    expect("several", [a["query"] for a in both], ["443/tcp", "https/udp"])
    expect("one from standard input is an array",
           len(json.loads(ask("--json", "-", stdin=b"443")[1])), 1)
    expect("no query", json.loads(ask("--json", "-")[1]), [])


def test_person(records):
    status, out, _ = ask("--json", "person", "Jon_Postel")
    answer = json.loads(out)
    person = [p for p in REGISTRY.people if p.id == "Jon_Postel"][0]
    expect("person", (status, answer["person"]), (0, person_of(person)))
    expect("rows of a person", [r["id"] for r in answer["records"]],
           [r.key for r in records.values() if "Jon_Postel" in r.people])
    expect("case of ids matters", ask("person", "jon_postel")[:2], (1, ""))
    expect("hint", "Jon_Postel" in ask("person", "jon_postel")[2], True)
    status, out, err = ask("person", "Jon Postel")
    expect("hint for a name", (status, out, err.splitlines()[:-1]), (
        1, "", ["portbook: Jon Postel: no such person",
                "  like it: Jon_Postel"]))
    expect("no hint", ask("person", "Jon-Postel")[2].splitlines()[:-1],
           ["portbook: Jon-Postel: no such person"])


def test_list(records):
    def ids(*words):
        status, out, _ = ask("list", "--format", "tsv", *words)
        return [line.split("\t")[0] for line in out.splitlines()[1:]]

    def having(test):
        return [r.key for r in records.values() if test(r.columns)]

    expect("where protocol", ids("--where", "protocol=sctp,dccp"),
           having(lambda c: c[oracle.PROTOCOL] in ("sctp", "dccp")))
    expect("where state and class",
           ids("--where", "state=reserved,class=system"),
           having(lambda c: state_of(c) == "reserved" and number_of(c)
                  and number_of(c)["first"] < 1024))
    expect("where !=", ids("--where", "state!=assigned,unassigned"),
           having(lambda c: state_of(c) == "reserved"))
    expect("where number", ids("--where", "number=6010"),
           having(lambda c: number_of(c) and number_of(c)["first"] <= 6010
                  <= number_of(c)["last"]))
    expect("where first and last", ids("--where", "first>=100,last<=110"),
           having(lambda c: number_of(c) and number_of(c)["first"] >= 100
                  and number_of(c)["last"] <= 110))
    expect("where date", ids("--where", "registered>=2024"),
           having(lambda c: c[oracle.REGISTERED] >= "2024"))
    expect("where date, all of a year", ids("--where", "registered<=2001"),
           having(lambda c: "" < c[oracle.REGISTERED][:4] <= "2001"))
    expect("where text, any case", ids("--where", "description~Forté"),
           having(lambda c: "forté" in c[oracle.DESCRIPTION].lower()))
    expect("where empty", ids("--where", "number=", "--where", "protocol="),
           having(lambda c: not c[oracle.NUMBER] and not c[oracle.PROTOCOL]))
    expect("where reference", ids("--where", "references=RFC6335"),
           having(lambda c: "[RFC6335]" in c[oracle.REFERENCE]))

    def place(i):
        column = records[i].columns[oracle.NAME]
        return column == "", oracle.fold(column).encode()

    some = ("--where", "first>=1000,last<=2000")
    plainly = ids(*some)
    expect("sort", ids(*some, "--sort", "name"), sorted(plainly, key=place))
    down = sorted(plainly, key=lambda i: place(i)[1], reverse=True)
    expect("sort falling", ids(*some, "--sort", "-name"), down)
    expect("sort by first", ids(*some, "--sort", "-first,name"),
           ids(*some, "--sort", "-number,name"))
    expect("page of a list", ids("--page", "3"), list(records)[200:300])
    expect("page beyond", ask("list", "--page", "999")[0], 1)
    for bad in ("nofield=1", "name", "number=70000", "first=x", "=",
                "protocol=tcp,stat=reserved"):
        status, out, err = ask("list", "--where", bad)
        expect("where " + bad, (status, out, err.count("\n")), (2, "", 1))
    # All fields of a record are listed, whatever was asked for.
    _, out, _ = ask("-q", "--format", "jsonl", "443/tcp")
    for bad in ("port=8080", "x" * 300):
        err = ask("list", "--where", bad)[2]
        for field in json.loads(out):
            expect(bad[:9] + " names " + field, field in err.split(), True)
    expect("sort by nothing", ask("list", "--sort", "size")[:2], (2, ""))


def test_usage():
    status, out, err = run()
    expect("bare", (status, out, len(err.splitlines()) <= 20,
                    err.startswith("usage: ")), (2, "", True, True))
    status, out, err = run("--help")
    expect("--help", (status, err, "--registry" in out), (0, "", True))
    for command in ("lookup", "search", "list", "person", "status", "verify"):
        status, out, err = run(command, "--help")
        expect(command + " --help", (status, err, command in out),
               (0, "", True))
    for words, wanted in ((("update", "--help"), "--from"),
                          (("serve", "-h"), "--listen")):
        status, out, err = run(*words)
        expect(" ".join(words), (status, err, wanted in out), (0, "", True))
    expect("an option of another command", ask("--listen", "x", "443")[2],
           "portbook: lookup takes no --listen; it takes --registry, --state, "
           "--as-of, --format, --json, --long, --quiet, --color, --help, "
           "--version\n")
    for words, wanted in (
            ("update --nothing", "update takes no --nothing; it takes --state, "
             "--from, --source, --dry-run, --force, --quiet, --help"),
            ("update --sort name", "update takes no --sort; it takes --state, "
             "--from, --source, --dry-run, --force, --quiet, --help"),
            ("update --dryrun", "update takes no --dryrun; did you mean "
             "--dry-run?"),
            ("import --quite x", "import takes no --quite; did you mean "
             "--quiet?"),
            ("import --from=x", "import takes no --from; it takes --state, "
             "--quiet, --help"),
            ("serve --lisen :80", "serve takes no --lisen; did you mean "
             "--listen?"),
            ("annotate --prot 1", "annotate takes no --prot; did you mean "
             "--protocol?"),
            ("update -x", "update takes no -x; it takes --state, --from, "
             "--source, --dry-run, --force, --quiet, --help"),
            ("update now.xml", "update takes no words, and here is now.xml; "
             "--from names a file"),
            ("suggest 8080", "suggest takes no words, and here is 8080; "
             "--near and --explain take a port"),
            ("list 443", "list takes no words, and here is 443; --where "
             "chooses records"),
            ("status x", "status takes no words, and here is x"),
            ("update --from", "--from takes URL|PATH: an official file; - is "
             "standard input"),
            ("-1", "lookup takes no -1; put -- before a word that begins with "
             "a hyphen")):
        expect(words, run(*words.split()), (2, "", "portbook: %s\n" % wanted))
    for words, wanted in (
            ("--count 0", "--count must be a whole number from 1 to 100, not "
             "0"),
            ("--near https", "--near must be a port, 0 to 65535, not https")):
        expect(words, ask("suggest", *words.split()),
               (2, "", "portbook: %s\n" % wanted))
    for option, value in (("--as-of", "DATE"), ("--registry", "PATH"),
                          ("--state", "DIR")):
        expect(option + " of nothing", run(option, "", "443"),
               (2, "", "portbook: %s takes %s, and it is empty\n" %
                (option, value)))
    # The longest list still fits.
    for command in ("lookup", "search", "list", "person", "check", "log",
                    "convert", "annotate", "suggest", "serve", "publish"):
        _, out, _ = run(command, "--help")
        names = re.findall(r"^  (?:-\w, )?(--[\w-]+)", out, re.M)
        expect(command + " names its options",
               run(command, "--nothing")[2].partition("; it takes ")[2],
               ", ".join(names) + "\n")
    expect("--version", run("--version")[:2], (0, "portbook 0.1.0\n"))
    for words in (["70000"], ["10-5"], [""], ["443", "70000"], ["--nonsense"],
                  ["-x", "443"], ["--format", "xml", "443"], ["--registry"],
                  ["search"], ["person"], ["person", "a", "b"],
                  ["list", "more"], ["443", "--page", "1"], ["--json=1", "1"],
                  ["search", "--official-pages", "x"], ["--as-of", "x", "1"],
                  ["status", "--format", "csv"], ["443", "--color", "red"]):
        status, out, err = ask(*words)
        expect("usage %r" % words,
               (status, out, err.startswith("portbook: "), err.count("\n")),
               (2, "", True, 1))
    for words in (["person", ""], ["list", "--sort", ""],
                  ["search", "--sort=name,,number", "x"],
                  ["list", "--where", ""], ["list", "--where="]):
        status, out, err = ask(*words)
        expect("empty %r" % words, (status, out, "empty" in err,
                                    err.count("\n")), (2, "", True, 1))
    expect("70000", "ports are 0 to 65535" in ask("70000")[2], True)
    expect("options stand anywhere", ask("443", "-q", "--format=tsv")[1],
           ask("-q", "--format", "tsv", "lookup", "443")[1])
    expect("letters together", ask("-ql", "443/tcp")[1:],
           ask("-q", "-l", "443/tcp")[1:])
    expect("-- ends options", ask("--", "--json")[0], 1)


def test_streams():
    status, out, err = ask("443/tcp")
    expect("a line", (status, out), (
        0, "443/tcp  https  assigned  http protocol over TLS/SSL\n"))
    expect("the registry's line", err, "registry of 2026-08-17, 14,533 "
           "records\n")
    expect("-q", ask("-q", "443/tcp")[2], "")
    status, out, err = ask("0")
    expect("0", (status, [line.split()[2] for line in out.splitlines()]),
           (1, ["reserved"] * len(out.splitlines())))
    expect("0 has rows", out != "", True)
    status, out, err = ask("49152")
    expect("49152", (status, out), (
        1, "49152  -  not-listed  dynamic, never assigned\n"))
    expect("a port without record", ask("443/dccp")[:2], (
        1, "443/dccp  -  not-listed  the registry has no record of it\n"))
    status, out, err = ask("htttps")
    expect("no name", (status, out, "https (443/tcp)" in err), (1, "", True))
    for query, wanted in (
            ("443/tcp/udp", ["portbook: 443/tcp/udp: no such service name",
                             "  after a port write /tcp, /udp, /sctp or "
                             "/dccp"]),
            ("80,443", ["portbook: 80,443: no such service name",
                        "  write several ports as words: portbook 80 443"]),
            ("domain/sctp", ["portbook: domain/sctp: the name is there, but "
                             "not on that transport",
                             "  it is: domain (53/tcp), domain (53/udp)"]),
            ("443 /tcp", ["portbook: 443 /tcp: no such service name",
                          "  perhaps: portbook 443/tcp"]),
            ("10.0.0.1:80", ["portbook: 10.0.0.1:80: no such service name",
                             "  perhaps: portbook 80"]),
            (":443", ["portbook: :443: no such service name",
                      "  perhaps: portbook 443"]),
            ("443tcp", ["portbook: 443tcp: no such service name",
                        "  perhaps: portbook 443/tcp"]),
            ("1-", ["portbook: 1-: no such service name",
                    "  perhaps: portbook 1-65535"]),
            ("https://localhost", [
                "portbook: https://localhost: no such service name",
                "  perhaps: portbook https"]),
            ("ztq://localhost", [
                "portbook: ztq://localhost: no such service name"]),
            ("apple computer's", ["portbook: apple computer's: no such "
                                  "service name"]),
            ("http proxy", [
                "portbook: http proxy: no such service name",
                "  near: http-alt (8080/tcp)",
                "  in the text of 2 records: portbook search 'http proxy'"]),
            ("-alt", [
                "portbook: -alt: no such service name",
                "  in the text of 13 records: portbook search -- -alt"])):
        expect("hint %r" % query, ask("--", query)[2].splitlines()[:-1],
               wanted)
    for words, told in (
            (["--page", "2", "443"], "44 records: no page 2, the last one "
             "is 1"), (["--page", "1", "443"], "44 records, page 1 of 1"),
            (["--page", "1", "qqqqqq"], "0 records"), (["443"], "44 records")):
        expect("told %r" % words,
               ask("search", *words)[2].splitlines()[0], told)
    expect("no name, quiet", ask("-q", "htttps"), (1, "", ""))
    expect("a command's name", "portbook search" in ask("serach")[2], True)
    expect("convert is a service too", ask("lookup", "convert")[0], 0)
    expect("search hits", "portbook search rackspace" in
           ask("rackspace")[2], True)
    status, out, err = ask("ssh", "22", "nosuchname")
    expect("several: one is not found", status, 1)
    expect("never merged", out.splitlines(),
           ask("ssh")[1].splitlines() + ask("22")[1].splitlines())
    status, out, err = ask("whois")
    expect("whois", (status, out.split()[:2], "everyday" in err),
           (0, ["43/tcp", "nicname"], True))
    status, out, err = ask("-", stdin=b"443/tcp\n\n70000\n443/udp")
    expect("queries from standard input",
           (status, [line.split()[0] for line in out.splitlines()],
            [line for line in err.splitlines() if "70000" in line],
            err.count("\n")),
           (2, ["443/tcp", "443/udp"],
            ["portbook: standard input:3: 70000: ports are 0 to 65535"], 2))
    status, out, err = ask("-", stdin=b"a" * 200000 + b"\n \n443/tcp\n5-1\n")
    expect("a line too long is one", (
        status, out.count("\n"),
        re.findall("^portbook: standard input:([0-9]+): ", err, re.M),
        "no such service" in err), (2, 1, ["1", "4"], False))
    status, out, err = ask("search", "-q", "https")
    expect("search: a row a record", (status, out.count("\n"), err),
           (0, 65, ""))
    status, out, err = ask("-q", "-l", "443/tcp")
    expect("-l", out.splitlines()[0], "443/tcp/https")
    expect("-l fields", [line.split()[0] for line in out.splitlines()[1:]],
           ["state", "class", "description", "assignee", "contact",
            "modified", "references"])
    wide = ask("-q", "search", "openstack")[1]
    narrow = ask("-q", "search", "openstack", env={"COLUMNS": "45"})[1]
    expect("COLUMNS", (max(map(len, narrow.splitlines())) <= 45,
                       max(map(len, wide.splitlines())) > 40), (True, True))
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PORTBOOK, "--registry", IMAGE, "443"],
                              stdout=full, stderr=subprocess.PIPE)
    expect("a full disk", (done.returncode, b"standard output" in
                           done.stderr), (4, True))


def test_colours():
    def coloured(*words, **more):
        return "\033[" in ask("-q", "443", *words, **more)[1]

    expect("a pipe", coloured(), False)
    expect("--color=always", coloured("--color=always"), True)
    expect("always beats NO_COLOR",
           coloured("--color", "always", env={"NO_COLOR": "1"}), True)
    for env, words, wanted in (({}, (), True), ({"NO_COLOR": "1"}, (), False),
                               ({"NO_COLOR": ""}, (), True),
                               ({"TERM": "dumb"}, (), False),
                               ({}, ("--color=never",), False)):
        out = on_terminal(["443", *words], {"TERM": "xterm", **env}, 60)
        expect("terminal %r %r" % (env, words), b"\033[" in out, wanted)
    out = on_terminal(["-q", "--color=never", "search", "openstack"], {}, 50)
    expect("the terminal's width",
           max(map(len, out.decode().splitlines())) <= 50, True)
    plainly = ask("-q", "443", "--color=always")[1]
    expect("the same text but for colour",
           re.sub("\033\\[[0-9]*m", "", plainly), ask("-q", "443")[1])


def on_terminal(words, env, width):
    """What a terminal of that width gets."""
    import fcntl
    import struct
    import termios
    main, side = os.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("4H", 24, width, 0, 0))
    plainly = {"PATH": os.environ["PATH"], "HOME": TMP, "TERM": "xterm"}
    with subprocess.Popen([PORTBOOK, "--registry", IMAGE, *words],
                          stdin=side, stdout=side, stderr=subprocess.DEVNULL,
                          env={**plainly, **env}):
        os.close(side)
        out = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
    os.close(main)
    return out


def test_formats(records):
    status, out, _ = ask("-q", "--format", "csv", "search", "elpro")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    wanted = [r.key for r in REGISTRY.search("elpro")]
    expect("csv", [r["id"] for r in rows], wanted)
    expect("csv texts", [plain(r["description"]) for r in rows],
           [plain(records[k].columns[oracle.DESCRIPTION]) for k in wanted])
    status, out, _ = ask("-q", "--format", "csv", "list")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    expect("csv of all", [(r["id"], plain(r["note"])) for r in rows],
           [(k, plain(r.columns[oracle.NOTE])) for k, r in records.items()])
    status, out, _ = ask("-q", "--format", "tsv", "list")
    lines = out.split("\n")
    expect("tsv of all", ({line.count("\t") for line in lines[:-1]},
                          len(lines)), ({17}, len(records) + 2))
    status, out, _ = ask("-q", "--format", "jsonl", "80", "443")
    expect("jsonl", [json.loads(line)["id"].split("/")[0]
                     for line in out.splitlines()],
           [r.split("/")[0] for r in ids_of("80") + ids_of("443")])


def test_registries():
    empty = os.path.join(TMP, "empty")
    os.makedirs(empty)
    status, out, err = run("443")
    expect("no data", (status, out, "portbook update" in err), (3, "", True))
    expect("no data: status", run("status")[0], 3)
    expect("an empty state folder",
           run("--state", empty, "443")[::2][0], 3)
    expect("no such file", run("--registry", "/nonexistent", "443")[0], 3)
    current = os.path.join(TMP, "state/portbook/public/1/current")
    os.makedirs(current)
    os.symlink(IMAGE, current + "/registry.image")
    state = os.path.join(TMP, "state")
    wanted = ask("443")
    expect("the user's state folder",
           run("443", env={"XDG_STATE_HOME": state}), wanted)
    expect("--state", run("443", "--state", state + "/portbook"), wanted)
    expect("a folder", run("443", "--registry", state + "/portbook"), wanted)
    expect("PORTBOOK_REGISTRY", run("443", env={"PORTBOOK_REGISTRY": IMAGE}),
           wanted)
    expect("an image made on the way",
           run("443", "https", "--registry", XML), ask("443", "https"))
    with open(XML, "rb") as xml:
        official = xml.read()
    expect("a registry from standard input",
           run("443", "https", "--registry", "-", stdin=official),
           ask("443", "https"))
    status, out, err = run("status", "--registry=-", "--json",
                           stdin=official)
    expect("its name", json.loads(out)["registry"]["source"],
           "standard input")
    status, out, err = run("--registry", "-", "-", stdin=official)
    expect("standard input twice", (status, out, "registry" in err),
           (2, "", True))
    expect("a descriptor of no image does not count",
           run("443", "--registry", XML, env={"PORTBOOK_IMAGE_FD": "77"})[0]
           != 0, True)
    expect("nor does one where the registry is an image",
           run("443", env={"PORTBOOK_IMAGE_FD": "0",
                           "PORTBOOK_REGISTRY": IMAGE}), wanted)
    junk = os.path.join(TMP, "junk")
    with open(junk, "w") as out:
        out.write("junk\n")
    status, out, err = run("--registry", junk, "443")
    expect("junk", (status, out, err.startswith("portbook: ")),
           (3, "", True))
    status, out, err = ask("--as-of", "2001-01-01", "443")
    expect("before the first", (status, NEWEST in err), (3, True))
    status, out, err = ask("--as-of", "2026-12-31", "443")
    expect("as of later", (status, err), (
        0, "registry of 2026-08-17 (as of 2026-12-31), 14,533 records\n"))


def test_status():
    status, out, err = ask("status", "--json")
    answer = json.loads(out)
    expect("status", (status, answer["path"], answer["versions"],
                      answer["people"], answer["first"]),
           (0, IMAGE, 1, len(REGISTRY.people), NEWEST))
    status, out, err = ask("status")
    expect("status in words", (status, {line.split()[0] for line in
                                        out.splitlines()}),
           (0, {"path", "source", "updated", "age", "records", "people",
                "digest", "versions"}))


def test_verify():
    expect("verify", ask("verify")[:2], (0, IMAGE + ": whole\n"))
    expect("verify PATH", run("verify", IMAGE)[:2], (0, IMAGE + ": whole\n"))
    data = bytearray(pathlib.Path(IMAGE).read_bytes())
    bad = os.path.join(TMP, "bad.image")
    for at in (17, len(data) // 2, len(data) - 70):
        data[at] ^= 0x10
        pathlib.Path(bad).write_bytes(data)
        data[at] ^= 0x10
        status, out, err = run("verify", bad)
        expect("a byte off at %d" % at,
               (status, out, err.startswith("portbook: ")), (3, "", True))
    pathlib.Path(bad).write_bytes(data[:-1])
    expect("cut short", run("verify", bad)[0], 3)
    expect("cut short: lookup", run("--registry", bad, "443")[0], 3)
    rng = random.Random(7)
    crashed = []
    for turn in range(40):
        damaged = bytearray(data)
        for _ in range(3000):
            damaged[rng.randrange(4096, len(data))] = rng.randrange(256)
        pathlib.Path(bad).write_bytes(damaged)
        for words in (["443", "https", "0-65535", "whois", "-l"],
                      ["search", "http"], ["list", "--sort", "name"],
                      ["verify"], ["--json", "search", "tcp udp"]):
            status = run("--registry", bad, "-q", *words)[0]
            if status < 0:
                crashed.append((turn, words, signal.Signals(-status).name))
    expect("damaged images kill nobody", crashed, [])


def test_csv_registry():
    pairs = sorted((official.FOLDER / "pairs").glob("*.csv"))
    if not pairs:
        return
    status, out, err = run("--registry", str(pairs[0]), "--json", "443/tcp")
    answer = json.loads(out)
    expect("from a CSV", (status, answer["registry"]["updated"],
                          "newest_row" in answer["registry"]),
           (0, None, True))
    expect("a CSV is announced", "CSV without date" in err, True)


def test_as_of(xml):
    """Two versions in one image answer as each alone."""
    date = min(xml)
    both = TMP + "/both.image"
    done = program.run(ADMIN, "build", xml[date], XML, both)
    expect("an image of two versions", (done.returncode, done.stdout),
           (0, ""))
    alone = build(TMP + "/alone.image", xml[date])
    for words in (["search", "443"], ["search", "tcp udp"], ["list"],
                  ["search", "openstack"], ["0-1023"], ["https"], ["443"],
                  ["465/tcp"], ["whois"], ["49152"], ["person", "IESG"]):
        ours = run("--registry", both, "--as-of", date, "-q", "--format",
                   "tsv", *words)
        # The preferred row is today's: data/names.tsv speaks of the newest.
        expect("as of %s: %r" % (date, words), strip(ours),
               strip(run("--registry", alone, "-q", "--format", "tsv",
                         *words)))


def strip(answer):
    """An answer's status, and its rows without what only today's have."""
    rows = [line.split("\t") for line in answer[1].splitlines()]
    return answer[0], sorted(row[:7] + row[8:] for row in rows)


def main():
    global TMP, IMAGE, XML, REGISTRY, DIGEST
    if not official.available():
        cannot(official.NONE)
    XML = str(official.NEWEST)
    with tempfile.TemporaryDirectory() as TMP:
        IMAGE = build(TMP + "/registry.image", XML)
        import hashlib
        DIGEST = hashlib.sha256(pathlib.Path(XML).read_bytes()).hexdigest()
        REGISTRY = oracle.Registry(XML)
        records = {r.key: r for r in REGISTRY.records}
        test_usage()
        test_streams()
        test_colours()
        test_registries()
        test_status()
        test_formats(records)
        test_records(records)
        test_ports(records)
        test_names(records)
        test_ranges(records)
        test_prefer()
        test_preferred_ranges()
        test_lookup_json(records)
        test_person(records)
        test_list(records)
        test_searches(records)
        test_verify()
        test_csv_registry()
        test_as_of(test_pages())
    return finish()


if __name__ == "__main__":
    sys.exit(main())
