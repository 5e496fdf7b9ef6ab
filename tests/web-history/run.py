#!/usr/bin/env python3
"""The past on the web: changes, differences, versions, feeds and the API, of
small histories by hand, hostile ones, and the official one.

limit: 240 seconds
"""

import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import small  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import check, finish, same, skip  # noqa: E402
from common.page import page_at  # noqa: E402
from common.program import PORTBOOK, SERVER, imported, write_all  # noqa: E402
from common.server import Server  # noqa: E402

KINDS = ("assigned", "deassigned", "renamed", "renumbered", "transferred",
         "split", "merged", "modified", "editorial", "person")
LAST_PAGE = 2 ** 53 - 1  # the largest number that all readers of JSON read
BASE = "https://Ports.Example:8443/book"
POLICY = ("default-src 'none'; style-src 'self'; script-src 'self'; "
          "img-src 'self'; connect-src 'self'; form-action 'self'; "
          "base-uri 'none'; frame-ancestors 'none'")


def build(work, name, texts):
    """A state folder with a history, recorded in the order given."""
    folder = pathlib.Path(work) / name
    return imported(folder / "state", *write_all(folder, texts))


def page_of(server, target, status=200):
    page = page_at(server, target, status)
    same(page.answer.getheader("Content-Security-Policy"), POLICY, target)
    same(page.scripts, ["/script.js"], target, "scripts")
    check(all(link.startswith(("/", "?", "#", "https:", "http:"))
              for link in page.links), target, page.links)
    page.changes = small.Changes(page.bytes)
    return page


def told(server, target):
    return page_of(server, target).changes.told


def api(server, target, status=200):
    answer = server.get("/api/v1/" + target)
    same(answer.status, status, target)
    same(answer.getheader("Access-Control-Allow-Origin"), "*", target)
    same(answer.getheader("Content-Type"), "application/json" if status == 200
         else "application/problem+json", target)
    return json.loads(answer.bytes)


def check_changes(server):
    same(told(server, "/changes?upkeep=1"), small.ALL, "all")
    same(told(server, "/changes"), small.SUBSTANCE, "substance")
    page = page_of(server, "/changes")
    check("8 changes from 2020-01-01 to 2021-03-03" in page.words, page.words)
    links = page.links
    for link in ("/changes?upkeep=1", "/changes.atom", "/?as-of=2021-03-03",
                 "/?as-of=2020-02-02.1", "/diff/2020-02-02.2..2021-03-03",
                 "/diff/2020-01-01..2020-02-02.1",
                 "/changes?record=10%2Ftcp%2Fomega"):
        check(link in links, link, links)
    for link in links:
        if link.startswith("/"):
            check(server.get(link).status in (200, 303, 308), link)
    same(page.changes.fields("2021-03-03", "omega"),
         [[["Service Name", "alpha", "omega"],
           ["Modification Date", "2020-02-01", "2021-03-02"]]], "fields")
    same(page.changes.fields("2020-02-02.1", "gamma"),
         [[["Contact", "[Kept]"], ["Registration Date", "2020-02-02"]]],
         "fields of what is new")
    same(page.changes.fields("2020-02-02.1", "10/tcp/alpha"),
         [[["Assignee", "[Old_Org]", "[New_Org]"],
           ["Modification Date", "", "2020-02-01"]]], "fields")


def check_kinds(server):
    """Pages, help and manual say the same of each kind of change."""
    man = (HERE.parent.parent / "man/portbook-log.1").read_text()
    want = re.findall(r"^\.It Cm (\w+)\n([^.\n].*)$", man, re.M)
    same([kind for kind, _ in want], list(KINDS), "the manual's kinds")
    for command in ("log", "diff", "versions"):
        text = subprocess.run([PORTBOOK, command, "--help"], text=True,
                              capture_output=True).stdout
        text = text.partition("Kinds of changes:\n")[2].partition("\n\n")[0]
        same([tuple(line.split(None, 1)) for line in text.splitlines()], want,
             command, "--help")
    for target, kinds in (
            ("/changes", want[:-2]), ("/changes?upkeep=1", want),
            ("/changes?person=Kept&upkeep=1", want), ("/versions", want),
            ("/diff/2020-01-01..2021-03-03", want),
            ("/diff/2020-01-01..2020-01-01", [])):
        page = server.get(target).bytes.decode()
        got = re.findall(r'<dt><span class="kind[^"]*">(\w+)</span></dt>\n'
                         r"<dd>(.*)</dd>", page)
        same([(kind, html.unescape(says)) for kind, says in got], kinds,
             target)


