#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The server among hostile clients, while others go on being served.

usage: run.py [--connections N] [--rounds N]

Runs with the program and with that under sanitizers.  All the time
another client asks, and must be answered within a second.  Afterwards no
descriptor is left over and memory stands where it stood after the first
round.  `make torture` does ten rounds, with 10,000 connections.

limit: 400 seconds
"""

import argparse
import http.client
import os
import pathlib
import re
import resource
import signal
import socket
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import attacks  # noqa: E402
from common.outcome import cannot, check, counts, finish  # noqa: E402
from common.program import ASAN, BUILD, SERVER, build  # noqa: E402
from common.server import Server  # noqa: E402


class Witness(threading.Thread):
    """The other client: one request after the other, each on a connection of
    its own or on one that is kept.  Remembers the longest wait."""

    def __init__(self, server, keep):
        super().__init__(daemon=True)
        self.server, self.keep = server, keep
        self.count, self.longest, self.wrong = 0, 0, []
        self.over = threading.Event()
        self.start()

    def ask(self, connection):
        begin = time.monotonic()
        connection.request("GET", "/api/v1/lookup?q=one", headers={
            "Connection": "keep-alive" if self.keep else "close"})
        answer = connection.getresponse()
        body = answer.read()
        self.longest = max(self.longest, time.monotonic() - begin)
        self.count += 1
        if answer.status != 200 or b'"one"' not in body:
            self.wrong.append((answer.status, body[:60]))

    def run(self):
        connection = None
        while not self.over.wait(0.05):
            connection = connection or http.client.HTTPConnection(
                "127.0.0.1", self.server.port, timeout=10)
            try:
                self.ask(connection)
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(repr(error))
                connection = None
            if connection and not self.keep:
                connection.close()
                connection = None
        if connection:
            connection.close()

    def finish(self, within):
        self.over.set()
        self.join(20)
        check(self.wrong == [], "the other client", self.wrong[:3])
        check(self.count > 20 and self.longest < within,
              "the other client:", self.count, "answers, the longest wait",
              self.longest)


class Slow(threading.Thread):
    """Clients that send a byte of a head each half second, or ask for much
    and read none of it.  The server must end every one of them in time."""

    def __init__(self, server, count):
        super().__init__(daemon=True)
        self.begin = time.monotonic()
        self.lasted = []
        self.heads = [attacks.dial(server) for _ in range(count)]
        self.deaf = [attacks.dial(server) for _ in range(4)]
        for s in self.deaf:
            s.setblocking(False)
            try:
                while True:
                    s.send(b"GET / HTTP/1.1\r\n" + attacks.HOST + b"\r\n")
            except OSError:
                pass  # full, and it is not read
        # Nor does it wait for more of a head from who has closed.
        for s in self.heads:
            s.send(b"GET / HTTP/1.1\r\nX: ")
            s.setblocking(False)
        self.closed = set(self.heads[::10])
        for s in self.closed:
            s.shutdown(socket.SHUT_WR)
        self.start()

    def is_open(self, s):
        try:
            if s not in self.closed:
                s.send(b"a")
            return s.recv(1) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False

    def run(self):
        while self.heads and time.monotonic() - self.begin < 40:
            time.sleep(0.5)
            for s in [s for s in self.heads if not self.is_open(s)]:
                self.lasted.append(time.monotonic() - self.begin)
                self.heads.remove(s)
                s.close()

    def finish(self, count, crowded):
        self.join(45)
        # Among very many they make room, and are ended earlier.
        check(len(self.lasted) == count and max(self.lasted) < 27 and
              (crowded or max(self.lasted) > 15), "slow heads lasted",
              self.lasted[:5], len(self.lasted))
        for s in self.deaf:
            s.setblocking(True)
            s.settimeout(20)
            try:
                while s.recv(1 << 20):
                    pass
                ended = True
            except TimeoutError:
                ended = False
            except ConnectionError:
                ended = True
            check(ended, "a client that does not read is ended")
            s.close()


def descriptors(server):
    return len(os.listdir("/proc/%d/fd" % server.process.pid))


def settled(server, count):
    """Descriptors, once those of closed connections are gone."""
    end = time.monotonic() + 5
    while descriptors(server) > count and time.monotonic() < end:
        time.sleep(0.05)
    return descriptors(server)


def attack(server, connections, seed, within):
    attacks.rows(server, check)
    attacks.chunks(server, check)
    attacks.pipelining(server, check)
    attacks.half_closed(server, check)
    attacks.bodies(server, check)
    attacks.noise(server, check, seed, 150)
    attacks.reset(server, check, 300)
    attacks.crowd(server, check, connections, within)


def attack_build(folder, image, options):
    """All of it, on the program in one build folder."""
    plain = folder == BUILD
    within = 1 if plain else 5
    with Server(str(folder / "portbook-server"), image) as server:
        for _ in range(20):
            server.get("/")
        time.sleep(0.5)
        before = descriptors(server)
        witnesses = [Witness(server, keep) for keep in (False, True)]
        slow = Slow(server, 30)
        sizes = []
        for number in range(options.rounds):
            attack(server, options.connections, number, within)
            settled(server, before + 60)
            server.process.send_signal(signal.SIGHUP)  # it tidies up then
            time.sleep(0.5)
            sizes.append(server.resident())
        slow.finish(30, options.connections > 8000)
        for witness in witnesses:
            witness.finish(within)
        check(settled(server, before) <= before, "descriptors",
              settled(server, before), "and before", before)
        print("%s: %d and %d answers to others, longest %.3f s; memory %s kB"
              % (folder.name, *(w.count for w in witnesses),
                 max(w.longest for w in witnesses), sizes), flush=True)
        if plain:
            check(sizes[-1] < sizes[0] + 3000, "memory grows", sizes)
        server.process.send_signal(signal.SIGTERM)
        check(server.process.wait(20) == 0, "stops", server.process.returncode)
        said = server.process.stderr.read()
        check(said == "", "says", said[:2000])


def check_few_connections(image):
    """Of 128 that may be open, the silent make room for who comes."""
    with Server(SERVER, image, "--connections", "128") as server:
        witness = Witness(server, False)
        silent = [attacks.dial(server) for _ in range(1000)]
        time.sleep(1)
        check(descriptors(server) < 160, "descriptors", descriptors(server))
        told = server.get("/metrics").bytes.decode()
        evicted = int(re.search(r"evicted_total (\d+)", told)[1])
        check(evicted > 800, "evicted", evicted)
        witness.over.wait(2)
        witness.finish(1)
        for s in silent:
            s.close()


def check_who_asks_stays(image):
    """Room is made by those who say nothing, not by who came first."""
    with Server(SERVER, image, "--connections", "128") as server:
        kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        answers = []
        for _ in range(4):
            kept.request("GET", "/api/v1/lookup?q=one")
            kept.getresponse().read()
            silent = [attacks.dial(server) for _ in range(100)]
            time.sleep(0.1)
            kept.request("GET", "/api/v1/lookup?q=one")
            kept.getresponse().read()
            silent += [attacks.dial(server) for _ in range(40)]
            time.sleep(0.1)
            try:
                kept.request("GET", "/api/v1/lookup?q=one")
                answer = kept.getresponse()
                answer.read()
                answers.append(answer.status)
            except (OSError, http.client.HTTPException) as error:
                answers.append(repr(error))
                kept.close()
            for s in silent:
                s.close()
            time.sleep(0.2)
        kept.close()
        check(answers == [200] * 4, "who asks on a kept connection", answers)


def check_one_address(image):
    """Of one address eight may be open, and those alone are served."""
    with Server(SERVER, image, "--per-address", "8",
                "--limit-local") as server:
        sockets = [attacks.dial(server) for _ in range(20)]
        time.sleep(0.3)
        ended = 0
        for s in sockets:
            s.settimeout(0.05)
            try:
                ended += s.recv(1) == b""
            except TimeoutError:
                pass
            except ConnectionError:
                ended += 1
        check(ended == 12, "of 20 connections were refused", ended)
        with socket.create_connection(("127.0.0.1", server.port), 5,
                                      ("127.0.0.9", 0)) as other:
            other.sendall(b"GET /healthz HTTP/1.0" + attacks.END)
            check(attacks.status_of(attacks.read_all(other)) == 200,
                  "another address")
        for s in sockets:
            s.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    folders = [BUILD] + ([ASAN] if (ASAN / "portbook-server").exists() else [])
    if most < options.connections + 500:
        cannot("only %d descriptors are allowed here" % most)
    with tempfile.TemporaryDirectory() as work:
        image = build(work + "/registry.image",
                      HERE.parent / "web" / "hostile.xml")
        threads = [threading.Thread(target=attack_build,
                                    args=(folder, image, options))
                   for folder in folders]
        at_once = most > len(folders) * (options.connections + 500)
        for thread in threads:
            thread.start()
            if not at_once:
                thread.join()
        for thread in threads:
            thread.join()
        check(counts.passed > 100 * len(folders), "an attack broke off")
        check_few_connections(image)
        check_who_asks_stays(image)
        check_one_address(image)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
