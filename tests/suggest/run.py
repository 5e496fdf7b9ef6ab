#!/usr/bin/env python3
"""suggest and /suggest: verdicts and proposals against a second computation,
a host's own sockets and settings, lists to avoid, the page and the API.

limit: 240 seconds
"""

import contextlib
import csv
import io
import json
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import oracle  # noqa: E402
from common import editions, official  # noqa: E402
from common.outcome import check, finish, same, skip  # noqa: E402
from common.page import page_at  # noqa: E402
from common.program import (PORTBOOK, SERVER, build, imported,  # noqa: E402
                            plain, write_all)
from common.server import Server  # noqa: E402

NOTICE = "Unassigned is not permission"
DYNAMIC = "A dynamic port needs no application and may be in use at any time"
HEAD = """<registry xmlns="http://www.iana.org/assignments" id="s">
  <title>T</title><updated>%s</updated>
"""
RECORD = "  <record>%s<description>%s</description>%s</record>\n"


def run(registry, *words, **more):
    done = subprocess.run([PORTBOOK, "--registry", str(registry), "suggest",
                           *map(str, words)], capture_output=True, timeout=60,
                          **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def ask(registry, *words, **more):
    """The status, and the JSON."""
    status, out, err = run(registry, "--json", *words, **more)
    answer = json.loads(out)
    check(answer["notice"].startswith(notice_of(answer)), words, answer)
    check(answer["notice"] + "\n" in err or "-q" in words, "no notice", words,
          err)
    return status, answer


def notice_of(answer):
    """How the sentence begins that says what to do."""
    if "port" not in answer:
        return DYNAMIC if answer["range"]["first"] >= 49152 else NOTICE
    if answer["reasons"][0]["verdict"] == "bad":
        return "What is assigned or reserved is not for others"
    return DYNAMIC if answer["port"] >= 49152 else NOTICE


def verdicts(reasons):
    return [(r["code"], r["verdict"]) for r in reasons]


def row(number, name="", protocol="", description="", more=""):
    return RECORD % (
        ("<name>%s</name>" % name if name else "") +
        ("<protocol>%s</protocol>" % protocol if protocol else ""),
        description or "Service " + name, "<number>%s</number>%s" % (
            number, more))


SMALL = [
    HEAD % "2010-01-01" +
    row("2000", "old", "tcp") + row("2001", "older", "udp") +
    row("2002", "moved", "tcp") + row("2003", "kept", "tcp") +
    row("2004-2006", "many", "tcp") + "<people/></registry>\n",
    HEAD % "2012-06-01" +
    row("2000", "old", "tcp") + row("2001", description="Unassigned") +
    row("2002", "renamed", "tcp") + row("2003", "kept", "tcp") +
    row("2004-2006", description="Unassigned") + "<people/></registry>\n",
    HEAD % "2022-06-01" +
    row("0", "", "tcp", "Reserved") +
    row("2000-2001", description="Unassigned") +
    row("2002", "renamed", "tcp") + row("2003", "kept", "tcp") +
    row("2004-2006", description="Unassigned") +
    row("2010", "", "", "Unassigned",
        "<unauthorized>Used by &lt;b&gt; and &amp;c</unauthorized>") +
    row("2011-2013", "", "", "Unassigned", "<note>Somebody is here</note>") +
    row("2012", "", "udp", "Removed") + row("2013", "", "sctp", "any mail") +
    row("2014", "shared", "tcp", more="<note>A remark</note>") +
    "<people/></registry>\n",
]


def import_small(work):
    files = write_all(work, {"small-%d.xml" % n: text
                             for n, text in enumerate(SMALL)})
    return imported(work / "small", *files), files


def check_small(work):
    """Every rule of the registry, at every port that has rows, in the past
    too; and the sentences where data stands in them."""
    state, files = import_small(work)
    versions = [oracle.Version(f) for f in files]
    for upto in range(1, 4):
        known, date = versions[:upto], versions[upto - 1].date
        for port in [0, *range(1999, 2016)]:
            for transports in (("tcp", "udp"), ("udp",), ("sctp", "dccp"),
                               ("tcp", "udp", "sctp", "dccp")):
                status, answer = ask(state, "--no-host", "--as-of", date,
                                     "--explain", port, "--for",
                                     ",".join(transports))
                want = oracle.judge(known, port, transports)
                same(verdicts(answer["reasons"]), want, date, port,
                     transports)
                usable = all(v != "bad" for _, v in want)
                same((status, answer["usable"], answer["port"],
                      answer["for"], answer["registry"]["as_of"]),
                     (int(not usable), usable, port, list(transports), date),
                     date, port)
        for near in (2000, 2012):
            got = ask(state, "--no-host", "--as-of", date, "--near", near,
                      "--seed", "s", "--count", "20")[1]
            same([s["port"] for s in got["suggestions"]],
                 oracle.suggest(known, "s", near, count=20), date, near)

    def text(port, code, *words):
        reasons = ask(state, "--no-host", "--explain", port,
                      *words)[1]["reasons"]
        return [r["text"] for r in reasons if r["code"] == code][0]

    for port, code, words in (
            (2010, "UNAUTHORIZED", '"Used by <b> and &c"'),
            (2011, "REMARK", '"Somebody is here"'),
            (2000, "DEASSIGNED", "to old until 2022-06-01, and old software"),
            (2004, "DEASSIGNED", "since 2010-01-01, the first version"),
            (2001, "DEASSIGNED", "until 2012-06-01, and old software"),
            (2012, "REGISTRY", "unassigned for tcp (2011-2013); reserved "
                               "for udp"),
            (2014, "REGISTRY", "assigned to shared for tcp; not in the "
                               "registry for udp")):
        words = words if code != "DEASSIGNED" or port != 2004 else \
            "to many until 2012-06-01, and old software"
        check(words in text(port, code), port, code, text(port, code), words)
    check("since 2010-01-01, the first version kept here" in
          text(2011, "DEASSIGNED"), text(2011, "DEASSIGNED"))
    check("assigned to any mail for sctp" in
          text(2013, "REGISTRY", "--for", "sctp"), "a nameless assignment")
    same(text(2002, "DEASSIGNED", "--for", "tcp"), "it is assigned now",
         "renamed")
    # The table of one port: all rules, each with its sentence and source.
    status, out, err = run(state, "--no-host", "--explain", "2012")
    same((status, out.splitlines()[0]), (1, "2012: not usable"), "table")
    same([line.split()[:2] for line in out.splitlines()[1:]],
         [[c, v + ":"] for c, v in oracle.judge(versions, 2012)], "table")
    check("What is assigned or reserved is not for others: " in err and
          "registry of 2022-06-01" in err, err)
    # A port that systems hand out is not told to be forbidden; nor is one
    # advised against and for in the same answer.
    for port, words, verdict in (
            (49200, [], "not usable as a fixed port"),
            (49200, ["--range", "49152-50000"], "not usable as a fixed port"),
            (40000, [], "not usable"), (61000, [], "not usable as a fixed "
                                                   "port"),
            (61000, ["--range", "61000-62000"], "usable"),
            (2011, [], "usable"), (2010, [], "not usable"), (0, [],
                                                             "not usable")):
        out = run(state, "--no-host", "--explain", port, *words)[1]
        same(out.splitlines()[0], "%d: %s" % (port, verdict), words)
    same(run(state, "-q", "--explain", "2012")[2], "", "quiet")
    # The examples of the manual; something may listen on 8081 here.
    page = (HERE.parent.parent / "man/portbook-suggest.1").read_text()
    examples = re.findall(r"^\.Dl \$ (portbook suggest .*)$", page, re.M)
    got = [subprocess.run(
        ["sh", "-c", example.replace("\\(aq", "'")], capture_output=True,
        text=True, timeout=60,
        env=plain(PORTBOOK_REGISTRY=str(state), PATH="%s:/usr/bin:/bin" %
                  pathlib.Path(PORTBOOK).parent)).stdout
        for example in examples]
    same([len(got), got[0].strip().isdigit(), got[1].count("\n")],
         [3, True, 5], examples, got)
    check(re.match("8081: (not )?usable\n  REGISTRY +good: not in the ",
                   got[2]), got[2])
    # The table of proposals: what all have in common is told once.
    for words, notes in (
            ((), []),
            (("--range", "65000-65535", "--for", "udp"),
             ["a dynamic port, 49152-65535: it needs no application and is "
              "never assigned, but systems hand these out for outgoing "
              "connections"])):
        for count in ("1", "3"):
            _, out, err = run(state, "--no-host", "--seed", "s", "--count",
                              count, *words)
            port = int(out.split()[0])
            want = oracle.judge(versions, port)
            it = "it" if count == "1" else "each"
            told = ["note of it:" if count == "1" else "note of each:",
                    *("  " + note for note in notes)] if notes else []
            same(err.splitlines()[:-3], [
                *told, "%s passes all %d rules; add --explain %d to see them"
                % (it, len(want), port)],
                 words, count)
            same((out.count("\n"), out.count("2022")), (int(count), 0), out)


def check_file(work):
    """A registry of one version knows no history, and says so."""
    file = work / "small-2.xml"
    reasons = ask(file, "--no-host", "--explain", "2000")[1]["reasons"]
    same(verdicts(reasons), oracle.judge([oracle.Version(file)], 2000), "file")
    check("not checked" in reasons[3]["text"], reasons[3])
    status, out, _ = run(file, "-q", "--no-host", "--near", "2000", "--seed",
                         "x", "--count", "3", "--avoid", "-",
                         input=b"1999 2001\n")
    same([int(line.split()[0]) for line in out.splitlines()],
         oracle.suggest([oracle.Version(file)], "x", 2000, count=3,
                        avoid={"tcp": {1999, 2001}, "udp": {1999, 2001}}),
         "the list from standard input, the image made first")


def check_usage(state):
    for words in (["--near", "70000"], ["--near", "-1"], ["--near", ""],
                  ["--near", "x"], ["--range", "9-5"], ["--range", "1-65536"],
                  ["--range", ""], ["--count", "0"], ["--count", "101"],
                  ["--count", "1.5"], ["--for", "tcp,foo"], ["--for", ""],
                  ["--for", ",tcp"], ["--explain", "65536"],
                  ["--explain", "https"], ["--seed", ""],
                  ["--seed", "s" * 129], ["--format", "xml"], ["--nonsense"],
                  ["443"], ["--no-host=1"], ["--near"], ["--page", "1"]):
        status, out, err = run(state, *words)
        same((status, out, err.count("\n")), (2, "", 1), words, err)
    check("a port, 0 to 65535, not 70000" in run(state, "--explain", "70000")[2],
          "70000 is not told")
    same(run(state, "--as-of", "2001-01-01")[0], 3, "before the first")
    same(run(state, "--avoid", "/nonexistent")[0], 4, "no such list")


def check_formats(state):
    """CSV, TSV, JSON lines and the numbers say what the JSON does."""
    for words in (["--near", "2005", "--count", "4"], ["--range", "2010-2014"],
                  ["--range", "65000-65100", "--count", "2"],
                  ["--range", "2002-2003"]):
        words = ["--no-host", "--seed", "f", *words]
        status, answer = ask(state, *words)
        ports = answer["suggestions"]
        rows = [{"rank": str(n), "port": str(p["port"]),
                 "registry": p["reasons"][0]["text"],
                 "notes": "; ".join(r["text"] for r in p["reasons"]
                                    if r["verdict"] == "note")}
                for n, p in enumerate(ports, 1)]
        same_rows(state, words, status, rows, ports, answer["notice"])
        same(run(state, "--format", "plain", "-q", *words),
             (status, "".join("%d\n" % p["port"] for p in ports), ""), words)
    for port, plain in ((2011, "2011\n"), (2010, ""), (49152, "")):
        words = ["--no-host", "--explain", port]
        status, answer = ask(state, *words)
        rows = [{"port": str(port), **r} for r in answer["reasons"]]
        same_rows(state, words, status, rows, answer["reasons"],
                  answer["notice"])
        same(run(state, "--format", "plain", "-q", *words),
             (status, plain, ""), port)
    out = subprocess.run([PORTBOOK, "--registry", state, "list", "--format",
                          "plain"], capture_output=True, text=True)
    same((out.returncode, out.stderr),
         (2, "portbook: --format is table, csv, tsv, json or jsonl, not "
             "plain\n"), "plain of another command")


def same_rows(state, words, status, rows, objects, notice):
    for form, read in (("csv", {}), ("tsv", {"delimiter": "\t"})):
        got = run(state, "--format", form, *words)
        check(notice in got[2] and "note" not in got[2], form, got[2])
        same((got[0], list(csv.DictReader(io.StringIO(got[1]), **read))),
             (status, rows), form, words)
        check(got[1].split("\n")[0] in ("rank,port,registry,notes",
                                        "rank\tport\tregistry\tnotes",
                                        "port,code,verdict,text,source",
                                        "port\tcode\tverdict\ttext\tsource"),
              got[1])
    got = run(state, "--format", "jsonl", *words)
    same((got[0], [json.loads(line) for line in got[1].splitlines()]),
         (status, objects), "jsonl", words)


def check_none(state):
    status, out, err = run(state, "--no-host", "--range", "2002-2003")
    same((status, out), (1, ""), "none")
    check("no port of 2002-2003 is usable for tcp and udp: 2 are assigned or "
          "reserved\n" in err, err)
    status, answer = ask(state, "--no-host", "--range", "2010-2014",
                         "--count", "3", "--seed", "a")
    same((status, sorted(s["port"] for s in answer["suggestions"]),
          answer["rejected"]),
         (0, [2011, 2013], {"REGISTRY": 2, "UNAUTHORIZED": 1}), "some")
    err = run(state, "--no-host", "--range", "2010-2014")[2]
    check("only 2 ports of 2010-2014 are usable for tcp and udp: 2 are assigned "
          "or reserved; 1 is in use without authorization\n" in err, err)


def check_seeds(state):
    words = ["--no-host", "--json", "--count", "100"]
    first = ask(state, *words)[1]
    again = ask(state, *words, "--seed", first["seed"])[1]
    same(again, first, "the seed told does not lead to the same")
    other = ask(state, *words)[1]
    check(other["seed"] != first["seed"] and
          other["suggestions"] != first["suggestions"], "no randomness")
    same(len({s["port"] for s in first["suggestions"]}), 100, "twice")
    out = run(state, "--no-host", "--seed", "\x1b[2J\n<b>")
    check("\x1b" not in out[1] + out[2], "an escape gets through")


def open_socket(family, kind):
    s = socket.socket(family, kind)
    s.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
    if kind == socket.SOCK_STREAM:
        s.listen()
    return s


def reasons_of(state, port, *words):
    status, answer = ask(state, "--explain", port, *words)
    return {r["code"]: (r["verdict"], r["text"]) for r in answer["reasons"]}


def check_sockets(state):
    """What the test itself listens on is known, for its transport alone."""
    with contextlib.ExitStack() as stack:
        for family in (socket.AF_INET, socket.AF_INET6):
            for kind, name, other in (
                    (socket.SOCK_STREAM, "tcp", "udp"),
                    (socket.SOCK_DGRAM, "udp", "tcp")):
                try:
                    s = stack.enter_context(open_socket(family, kind))
                except OSError:
                    skip("no sockets of %s here" % family.name)
                    continue
                port = s.getsockname()[1]
                same(reasons_of(state, port)["LISTENING"],
                     ("bad", "something listens on it here for " + name),
                     family, kind)
                same(reasons_of(state, port, "--for", name)["LISTENING"][0],
                     "bad", family, kind)
                same(reasons_of(state, port, "--for", other)["LISTENING"],
                     ("good", "nothing listens on it here for " + other),
                     family, kind)
                check("LISTENING" not in reasons_of(state, port, "--no-host"),
                      "the host is asked")
        # A client's end of a connection keeps nobody from listening there.
        server = stack.enter_context(open_socket(socket.AF_INET,
                                                 socket.SOCK_STREAM))
        client = stack.enter_context(
            socket.create_connection(server.getsockname()))
        same(reasons_of(state, client.getsockname()[1], "--for",
                        "tcp")["LISTENING"][0], "good", "a client's port")
    same(reasons_of(state, 2011, "--for", "tcp,dccp")["LISTENING"],
         ("note", "not checked whether anything listens on it for dccp"),
         "dccp")


def check_never(state):
    """A port that is listened on is not proposed, though it is the nearest."""
    plain = [s["port"] for s in ask(state, "--near", "2600", "--seed", "a",
                                    "--count", "9")[1]["suggestions"]]
    with contextlib.ExitStack() as stack:
        taken = []
        for port in plain[:3]:
            s = stack.enter_context(socket.socket())
            s.bind(("127.0.0.1", port))
            s.listen()
            taken.append(port)
        got = [s["port"] for s in ask(state, "--near", "2600", "--seed", "a",
                                      "--count", "6")[1]["suggestions"]]
        same(got, plain[3:], "a port in use is proposed", taken)
        status, _, err = run(state, "--range", "%d-%d" % (taken[0], taken[0]))
        same(status, 1, "a range of it alone")
        check("1 is in use on this host" in err, err)


NAMESPACE = """
set -e
cd /proc/sys/net/ipv4
echo "20000 30000" > ip_local_port_range
echo "2500,25000-25010,40000" > ip_local_reserved_ports
echo 2011 > ip_unprivileged_port_start
exec "$@"
"""


def check_settings(state, files):
    """A host with settings of its own: in a network namespace."""
    enter = ["unshare", "-rn", "sh", "-c", NAMESPACE, "sh"]
    if subprocess.run([*enter, "true"], capture_output=True).returncode != 0:
        return skip("no network namespaces here")
    host = oracle.Host(20000, 30000,
                       {2500, 40000, *range(25000, 25011)}, 2011,
                       {"tcp": set(), "udp": set(), "sctp": set()})
    versions = [oracle.Version(f) for f in files]
    for port in (1023, 2010, 2011, 2500, 19999, 20000, 24999, 25000, 25010,
                 25011, 30000, 30001, 40000, 40001, 50000, 61000):
        for asked in (None, (1, 1500), (2000, 2100), (60000, 65000)):
            words = [] if asked is None else ["--range", "%d-%d" % asked]
            done = subprocess.run(
                [*enter, PORTBOOK, "--registry", state, "suggest", "--json",
                 "--explain", str(port), *words], capture_output=True)
            same(verdicts(json.loads(done.stdout)["reasons"]),
                 oracle.judge(versions, port, asked=asked, host=host), port,
                 asked)
    done = subprocess.run(
        [*enter, PORTBOOK, "--registry", state, "suggest", "--json", "--seed",
         "n", "--range", "24990-25020", "--count", "100"],
        capture_output=True)
    same([s["port"] for s in json.loads(done.stdout)["suggestions"]],
         oracle.suggest(versions, "n", asked=(24990, 25020), count=100,
                        host=host), "those that the host keeps free")


def check_avoid(state, work):
    file = work / "avoid"
    file.write_text("# kept for others\n\n2500 2501-2503,2505\t# a remark\r\n"
                    "3com-x 2507/udp alias\n2508/tcp\nddp-x 9/ddp\n"
                    "  svc\t2509/tcp # behind\n2510-2511/sctp 2512")
    avoid = {"tcp": {2500, 2501, 2502, 2503, 2505, 2508, 2509, 2512},
             "udp": {2500, 2501, 2502, 2503, 2505, 2507, 2512},
             "sctp": {2500, 2501, 2502, 2503, 2505, 2510, 2511, 2512}}
    versions = [oracle.Version(work / ("small-%d.xml" % n)) for n in range(3)]
    for port in range(2499, 2514):
        for transports in (("tcp", "udp"), ("udp",), ("sctp",)):
            answer = ask(state, "--no-host", "--avoid", file, "--explain",
                         port, "--for", ",".join(transports))[1]
            same(verdicts(answer["reasons"]),
                 oracle.judge(versions, port, transports, avoid=avoid), port,
                 transports)
    got = ask(state, "--no-host", "--avoid", file, "--near", "2505",
              "--seed", "v", "--count", "12")[1]
    same([s["port"] for s in got["suggestions"]],
         oracle.suggest(versions, "v", 2505, count=12, avoid=avoid), "avoid")
    file.write_text("\ufeff2505\r\n", encoding="utf-8")
    same(ask(state, "--no-host", "--avoid", file, "--near", "2505",
             "--count", "1")[1]["suggestions"][0]["port"] != 2505, True,
         "behind a byte order mark")
    for text, line, column in (
            ("1\n70000\n", 2, 1), ("1-2\n5-3\n", 2, 1), ("http 80\n", 1, None),
            ("1, 2, 3x\n", 1, 7), ("80/foo\n", 1, 1), ("x" * 9000, 1, None),
            ("8080\nname 1/tcp\n0x50\n", 3, 1), ("http 99999/tcp", 1, None)):
        file.write_text(text)
        status, out, err = run(state, "--avoid", file)
        same((status, out), (2, ""), text[:40])
        place = re.match("portbook: (.*?):([0-9]+):(?:([0-9]+):)? ", err)
        check(place and place[1] == str(file) and int(place[2]) == line and
              (column is None or int(place[3]) == column), text[:40], err)


def api(server, words, status=200):
    answer = server.get("/api/v1/suggest?" + words)
    same((answer.status, answer.getheader("Access-Control-Allow-Origin")),
         (status, "*"), words)
    return answer


def option_words(query):
    out = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        out += ["--" + name, value]
    return out


def check_api(server, state):
    for query in ("seed=a", "seed=b&near=2005&count=7", "seed=%21&count=100",
                  "seed=c&range=2000-2020&count=100", "seed=d&for=sctp,udp",
                  "explain=2012", "explain=2012&for=tcp", "explain=0",
                  "explain=1023&range=1-1023", "range=2002-2003&seed=z",
                  "seed=a&as-of=2012-06-01", "explain=2001&as-of=2012-12-31"):
        answer = api(server, query)
        plain = query.replace("%21", "!")
        same(answer.bytes.decode(),
             run(state, "-q", "--no-host", "--json", *option_words(plain))[1],
             query)
        check(answer.getheader("ETag") and
              answer.getheader("Cache-Control") != "no-store", query)
    same(json.loads(api(server, "seed=a&for=tcp&for=dccp").bytes)["for"],
         ["tcp", "dccp"], "for twice")
    first, second = api(server, "count=50"), api(server, "count=50")
    same(first.getheader("Cache-Control"), "no-store", "a random answer")
    check(first.bytes != second.bytes, "no randomness")
    seed = json.loads(first.bytes)["seed"]
    same(api(server, "count=50&seed=" + seed).bytes, first.bytes, "its seed")
    for bad in ("near=70000", "near=", "range=9-5", "count=0", "count=101",
                "for=foo", "seed=", "explain=x", "avoid=1", "near=1&near=2",
                "as-of=x", "no-host=1"):
        problem = json.loads(api(server, bad, 400).bytes)
        check(problem["status"] == 400 and problem["detail"], bad, problem)
    api(server, "as-of=2001-01-01", 404)


def check_server_hides(server):
    """The server's own sockets are nobody's business."""
    answer = json.loads(api(server, "explain=%d" % server.port).bytes)
    check(not {"LISTENING", "LOCAL", "PRIVILEGE"} &
          {r["code"] for r in answer["reasons"]}, answer)


def check_pages(server, state):
    page = page_at(server, "/suggest?seed=p&near=2005&count=4&for=tcp")
    want = ask(state, "--no-host", "--seed", "p", "--near", "2005", "--count",
               "4", "--for", "tcp")[1]
    ports = [str(s["port"]) for s in want["suggestions"]]
    same([r[0] for r in page.rows], ports, "ports")
    for suggestion in want["suggestions"]:
        check(suggestion["reasons"][0]["text"] in page.words, suggestion)
    for port in ports:
        check("/port/" + port in page.links and
              "/suggest?explain=%s&for=tcp" % port in page.links, page.links)
    check(NOTICE in page.words, "no notice")
    same((page.inputs["near"], page.inputs["count"]), ("2005", "4"), "form")
    check("/suggest?seed=p&count=4&near=2005&for=tcp" in page.links,
          page.links)
    same(page.answer.getheader("Cache-Control"), "no-cache", "with a seed")
    same(page_at(server, "/suggest").answer.getheader("Cache-Control"),
         "no-store", "without a seed")
    # What a browser sends of the form with nothing in it.
    same(len(page_at(server, "/suggest?near=&range=&count=5&for=tcp&for=udp")
             .rows), 5, "an empty form")
    page = page_at(server, "/suggest?explain=2012&unknown=1")
    want = ask(state, "--no-host", "--explain", "2012")[1]
    same([(r[0], r[1], r[2]) for r in page.rows],
         [(r["verdict"], r["text"], r["source"]) for r in want["reasons"]],
         "verdicts")
    check("2012 is not usable for tcp and udp" in page.words, page.words)
    check(want["notice"] + "." in page.words, page.words)
    words = page_at(server, "/suggest?explain=49200").words
    check("49200 is not usable as a fixed port for tcp and udp" in words and
          DYNAMIC in words, words)
    link = re.search(r'rel="canonical" href="([^"]*)"',
                     page.answer.bytes.decode())
    check(link is None or link[1].endswith("/suggest?explain=2012"), link)
    check("2011 is usable" in page_at(server, "/suggest?explain=2011").words,
          "usable")
    check("no port of 2002-2003 is usable" in
          page_at(server, "/suggest?range=2002-2003").words, "none")
    page = page_at(server, "/suggest?explain=2000&as-of=2012-06-01")
    check("As of 2012-06-01" in page.words and "assigned to old" in
          page.words, page.words)
    for bad in ("near=70000", "count=0", "for=x", "explain=-1", "as-of=x",
                "range=%3Cb%3E"):
        page = page_at(server, "/suggest?" + bad, 400)
        check("<b>" not in page.answer.bytes.decode(), bad)
    page_at(server, "/suggest?as-of=2001-01-01", 404)
    answer = server.get("/suggest.json?near=5&range=&seed=%3C&for=tcp&for=udp")
    same((answer.status, answer.getheader("Location")),
         (308, "/api/v1/suggest?near=5&seed=%3C&for=tcp&for=udp"), "json")


def check_official(work):
    xml = official.newest()
    image = build(work / "official.image", xml)
    versions = [oracle.Version(xml)]
    chance = random.Random(6335)
    some = chance.sample(range(65536), 300)
    some += [0, 1, 1023, 1024, 32767, 32768, 49151, 49152, 60999, 61000,
             65535, 796, 1895, 4144, 8010, 24, *sorted(oracle.BLOCKED)]
    wrong = []
    for port in some:
        transports = chance.choice([("tcp", "udp")] * 3 + [
            ("tcp",), ("udp",), ("sctp",), ("sctp", "dccp"),
            oracle.TRANSPORTS])
        asked = chance.choice([None, None, (1, 1023), (1000, 50000)])
        words = [] if asked is None else ["--range", "%d-%d" % asked]
        status, answer = ask(image, "--no-host", "--explain", port, "--for",
                             ",".join(transports), *words)
        want = oracle.judge(versions, port, transports, asked)
        if verdicts(answer["reasons"]) != want or \
                status != any(v == "bad" for _, v in want):
            wrong.append((port, transports, asked))
    same(wrong, [], "verdicts of %d ports" % len(some))
    for seed, near, asked, count, transports in (
            ("a", None, None, 100, ("tcp", "udp")),
            ("portbook", None, (1, 1023), 40, ("tcp", "udp")),
            ("\u00e9", None, (60000, 65535), 30, ("udp",)),
            ("b", 8080, None, 50, ("tcp", "udp")),
            ("c", 0, None, 5, ("tcp",)), ("c", 65535, None, 5, ("udp",)),
            ("d", 500, (100, 1100), 20, ("tcp", "udp")),
            ("e", None, (1890, 1900), 9, ("tcp", "udp"))):
        words = ["--seed", seed, "--count", count, "--for",
                 ",".join(transports)]
        words += [] if near is None else ["--near", near]
        words += [] if asked is None else ["--range", "%d-%d" % asked]
        got = [s["port"] for s in ask(image, "--no-host", *words)[1][
            "suggestions"]]
        want = oracle.suggest(versions, seed, near, asked, count, transports)
        same(got, want, words)
        if near is not None:
            distances = [abs(p - near) for p in got]
            same(distances, sorted(distances), "distances", words)
    # With the host's own rules too, every proposal stands up to --explain.
    for port in [s["port"] for s in ask(image, "--count", "40")[1][
            "suggestions"]]:
        same(ask(image, "--explain", port)[0], 0, "proposed", port)


def check_history(work):
    """What was taken back: the official editions around some such days."""
    days = ["2015-05-04", "2015-05-12", "2016-05-11", "2018-11-30",
            "2022-01-10", "2024-01-05", "2026-08-17"]
    take = [name for name in editions.names()
            if editions.order(name)[0] in days]
    paths = editions.extract(take, work / "history")
    state = imported(work / "history" / "state", *paths)
    versions = [oracle.Version(path) for path in paths]
    check(len(versions) >= len(days), take)
    ports = [2640, 4183, 4324, 4341, 4342, 5030, 8077, 359, 443, 465, 1895]
    ports += random.Random(7).sample(range(1024, 32768), 30)
    bad = 0
    for upto in (1, 4, len(versions)):
        known = versions[:upto]
        for port in ports:
            answer = ask(state, "--no-host", "--explain", port, "--as-of",
                         known[-1].date)[1]
            want = oracle.judge(known, port)
            bad += ("DEASSIGNED", "bad") in want
            same(verdicts(answer["reasons"]), want, port, known[-1].date)
        got = ask(state, "--no-host", "--near", "4324", "--seed", "h",
                  "--count", "20", "--as-of", known[-1].date)[1]
        same([s["port"] for s in got["suggestions"]],
             oracle.suggest(known, "h", 4324, count=20), known[-1].date)
    check(bad >= 5, "nothing was taken back", bad)


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        check_small(work)
        state = work / "small"
        files = [work / ("small-%d.xml" % n) for n in range(3)]
        check_file(work)
        check_usage(state)
        check_none(state)
        check_formats(state)
        check_seeds(state)
        check_sockets(state)
        check_never(state)
        check_settings(state, files)
        check_avoid(state, work)
        with Server(SERVER, str(state)) as server:
            check_api(server, state)
            check_server_hides(server)
            check_pages(server, state)
        if editions.available():
            check_official(work)
            check_history(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
