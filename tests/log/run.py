#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# limit: 400 seconds
"""The stories in *.txt, told by hand from the XML, against `portbook log`.

usage: run.py [all]     all: on the image of every version, as imported

Otherwise the image has the editions of the stories' dates, the one before each,
the first and the last.  Of each story the events must be those of the file, in
the order of their dates; within one date their order is free.
"""
import csv
import io
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common import editions, official  # noqa: E402
from common.outcome import cannot, expect, finish  # noqa: E402
from common.program import ask, build, imported  # noqa: E402


def read_story(path):
    """The query, and (date, kind, before, after) of each line."""
    query, events = None, []
    for line in path.read_text().splitlines():
        if line.startswith("# portbook log "):
            query = line.removeprefix("# portbook log ").strip()
        elif line and not line.startswith("#"):
            events.append(tuple(line.split("\t")))
    return query, events


def key_of(side):
    return side["id"] if side else "-"


def told(answer):
    return [(e["date"], e["kind"], key_of(e["before"]), key_of(e["after"]))
            for e in answer["events"]]


def check_story(registry, query, events):
    status, out, err = ask(registry, "-q", "log", "--json", query)
    answer = json.loads(out)
    got = told(answer)
    expect("log %s" % query, sorted(got), sorted(events))
    expect("log %s: by date" % query, [e[0] for e in got],
           sorted(e[0] for e in events))
    expect("log %s: status and talk" % query, (status, err), (0, ""))
    expect("log %s: id" % query,
           [e["id"] for e in answer["events"]],
           [e[3] if e[3] != "-" else e[2] for e in got])
    check_formats(registry, query, answer)


def check_formats(registry, query, answer):
    """The other formats tell the same as the JSON."""
    lines = ask(registry, "-q", "log", "--format", "jsonl",
                query)[1].splitlines()
    expect("log %s: jsonl" % query, [json.loads(line) for line in lines],
           answer["events"])
    flat = [[e["date"], e["kind"], e["before"]["id"] if e["before"] else "",
             e["after"]["id"] if e["after"] else "", " ".join(e["fields"])]
            for e in answer["events"]]
    head = ["date", "kind", "before", "after", "fields"]
    for name, delimiter in (("csv", ","), ("tsv", "\t")):
        out = ask(registry, "-q", "log", "--format", name, query)[1]
        rows = list(csv.reader(io.StringIO(out), delimiter=delimiter))
        expect("log %s: %s" % (query, name), rows, [head] + flat)
    text = ask(registry, "-q", "log", query)[1]
    heads = [line.split()[:2] for line in text.splitlines()
             if line[:1].isdigit()]
    expect("log %s: text" % query, heads, [row[:2] for row in flat])


def check_fields(registry):
    """What changed, by the XML of 2025-10-16 and of 2025-10-30."""
    answer = json.loads(ask(
        registry, "-q", "log", "--json", "4319/tcp")[1])
    moved = [e for e in answer["events"] if e["date"] == "2025-10-30"]
    expect("fields", [(e["kind"], e["fields"]) for e in moved],
           [("renamed", ["name", "description", "modified"]),
            ("transferred", ["assignee"])])
    expect("before and after",
           [(e["before"]["assignee"], e["after"]["assignee"]) for e in moved],
           [(["Fox_Crypto_BV"], ["Sentyron_B.V."])] * 2)
    text = ask(registry, "-q", "log", "4319/tcp")[1]
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for line in ("since before 2015-05-04",
                 "name: fox-skytale -> skytale",
                 "assignee: Fox_Crypto_BV -> Sentyron_B.V.",
                 "description: Fox SkyTale encrypted communication -> "
                 "Sentyron SkyTale encrypted communication"):
        expect("text has %r" % line, line in lines, True)
    expect("since", [r["id"] for r in answer["since"]], ["4317-4319/-/-"])


def check_keys(registry):
    """A record by its key, whichever it had, is one story."""
    def story(query):
        return told(json.loads(ask(
            registry, "-q", "log", "--json", query)[1]))

    expect("a former key", story("4319/tcp/fox-skytale"),
           story("4319/tcp/skytale"))
    expect("a key has its own alone",
           {e[3] for e in story("4319/tcp/skytale")},
           {"4319/tcp/fox-skytale", "4319/tcp/skytale"})
    expect("a name of the past", [e[1] for e in story("fox-skytale/tcp")],
           ["assigned", "modified", "renamed", "transferred"])
    expect("as of", story("4319") and told(json.loads(ask(
        registry, "-q", "--as-of", "2024-12-31", "log", "--json",
        "4319")[1])), [e for e in story("4319") if e[0] < "2024-12-31"])
    expect("in any case", story("SNIF"), story("snif"))


