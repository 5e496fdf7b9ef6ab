#!/usr/bin/env python3
"""The server under load, beside others that send the same bytes.

usage: load.py BUILD REGISTRY TMP

BUILD has the programs, REGISTRY is an official XML file, TMP a folder for
what is needed meanwhile.  docs/bench.md says what is compared.

    LOAD_REQUESTS=N      requests of the run that watches memory (200000)
    LOAD_CONNECTIONS=N   connections at a time (64)
    LOAD_SECONDS=N       of one sample, about (0.5)
    LOAD_ROUNDS=N        samples of each (5)
"""

import http.client
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import xml.etree.ElementTree as etree
from urllib.parse import quote_plus

REQUESTS = int(os.environ.get("LOAD_REQUESTS", 200000))
CONNECTIONS = int(os.environ.get("LOAD_CONNECTIONS", 64))
SECONDS = float(os.environ.get("LOAD_SECONDS", 0.5))
ROUNDS = int(os.environ.get("LOAD_ROUNDS", 5))
OFFICIAL = ("/assignments/service-names-port-numbers/"
            "service-names-port-numbers")
NAMESPACE = "{http://www.iana.org/assignments}"

# What, address, and the least share of the bare library's rate.
CASES = [
    ("search page", "/?search=https", 0.9),
    ("port page", "/port/443", 0.9),
    ("lookup API", "/api/v1/lookup?q=443", 0.9),
    ("whole XML", OFFICIAL + ".xml", 0.9),
    ("unseen search", None, 0.7),
]

cpus = sorted(os.sched_getaffinity(0))
SERVERS = set(cpus[:-1] or cpus)
OURSELVES = {cpus[-1]}
THREADS = max(1, min(len(SERVERS), 16))  # as http/server.c takes them

goals = {True: 0, False: 0}


def on(where):
    return lambda: os.sched_setaffinity(0, where)


class Server:
    """A program that serves on self.port until the end of the with."""

    def __init__(self, command, read_port, **more):
        self.process = subprocess.Popen(command, preexec_fn=on(SERVERS),
                                        stdin=subprocess.PIPE, text=True,
                                        **more)
        self.port = read_port(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait(20)

    def pids(self):
        pid = self.process.pid
        children = pathlib.Path("/proc/%d/task/%d/children" % (pid, pid))
        return [str(pid)] + children.read_text().split()

    def resident(self):
        text = pathlib.Path("/proc/%d/status" % self.process.pid).read_text()
        return {key: int(value) / 1000 for key, value in
                re.findall(r"(VmRSS|RssAnon):\s+(\d+)", text)}

    def get(self, target, **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", target, headers={
            key.replace("_", "-"): value for key, value in fields.items()})
        answer = connection.getresponse()
        answer.bytes = answer.read()
        connection.close()
        return answer


def ours(build, state):
    command = [build / "portbook-server", "--registry", state, "--listen",
               "127.0.0.1:0"]
    text = subprocess.run([build / "portbook-server", "--help"], text=True,
                          capture_output=True).stdout
    for option, value in (("--connections", 4096), ("--per-address", 4096)):
        if option in text:
            command += [option, str(value)]

    def port(process):
        line = process.stderr.readline()
        match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        if not match:
            sys.exit("the server says: " + line)
        return int(match[1])
    return Server(command, port, stderr=subprocess.PIPE)


def printed_port(process):
    return int(process.stdout.readline())


def bare(build, body, fields):
    words = [word for pair in fields for word in pair]
    return Server([build / "bench" / "load_mhd", str(THREADS), body, *words],
                  printed_port, stdout=subprocess.PIPE)


def raw(build, path):
    return Server([build / "bench" / "load_raw", str(THREADS), path],
                  printed_port, stdout=subprocess.PIPE)


NGINX = """
daemon off;
%s
worker_processes %d;
pid %s/nginx.pid;
error_log %s/error.log;
worker_rlimit_nofile 10000;
events { worker_connections 4096; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 1000000000;
	open_file_cache max=100;
	open_file_cache_valid 3600s;
	default_type text/html;
	client_body_temp_path %s/body;
	proxy_temp_path %s/proxy;
	fastcgi_temp_path %s/fastcgi;
	uwsgi_temp_path %s/uwsgi;
	scgi_temp_path %s/scgi;
	server { listen 127.0.0.1:%d; root %s; }
}
"""


