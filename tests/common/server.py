# SPDX-License-Identifier: ISC
"""A server under test, and what a client gets from it."""
import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess

LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)\n")


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
        match = LISTENING.fullmatch(line)
        if not match:
            self.stop()
            raise RuntimeError("server says: " + line)
        self.port = int(match[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Its exit status."""
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
        """The answer, with its body as .bytes."""
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
