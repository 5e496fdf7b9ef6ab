"""What the files should say: read from the official XML and from names.tsv
by rules of docs/names.md and docs/exports.md, without any of our programs."""

import re
import xml.etree.ElementTree as ET
from collections import defaultdict

NS = "{http://www.iana.org/assignments}"
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
ALIAS = re.compile(r'entry is an alias to "', re.I)
WEAK = re.compile(r'entry is an alias to "|duplicate of the "|unassigned but '
                  r'widespread use', re.I)
PLAIN = re.compile(r"[!\"$-~]{1,127}\Z")
RANGE_MAX = 64


class Row:
    def __init__(self, element, place):
        def text(tag):
            return " ".join((element.findtext(NS + tag) or "").split())

        self.place = place
        self.name = text("name")
        number = text("number")
        first, _, last = number.partition("-")
        self.first = int(first) if first else None
        self.last = int(last or first) if first else None
        self.protocol = text("protocol")
        self.transports = ((self.protocol,) if self.protocol in TRANSPORTS
                           else () if self.protocol else ("tcp", "udp"))
        note = " ".join(" ".join("".join(n.itertext()).split())
                        for n in element.findall(NS + "note"))
        self.weak = bool(WEAK.search(note))
        self.rfc = any(x.get("type") == "rfc"
                       for x in element.findall(NS + "xref"))

    @property
    def single(self):
        return self.first == self.last


def read_names(path):
    """Everyday names by (port, transport): (name, registered name), and the
    preferred name by (port, transport)."""
    everyday, preferred = defaultdict(list), {}
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        kind, name, target = line.split("\t")[:3]
        if kind == "name":
            port, protocol, registered = target.split("/", 2)
            everyday[int(port), protocol].append((name, registered))
        else:
            port, protocol = target.split("/")
            preferred[int(port), protocol] = name
    return everyday, preferred


class Oracle:
    """entries: (port, transport) -> rows, the preferred first."""

    def __init__(self, xml, names):
        self.everyday, preferred = read_names(names)
        rows = [Row(e, i) for i, e in
                enumerate(ET.parse(xml).getroot().iter(NS + "record"))]
        at = defaultdict(list)
        for row in rows:
            if row.name and row.first is not None and PLAIN.match(row.name):
                for port in range(row.first, row.last + 1):
                    for transport in row.transports:
                        at[port, transport].append(row)
        self.entries = {key: self.order(key, found, preferred.get(key))
                        for key, found in at.items()}

    @staticmethod
    def order(key, found, preferred):
        def strength(row):
            return row.single, bool(row.protocol)

        strongest = max(map(strength, found))
        best = [row for row in found if strength(row) == strongest]
        named = [row for row in best if row.name == preferred]
        sound = [row for row in best if not row.weak]
        first = (named or sound or best)[0]
        return [first] + [row for row in found if row is not first]

    def services(self):
        """(port, transport) -> [name, alias...] of the full profile."""
        kept = {}
        for (port, transport), rows in self.entries.items():
            rows = [row for row in rows
                    if row.last - row.first < RANGE_MAX or port == row.first]
            if rows:
                kept[port, transport] = rows
        first = defaultdict(set)
        for (port, transport), rows in kept.items():
            first[transport, rows[0].name.lower()].add(port)
        wanted = {}
        for key, rows in kept.items():
            names = [row.name for row in rows]
            names += [name for name, registered in self.everyday.get(key, ())
                      if any(row.single and row.name == registered and
                             row.protocol == key[1] for row in rows)]
            names = list(dict.fromkeys(names))
            wanted[key] = names[:1] + [
                name for name in names[1:]
                if not first[key[1], name.lower()]
                or name.lower() == names[0].lower()]
        return wanted
