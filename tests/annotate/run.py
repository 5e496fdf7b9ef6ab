#!/usr/bin/env python3
"""annotate against a second implementation (second.py) on invented lines of
each format, cut anywhere and on several threads; then its words and failures.
"""

import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "exports")]

from common import official  # noqa: E402
from common.outcome import expect, finish, skip  # noqa: E402
from common.program import BUILD, PORTBOOK, SOURCE, imported  # noqa: E402
from oracle import Oracle  # noqa: E402
from second import Second  # noqa: E402

SMALL = """<registry xmlns="http://www.iana.org/assignments" id="s">
  <title>T</title><updated>%s</updated>
  <record><protocol>tcp</protocol><description>Reserved</description>
    <number>0</number></record>
  <record><name>domain</name><protocol>udp</protocol><description>Domain
    Name, "Server"</description><number>53</number></record>
  <record><name>%s</name><protocol>tcp</protocol><description>World Wide Web
    </description><number>80</number></record>
  <record><name>https</name><protocol>tcp</protocol><description>http over
    TLS</description><number>443</number></record>
  <record><name>https</name><protocol>sctp</protocol><description>http over
    TLS</description><number>443</number></record>
  <record><description>Unassigned</description><number>444-500</number></record>
  <record><name>x11</name><protocol>tcp</protocol><description>X</description>
    <number>6000-6063</number></record>
  <record><name>odd name</name><protocol>tcp</protocol><description>A, B
    </description><number>7000</number></record>
  <people/></registry>
"""


def run(registry, *words, text="", pieces=None):
    """Status, output and talk; pieces: bytes at a time into a pipe."""
    command = [PORTBOOK, "--registry", str(registry), "annotate", *words]
    data = text.encode("utf-8", "surrogateescape")
    if pieces is None:
        done = subprocess.run(command, input=data, capture_output=True)
        return (done.returncode, done.stdout.decode("utf-8",
                                                    "surrogateescape"),
                done.stderr.decode())
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out,
                                   stderr=err)
        for at in range(0, len(data), pieces):
            process.stdin.write(data[at:at + pieces])
            process.stdin.flush()
        process.stdin.close()
        status = process.wait()
        out.seek(0)
        err.seek(0)
        return (status, out.read().decode("utf-8", "surrogateescape"),
                err.read().decode())


def number(text):
    return int(text.replace(",", ""))


def compare(what, registry, second, method, text, *words, **more):
    """All ways of giving the input, against the second implementation."""
    wanted = getattr(second, method)(text, **more)
    without, named, unchanged = second.counts
    ways = [((), None), (("--jobs", "2"), None), (("--jobs", "4"), 30011)]
    ways += [(("--jobs", "3"), 997), ((), 4093)] if len(text) < 400000 else []
    for extra, pieces in ways:
        status, out, err = run(registry, *words, *extra, text=text,
                               pieces=pieces)
        name = "%s %s %s" % (what, extra, pieces)
        expect(name, out, wanted)
        told = re.match(r"([\d,]+) lines?: ([\d,]+) with a service, ([\d,]+) "
                        r"without, ([\d,]+) passed unchanged\n", err)
        if "zeek" not in what:
            expect(name + ": told", told and [number(n) for n in told.groups()],
                   [named + without + unchanged, named, without, unchanged])
        expect(name + ": status", status, 0)


