"""Small registries, right and wrong in one thing each, for the schema."""

HEAD = ('<registry xmlns="http://www.iana.org/assignments" id="r">'
        "<title>T</title><updated>2026-01-02</updated>")
RECORD = ("<record{attributes}>{before}<description>D</description>{after}"
          "</record>")
TAIL = "<footnote anchor='1'>F</footnote><people>{people}</people></registry>"
ANN = "<person id='Ann'><name>A</name><uri>mailto:a</uri></person>"


def whole(before="", after="", attributes="", people=ANN, head=HEAD,
          tail=TAIL):
    return (head + RECORD.format(before=before, after=after,
                                 attributes=attributes) +
            tail.format(people=people))


def registries():
    """(what it is, its text, whether it is right)"""
    yield "plain", whole(), True
    yield "any order", whole(
        "<xref type='person' data='Ann'/><number>1-2</number>",
        "<name>a</name><note>n<br/><paragraph>p</paragraph></note>"
        "<protocol>tcp</protocol><xref type='rfc' data='rfc1'/>"
        "<assignee><xref type='person' data='Ann'/></assignee>"
        "<unauthorized>u</unauthorized><sc>1</sc>",
        " date='2011-12' updated='2020-02-29'"), True
    yield "head in any order", whole(
        head=HEAD.split("<title>")[0] +
        "<note title='N'>n</note><updated>2026-01-02</updated><note>m</note>"
        "<expert>E</expert><title>T</title>"
        "<xref type='rfc' data='rfc6335'/><category>C</category>"), True
    yield "no namespace", whole().replace(
        ' xmlns="http://www.iana.org/assignments"', ""), False
    yield "no id", whole().replace(' id="r"', ""), False
    yield "no title", whole().replace("<title>T</title>", ""), False
    yield "empty title", whole().replace("<title>T<", "<title><"), False
    yield "no people", whole().replace(
        "<people>" + ANN + "</people>", ""), False
    yield "two updated", whole(head=HEAD + "<updated>2026-01-02</updated>"), \
        False
    yield "a month only", whole().replace("2026-01-02", "2026-01"), False
    yield "no description", whole().replace(
        "<description>D</description>", ""), False
    yield "unknown element", whole("<port>1</port>"), False
    yield "text in a record", whole("x"), False
    yield "unknown attribute", whole(attributes=" id='x'"), False
    for date in ("2026", "2026-1", "2026-13", "2026-00", "2026-01-32",
                 "2026-01-00", "01-02-2026", "2026/01/02", "", " 2026-01"):
        yield "date " + date, whole(attributes=" date='%s'" % date), False
        yield "updated " + date, whole(attributes=" updated='%s'" % date), \
            False
    for number, good in (("0", True), ("65535", True), ("0-65535", True),
                         ("1-65535", True), ("65536", False), ("1-", False),
                         ("99999", False), ("-1", False), ("01", False),
                         ("1-65536", False), ("0x10", False), ("1 - 2", False),
                         ("", False), ("1,2", False)):
        yield "number " + number, whole("<number>%s</number>" % number), good
    yield "two numbers", whole("<number>1</number>", "<number>2</number>"), \
        False
    for protocol, good in (("dccp", True), ("sctp", True), ("TCP", False),
                           ("tcp udp", False), ("", False), ("icmp", False)):
        yield "protocol " + protocol, whole(
            "<protocol>%s</protocol>" % protocol), good
    for name, good in (("", True), ("a", True), ("whois++", True),
                       ("a b", False), ("abcdefghijklmnop", False),
                       ("&lt;", False), ("\u00e9", False)):
        yield "name " + name, whole("<name>%s</name>" % name), good
    for xref, good in (
            ("type='person' data='Ann'", True), ("type='person'", False),
            ("type='person' data=''", False), ("data='Ann'", False),
            ("type='people' data='Ann'", False),
            ("type='person' data='Ann' x='1'", False),
            ("type='rfc' data='rfc6335' section='8'", True),
            ("type='rfc' data='RFC6335'", False), ("type='rfc'", False),
            ("type='rfc' data='rfc6335' section='8' page='1'", False),
            ("type='draft' data='draft-a-b-00'", True),
            ("type='draft' data='RFC-a-b-00'", True),
            ("type='draft' data='a'", False),
            ("type='uri' data='https://a'", True),
            ("type='uri' data='a b'", False), ("type='uri'", False),
            ("type='note' data='1'", True), ("type='note'", False),
            ("type='text'", True), ("type='text' data='x'", False)):
        yield "xref " + xref, whole("<xref %s/>" % xref), good
    yield "person with text", whole(
        "<xref type='person' data='Ann'>Ann</xref>"), False
    yield "empty assignee", whole("<assignee/>"), False
    yield "nested paragraphs", whole(
        "<note><paragraph><paragraph/></paragraph></note>"), False
    yield "full br", whole("<note><br>x</br></note>"), False
    yield "markup", whole("<note><b>x</b></note>"), False
    for sc, good in (("1885957735", True), ("-1", False), ("SC:x", False),
                     ("4294967296", False)):
        yield "service code " + sc, whole("<sc>%s</sc>" % sc), good
    yield "person without id", whole(people="<person/>"), False
    yield "person in another order", whole(
        people="<person id='a'><uri/><name/></person>"), False
    yield "person with two names", whole(
        people="<person id='a'><name/><name/></person>"), False
    yield "person's date", whole(
        people="<person id='a'><updated>1999</updated></person>"), False
    yield "record behind people", whole(
        tail=TAIL.replace("</registry>", RECORD.format(
            attributes="", before="", after="") + "</registry>")), False
    yield "footnote without anchor", whole(
        tail=TAIL.replace(" anchor='1'", "")), False
