/* SPDX-License-Identifier: ISC */
/*
 * Opening: everything that costs the same whatever the size.  What is checked
 * here need not be checked again: that sections lie within the file and have
 * whole items, and that those agree whose sizes depend on each other.
 */
#include "image/image.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ckd.h"
#include "base/error.h"
#include "image/sections.h"
#include "base/banned.h"

static_assert(sizeof(struct image_header) == 32, "as in portbook-image(5)");
static_assert(sizeof(struct image_section) == 32, "as in portbook-image(5)");
static_assert(sizeof(struct image_meta) == 320, "as in portbook-image(5)");
static_assert(sizeof(struct image_version) == 112, "as in portbook-image(5)");
static_assert(sizeof(struct image_row) == 100, "as in portbook-image(5)");
static_assert(sizeof(struct image_person) == 48, "as in portbook-image(5)");
static_assert(sizeof(struct image_name) == 32, "as in portbook-image(5)");
static_assert(sizeof(struct image_gram) == 12, "as in portbook-image(5)");
static_assert(sizeof(struct image_curated) == 20, "as in portbook-image(5)");
static_assert(sizeof(struct image_gap) == 16, "as in portbook-image(5)");
static_assert(sizeof(struct image_event) == 20, "as in portbook-image(5)");
static_assert(sizeof(struct image_life) == 16, "as in portbook-image(5)");
static_assert(sizeof(struct image_past_ports) == 12, "as in portbook-image(5)");
static_assert(sizeof(struct image_past_name) == 28, "as in portbook-image(5)");
static_assert(sizeof(struct image_edition) == 8, "as in portbook-image(5)");
static_assert(sizeof(struct image_standing) == 12, "as in portbook-image(5)");
static_assert(sizeof(struct image_line_block) == 16, "as in portbook-image(5)");
static_assert(sizeof(struct image_name_line) == 8, "as in portbook-image(5)");

const struct section_kind section_kinds[SECTION_COUNT] = {
    [IMAGE_META] = {"meta", sizeof(struct image_meta), true},
    [IMAGE_TEXTS] = {"texts", 1, true},
    [IMAGE_VERSIONS] = {"versions", sizeof(struct image_version), true},
    [IMAGE_ROWS] = {"rows", sizeof(struct image_row), true},
    [IMAGE_PEOPLE] = {"people", sizeof(struct image_person), true},
    [IMAGE_LISTS] = {"lists", sizeof(struct le32), true},
    [IMAGE_PORTS] = {"ports", sizeof(struct le32), false},
    [IMAGE_NAME_SEEDS] = {"name seeds", sizeof(struct image_seed), false},
    [IMAGE_NAMES] = {"names", sizeof(struct image_name), false},
    [IMAGE_SEARCH] = {"search", 1, false},
    [IMAGE_GRAM_PAIRS] = {"gram pairs", sizeof(struct le32), false},
    [IMAGE_GRAMS] = {"grams", sizeof(struct image_gram), false},
    [IMAGE_POSTINGS] = {"postings", sizeof(struct le32), false},
    [IMAGE_ORDERS] = {"orders", sizeof(struct le32), false},
    [IMAGE_PEOPLE_ORDER] = {"people order", sizeof(struct le32), false},
    [IMAGE_CURATED] = {"curated", sizeof(struct image_curated), false},
    [IMAGE_GAPS] = {"gaps", sizeof(struct image_gap), false},
    [IMAGE_EVENTS] = {"events", sizeof(struct image_event), false},
    [IMAGE_EVENT_STARTS] = {"event starts", sizeof(struct le32), false},
    [IMAGE_ROW_LIVES] = {"row lives", sizeof(struct image_life), false},
    [IMAGE_PERSON_LIVES] = {"person lives", sizeof(struct image_life), false},
    [IMAGE_PAST_BLOCKS] = {"past blocks", sizeof(struct le32), false},
    [IMAGE_PAST_PORTS] = {"past ports", sizeof(struct image_past_ports), false},
    [IMAGE_PAST_BUCKETS] = {"past buckets", sizeof(struct le32), false},
    [IMAGE_PAST_NAMES] = {"past names", sizeof(struct image_past_name), false},
    [IMAGE_PAST_PEOPLE] = {"past people", sizeof(struct le32), false},
    [IMAGE_STANDING] = {"standing", sizeof(struct image_standing), false},
    [IMAGE_STANDING_BITS] = {"standing bits", sizeof(struct le32), false},
    [IMAGE_TURNS] = {"turns", sizeof(struct le32), false},
    [IMAGE_PAST_GRAM_PAIRS] = {"past gram pairs", sizeof(struct le32), false},
    [IMAGE_PAST_GRAMS] = {"past grams", sizeof(struct image_gram), false},
    [IMAGE_PAST_POSTINGS] = {"past postings", sizeof(struct le32), false},
    [IMAGE_PAST_SINCE] = {"past since", sizeof(struct le32), false},
    [IMAGE_NAME_SINCE] = {"name since", sizeof(struct le32), false},
    [IMAGE_COMMON] = {"common", sizeof(struct le32), false},
    [IMAGE_COMMON_COUNTS] = {"common counts", sizeof(struct le32), false},
    [IMAGE_EDITIONS] = {"editions", sizeof(struct image_edition), false},
    [IMAGE_LINE_BLOCKS] = {"line blocks", sizeof(struct image_line_block),
	false},
    [IMAGE_LINES] = {"lines", sizeof(struct le32), false},
    [IMAGE_LINE_TEXTS] = {"line texts", 1, false},
    [IMAGE_NAME_LINES] = {"name lines", sizeof(struct image_name_line), false},
};

