#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""import, update and publish, killed and starved.  limit: 400 seconds

usage: run.py [--rounds N] [--all] [--seed N]

A round kills one of the commands, publish DIR among them, with SIGKILL, by
the clock or at a chosen call that changes a file (killer.c, loaded before the
C library), half of which may have been done.  Afterwards the store verifies, what was served is
still served and whole, and the same command run again ends in the same
image and the same versions as one that nobody disturbed.

Five rounds on small registries; `make torture` does 200, a fifth of them on
official versions, and with --all imports every official version in three
orders.  A killed process is no power failure: what the disk would have lost
is not tried here.
"""
import argparse
import errno
import fcntl
import hashlib
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "store")]

from common import editions, official  # noqa: E402
from common.outcome import claim, counts, finish, skip  # noqa: E402
from common.program import ADMIN  # noqa: E402
from small import admin, digest_of, history, portbook  # noqa: E402

DOZEN = ["2015-05-04.xml", "2015-06-11.xml", "2015-06-11.2.xml",
         "2017-05-12.3.xml", "2020-01-10.xml", "2020-01-10.2.xml",
         "2021-07-27.xml", "2021-07-27.14.xml", "2022-06-03.xml",
         "2025-09-26.3.xml", "2026-07-20.xml", "2026-08-17.xml"]


class Case:
    """One command, from a state folder it starts in to what it ends in."""

    def __init__(self, name, work, before, command):
        self.name = name
        self.work = work
        self.before = before  # state folder, or None
        self.command = command  # words of portbook-admin, without --state
        whole = work / f"{name}-whole"
        self.start(whole)
        count = work / "count"
        started = time.monotonic()
        done = self.run(whole, KILLER_COUNT=str(count))
        self.seconds = time.monotonic() - started
        if done.returncode != 0:
            raise SystemExit(f"{name}: {done.stderr}")
        self.calls = int(count.read_text())
        self.wanted = self.end(whole)

    def end(self, state):
        return digest_of(state)

    def start(self, state):
        shutil.rmtree(state, ignore_errors=True)
        if self.before:
            shutil.copytree(self.before, state, symlinks=True)

    def words(self, state):
        return [str(ADMIN), self.command[0], "--state", str(state),
                *map(str, self.command[1:])]

    def run(self, state, **env):
        if env:
            env["LD_PRELOAD"] = str(self.work / "killer.so")
        return subprocess.run(self.words(state), capture_output=True,
                              text=True, timeout=600,
                              env={**os.environ, **env})

    def after(self, what, state, served):
        """All that must hold whatever happened, and then in the end."""
        store = state / "private/store.sqlite"
        # A rollback journal stands beside it only while the first store is
        # made; who may not write cannot undo what it says.
        journal = state / "private/store.sqlite-journal"
        if store.exists() and store.stat().st_size > 0 and (
                self.before or not journal.exists()):
            r = admin("verify", "--state", state)
            good = r.returncode == 0 or (not self.before and
                                         "there is no store yet" in r.stderr)
            claim(f"{what}: the store is whole", good, r)
        if served or (state / "public/1/current").is_symlink():
            r = portbook("verify", "--state", state, "-q")
            claim(f"{what}: an image is served", r.returncode == 0, r)
        r = self.run(state)
        claim(f"{what}: goes on", r.returncode == 0, r)
        claim(f"{what}: the same in the end",
              digest_of(state) == self.wanted, digest_of(state))
        left = [p.name for p in (state / "public/1").iterdir()
                if p.name.startswith(".")]
        claim(f"{what}: nothing half-done is left", not left and
              not list((state / "private/incoming").iterdir()), left)


class FolderCase(Case):
    """publish DIR: official files over those of an older version.

    There is no store to look at: whatever happened, each file of the folder
    is whole, the old one or the new one, and the next run makes all new.
    """

    def __init__(self, name, work, registry, as_of):
        self.registry = registry
        self.before = work / f"{name}-before"
        subprocess.run([ADMIN, "publish", "-q", "--registry", registry,
                        "--as-of", as_of, self.before], check=True)
        self.old = self.files(self.before)
        super().__init__(name, work, self.before, ["publish"])
        self.new = self.files(work / f"{name}-whole")
        different = [n for n in self.new if self.new[n] != self.old.get(n)]
        if len(different) < 3:
            raise SystemExit(f"{name}: only {different} differ")

    def end(self, state):
        return self.files(state)

    @staticmethod
    def files(folder):
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest()
                for p in folder.iterdir() if not p.name.startswith(".")}

    def words(self, state):
        return [str(ADMIN), "publish", "-q", "--registry",
                str(self.registry), str(state)]

    def after(self, what, state, served):
        torn = [n for n, digest in self.files(state).items()
                if digest not in (self.old.get(n), self.new.get(n))]
        claim(f"{what}: every file is whole", not torn, torn)
        claim(f"{what}: every file is there",
              set(self.old) <= set(self.files(state)), self.files(state))
        r = self.run(state)
        claim(f"{what}: goes on", r.returncode == 0, r)
        claim(f"{what}: the same in the end", self.files(state) == self.new,
              self.files(state))
        left = [p.name for p in state.iterdir() if p.name.startswith(".")]
        claim(f"{what}: nothing half-done is left", not left, left)


def make_cases(work, label, files):
    """import into nothing and into something, update, publish."""
    folder = work / label
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    # In the order of versions: DATE.xml before DATE.2.xml.
    paths = sorted(folder.iterdir(), key=lambda p: (
        p.name[:10], len(p.name), p.name))
    some = work / f"{label}-some"
    subprocess.run([ADMIN, "import", "-q", "--state", some, *paths[:-2]],
                   check=True)
    # Recorded, and not yet published.
    hidden = work / f"{label}-hidden"
    shutil.copytree(some, hidden, symlinks=True)
    subprocess.run([ADMIN, "update", "-q", "--force", "--state", hidden,
                    "--from", paths[-2]], check=True)
    shutil.rmtree(hidden / "public")
    shutil.copytree(some / "public", hidden / "public", symlinks=True)
    return [
        Case(f"{label} import", work, None, ["import", folder]),
        Case(f"{label} more import", work, some, ["import", *paths]),
        Case(f"{label} update", work, some,
             ["update", "--from", paths[-1]]),
        Case(f"{label} publish", work, hidden,
             ["update", "--from", paths[-2]]),
        FolderCase(f"{label} publish into a folder", work, hidden,
                   paths[0].name.removesuffix(".xml")),
    ]


def kill_round(number, case, dice):
    state = case.work / "state"
    case.start(state)
    how = dice.choice(["call", "half a call", "clock"])
    what = f"round {number}, {case.name}"
    if how == "clock":
        child = subprocess.Popen(case.words(state),
                                 stderr=subprocess.DEVNULL)
        try:
            child.wait(dice.uniform(0, case.seconds))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        status = child.wait()
        what += ", by the clock"
    else:
        at = dice.randint(1, case.calls)
        env = {"KILLER_AT": str(at)}
        if how == "half a call":
            env["KILLER_HALF"] = "1"
        status = case.run(state, **env).returncode
        what += f", {how} at {at} of {case.calls}"
    if how != "clock":
        # With two threads and a transaction a second the count may vary.
        claim(f"{what}: killed", status in (-signal.SIGKILL, 0), status)
    case.after(what, state, case.before is not None)


def fail_round(number, case, dice):
    """From one call on the disk is full, or broken."""
    state = case.work / "state"
    case.start(state)
    at = dice.randint(1, case.calls)
    code = dice.choice([errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT])
    what = (f"round {number}, {case.name}, {errno.errorcode[code]} from call "
            f"{at} of {case.calls}")
    r = case.run(state, KILLER_AT=str(at), KILLER_FAIL=str(code))
    said = r.stderr.strip().splitlines() or [""]
    claim(f"{what}: a clear error", r.returncode in (0, 4) and
          (r.returncode == 0 or said[-1].startswith("portbook: ") and
           len(said[-1]) > 25), r)
    case.after(what, state, case.before is not None)


def in_namespace(script, *words):
    """Runs a script that may mount; None where nobody may."""
    r = subprocess.run(["unshare", "-rm", "true"], capture_output=True)
    if r.returncode != 0:
        return None
    return subprocess.run(["unshare", "-rm", "sh", "-euc", script, "sh",
                           *map(str, words)], capture_output=True, text=True,
                          timeout=300)


def test_full_disk(case):
    """A folder system that is too small, of several sizes."""
    script = """
