/* SPDX-License-Identifier: ISC */
/*
 * Bringing a version of the registry in: read, looked at, recorded, built,
 * published.  What was served before goes on being served until then.
 */
#ifndef ADMIN_UPDATE_H
#define ADMIN_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag/diag.h"
#include "portbook/error.h"

/* A source read and built, in memory. */
struct built {
	uint8_t *image; /* owned */
	size_t image_len;
};

/* How much of an index the image has (imagebuild/imagebuild.h). */
enum update_index {
	UPDATE_INDEX_ALL,
	UPDATE_INDEX_NO_GRAMS, /* a search looks at every row */
	UPDATE_INDEX_NONE,     /* rows and people alone, for conversions */
};

/*
 * Reads the official files at paths, one at least ("-" is standard input), and
 * makes the image of a timeline with these versions, in this order.  source is
 * what answers call the last one; NULL is the file's name.
 */
int update_build(const char *const *paths, size_t count, const char *source,
    enum update_index index, struct built *ret, struct diag *diag,
    struct portbook_error *err);
void update_built_release(struct built *built);

struct update_options {
	const char *state; /* folder */
	const char *path;  /* official file, "-" for standard input, or NULL */
	const char *url;   /* where to fetch it from if path is NULL */
	const char *fetch; /* path of the program that fetches */
	const char
	    *source; /* what answers call it; NULL is the file's name or url */
	bool force;  /* take what looks wrong, and publish the same anew, too */
	bool dry_run; /* write nothing at all */

	/* Told what is found that the version before did not have. */
	struct diag news;
};

enum update_result {
	UPDATE_SAME,	  /* the newest version that is kept */
	UPDATE_STALE,	  /* an older one that is kept; nothing was done */
	UPDATE_PUBLISHED, /* or would be, in a dry run */
};

/* What came of it, in words for a person. */
struct update_report {
	enum update_result result;
	bool recovered;	 /* what was recorded before had to be published */
	char before[16]; /* date of the newest version there was, or "" */
	char after[16];	 /* date of the one that came, or "" */
	size_t records;
	size_t findings; /* of reading it */
	size_t news;	 /* findings that the version before did not have */
	size_t versions; /* that are kept now */
};

/*
 * Takes a version in: read, held against the newest that is kept, recorded,
 * and the image of all built and published.  What an earlier run recorded and
 * did not publish is published first, whatever comes of the source.
 *
 * PORTBOOK_EREFUSED, with the reason, for a version that is not kept and is
 * older than the newest, or has no date where that has one, or much fewer
 * records, or elements that its schema does not have and the newest did not;
 * force takes it all the same.  PORTBOOK_EBUSY while somebody else writes;
 * PORTBOOK_ENETWORK where the url could not be fetched.
 */
int update(const struct update_options *options, struct update_report *ret,
    struct portbook_error *err);

#endif
