#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# limit: 400 seconds
"""Every official file, byte for byte.

Each XML of $PORTBOOK_REGISTRY_DIR goes through census (which reads it, builds
an image and writes it as the product does): its bytes must come out of the
image, its digest be right, its counts be those of counts.tab where that has
the edition.  Of the editions whose official CSV or plain text is there, these
must come out of the XML; a CSV must come out of itself.  What was imported
must come out as of its day.  The damaged file must be refused with one clear
error.

Prints the table of `make conform`, which says "all"; otherwise the editions
with known counts, one file in eight and a share of the texts are taken.
"""
import concurrent.futures
import hashlib
import pathlib
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common import official, outcome  # noqa: E402
from common.program import BUILD, PORTBOOK  # noqa: E402

CENSUS = BUILD / "tests/census"
# Whole-file facts of the newest edition that counts.tab has no column for.
NEWEST = {
    "2026-08-17": {
        "date": 4725, "updated": 602, "reference": 410, "assignee": 1365,
        "note": 1333, "unauthorized": 112, "code": 4, "xref-person": 12499,
        "xref-rfc": 407, "xref-draft": 15, "xref-uri": 17, "xref-note": 8,
        "xref-text": 16, "br": 406, "paragraph": 8, "findings": 0,
    },
}


def load_counts():
    lines = (HERE / "counts.tab").read_text().splitlines()
    names = lines[1].lstrip("# ").split("\t")
    return {row[0]: dict(zip(names, row))
            for row in (line.split("\t") for line in lines[2:])}


def census(data, *words):
    return subprocess.run([CENSUS, *words], input=data, capture_output=True,
                          timeout=60)


def written(data, name):
    """The registry in a format; what went wrong instead, as text."""
    out = census(data, "-t", name)
    return out.stdout if out.returncode == 0 else out.stderr.decode().strip()


def first_difference(got, want):
    """Where two files part, for whoever has to find out why."""
    if isinstance(got, str):
        return got
    ours, theirs = got.split(b"\n"), want.split(b"\n")
    for n, (a, b) in enumerate(zip(ours, theirs), 1):
        if a != b:
            return f"line {n}: {a[:200]!r} instead of {b[:200]!r}"
    return f"{len(ours)} lines instead of {len(theirs)}"


def counted(edition, got, counts):
    """What differs between the counts of a file and those expected."""
    want = {key: value for key, value in counts.get(edition, {}).items()
            if value != "-"}
    want.update({k: str(v) for k, v in NEWEST.get(edition, {}).items()})
    return [f"{key} is {got[key]}, not {value}"
            for key, value in want.items() if got[key] != value]


class Table:
    """Files compared, by format, and all that was found to be wrong."""

    def __init__(self):
        self.rows = {}
        self.faults = []

    def add(self, kind, name, fault):
        row = self.rows.setdefault(kind, [0, 0])
        row[0] += 1
        if fault:
            self.faults.append(f"{kind}: {name}: {fault}")
        else:
            row[1] += 1

    def print(self, notes):
        print(f"{'format':12} {'files':>6} {'identical':>10} {'different':>10}")
        for kind, (files, same) in self.rows.items():
            print(f"{kind:12} {files:6} {same:10} {files - same:10}  "
                  f"{notes.get(kind, '')}".rstrip())


def same(got, want):
    return "" if got == want else first_difference(got, want)


def official_csv(path, data):
    """Copies that passed through version control lost their CRs."""
    want = path.read_bytes()
    got = written(data, "csv")
    if path.name.endswith(".lf.csv") and isinstance(got, bytes):
        got = got.replace(b"\r\n", b"\n")
    return same(got, want)


class Files:
    """The official files that the XML of an edition is held against."""

    def __init__(self, folder, texts_every):
        self.csv = {path.name[:10]: path
                    for path in sorted(folder.glob("pairs/*.csv"))}
        self.texts = {}
        for n, (name, data) in enumerate(members(folder / "texts.tar.zst")):
            if n % texts_every == 0:
                self.texts[name.removesuffix(".txt")] = data


def members(archive):
    unpack = subprocess.Popen(["zstd", "-dc", archive], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=unpack.stdout, mode="r|") as tar:
        for member in tar:
            if member.isfile():
                yield (pathlib.Path(member.name).name,
                       tar.extractfile(member).read())
    if unpack.wait() != 0:
        raise OSError(f"{archive} cannot be unpacked")


def sources(folder, wanted):
    """(edition, name, bytes) of every XML that is wanted."""
    for path in sorted(folder.glob("service-names-port-numbers.*.xml")):
        yield path.name.split(".")[1] + " newest", path.name, path.read_bytes()
    for n, (name, data) in enumerate(members(folder / "history.tar.zst")):
        edition = name.removesuffix(".xml")
        if wanted(n, edition):
            yield edition, name, data


