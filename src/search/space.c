/* SPDX-License-Identifier: ISC */
/*
 * The newest version has a table of ports, whose first row tells the state.
 * Of the past each row is looked at once: single ports keep the strongest
 * weight, ranges are counted where they begin and end, by weight,
 *
 *	ranges[w]	0 .. +1 (first) .. 0 .. -1 (behind the last) .. 0
 *
 * and one sweep over the ports then sees which weights are there.  So the
 * cost is that of the rows and of the ports, however the ranges overlap.
 */
#include "search/space.h"

#include "image/edition.h"
#include "image/past.h"
#include "search/rows.h"
#include "base/banned.h"

static enum state newest_state(
    const struct image *image, uint16_t port, enum protocol protocol)
{
	uint32_t row = image_first_by_port(image, port, protocol);
	struct port_range here = {port, port};

	if (row >= image->current_rows ||
	    !row_is_within(&image->rows[row], here))
		return STATE_NOT_LISTED;
	return image_row_state(&image->rows[row]);
}

/* A state that counts for more stays. */
static void take(struct space *s, uint32_t port, enum state state)
{
	if (s->state[port] < (uint8_t)state)
		s->state[port] = (uint8_t)state;
}

static void fill_newest(
    const struct image *image, enum protocol protocol, struct space *s)
{
	for (uint32_t port = 0; port < PORT_COUNT; port++)
		take(s, port, newest_state(image, (uint16_t)port, protocol));
}

static void weigh(const struct image_row *row, struct space *s)
{
	unsigned weight = image_row_weight(row);
	uint16_t first = le16(row->first), last = le16(row->last);

	if (first == last) {
		if (s->single[first] < weight)
			s->single[first] = (uint8_t)weight;
	} else if (first < last) {
		s->ranges[weight % SPACE_WEIGHTS][first]++;
		s->ranges[weight % SPACE_WEIGHTS][last + 1U]--;
	}
}

/* The state is what a weight ends with. */
static enum state state_of_weight(unsigned weight)
{
	return (enum state)(weight & 3);
}

static void sweep(struct space *s)
{
	uint32_t open[SPACE_WEIGHTS] = {0};

	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		unsigned best = s->single[port];

		for (unsigned w = 0; w < SPACE_WEIGHTS; w++) {
			open[w] += s->ranges[w][port];
			if (open[w] > 0 && best < w)
				best = w;
		}
		take(s, port, state_of_weight(best));
	}
}

static void fill_past(const struct image *image, enum protocol protocol,
    uint32_t version, struct space *s)
{
	struct image_walk walk = image_walk_begin(image, version);
	uint32_t n;

	memset(s->single, 0, sizeof(s->single));
	memset(s->ranges, 0, sizeof(s->ranges));
	while ((n = image_walk_row(&walk)) != IMAGE_NONE) {
		const struct image_row *row = &image->rows[n];

		if ((row->flags & IMAGE_ROW_NUMBERED) != 0 &&
		    image_row_speaks_for(row, protocol))
			weigh(row, s);
	}
	sweep(s);
}

void space_fill(const struct image *image, enum protocol protocol,
    uint32_t version, struct space *ret)
{
	bool newest =
	    version == image->version_count - 1 && image->ports != NULL;

	memset(ret->state, STATE_NOT_LISTED, sizeof(ret->state));
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++) {
		if (protocol < PROTOCOL_COUNT && p != protocol)
			continue;
		if (newest)
			fill_newest(image, (enum protocol)p, ret);
		else
			fill_past(image, (enum protocol)p, version, ret);
	}
}

void space_count(
    const struct space *space, struct port_range range, struct space_count *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (uint32_t port = range.first; port <= range.last; port++)
		ret->of[space->state[port] & 3]++;
}
