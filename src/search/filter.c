/* SPDX-License-Identifier: ISC */
#include "search/filter.h"

#include "base/error.h"
#include "base/banned.h"

#define CLASS_NONE (PORT_DYNAMIC + 1)

static int parse_protocol(
    struct span word, unsigned *ret, struct portbook_error *err)
{
	enum protocol protocol = PROTOCOL_NONE;

	if (!protocol_parse(word, &protocol) &&
	    !span_eq_fold(word, SPAN("none")))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "protocol must be tcp, udp, sctp or dccp, or none for "
		    "rows without a transport.");
	*ret = 1U << protocol;
	return 0;
}

static int parse_state(
    struct span word, unsigned *ret, struct portbook_error *err)
{
	for (enum state s = STATE_UNASSIGNED; s <= STATE_ASSIGNED; s++)
		if (span_eq_fold(word, state_name(s)))
			*ret = 1U << s;
	if (*ret == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "state must be assigned, reserved or unassigned.");
	return 0;
}

static int parse_class(
    struct span word, unsigned *ret, struct portbook_error *err)
{
	for (enum port_class c = PORT_SYSTEM; c <= PORT_DYNAMIC; c++)
		if (span_eq_fold(word, port_class_name(c)))
			*ret = 1U << c;
	if (span_eq_fold(word, SPAN("none")))
		*ret = 1U << CLASS_NONE;
	if (*ret == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "class must be system, user or dynamic, or none for rows "
		    "without a number.");
	return 0;
}

int search_filter_parse(struct span protocol, struct span state,
    struct span class, struct search_filter *ret, struct portbook_error *err)
{
	struct search_filter f = {0, 0, 0};
	int code = 0;

	if (protocol.len > 0)
		code = parse_protocol(protocol, &f.protocols, err);
	if (code == 0 && state.len > 0)
		code = parse_state(state, &f.states, err);
	if (code == 0 && class.len > 0)
		code = parse_class(class, &f.classes, err);
	if (code == 0)
		*ret = f;
	return code;
}

/* The classes that a row has ports of. */
static unsigned classes_of(const struct image_row *row)
{
	unsigned first, last;

	if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
		return 1U << CLASS_NONE;
	first = port_class_of(le16(row->first));
	last = port_class_of(le16(row->last));
	if (last < first)
		return 1U << first;
	return (2U << last) - (1U << first);
}

static bool has(unsigned wanted, unsigned bits)
{
	return wanted == 0 || (wanted & bits) != 0;
}

size_t search_filter_rows(const struct image *image,
    const struct search_filter *filter, uint32_t *rows, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = image_row(image, rows[i]);

		if (row != NULL &&
		    has(filter->protocols, 1U << (row->protocol & 7)) &&
		    has(filter->states, 1U << image_row_state(row)) &&
		    has(filter->classes, classes_of(row)))
			rows[kept++] = rows[i];
	}
	return kept;
}
