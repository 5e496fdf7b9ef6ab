/* SPDX-License-Identifier: ISC */
/*
 * One request and its answer.  The library takes a second Content-Length or
 * Host, and Content-Length beside Transfer-Encoding, without a word; a proxy
 * in front may then see another request than we do.  So these are refused
 * here, and the connection closed.
 */
#include "http/exchange.h"

#include <string.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/banned.h"

/*
 * The library calls for a head, then for each piece of a body, then once
 * more.  An answer to the first call ends the connection, whatever else the
 * client has sent; one to the last leaves it open for the next request.
 */
enum stage { BEGUN, CHECKED, ANSWERED };

struct exchange {
	struct http_request request;
	const char *seen; /* where the library has the target */
	size_t seen_len;
	enum stage stage;
	int status;	   /* of the answer; 0 before there is one */
	uint64_t body_len; /* that goes out */
	char raw[]; /* as much of it as can be taken, and one byte more */
};

/* The header fields that say where a request ends and whom it is for. */
struct framing {
	unsigned fields;
	unsigned hosts;
	unsigned lengths;
	unsigned codings;
	bool body;
	bool broken; /* a name that is none, or a NUL in a value */
};

/* RFC 9110 section 5.6.2; a blank before the colon is no part of one. */
static bool is_token(struct span name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!ascii_is_letter(c) && !ascii_is_digit(c) &&
		    (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
			return false;
	}
	return name.len > 0;
}

static enum MHD_Result look(void *cls, enum MHD_ValueKind kind, const char *key,
    size_t key_len, const char *value, size_t value_len)
{
	struct framing *f = cls;
	struct span name = span_of(key, key_len);
	struct span text = span_of(value, value_len);

	(void)kind;
	f->fields++;
	if (!is_token(name) || memchr(text.ptr, '\0', text.len) != NULL)
		f->broken = true;
	if (span_eq_fold(name, SPAN("host"))) {
		f->hosts++;
	} else if (span_eq_fold(name, SPAN("content-length"))) {
		f->lengths++;
		f->body = f->body || !span_eq(text, SPAN("0"));
	} else if (span_eq_fold(name, SPAN("transfer-encoding"))) {
		f->codings++;
		f->body = true;
	}
	return MHD_YES;
}

static enum http_method method_of(const char *method)
{
	static const struct {
		const char *name;
		enum http_method method;
	} methods[] = {
	    {"GET", HTTP_GET},
	    {"HEAD", HTTP_HEAD},
	    {"POST", HTTP_POST},
	    {"PUT", HTTP_PUT},
	    {"DELETE", HTTP_DELETE},
	    {"OPTIONS", HTTP_OPTIONS},
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].name, method) == 0)
			return methods[i].method;
	return HTTP_OTHER;
}

/*
 * A raw NUL ends the target before the library's own idea of its end, which
 * is right before the version.
 */
static bool target_is_whole(const struct exchange *x, const char *version)
{
	uintptr_t from = (uintptr_t)x->seen, to = (uintptr_t)version;

	return x->seen_len > HTTP_TARGET_MAX || to <= from ||
	       to - from > HTTP_HEAD_MEMORY || to - from == x->seen_len + 1;
}

/* Whether the head may be acted upon: 0, or the status that refuses it. */
static int check_head(struct exchange *x, struct MHD_Connection *mhd,
    const char *version, bool *close, const char **detail)
{
	struct framing f = {0};
	bool old = strcmp(version, "HTTP/1.0") == 0;

	if (!old && strcmp(version, "HTTP/1.1") != 0) {
		*detail = "Only HTTP/1.0 and HTTP/1.1 are spoken here.";
		return 505;
	}
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, look, &f);
	*detail = "The request's header fields contradict each other.";
	if (f.hosts > 1 || f.lengths > 1 || f.codings > 1 ||
	    (f.lengths > 0 && f.codings > 0) || (f.codings > 0 && old))
		return 400;
	*detail = "The request has no Host field.";
	if (f.hosts == 0 && !old)
		return 400;
	*detail = "The request's head is malformed.";
	if (f.broken || !target_is_whole(x, version))
		return 400;
	*detail = "The request has too many header fields.";
	if (f.fields > HTTP_FIELDS_MAX)
		return 431;
	*detail = "A request that reads has no body.";
	if (f.body && (x->request.method & (HTTP_GET | HTTP_HEAD)) != 0)
		return 413;
	*close = f.body;
	return 0;
}

static int read_target(struct exchange *x, const char **detail)
{
	int status =
	    http_target_parse(span_of(x->raw, x->seen_len), &x->request.target);

	if (status == 0)
		return 0;
	x->request.target.segment_count = 0;
	x->request.target.param_count = 0;
	if (status == 414)
		*detail = "The address is too long.";
	else if (status == 404)
		*detail = "There is no such page.";
	else
		*detail = "The address is malformed: a stray % or #, a "
			  "control character, or too many parameters.";
	return status;
}

