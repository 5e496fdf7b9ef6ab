#!/usr/bin/env python3
"""The findings of an official XML file, found a second time.

usage: oracle.py FILE.xml    prints CODE, kind and record, one finding a line

It shares no line with the program and works otherwise: ports are looked at
one by one, in sets.  Rules that no official file of any date breaks are not here;
the unit tests have them.
"""

import bisect
import collections
import itertools
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
import registry as oracle  # noqa: E402

NS = oracle.NS
ERA = "2011-09"  # RFC 6335 is of August 2011
V, H, B, I = "violation", "history", "bookkeeping", "information"
STATUS = re.compile(
    r"\(?unassigned|(iana )?reserved|de-?registered|de-?assigned|removed|"
    r"this entry (has been|is being) removed|deprecated|de-?comm?issioned|"
    r"withdrawn|revoked",
    re.I)
ALIAS = re.compile(r'This entry is an alias to "([^"]*)"')
TWIN = re.compile(
    r'IANA assigned this well-formed service name as a replacement for '
    r'"([^"]*)"')
UNAUTHORIZED = re.compile(
    "unauthori[sz]ed use|widespread use|unoffic|conflict|also used by", re.I)
TRANSPORTS = ("tcp", "udp")


class Row:
    """A record, with what the rules ask of it."""

    def __init__(self, record, index):
        c = record.columns
        self.index, self.key, self.elem = index, record.key, record.elem
        self.name, self.number = c[oracle.NAME], c[oracle.NUMBER]
        self.protocol = c[oracle.PROTOCOL]
        self.description, self.note = c[oracle.DESCRIPTION], c[oracle.NOTE]
        self.date, self.updated = c[oracle.REGISTERED], c[oracle.MODIFIED]
        self.reference, self.sc = c[oracle.REFERENCE], c[oracle.SC]
        self.contact, self.unauthorized = (
            c[oracle.CONTACT], c[oracle.UNAUTHORIZED])
        holder = oracle.child(record.elem, "assignee")
        self.assignee = ("" if holder is None else oracle.brackets(
            holder.findall(NS + "xref")))
        self.fold = self.name.lower()
        self.new = bool(self.name) and self.date >= ERA
        first, _, last = self.number.partition("-")
        self.ports = (range(int(first), int(last or first) + 1) if first
                      else range(0))
        match = ALIAS.search(self.note)
        self.alias = match[1] if match else None
        word = STATUS.match(self.description)
        self.state = ("assigned" if self.name or not word else
                      "unassigned" if "unassigned" in word[0].lower()
                      else "reserved")

    def age(self):
        return self.date, self.index

    def has(self, tag):
        return oracle.child(self.elem, tag) is not None

    def raw(self, tag):
        sub = oracle.child(self.elem, tag)
        return "" if sub is None else oracle.flat(sub)

    def bare(self):
        """All but number and dates, to see whether two rows are alike."""
        return (self.name, self.protocol, self.description, self.note,
                self.reference, self.contact, self.assignee,
                self.unauthorized, self.sc)


class Findings(list):
    def add(self, code, kind, key):
        self.append((code, kind, key))

    def era(self, code, old, new, row):
        self.add(code, new if row.new else old, row.key)


