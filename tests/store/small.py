# SPDX-License-Identifier: ISC
"""Small registries through time, and what runs on them."""
import hashlib
import sqlite3

from common.program import ADMIN, PORTBOOK, run


def registry(updated, names, extra=""):
    """An XML with a record a name."""
    records = "".join(
        f"""
  <record>
    <name>{name}</name>
    <protocol>tcp</protocol>
    <description>The {name} service</description>
    <number>{port}</number>{extra}
  </record>"""
        for port, name in enumerate(names, 1024))
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<registry xmlns="http://www.iana.org/assignments" id="t">\n'
        f"  <title>T</title>\n  <updated>{updated}</updated>{records}\n"
        "  <people/>\n</registry>\n").encode()


def history(count, records=60):
    """DATE.xml by name: versions that differ a little, two on some days."""
    files = {}
    for n in range(count):
        names = [f"n{i}" for i in range(records + n) if i % 11 != n % 11]
        day = n - n % 3 // 2  # every third has the day of the one before
        name = f"2020-{1 + day // 28:02}-{1 + day % 28:02}"
        files[name + (".2.xml" if day != n else ".xml")] = registry(
            name, names)
    return files


def admin(*words, **more):
    return run(ADMIN, *words, **{"timeout": 600, **more})


def portbook(*words, **more):
    return run(PORTBOOK, *words, **{"timeout": 600, **more})


def image_of(state):
    """The published image, or None."""
    path = state / "public/1/current/registry.image"
    return path.read_bytes() if path.exists() else None


def digest_of(state):
    """One digest over the published image, and one over the store's
    versions."""
    store = sqlite3.connect(f"file:{state}/private/store.sqlite?mode=ro",
                            uri=True)
    rows = sorted(row[0] for row in
                  store.execute("SELECT digest FROM version"))
    store.close()
    return (hashlib.sha256(image_of(state) or b"").hexdigest(),
            len(rows), hashlib.sha256(b"".join(rows)).hexdigest())
