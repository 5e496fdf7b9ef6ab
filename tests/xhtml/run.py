#!/usr/bin/env python3
"""The XHTML page beside the official data, and by the judgement of others:
xmllint with the DTD of XHTML 1.0 Strict, libxslt with our own stylesheet,
and ELinks, of which IANA's plain text is made.  Then our schema of the XML,
which has to take official files and to refuse wrong ones.

usage: run.py [all]    with all 579 files, and more by ELinks: some minutes

limit: 300 seconds
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
import wrong  # noqa: E402
from common import captures, editions, official  # noqa: E402
from common.outcome import cannot, check, finish, same, skip  # noqa: E402
from common.page import squeeze  # noqa: E402
from common.program import PORTBOOK, SOURCE  # noqa: E402

DATA = SOURCE / "data" / "service-names-port-numbers"
HOSTILE = HERE.parent / "web" / "hostile.xml"
XHTML = "{http://www.w3.org/1999/xhtml}"
GO = "https://www.iana.org/go/"
DTD = ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
       '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n')


def tool(name, *words, stdin=None):
    """(status, output, complaints)"""
    done = subprocess.run([name, *map(str, words)], input=stdin,
                          capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def convert(path, *words):
    status, out, err = tool(PORTBOOK, "-q", "convert", "--to", "xhtml", *words,
                            path)
    same((status, err), (0, ""), path, *words)
    return out


class Page:
    """A page, validated and read: cells and links of its tables."""

    def __init__(self, data, *told):
        self.data = data
        check(data.startswith(DTD.encode()) and data.isascii(), *told, "ASCII")
        if HAS_DTD:
            status, _, err = tool("xmllint", "--noout", "--nonet", "--valid",
                                  "-", stdin=data)
            same((status, err), (0, ""), *told, "validity")
        self.root = ET.fromstring(data)
        tables = list(self.root.iter(XHTML + "table"))
        self.classes = [t.get("class") for t in tables]
        self.tables = [[list(tr) for tr in t.iter(XHTML + "tr")]
                       for t in tables]
        self.ids = [e.get("id") for e in self.root.iter() if "id" in e.attrib]
        self.hrefs = [a.get("href") for a in self.root.iter(XHTML + "a")
                      if "href" in a.attrib]
        same(len(set(self.ids)), len(self.ids), *told, "an id twice")
        same([h for h in self.hrefs
              if h.startswith("#") and h[1:] not in set(self.ids)], [],
             *told, "links without a target")
        same([h for h in self.hrefs if re.match(r"(?i)\s*(javascript|data):",
                                                h)], [], *told, "scripts")
        tags = {e.tag[len(XHTML):] for e in self.root.iter()}
        check(not tags & {"script", "img", "object", "iframe"}, *told, tags)

    def table(self, name):
        """Texts of a table's cells, the head first; [] without the table."""
        wanted = {"records": ("sortable", "sortable_srv")}
        for kind, rows in zip(self.classes, self.tables):
            is_records = len(rows[0]) == 12
            if name == "records" and is_records and \
                    kind in wanted["records"]:
                return rows
            if name == "people" and not is_records and kind == "sortable":
                return rows
            if name == "footnotes" and kind == "fn":
                return rows
        return []


def texts(rows):
    return [[squeeze("".join(cell.itertext())) for cell in row]
            for row in rows]


def links(cell):
    return [a.get("href") for a in cell.iter(XHTML + "a") if "href" in a.attrib]


def href(xref):
    """Where an xref of the XML leads."""
    kind, data = xref.get("type"), xref.get("data", "")
    if kind == "person":
        return "#" + data
    if kind == "note":
        return "#note" + data
    if kind == "uri":
        return data
    if kind not in ("rfc", "draft"):
        return None
    part = "".join("#%s-%s" % (k, xref.get(k)) for k, _ in oracle.FRAGMENT
                   if xref.get(k) is not None)
    return GO + re.sub("^RFC-", "draft-", data) + part


def wanted_links(record):
    """Of each of the five columns that have some."""
    def within(tag):
        elem = record.elem.find(oracle.NS + tag)
        return [] if elem is None else list(elem.iter(oracle.NS + "xref"))

    own = record.elem.findall(oracle.NS + "xref")
    people = [x for x in own if x.get("type") == "person"]
    others = [x for x in own if x.get("type") != "person"]
    cells = {oracle.DESCRIPTION: within("description"),
             oracle.ASSIGNEE: within("assignee") if record.explicit
             else people, oracle.CONTACT: people, oracle.REFERENCE: others,
             oracle.NOTE: within("note")}
    return {n: [h for h in map(href, xrefs) if h is not None]
            for n, xrefs in cells.items()}