def groups(rows, key):
    found = collections.defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def check_names(rows, out):
    named = [r for r in rows if r.name]
    seen = set()
    for row in named:
        if len(row.name) > 15:
            out.add("NAME-LEN", V, row.key)
        if not re.search("[A-Za-z]", row.name):
            out.add("NAME-LETTER", V, row.key)
        if row.name.startswith("-") or row.name.endswith("-"):
            out.add("NAME-EDGE", V, row.key)
        if "--" in row.name:
            out.add("NAME-DBLHYPHEN", V, row.key)
        if re.search("[^A-Za-z0-9-]", row.name):
            out.era("NAME-CHAR", H, V, row)
            if row.alias is None:
                out.add("NAME-ALIAS-NOTE", V, row.key)
        if row.fold not in seen:
            words = re.split("[^a-z0-9]+", row.fold)
            if {"port", "service", "protocol"} & set(words):
                out.era("NAME-REDUNDANT", H, I, row)
            if re.search(r".v\d+$", row.fold):
                out.era("NAME-VERSION", H, I, row)
        seen.add(row.fold)
    for row in rows:
        if not row.name and row.has("name"):
            out.add("NAME-EMPTY-ELEMENT", B, row.key)
        if not row.name and row.state == "assigned":
            out.add("NAME-MISSING", H, row.key)
    for same in groups(
            named, lambda r: (r.name, r.protocol, r.number)).values():
        for row in sorted(same, key=Row.age)[1:]:
            out.add("NAME-DUP-ROW", V, row.key)
    for same in groups(named, lambda r: r.fold).values():
        numbers = {r.number for r in same if r.number}
        first = same[0]
        if len(numbers) > 1:
            ported = sorted((r for r in same if r.number), key=Row.age)
            old = [r for r in same if r.number and not r.new]
            had = {r.number for r in old} | {ported[0].number}
            if numbers - had:
                for number in numbers - had:
                    out.add("NAME-MULTIPORT", V, next(
                        r.key for r in same if r.number == number))
            else:
                out.add("NAME-MULTIPORT", H, next(
                    r.key for r in old if r.number != old[0].number))
        if numbers and any(not r.number for r in same):
            other = next(r for r in same if bool(r.number)
                         != bool(first.number))
            out.era("NAME-BOTH", H, I, other)


def check_states(rows, out):
    """The table of ports, a set of rows a port and transport."""
    cover = collections.defaultdict(list)
    for row in rows:
        if row.protocol:
            transports = [row.protocol]
        else:
            transports = TRANSPORTS
        for port in row.ports:
            for transport in transports:
                cover[port, transport].append(row)
    whole = set()  # ranges that should have been split
    gaps = {port: " and ".join(t for t in TRANSPORTS if not cover[port, t])
            for port in range(-1, 49153)}
    for port in range(49152):
        if gaps[port] and gaps[port] != gaps[port - 1]:
            last = port
            while gaps[last + 1] == gaps[port] and last < 49151:
                last += 1
            out.add("PORT-GAP", B, "%s/%s/-" % (
                port if last == port else "%d-%d" % (port, last),
                "-" if "and" in gaps[port] else gaps[port]))
        for one, other in (("tcp", "udp"), ("udp", "tcp")):
            here, there = cover[port, one], cover[port, other]
            states = {r.state for r in here}
            if len(states) > 1:
                row = max(here, key=lambda r: (
                    -len(r.ports), r.state == "assigned"))
                out.era("PORT-MIXED", B, V, row)
                whole.update(r.key for r in here if r.state != row.state
                             and r.state != "assigned" and len(r.ports) > 1
                             and r.number != row.number)
            holders = [r for r in here if r.name and r.protocol]
            if not holders or any(r.name for r in there):
                continue
            if not there:
                out.era("PORT-SIBLING-MISSING", B, V, holders[0])
            elif any(r.state == "unassigned" for r in there):
                out.era("PORT-SIBLING-UNASSIGNED", B, V, holders[0])
    for row in rows:
        if row.name and row.protocol == "sctp" and row.number:
            if not any(r.protocol in TRANSPORTS for t in TRANSPORTS
                       for p in row.ports for r in cover[p, t]):
                out.era("PORT-SCTP-ALONE", H, V, row)
    return whole


