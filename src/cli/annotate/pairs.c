/* SPDX-License-Identifier: ISC */
/*
 * Lines of words of which some are NAME=VALUE, as conntrack writes them:
 *
 *	line = word {blanks word} [CR] LF
 *	word = value | name "=" value
 *
 * Where a name comes up twice the first counts: conntrack writes the direction
 * of the reply behind that of the request.
 */
#include "cli/annotate/chunk.h"
#include "cli/annotate/fields.h"
#include "base/banned.h"

/* Which of the words asked for were there, by bits. */
struct seen {
	unsigned ports;
	bool protocol;
};

static struct span unquoted(struct span value)
{
	if (value.len >= 2 && value.ptr[0] == '"' &&
	    span_ends(value, SPAN("\"")))
		return span_of(value.ptr + 1, value.len - 2);
	return value;
}

/* The value of a word if it is the column asked for. */
static bool is_column(struct span word, size_t number, struct span name,
    size_t column, struct span *ret)
{
	if (column != SHAPE_NO_COLUMN) {
		*ret = word;
		return column == number;
	}
	if (name.len == 0 || word.len <= name.len ||
	    word.ptr[name.len] != '=' || !span_starts(word, name))
		return false;
	*ret = unquoted(span_skip(word, name.len + 1));
	return true;
}

static void take_word(const struct shape *shape, struct span word,
    size_t number, struct seen *seen, struct chunk_found *ret)
{
	const struct annotate_ask *ask = shape->ask;
	struct span value;

	for (size_t i = 0; i < ask->port_count; i++) {
		if ((seen->ports >> i & 1) != 0 ||
		    !is_column(
			word, number, ask->ports[i], shape->ports[i], &value))
			continue;
		ret->ports[i] = fields_odd_port(value);
		seen->ports |= 1U << i;
	}
	if (!seen->protocol &&
	    is_column(word, number, ask->protocol, shape->protocol, &value)) {
		ret->protocol = fields_odd_protocol(value, ask->assumed);
		seen->protocol = true;
	}
}

static bool take_line(
    const struct shape *shape, struct span line, struct chunk_found *ret)
{
	struct seen seen = {0, shape->ask->protocol.len == 0};
	unsigned all = (1U << shape->ask->port_count) - 1;
	size_t at = 0, number = 0;

	ret->protocol = shape->ask->assumed;
	for (size_t i = 0; i < shape->ask->port_count; i++)
		ret->ports[i] = FIELDS_NO_PORT;
	while (at < line.len && (seen.ports != all || !seen.protocol)) {
		size_t start = at;

		while (at < line.len && line.ptr[at] != ' ' &&
		       line.ptr[at] != '\t')
			at++;
		if (at > start)
			take_word(shape, span_of(line.ptr + start, at - start),
			    number++, &seen, ret);
		at++;
	}
	return seen.ports != 0;
}

void chunk_pairs(struct chunk *chunk, struct labels *labels)
{
	const char *text = chunk->text;
	struct chunk_queue queue;
	size_t start = chunk->begin;

	chunk_queue_init(&queue, chunk, labels);
	while (start < chunk->end) {
		size_t newline = marks_next(chunk->marks.lines, start);
		size_t end = chunk_line_end(text, start, newline);
		struct chunk_found found;

		chunk->counts.records++;
		if (take_line(labels->shape, span_of(text + start, end - start),
			&found)) {
			chunk_tell(&queue, &found, end);
		} else {
			chunk->counts.unchanged++;
		}
		start = newline + 1;
	}
	chunk_queue_end(&queue);
}
