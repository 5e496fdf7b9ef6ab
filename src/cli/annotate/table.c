/* SPDX-License-Identifier: ISC */
/*
 * CSV, TSV and fields parted by blanks:
 *
 *	record = field {part field} [CR] LF
 *
 * What is appended stands before the line's end.  From one such place to the
 * next the input is copied as it is.
 */
#include "cli/annotate/chunk.h"
#include "cli/annotate/fields.h"
#include "base/banned.h"

/* A line of the chunk: from start to end, which is that of its last field. */
struct line {
	size_t start, end;
	const uint32_t *places; /* where its fields end, the line's last */
	size_t count;		/* fields */
};

/* Lines that have all columns, looked at column by column. */
struct batch {
	size_t count;
	size_t ends[CHUNK_QUEUE];
	struct columns columns[ANNOTATE_PORTS_MAX + 1]; /* by step */
	enum protocol protocols[CHUNK_QUEUE];
	uint32_t ports[ANNOTATE_PORTS_MAX][CHUNK_QUEUE];
};

/* The first fields that a line must have for all columns to be there. */
static size_t fields_needed(const struct shape *shape)
{
	return shape->step_count > 0
		   ? shape->steps[shape->step_count - 1].column + 1
		   : 0;
}

/* Where its columns are; blanks may stand before them. */
static inline void add_line(struct batch *b, const struct line *line,
    const struct shape *shape, const char *text, bool blanks)
{
	size_t n = b->count++;

	b->ends[n] = line->end;
	for (size_t i = 0; i < shape->step_count; i++) {
		size_t column = shape->steps[i].column;
		size_t at = line->start, end = line->places[column];

		if (column > 0)
			at = line->places[column - 1] + (size_t)1;
		end = end < line->end ? end : line->end;
		while (blanks && at < end && (uint8_t)text[at] <= ' ')
			at++;
		b->columns[i].begins[n] = (uint32_t)at;
		b->columns[i].ends[n] = (uint32_t)end;
	}
}

/* Once a line of the chunk has shown both, none is looked at. */
static void note_seen(const struct batch *b, struct chunk_queue *q)
{
	unsigned *seen = &q->chunk->counts.seen;

	if (*seen == CHUNK_ALL)
		return;
	*seen |= chunk_seen_protocol(b->protocols, b->count);
	for (size_t i = 0; i < q->groups; i++)
		*seen |= chunk_seen_port(b->ports[i], b->count);
}

/* Tells of the lines of a batch, which is empty then. */
static void take_batch(struct batch *b, struct chunk_queue *q)
{
	const struct shape *shape = q->labels->shape;
	const struct columns_kind *read = q->chunk->columns;
	const char *text = q->chunk->text;

	for (size_t i = 0; i < shape->step_count; i++) {
		size_t target = shape->steps[i].target;

		if (target == SHAPE_PROTOCOL)
			read->protocols(text, &b->columns[i], b->count,
			    shape->ask->assumed, b->protocols);
		else
			read->ports(
			    text, &b->columns[i], b->count, b->ports[target]);
	}
	note_seen(b, q);
	for (size_t i = 0; i < q->groups; i++) {
		const uint32_t *table = q->labels->tables[i];

		for (size_t n = 0; n < b->count; n++) {
			uint32_t index =
			    labels_index(b->protocols[n], b->ports[i][n]);

			q->indexes[n * q->groups + i] = index;
			__builtin_prefetch(&table[index]);
		}
	}
	memcpy(q->ends, b->ends, b->count * sizeof(q->ends[0]));
	q->count = b->count;
	q->next = q->indexes + b->count * q->groups;
	b->count = 0;
	chunk_queue_flush(q);
}

/* Zeek tells in such lines of its columns; all others are remarks. */
static void tell_remark(struct chunk_queue *q, const struct line *line)
{
	const struct shape *shape = q->labels->shape;
	struct buf *out = &q->chunk->out;
	struct span text =
	    span_of(q->chunk->text + line->start, line->end - line->start);
	bool names = shape->zeek && span_starts(text, SPAN("#fields\t"));

	q->chunk->counts.unchanged++;
	if (!names && !(shape->zeek && span_starts(text, SPAN("#types\t"))))
		return;
	chunk_queue_flush(q);
	chunk_copy(out, q->chunk->text + q->copied, line->end - q->copied);
	q->copied = line->end;
	if (names)
		shape_put_header(shape, out);
	for (size_t i = 0; !names && i < shape_groups(shape); i++)
		for (size_t f = 0; f < shape->ask->field_count; f++)
			buf_str(out, shape->ask->fields[f] == ANNOTATE_PORT
					 ? "\tport"
					 : "\tstring");
}

static bool is_remark(const struct shape *shape, const char *text)
{
	return text[0] == '#' && (shape->zeek || shape->kind == SHAPE_BLANKS);
}

/* Blanks at the end of a line part its last field from nothing. */
static bool has_columns(
    const struct line *line, const char *text, bool blanks, size_t needed)
{
	size_t count = line->count;

	if (line->end == line->start)
		return false;
	if (blanks && (uint8_t)text[line->end - 1] <= ' ')
		count--;
	return count >= needed;
}

static size_t list_lines(const struct chunk *c)
{
	if (c->unmarked)
		return c->split(
		    c->text, c->begin, c->end, &c->bytes, &c->marks);
	return c->list(&c->marks, c->begin, c->end);
}

void chunk_table(struct chunk *chunk, struct labels *labels)
{
	const struct shape shape = *labels->shape;
	const struct marks marks = chunk->marks;
	const char *text = chunk->text;
	bool blanks = shape.kind == SHAPE_BLANKS, odd = shape.zeek || blanks;
	size_t needed = fields_needed(&shape), start = chunk->begin, first = 0;
	size_t lines = list_lines(chunk);
	struct chunk_queue queue;
	struct batch batch;

	batch.count = 0;
	for (size_t n = 0; n < CHUNK_QUEUE; n++)
		batch.protocols[n] = shape.ask->assumed;
	chunk_queue_init(&queue, chunk, labels);
	for (size_t i = 0; i < lines; i++) {
		size_t last = marks.ends[i], newline = marks.places[last];
		struct line line = {start, chunk_line_end(text, start, newline),
		    marks.places + first, last + 1 - first};

		first = last + 1;
		start = newline + 1;
		if (odd && is_remark(&shape, text + line.start)) {
			take_batch(&batch, &queue);
			tell_remark(&queue, &line);
			continue;
		}
		if (!has_columns(&line, text, blanks, needed) ||
		    (chunk->broken && i + 1 == lines)) {
			chunk->counts.unchanged++;
			continue;
		}
		add_line(&batch, &line, &shape, text, blanks);
		if (batch.count == CHUNK_QUEUE)
			take_batch(&batch, &queue);
	}
	chunk->counts.records += lines;
	take_batch(&batch, &queue);
	chunk_queue_end(&queue);
}
