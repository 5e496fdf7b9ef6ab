#!/usr/bin/env python3
"""Holds every #include "folder/..." of the source against the layers.

The table is that of the design: a folder may include itself, what its row
names, what those may include, base, and the public headers.  Unit tests and
fuzz targets (*_test.c, *_fuzz.c) are programs of their own and may reach
anywhere, since no library contains them.
"""

import os
import pathlib
import re
import sys

LAYERS = {
    "base": "",
    "terms": "base",
    "diag": "base",
    "http": "base",
    "image": "terms",
    "search": "image diag",
    "write": "image",
    "core": "terms diag",
    "read": "core",
    "check": "core",
    "store": "core",
    "imagebuild": "core image",
    "admin": "terms diag image search write core read check store imagebuild",
    "lib": "search",
    "nss": "image",
    "web": "http search write",
    "cli": "search write",
    "tool": "lib nss web cli admin",
}
PUBLIC = "portbook"
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def reach(folder):
    """Every folder whose headers one may include."""
    found = {folder, "base", PUBLIC}
    for below in LAYERS[folder].split():
        found |= reach(below)
    return found


def faults(path, allowed):
    """What is wrong with the includes of one file."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, name = match.groups()
        folder = name.split("/")[0] if "/" in name else None
        if quote == "<" and folder not in LAYERS:
            continue
        where = f"{path}:{number}: {name}"
        if quote == "<":
            yield f"{where}: our own headers are written in quotes"
        elif folder is None:
            yield f"{where}: written without its folder"
        elif folder != PUBLIC and folder not in LAYERS:
            yield f"{where}: the design knows no folder {folder}"
        elif folder not in allowed:
            yield f"{where}: not below this folder"


def main():
    os.chdir(pathlib.Path(__file__).resolve().parent.parent)
    wrong = []
    count = 0
    for path in sorted(pathlib.Path("src").rglob("*.[ch]")):
        folder = path.parts[1]
        if folder not in LAYERS:
            wrong.append(f"{path}: the design knows no folder {folder}")
            continue
        count += 1
        if path.stem.endswith(("_test", "_fuzz")):
            allowed = set(LAYERS) | {PUBLIC}
        else:
            allowed = reach(folder)
        wrong += faults(path, allowed)
    for path in sorted(pathlib.Path("include").rglob("*.h")):
        count += 1
        wrong += faults(path, {PUBLIC})
    for text in wrong:
        print(text)
    print(f"{count} files, {len(wrong)} wrong includes")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
