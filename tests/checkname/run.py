#!/usr/bin/env python3
"""check-name: its words, its JSON and its exit status, and the official names.

limit: 300 seconds
"""

import json
import os
import pathlib
import random
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
from common import official  # noqa: E402
from common.outcome import expect, finish, skip  # noqa: E402
from common.program import build, portbook  # noqa: E402

SAMPLE = """<registry xmlns="http://www.iana.org/assignments" id="s">
  <title>T</title><updated>2021-02-03</updated>
  <record><name>http</name><protocol>tcp</protocol><description/>
    <number>80</number></record>
  <record><name>a_b</name><protocol>udp</protocol><description/></record>
</registry>
"""
VALID = re.compile(r"(?=.{1,15}\Z)(?:[0-9]+-?)*[A-Za-z](?:-?[A-Za-z0-9])*\Z",
                   re.A)


def ask(image, *words):
    return portbook("--registry", image, "check-name", *words)


def test_answers(image):
    status, out, err = ask(image, "portbook")
    expect("usable", (status, out, err.startswith("registry of 2021-02-03")),
           (0, "portbook: may be registered\n", True))
    status, out, _ = ask(image, "-q", "A_B")
    lines = out.splitlines()
    expect("not usable", (status, lines[0], lines[1].split()[0],
                          lines[2].split()[0], lines[3].split(),
                          lines[4].split(None, 1)),
           (1, "A_B: may not be registered", "NAME-CHAR", "NAME-UNIQ",
            ["-/udp/a_b"], ["nearest", "A-B, A-B-2, A-B2"]))
    for words in (["--json", "HTTP"], ["--format", "json", "HTTP"]):
        status, out, _ = ask(image, *words)
        answer = json.loads(out)
        registry = answer.pop("registry")
        expect("json", (status, registry["updated"], answer),
               (1, "2021-02-03",
                {"name": "HTTP", "valid": True, "free": False,
                 "findings": [
                     {"code": "NAME-UNIQ", "kind": "violation",
                      "record": "80/tcp/http", "line": None, "column": None,
                      "message": answer["findings"][0]["message"],
                      "source": "RFC 6335 section 8.1.1"}],
                 "nearest": ["HTTP-2", "HTTP2", "HTTP-3"]}))
        expect("message", answer["findings"][0]["message"] != "", True)
    expect("advice", [ask(image, "-q", "my-service")[0],
                      ask(image, "my-service")[1].split()[4]],
           [0, "NAME-REDUNDANT"])
    expect("empty", ask(image, "")[0], 1)
    expect("a hyphen first", ask(image, "-q", "--", "-a")[0], 1)
    expect("bytes that are no text", (ask(image, b"\xff\x1b[2J")[0],
                                      "\x1b" in ask(image, b"\xff\x1b[2J")[1]),
           (1, False))
    for words in ([], ["a", "b"], ["--format", "csv", "a"], ["--long", "a"],
                  ["--nonsense", "a"]):
        expect("usage %r" % words, ask(image, *words)[:2], (2, ""))
    expect("no registry", ask(image + ".none", "a")[0], 3)


def test_official(xml, image):
    build(image, xml)
    rows = {}
    for record in oracle.Registry(xml).records:
        name = record.columns[oracle.NAME]
        if name:
            rows.setdefault(oracle.fold(name), []).append(record.key)
    names = sorted(rows)
    bad = [name for name in names if not VALID.match(name)]
    some = random.Random(6335).sample(names, 60) + bad[::8]
    for name in some:
        status, out, _ = ask(image, "--json", name.upper())
        answer = json.loads(out)
        taken = [f["record"] in rows[name] for f in answer["findings"]
                 if f["code"] == "NAME-UNIQ"]
        expect(name, (status, answer["valid"], answer["free"], taken),
               (1, name not in bad, False, [True]))
        expect(name + ": nearest", [
            n for n in answer["nearest"]
            if not VALID.match(n) or oracle.fold(n) in rows], [])
        expect(name + ": three", len(answer["nearest"]), 3)


def main():
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "registry.image")
        xml = os.path.join(folder, "sample.xml")
        pathlib.Path(xml).write_text(SAMPLE)
        build(image, xml)
        test_answers(image)
        if official.newest():
            test_official(str(official.newest()), image)
        else:
            skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
