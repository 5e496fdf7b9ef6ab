/* SPDX-License-Identifier: ISC */
#include "nss/shared.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "image/line.h"
#include "base/banned.h"

/* Images that are mapped at a time: one, and those that are still read. */
#define SLOTS 16

#define SECOND_NS INT64_C(1000000000)
#ifndef LOOK_NS /* tests look more often */
#define LOOK_NS SECOND_NS
#endif
#define NEVER_LOOKED INT64_MIN

enum slot_state {
	SLOT_FREE,
	SLOT_FILLING, /* by one thread */
	SLOT_IN_USE,
	SLOT_RETIRED, /* current no more; may be read */
	SLOT_CLOSING, /* by one thread */
};

/* Which file it is; another file at its place is another image. */
struct identity {
	dev_t device;
	ino_t inode;
	off_t len;
	struct timespec modified;
	struct timespec changed;
};

struct slot {
	_Alignas(64) atomic_uint readers;
	atomic_uint state; /* enum slot_state */
	struct image image;
	struct identity identity;
};

/* What the module has to remember; all of it is atomic or behind slots. */
static struct slot slots[SLOTS];
static _Atomic(struct slot *) current;
static _Atomic(int64_t) next_look = NEVER_LOOKED;
static atomic_bool looked; /* once, to the end */
static atomic_uint generation;

/* Unmaps a retired image that nobody reads, unless another thread does. */
static void try_close(struct slot *s)
{
	unsigned expected = SLOT_RETIRED;

	while (atomic_load(&s->readers) == 0 &&
	       atomic_compare_exchange_strong(
		   &s->state, &expected, SLOT_CLOSING)) {
		/* It may have been used and retired again since the count. */
		if (atomic_load(&s->readers) == 0) {
			image_close(&s->image);
			atomic_store(&s->state, SLOT_FREE);
			return;
		}
		atomic_store(&s->state, SLOT_RETIRED);
		expected = SLOT_RETIRED;
	}
}

static void drop(struct slot *s)
{
	if (atomic_fetch_sub(&s->readers, 1) == 1 &&
	    atomic_load(&s->state) == SLOT_RETIRED)
		try_close(s);
}

/* The slot at hand, counted; NULL if there is none. */
static struct slot *take(void)
{
	for (;;) {
		struct slot *s = atomic_load(&current);

		if (s == NULL)
			return NULL;
		atomic_fetch_add(&s->readers, 1);
		if (atomic_load(&current) == s)
			return s;
		drop(s);
	}
}

/*
 * In a forked child no thread but this one is left, so nobody reads and
 * nobody fills.  Images are unmapped at the next look, not here: the fork may
 * be that of a signal handler which interrupted a reader, whose release then
 * finds another generation and counts nothing.  Mostly there is nothing to do,
 * and pages that are not written to are not copied.
 */
static void after_fork(void)
{
	bool counted = false;

	for (size_t i = 0; i < SLOTS; i++) {
		unsigned state = atomic_load(&slots[i].state);

		if (atomic_load(&slots[i].readers) != 0) {
			atomic_store(&slots[i].readers, 0);
			counted = true;
		}
		if (state == SLOT_FILLING || state == SLOT_CLOSING)
			atomic_store(&slots[i].state, SLOT_FREE);
	}
	if (counted)
		atomic_fetch_add(&generation, 1);
}

__attribute__((constructor)) static void prepare(void)
{
	pthread_atfork(NULL, NULL, after_fork);
}

static struct identity identity_of(const struct stat *st)
{
	return (struct identity){
	    st->st_dev, st->st_ino, st->st_size, st->st_mtim, st->st_ctim};
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_file(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode;
}

static bool same_image(const struct identity *a, const struct identity *b)
{
	return same_file(a, b) && a->len == b->len &&
	       same_time(a->modified, b->modified) &&
	       same_time(a->changed, b->changed);
}

/* Nobody but its owner may write to what everybody's programs believe. */
static bool is_safe(const struct stat *st)
{
	return S_ISREG(st->st_mode) && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static void retire(struct slot *s)
{
	atomic_store(&s->state, SLOT_RETIRED);
	try_close(s);
}

/* Puts slot, or none, in the place of the one that was seen at hand. */
static bool replace(struct slot *seen, struct slot *slot)
{
	if (!atomic_compare_exchange_strong(&current, &seen, slot))
		return false;
	if (seen != NULL)
		retire(seen);
	return true;
}

/* A free slot, to be filled; NULL if all are in use. */
static struct slot *claim(void)
{
	for (size_t i = 0; i < SLOTS; i++) {
		unsigned expected = SLOT_FREE;

		if (atomic_compare_exchange_strong(
			&slots[i].state, &expected, SLOT_FILLING))
			return &slots[i];
	}
	return NULL;
}

/* Opens what is there now, whatever was seen there before. */
static void bring(const char *path, struct slot *seen)
{
	struct image image;
	struct slot *slot;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int code = -1;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && is_safe(&st))
		code = image_open_fd(fd, path, &image, NULL);
	close(fd);
	if (code < 0)
		return;
	/* An older image has nothing to answer with. */
	slot = image_has_lines(&image) ? claim() : NULL;
	if (slot == NULL) {
		image_close(&image);
		return;
	}
	slot->image = image;
	slot->identity = identity_of(&st);
	atomic_store(&slot->state, SLOT_IN_USE);
	if (!replace(seen, slot))
		retire(slot);
}

/*
 * An image that cannot be had, or must not, changes nothing: the process may
 * be in a chroot by now, and what is mapped is as good as it was.  But the
 * very file that is mapped may have become one that others can write to.
 */
static void look_at(const char *path)
{
	struct slot *seen = take();
	struct identity now, known;
	struct stat st;

	if (seen == NULL) {
		bring(path, NULL);
		return;
	}
	known = seen->identity;
	drop(seen);
	if (stat(path, &st) < 0)
		return;
	now = identity_of(&st);
	if (same_image(&now, &known))
		return;
	if (is_safe(&st))
		bring(path, seen);
	else if (same_file(&now, &known))
		replace(seen, NULL);
}

static void look(void)
{
	int cancel, saved = errno;

	/* open(2) and close(2) would be places to be cancelled at. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	for (size_t i = 0; i < SLOTS; i++)
		if (atomic_load(&slots[i].state) == SLOT_RETIRED)
			try_close(&slots[i]);
	look_at(NSS_IMAGE);
	atomic_store(&looked, true);
	pthread_setcancelstate(cancel, NULL);
	errno = saved;
}

/*
 * Before the first look has ended every thread takes one of its own, rather
 * than find nothing because another one is at it.
 */
static void look_if_due(void)
{
	int64_t due = atomic_load_explicit(&next_look, memory_order_relaxed);
	struct timespec ts = {0, 0};
	int64_t now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	now = (int64_t)ts.tv_sec * SECOND_NS + ts.tv_nsec;
	if (now >= due &&
	    atomic_compare_exchange_strong(&next_look, &due, now + LOOK_NS))
		look();
	else if (!atomic_load_explicit(&looked, memory_order_acquire))
		look();
}

bool shared_acquire(struct shared_ref *ret)
{
	look_if_due();
	ret->generation =
	    atomic_load_explicit(&generation, memory_order_relaxed);
	ret->slot = take();
	if (ret->slot == NULL)
		return false;
	ret->image = &ret->slot->image;
	return true;
}

void shared_release(const struct shared_ref *ref)
{
	if (ref->generation ==
	    atomic_load_explicit(&generation, memory_order_relaxed))
		drop(ref->slot);
}
