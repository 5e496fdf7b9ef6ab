/* SPDX-License-Identifier: ISC */
/*
 * What a version consists of, as one sequence of numbers:
 *
 *	text of each registry_field, newest row's date	    numbers of texts
 *	count, (title, text)...				    notes
 *	count, (title, text)...				    footnotes
 *	count, (index behind the last one, text)...	    gaps of records
 *	count, (index behind the last one, text)...	    gaps of persons
 *	count, number of state...			    records
 *	count, number of state...			    persons
 *
 * so that one coding (sequence.h) serves all, and neighbours share all.
 */
#ifndef STORE_BODY_H
#define STORE_BODY_H

#include "core/registry.h"
#include "store/sequence.h"

/* The parts that have a count, in order. */
enum body_part {
	BODY_NOTES,
	BODY_FOOTNOTES,
	BODY_RECORD_GAPS,
	BODY_PERSON_GAPS,
	BODY_RECORDS,
	BODY_PEOPLE,
	BODY_PART_COUNT,
};

/* The parts before the records are of pairs. */
static inline size_t body_width(enum body_part part)
{
	return part < BODY_RECORDS ? 2 : 1;
}

/* Spans into a sequence; good until that changes. */
struct body {
	const uint32_t *text; /* REGISTRY_FIELD_COUNT */
	uint32_t newest_row;
	struct body_list {
		const uint32_t *at; /* borrowed */
		size_t count;	    /* pairs count as one */
	} parts[BODY_PART_COUNT];
};

/* No number may reach these.  States are numbered from 1. */
struct body_bounds {
	size_t texts, records, people;
};

/* PORTBOOK_EDAMAGED where s is no body, or beyond the bounds. */
int body_parse(const struct sequence *s, const struct body_bounds *bounds,
    struct body *ret);

#endif
