#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""portbook.conf as a user meets it: which of file, environment and command
line wins, what a mistake says, and that the server obeys it too.

The files of the system are looked for where they are, so they are tested in
src/cli/config_test.c and by make packages; here the user's is used.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

BUILD = pathlib.Path(os.environ.get("PORTBOOK_BUILD", "build")).resolve()
SOURCE = pathlib.Path(__file__).resolve().parents[2]
passed = failed = 0


def check(what, good, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {what}: {detail}")


class Place:
    """A home with a configuration, and small registries."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "config/portbook/portbook.conf"
        self.file.parent.mkdir(parents=True)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder),
                    "XDG_CONFIG_HOME": str(folder / "config")}
        for word, name in (("one", "alpha"), ("two", "beta"),
                           ("three", "gamma")):
            (folder / word).write_text(f"{name}\t\t4242/tcp\n")

    def run(self, text, *words, **env):
        self.file.write_text(text)
        return subprocess.run([BUILD / "portbook", *words], text=True,
                              capture_output=True, cwd=self.folder,
                              timeout=60, env={**self.env, **env})

    def name(self, text, *words, **env):
        """The service of port 4242 in the registry that answers."""
        done = self.run(text, "-q", "4242", *words, **env)
        return done.stdout.split()[1] if done.stdout else done.stderr


def test_order(place):
    one = f"registry = {place.folder}/one\n"
    check("the file", place.name(one) == "alpha")
    check("the environment wins over it",
          place.name(one, PORTBOOK_REGISTRY="two") == "beta")
    check("an option wins over both",
          place.name(one, "--registry", "three",
                     PORTBOOK_REGISTRY="two") == "gamma")
    check("an option wins over the file",
          place.name(one, "--registry=two") == "beta")
    check("taken back", "no registry" in place.name(one + "registry =\n"))
    done = place.run(one + "format = json\nquiet = yes\n", "4242")
    check("several keys", json.loads(done.stdout)["registry"] and
          done.stderr == "", done)
    done = place.run(one + "format = json\n", "--format", "tsv", "4242")
    check("another format", "\t" in done.stdout and "{" not in done.stdout,
          done)
    done = place.run(one + "sort = name\nwhere = class=user\n", "4242")
    check("keys of other commands are passed over", done.returncode == 0 and
          "alpha" in done.stdout, done)
    for words, status in ((["status"], 0), (["suggest", "--explain", "0"], 1),
                          (["check-name", "x"], 0), (["verify", "one"], 0),
                          (["check", "--explain", "NAME-LEN"], 0),
                          (["diff", "one", "two"], 1)):
        done = place.run(one + "format = csv\n" + (
            "as-of = 2020-01-01\n" if words[0] in ("check", "diff") else ""),
            "-q", *words)
        check(f"{words} passes over what it cannot use",
              (done.returncode, done.stderr) == (status, ""), done)
    done = place.run(one + "json = yes\n", "--format", "tsv", "4242")
    check("two ways to say a format", "\t" in done.stdout and
          "{" not in done.stdout, done)
    done = place.run(one + "sort = -number\n", "-q", "list", "--sort", "name")
    check("an option's list replaces the file's", done.returncode == 0, done)


def test_wrong(place):
    where = str(place.file)
    for text, line, words in (
            ("fromat = csv\n", 1, "no key is called fromat; format is"),
            ("# here\n\nquiet = 1\n", 3, "quiet is yes or no, not 1"),
            ("format = xml\n", 1, "not xml"),
            ("help = yes\n", 1, "no key is called help"),
            ("443\n", 1, "there is no = in this one")):
        done = place.run(text, "443")
        check(f"{text!r} is told", done.returncode == 2 and
              not done.stdout and words in done.stderr and
              done.stderr.startswith(f"portbook: {where}:{line}: "), done)
    done = place.run("x" * 70000, "443")
    check("a huge file", done.returncode == 4 and where in done.stderr, done)
    done = place.run("state = \x1b[31m\n", "443")
    check("what steers a terminal", done.returncode == 2 and
          "\x1b" not in done.stderr, done)


def test_programs(place):
    """The programs behind portbook are given the same words."""
    registry = SOURCE / "tests/config"  # no registry at all
    done = place.run(f"state = {place.folder}/kept\n", "update", "--from",
                     str(place.folder / "one"))
    check("update reads the key state", "usage" not in done.stderr, done)
    done = place.run("rate = x\n", "serve", "--state", str(registry))
    check("a wrong value of the server's is the server's to tell",
          done.returncode == 2 and "a rate is" in done.stderr, done)
    place.file.write_text("listen = 127.0.0.1:0\npeople = none\n"
                          f"registry = {place.folder}/image\n")
    subprocess.run([BUILD / "portbook-admin", "build", place.folder / "one",
                    place.folder / "image"], check=True, timeout=60)
    process = subprocess.Popen([BUILD / "portbook-server"], env=place.env,
                               stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline()
        url = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)/?\n",
                           line)
        check("the server listens where the file says", url and
              not url[1].endswith(":8080"), line)
        with urllib.request.urlopen(f"{url[1]}/api/v1/ports/4242",
                                    timeout=10) as answer:
            text = answer.read().decode()
        check("and answers from the registry that it names",
              '"alpha"' in text, text)
    finally:
        process.terminate()
        check("the server ends", process.wait(30) == 0)
    place.file.write_text("lisen = 127.0.0.1:0\n")
    done = subprocess.run([BUILD / "portbook-server"], env=place.env,
                          capture_output=True, text=True, timeout=30)
    check("the server tells file and line", done.returncode == 2 and
          f"{place.file}:1: no key is called lisen; listen is" in
          done.stderr, done)


def test_unreachable(place):
    """Another user's home, as a service may have it, says nothing."""
    if os.geteuid() != 0:
        return
    closed = place.folder / "closed"
    (closed / "portbook").mkdir(parents=True)
    (closed / "portbook/portbook.conf").write_text("nonsense\n")
    closed.chmod(0o700)
    done = subprocess.run(
        [BUILD / "portbook", "--help"], capture_output=True, text=True,
        env={**place.env, "XDG_CONFIG_HOME": str(closed)}, timeout=30)
    check("root reads it", done.returncode == 2, done)
    if BUILD.stat().st_mode & 0o005 != 0o005:
        return
    done = subprocess.run(
        [BUILD / "portbook", "--help"], capture_output=True, text=True,
        env={**place.env, "XDG_CONFIG_HOME": str(closed)}, timeout=30,
        user=65534, group=65534)
    check("others pass it over", done.returncode == 0, done)


def test_manual(place):
    """The keys and the examples of portbook.conf(5) are understood."""
    page = (SOURCE / "man/portbook.conf.5").read_text()
    keys = {key for line in re.findall(r"^\.It (Ic .*)$", page, re.M)
            for key in re.findall(r"Ic ([a-z-]+)", line)}
    check("the manual has keys", len(keys) > 15, keys)
    for key in keys:
        done = place.run(f"{key} =\n", "--help")
        check(f"{key} is a key", done.returncode == 0, done)
    examples = re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$", page, re.M)
    check("the manual has examples", len(examples) == 2, examples)
    for example in examples:
        done = place.run(example, "--help")
        check("an example is understood", done.returncode == 0, done)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        place = Place(folder)
        test_order(place)
        test_wrong(place)
        test_programs(place)
        test_unreachable(place)
        test_manual(place)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
