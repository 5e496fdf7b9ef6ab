/* SPDX-License-Identifier: ISC */
#include "store/sequence.h"

#include <stdbool.h>

#include "base/ckd.h"
#include "base/mem.h"
#include "portbook/error.h"
#include "store/varint.h"
#include "base/banned.h"

/* A sequence being coded. */
struct coder {
	const struct sequence *base;
	const struct sequence *now;
	struct buf *b;
	size_t behind;	 /* place in base behind what was last taken */
	uint32_t after;	 /* number behind the last one coded */
	uint32_t *slots; /* owned: places in base + 1, by number */
	unsigned shift;
};

void sequence_release(struct sequence *s)
{
	mem_release(s->at);
	*s = (struct sequence){0};
}

static int make_room(struct sequence *s, size_t more)
{
	size_t want;
	uint32_t *grown;

	if (more <= s->cap - s->count)
		return 0;
	if (ckd_add(&want, s->count, more))
		return PORTBOOK_ENOMEM;
	if (want < s->cap + s->cap / 2)
		want = s->cap + s->cap / 2;
	grown = mem_resize(s->at, want, sizeof(*grown));
	if (grown == NULL)
		return PORTBOOK_ENOMEM;
	s->at = grown;
	s->cap = want;
	return 0;
}

int sequence_add(struct sequence *s, const uint32_t *numbers, size_t count)
{
	if (make_room(s, count) < 0)
		return PORTBOOK_ENOMEM;
	if (count > 0)
		memcpy(s->at + s->count, numbers, count * sizeof(*numbers));
	s->count += count;
	return 0;
}

static uint32_t *slot_of(const struct coder *c, uint32_t number)
{
	size_t mask = ((size_t)1 << (32 - c->shift)) - 1;
	size_t at = number * UINT32_C(0x9e3779b1) >> c->shift;

	while (c->slots[at] != 0 && c->base->at[c->slots[at] - 1] != number)
		at = (at + 1) & mask;
	return &c->slots[at];
}

/* From the back, so that the first place of a number is found. */
static int enter_base(struct coder *c)
{
	unsigned bits = 4;

	while (bits < 31 && (size_t)1 << bits < 2 * c->base->count)
		bits++;
	c->shift = 32 - bits;
	c->slots = mem_zalloc((size_t)1 << bits, sizeof(*c->slots));
	if (c->slots == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = c->base->count; i > 0; i--)
		*slot_of(c, c->base->at[i - 1]) = (uint32_t)i;
	return 0;
}

/* How many numbers of base from place on now has at at. */
static size_t common(const struct coder *c, size_t place, size_t at)
{
	size_t len = 0;

	while (place + len < c->base->count && at + len < c->now->count &&
	       c->base->at[place + len] == c->now->at[at + len])
		len++;
	return len;
}

/* The most that base has of now at at; where it does not go on, two at least.
 */
static int find(struct coder *c, size_t at, size_t *place, size_t *len)
{
	uint32_t slot;

	*place = c->behind;
	*len = common(c, *place, at);
	if (*len > 0 || c->base->count == 0)
		return 0;
	if (c->slots == NULL && enter_base(c) < 0)
		return PORTBOOK_ENOMEM;
	slot = *slot_of(c, c->now->at[at]);
	if (slot == 0)
		return 0;
	*place = slot - 1;
	*len = common(c, *place, at);
	if (*len == 1)
		*len = 0;
	return 0;
}

static void put_copy(struct coder *c, size_t place, size_t len)
{
	varint_put(c->b, (uint64_t)len * 2);
	varint_put_signed(c->b, (int64_t)place - (int64_t)c->behind);
	c->behind = place + len;
}

static void put_run(struct coder *c, size_t at, size_t len)
{
	uint32_t first = c->now->at[at];

	varint_put(c->b, (uint64_t)len * 2 + 1);
	varint_put_signed(c->b, (int64_t)first - (int64_t)c->after);
}

static int put_op(struct coder *c, size_t *at)
{
	size_t place, len;

	if (find(c, *at, &place, &len) < 0)
		return PORTBOOK_ENOMEM;
	if (len > 0) {
		put_copy(c, place, len);
	} else {
		len = 1;
		while (*at + len < c->now->count &&
		       c->now->at[*at + len - 1] != UINT32_MAX &&
		       c->now->at[*at + len] == c->now->at[*at + len - 1] + 1)
			len++;
		put_run(c, *at, len);
	}
	*at += len;
	c->after = c->now->at[*at - 1] + 1;
	return 0;
}

int sequence_encode(
    const struct sequence *base, const struct sequence *now, struct buf *b)
{
	struct coder c = {.base = base, .now = now, .b = b};
	size_t at = 0;
	int code = base->count >= UINT32_MAX / 4 ? PORTBOOK_ENOMEM : 0;

	varint_put(b, now->count);
	while (code == 0 && at < now->count)
		code = put_op(&c, &at);
	mem_release(c.slots);
	return code < 0 || buf_failed(b) ? PORTBOOK_ENOMEM : 0;
}

static bool take_copy(const struct sequence *base, size_t *behind, int64_t from,
    uint64_t len, struct sequence *ret)
{
	int64_t place;

	if (ckd_add(&place, (int64_t)*behind, from) || place < 0 ||
	    (uint64_t)place > base->count ||
	    len > base->count - (uint64_t)place)
		return false;
	if (len > 0)
		memcpy(ret->at + ret->count, base->at + place,
		    len * sizeof(*ret->at));
	ret->count += len;
	*behind = (size_t)place + len;
	return true;
}

static bool take_run(
    uint32_t after, int64_t from, uint64_t len, struct sequence *ret)
{
	uint32_t *to = ret->at + ret->count;
	int64_t first;

	if (ckd_add(&first, (int64_t)after, from) || first < 0 ||
	    (uint64_t)first > UINT32_MAX ||
	    len > UINT32_MAX - (uint64_t)first + 1)
		return false;
	for (uint64_t i = 0; i < len; i++)
		to[i] = (uint32_t)((uint64_t)first + i);
	ret->count += len;
	return true;
}

int sequence_decode(const struct sequence *base, struct span code, size_t limit,
    struct sequence *ret)
{
	uint64_t count;
	size_t behind = 0;

	ret->count = 0;
	if (!varint_take(&code, &count) || count > limit)
		return PORTBOOK_EDAMAGED;
	if (make_room(ret, count) < 0)
		return PORTBOOK_ENOMEM;
	while (ret->count < count) {
		uint32_t after =
		    ret->count > 0 ? ret->at[ret->count - 1] + 1 : 0;
		uint64_t op;
		int64_t from;

		if (!varint_take(&code, &op) ||
		    !varint_take_signed(&code, &from) || op < 2 ||
		    op / 2 > count - ret->count)
			return PORTBOOK_EDAMAGED;
		if (op & 1 ? !take_run(after, from, op / 2, ret)
			   : !take_copy(base, &behind, from, op / 2, ret))
			return PORTBOOK_EDAMAGED;
	}
	return code.len == 0 ? 0 : PORTBOOK_EDAMAGED;
}
