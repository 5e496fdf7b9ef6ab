#!/usr/bin/env python3
"""The site in Debian's Chromium: search while typing, keyboard, history, no
script, both colour schemes, narrow windows and print; each page judged by
axe-core, html-validate and tidy.

limit: 400 seconds

With PORTBOOK_REGISTRY_DIR the newest official file is served, else a registry
made here.  What a search must find comes from tests/oracle/registry.py.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle"),
                str(HERE.parent / "web-history")]

import registry as oracle  # noqa: E402
import small  # noqa: E402
from common import official  # noqa: E402
from common.outcome import cannot  # noqa: E402
from common.program import SERVER, imported, write_all  # noqa: E402
from common.server import Server  # noqa: E402

CHROMIUM = shutil.which("chromium")
QUERIES = ("https", "domain", "tcp", "443", "[iesg]", "defined txt",
           "assigned well-formed", "historic", "snif", "a", "[1]", "forté",
           "no such words anywhere")


def made():
    """A registry of a few pages, with what the official one has."""
    records = [small.record("https", "443", p, "http over TLS", "Org_%d" % i,
                            "Org_%d" % i, updated="2021-10-01",
                            reference="https://example.org/?a=1&b=2")
               for i, p in enumerate(("tcp", "udp", "sctp"))]
    for i in range(240):
        records.append(small.record(
            "made-%03d" % i, str(1000 + i), ("tcp", "udp")[i % 2],
            "Made service %d" % i, "Org_%d" % (i % 7),
            "Pérson_%d" % (i % 11), date="2015-02-%02d" % (i % 28 + 1),
            note="Defined TXT keys: a%d=1" % i if i % 5 == 0 else None))
    records.append(small.record("a&b<i>", "1500", "tcp",
                                'Marks: <b>"bold"</b> & more'))
    people = [small.person("Org_%d" % i, org="Organization %d" % i,
                           uri="mailto:org%d&example.org" % i)
              for i in range(7)]
    people += [small.person("Pérson_%d" % i, name="Somebody %d" % i,
                            uri="https://example.org/%d" % i,
                            updated="2015-01-01") for i in range(11)]
    return small.registry("2022-01-01", records, people)


def served(folder, texts):
    return imported(folder / "state", *write_all(folder, texts))


def expected(path):
    """What the oracle finds: totals, and the cells of the first page."""
    known = oracle.Registry(path)
    out = {"searches": {}, "names": [r.columns[0] for r in
                                     oracle.cut(known.records, 1)[1]]}
    for text in QUERIES:
        matches = known.search(text)
        pages, rows = oracle.cut(matches, 1)
        people = known.listed(rows)
        out["searches"][text] = {
            "total": len(matches), "pages": pages,
            "rows": [["".join(c.split()) for c in r.columns] for r in rows],
            "people": [p.id for p in people]}
    out["pages"] = oracle.cut(known.records, 1)[0]
    return out


def main():
    for command in ("node", "tidy"):
        if shutil.which(command) is None:
            cannot("there is no %s here (tools/setup.sh test)" % command)
    if CHROMIUM is None:
        cannot("there is no chromium here (tools/setup.sh test)")
    if not (HERE / "node_modules" / ".from.json").exists():
        cannot("the npm packages are not here (tools/setup.sh test)")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        if official.available():
            source = official.NEWEST.read_bytes()
        else:
            source = made().encode()
        (work / "source.xml").write_bytes(source)
        (work / "expected.json").write_text(
            json.dumps(expected(work / "source.xml")))
        big = served(work / "big", [source])
        past = served(work / "past", small.EDITIONS)
        hostile = served(work / "hostile", [
            (HERE.parent / "web" / "hostile.xml").read_bytes()])
        with Server(SERVER, big) as one, Server(SERVER, past) as two, \
                Server(SERVER, hostile) as three, \
                Server(SERVER, big, "--people=none") as four:
            return subprocess.run(
                ["node", str(HERE / "main.mjs"), CHROMIUM,
                 str(work / "expected.json"),
                 *("http://127.0.0.1:%d" % s.port
                   for s in (one, two, three, four))],
                env={**os.environ, "HOME": str(work)}).returncode


if __name__ == "__main__":
    sys.exit(main())
