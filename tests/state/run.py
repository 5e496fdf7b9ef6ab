#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The state folder: update, publication by rename, the lock, fetching.

Uses portbook-admin of $PORTBOOK_BUILD on small registries written here, so
it needs no official file.
"""
import fcntl
import gzip
import http.server
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common.outcome import claim, finish  # noqa: E402
from common.program import ADMIN, run  # noqa: E402


def registry(updated, names):
    records = "".join(
        f"""
  <record>
    <name>{name}</name>
    <protocol>tcp</protocol>
    <description>{name}</description>
    <number>{port}</number>
  </record>"""
        for port, name in enumerate(names, 1))
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<registry xmlns="http://www.iana.org/assignments" id="t">\n'
        f"  <title>T</title>\n  <updated>{updated}</updated>{records}\n"
        "  <people/>\n</registry>\n").encode()


def admin(*words, **more):
    return run(ADMIN, *words, **more)


def update(state, source, *words, **more):
    return admin("update", "--state", state, "--from", source, *words, **more)


def served(state):
    public = state / "public/1"
    name = os.readlink(public / "current")
    return name, (public / name / "registry.image").read_bytes()


class Serve(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/gone":
            self.send_error(404)
            return
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/registry.xml")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = registry("2026-01-05", ["a", "b", "c", "d"])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2] if self.path == "/cut"
                         else body)

    def log_message(self, *args):
        pass


def test_update(folder):
    state = folder / "state"
    first = folder / "first.xml"
    first.write_bytes(registry("2026-01-01", ["a", "b", "c"]))
    r = update(state, first)
    claim("first update", r.returncode == 0 and
          "published 2026-01-01, 3 records" in r.stderr, r)
    for count, told in ((1, "1 record\n"), (1200, "1,200 records\n")):
        other = folder / "other.xml"
        other.write_bytes(registry("2026-01-01",
                                   [f"n{i}" for i in range(count)]))
        r = update(folder / "other", other, "--dry-run")
        claim(f"{count} counted", r.returncode == 0 and
              r.stderr == f"would publish 2026-01-01, {told}", r)
    name, image = served(state)
    claim("image", image.startswith(b"PORTBK1\n"))
    kept = state / "public/1" / name
    claim("source is kept byte for byte",
          (kept / "service-names-port-numbers.xml").read_bytes() ==
          first.read_bytes())
    claim("published files are read only",
          (kept / "registry.image").stat().st_mode & 0o777 == 0o444)
    claim("private is private",
          (state / "private").stat().st_mode & 0o777 == 0o700)
    r = update(state, first)
    claim("the same again", r.returncode == 0 and "nothing new" in r.stderr, r)
    claim("nothing moved", served(state)[0] == name)
    r = admin("update", f"--state={state}", "--quiet", f"--from={first}")
    claim("--NAME=VALUE, --quiet",
          (r.returncode, r.stdout, r.stderr) == (0, "", ""), r)
    for words in (["word"], ["--from"], ["--nothing"], ["-x"],
                  ["--dry-run=1"]):
        r = admin("update", "--state", state, *words)
        claim(f"usage {words}", r.returncode == 2 and
              r.stderr.startswith("portbook: update takes"), r)

    second = folder / "second.xml.gz"
    second.write_bytes(gzip.compress(
        registry("2026-01-02", ["a", "b", "c", "d"])))
    r = update(state, second, "--dry-run")
    claim("dry run", r.returncode == 0 and "would publish" in r.stderr and
          served(state)[0] == name, r)
    r = update(folder / "none" / "state", second, "--dry-run")
    claim("dry run without a state", r.returncode == 0 and
          "would publish" in r.stderr and not (folder / "none").exists(), r)
    r = update(state, second)
    claim("second update", r.returncode == 0 and
          "in place of 2026-01-01" in r.stderr, r)
    claim("the version before is kept", kept.exists())

    now = served(state)
    for words in ([], ["--force"]):
        stale = update(state, first, *words)
        claim("stale source", stale.returncode == 0 and
              "stale source, nothing changed: 2026-01-01 is kept already, "
              "and 2026-01-02 is newer" in stale.stderr, stale)
    claim("stale source changes nothing", served(state) == now)
    small = folder / "small.xml"
    small.write_bytes(registry("2026-01-03", ["a"]))
    r = update(state, small)
    claim("shrunken source", r.returncode == 3 and "1 records where 4" in
          r.stderr, r)
    second_name = served(state)[0]
    r = update(state, small, "--force")
    claim("force", r.returncode == 0 and served(state)[0] != second_name, r)
    claim("only two versions are kept", not kept.exists() and
          (state / "public/1" / second_name).exists())

    now = served(state)
    bad = folder / "bad.xml"
    bad.write_bytes(registry("2026-01-04", ["a", "b"])[:-30])
    r = update(state, bad)
    claim("damaged source", r.returncode == 3 and "bad.xml:" in r.stderr, r)
    claim("damaged source changes nothing", served(state) == now)
    r = update(state, folder / "none.xml")
    claim("no source", r.returncode == 3 and "none.xml" in r.stderr, r)


def test_heal(folder):
    """What was lost or damaged since it was published comes back."""
    state = folder / "heal"
    update(state, folder / "first.xml")
    name, image = served(state)
    path = state / "public/1" / name
    for what in ("damaged", "cut short", "lost"):
        (path / "registry.image").unlink()
        if what == "damaged":
            (path / "registry.image").write_bytes(
                image[:5000] + b"XXXX" + image[5004:])
        elif what == "cut short":
            (path / "registry.image").write_bytes(image[:5000])
        r = update(state, folder / "first.xml")
        claim(f"image {what}", r.returncode == 0 and
              "published" in r.stderr and served(state) == (name, image), r)
    (path / "service-names-port-numbers.xml").unlink()
    r = update(state, folder / "first.xml", "--force")
    claim("source lost", r.returncode == 0 and
          (path / "service-names-port-numbers.xml").exists(), r)
    left = {p.name for p in (state / "public/1").iterdir()}
    claim("nothing else is left", left == {name, "current"}, left)


def csv(modified):
    return ("Service Name,Port Number,Transport Protocol,Description,Assignee,"
            "Contact,Registration Date,Modification Date,Reference,"
            "Service Code,Unauthorized Use Reported,Assignment Notes\r\n"
            f"a,1,tcp,a,[A],[A],2010-01-01,{modified},,,,\r\n").encode()


def test_csv(folder):
    """A CSV is as old as its latest row."""
    state = folder / "csv"
    for name, modified in (("old", "2013-05-06"), ("new", "2014-07-08")):
        (folder / f"{name}.csv").write_bytes(csv(modified))
    r = update(state, folder / "new.csv")
    claim("a CSV", r.returncode == 0 and "published" in r.stderr, r)
    r = update(state, folder / "old.csv")
    claim("an older CSV", r.returncode == 3 and "stale source: it is of "
          "2013-05-06, and the registry of 2014-07-08" in r.stderr, r)
    r = update(state, folder / "old.csv", "--force")
    claim("an older CSV by force", r.returncode == 0 and
          "recorded 2013-05-06 as one of 2 versions; 2014-07-08 is still the "
          "newest" in r.stderr, r)
    r = update(state, folder / "new.csv")
    claim("a CSV that is kept", r.returncode == 0 and
          "nothing new: 2014-07-08" in r.stderr, r)
    update(state, folder / "first.xml", "--force")
    (folder / "new.csv").write_bytes(csv("2014-07-09"))
    r = update(state, folder / "new.csv")
    claim("a CSV over a dated registry", r.returncode == 3 and
          "has no date" in r.stderr, r)


def test_lock(folder):
    state = folder / "state"
    with open(state / "private/lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        r = update(state, folder / "first.xml")
    claim("somebody else writes", r.returncode == 4 and
          "is being written by portbook update, process" in r.stderr, r)


def test_read_only(folder):
    target = folder / "file"
    target.write_text("")
    r = update(target / "state", folder / "first.xml")
    claim("state below a file", r.returncode == 4 and
          "Not a directory" in r.stderr, r)


def test_umask(folder):
    """Made under any umask, public/ is for all to read, private/ for none."""
    state = folder / "umask"
    for umask in (0o077, 0o000):
        r = update(state / str(umask), folder / "first.xml", umask=umask)
        modes = [(state / str(umask) / name).stat().st_mode & 0o777
                 for name in ("", "public", "public/1", "public/1/current",
                              "public/1/current/registry.image", "private")]
        claim(f"modes under umask {umask:03o}", r.returncode == 0 and
              modes == [0o755, 0o755, 0o755, 0o755, 0o444, 0o700],
              [oct(mode) for mode in modes])


def test_fetch(folder):
    state = folder / "fetched"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    r = update(state, base + "/registry.xml")
    claim("fetch", r.returncode == 0 and "published 2026-01-05" in r.stderr, r)
    now = served(state)
    r = update(state, base + "/gone")
    claim("fetch of nothing", r.returncode == 4 and "404" in r.stderr, r)
    r = update(state, base + "/cut")
    claim("fetch cut short", r.returncode == 4, r)
    claim("failed fetches change nothing", served(state) == now)
    for elsewhere in ("http://192.0.2.1/x", "http://127.0.0.1:x@192.0.2.1/",
                      f"http://127.0.0.1:{server.server_port}@192.0.2.1/"):
        r = update(state, elsewhere)
        claim("plain HTTP elsewhere is refused", r.returncode == 4 and
              "rotocol" in r.stderr, r)
    r = update(state, base + "/moved")
    claim("no redirect from plain HTTP", r.returncode == 4, r)
    claim("nothing is left in incoming",
          not list((state / "private/incoming").iterdir()))
    server.shutdown()


def test_kill(folder):
    """Killed at any moment, a version is served and the next update works."""
    state = folder / "killed"
    sources = []
    for n in range(2):
        source = folder / f"kill{n}.xml"
        source.write_bytes(registry(f"2026-02-0{n + 1}",
                                    [f"n{i}" for i in range(1, 400 + n)]))
        sources.append(source)
    update(state, sources[0])
    for n, wait in enumerate((0.0005, 0.002, 0.004, 0.006, 0.01)):
        child = subprocess.Popen(
            [ADMIN, "update", "--state", state, "--force", "--from",
             sources[(n + 1) % 2]], stderr=subprocess.DEVNULL)
        try:
            child.wait(wait)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
        claim(f"served after a kill ({n})",
              served(state)[1].startswith(b"PORTBK1\n"))
    r = update(state, sources[1], "--force")
    claim("an update after the kills", r.returncode == 0, r)
    left = [p.name for p in (state / "public/1").iterdir()]
    claim("nothing half-done is left", len(left) <= 3 and
          not any(p.startswith(".") for p in left), left)


def owners(folder):
    """Who owns the folder and what is in it."""
    return {path.lstat().st_uid for path in [folder, *folder.rglob("*")]}


def test_owner(folder):
    """What root updates in another user's folder stays that user's."""
    if os.geteuid() != 0:
        return
    nobody = 65534
    # That user has to get there, through what was made for this test alone.
    for place in (folder, folder.parent):
        if place.stat().st_mode & 0o7777 == 0o700:
            place.chmod(0o711)
    state = folder / "owned"
    state.mkdir()
    os.chown(state, nobody, nobody)
    source = folder / "owned.xml"
    source.write_bytes(registry("2026-02-01", ["a"]))
    for command in (["update", "--from", source], ["import", source]):
        r = admin(command[0], "--state", state, *command[1:])
        claim(f"root's {command[0]} for another user", r.returncode == 0, r)
        claim("all is that user's", owners(state) == {nobody}, owners(state))
    r = admin("update", "--state", state, "--from", source,
              user=nobody, group=nobody)
    claim("that user's own update", r.returncode == 0, r)
    own = folder / "roots"
    update(own, source)
    claim("root's own folder stays root's", owners(own) == {0}, owners(own))
    source.chmod(0o600)
    r = update(state, source)
    claim("what that user may not read is not read for them",
          r.returncode == 4 and "ermission" in r.stderr, r)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        test_update(folder)
        test_heal(folder)
        test_csv(folder)
        test_lock(folder)
        test_read_only(folder)
        test_umask(folder)
        test_owner(folder)
        test_fetch(folder)
        test_kill(folder)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
