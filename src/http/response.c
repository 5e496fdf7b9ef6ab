/* SPDX-License-Identifier: ISC */
#include "http/exchange.h"

#include <stdio.h>
#include <time.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/banned.h"

void response_init(struct http_response *response)
{
	*response = (struct http_response){.type = "text/plain; charset=utf-8"};
	buf_init(&response->body);
	buf_init(&response->fields);
	response->file = SPAN("");
}

void response_release(struct http_response *response)
{
	buf_release(&response->body);
	buf_release(&response->fields);
	if (response->done != NULL)
		response->done(response->done_ctx);
	response->done = NULL;
}

const char *http_status_text(int status)
{
	const char *text =
	    MHD_get_reason_phrase_for((unsigned)(status > 0 ? status : 0));

	return text != NULL ? text : "Unknown";
}

void http_field(
    struct http_response *response, struct span name, struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] == '\r' || value.ptr[i] == '\n' ||
		    value.ptr[i] == '\0')
			response->fields.failed = true;
	buf_add(&response->fields, name);
	buf_char(&response->fields, '\0');
	buf_add(&response->fields, value);
	buf_char(&response->fields, '\0');
}

static struct span content(const struct http_response *response)
{
	if (response->done != NULL || response->file.len > 0)
		return response->file;
	return buf_span(&response->body);
}

static void keep(void *ctx)
{
	(void)ctx;
}

/* A strong validator: 128 bits of the body's bytes. */
static void make_etag(struct http_response *response)
{
	struct span s = content(response);

	snprintf(response->etag, sizeof(response->etag), "\"%016llx%016llx\"",
	    (unsigned long long)hash_bytes(s.ptr, s.len, 1),
	    (unsigned long long)hash_bytes(s.ptr, s.len, 2));
}

/* RFC 9110 section 5.6.7; the names of days and months are the protocol's. */
static void format_date(uint64_t seconds, char *out, size_t cap)
{
	static const char days[][4] = {
	    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t when = (time_t)seconds;
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	snprintf(out, cap, "%s, %02d %s %04d %02d:%02d:%02d GMT",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
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

/* Whether the client has what we would send (RFC 9110 section 13.2.2). */
static bool is_known(const struct http_response *response,
    const struct http_request *request, const char *modified)
{
	struct span value;

	if (response->status != 200)
		return false;
	if (http_request_field(request, MHD_HTTP_HEADER_IF_NONE_MATCH, &value))
		return names_etag(value, span_str(response->etag));
	return response->modified > 0 &&
	       http_request_field(
		   request, MHD_HTTP_HEADER_IF_MODIFIED_SINCE, &value) &&
	       span_eq(value, span_str(modified));
}

static bool add(struct MHD_Response *out, const char *name, const char *value)
{
	return MHD_add_response_header(out, name, value) == MHD_YES;
}

static bool add_fields(struct MHD_Response *out, struct span rest)
{
	bool good = true;

	while (rest.len > 0 && good) {
		const char *name = span_cut(&rest, '\0').ptr;

		good = add(out, name, span_cut(&rest, '\0').ptr);
	}
	return good;
}

static bool add_common(struct MHD_Response *out,
    const struct http_response *response, const struct http_site *site,
    const char *modified)
{
	return add(out, "Content-Security-Policy",
		   response->policy != NULL ? response->policy
					    : site->policy) &&
	       add(out, "X-Content-Type-Options", "nosniff") &&
	       add(out, "Referrer-Policy", "no-referrer") &&
	       (response->etag[0] == '\0' ||
		   add(out, MHD_HTTP_HEADER_ETAG, response->etag)) &&
	       (response->modified == 0 ||
		   add(out, MHD_HTTP_HEADER_LAST_MODIFIED, modified)) &&
	       (response->cache == NULL ||
		   add(out, MHD_HTTP_HEADER_CACHE_CONTROL, response->cache)) &&
	       add_fields(out, buf_span(&response->fields));
}

/* The body becomes the library's, whether or not that works. */
static struct MHD_Response *take_body(struct http_response *response)
{
	struct span s = content(response);
	void (*done)(void *ctx) = response->done;
	void *ctx = response->done_ctx;
	struct MHD_Response *out;

	if (done == NULL && response->file.len > 0) {
		done = keep;
	} else if (done == NULL) {
		done = mem_release;
		ctx = response->body.ptr;
	}
	out = MHD_create_response_from_buffer_with_free_callback_cls(
	    s.len, (void *)(uintptr_t)s.ptr, done, ctx);
	if (out == NULL)
		done(ctx);
	response->done = NULL;
	buf_init(&response->body);
	return out;
}

/* Where memory fails, one answer is left that needs none of ours. */
static void give_up(struct http_response *response)
{
	response_release(response);
	response_init(response);
	response->status = 500;
	response->etag[0] = '\0';
}

enum MHD_Result response_send(struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    bool close)
{
	struct MHD_Response *out;
	enum MHD_Result result = MHD_NO;
	char modified[64] = "";
	size_t len;

	if (buf_failed(&response->body) || buf_failed(&response->fields) ||
	    response->status < 200 || response->status > 599)
		give_up(response);
	if (response->status == 200 && response->etag[0] == '\0')
		make_etag(response);
	if (response->modified > 0)
		format_date(response->modified, modified, sizeof(modified));
	if (is_known(response, request, modified)) {
		response->status = 304;
		len = 0;
		out = MHD_create_response_from_buffer(
		    0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
	} else {
		len = content(response).len;
		out = take_body(response);
	}
	if (out == NULL)
		goto out;
	if (add_common(out, response, site, modified) &&
	    (response->status == 304 ||
		add(out, MHD_HTTP_HEADER_CONTENT_TYPE, response->type)) &&
	    (!close || add(out, MHD_HTTP_HEADER_CONNECTION, "close")))
		result = MHD_queue_response(
		    request->connection, (unsigned)response->status, out);
	if (result == MHD_YES)
		exchange_sent(request, response->status, len);
	MHD_destroy_response(out);
out:
	response_release(response);
	return result;
}
