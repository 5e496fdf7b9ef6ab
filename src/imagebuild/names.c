/* SPDX-License-Identifier: ISC */
/*
 * Names: those of the current rows, which the orders have sorted already, and
 * behind them the everyday names that the registry lacks.
 */
#include "imagebuild/build.h"

#include "image/namehash.h"
#include "imagebuild/names_table.h"
#include "base/banned.h"

/* Which rows of a name come first: 0 preferred, 1 numbered, 2 without. */
static unsigned rank_of(const struct image_row *row)
{
	if ((row->flags & IMAGE_ROW_PREFERRED) != 0)
		return 0;
	return (row->flags & IMAGE_ROW_NUMBERED) != 0 ? 1 : 2;
}

static void count_rows(struct build *b)
{
	uint32_t off = 0;

	for (size_t row = 0; row < b->current_rows; row++) {
		uint32_t order = le32(b->name_order[row]);
		struct name_group *group;

		if (order == 0)
			continue;
		group = &b->groups[order - 1];
		if (group->count++ == 0) {
			group->folded = columns_text(b, row, COLUMN_NAME);
			group->text = columns_number(b, row, COLUMN_NAME);
			group->curated = IMAGE_NONE;
		}
	}
	for (size_t i = 0; i < b->group_count; i++) {
		b->groups[i].off = off;
		off += b->groups[i].count;
		b->groups[i].count = 0;
	}
}

static int make_groups(struct build *b)
{
	size_t count = 0;

	for (size_t row = 0; row < b->current_rows; row++)
		if (le32(b->name_order[row]) > count)
			count = le32(b->name_order[row]);
	b->group_count = count;
	b->groups = mem_zalloc(count + names_line_count, sizeof(*b->groups));
	b->group_rows = mem_alloc(b->current_rows, sizeof(*b->group_rows));
	if (b->groups == NULL || b->group_rows == NULL)
		return build_nomem(b);
	count_rows(b);
	for (unsigned rank = 0; rank < 3; rank++)
		for (size_t row = 0; row < b->current_rows; row++) {
			uint32_t order = le32(b->name_order[row]);
			struct name_group *group;

			if (order == 0 || rank_of(&b->rows[row]) != rank)
				continue;
			group = &b->groups[order - 1];
			b->group_rows[group->off + group->count++] =
			    (uint32_t)row;
		}
	return 0;
}

struct name_group *names_find(struct build *b, struct span folded)
{
	size_t low = 0, high = b->group_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (span_cmp(b->groups[mid].folded, folded) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < b->group_count && span_eq(b->groups[low].folded, folded))
		return &b->groups[low];
	return NULL;
}

/* Whether an everyday name may stand for a row. */
static bool is_target(
    const struct build *b, size_t n, const struct names_line *line)
{
	const struct image_row *row = &b->rows[n];

	return row->protocol == line->protocol &&
	       le16(row->first) == line->port &&
	       le16(row->last) == line->port &&
	       (line->kind == IMAGE_CURATED_NAME ||
		   (row->flags & IMAGE_ROW_PREFERRED) != 0) &&
	       span_eq_fold(columns_text(b, n, COLUMN_NAME), line->target);
}

/* The rows that everyday names lead to: the preferred or else the first. */
static void put_targets(const struct build *b, struct image_curated *lines)
{
	uint8_t spoken_of[PORT_COUNT / 8] = {0};

	for (size_t i = 0; i < names_line_count; i++) {
		uint16_t port = names_lines[i].port;

		spoken_of[port / 8] |= (uint8_t)(1U << port % 8);
		lines[i].row = le32_of(IMAGE_NONE);
	}
	for (size_t n = 0; n < b->current_rows; n++) {
		const struct image_row *row = &b->rows[n];
		uint16_t port = le16(row->first);

		if ((spoken_of[port / 8] >> port % 8 & 1) == 0 ||
		    (row->flags & IMAGE_ROW_NUMBERED) == 0)
			continue;
		for (size_t i = 0; i < names_line_count; i++) {
			uint32_t old = le32(lines[i].row);

			if (is_target(b, n, &names_lines[i]) &&
			    (old == IMAGE_NONE ||
				rank_of(row) < rank_of(&b->rows[old])))
				lines[i].row = le32_of((uint32_t)n);
		}
	}
}

