"""What the ports of a registry are, from its XML alone.

It shares no line with the programs: the rule is design.md's.  A nameless
record says by its first words whether its ports are unassigned or reserved;
all others assign.  A single port beats a range, a protocol beats none, then
the stronger state counts.
"""

import collections
import re
import xml.etree.ElementTree as ET

NS = "{http://www.iana.org/assignments}"
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
NOT_LISTED, UNASSIGNED, RESERVED, ASSIGNED = range(4)
FREE = re.compile(r"\(?unassigned", re.I)
HELD = re.compile(r"(iana )?reserved|de-?registered|de-?assigned|removed|"
                  r"deprecated|de-?comm?iss?ioned|withdrawn|revoked|"
                  r"this entry (has been|is being) removed", re.I)


def text(record, tag):
    found = record.find(NS + tag)
    return "" if found is None else \
        " ".join("".join(found.itertext()).split())


class Record:
    def __init__(self, element):
        self.name = text(element, "name")
        self.protocol = text(element, "protocol").lower()
        self.description = text(element, "description")
        self.date = element.get("date", "")
        number = text(element, "number")
        ends = [int(n) for n in number.split("-")] if number else []
        self.ports = (ends[0], ends[-1]) if ends else None
        self.state = ASSIGNED
        if not self.name and FREE.match(self.description):
            self.state = UNASSIGNED
        elif not self.name and HELD.match(self.description):
            self.state = RESERVED

    def speaks_for(self, transport):
        if self.protocol:
            return self.protocol == transport
        return not self.name or transport in ("tcp", "udp")

    @property
    def weight(self):
        return (self.ports[0] == self.ports[1], bool(self.protocol),
                self.state)


class Registry:
    def __init__(self, data):
        root = ET.fromstring(data)
        self.updated = root.findtext(NS + "updated")
        self.records = [Record(e) for e in root.findall(NS + "record")]

    def states(self, transport):
        """A state for each port; "any": where it is most."""
        if transport == "any":
            return [max(of) for of in zip(*map(self.states, TRANSPORTS))]
        best = [((False, False, NOT_LISTED), NOT_LISTED)] * 65536
        for record in self.records:
            if record.ports is None or not record.speaks_for(transport):
                continue
            entry = record.weight, record.state
            for port in range(record.ports[0], record.ports[1] + 1):
                best[port] = max(best[port], entry)
        return [state for _, state in best]

    def names(self, transport):
        """Names and descriptions that assign each port."""
        out = collections.defaultdict(set)
        for record in self.records:
            if record.ports is None or record.state != ASSIGNED:
                continue
            if transport != "any" and not record.speaks_for(transport):
                continue
            for port in range(record.ports[0], record.ports[1] + 1):
                out[port].add(record.name or record.description)
        return out

    def years(self):
        """Records by year of registration, and how many have no date."""
        by_year = collections.Counter(r.date[:4] for r in self.records)
        return by_year, by_year.pop("", 0)
