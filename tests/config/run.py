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

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common.outcome import claim, finish  # noqa: E402
from common.program import (BUILD, PORTBOOK, SERVER, SOURCE,  # noqa: E402
                            build)

DATED = """<registry xmlns="http://www.iana.org/assignments" id="s">
  <title>T</title><updated>2021-02-03</updated>
  <record><name>alpha</name><protocol>tcp</protocol>
    <description/><number>4242</number></record>
  <people/>
</registry>
"""


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
        return subprocess.run([PORTBOOK, *words], text=True,
                              capture_output=True, cwd=self.folder,
                              timeout=60, env={**self.env, **env})

    def name(self, text, *words, **env):
        """The service of port 4242 in the registry that answers."""
        done = self.run(text, "-q", "4242", *words, **env)
        return done.stdout.split()[1] if done.stdout else done.stderr


def test_order(place):
    one = f"registry = {place.folder}/one\n"
    claim("the file", place.name(one) == "alpha")
    claim("the environment wins over it",
          place.name(one, PORTBOOK_REGISTRY="two") == "beta")
    claim("an option wins over both",
          place.name(one, "--registry", "three",
                     PORTBOOK_REGISTRY="two") == "gamma")
    claim("an option wins over the file",
          place.name(one, "--registry=two") == "beta")
    said = place.name(one + "registry =\n")
    claim("taken back", said.startswith(
        f"portbook: no registry in {place.folder}/.local/state/portbook or "
        "/var/lib/portbook: fetch one with `portbook update`"), said)
    done = place.run(one + "format = json\nquiet = yes\n", "4242")
    claim("several keys", json.loads(done.stdout)["registry"] and
          done.stderr == "", done)
    done = place.run(one + "format = json\n", "--format", "tsv", "4242")
    claim("another format", "\t" in done.stdout and "{" not in done.stdout,
          done)
    done = place.run(one + "sort = name\nwhere = class=user\n", "4242")
    claim("keys of other commands are passed over", done.returncode == 0 and
          "alpha" in done.stdout, done)
    for words, status in ((["status"], 0), (["suggest", "--explain", "0"], 1),
                          (["check-name", "x"], 0), (["verify", "one"], 0),
                          (["check", "--explain", "NAME-LEN"], 0),
                          (["diff", "one", "two"], 1)):
        done = place.run(one + "format = csv\n" + (
            "as-of = 2020-01-01\n" if words[0] in ("check", "diff") else ""),
            "-q", *words)
        claim(f"{words} passes over what it cannot use",
              (done.returncode, done.stderr) == (status, ""), done)
    done = place.run(one + "json = yes\n", "--format", "tsv", "4242")
    claim("two ways to say a format", "\t" in done.stdout and
          "{" not in done.stdout, done)
    done = place.run(one + "sort = -number\n", "-q", "list", "--sort", "name")
    claim("an option's list replaces the file's", done.returncode == 0, done)


