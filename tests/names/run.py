#!/usr/bin/env python3
"""Checks data/names.tsv against the registry, and both against netbase.

Reads the newest service-names-port-numbers.*.xml of $PORTBOOK_REGISTRY_DIR,
/etc/services, data/names.tsv and netbase.tsv beside this file.  With -v it
lists every entry of /etc/services with its verdict, and the preferred row of
every port that needs a decision.

  same     the registry has a row with that name, port and protocol
  via      data/names.tsv leads from the name to that port and protocol
  differs  the name exists, here or there, but not with that port and protocol
  unknown  the name exists nowhere

netbase.tsv has a line for every entry that is not "same", with the reason.
Prints "N passed, N failed"; exits 1 on a failure, 77 where it cannot run.
"""

import re
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common import official  # noqa: E402
from common.outcome import cannot, expect, finish  # noqa: E402
from common.program import SOURCE  # noqa: E402

NAMES = SOURCE / "data" / "names.tsv"
TABLE = HERE / "netbase.tsv"
SERVICES = Path("/etc/services")
NS = "{http://www.iana.org/assignments}"
VERDICTS = ("same", "via", "differs", "unknown")
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")

ALIAS = re.compile(r'entry is an alias to "', re.I)
DEFAULT_SKIPS = re.compile(
    r'entry is an alias to "|duplicate of the "|unassigned but widespread use',
    re.I)


class Row:
    def __init__(self, element):
        def text(tag):
            return " ".join((element.findtext(NS + tag) or "").split())

        self.name = text("name")
        self.number = text("number")
        self.protocol = text("protocol")
        self.key = "/".join(
            part or "-" for part in (self.number, self.protocol, self.name))
        notes = " ".join(" ".join("".join(note.itertext()).split())
                         for note in element.findall(NS + "note"))
        self.alias = bool(ALIAS.search(notes))
        self.skipped = bool(DEFAULT_SKIPS.search(notes))
        first, _, last = self.number.partition("-")
        self.first = int(first) if first else None
        self.last = int(last or first) if first else None
        # A named row with a number and no protocol speaks for tcp and udp.
        self.transports = ((self.protocol,) if self.protocol
                           else ("tcp", "udp") if first else ())

    def has(self, port, transport):
        return (self.first is not None and self.first <= port <= self.last
                and transport in self.transports)


class Registry:
    def __init__(self, path):
        self.rows = [Row(r) for r in ET.parse(path).getroot().iter(NS + "record")]
        self.named = [r for r in self.rows if r.name]
        self.by_name = defaultdict(list)
        self.by_key = {}
        self.at = defaultdict(list)
        for row in self.named:
            self.by_name[row.name.lower()].append(row)
            self.by_key.setdefault(row.key, row)
            if row.first is None:
                continue
            for transport in row.transports:
                for port in range(row.first, row.last + 1):
                    self.at[port, transport].append(row)

    def candidates(self, port, transport):
        """The rows that the default rule leaves to choose from; the most
        exact ones only: a single number beats a range."""
        rows = [r for r in self.at[port, transport] if not r.skipped]
        single = [r for r in rows if r.first == r.last]
        rows = single or rows
        exact = [r for r in rows if r.protocol]
        return exact or rows

    def ambiguous(self):
        return sorted(pair for pair, rows in self.at.items()
                      if len(rows) > 1 and len(self.candidates(*pair)) > 1)


def check(where, problems):
    expect(where, problems, [])


