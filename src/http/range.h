/* SPDX-License-Identifier: ISC */
/* A part of an answer (RFC 9110 section 14): one range of bytes, no more. */
#ifndef HTTP_RANGE_H
#define HTTP_RANGE_H

#include "http/http.h"

struct range {
	uint64_t first;
	uint64_t count; /* 0: it asks for nothing that is there */
};

/*
 * Reads "bytes=2-5", "bytes=2-" or "bytes=-5" against so many bytes; false
 * for what is none of them or more than one, which are answered in full.
 */
bool range_parse(struct span value, uint64_t len, struct range *ret);

/*
 * Whether a request asks for a range of an answer with these validators: an
 * If-Range must name one of them exactly.
 */
bool range_asked(const struct http_request *request, const char *etag,
    const char *modified, uint64_t len, struct range *ret);

/* Appends the value of Content-Range. */
void range_format(struct buf *out, const struct range *range, uint64_t len);

#endif
