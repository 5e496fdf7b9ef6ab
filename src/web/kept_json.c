/* SPDX-License-Identifier: ISC */
#include "web/kept_json.h"

#include <stdatomic.h>

#include "base/mem.h"
#include "web/people.h"
#include "write/json.h"
#include "base/banned.h"

/* Never changed once a slot points to it, so that readers take no lock. */
struct kept_text {
	size_t len;
	char bytes[];
};

struct kept_json {
	const struct image *image;
	size_t slot_count;
	atomic_size_t room;		     /* bytes that may still be kept */
	_Atomic(struct kept_text *) slots[]; /* of rows, then of persons */
};

struct kept_json *kept_json_new(const struct image *image, size_t room)
{
	size_t count = image->row_count + image->person_count;
	struct kept_json *kept =
	    mem_zalloc(1, sizeof(*kept) + count * sizeof(kept->slots[0]));

	if (kept == NULL)
		return NULL;
	kept->image = image;
	kept->slot_count = count;
	atomic_init(&kept->room, room);
	return kept;
}

void kept_json_free(struct kept_json *kept)
{
	if (kept == NULL)
		return;
	for (size_t i = 0; i < kept->slot_count; i++)
		mem_release(atomic_load(&kept->slots[i]));
	mem_release(kept);
}

/* Takes len bytes of what is left, or none. */
static bool take(struct kept_json *kept, size_t len)
{
	size_t room = atomic_load(&kept->room);

	do {
		if (room < len)
			return false;
	} while (!atomic_compare_exchange_weak(&kept->room, &room, room - len));
	return true;
}

/* Another thread may have been quicker; then this was in vain. */
static void keep(struct kept_json *kept, size_t i, struct span text)
{
	struct kept_text *none = NULL, *made;
	size_t len = sizeof(*made) + text.len;

	if (!take(kept, len))
		return;
	made = mem_alloc(1, len);
	if (made != NULL) {
		made->len = text.len;
		memcpy(made->bytes, text.ptr, text.len);
	}
	if (made == NULL ||
	    !atomic_compare_exchange_strong(&kept->slots[i], &none, made)) {
		mem_release(made);
		atomic_fetch_add(&kept->room, len);
	}
}

/* From what is kept, if it is there. */
static bool put(const struct kept_json *kept, size_t i, struct buf *b)
{
	const struct kept_text *text =
	    atomic_load_explicit(&kept->slots[i], memory_order_acquire);

	if (text == NULL)
		return false;
	buf_add(b, span_of(text->bytes, text->len));
	return true;
}

static void put_row(struct kept_json *kept, struct buf *b, uint32_t n)
{
	const struct image *image = kept->image;
	size_t from = b->len;

	if (put(kept, n, b))
		return;
	json_record(
	    b, image, &image->rows[n], (uint32_t)(image->version_count - 1));
	if (!buf_failed(b))
		keep(kept, n, span_skip(buf_span(b), from));
}

static void put_person(struct kept_json *kept, struct buf *b, uint32_t n)
{
	const struct image *image = kept->image;
	size_t at = image->row_count + n, from = b->len;
	struct person_text text;

	if (put(kept, at, b))
		return;
	person_shown(image, &image->people[n], &text);
	json_person_text(b, &text);
	if (!buf_failed(b))
		keep(kept, at, span_skip(buf_span(b), from));
}

void kept_json_records(
    struct kept_json *kept, struct buf *b, const uint32_t *rows, size_t count)
{
	const char *between = "";

	buf_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		if (image_row(kept->image, rows[i]) == NULL)
			continue;
		buf_str(b, between);
		put_row(kept, b, rows[i]);
		between = ", ";
	}
	buf_char(b, ']');
}

void kept_json_people(
    struct kept_json *kept, struct buf *b, const uint32_t *people, size_t count)
{
	const char *between = "";

	buf_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		if (image_person(kept->image, people[i]) == NULL)
			continue;
		buf_str(b, between);
		put_person(kept, b, people[i]);
		between = ", ";
	}
	buf_char(b, ']');
}