def read_table(path, columns):
    """Lines of a table, each as (where, fields); comments are left out."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        check(path.name, [str(error)])
        return []
    whole = []
    if "\r" in text:
        whole.append("a carriage return")
    if not text.endswith("\n"):
        whole.append("the last line has no end")
    check(path.name, whole)
    lines = []
    for at, line in enumerate(text.split("\n")[:-1], 1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        where = f"{path.name}:{at}"
        if len(fields) != columns:
            check(where, [f"{len(fields)} columns, not {columns}"])
        else:
            lines.append((where, fields))
    return lines


def field_problems(fields):
    problems = []
    for field in fields:
        if not field:
            problems.append("an empty field")
        elif field != " ".join(field.split()) or not field.isprintable():
            problems.append(f"stray blanks or controls in {field!r}")
    return problems


def split_port(text):
    m = re.fullmatch(r"(0|[1-9]\d{0,4})/([a-z]+)", text)
    return (int(m[1]), m[2]) if m and int(m[1]) <= 65535 else None


def name_problems(registry, name, target):
    """A line of kind `name`; returns its problems and (port, transport)."""
    parts = target.split("/", 2)
    if len(parts) != 3:
        return ["the target is not NUMBER/PROTOCOL/NAME"], None
    pair = split_port("/".join(parts[:2]))
    if pair is None or pair[1] not in TRANSPORTS:
        return ["the target is not a single port of a transport"], None
    row = registry.by_key.get(target)
    problems = []
    if row is None:
        problems.append("the registry has no record " + target)
    elif row.alias:
        problems.append("the target is a historic alias row")
    if name != name.lower():
        problems.append("the name has upper case letters")
    for other in registry.by_name.get(name.lower(), ()):
        if other.first is not None and pair[1] in other.transports:
            problems.append("the registry has that name itself: " + other.key)
    return problems, pair


def prefer_problems(registry, name, target):
    """A line of kind `prefer`; returns its problems and (port, transport)."""
    pair = split_port(target)
    if pair is None or pair[1] not in TRANSPORTS:
        return ["the target is not PORT/PROTOCOL"], None
    problems = []
    rows = [r for r in registry.at.get(pair, ()) if r.name == name]
    if not rows:
        problems.append(f"no row {name} on {target}")
    elif rows[0].alias:
        problems.append("the preferred row is a historic alias")
    if [r.name for r in registry.candidates(*pair)] == [name]:
        problems.append("not needed: the notes decide for it already")
    return problems, pair


def check_names(registry):
    """Checks data/names.tsv; returns (ways, preferences):
    folded name -> set of (port, transport), and (port, transport) -> name."""
    ways = defaultdict(set)
    preferences = {}
    seen = set()
    previous = None
    for where, fields in read_table(NAMES, 5):
        kind, name, target = fields[:3]
        problems = field_problems(fields)
        pair = None
        if kind == "name":
            more, pair = name_problems(registry, name, target)
        elif kind == "prefer":
            more, pair = prefer_problems(registry, name, target)
        else:
            more = ["unknown kind " + kind]
        problems += more
        if fields[3] and not fields[3].endswith("."):
            problems.append("the reason is not a sentence")
        if pair:
            # One line a name and transport; one line a port and transport.
            once = (kind, name, pair[1]) if kind == "name" else (kind, pair)
            if once in seen:
                problems.append("said twice")
            seen.add(once)
            order = (kind, pair[0], pair[1], name)
            if previous and order <= previous:
                problems.append("out of order")
            previous = order
            if kind == "name":
                ways[name.lower()].add(pair)
            else:
                preferences[pair] = name
        check(where, problems)
    return ways, preferences


def check_preferences(registry, preferences, verbose):
    for port, transport in registry.ambiguous():
        names = [r.name for r in registry.candidates(port, transport)]
        chosen = preferences.get((port, transport))
        if verbose:
            print(f"prefer   {port}/{transport:<5} {chosen or '?':<15} of "
                  + ", ".join(names))
        check(f"{port}/{transport}", [] if chosen else
              ["not decided between " + ", ".join(names)])


def read_services():
    """Names and aliases of /etc/services, each an entry of its own."""
    for line in SERVICES.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if len(words) >= 2:
            for name in [words[0]] + words[2:]:
                yield name, words[1]


def verdict(registry, ways, name, where):
    port, transport = where.split("/")
    port = int(port)
    rows = registry.by_name.get(name.lower(), ())
    if any(row.has(port, transport) for row in rows):
        return "same"
    targets = ways.get(name.lower(), ())
    if (port, transport) in targets:
        return "via"
    return "differs" if rows or targets else "unknown"


def check_services(registry, ways, verbose):
    expected = {}
    table = read_table(TABLE, 4)
    for where, fields in table:
        expected.setdefault((fields[0], fields[1]), fields)
    entries = list(dict.fromkeys(read_services()))
    for name, at in entries:
        got = verdict(registry, ways, name, at)
        want = expected[name, at][2] if (name, at) in expected else "same"
        if verbose:
            print(f"{got:<8} {at:<10} {name}")
        check(f"{name} {at}", [] if got == want else
              [f"is {got}, the table says {want}"])

    present = set(entries)
    seen = set()
    for where, fields in table:
        problems = field_problems(fields)
        entry = (fields[0], fields[1])
        if fields[2] not in VERDICTS[1:]:
            problems.append(f"not a verdict for this table: {fields[2]}")
        elif (fields[3] == "-") != (fields[2] == "via"):
            problems.append("differs and unknown need a reason, via has '-'")
        if entry not in present:
            problems.append("stale: /etc/services has no such entry")
        if entry in seen:
            problems.append("said twice")
        seen.add(entry)
        check(where, problems)


def main():
    verbose = "-v" in sys.argv[1:]
    if not official.newest():
        cannot(official.NONE)
    if not SERVICES.exists():
        cannot("no /etc/services")
    registry = Registry(official.newest())
    ways, preferences = check_names(registry)
    check_preferences(registry, preferences, verbose)
    check_services(registry, ways, verbose)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
