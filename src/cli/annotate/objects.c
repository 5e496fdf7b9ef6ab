/* SPDX-License-Identifier: ISC */
/* JSON lines: members are appended to the object of each line. */
#include "cli/annotate/chunk.h"
#include "cli/annotate/fields.h"
#include "cli/annotate/json.h"
#include "base/banned.h"

struct object {
	const struct shape *shape;
	const struct buf *keys; /* of what is to be appended, NUL behind each */
	struct chunk_found found;
	bool any;   /* port that is asked for */
	bool there; /* what is to be appended */
};

/* A number or a string as its text; of other values there is none. */
static struct span text_of(struct span value)
{
	if (value.ptr[0] == '"')
		return span_of(value.ptr + 1, value.len - 2);
	return span_eq(value, SPAN("null")) ? SPAN("") : value;
}

static void take_member(void *ctx, struct span key, struct span value)
{
	struct object *o = ctx;
	const struct annotate_ask *ask = o->shape->ask;
	struct span keys = buf_span(o->keys);

	for (size_t i = 0; i < ask->port_count; i++) {
		if (!span_eq(key, ask->ports[i]))
			continue;
		o->found.ports[i] = fields_odd_port(text_of(value));
		o->any = true;
	}
	if (ask->protocol.len > 0 && span_eq(key, ask->protocol))
		o->found.protocol =
		    fields_odd_protocol(text_of(value), ask->assumed);
	while (keys.len > 0)
		if (span_eq(span_cut(&keys, '\0'), key))
			o->there = true;
}

static void list_keys(const struct shape *shape, struct buf *ret)
{
	for (size_t g = 0; g < shape_groups(shape); g++)
		for (size_t f = 0; f < shape->ask->field_count; f++) {
			shape_key(shape, g, shape->ask->fields[f], ret);
			buf_char(ret, '\0');
		}
}

/* The place of the closing bracket, or SIZE_MAX: the line stays as it is. */
static size_t take_line(struct object *o, struct span line)
{
	const struct annotate_ask *ask = o->shape->ask;
	size_t end;

	o->any = false;
	o->there = false;
	o->found.protocol = ask->assumed;
	for (size_t i = 0; i < ask->port_count; i++)
		o->found.ports[i] = FIELDS_NO_PORT;
	if (!json_object_read(line, take_member, o, &end) || !o->any ||
	    o->there)
		return SIZE_MAX;
	return end;
}

void chunk_json(struct chunk *chunk, struct labels *labels)
{
	const char *text = chunk->text;
	struct chunk_queue queue;
	size_t start = chunk->begin;
	struct object o = {.shape = labels->shape};
	struct buf keys;

	buf_init(&keys);
	list_keys(labels->shape, &keys);
	chunk->out.failed |= buf_failed(&keys);
	o.keys = &keys;
	chunk_queue_init(&queue, chunk, labels);
	while (start < chunk->end) {
		size_t newline = marks_next(chunk->marks.lines, start);
		size_t at =
		    take_line(&o, span_of(text + start, newline - start));

		chunk->counts.records++;
		if (at == SIZE_MAX) {
			chunk->counts.unchanged++;
		} else {
			at += start;
			chunk_tell(&queue, &o.found, at);
		}
		start = newline + 1;
	}
	chunk_queue_end(&queue);
	buf_release(&keys);
}