def nginx(folder, files):
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.access(program, os.X_OK):
        return None
    port = free_port()
    conf = folder / "nginx.conf"
    name = str(folder)
    conf.write_text(NGINX % (
        # Its workers are to read what others may not enter.
        "user root;" if os.geteuid() == 0 else "",
        THREADS, *[name] * 7, port, files))
    for path in (folder, files):
        path.chmod(0o755)

    def wait(process):
        for _ in range(100):
            try:
                http.client.HTTPConnection("127.0.0.1", port).connect()
                return port
            except ConnectionError:
                process.poll()
                subprocess.run(["sleep", "0.05"], check=True)
        sys.exit("nginx does not start")
    return Server([program, "-p", name, "-e", folder / "error.log", "-c",
                   conf], wait)


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Sample:
    def __init__(self, line, seconds=None):
        (self.done, self.failures, self.seconds, self.p50, self.p99, self.max,
         self.own, self.cpu, self.bytes) = map(float, line.split())
        self.rate = self.done / max(self.seconds, 1e-9)
        self.cpu_us = self.cpu / max(self.done, 1) * 1e6
        self.own_us = self.own / max(self.done, 1) * 1e6


def load(build, server, count, targets, connections=CONNECTIONS):
    run = subprocess.run(
        [build / "bench" / "load", str(server.port), str(connections),
         str(count), targets, *server.pids()],
        preexec_fn=on(OURSELVES), capture_output=True, text=True)
    if not run.stdout:
        sys.exit(run.stderr or "load: ended by %d" % -run.returncode)
    return Sample(run.stdout)


def goal(good):
    goals[good] += 1
    return "" if good else "  NO"


def unseen(registry):
    """Searches that find something, each once: words of one record."""
    order = random.Random(6335)
    made = set()
    for record in etree.parse(registry).iter(NAMESPACE + "record"):
        text = " ".join(record.findtext(NAMESPACE + tag) or "" for tag in
                        ("name", "number", "protocol", "description"))
        words = sorted(set(re.findall(r"[A-Za-z0-9]{2,}", text)))
        for first in words:
            made.add(first)
            made.update(first + " " + second for second in words
                        if second != first)
    made = sorted(made)
    order.shuffle(made)
    return ["/api/v1/search?q=" + quote_plus(words) for words in made]


def lines(path, targets):
    path.write_text("".join(target + "\n" for target in targets))
    return path


class Racer:
    def __init__(self, name, server, targets):
        self.name, self.server, self.targets = name, server, targets
        self.samples = []

    def median(self, key):
        return statistics.median(getattr(s, key) for s in self.samples)


def race(build, racers, tmp, fresh):
    """Samples in turn.  fresh, if any, gives each of ours its addresses."""
    for racer in racers:
        racer.count = 0
        for round in range(ROUNDS + 1):
            racer.samples = []
    for round in range(-1, ROUNDS):
        for racer in racers:
            count = racer.count or 600
            targets = racer.targets
            if targets is None:
                targets = lines(tmp / "fresh", fresh(count))
            sample = load(build, racer.server, count, targets)
            if sample.failures:
                print("%s: %d failures" % (racer.name, sample.failures))
                goals[False] += 1
            if round < 0:
                racer.count = max(100, int(sample.rate * SECONDS))
            else:
                racer.samples.append(sample)


def table(what, racers, least):
    first, library = racers[0], racers[1]
    print("%-14s %10s %9s %9s %8s %8s   %s" % (
        what, "requests/s", "p50 us", "p99 us", "cpu us", "own us",
        "our rate / theirs   their cpu / ours"))
    for racer in racers:
        line = "  %-12s %10.0f %9.0f %9.0f %8.1f %8.1f" % (
            racer.name, racer.median("rate"), racer.median("p50"),
            racer.median("p99"), racer.median("cpu_us"),
            racer.median("own_us"))
        if racer is not first:
            rate = first.median("rate") / racer.median("rate")
            cpu = racer.median("cpu_us") / first.median("cpu_us")
            line += "   %17.2f   %16.2f" % (rate, cpu)
            wanted = (least if racer is library else
                      1.0 if racer.name == "nginx" and what != CASES[-1][0]
                      else None)
            if wanted is not None:
                by = cpu if os.environ.get("BENCH_CLOCK") == "cpu" else rate
                line += "  goal %.1f%s" % (wanted, goal(by >= wanted))
        print(line)
    sys.stdout.flush()


