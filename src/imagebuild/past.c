/* SPDX-License-Identifier: ISC */
/* Rows and persons of the past: by port, by name, by id. */
#include "imagebuild/build.h"

#include <stdlib.h>

#include "image/namehash.h"
#include "base/banned.h"

#define BUCKET_BITS_MAX 31

/* Past rows by port: ports are cut into items where a row begins or ends. */
struct cuts {
	uint32_t *item_of; /* owned: by port, and one more */
	uint32_t *first;   /* owned: port, by item, and one more */
	size_t count;
	uint32_t *off;	/* owned: of each item in rows, and one more */
	uint32_t *rows; /* owned */
	uint32_t *wide; /* owned: rows that span too many items */
	size_t wide_count;
};

static void cuts_release(struct cuts *c)
{
	mem_release(c->item_of);
	mem_release(c->first);
	mem_release(c->off);
	mem_release(c->rows);
	mem_release(c->wide);
}

static bool has_ports(const struct build *b, size_t n)
{
	return (b->rows[n].flags & IMAGE_ROW_NUMBERED) != 0;
}

static int cut(struct build *b, struct cuts *c)
{
	size_t ports = (size_t)PORT_COUNT + 1;

	c->item_of = mem_zalloc(ports, sizeof(*c->item_of));
	c->first = mem_alloc(ports, sizeof(*c->first));
	if (c->item_of == NULL || c->first == NULL)
		return build_nomem(b);
	c->item_of[0] = 1;
	for (size_t n = b->current_rows; n < b->row_count; n++) {
		if (!has_ports(b, n))
			continue;
		c->item_of[le16(b->rows[n].first)] = 1;
		c->item_of[le16(b->rows[n].last) + 1] = 1;
	}
	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		if (c->item_of[port] != 0)
			c->first[c->count++] = port;
		c->item_of[port] = (uint32_t)c->count - 1;
	}
	c->first[c->count] = PORT_COUNT;
	return 0;
}

/* The items of a row, from the first up to end. */
static void items_of(const struct build *b, const struct cuts *c, size_t n,
    uint32_t *first, uint32_t *end)
{
	*first = c->item_of[le16(b->rows[n].first)];
	*end = c->item_of[le16(b->rows[n].last)] + 1;
}

/* Counts what each item has, and then puts it there. */
static int sort_ports(struct build *b, struct cuts *c)
{
	size_t past = b->row_count - b->current_rows, total = 0;
	uint32_t first, end;

	c->off = mem_zalloc(c->count + 2, sizeof(*c->off));
	c->wide = mem_alloc(past, sizeof(*c->wide));
	if (c->off == NULL || c->wide == NULL)
		return build_nomem(b);
	for (size_t n = b->current_rows; n < b->row_count; n++) {
		if (!has_ports(b, n))
			continue;
		items_of(b, c, n, &first, &end);
		if (end - first > IMAGE_PAST_WIDE) {
			c->wide[c->wide_count++] = (uint32_t)n;
			continue;
		}
		total += end - first;
		for (uint32_t i = first; i < end; i++)
			c->off[i + 2]++;
	}
	if (total > UINT32_MAX)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "the ranges of the past are more than fit into an image");
	for (size_t i = 1; i <= c->count; i++)
		c->off[i + 1] += c->off[i];
	c->rows = mem_alloc(total, sizeof(*c->rows));
	if (c->rows == NULL)
		return build_nomem(b);
	for (size_t n = b->current_rows; n < b->row_count; n++) {
		if (!has_ports(b, n))
			continue;
		items_of(b, c, n, &first, &end);
		if (end - first > IMAGE_PAST_WIDE)
			continue;
		for (uint32_t i = first; i < end; i++)
			c->rows[c->off[i + 1]++] = (uint32_t)n;
	}
	return 0;
}

static int put_ports(struct build *b, const struct cuts *c)
{
	struct image_past_ports *ports =
	    build_section(b, IMAGE_PAST_PORTS, c->count + 1);
	struct le32 *blocks;
	size_t n = 0;
	int code = 0;

	if (ports == NULL)
		return build_nomem(b);
	for (size_t i = 0; code == 0 && i < c->count; i++) {
		ports[i].first = le32_of(c->first[i]);
		code = lists_put(b, c->rows + c->off[i],
		    c->off[i + 1] - c->off[i], &ports[i].rows);
	}
	ports[c->count].first = le32_of(PORT_COUNT);
	if (code == 0)
		code =
		    lists_put(b, c->wide, c->wide_count, &ports[c->count].rows);
	if (code < 0)
		return code;
	blocks = build_section(
	    b, IMAGE_PAST_BLOCKS, (size_t)IMAGE_PAST_BLOCK_COUNT + 1);
	if (blocks == NULL)
		return build_nomem(b);
	for (uint32_t i = 0; i <= IMAGE_PAST_BLOCK_COUNT; i++) {
		while (n < c->count && c->first[n] < i * IMAGE_PAST_BLOCK)
			n++;
		blocks[i] = le32_of((uint32_t)n);
	}
	return 0;
}

