#!/usr/bin/env python3
"""convert --to json, jsonl and tsv: whole, a record a line, as the schemas say.

limit: 300 seconds
"""

import csv
import io
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "oracle")]

import registry as oracle  # noqa: E402
from common import official, program  # noqa: E402
from common.outcome import expect, finish, skip  # noqa: E402
from schema import load, violations  # noqa: E402


# Texts of which lines and cells could come apart.
HOSTILE = """<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="service">
  <title>T</title>
  <updated>2021-02-03</updated>
  <record date="2020-01"><name>a</name><protocol>tcp</protocol>
    <xref type="person" data="Jos\u00e9"/>
    <description>one<br/><br/>two&#9;three \u2028 "four", {five}</description>
    <number>7</number>
    <note><paragraph>six</paragraph><paragraph>[seven]</paragraph>
      see <xref type="rfc" data="rfc1"/></note></record>
  <record><description/><number>8-9</number>
    <xref type="uri" data="http://a/&quot;b&quot;"/></record>
  <people><person id="Jos\u00e9"><name>Jos\u00e9 "J"\u2029</name>
    <uri>mailto:a&amp;b</uri><uri>tel:1</uri></person></people>
</registry>
"""


def portbook(*words):
    status, out, err = program.portbook(*words)
    if status:
        expect(" ".join(words), (status, err), (0, ""))
    return out


def convert(to, path):
    return portbook("convert", "-q", "--to", to, str(path))


def lines_of(text):
    """By newline alone: str.splitlines knows other ends of lines."""
    expect("ends with a newline", text[-1:], "\n")
    return text.split("\n")[:-1]


def test_whole(what, path):
    """The three formats of one file against each other and the schemas."""
    text = convert("json", path)
    whole = json.loads(text)
    expect(what + ": schema", list(violations(
        whole, load("registry.schema.json"), "registry"))[:5], [])
    expect(what + ": members", list(whole), ["registry", "records", "people"])
    expect(what + ": records", whole["registry"]["records"],
           len(whole["records"]))
    lines = lines_of(convert("jsonl", path))
    expect(what + ": jsonl", [json.loads(line) for line in lines],
           whole["records"])
    expect(what + ": a record a line in json too",
           lines_of(text)[1:1 + len(lines)],
           [line + "," for line in lines[:-1]] + lines[-1:])
    rows = [line.split("\t") for line in lines_of(convert("tsv", path))]
    expect(what + ": tsv, 18 cells", {len(row) for row in rows}, {18})
    expect(what + ": tsv, ids", [row[0] for row in rows[1:]],
           [r["id"] for r in whole["records"]])
    expect(what + ": tsv, descriptions",
           [" ".join(row[9].split()) for row in rows[1:]],
           [" ".join(r["description"].split()) for r in whole["records"]])
    return whole, lines, rows


def test_hostile(folder):
    path = pathlib.Path(folder, "hostile.xml")
    path.write_text(HOSTILE)
    whole, lines, rows = test_whole("hostile", path)
    a, b = whole["records"]
    expect("description", a["description"],
           'one\n\ntwo\tthree \u2028 "four", {five}')
    expect("note", a["note"], "six\n\n[seven]\n\nsee [RFC1]")
    expect("contact", a["contact"], ["Jos\u00e9"])
    expect("no name", (b["name"], b["number"]),
           (None, {"first": 8, "last": 9}))
    expect("uri", b["references"][0]["target"], 'http://a/"b"')
    expect("person", whole["people"],
           [{"id": "Jos\u00e9", "name": 'Jos\u00e9 "J"\u2029', "org": None,
             "uris": ["mailto:a&b", "tel:1"], "updated": None}])
    expect("header", rows[0][:4], ["id", "name", "first", "last"])
    expect("tsv description", rows[1][9],
           'one two three \u2028 "four", {five}')
    expect("tsv, no people", [row[0] for row in rows[1:]],
           ["7/tcp/a", "8-9/-/-"])


def test_csv(folder):
    """A CSV has no date of its own, and no people."""
    path = pathlib.Path(folder, "some.csv")
    out = io.StringIO()
    csv.writer(out).writerows([
        oracle.HEADINGS,
        ["b", "5", "udp", "a,\nb", "[X]", "[X]", "2001-02", "", "[RFC2]",
         "", "", ""]])
    path.write_text(out.getvalue(), newline="")
    whole, _, _ = test_whole("csv", path)
    expect("csv: dates", (whole["registry"]["updated"],
                          whole["registry"]["newest_row"], whole["people"]),
           (None, "2001-02", []))


def test_official(path):
    """What is whole is what the official file has, as `list` tells it."""
    whole, lines, rows = test_whole("official", path)
    registry = oracle.Registry(str(path))
    expect("official: ids", [r["id"] for r in whole["records"]],
           [r.key for r in registry.records])
    expect("official: people", [p["id"] for p in whole["people"]],
           [p.id for p in registry.people])
    # An empty <uri/> is no address.
    expect("official: addresses", [p["uris"] for p in whole["people"]],
           [[uri for uri in p.uris if uri] for p in registry.people])
    # tests/cli/run.py holds every record of `list` against the oracle.
    for form, ours in (("jsonl", lines), ("tsv", ["\t".join(r) for r in rows])):
        listed = portbook("list", "-q", "--registry", str(path),
                          "--format", form)
        expect("official: list --format " + form, ours == lines_of(listed),
               True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_hostile(folder)
        test_csv(folder)
    if official.newest():
        test_official(official.newest())
    else:
        skip(official.NONE)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
