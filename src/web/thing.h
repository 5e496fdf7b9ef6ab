/* SPDX-License-Identifier: ISC */
/*
 * What the pages of one thing have in common: links to others, records in
 * full, what happened, and what to say of a thing that is not there.
 */
#ifndef WEB_THING_H
#define WEB_THING_H

#include "base/arena.h"
#include "search/history.h"
#include "web/ask.h"
#include "web/routes.h"
#include "web/steps.h"

/* Events that a page tells; all of them are one link away. */
#define THING_EVENTS 10U

/* Rows of one port or name that a page shows; few have more than six. */
#define THING_ROWS 64U

/*
 * What a page borrows while it is made.  Storage is the caller's, and must not
 * be moved; all spans and links made here are good until thing_end.
 */
struct thing {
	const struct edition *edition;
	const struct image *image;
	struct as_of as_of;
	struct arena arena;
	struct buf scratch;
	struct anchors anchors;
	struct link self; /* the address to keep */
	bool failed;	  /* out of memory */
	struct image_event events[THING_EVENTS];
	struct page_change changes[THING_EVENTS];
	struct page_version versions[THING_EVENTS];
};

/* For a version that is known. */
void thing_init(
    struct thing *t, const struct edition *edition, const struct as_of *as_of);

/* Reads as-of; as ask_as_of.  thing_end is due either way. */
int thing_begin(struct thing *t, const struct edition *edition,
    const struct http_target *target, struct portbook_error *err);
void thing_end(struct thing *t);

/* What is in scratch, kept; scratch is empty then. */
struct span thing_keep(struct thing *t);

/* Rich text as plain text. */
struct span thing_plain(struct thing *t, struct span rich);

/* The first count items of size bytes, zeroed; NULL when out of memory. */
void *thing_alloc(struct thing *t, size_t count, size_t size);

/* Addresses, with the date asked for. */
struct link thing_link(struct thing *t, const char *path);
struct link thing_port(
    struct thing *t, struct port_range range, enum protocol protocol);
struct link thing_service(struct thing *t, struct span name);
struct link thing_record(struct thing *t, struct span key);
struct link thing_person(struct thing *t, struct span id);

/* "443", "443/tcp", "8000-8010". */
void thing_put_port(
    struct buf *b, struct port_range range, enum protocol protocol);

/* The key of a row of the image. */
struct span thing_key(struct thing *t, const struct image_row *row);

/* A row's name without blanks around it. */
struct span thing_name(const struct thing *t, const struct image_row *row);

/* Row n in full. */
void thing_entry(struct thing *t, uint32_t n, struct page_entry *ret);

/* The same of rows, as many as *count, in an array; NULL without memory. */
struct page_entry *thing_entries(
    struct thing *t, const uint32_t *rows, size_t count);

/*
 * The part of rows that a page shows, and the steps to the other pages, which
 * are kept in steps.  Beyond the last page there is nothing.  The caption is
 * the caller's.  Returns the first row shown, or NULL.
 */
const uint32_t *thing_part(struct thing *t, const uint32_t *rows, size_t total,
    uint64_t page, struct steps *steps, struct page_part *ret);

/*
 * Puts records together that differ in their transport alone, each behind the
 * first one as its twin.
 */
void thing_pair(struct page_entry *entries, size_t count);

/* "not listed": a state in a text. */
struct span thing_state(enum state state);

/*
 * The last events of a story, with the name that /changes has for it; told
 * under kinds (EVENT_BIT).
 */
void thing_history(struct thing *t, const struct story *story,
    struct span filter, struct span value, uint32_t kinds,
    struct page_history *ret);

/* Fills the frame; title is what is in scratch. */
void thing_frame(struct thing *t, struct page_frame *ret);

/* The same page of the newest version. */
struct link thing_today(const struct thing *t);

/*
 * A handler whose answer is about one thing: with what the request says of
 * as-of in t, or a refusal without asking.
 */
typedef int thing_answerer(struct thing *t, const struct http_request *request,
    struct http_response *response);
int thing_handle(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    thing_answerer *answer);

/* Ends one: status with the page that is in response->body, or 503. */
int thing_answer(struct thing *t, const struct http_request *request,
    struct http_response *response, int status);

/* A redirect; *to must not be the page of somebody else. */
int thing_redirect(struct thing *t, struct http_response *response, int status,
    struct link to);

/* A redirect into the API: path there, behind /api/v1/, is in scratch. */
int thing_json(struct thing *t, struct http_response *response);

/* 404 with words; all of them are good until thing_end. */
int thing_missing(struct thing *t, const struct http_request *request,
    struct http_response *response, struct span title, struct span detail,
    const struct page_word *words, size_t count);

/* Takes ".json" off the end; false where it is not there. */
bool thing_is_json(struct span *text);

/*
 * The parts of a path behind its first, with slashes between them, decoded:
 * "443/tcp/https".  A slash at its end is left out.
 */
struct span thing_path(struct thing *t, const struct http_target *target);

#endif
