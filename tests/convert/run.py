#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""convert and publish: where from, where to, and what goes wrong.

The formats themselves have tests of their own; this is about files, folders
and options.
"""
import gzip
import os
import pathlib
import pty
import shutil
import stat
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common.outcome import expect, finish  # noqa: E402
from common.program import PORTBOOK, plain  # noqa: E402

NAME = "service-names-port-numbers"
# Laid out by a hand of its own: blanks and an order of children that the
# canonical layout does not have.
XML = b"""<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" id="t">
  <title>A registry</title>
\t<updated>2026-01-02</updated>
  <record date="2026-01-01">
    <number>7</number><protocol>tcp</protocol>
    <name>echo</name>
    <description>Echo &amp;
       back</description>
    <xref type="person" data="Somebody"/>
  </record>

  <record><number>9</number><protocol>udp</protocol><description/></record>
  <people>
    <person id="Somebody"><name>Some Body</name></person>
  </people>
</registry>
"""
HEADING = ("Service Name,Port Number,Transport Protocol,Description,Assignee,"
           "Contact,Registration Date,Modification Date,Reference,"
           "Service Code,Unauthorized Use Reported,Assignment Notes\r\n")
# By hand from formats.md: the indentation behind "&" stays, as no blank
# stands before the newline.
CSV = (HEADING + 'echo,7,tcp,"Echo &\n       back",[Somebody],[Somebody],'
       "2026-01-01,,,,,\r\n,9,udp,,,,,,,,,\r\n").encode()


def run(*words, env=None, stdin=b"", **more):
    return subprocess.run([PORTBOOK, *map(str, words)], input=stdin,
                          env=plain(**(env or {})), capture_output=True,
                          timeout=60, **more)


def refused(what, done, status, *words):
    text = done.stderr.decode()
    expect(what + ": status", done.returncode, status)
    expect(what + ": one line", (done.stdout, text.count("\n")), (b"", 1))
    for word in words:
        expect(f"{what}: {word} in {text!r}", word in text, True)


def check_sources(work):
    """The same bytes from wherever the registry is."""
    source = work / "r.xml"
    source.write_bytes(XML)
    packed = work / "r.xml.gz"
    packed.write_bytes(gzip.compress(XML))
    state = work / "state"
    expect("update", run("update", "-q", "--state", state, "--from",
                         source).returncode, 0)
    image = state / "public/1/current/registry.image"
    for words, stdin in (([source], b""), ([packed], b""), (["-"], XML),
                         ([image], b""), ([state], b""),
                         (["--registry", source], b""),
                         (["--registry", image], b""),
                         (["--state", state], b""),
                         (["--as-of", "2026-01-03", source], b""),
                         (["-q", "--state", state, "--as-of", "2026-01-02"],
                          b"")):
        for name, wanted in (("xml", XML), ("csv", CSV)):
            done = run("convert", "--to", name, *words, stdin=stdin)
            expect(f"{name} of {words}", (done.returncode, done.stdout),
                   (0, wanted))
    expect("the date is told", run("convert", "--to", "csv", "--state",
                                   state).stderr,
           b"registry of 2026-01-02, 2 records\n")
    expect("and not told", run("convert", "-q", "--to", "csv", "--state",
                               state).stderr, b"")
    expect("options behind", run(source, "--to=xml", "convert").stdout, b"")
    # A CSV comes out as it went in, unless a style is asked for.
    odd = work / "odd.csv"
    odd.write_bytes(CSV.replace(b"\r\n", b"\n").replace(b"echo,7",
                                                        b'"echo",7'))
    expect("an odd CSV", run("convert", "--to", "csv", odd).stdout,
           odd.read_bytes())


def check_targets(work):
    """Files are written beside and renamed; what is no file is written to."""
    source = work / "r.xml"
    out = work / "out"
    out.mkdir()
    for option in (["-o", out / "a.csv"], ["--output", out / "a.csv"],
                   ["-o" + str(out / "a.csv")],
                   ["--output=" + str(out / "a.csv")]):
        done = run("convert", "--to", "csv", source, *option)
        expect(option, (done.returncode, done.stdout,
                        (out / "a.csv").read_bytes()), (0, b"", CSV))
        (out / "a.csv").unlink()
    expect("-", run("convert", "--to", "csv", source, "-o", "-").stdout, CSV)
    # The mode is that of any file of this user; links are followed.
    old = out / "old"
    old.write_text("old")
    old.chmod(0o600)
    (out / "link").symlink_to("old")
    run("convert", "--to", "csv", source, "-o", out / "link",
        preexec_fn=lambda: os.umask(0o027))
    expect("through a link", ((out / "link").is_symlink(), old.read_bytes(),
                              stat.S_IMODE(old.stat().st_mode)),
           (True, CSV, 0o600))
    old.unlink()
    run("convert", "--to", "csv", source, "-o", old,
        preexec_fn=lambda: os.umask(0o027))
    expect("the mode of a new one", stat.S_IMODE(old.stat().st_mode), 0o640)
    same = work / "same.xml"
    same.write_bytes(XML)
    refused("onto itself", run("convert", "--to", "csv", same, "-o", same), 2,
            "input itself")
    expect("still there", same.read_bytes(), XML)
    expect("nothing beside", sorted(p.name for p in out.iterdir()),
           ["link", "old"])
    run("convert", "--to", "csv", source, "-o", "/dev/null")
    expect("/dev/null", stat.S_ISCHR(os.stat("/dev/null").st_mode), True)
    # A link to a pipe stays a link, as /dev/stdout is one.
    for name in ("to stdout", "to a pipe"):
        reader, writer = os.pipe()
        is_stdout = name == "to stdout"
        (out / name).symlink_to(
            f"/proc/self/fd/{1 if is_stdout else writer}")
        subprocess.run([PORTBOOK, "-q", "convert", "--to", "csv", source, "-o",
                        out / name], pass_fds=[writer], timeout=60,
                       stdout=writer if is_stdout else subprocess.DEVNULL)
        os.close(writer)
        with open(reader, "rb") as pipe:
            expect(name, ((out / name).is_symlink(), pipe.read()), (True, CSV))
        (out / name).unlink()
    with open(out / "appended", "ab") as appended:
        appended.write(b"before\n")
        appended.flush()
        subprocess.run([PORTBOOK, "-q", "convert", "--to", "csv", source, "-o",
                        "/dev/stdout"], stdout=appended, timeout=60)
    expect("appended", (out / "appended").read_bytes(), b"before\n" + CSV)
    (out / "appended").unlink()
    # After a failure the old file is there as it was.
    bad = work / "bad.xml"
    bad.write_bytes(XML[:-30])
    refused("damaged", run("convert", "--to", "csv", bad, "-o", old), 3,
            "bad.xml:")
    expect("old", old.read_bytes(), CSV)
    refused("no folder", run("convert", "--to", "csv", source, "-o",
                             out / "none" / "x"), 4, "none/x")
    full = run("convert", "--to", "csv", source, "-o", "/dev/full")
    refused("no space", full, 4, "/dev/full", "No space left")


def check_several(work):
    source = work / "r.xml"
    second = work / "second.csv"
    second.write_bytes(CSV)
    out = work / "several"
    out.mkdir()
    packed = work / "packed.xml.gz"
    packed.write_bytes(gzip.compress(XML))
    done = run("convert", "--to", "csv", source, packed, second, "-o", out)
    expect("several", (done.returncode, done.stderr,
                       sorted(p.name for p in out.iterdir())),
           (0, b"", ["packed.csv", "r.csv", "second.csv"]))
    expect("packed.csv", (out / "packed.csv").read_bytes(), CSV)
    expect("r.csv", (out / "r.csv").read_bytes(), CSV)
    expect("second.csv", (out / "second.csv").read_bytes(), CSV)
    (work / "twin").mkdir()
    (work / "twin" / "r.xml").write_bytes(XML)
    refused("twins", run("convert", "--to", "csv", source,
                         work / "twin" / "r.xml", "-o", work / "made"), 2,
            "both", "made/r.csv")
    expect("a folder is made", (run(
        "convert", "--to", "csv", source, second, "-o",
        work / "made").returncode, sorted(
            p.name for p in (work / "made").iterdir())),
           (0, ["r.csv", "second.csv"]))
    refused("several to none", run("convert", "--to", "csv", source, second),
            2, "-o DIR")
    refused("several to a file", run("convert", "--to", "csv", source, second,
                                     "-o", out / "r.csv"), 2, "-o DIR")
    (work / "bad.xml").write_bytes(XML[:-30])
    shutil.rmtree(out)
    refused("one is damaged", run("convert", "--to", "csv", source,
                                  work / "bad.xml", second, "-o", out), 3,
            "bad.xml:")
    expect("the others are there", sorted(p.name for p in out.iterdir()),
           ["r.csv", "second.csv"])
    expect("with an image", run("convert", "--to", "csv", source,
                                work / "none", "-o", out).returncode, 3)


def on_terminal(*words):
    """What comes on a terminal as standard error."""
    ours, theirs = pty.openpty()
    heard = []

    def listen():
        try:
            while data := os.read(ours, 4096):
                heard.append(data)
        except OSError:
            pass

    thread = threading.Thread(target=listen)
    thread.start()
    subprocess.run([PORTBOOK, *map(str, words)], stderr=theirs, check=True,
                   stdout=subprocess.DEVNULL, timeout=60)
    os.close(theirs)
    thread.join(20)
    os.close(ours)
    return b"".join(heard)


def check_progress(work):
    out = work / "several"
    heard = on_terminal("convert", "--to", "csv", work / "r.xml",
                        work / "second.csv", "-o", out)
    expect("progress", (b"1 of 2: " in heard, b"2 of 2: " in heard,
                        heard.endswith(b"\r\x1b[K")), (True, True, True))
    expect("quiet", on_terminal("convert", "-q", "--to", "csv",
                                work / "r.xml", work / "second.csv", "-o",
                                out), b"")


def check_usage(work):
    source = work / "r.xml"
    for words, said in ((["convert", source], "--to"),
                        (["convert", "--to", "nothing", source], "nothing"),
                        (["convert", "--to"], "--to"),
                        (["convert", "--to", "xml", "--style", "x", source],
                         "no styles"),
                        (["convert", "--to", "csv", "--style", "x", source],
                         "no style"),
                        (["convert", "--to", "csv", "--search", "x", source],
                         "xhtml"),
                        (["convert", "--to", "csv", source, "-o"], "-o"),
                        (["convert", "--to", "csv", "--where", "a=b"],
                         "--where"),
                        (["lookup", "--to", "csv", "7"], "--to"),
                        (["convert", "--to", "xml", "--as-of", "x", source],
                         "YYYY-MM-DD"),
                        (["publish"], "DIR"), (["publish", "a", "b"], "DIR")):
        done = run(*words)
        expect(f"{words}: status", done.returncode, 2)
        expect(f"{words}: {said} in {done.stderr!r}",
               said in done.stderr.decode(), True)
    refused("too early", run("convert", "--to", "xml", "--as-of",
                             "2025-12-31", source), 3, "2026-01-02")
    refused("nothing there", run("convert", "--to", "xml", work / "none"), 3,
            "none")
    refused("no data", run("convert", "--to", "xml", "--state",
                           work / "empty"), 3, "update")
    for epoch, status in (("0", 0), ("1700000000", 0), ("", 0), ("-1", 2),
                          ("x", 2), ("99999999999999", 2)):
        expect(f"SOURCE_DATE_EPOCH={epoch}",
               run("convert", "--to", "csv", source,
                   env={"SOURCE_DATE_EPOCH": epoch}).returncode, status)
    heard = run("convert", "--help").stdout.decode()
    for name in ("xml", "csv", "txt", "xhtml", "json", "jsonl", "tsv",
                 "services", "nmap-services", "wireshark", "nft", "avahi",
                 "c"):
        expect(f"--help names {name}", f"\n  {name} " in heard, True)


def check_publish(work):
    source = work / "r.xml"
    target = work / "published"
    for _ in range(2):
        done = run("publish", "--registry", source, target)
        expect("publish", (done.returncode, done.stdout, done.stderr),
               (0, b"", b"registry of 2026-01-02, 2 records\n"))
        expect("its files", sorted(p.name for p in target.iterdir()),
               [f"{NAME}.{e}" for e in ("csv", "rng", "txt", "xhtml", "xml",
                                        "xsl")])
    expect("xml", (target / f"{NAME}.xml").read_bytes(), XML)
    expect("csv", (target / f"{NAME}.csv").read_bytes(), CSV)
    for name in ("txt", "xhtml"):
        expect(name, (target / f"{NAME}.{name}").read_bytes(),
               run("convert", "--to", name, source).stdout)
    state = work / "state"
    shutil.rmtree(target)
    expect("from a state", run("publish", "-q", "--state", state,
                               target).returncode, 0)
    expect("xml of it", (target / f"{NAME}.xml").read_bytes(), XML)
    # What a CSV does not say is not made up.
    only = work / "only"
    expect("of a CSV", run("publish", "-q", "--registry", work / "second.csv",
                           only).returncode, 0)
    expect("one file", [p.name for p in only.iterdir()], [f"{NAME}.csv"])
    services = work / "services"
    services.write_text("echo 7/tcp\n")
    refused("of a services file", run("publish", "--registry", services,
                                      work / "none-made"), 2, "services file")
    expect("and no folder", (work / "none-made").exists(), False)
    refused("into a file", run("publish", "--registry", source, source), 4,
            "r.xml")
    refused("no parent", run("publish", "--registry", source,
                             work / "no" / "where"), 4, "no/where")


def check_copies(work):
    """Beside what is served lie the same bytes, compressed."""
    current = work / "state/public/1/current"
    for name in ("xml", "csv", "txt"):
        plain = (current / f"{NAME}.{name}").read_bytes()
        expect(name + ".gz", gzip.decompress(
            (current / f"{NAME}.{name}.gz").read_bytes()), plain)
        expect(name + ".zst", subprocess.run(
            ["zstd", "-dcq", current / f"{NAME}.{name}.zst"], check=True,
            capture_output=True).stdout, plain)
        expect(name + " is read only", stat.S_IMODE(
            (current / f"{NAME}.{name}.gz").stat().st_mode), 0o444)


def main():
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        check_sources(work)
        check_targets(work)
        check_several(work)
        check_progress(work)
        check_usage(work)
        check_publish(work)
        check_copies(work)
    return finish()


if __name__ == "__main__":
    sys.exit(main())