def test_wrong(place):
    where = str(place.file)
    for text, line, words in (
            ("fromat = csv\n", 1, "no key is called fromat; format is"),
            ("# here\n\nquiet = 1\n", 3, "quiet is yes or no, not 1"),
            ("format = xml\n", 1, "not xml"),
            ("help = yes\n", 1, "no key is called help"),
            ("443\n", 1, "there is no = in this one")):
        done = place.run(text, "443")
        claim(f"{text!r} is told", done.returncode == 2 and
              not done.stdout and words in done.stderr and
              done.stderr.startswith(f"portbook: {where}:{line}: "), done)
    one = f"registry = {place.folder}/one.image\n"
    (place.folder / "one.xml").write_text(DATED)
    build(place.folder / "one.image", place.folder / "one.xml")
    for text, line, told, status in (
            ("\nregistry = /nonexistent\n", 2,
             "/nonexistent: cannot open the registry", 3),
            ("# x\n\nstate = /nonexistent\n", 3,
             "no registry in /nonexistent", 3),
            (f"registry = {HERE.parent}\n", 1, "no registry in", 3),
            (one + "as-of = 2001-01-01\n", 2, "2001-01-01", 3),
            (one + "as-of = tomorrow\n", 2, "tomorrow is no date", 2)):
        done = place.run(text, "-q", "4242")
        claim(f"a value is told where it stands: {text!r}",
              (done.returncode, done.stdout) == (status, "") and
              done.stderr.startswith(f"portbook: {where}:{line}: ") and
              told in done.stderr, done)
    for text, words in ((one + "as-of = 2001-01-01\n", ["--as-of", "x"]),
                        ("registry = /nonexistent\n", ["--registry", "/no"]),
                        ("state = /nonexistent\n", ["--registry", "/no"])):
        done = place.run(text, *words, "4242")
        claim(f"an option's value is not the file's: {words}",
              done.returncode in (2, 3) and words[1] in done.stderr and
              where not in done.stderr, done)
    done = place.run("x" * 70000, "443")
    claim("a huge file", done.returncode == 4 and where in done.stderr, done)
    done = place.run("state = \x1b[31m\n", "443")
    claim("what steers a terminal", done.returncode == 2 and
          "\x1b" not in done.stderr, done)


def test_programs(place):
    """The programs behind portbook are given the same words."""
    registry = SOURCE / "tests/config"  # no registry at all
    done = place.run(f"state = {place.folder}/kept\n", "update", "--from",
                     str(place.folder / "one"))
    claim("update reads the key state", "usage" not in done.stderr, done)
    done = place.run("rate = x\n", "serve", "--state", str(registry))
    claim("a wrong value of the server's is the server's to tell",
          done.returncode == 2 and "a rate is" in done.stderr, done)
    place.file.write_text("listen = 127.0.0.1:0\npeople = none\n"
                          f"registry = {place.folder}/image\n")
    build(place.folder / "image", place.folder / "one")
    process = subprocess.Popen([SERVER], env=place.env,
                               stderr=subprocess.PIPE, text=True)
    try:
        line = process.stderr.readline()
        url = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)/?\n",
                           line)
        claim("the server listens where the file says", url and
              not url[1].endswith(":8080"), line)
        with urllib.request.urlopen(f"{url[1]}/api/v1/ports/4242",
                                    timeout=10) as answer:
            text = answer.read().decode()
        claim("and answers from the registry that it names",
              '"alpha"' in text, text)
    finally:
        process.terminate()
        claim("the server ends", process.wait(30) == 0)
    place.file.write_text("lisen = 127.0.0.1:0\n")
    done = subprocess.run([SERVER], env=place.env,
                          capture_output=True, text=True, timeout=30)
    claim("the server tells file and line", done.returncode == 2 and
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
        [PORTBOOK, "--help"], capture_output=True, text=True,
        env={**place.env, "XDG_CONFIG_HOME": str(closed)}, timeout=30)
    claim("root reads it", done.returncode == 2, done)
    if BUILD.stat().st_mode & 0o005 != 0o005:
        return
    done = subprocess.run(
        [PORTBOOK, "--help"], capture_output=True, text=True,
        env={**place.env, "XDG_CONFIG_HOME": str(closed)}, timeout=30,
        user=65534, group=65534)
    claim("others pass it over", done.returncode == 0, done)


def test_manual(place):
    """The keys and the examples of portbook.conf(5) are understood."""
    page = (SOURCE / "man/portbook.conf.5").read_text()
    keys = {key for line in re.findall(r"^\.It (Ic .*)$", page, re.M)
            for key in re.findall(r"Ic ([a-z-]+)", line)}
    claim("the manual has keys", len(keys) > 15, keys)
    for key in keys:
        done = place.run(f"{key} =\n", "--help")
        claim(f"{key} is a key", done.returncode == 0, done)
    examples = re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$", page, re.M)
    claim("the manual has examples", len(examples) == 2, examples)
    for example in examples:
        done = place.run(example, "--help")
        claim("an example is understood", done.returncode == 0, done)


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
    return finish()


if __name__ == "__main__":
    sys.exit(main())