def same_bytes(answer, tmp):
    """What the others send: the body, and the whole answer."""
    (tmp / "files").mkdir(exist_ok=True)
    body, whole = tmp / "files" / "answer", tmp / "whole"
    body.write_bytes(answer.bytes)
    whole.write_bytes(
        b"HTTP/1.1 200 OK\r\n" +
        "".join("%s: %s\r\n" % pair for pair in answer.getheaders()).encode() +
        b"\r\n" + answer.bytes)
    return body, whole


def compare(build, server, tmp, what, target, least, fresh):
    if target is None:
        sample = load(build, server, 1000,
                      lines(tmp / "fresh", fresh(1000)))
        answer = server.get("/api/v1/search?q=tcp")
        length = int(sample.bytes / sample.done)
        answer.bytes = (answer.bytes * (length // len(answer.bytes) + 1)
                        )[:length]
        answer.headers.replace_header("Content-Length", str(length))
        print("unseen searches: %d bytes an answer" % length)
    else:
        answer = server.get(target)
        if answer.status != 200:
            print("%s: %s is %d" % (what, target, answer.status))
            return
    body, whole = same_bytes(answer, tmp)
    fields = [pair for pair in answer.getheaders() if pair[0] not in (
        "Date", "Content-Length", "Connection")]
    own = lines(tmp / "own", [target]) if target is not None else None
    other = lines(tmp / "other", ["/answer"])
    with bare(build, body, fields) as library, raw(build, whole) as kernel:
        racers = [Racer("portbook", server, own),
                  Racer("libmicrohttpd", library, other),
                  Racer("raw epoll", kernel, other)]
        web = nginx(tmp, tmp / "files")
        try:
            if web is not None:
                racers.append(Racer("nginx", web, other))
            race(build, racers, tmp, fresh)
        finally:
            if web is not None:
                web.__exit__()
    table("%s, %d B" % (what, len(answer.bytes)), racers, least)


def crowd(build, server, tmp):
    sample = load(build, server, 40000,
                  lines(tmp / "own", [CASES[0][1], CASES[2][1]]), 2000)
    print("2,000 connections: %d answers, %d failures, p99 %.0f ms, "
          "longest %.0f ms%s" % (
              sample.done, sample.failures, sample.p99 / 1e3,
              sample.max / 1e3, goal(sample.failures == 0)))


def memory(build, server, tmp, fresh):
    """Half of it searches that are new; the rest the same few pages."""
    said = []
    share = max(1, REQUESTS // 10)
    for _ in range(10):
        new = fresh(share // 2)
        same = [case[1] for case in CASES if case[1] and ".xml" not in case[1]]
        same = [s for s in same if server.get(s).status == 200]
        targets = [t for i, n in enumerate(new)
                   for t in (n, same[i % len(same)])]
        sample = load(build, server, share, lines(tmp / "mixed", targets))
        said.append(server.resident())
        if sample.failures:
            print("%d failures" % sample.failures)
            goals[False] += 1
    print("resident MB each %d requests: %s" % (
        share, " ".join("%.1f" % s["VmRSS"] for s in said)))
    grown = said[-1]["RssAnon"] - said[4]["RssAnon"]
    print("of that, not mapped from files: %.1f, in the second half %+.1f%s" %
          (said[-1]["RssAnon"], grown, goal(grown < 4)))


def main():
    build, registry, tmp = map(pathlib.Path, sys.argv[1:4])
    build = build.resolve()
    tmp = tmp.resolve() / "load"
    tmp.mkdir()
    state = tmp / "state"
    subprocess.run([build / "portbook", "import", "-q", "--state", state,
                    registry], check=True)
    pool = unseen(registry)
    at = 0

    def fresh(count):
        nonlocal at
        got = [pool[(at + i) % len(pool)] for i in range(count)]
        at += count
        return got

    print("\nLoad: %d connections, %d threads a server on processors %s" % (
        CONNECTIONS, THREADS, ",".join(map(str, sorted(SERVERS)))))
    with ours(build, state) as server:
        for what, target, least in CASES:
            compare(build, server, tmp, what, target, least, fresh)
        crowd(build, server, tmp)
        memory(build, server, tmp, fresh)
    if at > len(pool):
        print("(there are %d unseen searches; they came again)" % len(pool))
    print("%d goals met, %d not" % (goals[True], goals[False]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
