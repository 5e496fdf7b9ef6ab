/* SPDX-License-Identifier: ISC */
/*
 * Which handler answers an address: a table, gone through from its start.
 *
 *	/api/v1/lookup	this path and no other
 *	/port/ *	(without the blank) one more segment, not empty
 *	/record/ **	(without the blank) one or more segments
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "http/target.h"

/* Methods, as bits.  HEAD goes wherever GET goes. */
enum http_method {
	HTTP_GET = 1,
	HTTP_HEAD = 2,
	HTTP_POST = 4,
	HTTP_PUT = 8,
	HTTP_DELETE = 16,
	HTTP_OPTIONS = 32,
	HTTP_OTHER = 64,
};

struct http_request;
struct http_response;

/*
 * Fills response and returns its status.  ctx is what the site's enter gave.
 * Handlers run on many threads at a time, neither block nor open files.
 */
typedef int http_handler(const struct http_request *request,
    struct http_response *response, void *ctx);

struct http_route {
	unsigned methods;
	const char *pattern;
	http_handler *handler;
	unsigned needs; /* bits of the site's own, given to its enter */
};

/*
 * The route for a target and a method, or NULL; *allowed is then the methods
 * that the path has, 0 if there is no such path.
 */
const struct http_route *http_route_find(const struct http_route *routes,
    size_t count, const struct http_target *target, enum http_method method,
    unsigned *allowed);

#endif
