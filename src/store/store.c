/* SPDX-License-Identifier: ISC */
#include "store/store.h"

#include "base/error.h"
#include "base/mem.h"
#include "store/own.h"
#include "base/banned.h"

static void forget_roll(struct store *s)
{
	if (s->has_roll)
		roll_release(&s->roll);
	s->has_roll = false;
}

void store_forget(struct store *s)
{
	forget_roll(s);
	if (s->has_pieces)
		pieces_release(&s->pieces);
	s->has_pieces = false;
}

int store_open_on(const struct backend *backend, const char *place,
    enum store_mode mode, struct store **ret, struct portbook_error *err)
{
	struct store *s = mem_zalloc(1, sizeof(*s));
	int code;

	if (s == NULL)
		return error_nomem(err);
	s->backend = backend;
	s->may_write = mode == STORE_WRITE;
	code = backend->open(place, s->may_write, &s->db, err);
	if (code < 0) {
		mem_release(s);
		return code;
	}
	*ret = s;
	return 0;
}

int store_open(const char *path, enum store_mode mode, struct store **ret,
    struct portbook_error *err)
{
	return store_open_on(&backend_sqlite, path, mode, ret, err);
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_abort(s);
	store_forget(s);
	s->backend->close(s->db);
	mem_release(s);
}

/* What was read is good as long as nobody else has written. */
static int look_for_others(struct store *s, struct portbook_error *err)
{
	int64_t generation;
	int code = s->backend->generation(s->db, &generation, err);

	if (code == 0 && generation != s->generation) {
		store_forget(s);
		s->generation = generation;
	}
	return code;
}

int store_begin(struct store *s, struct portbook_error *err)
{
	int code;

	if (!s->may_write || s->writing)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    s->writing ? "a transaction has begun already"
			       : "the store is open for reading only");
	code = s->backend->begin(s->db, true, err);
	if (code < 0)
		return code;
	code = look_for_others(s, err);
	if (code < 0) {
		s->backend->abort(s->db);
		return code;
	}
	s->writing = true;
	s->failed = 0;
	return 0;
}

void store_abort(struct store *s)
{
	if (!s->writing)
		return;
	s->backend->abort(s->db);
	s->writing = false;
	store_forget(s);
}

int store_commit(struct store *s, struct portbook_error *err)
{
	int code;

	if (!s->writing)
		return error_set(
		    err, PORTBOOK_EUSAGE, 0, "no transaction has begun");
	if (s->failed < 0) {
		store_abort(s);
		return error_set(err, s->failed, 0,
		    "nothing was recorded, since part of it failed");
	}
	code = s->backend->commit(s->db, err);
	s->writing = false;
	if (code < 0)
		store_forget(s);
	return code;
}

static int load(struct store *s, bool pieces, struct portbook_error *err)
{
	int code = 0;

	if (!s->has_roll) {
		s->has_roll = true;
		code = roll_load(&s->roll, s->backend, s->db, err);
		if (code < 0)
			forget_roll(s);
	}
	if (code == 0 && pieces && !s->has_pieces) {
		s->has_pieces = true;
		code = pieces_load(&s->pieces, s->backend, s->db, err);
		if (code < 0)
			store_forget(s);
	}
	return code;
}

int store_enter(struct store *s, bool pieces, struct portbook_error *err)
{
	int code = 0;

	if (!s->writing) {
		code = s->backend->begin(s->db, false, err);
		if (code < 0)
			return code;
		code = look_for_others(s, err);
	}
	if (code == 0)
		code = load(s, pieces, err);
	if (code < 0)
		store_leave(s);
	return code;
}

void store_leave(struct store *s)
{
	if (!s->writing)
		s->backend->abort(s->db);
}

int store_version_find(struct store *s,
    const uint8_t digest[REGISTRY_DIGEST_LEN], int64_t *ret,
    struct portbook_error *err)
{
	return s->backend->version_find(s->db, digest, ret, err);
}

int store_version_count(
    struct store *s, size_t *ret, struct portbook_error *err)
{
	return s->backend->version_count(s->db, ret, err);
}

/* What adds may add: a transaction in which nothing has failed. */
static int may_add(const struct store *s, struct portbook_error *err)
{
	if (!s->writing)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the store is written in a transaction only");
	if (s->failed < 0)
		return error_set(err, s->failed, 0,
		    "this transaction has failed; abort it and begin again");
	return 0;
}

/* Half of something may be there now; it must not be recorded. */
static int failed(struct store *s, int code)
{
	if (code < 0 && code != PORTBOOK_EUSAGE && s->failed == 0)
		s->failed = code;
	return code;
}

