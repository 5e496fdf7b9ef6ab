#!/usr/bin/env python3
"""serve --people=none: no page and no answer but the official files names
anybody, whatever is asked.  The same requests without it do, so that the test
would see them.

limit: 120 seconds
"""

import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "web-history")]

import small  # noqa: E402
from common import official  # noqa: E402
from common.outcome import check, finish, same, skip  # noqa: E402
from common.page import FILE, OFFICIAL, Page, fold  # noqa: E402
from common.program import SERVER, SOURCE, imported, write_all  # noqa: E402
from common.server import Server  # noqa: E402

DATES = ("", "2020-01-01", "2020-02-02")
PLACE = "PERSON"

# Whatever of a person stands in the registry below; no other text has it.
NEEDLES = re.compile(rb"zulu|quebec|whiskey", re.I)


def registry(date, records, people):
    """With an expert, and a note that refers to a person by an element."""
    text = small.registry(date, records, people)
    text = text.replace(
        "</updated>\n", "</updated>\n  <expert>Zulu Expert</expert>\n"
        "  <note>Ask zulu&amp;help.example</note>\n", 1)
    return text.replace(PLACE, '<xref type="person" data="Zulu_Ann"/>')


ANN = small.person("Zulu_Ann", "Ann Zulu", None, "mailto:ann&zulu.example")
BOB = small.person("Quebec_Bob", "Bob Quebec", "Quebec Works",
                   "mailto:bob&quebec.example", "2019-01-01")
BOB_NEW = small.person("Quebec_Bob", "Bob Quebec", "Quebec Works",
                       "mailto:bob&other.quebec.example", "2020-02-01")
FIRST = [
    small.record("alpha", "10", "tcp", "Alpha service", "Quebec_Bob",
                 "Zulu_Ann", "2019-01-01",
                 note="Says PERSON, or ann&zulu.example for short"),
    small.record("bravo", "11", "tcp", "Bravo by whiskey&quebec.example",
                 "Zulu_Ann", "Zulu_Ann", "2019-01-02"),
    small.record(None, "12-20", None, "Unassigned"),
]
SECOND = [
    small.record("alpha", "10", "tcp", "Alpha service", "Zulu_Ann",
                 "Quebec_Bob", "2019-01-01", "2020-02-02",
                 note="Says PERSON, or ann&zulu.example for short",
                 reference="mailto:whiskey&zulu.example"),
    small.record("charlie", "11", "tcp", "Charlie service\n of ANN  Zulu", None,
                 "Quebec_Bob", "2019-01-02", "2020-02-02"),
    small.record(None, "12-20", None, "Unassigned"),
]
EDITIONS = [registry("2020-01-01", FIRST, [BOB, ANN]),
            registry("2020-02-02", SECOND, [BOB_NEW, ANN])]

# Addresses to begin with, beside every link on their pages.
ADDRESSES = (
    "/", "/?search=a", "/?sort=assignee", "/?sort=-contact", "/?page=2",
    "/?search=zulu", FILE + ".xhtml", FILE + ".xhtml?search=alpha",
    FILE + ".xsl", FILE + ".rng", OFFICIAL, OFFICIAL + "/", FILE, "/port/10", "/port/10/tcp",
    "/port/8-30", "/service", "/service?name=alpha", "/service/alpha",
    "/service/bravo", "/service.json?name=alpha", "/record/10/tcp/alpha",
    "/record/11/tcp/bravo", "/record/11/tcp/charlie", "/person/Nobody",
    "/formats", "/formats.json", "/goto?q=10", "/map", "/map.json", "/map/0",
    "/map/0.json", "/changes",
    "/changes?upkeep=1", "/changes?port=10&upkeep=1",
    "/changes?name=alpha&upkeep=1", "/changes?record=10/tcp/alpha&upkeep=1",
    "/changes?search=service&upkeep=1", "/changes.atom",
    "/changes.atom?upkeep=1", "/changes.json", "/versions.json", "/diff",
    "/diff/2020-01-01..2020-02-02", "/versions", "/suggest",
    "/suggest?near=10&seed=a", "/suggest?explain=10",
    "/suggest.json?explain=10", "/api", "/api.json", "/healthz", "/metrics",
    "/robots.txt", "/.well-known/security.txt", "/style.css", "/script.js",
    "/icon.svg",
    "/api/v1/lookup?q=10", "/api/v1/lookup?q=alpha&q=8-30",
    "/api/v1/search?q=", "/api/v1/search?q=service", "/api/v1/ports/10",
    "/api/v1/ports/11/tcp", "/api/v1/services/alpha",
    "/api/v1/services/bravo", "/api/v1/records/10/tcp/alpha",
    "/api/v1/records/11/tcp/charlie", "/api/v1/people/Nobody",
    "/api/v1/check-name?name=alpha", "/api/v1/registry", "/api/v1/map",
    "/api/v1/map?protocol=any", "/api/v1/formats",
    "/api/v1/openapi.json", "/api/v1/changes",
    "/api/v1/changes?kind=person", "/api/v1/changes?kind=transferred",
    "/api/v1/log?q=10", "/api/v1/log?q=alpha", "/api/v1/log?q=8-30",
    "/api/v1/log?q=10/tcp/alpha", "/api/v1/versions",
    "/api/v1/suggest?near=10&seed=a", "/api/v1/suggest?explain=10",
)