def check_filters(server):
    alpha = [c for c in small.SUBSTANCE if "10/tcp/" in c[2]]
    for words in ("port=10", "port=10/tcp", "name=ALPHA",
                  "record=10/tcp/omega", "record=10/tcp/alpha", "q=10",
                  "q=alpha", "q=10/tcp/alpha", "search=alpha+service",
                  "q=alpha+service"):
        same(told(server, "/changes?" + words), alpha, words)
    same(told(server, "/changes?port=10/udp"), [], "10/udp")
    same(told(server, "/changes?name=OMEGA"), alpha[:1], "a name alone")
    same(told(server, "/changes?port=25&upkeep=1"), small.ALL[8:12], "25")
    for words in ("person=Kept", "person=Kept&upkeep=1", "q=Kept"):
        # Its entry, and what records that name it became.
        same(told(server, "/changes?" + words),
             [small.ALL[n] for n in (0, 2, 3, 9)], words)
    # That the range was cut is part of it, what 25 became is not.
    page = page_of(server, "/changes?port=27")
    same(page.changes.told, [small.ALL[8], small.ALL[11]], "27")
    check("In the version of 2021-03-03 26-29/-/- unassigned Unassigned" in
          page.words, page.words)
    check("first version here 20-29/-/- unassigned" in page.words, page.words)
    for words, why in (("port=11", "Nothing such"), ("name=nosuch",
                       "Nothing such"), ("search=nosuch", "Nothing of that"),
                       ("q=no+such", "Nothing of that")):
        check(why in page_of(server, "/changes?" + words).words, words)
    for words in ("port=x", "port=70000", "port=5-1", "record=a", "page=0",
                  "page=x", "port=1&name=a", "as-of=x", "as-of=",
                  "search=" + "a" * 1025, "name=" + "b" * 1025):
        page_of(server, "/changes?" + words, 400)
    page_of(server, "/changes?as-of=2019-12-31", 404)
    check("There is no page" in page_of(
        server, "/changes?page=%d" % LAST_PAGE).words, "no page")
    same(told(server, "/changes?unknown=1&port="), small.SUBSTANCE, "unknown")


def check_as_of(server):
    known = [c for c in small.SUBSTANCE if c[0] <= "2020-02-02.1"]
    page = page_of(server, "/changes?as-of=2020-02-02.1")
    same(page.changes.told, known, "as of")
    check("/changes" in page.links and "atom" not in " ".join(page.links),
          page.links)
    check("omega" not in page.words, "what was not known")
    page = page_of(server, "/versions?as-of=2020-06-01")
    same([row[0] for row in page.rows],
         ["2020-02-02.2", "2020-02-02.1", "2020-01-01"], "versions as of")
    page = page_of(server, "/changes?port=10&as-of=2020-01-15")
    check("10/tcp/alpha assigned Alpha service" in page.words, page.words)


