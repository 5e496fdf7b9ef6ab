#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""How the server runs: sockets handed over, what it tells its manager, the
access log, /metrics, rates, versions that change and ends under load, and
nginx in front of it.

limit: 200 seconds
"""

import hashlib
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import exposition  # noqa: E402
from common.outcome import check, finish, same, skip  # noqa: E402
from common.program import ASAN, SERVER, SOURCE, build  # noqa: E402
from common.server import Server  # noqa: E402

HOSTILE = HERE.parent / "web" / "hostile.xml"
NGINX = SOURCE / "packaging" / "nginx" / "portbook.conf"
GET = b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n"


def publish(folder, xml, name):
    """Puts the image of xml in place of what the state folder serves."""
    inside = pathlib.Path(folder) / "public" / "1"
    version = inside / name
    version.mkdir(parents=True, exist_ok=True)
    if not (version / "registry.image").exists():
        build(version / "registry.image", xml)
    link = inside / "current.new"
    link.symlink_to(name)
    link.rename(inside / "current")


def large(path):
    """A registry whose ports, asked for at once, are a few megabytes."""
    text = HOSTILE.read_text()
    record = ("<record><name>n%d</name><protocol>tcp</protocol>"
              "<description>%s</description><number>%d</number></record>")
    rows = "".join(record % (n, "x" * 200, n) for n in range(1000, 9000))
    at = text.rindex("<footnote")
    path.write_text(text[:at] + rows + text[at:])


def head_and_length(s):
    """The head of an answer and what has come of its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = s.recv(4096)
        if not piece:
            return got, None, b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    return head, int(length[1]), body


def check_metrics(state):
    with Server(SERVER, state) as server:
        sent = 0
        for target, status in (("/healthz", 200), ("/healthz", 200),
                               ("/?search=a", 200), ("/no/such", 404),
                               ("/%", 400), ("/style.css", 200)):
            answer = server.get(target)
            same(answer.status, status, target)
            sent += len(answer.bytes)
        server.get("/healthz", "HEAD")
        sent += len(server.get("/healthz", "POST").bytes)
        answer = server.get("/metrics")
        same((answer.status, answer.getheader("Content-Type"),
              answer.getheader("Cache-Control")),
             (200, "text/plain; version=0.0.4; charset=utf-8", "no-store"),
             "/metrics")
        told = exposition.parse(answer.bytes.decode())

        def requests(route, code):
            return told.get(("portbook_http_requests_total",
                             'route="%s",code="%s"' % (route, code)))

        same([requests("/healthz", "2xx"), requests("/", "2xx"),
              requests("/style.css", "2xx"), requests("none", "4xx")],
             [3, 1, 1, 3], "requests")
        same(told["portbook_http_request_duration_seconds_count", None], 8,
             "answers timed")
        check(0 < told["portbook_http_request_duration_seconds_sum", None] < 8,
              "their time")
        same(told["portbook_http_response_bytes_total", None], sent, "bytes")
        same(told["portbook_http_connections_total", None], 9, "connections")
        same(told["portbook_http_requests_answering", None], 1, "answering")
        digest = hashlib.sha256(HOSTILE.read_bytes()).hexdigest()
        same(told.get(("portbook_registry_info",
                       'updated="2026-01-02",digest="%s"' % digest)), 1,
             "the registry")
        same(told["portbook_registry_records", None], 3, "records")
        at = told["portbook_registry_updated_timestamp_seconds", None]
        same(time.gmtime(at)[:5], (2026, 1, 2, 0, 0), "its date")
        check(abs(time.time() - at -
                  told["portbook_registry_age_seconds", None]) < 5, "its age")
        same(server.get("/metrics", "POST").status, 405, "POST /metrics")
        for _ in range(5):
            server.get("/?search=two")
        again = exposition.parse(server.get("/metrics").bytes.decode())
        same(again["portbook_http_requests_total",
                   'route="/metrics",code="2xx"'], 1, "/metrics itself")
        same(again["portbook_http_requests_total",
                   'route="/",code="2xx"'], 6, "from the cache too")
        check(3 <= again["portbook_cache_hits_total", None] -
              told["portbook_cache_hits_total", None] <= 4 and
              again["portbook_cache_answers", None] >= 1 and
              0 < again["portbook_cache_bytes", None] <
              again["portbook_cache_max_bytes", None], "the cache",
              [row for row in again.items() if "cache" in row[0][0]])


