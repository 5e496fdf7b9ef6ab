/* SPDX-License-Identifier: ISC */
#include "admin/ahead.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "read/read.h"
#include "read/stream.h"
#include "base/banned.h"

#define THREADS 2
#define SLOTS 8 /* results that lie ready or are being made */

/* Once items of so many bytes are in the slots, none is added. */
#define HELD_LEN ((uint64_t)64 << 20)

struct slot {
	bool ready;
	uint64_t held; /* bytes of its item when it came */
	struct ahead_result result;
};

struct ahead {
	struct archive *archive;	 /* borrowed */
	const struct ahead_known *known; /* borrowed */
	pthread_t threads[THREADS];
	size_t thread_count;

	pthread_mutex_t taking; /* held by the one that takes an item */

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t room, ready;
	struct slot slots[SLOTS]; /* item n is in slot n % SLOTS */
	uint64_t taken, given;	  /* items */
	uint64_t held;		  /* bytes in slots */
	uint64_t done, len;	  /* bytes of the archive */
	bool ended, stopped;
	int code; /* the failure that ends it all */
	struct portbook_error err;
};

/* The digest of what an item holds, decompressed; false if it has none. */
static bool digest_of(
    const struct archive_item *item, uint8_t digest[REGISTRY_DIGEST_LEN])
{
	struct stream s;
	char bytes[65536];
	bool good;

	stream_open_memory(&s, span_of(item->bytes, item->len), item->name);
	while (stream_read(&s, bytes, sizeof(bytes)) > 0)
		;
	good = stream_finish(&s, digest, NULL) == 0;
	stream_close(&s);
	return good;
}

static int by_digest(const void *a, const void *b)
{
	return memcmp(a, b, REGISTRY_DIGEST_LEN);
}

static bool is_known(const struct ahead_known *known,
    const struct archive_item *item, uint8_t digest[REGISTRY_DIGEST_LEN])
{
	return known->count > 0 && item->fd < 0 && digest_of(item, digest) &&
	       bsearch(digest, known->digests, known->count,
		   REGISTRY_DIGEST_LEN, by_digest) != NULL;
}

/* Owned; NULL and the reason in the item where it is no registry. */
static struct registry *read_item(struct archive_item *item, struct diag *diag)
{
	struct registry *r = mem_zalloc(1, sizeof(*r));
	int code;

	if (r == NULL)
		code = error_nomem(&item->err);
	else if (item->fd < 0)
		code = read_registry_alone(span_of(item->bytes, item->len),
		    item->name, r, diag, &item->err);
	else
		code =
		    read_registry_fd(item->fd, item->name, r, diag, &item->err);
	if (code == 0)
		return r;
	item->code = code;
	mem_release(r);
	return NULL;
}

static void make(const struct ahead_known *known, struct ahead_result *r)
{
	struct diag diag = {0};

	if (r->item.code < 0)
		return;
	r->known = is_known(known, &r->item, r->digest);
	if (!r->known)
		r->registry = read_item(&r->item, &diag);
	if (r->registry != NULL)
		memcpy(r->digest, r->registry->digest, sizeof(r->digest));
	r->findings = diag.count;
	mem_release(r->item.bytes);
	r->item.bytes = NULL;
	r->item.len = 0;
}

static bool has_room(const struct ahead *a)
{
	return a->taken - a->given < SLOTS &&
	       (a->held < HELD_LEN || a->taken == a->given);
}

static bool is_over(const struct ahead *a)
{
	return a->ended || a->stopped || a->code < 0;
}

/* The slot of the next item, with it; NULL where there is none to take. */
static struct slot *take(struct ahead *a)
{
	struct portbook_error err = {0};
	struct archive_item item;
	struct slot *slot = NULL;
	bool over;
	int code;

