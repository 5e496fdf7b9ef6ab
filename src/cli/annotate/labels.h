/* SPDX-License-Identifier: ISC */
/*
 * What is appended for a port, ready to be copied: made when it is first asked
 * for, kept in a table by protocol and port.  One thread has it at a time.
 */
#ifndef CLI_ANNOTATE_LABELS_H
#define CLI_ANNOTATE_LABELS_H

#include "cli/annotate/shape.h"
#include "image/image.h"
#include "terms/port.h"

/* Of what has no port or no protocol of the registry. */
#define LABELS_NONE (PROTOCOL_COUNT * PORT_COUNT)
#define LABELS_COUNT (LABELS_NONE + 1)

/* Bytes that may be read behind a label, and written behind what is copied. */
#define LABELS_SLACK 160U

enum label_flag { LABEL_NAMED = 1, LABEL_ASSIGNED = 2 };

/*
 * Labels lie one behind the other, each at a multiple of 16 bytes:
 *
 *	size: length times 4, and flags (4 bytes) | text
 *
 * A number in a table counts these 16; 0: it is not made yet.  So tables are
 * small, and a label takes one more place in the cache.
 */
#define LABELS_UNIT 16U

struct label {
	const char *text; /* good until the next is made */
	uint32_t size;
};

static inline size_t label_len(struct label label)
{
	return label.size / 4;
}

/* Ports of a row, or of none, are mostly told of in the same words. */
struct labels_shared {
	uint32_t row;
	uint32_t key;
	uint32_t label;
};

#define LABELS_SHARED 64U

struct labels {
	const struct image *image;
	uint32_t version;
	const struct shape *shape;
	/* By port told of; all the same where no names are appended. */
	uint32_t *tables[ANNOTATE_PORTS_MAX];
	size_t table_count; /* of these, are owned: the first ones */
	size_t longest;	    /* label so far, in bytes */
	struct buf texts;
	struct buf cell;
	uint32_t *rows; /* owned: room for a lookup */
	struct labels_shared shared[LABELS_SHARED];
	bool failed; /* out of memory; labels are empty then */
};

/* PORTBOOK_ENOMEM.  All is borrowed.  Release it in any case. */
int labels_init(const struct image *image, uint32_t version,
    const struct shape *shape, struct labels *ret, struct portbook_error *err);
void labels_release(struct labels *l);

/* Makes what is not there yet; 0 where memory ran out. */
uint32_t labels_make(struct labels *l, size_t table, uint32_t index);

/* Where a port stands in a table, whatever port and protocol are. */
static inline uint32_t labels_index(enum protocol protocol, uint32_t port)
{
	uint32_t index = (uint32_t)protocol * PORT_COUNT + port;

	return index < LABELS_NONE ? index : LABELS_NONE;
}

/* The number of the label of the n-th port told of. */
static inline uint32_t labels_at(struct labels *l, size_t group, uint32_t index)
{
	uint32_t label = l->tables[group][index];

	return label != 0 ? label : labels_make(l, group, index);
}

/* LABELS_SLACK bytes behind its text may be read, too. */
static inline struct label labels_get(const struct labels *l, uint32_t label)
{
	const char *at = l->texts.ptr + (size_t)label * LABELS_UNIT;
	uint32_t size;

	memcpy(&size, at, sizeof(size));
	return (struct label){at + sizeof(size), size};
}

#endif
