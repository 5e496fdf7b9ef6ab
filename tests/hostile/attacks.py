"""What hostile clients do.  Each attack is a function of a server; it returns
when it is over and leaves no connection open."""

import random
import re
import socket
import struct
import time

HOST = b"Host: a\r\n"
END = b"\r\n\r\n"
RESET = struct.pack("ii", 1, 0)

# Raw heads, and the statuses that may answer them; 0 is a close without a
# word, where the server ends with bytes unread and the answer may be lost.
PATHS = (
    (b"/healthz", 200), (b"/%68ealthz", 200), (b"/healthz?/../..", 200),
    (b"http://other.example/healthz", 200), (b"/../healthz", 404),
    (b"/../../../../etc/passwd", 404), (b"/%2e%2e/%2e%2e/etc/passwd", 404),
    (b"/..%2f..%2fetc%2fpasswd", 404), (b"/..%5c..%5cboot.ini", 404),
    (b"/%c0%ae%c0%ae/etc/passwd", 404), (b"//healthz", 404),
    (b"//other.example/healthz", 404), (b"/./healthz", 404),
    (b"/healthz/", 404), (b"/healthz/.", 404), (b"/healthz%2f", 404),
    (b"/HEALTHZ", 404), (b"/healthz;a", 404), (b"/healthz%20", 404),
    (b"/assignments/../healthz", 404), (b"/\xff\xfe", 404),
    (b"/" * 16, 404), (b"/" * 4000, 404), (b"/%25%32%65%25%32%65/", 404),
    (b"/%00", 400), (b"/healthz%00", 400), (b"/healthz%00.xml", 400),
    (b"/?search=%00", 400), (b"/?%00=1", 400), (b"/api/v1/lookup?q=%00", 400),
    (b"/healthz\0", 400), (b"/\0healthz", 400), (b"/%", 400), (b"/%1", 400),
    (b"/%zz", 400), (b"/%u002e", 400), (b"/#a", 400), (b"healthz", 400),
    (b"*", 400), (b"other.example:443", 400), (b"ftp://a/healthz", 400),
    (b"file:///etc/passwd", 400), (b"http://other.example", 400),
    (b"/?" + b"a&" * 100, 400), (b"/?a=" + b"b" * 8000, 414),
    (b"/" + b"a" * 100000, (414, 0)),
)

