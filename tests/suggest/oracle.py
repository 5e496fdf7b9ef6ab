"""Which ports are free, computed a second time: from the XML with ElementTree
and from the manual's words, with nothing of portbook's own."""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parent / "oracle"))
import registry  # noqa: E402

TRANSPORTS = ("tcp", "udp", "sctp", "dccp")
NOT_LISTED, UNASSIGNED, RESERVED, ASSIGNED = range(4)
RECENT_YEARS = 10
MASK = (1 << 64) - 1

# The table in section "Port blocking" of the Fetch Standard.
BLOCKED = {int(n) for n in """
0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103
104 109 110 111 113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513
514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719
1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679
6697 10080""".split()}

RESERVING = re.compile(
    r"(de-?registered|de-?assigned|de-?comm?iss?ioned|(iana )?reserved|removed|"
    r"deprecated|withdrawn|revoked|this entry (has been|is being) removed)",
    re.I)


def state_of(name, description):
    if name:
        return ASSIGNED
    if re.match(r"\(?unassigned", description, re.I):
        return UNASSIGNED
    return RESERVED if RESERVING.match(description) else ASSIGNED


class Row:
    def __init__(self, record):
        c = record.columns
        first, _, last = c[registry.NUMBER].partition("-")
        self.first, self.last = int(first), int(last or first)
        self.name = c[registry.NAME]
        self.protocol = c[registry.PROTOCOL]
        self.state = state_of(self.name, c[registry.DESCRIPTION])
        self.unauthorized = c[registry.UNAUTHORIZED]
        self.note = c[registry.NOTE]

    def speaks_for(self, transport):
        if self.protocol:
            return self.protocol == transport
        return not self.name or transport in ("tcp", "udp")

    @property
    def weight(self):
        return (self.first == self.last, self.protocol != "", self.state)


class Version:
    """The rows of one version, by port."""

    def __init__(self, path):
        parsed = registry.Registry(str(path))
        self.date = parsed.updated
        self.rows = [[] for _ in range(65536)]
        for record in parsed.records:
            if not record.columns[registry.NUMBER]:
                continue
            row = Row(record)
            for port in range(row.first, row.last + 1):
                self.rows[port].append(row)

    def state(self, port, transport):
        rows = [r for r in self.rows[port] if r.speaks_for(transport)]
        if not rows:
            return NOT_LISTED
        return max(rows, key=lambda r: r.weight).state


class Host:
    """What a host allows; all of it is optional."""

    def __init__(self, first, last, reserved, start, open_ports):
        self.first, self.last, self.start = first, last, start
        self.reserved = reserved      # a set
        self.open = open_ports        # transport -> set


def lost(versions, port, transports):
    """When an assignment of a port ended that has none now: a date."""
    now = versions[-1]
    dates = [later.date
             for t in transports if now.state(port, t) != ASSIGNED
             for earlier, later in zip(versions, versions[1:])
             if earlier.state(port, t) == ASSIGNED]
    return max(dates, default=None)


def is_recent(then, now):
    return (str(int(then[:4]) + RECENT_YEARS) + then[4:]) >= now


def judge(versions, port, transports=("tcp", "udp"), asked=None, host=None,
          avoid=None):
    """[(code, verdict)] in a version, the last of those given."""
    now = versions[-1]
    rows = [r for r in now.rows[port]
            if any(r.speaks_for(t) for t in transports)]
    reserved_here = host is not None and port in host.reserved

    def wants(first, last):
        return asked is not None and asked[0] <= last and first <= asked[1]

    def bad(is_bad, unless=False):
        return "good" if not is_bad else "note" if unless else "bad"

    ended = lost(versions, port, transports)
    out = [
        ("REGISTRY", bad(any(now.state(port, t) >= RESERVED
                             for t in transports))),
        ("UNAUTHORIZED", bad(any(r.unauthorized for r in rows))),
        ("REMARK", bad(any(r.note and r.state == UNASSIGNED for r in rows),
                       True)),
        ("DEASSIGNED", "note" if len(versions) == 1 else
         bad(ended is not None and is_recent(ended, now.date))),
        ("SYSTEM", bad(port < 1024, port != 0 and wants(0, 1023))),
        ("DYNAMIC", bad(port >= 49152,
                        wants(49152, 65535) or reserved_here)),
        ("LINUX", bad(32768 <= port <= 60999, reserved_here)),
        ("BROWSERS", bad(port in BLOCKED,
                         not {"tcp", "udp"} & set(transports))),
    ]
    if host is not None:
        unknown = any(t not in host.open for t in transports)
        listening = any(port in host.open.get(t, ()) for t in transports)
        out += [
            ("PRIVILEGE", bad(port < host.start, wants(0, host.start - 1))),
            ("LOCAL", bad(host.first <= port <= host.last and
                          not reserved_here)),
            ("LISTENING", "bad" if listening else
             "note" if unknown else "good"),
        ]
    if avoid is not None:
        out.append(("AVOIDED", bad(any(port in avoid.get(t, ())
                                       for t in transports))))
    return out


def mix(x):
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & MASK
    x = (x ^ x >> 27) * 0x94d049bb133111eb & MASK
    return x ^ x >> 31


def order(seed, near=None):
    """All ports, in the order in which a seed proposes them."""
    h = 0xcbf29ce484222325
    for byte in seed.encode():
        h = (h ^ byte) * 0x100000001b3 & MASK
    table = [mix(h + (i + 1) * 0x9e3779b97f4a7c15 & MASK) >> 56
             for i in range(1024)]
    if near is None:
        for i in range(65536):
            left, right = i >> 8, i & 255
            for step in range(4):
                left, right = right, left ^ table[256 * step + right]
            yield 256 * left + right
        return
    yield near
    for distance in range(1, 65536):
        pair = (near - distance, near + distance)
        if table[distance % 1024] % 2:
            pair = pair[::-1]
        yield from (p for p in pair if 0 <= p <= 65535)


def suggest(versions, seed, near=None, asked=None, count=5,
            transports=("tcp", "udp"), **more):
    first, last = asked or (0, 65535)
    plain, noted = [], []
    for port in order(seed, near):
        if not first <= port <= last:
            continue
        verdicts = judge(versions, port, transports, asked, **more)
        if any(v == "bad" for _, v in verdicts):
            continue
        notes = [c for c, v in verdicts if v == "note"]
        if len(versions) == 1:
            notes.remove("DEASSIGNED")  # not checked, so nothing to note
        (noted if notes and near is None else plain).append(port)
        if len(plain) == count:
            break
    return (plain + noted)[:count]
