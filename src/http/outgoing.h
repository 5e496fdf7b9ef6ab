/* SPDX-License-Identifier: ISC */
/* What goes out of a response: its coding, its bytes, its validators. */
#ifndef HTTP_OUTGOING_H
#define HTTP_OUTGOING_H

#include "http/http.h"

struct outgoing {
	struct span bytes;
	struct buf made; /* owned: the bytes, where they had to be made */
	enum http_coding coding;
	bool varies; /* with Accept-Encoding */
	char etag[48];
	char modified[32];
};

/* The file, or else the body, as it is. */
struct span response_content(const struct http_response *response);

struct coding_wish request_wish(
    const struct http_request *request, unsigned offered);

/*
 * Sets up *out: which coding suits the client and is worth the time, and the
 * ETag that goes with it.  again: this was asked for before, lately.
 */
void outgoing_choose(const struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    bool again, struct outgoing *out);

/*
 * The bytes in the coding chosen, made if they have to be; without memory for
 * that they are as they were, with the ETag of that.
 */
void outgoing_pack(const struct http_response *response,
    const struct http_site *site, struct outgoing *out);

/* Whether the client has what we would send (RFC 9110 section 13.2.2). */
bool outgoing_is_known(
    const struct http_request *request, const char *etag, const char *modified);

/*
 * Whether it wants that and nothing else: If-Match and If-Unmodified-Since of
 * the same section, which go before all other conditions.
 */
bool outgoing_is_wanted(
    const struct http_request *request, const char *etag, const char *modified);

#endif
