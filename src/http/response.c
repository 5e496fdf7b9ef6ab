/* SPDX-License-Identifier: ISC */
/*
 * An answer's way out: its coding, its validators, whether the client has it
 * already, and whether it is worth keeping for the next one who asks.
 */
#include "http/exchange.h"

#include <stdio.h>
#include <time.h>

#include "base/hash.h"
#include "base/mem.h"
#include "http/cache.h"
#include "http/range.h"
#include "base/banned.h"

/* Below, the fields that tell of a coding are longer than what it saves. */
#define PACK_MIN 256

/*
 * Above, an answer is compressed when it is asked for again, so that nothing
 * that is made once costs more than this does: 2 ms by gzip.
 */
#define PACK_FIRST_MAX (256 << 10)

/* What goes out, and what tells of it. */
struct outgoing {
	struct span bytes;
	struct buf made; /* owned: the bytes, where they had to be made */
	enum http_coding coding;
	bool varies; /* with Accept-Encoding */
	char etag[48];
	char modified[32];
};

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
static bool is_known(
    const struct http_request *request, const char *etag, const char *modified)
{
	struct span value;

	if (http_request_field(request, MHD_HTTP_HEADER_IF_NONE_MATCH, &value))
		return names_etag(value, span_str(etag));
	return modified[0] != '\0' &&
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

static bool add_common(struct MHD_Response *mhd,
    const struct http_response *response, const struct http_site *site,
    const struct outgoing *out)
{
	return add(mhd, "Content-Security-Policy",
		   response->policy != NULL ? response->policy
					    : site->policy) &&
	       add(mhd, "X-Content-Type-Options", "nosniff") &&
	       add(mhd, "Referrer-Policy", "no-referrer") &&
	       (out->etag[0] == '\0' ||
		   add(mhd, MHD_HTTP_HEADER_ETAG, out->etag)) &&
	       (out->modified[0] == '\0' ||
		   add(mhd, MHD_HTTP_HEADER_LAST_MODIFIED, out->modified)) &&
	       (response->cache == NULL ||
		   add(mhd, MHD_HTTP_HEADER_CACHE_CONTROL, response->cache)) &&
	       (!out->varies || add(mhd, MHD_HTTP_HEADER_VARY,
				    MHD_HTTP_HEADER_ACCEPT_ENCODING)) &&
	       add_fields(mhd, buf_span(&response->fields));
}

/* The body becomes the library's, whether or not that works. */
static struct MHD_Response *take_body(
    struct http_response *response, struct outgoing *out)
{
	void (*done)(void *ctx) = keep;
	void *ctx = NULL;
	struct MHD_Response *mhd;

	if (out->made.ptr != NULL) {
		done = mem_release;
		ctx = out->made.ptr;
		buf_init(&out->made);
	} else if (response->done != NULL) {
		done = response->done;
		ctx = response->done_ctx;
		response->done = NULL;
	} else if (response->file.len == 0) {
		done = mem_release;
		ctx = response->body.ptr;
		buf_init(&response->body);
	}
	mhd = MHD_create_response_from_buffer_with_free_callback_cls(
	    out->bytes.len, (void *)(uintptr_t)out->bytes.ptr, done, ctx);
	if (mhd == NULL)
		done(ctx);
	return mhd;
}

static struct MHD_Response *checked(struct MHD_Response *mhd, bool good)
{
	if (good || mhd == NULL)
		return mhd;
	MHD_destroy_response(mhd);
	return NULL;
}

static struct MHD_Response *make_full(struct http_response *response,
    const struct http_site *site, struct outgoing *out)
{
	struct MHD_Response *mhd = take_body(response, out);

	return checked(
	    mhd, mhd != NULL && add_common(mhd, response, site, out) &&
		     (!response->ranges || response->status > 206 ||
			 add(mhd, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes")) &&
		     (out->coding == HTTP_IDENTITY ||
			 add(mhd, MHD_HTTP_HEADER_CONTENT_ENCODING,
			     coding_name(out->coding))) &&
		     add(mhd, MHD_HTTP_HEADER_CONTENT_TYPE, response->type));
}

/*
 * The 304, which has what the 200 would say but what describes the body.  The
 * library tells the length that it is given, which must be the 200's (RFC 9110
 * section 8.6), and sends nothing of it.
 */
static struct MHD_Response *make_same(const struct http_response *response,
    const struct http_site *site, const struct outgoing *out)
{
	struct MHD_Response *mhd = MHD_create_response_from_buffer(
	    out->bytes.len, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);

	return checked(
	    mhd, mhd != NULL && add_common(mhd, response, site, out));
}

static struct coding_wish wish_of(
    const struct http_request *request, unsigned offered)
{
	struct span accept = SPAN("");

	http_request_field(request, MHD_HTTP_HEADER_ACCEPT_ENCODING, &accept);
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
	struct span s = content(response), given = span_str(response->etag);

	if (given.len < 2)
		snprintf(out->etag, sizeof(out->etag), "\"%016llx%016llx%s\"",
		    (unsigned long long)hash_bytes(s.ptr, s.len, 1),
		    (unsigned long long)hash_bytes(s.ptr, s.len, 2),
		    endings[out->coding]);
	else
		snprintf(out->etag, sizeof(out->etag), "%.*s%s\"",
		    (int)given.len - 1, given.ptr, endings[out->coding]);
}

/* Which coding, by what the client takes and what is worth the time. */
static void choose(const struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    bool again, struct outgoing *out)
{
	struct coding_wish wish;
	unsigned ready = 1;
	size_t len;

	out->bytes = content(response);
	len = out->bytes.len;
	if (response->modified > 0)
		format_date(
		    response->modified, out->modified, sizeof(out->modified));
	if (response->status != 200)
		return;
	for (unsigned i = HTTP_GZIP; i < HTTP_CODINGS; i++)
		ready |= (response->packed[i].len > 0 ? 1U : 0U) << i;
	if (ready > 1) {
		out->varies = true;
		out->coding = wish_of(request, ready).best;
	} else if (site->cache != NULL && is_text(response->type)) {
		out->varies = true;
		wish = wish_of(request, CODINGS_ALL);
		if (wish.never_plain ||
		    (len >= PACK_MIN && (again || len <= PACK_FIRST_MAX)))
			out->coding = wish.best;
	}
	set_etag(response, out);
}

/* The bytes in the coding chosen; without memory they go as they are. */
static void pack(const struct http_response *response,
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

static bool has_vary(struct span fields)
{
	while (fields.len > 0) {
		if (span_eq_fold(span_cut(&fields, '\0'), SPAN("vary")))
			return true;
		span_cut(&fields, '\0');
	}
	return false;
}

/* Whether it may be sent to others who ask for the same. */
static bool is_lasting(
    const struct http_response *response, const struct http_site *site)
{
	return site->cache != NULL && response->status == 200 &&
	       response->cache != NULL &&
	       !span_starts(span_str(response->cache), SPAN("no-store")) &&
	       !span_starts(span_str(response->cache), SPAN("private")) &&
	       !has_vary(buf_span(&response->fields));
}

/* Memory that was room to grow is given back before it stays for long. */
static void shrink(struct buf *b)
{
	char *less;

	if (b->ptr == NULL || b->len == 0 || b->cap - b->len < b->len / 8)
		return;
	less = mem_resize(b->ptr, b->len, 1);
	if (less == NULL)
		return;
	b->ptr = less;
	b->cap = b->len;
}

/*
 * Makes response an answer that lasts, puts it into the cache unless it is
 * too long, and queues it.
 */
static struct kept *keep_answer(struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    enum http_coding wanted, struct outgoing *out)
{
	struct kept *kept =
	    kept_new(request->target.raw, wanted, response->edition);
	size_t weight = 0;

	if (kept == NULL)
		return NULL;
	pack(response, site, out);
	if (out->made.ptr != NULL) {
		shrink(&out->made);
		out->bytes = buf_span(&out->made);
		weight = out->made.cap;
	} else if (response->done == NULL && response->file.len == 0) {
		shrink(&response->body);
		out->bytes = buf_span(&response->body);
		weight = response->body.cap;
	}
	kept->route = response->route;
	kept->body_len = out->bytes.len;
	memcpy(kept->etag, out->etag, sizeof(kept->etag));
	memcpy(kept->modified, out->modified, sizeof(kept->modified));
	kept->same = make_same(response, site, out);
	kept->full = make_full(response, site, out);
	if (kept->same != NULL && kept->full != NULL)
		cache_add(site->cache, kept, weight);
	return kept;
}

static enum MHD_Result queue(const struct http_request *request,
    struct MHD_Response *mhd, int status, uint64_t len)
{
	enum MHD_Result result = MHD_NO;

	if (mhd != NULL)
		result = MHD_queue_response(
		    request->connection, (unsigned)status, mhd);
	if (result == MHD_YES)
		exchange_sent(request, status, len);
	return result;
}

static enum MHD_Result queue_kept(
    const struct http_request *request, const struct kept *kept)
{
	if (is_known(request, kept->etag, kept->modified))
		return queue(request, kept->same, 304, 0);
	return queue(request, kept->full, 200, kept->body_len);
}

/* Where memory fails, one answer is left that needs none of ours. */
static void give_up(struct http_response *response)
{
	response_release(response);
	response_init(response);
	response->status = 500;
}

bool response_kept(const struct http_request *request,
    const struct http_site *site, const struct http_route **route,
    enum MHD_Result *ret)
{
	struct coding_wish wish;
	struct kept *kept;
	struct span range;

	if (site->cache == NULL ||
	    (request->method & (HTTP_GET | HTTP_HEAD)) == 0 ||
	    http_request_field(request, MHD_HTTP_HEADER_RANGE, &range))
		return false;
	wish = wish_of(request, CODINGS_ALL);
	if (wish.never_plain)
		return false;
	kept = cache_find(site->cache, request->target.raw, wish.best);
	if (kept == NULL)
		return false;
	*route = kept->route;
	*ret = queue_kept(request, kept);
	kept_give(kept);
	return true;
}

/* The part that was asked for, or 416 where there is none such. */
static void cut(struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    struct outgoing *out)
{
	struct range range = {0};
	char text[80];
	struct buf b;

	if (!response->ranges || response->status != 200 ||
	    request->method != HTTP_GET ||
	    !range_asked(
		request, out->etag, out->modified, out->bytes.len, &range))
		return;
	buf_init_fixed(&b, text, sizeof(text));
	range_format(&b, &range, out->bytes.len);
	if (range.count == 0) {
		response_release(response);
		response_init(response);
		*out = (struct outgoing){.bytes = SPAN("")};
		response->status = 416;
		site->refuse(site->ctx, request, response, 416,
		    "There is nothing at this range.");
		out->bytes = content(response);
	} else {
		response->status = 206;
		out->bytes =
		    span_of(out->bytes.ptr + range.first, (size_t)range.count);
	}
	http_field(response, SPAN("Content-Range"), buf_span(&b));
}

static enum MHD_Result send_once(struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    struct outgoing *out, bool close)
{
	struct MHD_Response *mhd;
	enum MHD_Result result;
	size_t len = 0;

	pack(response, site, out);
	if (response->status == 200 &&
	    is_known(request, out->etag, out->modified)) {
		response->status = 304;
		mhd = make_same(response, site, out);
	} else {
		cut(response, request, site, out);
		len = out->bytes.len;
		mhd = make_full(response, site, out);
	}
	mhd = checked(
	    mhd, mhd != NULL &&
		     (!close || add(mhd, MHD_HTTP_HEADER_CONNECTION, "close")));
	result = queue(request, mhd, response->status, len);
	if (mhd != NULL)
		MHD_destroy_response(mhd);
	return result;
}

enum MHD_Result response_send(struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    bool close)
{
	struct outgoing out = {.bytes = SPAN("")};
	struct coding_wish wish = {HTTP_IDENTITY, false};
	struct kept *kept = NULL;
	enum MHD_Result result;
	struct span range;
	bool again = false;

	if (buf_failed(&response->body) || buf_failed(&response->fields) ||
	    response->status < 200 || response->status > 599)
		give_up(response);
	if (is_lasting(response, site)) {
		wish = wish_of(request, CODINGS_ALL);
		again =
		    cache_admits(site->cache, request->target.raw, wish.best);
	}
	again = again && content(response).len <= CACHE_BODY_MAX;
	choose(response, request, site, again, &out);
	if (again && !close && !wish.never_plain &&
	    !http_request_field(request, MHD_HTTP_HEADER_RANGE, &range))
		kept = keep_answer(response, request, site, wish.best, &out);
	if (kept != NULL)
		result = queue_kept(request, kept);
	else
		result = send_once(response, request, site, &out, close);
	kept_give(kept);
	buf_release(&out.made);
	response_release(response);
	return result;
}