def lines_of(path, count):
    """The lines of a log, once so many are there; it may take a second."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            break
        time.sleep(0.05)
    return path.read_bytes().decode("ascii").splitlines()


def check_access_log(state, work):
    path = pathlib.Path(work) / "access.log"
    common = re.compile(r'(\S+) - - \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d '
                        r'\+0000)\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)')
    with Server(SERVER, state, "--access-log", str(path)) as server:
        health = server.get("/healthz?a=%22b")
        tag = server.get("/style.css").getheader("ETag")
        server.get("/style.css", If_None_Match=tag)
        server.get("/healthz", "HEAD")
        server.raw(b"GET /\x1b[31m\"\\\xc3\xa9 HTTP/1.1\r\nHost: a\r\n"
                   b"Connection: close\r\n\r\n")
        server.raw(b"BREW /a HTTP/1.1\r\nHost: a\r\n\r\n")
        found = [common.fullmatch(line) for line in lines_of(path, 6)]
        check(len(found) == 6 and all(found), path.read_text())
        rows = [match.groups() for match in found if match]
        same([row[0] for row in rows], ["127.0.0.0"] * 6, "addresses")
        # Threads answer, and their lines come in no certain order.
        same(sorted((row[2], row[3]) for row in rows), [
            ("BREW /a HTTP/1.1", "404"),
            (r"GET /\x1b[31m\"\\\xc3\xa9 HTTP/1.1", "400"),
            ("GET /healthz?a=%22b HTTP/1.1", "200"),
            ("GET /style.css HTTP/1.1", "200"),
            ("GET /style.css HTTP/1.1", "304"),
            ("HEAD /healthz HTTP/1.1", "200")], "lines")
        sizes = {(row[2][:8], row[3]): row[4] for row in rows}
        same([sizes["GET /hea", "200"], sizes["GET /sty", "304"],
              sizes["HEAD /he", "200"]],
             [str(len(health.bytes)), "-", "-"], "bytes")
        when = time.strptime(rows[0][1], "%d/%b/%Y:%H:%M:%S +0000")
        check(abs(time.mktime(when) - time.mktime(time.gmtime())) < 60,
              "the time", rows[0][1])
        old = path.with_suffix(".1")
        path.rename(old)
        server.process.send_signal(signal.SIGHUP)
        lines_of(path, 0)
        end = time.monotonic() + 5
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.05)
        server.get("/healthz")
        same(server.stop(), 0, "stop")
        same((len(lines_of(old, 6)), len(lines_of(path, 1))), (6, 1),
             "a renamed log")
    for bad in ("/nonexistent/log", work):
        run = subprocess.run([SERVER, "--registry", state, "--listen",
                              "127.0.0.1:0", "--access-log", bad],
                             capture_output=True, text=True, timeout=20)
        check(run.returncode == 4 and bad in run.stderr, bad, run)


def burst(server, count, source="127.0.0.1"):
    """Statuses of requests on one connection, and the last Retry-After."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=20, source_address=(source, 0))
    statuses, after = [], None
    for _ in range(count):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
        after = answer.getheader("Retry-After") or after
    connection.close()
    return statuses, after


def check_rate(state):
    with Server(SERVER, state, "--rate", "2/10", "--limit-local") as server:
        statuses, after = burst(server, 15)
        same(statuses[:10], [200] * 10, "the burst")
        check(statuses[10:].count(429) >= 4, statuses)
        same(after, "1", "Retry-After")
        same(burst(server, 3, "127.0.0.2")[0], [200] * 3, "somebody else")
        answer = server.get("/api/v1/lookup?q=1")
        same((answer.status, answer.getheader("Content-Type")),
             (429, "application/problem+json"), "API")
        time.sleep(1.1)
        same(burst(server, 2)[0], [200] * 2, "a second later")
    for words in ((), ("--rate", "0", "--limit-local")):
        with Server(SERVER, state, *words) as server:
            same(set(burst(server, 600)[0]), {200}, "no limit", words)
    with Server(SERVER, state, "--rate", "50", "--limit-local") as server:
        statuses, _ = burst(server, 260)
        check(statuses[:200] == [200] * 200 and 429 in statuses,
              "four times the rate at once", statuses.count(200))


