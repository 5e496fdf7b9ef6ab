/* SPDX-License-Identifier: ISC */
#include "store/roll.h"

#include <assert.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/varint.h"
#include "base/banned.h"

#define REST ((size_t)4 << 20) /* numbers of notes and the like, at most */
#define SLOTS (sizeof(((struct roll *)0)->slots) / sizeof(struct roll_slot))

static_assert(SLOTS > ROLL_DEPTH + 1, "a chain fits whole");

struct load {
	struct roll *roll;
	struct portbook_error *err;
};

int roll_damaged(const struct roll *r, size_t index, const char *what,
    struct portbook_error *err)
{
	struct span date =
	    index < r->count ? r->versions[index].is.date : SPAN("");

	return error_set(err, PORTBOOK_EDAMAGED, 0,
	    "the store is damaged at version %zu%s%.*s: %s; bring back a "
	    "copy, or import the versions again",
	    index + 1, date.len > 0 ? " of " : "", SPAN_FMT(date), what);
}

/* Fields of at most 10 bytes each. */
static uint64_t sum_of(const uint64_t *fields, size_t count)
{
	char room[128];
	struct buf b;

	buf_init_fixed(&b, room, sizeof(room));
	for (size_t i = 0; i < count; i++)
		varint_put(&b, fields[i]);
	assert(!buf_failed(&b));
	return hash_bytes(b.ptr, b.len, count);
}

uint64_t roll_version_sum(const struct backend_version *v)
{
	const uint64_t fields[] = {(uint64_t)v->number, v->source,
	    v->source_len, v->dated, v->records, v->people,
	    (uint64_t)v->recorded, (uint64_t)v->base};
	uint64_t sum = sum_of(fields, sizeof(fields) / sizeof(fields[0]));

	sum = hash_bytes(v->digest, sizeof(v->digest), sum);
	sum = hash_bytes(v->date.ptr, v->date.len, sum);
	return hash_bytes(v->code.ptr, v->code.len, sum);
}

uint64_t roll_sighting_sum(const struct backend_sighting *sighting)
{
	const uint64_t fields[] = {(uint64_t)sighting->version,
	    (uint64_t)sighting->seen, sighting->edition};
	uint64_t sum = sum_of(fields, sizeof(fields) / sizeof(fields[0]));

	sum = hash_bytes(sighting->source.ptr, sighting->source.len, sum);
	return hash_bytes(sighting->how.ptr, sighting->how.len, sum);
}

/* ret->ptr is NULL when out of memory. */
static struct span keep(struct roll *r, struct span text)
{
	return arena_text(&r->arena, text);
}

static int append(struct load *l, const struct backend_version *v)
{
	struct roll *r = l->roll;
	struct roll_version *to =
	    mem_grow(r->versions, r->count, &r->cap, sizeof(*r->versions));
	uint32_t base = (uint32_t)v->base;

	if (to == NULL)
		return error_nomem(l->err);
	r->versions = to;
	to += r->count;
	*to = (struct roll_version){
	    .is = {.number = v->number,
		.date = keep(r, v->date),
		.updated = SPAN(""),
		.source = SPAN(""),
		.source_len = v->source_len,
		.records = v->records,
		.people = v->people,
		.recorded = v->recorded},
	    .source = (enum registry_source)v->source,
	    .base = base,
	    .depth = base > 0 ? r->versions[base - 1].depth + 1 : 0,
	    .code = keep(r, v->code),
	};
	if (to->is.date.ptr == NULL || to->code.ptr == NULL)
		return error_nomem(l->err);
	memcpy(to->is.digest, v->digest, sizeof(v->digest));
	if (v->dated)
		to->is.updated = to->is.date;
	r->count++;
	return 0;
}

static int take_version(void *ctx, const struct backend_version *v)
{
	struct load *l = ctx;
	const struct roll *r = l->roll;

	if (v->number < 1 || (uint64_t)v->number != r->count + 1 ||
	    v->number >= UINT32_MAX)
		return roll_damaged(r, r->count, "it is not there", l->err);
	if (v->sum != roll_version_sum(v))
		return roll_damaged(r, r->count, "its sum differs", l->err);
	if (v->base < 0 || v->base >= v->number ||
	    v->source > REGISTRY_SERVICES ||
	    (v->base > 0 && r->versions[v->base - 1].depth >= ROLL_DEPTH))
		return roll_damaged(r, r->count, "it cannot be so", l->err);
	return append(l, v);
}

static int note_edition(struct load *l, uint32_t version, uint32_t number)
{
	struct roll *r = l->roll;
	struct roll_edition *grown = mem_grow(
	    r->editions, r->edition_count, &r->edition_cap, sizeof(*grown));

	if (grown == NULL)
		return error_nomem(l->err);
	r->editions = grown;
	grown[r->edition_count++] = (struct roll_edition){version, number};
	return 0;
}

/*
 * The least number behind the date of its sources is the version's, so that it
 * does not matter which came first.
 */
static int take_sighting(void *ctx, const struct backend_sighting *sighting)
{
	struct load *l = ctx;
	struct roll *r = l->roll;
	struct store_version *v;

	if (sighting->version < 1 || (uint64_t)sighting->version > r->count ||
	    sighting->sum != roll_sighting_sum(sighting))
		return error_set(l->err, PORTBOOK_EDAMAGED, 0,
		    "the store is damaged at a sighting of version %lld; "
		    "bring back a copy, or import the versions again",
		    (long long)sighting->version);
	v = &r->versions[sighting->version - 1].is;
	if (v->sightings++ == 0) {
		v->source = keep(r, sighting->source);
		if (v->source.ptr == NULL) {
			v->source = SPAN("");
			return error_nomem(l->err);
		}
	}
	if (sighting->edition == 0)
		return 0;
	if (v->edition == 0 || sighting->edition < v->edition)
		v->edition = sighting->edition;
	return note_edition(
	    l, (uint32_t)sighting->version - 1, sighting->edition);
}