/* For an image without names: two buckets that have none. */
static const struct image_seed no_seeds[2];

/* Where the sections are; ptr is NULL for one that is absent. */
struct found {
	const void *ptr;
	size_t count;
};

static int damaged(struct portbook_error *err, const char *what)
{
	return error_set(
	    err, PORTBOOK_EDAMAGED, 0, "the image is damaged: %s", what);
}

bool image_is(struct span bytes)
{
	const struct span head =
	    span_head(SPAN(IMAGE_MAGIC), IMAGE_MAGIC_LEN - 2);

	return span_starts(bytes, head);
}

static int check_header(struct span bytes, struct portbook_error *err)
{
	const struct image_header *header = (const void *)bytes.ptr;
	const char digit = IMAGE_MAGIC[IMAGE_MAGIC_LEN - 2];

	if (!image_is(bytes))
		return error_set(
		    err, PORTBOOK_EFORMAT, 0, "this is no registry image");
	if (bytes.len < sizeof(*header))
		return damaged(err, "it is cut short");
	if (memcmp(header->magic, IMAGE_MAGIC, IMAGE_MAGIC_LEN) != 0) {
		if (header->magic[IMAGE_MAGIC_LEN - 2] == (uint8_t)digit)
			return damaged(err, "its first line");
		return error_set(err, PORTBOOK_EVERSION, 0,
		    "the image is of another format version than %d: build it "
		    "again",
		    IMAGE_MAJOR);
	}
	if (le64(header->len) != bytes.len)
		return error_set(err, PORTBOOK_EDAMAGED, 0,
		    "the image is damaged: it has %llu bytes and should have "
		    "%llu",
		    (unsigned long long)bytes.len,
		    (unsigned long long)le64(header->len));
	if (le32(header->section_count) > IMAGE_SECTION_MAX)
		return damaged(err, "too many sections");
	if (le32(header->section_count) >
	    (bytes.len - sizeof(*header)) / sizeof(struct image_section))
		return damaged(err, "the table of sections is cut short");
	return 0;
}

