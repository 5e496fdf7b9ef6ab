#!/usr/bin/env python3
"""An independent reading of the registry's official XML.

It shares no line with the programs, so that the two can be held against each
other: the twelve columns as the official site and CSV display them, the
people, the search, the pages.  Slow and plain on purpose.

    registry.py FILE.xml search QUERY [--page N] [--official]
    registry.py FILE.xml counts
    registry.py FILE.xml csv

A search prints JSON: total, pages, page, rows (12 columns each) and people
(id, name, organization, addresses, updated).  With --official, pages after
the first hold 101 rows, the first being the last of the page before.
`csv` writes the official CSV to standard output.

Exit status: 0 found or done, 1 nothing on this page, 2 usage, 3 no registry.
"""

import csv
import json
import os
import re
import sys
import xml.etree.ElementTree as ET

NS = "{http://www.iana.org/assignments}"

HEADINGS = ("Service Name", "Port Number", "Transport Protocol",
            "Description", "Assignee", "Contact", "Registration Date",
            "Modification Date", "Reference", "Service Code",
            "Unauthorized Use Reported", "Assignment Notes")
(NAME, NUMBER, PROTOCOL, DESCRIPTION, ASSIGNEE, CONTACT, REGISTERED,
 MODIFIED, REFERENCE, SC, UNAUTHORIZED, NOTE) = range(12)
DATES = (REGISTERED, MODIFIED)

PAGE = 100
MAX_QUERY = 1024
MAX_TERMS = 32

# The characters with the Unicode property White_Space.  str.split() would
# add U+001C to U+001F.
WHITE_SPACE = ("\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004"
               "\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
               "\u205f\u3000")

FRAGMENT = (("section", ", Section "), ("page", ", Page "),
            ("appendix", ", Appendix "), ("table", ", Table "),
            ("figure", ", Figure "), ("anchor", "#"))


class Usage(Exception):
    pass


def local(elem):
    tag = elem.tag
    return tag[len(NS):] if tag.startswith(NS) else tag


def child(elem, tag):
    return elem.find(NS + tag)


def label(xref):
    kind = xref.get("type", "")
    data = xref.get("data", "")
    body = "".join(xref.itertext())
    if kind == "person" or kind == "note":
        return data
    if body.strip():
        return body
    if kind == "rfc":
        data = data.upper()
    if kind in ("rfc", "draft"):
        for attribute, lead in FRAGMENT:
            if xref.get(attribute) is not None:
                data += lead + xref.get(attribute)
    return data


def flat(elem):
    """The text of an element before white space is treated."""
    out = [elem.text or ""]
    for sub in elem:
        tag = local(sub)
        if tag == "xref":
            out.append("[" + label(sub) + "]")
        elif tag == "paragraph":
            out.append(" " * 8 + flat(sub))
        elif tag != "br":
            out.append(flat(sub))
        out.append(sub.tail or "")
    return "".join(out)


def cell(text):
    return re.sub(r"\s+\n\s+", " ", text).strip()


def brackets(xrefs):
    return cell("".join("[" + label(x) + "]" for x in xrefs))


class Record:
    def __init__(self, elem):
        def text(tag):
            sub = child(elem, tag)
            return "" if sub is None else cell(flat(sub))

        own = elem.findall(NS + "xref")
        persons = [x for x in own if x.get("type") == "person"]
        others = [x for x in own if x.get("type") != "person"]
        assignee = child(elem, "assignee")
        if assignee is None:
            holders = persons
        else:
            holders = assignee.findall(NS + "xref")
        self.elem = elem
        self.explicit = assignee is not None
        self.columns = [text("name"), text("number"), text("protocol"),
                        text("description"), brackets(holders),
                        brackets(persons), elem.get("date", ""),
                        elem.get("updated", ""), brackets(others),
                        text("sc"), text("unauthorized"), text("note")]
        self.people = {x.get("data") for x in elem.iter(NS + "xref")
                       if x.get("type") == "person"}
        self.folded = [fold(c) for i, c in enumerate(self.columns)
                       if i not in DATES]
        self.key = None


class Person:
    def __init__(self, elem):
        def text(tag):
            sub = child(elem, tag)
            return "" if sub is None else cell(flat(sub))

        self.id = elem.get("id")
        self.name = text("name")
        self.org = text("org")
        self.uris = [cell(flat(u)) for u in elem.findall(NS + "uri")]
        self.updated = text("updated")