# Those which name a person themselves: what is asked comes back, and no more.
ASKING = (
    "/?search=Zulu", "/?search=quebec.example", "/?search=que",
    "/person/Zulu_Ann", "/person/Quebec_Bob", "/changes?person=Zulu_Ann",
    "/changes?q=Quebec_Bob", "/changes?search=zulu", "/service/Zulu_Ann",
    "/api/v1/people/Zulu_Ann", "/api/v1/people/Quebec_Bob",
    "/api/v1/search?q=zulu", "/api/v1/search?q=zul",
    "/api/v1/search?q=bob%26quebec.example", "/api/v1/log?q=Zulu_Ann",
    "/api/v1/lookup?q=Zulu_Ann",
)


def routes():
    """Patterns of the site's own table."""
    text = (SOURCE / "src/web/routes.c").read_text()
    table = text[text.index("site_routes[]"):]
    names = {"SITE_OFFICIAL_FILE": FILE, "SITE_OFFICIAL": OFFICIAL,
             "ASSET_XSL_NAME": "service-names-port-numbers.xsl",
             "ASSET_RNG_NAME": "service-names-port-numbers.rng"}
    for head, words in re.findall(
            r'(\{HTTP_GET,|API\()\s*((?:"[^"]*"|SITE_\w+|ASSET_\w+|\s)+),',
            table):
        parts = [part[1:-1] if part[0] == '"' else names[part]
                 for part in re.findall(r'"[^"]*"|\w+', words)]
        yield ("/api/v1" if head == "API(" else "") + "".join(parts)


def matches(pattern, path):
    want = re.escape(pattern).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
    return re.fullmatch(want, path)


def is_file(target):
    path = target.partition("?")[0]
    return path in (FILE + ".xml", FILE + ".csv", FILE + ".txt")


def dated(target):
    for date in DATES:
        mark = "&" if "?" in target else "?"
        yield target + (mark + "as-of=" + date if date else "")


def crawl(server):
    """Every answer, from the addresses above on, along all links."""
    queue = [one for address in ADDRESSES for one in dated(address)]
    seen = set(queue)
    while queue:
        target = queue.pop(0)
        answer = server.get(target)
        yield target, answer
        found = [answer.getheader("Location") or ""]
        if (answer.getheader("Content-Type") or "").startswith("text/html"):
            found += Page(answer.bytes).links
        for link in found:
            link = urllib.parse.urljoin(target, link.partition("#")[0])
            if link.startswith("/") and link not in seen and \
                    len(seen) < 700:
                seen.add(link)
                queue.append(link)