def check_options(state):
    for words in (("--rate", ""), ("--rate", "x"), ("--rate", "-1"),
                  ("--rate", "5/"), ("--rate", "5/0"), ("--rate", "5/x"),
                  ("--rate", "10000000"), ("--connections", "0"),
                  ("--connections", "many"), ("--per-address", "-1"),
                  ("--per-address", "1x"), ("--limit-local=1",),
                  ("--access-log",)):
        run = subprocess.run([SERVER, "--registry", state, *words],
                             capture_output=True, text=True, timeout=20)
        check(run.returncode == 2 and run.stderr.count("\n") == 1 and
              "--help" in run.stderr, words, run)


class Handed:
    """A server that was started with sockets in descriptors 3 and on."""

    def __init__(self, state, sockets, *words, pid="$$", **environment):
        numbers = [s.fileno() for s in sockets]

        def place():
            high = [os.dup2(n, 100 + i) for i, n in enumerate(numbers)]
            for i, n in enumerate(high):
                os.dup2(n, 3 + i)
                os.close(n)

        self.process = subprocess.Popen(
            ["sh", "-c", "LISTEN_PID=%s LISTEN_FDS=%d exec \"$@\"" %
             (pid, len(sockets)), "sh", SERVER, "--registry", state, *words],
            preexec_fn=place, close_fds=False, stderr=subprocess.PIPE,
            text=True, env={**os.environ, **environment})

    def wait(self):
        said = self.process.stderr.read()
        return self.process.wait(20), said

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.wait()[0]


def ask(address, target=b"/healthz", family=socket.AF_INET):
    with socket.socket(family) as s:
        s.settimeout(20)
        s.connect(address)
        s.sendall(GET % target)
        _, length, body = head_and_length(s)
        while length is not None and len(body) < length:
            body += s.recv(65536)
        return body


def check_handed_over(state, work):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        for _ in range(2):
            # Who comes while no server runs waits, and is answered.
            results = []
            early = threading.Thread(
                target=lambda: results.append(ask(address)))
            early.start()
            server = Handed(state, [listener])
            same(server.process.stderr.readline(),
                 "listening on http://127.0.0.1:%d\n" % address[1], "where")
            early.join(20)
            same(results, [b"ok\n"], "early")
            same(ask(address), b"ok\n", "handed over")
            same(server.stop(), 0, "stop")
        server = Handed(state, [listener], "--listen", "127.0.0.1:0", pid=1)
        line = server.process.stderr.readline()
        check("listening on" in line and str(address[1]) not in line,
              "of another process", line)
        same(server.stop(), 0, "stop")
        with socket.create_server(("127.0.0.1", 0)) as second:
            status, said = Handed(state, [listener, second]).wait()
            check(status == 2 and "2 sockets" in said, status, said)
    with socket.socket() as silent:
        status, said = Handed(state, [silent]).wait()
        check(status == 2 and "ListenStream=" in said, status, said)
    with open(os.devnull) as file:
        status, said = Handed(state, [file]).wait()
        check(status == 4 and "no socket" in said, status, said)
    path = work + "/socket"
    with socket.socket(socket.AF_UNIX) as local:
        local.bind(path)
        local.listen()
        server = Handed(state, [local])
        same(server.process.stderr.readline(), "listening on unix:%s\n" % path,
             "a local socket")
        same(ask(path, family=socket.AF_UNIX), b"ok\n", "a local socket")
        same(server.stop(), 0, "stop")


