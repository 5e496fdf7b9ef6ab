/* SPDX-License-Identifier: ISC */
/* The files of the official site, as this one has them. */
#ifndef WEB_FORMATS_H
#define WEB_FORMATS_H

#include "web/site.h"

#define FORMATS_IANA "https://www.iana.org"

struct format_file {
	struct span name, type, about;
	struct span address; /* from the root; at IANA it is the same */
	int source;	     /* enum source_kind, or -1: it is always there */
};

#define FORMAT_FILES 6U

extern const struct format_file format_files[FORMAT_FILES];

/* Whether the site has it: not everything is published beside each image. */
bool format_is_here(const struct edition *edition, const struct format_file *f);

/* Its bytes; 0 for one that is made when it is asked for, or not here. */
uint64_t format_bytes(
    const struct edition *edition, const struct format_file *f);

#endif
