/* SPDX-License-Identifier: ISC */
/* Dates of header fields (RFC 9110 section 5.6.7), in seconds since 1970. */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define HTTP_DATE_LEN 29U /* of one that we write */

/* Writes "Sun, 06 Nov 1994 08:49:37 GMT", ended by NUL, into out. */
void http_date_format(uint64_t seconds, char *out, size_t cap);

/*
 * Reads any of the three forms that recipients have to know:
 *
 *	Sun, 06 Nov 1994 08:49:37 GMT
 *	Sunday, 06-Nov-94 08:49:37 GMT	70 to 99 are of the last century
 *	Sun Nov  6 08:49:37 1994
 *
 * The name of the day is not held against the date.  False for anything else.
 */
bool http_date_parse(struct span text, uint64_t *ret);

#endif
