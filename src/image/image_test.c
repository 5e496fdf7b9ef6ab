/* SPDX-License-Identifier: ISC */
/* A good image, and what becomes of it when a number in it is another. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "image/line.h"
#include "image/walk.h"
#include "imagebuild/imagebuild.h"
#include "imagebuild/sample.h"

static uint8_t *good;
static size_t good_len;

static int make_good(void **state)
{
	const struct imagebuild_options options = {.source = SPAN("test")};
	struct timeline t;
	int code = timeline_init(&t, NULL);

	(void)state;
	for (unsigned i = 0; code == 0 && i < 3; i++) {
		struct registry r;

		code = sample_edition(&r, i);
		if (code == 0)
			code = timeline_append(&t, &r, NULL);
		registry_release(&r);
	}
	if (code == 0)
		code = imagebuild(&t, &options, &good, &good_len, NULL);
	timeline_release(&t);
	return code;
}

static int drop_good(void **state)
{
	(void)state;
	mem_release(good);
	return 0;
}

static int open_good(struct image *ret, struct portbook_error *err)
{
	return image_open_memory(
	    (struct span){(const char *)good, good_len}, ret, err);
}

static struct image_section *section(uint32_t id)
{
	struct image_header *header = (void *)good;
	struct image_section *table = (void *)(header + 1);

	for (uint32_t i = 0; i < le32(header->section_count); i++)
		if (le32(table[i].id) == id)
			return &table[i];
	fail_msg("no section %u", id);
	return NULL;
}

static size_t section_off(uint32_t id)
{
	return (size_t)le64(section(id)->off);
}

static void sum_section(uint32_t id)
{
	struct image_header *header = (void *)good;
	struct image_section *s = section(id);
	size_t len = (size_t)(le64(s->count) * le32(s->item_len));

	s->checksum = le64_of(hash_bytes(good + section_off(id), len, id));
	header->checksum = le64_of(hash_bytes(
	    header + 1, le32(header->section_count) * sizeof(*s), 0));
}

static void test_good(void **state)
{
	struct portbook_error err = {0};
	struct image image;

	(void)state;
	if (open_good(&image, &err) < 0 || image_verify(&image, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(image_is((struct span){(const char *)good, good_len}));
	assert_false(image_is(SPAN("PORTB")));
	assert_false(image.mapped);
	assert_int_equal(image.version_count, 3);
	assert_int_equal(le32(image.meta->current_rows), image.current_rows);
	assert_int_equal(
	    image_by_person(&image, SPAN("RS")) < image.current_people, 1);
	assert_int_equal(image_by_person(&image, SPAN("rs")), IMAGE_NONE);
	assert_null(image_row(&image, image.row_count));
	assert_null(image_person(&image, image.person_count));
	assert_int_equal(image_text(&image, le32_of(IMAGE_NONE)).len, 0);
	image_walk(&image);
	image_close(&image);
	image_close(&image);
}

/* Any prefix of it, and what is no image. */
static void test_cut(void **state)
{
	struct portbook_error err = {0};
	struct image image;

	(void)state;
	for (size_t len = 0; len < 4096; len++) {
		uint8_t *copy = mem_alloc(len, 1);
		int code;

		assert_non_null(copy);
		memcpy(copy, good, len);
		code = image_open_memory(
		    (struct span){(const char *)copy, len}, &image, &err);
		assert_int_equal(code, len < IMAGE_MAGIC_LEN - 2
					   ? PORTBOOK_EFORMAT
					   : PORTBOOK_EDAMAGED);
		mem_release(copy);
	}
	assert_int_equal(image_open_memory(SPAN("<?xml version='1.0'?>       "),
			     &image, &err),
	    PORTBOOK_EFORMAT);
}

enum answer { OPEN, VERIFY, EITHER };

#define AT(id, type, member) id, offsetof(struct type, member), 4

/* Names that lead to one line's text, and to two: "submissions", "http". */
enum { LED = 1000, LED_TWICE };

