#!/usr/bin/env python3
"""annotate beside cat, wc -l and mawk with a hash, over the same flow lines.

usage: annotate.py BUILD REGISTRY TMP

BUILD has the programs, REGISTRY is an official XML file, TMP a folder for
what is needed meanwhile.  docs/bench.md says what is compared.

    ANNOTATE_MB=N      megabytes of lines (200)
    ANNOTATE_ROUNDS=N  samples of each (7; mawk gets one)
    BENCH_CLOCK=cpu    processor time instead of the clock
"""

import hashlib
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

MB = int(os.environ.get("ANNOTATE_MB", 200))
ROUNDS = int(os.environ.get("ANNOTATE_ROUNDS", 7))
CPU = os.environ.get("BENCH_CLOCK") == "cpu"
HERE = pathlib.Path(__file__).resolve().parent
MAWK = ("NR == FNR { name[$1] = $2; next } { key = $8 \"/\" $7; "
        "print $0, (key in name) ? name[key] : \"-\" }")
WC_GOAL, MAWK_GOAL = 0.4, 10


def run(command, out, only=None):
    """Seconds and peak kilobytes of a program."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, stdout=out, stdin=subprocess.DEVNULL,
        preexec_fn=only and (lambda: os.sched_setaffinity(0, only)))
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("%s: exit status %d" % (command[0], process.returncode))
    if CPU:
        took = usage.ru_utime + usage.ru_stime
    return took, usage.ru_maxrss


def digest(command, tmp):
    """What a program writes, as a digest."""
    with open(tmp / "answer", "w+b") as out:
        run(command, out)
        out.seek(0)
        return hashlib.file_digest(out, "sha256").hexdigest()


def goal(met):
    return "yes" if met else "NO"


def main():
    build, registry, tmp = (pathlib.Path(p) for p in sys.argv[1:4])
    portbook, state = str(build / "portbook"), str(tmp / "annotate-state")
    subprocess.run([portbook, "import", "-q", "--state", state, registry],
                   check=True)
    ask = [portbook, "-q", "--registry", state, "annotate", "--protocol", "8"]
    flow, short, table = tmp / "flow", tmp / "flow-short", tmp / "table"
    with open(flow, "wb") as out:
        subprocess.run([HERE / "annotate_lines.py", str(MB)], stdout=out,
                       check=True)
    with open(flow, "rb") as lines:
        short.write_bytes(lines.read(flow.stat().st_size // 10))
    # The hash of mawk: every port that has a name.
    ports = "".join("%d/%d\n" % (protocol, port) for protocol in (6, 17)
                    for port in range(65536))
    named = subprocess.run(
        [*ask[:-1], "1", "--port", "2", "--input", "space", "--no-header"],
        input=ports.replace("/", " "), capture_output=True, text=True,
        check=True).stdout
    table.write_text("".join(
        "%s/%s %s\n" % tuple(line.split(" ", 2))
        for line in named.splitlines() if not line.endswith(" -")))
    one = [*ask, "--port", "7", flow]
    mawk = ["mawk", MAWK, table, flow]
    if shutil.which("mawk") is None:
        print("mawk is not there (apt-get install mawk)", file=sys.stderr)
        mawk = None
    elif digest(one, tmp) != digest(mawk, tmp):
        sys.exit("annotate and mawk write different lines")

    takes_part = {
        "wc -l": ["wc", "-l", flow],
        "cat": ["cat", flow],
        "annotate, a port": one,
        "two ports": [*ask, "--port", "6,7", flow],
        "two, --guess": [*ask, "--port", "6,7", "--guess", flow],
        "--add, all": [*ask, "--port", "7", "--add",
                       "state,class,description", flow],
    }
    cpus = sorted(os.sched_getaffinity(0))
    here = {int(os.environ.get("BENCH_CPU", cpus[-1]))}
    samples = {name: [] for name in takes_part}
    peak = {}
    with open(os.devnull, "wb") as null:
        for _ in range(ROUNDS):
            for name, command in takes_part.items():
                took, peak[name] = run(command, null, here)
                samples[name].append(took)
        if mawk:
            samples["mawk"] = [run(mawk, null, here)[0]]
        jobs = len(cpus)
        if jobs > 1:
            name = "a port, --jobs %d" % jobs
            samples[name] = [run([*one, "--jobs", str(jobs)], null)[0]
                             for _ in range(ROUNDS)]
        _, less = run([*ask, "--port", "7", short], null, here)
    size = flow.stat().st_size
    speed = {name: size / statistics.median(took) / 1e6
             for name, took in samples.items()}
    print("\nannotate: %d MB of flow lines to /dev/null, %s" %
          (size // 1000000, "processor time" if CPU else "by the clock"))
    for name, rate in speed.items():
        print("  %-20s %7.0f MB/s  %5.2f of wc -l" %
              (name, rate, rate / speed["wc -l"]))
    ours = speed["annotate, a port"]
    share = ours / speed["wc -l"]
    print("  at least %.1f of wc -l: %s (%.2f)" %
          (WC_GOAL, goal(share >= WC_GOAL), share))
    if mawk:
        times = ours / speed["mawk"]
        print("  at least %d times mawk: %s (%.1f)" %
              (MAWK_GOAL, goal(times >= MAWK_GOAL), times))
    more = peak["annotate, a port"] - less
    print("  memory for ten times the lines: %+d kB of %d kB: %s" %
          (more, less, goal(abs(more) < 1024)))
    for path in (flow, short, table, tmp / "answer"):
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
