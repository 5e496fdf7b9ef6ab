# SPDX-License-Identifier: ISC
"""The official files, where $PORTBOOK_REGISTRY_DIR has them."""
import os
import pathlib
import re

NAME = "service-names-port-numbers"
FOLDER = pathlib.Path(os.environ.get("PORTBOOK_REGISTRY_DIR") or
                      "/nonexistent")
# The one of which tests know facts.
NEWEST = FOLDER / (NAME + ".2026-08-17.xml")
# Every edition there was, as DATE.xml and DATE.N.xml, and the plain texts.
ARCHIVE = FOLDER / "history.tar.zst"
TEXTS = FOLDER / "texts.tar.zst"
NONE = "PORTBOOK_REGISTRY_DIR names no official files"


def available():
    return NEWEST.is_file()


def order(name):
    """DATE.xml, DATE.2.xml: by date and then by number."""
    date, number = re.search(r"(\d{4}-\d\d-\d\d)(?:\.(\d+))?\.\w+$",
                             name).groups()
    return date, int(number or 1)


def newest():
    """The newest XML there is, whichever; None if there is none."""
    return max(FOLDER.glob(NAME + ".????-??-??*.xml"), default=None,
               key=lambda path: order(path.name))
