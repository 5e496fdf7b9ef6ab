/* SPDX-License-Identifier: ISC */
#include "http/cache.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/banned.h"

#define SHARDS 8
#define BUCKETS 1024
#define RECENT 2048

/* What the library takes for a response and its fields, twice; measured. */
#define RESPONSES_WEIGHT 3072

struct shard {
	pthread_mutex_t lock; /* never held while anything is sent or made */
	struct kept *buckets[BUCKETS];
	struct kept *hand; /* in a ring of all; NULL if there is none */
	size_t weight;
	uint64_t entries, hits, misses, evictions;
	uint64_t recent[RECENT]; /* hashes that were asked for and missed */
};

struct http_cache {
	size_t cap; /* of a shard */
	uint64_t seed;
	_Atomic uint64_t edition;
	struct coders coders;
	struct shard shards[SHARDS];
};

struct http_cache *http_cache_new(size_t cap)
{
	struct http_cache *cache = mem_zalloc(1, sizeof(*cache));

	if (cache == NULL)
		return NULL;
	cache->cap = cap / SHARDS;
	coders_init(&cache->coders);
	/* Without one, a client can make buckets long, and no more. */
	if (getrandom(&cache->seed, sizeof(cache->seed), GRND_NONBLOCK) < 0)
		cache->seed = (uintptr_t)cache;
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_init(&cache->shards[i].lock, NULL);
	return cache;
}

void http_cache_free(struct http_cache *cache)
{
	if (cache == NULL)
		return;
	http_cache_drop(cache);
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_destroy(&cache->shards[i].lock);
	coders_release(&cache->coders);
	mem_release(cache);
}

static uint64_t hash_of(
    const struct http_cache *cache, struct span target, enum http_coding coding)
{
	return hash_bytes(target.ptr, target.len, cache->seed + coding);
}

static struct shard *shard_of(struct http_cache *cache, uint64_t hash)
{
	return &cache->shards[hash % SHARDS];
}

static struct kept **bucket_of(struct shard *s, uint64_t hash)
{
	return &s->buckets[hash / SHARDS % BUCKETS];
}

uint64_t cache_edition(const struct http_cache *cache)
{
	return atomic_load(&cache->edition);
}

struct coders *cache_coders(struct http_cache *cache)
{
	return &cache->coders;
}

struct kept *kept_new(
    struct span target, enum http_coding coding, uint64_t edition)
{
	struct kept *k = mem_zalloc(1, sizeof(*k) + target.len);

	if (k == NULL)
		return NULL;
	atomic_init(&k->references, 1);
	k->coding = coding;
	k->edition = edition;
	k->target_len = target.len;
	memcpy(k->target, target.ptr, target.len);
	return k;
}

void kept_give(struct kept *kept)
{
	if (kept == NULL || atomic_fetch_sub(&kept->references, 1) != 1)
		return;
	if (kept->full != NULL)
		MHD_destroy_response(kept->full);
	if (kept->same != NULL)
		MHD_destroy_response(kept->same);
	mem_release(kept);
}

/* Both under the shard's lock. */
static struct kept *look(
    struct shard *s, uint64_t hash, struct span target, enum http_coding coding)
{
	struct kept *k = *bucket_of(s, hash);

	while (k != NULL &&
	       (k->hash != hash || k->coding != coding ||
		   !span_eq(span_of(k->target, k->target_len), target)))
		k = k->next;
	return k;
}

static void unlink_kept(struct shard *s, struct kept *k)
{
	struct kept **at = bucket_of(s, k->hash);

	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	k->ring_next->ring_prev = k->ring_prev;
	k->ring_prev->ring_next = k->ring_next;
	if (s->hand == k)
		s->hand = k->ring_next != k ? k->ring_next : NULL;
	s->weight -= k->weight;
	s->entries--;
}

struct kept *cache_find(
    struct http_cache *cache, struct span target, enum http_coding coding)
{
	uint64_t hash = hash_of(cache, target, coding);
	struct shard *s = shard_of(cache, hash);
	struct kept *k;

