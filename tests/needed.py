#!/usr/bin/env python3
"""Holds the shared libraries that each binary needs against its list.

Each binary counts as a test; a program that is not built as a skipped one.
"""

import os
import re
import subprocess
import sys

from common.outcome import check, finish, skip
from common.program import BUILD

ALLOWED = {
    "portbook": "",
    "portbook-admin": "libexpat libz libzstd libnettle libsqlite3",
    "portbook-server": "libmicrohttpd libz libzstd",
    "portbook-fetch": "libcurl-gnutls",
    "libportbook.so.0": "",
    "libnss_portbook.so.2": "",
}
ALWAYS = {"libc", "ld-linux-x86-64", "ld-linux-aarch64"}
NEEDED = re.compile(r"\(NEEDED\).*\[(.*?)\.so[.0-9]*\]")


def needed(path):
    """The libraries that a binary names, without .so and version."""
    text = subprocess.run(["readelf", "-d", path], check=True,
                          capture_output=True, text=True).stdout
    return set(NEEDED.findall(text))


def built(name):
    """Where the build put it, or None."""
    if (BUILD / name).is_file():
        return BUILD / name
    return next((path for path in BUILD.glob(f"src/**/{name}")
                 if path.is_file()), None)


def main():
    names = set(ALLOWED)
    names |= {path.name for path in BUILD.glob("portbook*")
              if path.is_file() and os.access(path, os.X_OK)}
    for name in sorted(names):
        path = built(name)
        if name not in ALLOWED:
            check(False, name, "has no line here, of what it may need")
        elif path is None and name.startswith("lib"):
            continue
        elif path is None:
            skip(name, "it is not built")
        else:
            extra = needed(path) - ALWAYS - set(ALLOWED[name].split())
            check(not extra, name, "must not need", *sorted(extra))
    return finish()


if __name__ == "__main__":
    sys.exit(main())