def check_notify(state, work):
    for name in (work + "/notify", "\0portbook-%d" % os.getpid()):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(name)
            manager.settimeout(20)

            def told():
                return manager.recv(4096).decode().split("\n")

            with Server(SERVER, state,
                        NOTIFY_SOCKET=name.replace("\0", "@")) as server:
                ready = ["READY=1",
                         "STATUS=Serving the registry of 2026-01-02"]
                same(told(), ready, name)
                server.process.send_signal(signal.SIGHUP)
                reloading = told()
                same(reloading[0], "RELOADING=1", name)
                stamp = int(reloading[1].partition("MONOTONIC_USEC=")[2])
                check(abs(time.monotonic() - stamp / 1e6) < 20, reloading)
                same(told(), ready, name)
                same(server.stop(), 0, name)
                same(told()[0], "STOPPING=1", name)
    with Server(SERVER, state, NOTIFY_SOCKET="/nonexistent/x") as server:
        same(server.get("/healthz").status, 200, "nobody to tell")


class Reader(threading.Thread):
    """Asks as fast as it can until told to end; every answer must be whole.
    A connection that ends in front of an answer is one that has idled."""

    def __init__(self, port, target, keep, dates):
        super().__init__(daemon=True)
        self.port, self.target, self.keep = port, target, keep
        self.dates, self.seen, self.wrong = dates, set(), []
        self.count = 0
        self.over = threading.Event()
        self.start()

    def ask(self, connection):
        connection.request("GET", self.target)
        answer = connection.getresponse()
        body = answer.read()
        self.count += 1
        found = {date for date in self.dates if date in body}
        if answer.status != 200 or len(found) != 1:
            self.wrong.append((answer.status, found, body[:80]))
        self.seen |= found

    def run(self):
        while not self.over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                    timeout=20)
            try:
                for _ in range(1000 if self.keep else 1):
                    self.ask(connection)
                    if self.over.is_set():
                        break
            except (OSError, http.client.HTTPException) as error:
                self.failed(error)
            connection.close()

    def failed(self, error):
        self.wrong.append(repr(error))


def check_swap(state, work):
    """Published versions are taken while requests run; none is lost."""
    other = pathlib.Path(work) / "other.xml"
    other.write_text(HOSTILE.read_text().replace("2026-01-02", "2026-01-03"))
    dates = (b"2026-01-02", b"2026-01-03")
    with Server(SERVER, state) as server:
        readers = [Reader(server.port, target, keep, dates)
                   for target in ("/?search=one", "/api/v1/lookup?q=one")
                   for keep in (True, False)]
        for turn in range(8):
            publish(state, other if turn % 2 == 0 else HOSTILE,
                    "03" if turn % 2 == 0 else "hostile")
            server.process.send_signal(signal.SIGHUP)
            time.sleep(0.4)
        for reader in readers:
            reader.over.set()
            reader.join(20)
            same(reader.wrong[:3], [], "while versions change")
            same(reader.seen, set(dates), "both versions")
            check(reader.count > 50, "answers", reader.count)


class LastReader(Reader):
    """Such a one at the server's end: what began to come comes whole."""

    def failed(self, error):
        if not isinstance(error, (ConnectionError,
                                  http.client.RemoteDisconnected)):
            self.wrong.append(repr(error))
        if isinstance(error, http.client.IncompleteRead):
            self.wrong.append("cut")
        self.over.set()


