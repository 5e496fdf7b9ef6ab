# SPDX-License-Identifier: ISC
"""What a test found: counted, told where it is wrong, summed up at the end.

tests/run.py reads the last line of finish(), and the status of cannot().
"""
import os
import sys
import threading
import traceback

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# The most of a value that is shown.
SHOWN = 900


class Counts:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.aloud = False  # tells what is right, too
        self.lock = threading.Lock()


counts = Counts()


def place():
    """The lines of the test that led here, the last call first."""
    calls = [(frame.f_code.co_filename, line)
             for frame, line in traceback.walk_stack(None)
             if frame.f_code.co_filename != __file__]
    return " < ".join("%s:%d" % (os.path.basename(path), line)
                      for path, line in calls
                      if os.path.abspath(path).startswith(TESTS))


def check(good, *told):
    """That something is so; told is what, and what there is to see if not."""
    with counts.lock:
        if good:
            counts.passed += 1
            if counts.aloud:
                print("ok", *told[:1], flush=True)
        else:
            counts.failed += 1
            print("FAILED:", *told, "\n    at", place(), flush=True)


def shorter(got, want):
    """Two values without what they have in common, where that is much."""
    if isinstance(got, (set, frozenset)) and isinstance(want, type(got)):
        return sorted(got - want, key=repr), sorted(want - got, key=repr)
    if isinstance(got, (str, bytes, list)) and isinstance(want, type(got)) \
            and max(len(repr(got)), len(repr(want))) > SHOWN:
        at = next((n for n, (a, b) in enumerate(zip(got, want)) if a != b),
                  min(len(got), len(want)))
        at = max(at - (0 if isinstance(got, list) else SHOWN // 4), 0)
        return got[at:], want[at:]
    return got, want


def difference(got, want):
    """Text about two values that are not equal."""
    if isinstance(got, dict) and isinstance(want, dict):
        keys = [key for key in {**got, **want}
                if key not in got or key not in want or got[key] != want[key]]
        return "at %r, one of %d: %s" % (
            keys[0], len(keys), difference(got.get(keys[0], "nothing"),
                                           want.get(keys[0], "nothing")))
    got, want = shorter(got, want)
    return f"\n   got {got!r:.{SHOWN}}\n  want {want!r:.{SHOWN}}"


def same(got, want, *told):
    """That a value is the one wanted."""
    if got == want:
        check(True, *told)
    else:
        check(False, *told, difference(got, want))


def expect(what, got, want):
    """same(), where what is asked is best said first."""
    same(got, want, what)


def claim(what, good, *told):
    """check(), in the same way."""
    check(good, what, *told)


def skip(*why):
    """One thing is left out; why is what, and for which reason."""
    counts.skipped += 1
    print("skipped:", ": ".join(map(str, why)), flush=True)


def cannot(why):
    """Ends a test that has nothing to run on."""
    print("skipped:", why, flush=True)
    sys.exit(77)


def finish():
    """Prints the sum, and returns the exit status."""
    if counts.passed + counts.failed == 0:
        check(False, "nothing was looked at")
    print("%d passed, %d failed%s" % (
        counts.passed, counts.failed,
        ", %d skipped" % counts.skipped if counts.skipped else ""))
    return 1 if counts.failed else 0
