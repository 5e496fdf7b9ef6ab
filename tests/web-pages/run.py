#!/usr/bin/env python3
"""Pages of one thing: ports, ranges, services, records, persons; and kinds of
rows on the registry page.  Held against small registries by hand and against
an independent reading of the official XML, of now and of other days.

limit: 240 seconds
"""

import pathlib
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)] + [
    str(HERE.parent / name) for name in ("web-history", "web-map", "oracle")]

import registry as oracle  # noqa: E402
import small  # noqa: E402
import states as port_states  # noqa: E402
from common import editions, official, program  # noqa: E402
from common.outcome import check, finish, same, skip  # noqa: E402
from common.page import fold, page_at, squeeze  # noqa: E402
from common.program import SERVER, imported, write_all  # noqa: E402
from common.server import Server  # noqa: E402
from reader import read, states  # noqa: E402

BASE = "https://ports.example/book"
WORDS = ("not listed", "unassigned", "reserved", "assigned")


def page_of(server, target, status=200):
    page = page_at(server, target, status, read)
    check(all(link.startswith(("/", "?", "#", "https:", "http:", "mailto:",
                               "ftp:")) for link in page.links),
          target, page.links)
    check(all(urllib.parse.unquote(link[1:]) in page.ids
              for link in page.links if link.startswith("#")),
          target, "dangling anchors")
    return page


def redirect(server, target, status, where):
    answer = server.get(target)
    same((answer.status, answer.getheader("Location")), (status, where),
         target)


def build(work, name, texts):
    folder = pathlib.Path(work) / name
    return imported(folder / "state", *write_all(folder, texts))


def check_small(server):
    """alpha, beta and gamma: small.py has what happens to them."""
    page = page_of(server, "/port/10")
    same(states(page), {"TCP": "assigned", "UDP": "not listed",
                        "SCTP": "not listed", "DCCP": "not listed"}, "10")
    check("Assigned to omega for TCP; not listed for UDP, SCTP and DCCP." in
          page.words, page.words)
    check("3 changes since 2020-01-01" in page.words, page.words)
    same(page.canonical, BASE + "/port/10", "canonical")
    for link in ("/record/10/tcp/omega", "/service/omega", "/person/New_Org",
                 "/person/Kept", "/port/9", "/port/11", "/port/10/tcp",
                 "/changes?port=10", "/suggest?near=10"):
        check(link in page.links, "10", link, page.links)
    same(page.lists[0]["Modification Date"], "2021-03-02", "fields")
    same(page.lists[0]["In the registry"],
         "since before 2020-01-01, the first version kept here", "since")
    page = page_of(server, "/port/25/tcp")
    check("since the version of 2020-02-02.1" in page.words, page.words)
    check("Assigned to gamma for TCP." in page.words, page.words)
    check("25/udp/-" not in page.words.split("History")[0], "another's record")
    page = page_of(server, "/port/10?as-of=2020-02-01")
    check("Assigned to alpha for TCP" in page.words, page.words)
    same(page.canonical, BASE + "/port/10?as-of=2020-02-01", "canonical")
    check("/record/10/tcp/alpha?as-of=2020-02-01" in page.links and
          "/port/10" in page.links, page.links)
    check("0 changes" not in page.words and
          "Nothing of substance" in page.words, page.words)
    # A range that was cut, and what it is by port.
    page = page_of(server, "/port/20-26")
    same([row[1:] for row in page.tables[0][1:]],
         [["1", "0", "6", "0"], ["0", "1", "6", "0"], ["0", "0", "6", "1"],
          ["0", "0", "6", "1"]], "counts")
    same([row[0] for row in page.tables[1][1:]],
         ["20-24/-/-", "25/tcp/gamma", "25/udp/-", "26-29/-/-"], "range")
    same([row[0] for row in page_of(server, "/port/25-60/tcp").tables[1][1:]],
         ["25/tcp/gamma", "26-29/-/-"], "range of tcp")
    page = page_of(server, "/port/49152")
    check("a Dynamic Port, never assigned" in page.words and
          "Nothing of substance" in page.words, page.words)
    page_of(server, "/port/10?as-of=2019-01-01", 404)
    page_of(server, "/port/10?as-of=x", 400)


