/* SPDX-License-Identifier: ISC */
/* /api/v1/lookup, /ports/... and /services/...: what a lookup finds. */
#include "web/api.h"

#include "base/error.h"
#include "base/mem.h"
#include "image/events.h"
#include "web/people.h"
#include "write/json.h"
#include "base/banned.h"

/* Rows in the answer to one lookup request: the registry twice over. */
#define LOOKUP_ROWS_MAX 40000

#define NEAR_MAX 5

/* ", "near": ["https"]": names of the version asked that are like this one. */
static void put_near(struct api_call *call, struct buf *b, struct span name)
{
	uint32_t rows[NEAR_MAX];
	size_t count = search_near_names(call->image, name, rows, NEAR_MAX);
	const char *sep = "";

	buf_str(b, ", \"near\": [");
	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = image_row(call->image, rows[i]);

		if (row == NULL || !image_row_is_in(row, call->as_of.version))
			continue;
		buf_str(b, sep);
		json_text(b, image_text(call->image, row->text[FIELD_NAME]));
		sep = ", ";
	}
	buf_char(b, ']');
}

int api_put_lookup(struct api_call *call, struct span text,
    const struct query *query, const struct match *match,
    struct portbook_error *err)
{
	int code;

	api_registry(call->b, call->image, &call->as_of);
	json_lookup(
	    call->b, call->image, text, query, match, call->as_of.version);
	if (query->kind == QUERY_NAME && match->count == 0)
		put_near(call, call->b, query->name);
	code = api_people(call, match->rows, match->count, err);
	buf_char(call->b, '}');
	return code;
}

static int put_one(struct api_call *call, struct span text, struct match *room,
    size_t *left, struct portbook_error *err)
{
	struct match match = {.rows = room->rows, .cap = room->cap};
	struct query query;
	int code = query_parse(text, &query, err);

	if (code < 0)
		return code;
	search_lookup(call->image, &query, call->as_of.version, &match);
	if (match.count > *left)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "That is more than %d rows; ask for less at a time.",
		    LOOKUP_ROWS_MAX);
	*left -= match.count;
	return api_put_lookup(call, text, &query, &match, err);
}

static size_t count_queries(const struct http_target *target)
{
	size_t count = 0;

	for (size_t i = 0; i < target->param_count; i++)
		count += span_eq(target->params[i].name, SPAN("q"));
	return count;
}

static int put_all(struct api_call *call, struct portbook_error *err)
{
	const struct http_target *target = call->target;
	size_t left = LOOKUP_ROWS_MAX, done = 0;
	bool many = count_queries(target) > 1;
	struct match room;
	int code = api_match(call->image, &room, err);

	if (code < 0)
		return code;
	buf_str(call->b, many ? "[" : "");
	for (size_t i = 0; i < target->param_count && code == 0; i++) {
		if (!span_eq(target->params[i].name, SPAN("q")))
			continue;
		buf_str(call->b, done++ > 0 ? ", " : "");
		code =
		    put_one(call, target->params[i].value, &room, &left, err);
	}
	buf_str(call->b, many ? "]\n" : "\n");
	mem_release(room.rows);
	return code < 0 ? code : 200;
}

static int answer_lookup(struct api_call *call, struct portbook_error *err)
{
	if (count_queries(call->target) == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "Say what to look up: ?q=443/tcp; q may be repeated.");
	return put_all(call, err);
}

/* One query that an address names, in the spelling of that address. */
static int answer_query(struct api_call *call, struct span text,
    const struct query *query, const struct match *match,
    struct portbook_error *err)
{
	int code = api_put_lookup(call, text, query, match, err);

	buf_char(call->b, '\n');
	return code < 0 ? code : 200;
}

/* "443", "443/tcp", "8000-8010": the only spelling of each. */
static void put_port(struct buf *b, const struct query *q)
{
	buf_u64(b, q->range.first);
	if (q->range.first != q->range.last) {
		buf_char(b, '-');
		buf_u64(b, q->range.last);
	}
	if (q->protocol < PROTOCOL_COUNT) {
		buf_char(b, '/');
		buf_add(b, protocol_name(q->protocol));
	}
}

static bool read_port(const struct http_target *target, struct query *ret)
{
	ret->protocol = PROTOCOL_NONE;
	if (!port_range_parse(target->segments[3], &ret->range))
		return false;
	ret->kind =
	    ret->range.first == ret->range.last ? QUERY_PORT : QUERY_RANGE;
	return target->segment_count < 5 ||
	       protocol_parse(target->segments[4], &ret->protocol);
}

static int answer_port(struct api_call *call, const struct query *query,
    struct span text, struct portbook_error *err)
{
	struct match match;
	int code = api_match(call->image, &match, err);