def check_people(server):
    """Ann_Gone and Old_Org are not listed any more."""
    for target in ("/?as-of=2020-01-01", "/changes?upkeep=1",
                   "/diff/2020-01-01..2021-03-03",
                   "/diff/2020-02-02.1..2020-02-02.2",
                   "/changes?person=Ann_Gone&upkeep=1",
                   "/api/v1/lookup?q=10/tcp&as-of=2020-01-01",
                   "/api/v1/search?q=alpha&as-of=2020-01-01",
                   "/api/v1/log?q=Ann_Gone", "/api/v1/log?q=10",
                   "/api/v1/changes?kind=person,transferred,modified",
                   "/changes.atom"):
        text = server.get(target).bytes.decode()
        check("secret" not in text and "Ann Gone" not in text and
              "Old Org" not in text,
              target, "tells of somebody who is gone")
        if target != "/changes.atom":
            check("Ann_Gone" in text, target, "without the id")
    gone = {"id": "Ann_Gone", "name": None, "org": None, "uris": [],
            "updated": None}
    check(gone in api(server, "lookup?q=10/tcp&as-of=2020-01-01")["people"],
          "lookup as of")
    kept = api(server, "lookup?q=25/tcp&as-of=2020-02-02")["people"]
    same(kept[0]["uris"], ["mailto:kept&first.example"], "who is listed")
    events = api(server, "log?q=Ann_Gone")["events"]
    same([(e["kind"], e["id"]) for e in events if e["kind"] != "person"],
         [("transferred", "10/tcp/alpha"), ("modified", "10/tcp/alpha"),
          ("editorial", "15/tcp/beta")], "records of a person")
    person = [e for e in events if e["kind"] == "person"]
    same([(e["before"], e["after"]) for e in person], [(gone, None)], "log")
    item = [i for i in page_of(server, "/changes?upkeep=1").changes.items
            if i["keys"] == "Ann_Gone"][0]
    same((item["fields"], item["about"], item["told"]),
         ([], "gone", "No longer listed; only the id is told."), "gone")
    same(page_of(server, "/changes?person=Kept&upkeep=1").changes.fields(
        "2021-03-03", "Kept"), [[["Contact URI", "mailto:kept&first.example",
                                  "mailto:kept&later.example"]]], "kept")
    check("noindex" in server.get("/changes?person=Kept").bytes.decode(),
          "a person's page is indexed")


def check_diff(server):
    page = page_of(server, "/diff/2020-02-02.2..2021-03-03")
    same(page.changes.told,
         [("2021-03-03",) + c[1:] for c in small.ALL[:3]], "a step")
    check("1 deassigned, 1 renamed" in page.words or
          "1 renamed" in page.words and "1 deassigned" in page.words,
          page.words)
    check("Upkeep: 1 person" in page.words, page.words)
    # All at once: one change a record, from its first to its last state.
    page = page_of(server, "/diff/2020-01-01..2021-03-03")
    alpha = page.changes.fields("2021-03-03", "omega")
    same(alpha, [[["Service Name", "alpha", "omega"],
                  ["Assignee", "[Old_Org]", "[New_Org]"],
                  ["Contact", "[Ann_Gone]", "[Kept]"],
                  ["Modification Date", "", "2021-03-02"]]], "alpha")
    same(sorted(i["keys"] for i in page.changes.items
                if i["kinds"] == "person"),
         ["Ann_Gone", "Kept", "New_Org", "Old_Org"], "people")
    check("People" in page.words and "noindex" in
          page.answer.bytes.decode(), "people apart")
    same((page.inputs["old"], page.inputs["new"]),
         ("2020-01-01", "2021-03-03"), "the form")
    check("the same version" in page_of(
        server, "/diff/2021-03-03..2022-01-01").words, "no difference")
    for target, status, where in (
            ("/diff", 303, "/diff/2020-02-02.2..2021-03-03"),
            ("/diff?old=2021-03-03&new=2020-01-01", 303,
             "/diff/2020-01-01..2021-03-03"),
            ("/diff?old=2020-02-02.1&new=2020-02-02", 303,
             "/diff/2020-02-02.1..2020-02-02.2"),
            ("/diff/2021-03-03..2020-01-01", 308,
             "/diff/2020-01-01..2021-03-03"),
            # A date that a page is of decides where no versions are named.
            ("/diff?as-of=2020-12-31", 303,
             "/diff/2020-02-02.1..2020-02-02.2"),
            ("/diff?as-of=2020-01-01", 303, "/diff/2020-01-01..2020-01-01"),
            ("/diff?old=2021-03-03&new=2020-01-01&as-of=2020-02-02", 303,
             "/diff/2020-01-01..2021-03-03"),
            ("/diff/2021-03-03..2020-01-01.json", 307,
             "/api/v1/changes?since=2020-01-01&as-of=2021-03-03&kind=assigned,"
             "deassigned,renamed,renumbered,transferred,split,merged,modified,"
             "editorial,person")):
        answer = server.get(target)
        same((answer.status, answer.getheader("Location")), (status, where),
             target)
    same(sorted((e["kind"], e["id"]) for e in json.loads(
        server.get(where).bytes)["events"]),
        sorted((c[1], c[3]) for c in small.ALL), where)
    same(server.get("/diff/2020-01-01..2021-03-03?as-of=2020-02-02").bytes,
         page_of(server, "/diff/2020-01-01..2021-03-03").answer.bytes,
         "as-of has no say where versions are named")
    for target, status in (("/diff?as-of=x", 400), ("/diff?as-of=", 400),
                           ("/diff?as-of=2019-01-01", 404),
                           ("/diff/x.json", 400), ("/diff/.json", 400)):
        page_of(server, target, status)
    for target, status in (("/diff/x", 400), ("/diff/2020-01-01", 400),
                           ("/diff/..", 400), ("/diff/2020-01-01..", 400),
                           ("/diff/2020-13-01..2021-01-01", 400),
                           ("/diff/2020-01-01..2021-03-03?page=0", 400),
                           ("/diff/2019-01-01..2021-03-03", 404),
                           ("/diff/2020-02-02.3..2021-03-03", 404),
                           ("/diff/2020-01-01..99999-01-01", 400),
                           ("/diff/a/b", 404), ("/diff/", 404),
                           ("/diff?old=x&new=y", 400),
                           ("/diff?old=2020-01-01", 400)):
        page_of(server, target, status)
    check("There is no page" in page_of(
        server, "/diff/2020-01-01..2021-03-03?page=99999999999999").words,
        "beyond the last")
    for target in ("/", "/changes", "/versions", "/port/10-20",
                   "/diff/2020-01-01..2021-03-03"):
        page = page_of(server, "%s?page=%d" % (target, LAST_PAGE))
        check("There is no page %d:" % LAST_PAGE in page.words, target)
        page_of(server, "%s?page=%d" % (target, LAST_PAGE + 1), 400)


