/* SPDX-License-Identifier: ISC */
/*
 * A minimal perfect hash: names fall into buckets, and for each bucket, the
 * fullest first, a seed is looked for that sends all its names to slots that
 * are still free (Belazzougui, Botelho, Dietzfelbinger: Hash, Displace, and
 * Compress, 2009).
 *
 * Two names whose hashes are equal no seed can part.  Another salt does; a
 * registry that was made to defeat every salt is refused.
 */
#include "imagebuild/build.h"

#include "image/namehash.h"
#include "base/banned.h"

#define NAMES_PER_BUCKET 3
#define SALT_COUNT 16
#define FULLEST 64 /* names in a bucket; more are as good as equal */

/* Seeds tried for one bucket: the last one looks for the only free slot. */
#define SEEDS_MORE 1000000
#define SEEDS_PER_NAME 64

struct perfect {
	size_t count;
	uint64_t *hashes; /* owned: by name */
	unsigned shift;
	size_t bucket_count;
	uint32_t *bucket_off; /* owned: of a bucket's names in members */
	uint32_t *members;    /* owned: names by bucket */
	uint32_t *by_size;    /* owned: buckets, the fullest first */
	uint8_t *taken;	      /* owned: by slot */
	uint32_t *seeds;      /* owned: by bucket */
	uint32_t *slots;      /* borrowed: by name */
};

static int perfect_begin(struct build *b, struct perfect *p, size_t count)
{
	p->count = count;
	p->shift = 63;
	while (p->shift > 32 &&
	       count / NAMES_PER_BUCKET >= (size_t)1 << (64 - p->shift))
		p->shift--;
	p->bucket_count = (size_t)1 << (64 - p->shift);
	p->hashes = mem_alloc(count, sizeof(*p->hashes));
	p->bucket_off = mem_alloc(p->bucket_count + 1, sizeof(*p->bucket_off));
	p->members = mem_alloc(count, sizeof(*p->members));
	p->by_size = mem_alloc(p->bucket_count, sizeof(*p->by_size));
	p->taken = mem_alloc(count, sizeof(*p->taken));
	p->seeds = mem_alloc(p->bucket_count, sizeof(*p->seeds));
	if (p->hashes == NULL || p->bucket_off == NULL || p->members == NULL ||
	    p->by_size == NULL || p->taken == NULL || p->seeds == NULL)
		return build_nomem(b);
	return 0;
}

static void perfect_release(struct perfect *p)
{
	mem_release(p->hashes);
	mem_release(p->bucket_off);
	mem_release(p->members);
	mem_release(p->by_size);
	mem_release(p->taken);
	mem_release(p->seeds);
}

static void fill_buckets(struct perfect *p)
{
	uint32_t *off = p->bucket_off;

	memset(off, 0, (p->bucket_count + 1) * sizeof(*off));
	for (size_t i = 0; i < p->count; i++)
		off[(p->hashes[i] >> p->shift) + 1]++;
	for (size_t i = 0; i < p->bucket_count; i++)
		off[i + 1] += off[i];
	for (size_t i = p->count; i > 0; i--)
		p->members[--off[(p->hashes[i - 1] >> p->shift) + 1]] =
		    (uint32_t)i - 1;
	/* Each off now stands one bucket too high. */
	memmove(off, off + 1, p->bucket_count * sizeof(*off));
	off[p->bucket_count] = (uint32_t)p->count;
}

/* False if a bucket is fuller than chance makes one. */
static bool sort_buckets(struct perfect *p)
{
	size_t at[FULLEST + 2] = {0};

	for (size_t i = 0; i < p->bucket_count; i++) {
		size_t size = p->bucket_off[i + 1] - p->bucket_off[i];

		if (size > FULLEST)
			return false;
		at[FULLEST - size + 1]++;
	}
	for (size_t i = 1; i <= FULLEST + 1; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < p->bucket_count; i++)
		p->by_size[at[FULLEST - (p->bucket_off[i + 1] -
					    p->bucket_off[i])]++] = (uint32_t)i;
	return true;
}

static bool has_equals(
    const struct perfect *p, const uint32_t *names, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t n = 0; n < i; n++)
			if (p->hashes[names[i]] == p->hashes[names[n]])
				return true;
	return false;
}

/* Takes a slot for each name, or none of them. */
static bool try_seed(
    struct perfect *p, const uint32_t *names, size_t count, uint32_t seed)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t slot = namehash_slot(
		    p->hashes[names[i]], seed, (uint32_t)p->count);

		if (p->taken[slot]) {
			while (i-- > 0)
				p->taken[p->slots[names[i]]] = 0;
			return false;
		}
		p->taken[slot] = 1;
		p->slots[names[i]] = slot;
	}
	return true;
}

static bool place_buckets(struct perfect *p)
{
	uint64_t limit = SEEDS_MORE + (uint64_t)SEEDS_PER_NAME * p->count;

	if (limit > UINT32_MAX)
		limit = UINT32_MAX;
	memset(p->taken, 0, p->count);
	for (size_t i = 0; i < p->bucket_count; i++) {
		uint32_t bucket = p->by_size[i], seed = 0;
		const uint32_t *names = p->members + p->bucket_off[bucket];
		size_t count =
		    p->bucket_off[bucket + 1] - p->bucket_off[bucket];

		if (has_equals(p, names, count))
			return false;
		while (!try_seed(p, names, count, seed))
			if (++seed >= limit)
				return false;
		p->seeds[bucket] = seed;
	}
	return true;
}

static int put_seeds(struct build *b, const struct perfect *p, uint32_t salt)
{
	struct image_seed *seeds =
	    build_section(b, IMAGE_NAME_SEEDS, p->bucket_count);

	if (seeds == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < p->bucket_count; i++) {
		uint32_t bits = 0;

		for (size_t n = p->bucket_off[i]; n < p->bucket_off[i + 1]; n++)
			bits |= 1U << namehash_place(
					  p->hashes[p->members[n]], p->shift) %
					  32;
		seeds[i].seed = le32_of(p->seeds[i]);
		seeds[i].bits = le32_of(bits);
	}
	b->meta.name_seed_shift = le32_of(p->shift);
	b->meta.name_salt = le32_of(salt);
	return 0;
}

int perfect_make(
    struct build *b, const struct span *names, size_t count, uint32_t *slots)
{
	struct perfect p = {.slots = slots};
	int code = perfect_begin(b, &p, count);

	for (uint32_t salt = 0; code == 0; salt++) {
		if (salt == SALT_COUNT) {
			code = error_set(b->err, PORTBOOK_ELIMIT, 0,
			    "the registry's names have hashes that cannot be "
			    "told apart");
			break;
		}
		for (size_t i = 0; i < count; i++)
			p.hashes[i] = namehash(names[i], salt);
		fill_buckets(&p);
		if (sort_buckets(&p) && place_buckets(&p)) {
			code = put_seeds(b, &p, salt);
			break;
		}
	}
	perfect_release(&p);
	return code;
}