/* One number of an item becomes another. */
static const struct poke {
	int line;
	uint32_t section; /* 0: the header */
	size_t off;
	size_t len;
	uint32_t item;
	uint32_t value;
	enum answer answer;
} pokes[] = {
    {__LINE__, 0, 6, 1, 0, '2', OPEN},
    {__LINE__, 0, 7, 1, 0, 'x', OPEN},
    {__LINE__, 0, offsetof(struct image_header, len), 4, 0, 100, OPEN},
    {__LINE__, 0, offsetof(struct image_header, section_count), 4, 0, 65, OPEN},
    {__LINE__, 0, offsetof(struct image_header, section_count), 4, 0, 5, OPEN},
    {__LINE__, 0, offsetof(struct image_header, checksum), 4, 0, 5, VERIFY},
    {__LINE__, 0, sizeof(struct image_header) + 4, 4, 0, 8, OPEN},
    {__LINE__, 0, sizeof(struct image_header) + 8, 4, 0, 321, OPEN},
    {__LINE__, 0, sizeof(struct image_header) + 12, 4, 0, 1, OPEN},
    {__LINE__, 0, sizeof(struct image_header) + 16, 4, 0, 0, OPEN},
    {__LINE__, 0, sizeof(struct image_header) + 20, 4, 0, 0x80000000, OPEN},
    {__LINE__, 0, sizeof(struct image_header), 4, 0, IMAGE_TEXTS, OPEN},
    {__LINE__, 0, sizeof(struct image_header), 4, 0, 63, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, current_rows), 0, 100000, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, current_rows), 0, 1, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, current_people), 0, 100, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, name_seed_shift), 0, 1, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, name_seed_shift), 0, 64, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, alphabet), 0, 3, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, alphabet), 0, 65536, OPEN},
    {__LINE__, AT(IMAGE_META, image_meta, name_salt), 0, 7, VERIFY},
    {__LINE__, AT(IMAGE_META, image_meta, unicode), 0, 0xfffffff0, VERIFY},
    {__LINE__, IMAGE_META, offsetof(struct image_meta, classes) + 65, 1, 0, 255,
	VERIFY},
    {__LINE__, IMAGE_TEXTS, 0, 4, 0, 1, VERIFY},
    {__LINE__, IMAGE_TEXTS, 8, 4, 0, 0xffffffff, VERIFY},
    {__LINE__, IMAGE_TEXTS, 8, 4, 0, 1, VERIFY},
    {__LINE__, AT(IMAGE_VERSIONS, image_version, source), 0, 9, VERIFY},
    {__LINE__, AT(IMAGE_VERSIONS, image_version, tail), 1, 1u << 30, VERIFY},
    {__LINE__, AT(IMAGE_VERSIONS, image_version, row_count), 2, 3, VERIFY},
    {__LINE__, AT(IMAGE_VERSIONS, image_version, notes.off), 0, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_VERSIONS, image_version, notes.count), 0, 1, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, text[FIELD_NAME]), 5, 1, EITHER},
    {__LINE__, AT(IMAGE_ROWS, image_row, text[FIELD_NAME]), 5, 1u << 29,
	VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, ordinal), 5, 0, VERIFY},
    {__LINE__, IMAGE_ROWS, offsetof(struct image_row, protocol), 1, 5, 9,
	VERIFY},
    {__LINE__, IMAGE_ROWS, offsetof(struct image_row, state), 1, 5, 9, VERIFY},
    {__LINE__, IMAGE_ROWS, offsetof(struct image_row, flags), 1, 5, 200,
	VERIFY},
    {__LINE__, IMAGE_ROWS, offsetof(struct image_row, first), 2, 8, 65535,
	VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, first_version), 5, 3, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, last_version), 5, 1, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, last_version), 5, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, place), 5, 0, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, people.off), 4, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, people.count), 4, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, search), 4, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, search_len), 4, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_ROWS, image_row, search_len), 4, 3, VERIFY},
    {__LINE__, AT(IMAGE_PEOPLE, image_person, text[PERSON_ID]), 1, 1u << 29,
	VERIFY},
    {__LINE__, AT(IMAGE_PEOPLE, image_person, rows.off), 1, 1u << 29, VERIFY},
    {__LINE__, AT(IMAGE_PEOPLE, image_person, place), 1, 0, VERIFY},
    {__LINE__, IMAGE_LISTS, 0, 4, 0, 1u << 31, VERIFY},
    {__LINE__, IMAGE_PORTS, 0, 4, 80, IMAGE_NONE - 1, VERIFY},
    {__LINE__, IMAGE_PORTS, 0, 4, 80, IMAGE_PORT_LIST + 9, VERIFY},
    {__LINE__, IMAGE_PORTS, 0, 4, 80, 1u << 30, VERIFY},
    {__LINE__, IMAGE_PORTS, 0, 4, 81, 1, VERIFY},
    {__LINE__, IMAGE_NAME_SEEDS, 0, 4, 0, 0x7fffffff, EITHER},
    {__LINE__, IMAGE_NAMES, 2, 1, 3, '?', VERIFY},
    {__LINE__, AT(IMAGE_NAMES, image_name, name), 3, 0, VERIFY},
    {__LINE__, AT(IMAGE_NAMES, image_name, curated), 3, 1000, VERIFY},
    {__LINE__, AT(IMAGE_NAMES, image_name, rows.count), 3, 1u << 30, VERIFY},
    {__LINE__, IMAGE_SEARCH, 0, 1, 0, 'x', VERIFY},
    {__LINE__, IMAGE_GRAM_PAIRS, 0, 4, 0, 7, VERIFY},
    {__LINE__, IMAGE_GRAM_PAIRS, 40, 4, 0, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_GRAMS, image_gram, third), 9, 999, VERIFY},
    {__LINE__, AT(IMAGE_GRAMS, image_gram, postings), 9, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_GRAMS, image_gram, count), 9, 1u << 31, VERIFY},
    {__LINE__, IMAGE_POSTINGS, 0, 4, 0, 0xffffffff, VERIFY},
    {__LINE__, IMAGE_ORDERS, 0, 4, 0, 1u << 20, VERIFY},
    {__LINE__, IMAGE_PEOPLE_ORDER, 0, 4, 0, 1u << 20, VERIFY},
    {__LINE__, AT(IMAGE_CURATED, image_curated, kind), 0, 2, VERIFY},
    {__LINE__, AT(IMAGE_CURATED, image_curated, row), 0, 9999, VERIFY},
    {__LINE__, AT(IMAGE_CURATED, image_curated, reason), 0, 1u << 29, VERIFY},
    {__LINE__, AT(IMAGE_GAPS, image_gap, version), 0, 3, VERIFY},
    {__LINE__, AT(IMAGE_GAPS, image_gap, people), 0, 2, VERIFY},
    {__LINE__, AT(IMAGE_GAPS, image_gap, text), 0, 1u << 30, VERIFY},
    {__LINE__, AT(IMAGE_EVENTS, image_event, version), 0, 0, VERIFY},
    {__LINE__, AT(IMAGE_EVENTS, image_event, version), 0, 2, VERIFY},
    {__LINE__, AT(IMAGE_EVENTS, image_event, kind), 0, 10, VERIFY},
    {__LINE__, AT(IMAGE_EVENTS, image_event, before), 0, 1u << 20, VERIFY},
    {__LINE__, AT(IMAGE_EVENTS, image_event, after), 0, 1u << 20, VERIFY},
    {__LINE__, IMAGE_EVENT_STARTS, 0, 4, 0, 1, VERIFY},
    {__LINE__, IMAGE_EVENT_STARTS, 0, 4, 1, 1, VERIFY},
    {__LINE__, IMAGE_EVENT_STARTS, 0, 4, 2, 0, VERIFY},
    {__LINE__, IMAGE_EVENT_STARTS, 0, 4, 3, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_ROW_LIVES, image_life, events.off), 40, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_ROW_LIVES, image_life, events.count), 40, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_ROW_LIVES, image_life, states.count), 40, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_ROW_LIVES, image_life, states.count), 40, 1, VERIFY},
    {__LINE__, AT(IMAGE_PERSON_LIVES, image_life, events.off), 1, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_PERSON_LIVES, image_life, states.count), 1, 1u << 31,
	VERIFY},
    {__LINE__, IMAGE_PAST_BLOCKS, 0, 4, 0, 1, VERIFY},
    {__LINE__, IMAGE_PAST_BLOCKS, 0, 4, 5, 0, VERIFY},
    {__LINE__, IMAGE_PAST_BLOCKS, 0, 4, 1024, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_PAST_PORTS, image_past_ports, first), 0, 1, VERIFY},
    {__LINE__, AT(IMAGE_PAST_PORTS, image_past_ports, first), 3, 1u << 16,
	VERIFY},
    {__LINE__, AT(IMAGE_PAST_PORTS, image_past_ports, rows.off), 3, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_PAST_PORTS, image_past_ports, rows.count), 3, 1u << 31,
	VERIFY},
    {__LINE__, IMAGE_PAST_BUCKETS, 0, 4, 0, 1, VERIFY},
    {__LINE__, IMAGE_PAST_BUCKETS, 0, 4, 1, 1u << 31, VERIFY},
    {__LINE__, IMAGE_PAST_NAMES, 2, 1, 1, '?', VERIFY},
    {__LINE__, AT(IMAGE_PAST_NAMES, image_past_name, name), 1, 0, VERIFY},
    {__LINE__, AT(IMAGE_PAST_NAMES, image_past_name, rows.off), 1, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_PAST_NAMES, image_past_name, rows.count), 1, 1u << 31,
	VERIFY},
    {__LINE__, IMAGE_PAST_PEOPLE, 0, 4, 0, 0, VERIFY},
    {__LINE__, IMAGE_PAST_PEOPLE, 0, 4, 0, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_STANDING, image_standing, bits), 0, 1, VERIFY},
    {__LINE__, AT(IMAGE_STANDING, image_standing, bits), 1, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_STANDING, image_standing, turns), 1, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_STANDING, image_standing, turn_count), 1, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_STANDING, image_standing, turn_count), 1, 99, VERIFY},
    {__LINE__, IMAGE_STANDING_BITS, 0, 4, 0, 0, VERIFY},
    {__LINE__, IMAGE_STANDING_BITS, 0, 4, 1, 0xffffffff, VERIFY},
    {__LINE__, IMAGE_TURNS, 0, 4, 0, 1u << 31, VERIFY},
    {__LINE__, IMAGE_TURNS, 0, 4, 0, 5, VERIFY},
    {__LINE__, IMAGE_PAST_GRAM_PAIRS, 40, 4, 0, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_PAST_GRAMS, image_gram, third), 9, 999, VERIFY},
    {__LINE__, AT(IMAGE_PAST_GRAMS, image_gram, postings), 9, 1u << 31, VERIFY},
    {__LINE__, AT(IMAGE_PAST_GRAMS, image_gram, count), 9, 1u << 31, VERIFY},
    {__LINE__, IMAGE_PAST_POSTINGS, 0, 4, 0, 0xffffffff, VERIFY},
    {__LINE__, IMAGE_PAST_SINCE, 0, 4, 0, 2, VERIFY},
    {__LINE__, IMAGE_NAME_SINCE, 0, 4, 0, 1u << 31, VERIFY},
    {__LINE__, IMAGE_COMMON, 0, 4, 0, 1u << 31, VERIFY},
    {__LINE__, IMAGE_COMMON, 0, 4, 1, 0, VERIFY},
    {__LINE__, IMAGE_COMMON_COUNTS, 0, 4, 0, 1u << 31, VERIFY},
    {__LINE__, IMAGE_COMMON_COUNTS, 0, 4, 1, 0, VERIFY},
    {__LINE__, IMAGE_LINE_BLOCKS, 0, 4, 0, 1, VERIFY},
    {__LINE__, IMAGE_LINE_BLOCKS, 0, 4, 1, 0xffffffff, VERIFY},
    {__LINE__, AT(IMAGE_LINE_BLOCKS, image_line_block, first), 1, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_LINE_BLOCKS, image_line_block, first), 1, 0xffffffff,
	VERIFY},
    {__LINE__, AT(IMAGE_LINE_BLOCKS, image_line_block, zero), 1, 1, VERIFY},
    {__LINE__, IMAGE_LINES, 0, 4, 0, 1, VERIFY},
    {__LINE__, IMAGE_LINES, 0, 4, 2, 0xffffffff, VERIFY},
    {__LINE__, IMAGE_LINES, 0, 4, 2, 0, VERIFY},
    {__LINE__, IMAGE_LINE_TEXTS, 0, 2, 0, 0xffff, VERIFY},
    {__LINE__, IMAGE_LINE_TEXTS, 0, 2, 0, 0, VERIFY},
    {__LINE__, IMAGE_LINE_TEXTS, 2, 1, 0, 255, VERIFY},
    {__LINE__, IMAGE_LINE_TEXTS, 3, 1, 0, 255, VERIFY},
    {__LINE__, IMAGE_LINE_TEXTS, 3, 1, 0, 0, VERIFY},
    {__LINE__, IMAGE_LINE_TEXTS, 4, 1, 0, 0, VERIFY},
    {__LINE__, IMAGE_LINE_TEXTS, 4, 1, 0, '?', VERIFY},
    {__LINE__, AT(IMAGE_NAME_LINES, image_name_line, at), LED, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_NAME_LINES, image_name_line, at), LED, 0, VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, port), 2, LED,
	9, VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, transports),
	1, LED, 0, VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, transports),
	1, LED, 15, VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, transports),
	1, LED, 16, VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, count), 1,
	LED, 0, VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, count), 1,
	LED, 255, VERIFY},
    {__LINE__, AT(IMAGE_NAME_LINES, image_name_line, at), LED_TWICE, 1u << 31,
	VERIFY},
    {__LINE__, AT(IMAGE_NAME_LINES, image_name_line, at), LED_TWICE, 0xffffffff,
	VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, count), 1,
	LED_TWICE, 3, VERIFY},
    {__LINE__, IMAGE_NAME_LINES, offsetof(struct image_name_line, port), 2,
	LED_TWICE, 1, VERIFY},
};