static int compare(const void *a, const void *b, void *ctx)
{
	const struct roll *r = ctx;
	const struct store_version *x = &r->versions[*(const uint32_t *)a].is;
	const struct store_version *y = &r->versions[*(const uint32_t *)b].is;
	int order = span_cmp(x->date, y->date);

	if (order != 0)
		return order;
	if (x->edition != y->edition)
		return x->edition < y->edition ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

int roll_load(struct roll *r, const struct backend *backend, void *db,
    struct portbook_error *err)
{
	struct load l = {.roll = r, .err = err};
	int code;

	*r = (struct roll){0};
	arena_init(&r->arena);
	code = backend->versions(db, take_version, &l, err);
	if (code == 0)
		code = backend->sightings(db, take_sighting, &l, err);
	if (code < 0)
		return code;
	r->order_cap = r->count;
	r->order = mem_alloc(r->count, sizeof(*r->order));
	if (r->order == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < r->count; i++) {
		if (r->versions[i].is.sightings == 0)
			return roll_damaged(r, i, "nobody saw it", err);
		if (r->versions[i].is.edition == 0)
			r->versions[i].is.edition = 1;
		r->order[i] = (uint32_t)i;
	}
	qsort_r(r->order, r->count, sizeof(*r->order), compare, r);
	return 0;
}

void roll_release(struct roll *r)
{
	for (size_t i = 0; i < SLOTS; i++)
		sequence_release(&r->slots[i].body);
	arena_release(&r->arena);
	mem_release(r->versions);
	mem_release(r->order);
	mem_release(r->editions);
	*r = (struct roll){0};
}

/* How many versions stand before one of that date and edition. */
static size_t place_of(const struct roll *r, struct span date, uint32_t edition)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct store_version *v = &r->versions[r->order[mid]].is;
		int order = span_cmp(v->date, date);

		if (order < 0 || (order == 0 && v->edition <= edition))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int roll_add(struct roll *r, const struct backend_version *v,
    const struct backend_sighting *first, struct portbook_error *err)
{
	struct load l = {.roll = r, .err = err};
	uint32_t edition = first->edition > 0 ? first->edition : 1;
	size_t place = place_of(r, v->date, edition);
	uint32_t *order =
	    mem_grow(r->order, r->count, &r->order_cap, sizeof(*order));
	int code;

	if (order == NULL)
		return error_nomem(err);
	r->order = order;
	code = append(&l, v);
	if (code == 0)
		code = take_sighting(&l, first);
	if (code < 0)
		return code;
	r->versions[r->count - 1].is.edition = edition;
	memmove(&order[place + 1], &order[place],
	    (r->count - 1 - place) * sizeof(*order));
	order[place] = (uint32_t)(r->count - 1);
	return 0;
}

uint32_t roll_base(const struct roll *r, struct span date, uint32_t edition)
{
	size_t place = place_of(r, date, edition > 0 ? edition : 1);
	uint32_t index;

	if (r->count == 0)
		return 0;
	index = r->order[place > 0 ? place - 1 : 0];
	return r->versions[index].depth < ROLL_DEPTH ? index + 1 : 0;
}

size_t roll_limit(size_t records, size_t people)
{
	return 3 * (records + people) + REST;
}

static struct roll_slot *slot_find(struct roll *r, uint32_t version)
{
	for (size_t i = 0; i < SLOTS; i++)
		if (r->slots[i].version == version) {
			r->slots[i].used = ++r->clock;
			return &r->slots[i];
		}
	return NULL;
}

/* The one that nobody has asked for longest. */
static struct roll_slot *slot_take(struct roll *r)
{
	struct roll_slot *slot = &r->slots[0];

	for (size_t i = 1; i < SLOTS; i++)
		if (r->slots[i].used < slot->used)
			slot = &r->slots[i];
	slot->version = 0;
	slot->used = ++r->clock;
	return slot;
}

/* Decodes one version, whose base is in a slot or NULL. */
static int decode(struct roll *r, uint32_t version,
    const struct roll_slot *base, struct roll_slot **ret,
    struct portbook_error *err)
{
	static const struct sequence nothing;
	const struct roll_version *v = &r->versions[version - 1];
	struct roll_slot *slot = slot_take(r);
	int code = sequence_decode(base != NULL ? &base->body : &nothing,
	    v->code, roll_limit(v->is.records, v->is.people), &slot->body);

	if (code == PORTBOOK_EDAMAGED)
		return roll_damaged(r, version - 1, "it is cut", err);
	if (code < 0)
		return error_nomem(err);
	slot->version = version;
	*ret = slot;
	return 0;
}

int roll_body(struct roll *r, size_t index, const struct sequence **ret,
    struct portbook_error *err)
{
	uint32_t chain[ROLL_DEPTH + 1], version = (uint32_t)index + 1;
	struct roll_slot *slot = slot_find(r, version);
	size_t count = 0;
	int code = 0;

	while (slot == NULL && version != 0) {
		assert(count <= ROLL_DEPTH);
		chain[count++] = version;
		version = r->versions[version - 1].base;
		if (version != 0)
			slot = slot_find(r, version);
	}
	while (code == 0 && count > 0)
		code = decode(r, chain[--count], slot, &slot, err);
	if (code == 0)
		*ret = &slot->body;
	return code;
}
