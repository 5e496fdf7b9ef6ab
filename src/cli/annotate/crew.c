/* SPDX-License-Identifier: ISC */
/*
 * Chunks go round in a ring:
 *
 *	free -> filled by the caller -> taken by a worker -> done -> free
 *
 * They are numbered as they are filled.  Whoever is done with one writes it,
 * if all before it are written, and those that were done behind it.
 */
#include "cli/annotate/crew.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

struct slot {
	struct chunk chunk;
	bool done;
};

struct crew {
	const struct image *image;
	uint32_t version;
	const struct shape *shape;
	int out;
	struct chunk_counts *counts;

	pthread_mutex_t lock;	/* over what follows */
	pthread_cond_t changed; /* any of it */
	struct slot *slots;
	size_t slot_count;
	uint64_t filled, taken, written; /* chunks so far */
	bool writing;			 /* somebody is */
	bool closed;			 /* none will be filled any more */
	int code;			 /* the first failure */
	struct portbook_error err;
};

static int write_out(int fd, struct span text, struct portbook_error *err)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.ptr, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set(err, PORTBOOK_EIO, errno,
			    "cannot write to standard output");
		text = span_skip(text, (size_t)n);
	}
	return 0;
}

static void add_counts(struct chunk_counts *to, const struct chunk_counts *add)
{
	to->records += add->records;
	to->named += add->named;
	to->unchanged += add->unchanged;
	to->overlong += add->overlong;
	to->broken += add->broken;
	to->seen |= add->seen;
}

static void fail(struct crew *crew, const struct portbook_error *err)
{
	if (crew->code == 0) {
		crew->code = err->code;
		crew->err = *err;
	}
	pthread_cond_broadcast(&crew->changed);
}

/* Writes what can be written; with the lock, which is open meanwhile. */
static void write_done(struct crew *crew)
{
	struct portbook_error err;

	crew->writing = true;
	while (crew->written < crew->taken) {
		struct slot *slot =
		    &crew->slots[crew->written % crew->slot_count];
		int code = crew->code;

		if (!slot->done)
			break;
		pthread_mutex_unlock(&crew->lock);
		if (code == 0)
			code = write_out(
			    crew->out, buf_span(&slot->chunk.out), &err);
		pthread_mutex_lock(&crew->lock);
		if (code < 0)
			fail(crew, &err);
		else
			add_counts(crew->counts, &slot->chunk.counts);
		slot->done = false;
		crew->written++;
		pthread_cond_broadcast(&crew->changed);
	}
	crew->writing = false;
}

/* The next chunk for a worker; NULL when there will be none. */
static struct slot *take(struct crew *crew)
{
	while (crew->taken == crew->filled && !crew->closed && crew->code == 0)
		pthread_cond_wait(&crew->changed, &crew->lock);
	if (crew->taken == crew->filled || crew->code < 0)
		return NULL;
	return &crew->slots[crew->taken++ % crew->slot_count];
}

static void *work(void *ctx)
{
	struct crew *crew = ctx;
	struct portbook_error err;
	struct labels labels;
	struct slot *slot;
	int code =
	    labels_init(crew->image, crew->version, crew->shape, &labels, &err);

	pthread_mutex_lock(&crew->lock);
	if (code < 0)
		fail(crew, &err);
	while ((slot = take(crew)) != NULL) {
		bool good;

		pthread_mutex_unlock(&crew->lock);
		good = chunk_annotate(&slot->chunk, &labels);
		pthread_mutex_lock(&crew->lock);
		if (!good) {
			error_nomem(&err);
			fail(crew, &err);
		}
		slot->done = true;
		if (!crew->writing)
			write_done(crew);
	}
	pthread_mutex_unlock(&crew->lock);
	labels_release(&labels);
	return NULL;
}

/* Fills chunks until the input ends or something fails; the first is filled. */
static int feed(struct crew *crew, struct input *in, struct portbook_error *err)
{
	int code = 1;

	for (;;) {
		struct slot *slot;

		pthread_mutex_lock(&crew->lock);
		crew->filled += code > 0;
		pthread_cond_broadcast(&crew->changed);
		while (code > 0 && crew->code == 0 &&
		       crew->filled - crew->written == crew->slot_count)
			pthread_cond_wait(&crew->changed, &crew->lock);
		if (code <= 0 || crew->code < 0) {
			crew->closed = true;
			pthread_mutex_unlock(&crew->lock);
			return code;
		}
		slot = &crew->slots[crew->filled % crew->slot_count];
		pthread_mutex_unlock(&crew->lock);
		code = input_fill(in, &slot->chunk, err);
	}
}

static int run_many(struct crew *crew, struct input *in, size_t jobs,
    struct portbook_error *err)
{
	pthread_t threads[ANNOTATE_JOBS_MAX];
	size_t started = 0;
	int code = 0, system = 0;

	while (started < jobs && system == 0) {
		system = pthread_create(&threads[started], NULL, work, crew);
		started += system == 0;
	}
	if (started == 0)
		return error_set(
		    err, PORTBOOK_EIO, system, "cannot start a thread");
	code = feed(crew, in, err);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (code < 0 || crew->code == 0)
		return code;
	if (err != NULL)
		*err = crew->err;
	return crew->code;
}

/* The same without threads; the first chunk is filled. */
static int run_alone(
    struct crew *crew, struct input *in, struct portbook_error *err)
{
	struct chunk *chunk = &crew->slots[0].chunk;
	struct labels labels;
	int code =
	    labels_init(crew->image, crew->version, crew->shape, &labels, err);

	for (int more = 1; code == 0 && more > 0;) {
		if (!chunk_annotate(chunk, &labels))
			code = error_nomem(err);
		else
			code = write_out(crew->out, buf_span(&chunk->out), err);
		if (code < 0)
			break;
		add_counts(crew->counts, &chunk->counts);
		more = input_fill(in, chunk, err);
		code = more < 0 ? more : 0;
	}
	labels_release(&labels);
	return code;
}

int crew_run(struct input *in, const struct image *image, uint32_t version,
    size_t jobs, int out, struct chunk_counts *counts,
    struct portbook_error *err)
{
	struct crew crew = {
	    .image = image,
	    .version = version,
	    .shape = &in->shape,
	    .out = out,
	    .counts = counts,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .changed = PTHREAD_COND_INITIALIZER,
	    .slot_count = jobs > 1 ? 2 * jobs + 2 : 1,
	};
	int code;

	crew.slots = mem_alloc(crew.slot_count, sizeof(*crew.slots));
	if (crew.slots == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < crew.slot_count; i++) {
		chunk_init(&crew.slots[i].chunk);
		crew.slots[i].done = false;
	}
	code = input_fill(in, &crew.slots[0].chunk, err);
	if (code > 0)
		code = jobs > 1 ? run_many(&crew, in, jobs, err)
				: run_alone(&crew, in, err);
	for (size_t i = 0; i < crew.slot_count; i++)
		chunk_release(&crew.slots[i].chunk);
	mem_release(crew.slots);
	return code;
}