static uint32_t item_of(const struct poke *p)
{
	const struct image_name *name;
	struct image image;

	if (p->item < LED || p->section != IMAGE_NAME_LINES)
		return p->item;
	assert_int_equal(open_good(&image, NULL), 0);
	name = image_by_name(
	    &image, p->item == LED ? SPAN("submissions") : SPAN("http"));
	assert_non_null(name);
	assert_int_equal(
	    image.name_lines[name - image.names].count, p->item == LED ? 1 : 2);
	return (uint32_t)(name - image.names);
}

static void expect(const struct poke *p)
{
	struct portbook_error err = {0};
	struct image image;
	int code = open_good(&image, &err);

	if ((code < 0) != (p->answer == OPEN))
		fail_msg("line %d: opening gave %d", p->line, code);
	if (code < 0) {
		assert_true(err.text[0] != '\0');
		assert_int_equal(err.code, code);
		return;
	}
	image_walk(&image);
	code = image_verify(&image, &err);
	if (p->answer == VERIFY && code != PORTBOOK_EDAMAGED)
		fail_msg("line %d: verifying gave %d", p->line, code);
	/* Also with the right checksums the wrong number is noticed. */
	if (p->section == 0)
		return;
	sum_section(p->section);
	code = image_verify(&image, &err);
	if (p->answer == VERIFY && code != PORTBOOK_EDAMAGED)
		fail_msg("line %d: the checksums put right, verifying gave %d",
		    p->line, code);
}

