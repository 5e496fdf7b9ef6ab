#!/usr/bin/env python3
"""Answers that are kept and compressed: the same bytes whoever asks, how and
how often, none of them old, and no more of them than there is room for.

limit: 240 seconds
"""

import datetime
import email.utils
import gzip
import http.client
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
WEB = HERE.parent / "web"
sys.path.insert(0, str(HERE.parent))

from common import official  # noqa: E402
from common.outcome import cannot, check, finish, same, skip  # noqa: E402
from common.page import FILE, PAGE  # noqa: E402
from common.program import ASAN, PORTBOOK, SERVER, imported  # noqa: E402
from common.server import Server  # noqa: E402

ZSTD = shutil.which("zstd")
CODINGS = ("identity", "gzip") + (("zstd",) if ZSTD else ())
TARGETS = ("/", "/?search=a", PAGE + "?search=a", "/api/v1/search?q=tcp",
           "/api/v1/lookup?q=0-1023", "/style.css", "/changes", "/versions",
           "/changes.atom", FILE + ".xml", FILE + ".csv", FILE + ".txt",
           FILE + ".xsl", FILE + ".rng")


def plain(answer):
    """The bytes that an answer means."""
    coding = answer.getheader("Content-Encoding")
    if coding == "gzip":
        return gzip.decompress(answer.bytes)
    if coding == "zstd":
        return subprocess.run([ZSTD, "-dcq"], input=answer.bytes, check=True,
                              capture_output=True).stdout
    return answer.bytes


def fields(answer, without=()):
    return sorted((name.lower(), value) for name, value in
                  answer.getheaders() if name.lower() not in
                  ("date", *without))


def publish(work, date):
    """A registry of a date, its files beside it, as the current edition."""
    text = (WEB / "hostile.xml").read_text()
    source = pathlib.Path(work) / ("%s.xml" % date)
    source.write_text(text.replace("2026-01-02", date))
    imported(work + "/state", source)
    return source.read_bytes()


# One address in every way there is to ask for it.

def check_target(server, target):
    whole = server.get(target, Accept_Encoding="identity")
    same(whole.status, 200, target)
    same(whole.getheader("Content-Encoding"), None, target)
    tags = set()
    for coding in CODINGS:
        told = (target, coding)
        first = server.get(target, Accept_Encoding=coding)
        same(first.getheader("Content-Encoding"),
             None if coding == "identity" else coding, *told)
        same(first.getheader("Vary"), "Accept-Encoding", *told)
        same(plain(first), whole.bytes, *told)
        if coding != "identity":
            check(len(first.bytes) < len(whole.bytes), *told, "is no smaller")
        for _ in range(3):
            again = server.get(target, Accept_Encoding=coding)
            same(again.bytes, first.bytes, *told, "again")
            same(fields(again), fields(first), *told, "again")
        head = server.get(target, "HEAD", Accept_Encoding=coding)
        same((fields(head), head.bytes), (fields(first), b""), *told, "HEAD")
        tags.add(first.getheader("ETag"))
        check_known(server, target, coding, first)
    same(len(tags), len(CODINGS), target, "has a tag for each coding", tags)
    for tag in tags - {whole.getheader("ETag")}:
        same(server.get(target, If_None_Match=tag).status, 200, target,
             "another coding's tag")


def check_known(server, target, coding, first):
    tag = first.getheader("ETag")
    for value in (tag, '"x", ' + tag, "W/" + tag, "*"):
        answer = server.get(target, Accept_Encoding=coding,
                            If_None_Match=value)
        told = (target, coding, "If-None-Match", value)
        same((answer.status, answer.bytes), (304, b""), *told)
        for name in ("ETag", "Vary", "Cache-Control", "Last-Modified",
                     "Content-Location"):
            same(answer.getheader(name), first.getheader(name), *told, name)
        # RFC 9110 section 8.6: that of the 200, or none.
        check(answer.getheader("Content-Length") in
              (None, str(len(first.bytes))), *told,
              answer.getheader("Content-Length"))
    same(server.get(target, Accept_Encoding=coding,
                    If_None_Match='"x"').status, 200, target, coding)
    check_wanted(server, target, coding, first)