static void allow(struct http_response *response, unsigned methods)
{
	static const struct {
		unsigned method;
		const char *name;
	} names[] = {
	    {HTTP_GET, "GET"},
	    {HTTP_HEAD, "HEAD"},
	    {HTTP_POST, "POST"},
	    {HTTP_PUT, "PUT"},
	    {HTTP_DELETE, "DELETE"},
	    {HTTP_OPTIONS, "OPTIONS"},
	};
	char storage[64];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((methods & names[i].method) == 0)
			continue;
		if (b.len > 0)
			buf_str(&b, ", ");
		buf_str(&b, names[i].name);
	}
	http_field(response, SPAN("Allow"), buf_span(&b));
}

/* Runs the handler for a request that may be acted upon. */
static void dispatch(const struct http_site *site,
    const struct http_request *request, struct http_response *response)
{
	const struct http_route *route;
	unsigned allowed;
	void *entered = NULL;

	route = http_route_find(site->routes, site->route_count,
	    &request->target, request->method, &allowed);
	if (route == NULL && allowed != 0) {
		allow(response, allowed);
		response->status = 405;
		site->refuse(site->ctx, request, response, 405,
		    "This address can be read, and nothing else.");
		return;
	}
	if (route == NULL) {
		response->status = 404;
		site->refuse(site->ctx, request, response, 404,
		    "There is no page at this address.");
		return;
	}
	response->status =
	    site->enter(site->ctx, route->needs, response, &entered);
	if (response->status != 0)
		return;
	response->status = route->handler(request, response, entered);
	site->leave(site->ctx, entered);
}

static enum MHD_Result answer(const struct http_server *server,
    struct exchange *x, int status, const char *detail, bool close)
{
	const struct http_site *site = server->site;
	struct http_response response;

	response_init(&response);
	if (status == 0)
		status = read_target(x, &detail);
	if (status != 0) {
		response.status = status;
		site->refuse(site->ctx, &x->request, &response, status, detail);
	} else {
		dispatch(site, &x->request, &response);
	}
	return response_send(&response, &x->request, site, close);
}

void exchange_sent(const struct http_request *request, int status, uint64_t len)
{
	struct exchange *x = (struct exchange *)(uintptr_t)request;

	x->status = status;
	x->body_len = request->method == HTTP_HEAD ? 0 : len;
}

static struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

static void set_deadline(struct MHD_Connection *mhd, unsigned seconds)
{
	struct connection *c = connection_of(mhd);

	if (c != NULL)
		atomic_store(&c->deadline, clock_seconds() + seconds);
}

void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *mhd)
{
	struct span raw = span_head(span_str(uri), HTTP_TARGET_MAX + 1);
	struct exchange *x;

	(void)cls;
	(void)mhd;
	x = mem_alloc(1, sizeof(*x) + raw.len);
	if (x == NULL)
		return NULL;
	memcpy(x->raw, raw.ptr, raw.len);
	x->request.target.raw = span_of(x->raw, raw.len);
	x->request.target.segment_count = 0;
	x->request.target.param_count = 0;
	x->seen = uri;
	x->seen_len = raw.len;
	x->stage = BEGUN;
	x->status = 0;
	x->body_len = 0;
	return x;
}

enum MHD_Result exchange_answer(void *cls, struct MHD_Connection *mhd,
    const char *url, const char *method, const char *version,
    const char *upload_data, size_t *upload_data_size, void **con_cls)
{
	struct http_server *server = cls;
	struct exchange *x = *con_cls;
	const char *detail = "";
	bool close = false;
	int status;

	(void)url;
	(void)upload_data;
	if (x == NULL)
		return MHD_NO;
	if (x->stage == ANSWERED) {
		/* A body that nobody asked for; the answer is under way. */
		*upload_data_size = 0;
		return MHD_YES;
	}
	if (x->stage == CHECKED) {
		x->stage = ANSWERED;
		return answer(server, x, 0, "", false);
	}
	atomic_fetch_add(&server->answering, 1);
	set_deadline(mhd, HTTP_ANSWER_SECONDS);
	x->request.method = method_of(method);
	x->request.connection = mhd;
	status = check_head(x, mhd, version, &close, &detail);
	x->stage = status == 0 && !close ? CHECKED : ANSWERED;
	if (x->stage == CHECKED)
		return MHD_YES;
	return answer(server, x, status, detail, true);
}

void exchange_end(void *cls, struct MHD_Connection *mhd, void **con_cls,
    enum MHD_RequestTerminationCode code)
{
	struct http_server *server = cls;
	struct exchange *x = *con_cls;

	(void)code;
	if (x == NULL)
		return;
	if (x->stage != BEGUN)
		atomic_fetch_sub(&server->answering, 1);
	set_deadline(mhd, HTTP_HEAD_SECONDS);
	mem_release(x);
	*con_cls = NULL;
}

bool http_request_field(
    const struct http_request *request, const char *name, struct span *ret)
{
	const char *value = NULL;
	size_t len = 0;

	if (MHD_lookup_connection_value_n(request->connection, MHD_HEADER_KIND,
		name, strlen(name), &value, &len) != MHD_YES ||
	    value == NULL)
		return false;
	*ret = span_of(value, len);
	return true;
}