def check_person(registry):
    """Mark_Revier came with the edition of 2024-06-07."""
    status, out, _ = ask(registry, "-q", "log", "--json", "Mark_Revier")
    events = json.loads(out)["events"]
    expect("a person", (status, [(e["date"], e["kind"], e["before"])
                                 for e in events
                                 if e["kind"] == "person"][:1]),
           (0, [("2024-06-07", "person", None)]))
    records = [e for e in events if e["kind"] != "person"]
    expect("a person's records", [
        e["id"] for e in records
        if "Mark_Revier" not in (e["before"] or {}).get("contact", []) +
        (e["before"] or {}).get("assignee", []) +
        (e["after"] or {}).get("contact", []) +
        (e["after"] or {}).get("assignee", [])], [])
    expect("a person's first record", [
        (e["date"], e["kind"], e["id"], e["before"]["contact"],
         e["after"]["contact"]) for e in records][:1],
           [("2024-06-07", "modified", "4319/tcp/fox-skytale",
             ["Frans_van_Dorsselaer"], ["Mark_Revier"])])


def check_since(registry):
    """Of that day and later: cut out of what is told without --since."""
    def events(*words):
        out = ask(registry, "-q", "log", "--json", *words)[1]
        return [(e["date"], e["kind"], e["id"])
                for e in json.loads(out)["events"]]
    every = events("--all")
    days = sorted({e[0] for e in every})
    for day in (days[0], days[len(days) // 2], days[-1]):
        expect(f"since {day}", events("--all", "--since", day),
               [e for e in every if e[0][:10] >= day[:10]]
               if len(day) == 10 else [e for e in every if e[0] >= day])
    expect("since before all", events("--all", "--since", "1999-01-01"), every)
    expect("since later than all",
           ask(registry, "-q", "log", "--since", "2999-01-01"),
           (1, "", ""))
    for word in ("", "x", "2020"):
        status, _, err = ask(registry, "log", "--since", word)
        expect(f"since '{word}'", (status, "write YYYY-MM-DD" in err),
               (2, True))


def check_general(registry):
    status, out, err = ask(registry, "log", "--json")
    answer = json.loads(out)
    dates = [e["date"] for e in answer["events"]]
    kinds = {e["kind"] for e in answer["events"]}
    expect("the newest first", (status, dates), (0, sorted(dates)[::-1]))
    expect("no upkeep", kinds & {"editorial", "person"}, set())
    expect("total", answer["total"], len(dates))
    every = json.loads(ask(
        registry, "-q", "log", "--all", "--json")[1])
    expect("--all has upkeep, too",
           {"editorial", "person"} <= {e["kind"] for e in every["events"]},
           True)
    expect("--all has the rest, too",
           [e for e in every["events"]
            if e["kind"] not in ("editorial", "person")], answer["events"])
    pages, page = [], 1
    while page:
        one = json.loads(ask(
            registry, "-q", "log", "--json", "--page", str(page))[1])
        pages += one["events"]
        page = one["next"]
    expect("pages", pages, answer["events"])
    expect("a page", len(json.loads(ask(
        registry, "-q", "log", "--json", "--page", "1")[1])["events"]),
           min(100, len(dates)))


def check_nothing(registry):
    for words, status in ((["no-such-name-at-all"], 1), (["70000"], 2),
                          (["443/tcp/no-such-name"], 1), (["1", "2"], 2),
                          (["--page", "0"], 2), (["--page", "99999"], 1),
                          (["--sort", "name", "1"], 2)):
        got, out, err = ask(registry, "log", *words)
        expect("log %s" % " ".join(words), (got, out, err != ""),
               (status, "", True))
    for as_of, word, has in (
            ([], "fox-skytale", "the registry had it once: portbook log"),
            (["--as-of", "2024-12-31"], "fox-skytale/sctp",
             "it is: fox-skytale (4319/tcp), fox-skytale (4319/udp)"),
            (["--as-of", "2024-12-31"], "skytale", "no such service name")):
        got, out, err = ask(registry, *as_of, word)
        expect("hint for %s" % word, (got, out, has in err), (1, "", True))
    # A row that stands unchanged since the first edition.
    got, out, _ = ask(registry, "-q", "log", "1/tcp/tcpmux")
    expect("nothing happened to tcpmux", (got, out.splitlines()[:1]),
           (1, ["since before 2015-05-04"]))


def main():
    if not editions.available():
        cannot(official.NONE)
    stories = [read_story(p) for p in sorted(HERE.glob("*.txt"))]
    with tempfile.TemporaryDirectory() as tmp:
        if sys.argv[1:] == ["all"]:
            registry = imported(tmp + "/state", official.ARCHIVE)
        else:
            dates = {e[0] for _, events in stories for e in events}
            paths = editions.extract(
                editions.around(editions.names(), dates), tmp)
            registry = build(tmp + "/some.image", *paths)
        for query, events in stories:
            check_story(registry, query, events)
        check_fields(registry)
        check_keys(registry)
        check_person(registry)
        check_general(registry)
        check_since(registry)
        check_nothing(registry)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
