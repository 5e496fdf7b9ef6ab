#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""An invented registry of N records in the official layout, to standard
output.  The same N gives the same bytes.

    half of the records have a name and no port
    most of the others a name, a port and one of the four transports
    one in a thousand a range of up to ten ports, some no name or transport

so that a port has a row for every hundred thousand records or so, and the
lists of ports stay within the image's limits.  Words of the searches that are
measured occur about as rarely, and in the same places, as in the official
registry.  Nothing in it is anybody's.
"""

import random
import sys

SYLLABLES = [a + b for a in "bcdfghklmnprstvwz" for b in "aeiou"]
PROTOCOLS = ["tcp", "udp", "sctp", "dccp"]
RARE = [
    "Apple Computer", "whois", "http protocol over TLS/SSL",
    "DNS over QUIC", "queries by https", "buzzzz line", "tcp and udp alike",
]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(n):
    text = ""
    while n or not text:
        n, digit = divmod(n, 36)
        text = DIGITS[digit] + text
    return text


class Invented:
    def __init__(self, count):
        self.count = count
        self.random = random.Random(6335)
        self.words = sorted({self.word() for _ in range(6000)})
        self.person_count = max(1, count // 8)

    def word(self):
        count = self.random.choice((2, 2, 3, 3, 4))
        return "".join(self.random.choices(SYLLABLES, k=count))

    def date(self):
        r = self.random
        return "%d-%02d-%02d" % (r.randint(1992, 2026), r.randint(1, 12),
                                 r.randint(1, 28))

    def description(self, i):
        words = self.random.choices(self.words, k=self.random.randint(2, 5))
        if self.random.random() < 0.004:
            words.insert(0, RARE[i % len(RARE)])
        return " ".join(words).capitalize()

    def name(self, i):
        head = self.random.choice(self.words)[:15 - len(base36(i)) - 1]
        return head + "-" + base36(i)

    def ports(self, i):
        """The text of <number>, or None."""
        if i % 2 == 0:
            return None
        first = (i // 2 * 7919) % 65536
        if i % 1000 == 501 and first < 65500:
            return "%d-%d" % (first, first + 1 + i % 9)
        return str(first)

    def record(self, i):
        r = self.random
        attributes = ""
        if r.random() < 0.6:
            attributes = ' date="%s"' % self.date()
        if r.random() < 0.2:
            attributes += ' updated="%s"' % self.date()
        number = self.ports(i)
        nameless = number is not None and i % 400 == 1
        out = ["  <record%s>\n" % attributes]
        if not nameless:
            out.append("    <name>%s</name>\n" % self.names(i))
        if i % 50 != 0:
            out.append("    <protocol>%s</protocol>\n" %
                       PROTOCOLS[0 if i % 3 else r.randrange(4)])
        person = self.person(r.randrange(self.person_count))
        if r.random() < 0.5:
            out.append('    <xref type="person" data="%s"/>\n' % person)
        if r.random() < 0.1:
            out.append('    <xref type="rfc" data="rfc%d"/>\n' %
                       r.randint(700, 9900))
        out.append("    <description>%s</description>\n" %
                   ("Unassigned" if nameless else self.description(i)))
        if number is not None:
            out.append("    <number>%s</number>\n" % number)
        if r.random() < 0.03:
            out.append("    <note>%s</note>\n" % self.description(i))
        out.append("  </record>\n")
        return "".join(out)

    def names(self, i):
        if i % 3 != 2:  # else one more record of the name before
            self.last = self.name(i)
        return self.last

    @staticmethod
    def person(i):
        return "Person_" + base36(i)

    def write(self, out):
        out.write("""<?xml version='1.0' encoding='UTF-8'?>
<registry xmlns="http://www.iana.org/assignments" \
id="service-names-port-numbers">
  <title>Invented Registry</title>
  <category>Invented Names</category>
  <updated>2026-08-17</updated>
  <xref type="rfc" data="rfc6335"/>
""")
        self.last = "first"
        for i in range(self.count):
            out.write(self.record(i))
        out.write("  <people>\n")
        for i in range(self.person_count):
            out.write('    <person id="%s">\n      <name>%s %s</name>\n'
                      '      <uri>mailto:%s&amp;example.net</uri>\n'
                      '    </person>\n' %
                      (self.person(i), self.word().capitalize(),
                       self.word().capitalize(), self.word()))
        out.write("  </people>\n</registry>\n")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit("usage: generate.py RECORDS")
    Invented(int(sys.argv[1])).write(sys.stdout)
