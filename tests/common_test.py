#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Whether the tests' own counting tells right from wrong.

A test of a line or two is run for each outcome; what it prints and its status
are what tests/run.py goes by, and are judged here without that module's help.
"""
import pathlib
import subprocess
import sys

TESTS = pathlib.Path(__file__).resolve().parent
CASES = (
    ("check(1)\nsame([1], [1])\nexpect('x', {2}, {2})\nclaim('y', 'z')",
     0, "4 passed, 0 failed", ""),
    ("check(1)\ncheck(0, 'seven', 7)", 1, "1 passed, 1 failed",
     "FAILED: seven 7 "),
    ("claim('it', None, 'seen')", 1, "0 passed, 1 failed",
     "FAILED: it seen "),
    ("expect('it', 1, 2)", 1, "0 passed, 1 failed",
     "FAILED: it \n   got 1\n  want 2 "),
    ("same({'a': 1, 'b': 2}, {'a': 1, 'c': 3}, 'it')", 1,
     "0 passed, 1 failed", "FAILED: it at 'b', one of 2: \n   got 2\n"),
    ("same({1, 2}, {2, 3})", 1, "0 passed, 1 failed", "got [1]\n  want [3]"),
    ("same('x' * 5000 + 'y', 'x' * 5000 + 'z')", 1, "0 passed, 1 failed",
     "xxy'\n"),
    ("same('1', 1)", 1, "0 passed, 1 failed", "got '1'\n  want 1 "),
    ("check(1)\nskip('tool', 'none here')", 0,
     "1 passed, 0 failed, 1 skipped", "skipped: tool: none here\n"),
    ("skip('all')", 1, "0 passed, 1 failed, 1 skipped", "nothing"),
    ("pass", 1, "0 passed, 1 failed", "nothing was looked at"),
    ("check(0)\ncannot('no tool')", 77, "skipped: no tool", ""),
)


def main():
    passed = failed = 0
    for text, status, last, said in CASES:
        done = subprocess.run(
            [sys.executable, "-c", "import sys\nfrom common.outcome import *\n"
             + text + "\nsys.exit(finish())\n"], cwd=TESTS, text=True,
            capture_output=True, timeout=60)
        good = (done.returncode == status and done.stderr == "" and
                done.stdout.splitlines()[-1:] == [last] and
                said in done.stdout)
        passed += good
        failed += not good
        if not good:
            print("FAILED:", text, done)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