class Lines:
    """Invented fields, among them odd ones."""

    def __init__(self, seed, names):
        self.rng = random.Random(seed)
        self.known = sorted({port for port, _ in names})

    def port(self):
        kind = self.rng.random()
        if kind < 0.6:
            return str(self.rng.choice(self.known))
        if kind < 0.9:
            return str(self.rng.randrange(65536))
        return self.rng.choice(("", "-", "65535", "65536", "0", "00443", "x",
                                "99999999999999999999", "-1", "443x", "0x1bb",
                                "4\u00e93", "+80", "000000000080", "0080"))

    def protocol(self):
        return self.rng.choice((
            "6", "17", "6", "17", "132", "33", "tcp", "udp", "TCP", "Udp",
            "sctp", "dccp", "DCCP", "1", "icmp", "", "-", "006", "256", "tcpx",
            "47", "t"))

    def word(self):
        return self.rng.choice(("eni-0123456789abcdef0", "10.0.0.1", "x", "OK",
                                "", "\u00e9t\u00e9", "2001:db8::1", "1" * 70,
                                "a-b_c"))

    def end(self):
        return "\r\n" if self.rng.random() < 0.2 else "\n"

    def fields(self, count, ports, protocol):
        fields = [self.word() for _ in range(count)]
        for p in ports:
            fields[p] = self.port()
        fields[protocol] = self.protocol()
        if self.rng.random() < 0.03:
            fields = fields[:self.rng.randrange(count)]
        return fields

    def quoted(self, field):
        kind = self.rng.random()
        if kind < 0.1:
            return '"' + field.replace('"', '""') + '"'
        if kind < 0.13:
            return '" %s\t"' % field
        if kind < 0.15:
            return " %s " % field
        return field

    def csv(self, count, ports, protocol, lines):
        out = []
        for _ in range(lines):
            fields = [self.quoted(f)
                      for f in self.fields(count, ports, protocol)]
            if fields and self.rng.random() < 0.1:
                fields[0] = self.rng.choice((
                    '"a,b"', '"two\nlines"', '"say ""so"""', '"a\r\nb,""\n"',
                    'in"side', 'x""', '""', '"after"wards', '"a"b"c'))
            out.append(",".join(fields) + self.end())
            if self.rng.random() < 0.01:
                out.append(self.rng.choice(("\n", "\r\n")))
        return "".join(out)


def check_csv(registry, names):
    lines = Lines("csv", names)
    head = "start,srcport,dstport,proto,\"the end\"\n"
    text = lines.csv(5, (1, 2), 3, 9000)
    compare("csv by name", registry, Second(names, [2], 3), "csv", head + text,
            "--port", "dstport", "--protocol", "proto", header=True)
    compare("csv, two ports", registry,
            Second(names, [2, 1], 3, "udp", labels=["dstport", "SrcPort"][:1] +
                   ["srcport"]), "csv", head + text, "--port",
            "dstport,SRCPORT", "--protocol", "4", "--assume", "UDP",
            header=True)
    compare("csv by number", registry, Second(names, [1], 3), "csv", text,
            "--port", "2", "--protocol", "4", "--no-header", header=False)
    compare("csv, guess", registry, Second(names, [1, 2], 3, guess=True),
            "csv", head + text, "--port", "2,3", "--protocol", "proto",
            "--guess", header=True)
    compare("csv, no protocol", registry, Second(names, [1], None, "tcp"),
            "csv", head + text[:5000], "--port", "srcport", "--assume", "tcp",
            header=True)
    compare("csv, prefix", registry,
            Second(names, [1], 3, prefix="iana_"), "csv",
            head.replace("start", "service") + text[:5000], "--port",
            "srcport", "--protocol", "proto", "--prefix", "iana_", header=True)
    long = "1,443,80,6,%s\n" % ("y" * 1000000)
    compare("csv, a long line", registry, Second(names, [1], 3), "csv",
            head + long + text[:3000] + long.rstrip("\n"), "--port", "srcport",
            "--protocol", "proto", header=True)
    wide = ",".join("c%d" % i for i in range(3000)) + ",p,t"
    row = "," * 3000
    compare("csv, many columns", registry, Second(names, [3000], 3001), "csv",
            wide + "\n" + (row + "443,6\n") * 200, "--port", "p",
            "--protocol", "t", header=True)
    mark = "\ufeff"
    expect("csv, byte order mark", run(
        registry, "--port", "p", "--protocol", "t", text=mark +
        "p,t\r\n443,6\r\n")[1], mark + "p,t,service\r\n443,6,https\r\n")
    expect("csv, mark and quote", run(
        registry, "--port", "p", "--protocol", "t", text=mark +
        '"a,\nb",p,t\r\n"x,y",443,6\r\n')[1], mark +
        '"a,\nb",p,t,service\r\n"x,y",443,6,https\r\n')
    expect("csv, mark and number", run(
        registry, "--port", "1", "--protocol", "2", text=mark + "443,6")[1],
        mark + "443,6,https")


