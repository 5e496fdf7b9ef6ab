"""Edits of the official file of 2026-08-17, and the news that each must be.

24601 is assigned there, 24602-24665 is a range of free numbers, and Bencher is
a person.  What is told of an edit is written here by hand.
"""

FREE = """<record>
    <description>Unassigned</description>
    <number>24602-24665</number>
  </record>"""
V, B, I = "violation", "bookkeeping", "information"
NEW = "24602/tcp/zz-new"
PERSON = '<xref type="person" data="Bencher"/>'
RFC = '<xref type="rfc" data="rfc9110"/>'


def record(name="zz-new", number="24602", protocol="tcp", more="",
           who="<assignee>%s</assignee>%s" % (PERSON, PERSON),
           date=' date="2026-08-17"'):
    number = "<number>%s</number>" % number if number else ""
    return ("<record%s>\n    <name>%s</name>\n    <protocol>%s</protocol>\n"
            "    %s\n    <description>d</description>\n    %s%s\n  </record>\n"
            "  " % (date, name, protocol, who, more, number))


RESERVED = ("<record>\n    <protocol>udp</protocol>\n    <description>Reserved"
            "</description>\n    <number>24602</number>\n  </record>\n  ")
REST = FREE.replace("24602", "24603")


def split(made):
    """A record, its Reserved sibling, and what is left of the range."""
    return FREE, made + RESERVED + REST


def before(name, made):
    """made right before the first record of a name."""
    def edit(source):
        at = source.rindex("<record", 0, source.index(
            "<name>%s</name>" % name))
        return source[:at] + made + source[at:]
    return edit


def twice(name):
    def edit(source):
        at = source.rindex("<record", 0, source.index(
            "<name>%s</name>" % name))
        end = source.index("</record>", at) + len("</record>\n  ")
        return source[:end] + source[at:end] + source[end:]
    return edit


LACKS = [("FIELD-ASSIGNEE", V), ("FIELD-CONTACT", V), ("FIELD-REF", I),
         ("FIELD-NOBODY", V), ("FIELD-DATE", B)]

# What it is, the edit (old and new text, or a function), (code, kind, record)
# of each finding, and words that one of the messages has.
CASES = (
    ("a faultless new record", split(record()), [], ""),
    ("nothing but name and number", split(record(who="", date="")),
     [(c, k, NEW) for c, k in LACKS], "no date of registration"),
    ("the same without number",
     ("<footnote", record(number="", who="", date="") + "<footnote"),
     [(c, k, "-/tcp/zz-new") for c, k in LACKS], ""),
    ("registered tomorrow without reference", split(
        record(date=' date="2026-08-18"')),
     [("FIELD-REF", I, NEW), ("DATE-FUTURE", V, NEW)], ""),
    ("a range not split", (FREE, record() + RESERVED + FREE),
     [("PORT-MIXED", V, NEW), ("PORT-MIXED", B, "24602/udp/-"),
      ("PORT-SIBLING-UNASSIGNED", V, NEW),
      ("PORT-UNSPLIT", B, "24602-24665/-/-")],
     "unassigned by 24602-24665/-/- (line 88392)"),
    ("a range left whole beside its rest", (FREE, FREE + "\n  " + REST),
     [("PORT-DUPSTATE", B, "24603-24665/-/-"),
      ("PORT-UNMERGED", B, "24603-24665/-/-"),
      ("PORT-UNSPLIT", B, "24602-24665/-/-")],
     "24603 is listed as unassigned by 24602-24665/-/- (line 88380) too"),
    ("a second service", before("https", record(number="443")),
     [("PORT-OVERLOAD", V, "443/tcp/zz-new"),
      ("FIELD-REF-SYSTEM", V, "443/tcp/zz-new")],
     "443/tcp/https (line 5592)"),
    ("a second service by an RFC",
     before("https", record(number="443", more=RFC)),
     [("PORT-OVERLOAD", I, "443/tcp/zz-new"),
      ("IESG-PARTY", I, "443/tcp/zz-new")], ""),
    ("a taken name", split(record("https")),
     [("NAME-MULTIPORT", V, "24602/tcp/https")],
     "taken (NAME-UNIQ): it is that of 443/tcp/https (line 5585)"),
    ("one record out of place",
     lambda source: before("https", FREE + "\n  ")(
         source.replace(FREE + "\n  ", "", 1)),
     [("SORT-NUMBER", V, "24602-24665/-/-")], "stands before number 443"),
    ("a range reversed", ("24602-24665", "24665-24602"),
     [("PORT-RANGE", V, "24665-24602/-/-"),
      ("PORT-GAP", B, "24602-24665/-/-")],
     "no record speaks of 24602-24665 on tcp and udp: 64 ports"),
    ("a person who is not there", split(record().replace("Bencher", "No_1")),
     [("PERSON-DANGLING", V, NEW)], '"No_1" (assignee)'),
    ("a record twice", twice("https"),
     [("NAME-DUP-ROW", V, "443/tcp/https~2")],
     "those of 443/tcp/https (line 5585)"),
    ("white space around",
     split(record(" zz-new", "24602 ").replace("24602 <", "24602\n<")),
     [("FIELD-WS", B, NEW), ("FIELD-WS", B, NEW)],
     "white space around the number"),
    ("white space within a name", split(record("zz new")),
     [("FIELD-WS", B, "24602/tcp/zz new"),
      ("NAME-CHAR", V, "24602/tcp/zz new"),
      ("NAME-ALIAS-NOTE", V, "24602/tcp/zz new")], "white space in the name"),
    ("white space within a number", split(record(number="24 602")),
     [("PORT-SYNTAX", V, "24 602/tcp/zz-new"),
      ("PORT-GAP", B, "24602/tcp/-")], '"24 602"'),
    ("a contact twice", split(record(more=PERSON)),
     [("FIELD-CONTACT-DUP", B, NEW)], '"Bencher" stands twice'),
    ("an RFC that is none", split(record(more=RFC.replace("9110", "abcd"))),
     [("FIELD-REF-RFC", V, NEW), ("IESG-PARTY", I, NEW)], '"rfcabcd"'),
    ("an element twice", split(record(more="<description>e</description>")),
     [("READ-REPEATED", B, NEW)], "twice: description"),
    ("a person without address and use",
     ("</people>", '<person id="Zz_1"><name>Z</name></person></people>'),
     [("PERSON-UNUSED", V, "Zz_1"), ("PERSON-ADDRESS", B, "Zz_1")], ""),
)

# What is no XML, and what is said of it, at which line and column.
BROKEN = (
    ("R & D", ":88384:20: not well-formed XML: ", "write &amp; for &"),
    ("R&D", ":88384:19: not well-formed XML: ", "write &amp; for &"),
    ("a < b", ":88384:20: not well-formed XML: ", "write &lt; for <"),
    ("a &bull; b", ":88384:20: not well-formed XML: ", "write &amp; for &"),
)


def apply(source, edit):
    """The edited file."""
    if callable(edit):
        return edit(source)
    assert source.count(edit[0]) >= 1
    return source.replace(edit[0], edit[1], 1)


def broken(source, text):
    return source.replace(
        FREE, record().replace("<description>d", "<description>" + text)
        + RESERVED + REST, 1)
