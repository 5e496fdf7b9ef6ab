/* SPDX-License-Identifier: ISC */
/* A struct servent in a buffer of the caller's, as the C library has it. */
#ifndef NSS_ENTRY_H
#define NSS_ENTRY_H

#include <netdb.h>
#include <stddef.h>

#include "image/line.h"

/* What services(5) calls a transport, and the length of that. */
struct entry_protocol {
	char name[5];
	uint8_t len;
};

extern const struct entry_protocol entry_protocols[PROTOCOL_COUNT];

/*
 * Fills *ret, whose pointers lead into buffer; false, with neither changed,
 * if len bytes are too few.  buffer may begin at any address.
 */
bool entry_fill(const struct image_line *line, struct servent *ret,
    char *buffer, size_t len);

#endif