static int check_section(struct span bytes, const struct image_section *s,
    struct found *found, struct portbook_error *err)
{
	uint32_t id = le32(s->id), item_len = le32(s->item_len);
	uint64_t off = le64(s->off), count = le64(s->count), len;
	const char *name;

	if (off % IMAGE_ALIGN != 0 ||
	    ckd_mul(&len, count, (uint64_t)item_len) || off > bytes.len ||
	    len > bytes.len - off)
		return error_set(err, PORTBOOK_EDAMAGED, 0,
		    "the image is damaged: section %u is misplaced", id);
	if (id == 0 || id >= SECTION_COUNT)
		return 0; /* of a later minor version */
	name = section_kinds[id].name;
	if (found[id].ptr != NULL)
		return error_set(err, PORTBOOK_EDAMAGED, 0,
		    "the image is damaged: section %s is there twice", name);
	if (item_len != section_kinds[id].item_len || count > UINT32_MAX * 4ULL)
		return error_set(err, PORTBOOK_EDAMAGED, 0,
		    "the image is damaged: section %s has items of the wrong "
		    "size",
		    name);
	found[id].ptr = bytes.ptr + off;
	found[id].count = (size_t)count;
	return 0;
}

static int find_sections(
    struct span bytes, struct found *found, struct portbook_error *err)
{
	const struct image_header *header = (const void *)bytes.ptr;
	const struct image_section *table = (const void *)(header + 1);

	for (uint32_t i = 0; i < le32(header->section_count); i++) {
		int code = check_section(bytes, &table[i], found, err);

		if (code < 0)
			return code;
	}
	for (size_t id = 1; id < SECTION_COUNT; id++)
		if (section_kinds[id].required && found[id].ptr == NULL)
			return error_set(err, PORTBOOK_EDAMAGED, 0,
			    "the image is damaged: it has no section %s",
			    section_kinds[id].name);
	return 0;
}

