/* SPDX-License-Identifier: ISC */
/*
 * /api/v1/map: what each of the 65,536 ports is for a transport, as counts by
 * class and by block of 256, and as runs of ports that are the same.
 */
#include "base/error.h"
#include "base/mem.h"
#include "terms/port.h"
#include "web/api.h"
#include "web/map_ask.h"
#include "write/json.h"
#include "base/banned.h"

/* "assigned": 5, ..., the strongest first. */
static void put_counts(struct buf *b, const struct space_count *count)
{
	for (enum state s = STATE_ASSIGNED + 1; s-- > STATE_NOT_LISTED;) {
		json_text(b, state_name(s));
		buf_str(b, ": ");
		buf_u64(b, count->of[s]);
		if (s > STATE_NOT_LISTED)
			buf_str(b, ", ");
	}
}

/* "first": 0, "last": 255, "class": "system", */
static void put_range(struct buf *b, uint32_t first, uint32_t last)
{
	buf_str(b, "{\"first\": ");
	buf_u64(b, first);
	buf_str(b, ", \"last\": ");
	buf_u64(b, last);
	buf_str(b, ", \"class\": ");
	json_text(b, port_class_name(port_class_of((uint16_t)first)));
	buf_str(b, ", ");
}

/* Ports of a class follow each other. */
static uint32_t class_end(uint32_t first)
{
	uint32_t end = first;

	while (end < PORT_COUNT &&
	       port_class_of((uint16_t)end) == port_class_of((uint16_t)first))
		end++;
	return end;
}

/* The same for each stretch of size ports, or for each class (0). */
static void put_parts(struct buf *b, const struct space *space, uint32_t size)
{
	uint32_t end;

	for (uint32_t first = 0; first < PORT_COUNT; first = end) {
		struct space_count count;

		end = size > 0 ? first + size : class_end(first);
		space_count(space,
		    (struct port_range){(uint16_t)first, (uint16_t)(end - 1)},
		    &count);
		buf_str(b, first > 0 ? ", " : "");
		put_range(b, first, end - 1);
		put_counts(b, &count);
		buf_char(b, '}');
	}
}

/* Neighbours of one class and one state, as far as they go. */
static void put_runs(struct buf *b, const struct space *space)
{
	uint32_t end, border = 0;

	for (uint32_t first = 0; first < PORT_COUNT; first = end) {
		if (first == border)
			border = class_end(first);
		end = first + 1;
		while (end < border && space->state[end] == space->state[first])
			end++;
		buf_str(b, first > 0 ? ", " : "");
		put_range(b, first, end - 1);
		buf_str(b, "\"state\": ");
		json_text(b, state_name((enum state)space->state[first]));
		buf_char(b, '}');
	}
}

static void put_map(
    struct api_call *call, const struct map_ask *ask, const struct space *space)
{
	const struct port_range all = {0, PORT_COUNT - 1};
	struct space_count count;
	struct buf *b = call->b;

	api_registry(b, call->image, &call->as_of);
	buf_str(b, ", \"protocol\": ");
	json_text(b, map_ask_word(ask->protocol));
	buf_str(b, ", \"counts\": {");
	space_count(space, all, &count);
	put_counts(b, &count);
	buf_str(b, "}, \"classes\": [");
	put_parts(b, space, 0);
	buf_str(b, "], \"blocks\": [");
	put_parts(b, space, SPACE_BLOCK);
	buf_str(b, "], \"runs\": [");
	put_runs(b, space);
	buf_str(b, "]}\n");
}

static int answer_map(struct api_call *call, struct portbook_error *err)
{
	struct map_ask ask;
	struct space *space;
	int code = map_ask_parse(call->target, call->image, &ask, err);

	if (code < 0)
		return code;
	space = mem_alloc(1, sizeof(*space));
	if (space == NULL)
		return error_nomem(err);
	space_fill(call->image, ask.protocol, ask.as_of.version, space);
	put_map(call, &ask, space);
	mem_release(space);
	return 200;
}

int handle_api_map(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {"protocol", NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_map};

	return api_run(&address, request, response, ctx);
}