def check_wanted(server, target, coding, first):
    """RFC 9110 section 13.2.2: If-Match goes first, and compares strongly."""
    tag, old = first.getheader("ETag"), "Sat, 01 Jan 2000 00:00:00 GMT"
    for status, fields in (
            (200, {"If_Match": tag}), (200, {"If_Match": "*"}),
            (200, {"If_Match": '"x" , ' + tag}),
            (412, {"If_Match": '"x"'}), (412, {"If_Match": "W/" + tag}),
            (412, {"If_Match": ""}), (412, {"If_Match": tag[:-1]}),
            (412, {"If_Match": '"x"', "If_None_Match": tag}),
            (304, {"If_Match": tag, "If_None_Match": tag}),
            # A date that is none counts for nothing, and a tag before one.
            (200, {"If_Unmodified_Since": "yesterday"}),
            (200, {"If_Match": tag, "If_Unmodified_Since": old}),
            (412, {"If_Match": '"x"', "If_Unmodified_Since": "x"})):
        for method in ("GET", "HEAD"):
            answer = server.get(target, method, Accept_Encoding=coding,
                                **fields)
            told = (method, target, coding, fields)
            same(answer.status, status, *told)
            if method == "HEAD" or status == 304:
                same(answer.bytes, b"", *told)
            elif status == 412:
                check(b"it has changed" in answer.bytes, *told)
            if status == 200:
                same(answer.getheader("ETag"), tag, target, fields)
    same(server.get(target, "GET", Accept_Encoding=coding).bytes, first.bytes,
         target, "as before")


def check_dates(server, target):
    """Of a file: its date in each of the forms that RFC 9110 knows."""
    told = server.get(target).getheader("Last-Modified")
    when = email.utils.parsedate_to_datetime(told)
    for days, unmodified, since in ((-1, 412, 200), (0, 200, 304),
                                    (1, 200, 304)):
        at = when + datetime.timedelta(days)
        for form in ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                     "%a %b %e %H:%M:%S %Y"):
            text = at.strftime(form)
            same(server.get(target, If_Unmodified_Since=text).status,
                 unmodified, target, "If-Unmodified-Since", text)
            same(server.get(target, If_Modified_Since=text).status, since,
                 target, "If-Modified-Since", text)
            same(server.get(target, If_Modified_Since=text,
                            If_None_Match='"x"').status, 200, text)
    same(server.get(target, If_Unmodified_Since=told, Range="bytes=0-0")
         .status, 206, "a range of what is wanted")
    same(server.get(target, If_Match='"x"', Range="bytes=0-0").status, 412,
         "a range of what is not")
    got = server.raw(("GET %s HTTP/1.1\r\nHost: a\r\nIf-Match: \"x\"\r\n"
                      "If-Match: %s\r\n\r\n" % (target, server.get(
                          target).getheader("ETag"))).encode())
    check(got.startswith(b"HTTP/1.1 200 "), "two lines of one list", got[:99])


def check_codings(server):
    for target in TARGETS:
        check_target(server, target)


WISHES = (
    (None, None), ("", None), ("gzip", "gzip"), ("GZIP", "gzip"),
    ("gzip;q=0", None), ("gzip;q=0.5, identity", None),
    ("gzip;q=0.5", "gzip"), ("br", None), ("deflate", None),
    ("gzip;q=1.0, zstd;q=0.5", "gzip"), ("zstd;q=0, *", "gzip"),
    ("*;q=0", None), ("identity;q=0", None), ("gzip;q=nonsense", None),
    ("gzip, deflate, br, zstd", "zstd"), ("zstd", "zstd"),
    ("gzip;q=0.2, zstd;q=0.3", "zstd"))


def check_wishes(server):
    for target in ("/", FILE + ".xml", "/api/v1/search?q=udp"):
        for _ in range(2):
            for accept, coding in WISHES:
                answer = (server.get(target) if accept is None else
                          server.get(target, Accept_Encoding=accept))
                same(answer.getheader("Content-Encoding"), coding, target,
                     "Accept-Encoding:", accept)


def check_small(server):
    """What is short goes as it is, unless that is refused."""
    for target in ("/healthz", "/robots.txt"):
        answer = server.get(target, Accept_Encoding="gzip")
        check(len(answer.bytes) < 256, target, "is short")
        same(answer.getheader("Content-Encoding"), None, target)
    robots = server.get("/robots.txt")
    answer = server.get("/robots.txt", Accept_Encoding="gzip, identity;q=0")
    same((answer.getheader("Content-Encoding"), plain(answer)),
         ("gzip", robots.bytes), "identity;q=0")


def check_not_kept(server):
    for _ in range(3):
        same(server.get("/healthz").getheader("Cache-Control"), "no-store")
        same(server.get("/", "POST").status, 405, "POST of what is kept")
        same(server.get("/?page=0").status, 400, "an error")
        same(server.get("/no/such").status, 404, "an error")
        same(server.raw(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
                        ).split(b" ")[1], b"400", "two hosts of what is kept")
    # It has a date of expiry, which goes on while the registry stays.
    counts = metric(server, "hits_total"), metric(server, "misses_total")
    for _ in range(4):
        same(server.get("/.well-known/security.txt").status, 200)
    same((metric(server, "hits_total"), metric(server, "misses_total")),
         counts, "security.txt is kept")


