/* SPDX-License-Identifier: ISC */
/*
 * Whole answers, ready to be sent again: all header fields, the body in one
 * coding, and the 304 beside it.  What is kept is bounded in bytes; an answer
 * gets in when it is asked for a second time, so that somebody who asks for
 * many different things once pushes nothing out, and goes when nobody asked
 * for it while the hand went round (CLOCK).  Any thread may call.
 */
#ifndef HTTP_CACHE_H
#define HTTP_CACHE_H

#include <microhttpd.h>
#include <stdatomic.h>
#include <stdint.h>

#include "http/coding.h"
#include "http/route.h"

/* Answers that are longer are never kept. */
#define CACHE_BODY_MAX (1 << 20)

struct http_cache;

/* At most cap bytes, 256 KiB of tables aside.  NULL where memory fails. */
struct http_cache *http_cache_new(size_t cap);

/* Not while a server uses it.  NULL is fine. */
void http_cache_free(struct http_cache *cache);

/*
 * What is served has changed: nothing that was made before is sent to a
 * request that begins when this has returned.
 */
void http_cache_drop(struct http_cache *cache);

struct http_cache_stats {
	uint64_t hits;	    /* answered from here */
	uint64_t misses;    /* could have been, and had to be made */
	uint64_t evictions; /* to make room */
	uint64_t entries;   /* there are now */
	uint64_t bytes;	    /* they take, about */
	uint64_t cap;
};

void http_cache_stats(struct http_cache *cache, struct http_cache_stats *ret);

/* The rest is the server's own. */

/* An answer.  Whoever made it fills in what stands before the line. */
struct kept {
	struct MHD_Response *full; /* owned */
	struct MHD_Response *same; /* owned: the 304 */
	const struct http_route *route;
	uint64_t body_len;
	char etag[48];
	char modified[32]; /* or "" */
	/* ---- */
	atomic_uint references;
	atomic_bool used; /* since the hand was here */
	enum http_coding coding;
	uint64_t edition;
	uint64_t hash;
	size_t weight;
	struct kept *next; /* in its bucket */
	struct kept *ring_next, *ring_prev;
	size_t target_len;
	char target[];
};

/* To be asked before what is served is looked at. */
uint64_t cache_edition(const struct http_cache *cache);

/* To make codings with. */
struct coders *cache_coders(struct http_cache *cache);

/* The answer for a target, with a reference of the caller's, or NULL. */
struct kept *cache_find(
    struct http_cache *cache, struct span target, enum http_coding coding);

/* Counts a miss; whether this was asked for before, lately. */
bool cache_admits(
    struct http_cache *cache, struct span target, enum http_coding coding);

/* An empty one, with one reference, the caller's; NULL where memory fails. */
struct kept *kept_new(
    struct span target, enum http_coding coding, uint64_t edition);
void kept_give(struct kept *kept);

/*
 * Keeps it for others, too, with a reference of the cache's own; weight is the
 * bytes of memory beside its own.  Does nothing where its edition has passed,
 * another was quicker, or it is too heavy.
 */
void cache_add(struct http_cache *cache, struct kept *kept, size_t weight);

#endif