def check_versions(server):
    page = page_of(server, "/versions")
    rows = page.rows
    same([row[:5] for row in rows], [
        ["2021-03-03", "6", "2", "1 deassigned, 1 renamed", "1 person"],
        ["2020-02-02.2", "6", "2", "1 modified", "1 editorial, 2 people"],
        ["2020-02-02.1", "6", "4", "1 assigned, 1 transferred, 3 split",
         "1 person"],
        ["2020-01-01", "3", "3", "the first one here", ""]], "versions")
    import hashlib
    same([row[5] for row in rows],
         [hashlib.sha256(text.encode()).hexdigest()
          for text in reversed(small.EDITIONS)], "digests")
    check("/diff/2020-02-02.1..2020-02-02.2" in page.links and
          "/?as-of=2020-02-02.1" in page.links, page.links)
    page_of(server, "/versions?page=0", 400)
    check("There is no page 7" in page_of(server, "/versions?page=7").words,
          "page 7")


def check_api(server):
    def events(target):
        return [(e["date"], e["kind"],
                 e["before"] and e["before"]["id"],
                 e["after"] and e["after"]["id"])
                for e in api(server, target)["events"]]

    def plain(items):
        return [(c[0][:10],) + c[1:] for c in items]

    rising = sorted(small.SUBSTANCE, key=lambda c: c[0])
    same(events("changes"), plain(rising), "changes")
    same(events("changes?since=2019-01-01"), plain(rising), "since long ago")
    same(events("changes?since=2020-01-15"), plain(rising), "since a day")
    # Who has seen the first edition of a day is told of the second.
    later = [c for c in rising if c[0] > "2020-02-02.1"]
    same(events("changes?since=2020-02-02"), plain(later), "since a day's")
    same(events("changes?since=2020-02-02.1"), plain(later), "since .1")
    same(events("changes?since=2020-02-02.2"), plain(later[1:]), "since .2")
    same(events("changes?since=2021-03-03"), [], "since the last")
    same(events("changes?kind=split,renamed&kind=assigned"),
         plain([c for c in rising if c[1] in ("split", "renamed",
                                             "assigned")]), "kinds")
    got = api(server, "changes?since=2020-02-02.1")
    same((got["from"], got["to"], got["total"], got["page"], got["pages"],
          got["next"]), ("2020-02-02.1", "2021-03-03", 3, 1, 1, None), "head")
    same(sorted(p["id"] for p in got["people"]),
         ["Ann_Gone", "Kept", "New_Org"], "people of records")
    got = api(server, "log?q=10/tcp")
    same([(e["kind"], e["fields"]) for e in got["events"]],
         [("transferred", ["assignee", "modified"]),
          ("modified", ["contact"]),
          ("renamed", ["name", "modified"])], "log")
    same((got["query"], [r["id"] for r in got["since"]]),
         ("10/tcp", ["10/tcp/alpha"]), "since")
    got = api(server, "log?q=10/tcp&as-of=2020-02-02.1")
    same(len(got["events"]), 1, "log as of")
    got = api(server, "versions")
    same([(v["id"], v["date"], v["records"], v["people"],
           sum(v["events"].values())) for v in got["versions"]],
         [("2020-01-01", "2020-01-01", 3, 3, 0),
          ("2020-02-02.1", "2020-02-02", 6, 4, 6),
          ("2020-02-02.2", "2020-02-02", 6, 2, 4),
          ("2021-03-03", "2021-03-03", 6, 2, 3)], "versions")
    for bad in ("changes?since=", "changes?since=x", "changes?kind=",
                "changes?kind=x", "changes?since=2020-01-01&since=2020-01-01",
                "changes?q=1", "changes?page=0", "log", "log?q=",
                "log?q=70000", "log?q=1&q=2", "log?q=1&since=2020-01-01",
                "versions?q=1", "versions?page=x", "log?q=1&as-of=x"):
        problem = api(server, bad, 400)
        same((sorted(problem), problem["status"]),
             (["detail", "instance", "status", "title", "type"], 400), bad)
    api(server, "changes?as-of=2019-01-01", 404)
    for target in ("changes", "log?q=10", "versions", "search?q=a"):
        sep = "&" if "?" in target else "?"
        for page in (99, LAST_PAGE):
            got = api(server, "%s%spage=%d" % (target, sep, page))
            same((got["page"], got["pages"], got.get("next"), got.get(
                "events", got.get("versions", got.get("records")))),
                (page, 1, None, []), target, page)
        for page in (LAST_PAGE + 1, 2 ** 64, 10 ** 40):
            problem = api(server, "%s%spage=%d" % (target, sep, page), 400)
            check(str(LAST_PAGE) in problem["detail"], target, problem)