HEADS = (
    (b"GET / HTTP/1.1" + END, 400),
    (b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n", 400),
    (b"GET / HTTP/1.1\r\n" + HOST + b"hOST: b" + END, 400),
    (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n" * 2 + b"\r\n",
     400),
    (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\n"
     b"Content-Length: 6" + END + b"12345", 400),
    (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n"
     b"Transfer-Encoding: chunked" + END + b"0\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n"
     b"Content-Length: 3" + END + b"0\r\n\r\n", 400),
    (b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n" * 2 +
     b"\r\n0\r\n\r\n", 400),
    (b"POST / HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked" + END +
     b"0\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length : 0" + END, 400),
    (b"GET / HTTP/1.1\r\n" + HOST + b"X\0Y: 0" + END, 400),
    # Here the library ends the value at the NUL, before we see it.
    (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\0b" + END, (400, 200)),
    (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 5" + END + b"12345",
     413),
    (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: -1" + END,
     (400, 413, 0)),
    (b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999999999999999"
     + END, (400, 413, 0)),
    (b"GET / HTTP/2.0\r\n" + HOST + b"\r\n", 505),
    (b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 100 + b"\r\n", 431),
    (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100000 + END, (431, 0)),
    (b"GET / HTTP/1.1\r\n" + HOST + b"X" * 100000 + b": a" + END, (431, 0)),
    (b"GET / HTTP/1.1\r\n" + HOST + b"X: aaaaaaaaaa\r\n" * 10000 + b"\r\n",
     (431, 0)),
    (b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 2" + END + b"ab", 405),
    (b"DELETE /healthz HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    (b"PRI * HTTP/2.0" + END + b"SM" + END, 505),
)

# Behind "Transfer-Encoding: chunked".
CHUNKS = (
    b"0\r\n\r\n", b"5\r\nabcde\r\n0\r\n\r\n", b"x\r\n", b"-1\r\nabc\r\n",
    b"ffffffffffffffff\r\nabc", b"fffffffffffffffffffff\r\n",
    b"5\r\nabcdefgh\r\n0\r\n\r\n", b"5;a=" + b"b" * 50000 + b"\r\nabcde\r\n",
    b"5\nabcde\n0\n\n", b"0x5\r\nabcde\r\n0\r\n\r\n", b" 5\r\nabcde\r\n",
    b"\r\n" * 500, b"0\r\nX: " + b"a" * 50000 + b"\r\n\r\n", b"\0" * 300,
)


def dial(server, timeout=20):
    return socket.create_connection(("127.0.0.1", server.port), timeout)


def send_all(s, data):
    try:
        s.sendall(data)
    except OSError:
        pass  # refused before its end


def read_all(s):
    """What comes until the server closes."""
    got = b""
    try:
        while piece := s.recv(65536):
            got += piece
    except ConnectionError:
        pass
    return got


def status_of(answer):
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(match[1]) if match else 0


def ask(server, data):
    with dial(server) as s:
        send_all(s, data)
        try:
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        return read_all(s)


def rows(server, check):
    """One connection each: the status, one answer alone, and then a close."""
    table = [(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"Connection: close"
              + END, want) for path, want in PATHS]
    for data, want in table + list(HEADS):
        answer = ask(server, data)
        wanted = want if isinstance(want, tuple) else (want,)
        check(status_of(answer) in wanted, data[:90], answer[:60], want)
        # For a bad length the library's own answer has its head twice.
        check(answer.count(b"HTTP/1.1 ") <= 1 + (b"Length: " in data),
              "two answers", data[:90])
        check(b"root:" not in answer, data[:90])


def chunks(server, check):
    """A body is never read: the answer comes, and the end with it."""
    for body in CHUNKS:
        answer = ask(server, b"POST / HTTP/1.1\r\n" + HOST +
                     b"Transfer-Encoding: chunked" + END + body)
        check(status_of(answer) in (405, 0), body[:40], answer[:60])
        check(answer.count(b"HTTP/1.1 ") <= 1, "two answers", body[:40])


def pipelining(server, check):
    """A hundred requests in one piece; the answers come in their order."""
    data = b"".join(
        b"GET /api/v1/lookup?q=%d HTTP/1.1\r\n" % n + HOST +
        (b"Connection: close\r\n" if n == 199 else b"") + b"\r\n"
        for n in range(100, 200))
    for cut in (len(data), 7, 1000):
        with dial(server) as s:
            for i in range(0, len(data), cut):
                s.sendall(data[i:i + cut])
            answer = read_all(s)
        same = re.findall(rb'"query": ?"(\d+)"', answer)
        check(same == [b"%d" % n for n in range(100, 200)], cut, same[:5],
              len(same))
        check(answer.count(b"HTTP/1.1 200 ") == 100, cut)
    # What follows a refused head is no request.
    answer = ask(server, b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n"
                 b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
    check(answer.count(b"HTTP/1.1 ") == 1, "smuggled", answer[:60])


def half_closed(server, check):
    answer = ask(server, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
    check(answer.endswith(b"ok\n"), "half-closed", answer[-40:])
    begin = time.monotonic()
    check(ask(server, b"") == b"" and time.monotonic() - begin < 5,
          "half-closed without a request")


def bodies(server, check):
    """A body that would take for ever is not waited for."""
    for method in (b"GET", b"POST", b"PUT"):
        with dial(server) as s:
            s.sendall(method + b" / HTTP/1.1\r\n" + HOST +
                      b"Content-Length: 1000000" + END + b"a")
            begin = time.monotonic()
            answer = read_all(s)
            check(status_of(answer) in (405, 413) and
                  time.monotonic() - begin < 5, "slow body", answer[:60])


def noise(server, check, seed, count):
    """Bytes at random, and good requests with a few of theirs changed."""
    draw = random.Random(seed)
    good = b"GET /?search=a HTTP/1.1\r\n" + HOST + \
        b"Accept: */*\r\nAccept-Encoding: gzip\r\nIf-None-Match: \"a\"" + END
    sockets = []
    answered = 0
    for _ in range(count):
        if draw.random() < 0.3:
            data = draw.randbytes(draw.randrange(1, 3000))
        else:
            data = bytearray(good)
            for _ in range(draw.randrange(1, 6)):
                data[draw.randrange(len(data))] = draw.randrange(256)
        sockets.append(dial(server))
        send_all(sockets[-1], bytes(data))
    time.sleep(0.5)
    for s in sockets:
        s.setblocking(False)
        try:
            answered += status_of(s.recv(100)) > 0
        except OSError:
            pass  # it waits for the rest of the head, or has ended
        s.close()
    check(answered > count / 10, "noise: answered were", answered)


def reset(server, check, count):
    """Connections that end with RST, before, within and behind a request."""
    for i in range(count):
        with dial(server) as s:
            s.sendall((b"", b"GET /", b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
                      [i % 3])
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    check(status_of(ask(server, b"GET /healthz HTTP/1.0" + END)) == 200,
          "behind resets")


def crowd(server, check, count, within):
    """Many connections, each silent, or with half a head, or answered once
    and kept: none of them keeps others from being served."""
    sockets = []
    for i in range(count):
        s = dial(server)
        sockets.append(s)
        try:
            s.sendall((b"", b"GET / HTTP/1.1\r\nX", b"GET /healthz HTTP/1.1"
                       b"\r\n" + HOST + b"\r\n")[i % 3])
        except OSError:
            pass  # had to make room
        if i % (count // 4) == count // 4 - 1:
            begin = time.monotonic()
            answer = ask(server, b"GET /healthz HTTP/1.0" + END)
            check(status_of(answer) == 200 and
                  time.monotonic() - begin < within, i + 1,
                  "connections; then", time.monotonic() - begin, "s",
                  answer[:60])
    for s in sockets:
        s.close()
