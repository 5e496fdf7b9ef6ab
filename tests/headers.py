#!/usr/bin/env python3
"""Compiles each public header alone, as C99 and as C++11."""

import pathlib
import shutil
import subprocess
import sys

WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror",
            "-pedantic", "-fsyntax-only"]
LANGUAGES = [
    ["gcc", "-x", "c", "-std=c99"],
    ["clang", "-x", "c", "-std=c99"],
    ["clang++", "-x", "c++", "-std=c++11"],
    ["g++", "-x", "c++", "-std=c++11"],
]


def main():
    include = pathlib.Path(__file__).resolve().parent.parent / "include"
    headers = sorted(include.glob("portbook/*.h"))
    if not headers:
        print("no public header is there")
        return 77
    passed = failed = skipped = 0
    for header in headers:
        name = header.relative_to(include)
        for language in LANGUAGES:
            if not shutil.which(language[0]):
                print(name, "skipped:", language[0], "is not installed")
                skipped += 1
                continue
            command = [*language, *WARNINGS, "-I", include, "-"]
            # Twice, so that its guard is tried too.
            text = f"#include <{name}>\n" * 2
            if subprocess.run(command, input=text, text=True).returncode:
                print(name, "fails with", *language)
                failed += 1
            else:
                passed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
