#!/usr/bin/env python3
"""The map of the port space: pictures, tables, blocks and years, held against
counts from the XML; of small registries by hand and of official ones.

limit: 240 seconds
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import states  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import check, finish, same, skip  # noqa: E402
from common.page import page_at, tidy  # noqa: E402
from common.program import PORTBOOK, SERVER, imported, write_all  # noqa: E402
from common.server import Server  # noqa: E402
from states import ASSIGNED, NOT_LISTED, RESERVED, UNASSIGNED  # noqa: E402

CHOICES = ("tcp", "udp", "sctp", "dccp", "any")
LOOKS = {"assigned": ASSIGNED, "reserved": RESERVED,
         "unassigned": UNASSIGNED, "unlisted": NOT_LISTED,
         "dynamic": NOT_LISTED}
WORDS = {ASSIGNED: "assigned", RESERVED: "reserved",
         UNASSIGNED: "unassigned", NOT_LISTED: "not listed"}
SVG = "{http://www.w3.org/2000/svg}"


def address(path, choice, date=""):
    params = []
    if choice != "tcp":
        params.append("protocol=" + choice)
    if date:
        params.append("as-of=" + date)
    return path + ("?" if params else "") + "&".join(params)


def pictures(page):
    """The SVG of a page, each well-formed on its own."""
    found = re.findall(rb"<svg .*?</svg>", page.bytes, re.S)
    for data in found:
        if shutil.which("xmllint"):
            run = subprocess.run(["xmllint", "--noout", "-"], input=data,
                                 capture_output=True)
            check(run.returncode == 0, "xmllint", run.stderr[:300])
    return [ET.fromstring(data) for data in found]


def rectangles(path):
    """(x, y, w, h) of each; nothing else may be in the path."""
    x = y = 0
    at = 0
    shape = re.compile(r"m(-?\d+)( |-)(\d+)h(\d+)v(\d+)h-(\d+)z")
    while at < len(path):
        match = shape.match(path, at)
        if not match or match[4] != match[6]:
            raise ValueError("no rectangle: " + path[at:at + 40])
        x += int(match[1])
        y += int(match[3]) * (-1 if match[2] == "-" else 1)
        yield x, y, int(match[4]), int(match[5])
        at = match.end()


def painted(svg):
    """The look of each port, by its square in the picture."""
    blocks = {}
    for link in svg.iter("a"):
        box = link.find("rect")
        block = int(re.match(r"/map/(\d+)", link.get("href"))[1])
        blocks[block] = int(box.get("x")), int(box.get("y"))
    place = {(x + i % 16, y + i // 16): block + i
             for block, (x, y) in blocks.items() for i in range(256)}
    looks = {}
    for path in svg.findall("path"):
        for x, y, w, h in rectangles(path.get("d")):
            for i in range(w * h):
                port = place[x + i % w, y + i // w]
                if port in looks:
                    raise ValueError("painted twice: %d" % port)
                looks[port] = path.get("class")
    return [looks[port] for port in range(65536)]


def count(ports):
    return [ports.count(s) for s in (ASSIGNED, RESERVED, UNASSIGNED,
                                     NOT_LISTED)]


def told(counts):
    """How many, as people read it: 48,127."""
    return [format(n, ",") for n in counts]


def check_key(page, want, target):
    """Each state by class; what is dynamic has a line of its own."""
    got = {row[0].strip(): row[1:] for row in page.tables[0][1:]}
    rows = {}
    for name, state in (("Assigned", ASSIGNED), ("Reserved", RESERVED),
                        ("Unassigned", UNASSIGNED),
                        ("Not listed", NOT_LISTED)):
        rows[name] = [want[a:b].count(state) for a, b in
                      ((0, 1024), (1024, 49152), (49152, 65536))]
    rows["Dynamic, not listed"] = [0, 0, rows["Not listed"][2]]
    rows["Not listed"][2] = 0
    same(got, {name: told([*row, sum(row)]) for name, row in rows.items()},
         target, "key")
    same(sum(sum(row) for row in rows.values()), 65536, target, "all ports")


def check_map(server, registry, choice, date=""):
    target = address("/map", choice, date)
    page = page_at(server, target)
    want = registry.states(choice)
    check_key(page, want, target)
    rows = page.tables[1][1:]
    same(len(rows), 256, target, "rows")
    for block, row in enumerate(rows):
        first = 256 * block
        ends = "%d–%d" % (first, first + 255)
        kind = "system" if first < 1024 else \
            "user" if first < 49152 else "dynamic"
        counts = count(want[first:first + 256])
        if row[:2] != [ends, kind] or row[2:] != told(counts):
            check(False, target, row, "not", ends, kind, counts)
        link = address("/map/%d" % first, choice, date)
        if page.links.count(link) != 2:
            check(False, target, link, page.links.count(link))
    check(True)
    drawn = [svg for svg in pictures(page) if svg.get("class") == "map"]
    same(len(drawn), 1, target, "maps")
    looks = painted(drawn[0])
    same([LOOKS[look] for look in looks], want, target, "squares")
    same([port for port, look in enumerate(looks)
          if (look == "dynamic") != (port >= 49152 and
                                     want[port] == NOT_LISTED)], [], target,
         "dynamic")
    titles = ["".join(link.find("title").itertext())
              for link in drawn[0].iter("a")]
    order = (ASSIGNED, RESERVED, UNASSIGNED, NOT_LISTED)
    check_json(server, choice, date, want)
    same(titles, ["%d–%d: " % (first, first + 255) + ", ".join(
        "%d %s" % (n, WORDS[state])
        for state, n in zip(order, count(want[first:first + 256])) if n)
        for first in range(0, 65536, 256)], target, "titles")
    return page


def check_json(server, choice, date, want):
    """The same for programs: each run, block and class by the oracle."""
    target = address("/map.json", choice, date)
    moved = server.get(target)
    same((moved.status, moved.getheader("Location")),
         (308, "/api/v1" + target.replace(".json", "")), target)
    data = json.loads(server.get(moved.getheader("Location")).bytes)
    same(data["protocol"], choice or "tcp", target, "protocol")

    def of(first, last):
        kind = "system" if last < 1024 else \
            "user" if last < 49152 else "dynamic"
        return {"first": first, "last": last, "class": kind}

    def counts(ports):
        return dict(zip(("assigned", "reserved", "unassigned", "not-listed"),
                        count(ports)))

    same(data["counts"], counts(want), target, "counts")
    for member, ends in (
            ("classes", ((0, 1023), (1024, 49151), (49152, 65535))),
            ("blocks", [(n, n + 255) for n in range(0, 65536, 256)])):
        same(data[member], [{**of(a, b), **counts(want[a:b + 1])}
                            for a, b in ends], target, member)
    runs, first = [], 0
    for port in range(1, 65537):
        if port in (1024, 49152, 65536) or want[port] != want[first]:
            state = {NOT_LISTED: "not-listed"}.get(
                want[first], WORDS[want[first]])
            runs.append({**of(first, port - 1), "state": state})
            first = port
    same(data["runs"], runs, target, "runs")


def check_years(page, registry, target):
    by_year, undated = registry.years()
    tables = [t for t in page.tables if t[0] == ["Year", "Registered"]]
    if not by_year:
        same(tables, [], target)
        check("No record of this version has a date" in page.words, target)
        return
    first, last = int(min(by_year)), int(max(by_year))
    same(tables[0][1:], [[str(y), *told([by_year[str(y)]])]
                         for y in range(first, last + 1)], target, "years")
    check("%s have one, %s have none." %
          tuple(told([sum(by_year.values()), undated])) in
          page.words, target, "undated")
    plot = [svg for svg in pictures(page) if svg.get("class") == "plot"][0]
    bars = list(plot.iter("rect"))
    same([b.findtext("title") for b in bars],
         [f"{y}: {by_year[str(y)]:,}" for y in range(first, last + 1)],
         target, "bars")
    # The height of a bar is in the measure of the lines beside it.
    lines = {int(t.text.replace(",", "")): float(t.get("y")) for t in plot.iter("text")
             if t.get("text-anchor") == "end"}
    unit = (lines[0] - lines[max(lines)]) / max(lines)
    check(all(abs(float(b.get("height")) - unit * by_year[str(first + i)])
              < .02 for i, b in enumerate(bars)), target, "heights")


def check_block(server, registry, first, choice, date=""):
    target = address("/map/%d" % first, choice, date)
    page = page_at(server, target)
    want, names = registry.states(choice), registry.names(choice)
    cells = [c for row in page.tables[0][1:] for c in row[1:]]
    same(len(cells), 256, target, "cells")
    same([row[0] for row in page.tables[0][1:]],
         [str(first + 8 * i) for i in range(32)], target, "rows")
    for i, cell in enumerate(cells):
        port = first + i
        number, _, rest = " ".join(cell.split()).partition(" ")
        if want[port] == ASSIGNED:
            name, end = rest.removesuffix(", assigned"), ", assigned"
            name = re.sub(r" (and \d+ more|(?:tcp|udp|sctp|dccp)"
                          r"(?:, \w+)*)$", "", name)
            good = rest.endswith(end) and any(
                name == n or (len(n.encode()) > 60 and n.startswith(name))
                for n in names[port])
        else:
            good = rest == ("dynamic" if port >= 49152 and want[port] ==
                            NOT_LISTED else WORDS[want[port]])
        if number != str(port) or not good:
            check(False, target, cell, WORDS[want[port]], names[port])
        link = "/port/%d" % port + ("?as-of=" + date if date else "")
        if link not in page.links:
            check(False, target, link)
    check(True)
    check((first == 0) != (address("/map/%d" % (first - 256), choice, date)
                           in page.links), target, "previous")
    check((first == 65280) != (address("/map/%d" % (first + 256), choice,
                                       date) in page.links), target, "next")
    check(address("/map", choice, date) in page.links, target, "map")
    return page


HEAD = ('<registry xmlns="http://www.iana.org/assignments" id="r">'
        "<title>R</title><updated>%s</updated>")


def record(number, name="", protocol="", description="", date=""):
    return "<record%s>%s%s%s<number>%s</number></record>" % (
        ' date="%s"' % date if date else "",
        "<name>%s</name>" % name if name else "",
        "<protocol>%s</protocol>" % protocol if protocol else "",
        "<description>%s</description>" % description if description else "",
        number)


OLD = HEAD % "2019-05-06" + "".join([
    record("0-65535", description="Unassigned"),
    record("80", "http", "tcp", date="1999-01-02"),
    record("80", description="Reserved"),
]) + "</registry>"
NEW = HEAD % "2021-02-03" + "".join([
    record("0", description="Reserved"),
    record("1-1000", description="Unassigned"),
    record("5-9", "range", "tcp", date="2001-02-03"),
    record("7", protocol="tcp", description="Deprecated"),
    record("8", "a&lt;b&gt;&amp;&quot;", "udp", date="2003-04"),
    record("24", protocol="tcp", description="any private mail system"),
    record("25", protocol="udp", description="x&#233; " * 60),
    record("80", "http", "tcp", date="2001-12-31"),
    record("80", "www", "tcp"),
    record("80", "web", "udp"),
    record("255-256", "edge"),
    record("1000-2000", protocol="sctp", description="(Unassigned)"),
    record("49151", description="Reserved"),
    record("50000-50001", "dyn", "dccp"),
    record("65535", "last", "tcp", date="2019-01-01"),
]) + "</registry>"


def small(work):
    return imported(work + "/small", *write_all(work, [OLD, NEW]))


def check_small(server):
    old, new = states.Registry(OLD), states.Registry(NEW)
    for choice in CHOICES:
        page = check_map(server, new, choice)
        check_years(page, new, choice)
        page = check_map(server, old, choice, "2020-12-31")
        check_years(page, old, choice)
        tidy(page.bytes, choice)
        for first in (0, 256, 1024, 48896, 49152, 49920, 65280):
            check_block(server, new, first, choice)
            check_block(server, old, first, choice, "2019-05-06")
    page = page_at(server, "/map")
    same([t[1:] for t in page.tables if t[0] == ["Year", "Records"]],
         [[["2019", "3"], ["2020", "3"], ["2021", "15"]]], "kept")
    tidy(page.bytes, "/map")
    page = page_at(server, "/map/0")
    check('a<b>&"' not in page.words, "of another transport")
    check("http and 1 more" in page.words, "two of a port")
    tidy(page.bytes, "/map/0")
    check('8 a<b>&", assigned' in page_at(
        server, "/map/0?protocol=udp").words, "a name with marks")
    page = page_at(server, "/map/0?protocol=any")
    check("�" not in page.words, "a name cut within a character")
    check("80 http tcp, udp" in page.words, "transports")
    tidy(page.bytes, "any")


def check_addresses(server):
    for target in ("/map?protocol=", "/map?protocol=UDP", "/map?protocol=Any",
                   "/map/0?protocol=Sctp", "/map?unknown=1"):
        page_at(server, target)
    for target in ("/map?protocol=ip", "/map?protocol=tcp,udp",
                   "/map?as-of=x", "/map/0?protocol=x", "/map/0?as-of="):
        page = page_at(server, target, 400)
        check("portbook" in page.words, target)
    check("protocol must be" in page_at(server, "/map?protocol=ip",
                                        400).words, "what it must be")
    for target in ("/map?as-of=2019-01-01", "/map/65536", "/map/x", "/map/-1",
                   "/map/0/0", "/map/99999999999999999999", "/map/",
                   "/map/%00"):
        status = server.get(target).status
        same(status, 400 if "%00" in target else 404, target)
    for target, to in (("/map/443", "/map/256"),
                       ("/map/65535", "/map/65280"),
                       ("/map/00", "/map/0"), ("/map/0256", "/map/256"),
                       ("/map/1?protocol=udp&as-of=2020-01-01",
                        "/map/0?protocol=udp&as-of=2020-01-01"),
                       ("/map.json?protocol=&as-of=&x=1", "/api/v1/map")):
        answer = server.get(target)
        same((answer.status, answer.getheader("Location")), (308, to), target)
    for target, to in (("/map/0.json", "0-255/tcp"),
                       ("/map/300.json?protocol=any", "256-511"),
                       ("/map/65535.json?protocol=udp&as-of=2020-01-01&x=1",
                        "65280-65535/udp?as-of=2020-01-01")):
        answer = server.get(target)
        to = "/api/v1/ports/" + to
        same((answer.status, answer.getheader("Location")), (307, to), target)
        same(server.get(to).status, 200, to)
        page = server.get(target.replace(".json", "")
                          .replace("300", "256").replace("65535", "65280"))
        check(b'<a href="%s">JSON</a>' % to.encode() in page.bytes, target)
    for target, status in (("/map/x.json", 404), ("/map/.json", 404),
                           ("/map/0.json?as-of=x", 400),
                           ("/map/0.json?protocol=x", 400)):
        same(server.get(target).status, status, target)
    for target, to in (("/map", "/api/v1/map"),
                       ("/map?protocol=any&as-of=2020-01-01",
                        "/api/v1/map?protocol=any&amp;as-of=2020-01-01")):
        check(b'<a href="%s">as JSON</a>' % to.encode() in
              server.get(target).bytes, target, "links to JSON")
    for target in ("/map", "/map/256"):
        answer = server.get(target)
        tag = answer.getheader("ETag")
        check(tag and not tag.startswith("W/"), target, tag)
        same(server.get(target, If_None_Match=tag).status, 304, target)
        head = server.get(target, "HEAD")
        same((head.status, head.bytes), (200, b""), target, "HEAD")
    # An address for each thing: what is shown anyway is left out.
    page = page_at(server, "/map?protocol=tcp")
    check(b'rel="canonical" href="/map"' in page.bytes or
          re.search(rb'rel="canonical" href="[^"]*/map"', page.bytes),
          "canonical")
    same(page.links.count("/map?protocol=udp"), 1, "to another transport")


def check_lookups(state, server):
    """The first name is the one that a lookup prefers."""
    for port, choice in ((80, "tcp"), (465, "tcp"), (2049, "udp"),
                         (1701, "udp"), (443, "tcp"), (3306, "tcp")):
        run = subprocess.run([PORTBOOK, "-q", "--registry", state, "lookup",
                              "--format", "tsv", "%d/%s" % (port, choice)],
                             capture_output=True, text=True)
        name = run.stdout.splitlines()[-1 if run.stdout.count("\n") < 2
                                       else 1].split("\t")
        page = page_at(server, address("/map/%d" % (port // 256 * 256),
                                       choice))
        cells = [" ".join(c.split()) for row in page.tables[0][1:]
                 for c in row[1:]]
        cell = cells[port % 256].split(" ")
        check(len(cell) > 1 and cell[1].rstrip(",") in name, port, choice,
              cell, name)


DATES = ("2016-05-06", "2019-01-02", "2023-03-15")


def some_official(work):
    """The newest of all, and some of the past."""
    every = editions.names()
    wanted = {every[0], every[-1]}
    for date in DATES:
        wanted.add([n for n in every if official.order(n)[0] <= date][-1])
    paths = editions.extract(wanted, work + "/files")
    return imported(work + "/official", *paths), paths


def check_official(work):
    state, paths = some_official(work)
    with Server(SERVER, state) as server:
        newest = states.Registry(paths[-1].read_bytes())
        for choice in CHOICES:
            page = check_map(server, newest, choice)
            drawn = max(re.findall(rb"<svg .*?</svg>", page.bytes, re.S),
                        key=len)
            check(len(drawn) < 150_000, "the picture's size", len(drawn))
        check_years(page, newest, "newest")
        for first in (0, 256, 512, 2048, 3072, 8192, 47872, 48896, 49152):
            for choice in ("tcp", "udp", "any"):
                check_block(server, newest, first, choice)
        check_lookups(state, server)
        for path in paths[:-1]:
            registry = states.Registry(path.read_bytes())
            for choice in CHOICES:
                page = check_map(server, registry, choice, registry.updated)
            check_years(page, registry, registry.updated)
            for first in (0, 4096, 6144):
                check_block(server, registry, first, "tcp", registry.updated)
        for plot in pictures(page_at(server, "/map")):
            if plot.get("class") != "plot":
                continue
            named = [(int(t.text), float(t.get("x"))) for t in
                     plot.iter("text") if t.get("text-anchor") == "middle"]
            check(len(named) > 2 and all(
                b[1] - a[1] > 30 for a, b in zip(named, named[1:])),
                "names of years overlap", named)
        kept = [t[1:] for t in page_at(server, "/map").tables
                if t[0] == ["Year", "Records"]]
        ends = {}
        for path in paths:
            registry = states.Registry(path.read_bytes())
            ends[registry.updated[:4]], = told([len(registry.records)])
        same({year: n for year, n in kept[0] if year in ends}, ends, "kept")
        check(server.resident() < 80000, "memory", server.resident())
        same(server.stop(), 0, "stop")


def main():
    with tempfile.TemporaryDirectory() as work:
        state = small(work)
        with Server(SERVER, state) as server:
            check_small(server)
            check_addresses(server)
            same(server.stop(), 0, "stop")
        if editions.available():
            check_official(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
