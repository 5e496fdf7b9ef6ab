/* SPDX-License-Identifier: ISC */
#include "search/neighbours.h"

#include "image/past.h"
#include "base/banned.h"

/* The first row of a port; IMAGE_NONE where no row speaks of it. */
static uint32_t row_of(
    const struct image *image, uint32_t version, uint32_t port)
{
	uint32_t row = IMAGE_NONE;
	struct match m = {.rows = &row, .cap = 1};
	struct query q = {
	    .kind = QUERY_PORT,
	    .range = {(uint16_t)port, (uint16_t)port},
	    .protocol = PROTOCOL_NONE,
	};

	search_lookup(image, &q, version, &m);
	return m.count > 0 ? row : IMAGE_NONE;
}

/* The end of the ports from port on that no row speaks of. */
static uint32_t gap_end(
    const struct image *image, uint32_t version, uint32_t port, bool above)
{
	for (;;) {
		uint32_t next = above ? port + 1 : port - 1;

		if (port == (above ? PORT_COUNT - 1 : 0) ||
		    port_class_of((uint16_t)next) !=
			port_class_of((uint16_t)port) ||
		    row_of(image, version, next) != IMAGE_NONE)
			return port;
		port = next;
	}
}

/* What begins at port, on the side away from where one comes from. */
static struct neighbour neighbour_at(
    const struct image *image, uint32_t version, uint32_t port, bool above)
{
	uint32_t row = row_of(image, version, port), end;

	if (row == IMAGE_NONE) {
		end = gap_end(image, version, port, above);
	} else {
		end = above ? le16(image->rows[row].last)
			    : le16(image->rows[row].first);
		/* A range with another row inside ends before that. */
		for (uint32_t p = port; p != end;) {
			uint32_t next = above ? p + 1 : p - 1;

			if (row_of(image, version, next) != row)
				end = p;
			else
				p = next;
		}
	}
	return (struct neighbour){
	    .range = {(uint16_t)(above ? port : end),
		(uint16_t)(above ? end : port)},
	    .row = row,
	};
}

size_t search_neighbours(const struct image *image, uint32_t version,
    struct port_range from, bool above, struct neighbour *ret, size_t cap)
{
	size_t count = 0;

	while (count < cap &&
	       (above ? from.last < PORT_COUNT - 1 : from.first > 0)) {
		uint32_t port = above ? from.last + 1U : from.first - 1U;

		ret[count] = neighbour_at(image, version, port, above);
		from = ret[count++].range;
	}
	return count;
}

size_t search_port_counts_len(struct port_range range)
{
	return ((size_t)range.last - range.first + 1) * PROTOCOL_COUNT;
}

/* The weight that the heaviest row has for each port, by transport. */
static void weigh(const struct image_row *row, struct port_range range,
    size_t ports, uint8_t *weights)
{
	uint32_t first = le16(row->first), last = le16(row->last);
	uint8_t weight = (uint8_t)image_row_weight(row);

	first = first > range.first ? first - range.first : 0;
	last = (last < range.last ? last : range.last) - range.first;
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		if (!image_row_speaks_for(row, (enum protocol)p))
			continue;
		for (size_t i = first; i <= last; i++)
			if (weight > weights[p * ports + i])
				weights[p * ports + i] = weight;
	}
}

void search_port_counts(const struct image *image, struct port_range range,
    const uint32_t *rows, size_t count, struct port_counts *ret, void *scratch)
{
	size_t ports = (size_t)range.last - range.first + 1;
	uint8_t *weights = scratch;

	memset(weights, 0, search_port_counts_len(range));
	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = image_row(image, rows[i]);
		struct port_range own;

		if (row == NULL || (row->flags & IMAGE_ROW_NUMBERED) == 0)
			continue;
		own = (struct port_range){le16(row->first), le16(row->last)};
		if (own.first <= own.last && port_range_meets(own, range))
			weigh(row, range, ports, weights);
	}
	*ret = (struct port_counts){0};
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		for (size_t i = 0; i < ports; i++)
			ret->at[p][weights[p * ports + i] & 3]++;
}
