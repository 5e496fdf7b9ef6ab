/* SPDX-License-Identifier: ISC */
/*
 * Since which version a port, or a name, has been answered as it is today:
 * none of its present rows came later, and none of its past rows still stood.
 */
#include "imagebuild/build.h"

#include "image/namehash.h"
#include "base/banned.h"

static inline uint32_t later(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The numbers of a list that has some. */
static const struct le32 *list_at(
    const struct build *b, const struct image_list *list)
{
	return (const struct le32 *)(const void *)b->lists.ptr +
	       le32(list->off);
}

/* The version behind the last that one of these past rows stood in. */
static uint32_t gone_by(const struct build *b, const struct image_list *list)
{
	uint32_t since = 0;

	for (size_t i = 0; i < le32(list->count); i++) {
		const struct image_row *row =
		    &b->rows[le32(list_at(b, list)[i])];

		since = later(since, le32(row->last_version) + 1);
	}
	return since;
}

/* Since when one of these current rows has not been missing. */
static uint32_t there_by(
    const struct build *b, const struct le32 *rows, size_t count)
{
	uint32_t since = 0;

	for (size_t i = 0; i < count; i++)
		since =
		    later(since, le32(b->rows[le32(rows[i])].first_version));
	return since;
}

/* What past ports say of their rows; by port what the wide rows say, too. */
static int put_ports(struct build *b, uint32_t *since)
{
	size_t count = b->sections[IMAGE_PAST_PORTS].count - 1;
	struct le32 *out = build_section(b, IMAGE_PAST_SINCE, count);
	const struct image_past_ports *ports;
	uint32_t wide;

	if (out == NULL)
		return build_nomem(b);
	ports = build_section_at(b, IMAGE_PAST_PORTS);
	wide = gone_by(b, &ports[count].rows);
	for (size_t n = 0; n < count; n++) {
		uint32_t gone = gone_by(b, &ports[n].rows);

		out[n] = le32_of(gone);
		for (uint32_t port = le32(ports[n].first);
		     port < le32(ports[n + 1].first); port++)
			since[port] = later(gone, wide);
	}
	return 0;
}

/* And what the current rows say; neighbours often have the same list. */
static void add_current(const struct build *b, uint32_t *since)
{
	const struct le32 *ports =
	    (const struct le32 *)build_section_at(b, IMAGE_PORTS) +
	    (size_t)IMAGE_PORT_ANY * PORT_COUNT;
	const struct le32 *lists = (const void *)b->lists.ptr;
	uint32_t there = 0;

	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		uint32_t item = le32(ports[port]), at = item - IMAGE_PORT_LIST;

		if (port > 0 && item == le32(ports[port - 1]))
			;
		else if (item == IMAGE_NONE)
			there = 0;
		else if (item < IMAGE_PORT_LIST)
			there = there_by(b, &ports[port], 1);
		else
			there = there_by(b, lists + at + 1, le32(lists[at]));
		since[port] = later(since[port], there);
	}
}

static struct span text_at(const struct build *b, struct le32 text)
{
	const char *at = b->texts.ptr + (size_t)le32(text) * 4;

	return span_of(at + 4, le_u32(at));
}

/* Rows of everyday names have to be there, too. */
static uint32_t curated_by(const struct build *b, const struct image_name *name)
{
	const struct image_curated *lines = build_section_at(b, IMAGE_CURATED);
	size_t first = le32(name->curated);
	uint32_t since = 0;

	if (first == IMAGE_NONE)
		return 0;
	for (size_t i = first; i < b->sections[IMAGE_CURATED].count &&
			       le32(lines[i].kind) == IMAGE_CURATED_NAME &&
			       span_eq_fold(text_at(b, lines[i].name),
				   text_at(b, lines[first].name));
	     i++)
		if (le32(lines[i].row) != IMAGE_NONE)
			since = later(since, there_by(b, &lines[i].row, 1));
	return since;
}

static uint32_t past_name_by(const struct build *b, struct span folded)
{
	const struct image_past_name *past =
	    build_section_at(b, IMAGE_PAST_NAMES);
	const struct le32 *buckets = build_section_at(b, IMAGE_PAST_BUCKETS);
	size_t count = b->sections[IMAGE_PAST_BUCKETS].count - 1;
	uint64_t hash = namehash(folded, le32(b->meta.name_salt));
	size_t bucket = 0;

	while (count > 1) {
		bucket = bucket * 2 + (size_t)(hash >> 63);
		hash <<= 1;
		count /= 2;
	}
	for (size_t n = le32(buckets[bucket]); n < le32(buckets[bucket + 1]);
	     n++)
		if (span_eq(text_at(b, past[n].name), folded))
			return gone_by(b, &past[n].rows);
	return 0;
}

static int put_names(struct build *b, const uint32_t *since)
{
	size_t count = b->sections[IMAGE_NAMES].count;
	struct le32 *out = build_section(b, IMAGE_NAME_SINCE, count);
	const struct image_name *names;

	if (out == NULL)
		return build_nomem(b);
	names = build_section_at(b, IMAGE_NAMES);
	for (size_t n = 0; n < count; n++) {
		const struct image_list *list = &names[n].rows;
		uint32_t by = later(curated_by(b, &names[n]),
		    past_name_by(b, text_at(b, names[n].name)));

		for (size_t i = 0; i < le32(list->count); i++) {
			const struct image_row *row =
			    &b->rows[le32(list_at(b, list)[i])];

			by = later(by, le32(row->first_version));
			if ((row->flags & IMAGE_ROW_NUMBERED) != 0)
				by = later(by, since[le16(row->first)]);
		}
		out[n] = le32_of(by);
	}
	return 0;
}

int since_make(struct build *b)
{
	uint32_t *since;
	int code;

	if (b->t->version_count < 2)
		return 0;
	since = mem_zalloc(PORT_COUNT, sizeof(*since));
	if (since == NULL)
		return build_nomem(b);
	code = put_ports(b, since);
	if (code == 0) {
		add_current(b, since);
		code = put_names(b, since);
	}
	mem_release(since);
	return code;
}
