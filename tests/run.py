#!/usr/bin/env python3
"""Builds what the tests need, runs them all, and counts.

usage: run.py [WORD...]    only the tests whose names contain one of the words

The tests are, in build/ and under sanitizers in build-asan/, the unit tests
and corpus replays that meson knows; the layers, the libraries needed, the
public headers, the manual pages; and every executable tests/*/run.sh,
tests/*/run.py, tests/*_test.sh and tests/*_test.py.  Such a script gets

    PORTBOOK_SOURCE      the repository
    PORTBOOK_BUILD       build/, with the programs
    PORTBOOK_BUILD_ASAN  build-asan/, the same under sanitizers
    PORTBOOK_REGISTRY_DIR  official files, if the caller has any

and a home and temporary folder of its own.  It exits 77 if it cannot run, its
last line saying why.  If its last line is "N passed, N failed" or "N passed, N
failed, N skipped", these count, and its lines with "skipped" in them are the
reasons; otherwise it counts as one.  A line "limit: N seconds" in its head
gives it more time than two minutes.

With PORTBOOK_NO_SKIP=1 a skipped test is a failed one.  The last line here is
"N passed, N failed", with ", N skipped" if any were.
"""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parent.parent
TESTS = SOURCE / "tests"
# One more than there are cores: some tests wait more than they work.
AT_ONCE = (os.cpu_count() or 1) + 1
LIMIT = 120
NO_SKIP = os.environ.get("PORTBOOK_NO_SKIP", "") not in ("", "0")
COUNTS = re.compile(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\Z")
CMOCKA = re.compile(r"\[  (PASSED|FAILED|SKIPPED)\s*\] (\d+) test\(s\)")
LIMIT_LINE = re.compile(rb"limit: (\d+) seconds")


@dataclasses.dataclass
class Job:
    name: str
    command: list
    limit: int = LIMIT
    folder: str = str(SOURCE)
    env: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Outcome:
    job: Job
    status: int
    output: str
    passed: int
    failed: int
    skipped: int
    seconds: float

    @property
    def reason(self):
        """Why it skipped: what speaks of that, or else its last words."""
        lines = self.output.strip().splitlines() or ["it does not say why"]
        told = [line for line in lines[:-1] if "skipped" in line.lower()]
        return "; ".join(told) or lines[-1]


def environment(home):
    """A plain environment, in which no test finds the user's own files."""
    env = {key: value for key, value in os.environ.items()
           if key not in ("PORTBOOK_REGISTRY", "NO_COLOR", "COLUMNS",
                          "MAKEFLAGS", "MAKELEVEL", "STATE", "SOURCE",
                          "LISTEN", "PREFIX", "DESTDIR", "XDG_CONFIG_HOME")}
    env.update(
        HOME=home, TMPDIR=home, XDG_STATE_HOME=f"{home}/state",
        LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1",
        PORTBOOK_SOURCE=str(SOURCE),
        PORTBOOK_BUILD=str(SOURCE / "build"),
        PORTBOOK_BUILD_ASAN=str(SOURCE / "build-asan"),
        ASAN_OPTIONS="allocator_may_return_null=1:detect_stack_use_after_"
                     "return=1:strict_string_checks=1",
        UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")
    return env


def count(status, output):
    """Passed, failed and skipped, as the test's output tells them."""
    if status == 77:
        return 0, 0, 1
    lines = output.strip().splitlines()
    match = COUNTS.search(lines[-1]) if lines else None
    if match:
        passed, failed, skipped = (int(n or 0) for n in match.groups())
    else:
        found = {}
        for word, number in CMOCKA.findall(output):
            found[word] = found.get(word, 0) + int(number)
        passed = found.get("PASSED", 0)
        failed = found.get("FAILED", 0)
        skipped = found.get("SKIPPED", 0)
    if status != 0:
        failed = max(failed, 1)
    elif passed + failed + skipped == 0:
        passed = 1
    return passed, failed, skipped


def stop(process):
    """Ends a test that ran out of time, and what it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(3)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def run(job):
    """Runs a test in its own session and folder, within its time."""
    start = time.monotonic()
    home = tempfile.mkdtemp(prefix="portbook-test-")
    try:
        with open(f"{home}/.output", "w+b") as log:
            process = subprocess.Popen(
                job.command, cwd=job.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                env={**environment(home), **job.env})
            late = ""
            try:
                status = process.wait(job.limit)
            except subprocess.TimeoutExpired:
                status = 1
                late = f"\nran out of its {job.limit} seconds\n"
            # Whatever the test left running goes with it.
            stop(process)
            log.seek(0)
            output = log.read().decode(errors="backslashreplace") + late
    except OSError as error:
        status, output = 1, str(error)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if status < 0:
        output += f"\nkilled by {signal.Signals(-status).name}\n"
    return Outcome(job, status, output, *count(status, output),
                   time.monotonic() - start)


def build(folder):
    """Builds a folder with its tests; a failed outcome if it cannot."""
    print(f"building {folder}", flush=True)
    start = time.monotonic()
    done = subprocess.run([SOURCE / "tools/build.sh", folder, "tests"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode == 0:
        return None
    return Outcome(Job(f"building {folder}", []), done.returncode,
                   done.stdout.decode(errors="backslashreplace"), 0, 1, 0,
                   time.monotonic() - start)


def meson_jobs(folder):
    """The unit tests and corpus replays of a build folder."""
    text = subprocess.run(["meson", "introspect", "--tests", folder],
                          cwd=SOURCE, check=True, capture_output=True).stdout
    for test in json.loads(text):
        suite = test["suite"][0].split(":")[-1]
        yield Job(f"{folder}/{suite}/{test['name']}", test["cmd"],
                  test["timeout"] or LIMIT, test["workdir"] or str(SOURCE),
                  test["env"])


def script_jobs():
    """The tests of the whole program."""
    for pattern in ("*/run.sh", "*/run.py", "*_test.sh", "*_test.py"):
        for path in sorted(TESTS.glob(pattern)):
            if not os.access(path, os.X_OK):
                continue
            with open(path, "rb") as script:
                match = LIMIT_LINE.search(script.read(2000))
            yield Job(str(path.relative_to(SOURCE)), [str(path)],
                      int(match[1]) if match else LIMIT)


def house_jobs():
    """What is asked of the tree rather than of the program."""
    for name in ("layers", "needed", "headers"):
        yield Job(f"tests/{name}.py", [str(TESTS / f"{name}.py")])
    for page in sorted((SOURCE / "man").glob("*.[1-8]")):
        yield Job(f"man/{page.name}",
                  ["mandoc", "-T", "lint", "-W", "warning", str(page)])


def wanted(job, words):
    return not words or any(word in job.name for word in words)


def report(outcome):
    """One line for each test, and its output if it failed."""
    bad = outcome.failed or (NO_SKIP and outcome.skipped)
    word = "FAIL" if bad else "skip" if outcome.status == 77 else "ok"
    counts = outcome.passed + outcome.failed + outcome.skipped
    print(f"{word:4} {outcome.job.name} ({counts} in {outcome.seconds:.1f} s)")
    if bad:
        for line in outcome.output.strip().splitlines()[-400:]:
            print(f"     | {line}")
    sys.stdout.flush()


def main():
    words = sys.argv[1:]
    os.chdir(SOURCE)
    jobs = []
    outcomes = []
    for folder in ("build", "build-asan"):
        failure = build(folder)
        if failure:
            report(failure)
            outcomes.append(failure)
        else:
            jobs += meson_jobs(folder)
    # The others look at the programs, and not at those of another day.
    if not any(outcome.job.name == "building build" for outcome in outcomes):
        jobs += [*house_jobs(), *script_jobs()]

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        started = [pool.submit(run, job) for job in jobs if wanted(job, words)]
        for future in concurrent.futures.as_completed(started):
            outcomes.append(future.result())
            report(outcomes[-1])

    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    print()
    for outcome in outcomes:
        if outcome.failed:
            print(f"failed: {outcome.job.name}")
    for outcome in outcomes:
        if outcome.skipped:
            print(f"skipped: {outcome.job.name}: {outcome.reason}")
    if NO_SKIP and skipped:
        print("here a skipped test is a failed one")
        failed, skipped = failed + skipped, 0
    print(f"{passed} passed, {failed} failed"
          + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