def check_redirects(server):
    for target, status, where in (
            ("/changes.json", 308, "/api/v1/changes"),
            ("/changes.json?port=10/tcp", 308, "/api/v1/log?q=10%2Ftcp"),
            ("/changes.json?name=a%26b&as-of=2020-02-02", 308,
             "/api/v1/log?q=a%26b&as-of=2020-02-02"),
            ("/versions.json", 308, "/api/v1/versions"),
            ("/versions.json?as-of=2020-02-02.1", 308,
             "/api/v1/versions?as-of=2020-02-02.1"),
            ("/changes.json?search=x", 404, None),
            ("/changes.json?port=x", 400, None),
            ("/versions.json?as-of=x", 400, None)):
        answer = server.get(target)
        same((answer.status, answer.getheader("Location")), (status, where),
             target)
        if where:
            same(server.get(where).status, 200, where)


def lint(feed, *told):
    """Well-formed, and as RFC 4287 has it; the elements of the feed."""
    import xml.etree.ElementTree as tree

    if shutil.which("xmllint"):
        run = subprocess.run(["xmllint", "--noout", "--relaxng",
                              HERE / "atom.rng", "-"], input=feed,
                             capture_output=True)
        same(run.returncode, 0, *told, run.stderr.decode()[:400])
    atom = "{http://www.w3.org/2005/Atom}"
    root = tree.fromstring(feed)
    ids = [e.findtext(atom + "id") for e in root.iter(atom + "entry")]
    same(len(ids), len(set(ids)), *told, "double ids")
    return [{c.tag[len(atom):]: c.get("href") or c.text for c in e}
            for e in root.iter(atom + "entry")], {
                c.tag[len(atom):] + c.get("rel", ""): c.get("href") or c.text
                for c in root if c.tag != atom + "entry"}