def check_missing(server):
    for target, words in (
            ("/port/70000", "whole numbers from 0 to 65535"),
            ("/port/x", "No such port"), ("/port/-1", "No such port"),
            ("/port/10/icmp", "No such port"), ("/port/1/2", "No such port"),
            ("/port/9-5", "Ports 5-9"), ("/port/omega", "is a service"),
            ("/port/%00", None), ("/service", "No such service"),
            ("/service/nosuch", "No such service"),
            ("/service/omgea", "omega Alpha service"),
            ("/service/alpha", "10/tcp/alpha was in the registry until "
             "2020-02-02.2; its record is 10/tcp/omega now"),
            ("/service/gamma?as-of=2020-01-01", "as of 2020-01-01"),
            ("/record/x", "No such record"), ("/record/1/tcp/x", "The port"),
            ("/record/25/tcp/gamma?as-of=2020-01-01", "What happened to it"),
            ("/person/nobody", "No such person"),
            ("/person/kept", "No such person")):
        status = 400 if words is None else 404
        page = page_of(server, target, status)
        check(words is None or words in page.words, target, page.words)
        check(words is None or page.robots == "noindex", target, page.robots)
    check("/port/5-9" in page_of(server, "/port/9-5", 404).links, "turned")


def check_redirects(server):
    for target, status, where in (
            ("/port/010", 308, "/port/10"), ("/port/10/TCP", 308,
                                             "/port/10/tcp"),
            ("/port/tcp/10", 308, "/port/10/tcp"), ("/port/10/", 308,
                                                    "/port/10"),
            ("/port/5-5", 308, "/port/5"), ("/port/%31%30", 308, "/port/10"),
            ("/port/010?as-of=2020-02-02", 308, "/port/10?as-of=2020-02-02"),
            ("/port/10.json", 307, "/api/v1/ports/10"),
            ("/port/10/tcp.json", 307, "/api/v1/ports/10/tcp"),
            ("/port/10.json?as-of=2020-02-02", 307,
             "/api/v1/ports/10?as-of=2020-02-02"),
            ("/port/20-26.json", 307, "/api/v1/ports/20-26"),
            ("/port/20-26/tcp.json?as-of=2020-02-02", 307,
             "/api/v1/ports/20-26/tcp?as-of=2020-02-02"),
            ("/service/omega.json", 307, "/api/v1/services/omega"),
            ("/service.json?name=a/b", 307, "/api/v1/services/a/b"),
            ("/record/10/tcp/omega.json", 307,
             "/api/v1/records/10/tcp/omega"),
            ("/person/Kept.json", 307, "/api/v1/people/Kept"),
            ("/record/10/tcp/alpha", 302, "/record/10/tcp/omega"),
            ("/record/10/TCP/Omega", 308, "/record/10/tcp/omega"),
            ("/record/15/tcp/beta", 302, "/record/15/tcp/-"),
            ("/record/10/tcp/omega?as-of=2020-02-02", 302,
             "/record/10/tcp/alpha?as-of=2020-02-02"),
            ("/goto?q=10/tcp", 303, "/port/10/tcp"),
            ("/goto?q=+20-26+", 303, "/port/20-26"),
            ("/goto?q=GAMMA", 303, "/service/GAMMA"),
            ("/goto?q=alpha+service", 303, "/?search=alpha+service"),
            ("/goto?q=70000", 303, "/?search=70000"),
            ("/goto?q=localhost:20", 303, "/port/20"),
            ("/goto?q=10tcp", 303, "/port/10/tcp"),
            ("/goto?q=omega://localhost", 303, "/service/omega"),
            ("/goto?q=ztq://localhost", 303, "/?search=ztq%3A%2F%2Flocalhost"),
            ("/goto", 303, "/")):
        redirect(server, target, status, where)
        if "a/b" not in where:
            check(server.get(where).status in (200, 404), where)
    for target in ("/port/10.json", "/service/omega.json",
                   "/record/10/tcp/omega.json", "/person/Kept.json",
                   "/port/20-26.json", "/port/20-26/tcp.json"):
        where = server.get(target).getheader("Location")
        same(server.get(where).status, 200, where)