def check_records(page, records, *told):
    rows = page.table("records")[1:]
    same(texts(rows), [[squeeze(c) for c in r.columns] for r in records],
         *told, "cells")
    bad = [(r.columns, n) for row, r in zip(rows, records)
           for n, want in wanted_links(r).items() if links(row[n]) != want]
    same(bad, [], *told, "links")
    same({tuple(c.get("align") for c in row) for row in rows} or
         {oracle_align()}, {oracle_align()}, *told, "align")


def oracle_align():
    centred = (oracle.NUMBER, oracle.PROTOCOL, oracle.SC)
    return tuple("center" if n in centred else None for n in range(12))


def check_people(page, people, heading, *told):
    rows = page.table("people")
    same(bool(rows), bool(people), *told, "contact table")
    if not rows:
        return
    has_org = any(p.org for p in people)
    same(texts(rows[:1])[0], ["ID", "Name", *["Organization"] * has_org,
                              "ContactURI", "LastUpdated"], *told)
    same(texts(rows[1:]),
         [["[%s]" % p.id, squeeze(p.name), *[squeeze(p.org)] * has_org,
           squeeze("".join(p.uris)), p.updated] for p in people],
         *told, "people")
    same([links(row[-2]) for row in rows[1:]],
         [[u for u in p.uris if u] for p in people], *told, "addresses")
    same([h.text for h in page.root.iter(XHTML + "h1")
          if h.get("class") == "people"], [heading], *told)


def check_layout(page, *told):
    """As libxml2 would write it, but for blanks between paragraphs, which it
    takes for layout of the source."""
    status, out, err = tool("xmllint", "--nonet", "--noblanks", "--format",
                            "--encode", "US-ASCII", "-", stdin=page.data)
    out = out.split(b"\n", 1)[1] if out.startswith(b"<?xml") else out
    same((status, err), (0, ""), *told, "xmllint")
    got, want = (re.sub(rb"(?m)^ +(?=<p>|</td>)", b"", text).splitlines()
                 for text in (page.data, out))
    diff = [(g, w) for g, w in zip(got, want) if g != w]
    same((diff[:3], len(got)), ([], len(want)), *told, "layout")


def check_hostile():
    for words in ((), ("--style", "2015"), ("--search", "t"),
                  ("--search", "<b>\"'&\x01\xff"), ("--search", "two")):
        page = Page(convert(HOSTILE, *words), "hostile", *words)
        if "--search" in words:
            same([e.get("value") for e in page.root.iter(XHTML + "input")
                  if e.get("name") == "search"],
                 [words[1].replace("\x01", "\ufffd")], words)
        check_layout(page, "hostile", *words)
    same(texts(page.table("records")[1:])[0][0], "two", "--search two")
    same(page.table("people") + page.table("footnotes"), [], "nobody")
    page = Page(convert(HOSTILE), "hostile")
    check("#person.A.22.3E.3Cb" in page.hrefs, page.hrefs)
    same(texts(page.table("footnotes")), [["[1]", "Foot<note>"]], "footnote")
    check("<script>alert(1)</script>" in "".join(page.root.itertext()),
          "text as text")


def check_newest():
    path = official.NEWEST
    registry = oracle.Registry(path)
    page = Page(convert(path), path.name)
    check_records(page, registry.records, path.name)
    check_people(page, registry.people, "Contact Information", path.name)
    check_layout(page, path.name)
    same(len(page.table("footnotes")), 1, "footnotes")
    for text, number, iana in (
            ("", 1, False), ("", 2, True), ("", 146, True), ("tcp", 60, True),
            ("https", 1, False), ("version", 1, True), ("wot", 1, False),
            ("[1]", 1, False), ("forté", 1, False), ("iesg", 1, False)):
        words = ["--search", text, "--page", str(number)]
        words += ["--official-pages"] * iana
        page = Page(convert(path, *words), *words)
        pages, rows = oracle.cut(registry.search(text), number, iana)
        check(rows and pages, words, "has no rows by the oracle")
        check_records(page, rows, *words)
        check_people(page, registry.listed(rows), "Contact Information",
                     *words)
        names_note = any("#note1" in n for r in rows
                         for n in wanted_links(r).values())
        same(len(page.table("footnotes")), int(names_note), *words)
        steps = [e for e in page.root.iter(XHTML + "div")
                 if e.get("class") == "pagination"]
        same(len(steps), 2 if pages > 1 else 0, *words, "pagination")
    page = Page(convert(path, "--search", "qqqqqq"), "nothing")
    same((page.tables, [h for h in page.hrefs if ".csv" in h]), ([], []),
         "nothing found")