def check_feed(server):
    answer = server.get("/changes.atom")
    same((answer.status, answer.getheader("Content-Type"),
          answer.getheader("Cache-Control")),
         (200, "application/atom+xml; charset=utf-8", "no-cache"), "feed")
    entries, head = lint(answer.bytes, "feed")
    same([(e["updated"][:10], e["title"]) for e in entries],
         [(c[0][:10], c[1] + ": " + (c[2] if c[2] == c[3] else
                                     c[2] + " \u2192 " + c[3]))
          for c in small.SUBSTANCE], "entries")
    same((head["id"], head["title"], head["updated"], head["linkself"],
          head["linkalternate"]),
         ("tag:ports.example,2026:changes:=",
          "Changes, Service Name and Port Number Registry",
          "2021-03-03T00:00:00Z", BASE + "/changes.atom", BASE + "/changes"),
         "head")
    same(entries[0]["link"], BASE + "/changes?record=10%2Ftcp%2Fomega", "link")
    text = answer.bytes.decode()
    for word in ("Ann", "Kept", "Old_Org", "New_Org", "mailto"):
        check(word not in text, "a feed has", word)
    same(entries[0]["summary"], "Alpha service\nService Name: alpha \u2192 "
         "omega\nModification Date: 2020-02-01 \u2192 2021-03-02\n", "summary")
    same([e["summary"] for e in entries if "transferred" in e["title"]],
         ["Alpha service\nModification Date: none \u2192 2020-02-01\n"
          "Also changed: Assignee\n"], "summary without people")
    tag = answer.getheader("ETag")
    check(tag and tag.startswith('"'), "ETag", tag)
    again = server.get("/changes.atom", If_None_Match=tag)
    same((again.status, again.bytes), (304, b""), "304")
    for words, count in (("port=10", 3), ("name=gamma", 1), ("search=beta", 1),
                         ("record=10/tcp/omega", 3), ("port=9", 0)):
        entries, head = lint(server.get("/changes.atom?" + words).bytes, words)
        same(len(entries), count, words)
        name, value = words.split("=")
        same(head["title"], {
            "port": "Changes to port ", "name": "Changes to the name ",
            "record": "Changes to the record ",
            "search": "Changes to records with "}[name] + value +
            ", Service Name and Port Number Registry", words)
        same(head["linkself"], "%s/changes.atom?%s=%s" % (
            BASE, name, urllib.parse.quote(value, safe="")), words)
    # As of a date it is a feed of its own, with the same entries until then.
    entries, head = lint(server.get(
        "/changes.atom?port=10&as-of=2020-12-31").bytes, "then")
    same([(e["updated"][:10], e["title"], e["link"]) for e in entries],
         [(c[0][:10], c[1] + ": " + c[2], BASE + "/changes?record=10%2Ftcp%2F"
           "alpha&as-of=2020-12-31") for c in small.SUBSTANCE
          if c[0] < "2020-12-31" and c[2] == "10/tcp/alpha"], "then")
    same((head["id"], head["title"], head["updated"], head["linkself"],
          head["linkalternate"]),
         ("tag:ports.example,2026:changes:port=10:2020-12-31",
          "Changes to port 10 as of 2020-12-31, Service Name and Port Number "
          "Registry", "2020-02-02T00:00:00Z",
          BASE + "/changes.atom?port=10&as-of=2020-12-31",
          BASE + "/changes?port=10&as-of=2020-12-31"), "then")
    whole, _ = lint(server.get("/changes.atom?port=10").bytes, "port=10")
    same([e["id"] for e in entries], [e["id"] for e in whole[1:]],
         "the same happened")
    same(lint(server.get("/changes.atom?as-of=2020-01-01").bytes, "first")[0],
         [], "before anything happened")
    page_of(server, "/changes.atom?as-of=2019-12-31", 404)
    page_of(server, "/changes.atom?as-of=x", 400)
    page_of(server, "/changes.atom?person=Kept", 400)
    page_of(server, "/changes.atom?port=x", 400)
    page = server.get("/changes?port=10").bytes.decode()
    check('<link rel="alternate" type="application/atom+xml" title="Changes" '
          'href="/changes.atom?port=10">' in page, "alternate")


def check_headers(server):
    for target in ("/changes", "/changes?port=10&upkeep=1", "/changes.atom",
                   "/versions", "/diff/2020-01-01..2021-03-03",
                   "/api/v1/changes", "/api/v1/log?q=10", "/api/v1/versions"):
        answer = server.get(target)
        head = server.get(target, "HEAD")
        same((head.status, head.bytes, head.getheader("Content-Length"),
              head.getheader("ETag")),
             (200, b"", str(len(answer.bytes)), answer.getheader("ETag")),
             "HEAD", target)
        same(answer.getheader("Cache-Control"),
             "public, max-age=60, must-revalidate"
             if target.startswith("/api/") else "no-cache", target)
        same(answer.getheader("Content-Security-Policy"), POLICY, target)
        again = server.get(target, If_None_Match=answer.getheader("ETag"))
        same((again.status, again.bytes), (304, b""), target)
        same(server.get(target, If_None_Match='"x"').status, 200, target)
        same(server.get(target, "POST").status, 405, target)
    robots = server.get("/robots.txt").bytes.decode().splitlines()
    check("Disallow: /diff" in robots and "Disallow: /api/" in robots, robots)