def check_ports(rows, out):
    whole = check_states(rows, out)
    numbered = [r for r in rows if r.number]
    for row in numbered:
        if row.ports[-1] > 49151:
            out.add("PORT-DYNAMIC", V, row.key)
        for edge in (0, 1023, 1024, 49151):
            if edge in row.ports and row.state != "reserved":
                out.add("PORT-EDGE", V, row.key)
        if row.name and "-" in row.number:
            out.era("PORT-NAMED-RANGE", H, V, row)
        if row.name and not row.protocol:
            out.era("PORT-NOPROTO", H, V, row)
        if row.state != "assigned" and row.description not in (
                "Unassigned", "Reserved"):
            out.add("PORT-STATUSWORD", H, row.key)
        if row.name and row.ports[0] < 1024 and not row.reference:
            out.era("FIELD-REF-SYSTEM", H, V, row)
    free = [r for r in numbered
            if r.state == "unassigned" and not r.protocol]
    for same in groups(free, lambda r: r.protocol).values():
        same.sort(key=lambda r: (r.ports[0], -r.ports[-1]))
        for a, b in zip(same, same[1:]):
            if b.ports[0] <= a.ports[-1] + 1 and a.bare() == b.bare():
                out.add("PORT-UNMERGED", B, b.key)
    status = [r for r in numbered if r.state != "assigned"]
    taken = {}
    for row in sorted(status, key=lambda r: (r.ports[0], -r.ports[-1])):
        places = [(p, row.protocol, row.state) for p in row.ports]
        if any(place in taken for place in places):
            out.add("PORT-DUPSTATE", B, row.key)
            wide = max((taken[p] for p in places if p in taken),
                       key=lambda r: (r.ports[-1], -r.ports[0]))
            if len(wide.ports) > 1 and wide.number != row.number:
                whole.add(wide.key)
        taken.update((place, row) for place in places
                     if place not in taken
                     or taken[place].ports[-1] < row.ports[-1])
    for key in whole:
        out.add("PORT-UNSPLIT", B, key)
    named = [r for r in numbered if r.name]
    for same in groups(named, lambda r: (r.number, r.protocol)).values():
        own = [r for r in same if r.alias is None]
        bare = [r for r in own if r.new and "[RFC" not in r.reference
                and r != min(own, key=Row.age)]
        for row in bare if len(own) > 1 else []:
            out.add("PORT-OVERLOAD", V, row.key)
        if len(own) > 1 and not bare:
            later = [r for r in own if r.new and r != min(own, key=Row.age)]
            out.add("PORT-OVERLOAD", I if later else H,
                    (later or own[1:])[0].key)
        elif len(same) > 1:
            out.era("PORT-OVERLOAD-ALIAS", H, V, same[1])
    for same in groups(named, lambda r: r.number).values():
        tcp = {r.fold for r in same if r.protocol == "tcp"}
        udp = {r.fold for r in same if r.protocol == "udp"}
        if tcp and udp and not tcp & udp:
            out.add("PORT-SPLITNAME", I, next(
                r.key for r in same if r.protocol == max(
                    TRANSPORTS, key=lambda t: next(
                        s.index for s in same if s.protocol == t))))


def check_codes(rows, out):
    for row in rows:
        if row.name and row.number and row.protocol == "dccp" and not row.sc:
            out.era("SC-MISSING", I, V, row)
        if row.sc:
            text = int(row.sc).to_bytes(4, "big").rstrip(b" ")
            if not re.fullmatch(rb"[A-Za-z0-9_+.*/?@-]{1,4}", text):
                out.add("SC-TEXT", V, row.key)


def check_fields(rows, out):
    for row in rows:
        if not row.name:
            continue
        if re.search(r"\s", row.name):
            out.add("FIELD-WS", B, row.key)
        if not row.protocol:
            out.era("FIELD-PROTO", H, V, row)
        if not row.description:
            out.era("FIELD-DESC", H, V, row)
        if not row.assignee:
            out.era("FIELD-ASSIGNEE", H, V, row)
        if not row.contact:
            out.era("FIELD-CONTACT", H, V, row)
        if not row.reference:
            out.add("FIELD-REF", I, row.key)
        if not row.assignee and not row.contact and not row.reference:
            out.era("FIELD-NOBODY", H, V, row)
        if not row.date:
            out.add("FIELD-DATE", H, row.key)
        if row.assignee == "[IESG]" and not row.reference:
            out.add("FIELD-REF-IESG", B, row.key)
        rfcs = [x for x in row.elem.findall(NS + "xref")
                if x.get("type") == "rfc"]
        if row.new and rfcs and not (row.assignee == "[IESG]"
                                     and "[IETF_Chair]" in row.contact):
            out.add("IESG-PARTY", I, row.key)


