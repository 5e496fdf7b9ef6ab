/* SPDX-License-Identifier: ISC */
/*
 * Reading an image.  Nothing is allocated after open; every number that comes
 * from the file is checked where it is used, so that a damaged image may
 * answer wrongly and never reads outside the map.
 *
 * An open image does not change: any number of threads may share it.
 */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "image/layout.h"
#include "image/namehash.h"
#include "portbook/error.h"
#include "terms/fields.h"
#include "terms/protocol.h"

/* Numbers borrowed from the image. */
struct image_numbers {
	const struct le32 *at;
	size_t count;
};

struct image {
	const uint8_t *base; /* the map */
	size_t len;
	bool mapped; /* base is ours to unmap */

	const struct image_meta *meta;
	const uint8_t *texts;
	size_t texts_len;
	const struct image_version *versions;
	size_t version_count;
	const struct image_row *rows;
	size_t row_count, current_rows;
	const struct image_person *people;
	size_t person_count, current_people;
	const struct le32 *lists;
	size_t list_count;
	const struct le32 *ports; /* IMAGE_PORT_TABLES * 65536, or NULL */
	const struct image_seed *name_seeds;
	size_t name_seed_count;
	unsigned name_seed_shift;
	uint32_t name_salt;
	const struct image_name *names;
	size_t name_count;
	const uint8_t *search;
	size_t search_len;
	const struct le32 *gram_pairs; /* alphabet^2 + 1, or NULL */
	unsigned alphabet;
	const struct image_gram *grams;
	size_t gram_count;
	const struct le32 *postings;
	size_t posting_count;
	const struct le32 *orders; /* COLUMN_COUNT * current_rows, or NULL */
	const struct le32 *people_order; /* current_people, or NULL */
	const struct image_curated *curated;
	size_t curated_count;
	const struct image_gap *gaps;
	size_t gap_count;
	const struct image_edition *editions; /* or NULL */
	size_t edition_count;

	/* Accessors in image/events.h; NULL in an image without history. */
	const struct image_event *events;
	size_t event_count;
	const struct le32 *event_starts;       /* version_count + 1 */
	const struct image_life *row_lives;    /* row_count */
	const struct image_life *person_lives; /* person_count */
	const struct le32 *past_blocks;
	const struct image_past_ports *past_ports;
	size_t past_port_count; /* items, the last one left out */
	const struct le32 *past_buckets;
	unsigned past_bucket_shift;
	const struct image_past_name *past_names;
	size_t past_name_count;
	const struct le32 *past_people;
	size_t past_person_count;
	const struct image_standing *standing; /* version_count */
	const struct le32 *standing_bits;
	size_t standing_bit_count; /* items */
	const struct le32 *turns;
	size_t turn_count;
	const struct le32 *past_gram_pairs; /* as gram_pairs, or NULL */
	const struct image_gram *past_grams;
	size_t past_gram_count;
	const struct le32 *past_postings;
	size_t past_posting_count;
	const struct le32 *past_since; /* past_port_count, or NULL */
	const struct le32 *name_since; /* name_count, or NULL */
	const struct le32 *common;     /* or NULL */
	size_t common_count;
	const struct le32 *common_counts; /* common_count * sets of bits */

	/* Accessors in image/line.h; all NULL in an older image. */
	const struct image_line_block *line_blocks;
	const struct le32 *lines;
	size_t line_count;
	const uint8_t *line_texts;
	size_t line_texts_len;
	const struct image_name_line *name_lines; /* name_count, and more */
	size_t name_line_count;
};

/*
 * Maps the image at path, or in fd, which stays the caller's.  PORTBOOK_EIO;
 * PORTBOOK_EFORMAT for a file of another kind; PORTBOOK_EVERSION for another
 * major version; PORTBOOK_EDAMAGED for one whose size or sections are wrong.
 * Costs the same whatever the size: checksums are image_verify's.
 */
int image_open(const char *path, struct image *ret, struct portbook_error *err);
int image_open_fd(
    int fd, const char *name, struct image *ret, struct portbook_error *err);

/* The same on bytes of the caller's, aligned to 8, that outlive the image. */
int image_open_memory(
    struct span bytes, struct image *ret, struct portbook_error *err);

void image_close(struct image *image);

/* Whether bytes begin as an image of any version does. */
bool image_is(struct span bytes);

/* Every checksum and every number in it; 0 or PORTBOOK_EDAMAGED. */
int image_verify(const struct image *image, struct portbook_error *err);

/* A text, terminated; the empty one where text names none. */
static inline struct span image_text(
    const struct image *image, struct le32 text)
{
	size_t off = (size_t)le32(text) * 4, room = image->texts_len, len;

	if (off >= room || room - off <= 4)
		return SPAN("");
	room -= off + 4;
	len = le_u32(image->texts + off);
	if (len >= room || image->texts[off + 4 + len] != 0)
		return SPAN("");
	return (struct span){(const char *)image->texts + off + 4, len};
}

/* Row n; NULL if there is none. */
static inline const struct image_row *image_row(
    const struct image *image, size_t n)
{
	return n < image->row_count ? &image->rows[n] : NULL;
}

static inline const struct image_person *image_person(
    const struct image *image, size_t n)
{
	return n < image->person_count ? &image->people[n] : NULL;
}

