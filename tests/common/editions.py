# SPDX-License-Identifier: ISC
"""Official editions out of the archive of all."""
import pathlib
import subprocess

from .official import ARCHIVE, order


def available():
    return ARCHIVE.is_file()


def names(archive=ARCHIVE):
    """Of all editions in the archive, in order."""
    listed = subprocess.run(["tar", "--zstd", "-tf", archive], check=True,
                            capture_output=True, text=True).stdout.split()
    return sorted(listed, key=order)


def extract(wanted, folder, archive=ARCHIVE):
    """The paths of these editions, in order; the same bytes again once."""
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    wanted = sorted(wanted, key=order)
    subprocess.run(["tar", "--zstd", "-xf", archive, "-C", folder, *wanted],
                   check=True)
    paths, known = [], set()
    for name in wanted:
        path = pathlib.Path(folder, name)
        data = path.read_bytes()
        if data not in known:
            known.add(data)
            paths.append(path)
    return paths


def around(every, dates):
    """The first and the last, those of the dates, and the one before each."""
    wanted = {every[0], every[-1]}
    for at, name in enumerate(every):
        if order(name)[0] in dates:
            wanted |= {name, every[max(at - 1, 0)]}
    return sorted(wanted, key=order)
