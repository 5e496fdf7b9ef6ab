/* SPDX-License-Identifier: ISC */
/*
 * What the server counts, and how that is told: the text format of
 * Prometheus, version 0.0.4.  Counting takes no lock: each processor has
 * numbers of its own, which are summed up when somebody asks.
 */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "http/http.h"

/* Where metrics are told: no route of the site's. */
extern const struct http_route metrics_route;

/* What happens beside answers. */
enum metrics_event {
	METRICS_CONNECTED,
	METRICS_REFUSED, /* too many connections of one client */
	METRICS_EVICTED, /* idle, closed to make room */
	METRICS_LATE,	 /* past a deadline */
	METRICS_LIMITED, /* asked too fast: 429 */
	METRICS_ABORTED, /* the client went before the answer was out */
	METRICS_EVENTS,
};

/* What is so at this moment, told by who knows. */
struct metrics_now {
	uint64_t connections;
	uint64_t connections_max;
	uint64_t answering;
	uint64_t log_dropped;
};

struct metrics;

/* site is borrowed.  NULL where memory fails. */
struct metrics *metrics_new(const struct http_site *site);
void metrics_free(struct metrics *metrics);

/* Any thread may count. */
void metrics_event(struct metrics *metrics, enum metrics_event event);

/*
 * An answer: its route, metrics_route, or NULL where the request had none; its
 * status, bytes of body, and nanoseconds from the whole head to its last byte.
 */
void metrics_answer(struct metrics *metrics, const struct http_route *route,
    int status, uint64_t bytes, uint64_t nanoseconds);

/* Appends all of it. */
void metrics_write(const struct metrics *metrics, const struct metrics_now *now,
    struct buf *out);

#endif
