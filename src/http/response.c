/* SPDX-License-Identifier: ISC */
/*
 * An answer's way out: made into the library's, kept for the next one who
 * asks if it is worth that, and queued.
 */
#include "http/exchange.h"

#include "base/mem.h"
#include "http/cache.h"
#include "http/outgoing.h"
#include "http/range.h"
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

static void keep(void *ctx)
{
	(void)ctx;
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
	       response->cache != NULL && !response->passing &&
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
 * too long.  NULL where memory fails.
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
	outgoing_pack(response, site, out);
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
	if (outgoing_is_known(request, kept->etag, kept->modified))
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

	if (site->cache == NULL || request->guarded ||
	    (request->method & (HTTP_GET | HTTP_HEAD)) == 0 ||
	    http_request_field(request, MHD_HTTP_HEADER_RANGE, &range))
		return false;
	wish = request_wish(request, CODINGS_ALL);
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

/* What says why the answer cannot be had, in its place. */
static void replace(struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    struct outgoing *out, int status, const char *detail)
{
	response_release(response);
	response_init(response);
	buf_release(&out->made);
	*out = (struct outgoing){.bytes = SPAN("")};
	response->status = status;
	site->refuse(site->ctx, request, response, status, detail);
	out->bytes = response_content(response);
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
		replace(response, request, site, out, 416,
		    "There is nothing at this range.");
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

	outgoing_pack(response, site, out);
	if (response->status == 200 &&
	    !outgoing_is_wanted(request, out->etag, out->modified))
		replace(response, request, site, out, 412,
		    "This is not what If-Match or If-Unmodified-Since asks "
		    "for: it has changed.");
	if (response->status == 200 &&
	    outgoing_is_known(request, out->etag, out->modified)) {
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
		wish = request_wish(request, CODINGS_ALL);
		again =
		    cache_admits(site->cache, request->target.raw, wish.best);
	}
	again = again && response_content(response).len <= CACHE_BODY_MAX;
	outgoing_choose(response, request, site, again, &out);
	if (again && !close && !wish.never_plain && !request->guarded &&
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
