#!/usr/bin/env python3
"""Runs the examples of README.md and compares what they print.

An example is a fenced block marked "console": lines "$ COMMAND", each
followed by what it prints on either output.  "> " continues a command whose
line ends in a backslash.  A line "..." stands for any number of lines.

The commands of a block share a shell, in a folder that holds the newest
official XML as service-names-port-numbers.xml; `portbook` is the one just
built, and $PORTBOOK_REGISTRY is that XML, taken in by `portbook update`, with
those older versions that the examples speak of.

usage: readme_test.py [FILE]
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from common import editions, official
from common.outcome import cannot, check, finish
from common.program import BUILD, SOURCE

AT_LEAST = 10
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The first there is, and those in which something of the examples happened.
OLDER = ("2015-05-04.xml", "2025-09-22.xml", "2025-09-26.xml",
         "2025-09-26.3.xml", "2026-08-11.xml")
MARK = "--- end of example ---"
XML = "service-names-port-numbers.xml"


class Example:
    def __init__(self, command, line):
        self.command = command
        self.line = line
        self.expected = []

    def matches(self, printed):
        """Whether the lines printed are those expected."""
        pattern = "".join("(?:.*\n)*" if line == "..."
                          else re.escape(line) + "\n"
                          for line in self.expected)
        return re.fullmatch(pattern, printed) is not None


def examples(text):
    """The blocks of a document, each a list of examples."""
    for block in BLOCK.finditer(text):
        number = text.count("\n", 0, block.start(1))
        found = []
        for line in block[1].splitlines():
            number += 1
            if line.startswith("$ "):
                found.append(Example(line[2:], number))
            elif not found:
                sys.exit(f"line {number}: output before any command")
            elif (found[-1].command.endswith("\\") and line.startswith("> ")
                  and not found[-1].expected):
                found[-1].command += "\n" + line[2:]
            else:
                found[-1].expected.append(line)
        yield found


def outputs(block, folder, env):
    """What each command of a block prints."""
    script = "".join(
        f"{example.command}\n"
        f"status=$?; printf '%s\\n' '{MARK}'; (exit $status)\n"
        for example in block)
    done = subprocess.run(["bash"], input=script, text=True, cwd=folder,
                          env=env, timeout=60, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return done.stdout.split(f"{MARK}\n")[:len(block)]


def prepare(folder, env):
    """Takes in the newest official XML, and older ones."""
    shutil.copy(official.newest(), folder / XML)
    state = folder / ".state"
    older = folder / ".older"
    editions.extract(OLDER, older)
    subprocess.run(["portbook", "import", "-q", "--state", state, older],
                   cwd=folder, env=env, check=True)
    subprocess.run(["portbook", "update", "--from", XML, "--state", state],
                   cwd=folder, env=env, check=True, stdout=sys.stderr)
    env["PORTBOOK_REGISTRY"] = str(state)


def main():
    path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                        else SOURCE / "README.md")
    if not path.exists():
        cannot(f"{path.name} is not written yet")
    if official.newest() is None or not editions.available():
        cannot(official.NONE)
    blocks = list(examples(path.read_text()))
    total = sum(len(block) for block in blocks)
    if total < AT_LEAST:
        check(False, f"{total} examples; at least {AT_LEAST} are wanted")
    env = {**os.environ, "PATH": f"{BUILD}:{os.environ['PATH']}",
           "COLUMNS": "80", "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(folder, env)
        for block in blocks:
            printed = outputs(block, folder, env)
            printed += [""] * (len(block) - len(printed))
            for example, text in zip(block, printed):
                check(example.matches(text),
                      f"{path.name}:{example.line}: $ {example.command}\n"
                      f"{text.rstrip()}\n")
    return finish()


if __name__ == "__main__":
    sys.exit(main())
