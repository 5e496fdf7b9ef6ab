#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# limit: 600 seconds
"""The past, as the XML of its day tells it.

usage: run.py [all]     all: on the image of every version, as imported

500 random answers as of a date, for a port and transport, are held against
tests/oracle's reading of that day's XML: the records in registry order, the
state of every transport, the exit status.  Whole answers are held against an
image of that one file.  The difference of two versions must lead from the
records of the one to those of the other.
"""
import json
import pathlib
import random
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import cannot, expect, finish  # noqa: E402
from common.program import ask, build, imported, portbook  # noqa: E402

TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
STRENGTH = {"unassigned": 1, "reserved": 2, "assigned": 3}
# design.md: a nameless row that begins so.
WORDS = re.compile(r"\(?unassigned|(iana )?reserved|de-?registered|"
                   r"de-?assigned|removed|deprecated|"
                   r"this entry (has been|is being) removed|"
                   r"de-?comm?issioned|withdrawn|revoked", re.I)
ASKED = 500
EDITIONS = 10


def state_of(columns):
    if columns[oracle.NAME]:
        return "assigned"
    match = WORDS.match(columns[oracle.DESCRIPTION])
    if not match:
        return "assigned"
    return "unassigned" if "unassigned" in match[0].lower() else "reserved"


class Row:
    def __init__(self, record):
        c = record.columns
        first, _, last = c[oracle.NUMBER].partition("-")
        self.key = record.key
        self.first = int(first) if first else None
        self.last = int(last or first) if first else None
        self.protocol = c[oracle.PROTOCOL]
        self.named = bool(c[oracle.NAME])
        self.state = state_of(c)
        self.weight = (self.first == self.last, self.protocol != "",
                       STRENGTH[self.state])

    def speaks_for(self, transport):
        if self.protocol:
            return self.protocol == transport
        return not self.named or transport in ("tcp", "udp")


def answer_of(rows, port, transport):
    """Keys in registry order, states, and whether anything is assigned."""
    here = [r for r in rows if r.first is not None and
            r.first <= port <= r.last]
    states = {}
    for one in TRANSPORTS:
        speaking = [r for r in here if r.speaks_for(one)]
        states[one] = (max(speaking, key=lambda r: r.weight).state
                       if speaking else "not-listed")
    mine = [r for r in here if not transport or r.speaks_for(transport)]
    return (sorted(r.key for r in mine), states,
            any(r.state == "assigned" for r in mine))


def ports_of(rows, count, rng):
    """Ports at random: half of them where there is something."""
    edges = [p for r in rows if r.first is not None
             for p in (r.first, r.last)]
    return [rng.choice(edges) if n % 2 else rng.randrange(65536)
            for n in range(count)]