def ask_large(server):
    """A request whose answer is under way and larger than any buffer."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.settimeout(20)
    s.connect(("127.0.0.1", server.port))
    s.sendall(GET % b"/api/v1/lookup?q=0-65535")
    return s, *head_and_length(s)


def read_rest(s, _, length, body):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    try:
        while len(body) < length and (piece := s.recv(65536)):
            body += piece
    except OSError as error:
        check(False, error)
    same(len(body), length, "an answer at the end")
    s.close()


def check_stop(program, state):
    """SIGTERM: all answers under way are completed."""
    with Server(program, state) as server:
        taken = [ask_large(server) for _ in range(3)]
        check(taken[0][2] > 1000000, "large", taken[0][2])
        readers = [LastReader(server.port, "/?search=one", True,
                              (b"2026-01-02",)) for _ in range(4)]
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        same(server.process.poll(), None, "waits for its answers")
        rest = [threading.Thread(target=read_rest, args=row)
                for row in taken]
        for thread in rest:
            thread.start()
        for thread in rest:
            thread.join(20)
        begin = time.monotonic()
        same(server.process.wait(20), 0, "ends")
        check(time.monotonic() - begin < 5, "ends soon")
        for reader in readers:
            reader.join(20)
            same(reader.wrong, [], "at the end")
            check(reader.count > 5, "answers", reader.count)
        same(server.process.stderr.read(), "", "says")
    with Server(program, state) as server:
        s, *_ = ask_large(server)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        same(server.process.poll(), None, "waits")
        begin = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        same(server.process.wait(20), 0, "a second time")
        check(time.monotonic() - begin < 3, "ends at once")
        s.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def check_nginx(state, work):
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if nginx is None:
        print("skipped: no nginx here")
        return
    port = free_port()
    with Server(SERVER, state) as server:
        conf = NGINX.read_text()
        for old, new in (("127.0.0.1:8080", "127.0.0.1:%d" % server.port),
                         ("/var/cache/nginx/portbook", work + "/cache"),
                         ("listen 80;", "listen 127.0.0.1:%d;" % port)):
            same(conf.count(old), 1, old)
            conf = conf.replace(old, new)
        temporary = "".join("%s_temp_path %s/%s;\n" % (kind, work, kind)
                            for kind in ("client_body", "proxy", "fastcgi",
                                         "uwsgi", "scgi"))
        path = work + "/nginx.conf"
        pathlib.Path(path).write_text(
            "daemon off;\nmaster_process off;\npid %s/pid;\n"
            "error_log stderr warn;\nevents { }\nhttp {\naccess_log off;\n"
            "%s%s}\n" % (work, temporary, conf))
        words = [nginx, "-p", work, "-c", path, "-e", "stderr"]
        run = subprocess.run(words + ["-t"], capture_output=True, text=True)
        check(run.returncode == 0 and "warn" not in run.stderr, "nginx -t",
              run.stderr)
        front = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), 5).close()
                    break
                except OSError:
                    time.sleep(0.05)
            own = server.port
            direct = server.get("/?search=one")
            server.port = port
            got = [server.get("/?search=one") for _ in range(3)]
            same([a.getheader("X-Cache") for a in got][1:], ["HIT"] * 2,
                 "through nginx")
            same({a.bytes for a in got}, {direct.bytes}, "through nginx")
            same(server.get("/?search=one", If_None_Match=direct.getheader(
                "ETag")).status, 304, "through nginx")
            # Ports chosen by lot are others for whoever asks next.
            lots = [server.get("/suggest") for _ in range(2)]
            same(([a.getheader("X-Cache") for a in lots],
                  lots[0].bytes == lots[1].bytes), (["MISS"] * 2, False),
                 "what is not to be stored, through nginx")
            same(server.get("/metrics").status, 404, "/metrics outside")
            same(server.get("/healthz").bytes, b"ok\n", "/healthz")
            check(server.get("/..%2f..%2fetc/passwd").status in (400, 404),
                  "tricks")
            server.port = own
        finally:
            front.terminate()
            front.wait(20)


def main():
    with tempfile.TemporaryDirectory() as work:
        state = work + "/state"
        publish(state, HOSTILE, "hostile")
        check_metrics(state)
        check_access_log(state, work)
        check_rate(state)
        check_options(state)
        check_handed_over(state, work)
        check_notify(state, work)
        check_nginx(state, work)
        check_swap(state, work)
        xml = pathlib.Path(work) / "large.xml"
        large(xml)
        publish(work + "/large", xml, "large")
        check_stop(SERVER, work + "/large")
        if (ASAN / "portbook-server").exists():
            check_stop(str(ASAN / "portbook-server"), work + "/large")
        else:
            skip("stopping", "no build under sanitizers")
    return finish()


if __name__ == "__main__":
    sys.exit(main())