def check_unpacked(work):
    """Ranges of a file that has no copies beside it: made for the asking."""
    state = work + "/unpacked"
    shutil.copytree(work + "/state", state, symlinks=True)
    folder = pathlib.Path(state, "public", "1", "current").resolve()
    folder.chmod(0o755)
    for path in list(folder.glob("*.gz")) + list(folder.glob("*.zst")):
        path.unlink()
    source = next(folder.glob("*.xml")).read_bytes()
    with Server(SERVER, state) as server:
        for wish in ({"Accept_Encoding": "gzip"},
                     {"Accept_Encoding": "gzip, identity;q=0"}):
            whole = server.get(FILE + ".xml", **wish)
            same((whole.getheader("Content-Encoding"), plain(whole)),
                 ("gzip", source), wish)
            size = len(whole.bytes)
            part = server.get(FILE + ".xml", Range="bytes=10-99", **wish)
            same((part.status, part.bytes), (206, whole.bytes[10:100]), wish)
            none = server.get(FILE + ".xml", Range="bytes=%d-" % size, **wish)
            same((none.status, none.getheader("Content-Range"),
                  none.getheader("Content-Encoding")),
                 (416, "bytes */%d" % size, None), wish)
        same(server.stop(), 0, "stop")


def check_ranges(server, source):
    target = FILE + ".xml"
    tag = server.get(target).getheader("ETag")
    date = server.get(target).getheader("Last-Modified")
    size = len(source)

    def ask(value, **more):
        return server.get(target, Range=value, **more)

    for value, first, last in (
            ("bytes=0-9", 0, 9), ("bytes=5-", 5, size - 1),
            ("bytes=-7", size - 7, size - 1), ("bytes=0-0", 0, 0),
            ("bytes=%d-%d" % (size - 1, size + 5), size - 1, size - 1),
            ("bytes=-%d" % (2 * size), 0, size - 1)):
        for more in ({}, {"If_Range": tag}, {"If_Range": date}):
            answer = ask(value, **more)
            same((answer.status, answer.getheader("Content-Range"),
                  answer.bytes),
                 (206, "bytes %d-%d/%d" % (first, last, size),
                  source[first:last + 1]), value, more)
            same(answer.getheader("ETag"), tag, value)
    for value in ("bytes=%d-" % size, "bytes=-0"):
        answer = ask(value)
        same((answer.status, answer.getheader("Content-Range")),
             (416, "bytes */%d" % size), value)
    for value, more in (("bytes=0-1,3-4", {}), ("bytes=9-5", {}),
                        ("pages=1-2", {}), ("bytes=0-9", {"If_Range": '"x"'}),
                        ("bytes=0-9", {"If_Range": "W/" + tag})):
        answer = ask(value, **more)
        same((answer.status, answer.bytes), (200, source), value, more)
    same(ask("bytes=0-9", If_None_Match=tag).status, 304, "range and known")
    check_dates(server, target)
    same(server.get(target, "HEAD", Range="bytes=0-9").status, 200, "HEAD")
    packed = server.get(target, Accept_Encoding="gzip").bytes
    part = ask("bytes=10-99", Accept_Encoding="gzip")
    same((part.status, part.getheader("Content-Encoding"), part.bytes),
         (206, "gzip", packed[10:100]), "a range of gzip")
    same(server.get(target).bytes, source, "whole again")


# Editions.

def wait_for_news(server):
    line = server.process.stderr.readline()
    same(line, "portbook: serving a new registry\n", "news")


def check_editions(work):
    """As soon as the server says that it has another, there is no old one."""
    days = ["2026-01-%02d" % day for day in range(2, 8)]
    source = publish(work, days[0])
    with Server(SERVER, work + "/state") as server:
        for before, day in zip(days, days[1:]):
            for target in ("/", "/api/v1/search?q=tcp", FILE + ".xml"):
                for coding in CODINGS * 3:
                    answer = server.get(target, Accept_Encoding=coding)
                    check(before.encode() in plain(answer), target, coding)
            same(plain(server.get(FILE + ".xml", Accept_Encoding="gzip")),
                 source, before)
            source = publish(work, day)
            wait_for_news(server)
            for target in ("/", "/api/v1/search?q=tcp", FILE + ".xml"):
                for coding in CODINGS:
                    answer = server.get(target, Accept_Encoding=coding)
                    check(day.encode() in plain(answer), target, coding,
                          "is old")
            same(server.get(FILE + ".xml").bytes, source, day)
        same(server.stop(), 0, "stop")