static int put_line(
    struct build *b, const struct names_line *from, struct image_curated *line)
{
	line->kind = le32_of(from->kind);
	if (texts_add_span(b, from->name, &line->name) < 0 ||
	    texts_add_span(b, from->reason, &line->reason) < 0 ||
	    texts_add_span(b, from->origin, &line->origin) < 0)
		return build_nomem(b);
	return 0;
}

static int put_curated(struct build *b)
{
	struct image_curated *lines =
	    build_section(b, IMAGE_CURATED, names_line_count);

	if (lines == NULL)
		return build_nomem(b);
	put_targets(b, lines);
	for (size_t i = 0; i < names_line_count; i++) {
		int code = put_line(b, &names_lines[i], &lines[i]);

		if (code < 0)
			return code;
	}
	memcpy(b->meta.names_digest, names_digest, sizeof(names_digest));
	return 0;
}

/* The lines of everyday names from first on that speak of one name. */
static size_t run_of(size_t first)
{
	size_t count = 1;

	while (first + count < names_line_count &&
	       names_lines[first + count].kind == names_lines[first].kind &&
	       span_eq_fold(
		   names_lines[first].name, names_lines[first + count].name))
		count++;
	return count;
}

/*
 * Adds the everyday names that lead somewhere; returns how many names there
 * are.  names_find goes on to look at the registry's names alone.
 */
static size_t add_curated(struct build *b)
{
	const struct image_curated *lines = build_section_at(b, IMAGE_CURATED);
	size_t name_count = b->group_count, count = 0;

	for (size_t i = 0; i < names_line_count; i += count) {
		const struct names_line *line = &names_lines[i];
		struct name_group *group;
		bool leads = false;

		count = run_of(i);
		for (size_t n = 0; n < count; n++)
			leads = leads || le32(lines[i + n].row) != IMAGE_NONE;
		if (!leads || line->kind != IMAGE_CURATED_NAME)
			continue;
		group = names_find(b, line->name);
		if (group == NULL) {
			group = &b->groups[name_count++];
			group->folded = line->name;
		}
		group->curated = (uint32_t)i;
	}
	return name_count;
}

static int put_name(
    struct build *b, const struct name_group *group, struct image_name *name)
{
	int code;

	namehash_key(group->folded, name->key);
	name->curated = le32_of(group->curated);
	if (group->text != 0 &&
	    span_eq(timeline_text(b->t, group->text), group->folded))
		code = texts_put(b, group->text, &name->name);
	else
		code = texts_add_span(b, group->folded, &name->name);
	if (code < 0)
		return code;
	return lists_put(
	    b, b->group_rows + group->off, group->count, &name->rows);
}

static int put_names(struct build *b, size_t name_count)
{
	struct span *folded = mem_alloc(name_count, sizeof(*folded));
	uint32_t *slots = mem_alloc(name_count, sizeof(*slots));
	struct image_name *names = NULL;
	size_t count = 0;
	int code = 0;

	if (folded == NULL || slots == NULL) {
		code = build_nomem(b);
		goto out;
	}
	for (size_t i = 0; i < name_count; i++)
		if (b->groups[i].folded.len <= IMAGE_NAME_MAX)
			folded[count++] = b->groups[i].folded;
	code = perfect_make(b, folded, count, slots);
	if (code < 0)
		goto out;
	names = build_section(b, IMAGE_NAMES, count);
	if (names == NULL) {
		code = build_nomem(b);
		goto out;
	}
	count = 0;
	for (size_t i = 0; code == 0 && i < name_count; i++)
		if (b->groups[i].folded.len <= IMAGE_NAME_MAX)
			code =
			    put_name(b, &b->groups[i], &names[slots[count++]]);
out:
	mem_release(folded);
	mem_release(slots);
	return code;
}

int names_make(struct build *b)
{
	int code = put_curated(b);

	if (code < 0 || b->options->rows_only)
		return code;
	code = make_groups(b);
	return code == 0 ? put_names(b, add_curated(b)) : code;
}