def judge(name, edition, data, files, headings):
    """[(kind, name, fault)] and the counts of one XML."""
    found = [("xml", name, same(written(data, "xml"), data))]
    if edition in files.csv:
        path = files.csv[edition]
        found.append(("csv", path.name, official_csv(path, data)))
    if edition in files.texts:
        found.append(("txt", edition, same(written(data, "txt"),
                                           files.texts[edition])))
    line = census(data).stdout.decode().rstrip("\n")
    got = dict(zip(headings, line.split("\t"))) if line else None
    digest = got is not None and \
        got["digest"] == hashlib.sha256(data).hexdigest()
    found.append(("digest", name, "" if digest else "another one"))
    return found, got


def as_of(state, day):
    out = subprocess.run(
        [PORTBOOK, "convert", "-q", "--to", "xml", *state, "--as-of", day],
        capture_output=True, timeout=60)
    return out.stdout, out.stderr.decode().strip()


def history(sources_of, work, table):
    """What was imported comes out again by the name it was published under,
    and the last content of a day by the day alone."""
    folder = pathlib.Path(work, "files")
    folder.mkdir()
    days = {}  # by date, then by content: the least of its numbers
    named = {}  # by DATE.N
    for edition, _, data in sources_of:
        name = edition.split()[0]
        (folder / (name + ".xml")).write_bytes(data)
        date, _, number = name.partition(".")
        number = int(number or 1)
        # The date is the content's own: a stale copy has that of long ago.
        if data.split(b"<updated>")[1][:10].decode() != date:
            continue
        named[f"{date}.{number}"] = name
        known = days.setdefault(date, {})
        digest = hashlib.sha256(data).hexdigest()
        known[digest] = min(known.get(digest, (number, name)), (number, name))
    for date, contents in days.items():
        named[date] = max(contents.values())[1]
    state = ["--state", str(pathlib.Path(work, "state"))]
    subprocess.run([PORTBOOK, "import", "-q", *state, folder], check=True,
                   timeout=600)
    for day, name in sorted(named.items()):
        data, told = as_of(state, day)
        wanted = (folder / (name + ".xml")).read_bytes()
        table.add("xml as of", f"{day} ({name}.xml)",
                  told or same(data, wanted))


def damaged(folder):
    """Files cut short or altered while copied: one clear error each."""
    faults = []
    for path in sorted(folder.glob("damaged.*.xml")):
        out = subprocess.run([CENSUS], stdin=path.open("rb"),
                             capture_output=True, timeout=60)
        text = out.stderr.decode()
        if out.returncode != 3 or out.stdout or text.count("\n") != 1:
            faults.append(f"{path.name}: {out}")
        else:
            print(f"refused as it should be: {path.name}: {text.strip()}")
    return faults


def read_all(folder, files, wanted, counts, table):
    """Judges the sources; residues and records, editions with known counts."""
    headings = census(b"", "-h").stdout.decode().rstrip("\n").split("\t")
    records = residues = 0
    editions = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        pending = []

        def take(job):
            nonlocal records, residues
            found, got = job.result()
            for row in found:
                table.add(*row)
            if not got:
                return
            want = counts.get(got["edition"], {"bytes": "none"})
            if want["bytes"] in ("-", got["bytes"]):
                editions[got["edition"]] = \
                    counted(got["edition"], got, counts)
            records += int(got["records"])
            residues += int(got["residues"])

        for edition, name, data in sources(folder, wanted):
            pending.append(pool.submit(
                judge, name, edition, data, files, headings))
            if len(pending) >= 8:
                take(pending.pop(0))
        for job in pending:
            take(job)
    return 100 * (records - residues) / max(records, 1), editions


def main():
    if not official.available():
        outcome.cannot(official.NONE)
    folder = official.FOLDER
    counts = load_counts()
    everything = "all" in sys.argv[1:]
    files = Files(folder, 1 if everything else 6)
    table = Table()
    share, editions = read_all(
        folder, files,
        lambda n, edition: everything or n % 8 == 0 or
        edition[:10] in counts or edition in files.csv or
        edition in files.texts,
        counts, table)
    for path in files.csv.values():
        data = path.read_bytes()
        table.add("csv to csv", path.name, same(written(data, "csv"), data))
    with tempfile.TemporaryDirectory() as work:
        history(sources(folder, lambda n, edition: everything or n % 40 == 0 or
                        "." in edition and n % 3 == 0), work, table)
    # All that there was to compare with has been.
    for kind, known in (("csv", files.csv), ("txt", files.texts)):
        if table.rows.get(kind, [0])[0] != len(known):
            table.faults.append(f"{kind}: not all files met their XML")
    table.faults += damaged(folder)
    # A day may have several editions; the table is of one of them, told by
    # its length where the table has that.
    table.faults += [f"{edition}: {'; '.join(differ)}"
                     for edition, differ in editions.items() if differ]
    if share < 97:
        table.faults.append("less than 97 % of the records are the model's")
    for fault in table.faults:
        outcome.check(False, fault)
    table.print({"xml": f"{share:.2f} % of the records from the model"})
    print(f"{len(editions)} of {len(counts)} editions with counts known "
          "beforehand")
    checks = sum(row[0] for row in table.rows.values()) + len(editions) + 2
    outcome.counts.passed += checks - len(table.faults)
    return outcome.finish()


if __name__ == "__main__":
    sys.exit(main())
