/* SPDX-License-Identifier: ISC */
/*
 * What all answers of the API share: parameters are checked, the version of
 * the registry is found, and what goes wrong becomes a problem document.
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "terms/query.h"
#include "web/ask.h"
#include "web/routes.h"

#define API "/api/v1"

/* One request to the API; borrowed by whoever answers it. */
struct api_call {
	const struct http_request *request;
	const struct http_target *target;
	struct http_response *response;
	const struct edition *edition;
	const struct image *image;
	struct as_of as_of;
	struct buf *b;	  /* the answer's body */
	struct buf links; /* of the answer's Link field */
};

/*
 * Writes the answer, or fills err and returns its code.  Otherwise returns
 * the status: 200, or what api_missing or api_moved gave.
 */
typedef int api_answer(struct api_call *call, struct portbook_error *err);

/* What an address of the API takes. */
struct api_address {
	const char *const *params; /* ended by NULL; as-of is taken too */
	const char *often;	   /* the one that may come again, or NULL */
	api_answer *answer;
	bool constant; /* it knows no as-of: the same for every version */
};

/* Answers a request; returns the status. */
int api_run(const struct api_address *address,
    const struct http_request *request, struct http_response *response,
    const struct edition *edition);

/* "{"registry": {...}" */
void api_registry(
    struct buf *b, const struct image *image, const struct as_of *as_of);

/* ", "people": [...]": those whom the rows refer to. */
int api_people(struct api_call *call, const uint32_t *rows, size_t count,
    struct portbook_error *err);

/* What is left of the path behind so many segments, slashes between. */
struct span api_rest(
    const struct api_call *call, size_t segments, struct buf *storage);

/*
 * 404, with members of JSON behind the usual ones, each after a comma; the
 * members are the caller's and may be NULL.
 */
int api_missing(
    struct api_call *call, const char *detail, const struct buf *members);

/* ", "last_seen": DATE": the name of a version, or null for IMAGE_NONE. */
void api_last_seen(struct buf *b, const struct image *image, uint32_t version);

/*
 * A redirect to what follows API "/", a path already encoded; the query is
 * kept.
 */
int api_moved(struct api_call *call, int status, struct span path);

/* Appends a decoded text to a path: what may not stand there is escaped. */
void api_path(struct buf *b, struct span text);

/* The address under which all the same answers stand; the date is added. */
void api_canonical(struct api_call *call, struct span path);

/* The pages before and behind, if they are there. */
void api_pages(struct api_call *call, uint64_t page, uint64_t pages);

/* ", "total", "page", "pages"" */
void api_put_pages(
    struct buf *b, uint64_t total, uint64_t page, uint64_t pages);

/* ", "next"": the page behind, or null. */
void api_put_next(struct buf *b, uint64_t page, uint64_t pages);

/* All that a lookup answers, with its registry and people. */
int api_put_lookup(struct api_call *call, struct span text,
    const struct query *query, const struct match *match,
    struct portbook_error *err);

/* Room for the rows of any lookup; released by mem_release. */
int api_match(
    const struct image *image, struct match *ret, struct portbook_error *err);

#endif
