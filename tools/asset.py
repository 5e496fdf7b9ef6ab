#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Puts a file into C as it is.

    asset.py SOURCE OUT.c    const struct span asset_EXTENSION, of write/assets.h
"""
import pathlib
import sys


def literal(data):
    """Bytes as a C string; no escape runs into the character behind it."""
    plain = set(range(32, 127)) - set(b'"\\?')
    return '"%s"' % "".join(
        chr(byte) if byte in plain else "\\%03o" % byte for byte in data)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: asset.py SOURCE OUT")
    source = pathlib.Path(sys.argv[1])
    lines = source.read_bytes().splitlines(keepends=True)
    pathlib.Path(sys.argv[2]).write_text(
        "/* Made by tools/asset.py from %s. */\n"
        '#include "write/assets.h"\n\n'
        "const struct span asset_%s = SPAN_INIT(\n%s);\n" %
        (source.name, source.suffix[1:],
         "\n".join("\t" + literal(line) for line in lines)), "utf-8")


main()
