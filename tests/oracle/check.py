#!/usr/bin/env python3
"""Hold the oracle against what is known.

    check.py csv FILE.xml FILE.csv      the official CSV, byte for byte
    check.py page FILE.xml PAGE.tab     a result page of the official site
    check.py search FILE.xml SEARCH.tab the table of searches
    check.py fill FILE.xml SEARCH.tab   the same table, its values computed

A CSV without a single CR is taken for a copy that lost them.  The formats of
the tables are described at their tops.  Exit status: 0 all as expected,
1 differences, 2 usage.
"""

import io
import re
import sys

sys.dont_write_bytecode = True
import registry as oracle  # noqa: E402

ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u\{([0-9A-Fa-f]+)\}|([te\\]))")


def unescape(text):
    """The bytes that an escaped query stands for, as an argument string."""
    def one(match):
        byte, char, letter = match.groups()
        if byte:
            return bytes([int(byte, 16)])
        if char:
            return chr(int(char, 16)).encode()
        return {"t": b"\t", "e": b"", "\\": b"\\"}[letter]

    out, at = b"", 0
    for match in ESCAPE.finditer(text):
        out += text[at:match.start()].encode() + one(match)
        at = match.end()
    out += text[at:].encode()
    return out.decode("utf-8", "surrogateescape")


def lines(path):
    with open(path, encoding="utf-8") as stream:
        return [line.rstrip("\n") for line in stream]


def squeeze(text):
    return " ".join(text.split())


def check_csv(registry, path):
    stream = io.StringIO(newline="")
    oracle.write_csv(registry, stream)
    ours = stream.getvalue().encode()
    with open(path, "rb") as official:
        theirs = official.read()
    if b"\r" not in theirs:
        ours = ours.replace(b"\r\n", b"\n")
    return [] if ours == theirs else ["CSV differs"], 1


def check_page(registry, path):
    head, rows, people = {}, [], None
    for line in lines(path):
        if line.startswith("#"):
            key, _, value = line[1:].partition(": ")
            head[key.strip()] = value
        elif line == "people":
            people = []
        elif people is None:
            rows.append(line.split("\t"))
        else:
            people.append(line.split("\t"))
    bad = []
    if head["date"] != registry.updated:
        return ["the XML is of " + registry.updated], 1
    found = registry.search(head["query"])
    page = int(head["page"])
    listed = oracle.cut(found, page, True)[1]
    ours = [[squeeze(c) for c in r.columns[:9]] for r in listed]
    if page == 1 and oracle.cut(found, page)[1] != listed:
        bad.append("a first page differs between the cuts")
    if page > 1 and oracle.cut(found, page)[1] != listed[1:]:
        bad.append("our own cut is not the page without its first row")
    bad += differences(ours, rows)
    if people is not None:
        ours = [["[" + i + "]", name, org, " ".join(uris), updated]
                for i, name, org, uris, updated
                in oracle.contacts(registry, listed)]
        if not any(p[2] for p in ours):
            for p in ours:
                del p[2]
        bad += differences(ours, people)
    return bad, len(rows) + len(people or [])


def differences(ours, theirs):
    bad = []
    for i in range(max(len(ours), len(theirs))):
        a = ours[i] if i < len(ours) else None
        b = theirs[i] if i < len(theirs) else None
        if a != b:
            bad.append("row %d: oracle %r, page %r" % (i + 1, a, b))
    return bad


def expected(registry, query, page):
    """exit, total, rows, first, last: as the table has them"""
    try:
        number = oracle.page_number(page)
        found = registry.search(unescape(query))
    except oracle.Usage:
        return ["2", "-", "-", "-", "-"]
    rows = oracle.cut(found, number)[1]
    return ["0" if rows else "1", str(len(found)), str(len(rows)),
            rows[0].key if rows else "-", rows[-1].key if rows else "-"]


def check_search(registry, path):
    bad, count = [], 0
    for line in lines(path):
        if line.startswith("#") or not line:
            continue
        count += 1
        query, page, *values, why = line.split("\t")
        ours = expected(registry, query, page)
        if ours != values:
            bad.append("%.60s page %s: oracle %r, table %r"
                       % (query, page, ours, values))
    return bad, count


def fill(registry, path):
    for line in lines(path):
        if line and not line.startswith("#"):
            query, page, *_, why = line.split("\t")
            line = "\t".join([query, page] + expected(registry, query, page)
                             + [why])
        print(line)
    return [], 0


def main(argv):
    kinds = {"csv": check_csv, "page": check_page, "search": check_search,
             "fill": fill}
    if len(argv) != 3 or argv[0] not in kinds:
        sys.stderr.write(__doc__)
        return 2
    bad, count = kinds[argv[0]](oracle.Registry(argv[1]), argv[2])
    for text in bad:
        sys.stderr.write(text + "\n")
    if argv[0] != "fill":
        print("%d passed, %d failed" % (count - min(len(bad), count),
                                        len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