	if (code < 0)
		return code;
	search_lookup(call->image, query, call->as_of.version, &match);
	code = answer_query(call, text, query, &match, err);
	mem_release(match.rows);
	return code;
}

/* The path names it in the same words as a query, behind "ports/". */
static int answer_ports(struct api_call *call, struct portbook_error *err)
{
	struct buf asked, path;
	struct query query;
	int code;

	if (!read_port(call->target, &query))
		return api_missing(call,
		    "Ports are 0 to 65535: ports/443, ports/443/tcp, "
		    "ports/8000-8010; transports are tcp, udp, sctp and dccp.",
		    NULL);
	buf_init(&asked);
	buf_init(&path);
	api_rest(call, 3, &asked);
	buf_str(&path, "ports/");
	put_port(&path, &query);
	if (buf_failed(&asked) || buf_failed(&path)) {
		code = error_nomem(err);
	} else if (!span_eq(buf_span(&asked), span_skip(buf_span(&path), 6))) {
		code = api_moved(call, 308, buf_span(&path));
	} else {
		api_canonical(call, buf_span(&path));
		code = answer_port(call, &query, buf_span(&asked), err);
	}
	buf_release(&asked);
	buf_release(&path);
	return code;
}

/* The last version with one of these rows, before the one asked. */
static uint32_t last_seen(
    const struct api_call *call, struct image_numbers rows)
{
	uint32_t ret = IMAGE_NONE;

	for (size_t i = 0; i < rows.count; i++) {
		const struct image_row *row =
		    image_row(call->image, le32(rows.at[i]));

		if (row != NULL &&
		    le32(row->last_version) < call->as_of.version &&
		    (ret == IMAGE_NONE || le32(row->last_version) > ret))
			ret = le32(row->last_version);
	}
	return ret;
}

static int miss_service(struct api_call *call, const struct query *query)
{
	struct image_numbers past =
	    image_past_by_name(call->image, query->name);
	struct buf more;
	int status;

	buf_init(&more);
	put_near(call, &more, query->name);
	api_last_seen(&more, call->image, last_seen(call, past));
	status = api_missing(call,
	    query->protocol != PROTOCOL_NONE
		? "No service has this name on this transport."
		: "No service has this name.",
	    &more);
	buf_release(&more);
	return status;
}

/* services/NAME[/PROTOCOL] with the name as the registry spells it. */
static void name_service(struct api_call *call, const struct query *query,
    const struct match *match, struct buf *path)
{
	const struct image_row *row = image_row(call->image, match->rows[0]);
	struct span name = row != NULL
			       ? image_text(call->image, row->text[FIELD_NAME])
			       : query->name;

	buf_str(path, "services/");
	/* An everyday name leads to records that are called otherwise. */
	api_path(path, span_eq_fold(name, query->name) ? name : query->name);
	if (query->protocol < PROTOCOL_COUNT) {
		buf_char(path, '/');
		buf_add(path, protocol_name(query->protocol));
	}
}

static int answer_service(struct api_call *call, struct span text,
    const struct query *query, struct portbook_error *err)
{
	struct match match;
	struct buf path;
	int code = api_match(call->image, &match, err);

	if (code < 0)
		return code;
	search_lookup(call->image, query, call->as_of.version, &match);
	if (match.count == 0) {
		code = miss_service(call, query);
	} else {
		buf_init(&path);
		name_service(call, query, &match, &path);
		api_canonical(call, buf_span(&path));
		call->b->failed |= buf_failed(&path);
		buf_release(&path);
		code = answer_query(call, text, query, &match, err);
	}
	mem_release(match.rows);
	return code;
}

static int answer_services(struct api_call *call, struct portbook_error *err)
{
	struct buf storage;
	struct query query;
	struct span text;
	int code;

	buf_init(&storage);
	text = api_rest(call, 3, &storage);
	if (buf_failed(&storage))
		code = error_nomem(err);
	else if (query_parse(text, &query, NULL) < 0 ||
		 query.kind != QUERY_NAME)
		code = api_missing(call,
		    "That is no name of a service; ports are below "
		    "/api/v1/ports/.",
		    NULL);
	else
		code = answer_service(call, text, &query, err);
	buf_release(&storage);
	return code;
}

int handle_lookup(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {"q", NULL};
	static const struct api_address address = {
	    .params = params, .often = "q", .answer = answer_lookup};

	return api_run(&address, request, response, ctx);
}

int handle_api_ports(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_ports};

	return api_run(&address, request, response, ctx);
}

int handle_api_services(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_services};

	return api_run(&address, request, response, ctx);
}