def check_things(server):
    page = page_of(server, "/service/OMEGA")
    same(page.canonical, BASE + "/service/omega", "in any case")
    check("Alpha service: registered with 10/tcp." in page.words, page.words)
    check("_omega._tcp" in page.words, page.words)
    page = page_of(server, "/record/10/tcp/omega")
    same(page.lists[0], {
        "State": "assigned", "Service Name": "omega", "Port Number": "10",
        "Transport Protocol": "tcp", "Description": "Alpha service",
        "Assignee": "[New_Org]", "Contact": "[Kept]",
        "Registration Date": "2019-01-01", "Modification Date": "2021-03-02",
        "Reference": "none", "Service Code": "none",
        "Unauthorized Use Reported": "none", "Assignment Notes": "none",
        "In the registry":
            "since before 2020-01-01, the first version kept here"}, "fields")
    check('<record date="2019-01-01" updated="2021-03-02">' in page.words,
          "the XML", page.words)
    page = page_of(server, "/person/Kept")
    same((page.lists[0]["Name"], page.lists[0]["Contact URI"]),
         ("Kept Person", "mailto:kept&later.example"), "Kept")
    same([(row[0], row[-1]) for row in page.tables[0][1:]],
         [("10/tcp/omega", "contact"), ("25/tcp/gamma", "contact")], "rows")
    same((page.robots, page.answer.getheader("X-Robots-Tag")),
         ("noindex", "noindex"), "a person is indexed")
    page = page_of(server, "/person/Kept?as-of=2020-02-02.1")
    same(page.lists[0]["Contact URI"], "mailto:kept&first.example", "then")
    for target in ("/person/Ann_Gone", "/person/Ann_Gone?as-of=2020-01-01",
                   "/record/10/tcp/alpha?as-of=2020-01-01",
                   "/port/10?as-of=2020-01-01"):
        page = page_of(server, target)
        check("secret" not in page.words and "Ann Gone" not in page.words and
              "Ann_Gone" in page.words, target, page.words)
    # Pages behind the last one, and of one whom no row names, have no rows.
    for target in ("/person/Ann_Gone", "/person/Kept?page=2",
                   "/person/Kept?as-of=2020-01-01&page=3",
                   "/port/20-26?page=2", "/port/0-65535?page=9"):
        same([table[1:] for table in page_of(server, target).tables
              if table[0][0] == "Record"], [], target)
    page = page_of(server, "/formats")
    check("convert --to" in page.words and "nmap-services" in page.words,
          page.words)


def check_headers(server):
    for target in ("/port/10", "/port/20-26", "/service/omega",
                   "/record/10/tcp/omega", "/person/Kept", "/formats",
                   "/?state=assigned"):
        answer = server.get(target)
        tag = answer.getheader("ETag")
        head = server.get(target, "HEAD")
        same((head.status, head.bytes, head.getheader("ETag")),
             (200, b"", tag), target)
        same(server.get(target, If_None_Match=tag).status, 304, target)
        same(server.get(target, "POST").status, 405, target)
        same(answer.getheader("Cache-Control"), "no-cache", target)


# Notes, aliases, everyday names, doubles and names with all characters.
ODD = small.registry("2024-05-05", [
    small.record("cl/1", "72", "tcp", "Slash", contact="Kept",
                 note='This entry is an alias to "cl-1".\n'
                 "This entry is now historic, not usable for use with many\n"
                 "common service discovery mechanisms."),
    small.record("cl-1", "72", "tcp", "Slash", contact="Kept"),
    small.record("keyed", "73", "tcp", "With keys", contact="Kept",
                 note="Defined TXT keys: u=<username> p=<password>\n"
                 "      path=<path to document>"),
    small.record("plus++", "74", "udp", "", contact="Kept"),
    small.record("told", "75", "udp", "Told", contact="Kept",
                 note="Defined TXT keys: see our site & <more>"),
    small.record("silent", "76", "sctp", "Silent", contact="Kept",
                 note="Defined TXT keys: None"),
    small.record("rdp", None, None, "One", contact="Kept"),
    small.record("rdp", None, None, "Two", contact="Kept"),
    small.record(None, "77-80", None, "Unassigned"),
    small.record(None, "90-99", None, "Unassigned"),
    small.record("inside", "95", "tcp", "In a range", contact="Kept"),
], [small.KEPT])


