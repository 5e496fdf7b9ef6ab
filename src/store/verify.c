/* SPDX-License-Identifier: ISC */
/*
 * A version's bytes, and whether they are those that came.  A version from
 * something else than XML has no bytes here; it is whole when its sums are,
 * and what it consists of is what its row says.
 */
#include <nettle/sha2.h>

#include "base/error.h"
#include "store/bytes.h"
#include "store/own.h"
#include "base/banned.h"

/* SHA-256 of bytes that go by. */
struct hashing {
	struct sha256_ctx sha256;
	uint64_t len;
};

/* All versions, one after the other. */
struct verify {
	struct store *s;
	struct bytes bytes; /* owned */
	struct buf b;	    /* owned */
	struct hashing hashing;
	struct portbook_error *err;
};

static int parse(struct store *s, size_t index, struct body *body,
    struct portbook_error *err)
{
	const struct body_bounds bounds = {
	    s->pieces.tables[PIECE_TEXT].count,
	    s->pieces.tables[PIECE_RECORD].count,
	    s->pieces.tables[PIECE_PERSON].count,
	};
	const struct sequence *sequence;
	int code = roll_body(&s->roll, index, &sequence, err);

	if (code == 0 && body_parse(sequence, &bounds, body) < 0)
		code = roll_damaged(&s->roll, index, "it makes no sense", err);
	return code;
}

static int make_xml(
    struct store *s, size_t index, struct buf *b, struct portbook_error *err)
{
	struct bytes bytes;
	struct body body;
	int code = parse(s, index, &body, err);

	if (code < 0)
		return code;
	if (bytes_init(&bytes, &s->pieces) < 0)
		b->failed = true;
	else
		bytes_make(&bytes, &body, b);
	bytes_release(&bytes);
	return buf_failed(b) ? error_nomem(err) : 0;
}

int store_version_xml(
    struct store *s, int64_t version, struct buf *b, struct portbook_error *err)
{
	int code = store_enter(s, true, err);

	if (code < 0)
		return code;
	if (version < 1 || (uint64_t)version > s->roll.count)
		code = error_set(err, PORTBOOK_ENOVERSION, 0,
		    "the store has no version %lld", (long long)version);
	else if (s->roll.versions[version - 1].source != REGISTRY_XML)
		code = error_set(err, PORTBOOK_EFORMAT, 0,
		    "version %lld was not read from XML, and has none",
		    (long long)version);
	else
		code = make_xml(s, (size_t)version - 1, b, err);
	store_leave(s);
	return code;
}

static void hash(void *ctx, struct buf *b)
{
	struct hashing *h = ctx;

	sha256_update(&h->sha256, b->len, (const uint8_t *)b->ptr);
	h->len += b->len;
	buf_clear(b);
}

static int verify_bytes(struct verify *v, size_t index, const struct body *body)
{
	const struct store_version *is = &v->s->roll.versions[index].is;
	uint8_t digest[REGISTRY_DIGEST_LEN];

	v->hashing.len = 0;
	sha256_init(&v->hashing.sha256);
	buf_clear(&v->b);
	bytes_make(&v->bytes, body, &v->b);
	if (buf_failed(&v->b))
		return error_nomem(v->err);
	sha256_digest(&v->hashing.sha256, sizeof(digest), digest);
	if (v->hashing.len == is->source_len &&
	    memcmp(digest, is->digest, sizeof(digest)) == 0)
		return 0;
	return roll_damaged(
	    &v->s->roll, index, "other bytes come out than went in", v->err);
}

static bool row_is_right(
    const struct verify *v, size_t index, const struct body *body)
{
	const struct store_version *is = &v->s->roll.versions[index].is;
	const struct pieces *p = &v->s->pieces;
	struct span updated = pieces_text(p, body->text[REGISTRY_UPDATED]);
	struct span newest = pieces_text(p, body->newest_row);

	return is->records == body->parts[BODY_RECORDS].count &&
	       is->people == body->parts[BODY_PEOPLE].count &&
	       span_eq(is->updated, updated) &&
	       span_eq(is->date, updated.len > 0 ? updated : newest);
}

static int verify_version(struct verify *v, size_t index)
{
	struct body body;
	int code = parse(v->s, index, &body, v->err);

	if (code < 0)
		return code;
	if (!row_is_right(v, index, &body))
		return roll_damaged(&v->s->roll, index,
		    "its row is not that of its content", v->err);
	if (v->s->roll.versions[index].source != REGISTRY_XML)
		return 0;
	return verify_bytes(v, index, &body);
}

/* In order, so that neighbours are decoded from one another. */
static int verify_all(struct verify *v)
{
	const struct roll *roll = &v->s->roll;
	int code = 0;

	buf_init(&v->b);
	if (bytes_init(&v->bytes, &v->s->pieces) < 0)
		code = error_nomem(v->err);
	v->bytes.drain = hash;
	v->bytes.ctx = &v->hashing;
	for (size_t i = 0; code == 0 && i < roll->count; i++)
		code = verify_version(v, roll->order[i]);
	bytes_release(&v->bytes);
	buf_release(&v->b);
	return code;
}

/* What is in memory is not what is asked about: all is read anew. */
int store_verify(struct store *s, struct portbook_error *err)
{
	struct verify v = {.s = s, .err = err};
	int code;

	store_forget(s);
	code = store_enter(s, true, err);
	if (code < 0)
		return code;
	code = s->backend->check(s->db, err);
	if (code == 0)
		code = verify_all(&v);
	store_leave(s);
	return code;
}