static void take_sections(const struct found *found, struct image *i)
{
	i->meta = found[IMAGE_META].ptr;
	i->texts = found[IMAGE_TEXTS].ptr;
	i->texts_len = found[IMAGE_TEXTS].count;
	i->versions = found[IMAGE_VERSIONS].ptr;
	i->version_count = found[IMAGE_VERSIONS].count;
	i->rows = found[IMAGE_ROWS].ptr;
	i->row_count = found[IMAGE_ROWS].count;
	i->current_rows = le32(i->meta->current_rows);
	i->people = found[IMAGE_PEOPLE].ptr;
	i->person_count = found[IMAGE_PEOPLE].count;
	i->current_people = le32(i->meta->current_people);
	i->lists = found[IMAGE_LISTS].ptr;
	i->list_count = found[IMAGE_LISTS].count;
	i->ports = found[IMAGE_PORTS].ptr;
	i->name_seeds = found[IMAGE_NAME_SEEDS].ptr;
	i->name_seed_count = found[IMAGE_NAME_SEEDS].count;
	i->name_seed_shift = le32(i->meta->name_seed_shift);
	i->name_salt = le32(i->meta->name_salt);
	i->names = found[IMAGE_NAMES].ptr;
	i->name_count = found[IMAGE_NAMES].count;
	i->search = found[IMAGE_SEARCH].ptr;
	i->search_len = found[IMAGE_SEARCH].count;
	i->gram_pairs = found[IMAGE_GRAM_PAIRS].ptr;
	i->alphabet = le32(i->meta->alphabet);
	i->grams = found[IMAGE_GRAMS].ptr;
	i->gram_count = found[IMAGE_GRAMS].count;
	i->postings = found[IMAGE_POSTINGS].ptr;
	i->posting_count = found[IMAGE_POSTINGS].count;
	i->orders = found[IMAGE_ORDERS].ptr;
	i->people_order = found[IMAGE_PEOPLE_ORDER].ptr;
	i->curated = found[IMAGE_CURATED].ptr;
	i->curated_count = found[IMAGE_CURATED].count;
	i->gaps = found[IMAGE_GAPS].ptr;
	i->gap_count = found[IMAGE_GAPS].count;
	i->events = found[IMAGE_EVENTS].ptr;
	i->event_count = found[IMAGE_EVENTS].count;
	i->event_starts = found[IMAGE_EVENT_STARTS].ptr;
	i->row_lives = found[IMAGE_ROW_LIVES].ptr;
	i->person_lives = found[IMAGE_PERSON_LIVES].ptr;
	i->past_blocks = found[IMAGE_PAST_BLOCKS].ptr;
	i->past_ports = found[IMAGE_PAST_PORTS].ptr;
	i->past_port_count = found[IMAGE_PAST_PORTS].count;
	i->past_buckets = found[IMAGE_PAST_BUCKETS].ptr;
	i->past_names = found[IMAGE_PAST_NAMES].ptr;
	i->past_name_count = found[IMAGE_PAST_NAMES].count;
	i->past_people = found[IMAGE_PAST_PEOPLE].ptr;
	i->past_person_count = found[IMAGE_PAST_PEOPLE].count;
	i->standing = found[IMAGE_STANDING].ptr;
	i->standing_bits = found[IMAGE_STANDING_BITS].ptr;
	i->standing_bit_count = found[IMAGE_STANDING_BITS].count;
	i->turns = found[IMAGE_TURNS].ptr;
	i->turn_count = found[IMAGE_TURNS].count;
	i->past_gram_pairs = found[IMAGE_PAST_GRAM_PAIRS].ptr;
	i->past_grams = found[IMAGE_PAST_GRAMS].ptr;
	i->past_gram_count = found[IMAGE_PAST_GRAMS].count;
	i->past_postings = found[IMAGE_PAST_POSTINGS].ptr;
	i->past_posting_count = found[IMAGE_PAST_POSTINGS].count;
	i->past_since = found[IMAGE_PAST_SINCE].ptr;
	i->name_since = found[IMAGE_NAME_SINCE].ptr;
	i->common = found[IMAGE_COMMON].ptr;
	i->common_count = found[IMAGE_COMMON].count;
	i->common_counts = found[IMAGE_COMMON_COUNTS].ptr;
	i->editions = found[IMAGE_EDITIONS].ptr;
	i->edition_count = found[IMAGE_EDITIONS].count;
	i->line_blocks = found[IMAGE_LINE_BLOCKS].ptr;
	i->lines = found[IMAGE_LINES].ptr;
	i->line_count = found[IMAGE_LINES].count;
	i->line_texts = found[IMAGE_LINE_TEXTS].ptr;
	i->line_texts_len = found[IMAGE_LINE_TEXTS].count;
	i->name_lines = found[IMAGE_NAME_LINES].ptr;
	i->name_line_count = found[IMAGE_NAME_LINES].count;
}

static void fill_names(struct image *i)
{
	if (i->name_count > 0)
		return;
	i->name_seeds = no_seeds;
	i->name_seed_shift = 63;
}

/* What past_agrees has let pass, in the form that is asked for. */
static void fill_past(const struct found *found, struct image *i)
{
	size_t buckets = found[IMAGE_PAST_BUCKETS].count;

	if (i->past_blocks == NULL)
		return;
	i->past_port_count--;
	i->past_bucket_shift = 64;
	while (buckets > 2) {
		buckets = buckets / 2 + 1;
		i->past_bucket_shift--;
	}
}

static bool names_agree(const struct image *i)
{
	if (i->name_count == 0)
		return true;
	return i->names != NULL && i->name_seeds != NULL &&
	       i->name_count <= UINT32_MAX && i->name_seed_shift >= 32 &&
	       i->name_seed_shift <= 63 &&
	       i->name_seed_count == (size_t)1 << (64 - i->name_seed_shift);
}

