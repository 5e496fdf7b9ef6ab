/* SPDX-License-Identifier: ISC */
/*
 * An HTTP/1.1 server for sites that answer from memory: requests, responses
 * and the loop, over libmicrohttpd.  It knows nothing of what it serves.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "http/route.h"
#include "http/target.h"
#include "portbook/error.h"

/* One request; borrowed from the server for the time of the handler's call. */
struct http_request {
	enum http_method method;
	struct http_target target;
	void *connection; /* the library's */
};

/* First value of a header field, name in any case; false without one. */
bool http_request_field(
    const struct http_request *request, const char *name, struct span *ret);

/*
 * What goes out.  The server sets it up empty and releases it; handlers fill
 * in what they need.  Of body and file one is used: the file where it is not
 * empty or done is set.
 */
struct http_response {
	int status;
	const char *type;	 /* content type, of static storage */
	struct buf body;	 /* owned */
	struct span file;	 /* borrowed until done is called */
	void (*done)(void *ctx); /* called once; NULL for static storage */
	void *done_ctx;
	const char *policy; /* instead of the site's; NULL: that */
	const char *cache;  /* cache-control, of static storage, or NULL */
	uint64_t modified;  /* seconds since 1970, or 0 if not told */
	char etag[40]; /* with its quotes; "" to have one made of the body */
	struct buf fields; /* owned: name NUL value NUL, by http_field */
};

/*
 * Adds a header field.  A value with a line end or NUL makes the answer a
 * 500: it never reaches the wire.
 */
void http_field(
    struct http_response *response, struct span name, struct span value);

/* The words for a status: "Not Found". */
const char *http_status_text(int status);

/* A site: its routes and what is common to all of them. */
struct http_site {
	const struct http_route *routes;
	size_t route_count;
	const char *policy; /* the content security policy */
	void *ctx;

	/*
	 * Supplies what a route needs as *ret, or fills response and returns
	 * its status; 0 is good.  leave gets *ret back behind the handler.
	 */
	int (*enter)(void *ctx, unsigned needs, struct http_response *response,
	    void **ret);
	void (*leave)(void *ctx, void *entered);

	/*
	 * Fills response for a status from 400 on.  request has no target but
	 * its raw bytes where target.segment_count is 0.  detail says in plain
	 * words what is wrong.
	 */
	void (*refuse)(void *ctx, const struct http_request *request,
	    struct http_response *response, int status, const char *detail);

	/* Once a second, and at SIGHUP; on the thread of http_server_run. */
	void (*tick)(void *ctx, bool asked);
};

struct http_server;

/*
 * Listens on ADDR:PORT ("127.0.0.1:8080", "[::1]:0", "localhost:80") and
 * starts to answer.  SIGTERM, SIGINT and SIGHUP are blocked from then on, in
 * this thread and those it starts.  site is borrowed until the close.
 */
int http_server_open(const char *listen, const struct http_site *site,
    struct http_server **ret, struct portbook_error *err);

/* Where it listens, as a URL without path: "http://127.0.0.1:8080". */
const char *http_server_url(const struct http_server *server);

/* Ticks and waits until SIGTERM or SIGINT. */
void http_server_run(struct http_server *server);

/* Takes no more connections, ends answers under way, frees all; NULL is fine.
 */
void http_server_close(struct http_server *server);

#endif
