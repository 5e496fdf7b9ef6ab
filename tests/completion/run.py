#!/usr/bin/env python3
"""Completion: what portbook offers, and what bash makes of it.

zsh and fish are not asked to complete, only whether they can read their file.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
from common import official  # noqa: E402
from common.outcome import finish, same, skip  # noqa: E402
from common.program import BUILD, PORTBOOK, SOURCE, build  # noqa: E402

SCRIPTS = SOURCE / "packaging" / "completion"
SAMPLE = """<registry xmlns="http://www.iana.org/assignments" id="s">
  <title>T</title><updated>2021-02-03</updated>
  <record><name>http</name><protocol>tcp</protocol>
    <description>World Wide Web</description><number>80</number></record>
  <record><name>HTTP-alt</name><protocol>tcp</protocol>
    <description>Another</description><number>8080</number></record>
  <record><name>cl/1</name><protocol>tcp</protocol><description/></record>
  <record><name>it's &amp; $(x)</name><protocol>tcp</protocol>
    <description/><number>9</number></record>
  <people><person id="Ann_Other"><name>Ann Other</name></person>
  </people>
</registry>
"""
BASH = """
source "$1"; shift
complete -p portbook >/dev/null || exit 9
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_portbook
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(image, *words, about=False):
    """(status, candidates) of portbook itself."""
    done = subprocess.run(
        [PORTBOOK, "complete", "--", "portbook", *words], text=True,
        capture_output=True, env={**os.environ, "PORTBOOK_REGISTRY": image})
    same(done.stderr, "", words, "has something to say")
    lines = done.stdout.splitlines()
    same([line.count("\t") for line in lines], [1] * len(lines), words)
    return done.returncode, lines if about else [
        line.partition("\t")[0] for line in lines]


def in_bash(image, *words):
    done = subprocess.run(
        ["bash", "--norc", "-c", BASH, "bash", SCRIPTS / "portbook.bash",
         *words], capture_output=True, text=True,
        env={**os.environ, "PORTBOOK_REGISTRY": image,
             "PATH": "%s:%s" % (BUILD, os.environ["PATH"])})
    same(done.returncode, 0, words, done.stderr)
    return [line for line in done.stdout.splitlines() if line]


def check_words(image):
    for words, want in (
            (["lo"], ["lookup", "log"]),
            (["sug"], ["suggest"]),
            (["xq"], []),
            (["htt"], ["HTTP-alt", "http"]),
            (["lookup", "HTTP-"], ["HTTP-alt"]),
            (["lookup", "80", "CL"], ["cl/1"]),
            (["443", "htt"], ["HTTP-alt", "http"]),
            (["lookup", ""], []),
            (["search", "htt"], []),
            (["-q", "log", "cl"], ["cl/1"]),
            (["--registry", "/nonexistent", "lookup", "htt"], []),
            (["person", "ann"], ["Ann_Other"]),
            (["suggest", "--ne"], ["--near"]),
            (["suggest", "--n"], ["--near", "--no-host"]),
            (["check-name", "--near"], []),
            (["--format", "js"], ["json", "jsonl"]),
            (["suggest", "--format", "js"], ["json", "jsonl"]),
            (["suggest", "--format", "p"], ["plain"]),
            (["list", "--format", "p"], []),
            (["status", "--format", "js"], ["json"]),
            (["list", "--format=js"], ["--format=json", "--format=jsonl"]),
            (["list", "--format", "=", "js"], ["json", "jsonl"]),
            (["list", "--format", "="], ["table", "csv", "tsv", "json",
                                         "jsonl"]),
            (["list", "--sort", "name,not"], ["name,note"]),
            (["list", "--sort=name,not"], ["--sort=name,note"]),
            (["suggest", "--for", "udp,s"], ["udp,sctp"]),
            (["convert", "--to", "cs"], ["csv"]),
            (["annotate", "--assume", "sc"], ["sctp"]),
            (["annotate", "--input", "s"], ["space"]),
            (["annotate", "--add", "state,c"], ["state,class"]),
            (["--as-of", "20"], ["2021-02-03"]),
            (["diff", ""], ["2021-02-03"]),
            (["check", "--kind", "violation,boo"], ["violation,bookkeeping"]),
            (["--where", "x"], []),
            (["list", "--where", "sta"], ["state="]),
            (["list", "--where=class=user,na"], ["--where=class=user,name="]),
            (["list", "--where", "number>=5,num"], ["number>=5,number="]),
            (["check", "--explain", "name-l"], ["NAME-LEN", "NAME-LETTER"]),
            (["check", "--explain", "li"], ["list"]),
            (["suggest", "--explain", "n"], []),
            (["--nosuch=", "x"], []),
            (["complete", ""], [])):
        status, got = offered(image, *words)
        same((status, sorted(got)), (0, sorted(want)), words)
    for words in (["convert", "x"], ["convert", "-o", "x"], ["verify", ""],
                  ["--registry", "x"], ["suggest", "--avoid", ""],
                  ["import", "a", "b"], ["annotate", "--guess", "x"]):
        same(offered(image, *words), (1, []), words, "files")
    same(offered(image, "http", about=True)[1],
         ["http\tWorld Wide Web", "HTTP-alt\tAnother"]
         if offered(image, "http")[1][0] == "http" else
         ["HTTP-alt\tAnother", "http\tWorld Wide Web"], "descriptions")
    # Every command and option that --help lists.
    text = subprocess.run([PORTBOOK, "--help"], capture_output=True,
                          text=True).stdout
    listed = [line.split()[0] for line in text.split("Commands:\n")[1]
              .split("\n\n")[0].splitlines()]
    same(sorted(offered(image, "")[1]), sorted(listed), "commands")
    for command in listed:
        text = subprocess.run([PORTBOOK, command, "--help"],
                              capture_output=True, text=True).stdout
        options = [word for line in text.splitlines()
                   if line.startswith("  -")
                   for word in line.split() if word.startswith("--")][:99]
        options = sorted({o.rstrip(",;") for o in options})
        got = offered(image, command, "--")[1]
        same([o for o in got if o not in options], [], command)
        same(len(got) > 2, True, command, "has few options")


