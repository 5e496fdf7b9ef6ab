#!/usr/bin/env python3
"""Asks the C library for every entry of /etc/services, and prints answers.

To be run where /etc/services is the file to be tested.  Reads lines from
standard input and prints a line for each:

    list                 all entries, a line each, then an empty line
    port NUMBER PROTOCOL
    name NAME PROTOCOL

An answer is name, port, protocol and aliases parted by blanks; "-" for none.
"""

import ctypes
import socket
import sys


class Servent(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p),
                ("aliases", ctypes.POINTER(ctypes.c_char_p)),
                ("port", ctypes.c_int),
                ("protocol", ctypes.c_char_p)]


libc = ctypes.CDLL(None)
for call in ("getservent", "getservbyname", "getservbyport"):
    getattr(libc, call).restype = ctypes.POINTER(Servent)


def told(answer):
    if not answer:
        return "-"
    entry, aliases = answer.contents, []
    while entry.aliases[len(aliases)]:
        aliases.append(entry.aliases[len(aliases)])
    words = [entry.name, b"%d" % socket.ntohs(entry.port & 0xffff),
             entry.protocol, *aliases]
    return b" ".join(words).decode()


for line in sys.stdin:
    what, *words = line.split()
    if what == "list":
        libc.setservent(1)
        while answer := libc.getservent():
            print(told(answer))
        libc.endservent()
        print()
    elif what == "port":
        print(told(libc.getservbyport(socket.htons(int(words[0])),
                                      words[1].encode())))
    else:
        print(told(libc.getservbyname(words[0].encode(), words[1].encode())))