	pthread_mutex_lock(&s->lock);
	k = look(s, hash, target, coding);
	if (k != NULL) {
		atomic_fetch_add(&k->references, 1);
		atomic_store_explicit(&k->used, true, memory_order_relaxed);
		s->hits++;
	}
	pthread_mutex_unlock(&s->lock);
	return k;
}

bool cache_admits(
    struct http_cache *cache, struct span target, enum http_coding coding)
{
	uint64_t hash = hash_of(cache, target, coding);
	struct shard *s = shard_of(cache, hash);
	uint64_t *recent = &s->recent[hash / SHARDS % RECENT];
	bool known;

	pthread_mutex_lock(&s->lock);
	s->misses++;
	known = *recent == hash;
	*recent = hash;
	pthread_mutex_unlock(&s->lock);
	return known;
}

/*
 * Room for so much more: what was not asked for since the hand was there last
 * goes.  What goes is put into a list, to be freed without the lock.
 */
static struct kept *make_room(struct shard *s, size_t cap, size_t weight)
{
	struct kept *gone = NULL;

	while (s->hand != NULL && s->weight > cap - weight) {
		struct kept *k = s->hand;

		s->hand = k->ring_next;
		if (atomic_exchange(&k->used, false))
			continue;
		unlink_kept(s, k);
		s->evictions++;
		k->next = gone;
		gone = k;
	}
	return gone;
}

static void give_all(struct kept *k)
{
	while (k != NULL) {
		struct kept *next = k->next;

		kept_give(k);
		k = next;
	}
}

static void link_kept(struct shard *s, struct kept *k)
{
	struct kept **bucket = bucket_of(s, k->hash);

	k->next = *bucket;
	*bucket = k;
	/* Right behind the hand, which comes here last. */
	k->ring_next = s->hand != NULL ? s->hand : k;
	k->ring_prev = s->hand != NULL ? s->hand->ring_prev : k;
	k->ring_next->ring_prev = k;
	k->ring_prev->ring_next = k;
	if (s->hand == NULL)
		s->hand = k;
	s->weight += k->weight;
	s->entries++;
}

void cache_add(struct http_cache *cache, struct kept *kept, size_t weight)
{
	uint64_t hash = hash_of(
	    cache, span_of(kept->target, kept->target_len), kept->coding);
	struct shard *s = shard_of(cache, hash);
	struct kept *gone = NULL;

	kept->hash = hash;
	kept->weight =
	    weight + sizeof(*kept) + kept->target_len + RESPONSES_WEIGHT;
	if (weight > cache->cap || kept->weight > cache->cap)
		return;
	pthread_mutex_lock(&s->lock);
	if (kept->edition == atomic_load(&cache->edition) &&
	    look(s, hash, span_of(kept->target, kept->target_len),
		kept->coding) == NULL) {
		gone = make_room(s, cache->cap, kept->weight);
		atomic_fetch_add(&kept->references, 1);
		link_kept(s, kept);
	}
	pthread_mutex_unlock(&s->lock);
	give_all(gone);
}

void http_cache_drop(struct http_cache *cache)
{
	/* First, so that nothing of before is added behind the sweep. */
	atomic_fetch_add(&cache->edition, 1);
	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *s = &cache->shards[i];
		struct kept *gone = NULL;

		pthread_mutex_lock(&s->lock);
		while (s->hand != NULL) {
			struct kept *k = s->hand;

			unlink_kept(s, k);
			k->next = gone;
			gone = k;
		}
		pthread_mutex_unlock(&s->lock);
		give_all(gone);
	}
}

void http_cache_stats(struct http_cache *cache, struct http_cache_stats *ret)
{
	*ret = (struct http_cache_stats){.cap = cache->cap * SHARDS};
	for (size_t i = 0; i < SHARDS; i++) {
		struct shard *s = &cache->shards[i];

		pthread_mutex_lock(&s->lock);
		ret->hits += s->hits;
		ret->misses += s->misses;
		ret->evictions += s->evictions;
		ret->entries += s->entries;
		ret->bytes += s->weight;
		pthread_mutex_unlock(&s->lock);
	}
}
