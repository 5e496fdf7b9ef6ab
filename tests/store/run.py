#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""import, and update through the store.  limit: 400 seconds

On small registries written here, archives by GNU tar, and, where
$PORTBOOK_REGISTRY_DIR has them, official versions: the SHA-256 of what was
read is held against what comes out.
"""
import gzip
import hashlib
import http.server
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from common import editions, official, program  # noqa: E402
from common.outcome import claim, finish, skip  # noqa: E402
from common.program import ADMIN, PORTBOOK  # noqa: E402
from small import (admin, digest_of, history, image_of,  # noqa: E402
                   portbook, registry)


def write_all(folder, files):
    program.write_all(folder, files)
    return folder


def versions(state):
    return int(re.search(r"versions +([\d,]+)", portbook(
        "status", "--state", state).stdout)[1].replace(",", ""))


def test_forms(work):
    """Folders, files and every kind of archive give the same image."""
    files = history(12)
    folder = write_all(work / "forms", files)
    deep = folder / "some/where"
    deep.mkdir(parents=True)
    for name in list(files)[4:8]:
        (deep / (name + ".gz")).write_bytes(gzip.compress(files[name]))
        (folder / name).unlink()
    (folder / "README.txt").write_text("no version")
    (folder / ".hidden.xml").write_text("no version")
    (deep / "up").symlink_to(folder)
    state = work / "forms-state"
    r = admin("import", "--state", state, folder)
    claim("a folder and those in it", r.returncode == 0 and
          "12 files: 12 new versions, 0 known; published 12, from 2020-01-01"
          in r.stderr, r)
    wanted = digest_of(state)
    claim("all are in the store", wanted[1] == 12 and
          wanted[2] == hashlib.sha256(b"".join(sorted(
              hashlib.sha256(d).digest() for d in files.values())))
          .hexdigest(), wanted)
    claim("status counts them", versions(state) == 12)
    r = admin("import", "--state", state, folder)
    claim("again: all known", r.returncode == 0 and
          "0 new versions, 12 known; as published before" in r.stderr, r)
    claim("again: the same image", digest_of(state) == wanted)
    plain = write_all(work / "plain", files)
    for n, (name, words) in enumerate((
            ("u.tar", ["--format=ustar"]), ("p.tar", ["--format=pax"]),
            ("g.tar", ["--format=gnu"]), ("z.tar.gz", ["-z"]),
            ("s.tar.zst", ["--zstd"]),
            ("l.tar", ["--format=gnu", "--transform=s,^,%s/," % ("d" * 200)]),
            ("x.tar", ["--format=pax", "--transform=s,^,%s/," % ("é" * 99)]),
            ("r.tar", ["--format=ustar", "--sort=none"]))):
        made = subprocess.run(["tar", "-C", plain, *words, "-cf",
                               work / name, "."], env={**os.environ,
                                                       "LC_ALL": "C.UTF-8"},
                              capture_output=True, text=True)
        state = work / f"tar{n}"
        r = admin("import", "--state", state, work / name)
        claim(f"tar {' '.join(words)[:30]}", made.returncode == 0 and
              r.returncode == 0 and digest_of(state) == wanted,
              (made.stderr, r.stderr))
    state = work / "reversed"
    r = admin("import", "--state", state,
              *sorted(plain.iterdir(), reverse=True))
    claim("files in reversed order", r.returncode == 0 and
          digest_of(state) == wanted, r)
    state = work / "one-by-one"
    for path in sorted(plain.iterdir(), key=lambda p: p.name[::-1]):
        r = admin("import", "--state", state, "-q", path)
        if (r.returncode, r.stdout, r.stderr) != (0, "", ""):
            claim("one by one", False, r)
    claim("one by one, in some order", digest_of(state) == wanted)
    r = admin("verify", "--state", state)
    claim("verify", r.returncode == 0 and "whole, 12 versions" in r.stdout, r)


def test_damage(work):
    """What is no version is told by name, and the rest recorded."""
    files = history(3)
    bad = {"cut.xml": registry("2020-05-05", ["a", "b"])[:-30],
           "empty.csv": b"", "none.xml": registry("2020-05-06", []),
           "undated.xml": registry("", ["a"]),
           "\x1b[31mred.xml": b"<registry"}
    folder = write_all(work / "damage", {**files, **bad})
    state = work / "damage-state"
    r = admin("import", "--state", state, folder, "-q")
    claim("damaged files", r.returncode == 3 and
          all(f"/{name}" in r.stderr for name in list(bad)[:4]) and
          r.stderr.count("\n") == 5 and digest_of(state)[1] == 3, r)
    claim("no name steers a terminal", "\x1b" not in r.stderr, r)
    subprocess.run(["tar", "-C", folder, "-cf", work / "damage.tar", "."],
                   check=True)
    archive = (work / "damage.tar").read_bytes()
    r = admin("import", "--state", work / "damage2", work / "damage.tar")
    claim("damaged members", r.returncode == 3 and
          "damage.tar: cut.xml" in r.stderr and
          "8 files: 3 new versions, 0 known, 5 skipped; published 3"
          in r.stderr and digest_of(work / "damage2") == digest_of(state), r)
    (work / "cut.tar").write_bytes(archive[:len(archive) // 2])
    r = admin("import", "--state", work / "damage3", work / "cut.tar", folder)
    claim("an archive cut short", r.returncode == 3 and "cut.tar" in r.stderr
          and "was cut short" in r.stderr and
          digest_of(work / "damage3") == digest_of(state), r)
    flipped = bytearray(archive)
    flipped[archive.rindex(b"ustar") - 200] ^= 1
    (work / "flipped.tar").write_bytes(flipped)
    r = admin("import", "--state", work / "damage4", work / "flipped.tar")
    claim("a flipped bit in a header", r.returncode == 3 and
          "a header that is none" in r.stderr, r)
    r = admin("import", "--state", work / "damage5", work / "not-there",
              folder)
    claim("no such file", r.returncode == 3 and "not-there" in r.stderr and
          "No such file" in r.stderr and
          digest_of(work / "damage5") == digest_of(state), r)
    os.mkfifo(work / "pipe.xml")
    r = admin("import", "--state", work / "damage6", work / "pipe.xml")
    claim("a pipe", r.returncode == 3 and "neither a file" in r.stderr, r)
    for words in ([], ["-x"], ["--state"]):
        r = admin("import", *words)
        claim(f"usage {words}", r.returncode == 2 and
              r.stderr.startswith("portbook: import takes"), r)


def test_large(work):
    """Large things cost no memory: with 2 GB of it, nothing fails."""
    huge = work / "huge.xml"
    with open(huge, "wb") as file:
        file.truncate(300 << 30)
    sparse = work / "sparse.tar"
    with open(sparse, "wb") as file:
        header = bytearray(512)
        header[:9] = b"large.xml"
        header[124:136] = b"77777777777\0"  # 8 GB
        header[156:157] = b"0"
        header[257:265] = b"ustar\x0000"
        header[148:156] = b" " * 8
        header[148:155] = b"%06o\0" % sum(header)
        file.write(header)
        file.truncate(1 << 30)
    good = write_all(work / "good", history(1))
    start = time.monotonic()
    r = subprocess.run(
        ["sh", "-c", 'ulimit -v 2000000; exec "$@"', "sh", ADMIN, "import",
         "--state", work / "large-state", huge, sparse, good],
        capture_output=True, text=True, timeout=300)
    claim("300 GB, and a member of 8", r.returncode == 3 and
          "larger than any registry" in r.stderr and
          "sparse.tar: large.xml: a member of more than" in r.stderr and
          "1 new versions, 0 known, 3 skipped" in r.stderr, r)
    print(f"# {time.monotonic() - start:.1f} s")
    bomb = work / "bomb.xml.gz"
    with gzip.open(bomb, "wb", 9) as file:
        for _ in range(512):
            file.write(bytes(1 << 20))
    r = admin("import", "--state", work / "bomb", bomb)
    claim("a bomb", r.returncode == 3 and "skipped" in r.stderr, r)
    for path in (huge, sparse, bomb):
        path.unlink()


def test_stop(work):
    """Stopped by a signal it says so, and goes on from there."""
    files = history(150, 700)
    folder = write_all(work / "stop", files)
    whole = work / "stop-whole"
    admin("import", "--state", whole, folder)
    state = work / "stopped"
    for number in (signal.SIGINT, signal.SIGTERM):
        child = subprocess.Popen(
            [ADMIN, "import", "--state", state, folder],
            stderr=subprocess.PIPE, text=True)
        while not (state / "private/store.sqlite").exists():
            time.sleep(0.005)
        time.sleep(0.1)
        child.send_signal(number)
        told = child.communicate(timeout=60)[1]
        claim(f"stopped by {number.name}", child.returncode == 4 and
              "stopped: what is recorded stays" in told or
              child.returncode == 0, (child.returncode, told))
        r = admin("verify", "--state", state)
        claim(f"whole after {number.name}", r.returncode == 0, r)
        if not (state / "public/1/current").is_symlink():
            r = portbook("status", "--state", state)
            claim(f"nothing published by {number.name}: what to do",
                  r.returncode == 3 and "the same command again" in r.stderr,
                  r)
    r = admin("import", "--state", state, folder)
    claim("continued", r.returncode == 0 and
          digest_of(state) == digest_of(whole), r)


def test_update(work):
    """What update takes, tells and refuses."""
    files = list(history(4).values())
    paths = [work / f"u{n}.xml" for n in range(4)]
    for path, data in zip(paths, files):
        path.write_bytes(data)
    state = work / "update"

    def update(source, *words):
        return admin("update", "--state", state, "--from", source, *words)

    r = update(paths[1], "--dry-run")
    claim("a dry run without a state folder", r.returncode == 0 and
          "would publish 2020-01-02" in r.stderr and not state.exists(), r)
    r = update(paths[1])
    claim("first", r.returncode == 0 and "published 2020-01-02" in r.stderr, r)
    r = update(paths[2])
    claim("second of the day", r.returncode == 0 and
          "the newest of 2 versions" in r.stderr and image_of(state) and
          portbook("convert", "--to", "xml", "--state", state).stdout.encode()
          == files[2], r)
    before = {p: (p.stat().st_mtime_ns, p.stat().st_size)
              for p in state.rglob("*")}
    r = update(paths[3], "--dry-run")
    claim("a dry run writes nothing", r.returncode == 0 and
          "would publish 2020-01-04" in r.stderr and before ==
          {p: (p.stat().st_mtime_ns, p.stat().st_size)
           for p in state.rglob("*")}, r)
    r = update(paths[0])
    claim("older and not known", r.returncode == 3 and
          "stale source: it is of 2020-01-01" in r.stderr and
          versions(state) == 2, r)
    r = update(paths[1])
    claim("older and known", r.returncode == 0 and
          "stale source, nothing changed" in r.stderr and
          versions(state) == 2, r)
    unknown = work / "unknown.xml"
    names = [f"n{i}" for i in range(60)]
    unknown.write_bytes(registry("2020-02-01", names,
                                 "<colour>red</colour>"))
    r = update(unknown)
    claim("an unknown element", r.returncode == 3 and "colour" in r.stderr
          and "--force" in r.stderr and versions(state) == 2, r)
    slip = work / "slip.xml"
    slip.write_bytes(registry("2020-02-01", names + ["a--b"]))
    r = update(slip)
    claim("a new violation is told", r.returncode == 0 and
          "new finding: NAME-DBLHYPHEN (violation) in 1084/tcp/a--b" in
          r.stderr and versions(state) == 3, r)
    slip.write_bytes(registry("2020-02-02", names + ["a--b", "c"]))
    r = update(slip)
    claim("and not again", r.returncode == 0 and
          "DBLHYPHEN" not in r.stderr, r)
    services = work / "services"
    services.write_text("ssh 22/tcp\n")
    r = update(services, "--force")
    claim("a services file is no version", r.returncode == 3 and
          "services(5)" in r.stderr, r)


def test_unfit(work):
    """What no image can be made of is not recorded, and stops nothing."""
    rows = "".join(f"n{i},{i}-{65535 - i},tcp,x,,,2030-01-01,,,,,\r\n"
                   for i in range(2500))
    folder = write_all(work / "unfit", {
        **history(2), "wide.csv": (
            "Service Name,Port Number,Transport Protocol,Description,Assignee,"
            "Contact,Registration Date,Modification Date,Reference,"
            "Service Code,Unauthorized Use Reported,Assignment Notes\r\n" +
            rows).encode()})
    state = work / "unfit-state"
    r = admin("import", "--state", state, folder)
    claim("ranges that overlap too much are skipped", r.returncode == 3 and
          "wide.csv: " in r.stderr and "overlap too much" in r.stderr and
          "2 new versions, 0 known, 1 skipped; published 2" in r.stderr, r)
    r = admin("update", "--state", state, "--from", folder / "wide.csv",
              "--force")
    claim("and not taken by force", r.returncode != 0 and
          "overlap too much" in r.stderr and versions(state) == 2, r)
    (work / "later.xml").write_bytes(list(history(4).values())[3])
    r = admin("update", "--state", state, "--from", work / "later.xml")
    claim("and the next update is taken", r.returncode == 0 and
          versions(state) == 3, r)
    mode = (state / "private/store.sqlite").stat().st_mode & 0o777
    claim("the store is its owner's alone", mode == 0o600, oct(mode))


def test_told_later(work):
    """A name that tells a known version's place in its day is heard."""
    one, two = registry("2020-01-01", ["a"]), registry("2020-01-01", ["b"])
    folder = write_all(work / "later", {"1.xml": one, "2.xml": two})
    named = write_all(work / "named", {
        "2020-01-01.xml": two, "2020-01-01.2.xml": one})
    state = work / "later-state"
    for source, newest in ((folder, two), (named, one)):
        r = admin("import", "--state", state, source)
        claim(f"the day's last by {source.name}", r.returncode == 0 and
              versions(state) == 2 and portbook(
                  "convert", "--to", "xml", "--state", state).stdout.encode()
              == newest, r)


