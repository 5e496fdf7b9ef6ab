/* SPDX-License-Identifier: ISC */
/*
 * Recording many versions, in any order, and publishing the image of all
 * once.  What is recorded stays, whenever the import ends, and the next one
 * goes on from there.
 */
#ifndef ADMIN_IMPORT_H
#define ADMIN_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "portbook/error.h"

/* How far it is, and in the end what came of it. */
struct import_report {
	size_t files;	/* looked at */
	size_t added;	/* versions that the store did not have */
	size_t known;	/* that it had */
	size_t skipped; /* that are no version, and were told */
	size_t failed;	/* of these, the ones that the system would not give */
	uint64_t done, len; /* bytes read, of how many */
	bool stopped;	    /* asked to, and not at the end */
	bool published;
	size_t versions; /* in the store; with the next two at the end only */
	char first[16], last[16]; /* their dates */
};

struct import_options {
	const char *state;  /* folder */
	char *const *paths; /* files, folders, archives */
	size_t count;

	/* A file that was skipped, and why.  NULL: nobody is told. */
	void (*tell)(void *ctx, const struct portbook_error *why);

	/* After each file.  NULL: nobody is told. */
	void (*progress)(void *ctx, const struct import_report *report);

	/* Whether to stop now.  NULL: never. */
	bool (*stop)(void *ctx);
	void *ctx;
};

/*
 * 0, though some were skipped or it was stopped; then nothing is published.
 * A failure is one of the store, the state folder, or memory: *ret is what
 * was done before.
 */
int import(const struct import_options *options, struct import_report *ret,
    struct portbook_error *err);

#endif