def check_tables(registry, names):
    lines = Lines("tables", names)
    rows = [lines.fields(6, (2, 4), 5) for _ in range(9000)]
    tsv = "".join("\t".join(row) + lines.end() for row in rows)
    compare("tsv", registry, Second(names, [2], 5), "tsv",
            "a\tb\tc\td\te\tf\n" + tsv, "--port", "c", "--protocol", "f",
            header=True)
    zeek = ("#separator \\x09\n#set_separator\t,\n#fields\tts\tuid\t"
            "id.orig_p\tx\tid.resp_p\tproto\n#types\ttime\tstring\tport\t"
            "string\tport\tenum\n" + tsv + "#close\t2026-11-21-00-00-00\n")
    compare("zeek", registry,
            Second(names, [2, 4], 5, labels=["id.orig_p", "id.resp_p"]),
            "tsv", zeek, "--port", "id.orig_p,id.resp_p", "--protocol",
            "proto", header=False, zeek=True)
    space = "".join(
        lines.rng.choice(("", "", " ")) + lines.rng.choice(
            (" ", "  ", " \t ")).join(word or "-" for word in row) +
        lines.rng.choice(("", "", " ", "\t")) + lines.end() for row in rows)
    space = space.replace("\n10.0.0.1", "\n#remark 10.0.0.1")
    compare("space", registry, Second(names, [4, 2], 5), "space", space,
            "--input", "space", "--port", "5,3", "--protocol", "6",
            "--no-header", header=False)
    head = "version eni srcport address dstport protocol\n"
    compare("space, header", registry, Second(names, [4], 5, "tcp"), "space",
            head + space, "--port", "dstport", "--input", "space",
            "--protocol", "protocol", "--assume", "tcp", header=True)


def check_pairs(registry, names):
    lines = Lines("pairs", names)
    text = "tcp 6 1 sport=1 dport=443\n"
    for _ in range(8000):
        text += lines.rng.choice((
            "%(t)s      %(n)s 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 "
            "sport=%(a)s dport=%(b)s src=10.0.0.2 dst=10.0.0.1 sport=%(b)s "
            "dport=%(a)s [ASSURED] use=1",
            "%(t)s %(n)s 29 src=1.1.1.1 dst=2.2.2.2 type=8 code=0 id=1",
            "%(t)s dport=\"%(b)s\" [UNREPLIED] ",
            "", " ", "xdport=1 dportx=2")) % {
                "t": lines.protocol() or "tcp", "n": "6", "a": lines.port(),
                "b": lines.port()} + lines.end()
    compare("conntrack", registry, Second(names, ["dport"], 0), "pairs", text,
            "--port", "dport", "--protocol", "1")
    compare("conntrack, two", registry,
            Second(names, ["sport", "dport"], 0, "udp"), "pairs", text,
            "--port", "sport,dport", "--protocol", "1", "--assume", "udp")


def check_json(registry, names):
    lines = Lines("json", names)
    text = ""
    for _ in range(8000):
        port, other = lines.port(), lines.port()
        kind = lines.rng.randrange(12)
        text += (
            '{"src_port":%d,"dest_port":%s,"proto":"%s"}',
            '{ "dest_port" : %3$s , "proto": "%s" , "x": [1, {"a": "}"}] }',
            '{"nested":{"dest_port":1,"x":[[],{}]},"dest_port":%3$s,'
            '"proto":"%s"}',
            '{"dest_port":"%2$s","proto":"%s","src_port":"%5$s"}',
            '{"proto":17,"dest_port":53.0,"u":"\\u00e9\\n\\"\u00e9"}',
            '{"dest_port":null,"proto":null}', '{"a":1}', '[1]', '{"b":',
            '{"dest_port":80,}', '{"service":1,"dest_port":80,"proto":6}',
            '{"dest_port":1,"dest_port":443,"proto":6,"e":-1.5e+3}')[kind] \
            .replace("%3$s", "%s" % (port if port.isdigit() and
                                     not port.startswith("0") else "443")) \
            .replace("%2$s", port).replace("%5$s", other) \
            .replace("%d", str(lines.rng.randrange(65536))) \
            .replace(":%s,", ":%s," % lines.rng.randrange(70000)) \
            .replace("%s", lines.protocol()) + lines.end()
    text = '{"dest_port":443,"proto":"TCP"}\n' + text
    compare("json", registry, Second(names, ["dest_port"], "proto"), "json",
            text, "--port", "dest_port", "--protocol", "proto")
    compare("json, two", registry,
            Second(names, ["dest_port", "src_port"], "proto", "sctp"), "json",
            text, "--port", "dest_port,src_port", "--protocol", "proto",
            "--assume", "sctp")
    compare("json, guess", registry,
            Second(names, ["dest_port", "src_port"], "proto", guess=True),
            "json", text, "--port", "dest_port,src_port", "--protocol",
            "proto", "--guess")


