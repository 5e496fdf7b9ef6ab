#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
# limit: 400 seconds
"""Every official XML is read without loss.

Each file of $PORTBOOK_REGISTRY_DIR goes through census (which reads it as the
product does): its bytes must come out again, its digest be right, its counts
be those of counts.tab where that has the edition; the damaged file must be
refused with one clear error.  Prints the table of `make conform`, which
says "all"; otherwise the editions with known counts and one file in eight are taken.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import subprocess
import sys
import tarfile

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("PORTBOOK_BUILD", "build")).resolve()
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


def compare(edition, got, counts):
    """What differs between the counts of a file and those expected."""
    want = {key: value for key, value in counts.get(edition, {}).items()
            if value != "-"}
    want.update({k: str(v) for k, v in NEWEST.get(edition, {}).items()})
    return [f"{key} is {got[key]}, not {value}"
            for key, value in want.items() if got[key] != value]


def judge(name, data, headings, counts):
    out = census(data, "-x")
    if out.returncode != 0:
        return name, None, [f"refused: {out.stderr.decode().strip()}"]
    faults = [] if out.stdout == data else ["other bytes came out"]
    got = dict(zip(headings,
                   census(data).stdout.decode().rstrip("\n").split("\t")))
    if got["digest"] != hashlib.sha256(data).hexdigest():
        faults.append("another digest")
    return name, got, faults


def sources(folder, every, counts):
    for path in sorted(folder.glob("service-names-port-numbers.*.xml")):
        yield path.name, path.read_bytes()
    history = subprocess.Popen(["zstd", "-dc", folder / "history.tar.zst"],
                               stdout=subprocess.PIPE)
    with tarfile.open(fileobj=history.stdout, mode="r|") as tar:
        for n, member in enumerate(m for m in tar if m.isfile()):
            name = pathlib.Path(member.name).name
            if n % every == 0 or name[:10] in counts:
                yield name, tar.extractfile(member).read()
    history.wait()


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


def main():
    folder = os.environ.get("PORTBOOK_REGISTRY_DIR")
    if not folder:
        print("skip: PORTBOOK_REGISTRY_DIR does not name the official files")
        return 77
    folder = pathlib.Path(folder)
    counts = load_counts()
    headings = census(b"", "-h").stdout.decode().rstrip("\n").split("\t")
    every = 1 if "all" in sys.argv[1:] else 8
    total = identical = records = residues = 0
    faulty = []
    editions = {}  # of counts.tab: what differs
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        pending = []

        def take(job):
            nonlocal total, identical, records, residues
            name, got, faults = job.result()
            total += 1
            identical += "other bytes came out" not in faults and \
                got is not None
            if got:
                want = counts.get(got["edition"], {"bytes": "none"})
                if want["bytes"] in ("-", got["bytes"]):
                    editions[got["edition"]] = \
                        compare(got["edition"], got, counts)
                records += int(got["records"])
                residues += int(got["residues"])
            faulty.extend(f"{name}: {fault}" for fault in faults)

        for name, data in sources(folder, every, counts):
            pending.append(pool.submit(judge, name, data, headings, counts))
            if len(pending) >= 8:
                take(pending.pop(0))
        for job in pending:
            take(job)
    faulty += damaged(folder)
    # A day may have several editions; the table is of one of them, told by
    # its length where the table has that.
    faulty += [f"{edition}: {'; '.join(differ)}"
               for edition, differ in editions.items() if differ]
    for fault in faulty:
        print("FAILED", fault)
    share = 100 * (records - residues) / max(records, 1)
    print(f"{'format':8} {'files':>6} {'identical':>10} {'different':>10} "
          f"{'from the model':>15}")
    print(f"{'xml':8} {total:6} {identical:10} {total - identical:10} "
          f"{share:14.2f}%")
    print(f"{len(editions)} of {len(counts)} editions with counts known beforehand")
    if share < 97:
        faulty.append("share")
        print("FAILED less than 97 % of the records come from the model")
    checks = total + len(editions) + 2  # damaged, share
    print(f"{checks - len(faulty)} passed, {len(faulty)} failed")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
