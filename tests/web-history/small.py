"""A small registry, its history by hand, and pages of changes as a reader."""

import html.parser
import xml.sax.saxutils

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service-names-port-numbers">
  <title>%s</title>
  <category>Category</category>
  <updated>%s</updated>
"""


def esc(text):
    return xml.sax.saxutils.escape(text, {'"': "&quot;"})


def record(name=None, number=None, protocol=None, description="",
           assignee=None, contact=None, date=None, updated=None, note=None,
           reference=None):
    dates = "".join(' %s="%s"' % pair for pair in
                    (("date", date), ("updated", updated)) if pair[1])
    out = ["  <record%s>" % dates]
    for tag, text in (("name", name), ("protocol", protocol)):
        if text:
            out.append("    <%s>%s</%s>" % (tag, esc(text), tag))
    if contact:
        out.append('    <xref type="person" data="%s"/>' % esc(contact))
    out.append("    <description>%s</description>" % esc(description))
    if assignee:
        out.append('    <assignee><xref type="person" data="%s"/></assignee>'
                   % esc(assignee))
    if number:
        out.append("    <number>%s</number>" % number)
    if reference:
        out.append('    <xref type="uri" data="%s"/>' % esc(reference))
    if note:
        out.append("    <note>%s</note>" % esc(note))
    return "\n".join(out + ["  </record>\n"])


def person(ident, name=None, org=None, uri=None, updated=None):
    out = ['    <person id="%s">' % esc(ident)]
    for tag, text in (("name", name), ("org", org), ("uri", uri),
                      ("updated", updated)):
        if text:
            out.append("      <%s>%s</%s>" % (tag, esc(text), tag))
    return "\n".join(out + ["    </person>\n"])


def registry(updated, records, people, title="Small registry"):
    return (HEAD % (esc(title), updated) + "".join(records) +
            "  <people>\n" + "".join(people) + "  </people>\n</registry>\n")


OLD_ORG = person("Old_Org", org="Old Org", uri="mailto:old&org.example")
NEW_ORG = person("New_Org", org="New Org", uri="mailto:new&org.example")
ANN = person("Ann_Gone", name="Ann Gone", uri="mailto:ann&secret.example")
KEPT = person("Kept", name="Kept Person", uri="mailto:kept&first.example")
KEPT_NEW = person("Kept", name="Kept Person", uri="mailto:kept&later.example")
ALPHA = {"name": "alpha", "number": "10", "protocol": "tcp",
         "description": "Alpha service", "assignee": "Old_Org",
         "contact": "Ann_Gone", "date": "2019-01-01"}
BETA = record("beta", "15", "tcp", "Beta service", contact="Ann_Gone",
              date="2018-05-05", note="Ask Ann")
FREE = "Unassigned"

# 2020-01-01
FIRST = registry("2020-01-01", [
    record(**ALPHA), BETA, record(None, "20-29", None, FREE),
], [ANN, KEPT, OLD_ORG])

# 2020-02-02: alpha goes to another assignee, gamma takes 25/tcp.
SECOND = registry("2020-02-02", [
    record(**{**ALPHA, "assignee": "New_Org", "updated": "2020-02-01"}), BETA,
    record(None, "20-24", None, FREE),
    record("gamma", "25", "tcp", "Gamma service", contact="Kept",
           date="2020-02-02"),
    record(None, "25", "udp", "Reserved"),
    record(None, "26-29", None, FREE),
], [ANN, KEPT, NEW_ORG, OLD_ORG])

# The same day again: alpha's contact is another, Ann and Old are gone, and a
# reflowed description.
THIRD = registry("2020-02-02", [
    record(**{**ALPHA, "assignee": "New_Org", "contact": "Kept",
              "updated": "2020-02-01"}),
    record("beta", "15", "tcp", "Beta\n  service", contact="Ann_Gone",
           date="2018-05-05", note="Ask Ann"),
    record(None, "20-24", None, FREE),
    record("gamma", "25", "tcp", "Gamma service", contact="Kept",
           date="2020-02-02"),
    record(None, "25", "udp", "Reserved"),
    record(None, "26-29", None, FREE),
], [KEPT, NEW_ORG])

# 2021-03-03: alpha is omega, beta is gone, Kept has another address.
FOURTH = registry("2021-03-03", [
    record(**{**ALPHA, "name": "omega", "assignee": "New_Org",
              "contact": "Kept", "updated": "2021-03-02"}),
    record(None, "15", "tcp", "De-registered"),
    record(None, "20-24", None, FREE),
    record("gamma", "25", "tcp", "Gamma service", contact="Kept",
           date="2020-02-02"),
    record(None, "25", "udp", "Reserved"),
    record(None, "26-29", None, FREE),
], [KEPT_NEW, NEW_ORG])

EDITIONS = [FIRST, SECOND, THIRD, FOURTH]

# What /changes?upkeep=1 must tell, by version, from the words above: kinds,
# before, after.  In one version the order is that of the file.
ALL = [
    ("2021-03-03", "renamed", "10/tcp/alpha", "10/tcp/omega"),
    ("2021-03-03", "deassigned", "15/tcp/beta", "15/tcp/-"),
    ("2021-03-03", "person", "Kept", "Kept"),
    ("2020-02-02.2", "modified", "10/tcp/alpha", "10/tcp/alpha"),
    ("2020-02-02.2", "editorial", "15/tcp/beta", "15/tcp/beta"),
    ("2020-02-02.2", "person", "Ann_Gone", "Ann_Gone"),
    ("2020-02-02.2", "person", "Old_Org", "Old_Org"),
    ("2020-02-02.1", "transferred", "10/tcp/alpha", "10/tcp/alpha"),
    ("2020-02-02.1", "split", "20-29/-/-", "20-24/-/-"),
    ("2020-02-02.1", "assigned", "20-29/-/-", "25/tcp/gamma"),
    ("2020-02-02.1", "split", "20-29/-/-", "25/udp/-"),
    ("2020-02-02.1", "split", "20-29/-/-", "26-29/-/-"),
    ("2020-02-02.1", "person", "New_Org", "New_Org"),
]
SUBSTANCE = [c for c in ALL if c[1] not in ("editorial", "person")]

# Markup, scripts and quotes wherever a registry lets them be.
EVIL = "\"'><script>alert(1)</script>&amp;<b>"
HOSTILE = [
    registry("2022-01-01", [
        record("x" + EVIL, "7", "tcp", EVIL, EVIL + "o", EVIL + "c",
               note="before " + EVIL, reference="javascript:alert(2)"),
    ], [person(EVIL + "c", EVIL, EVIL, "javascript:alert(3)"),
        person(EVIL + "o", EVIL, EVIL, "mailto:" + EVIL)], EVIL),
    registry("2022-01-02", [
        record("y" + EVIL, "7", "tcp", "new " + EVIL, EVIL + "c", EVIL + "o",
               note="after " + EVIL, reference="data:text/html," + EVIL),
        record("z" + EVIL, "8", "udp", EVIL, note=EVIL),
    ], [person(EVIL + "c", EVIL, EVIL, "javascript:alert(4)"),
        person(EVIL + "o", EVIL, EVIL, "mailto:x" + EVIL)], EVIL),
]


class Changes(html.parser.HTMLParser):
    """Items of a page: [version, kinds, before, after, fields, told]."""

    def __init__(self, data):
        super().__init__()
        self.items = []
        self.entries = []
        self.version = self.section = None
        self.into = []
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        kind = dict(attrs).get("class", "").split()
        if tag == "li" and kind == ["change"]:
            self.items.append({"version": self.version, "kinds": "",
                               "keys": "", "about": "", "fields": [],
                               "told": ""})
        where = None
        if tag == "time":
            where = "version"
        elif tag == "span" and "kind" in kind:
            where = "kinds"
        elif tag == "span" and "about" in kind:
            where = "about"
        elif tag == "a" and self.into[-1:] == ["h3"]:
            where = "keys"
        elif tag == "p" and "told" in kind:
            where = "told"
        elif tag in ("h3", "td", "th", "thead"):
            where = tag
        elif tag == "span" and "hidden" in kind:
            where = "hidden"
        if tag == "tr" and self.items and "thead" not in self.into:
            self.items[-1]["fields"].append([])
        if tag in ("td", "th") and self.items and "thead" not in self.into \
                and self.items[-1]["fields"]:
            self.items[-1]["fields"][-1].append("")
        if tag not in ("meta", "link", "input", "br"):
            self.into.append(where or tag)

    def handle_endtag(self, tag):
        self.into.pop()

    def handle_data(self, data):
        where = [w for w in self.into if w in
                 ("version", "kinds", "about", "keys", "told", "td", "th",
                  "hidden", "thead")]
        if not where or "hidden" in where or "thead" in where:
            return
        if where[-1] == "version":
            self.version = data
        elif not self.items:
            return
        elif where[-1] in ("td", "th"):
            if self.items[-1]["fields"]:
                self.items[-1]["fields"][-1][-1] += data
        else:
            self.items[-1][where[-1]] += data

    @property
    def told(self):
        """Version, kind, before and after, an event a line."""
        out = []
        for item in self.items:
            before, _, after = item["keys"].partition("\u2192")
            after = after or before
            out += [(item["version"], kind, before.strip(), after.strip())
                    for kind in item["kinds"].split(", ")]
        return out

    def fields(self, version, key):
        return [item["fields"] for item in self.items
                if item["version"] == version and key in item["keys"]]
