/* SPDX-License-Identifier: ISC */
#include "cli/annotate/chunk.h"

#include "base/error.h"
#include "base/mem.h"
#include "cli/annotate/fields.h"
#include "base/banned.h"

void chunk_init(struct chunk *ret)
{
	*ret = (struct chunk){.list = marks_list_best(),
	    .split = split_best(),
	    .columns = columns_best()};
	buf_init(&ret->out);
}

void chunk_release(struct chunk *chunk)
{
	mem_release(chunk->storage);
	mem_release(chunk->marks.lines);
	mem_release(chunk->marks.parts);
	mem_release(chunk->marks.quotes);
	mem_release(chunk->marks.places);
	mem_release(chunk->marks.ends);
	buf_release(&chunk->out);
	chunk_init(chunk);
}

int chunk_reserve(struct chunk *chunk, size_t cap, struct portbook_error *err)
{
	uint64_t **words[] = {
	    &chunk->marks.lines, &chunk->marks.parts, &chunk->marks.quotes};
	uint32_t **lists[] = {&chunk->marks.places, &chunk->marks.ends};
	char *storage;

	if (cap <= chunk->cap)
		return 0;
	storage = mem_resize(chunk->storage, cap + 2 * CHUNK_SLACK, 1);
	if (storage == NULL)
		return error_nomem(err);
	if (chunk->storage == NULL)
		memset(storage, 0, CHUNK_SLACK);
	chunk->storage = storage;
	chunk->text = storage + CHUNK_SLACK;
	for (size_t i = 0; i < 3; i++) {
		uint64_t *more =
		    mem_resize(*words[i], MARKS_WORDS(cap), sizeof(**words[i]));

		if (more == NULL)
			return error_nomem(err);
		*words[i] = more;
	}
	for (size_t i = 0; i < 2; i++) {
		uint32_t *more = mem_resize(
		    *lists[i], cap + MARKS_LIST_SLACK, sizeof(**lists[i]));

		if (more == NULL)
			return error_nomem(err);
		*lists[i] = more;
	}
	chunk->cap = cap;
	return 0;
}

void chunk_queue_init(
    struct chunk_queue *ret, struct chunk *chunk, struct labels *labels)
{
	ret->chunk = chunk;
	ret->labels = labels;
	ret->groups = labels->shape->ask->port_count;
	ret->copied = chunk->done;
	ret->count = 0;
	ret->next = ret->indexes;
}

/*
 * The service is on the side that is assigned; where both or neither are, on
 * that of the lower port, since clients take theirs from above.
 */
static uint32_t guess(
    struct labels *l, const uint32_t *numbers, const uint32_t *indexes)
{
	unsigned first = labels_get(l, numbers[0]).size & LABEL_ASSIGNED;
	unsigned second = labels_get(l, numbers[1]).size & LABEL_ASSIGNED;

	if (first != second)
		return numbers[second != 0];
	return numbers[indexes[1] < indexes[0]];
}

/* Makes numbers of labels of the indexes; returns how many a record has. */
static size_t find_labels(struct chunk_queue *q)
{
	struct labels *l = q->labels;
	uint32_t *at = q->indexes, *to = q->indexes;

	if (l->shape->ask->guess) {
		for (; at < q->next; at += 2) {
			uint32_t two[2] = {
			    labels_at(l, 0, at[0]), labels_at(l, 0, at[1])};

			*to++ = guess(l, two, at);
		}
		return 1;
	}
	while (at < q->next)
		for (size_t i = 0; i < q->groups; i++, at++)
			*at = labels_at(l, i, *at);
	for (at = q->indexes; at < q->next; at++)
		__builtin_prefetch(l->texts.ptr + (size_t)*at * LABELS_UNIT);
	return q->groups;
}

static char *put_records(struct chunk_queue *q, size_t each, char *to)
{
	const struct labels labels = *q->labels;
	const char *text = q->chunk->text;
	const uint32_t *numbers = q->indexes;
	size_t at = q->copied, named = 0;

	for (size_t n = 0; n < q->count; n++) {
		unsigned flags = 0;

		to = chunk_put_line(to, text + at, q->ends[n] - at);
		at = q->ends[n];
		for (size_t i = 0; i < each; i++) {
			struct label label = labels_get(&labels, *numbers++);

			flags |= label.size;
			to = chunk_put_label(to, label.text, label_len(label));
		}
		named += flags & LABEL_NAMED;
	}
	q->chunk->counts.named += named;
	return to;
}

void chunk_queue_flush(struct chunk_queue *q)
{
	struct buf *out = &q->chunk->out;
	size_t each;
	char *to;

	if (q->count == 0)
		return;
	each = find_labels(q);
	to = chunk_room(out, q->ends[q->count - 1] - q->copied +
				 q->count * each * q->labels->longest);
	if (to != NULL)
		out->len = (size_t)(put_records(q, each, to) - out->ptr);
	q->copied = q->ends[q->count - 1];
	q->count = 0;
	q->next = q->indexes;
}

void chunk_queue_end(struct chunk_queue *q)
{
	chunk_queue_flush(q);
	chunk_copy(&q->chunk->out, q->chunk->text + q->copied,
	    q->chunk->end - q->copied);
	q->copied = q->chunk->end;
}

bool chunk_annotate(struct chunk *chunk, struct labels *labels)
{
	if (chunk->raw) {
		buf_add(&chunk->out, span_of(chunk->text, chunk->end));
		return !buf_failed(&chunk->out);
	}
	switch (labels->shape->kind) {
	case SHAPE_PAIRS:
		chunk_pairs(chunk, labels);
		break;
	case SHAPE_JSON:
		chunk_json(chunk, labels);
		break;
	default:
		chunk_table(chunk, labels);
		break;
	}
	return !labels->failed && !buf_failed(&chunk->out);
}
