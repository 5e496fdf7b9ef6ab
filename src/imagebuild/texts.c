/* SPDX-License-Identifier: ISC */
/* IMAGE_TEXTS and IMAGE_LISTS: each text once, in the order of first use. */
#include "imagebuild/build.h"

#include "base/banned.h"

int texts_begin(struct build *b)
{
	static const char empty[8]; /* length, NUL, zeros */
	size_t guess = b->t->arena.used + b->t->texts.count * 8;

	b->text_places = mem_zalloc(b->t->texts.count, sizeof(*b->text_places));
	if (b->text_places == NULL || buf_room(&b->texts, guess) == NULL)
		return build_nomem(b);
	buf_add(&b->texts, (struct span){empty, sizeof(empty)});
	return 0;
}

static int append(struct build *b, struct span text, uint32_t *place)
{
	size_t whole = 4 + (text.len + 4) / 4 * 4; /* with NUL and zeros */
	struct le32 len;
	char *room;

	if (b->texts.len / 4 >= IMAGE_NONE || text.len >= UINT32_MAX - 8)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "more than 16 GB of text do not fit into an image");
	room = buf_room(&b->texts, whole);
	if (room == NULL)
		return build_nomem(b);
	*place = (uint32_t)(b->texts.len / 4);
	len = le32_of((uint32_t)text.len);
	memset(room + whole - 4, 0, 4);
	memcpy(room, &len, sizeof(len));
	memcpy(room + sizeof(len), text.ptr, text.len);
	b->texts.len += whole;
	return 0;
}

int texts_add(struct build *b, uint32_t number, struct le32 *ret)
{
	uint32_t *place = &b->text_places[number];

	if (*place == 0 && number != 0) {
		int code = append(b, timeline_text(b->t, number), place);

		if (code < 0)
			return code;
	}
	*ret = le32_of(*place);
	return 0;
}

int texts_add_span(struct build *b, struct span text, struct le32 *ret)
{
	uint32_t number, *grown;

	if (text.len == 0) {
		*ret = le32_of(0);
		return 0;
	}
	if (intern_add(&b->extra, text, &number) < 0)
		return build_nomem(b);
	if (number == b->extra_count) {
		int code;

		grown = mem_grow(b->extra_places, b->extra_count, &b->extra_cap,
		    sizeof(*grown));
		if (grown == NULL)
			return build_nomem(b);
		b->extra_places = grown;
		code = append(b, text, &grown[number]);
		if (code < 0)
			return code;
		b->extra_count++;
	}
	*ret = le32_of(b->extra_places[number]);
	return 0;
}

int lists_put(struct build *b, const uint32_t *numbers, size_t count,
    struct image_list *ret)
{
	size_t off = b->lists.len / sizeof(struct le32);
	char *room;

	*ret = (struct image_list){le32_of(0), le32_of(0)};
	if (count == 0)
		return 0;
	if (count > UINT32_MAX - off)
		return error_set(b->err, PORTBOOK_ELIMIT, 0,
		    "more than 4,294,967,295 numbers in lists do not fit into "
		    "an image");
	room = buf_room(&b->lists, count * sizeof(struct le32));
	if (room == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < count; i++) {
		struct le32 n = le32_of(numbers[i]);

		memcpy(room + i * sizeof(n), &n, sizeof(n));
	}
	b->lists.len += count * sizeof(struct le32);
	ret->off = le32_of((uint32_t)off);
	ret->count = le32_of((uint32_t)count);
	return 0;
}