def check_added(small):
    """state, class, description and port, in each format."""
    ask = ("--port", "p", "--protocol", "t", "--add",
           "state,class,description,port", "-q")
    expect("added, csv", run(small, *ask, text="p,t\n53,udp\n7000,tcp\n0,tcp\n"
                             "450,tcp\n50000,udp\n53,icmp\n")[1:], (
        "p,t,service,state,class,description,port\n"
        "53,udp,domain,assigned,system,\"Domain Name, \"\"Server\"\"\",53\n"
        "7000,tcp,odd name,assigned,user,\"A, B\",7000\n"
        "0,tcp,,reserved,system,Reserved,0\n"
        "450,tcp,,unassigned,system,Unassigned,450\n"
        "50000,udp,,not-listed,dynamic,,50000\n"
        "53,icmp,,,,,\n", ""))
    expect("added, tsv", run(small, *ask, text="p\tt\n7000\ttcp\n1\ttcp\n")[1],
           "p\tt\tservice\tstate\tclass\tdescription\tport\n"
           "7000\ttcp\todd name\tassigned\tuser\tA, B\t7000\n"
           "1\ttcp\t\tnot-listed\tsystem\t\t1\n")
    expect("added, space", run(small, *ask, text="p t\n7000 tcp\n1 tcp\n")[1],
           "p t service state class description port\n"
           "7000 tcp odd_name assigned user A,_B 7000\n"
           "1 tcp - not-listed system - 1\n")
    expect("added, pairs", run(small, *ask, text="p=7000 t=tcp\np=1 t=6\n")[1],
           "p=7000 t=tcp service=odd_name state=assigned class=user "
           "description=A,_B port=7000\n"
           "p=1 t=6 service= state=not-listed class=system description= port=1"
           "\n")
    expect("added, json", run(small, *ask, text='{"p":53,"t":17}\n'
                              '{"p":"x","t":17}\n')[1],
           '{"p":53,"t":17,"service":"domain","state":"assigned","class":'
           '"system","description":"Domain\\nName, \\"Server\\"","port":53}\n'
           '{"p":"x","t":17,"service":null,"state":null,"class":null,'
           '"description":null,"port":null}\n')
    expect("guessed port", run(small, "--port", "1,2", "--protocol", "3", "-q",
                               "--guess", "--add", "port", text=(
                                   "50000,443,6\n443,50000,6\n443,80,6\n"
                                   "50000,40000,6\nx,50000,6\n1,2,icmp\n"))[1],
           "50000,443,6,https,443\n443,50000,6,https,443\n443,80,6,www,80\n"
           "50000,40000,6,,40000\nx,50000,6,,50000\n1,2,icmp,,\n")


