# SPDX-License-Identifier: ISC
"""The programs under test, run as somebody without settings would."""
import os
import pathlib
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("PORTBOOK_BUILD",
                                    SOURCE / "build")).resolve()
ASAN = pathlib.Path(os.environ.get("PORTBOOK_BUILD_ASAN",
                                   SOURCE / "build-asan")).resolve()
PORTBOOK = str(BUILD / "portbook")
ADMIN = str(BUILD / "portbook-admin")
SERVER = str(BUILD / "portbook-server")


def plain(**more):
    """An environment in which no program finds the user's own settings."""
    env = {key: value for key, value in os.environ.items()
           if not key.startswith(("PORTBOOK", "XDG", "SOURCE_DATE")) and
           key not in ("COLUMNS", "NO_COLOR")}
    return {**env, "HOME": "/nonexistent", **more}


def run(program, *words, stdin=b"", env=None, timeout=120, **more):
    """A finished process.  What it printed is text, each byte of it as it
    was: ends of lines too, and what is no UTF-8 as surrogates."""
    done = subprocess.run(
        [str(program), *(w if isinstance(w, bytes) else str(w)
                         for w in words)],
        input=stdin, env=plain(**(env or {})), timeout=timeout,
        capture_output=True, **more)
    done.stdout = done.stdout.decode("utf-8", "surrogateescape")
    done.stderr = done.stderr.decode("utf-8", "surrogateescape")
    return done


def portbook(*words, **more):
    """(status, standard output, standard error)"""
    done = run(PORTBOOK, *words, **more)
    return done.returncode, done.stdout, done.stderr


def ask(registry, *words, **more):
    """The same, of a registry."""
    return portbook("--registry", registry, *words, **more)


def build(image, *files):
    """An image of the versions in files; its path."""
    subprocess.run([ADMIN, "build", *files, image], check=True)
    return str(image)


def imported(state, *files):
    """A state folder that has and serves the versions in files; its path."""
    subprocess.run([PORTBOOK, "import", "-q", "--state", state, *files],
                   check=True)
    return str(state)


def write_all(folder, texts):
    """Files of these texts, by name, or else 0.xml, 1.xml and on; their
    paths in order."""
    if not isinstance(texts, dict):
        texts = {"%d.xml" % n: text for n, text in enumerate(texts)}
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(
            text if isinstance(text, bytes) else text.encode())
    return [folder / name for name in texts]
