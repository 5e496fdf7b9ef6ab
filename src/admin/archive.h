/* SPDX-License-Identifier: ISC */
/*
 * The versions that files, folders and archives hold, one after the other.
 *
 * Of a folder, and of all within, and of an archive (read/tar.h, compressed
 * or not) those files count whose names end in .xml or .csv, with .gz or .zst
 * behind that or without.  A file that is named itself counts by what it
 * holds.  Folders are gone through in the order of names.
 *
 * Names within archives are words for people, never paths.
 */
#ifndef ADMIN_ARCHIVE_H
#define ADMIN_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "portbook/error.h"

struct archive;

/* A file, as it lies there: perhaps compressed, perhaps no registry. */
struct archive_item {
	char *name;  /* owned: the path, or that of the archive ": " member */
	size_t base; /* where in it the last part begins */
	size_t from_len; /* of the archive's path, or 0 */
	char *bytes;	 /* owned: what it holds, unless it is large */
	size_t len;	 /* of bytes */
	int fd;		 /* owned: a large file, not yet read; else -1 */
	int code;	 /* 0, or why it cannot be had, in err; then no more */
	struct portbook_error err;
};

void archive_item_release(struct archive_item *item);

/* The last part of an item's name: that of the file or member. */
struct span archive_item_base(const struct archive_item *item);

/* The last part of the archive's name; empty for a file. */
struct span archive_item_from(const struct archive_item *item);

/*
 * Looks for all files there are at the paths.  PORTBOOK_ELIMIT for more than
 * a million, PORTBOOK_ENOMEM; what else goes wrong is told as an item.
 */
int archive_open(char *const *paths, size_t count, struct archive **ret,
    struct portbook_error *err);
void archive_close(struct archive *a);

/*
 * The next item, the caller's to release: 1, or 0 behind the last, or
 * PORTBOOK_ENOMEM.  An item that cannot be had, or an archive that is damaged,
 * is an item with a code, and the next one comes after it.
 */
int archive_next(
    struct archive *a, struct archive_item *ret, struct portbook_error *err);

/* How many bytes there are to read, and how many have been. */
uint64_t archive_len(const struct archive *a);
uint64_t archive_done(const struct archive *a);

#endif
