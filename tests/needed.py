#!/usr/bin/env python3
"""Holds the shared libraries that each binary needs against its list.

Each binary counts as a test; a program that is not built as a skipped one.
"""

import os
import pathlib
import re
import subprocess
import sys

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


def built(build, name):
    """Where the build put it, or None."""
    if (build / name).is_file():
        return build / name
    return next((path for path in build.glob(f"src/**/{name}")
                 if path.is_file()), None)


def main():
    source = pathlib.Path(__file__).resolve().parent.parent
    build = pathlib.Path(os.environ.get("PORTBOOK_BUILD", source / "build"))
    passed = failed = skipped = 0
    names = set(ALLOWED)
    names |= {path.name for path in build.glob("portbook*")
              if path.is_file() and os.access(path, os.X_OK)}
    for name in sorted(names):
        path = built(build, name)
        if name not in ALLOWED:
            print(f"{name}: nothing says which libraries it may need")
            failed += 1
        elif path is None and name.startswith("lib"):
            continue
        elif path is None:
            print(f"skipped: {name} is not built")
            skipped += 1
        else:
            extra = needed(path) - ALWAYS - set(ALLOWED[name].split())
            if extra:
                print(f"{name}: must not need", *sorted(extra))
            failed += bool(extra)
            passed += not extra
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