def check_told(image):
    """Fields and rules are those of the schema and of check."""
    words = "|".join(f[:-1] for f in offered(image, "list", "--where", "")[1])
    page = (SOURCE / "docs" / "record.schema.json").read_text()
    members = set(json.loads(page)["properties"])
    same(set(words.split("|")) - {"first", "last"}, members, "fields")
    done = subprocess.run([PORTBOOK, "check", "--explain", "list"],
                          capture_output=True, text=True)
    rules = re.findall(r"^([A-Z][A-Z0-9-]+)$", done.stdout, re.M)
    same(offered(image, "check", "--explain", "")[1], ["list", *rules],
         "rules")
    same(len(rules) > 50, True, rules)


def check_bash(image):
    if not shutil.which("bash"):
        return skip("there is no bash")
    for words, want in (
            (["portbook", "lo"], ["lookup", "log"]),
            (["portbook", "lookup", "cl"], ["cl/1"]),
            (["portbook", "lookup", "it"], [r"it\'s\ \&\ \$\(x\)"]),
            (["portbook", "list", "--format", "=", "js"], ["json", "jsonl"]),
            (["portbook", "suggest", "--for", "tcp,u"], ["tcp,udp"]),
            (["portbook", "suggest", "--for", "tcp,udp,"],
             ["tcp,udp,sctp", "tcp,udp,dccp"]),
            (["portbook", "list", "--where", "sta"], ["state="]),
            (["portbook", "443/u"], ["443/udp"]),
            (["portbook", "lookup", "443/"],
             ["443/tcp", "443/udp", "443/sctp", "443/dccp"]),
            (["portbook", "convert", "x"], []),
            (["portbook", "suggest", ""], [])):
        same(in_bash(image, *words), want, words)
    return None


def check_readable():
    for shell, file in (("zsh", "_portbook"), ("fish", "portbook.fish")):
        if not shutil.which(shell):
            skip("there is no " + shell)
            continue
        done = subprocess.run([shell, "-n", SCRIPTS / file],
                              capture_output=True, text=True)
        same((done.returncode, done.stderr), (0, ""), shell)


def check_official(work):
    """All names with a letter: fast enough to type on."""
    xml = official.newest()
    image = build(work / "official.image", xml)
    same("https" in offered(image, "lookup", "htt")[1], True, "https")
    best = 1.0
    for _ in range(10):
        start = time.monotonic()
        got = offered(image, "lookup", "s")[1]
        best = min(best, time.monotonic() - start)
    names = {r.columns[oracle.NAME].casefold()
             for r in oracle.Registry(str(xml)).records}
    same({g.casefold() for g in got}, {n for n in names if n[:1] == "s"},
         "names with an s")
    same(best < 0.05, True, "takes %.0f ms" % (best * 1000))


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "sample.xml").write_text(SAMPLE)
        image = build(work / "sample.image", work / "sample.xml")
        check_words(image)
        check_told(image)
        # An official file is not made an image for the sake of a word.
        same(offered(str(work / "sample.xml"), "lookup", "htt"), (0, []),
             "an official file")
        check_bash(image)
        check_readable()
        if official.newest():
            check_official(work)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
