#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# limit: 300 seconds
"""Searches and lookups of the past, beside the registry of their day alone.

usage: run.py [all]     all: on the image of every version, as imported

What a search finds in an image of many versions as of a date, in which order
and on which page, has to be what an image of that date's XML alone tells.
Words are cut out of the XML itself, at random: some are had by half of all
records, some by one, some by none but records that are gone.
"""
import json
import pathlib
import random
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common import editions, official  # noqa: E402
from common.outcome import cannot, expect, finish  # noqa: E402
from common.program import ask, build, imported  # noqa: E402

EDITIONS = 14
ASKED = 5
SEARCHES = 30
LOOKUPS = 40
# One byte and two and three, had by all, by many, by few and by none.
WORDS = ("a", "3", "tcp", "in", "rfc", "http", "openstack", "remote control",
         "tcp udp", "2026", "zzzz", "\u00e9", "a 1 tcp service")
TEXT = re.compile(r"<(?:name|description|note)>([^<&]+)<")


def cut_words(texts, count, rng):
    """Pieces of texts, of one to twelve letters; some of them in pairs."""
    words = []
    while len(words) < count:
        parts = []
        for text in rng.sample(texts, rng.choice((1, 1, 2))):
            at = rng.randrange(len(text))
            parts += text[at:at + rng.randrange(1, 13)].split()[:1]
        if parts and not parts[0].startswith("-"):
            words.append(" ".join(parts))
    return words


def texts_of(paths):
    return sorted({t for p in paths
                   for t in TEXT.findall(p.read_text(encoding="utf-8"))})


def total_of(registry, as_of, text):
    out = ask(registry, "-q", *as_of, "--json", "search",
              "--", text)[1]
    answer = json.loads(out)
    return answer["total"], answer["pages"]


def check_search(registry, alone, date, text, rng):
    as_of = ("--as-of", date)
    total, pages = total_of(alone, (), text)
    expect("%s %r: total" % (date, text), total_of(registry, as_of, text),
           (total, pages))
    for page in sorted({1, pages, rng.randrange(1, max(pages, 1) + 1)} - {0}):
        words = ("-q", "--format", "tsv", "search", "--page", str(page), "--",
                 text)
        expect("%s %r, page %d" % (date, text, page),
               ask(registry, *as_of, *words),
               ask(alone, *words))
    return total


def check_lookups(registry, alone, date, asked):
    answers = [json.loads(ask(
        which, "-q", *words, "--json", "lookup", "-",
        stdin="\n".join(asked).encode() + b"\n")[1])
        for which, words in ((registry, ("--as-of", date)), (alone, ()))]
    expect("%s: answers" % date, [len(a) for a in answers], [len(asked)] * 2)
    for what, got, want in zip(asked, *answers):
        for answer in (got, want):
            answer.pop("registry", None)
        expect("%s %s" % (date, what), got, want)


def names_of(paths):
    return sorted({n for p in paths for n in re.findall(
        r"<name>([a-z0-9-]+)</name>", p.read_text(encoding="utf-8"))})


def main():
    if not editions.available():
        cannot(official.NONE)
    every = sys.argv[1:] == ["all"]
    seed = random.randrange(1 << 32)
    rng = random.Random(seed)
    print("seed", seed)
    with tempfile.TemporaryDirectory() as tmp:
        names = editions.names()
        wanted = {names[0], names[-1]} | set(rng.sample(names, EDITIONS))
        paths = editions.extract(sorted(wanted), tmp)
        registry = (imported(tmp + "/state", official.ARCHIVE) if every else
                    build(tmp + "/some.image", *paths))
        # A date is the last edition of its day.
        last = {editions.order(n)[0]: n for n in names}
        dates = {date: pathlib.Path(tmp, name) for date, name in last.items()
                 if pathlib.Path(tmp, name) in paths}
        days = sorted(dates)
        texts, known = texts_of((paths[0], paths[-1])), names_of(
            (paths[0], paths[-1]))
        for date in [days[0]] + rng.sample(days[1:], ASKED - 1):
            alone = build(tmp + "/alone.image", dates[date])
            found = 0
            for text in (*WORDS, *cut_words(texts, SEARCHES, rng)):
                total = check_search(registry, alone, date, text, rng)
                found += total > 0
            expect("%s: most words are found" % date,
                   found > SEARCHES / 2, True)
            ports = ["%d%s" % (rng.randrange(65536), rng.choice(
                ("", "/tcp", "/udp", "/sctp"))) for _ in range(LOOKUPS)]
            check_lookups(registry, alone, date,
                          ports + rng.sample(known, 2 * LOOKUPS))
            print("ok as of %s: %d searches find something" % (date, found))
    return finish()


if __name__ == "__main__":
    sys.exit(main())
