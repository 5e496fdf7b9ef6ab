# SPDX-License-Identifier: ISC
"""Official editions out of the archive of all, and images made of them."""
import os
import pathlib
import subprocess

BUILD = pathlib.Path(os.environ.get("PORTBOOK_BUILD", "build")).resolve()
FILES = os.environ.get("PORTBOOK_REGISTRY_DIR", "")
ARCHIVE = pathlib.Path(FILES, "history.tar.zst")


def order(name):
    """DATE.xml, DATE.2.xml: by date and then by number."""
    date, _, number = name.removesuffix(".xml").partition(".")
    return date, int(number or 1)


def available():
    return bool(FILES) and ARCHIVE.is_file()


def names():
    """Of all editions in the archive, in order."""
    listed = subprocess.run(["tar", "--zstd", "-tf", ARCHIVE], check=True,
                            capture_output=True, text=True).stdout.split()
    return sorted((n for n in listed if n.endswith(".xml")), key=order)


def extract(wanted, folder):
    """The paths of these editions, in order; the same bytes again once."""
    subprocess.run(["tar", "--zstd", "-xf", ARCHIVE, "-C", folder, *wanted],
                   check=True)
    paths, known = [], set()
    for name in sorted(wanted, key=order):
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


def build(paths, image):
    subprocess.run([BUILD / "portbook-admin", "build", *paths, image],
                   check=True)
    return image


def whole(folder):
    """A state folder with every version there is."""
    state = os.path.join(folder, "state")
    subprocess.run([BUILD / "portbook", "import", "-q", "--state", state,
                    ARCHIVE], check=True)
    return state


def portbook(registry, *words, **more):
    done = subprocess.run([BUILD / "portbook", "--registry", registry, *words],
                          capture_output=True, timeout=120, **more)
    return (done.returncode, done.stdout.decode(errors="surrogateescape"),
            done.stderr.decode(errors="surrogateescape"))