def check_base(state):
    """Without --base-url, links are relative and identifiers are UUIDs."""
    with Server(SERVER, state) as server:
        first = server.get("/changes.atom")
        entries, head = lint(first.bytes, "without a base")
        same((head["linkself"], entries[0]["link"]),
             ("/changes.atom", "/changes?record=10%2Ftcp%2Fomega"), "links")
        same(server.get("/changes.atom", Host="evil.example").bytes,
             first.bytes, "what Host says")
        check(entries[0]["id"].startswith("urn:uuid:"), entries[0]["id"])
    for bad in ("ftp://a", "https://", "https://a/?b", "https://a#b",
                "https://u@a", "a"):
        run = subprocess.run([SERVER, "--registry", state, "--base-url", bad],
                             capture_output=True, text=True, timeout=10)
        same(run.returncode, 2, bad)
        check("--base-url" in run.stderr, bad, run.stderr)


def check_hostile(work):
    """Not a tag, a script or a link of what a registry may hold."""
    state = build(work, "hostile", small.HOSTILE)
    with Server(SERVER, state, "--base-url", BASE) as server:
        for target in ("/changes?upkeep=1", "/versions",
                       "/changes?" + urllib.parse.urlencode(
                           {"search": small.EVIL}),
                       "/changes?" + urllib.parse.urlencode(
                           {"q": "y" + small.EVIL, "upkeep": 1}),
                       "/changes?" + urllib.parse.urlencode(
                           {"record": "7/tcp/y" + small.EVIL}),
                       "/changes?" + urllib.parse.urlencode(
                           {"person": small.EVIL + "c", "upkeep": 1}),
                       "/diff/2022-01-01..2022-01-02"):
            page = page_of(server, target)
            check(not page.tags & {"b", "img"}, target, page.tags)
            check(not [link for link in page.links if
                       link.startswith(("javascript:", "data:"))], target)
        page = page_of(server, "/diff/2022-01-01..2022-01-02")
        check(any("y" + small.EVIL in i["keys"] for i in page.changes.items),
              "the name as it is", [i["keys"] for i in page.changes.items])
        entries, _ = lint(server.get("/changes.atom").bytes, "hostile feed")
        check(any(small.EVIL in e["title"] for e in entries), entries)
        for target in ("changes?kind=person,modified,assigned,renamed",
                       "log?q=7", "versions"):
            api(server, target)
        for junk in ("%00", "%ff", "%C2%80", "%0d%0aX:1", "a%09b"):
            for target in ("/changes?search=", "/changes?q=", "/changes?name=",
                           "/changes?record=1/2/", "/changes?person=",
                           "/changes.atom?search=", "/changes.atom?name=",
                           "/diff/", "/api/v1/log?q="):
                answer = server.get(target + junk)
                check(answer.status in (200, 400, 404), target + junk,
                      answer.status)
                if answer.status == 200 and "atom" in target:
                    lint(answer.bytes, target + junk)


def check_one(work):
    """A single version has no past, and says so."""
    state = build(work, "one", small.EDITIONS[:1])
    with Server(SERVER, state) as server:
        same(told(server, "/changes?upkeep=1"), [], "one version")
        same(len(page_of(server, "/versions").rows), 1, "one version")
        answer = server.get("/diff")
        same(answer.getheader("Location"), "/diff/2020-01-01..2020-01-01",
             "one version")
        check("the same version" in page_of(
            server, answer.getheader("Location")).words, "one version")
        same(lint(server.get("/changes.atom").bytes, "one")[0], [], "one")
        same(api(server, "changes")["events"], [], "one")