static struct backend_sighting sighting_of(
    int64_t version, const struct store_arrival *arrival)
{
	struct backend_sighting sighting = {
	    .version = version,
	    .seen = arrival->seen,
	    .edition = arrival->edition,
	    .source = arrival->source,
	    .how = arrival->how,
	};

	sighting.sum = roll_sighting_sum(&sighting);
	return sighting;
}

/* Codes the body upon the version that is nearest, and says which in *base. */
static int encode(struct store *s, const struct sequence *body,
    struct span date, uint32_t edition, struct buf *code, int64_t *base,
    struct portbook_error *err)
{
	static const struct sequence nothing;
	const struct sequence *upon = &nothing;
	uint32_t version = roll_base(&s->roll, date, edition);
	int ret = 0;

	if (version != 0)
		ret = roll_body(&s->roll, version - 1, &upon, err);
	if (ret < 0)
		return ret;
	*base = version;
	return sequence_encode(upon, body, code) < 0 ? error_nomem(err) : 0;
}

static int put_version(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, const struct sequence *body,
    struct buf *code, struct backend_version *v, struct portbook_error *err)
{
	struct backend_sighting sighting;
	int ret;

	v->number = (int64_t)s->roll.count + 1;
	v->source = r->source;
	v->source_len = r->source_len;
	v->records = (uint32_t)r->record_count;
	v->people = (uint32_t)r->person_count;
	v->recorded = arrival->seen;
	v->date = registry_text(r, r->text[REGISTRY_UPDATED]);
	v->dated = v->date.len > 0;
	if (!v->dated)
		v->date = registry_newest_row(r);
	memcpy(v->digest, r->digest, sizeof(v->digest));
	ret = encode(s, body, v->date, arrival->edition, code, &v->base, err);
	if (ret < 0)
		return ret;
	v->code = buf_span(code);
	v->sum = roll_version_sum(v);
	sighting = sighting_of(v->number, arrival);
	ret = s->backend->version_add(s->db, v, err);
	if (ret == 0)
		ret = s->backend->sighting_add(s->db, &sighting, err);
	return ret < 0 ? ret : roll_add(&s->roll, v, &sighting, err);
}

/* That it is not there yet, and that it can be kept. */
static int may_keep(
    struct store *s, const struct registry *r, struct portbook_error *err)
{
	int64_t there = 0;
	int code = s->backend->version_find(s->db, r->digest, &there, err);

	if (code < 0)
		return code;
	if (there != 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "this content is version %lld already", (long long)there);
	if (s->roll.count >= UINT32_MAX - 1)
		return error_set(err, PORTBOOK_ELIMIT, 0,
		    "the store holds as many versions as it can number");
	return 0;
}

static int add(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, int64_t *ret,
    struct portbook_error *err)
{
	struct backend_version v = {0};
	struct sequence body = {0};
	struct buf coded;
	int code;

	buf_init(&coded);
	code = pieces_add(&s->pieces, s->backend, s->db, r, &body, err);
	if (code == 0 &&
	    body.count > roll_limit(r->record_count, r->person_count))
		code = error_set(err, PORTBOOK_ELIMIT, 0,
		    "a version of %zu numbers is more than the store can keep",
		    body.count);
	if (code == 0)
		code = put_version(s, r, arrival, &body, &coded, &v, err);
	if (code == 0)
		*ret = v.number;
	buf_release(&coded);
	sequence_release(&body);
	return code;
}

int store_version_add(struct store *s, const struct registry *r,
    const struct store_arrival *arrival, int64_t *ret,
    struct portbook_error *err)
{
	int code = may_add(s, err);

	if (code == 0)
		code = load(s, true, err);
	if (code == 0)
		code = may_keep(s, r, err);
	if (code == 0)
		code = add(s, r, arrival, ret, err);
	return failed(s, code);
}

int store_sighting_add(struct store *s, int64_t version,
    const struct store_arrival *arrival, struct portbook_error *err)
{
	struct backend_sighting sighting = sighting_of(version, arrival);
	size_t count = 0;
	int code = may_add(s, err);

	/* The roll is not loaded for that: many may come one by one. */
	if (code == 0)
		code = s->backend->version_count(s->db, &count, err);
	if (code < 0)
		return code;
	if (version < 1 || (uint64_t)version > count)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "there is no version %lld to be seen again",
		    (long long)version);
	code = s->backend->sighting_add(s->db, &sighting, err);
	forget_roll(s);
	return failed(s, code);
}

int store_versions(struct store *s,
    int (*take)(void *ctx, const struct store_version *version), void *ctx,
    struct portbook_error *err)
{
	int code = store_enter(s, false, err);

	if (code < 0)
		return code;
	for (size_t i = 0; code == 0 && i < s->roll.count; i++)
		code = take(ctx, &s->roll.versions[s->roll.order[i]].is);
	store_leave(s);
	return code;
}