def metric(server, name):
    text = server.get("/metrics").bytes.decode()
    return int(re.search(r"(?m)^portbook_cache_%s (\d+)$" % name, text)[1])


class Wire:
    """Requests one after the other on one connection."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port,
                                                     timeout=30)

    def get(self, target, coding):
        self.connection.request("GET", target,
                                headers={"Accept-Encoding": coding})
        answer = self.connection.getresponse()
        answer.bytes = answer.read()
        return answer


def check_counts(server):
    target = "/?search=counted"
    hits, misses = metric(server, "hits_total"), metric(server, "misses_total")
    for _ in range(5):
        server.get(target)
    same((metric(server, "hits_total") - hits,
          metric(server, "misses_total") - misses), (3, 2),
         "of five, the third is the first that is kept")


def check_bounds(state):
    """10,000 different searches, each asked twice, so that each is kept."""
    with Server(SERVER, state) as server:
        wire = Wire(server)
        seen = []
        for number in range(10000):
            target = "/?search=zz%d" % number
            for _ in range(2):
                answer = wire.get(target, "identity")
            check(answer.status == 200, target, answer.status)
            if number % 2000 == 1999:
                seen.append(server.resident())
                check(metric(server, "bytes") <= metric(server, "max_bytes"),
                      "bytes kept", metric(server, "bytes"))
        check(metric(server, "evictions_total") > 1000, "evictions")
        check(metric(server, "answers") < 10000, "answers kept")
        if b"__asan_init" not in pathlib.Path(SERVER).read_bytes():
            check(seen[-1] < seen[0] + 60000 and seen[-1] < seen[-2] + 4000,
                  "resident kB", seen)
        same(server.stop(), 0, "stop")


def check_threads(program, work):
    """Eight clients while editions change: every answer is one of them."""
    days = ["2026-02-%02d" % day for day in range(1, 5)]
    publish(work, days[0])
    targets = ("/", "/api/v1/search?q=tcp", FILE + ".xml", "/?search=a")
    wrong, done = [], []

    def client(server, seed):
        order = random.Random(seed)
        wire, count = Wire(server), 0
        while not stop.is_set():
            target = order.choice(targets)
            coding = order.choice(("identity", "gzip"))
            try:
                answer = wire.get(target, coding)
                data = plain(answer)
            except Exception as error:
                wrong.append((target, coding, repr(error)))
                return
            if answer.status != 200 or not any(day.encode() in data
                                               for day in days):
                wrong.append((target, coding, answer.status, data[:200]))
            count += 1
        done.append(count)

    stop = threading.Event()
    with Server(program, work + "/state") as server:
        clients = [threading.Thread(target=client, args=(server, n))
                   for n in range(8)]
        for thread in clients:
            thread.start()
        for day in days[1:]:
            time.sleep(0.5)
            publish(work, day)
            wait_for_news(server)
        stop.set()
        for thread in clients:
            thread.join()
        same(server.stop(), 0, "stop of", program)
    same(wrong[:3], [], "answers while editions change")
    same(len(done), 8, "clients that came to their end")
    check(sum(done) > 100, "answers", done)


def check_official(work):
    """The newest official file, and what publishing makes of it."""
    source = official.NEWEST
    state = imported(work + "/official", source)
    with Server(SERVER, state) as server:
        for coding in CODINGS * 2:
            answer = server.get(FILE + ".xml", Accept_Encoding=coding)
            check(plain(answer) == source.read_bytes(), "official", coding)
        check_ranges(server, source.read_bytes())
        for target in ("/", "/?search=https", "/api/v1/search?q=tcp"):
            check_target(server, target)
        same(server.stop(), 0, "stop")


def main():
    for program in (SERVER, PORTBOOK):
        if not os.access(program, os.X_OK):
            cannot("%s is not built" % program)
    if not ZSTD:
        skip("zstd", "there is no program of that name")
    with tempfile.TemporaryDirectory() as work:
        source = publish(work, "2026-01-01")
        with Server(SERVER, work + "/state") as server:
            check_codings(server)
            check_wishes(server)
            check_small(server)
            check_not_kept(server)
            check_ranges(server, source)
            check_counts(server)
            same(server.stop(), 0, "stop")
        check_unpacked(work)
        check_editions(work)
        check_bounds(work + "/state")
        check_threads(SERVER, work)
        asan = str(ASAN / "portbook-server")
        if os.access(asan, os.X_OK) and asan != SERVER:
            os.mkdir(work + "/asan")
            check_threads(asan, work + "/asan")
        else:
            skip("sanitizers", "no build with them")
        if official.available():
            check_official(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
