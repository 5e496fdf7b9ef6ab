/* SPDX-License-Identifier: ISC */
/* From an open image to a file of another format. */
#ifndef CLI_CONVERT_H
#define CLI_CONVERT_H

#include <limits.h>

#include "cli/cli.h"
#include "write/format.h"

/* What the options ask for. */
struct conversion {
	const struct format *format;
	int64_t epoch;		/* SOURCE_DATE_EPOCH, or negative */
	bool paged;		/* a page of a search */
	uint64_t page;		/* from 1 */
	struct buf frequencies; /* owned: bytes of the user's file */
};

/* PORTBOOK_EUSAGE, PORTBOOK_EIO; to be released also after a failure. */
int conversion_init(
    const struct cli *cli, struct conversion *ret, struct portbook_error *err);
void conversion_release(struct conversion *c);

/* Writes cli's image at its version to path; NULL is standard output. */
int conversion_run(struct cli *cli, const struct conversion *c,
    const char *path, struct portbook_error *err);

/* The file in folder that input ("a/b.xml.zst") is written to. */
int conversion_target(const struct conversion *c, const char *folder,
    const char *input, char ret[PATH_MAX], struct portbook_error *err);

/* Lists the formats and their styles, a line each. */
void conversion_list_formats(struct buf *b);

#endif