/* The last version; an open image has at least one. */
static inline const struct image_version *image_newest(
    const struct image *image)
{
	return &image->versions[image->version_count - 1];
}

static inline struct image_numbers image_list(
    const struct image *image, const struct image_list *list)
{
	size_t off = le32(list->off), count = le32(list->count);

	if (off > image->list_count || count > image->list_count - off)
		return (struct image_numbers){NULL, 0};
	return (struct image_numbers){image->lists + off, count};
}

/*
 * One comparison for a row of its own and none: which of them it is, chance
 * decides, and few ports have lists.
 */
static inline bool image_port_has_list(struct le32 item)
{
	return le32(item) - IMAGE_PORT_LIST < IMAGE_NONE - IMAGE_PORT_LIST;
}

/* The rows of a port that has a list. */
static inline struct image_numbers image_port_list(
    const struct image *image, struct le32 item)
{
	size_t off = le32(item) - IMAGE_PORT_LIST, count;

	if (off >= image->list_count)
		return (struct image_numbers){NULL, 0};
	count = le32(image->lists[off]);
	if (count > image->list_count - off - 1)
		return (struct image_numbers){NULL, 0};
	return (struct image_numbers){image->lists + off + 1, count};
}

/*
 * Current rows that speak of port on protocol (PROTOCOL_NONE: on any).  For a
 * transport, the first tells the state; for any, preferred rows come first,
 * each kind in registry order.
 */
static inline struct image_numbers image_by_port(
    const struct image *image, uint16_t port, enum protocol protocol)
{
	size_t table = protocol < PROTOCOL_COUNT ? protocol : IMAGE_PORT_ANY;
	const struct le32 *item;

	if (image->ports == NULL)
		return (struct image_numbers){NULL, 0};
	item = &image->ports[table * PORT_COUNT + port];
	if (!image_port_has_list(*item))
		return (struct image_numbers){item, le32(*item) != IMAGE_NONE};
	return image_port_list(image, *item);
}

/*
 * The first of these rows, or IMAGE_NONE: faster, as a port without a list is
 * answered without asking whether it has a row.
 */
static inline uint32_t image_first_by_port(
    const struct image *image, uint16_t port, enum protocol protocol)
{
	size_t table = protocol < PROTOCOL_COUNT ? protocol : IMAGE_PORT_ANY;
	struct image_numbers rows;
	struct le32 item;

	if (image->ports == NULL)
		return IMAGE_NONE;
	item = image->ports[table * PORT_COUNT + port];
	if (!image_port_has_list(item))
		return le32(item);
	rows = image_port_list(image, item);
	return rows.count > 0 ? le32(rows.at[0]) : IMAGE_NONE;
}

/* image_by_name for names that are long or not ASCII. */
const struct image_name *image_by_long_name(
    const struct image *image, struct span name);

/* The only one that can have this hash; NULL for most of what has none. */
static inline const struct image_name *image_name_at(
    const struct image *image, uint64_t hash)
{
	uint64_t place = namehash_place(hash, image->name_seed_shift);
	const struct image_seed *seed = &image->name_seeds[place / 32];

	if ((le32(seed->bits) >> place % 32 & 1) == 0)
		return NULL;
	return &image->names[namehash_slot(
	    hash, le32(seed->seed), (uint32_t)image->name_count)];
}

/* A name in any case; NULL if the registry has none such. */
static inline const struct image_name *image_by_name(
    const struct image *image, struct span name)
{
	const struct image_name *found;
	struct name_windows w;

	if (!namehash_fold(name, &w))
		return image_by_long_name(image, name);
	found =
	    image_name_at(image, namehash_short(w, name.len, image->name_salt));
	if (found == NULL || !namehash_is(found->key, w, name.len))
		return NULL;
	return found;
}

/* The current person of that id (case matters); IMAGE_NONE if none. */
uint32_t image_by_person(const struct image *image, struct span id);

/* Texts of a row or person by field; borrowed from the image. */
void image_row_text(const struct image *image, const struct image_row *row,
    struct record_text *ret);
void image_person_text(const struct image *image,
    const struct image_person *person, struct person_text *ret);

/* The folded searched columns of a row, each ended by NUL. */
struct span image_search_text(
    const struct image *image, const struct image_row *row);

/*
 * Rows that have a gram of 1 to 3 folded bytes in a column: a rising list of
 * row numbers, or for many a bitmap of rows, bit n % 32 of word n / 32
 * (image_posting_is_bitmap).
 */
struct image_posting {
	const struct le32 *at;
	size_t count; /* rows */
	size_t words; /* of the bitmap; 0 for a list */
};

/* Current rows; without such ones the count is 0. */
struct image_posting image_gram(
    const struct image *image, const char *bytes, size_t len);

/* Past rows, counted from image->current_rows on. */
struct image_posting image_past_gram(
    const struct image *image, const char *bytes, size_t len);

/*
 * Place of a current row by column, from 1; rows that are alike share it.  0
 * is for one that has nothing there.
 */
static inline uint32_t image_order(
    const struct image *image, enum column column, size_t row)
{
	if (image->orders == NULL || row >= image->current_rows)
		return 0;
	return le32(image->orders[(size_t)column * image->current_rows + row]);
}

#endif