static void test_pokes(void **state)
{
	uint8_t *copy = mem_alloc(good_len, 1);

	(void)state;
	assert_non_null(copy);
	memcpy(copy, good, good_len);
	for (size_t i = 0; i < sizeof(pokes) / sizeof(pokes[0]); i++) {
		const struct poke *p = &pokes[i];
		struct le32 value = le32_of(p->value);
		size_t at = p->off;

		if (p->section != 0)
			at += section_off(p->section) +
			      item_of(p) * le32(section(p->section)->item_len);
		memcpy(good + at, &value, p->len);
		expect(p);
		memcpy(good, copy, good_len);
	}
	mem_release(copy);
}

/* Many at once, anywhere: nothing may be read outside. */
static void test_storm(void **state)
{
	uint8_t *copy = mem_alloc(good_len, 1);
	size_t ports = section_off(IMAGE_PORTS);
	uint64_t n = 1;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, good, good_len);
	for (unsigned round = 0; round < 40; round++) {
		struct image image;

		for (unsigned i = 0; i < 300; i++) {
			size_t at;

			n = hash_mix(n + i, UINT64_C(0x9e3779b97f4a7c15));
			at = n % 3 == 0 ? (n >> 8) % good_len
					: 1000 + (n >> 8) % (ports - 1000);
			good[at] = (uint8_t)(n >> 2);
		}
		if (open_good(&image, NULL) == 0) {
			image_walk(&image);
			assert_int_equal(
			    image_verify(&image, NULL), PORTBOOK_EDAMAGED);
		}
		memcpy(good, copy, good_len);
	}
	mem_release(copy);
}

