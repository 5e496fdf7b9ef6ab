"""A server under test, what a client gets from it, and pages as a reader."""

import html.parser
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import urllib.parse

VOID = {"meta", "link", "input", "br"}
OFFICIAL = "/assignments/service-names-port-numbers"
PAGE = OFFICIAL + "/service-names-port-numbers.xhtml"


class Server:
    """portbook-server on a free port, until the end of the with."""

    def __init__(self, program, registry, *words, pass_fds=(),
                 **environment):
        self.process = subprocess.Popen(
            [program, *words, "--registry", registry, "--listen",
             "127.0.0.1:0"],
            stderr=subprocess.PIPE, text=True, pass_fds=pass_fds,
            env={**os.environ, **environment})
        line = self.process.stderr.readline()
        match = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)\n", line)
        if not match:
            self.process.wait(5)
            raise RuntimeError("server says: " + line)
        self.port = int(match[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.process.stderr.close()
        return self.process.returncode

    def resident(self):
        """Kilobytes of memory, those of mapped files too."""
        status = pathlib.Path("/proc/%d/status" % self.process.pid)
        return int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1])

    def get(self, target, method="GET", **fields):
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=20)
        connection.request(method, target, headers={
            key.replace("_", "-"): value for key, value in fields.items()})
        answer = connection.getresponse()
        answer.bytes = answer.read()
        connection.close()
        return answer

    def raw(self, data):
        """The bytes that come back, until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as s:
            got = b""
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # refused before its end
            try:
                while piece := s.recv(65536):
                    got += piece
            except ConnectionError:
                pass
            return got


def query(**params):
    return "?" + urllib.parse.urlencode(params)


class Page(html.parser.HTMLParser):
    """What a reader sees: cells of tables, links, anchors, text."""

    def __init__(self, data):
        super().__init__()
        self.open = []
        self.tables = []
        self.links = []
        self.ids = []
        self.text = []
        self.problems = []
        self.inputs = {}
        self.scripts = []
        self.tags = set()
        self.feed(data.decode("utf-8"))
        self.close()
        if self.open:
            self.problems.append("not closed: %s" % self.open)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for key in attrs:
            if key.startswith("on") or key == "style":
                self.problems.append("attribute " + key)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a":
            self.links.append(attrs.get("href", ""))
        elif tag == "script":
            self.scripts.append(attrs.get("src", "").split("?")[0])
        elif tag == "input":
            self.inputs[attrs.get("name")] = attrs.get("value")
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag in ("br", "p") and self.open and "td" in self.open:
            self.tables[-1][-1][-1] += " "

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append("end of " + tag)

    def handle_data(self, data):
        self.text.append(data)
        if "td" in self.open or "th" in self.open:
            self.tables[-1][-1][-1] += data

    @property
    def words(self):
        return " ".join("".join(self.text).split())

    @property
    def rows(self):
        """Cells of the records, white space folded."""
        return [[fold(c) for c in row] for row in self.tables[0][1:]] \
            if self.tables else []

    @property
    def people(self):
        return [[fold(c) for c in row] for row in self.tables[1]] \
            if len(self.tables) > 1 else []


def fold(text):
    return " ".join(text.split())


def squeeze(text):
    return "".join(text.split())
