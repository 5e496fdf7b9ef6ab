/* SPDX-License-Identifier: ISC */
/*
 * A piece of the input: whole records, what becomes of them, and how many
 * there were.  One thread has it at a time.
 *
 *	0        begin                      end       len
 *	| head     | record \n record \n ... | rest     |
 *
 * The head is no record; the rest belongs to the next chunk.
 */
#ifndef CLI_ANNOTATE_CHUNK_H
#define CLI_ANNOTATE_CHUNK_H

#include "cli/annotate/columns.h"
#include "cli/annotate/labels.h"
#include "cli/annotate/split.h"

/* Bytes before text and behind cap that may be read. */
#define CHUNK_SLACK 192U

/* What at least one record has; a column that no record has it in is wrong. */
enum chunk_seen {
	CHUNK_PORT = 1,
	CHUNK_PROTOCOL = 2, /* of the registry's, or it is assumed */
	CHUNK_ALL = 3,
};

/* How many lines, or records of CSV. */
struct chunk_counts {
	uint64_t records;
	uint64_t named;	    /* got a service */
	uint64_t unchanged; /* had not the columns, or were no records */
	uint64_t overlong;  /* of these, were too long to be looked at */
	uint64_t broken;    /* of these, ended within quotes */
	unsigned seen;	    /* bits of chunk_seen */
};

struct chunk {
	char *storage; /* owned */
	char *text;    /* in storage */
	size_t cap, len, begin, end;
	size_t done; /* what of it is in out already, at most up to begin */
	bool raw;    /* all of it is of a record too long to be looked at */
	bool broken; /* in the last record a quote is open */
	marks_list_fn *list;
	split_fn *split; /* or NULL */
	bool unmarked;	 /* its bytes are not marked, but to be split */
	struct marks_bytes bytes; /* by which it is split */
	const struct columns_kind *columns;
	struct marks marks;
	struct buf out; /* behind what is there already */
	struct chunk_counts counts;
};

/* An empty one; release it in any case. */
void chunk_init(struct chunk *ret);
void chunk_release(struct chunk *chunk);

/* Room for cap bytes of text; what is there stays.  PORTBOOK_ENOMEM. */
int chunk_reserve(struct chunk *chunk, size_t cap, struct portbook_error *err);

/* All of a chunk's records into out; false where memory ran out. */
bool chunk_annotate(struct chunk *chunk, struct labels *labels);

/* The same for one kind of input each. */
void chunk_table(struct chunk *chunk, struct labels *labels);
void chunk_pairs(struct chunk *chunk, struct labels *labels);
void chunk_json(struct chunk *chunk, struct labels *labels);

/*
 * Copies len bytes, and up to LABELS_SLACK more; returns what is behind.  As
 * many bytes as a line or a label mostly has are copied in any case.
 */
static inline char *chunk_put_line(char *to, const char *from, size_t len)
{
	memcpy(to, from, 64);
	memcpy(to + 64, from + 64, 64);
	for (size_t i = 128; i < len; i += 32)
		memcpy(to + i, from + i, 32);
	return to + len;
}

static inline char *chunk_put_label(char *to, const char *from, size_t len)
{
	memcpy(to, from, 16);
	for (size_t i = 16; i < len; i += 32)
		memcpy(to + i, from + i, 32);
	return to + len;
}

/* Room for len bytes and what these write behind them, or NULL. */
static inline char *chunk_room(struct buf *out, size_t len)
{
	if (out->cap - out->len < len + LABELS_SLACK || out->failed)
		return buf_room(out, len + LABELS_SLACK);
	return out->ptr + out->len;
}

/* Appends len bytes to out; LABELS_SLACK bytes behind them may be read. */
static inline void chunk_copy(struct buf *out, const char *from, size_t len)
{
	char *to = chunk_room(out, len);

	if (to != NULL)
		out->len = (size_t)(chunk_put_label(to, from, len) - out->ptr);
}

/* The end of a line without its carriage return. */
static inline size_t chunk_line_end(
    const char *text, size_t start, size_t newline)
{
	return newline > start && text[newline - 1] == '\r' ? newline - 1
							    : newline;
}

/*
 * What a record has: where each of its ports stands in the tables of labels.
 * ports are as fields_port gives them.
 */
struct chunk_found {
	uint32_t ports[ANNOTATE_PORTS_MAX]; /* or FIELDS_NO_PORT */
	enum protocol protocol;
};

/*
 * Records that are to be told of.  Labels are looked up for several records
 * at once: most are not in the nearest cache, and so are waited for together.
 */
#define CHUNK_QUEUE COLUMNS_LINES

struct chunk_queue {
	struct chunk *chunk;
	struct labels *labels;
	size_t groups;
	size_t copied; /* of text, into out */
	size_t count;
	size_t ends[CHUNK_QUEUE];
	uint32_t *next; /* behind the last of indexes */
	uint32_t indexes[CHUNK_QUEUE * ANNOTATE_PORTS_MAX];
};

/* An empty one; nothing is allocated. */
void chunk_queue_init(
    struct chunk_queue *ret, struct chunk *chunk, struct labels *labels);

/* Tells of what is in the queue, which is empty then. */
void chunk_queue_flush(struct chunk_queue *q);

/* The same, and then copies what is behind the last record. */
void chunk_queue_end(struct chunk_queue *q);

/* What the first count ports, and protocols, show to be there. */
static inline unsigned chunk_seen_port(const uint32_t *ports, size_t count)
{
	unsigned seen = 0;

	for (size_t n = 0; n < count; n++)
		seen |= ports[n] < PORT_COUNT ? CHUNK_PORT : 0;
	return seen;
}

static inline unsigned chunk_seen_protocol(
    const enum protocol *protocols, size_t count)
{
	unsigned seen = 0;

	for (size_t n = 0; n < count; n++)
		seen |= (unsigned)protocols[n] < PROTOCOL_COUNT ? CHUNK_PROTOCOL
								: 0;
	return seen;
}

/*
 * The input goes out up to end, then what is to be told of a record.  That may
 * be done later: whatever else goes out must wait for chunk_queue_flush.
 */
static inline void chunk_tell(
    struct chunk_queue *q, const struct chunk_found *found, size_t end)
{
	if (q->chunk->counts.seen != CHUNK_ALL)
		q->chunk->counts.seen |=
		    chunk_seen_port(found->ports, q->groups) |
		    chunk_seen_protocol(&found->protocol, 1);
	for (size_t i = 0; i < q->groups; i++) {
		uint32_t index = labels_index(found->protocol, found->ports[i]);

		*q->next++ = index;
		__builtin_prefetch(&q->labels->tables[i][index]);
	}
	q->ends[q->count++] = end;
	if (q->count == CHUNK_QUEUE)
		chunk_queue_flush(q);
}

#endif
