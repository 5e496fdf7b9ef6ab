#!/usr/bin/env python3
"""The site, asked over the wire: each route, hostile input, malformed
requests, and pages beside an independent reading of the official XML.

limit: 300 seconds
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
from common import captures, official  # noqa: E402
from common.outcome import check, finish, same, skip  # noqa: E402
from common.page import OFFICIAL, PAGE, page_at, query, squeeze  # noqa: E402
from common.program import ADMIN, PORTBOOK, SERVER  # noqa: E402
from common.program import build as build_image  # noqa: E402
from common.server import Server  # noqa: E402

XML = OFFICIAL + "/service-names-port-numbers.xml"


def build(xml, folder):
    """A state folder with the image of xml, and xml beside it."""
    inside = pathlib.Path(folder) / "public" / "1"
    version = inside / pathlib.Path(xml).name
    version.mkdir(parents=True)
    build_image(version / "registry.image", xml)
    shutil.copy(xml, version / "service-names-port-numbers.xml")
    link = inside / "current.new"
    link.symlink_to(version.name)
    link.rename(inside / "current")
    return str(folder)


def page_of(server, target, status=200):
    page = page_at(server, target, status)
    same(page.scripts, ["/script.js"], target, "scripts")
    check(all(link.startswith(("/", "?", "#", "https:", "http:", "mailto:",
                               "ftp:")) for link in page.links),
          target, "has a link of another kind", page.links)
    check(all(urllib.parse.unquote(link[1:]) in page.ids for link in page.links
              if link.startswith("#")), target, "dangling anchors")
    return page


def check_headers(server):
    for target in ("/", PAGE, "/api/v1/lookup?q=1", "/healthz", "/no",
                   "/api/v1/no", "/robots.txt", "/style.css", OFFICIAL):
        answer = server.get(target)
        policy = answer.getheader("Content-Security-Policy") or ""
        check("default-src 'none'" in policy and
              "frame-ancestors 'none'" in policy and
              "unsafe" not in policy, target, policy)
        same(answer.getheader("X-Content-Type-Options"), "nosniff", target)
        same(answer.getheader("Referrer-Policy"), "no-referrer", target)
        head = server.get(target, "HEAD")
        same((head.status, head.bytes), (answer.status, b""), "HEAD", target)
        same(head.getheader("Content-Length"), str(len(answer.bytes)),
             "HEAD", target)
        if answer.status == 200 and target != "/healthz":
            tag = answer.getheader("ETag")
            check(tag and tag.startswith('"'), target, "ETag", tag)
            again = server.get(target, If_None_Match=tag)
            same((again.status, again.bytes, again.getheader("ETag")),
                 (304, b"", tag), target)
            same(server.get(target, If_None_Match='"x"').status, 200, target)
        post = server.get(target, "POST")
        if answer.status in (200, 308):
            allow = "GET, HEAD" + ", OPTIONS" * target.startswith("/api/")
            same((post.status, post.getheader("Allow")), (405, allow),
                 "POST", target)


def check_routes(server):
    same(server.get("/healthz").bytes, b"ok\n", "/healthz")
    check(b"User-agent: *" in server.get("/robots.txt").bytes, "robots")
    style = server.get("/style.css")
    same(style.getheader("Content-Type"), "text/css; charset=utf-8", "style")
    page = page_of(server, "/")
    named = [line for line in page.answer.bytes.decode().splitlines()
             if "stylesheet" in line][0].split('"')[3]
    check("immutable" in server.get(named).getheader("Cache-Control"), named)
    for source in (OFFICIAL, OFFICIAL + "/",
                   OFFICIAL + "/service-names-port-numbers"):
        answer = server.get(source + "?search=a%20b&page=2")
        same((answer.status, answer.getheader("Location")),
             (308, PAGE + "?search=a%20b&page=2"), source)
    page_of(server, "/no/such/page", 404)
    page_of(server, "/port", 404)
    # An address that reads as a port or a service leads to its page.
    for asked, there in (("/443", "/port/443"), ("/tcp/53", "/port/53/tcp"),
                         ("/8000-8010/", "/port/8000-8010"),
                         ("/THREE", "/service/THREE"), ("/thrree", None),
                         ("/70000", None), ("/no/such/page", None)):
        html = page_of(server, asked, 404).answer.bytes.decode()
        same("Did you mean" in html, there is not None, asked)
        if there:
            check(f'Did you mean <a href="{there}">' in html, asked, there)
            page_of(server, there)
    # So does a search for a word that no row has.
    like = '<a href="/service/thrree">service names like “'
    for query, said in (("search=thrree", True), ("search=%20thrree%20", True),
                        ("search=70000", False), ("search=three", False),
                        ("search=thrree%20x", False),
                        ("search=thrree&protocol=tcp", False)):
        html = page_of(server, "/?" + query).answer.bytes.decode()
        same(like in html, said, query)
    html = page_of(server, "/service/thrree", 404).answer.bytes.decode()
    check('<a href="/service/three">three</a>' in html, "like thrree")
    page_of(server, "/%", 400)
    page_of(server, "/?page=0", 400)
    for bad in ("page=-1", "page=abc", "page=", "page=1.5", "sort=nothing",
                "sort=name,,", "sort=-", "sort=number,Name"):
        page_of(server, "/?" + bad, 400)
    for bad in ("page=0", "skey=0", "skey=13", "skey=name"):
        page_of(server, PAGE + "?" + bad, 400)
    # Ours, which the official address does not know, and unknown ones.
    same(page_of(server, PAGE + "?sort=nothing&age=1").rows, page.rows,
         "unknown parameters")
    beyond = page_of(server, "/?page=9007199254740991")
    check("There is no page" in beyond.words and beyond.rows == [],
          "beyond the end")
    problem = server.get("/api/v1/no")
    same(problem.getheader("Content-Type"), "application/problem+json", "api")
    same(json.loads(problem.bytes)["status"], 404, "api 404")


def check_api(server):
    for bad in ("lookup", "lookup?q=", "lookup?q=70000", "lookup?q=5-1",
                "lookup?q=1&x=1", "lookup?Q=1", "search?q=a&page=0",
                "search?q=a&page=x", "search?q=a&q=b", "search?q=a&sort=nothing",
                "search?" + urllib.parse.urlencode({"q": "b" * 1025}),
                "search?q=%00", "search?q=%", "lookup?q=" + "a" * 1025):
        answer = server.get("/api/v1/" + bad)
        same(answer.status, 400, bad)
        same(answer.getheader("Content-Type"), "application/problem+json",
             bad)
        same(answer.getheader("Access-Control-Allow-Origin"), "*", bad)
        problem = json.loads(answer.bytes)
        same(sorted(problem), ["detail", "instance", "status", "title", "type"], bad)
    same(json.loads(server.get("/api/v1/search?q=" + "b" * 1024).bytes)
         ["total"], 0, "1,024 bytes")
    answer = server.get("/api/v1/lookup?q=1/tcp")
    same(answer.getheader("Content-Type"), "application/json", "lookup")
    same(answer.getheader("Access-Control-Allow-Origin"), "*", "lookup")
    found = json.loads(answer.bytes)
    same((found["query"], found["kind"], found["found"]),
         ("1/tcp", "port", True), "lookup")
    check(found["registry"]["updated"] and found["registry"]["source"],
          "registry", found["registry"])
    same([r["id"] for r in json.loads(
        server.get("/api/v1/search?q=%ff").bytes)["records"]], [], "not UTF-8")
    several = json.loads(server.get("/api/v1/lookup?q=1&q=none-such").bytes)
    same([(o["query"], o["found"]) for o in several],
         [("1", True), ("none-such", False)], "two queries")


def check_as_of(server):
    """hostile.xml is of 2026-01-02, and the only version."""
    today = page_of(server, "/")
    check("as of" not in today.words and "as-of" not in today.inputs, "today")
    for date in ("2026-01-02", "2026-01-02.1", "2026-12-31"):
        page = page_of(server, "/?search=t&sort=name,-number&as-of=" + date)
        same([row[0] for row in page.rows], ["one", "three", "two"],
             date)
        check("Registry of 2026-01-02 (as of %s), 3 records" % date in
              page.words, page.words)
        check("registry as of " + date in page.words, date)
        same(page.inputs["as-of"], date, "hidden field")
        own = [link for link in page.links if link.startswith("?")]
        same([link for link in own if "as-of=" + date not in link],
             ["?search=t&sort=name,-number"], date, "to the newest")
        check("?as-of=" + date in own, own)
        same([link for link in page_of(server, "/?page=9&as-of=" + date).links
              if link.startswith("?") and "sort=" not in link],
             ["?", "?as-of=" + date],
             "to the first page")
        same(server.get("/?as-of=" + date).getheader("ETag") ==
             today.answer.getheader("ETag"), False, date)
        for target in ("lookup?q=one", "search?q=one"):
            data = json.loads(server.get(
                "/api/v1/%s&as-of=%s" % (target, date)).bytes)
            same((data["registry"]["as_of"], data["registry"]["updated"],
                  [r["name"] for r in data["records"]]),
                 (date, "2026-01-02", ["one"]), target, date)
    several = json.loads(server.get(
        "/api/v1/lookup?q=1&as-of=2026-01-02&q=one").bytes)
    same([o["query"] for o in several], ["1", "one"], "two queries as of")
    for date in ("2020-01-01", "2026-01-01", "2026-01-02.2"):
        page = page_of(server, "/?as-of=" + date, 404)
        check("no registry as of %s here; the first is of 2026-01-02." % date
              in page.words, page.words)
        for target in ("lookup?q=1", "search?q=1"):
            answer = server.get("/api/v1/%s&as-of=%s" % (target, date))
            same((answer.status, answer.getheader("Content-Type")),
                 (404, "application/problem+json"), target, date)
            check("2026-01-02" in json.loads(answer.bytes)["detail"], target)
    for date in ("", "x", "2026", "2026-01", "2026-02-30", "2026-01-02.",
                 "2026-01-02.0", "<b>", "2026-01-02%20"):
        check("YYYY-MM-DD" in page_of(server, "/?as-of=" + date, 400).words,
              date)
        for target in ("lookup?q=1", "search?q=1"):
            same(server.get("/api/v1/%s&as-of=%s" % (target, date)).status,
                 400, target, date)
    for target in ("lookup?q=1", "search?q=1"):
        same(server.get("/api/v1/%s&as-of=2026-01-02&as-of=2026-01-02" %
                        target).status, 400, target, "twice")
    same(server.get("/api/v1/lookup?as-of=2026-01-02").status, 400,
         "a date without a query")
    same(page_of(server, PAGE + "?as-of=2020-01-01").answer.bytes,
         page_of(server, PAGE).answer.bytes, "the official address")


def check_escapes(server):
    for text in ("<script>alert(1)</script>", "\"'><b onload='x'>", "&lt;",
                 "a&b=c", "]]>", "\t\r\n", "%3Cb%3E", "é€𝄞", "</title>"):
        page = page_of(server, "/" + query(search=text))
        same(page.inputs["search"].replace("\r", ""),
             text.replace("\r", ""), repr(text))
        page_of(server, PAGE + query(search=text))
        data = json.loads(server.get("/api/v1/search" + query(q=text)).bytes)
        same(data["query"], text, "api", repr(text))
    for raw in ("%ff", "%c3", "a%ffb", "%ed%a0%80", "%01", "%7f", "\xe9"):
        page_of(server, "/?search=" + urllib.parse.quote(raw, "%"))
        page_of(server, "/no/" + urllib.parse.quote(raw, "%"), 404)
    page_of(server, "/?search=%00", 400)
    page_of(server, "/" + query(search="b" * 1024))
    page_of(server, "/" + query(search="b" * 1025), 400)
    page_of(server, "/" + query(search="a " * 33), 400)
    same(server.get("/?search=" + "a" * 9000).status, 414, "long target")


def check_wire(server):
    h = "Host: a\r\n"
    rows = (
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n" + h + h + "\r\n", 400),
        ("GET / HTTP/1.1\r\n" + h + "Content-Length: 0\r\n" * 2 + "\r\n",
         400),
        ("POST / HTTP/1.1\r\n" + h + "Content-Length: 1\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n" + h + "Content-Length: 1\r\n\r\na", 413),
        ("GET / HTTP/1.1\r\n" + h + "X: " + "a" * 70000 + "\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\n" + h + "X: a\r\n" * 100 + "\r\n", 431),
        ("GET /" + "a" * 70000 + " HTTP/1.1\r\n" + h + "\r\n", 414),
        ("GET / HTTP/3.0\r\n" + h + "\r\n", 505),
    )
    for text, status in rows:
        got = server.raw(text.encode())
        if len(text) > 60000 and got == b"":
            continue  # closed with bytes unread, which takes the answer along
        check(got.startswith(b"HTTP/1.1 %d " % status), repr(text[:80]),
              got[:60])
        same(got.count(b"\r\nDate: "), 1, repr(text[:80]))
    for noise in (b"", b"\0" * 100, b"\x16\x03\x01\x02\0", b"GET\r\n\r\n",
                  b"\r\n" * 1000, bytes(range(256)) * 50):
        server.raw(noise)
    same(server.get("/healthz").status, 200, "after noise")


class Slow(threading.Thread):
    """A client that sends a byte now and then, and a head never."""

    def __init__(self, server, pause):
        super().__init__(daemon=True)
        self.port, self.pause, self.lasted = server.port, pause, None
        self.start()

    def run(self):
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), 60) as s:
            s.settimeout(self.pause)
            try:
                for byte in b"GET / HTTP/1.1\r\nX: " + b"a" * 1000:
                    s.send(bytes([byte]))
                    try:
                        if s.recv(1000) == b"":
                            break
                    except TimeoutError:
                        pass
            except ConnectionError:
                pass
        self.lasted = time.monotonic() - start


def check_slow(clients):
    for client in clients:
        client.join(40)
        check(client.lasted and client.lasted < 26, "a byte each",
              client.pause, "seconds lasted", client.lasted)


def check_hostile(server):
    page = page_of(server, "/")
    check("<script>alert(1)</script>" in page.words, "text as text")
    check(b"<pre>\nSecond.\n\nThird.</pre>" in page.answer.bytes,
          "a blank line in front of a note")
    check("img" not in page.tags and "b" not in page.tags, page.tags)
    same([link for link in page.links if "alert" in link or "data:" in link],
         [], "scripts as links")
    check("ftp://example.org/x" in page.links, "ftp")
    check("https://example.org/?a=1&b=%222%22" in page.links, "a link")
    check("mailto:a&b.example" in page.links, "mailto")
    check("#A%22%3E%3Cb" in page.links and 'A"><b' in page.ids, "anchor")
    check("#note1" in page.links and "note1" in page.ids, "footnote")
    check("https://www.iana.org/go/draft-example-thing" in page.links,
          page.links)
    same(page.people[0], ["ID", "Name", "Organization", "Contact URI",
                          "Last Updated"], "people")
    page = page_of(server, "/?search=one")
    same(page.people[0], ["ID", "Name", "Contact URI", "Last Updated"],
         "nobody has an organization")
    page = page_of(server, "/?search=two")
    check(page.people == [] and "Contact" not in page.words.split("JSON")[0]
          .split("Assignment Notes")[1], "no people")
    check("Footnote" not in page.words, "no footnote")
    same([r[0] for r in page_of(server, "/?sort=-number").rows],
         ["two", "one", "three"], "falling")
    same([r[0] for r in page_of(server, "/?sort=name").rows],
         ["one", "three", "two"], "rising")
    same([r[0] for r in page_of(server, PAGE + "?skey=-1").rows],
         ["two", "three", "one"], "skey")
    page_of(server, "/?sort=protocol&sort=-name")
    page_of(server, "/?sort=protocol,-name,protocol&search=t")


def check_refusals(server, folder):
    """Whoever asks in whatever form is told in the manner of the address."""
    for form in ("/api/v1/%s", "http://a/api/v1/%s", "HTTPS://b:1/api/v1/%s"):
        for path, status in (("ports/99999", 404), ("no", 404), ("", 404),
                             ("search?page=0", 400), ("%zz", 400),
                             ("#", 400), ("x" * 8100, 414)):
            got = server.raw(("GET %s HTTP/1.1\r\nHost: a\r\nConnection: "
                              "close\r\n\r\n" % (form % path)).encode())
            head, _, body = got.partition(b"\r\n\r\n")
            told = (form % path)[:60]
            check(head.startswith(b"HTTP/1.1 %d " % status), told, head[:60])
            check(b"\r\nContent-Type: application/problem+json" in head, told,
                  head)
            same(json.loads(body)["status"], status, told)
            check((b'</api>; rel="service-doc"' in head and "/api tells" in
                   json.loads(body)["detail"]) == (path in ("no", "")), told,
                  got)
    got = server.raw(b"GET http://a/443 HTTP/1.1\r\nHost: a\r\n"
                     b"Connection: close\r\n\r\n")
    check(b"text/html" in got and b"/port/443" in got, "a page", got[:300])
    # Without files beside it, the XML is a page that is not there.
    image = pathlib.Path(folder) / "public" / "1" / "current" / \
        "registry.image"
    with Server(SERVER, str(image)) as bare:
        missing, known = bare.get(XML), server.get(XML)
        same((missing.status, missing.getheader("Content-Security-Policy")),
             (404, bare.get("/").getheader("Content-Security-Policy")), XML)
        check("'unsafe-inline'" in known.getheader("Content-Security-Policy"),
              "the XML with its stylesheet")


def check_swap(folder):
    """A new version takes the place of the old while the server runs."""
    shutil.copytree(folder, folder + ".copy", symlinks=True)
    folder += ".copy"
    inside = pathlib.Path(folder) / "public" / "1"
    with Server(SERVER, folder) as server:
        before = server.get(XML)
        same((before.status, before.bytes),
             (200, (HERE / "hostile.xml").read_bytes()), "the source file")
        same(before.getheader("Content-Type"), "application/xml", XML)
        same(server.get(XML, If_Modified_Since=before.getheader(
            "Last-Modified")).status, 304, XML)
        same(server.get(XML.replace(".xml", ".csv")).status, 404, "no CSV")
        check("CSV" not in page_of(server, "/").words, "no CSV offered")
        text = (HERE / "hostile.xml").read_text()
        other = inside.parent.parent / "other.xml"
        other.write_text(text.replace("2026-01-02", "2026-01-03"))
        build(other, folder)
        end = time.monotonic() + 5
        while b"2026-01-03" not in server.get("/").bytes and \
                time.monotonic() < end:
            time.sleep(0.1)
        check(b"2026-01-03" in server.get("/").bytes, "the new version")
        check(b"2026-01-03" in server.get(XML).bytes, "its source")
        (inside / "current").unlink()
        time.sleep(1.5)
        check(b"2026-01-03" in server.get("/").bytes, "without current")
        same(server.stop(), 0, "stop")


def check_result(server, registry, text, number, official):
    """A page beside what an independent reading of the XML has on it."""
    target = (PAGE if official else "/") + query(search=text, page=number)
    page = page_of(server, target)
    matches = registry.search(text)
    pages, rows = oracle.cut(matches, number, official)
    same([[squeeze(c) for c in row] for row in page.rows],
         [[squeeze(c) for c in row.columns] for row in rows], target)
    people = registry.listed(rows)
    has_org = any(p.org for p in people)
    want = [["[%s]" % p.id, p.name] + [p.org] * has_org +
            [" ".join(p.uris), p.updated] for p in people]
    same([[squeeze(c) for c in row] for row in page.people[1:]],
         [[squeeze(c) for c in row] for row in want], target, "people")
    check(len(page.ids) == len(set(page.ids)), target, "double ids")
    if pages > 1 and rows:
        check(f" {len(matches):,} rows" in " " + page.words, target, "total")
    if not official:
        data = json.loads(server.get(
            "/api/v1/search" + query(q=text, page=number)).bytes)
        same((data["total"], data["page"], data["pages"]),
             (len(matches), number, pages), target, "api")
        same([r["id"] for r in data["records"]], [r.key for r in rows],
             target, "api")
        same([p["id"] for p in data["people"]], [p.id for p in people],
             target, "api people")
    return page


def check_newest(folder):
    registry = oracle.Registry(official.NEWEST)
    with Server(SERVER, folder) as server:
        for text, number in (("", 1), ("", 2), ("", 146), ("", 147),
                             ("https", 1), ("443 https", 1), ("iesg", 2),
                             ("version", 1), ("version", 2), ("wot", 1),
                             ("[1]", 1), ("forté", 1), ("qqqqqq", 1),
                             ("whois++", 1), ("snif", 1), ("tcp", 67)):
            for iana in (False, True):
                page = check_result(server, registry, text, number, iana)
        check("overlap" in page_of(server, PAGE + "?page=2").words, "overlap")
        check("overlap" not in page_of(server, "/?page=2").words, "overlap")
        check_lookups(server)
        same(server.get(XML).bytes,
             official.NEWEST.read_bytes(), XML)
        for number in range(1, 147):
            server.get("/?page=%d" % number)
        same(server.get("/api/v1/lookup?q=0-65535").status, 200, "all")
        check(server.resident() < 30000, "memory", server.resident(), "kB")


def check_lookups(server):
    def lookup(text):
        return json.loads(server.get("/api/v1/lookup" + query(q=text)).bytes)

    https = lookup("443/tcp")
    same(https["records"][0]["id"], "443/tcp/https", "443/tcp")
    same([p["id"] for p in https["people"]][:1], ["IESG"], "443/tcp")
    same(lookup("https")["records"][0]["id"], "443/tcp/https", "https")
    same(lookup("443")["states"]["tcp"], "assigned", "443")
    same(lookup("0")["found"], False, "0")
    same(lookup("49152")["class"], "dynamic", "49152")
    same(lookup("8000-8010")["kind"], "range", "8000-8010")
    many = server.get("/api/v1/lookup?" + "&".join(["q=0-65535"] * 8))
    same(many.status, 400, "too much")


def check_captures(work):
    """Result pages of the official site, each beside the registry of then."""
    for n, (xml, head, rows, people) in enumerate(captures.taken(work)):
        with Server(SERVER, build(xml, "%s/then%d" % (work, n))) as server:
            target = PAGE + query(search=head["query"], page=head["page"])
            page = page_of(server, target)
            same([row[:9] for row in page.rows], rows, head["date"], target)
            if people:
                same(page.people[1:], people, head["date"], target, "people")


def check_official_file():
    """`portbook serve` of an official file, by way of an image in memory."""
    for words in (["serve"], ["--state", "/nonexistent", "serve"]):
        with Server(PORTBOOK, str(HERE / "hostile.xml"), *words) as server:
            same(json.loads(server.get("/api/v1/lookup?q=one").bytes)
                 ["registry"]["source"], "hostile.xml", words)
            same(server.get(XML).status, 404, words, "no file to hand out")
            same(server.stop(), 0, words)


def check_inherited(work):
    """A descriptor in the environment is heeded for official files alone."""
    other = work + "/other.image"
    text = (HERE / "hostile.xml").read_text().replace("2026-01-02",
                                                      "2025-12-31")
    pathlib.Path(work + "/other.xml").write_text(text)
    subprocess.run([ADMIN, "build", work + "/other.xml", other], check=True)
    fd = os.open(other, os.O_RDONLY)
    for path, date in ((work + "/hostile", "2026-01-02"),
                       (work + "/hostile/public/1/current/registry.image",
                        "2026-01-02"),
                       (str(HERE / "hostile.xml"), "2025-12-31")):
        with Server(SERVER, path, pass_fds=[fd],
                    PORTBOOK_IMAGE_FD=str(fd)) as server:
            same(json.loads(server.get("/api/v1/lookup?q=one").bytes)
                 ["registry"]["updated"], date, path)
    os.close(fd)


def check_csv(path):
    """A CSV has no people, and no footnotes: ids that lead nowhere."""
    with Server(PORTBOOK, str(path), "serve") as server:
        for target in ("/", "/?search=https", "/?search=[1]", PAGE,
                       "/?page=100"):
            page = page_of(server, target)
            same(page.people, [], target)
            check(page.rows, target, "has no rows")
        page = page_of(server, "/?search=https")
        check("[IESG]" in page.words and "#IESG" not in page.links, "IESG")
        check("Registry without a date" in page.words, page.words[:200])
        same(server.stop(), 0, path)


def check_beside_xml(server):
    """What the XML names is there, and a browser may use it."""
    data = HERE.parent.parent / "data"
    folder = XML.rsplit("/", 1)[0]
    for name, kind in (("service-names-port-numbers.xsl",
                        "application/xslt+xml"),
                       ("service-names-port-numbers.rng", "application/xml")):
        answer = server.get(folder + "/" + name)
        same((answer.status, answer.getheader("Content-Type"), answer.bytes),
             (200, kind, (data / name).read_bytes()), name)
    policy = server.get(XML).getheader("Content-Security-Policy")
    check("script-src 'self'" in policy and "default-src 'none'" in policy,
          policy)
    check("unsafe" not in
          server.get("/").getheader("Content-Security-Policy"), "of a page")


def check_published(source, expected, work):
    """What update published is served, byte for byte."""
    state = work + "/published"
    subprocess.run([PORTBOOK, "update", "-q", "--state", state, "--from",
                    source], check=True, timeout=60)
    with Server(SERVER, state) as server:
        words = page_of(server, "/").words
        for ending, (label, kind, content) in expected.items():
            answer = server.get(XML.replace(".xml", ending))
            same((answer.status, answer.getheader("Content-Type")),
                 (200, kind), ending)
            same(answer.bytes == content, True, ending)
            check(label in words, label, "is not offered")
    shutil.rmtree(state)


def check_official_formats(work):
    """All formats of a day, beside the files that IANA published then."""
    day = "2026-02-13"
    files = official.FOLDER
    for archive, ending in (("history", ".xml"), ("texts", ".txt")):
        subprocess.run(
            ["tar", "-xf", files / (archive + ".tar.zst"), "-C", work,
             "--wildcards", "--transform", "s,.*/,,", "*" + day + ending],
            check=True)
    check_published(work + "/%s.xml" % day, {
        ".xml": ("XML", "application/xml",
                 pathlib.Path(work, day + ".xml").read_bytes()),
        ".csv": ("CSV", "text/csv; charset=utf-8; header=present",
                 (files / "pairs" / (day + ".csv")).read_bytes()),
        ".txt": ("Plain text", "text/plain; charset=utf-8",
                 pathlib.Path(work, day + ".txt").read_bytes())}, work)


def check_quiet(work):
    """With -q nothing is told but what went wrong."""
    folder = work + "/hostile"
    for quiet in ("-q", "--quiet"):
        with socket.create_server(("127.0.0.1", 0)) as s:
            port = s.getsockname()[1]
        process = subprocess.Popen(
            [PORTBOOK, "serve", quiet, "--registry", folder, "--listen",
             "127.0.0.1:%d" % port], stderr=subprocess.PIPE)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        process.terminate()
        same((process.communicate(timeout=20)[1], process.returncode),
             (b"", 0), quiet)
    run = subprocess.run([SERVER, "-q", "--registry", work + "/none"],
                         capture_output=True, timeout=20)
    check(run.returncode == 3 and b"no registry" in run.stderr, run)


def check_rough(work):
    """Starts that cannot be."""
    for args, status in ((["--registry", work + "/none"], 3),
                         (["--registry", str(HERE / "hostile.xml")], 3),
                         (["--registry", work + "/hostile", "--listen", "x"],
                          2), (["--nothing"], 2), (["word"], 2), (["-qx"], 2),
                         (["-xq"], 2), (["--quiet=1"], 2),
                         (["--listen"], 2)):
        run = subprocess.run([SERVER, *args], capture_output=True, timeout=20)
        same((run.returncode, run.stdout), (status, b""), args,
             run.stderr.decode())
        check(run.stderr.startswith(b"portbook: ") and
              run.stderr.count(b"\n") == 1, args, run.stderr)
        if status == 2 and args[-1] != "x":
            check(args[-1].encode() in run.stderr.replace(b"-x;", b"-xq -qx;")
                  and b"portbook serve --help" in run.stderr, args,
                  run.stderr)


def main():
    for program in (SERVER, ADMIN, PORTBOOK):
        if not os.access(program, os.X_OK):
            print("%s is not built" % program)
            sys.exit(77)
    with tempfile.TemporaryDirectory() as work:
        folder = build(HERE / "hostile.xml", work + "/hostile")
        with Server(SERVER, folder) as server:
            slow = [Slow(server, pause) for pause in (1, 4, 40)]
            for part in (check_headers, check_routes, check_api,
                         check_as_of, check_escapes, check_wire, check_hostile,
                         check_beside_xml):
                part(server)
            check_refusals(server, folder)
            check_slow(slow)
        check_swap(folder)
        check_official_file()
        check_inherited(work)
        check_quiet(work)
        check_rough(work)
        if official.available():
            check_newest(build(official.NEWEST, work + "/new"))
            check_csv(official.FOLDER / "pairs" / "2026-02-13.csv")
            check_captures(work)
            check_official_formats(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