class Registry:
    def __init__(self, path):
        root = ET.parse(path).getroot()
        if local(root) != "registry":
            raise ValueError("not a registry: " + path)
        self.root = root
        self.updated = cell(flat(child(root, "updated")))
        self.records = [Record(e) for e in root.findall(NS + "record")]
        people = child(root, "people")
        self.people = [Person(e) for e in people.findall(NS + "person")]
        seen = {}
        for record in self.records:
            c = record.columns
            key = "/".join((c[NUMBER] or "-", c[PROTOCOL] or "-",
                            c[NAME] or "-"))
            seen[key] = seen.get(key, 0) + 1
            record.key = key if seen[key] == 1 else "%s~%d" % (key, seen[key])

    def search(self, query):
        terms = split(query)
        return [r for r in self.records
                if all(any(t in f for f in r.folded) for t in terms)]

    def listed(self, rows):
        """The people that rows refer to, in file order."""
        wanted = set()
        for record in rows:
            wanted |= record.people
        return [p for p in self.people if p.id in wanted]


def fold(text):
    """Simple case folding: one character for one."""
    return "".join(map(fold_char, text))


def fold_char(c):
    for folded in (c.casefold(), c.lower()):
        if len(folded) == 1:
            return folded
    return c


def split(query):
    """The folded terms of a query; Usage if it is beyond the limits."""
    if len(query.encode("utf-8", "surrogateescape")) > MAX_QUERY:
        raise Usage("query longer than %d bytes" % MAX_QUERY)
    terms = [t for t in re.split("[" + WHITE_SPACE + "]+", query) if t]
    if len(terms) > MAX_TERMS:
        raise Usage("more than %d terms" % MAX_TERMS)
    return [fold(t) for t in terms]


def page_number(text):
    if not re.fullmatch("[0-9]+", text) or int(text) == 0:
        raise Usage("not a page: " + text)
    return int(text)


def cut(rows, page, official=False):
    """(number of pages, rows on this page)"""
    pages = -(-len(rows) // PAGE)
    if page > pages:
        return pages, []
    start = (page - 1) * PAGE
    if official and page > 1:
        start -= 1
    return pages, rows[start:page * PAGE]


def contacts(registry, rows):
    return [[p.id, p.name, p.org, p.uris, p.updated]
            for p in registry.listed(rows)]


def counts(registry):
    records = [r.columns for r in registry.records]
    xrefs = [x for r in registry.records for x in r.elem.iter(NS + "xref")]
    out = {
        "updated": registry.updated,
        "records": len(records),
        "named": sum(c[NAME] != "" for c in records),
        "numbered": sum(c[NUMBER] != "" for c in records),
        "ranges": sum("-" in c[NUMBER] for c in records),
        "protocols": tally(c[PROTOCOL] or "none" for c in records),
        "people": len(registry.people),
        "date": sum(c[REGISTERED] != "" for c in records),
        "modified": sum(c[MODIFIED] != "" for c in records),
        "reference": sum(c[REFERENCE] != "" for c in records),
        "assignee": sum(r.explicit for r in registry.records),
        "note": sum(c[NOTE] != "" for c in records),
        "unauthorized": sum(c[UNAUTHORIZED] != "" for c in records),
        "sc": sum(c[SC] != "" for c in records),
        "distinct names": len({c[NAME] for c in records} - {""}),
    }
    kinds = tally(x.get("type", "") for x in xrefs)
    out["person xrefs"] = kinds.pop("person", 0)
    out["other xrefs"] = kinds
    for tag in ("br", "paragraph"):
        out[tag] = sum(1 for r in registry.records
                       for _ in r.elem.iter(NS + tag))
    return out


def tally(values):
    out = {}
    for value in values:
        out[value] = out.get(value, 0) + 1
    return dict(sorted(out.items()))


def write_csv(registry, stream):
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    writer.writerows(r.columns for r in registry.records)


def main(argv):
    words = []
    page, official = "1", False
    args = iter(argv)
    for arg in args:
        if arg == "--":
            words.extend(args)
        elif arg == "--page":
            page = next(args, "")
        elif arg == "--official":
            official = True
        else:
            words.append(arg)
    if len(words) < 2:
        raise Usage(__doc__)
    if words[1] == "search" and len(words) == 3:
        split(words[2])
        number = page_number(page)
        registry = Registry(words[0])
        found = registry.search(words[2])
        pages, rows = cut(found, number, official)
        answer = {"total": len(found), "pages": pages, "page": number,
                  "rows": [r.columns for r in rows],
                  "people": contacts(registry, rows)}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return 0 if rows else 1
    if words[1] == "counts" and len(words) == 2:
        print(json.dumps(counts(Registry(words[0])), indent=1))
        return 0
    if words[1] == "csv" and len(words) == 2:
        out = open(os.dup(1), "w", encoding="utf-8", newline="")
        with out:
            write_csv(Registry(words[0]), out)
        return 0
    raise Usage(__doc__)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        sys.exit(main(sys.argv[1:]))
    except Usage as error:
        sys.stderr.write(str(error) + "\n")
        sys.exit(2)
    except (OSError, ValueError, ET.ParseError) as error:
        sys.stderr.write("%s: %s\n" % (sys.argv[1], error))
        sys.exit(3)
