/* SPDX-License-Identifier: ISC */
/*
 * The members of a tar archive, one after the other: ustar (POSIX.1-1988),
 * pax (POSIX.1-2001) and the long names of GNU tar.  Sizes and checksums are
 * held strictly; sparse files and archives over several volumes are refused.
 *
 *	archive = {[long name | pax header] member} zero block {zero block}
 *	member  = header block, its bytes padded to whole blocks
 *
 * Names are what the archive says, and no more than words: any bytes but NUL.
 */
#ifndef READ_TAR_H
#define READ_TAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "portbook/error.h"
#include "read/stream.h"

#define TAR_BLOCK_LEN 512

struct tar {
	struct stream *stream; /* borrowed */
	uint64_t left;	  /* of the member: not yet read, without padding */
	unsigned padding; /* behind that */
	uint64_t members; /* begun so far */
	struct buf name;  /* owned: the member's, terminated */
	bool has_len;	  /* a pax header tells the next member's length */
	uint64_t len;	  /* this one */
	bool ended;
};

struct tar_member {
	const char *name; /* borrowed until the next one */
	uint64_t len;
	bool is_file; /* and no folder, link or device */
};

/* Whether a block is the first of an archive. */
bool tar_is(const char block[TAR_BLOCK_LEN]);

/*
 * The stream is opened and not yet read; stream_expect_archive is what it
 * needs.  Release t in any case.
 */
void tar_init(struct tar *t, struct stream *stream);
void tar_release(struct tar *t);

/*
 * The next member, what is left of the one before skipped: 1, or 0 behind the
 * last, when all of the stream has been read.  A failure is the end of the
 * archive: PORTBOOK_EFORMAT, PORTBOOK_ELIMIT beyond read/limits.h, those of
 * the stream.
 */
int tar_next(struct tar *t, struct tar_member *ret, struct portbook_error *err);

/* len bytes of the member, not more than are left, to ptr; 0 or a failure. */
int tar_read(struct tar *t, char *ptr, size_t len, struct portbook_error *err);

#endif
