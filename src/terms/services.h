/* SPDX-License-Identifier: ISC */
/*
 * Lines of services(5) files and of nmap-services files, one at a time:
 *
 *	line	  = [head (*(blanks alias) / blanks frequency rest)]
 *		    [blanks] ["#" comment]
 *	head	  = [blanks] name blanks port "/" protocol
 *	name	  = alias = 1*255(any character but white space and "#")
 *	port	  = 1*DIGIT, 0 to 65535
 *	protocol  = letter *31(letter / DIGIT / "." / "+" / "-" / "_")
 *	frequency = 1*DIGIT ["." 1*DIGIT] / 1*DIGIT "/" 1*DIGIT, at most 1
 *	blanks	  = 1*(space / tab)
 *
 * Text is UTF-8.  A frequency, with anything behind it, stands in nmap's
 * files and must stand there; aliases stand in the others.
 */
#ifndef TERMS_SERVICES_H
#define TERMS_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define SERVICES_NAME_MAX 255	 /* bytes of a name or alias */
#define SERVICES_PROTOCOL_MAX 32 /* bytes */
#define SERVICES_FREQUENCY_MAX 32

/* What is wrong with a line, and where. */
struct services_fault {
	size_t column;	 /* from 1, in bytes */
	const char *why; /* what to do about it, too */
};

/* All spans borrow from the line. */
struct services_line {
	struct span name; /* empty: a line without entry */
	uint16_t port;
	struct span protocol;
	struct span aliases; /* for services_next_alias */
	struct span comment; /* trimmed */
};

struct nmap_line {
	struct span name; /* empty: a line without entry */
	uint16_t port;
	struct span protocol;
	struct span frequency; /* as it stands there */
};

/*
 * A line without its line end.  Returns false, with *fault set and *ret left
 * alone, where it breaks the grammar.
 */
bool services_line_parse(
    struct span line, struct services_line *ret, struct services_fault *fault);
bool nmap_line_parse(
    struct span line, struct nmap_line *ret, struct services_fault *fault);

/* Takes the next alias off *rest; false if there is none left. */
bool services_next_alias(struct span *rest, struct span *ret);

/* Whether a line is one of services(5), be it with an error further on. */
bool services_line_is_likely(struct span line);

#endif