def check_odd(work):
    with Server(SERVER, build(work, "odd", [ODD])) as server:
        page = page_of(server, "/service/cl/1")
        same(page.canonical, "/service?name=cl%2F1", "a slash")
        check("historic name of cl-1" in page.words, page.words)
        check("_cl/1" not in page.words, "an alias is for discovery")
        same(page_of(server, "/service?name=CL/1").canonical,
             "/service?name=cl%2F1", "as a parameter")
        check("Historic aliases cl/1" in
              page_of(server, "/service/cl-1").words, "aliases")
        same(page_of(server, "/record/72/tcp/cl/1").lists[0]["Alias"],
             "a historic name of cl-1", "alias")
        page = page_of(server, "/service/keyed")
        same(page.tables[1][1:], [["u", "username"], ["p", "password"],
                                  ["path", "path to document"]], "keys")
        check("_keyed._tcp" in page.words, page.words)
        page = page_of(server, "/service/told")
        check("see our site & <more>" in page.words and
              "_told._udp" in page.words, page.words)
        page = page_of(server, "/service/silent")
        check("has no keys" in page.words and "_silent._udp" in page.words,
              page.words)
        page_of(server, "/service/plus++")
        same([fold(page_of(server, "/record/-/-/rdp" + tail).lists[0][
            "Description"]) for tail in ("", "~2")], ["One", "Two"], "~2")
        # What is next to a port, of a range with another record inside.
        for port, links in ((100, ("/port/96-99", "/port/95", "/port/90-94")),
                            (89, ("/port/90-94", "/port/95", "/port/96-99")),
                            (94, ("/port/81-89", "/port/95", "/port/96-99")),
                            (76, ("/port/77-80", "/port/75", "/port/74")),
                            (49151, ("/port/49152-65535",))):
            page = page_of(server, "/port/%d" % port)
            for link in links:
                check(link in page.links, port, link, page.links)
        page = page_of(server, "/")
        for link in ("/record/72/tcp/cl/1", "/service?name=cl%2F1",
                     "/port/72", "/record/74/udp/plus++", "/record/-/-/rdp~2",
                     "/port/77-80", "/record/77-80/-/-", "/person/Kept"):
            check(link in page.links, "/", link, page.links)
        check("One version of the registry is kept here" in
              page_of(server, "/port/72").words, "no history")
        for words, total in (("protocol=udp", 2), ("protocol=none", 4),
                             ("state=unassigned", 2), ("class=none", 2),
                             ("class=system", 9), ("class=user", 0),
                             ("search=keys&protocol=udp", 1),
                             ("protocol=TCP&state=assigned", 4)):
            page = page_of(server, "/?" + words)
            same(len(page.rows), total, words)
            check(("%d row" % total if total else "no such rows") in
                  page.words, words, page.words)
        for bad in ("protocol=x", "state=not-listed", "class=high"):
            page_of(server, "/?" + bad, 400)
        page = page_of(server, "/?search=told&protocol=udp&sort=-name")
        check("?search=told&sort=-name,protocol&protocol=udp" not in
              page.links and any("protocol=udp" in link and "sort=" in link
                                 for link in page.links), page.links)
        for words, target in (("72/tcp", "/port/72/tcp"), ("dns", None),
                              ("rdp", "/service/rdp"), ("1-5", "/port/1-5"),
                              ("with keys", None), ("70000", None)):
            page = page_of(server, "/?" + urllib.parse.urlencode(
                {"search": words}))
            goes = "Go to " + words in page.words
            same(goes, target is not None, words)
            check(target is None or target in page.links, words, page.links)
        page = page_of(server, "/assignments/service-names-port-numbers/"
                       "service-names-port-numbers.xhtml?search=72/tcp"
                       "&protocol=udp&state=x")
        check("Go to" not in page.words and "No row" in page.words,
              "the official address", page.words)