def check_words(small, work):
    ask = ("--port", "p", "--protocol", "t")
    date = "registry of 2021-01-01, 8 records\n"
    expect("told", run(small, *ask, text="p,t\n443,6\nx\n")[2],
           "2 lines: 1 with a service, 0 without, 1 passed unchanged\n" + date)
    expect("told of one", run(small, *ask, text="p,t\n444,6\n")[2],
           "1 line: 0 with a service, 1 without, 0 passed unchanged\n" + date)
    expect("nothing", run(small, *ask), (0, "", "0 lines: 0 with a service, 0 "
                                         "without, 0 passed unchanged\n" + date))
    expect("only a header", run(small, *ask, "-q", text="p,t")[:2],
           (0, "p,t,service"))
    expect("an open quote", run(small, *ask, "-q", text='p,t\n443,6\n"8,6\n1')
           [:2], (0, 'p,t,service\n443,6,https\n"8,6\n1'))
    expect("as of", run(small, *ask, "-q", "--as-of", "2020-05-05",
                        text="p,t\n80,6\n")[1], "p,t,service\n80,6,http\n")
    expect("today", run(small, *ask, "-q", text="p,t\n80,6\n")[1],
           "p,t,service\n80,6,www\n")
    expect("a header as it looks", run(small, "--port", "1", "--assume", "tcp",
                                       "-q", text="port,x\n80,y\n")[1],
           "port,x,service\n80,y,www\n")
    expect("a header for sure", run(small, "--port", "1", "--assume", "tcp",
                                    "-q", "--header", text="1,x\n80,y\n")[1],
           "1,x,service\n80,y,www\n")
    icmp = "icmp 1 29 src=1.1.1.1 dst=2.2.2.2 type=8 code=0 id=1\n"
    tcp = "tcp 6 43 src=1.1.1.1 sport=50000 dport=443"
    expect("the first connection without ports", run(
        small, "--port", "dport", "--protocol", "1", "-q",
        text=icmp + tcp)[1], icmp + tcp + " service=https")
    expect("pairs after a tab", run(
        small, "--port", "dport", "--protocol", "t", "-q", "--input", "space",
        text="a=1\tdport=443 t=6\n")[1], "a=1\tdport=443 t=6 service=https\n")
    expect("a word with = by number", run(
        small, "--port", "2", "--protocol", "1", "-q",
        text="6 443 a=b\n")[1], "6 443 a=b https\n")
    for head, port in (("# flows, of today\n", "2"),
                       ("\n# of today\n", "2"),
                       ("# of p today\na p t%s\n", "p"),
                       ("# of today\n# a p t%s\n", "p"),
                       ("#a p t%s\n", "p"),
                       ("# x\n" * 50000 + "a p t%s\n", "p"),
                       ("#Version: 1.0\n#Fields: a p t%s\n", "p")):
        for jobs in ("1", "2"):
            more = " service" if "%s" in head else ""
            ask_port = (port, "--protocol", "3" if port == "2" else "t")
            expect("a remark before: %s" % head[:30], run(
                small, "--port", *ask_port, "-q", "--jobs", jobs,
                text=head.replace("%s", "") + "1.1.1.1 443 tcp\n")[:2],
                (0, head.replace("%s", more) + "1.1.1.1 443 tcp https\n"))
    expect("a header of CSV that begins so", run(
        small, *ask, "-q", text="#a,p,t\n1,443,6\n")[1],
        "#a,p,t,service\n1,443,6,https\n")
    expect("remarks alone", run(small, "--port", "1", "--protocol", "2", "-q",
                                text="# only\n\n")[:2], (0, "# only\n\n"))
    files = []
    for n, text in enumerate(("p,t\n80,6\n", "t\tp\n6\t443\n")):
        files.append(str(work / ("file-%d" % n)))
        pathlib.Path(files[-1]).write_text(text)
    expect("files", run(small, *ask, "-q", *files)[1],
           "p,t,service\n80,6,www\nt\tp\tservice\n6\t443\thttps\n")
    ends = [str(work / ("end-%d" % n)) for n in range(3)]
    for path, text in zip(ends, ("p,t\n80,6", "", "p,t\n443,6")):
        pathlib.Path(path).write_text(text)
    for jobs in ("1", "2"):
        expect("files without a newline at the end", run(
            small, *ask, "-q", "--jobs", jobs, *ends)[1],
            "p,t,service\n80,6,www\np,t,service\n443,6,https")
    expect("no such column", run(
        small, "--port", "q", "--protocol", "t", text='{"p":80,"t":6}\n')[2],
        "1 line: 0 with a service, 0 without, 1 passed unchanged\n"
        "no line has all columns that are asked for\n" + date)
    for jobs in ("1", "2"):
        for text, port, protocol, said in (
                ("p,t,x\n80,6,a\n443,17,b\n", "p", "x", (
                    "tcp, udp, sctp or dccp, or the number of one in column "
                    "x",)),
                ("p,t,x\n80,6,a\n443,17,b\n", "x", "t",
                 ("a port in column x",)),
                ("p,t,x\n80,6,a\n443,17,b\n", "x,t", "x", (
                    "tcp, udp, sctp or dccp, or the number of one in column "
                    "x",)),
                ("p t x\n80 1 a\n443 icmp b\n", "1", "2", (
                    "tcp, udp, sctp or dccp, or the number of one in column "
                    "2",)),
                ('{"p":80,"t":"x"}\n{"p":443,"t":58}\n', "p", "t", (
                    "tcp, udp, sctp or dccp, or the number of one in column "
                    "t",)),
                ("p=x t=y\np=70000 t=\n", "p", "t", (
                    "a port in column p",
                    "tcp, udp, sctp or dccp, or the number of one in column "
                    "t")),
                ("p=80 t=1\np=8 t=udp\n", "p", "t", ()),
                ("p,t\n80,1\nx,6\n", "p", "t", ()), ("p,t\n", "p", "t", ())):
            got = run(small, "--port", port, "--protocol", protocol,
                      "--jobs", jobs, text=text)
            expect("no line has it: %s" % [text, port, protocol],
                   (got[0], got[2].splitlines()[1:-1]),
                   (0, ["no line has " + what for what in said]))
    expect("a file and standard input", run(
        small, *ask, "-q", files[0], "-", text="p,t\n443,6")[1],
        "p,t,service\n80,6,www\np,t,service\n443,6,https")
    for words, text, status, told in (
            ((), "", 2, "needs --port"),
            (("--port", "1"), "", 2, "needs --protocol"),
            (("--port", "a,,b", "--assume", "tcp"), "", 2, "is empty"),
            (("--port", "1", "--assume", "icmp"), "", 2, "--assume is"),
            ((*ask, "--add", "name"), "", 2, "--add takes"),
            ((*ask, "--jobs", "0"), "", 2, "from 1 to 64"),
            ((*ask, "--input", "xml"), "", 2, "--input is"),
            (("--port", "p,q,p", "--assume", "6"), "", 2, "p twice"),
            ((*ask, "--guess"), "", 2, "--port A,B"),
            (ask, "p,x\n", 2, "no column t in the header: p, x"),
            (ask, "p,t,service\n", 2, "--prefix"),
            ((*ask, "--no-header"), "1,6\n", 2, "numbers from 1"),
            ((*ask, "/nonexistent/file"), "", 4, "/nonexistent/file"),
            ((*ask, str(work)), "", 4, "cannot read"),
            ((*ask, "--as-of", "1999-01-01"), "", 3, "2020-01-01")):
        got = run(small, *words, text=text)
        expect("failure %s" % (words,), (got[0], got[1], told in got[2]),
               (status, "", True))
    zeek = "#fields\tp\tt\n443\ttcp\n"
    for jobs in ("1", "2"):
        words = (*ask, "-q", "--jobs", jobs)
        expect("Zeek's columns again", run(
            small, *words, text=zeek + "#close\n" + zeek)[:2],
            (0, "#fields\tp\tt\tservice\n443\ttcp\thttps\n#close\n"
               "#fields\tp\tt\tservice\n443\ttcp\thttps\n"))
        for between in ("", "443\ttcp\n" * 40000):
            got = run(small, *words, text=zeek + between +
                      "#fields\tt\tp\n6\t443\n")
            expect("Zeek's columns change", (
                got[0], "one by one" in got[2], "\t443\t" in got[1]),
                (3, True, False))
    data = b"p,t\n" + b"443,6\n" * 100000
    for jobs in ("1", "3"):
        command = [PORTBOOK, "--registry", small, "annotate", *ask, "--jobs",
                   jobs]
        with open("/dev/full", "wb") as full:
            done = subprocess.run(command, input=data, stdout=full,
                                  stderr=subprocess.PIPE)
        expect("a full disk", (done.returncode, done.stderr.count(b"\n"),
                               b"No space left" in done.stderr), (4, 1, True))
        with open(work / "lines", "wb") as file:
            file.write(data * 5)
        process = subprocess.Popen([*command, str(work / "lines")],
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.read(10)
        process.stdout.close()
        told = process.stderr.read()
        process.stderr.close()
        expect("nobody reads", (process.wait() != 0, told), (True, b""))


def check_prompt(small):
    """Lines come out as they come in, not when the input ends."""
    for jobs in ("1", "2"):
        process = subprocess.Popen(
            [PORTBOOK, "--registry", small, "annotate", "--port", "p", "-q",
             "--protocol", "t", "--jobs", jobs], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        got = []
        for line in (b"p,t\n", b"443,6\n", b"80,6\n"):
            process.stdin.write(line)
            process.stdin.flush()
            got.append(process.stdout.readline())
        process.stdin.close()
        expect("prompt", got, [b"p,t,service\n", b"443,6,https\n",
                               b"80,6,www\n"])
        process.stdout.close()
        expect("prompt, status", process.wait(), 0)


EXAMPLES = {
    "flows.log": "version account-id interface-id srcaddr dstaddr srcport "
                 "dstport protocol packets bytes start end action "
                 "log-status\n"
                 "2 123456789010 eni-1 10.0.0.1 10.0.0.2 50000 443 6 20 4249 "
                 "1418530010 1418530070 ACCEPT OK\n"
                 "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - "
                 "NODATA\n",
    "conn.log": "#separator \\x09\n#fields\tts\tuid\tid.orig_p\tid.resp_p\t"
                "proto\tservice\n#types\ttime\tstring\tport\tport\tenum\t"
                "string\n1.5\tC1\t50000\t80\ttcp\t-\n1.6\tC2\t8\t0\ticmp\t-\n",
    "eve.json": '{"event_type":"flow","dest_port":53,"proto":"UDP"}\n'
                '{"event_type":"stats"}\n',
    "conntrack": "#!/bin/sh\necho icmp 1 29 src=10.0.0.1 type=8 code=0\n"
                 "echo tcp 6 9 ESTABLISHED src=10.0.0.1 sport=50000 "
                 "dport=443 src=10.0.0.2 sport=443 dport=50000\n",
}


def check_manual(small, work):
    """The examples of the page do what it says."""
    place = work / "manual"
    place.mkdir()
    for name, text in EXAMPLES.items():
        (place / name).write_text(text)
    (place / "conntrack").chmod(0o755)
    page = (SOURCE / "man/portbook-annotate.1").read_text()
    commands = re.findall(r"^\.Dl \$ (.*)$", page, re.M)
    wanted = (
        (0, "log-status service\n.*OK https\n.*NODATA -\n"),
        (0, "log-status service\n.*OK https\n.*NODATA -\n"),
        (0, "icmp .*code=0\ntcp .*dport=50000 service=https\n"),
        (0, ".*\tservice\tiana_service\n.*string\tstring\n.*\ttcp\t-\twww\n"
            ".*icmp\t-\t-\n"),
        (0, '.*"UDP","service":"domain","state":"assigned"}\n.*stats"}\n'))
    expect("examples of the manual", len(commands), len(wanted))
    for command, (status, text) in zip(commands, wanted):
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, cwd=place,
            env={**os.environ, "PORTBOOK_REGISTRY": small,
                 "PATH": "%s:%s:%s" % (place, BUILD, os.environ["PATH"])})
        expect(command, (done.returncode, bool(
            re.search("(?s)" + text + "$", done.stdout))), (status, True))


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        texts = [work / "old.xml", work / "new.xml"]
        texts[0].write_text(SMALL % ("2020-01-01", "http"))
        texts[1].write_text(SMALL % ("2021-01-01", "www"))
        small = str(work / "small")
        imported(small, *texts)
        check_added(small)
        check_words(small, work)
        check_prompt(small)
        check_manual(small, work)
        xml = official.newest()
        if xml:
            registry = imported(work / "state", xml)
        else:
            skip("a large registry", official.NONE)
            registry, xml = small, texts[1]
        names = {key: rows[0].name for key, rows in
                 Oracle(xml, SOURCE / "data" / "names.tsv").entries.items()}
        expect("names", len(names) > (60 if xml == texts[1] else 10000), True)
        check_csv(registry, names)
        check_tables(registry, names)
        check_pairs(registry, names)
        check_json(registry, names)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
