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
#include "http/coding.h"
#include "http/route.h"
#include "http/target.h"
#include "portbook/error.h"

/* One request; borrowed from the server for the time of the handler's call. */
struct http_request {
	enum http_method method;
	struct http_target target;
	bool guarded;	  /* it has If-Match or If-Unmodified-Since */
	void *connection; /* the library's */
};

/* First value of a header field, name in any case; false without one. */
bool http_request_field(
    const struct http_request *request, const char *name, struct span *ret);

/*
 * What goes out.  The server sets it up empty and releases it; handlers fill
 * in what they need.  Of body and file one is used: the file where it is not
 * empty or done is set.
 *
 * An answer 200 whose cache-control lets others store it (anything but NULL,
 * no-store and private), that has no field Vary and is not said to be passing
 * must depend on nothing but the target and what the site serves: it may be
 * kept and sent again for as long as that is served.  Text,
 * JSON and XML go out compressed to whoever takes that; the ETag given then
 * gets an ending for the coding.
 */
struct http_response {
	int status;
	const char *type;		  /* content type, of static storage */
	struct buf body;		  /* owned */
	struct span file;		  /* borrowed until done is called */
	struct span packed[HTTP_CODINGS]; /* the file in other codings, if any;
					     borrowed likewise */
	void (*done)(void *ctx); /* called once; NULL for static storage */
	void *done_ctx;
	const char *policy; /* instead of the site's; NULL: that */
	const char *cache;  /* cache-control, of static storage, or NULL */
	uint64_t modified;  /* seconds since 1970, or 0 if not told */
	char etag[40]; /* with its quotes; "" to have one made of the body */
	struct buf fields; /* owned: name NUL value NUL, by http_field */
	bool ranges;	   /* a part of it may be asked for */
	bool passing;	   /* it tells of the time: never kept here */

	/* The server's own. */
	const struct http_route *route;
	uint64_t edition; /* of the cache, when the request came */
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
	const char *policy;	  /* the content security policy */
	struct http_cache *cache; /* borrowed; NULL: nothing is kept, and only
				     packed goes out compressed */
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

	/*
	 * Appends what the site counts to the server's own answer at
	 * /metrics; without it there is no such address.
	 */
	void (*metrics)(void *ctx, struct buf *out);
};

/*
 * For a site's metrics: the two lines that begin one, one whole metric
 * without labels, and NAME="VALUE", escaped, within the braces of one.
 */
void http_metric_head(
    struct buf *out, const char *name, const char *type, const char *help);
void http_metric(struct buf *out, const char *name, const char *type,
    const char *help, uint64_t value);
void http_metric_label(struct buf *out, const char *name, struct span value);

/* How a server is to run; HTTP_USUAL are the usual ones. */
struct http_options {
	const char *listen;   /* ADDR:PORT; of no use where there is a socket */
	int socket;	      /* one that listens, or -1; the server's then */
	unsigned connections; /* in all; 0: 10,000 or what the system allows */
	unsigned per_address; /* connections of one client; 0: no limit */
	unsigned rate;	      /* requests a second of one; 0: no limit */
	unsigned burst;	      /* requests of one at once */
	bool limit_local;     /* these three hold for this machine too */
	const char *access_log; /* a file, "-" or NULL; borrowed */
};

#define HTTP_USUAL                                                             \
	((struct http_options){.listen = "127.0.0.1:8080",                     \
	    .socket = -1,                                                      \
	    .per_address = HTTP_PER_ADDRESS,                                   \
	    .rate = HTTP_RATE,                                                 \
	    .burst = HTTP_BURST})

struct http_server;

/*
 * Listens on ADDR:PORT ("127.0.0.1:8080", "[::1]:0", "localhost:80") or on
 * the socket given, and starts to answer.  SIGTERM, SIGINT and SIGHUP are
 * blocked from then on, in this thread and those it starts, and the process
 * may have as many descriptors as the system lets it.  site is borrowed until
 * the close.  A socket given is closed in any case.
 */
int http_server_open(const struct http_options *options,
    const struct http_site *site, struct http_server **ret,
    struct portbook_error *err);

/*
 * Where it listens, as a URL without path: "http://127.0.0.1:8080"; a local
 * socket by its path: "unix:/run/portbook.sock".
 */
const char *http_server_url(const struct http_server *server);

/* Ticks and waits until SIGTERM or SIGINT; SIGHUP opens the log anew. */
void http_server_run(struct http_server *server);

/*
 * Takes no more connections, waits for the answers under way, at most
 * HTTP_STOP_SECONDS or until a further SIGTERM or SIGINT, and frees all; NULL
 * is fine.
 */
void http_server_close(struct http_server *server);

#endif