def check_none(server):
    """Nobody is named; and every route was asked."""
    patterns = set(routes())
    check(len(patterns) > 40, "routes", len(patterns))
    asked = set()
    for target, answer in crawl(server):
        asked |= {p for p in patterns if matches(p, target.partition("?")[0])}
        if is_file(target):
            continue
        head = "\n".join("%s: %s" % pair for pair in answer.getheaders())
        found = NEEDLES.search(answer.bytes + head.encode())
        check(not found or urllib.parse.quote(found[0].decode()).lower() in
              target.lower(), target, "names", found and answer.bytes[
                  max(0, found.start() - 100):found.end() + 60])
        check(answer.status < 500, target, answer.status)
    same(sorted(p for p in patterns - asked
                if p not in (FILE + ".txt", FILE + ".csv", FILE + ".xml")),
         [], "routes that nothing was asked of: add them to ADDRESSES")


def check_asking(server):
    for asking in ASKING:
        for target in dated(asking):
            answer = server.get(target)
            text = answer.bytes.decode("utf-8")
            for word in ("Ann Zulu", "Bob Quebec", "Quebec Works",
                         "ann&zulu", "ann&amp;zulu", "bob&other",
                         "bob&amp;other", "alpha", "charlie"):
                check(word not in text, target, "shows", word)


def check_json(server):
    def get(target):
        return json.loads(server.get("/api/v1/" + target).bytes)

    for target in ("ports/10", "ports/10?as-of=2020-01-01"):
        data = get(target)
        same((data["people"], data["records"][0]["assignee"],
              data["records"][0]["contact"], data["records"][0]["note"]),
             ([], [], [], "Says , or [address] for short"), target)
    same(get("services/bravo?as-of=2020-01-01")["records"][0]["description"],
         "Bravo by [address]", "an address in a description")
    same(get("ports/10")["records"][0]["references"], [], "mailto")
    same(get("ports/11")["records"][0]["description"].split(),
         ["Charlie", "service", "of", "[name]"], "a name in plain words")
    same(get("search?q=of+ann")["total"], 0, "a search for the name")
    same(get("search?q=charlie+of+%5Bname%5D")["total"], 1, "what is there")
    same(get("search?q=zulu")["total"], 0, "search")
    same(get("search?q=alp")["total"], 1, "three bytes")
    same(get("search?q=short&as-of=2020-01-01")["total"], 1, "then")
    same(get("search?q=zul&as-of=2020-01-01")["total"], 0, "zul then")
    same(get("changes?kind=person")["events"], [], "events of people")
    same([e["kind"] for e in get("log?q=10/tcp/alpha")["events"]],
         ["transferred"], "that it changed is told")
    same([e["kind"] for e in get("log?q=11")["events"]], ["renamed"], "log")
    same(get("registry")["counts"]["people"], 0, "count")
    rows = [r["id"] for r in get("search?q=")["records"]]
    same(rows, ["10/tcp/alpha", "11/tcp/charlie", "12-20/-/-"], "records")
    order = Page(server.get("/").bytes).rows
    for column in ("assignee", "-assignee", "contact", "-contact"):
        same(Page(server.get("/?sort=" + column).bytes).rows, order, column)


def check_files(plain, hidden):
    """The official files are what they are."""
    for suffix in (".xml", ".csv", ".txt"):
        want, got = plain.get(FILE + suffix), hidden.get(FILE + suffix)
        same((got.status, got.bytes), (want.status, want.bytes), suffix)
        if want.status == 200:
            check(NEEDLES.search(want.bytes), suffix, "names nobody")


def check_versions(plain, hidden):
    """What names nobody stays: versions, and the editions of a day."""
    for date, status in (("2020-01-01.3", 200), ("2020-01-01.2", 404),
                         ("2020-02-02.1", 200)):
        target = "/api/v1/search?q=alpha&as-of=" + date
        same([s.get(target).status for s in (plain, hidden)],
             [status, status], target)
    ids = [[(v["id"], v["digest"], v["records"]) for v in json.loads(
        s.get("/api/v1/versions").bytes)["versions"]]
        for s in (plain, hidden)]
    same(ids[0], ids[1], "versions")


