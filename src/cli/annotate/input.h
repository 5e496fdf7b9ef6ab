/* SPDX-License-Identifier: ISC */
/* Reading an input chunk by chunk, and finding out how it is laid out. */
#ifndef CLI_ANNOTATE_INPUT_H
#define CLI_ANNOTATE_INPUT_H

#include "cli/annotate/chunk.h"

/*
 * Bytes asked for at once: what stays in a processor's nearer cache, and more
 * where threads hand chunks to each other, which takes time for each.
 */
#define INPUT_CHUNK ((size_t)1 << 16)
#define INPUT_CHUNK_SHARED ((size_t)1 << 18)

/* A longer record is not looked at. */
#define INPUT_RECORD_MAX ((size_t)1 << 24)

struct input {
	int fd;
	const char *name; /* for errors; borrowed */
	marks_fn *find;
	size_t chunk_len;   /* INPUT_CHUNK, but in tests */
	size_t record_max;  /* INPUT_RECORD_MAX, but in tests */
	struct shape shape; /* owned; known from the first chunk on */
	bool shaped;
	bool ended;
	bool unended;		    /* the last line had no newline */
	bool skipping;		    /* within a record that is too long */
	const struct chunk *before; /* the last one that was filled */
};

/* path is a file or "-"; PORTBOOK_EIO.  Close it if it could be opened. */
int input_open(const char *path, const struct annotate_ask *ask,
    struct input *ret, struct portbook_error *err);
void input_close(struct input *in);

/*
 * Fills a chunk, as soon as there is a record: 1, or 0 at the end of the
 * input.  It may be the one filled before or another; that one's text stays
 * until then.  PORTBOOK_EIO, PORTBOOK_ENOMEM, PORTBOOK_EUSAGE for columns that
 * are not there.
 */
int input_fill(struct input *in, struct chunk *ret, struct portbook_error *err);

#endif
