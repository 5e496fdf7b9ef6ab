# SPDX-License-Identifier: ISC
"""Result pages of the official site, in tests/pages, and what they are of."""
import pathlib

from . import editions
from .official import order

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "pages"


def read(path):
    """(head by name, rows of records, rows of people)"""
    head, rows, people = {}, [], []
    into = rows
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            name, _, value = line[1:].strip().partition(": ")
            head.setdefault(name, value)
        elif line == "people":
            into = people
        else:
            into.append(line.split("\t"))
    return head, rows, people


def taken(folder):
    """Each capture as read() gives it, behind the path of the registry of
    its day."""
    every = editions.names()
    for path in sorted(FOLDER.glob("*.tab")):
        head, rows, people = read(path)
        name = [n for n in every if order(n)[0] <= head["date"]][-1]
        editions.extract([name], folder)
        yield pathlib.Path(folder, name), head, rows, people