static int make_ports(struct build *b)
{
	struct cuts c = {0};
	int code = cut(b, &c);

	if (code == 0)
		code = sort_ports(b, &c);
	if (code == 0)
		code = put_ports(b, &c);
	cuts_release(&c);
	return code;
}

/* A past row and its name, folded. */
struct named {
	uint64_t hash;
	struct span name;
	uint32_t row;
};

static int named_cmp(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	order = span_cmp(x->name, y->name);
	if (order != 0)
		return order;
	return x->row < y->row ? -1 : x->row > y->row;
}

static size_t sort_names(const struct build *b, struct named *named)
{
	uint32_t salt = le32(b->meta.name_salt);
	size_t count = 0;

	for (size_t n = b->current_rows; n < b->row_count; n++) {
		struct span name = columns_text(b, n, COLUMN_NAME);

		if (name.len > 0 && name.len <= IMAGE_NAME_MAX)
			named[count++] = (struct named){
			    namehash(name, salt), name, (uint32_t)n};
	}
	qsort(named, count, sizeof(*named), named_cmp);
	return count;
}

/* The first of the next name. */
static size_t next_name(const struct named *named, size_t count, size_t i)
{
	struct span name = named[i].name;

	while (i < count && span_eq(named[i].name, name))
		i++;
	return i;
}

static int put_name(struct build *b, const struct named *named, size_t count,
    struct image_past_name *ret)
{
	uint32_t *rows = mem_alloc(count, sizeof(*rows));
	int code;

	if (rows == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < count; i++)
		rows[i] = named[i].row;
	namehash_key(named[0].name, ret->key);
	code = texts_add_span(b, named[0].name, &ret->name);
	if (code == 0)
		code = lists_put(b, rows, count, &ret->rows);
	mem_release(rows);
	return code;
}

/* At least as many buckets as names. */
static int put_buckets(
    struct build *b, const struct named *named, size_t count, size_t name_count)
{
	struct le32 *buckets;
	unsigned bits = 1;
	size_t n = 0, name = 0;

	while (bits < BUCKET_BITS_MAX && (size_t)1 << bits < name_count)
		bits++;
	buckets = build_section(b, IMAGE_PAST_BUCKETS, ((size_t)1 << bits) + 1);
	if (buckets == NULL)
		return build_nomem(b);
	for (size_t i = 0; i <= (size_t)1 << bits; i++) {
		while (n < count && named[n].hash >> (64 - bits) < i) {
			n = next_name(named, count, n);
			name++;
		}
		buckets[i] = le32_of((uint32_t)name);
	}
	return 0;
}

static int put_names(struct build *b, const struct named *named, size_t count)
{
	struct image_past_name *names;
	size_t name_count = 0, n = 0;
	int code = 0;

	for (size_t i = 0; i < count; i = next_name(named, count, i))
		name_count++;
	code = put_buckets(b, named, count, name_count);
	if (code < 0)
		return code;
	names = build_section(b, IMAGE_PAST_NAMES, name_count);
	if (names == NULL)
		return build_nomem(b);
	for (size_t i = 0; code == 0 && i < count;) {
		size_t end = next_name(named, count, i);

		code = put_name(b, named + i, end - i, &names[n++]);
		i = end;
	}
	return code;
}

static int make_names(struct build *b)
{
	struct named *named =
	    mem_alloc(b->row_count - b->current_rows, sizeof(*named));
	int code;

	if (named == NULL)
		return build_nomem(b);
	code = put_names(b, named, sort_names(b, named));
	mem_release(named);
	return code;
}

struct past_person {
	struct span id;
	uint32_t person;
};

static int person_cmp(const void *a, const void *b)
{
	const struct past_person *x = a, *y = b;
	int order = span_cmp(x->id, y->id);

	if (order != 0)
		return order;
	return x->person < y->person ? -1 : x->person > y->person;
}

static int make_people(struct build *b)
{
	size_t count = b->person_count - b->current_people;
	struct past_person *sorted = mem_alloc(count, sizeof(*sorted));
	struct le32 *people = build_section(b, IMAGE_PAST_PEOPLE, count);

	if (sorted == NULL || people == NULL) {
		mem_release(sorted);
		return build_nomem(b);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t n = (uint32_t)(b->current_people + i);
		const uint32_t *text = build_person(b, n)->person.text;

		sorted[i] = (struct past_person){
		    timeline_text(b->t, text[PERSON_ID]), n};
	}
	qsort(sorted, count, sizeof(*sorted), person_cmp);
	for (size_t i = 0; i < count; i++)
		people[i] = le32_of(sorted[i].person);
	mem_release(sorted);
	return 0;
}

int past_make(struct build *b)
{
	int code;

	if (b->t->version_count == 1)
		return 0;
	code = make_ports(b);
	if (code == 0)
		code = make_names(b);
	return code == 0 ? make_people(b) : code;
}
