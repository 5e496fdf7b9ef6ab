"""annotate a second time, slowly: with csv and json of the library, and with
names by the rules that tests/exports/oracle.py has from the official XML."""

import csv
import json

csv.field_size_limit(1 << 30)
TRANSPORTS = {"6": "tcp", "17": "udp", "33": "dccp", "132": "sctp"}
WHITE = " \t\r\n\v\f"


class Second:
    """names: (port, transport) -> name; ports and protocol: columns from 0,
    or names."""

    def __init__(self, names, ports, protocol, assume=None, guess=False,
                 prefix="", labels=None):
        self.names = names
        self.ports = ports
        self.protocol = protocol
        self.assume = assume
        self.guess = guess
        self.prefix = prefix
        self.labels = labels or [str(p) for p in ports]
        self.counts = [0, 0, 0]

    def keys(self):
        if self.guess or len(self.ports) == 1:
            return [self.prefix + "service"]
        return ["%s%s_service" % (self.prefix, name) for name in self.labels]

    def transport(self, text):
        text = text.strip(WHITE)
        if text in ("", "-"):
            return self.assume
        if text.isascii() and text.isdigit():
            return TRANSPORTS.get(str(int(text)))
        return text.lower() if text.lower() in TRANSPORTS.values() else None

    @staticmethod
    def port(text):
        text = text.strip(WHITE)
        if text.isascii() and text.isdigit() and int(text) < 65536:
            return int(text)
        return None

    def services(self, ports, protocol):
        """One a port, or the guessed one; None where there is none."""
        transport = self.transport(protocol)
        numbers = [self.port(text) for text in ports]
        found = [self.names.get((number, transport)) for number in numbers]
        if self.guess:
            order = [n if n is not None and transport else 70000
                     for n in numbers]
            if bool(found[0]) != bool(found[1]):
                found = [found[0] or found[1]]
            else:
                found = [found[1] if order[1] < order[0] else found[0]]
        self.counts[1 if any(found) else 0] += 1
        return found

    def same(self, line):
        self.counts[2] += 1
        return line

    @staticmethod
    def ended(line):
        """A line without its end, and the end."""
        for end in ("\r\n", "\n", "\r"):
            if line.endswith(end):
                return line[:-len(end)], end
        return line, ""

    def table(self, raw, fields, sep, empty, put):
        wanted = [*self.ports, *([] if self.protocol is None
                                 else [self.protocol])]
        body, end = self.ended(raw)
        if not body or max(wanted) >= len(fields):
            return self.same(raw)
        services = self.services(
            [fields[p] for p in self.ports],
            "" if self.protocol is None else fields[self.protocol])
        return body + "".join(sep + put(s or empty) for s in services) + end

    def csv(self, text, header):
        lines = text.split("\n")
        lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
        if not lines[-1]:
            lines.pop()
        reader = csv.reader(iter(lines))
        at = 0
        out = []
        for fields in reader:
            raw = "".join(lines[at:reader.line_num])
            at = reader.line_num
            if header:
                body, end = self.ended(raw)
                out.append(body + "".join("," + k for k in self.keys()) + end)
                header = False
                continue
            out.append(self.table(raw, fields, ",", "", str))
        return "".join(out)

    def lines(self, text):
        parts = text.split("\n")
        return [p + "\n" for p in parts[:-1]] + ([parts[-1]] if parts[-1]
                                                 else [])

    def tsv(self, text, header, zeek=False):
        out = []
        for raw in self.lines(text):
            body, end = self.ended(raw)
            if zeek and raw.startswith("#"):
                more = ""
                if raw.startswith("#fields\t"):
                    more = "".join("\t" + k for k in self.keys())
                elif raw.startswith("#types\t"):
                    more = "\tstring" * len(self.keys())
                self.counts[2] += 1
                out.append(body + more + end)
            elif header:
                out.append(body + "".join("\t" + k for k in self.keys()) + end)
                header = False
            else:
                out.append(self.table(raw, body.split("\t"), "\t",
                                      "-" if zeek else "", str))
        return "".join(out)

    def space(self, text, header):
        out = []
        for raw in self.lines(text):
            body, end = self.ended(raw)
            if raw.startswith("#"):
                out.append(self.same(raw))
            elif header:
                out.append(body + "".join(" " + k for k in self.keys()) + end)
                header = False
            else:
                out.append(self.table(
                    raw, body.replace("\t", " ").strip(" ").split(),
                    " ", "-", lambda s: s.replace(" ", "_")))
        return "".join(out)

    def pairs(self, text):
        """Ports by name, the protocol by name or by number."""
        out = []
        for raw in self.lines(text):
            body, end = self.ended(raw)
            words = body.replace("\t", " ").split()
            values = {}
            for word in words:
                name, equals, value = word.partition("=")
                if equals:
                    values.setdefault(name, value.strip('"'))
            if not any(p in values for p in self.ports):
                out.append(self.same(raw))
                continue
            protocol = values.get(self.protocol, "")
            if isinstance(self.protocol, int):
                protocol = words[self.protocol]
            found = self.services([values.get(p, "") for p in self.ports],
                                  protocol)
            out.append(body + "".join(
                " %s=%s" % (k, s or "") for k, s in zip(self.keys(), found)) +
                end)
        return "".join(out)

    def json(self, text):
        def refuse(word):
            raise ValueError(word)

        def plain(value):
            if isinstance(value, bool) or value is None:
                return "" if value is None else "true"
            return value if isinstance(value, str) else json.dumps(value)

        out = []
        for raw in self.lines(text):
            try:
                value = json.loads(raw, parse_constant=refuse)
            except ValueError:
                value = None
            if not isinstance(value, dict) or \
                    not any(p in value for p in self.ports) or \
                    any(k in value for k in self.keys()):
                out.append(self.same(raw))
                continue
            found = self.services(
                [plain(value.get(p, "")) for p in self.ports],
                plain(value.get(self.protocol, "")))
            at = raw.rindex("}")
            out.append(raw[:at] + "".join(
                ',"%s":%s' % (k, json.dumps(s))
                for k, s in zip(self.keys(), found)) + raw[at:])
        return "".join(out)