static bool grams_agree(const struct found *found, const struct image *i)
{
	if (i->gram_pairs == NULL)
		return true;
	return i->grams != NULL && i->postings != NULL && i->alphabet <= 256 &&
	       found[IMAGE_GRAM_PAIRS].count ==
		   (size_t)i->alphabet * i->alphabet + 1;
}

/* Events, and where they are found from: all of it or none. */
static bool events_agree(const struct found *found, const struct image *i)
{
	bool any = i->events != NULL;

	if (any != (i->event_starts != NULL) || any != (i->row_lives != NULL) ||
	    any != (i->person_lives != NULL))
		return false;
	return !any ||
	       (i->event_count < IMAGE_NONE &&
		   found[IMAGE_EVENT_STARTS].count == i->version_count + 1 &&
		   found[IMAGE_ROW_LIVES].count == i->row_count &&
		   found[IMAGE_PERSON_LIVES].count == i->person_count);
}

/* Past rows and persons by port, name and id: the same. */
static bool past_agrees(const struct found *found, const struct image *i)
{
	const struct found *buckets = &found[IMAGE_PAST_BUCKETS];
	bool any = i->past_blocks != NULL;

	if (any != (i->past_ports != NULL) || any != (buckets->ptr != NULL) ||
	    any != (i->past_names != NULL) || any != (i->past_people != NULL))
		return false;
	return !any ||
	       (found[IMAGE_PAST_BLOCKS].count == IMAGE_PAST_BLOCK_COUNT + 1 &&
		   i->past_port_count > 0 && buckets->count > 2 &&
		   ((buckets->count - 1) & (buckets->count - 2)) == 0 &&
		   buckets->count - 1 <= UINT32_MAX);
}

/* Which rows stood in each version, and the grams of those of the past. */
static bool standing_agrees(const struct found *found, const struct image *i)
{
	if ((i->standing != NULL) != (i->standing_bits != NULL) ||
	    (i->standing != NULL) != (i->turns != NULL))
		return false;
	if (i->standing != NULL &&
	    found[IMAGE_STANDING].count != i->version_count)
		return false;
	if (i->past_gram_pairs == NULL)
		return i->past_grams == NULL && i->past_postings == NULL;
	return i->past_grams != NULL && i->past_postings != NULL &&
	       i->alphabet <= 256 &&
	       found[IMAGE_PAST_GRAM_PAIRS].count ==
		   (size_t)i->alphabet * i->alphabet + 1;
}

/* Rows of the common grams in each set of bits: one number for each. */
static bool common_agrees(const struct found *found, const struct image *i)
{
	size_t words = image_bits_len(i->current_rows) +
		       image_bits_len(i->row_count - i->current_rows);
	size_t counts;

	if ((i->common != NULL) != (i->common_counts != NULL))
		return false;
	return i->common == NULL ||
	       (i->standing != NULL && i->postings != NULL && words > 0 &&
		   i->standing_bit_count % words == 0 &&
		   !ckd_mul(&counts, i->common_count,
		       i->standing_bit_count / words) &&
		   found[IMAGE_COMMON_COUNTS].count == counts);
}

/* Since when ports and names are what they are today: both or none. */
static bool since_agrees(const struct found *found, const struct image *i)
{
	if ((i->past_since != NULL) != (i->name_since != NULL))
		return false;
	return i->past_since == NULL ||
	       (i->past_blocks != NULL &&
		   found[IMAGE_PAST_SINCE].count == i->past_port_count - 1 &&
		   found[IMAGE_NAME_SINCE].count == i->name_count);
}

/* Lines, and where ports and names lead to them: all of it or none. */
static bool lines_agree(const struct found *found, const struct image *i)
{
	bool any = i->line_blocks != NULL;

	if (any != (i->lines != NULL) || any != (i->line_texts != NULL) ||
	    any != (i->name_lines != NULL))
		return false;
	return !any ||
	       (found[IMAGE_LINE_BLOCKS].count == IMAGE_LINE_BLOCK_COUNT &&
		   i->name_line_count >= i->name_count);
}