def check_some(server):
    """Without the option the same addresses do name people."""
    naming = {target for target, answer in crawl(server)
              if not is_file(target) and NEEDLES.search(answer.bytes)}
    for target in ("/", "/port/10", "/service/alpha", "/record/10/tcp/alpha",
                   "/person/Zulu_Ann", "/changes?upkeep=1",
                   "/diff/2020-01-01..2020-02-02", "/api/v1/ports/10",
                   "/api/v1/changes?kind=person", "/api/v1/log?q=10",
                   "/api/v1/search?q=service", "/?as-of=2020-01-01",
                   FILE + ".xhtml"):
        check(target in naming, target, "names nobody")


def check_official(work):
    """All persons of the real registry, on some large answers."""
    state = imported(work + "/official", official.NEWEST)
    text = official.NEWEST.read_text("utf-8")
    ids = set(re.findall(r'<person id="([^"]+)"', text))
    check(len(ids) > 5000, "people", len(ids))
    with Server(SERVER, state, "--people", "none") as server:
        for page in range(1, 146, 12):
            data = json.loads(server.get(
                "/api/v1/search?q=&page=%d" % page).bytes)
            same((data["people"], [r for r in data["records"]
                                   if r["assignee"] or r["contact"]]),
                 ([], []), page)
            same([r["id"] for r in data["records"] if any(
                ref["type"] == "person" for ref in r["references"])], [],
                 page)
            shown = server.get("/?page=%d" % page).bytes.decode()
            same(sorted(i for i in re.findall(r"\[(\w+)\]", shown)
                        if i in ids), [], page)
            check("mailto:" not in shown, page, "has an address")
            same(re.findall(r"[\w.]+&amp;\w[\w-]*\.\w+", shown), [], page)
        check_spelled(server, text)
        check(server.resident() < 120000, "memory", server.resident())


def check_spelled(server, text):
    """No text of any record spells out the name of a person listed."""
    names = set()
    for entry in re.findall(r"<person id=.*?</person>", text, re.S):
        name, org = (fold(html.unescape(part[1])) if part else "" for part in
                     (re.search(r"<%s>(.*?)</%s>" % (tag, tag), entry, re.S)
                      for tag in ("name", "org")))
        if " " in name and name != org:
            names.add(name)
    check(len(names) > 4000, "names", len(names))
    begins = {}
    for name in names:
        begins.setdefault(name.split()[0], []).append(name)

    def spelled(words):
        """Names in a text, each where a word begins and ends."""
        words = words.split()
        for at, word in enumerate(words):
            word = word.lstrip("([{<'\"")
            rest = " ".join([word, *words[at + 1:at + 8]])
            for name in begins.get(word, ()):
                if rest.startswith(name) and not \
                        rest[len(name):len(name) + 1].isalnum():
                    yield name

    def told(record):
        return " ".join([record["description"] or "", record["note"] or "",
                         record["unauthorized_use"] or "",
                         *(r["label"] for r in record["references"])])

    want, marked, count, page = 0, 0, 0, 0
    for part in re.findall(r"<description>(.*?)</description>", text, re.S):
        want += any(spelled(fold(html.unescape(
            re.sub(r"<[^>]*>", "", part)))))
    while count == page * 100:
        page += 1
        records = json.loads(server.get(
            "/api/v1/search?q=&page=%d" % page).bytes)["records"]
        count += len(records)
        for record in records:
            same(list(spelled(told(record))), [], record["id"])
            marked += "[name]" in (record["description"] or "")
    check(count > 14000, "records", count)
    check(want > 5, "descriptions that name somebody", want)
    same(marked, want, "descriptions with a mark")


def main():
    with tempfile.TemporaryDirectory() as work:
        state = imported(work + "/state", *write_all(work, dict(zip(
            ("2020-01-01.3.xml", "2020-02-02.xml"), EDITIONS))))
        with Server(SERVER, state) as plain, \
                Server(SERVER, state, "--people=none") as hidden:
            check_some(plain)
            check_none(hidden)
            check_asking(hidden)
            check_json(hidden)
            check_files(plain, hidden)
            check_versions(plain, hidden)
            same(hidden.stop(), 0, "stop")
        wrong = subprocess.run([SERVER, "--people", "some"],
                               capture_output=True, text=True)
        same((wrong.returncode, "all or none" in wrong.stderr), (2, True),
             "a wrong word")
        if official.available():
            check_official(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