class Server(http.server.BaseHTTPRequestHandler):
    body = b""
    asked = []

    def do_GET(self):
        tag = '"%s"' % hashlib.sha256(self.body).hexdigest()[:20]
        Server.asked.append((self.headers.get("If-None-Match"),
                             self.headers.get("If-Modified-Since")))
        same = self.headers.get("If-None-Match") == tag
        self.send_response(304 if same else 200)
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", "Mon, 17 Aug 2026 00:00:00 GMT")
        if not same:
            self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        if not same:
            self.wfile.write(self.body)

    def log_message(self, *args):
        pass


def test_conditional(work):
    """What the server says is the same is not fetched again."""
    state = work / "conditional"
    bodies = list(history(3).values())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/registry.xml"

    def fetch(*words):
        Server.asked.clear()
        return admin("update", "--state", state, "--from", url, *words)

    Server.body = bodies[0]
    r = fetch()
    claim("fetched without condition", r.returncode == 0 and
          "published 2020-01-01" in r.stderr and
          Server.asked == [(None, None)], (r, Server.asked))
    for words in ([], ["--dry-run"]):
        r = fetch(*words)
        claim("not modified", r.returncode == 0 and
              "nothing new: 2020-01-01" in r.stderr and
              Server.asked[0][0] is not None and Server.asked[0][1] ==
              "Mon, 17 Aug 2026 00:00:00 GMT", (r, Server.asked))
    r = fetch("--force")
    claim("--force asks without condition", r.returncode == 0 and
          Server.asked == [(None, None)], (r, Server.asked))
    Server.body = bodies[1]
    r = fetch()
    claim("modified", r.returncode == 0 and
          "published 2020-01-02" in r.stderr, r)
    Server.body = registry("2020-03-01", ["a"])
    for _ in range(2):
        r = fetch()
        claim("refused, and asked again", r.returncode == 3 and
              "1 records where" in r.stderr, r)
    Server.body = bodies[1]
    shutil.rmtree(state / "public")
    (state / "private/store.sqlite").unlink()
    r = fetch()
    claim("what was lost is fetched again", r.returncode == 0 and
          "published 2020-01-02" in r.stderr and
          Server.asked == [(None, None)], (r, Server.asked))
    server.shutdown()


