/* SPDX-License-Identifier: ISC */
#include "image/past.h"

#include "base/banned.h"

void image_port_walk_begin(struct image_port_walk *ret,
    const struct image *image, uint16_t port, uint32_t version)
{
	*ret = (struct image_port_walk){
	    .image = image, .version = version, .port = port};
	ret->lists[0] = image_by_port(image, port, PROTOCOL_NONE);
	ret->lists[1] = image_past_by_port(image, port);
	ret->lists[2] = image_past_wide(image);
}

/* A row of the version with the port; the file may say otherwise. */
static bool is_there(
    const struct image_row *row, uint16_t port, uint32_t version)
{
	return row != NULL && image_row_is_in(row, version) &&
	       (row->flags & IMAGE_ROW_NUMBERED) != 0 &&
	       le16(row->first) <= port && port <= le16(row->last);
}

uint32_t image_port_walk_next(struct image_port_walk *walk)
{
	for (; walk->list < 3; walk->list++, walk->at = 0) {
		struct image_numbers list = walk->lists[walk->list];

		while (walk->at < list.count) {
			uint32_t n = le32(list.at[walk->at++]);

			if (is_there(image_row(walk->image, n), walk->port,
				walk->version))
				return n;
		}
	}
	return IMAGE_NONE;
}

static bool any_there(const struct image *image, struct image_numbers list,
    uint16_t port, uint32_t version)
{
	for (size_t i = 0; i < list.count; i++)
		if (is_there(image_row(image, le32(list.at[i])), port, version))
			return true;
	return false;
}

/* The same of the past rows that are not wide; most need not be looked at. */
static bool any_past(const struct image *image, uint16_t port, uint32_t version)
{
	size_t item = image_past_item(image, port);

	if (item == SIZE_MAX || (image->past_since != NULL &&
				    le32(image->past_since[item]) <= version))
		return false;
	return any_there(image,
	    image_list(image, &image->past_ports[item].rows), port, version);
}

bool image_port_is_as_now(
    const struct image *image, uint16_t port, uint32_t version)
{
	struct image_numbers now;

	if (any_past(image, port, version) ||
	    any_there(image, image_past_wide(image), port, version))
		return false;
	now = image_by_port(image, port, PROTOCOL_NONE);
	for (size_t i = 0; i < now.count; i++) {
		const struct image_row *row = image_row(image, le32(now.at[i]));

		if (row == NULL || !image_row_is_in(row, version))
			return false;
	}
	return true;
}

/* What notes say against a row's being preferred. */
static bool is_weak(const struct image *image, const struct image_row *row)
{
	struct span note = image_text(image, row->text[FIELD_NOTE]);

	return le32(row->alias_of) != 0 ||
	       span_find(note, SPAN("unassigned but widespread use")) <
		   note.len;
}

static struct span name_of(
    const struct image *image, const struct image_row *row)
{
	return span_trim(image_text(image, row->text[FIELD_NAME]));
}

/* The line of names.tsv that prefers a name here; IMAGE_NONE without. */
static uint32_t line_for(const struct image *image, const struct image_row *row,
    uint16_t port, enum protocol protocol)
{
	for (size_t i = 0; i < image->curated_count; i++) {
		const struct image_curated *line = &image->curated[i];
		const struct image_row *now = image_row(image, le32(line->row));

		if (le32(line->kind) == IMAGE_CURATED_PREFER && now != NULL &&
		    le16(now->first) == port && now->protocol == protocol &&
		    span_eq_fold(name_of(image, now), name_of(image, row)))
			return (uint32_t)i;
	}
	return IMAGE_NONE;
}

/* One of the strongest rows of a port and transport, and how it does. */
struct rival {
	uint32_t row;
	uint32_t place;
	uint32_t line; /* of names.tsv that prefers it, or IMAGE_NONE */
	bool weak;
};

/* Whether a is rather the preferred one than b. */
static bool beats(const struct rival *a, const struct rival *b)
{
	if (a->line != b->line)
		return a->line < b->line;
	if (a->weak != b->weak)
		return b->weak;
	return a->place < b->place;
}

/* Row n, which has the port of row at. */
static struct rival rival_of(const struct image *image, uint32_t n,
    const struct image_row *at, enum protocol protocol, bool curated)
{
	const struct image_row *row = &image->rows[n];
	uint32_t line = IMAGE_NONE;

	if (curated)
		line = line_for(image, row, le16(at->first), protocol);
	return (struct rival){n, le32(row->place), line, is_weak(image, row)};
}

/* Whether the flag of a row, which speaks of today, is right for a version. */
static bool is_as_flagged(
    const struct image *image, uint32_t n, uint32_t version)
{
	if (image->ports == NULL || version == image->version_count - 1)
		return true;
	return n < image->current_rows &&
	       image_port_is_as_now(image, le16(image->rows[n].first), version);
}

bool image_row_is_preferred(
    const struct image *image, uint32_t n, uint32_t version, uint32_t *line)
{
	const struct image_row *row = &image->rows[n];
	enum protocol protocol = (enum protocol)row->protocol;
	bool curated =
	    version < image->version_count &&
	    le32(image->versions[version].source) != IMAGE_SOURCE_SERVICES;
	struct image_port_walk walk;
	struct rival best = {.row = IMAGE_NONE}, own;
	uint32_t other, first = IMAGE_NONE;
	size_t count = 0, named = 0;

	if (line != NULL)
		*line = IMAGE_NONE;
	if ((row->flags & IMAGE_ROW_NUMBERED) == 0 ||
	    image_row_state(row) != STATE_ASSIGNED ||
	    le32(row->text[FIELD_NAME]) == 0)
		return false;
	if (line == NULL && is_as_flagged(image, n, version))
		return (row->flags & IMAGE_ROW_PREFERRED) != 0;
	if (protocol == PROTOCOL_NONE)
		protocol = PROTOCOL_TCP;
	if (protocol >= PROTOCOL_COUNT)
		return false;
	image_port_walk_begin(&walk, image, le16(row->first), version);
	while ((other = image_port_walk_next(&walk)) != IMAGE_NONE) {
		const struct image_row *r = &image->rows[other];

		if (!image_row_speaks_for(r, protocol) ||
		    image_row_weight(r) < image_row_weight(row))
			continue;
		if (image_row_weight(r) > image_row_weight(row))
			return false;
		count++;
		if (le32(r->text[FIELD_NAME]) == 0)
			continue;
		/* One that is alone need not be compared with any. */
		if (named++ == 0) {
			first = other;
			continue;
		}
		if (named == 2)
			best = rival_of(image, first, row, protocol, curated);
		own = rival_of(image, other, row, protocol, curated);
		if (beats(&own, &best))
			best = own;
	}
	if (named == 1)
		best = count > 1 && line != NULL
			   ? rival_of(image, first, row, protocol, curated)
			   : (struct rival){.row = first, .line = IMAGE_NONE};
	if (line != NULL && count > 1 && best.row == n)
		*line = best.line;
	return best.row == n;
}