mount -t tmpfs -o size=$1 none "$2"
if [ -n "$4" ]; then cp -a "$4/." "$2/"; fi
shift 4
status=0
"$@" || status=$?
echo "status $status"
exit 0
"""
    mount = case.work / "mount"
    mount.mkdir(exist_ok=True)
    before = case.before or ""
    told = 0
    for size in ("64k", "200k", "400k", "700k", "1500k"):
        r = in_namespace(script.replace("exit 0", f"""
test ! -s "{mount}/state/private/store.sqlite" ||
test -e "{mount}/state/private/store.sqlite-journal" ||
"{ADMIN}" verify --state "{mount}/state" >"{mount}.said" 2>&1 ||
grep "there is no store yet" "{mount}.said" || echo "not whole"
mount -o remount,size=64m "{mount}"
"$@" && echo went on || :
sha256sum "{mount}/state/public/1/current/registry.image" || :
"""), size, mount, "", before, *case.words(mount / "state"))
        if r is None or "mount:" in r.stderr:
            skip("a full disk", "nobody may mount a folder here")
            return
        if "status 4" in r.stdout:
            told += 1
            claim(f"disk of {size}: a clear error", re.search(
                "No space left|disk is full|full", r.stderr), r)
        else:
            claim(f"disk of {size}: enough", "status 0" in r.stdout, r)
        claim(f"disk of {size}: the store is whole",
              "not whole" not in r.stdout, r)
        claim(f"disk of {size}: goes on with more", "went on" in r.stdout and
              case.wanted[0] in r.stdout, r)
    claim("a disk that is too small", told > 0)


def test_read_only(case):
    r = in_namespace("""
