/* SPDX-License-Identifier: ISC */
#include "http/outgoing.h"

#include <stdio.h>

#include "base/hash.h"
#include "http/cache.h"
#include "http/date.h"
#include "base/banned.h"

/* Below, the fields that tell of a coding are longer than what it saves. */
#define PACK_MIN 256

/*
 * Above, an answer is compressed when it is asked for again, so that nothing
 * that is made once costs more than this does: 2 ms by gzip.
 */
#define PACK_FIRST_MAX (256 << 10)

struct span response_content(const struct http_response *response)
{
	if (response->done != NULL || response->file.len > 0)
		return response->file;
	return buf_span(&response->body);
}

/* RFC 9110 section 13.1.2: a list of tags, compared weakly, or a star. */
static bool names_etag(struct span list, struct span etag)
{
	while (list.len > 0) {
		struct span tag = span_trim(span_cut(&list, ','));

		if (span_starts(tag, SPAN("W/")))
			tag = span_skip(tag, 2);
		if (span_eq(tag, etag) || span_eq(tag, SPAN("*")))
			return true;
	}
	return false;
}

/* Whether what was modified then is no newer than the date of a field. */
static bool is_since(const char *modified, struct span field)
{
	uint64_t then, asked;

	/* Most clients say what they were told. */
	if (span_eq(field, span_str(modified)))
		return true;
	return http_date_parse(span_str(modified), &then) &&
	       http_date_parse(field, &asked) && then <= asked;
}

bool outgoing_is_known(
    const struct http_request *request, const char *etag, const char *modified)
{
	struct span value;

	if (http_request_field(request, "If-None-Match", &value))
		return names_etag(value, span_str(etag));
	return modified[0] != '\0' &&
	       http_request_field(request, "If-Modified-Since", &value) &&
	       is_since(modified, value);
}

/* What a request says of the answer that it wants, and no other. */
struct guard {
	struct span etag;
	bool asked, met; /* by If-Match, which may come in several lines */
};

/* RFC 9110 section 13.1.1: a list of tags, compared strongly, or a star. */
static enum MHD_Result look_match(void *cls, enum MHD_ValueKind kind,
    const char *key, size_t key_len, const char *value, size_t value_len)
{
	struct guard *guard = cls;
	struct span list = span_of(value, value_len);

	(void)kind;
	if (!span_eq_fold(span_of(key, key_len), SPAN("if-match")))
		return MHD_YES;
	guard->asked = true;
	while (list.len > 0) {
		struct span tag = span_trim(span_cut(&list, ','));

		if (span_eq(tag, guard->etag) || span_eq(tag, SPAN("*")))
			guard->met = true;
	}
	return MHD_YES;
}

bool outgoing_is_wanted(
    const struct http_request *request, const char *etag, const char *modified)
{
	struct guard guard = {.etag = span_str(etag)};
	uint64_t date;
	struct span value;

	if (!request->guarded)
		return true;
	MHD_get_connection_values_n(
	    request->connection, MHD_HEADER_KIND, look_match, &guard);
	if (guard.asked)
		return guard.met;
	/* A date that is none, or where we tell none, does not count. */
	return modified[0] == '\0' ||
	       !http_request_field(request, "If-Unmodified-Since", &value) ||
	       !http_date_parse(value, &date) || is_since(modified, value);
}

struct coding_wish request_wish(
    const struct http_request *request, unsigned offered)
{
	struct span accept = SPAN("");

	http_request_field(request, "Accept-Encoding", &accept);
	return coding_wish(accept, offered);
}

/* Text of one kind or another, which a coding makes smaller. */
static bool is_text(const char *type)
{
	struct span s = span_str(type);

	return span_starts(s, SPAN("text/")) ||
	       span_find(s, SPAN("json")) < s.len ||
	       span_find(s, SPAN("xml")) < s.len ||
	       span_find(s, SPAN("yaml")) < s.len;
}

/* A strong validator: 128 bits of the body's bytes, and the coding. */
static void set_etag(const struct http_response *response, struct outgoing *out)
{
	static const char *const endings[HTTP_CODINGS] = {"", "-g", "-z"};
	struct span s = response_content(response),
		    given = span_str(response->etag);

	if (given.len < 2)
		snprintf(out->etag, sizeof(out->etag), "\"%016llx%016llx%s\"",
		    (unsigned long long)hash_bytes(s.ptr, s.len, 1),
		    (unsigned long long)hash_bytes(s.ptr, s.len, 2),
		    endings[out->coding]);
	else
		snprintf(out->etag, sizeof(out->etag), "%.*s%s\"",
		    (int)given.len - 1, given.ptr, endings[out->coding]);
}

void outgoing_choose(const struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    bool again, struct outgoing *out)
{
	struct coding_wish wish;
	unsigned ready = 1;
	size_t len;

	out->bytes = response_content(response);
	len = out->bytes.len;
	if (response->modified > 0)
		http_date_format(
		    response->modified, out->modified, sizeof(out->modified));
	if (response->status != 200)
		return;
	for (unsigned i = HTTP_GZIP; i < HTTP_CODINGS; i++)
		ready |= (response->packed[i].len > 0 ? 1U : 0U) << i;
	if (ready > 1) {
		out->varies = true;
		out->coding = request_wish(request, ready).best;
	} else if (site->cache != NULL && is_text(response->type)) {
		out->varies = true;
		wish = request_wish(request, CODINGS_ALL);
		if (wish.never_plain ||
		    (len >= PACK_MIN && (again || len <= PACK_FIRST_MAX)))
			out->coding = wish.best;
	}
	set_etag(response, out);
}

void outgoing_pack(const struct http_response *response,
    const struct http_site *site, struct outgoing *out)
{
	if (out->coding == HTTP_IDENTITY)
		return;
	if (response->packed[out->coding].len > 0) {
		out->bytes = response->packed[out->coding];
		return;
	}
	buf_init(&out->made);
	if (coders_pack(cache_coders(site->cache), out->coding, out->bytes,
		&out->made) == 0) {
		out->bytes = buf_span(&out->made);
		return;
	}
	out->coding = HTTP_IDENTITY;
	set_etag(response, out);
}