def check_lookups(registry, dates, rng):
    """dates: a path for each date."""
    share = -(-ASKED // len(dates))
    for date, path in dates.items():
        rows = [Row(r) for r in oracle.Registry(str(path)).records]
        asked = [(port, rng.choice(("",) + TRANSPORTS))
                 for port in ports_of(rows, share, rng)]
        words = ["%d/%s" % a if a[1] else str(a[0]) for a in asked]
        out = ask(
            registry, "-q", "--as-of", date, "--json", "lookup", "-",
            stdin="\n".join(words).encode() + b"\n")[1]
        answers = json.loads(out)
        expect("%s: answers" % date, len(answers), len(asked))
        for (port, transport), answer in zip(asked, answers):
            keys, states, found = answer_of(rows, port, transport)
            name = "%s %d/%s" % (date, port, transport)
            expect(name, (sorted(r["id"] for r in answer["records"]),
                          answer["states"], answer["found"]),
                   (keys, states, found))
        print("ok as of %s: %d lookups" % (date, len(asked)))


WHOLE = (["list"], ["search", "tcp"], ["search", "openstack"],
         ["search", "http", "alt"], ["search", "--page", "2", "udp"],
         ["search", "e"], ["list", "--sort", "description,-number"],
         ["list", "--where", "preferred=true"], ["0-1023"], ["40000-49151"],
         ["https"], ["HTTP"], ["443"], ["465/tcp"], ["80/udp"], ["whois"],
         ["dns"], ["rdp"], ["www"], ["49152"], ["1701/udp"], ["2049"],
         ["person", "IESG"], ["person", "Lars_Eggert"], ["no-such-name"])


def check_whole(registry, dates, folder):
    """An answer as of a date is that of the day's own image."""
    for date, path in dates.items():
        alone = build("%s/alone.image" % folder, path)
        for words in WHOLE:
            ours = ask(registry, "--as-of", date, "-q",
                       "--format", "tsv", *words)
            theirs = ask(alone, "-q", "--format", "tsv",
                         *words)
            expect("%s %s" % (date, words), ours, theirs)
            if words[0] in ("list", "search", "person"):
                continue
            ours = ask(registry, "--as-of", date, "-q",
                       "--json", *words)[1]
            theirs = ask(alone, "-q", "--json", *words)[1]
            expect("%s %s as JSON" % (date, words), unsigned(ours),
                   unsigned(theirs))
        print("ok as of %s: %d whole answers" % (date, len(WHOLE)))


def unsigned(text):
    """An answer without what says whose it is."""
    answer = json.loads(text)
    del answer["registry"]
    return answer


def records(registry, date):
    out = ask(registry, "-q", "--as-of", date, "--format",
              "jsonl", "list")[1]
    return [json.loads(line) for line in out.splitlines()]


def plain(record):
    """A record but for what others make of it."""
    return json.dumps({k: v for k, v in record.items() if k != "preferred"},
                      sort_keys=True)


def bare(record):
    """The same without the ordinal, which others make of it, too."""
    own = dict(record, id=re.sub(r"~\d+\Z", "", record["id"]))
    return plain(own)


def check_difference(registry, old, new):
    status, out, _ = ask(registry, "-q", "diff", "--json", old,
                         new)
    answer = json.loads(out)
    events = [e for e in answer["events"] if e["kind"] != "person"]
    before = {bare(r) for r in records(registry, old)}
    after = {bare(r) for r in records(registry, new)}
    gone = {bare(e["before"]) for e in events if e["before"]}
    come = {bare(e["after"]) for e in events if e["after"]}
    name = "diff %s %s" % (old, new)
    expect(name + ": status", status, 1 if answer["events"] else 0)
    expect(name + ": what ended is told", before - after - gone, set())
    expect(name + ": what began is told", after - before - come, set())
    expect(name + ": told before was there", gone - before, set())
    expect(name + ": told after is there", come - after, set())
    for e in events:
        if e["before"] and e["after"] and e["kind"] != "assigned":
            changed = {k for k in e["after"]
                       if k in e["fields"] and e["after"][k] ==
                       e["before"][k]}
            expect(name + ": fields of " + e["id"],
                   changed & {"name", "number", "protocol", "registered"},
                   set())
    for e in events:
        if e["kind"] == "renamed":
            expect(name + ": renamed " + e["id"],
                   e["before"]["name"] != e["after"]["name"], True)
        if e["kind"] == "transferred":
            expect(name + ": transferred " + e["id"],
                   e["before"]["assignee"] != e["after"]["assignee"], True)
    print("ok", name, "%d events" % len(events))


def check_files(paths):
    """Two files are what two dates are."""
    old, new = paths[0], paths[-1]
    status, out, _ = portbook("-q", "diff", "--json", old, new)
    answer = json.loads(out)
    expect("diff of files", (status, answer["from"], answer["to"]),
           (1, editions.order(old.name)[0], editions.order(new.name)[0]))
    kinds = {e["kind"] for e in answer["events"]}
    expect("diff of files: kinds",
           {"assigned", "deassigned", "modified"} <= kinds, True)
    # What is freed is overwritten, so that nobody reads it by luck.
    told = portbook("diff", old, new, env={"MALLOC_PERTURB_": "165"})
    upkeep = sum(e["kind"] in ("editorial", "person")
                 for e in answer["events"])
    expect("diff of files: what is said of it",
           (told[0], told[2].split(";")[0]),
           (1, f"{len(answer['events']):,} differences, of which upkeep "
               f"{upkeep:,}"))
    expect("no difference", portbook("diff", new, new)[:2], (0, ""))


def check_versions(registry, paths):
    out = ask(registry, "-q", "versions", "--json")[1]
    versions = json.loads(out)["versions"]
    dates = [editions.order(p.name)[0] for p in paths]
    expect("versions", [v["date"] for v in versions], dates)
    expect("counts", [(v["records"], v["people"]) for v in versions],
           [(p.read_bytes().count(b"<record"), p.read_bytes().count(
               b"<person ")) for p in paths])
    expect("digests", [v["digest"] for v in versions],
           [__import__("hashlib").sha256(p.read_bytes()).hexdigest()
            for p in paths])
    ids = [v["id"] for v in versions]
    expect("ids are each one's own", len(set(ids)), len(ids))
    # From files alone, without a store, the second of a day is its .2.
    several = [f"{date}.{dates[:n].count(date) + 1}"
               for n, date in enumerate(dates) if dates.count(date) > 1]
    expect("editions of a day", [i for i in ids if "." in i], several)
    expect("two editions of a day", "2025-09-26.2" in several, True)
    for one in versions:
        events = json.loads(ask(
            registry, "-q", "--as-of", one["id"], "versions",
            "--json")[1])["versions"]
        expect("as of " + one["id"], events[-1], one)


def check_refusals(registry):
    for words, status in ((["2026-08-17", "2015-05-04"], 2),
                          (["2015-05-04"], 2), (["2015-05-04", "x"], 2),
                          (["2001-01-01", "2026-08-17"], 3),
                          (["2015-05-04.9", "2026-08-17"], 3),
                          (["2026-08-17", str(HERE / "run.py")], 2)):
        got, out, err = ask(registry, "diff", *words)
        expect("diff %s" % words, (got, out, err != ""), (status, "", True))


def last_editions(names):
    return {editions.order(n)[0]: n for n in names}


def main():
    if not editions.available():
        cannot(official.NONE)
    every = sys.argv[1:] == ["all"]
    seed = random.randrange(1 << 32)
    rng = random.Random(seed)
    print("seed", seed)
    with tempfile.TemporaryDirectory() as tmp:
        names = editions.names()
        wanted = {names[0], names[-1]} | set(
            rng.sample(names, EDITIONS * (3 if every else 1)))
        wanted |= {n for n in names if n.startswith("2025-09-26")}
        paths = editions.extract(sorted(wanted), tmp)
        registry = (imported(tmp + "/state", official.ARCHIVE) if every else
                    build(tmp + "/some.image", *paths))
        # A date is the last edition of its day.
        last = last_editions(names)
        dates = {date: pathlib.Path(tmp, name)
                 for date, name in last.items()
                 if pathlib.Path(tmp, name) in paths}
        check_lookups(registry, dates, rng)
        check_whole(registry, dates if every else
                    dict(rng.sample(sorted(dates.items()), 4)), tmp)
        days = sorted(dates)
        for old, new in [(days[0], days[-1]), (days[0], days[1]),
                         (days[-2], days[-1]), (days[2], days[-3])]:
            check_difference(registry, old, new)
        check_files(paths)
        if not every:
            check_versions(registry, paths)
        check_refusals(registry)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
