/* SPDX-License-Identifier: ISC */
/*
 * One request and its answer.  The library takes a second Content-Length or
 * Host, and Content-Length beside Transfer-Encoding, without a word; a proxy
 * in front may then see another request than we do.  So these are refused
 * here, and the connection closed.
 */
#include "http/exchange.h"

#include <string.h>
#include <time.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "http/cache.h"
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
	unsigned wait; /* seconds: the client asks too fast; 0: it does not */
	int status;    /* of the answer; 0 before there is one */
	uint64_t body_len; /* that goes out */
	uint64_t start;	   /* when the head was whole, in nanoseconds */
	const struct http_route *route; /* or NULL */
	char method[16];
	char version[16];
	char raw[]; /* as much of it as can be taken, and one byte more */
};

/* The header fields that say where a request ends and whom it is for. */
struct framing {
	unsigned fields;
	unsigned hosts;
	unsigned lengths;
	unsigned codings;
	bool body;
	bool guarded; /* by a condition that few requests have */
	bool broken;  /* a name that is none, or a NUL in a value */
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
	} else if (span_eq_fold(name, SPAN("if-match")) ||
		   span_eq_fold(name, SPAN("if-unmodified-since"))) {
		f->guarded = true;
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
	x->request.guarded = f.guarded;
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

static int tell_metrics(
    const struct http_server *server, struct http_response *response)
{
	const struct metrics_now now = {
	    .connections = atomic_load(&server->connections.count),
	    .connections_max = server->connections.max,
	    .answering = atomic_load(&server->answering),
	    .log_dropped = access_log_dropped(server->log),
	};

	response->type = "text/plain; version=0.0.4; charset=utf-8";
	response->cache = "no-store";
	metrics_write(server->metrics, &now, &response->body);
	server->site->metrics(server->site->ctx, &response->body);
	return 200;
}

static const struct http_route *find_route(const struct http_site *site,
    const struct http_request *request, unsigned *allowed)
{
	const struct http_route *route = NULL;

	*allowed = 0;
	if (site->metrics != NULL)
		route = http_route_find(&metrics_route, 1, &request->target,
		    request->method, allowed);
	if (route == NULL && *allowed == 0)
		route = http_route_find(site->routes, site->route_count,
		    &request->target, request->method, allowed);
	return route;
}

/* Runs the handler for a request that may be acted upon. */
static void dispatch(const struct http_server *server, struct exchange *x,
    struct http_response *response)
{
	const struct http_site *site = server->site;
	const struct http_request *request = &x->request;
	unsigned allowed;
	void *entered = NULL;

	x->route = find_route(site, request, &allowed);
	if (x->route == NULL && allowed != 0) {
		allow(response, allowed);
		response->status = 405;
		site->refuse(site->ctx, request, response, 405,
		    "This address can be read, and nothing else.");
		return;
	}
	if (x->route == NULL) {
		response->status = 404;
		site->refuse(site->ctx, request, response, 404,
		    "There is no page at this address.");
		return;
	}
	if (x->route == &metrics_route) {
		response->status = tell_metrics(server, response);
		return;
	}
	response->status =
	    site->enter(site->ctx, x->route->needs, response, &entered);
	if (response->status != 0)
		return;
	response->status = x->route->handler(request, response, entered);
	site->leave(site->ctx, entered);
}

static void ask_to_wait(struct http_response *response, unsigned seconds)
{
	char storage[16];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	buf_u64(&b, seconds);
	http_field(response, SPAN("Retry-After"), buf_span(&b));
}

static enum MHD_Result answer(const struct http_server *server,
    struct exchange *x, int status, const char *detail, bool close)
{
	const struct http_site *site = server->site;
	struct http_response response;
	enum MHD_Result sent;

	close = close || atomic_load(&server->stopping);
	if (status == 0 && !close && x->wait == 0 &&
	    response_kept(&x->request, site, &x->route, &sent))
		return sent;
	response_init(&response);
	if (site->cache != NULL)
		response.edition = cache_edition(site->cache);
	if (status == 0)
		status = read_target(x, &detail);
	if (status == 0 && x->wait > 0) {
		status = 429;
		detail = "Too many requests in too short a time.";
		ask_to_wait(&response, x->wait);
	}
	if (status != 0) {
		response.status = status;
		site->refuse(site->ctx, &x->request, &response, status, detail);
	} else {
		dispatch(server, x, &response);
		response.route = x->route;
	}
	return response_send(&response, &x->request, site, close);
}

void exchange_sent(const struct http_request *request, int status, uint64_t len)
{
	struct exchange *x = (struct exchange *)(uintptr_t)request;

	x->status = status;
	x->body_len = request->method == HTTP_HEAD ? 0 : len;
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
	x->request.guarded = false;
	x->seen = uri;
	x->seen_len = raw.len;
	x->stage = BEGUN;
	x->wait = 0;
	x->status = 0;
	x->body_len = 0;
	x->route = NULL;
	return x;
}

/* As much of it as there is room for, at each request: no printf. */
static void copy_word(char *out, size_t cap, const char *word)
{
	size_t len = strnlen(word, cap - 1);

	memcpy(out, word, len);
	out[len] = '\0';
}

/* At a request's whole head. */
static void begin_answer(struct http_server *server, struct exchange *x,
    struct MHD_Connection *mhd, const char *method, const char *version)
{
	struct connection *c = connection_of(mhd);

	x->start = clock_nanoseconds();
	atomic_fetch_add(&server->answering, 1);
	connection_allow(c, true, HTTP_ANSWER_SECONDS);
	x->request.method = method_of(method);
	x->request.connection = mhd;
	copy_word(x->method, sizeof(x->method), method);
	copy_word(x->version, sizeof(x->version), version);
	if (c == NULL)
		return;
	x->wait = clients_charge(&server->clients, &c->client, x->start);
	if (x->wait > 0)
		metrics_event(server->metrics, METRICS_LIMITED);
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
	begin_answer(server, x, mhd, method, version);
	status = check_head(x, mhd, version, &close, &detail);
	x->stage = status == 0 && !close ? CHECKED : ANSWERED;
	if (x->stage == CHECKED)
		return MHD_YES;
	return answer(server, x, status, detail, true);
}

static void log_answer(const struct http_server *server,
    const struct exchange *x, const struct connection *c, bool whole)
{
	const struct access_entry entry = {
	    .client = c != NULL ? c->client : (struct client){0},
	    .seconds = (uint64_t)time(NULL),
	    .method = span_str(x->method),
	    .target = x->request.target.raw,
	    .version = span_str(x->version),
	    .status = x->status,
	    .whole = whole,
	    .bytes = x->body_len,
	};
	char storage[4 * HTTP_TARGET_MAX + 512];
	struct buf b;

	buf_init_fixed(&b, storage, sizeof(storage));
	access_format(&b, &entry);
	access_log_add(server->log, buf_span(&b));
}

/* The answer is out, or will never be. */
static void end_answer(struct http_server *server, const struct exchange *x,
    struct connection *c, bool whole)
{
	if (!whole || x->status == 0)
		metrics_event(server->metrics, METRICS_ABORTED);
	if (x->status != 0)
		metrics_answer(server->metrics, x->route, x->status,
		    whole ? x->body_len : 0, clock_nanoseconds() - x->start);
	if (x->status != 0 && server->log != NULL)
		log_answer(server, x, c, whole);
	atomic_fetch_sub(&server->answering, 1);
}

void exchange_end(void *cls, struct MHD_Connection *mhd, void **con_cls,
    enum MHD_RequestTerminationCode code)
{
	struct http_server *server = cls;
	struct exchange *x = *con_cls;
	struct connection *c = connection_of(mhd);

	if (x == NULL)
		return;
	if (x->stage != BEGUN)
		end_answer(
		    server, x, c, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
	connection_allow(c, false, HTTP_HEAD_SECONDS);
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