/* A section of a later minor version is passed over. */
static void test_unknown_section(void **state)
{
	struct image_section *s = section(IMAGE_GAPS), before = *s;
	struct image image;

	(void)state;
	s->id = le32_of(60);
	s->item_len = le32_of(7);
	s->count = le64_of(1);
	assert_int_equal(open_good(&image, NULL), 0);
	assert_null(image.gaps);
	image_walk(&image);
	*s = before;
}

static void rename_section(uint32_t from, uint32_t to)
{
	section(from)->id = le32_of(to);
}

/* The past is there as a whole, or not at all. */
static void test_no_past(void **state)
{
	static const uint32_t parts[] = {IMAGE_EVENTS, IMAGE_EVENT_STARTS,
	    IMAGE_ROW_LIVES, IMAGE_PERSON_LIVES, IMAGE_PAST_BLOCKS,
	    IMAGE_PAST_PORTS, IMAGE_PAST_BUCKETS, IMAGE_PAST_NAMES,
	    IMAGE_PAST_PEOPLE, IMAGE_STANDING, IMAGE_STANDING_BITS, IMAGE_TURNS,
	    IMAGE_PAST_GRAM_PAIRS, IMAGE_PAST_GRAMS, IMAGE_PAST_POSTINGS,
	    IMAGE_PAST_SINCE, IMAGE_NAME_SINCE, IMAGE_COMMON,
	    IMAGE_COMMON_COUNTS};
	const size_t count = sizeof(parts) / sizeof(parts[0]);
	struct image image;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		rename_section(parts[i], 50);
		assert_int_equal(open_good(&image, NULL), PORTBOOK_EDAMAGED);
		rename_section(50, parts[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		rename_section(parts[i], 50 + i);
	assert_int_equal(open_good(&image, NULL), 0);
	assert_null(image.events);
	assert_null(image.standing);
	image_walk(&image);
	for (uint32_t i = 0; i < count; i++)
		rename_section(50 + i, parts[i]);
}

/* Lines, too. */
static void test_no_lines(void **state)
{
	static const uint32_t parts[] = {IMAGE_LINE_BLOCKS, IMAGE_LINES,
	    IMAGE_LINE_TEXTS, IMAGE_NAME_LINES};
	const size_t count = sizeof(parts) / sizeof(parts[0]);
	struct image_section *s = section(IMAGE_NAME_LINES), before = *s;
	struct image_line line;
	struct image image;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		rename_section(parts[i], 50);
		assert_int_equal(open_good(&image, NULL), PORTBOOK_EDAMAGED);
		rename_section(50, parts[i]);
	}
	s->count = le64_of(1);
	assert_int_equal(open_good(&image, NULL), PORTBOOK_EDAMAGED);
	*s = before;
	for (uint32_t i = 0; i < count; i++)
		rename_section(parts[i], 50 + i);
	assert_int_equal(open_good(&image, NULL), 0);
	assert_false(image_has_lines(&image));
	assert_false(image_line_by_port(&image, 80, PROTOCOL_TCP, &line));
	assert_false(
	    image_line_by_name(&image, SPAN("http"), PROTOCOL_TCP, &line));
	assert_false(image_line_from(&image, 0, &line));
	image_walk(&image);
	for (uint32_t i = 0; i < count; i++)
		rename_section(50 + i, parts[i]);
}

/*
 * Sections may lie over each other, so a file of holes can have two with so
 * many items that the number of what they have in common overflows to 0.
 */
static void test_common_overflow(void **state)
{
	const size_t items = (size_t)1 << (sizeof(size_t) * 4);
	struct image_section *common = section(IMAGE_COMMON),
			     *counts = section(IMAGE_COMMON_COUNTS),
			     *bits = section(IMAGE_STANDING_BITS);
	struct image_section before[3] = {*common, *counts, *bits};
	struct image_header *header = (void *)good;
	struct image image;
	size_t words, len;
	void *map;

	(void)state;
	assert_int_equal(open_good(&image, NULL), 0);
	words = image_bits_len(image.current_rows) +
		image_bits_len(image.row_count - image.current_rows);
	len = good_len + (items * words + 1) * sizeof(struct le32);
	map = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED) {
		print_message("there is no room for %zu bytes\n", len);
		return;
	}
	common->count = le64_of(items);
	counts->count = le64_of(0);
	bits->count = le64_of(items * words);
	header->len = le64_of(len);
	memcpy(map, good, good_len);
	assert_int_equal(
	    image_open_memory((struct span){map, len}, &image, NULL),
	    PORTBOOK_EDAMAGED);
	munmap(map, len);
	*common = before[0];
	*counts = before[1];
	*bits = before[2];
	header->len = le64_of(good_len);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void test_files(void **state)
{
	char path[] = "/tmp/portbook-image-XXXXXX";
	struct portbook_error err = {0};
	struct image image;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(
	    image_open(path, &image, &err), PORTBOOK_EFORMAT); /* empty */
	write_file(path, good, good_len);
	assert_int_equal(image_open(path, &image, &err), 0);
	assert_true(image.mapped);
	assert_int_equal(image_verify(&image, &err), 0);
	image_close(&image);
	assert_int_equal(image_open_fd(fd, "here", &image, &err), 0);
	image_close(&image);
	write_file(path, good, good_len - 1);
	assert_int_equal(
	    image_open_fd(fd, "here", &image, &err), PORTBOOK_EDAMAGED);
	assert_string_equal(err.source, "here");
	close(fd);
	unlink(path);
	assert_int_equal(image_open(path, &image, &err), PORTBOOK_EIO);
	assert_int_equal(image_open("/", &image, &err), PORTBOOK_EFORMAT);
	assert_int_equal(
	    image_open("/dev/null", &image, &err), PORTBOOK_EFORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_pokes),
	    cmocka_unit_test(test_storm),
	    cmocka_unit_test(test_unknown_section),
	    cmocka_unit_test(test_no_past),
	    cmocka_unit_test(test_no_lines),
	    cmocka_unit_test(test_common_overflow),
	    cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, make_good, drop_good);
}