mount --bind "$1" "$1"
mount -o remount,ro,bind "$1"
shift
"$@"
""", case.before, *case.words(case.before))
    if r is None or "mount:" in r.stderr:
        skip("a read-only folder", "nobody may mount a folder here")
        return
    claim("a read-only folder", r.returncode == 4 and
          "Read-only file system" in r.stderr, r)
    r = portbook("verify", "--state", case.before)
    claim("a read-only folder is as it was", r.returncode == 0, r)


def test_two_writers(case, other):
    state = case.work / "two"
    case.start(state)
    slow = subprocess.Popen(case.words(state), stderr=subprocess.PIPE,
                            text=True)
    refused = None
    while slow.poll() is None and refused is None:
        if (state / "private/lock").exists():
            r = other.run(state)
            if r.returncode != 0:
                refused = r
    told = slow.communicate()[1]
    claim("two writers: one is told of the other", refused is not None and
          refused.returncode == 4 and re.search(
              r"is being written by portbook \w+, process \d+",
              refused.stderr), refused)
    claim("two writers: the other goes on", slow.returncode == 0, told)
    claim("two writers: nothing is lost",
          case.run(state).returncode == 0 and
          digest_of(state) == case.wanted)


def test_two_publishers(case):
    folder = case.work / "published"
    case.start(folder)
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    r = case.run(folder)
    claim("two publishers: the second is told", r.returncode == 4 and
          "another portbook publish writes into" in r.stderr, r)
    claim("two publishers: the folder is as it was",
          case.files(folder) == case.old)
    os.close(held)
    claim("two publishers: then it goes on", case.run(folder).returncode == 0
          and case.files(folder) == case.new)


def test_orders(work, label, archive, folder, names):
    """Archive, sorted and reversed order end in the same bytes."""
    ends = {}
    for what, paths in (
            ("archive", [archive]),
            ("sorted", [folder / n for n in sorted(names)]),
            ("reversed", [folder / n for n in sorted(names, reverse=True)])):
        state = work / f"{label}-{what}"
        started = time.monotonic()
        r = admin("import", "--state", state, *paths)
        seconds = time.monotonic() - started
        claim(f"{label}: {what}", r.returncode == 0, r)
        ends[what] = digest_of(state)
        print(f"# {r.stderr.strip()} in {seconds:.1f} s; store "
              f"{(state / 'private/store.sqlite').stat().st_size:,} bytes, "
              f"image {ends[what][0][:16]}")
        if label != "every version" or what != "archive":
            shutil.rmtree(state)
    claim(f"{label}: the same image and versions in every order",
          len(set(ends.values())) == 1, ends)


def bytes_back(state, folder, names):
    """Every version of the store gives the bytes that came in."""
    wanted = {hashlib.sha256((folder / n).read_bytes()).hexdigest()
              for n in names}
    claim("every version: those there are", digest_of(state)[1] ==
          len(wanted), (digest_of(state), len(wanted)))
    r = admin("verify", "--state", state)
    claim("every version: comes out of the store with its digest",
          r.returncode == 0 and f"whole, {len(wanted)} versions" in r.stdout,
          r)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--all", action="store_true")
    words.add_argument("--seed", type=int, default=int(time.time()))
    words = words.parse_args()
    print(f"# --seed {words.seed}")
    dice = random.Random(words.seed)
    counts.aloud = True
    has_official = editions.available()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O1",
                        "-o", work / "killer.so", HERE / "killer.c", "-ldl"],
                       check=True)
        small = make_cases(work, "small", history(12))
        large = []
        if has_official and words.rounds > 20:
            folder = work / "official-files"
            editions.extract(DOZEN, folder)
            large = make_cases(work, "official", {
                n: (folder / n).read_bytes() for n in DOZEN})
        for n in range(words.rounds):
            case = dice.choice(large if large and n % 5 == 4 else small)
            (fail_round if n % 4 == 3 else kill_round)(n, case, dice)
        test_full_disk(small[0])
        test_read_only(small[2])
        test_two_writers((large or small)[0], small[2])
        test_two_publishers(small[-1])
        if words.all and has_official:
            shutil.rmtree(work / "official-files", ignore_errors=True)
            folder, names = work / "official-files", editions.names()
            editions.extract(names, folder)
            test_orders(work, "every version",
                        official.ARCHIVE, folder,
                        names)
            bytes_back(work / "every version-archive", folder, names)
        elif words.all:
            skip("every version", official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