/* The first thing that does not fit the others, or NULL. */
static const char *disagreement(
    const struct found *found, const struct image *i)
{
	if (i->version_count == 0 || i->version_count >= IMAGE_NONE)
		return "versions";
	if (i->current_rows > i->row_count || i->row_count >= IMAGE_NONE)
		return "rows";
	if (i->current_people > i->person_count ||
	    i->person_count >= IMAGE_NONE)
		return "people";
	if (i->ports != NULL &&
	    found[IMAGE_PORTS].count != (size_t)IMAGE_PORT_TABLES * PORT_COUNT)
		return "ports";
	if (!names_agree(i))
		return "names";
	if (i->search == NULL && i->search_len > 0)
		return "search";
	if (!grams_agree(found, i))
		return "grams";
	if (i->orders != NULL &&
	    found[IMAGE_ORDERS].count != (size_t)COLUMN_COUNT * i->current_rows)
		return "orders";
	if (i->people_order != NULL &&
	    found[IMAGE_PEOPLE_ORDER].count != i->current_people)
		return "people order";
	if (!events_agree(found, i))
		return "events";
	if (!past_agrees(found, i))
		return "past ports";
	if (!standing_agrees(found, i))
		return "standing";
	if (!since_agrees(found, i))
		return "since";
	if (!common_agrees(found, i))
		return "common";
	if (!lines_agree(found, i))
		return "lines";
	return NULL;
}

int image_open_memory(
    struct span bytes, struct image *ret, struct portbook_error *err)
{
	struct found found[SECTION_COUNT] = {0};
	struct image image = {
	    .base = (const uint8_t *)bytes.ptr, .len = bytes.len};
	const char *what;
	int code;

	code = check_header(bytes, err);
	if (code < 0)
		return code;
	code = find_sections(bytes, found, err);
	if (code < 0)
		return code;
	if (found[IMAGE_META].count != 1)
		return damaged(err, "meta");
	take_sections(found, &image);
	what = disagreement(found, &image);
	if (what != NULL)
		return error_set(err, PORTBOOK_EDAMAGED, 0,
		    "the image is damaged: section %s does not fit the others",
		    what);
	fill_names(&image);
	fill_past(found, &image);
	*ret = image;
	return 0;
}

int image_open_fd(
    int fd, const char *name, struct image *ret, struct portbook_error *err)
{
	struct stat st;
	void *map;
	int code;

	if (fstat(fd, &st) < 0)
		return error_set(err, PORTBOOK_EIO, errno, "%s", name);
	if (!S_ISREG(st.st_mode) || st.st_size < IMAGE_MAGIC_LEN)
		return error_set(err, PORTBOOK_EFORMAT, 0,
		    "%s: this is no registry image", name);
	if ((uintmax_t)st.st_size > SIZE_MAX)
		return error_set(err, PORTBOOK_EIO, EFBIG, "%s", name);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return error_set(err, PORTBOOK_EIO, errno, "%s", name);
	code =
	    image_open_memory((struct span){map, (size_t)st.st_size}, ret, err);
	if (code < 0) {
		munmap(map, (size_t)st.st_size);
		error_prefix(err, "%s", name);
		error_locate(err, name, 0, 0);
		return code;
	}
	ret->mapped = true;
	return 0;
}

int image_open(const char *path, struct image *ret, struct portbook_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int code;

	if (fd < 0)
		return error_set(err, PORTBOOK_EIO, errno, "%s", path);
	code = image_open_fd(fd, path, ret, err);
	close(fd);
	return code;
}

void image_close(struct image *image)
{
	if (image->mapped)
		munmap((void *)(uintptr_t)image->base, image->len);
	*image = (struct image){0};
}