def check_hostile(work):
    """Not a tag, a script or a link of what a registry may hold."""
    evil = urllib.parse.quote(small.EVIL, safe="~!$()*+,:=@")
    with Server(SERVER, build(work, "hostile", small.HOSTILE)) as server:
        for target in ("/port/7", "/port/8", "/port/7-8", "/", "/formats",
                       "/service/y" + evil, "/service?name=y" + evil,
                       "/record/7/tcp/y" + evil.replace("%2F", "/"), "/person/" + evil + "c",
                       "/port/7?as-of=2022-01-01"):
            page = page_of(server, target)
            check(not page.tags & {"b", "img"} and
                  "alert" not in " ".join(page.links).replace(evil, "") or
                  "%3Cscript" in " ".join(page.links), target, page.tags)
            check(not [link for link in page.links if
                       link.startswith(("javascript:", "data:"))], target)
        for target in ("/service/x" + evil, "/record/7/tcp/nosuch" + evil,
                       "/person/x" + evil, "/port/" + evil):
            page = page_of(server, target, 404)
            check(not page.tags & {"b", "img"}, target, page.tags)
        redirect(server, "/record/7/tcp/x" + evil, 302,
                 server.get("/record/7/tcp/x" + evil).getheader("Location"))
        for junk in ("%ff", "%C2%80", "%0d%0aX:1", "a%09b", "..", "%2e%2e"):
            for path in ("/port/", "/service/", "/service?name=", "/record/",
                         "/record/1/tcp/", "/person/", "/goto?q=",
                         "/?search=", "/service/a.json?x="):
                answer = server.get(path + junk)
                check(answer.status in (200, 303, 307, 308, 400, 404),
                      path + junk, answer.status)
                check(answer.getheader("X") is None, path + junk)


PORTS = [0, 1, 2, 3, 4, 22, 24, 53, 80, 225, 443, 465, 512, 585, 831, 1021,
         1023, 1024, 2049, 2376, 4319, 4502, 5353, 7775, 8010, 8282, 9902,
         11434, 36423, 49151, 49152, 65535, *range(997, 49152, 2411)]
SERVICES = ("https", "domain", "msp", "http", "ssh", "epp", "exec", "agtp",
            "3gpp-cbsp", "ollama", "compressnet", "rdp", "exp1")


def check_ports(server, text, date=""):
    """States and names of ports beside those that the XML gives."""
    read_xml = port_states.Registry(text)
    tables = {t: (read_xml.states(t), read_xml.names(t))
              for t in port_states.TRANSPORTS}
    for port in PORTS:
        page = page_of(server, "/port/%d%s" % (port, date))
        for transport, (by_port, names) in tables.items():
            row = [r for r in page.rows if r[0] == transport.upper()][0]
            same(row[1], WORDS[by_port[port]], port, transport, date)
            if by_port[port] != port_states.ASSIGNED:
                continue
            for name in names.get(port, ()):
                check(name in row[2], port, transport, name, row)
    for first, last in ((8000, 8010), (0, 1023), (7740, 7800)):
        page = page_of(server, "/port/%d-%d%s" % (first, last, date))
        same(page.tables[0][1:], [
            [t.upper()] + [str(tables[t][0][first:last + 1].count(s))
                           for s in (3, 2, 1, 0)]
            for t in port_states.TRANSPORTS], "counts", first, last)


def check_records(server, path, date=""):
    """Records, services and persons beside the official columns."""
    official = oracle.Registry(str(path))
    for record in official.records[::331]:
        target = "/record/" + urllib.parse.quote(
            record.key, safe="/~!$()*+,:=@") + date
        fields = page_of(server, target).lists[0]
        for column, heading in enumerate(oracle.HEADINGS):
            want = record.columns[column]
            if column == oracle.ASSIGNEE and not record.explicit:
                want = ""
            got = fields[heading]
            got = "" if got.startswith("none") else got
            same(squeeze(got), squeeze(want), target, heading)
    for name in SERVICES:
        rows = [r.key for r in official.records
                if r.columns[oracle.NAME].lower() == name]
        if rows:
            page = page_of(server, "/service/" + name + date)
            same(sorted(row[0] for row in page.tables[0][1:]), sorted(rows),
                 name, date)
    for person in ("IESG", "IETF_Chair", "Randall_Stewart"):
        wanted = [r.key for r in official.records if person in r.people]
        if wanted:
            page = page_of(server, "/person/" + person + date)
            same([row[0] for row in page.tables[0][1:]], wanted[:100], person)
            check("%d record" % len(wanted) in page.words, person)
    return official