def test_recovery(work):
    """A start publishes what was recorded only; an image makes a store."""
    files = history(5)
    folder = write_all(work / "recovery", files)
    paths = sorted(folder.iterdir())
    state = work / "recovery-state"
    admin("import", "--state", state, *paths[:3])
    old = work / "recovery-public"
    shutil.copytree(state / "public", old, symlinks=True)
    admin("import", "--state", state, *paths[3:])
    wanted = digest_of(state)
    for what, words in (("update", ("update", "--from", work / "none.xml")),
                        ("import", ("import", work / "none"))):
        shutil.rmtree(state / "public")
        shutil.copytree(old, state / "public", symlinks=True)
        claim(f"{what}: not what is recorded", digest_of(state) != wanted)
        r = admin(words[0], "--state", state, *words[1:])
        claim(f"{what} publishes what was recorded", r.returncode == 3 and
              digest_of(state) == wanted, r)
    (state / "private/store.sqlite").unlink()
    r = admin("update", "--state", state, "--from", paths[-1])
    claim("a store from what is published", r.returncode == 0 and
          "nothing new" in r.stderr and digest_of(state) == wanted, r)
    r = portbook("verify", "--state", state)
    claim("verify image and store", r.returncode == 0 and
          r.stdout.count(": whole\n") == 2, r)
    store = state / "private/store.sqlite"
    data = bytearray(store.read_bytes())
    wrong = 0
    for at in range(4096 + 300, len(data), max(len(data) // 12, 1)):
        data[at] ^= 0x40
        store.write_bytes(data)
        data[at] ^= 0x40
        r = portbook("verify", "--state", state)
        wrong += r.returncode == 3 and "portbook: " in r.stderr
        if r.returncode not in (0, 3):
            claim("verify of damage", False, r)
    claim("verify sees flipped bits in a store", wrong > 0, wrong)
    store.write_bytes(data)
    r = portbook("verify", "--state", state, "--json")
    claim("verify as JSON", r.returncode == 0 and
          f'"store": "{store}", "whole": true' in r.stdout, r)


def test_official(work):
    """A dozen official versions; all of them are in `make torture`."""
    if not editions.available():
        skip("official versions", official.NONE)
        return
    names = ["2015-06-11.xml", "2015-06-11.2.xml", "2016-07-19.2.xml",
             "2017-05-12.3.xml", "2020-01-10.xml", "2020-01-10.2.xml",
             "2020-01-10.3.xml", "2021-07-27.xml", "2021-07-27.14.xml",
             "2022-06-03.xml", "2025-09-26.3.xml", "2026-08-17.xml"]
    folder = work / "official"
    editions.extract(names, folder)
    state = work / "official-state"
    r = admin("import", "--state", state, folder)
    claim("a dozen official files", r.returncode == 0 and
          "12 files: 10 new versions, 2 known; published 10, from 2015-06-11 "
          "to 2026-08-17" in r.stderr, r)
    wanted = digest_of(state)
    subprocess.run(["tar", "-C", folder, "--zstd", "-cf", work / "o.tar.zst",
                    *names], check=True)
    for what, paths in (
            ("reversed", [folder / n for n in sorted(names, reverse=True)]),
            ("archive", [work / "o.tar.zst"])):
        other = work / f"official-{what}"
        r = admin("import", "--state", other, *paths)
        claim(f"the same image from {what} order", r.returncode == 0 and
              digest_of(other) == wanted, r)
    for name in ("2015-06-11.2.xml", "2016-07-19.2.xml", "2020-01-10.2.xml",
                 "2022-06-03.xml", "2026-08-17.xml"):
        r = subprocess.run(
            [PORTBOOK, "convert", "--to", "xml", "--state",
             state, "--as-of", name[:10]], capture_output=True, timeout=60)
        claim(f"{name} comes out byte for byte", r.returncode == 0 and
              r.stdout == (folder / name).read_bytes(), r.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        for test in (test_forms, test_damage, test_large, test_stop,
                     test_update, test_unfit, test_told_later,
                     test_conditional, test_recovery, test_official):
            test(work)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
