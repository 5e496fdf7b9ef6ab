/* SPDX-License-Identifier: ISC */
/*
 * Whether a service name may be registered: by the rules of names, and by what
 * the registry has; and if not, names near to it that may.
 */
#ifndef SEARCH_NAME_H
#define SEARCH_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag/diag.h"
#include "image/image.h"
#include "terms/name.h"

#define SEARCH_NAME_NEAREST 3
#define SEARCH_NAME_FINDINGS (NAME_RULE_COUNT + 2)

/* What there is to say of a name: a rule, and the row that it speaks of. */
struct name_finding {
	enum finding_code code;
	uint32_t row; /* IMAGE_NONE if of none */
};

struct name_proposal {
	char text[NAME_LEN_MAX + 1]; /* terminated */
	size_t len;
};

struct name_report {
	bool valid; /* RFC 6335 allows it */
	bool taken; /* a row of the version has it, in whatever case */
	struct name_finding findings[SEARCH_NAME_FINDINGS];
	size_t finding_count;
	struct name_proposal nearest[SEARCH_NAME_NEAREST];
	size_t nearest_count; /* 0 where name itself is valid and free */
};

/*
 * Any bytes may be asked for.  Taken is what a row of the version is called,
 * historic aliases too.  Names that the registry had before, and everyday names
 * of other services, are free and told as findings; they are not proposed.
 * The same image and name give the same report.
 */
void search_name(const struct image *image, struct span name, uint32_t version,
    struct name_report *ret);

/* Whether it may be registered. */
static inline bool name_is_usable(const struct name_report *report)
{
	return report->valid && !report->taken;
}

#endif
