#!/usr/bin/env python3
"""The API, held against its own description: every path, every parameter,
every status, with odd values; and what it says, against the official XML and
a small history by hand.

limit: 180 seconds
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "web-history"),
                str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
import small  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import cannot, check, finish, same, skip  # noqa: E402
from common.page import Page  # noqa: E402
from common.program import PORTBOOK, SERVER, imported, write_all  # noqa: E402
from common.server import Server  # noqa: E402

try:
    import contract
except ImportError:
    cannot("python3-jsonschema is not installed")

OLDEST = "2015-05-04.xml"
API = "/api/v1"
BASE = "https://ports.example:8443/book"
ODD = ("", " ", "%00", "%", "%zz", "%ff", "x" * 200, "0", "-1", "1e3", "null",
       "<b>", "../..", "%2e%2e%2f", "443%2Ftcp", "é", "'", "\"", "a,b",
       "99999999999999999999999", "2020-01-01", "2020-02-30", "[]", "~2")


class Client:
    """A server, and the document that its answers must be as."""

    def __init__(self, server):
        self.server = server
        answer = server.get(API + "/openapi.json")
        same(answer.status, 200, answer.bytes[:500])
        self.contract = contract.Contract(json.loads(answer.bytes))

    def get(self, target, status=None, method="GET", **fields):
        """An answer that is as the document says."""
        target = API + target
        answer = self.server.get(target, method, **fields)
        told = list(self.contract.violations(target, answer,
                                             method == "GET"))
        same(told, [], target)
        if status is not None:
            same(answer.status, status, target)
        return answer

    def json(self, target, status=200):
        return json.loads(self.get(target, status).bytes)


def quote(text):
    return urllib.parse.quote(text, safe="%")


def check_document(client):
    same(list(client.contract.faults()), [], "the document")
    for path, operation in client.contract.operations():
        check(operation["x-examples"], path, "has no example")
        for example in operation["x-examples"]:
            same(client.contract.path_of(API + example), path, example)


def check_examples(client):
    """Each example is there, and on the page."""
    page = Page(client.server.get("/api").bytes)
    same(page.problems, [], "/api")
    for path, operation in client.contract.operations():
        for example in operation["x-examples"]:
            client.get(example, 200)
            check(API + example in page.links, example, "is not on /api")
        check(API + path in page.words, path, "is not on /api")
        for p in client.contract.parameters(path):
            check(p["name"] in page.words, p["name"], "is not on /api")
    check(all(link[1:] in page.ids for link in page.links
              if link.startswith("#")), "dangling links on /api")
    check(len(page.ids) == len(set(page.ids)), "double ids on /api")


def check_page(client):
    """The description is of no date: one is passed over, as on pages."""
    plain = client.server.get("/api")
    for words in ("?as-of=2015-05-04", "?as-of=x"):
        dated = client.server.get("/api" + words)
        same((dated.status, dated.bytes), (200, plain.bytes), words)
    moved = client.server.get("/api.json?as-of=2015-05-04")
    same((moved.status, moved.getheader("Location")),
         (308, API + "/openapi.json"), "/api.json")


def check_shown(client):
    """The answers that the document shows are true."""
    paths = client.contract.document["paths"]
    shown = paths["/records/{number}/{protocol}/{name}"]["get"]["responses"][
        "200"]["content"]["application/json"]["example"]
    same(client.json("/records/443/tcp/https"), shown, "a record")
    shown = client.contract.document["components"]["responses"]["Missing"][
        "content"]["application/problem+json"]["example"]
    same(client.json("/services/htps", 404), shown, "a problem")


def fill(contract_, path):
    """A path with the examples of its parameters, and its required ones."""
    query = []
    for p in contract_.parameters(path):
        value = p["example"]
        value = value[0] if isinstance(value, list) else value
        if p["in"] == "path":
            path = path.replace("{%s}" % p["name"], str(value))
        elif p.get("required"):
            query.append("%s=%s" % (p["name"],
                                    urllib.parse.quote(str(value))))
    return path, query


def check_misspelt(client, path, target, names):
    """What is no parameter is told of those that are, the near one first."""
    detail = client.json(target + "?zzzzzz=1", 400)["detail"]
    words = re.fullmatch(r"There is no parameter zzzzzz here\. It takes (.*)\.",
                         detail)
    check(words, path, detail)
    same(sorted(re.split(", | and ", words[1])) if words else [],
         sorted(names or ["none"]), path, "what it takes")
    for name in names:
        if len(name) < 3:
            continue
        for slip in (name[:-1], name + "x", name[1] + name[0] + name[2:]):
            detail = client.json("%s?%s=1" % (target, slip), 400)["detail"]
            check(" here. Did you mean %s? It takes " % name in detail, path,
                  slip, detail)


def check_parameters(client):
    """Documented ones are taken, undocumented ones and second values not."""
    for path, operation in client.contract.operations():
        target, required = fill(client.contract, path)
        names = {p["name"]: p for p in client.contract.parameters(path)
                 if p["in"] == "query"}

        def ask(*more):
            query = "&".join([*required, *more])
            return client.get(target + ("?" + query if query else "")).status

        same(ask(), 200, path, "with what is required")
        for name in ("x", "Q", "as_of", "limit", "q%20", "%71x", "format"):
            same(ask(name + "=1"), 400, path, name)
        check_misspelt(client, path, target, list(names))
        for name in ("q", "page", "since", "kind", "name", "as-of", "sort"):
            if name not in names:
                same(ask(name + "=1"), 400, path, name)
        for name, p in names.items():
            value = p["example"]
            values = value if isinstance(value, list) else [value]
            one = "%s=%s" % (name, urllib.parse.quote(str(values[0])))
            rest = [r for r in required if not r.startswith(name + "=")]
            query = "&".join(rest + [one])
            same(client.get(target + "?" + query).status,
                 200, path, name, "by its example")
            twice = client.get(target + "?" + "&".join(rest + [one, one]))
            same(twice.status, 200 if isinstance(value, list) else 400,
                 path, name, "twice")
        for name in [r.partition("=")[0] for r in required]:
            same(client.get(target).status, 400, path, "without", name)


def check_odd(client):
    """Whatever is asked, the answer is one that the document has."""
    for path, _ in client.contract.operations():
        for p in client.contract.parameters(path):
            for odd in ODD:
                target, required = fill(client.contract, path)
                odd = quote(odd)
                if p["in"] == "query":
                    required = [r for r in required
                                if not r.startswith(p["name"] + "=")]
                    target += "?" + "&".join(
                        required + ["%s=%s" % (p["name"], odd)])
                else:
                    if not odd or "%2F" in odd or ".." in odd:
                        continue  # another path, or none
                    name = "{%s}" % p["name"]
                    at = path.split("/").index(name)
                    parts = target.split("/")
                    parts[at] = odd
                    target = "/".join(parts)
                    if required:
                        target += "?" + "&".join(required)
                answer = client.get(target)
                check(answer.status < 500, target, answer.status)


def check_manners(client):
    """HEAD, OPTIONS, other methods, validators, and any origin."""
    for path, _ in client.contract.operations():
        target, required = fill(client.contract, path)
        if path == "/suggest":
            required = ["seed=a"]  # without one it differs each time
        if required:
            target += "?" + "&".join(required)
        answer = client.get(target, 200)
        head = client.get(target, 200, "HEAD")
        keep = ("ETag", "Cache-Control", "Content-Type", "Link",
                "Access-Control-Allow-Origin", "Content-Length")
        same([head.getheader(k) for k in keep],
             [answer.getheader(k) for k in keep], "HEAD", target)
        same(head.bytes, b"", "HEAD", target)
        check("max-age" in answer.getheader("Cache-Control") and
              "revalidate" in answer.getheader("Cache-Control"), target)
        if path != "/openapi.json":
            early = target + ("&" if required else "?") + "as-of=2000-01-01"
            check("2015-05-04" in client.json(early, 404)["detail"], early)
        again = client.get(target, 304,
                           If_None_Match=answer.getheader("ETag"))
        same(again.getheader("ETag"), answer.getheader("ETag"), target)
        same(again.getheader("Access-Control-Allow-Origin"), "*", target)
        client.get(target, 412, If_Match='"x"')
        ask = client.server.get(
            API + target, "OPTIONS", Origin="https://page.example",
            Access_Control_Request_Method="GET")
        same((ask.status, ask.bytes,
              ask.getheader("Access-Control-Allow-Origin"),
              ask.getheader("Access-Control-Allow-Methods")),
             (204, b"", "*", "GET, HEAD, OPTIONS"), "OPTIONS", target)
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            no = client.server.get(API + target, method)
            same((no.status, no.getheader("Allow"),
                  no.getheader("Content-Type")),
                 (405, "GET, HEAD, OPTIONS", "application/problem+json"),
                 method, target)
    for target in ("/api/v1/", "/api/v1/ports", "/api/v1/ports/",
                   "/api/v1/ports/1/tcp/x", "/api/v1/registry/", "/api/v2/x",
                   "/api/v1/records"):
        answer = client.server.get(target)
        problem = json.loads(answer.bytes)
        same((answer.status, answer.getheader("Content-Type"),
              problem["instance"]),
             (404, "application/problem+json", target), target)
        same(client.server.get(target, "OPTIONS").status, 404, target)


def check_complete(client):
    """Nothing in the document went unasked."""
    for path, operation in client.contract.operations():
        for status in operation["responses"]:
            if status not in ("429", "503"):
                check((path, status) in client.contract.seen,
                      path, "was never", status)
        for p in client.contract.parameters(path):
            if p["in"] == "query":
                check((path, p["name"]) in client.contract.used,
                      path, p["name"], "was never given")


def links(answer):
    """The Link field by rel."""
    return {rel: address for address, rel in re.findall(
        r'<([^>]*)>; rel="(\w+)"', answer.getheader("Link") or "")}


def ids(records):
    return [record["id"] for record in records]


def check_small(client):
    """What small.py says of its four versions, by the words there."""
    first, late = "2020-01-01", "2021-03-03"
    same(ids(client.json("/ports/10")["records"]), ["10/tcp/omega"], "now")
    then = client.json("/ports/10?as-of=2020-12-31")
    same((ids(then["records"]), then["registry"]["as_of"],
          then["registry"]["updated"]),
         (["10/tcp/alpha"], "2020-12-31", "2020-02-02"), "then")
    same(client.json("/ports/25")["states"],
         {"tcp": "assigned", "udp": "reserved", "sctp": "not-listed",
          "dccp": "not-listed"}, "states")
    same(client.json("/ports/22/sctp")["states"]["sctp"], "unassigned",
         "a range without transport")
    same(ids(client.json("/ports/10-24")["records"]),
         ["10/tcp/omega", "15/tcp/-", "20-24/-/-"], "a range")
    same(client.json("/ports/65535")["records"], [], "nothing")
    for asked, want in (("010", "10"), ("10-10", "10"), ("10/TCP", "10/tcp"),
                        ("0010-0020/udp", "10-20/udp")):
        moved = client.get("/ports/" + asked + "?as-of=2021-03-03", 308)
        same(moved.getheader("Location"),
             API + "/ports/" + want + "?as-of=2021-03-03", asked)
    for bad in ("65536", "1-65536", "9-8", "x", "-", "1-", "10/icmp", "+1"):
        problem = client.json("/ports/" + bad, 404)
        check("0 to 65535" in problem["detail"], bad)
    same(links(client.get("/services/GAMMA"))["canonical"],
         BASE + API + "/services/gamma", "canonical")
    same(links(client.get("/services/gamma/TCP?as-of=2020-02-02.2"))
         ["canonical"],
         BASE + API + "/services/gamma/tcp?as-of=2020-02-02.2", "as of")
    same(client.json("/services/gama", 404)["near"], ["gamma"], "near")
    same(client.json("/services/gamma/udp", 404)["last_seen"], None, "udp")
    gone = client.json("/services/beta", 404)
    same((gone["near"], gone["last_seen"]), ([], "2020-02-02.2"), "gone")
    same(client.json("/services/beta?as-of=" + first)["found"], True, "beta")
    same(client.json("/services/gamma?as-of=" + first, 404)["near"], [],
         "not yet")
    same(client.json("/lookup?q=gama")["near"], ["gamma"], "lookup near")
    check("near" not in client.json("/lookup?q=gamma"), "found, no near")
    check_small_records(client, first, late)
    check_small_people(client, first)
    check_small_history(client)


def check_small_records(client, first, late):
    record = client.json("/records/10/tcp/omega")["record"]
    same((record["id"], record["assignee"], record["modified"]),
         ("10/tcp/omega", ["New_Org"], "2021-03-02"), "record")
    for key, date, want in (
            ("10/tcp/alpha", late, "10/tcp/omega"),
            ("10/tcp/omega", first, "10/tcp/alpha"),
            ("10/TCP/Omega", late, "10/tcp/omega"),
            ("15/tcp/beta", late, "15/tcp/-")):
        moved = client.get("/records/%s?as-of=%s" % (key, date), 307)
        same(moved.getheader("Location"),
             API + "/records/%s?as-of=%s" % (want, date), key)
    same(client.json("/records/20-29/-/-?as-of=" + first)["record"]["id"],
         "20-29/-/-", "a range")
    same(client.json("/records/25/tcp/gamma?as-of=" + first, 404)
         ["last_seen"], None, "not yet")
    same(client.json("/records/10/tcp/none", 404)["last_seen"], None, "none")
    check("443/tcp/https" in client.json("/records/x/tcp/y", 404)["detail"],
          "no key")


def check_small_people(client, first):
    kept = client.json("/people/Kept")
    same((kept["person"], ids(kept["records"])),
         ({"id": "Kept", "name": "Kept Person", "org": None,
           "uris": ["mailto:kept&later.example"], "updated": None},
          ["10/tcp/omega", "25/tcp/gamma"]), "Kept")
    answer = client.get("/people/Kept")
    same(answer.getheader("X-Robots-Tag"), "noindex", "people")
    problem = client.json("/people/Ann_Gone", 404)
    same(problem["last_seen"], "2020-02-02.1", "Ann")
    ann = client.get("/people/Ann_Gone?as-of=" + first, 200)
    same(json.loads(ann.bytes)["person"],
         {"id": "Ann_Gone", "name": None, "org": None, "uris": [],
          "updated": None}, "the id alone")
    check(b"secret" not in ann.bytes and b"Ann Gone" not in ann.bytes, "Ann")
    same(ids(json.loads(ann.bytes)["records"]),
         ["10/tcp/alpha", "15/tcp/beta"], "Ann's records")
    same(client.json("/people/kept", 404)["last_seen"], None, "case matters")
    for target in ("/changes?kind=person", "/log?q=Ann_Gone", "/log?q=10",
                   "/lookup?q=10&as-of=2020-01-01",
                   "/search?q=a&as-of=2020-01-01"):
        check(b"secret" not in client.get(target, 200).bytes, target)


def check_small_history(client):
    problem = client.json("/changes?since=2021-03-03&as-of=2020-01-01", 400)
    check("later than as-of" in problem["detail"], problem)
    same(client.json("/changes?since=2020-01-01&as-of=2020-01-01")["events"],
         [], "nothing between")
    log = client.json("/log?q=10/tcp")
    same((log["since_total"], ids(log["since"]), log["next"]),
         (1, ["10/tcp/alpha"], None), "log")
    log = client.json("/log?q=10/tcp&page=2")
    same((log["since_total"], log["since"], log["events"]), (1, [], []),
         "beyond")
    versions = client.json("/versions")
    same([v["id"] for v in versions["versions"]],
         ["2020-01-01", "2020-02-02.1", "2020-02-02.2", "2021-03-03"],
         "versions")
    registry = client.json("/registry")
    same((registry["counts"], registry["versions"]),
         ({"records": 6, "assigned": 2, "reserved": 2, "unassigned": 2,
           "people": 2},
          {"count": 4, "first": "2020-01-01", "last": "2021-03-03"}),
         "registry")
    same(client.json("/registry?as-of=2020-01-01")["counts"],
         {"records": 3, "assigned": 2, "reserved": 0, "unassigned": 1,
          "people": 3}, "registry then")
    for form in registry["formats"]:
        check(form["url"].startswith(BASE + "/"), form)
        file = client.server.get(form["url"][len(BASE):])
        same(file.status, 200, form)
        if form["bytes"] is not None:
            same(len(file.bytes), form["bytes"], form)
    check_formats(client)
    name = client.json("/check-name?name=GAMMA")
    same((name["valid"], name["free"], [f["record"]
                                        for f in name["findings"]]),
         (True, False, ["25/tcp/gamma"]), "check-name")
    name = client.json("/check-name?name=delta")
    same((name["valid"], name["free"], name["findings"], name["nearest"]),
         (True, True, [], []), "a good name")
    for bad, code in (("a--b", "NAME-DBLHYPHEN"), ("123", "NAME-LETTER"),
                      ("sixteen-letters-", "NAME-LEN"), ("a_b",
                                                            "NAME-CHAR")):
        name = client.json("/check-name?name=" + bad)
        same(name["valid"], False, bad)
        check(code in [f["code"] for f in name["findings"]], bad,
              name["findings"])


def check_formats(client):
    """Each file is what its type and length say, and on the page too."""
    moved = client.server.get("/formats.json?as-of=2020-01-01&x=1")
    same((moved.status, moved.getheader("Location")),
         (308, API + "/formats?as-of=2020-01-01"), "/formats.json")
    data = client.json("/formats")
    page = client.server.get("/formats").bytes.decode()
    check('<a href="%s/formats">JSON</a>' % API in page, "a link to JSON")
    same([f["name"] for f in data["files"]],
         ["XML", "CSV", "Plain text", "XHTML", "Relax NG", "XSLT"], "files")
    for file in data["files"]:
        check(file["url"].startswith(BASE + "/"), file)
        path = file["url"][len(BASE):]
        answer = client.server.get(path)
        same((answer.status, answer.getheader("Content-Type").split(";")[0],
              file["official"]),
             (200, file["type"], "https://www.iana.org" + path), path)
        if file["bytes"] is not None:
            same(len(answer.bytes), file["bytes"], path)
        check(file["official"] in page, path, "is not on the page")
    told = subprocess.run([PORTBOOK, "convert", "--to", "no-such-format"],
                          capture_output=True, text=True).stderr
    check(len(data["exports"]) > 10, data["exports"])
    for export in data["exports"]:
        check(export["name"] in told, export, told)


def check_terminal(client, state):
    """The terminal says the same, member by member."""
    def told(*words):
        run = subprocess.run([PORTBOOK, "--registry", state, "-q", "--json",
                              *words], capture_output=True)
        return json.loads(run.stdout)

    for words, target in (
            (("lookup", "10"), "/ports/10"),
            (("lookup", "10/tcp"), "/ports/10/tcp"),
            (("lookup", "10-25"), "/ports/10-25"),
            (("lookup", "gamma"), "/services/gamma"),
            (("person", "Kept"), "/people/Kept"),
            (("check-name", "gamma"), "/check-name?name=gamma")):
        same(client.json(target), told(*words), target)


def walk(client, target):
    """All pages, by their Link fields."""
    seen = []
    while target:
        answer = client.get(target, 200)
        data = json.loads(answer.bytes)
        seen.append(data)
        near = links(answer)
        if len(seen) > 1:
            back = near["prev"]
            check("page=%d" % (len(seen) - 1) in back, target, back)
        else:
            check("prev" not in near, target)
        target = near.get("next", "")[len(API):]
        same(bool(target), data["page"] < data["pages"], target)
    return seen


def check_official(client, xml):
    """Beside an independent reading of the XML."""
    newest = oracle.Registry(xml)

    def rows(column, value):
        return [r for r in newest.records if r.columns[column] == value]

    def short(records):
        return sorted(
            [r["name"] or "", "%d-%d" % (r["number"]["first"],
                                         r["number"]["last"])
             if r["number"] and r["number"]["first"] != r["number"]["last"]
             else str(r["number"]["first"]) if r["number"] else "",
             r["protocol"] or ""] for r in records)

    def want(records):
        return sorted([r.columns[oracle.NAME], r.columns[oracle.NUMBER],
                       r.columns[oracle.PROTOCOL]] for r in records)

    for port in ("1", "22", "53", "443", "2049", "3478", "8080", "49150"):
        same(short(client.json("/ports/" + port)["records"]),
             want(rows(oracle.NUMBER, port)), port)
    for name in ("https", "domain", "nfs", "x11", "cl/1", "ssh"):
        target = "/services/" + urllib.parse.quote(name, safe="")
        same(short(client.json(target)["records"]),
             want(rows(oracle.NAME, name)), name)
    for person in ("IESG", "IETF_Chair", "Microsoft_Corporation"):
        got = client.json("/people/" + person)
        mark = "[%s]" % person
        same(short(got["records"]), want(
            r for r in newest.records if mark in r.columns[oracle.ASSIGNEE] or
            mark in r.columns[oracle.CONTACT] or
            mark in r.columns[oracle.NOTE] or
            mark in r.columns[oracle.REFERENCE]), person)
    for step, row in enumerate(newest.records[::977]):
        number, protocol, name = (row.columns[c] or "-" for c in (
            oracle.NUMBER, oracle.PROTOCOL, oracle.NAME))
        key = "/".join(urllib.parse.quote(p, safe="~")
                       for p in (number, protocol, name))
        got = client.json("/records/" + key)["record"]
        same(short([got]), want([row]), step, key)
    counts = client.json("/registry")["counts"]
    same((counts["records"], counts["people"],
          counts["assigned"] + counts["reserved"] + counts["unassigned"]),
         (len(newest.records), len(newest.people), len(newest.records)),
         "counts")
    pages = walk(client, "/search?q=server")
    same(sum(len(p["records"]) for p in pages),
         len(newest.search("server")), "search")
    check(len(pages) > 2, "pages of a search", len(pages))
    mail = [r for r in newest.search("mail")
            if r.columns[oracle.PROTOCOL] == "tcp" and
            r.columns[oracle.NUMBER].isdigit() and
            int(r.columns[oracle.NUMBER]) < 1024]
    got = client.json("/search?q=mail&protocol=tcp&class=system&sort=-number")
    same((got["total"], short(got["records"])), (len(mail), want(mail)),
         "filters")
    numbers = [r["number"]["first"] for r in got["records"]]
    same(numbers, sorted(numbers, reverse=True), "sort")
    check(len(numbers) > 5, "few records", numbers)
    pages = walk(client, "/log?q=0-2000")
    same((sum(len(p["since"]) for p in pages),
          sum(len(p["events"]) for p in pages)),
         (pages[0]["since_total"], pages[0]["total"]), "log")
    check(max(len(json.dumps(p)) for p in pages) < 500000, "a page's size")
    same(client.json("/lookup?q=whois")["via"]["name"], "whois", "via")


def check_past(client, xml):
    """The first version: what stood then is told as it stood."""
    oldest = oracle.Registry(xml)
    date = "as-of=2015-05-04"
    same(client.json("/registry?" + date)["counts"]["records"],
         len(oldest.records), "records then")
    for row in oldest.records[::1511]:
        number, protocol, name = (row.columns[c] or "-" for c in (
            oracle.NUMBER, oracle.PROTOCOL, oracle.NAME))
        key = "/".join(urllib.parse.quote(p, safe="~")
                       for p in (number, protocol, name))
        answer = client.get("/records/%s?%s" % (key, date), 200)
        same(json.loads(answer.bytes)["record"]["description"].split(),
             row.columns[oracle.DESCRIPTION].split(), key)


def check_security(state):
    """RFC 9116: whom to tell, until when."""
    where = "/.well-known/security.txt"
    for words, contact, canonical in (
            ((), "mailto:root@localhost", None),
            (("--base-url", BASE), "mailto:security@ports.example",
             BASE + where),
            (("--base-url", "http://127.0.0.1:80"), "mailto:root@localhost",
             "http://127.0.0.1:80" + where),
            (("--security-contact", "https://a.example/x"),
             "https://a.example/x", None)):
        with Server(SERVER, state, *words) as server:
            answer = server.get(where)
            lines = [line for line in answer.bytes.decode().splitlines()
                     if not line.startswith("#")]
            fields = dict(line.split(": ", 1) for line in lines)
            same(answer.getheader("Content-Type"),
                 "text/plain; charset=utf-8", where)
            same((fields["Contact"], fields.get("Canonical")),
                 (contact, canonical), words)
            left = datetime.datetime.fromisoformat(
                fields["Expires"].replace("Z", "+00:00")) - \
                datetime.datetime.now(datetime.timezone.utc)
            check(30 < left.days < 366, fields["Expires"])
    for bad in ("", "a@b.example", "http://a.example", "mailto:",
                "https://a.example/\nX: y", "mailto:\xe9"):
        run = subprocess.run([SERVER, "--security-contact", bad],
                             capture_output=True)
        same(run.returncode, 2, "--security-contact", bad)


def run_small(work):
    state = imported(work + "/small", *write_all(work, dict(zip(
        ("2020-01-01.xml", "2020-02-02.xml", "2020-02-02.2.xml",
         "2021-03-03.xml"), small.EDITIONS))))
    with Server(SERVER, state, "--base-url", BASE + "/") as server:
        client = Client(server)
        check_document(client)
        check_small(client)
        check_terminal(client, state)
        same(server.stop(), 0, "stop")
    check_security(state)


def run_official(work):
    """The document's examples are of the real registry."""
    (first,), newest = editions.extract([OLDEST], work), official.NEWEST
    state = imported(work + "/official", first, newest)
    with Server(SERVER, state) as server:
        client = Client(server)
        for test in (check_examples, check_page, check_shown, check_parameters, check_odd,
                     check_manners):
            test(client)
        check_official(client, newest)
        check_past(client, first)
        client.get("/records/443/tcp/HTTPS", 307)
        client.get("/ports/0443/tcp", 308)
        client.get("/ports/0443", 308)
        check_complete(client)
        same(server.stop(), 0, "stop")


def main():
    with tempfile.TemporaryDirectory() as work:
        run_small(work)
        if editions.available():
            run_official(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