def check_stylesheet():
    """Our stylesheet makes the same page, but for blanks of people."""
    if shutil.which("xsltproc") is None:
        skip("there is no xsltproc")
        return
    path = official.NEWEST
    status, out, err = tool("xsltproc", "--nonet", str(DATA) + ".xsl", path)
    same((status, err), (0, ""), "xsltproc")
    theirs, ours = (re.sub(rb"<td> *([^ <][^<]*?) *</td>", rb"<td>\1</td>", p)
                    for p in (Page(out, "stylesheet").data,
                              convert(path, "--style", "2026")))
    diff = [(t, o) for t, o in zip(theirs.splitlines(), ours.splitlines())
            if t != o]
    same((diff[:3], len(theirs)), ([], len(ours)), "stylesheet")
    status, out, err = tool("xsltproc", "--nonet", str(DATA) + ".xsl", HOSTILE)
    check(b"alert(1)</a>" not in out and b"alert(4)</a>" not in out and
          b"[plain &lt;text&gt;]" in out, "hostile stylesheet", out)


def check_captures(work):
    """Result pages of the official site, each beside the registry of then."""
    every = list(captures.taken(work))
    same(len(every), 5, "captures")
    for path, head, rows, people in every:
        rows, people = ([[squeeze(cell) for cell in row] for row in part]
                        for part in (rows, people))
        page = Page(convert(path, "--search", head["query"], "--page",
                            head["page"], "--official-pages"), head)
        same([r[:9] for r in texts(page.table("records")[1:])], rows, head)
        if people:
            same(texts(page.table("people")[1:]), people, head)


def plain(text, formats):
    """Lines without margins, and without the list of formats."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    at = lines.index("Available Formats")
    return lines[:at + 1] + lines[at + 1 + formats:]


def check_elinks(work):
    """The official text is what ELinks makes of the official page."""
    if shutil.which("elinks") is None:
        skip("there is no elinks")
        return
    texts_there = editions.names(official.TEXTS)
    xml_there = editions.names()
    dates = ["2016-08-18", "2020-05-06", "2025-11-14"]
    if "all" in sys.argv[1:]:
        dates += ["2018-08-22", "2018-11-28", "2019-02-11", "2020-07-20",
                  "2021-12-03", "2022-01-31", "2025-08-26", "2026-05-26"]
    for date in dates:
        there = date + ".xml" in xml_there and date + ".txt" in texts_there
        check(there, date, "is not there")
        if not there:
            continue
        source, = editions.extract([date + ".xml"], work)
        target, = editions.extract([date + ".txt"], work, official.TEXTS)
        page = work / (date + ".xhtml")
        page.write_bytes(convert(source))
        _, out, _ = tool("elinks", "-no-home", "-dump", "-dump-width", "150",
                         "-no-numbering", "-no-references", "-dump-charset",
                         "UTF-8", page)
        got = plain(out.decode("utf-8"), 1)
        want = plain(target.read_text("utf-8"), 5)
        diff = [(g, w) for g, w in zip(got, want) if g != w]
        same((diff[:3], len(got)), ([], len(want)), date, "by ELinks")


def check_schema(work):
    schema = str(DATA) + ".rng"

    def judge(*paths):
        return tool("xmllint", "--noout", "--nonet", "--relaxng", schema,
                    *paths)

    for name, text, good in wrong.registries():
        path = work / "small.xml"
        path.write_text(text, "utf-8")
        status, _, err = judge(path)
        same(status == 0, good, "schema:", name, err)
    if not official.available():
        return
    same(judge(official.NEWEST)[0], 0, "schema:", official.NEWEST)
    check(judge(official.FOLDER / "damaged.2017-05-19.xml")[0] != 0,
          "the schema takes a damaged file")
    every = editions.names()
    # Some of them; those named have odd ids and assignees.
    chosen = every if "all" in sys.argv[1:] else [
        n for n in every
        if n in every[::120] or "2015-06-11.xml" in n or "2019-12-20" in n or
        "2020-12-16.2" in n]
    editions.extract(chosen, work)
    status, _, err = judge(*(work / n for n in chosen))
    bad = [line for line in err.splitlines() if "validates" not in line]
    same((status, bad[:5]), (0, []), "schema:", len(chosen), "editions")
    print("ok schema:", len(chosen), "editions")


def has_dtd():
    """Whether the catalog of this machine leads to the DTD."""
    page = DTD + ('<html xmlns="http://www.w3.org/1999/xhtml"><head><title>'
                  "</title></head><body><p>a</p></body></html>")
    return tool("xmllint", "--noout", "--nonet", "--valid", "-",
                stdin=page.encode())[0] == 0


def main():
    global HAS_DTD
    if shutil.which("xmllint") is None:
        cannot("there is no xmllint")
    HAS_DTD = has_dtd()
    if not HAS_DTD:
        skip("no DTD of XHTML 1.0 Strict in the catalog (w3c-sgml-lib)")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        check_schema(work)
        check_hostile()
        if official.available():
            check_newest()
            check_stylesheet()
            check_captures(work)
            check_elinks(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