	pthread_mutex_lock(&a->taking);
	pthread_mutex_lock(&a->lock);
	while (!is_over(a) && !has_room(a))
		pthread_cond_wait(&a->room, &a->lock);
	over = is_over(a);
	pthread_mutex_unlock(&a->lock);
	code = over ? 0 : archive_next(a->archive, &item, &err);
	pthread_mutex_lock(&a->lock);
	if (!over) {
		a->done = archive_done(a->archive);
		a->len = archive_len(a->archive);
	}
	if (code == 1) {
		slot = &a->slots[a->taken++ % SLOTS];
		*slot =
		    (struct slot){.held = item.len, .result = {.item = item}};
		a->held += slot->held;
	} else {
		a->ended = true;
		if (code < 0) {
			a->code = code;
			a->err = err;
		}
		pthread_cond_broadcast(&a->ready);
		pthread_cond_broadcast(&a->room);
	}
	pthread_mutex_unlock(&a->lock);
	pthread_mutex_unlock(&a->taking);
	return slot;
}

static void *work(void *ctx)
{
	struct ahead *a = ctx;
	struct slot *slot;

	while ((slot = take(a)) != NULL) {
		make(a->known, &slot->result);
		pthread_mutex_lock(&a->lock);
		slot->ready = true;
		pthread_cond_broadcast(&a->ready);
		pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

/* Signals are for the thread that records. */
static int start_threads(struct ahead *a, struct portbook_error *err)
{
	sigset_t all, old;
	int failure = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (failure == 0 && a->thread_count < THREADS) {
		failure =
		    pthread_create(&a->threads[a->thread_count], NULL, work, a);
		a->thread_count += failure == 0;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	/* One is enough, if need be. */
	if (a->thread_count > 0)
		return 0;
	return error_set(
	    err, PORTBOOK_EIO, failure, "cannot start a thread that reads");
}

int ahead_start(struct archive *archive, const struct ahead_known *known,
    struct ahead **ret, struct portbook_error *err)
{
	struct ahead *a = mem_zalloc(1, sizeof(*a));
	int code;

	if (a == NULL)
		return error_nomem(err);
	a->archive = archive;
	a->known = known;
	pthread_mutex_init(&a->taking, NULL);
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->room, NULL);
	pthread_cond_init(&a->ready, NULL);
	code = start_threads(a, err);
	if (code < 0)
		ahead_stop(a);
	else
		*ret = a;
	return code;
}

int ahead_next(
    struct ahead *a, struct ahead_result *ret, struct portbook_error *err)
{
	struct slot *slot;
	int code = 0;

	pthread_mutex_lock(&a->lock);
	slot = &a->slots[a->given % SLOTS];
	while (!slot->ready && (a->given < a->taken || !is_over(a)))
		pthread_cond_wait(&a->ready, &a->lock);
	if (slot->ready) {
		code = 1;
		*ret = slot->result;
		a->held -= slot->held;
		*slot = (struct slot){0};
		a->given++;
		pthread_cond_broadcast(&a->room);
	} else if (a->code < 0) {
		code = a->code;
		if (err != NULL)
			*err = a->err;
	}
	pthread_mutex_unlock(&a->lock);
	return code;
}

void ahead_result_release(struct ahead_result *result)
{
	archive_item_release(&result->item);
	if (result->registry != NULL)
		registry_release(result->registry);
	mem_release(result->registry);
	result->registry = NULL;
}

void ahead_progress(struct ahead *a, uint64_t *done, uint64_t *len)
{
	pthread_mutex_lock(&a->lock);
	*done = a->done;
	*len = a->len;
	pthread_mutex_unlock(&a->lock);
}

void ahead_stop(struct ahead *a)
{
	if (a == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	a->stopped = true;
	pthread_cond_broadcast(&a->room);
	pthread_mutex_unlock(&a->lock);
	for (size_t i = 0; i < a->thread_count; i++)
		pthread_join(a->threads[i], NULL);
	for (size_t i = 0; i < SLOTS; i++)
		if (a->slots[i].ready)
			ahead_result_release(&a->slots[i].result);
	pthread_cond_destroy(&a->ready);
	pthread_cond_destroy(&a->room);
	pthread_mutex_destroy(&a->lock);
	pthread_mutex_destroy(&a->taking);
	mem_release(a);
}