def check_paging(work):
    """250 records come at once: each once over the pages."""
    many = [small.record("n%d" % i, str(1000 + i), "tcp", "Number %d" % i,
                         contact="Kept", date="2023-02-02")
            for i in range(250)]
    state = build(work, "many", [
        small.registry("2023-01-01", [small.BETA], [small.KEPT]),
        small.registry("2023-02-02", [small.BETA] + many, [small.KEPT])])
    with Server(SERVER, state) as server:
        for path, size in (("/changes", 100),
                           ("/diff/2023-01-01..2023-02-02", 200)):
            got, number = [], 0
            while len(got) < 250 and number < 4:
                number += 1
                page = page_of(server, "%s?page=%d" % (path, number))
                items = [i["keys"] for i in page.changes.items]
                same(len(items), min(size, 250 - len(got)), path, number)
                if path == "/changes":
                    same("continued" in page.words, number > 1, path, number)
                got += items
            same(got, ["%d/tcp/n%d" % (1000 + i, i) for i in range(250)],
                 path)
        pages = [api(server, "changes?page=%d" % n) for n in (1, 2, 3, 4)]
        same([(len(p["events"]), p["next"]) for p in pages],
             [(100, 2), (100, 3), (50, None), (0, None)], "api pages")
        entries, _ = lint(server.get("/changes.atom").bytes, "many")
        same(len(entries), 50, "a feed's length")


def check_portless(work):
    """What has no port is told in words, by its name."""
    state = build(work, "portless", [
        small.registry("2023-01-01", [
            small.record("late", None, "udp", "Late"),
            small.record("bare", None, None, "Bare")], [small.KEPT]),
        small.registry("2023-02-02", [
            small.record("early", None, "tcp", "Early"),
            small.record("late", "77", "udp", "Late"),
            small.record(None, "78", "tcp", "any private mail system")],
            [small.KEPT])])
    with Server(SERVER, state) as server:
        entries, _ = lint(server.get("/changes.atom").bytes, "no ports")
        same(sorted(e["title"] for e in entries),
             ["assigned: early (tcp, no port)", "deassigned: bare (no port)",
              "modified: 78/tcp/-",
              "renumbered: late (udp, no port) \u2192 77/udp/late"], "titles")
        same([e["id"] for e in entries if "early" in e["title"]],
             [e["id"] for e in entries if "-/tcp/early" in
              urllib.parse.unquote(e["link"])], "the link has the key")


def stories():
    for path in sorted((HERE.parent / "log").glob("*.txt")):
        lines = path.read_text("utf-8").splitlines()
        query = re.fullmatch(r"# portbook log (\S+)", lines[0])[1]
        rows = [tuple(line.split("\t")) for line in lines
                if line and not line.startswith("#")]
        yield query, rows


def check_official(work):
    known = list(stories())
    check(len(known) >= 7, "stories", len(known))
    days = {row[0] for _, rows in known for row in rows}
    folder = pathlib.Path(work) / "official"
    state = imported(folder / "state", *editions.extract(
        editions.around(editions.names(), days), folder))
    with Server(SERVER, state, "--base-url", BASE) as server:
        for query, rows in known:
            kind = "port" if query[0].isdigit() else "name"
            got = told(server, "/changes?upkeep=1&%s=%s" % (kind, query))
            same(sorted((c[0][:10],) + c[1:] for c in got), sorted(rows),
                 query)
            entries, _ = lint(server.get("/changes.atom?%s=%s" % (
                kind, query)).bytes, query)
            same(sorted((e["updated"][:10], k, ) for e in entries
                        for k in e["title"].split(": ")[0].split(", ")),
                 sorted((r[0], r[1]) for r in rows if r[1] != "editorial"),
                 query, "feed")
        page_of(server, "/changes")
        page_of(server, "/versions")
        page = page_of(server, "/diff/2015-05-04..2026-08-17")
        check("Next" in page.words, "a large difference has no pages")
        same(len(page.changes.items) <= 200, True, "a page's length")
        check(server.resident() < 60000, "memory", server.resident())


def main():
    with tempfile.TemporaryDirectory() as work:
        state = build(work, "small", small.EDITIONS)
        with Server(SERVER, state, "--base-url", BASE + "/") as server:
            for test in (check_changes, check_kinds, check_filters, check_as_of,
                         check_people, check_diff, check_versions, check_api,
                         check_redirects, check_feed, check_headers):
                test(server)
            same(server.stop(), 0, "stop")
        check_base(state)
        check_hostile(work)
        check_one(work)
        check_paging(work)
        check_portless(work)
        if editions.available():
            check_official(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
