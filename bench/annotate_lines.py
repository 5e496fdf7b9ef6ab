#!/usr/bin/env python3
"""Writes flow lines as Amazon's VPC flow logs have them, always the same.

usage: annotate_lines.py MEGABYTES

Version 2 of the format, the ports in columns 6 and 7, the protocol in 8.
Three of four flows come from a client: one port is an ephemeral one and the
other that of some service, few services having most of the flows.
"""

import random
import sys

SERVICES = (443, 443, 443, 443, 53, 53, 80, 22, 123, 3306, 5432, 6379, 8080,
            9092, 25, 993, 5353, 161, 389, 88)
BLOCK = 40000  # lines that are made; the file repeats them


def line(rng):
    service = rng.choice(SERVICES)
    if rng.random() < 0.25:
        service = rng.randrange(65536)
    ports = [service, rng.randrange(32768, 61000)]
    if rng.random() < 0.5:
        ports.reverse()
    protocol = rng.choice((6, 6, 6, 17, 17)) if rng.random() < 0.98 else 1
    packets = rng.randrange(1, 2000)
    start = 1755475200 + rng.randrange(86400)
    addresses = ["10.%d.%d.%d" % tuple(rng.randrange(256) for _ in "abc")
                 for _ in "ab"]
    return "2 123456789010 eni-%017x %s %s %d %d %d %d %d %d %d %s OK\n" % (
        rng.getrandbits(66), *addresses, *ports, protocol, packets,
        packets * rng.randrange(40, 1500), start, start + rng.randrange(600),
        rng.choice(("ACCEPT", "ACCEPT", "ACCEPT", "REJECT")))


def main():
    rng = random.Random("flow lines")
    wanted = int(sys.argv[1]) * 1000 * 1000
    block = "".join(line(rng) for _ in range(BLOCK)).encode()
    while wanted > 0:
        part = block if wanted >= len(block) else \
            block[:block.rfind(b"\n", 0, wanted) + 1]
        if not part:
            break
        sys.stdout.buffer.write(part)
        wanted -= len(part)


if __name__ == "__main__":
    main()