def check_kinds(server, text, official):
    """Totals of kinds of rows, by the XML."""
    records = port_states.Registry(text).records
    for protocol, state, low, high in (
            ("tcp", 3, 0, 1023), ("udp", 2, 1024, 49151),
            ("none", 1, 0, 1023), ("sctp", 3, 1024, 49151)):
        want = sum(r.protocol == protocol.replace("none", "") and
                   r.state == state and r.ports is not None and
                   r.ports[0] <= high and r.ports[1] >= low for r in records)
        page = page_of(server, "/?protocol=%s&state=%s&class=%s" % (
            protocol, WORDS[state], "system" if low == 0 else "user"))
        check("%d rows (" % want in page.words, protocol, state, want,
              page.words[:600])
    want = [r.columns[oracle.NAME] for r in official.search("http")
            if r.columns[oracle.PROTOCOL] == "udp"]
    page = page_of(server, "/?search=http&protocol=udp&page=2")
    same([row[0] for row in page.rows], want[100:200], "http, udp, page 2")
    page = page_of(server, "/?search=http&protocol=udp&sort=name")
    same([row[0] for row in page.rows],
         sorted(want, key=lambda n: (n == "", n.lower()))[:100], "sorted")


def check_known(server):
    """What the notes of design and the RFCs say of certain ones."""
    for target, words in (
            ("/port/443", "Assigned to https for TCP, UDP and SCTP; not "
             "listed for DCCP."),
            ("/port/0", "edges of the ranges"),
            ("/port/3", "De-assigned on 2025-02-13, previously compressnet"),
            ("/port/24", "Assigned to \u201cany private mail system\u201d"),
            ("/port/2049", "shilp"),
            ("/port/49152",
             "Not listed for any transport: a Dynamic Port, never assigned"),
            ("/port/4", "System Ports are for protocols of the IETF"),
            ("/port/11434", "an assignment reserves it for the other"),
            ("/port/53", "dns: DNS is the name in use"),
            ("/service/dns", "People call so what it has as domain, with "
             "53/tcp and 53/udp."),
            ("/service/http", "path to document"),
            ("/port/442", "443 assigned https"),
            ("/record/1021/tcp/exp1", "Footnote")):
        page = page_of(server, target)
        check(words in page.words, target, words, page.words[:3000])
    check(page_of(server, "/port/2049").rows[0][2].startswith("nfs:"),
          "the preferred one first")
    redirect(server, "/record/3/tcp/compressnet", 302,
             "/record/-/tcp/compressnet")
    redirect(server, "/record/4319/tcp/fox-skytale", 302,
             "/record/4319/tcp/skytale")
    page = page_of(server, "/service/fox-skytale", 404)
    check("its record is 4319/tcp/skytale now" in page.words, page.words)
    page = page_of(server, "/person/Fox_Crypto_BV")
    check("does not list this entry any more" in page.words and
          "mailto" not in page.words, page.words)
    page = page_of(server, "/port/0-65535")
    check("65,536 ports." in page.words and len(page.tables[1]) == 101,
          "all ports")
    page_of(server, "/port/0-65535?page=9007199254740991")


def check_official(work):
    every = editions.names()
    wanted = editions.around(every, {"2025-02-13", "2025-10-30"})
    paths = editions.extract(wanted, work)
    image = program.build(work + "/official.image", *paths)
    with Server(SERVER, image) as server:
        newest, first = paths[-1], paths[0]
        text = newest.read_text("utf-8")
        check_ports(server, text)
        official = check_records(server, newest)
        check_kinds(server, text, official)
        date = "?as-of=" + first.name.split(".")[0]
        check_ports(server, first.read_text("utf-8"), date)
        check_records(server, first, date)
        check_known(server)


def main():
    with tempfile.TemporaryDirectory() as work:
        state = build(work, "small", small.EDITIONS)
        with Server(SERVER, state, "--base-url", BASE) as server:
            for test in (check_small, check_missing, check_redirects,
                         check_things, check_headers):
                test(server)
            same(server.stop(), 0, "stop")
        check_odd(work)
        check_hostile(work)
        if editions.available():
            check_official(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