def check_hygiene(rows, out):
    for row in rows:
        for date in (row.date, row.updated):
            if re.fullmatch(r"\d{4}-\d\d", date):
                out.add("DATE-MONTH-ONLY", B if date >= ERA else H, row.key)
        n = min(len(row.date), len(row.updated))
        if n and row.updated[:n] < row.date[:n]:
            out.add("DATE-ORDER", B, row.key)
        if row.has("note") and not row.note:
            out.add("NOTE-EMPTY", B, row.key)
        description = row.raw("description")
        if description != description.strip():
            out.add("DESC-WS", B, row.key)
        if row.state != "assigned":
            if row.assignee or row.contact:
                out.add("RES-PARTY", H, row.key)
            if row.date:
                out.add("RES-REGDATE", I, row.key)
            if row.unauthorized:
                out.add("UNAUTH-STATE", I, row.key)
        if row.number and UNAUTHORIZED.search(row.note):
            out.add("UNAUTH-NOTE", H, row.key)


def check_people(registry, out):
    listed = {p.id for p in registry.people}
    used = {x.get("data") for x in registry.root.iter(NS + "xref")
            if x.get("type") == "person"}
    for record in registry.records:
        for x in record.elem.iter(NS + "xref"):
            if x.get("type") == "person" and x.get("data") not in listed:
                out.add("PERSON-DANGLING", V, record.key)
    seen = set()
    for person in registry.people:
        if person.id in seen:
            out.add("PERSON-DUP", V, person.id)
        seen.add(person.id)
        if person.id not in used:
            out.add("PERSON-UNUSED", V, person.id)
        if not any(person.uris):
            out.add("PERSON-ADDRESS", B if (person.updated or "") >= ERA
                    else H, person.id)


def is_sorted(names):
    return names == sorted(names)


def check_order(rows, out):
    # The fewest without which the rest stands in order.
    places = [r.ports[0] if r.number else 65536 for r in rows]
    heads, chains = [], []
    for place, row in zip(places, rows):
        at = bisect.bisect_right(heads, place)
        heads[at:at + 1] = [place]
        chains[at:at + 1] = [(row, chains[at - 1] if at else None)]
    kept, chain = set(), chains[-1]
    while chain:
        kept.add(chain[0].index)
        chain = chain[1]
    for row in rows:
        if row.index not in kept:
            out.add("SORT-NUMBER", V, row.key)
    runs = [list(run) for bare, run in itertools.groupby(
        rows, lambda r: not r.number) if bare]
    for run in runs:
        names = [r.fold for r in run]
        for i in range(1, len(run)):
            if names[i - 1] <= names[i]:
                continue
            lone = [k for k in (i, i - 1) if is_sorted(
                names[max(0, i - 2):k] + names[k + 1:i + 2])]
            out.add("SORT-NAME", I, run[(lone or [i])[0]].key)


def findings(path):
    """(code, kind, record) of each, sorted."""
    registry = oracle.Registry(path)
    rows = [Row(r, i) for i, r in enumerate(registry.records)]
    out = Findings()
    check_names(rows, out)
    check_ports(rows, out)
    check_codes(rows, out)
    check_fields(rows, out)
    check_hygiene(rows, out)
    check_people(registry, out)
    check_order(rows, out)
    return sorted(out)


if __name__ == "__main__":
    for finding in findings(sys.argv[1]):
        print("\t".join(finding))
