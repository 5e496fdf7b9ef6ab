/* SPDX-License-Identifier: ISC */
/* Questions, and going through what was found. */
#include <assert.h>

#include "base/error.h"
#include "lib/own.h"
#include "search/search.h"
#include "base/banned.h"

static_assert((int)PORTBOOK_TCP == (int)PROTOCOL_TCP &&
		  (int)PORTBOOK_DCCP == (int)PROTOCOL_DCCP &&
		  (int)PORTBOOK_ANY == (int)PROTOCOL_NONE &&
		  (int)PORTBOOK_OTHER == (int)PROTOCOL_OTHER,
    "protocols are the same inside");
static_assert((int)PORTBOOK_NOT_LISTED == (int)STATE_NOT_LISTED &&
		  (int)PORTBOOK_ASSIGNED == (int)STATE_ASSIGNED,
    "states are the same inside");
static_assert((int)PORTBOOK_PORT == (int)QUERY_PORT &&
		  (int)PORTBOOK_NAME == (int)QUERY_NAME,
    "kinds are the same inside");

/* Room for rows. */
struct room {
	uint32_t *rows;
	size_t cap;
	uint64_t *words; /* for a search; NULL if it does not fit */
};

/* What there is of the caller's behind the first word that begins in it. */
static struct room room_of(
    const struct image *image, void *scratch, size_t size, bool searching)
{
	size_t padding = -(uintptr_t)scratch % sizeof(uint64_t);
	size_t words = searching ? search_scratch_len(image) : 0;
	char *at = scratch;

	if (scratch == NULL || size < padding || size - padding < words)
		return (struct room){NULL, 0, NULL};
	at += padding;
	return (struct room){(uint32_t *)(void *)(at + words),
	    (size - padding - words) / sizeof(uint32_t),
	    (uint64_t *)(void *)at};
}

size_t portbook_scratch_size(const struct portbook *db, size_t rows)
{
	const struct image *image = &own_newest(db)->image;

	if (rows == 0 || rows > image->row_count)
		rows = image->row_count;
	return search_scratch_len(image) + rows * sizeof(uint32_t) +
	       sizeof(uint64_t);
}

/* A lookup; with less room than for those of its own, it takes these. */
static int look_up(const struct portbook_image *from, const struct query *q,
    const char *as_of, struct room room, struct portbook_it *ret,
    struct portbook_error *err)
{
	struct match match = {.rows = room.rows, .cap = room.cap};
	uint32_t version;
	int code = own_version(&from->image, as_of, &version, err);

	if (code < 0)
		return code;
	ret->rows_ = room.rows;
	if (room.cap <= PORTBOOK_ROWS_) {
		match.rows = ret->own_;
		match.cap = PORTBOOK_ROWS_;
		ret->rows_ = NULL;
	}
	search_lookup(&from->image, q, version, &match);
	ret->image_ = from;
	ret->total_ = match.total;
	ret->count_ = match.count;
	ret->at_ = 0;
	ret->version_ = version;
	return match.found;
}

static int check_protocol(
    enum portbook_protocol protocol, struct portbook_error *err)
{
	if ((unsigned)protocol <= PORTBOOK_ANY)
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "the protocol is one of tcp, udp, sctp and dccp, or any");
}

static int check_port(unsigned port, struct portbook_error *err)
{
	if (port < PORT_COUNT)
		return 0;
	return error_set(
	    err, PORTBOOK_EUSAGE, 0, "%u: ports are 0 to 65535", port);
}

int portbook_by_port(const struct portbook *db, unsigned port,
    enum portbook_protocol protocol, const char *as_of, struct portbook_it *ret,
    struct portbook_error *err)
{
	struct query q = {.kind = QUERY_PORT,
	    .range = {(uint16_t)port, (uint16_t)port},
	    .protocol = (enum protocol)protocol};
	int code = check_port(port, err);

	if (code == 0)
		code = check_protocol(protocol, err);
	if (code < 0)
		return code;
	return look_up(own_newest(db), &q, as_of, (struct room){0}, ret, err);
}

int portbook_by_name(const struct portbook *db, const char *name,
    enum portbook_protocol protocol, const char *as_of, struct portbook_it *ret,
    struct portbook_error *err)
{
	struct query q = {.kind = QUERY_NAME,
	    .name = span_str(name),
	    .protocol = (enum protocol)protocol};
	int code = check_protocol(protocol, err);

	if (code < 0)
		return code;
	return look_up(own_newest(db), &q, as_of, (struct room){0}, ret, err);
}

int portbook_query(const struct portbook *db, const char *text,
    const char *as_of, void *scratch, size_t size, struct portbook_it *ret,
    struct portbook_error *err)
{
	const struct portbook_image *from = own_newest(db);
	struct query q;
	int code = query_parse(span_str(text), &q, err);

	if (code < 0)
		return code;
	return look_up(from, &q, as_of,
	    room_of(&from->image, scratch, size, false), ret, err);
}

int portbook_search(const struct portbook *db, const char *words,
    const char *as_of, size_t first, void *scratch, size_t size,
    struct portbook_it *ret, struct portbook_error *err)
{
	const struct portbook_image *from = own_newest(db);
	struct room room = room_of(&from->image, scratch, size, true);
	struct search_query query;
	uint32_t version;
	int code;

	if (room.cap == 0)
		return error_set(err, PORTBOOK_ELIMIT, 0,
		    "the search needs %zu bytes of scratch or more",
		    portbook_scratch_size(db, 1));
	code = search_parse(span_str(words), &query, err);
	if (code == 0)
		code = own_version(&from->image, as_of, &version, err);
	if (code < 0)
		return code;
	ret->image_ = from;
	ret->rows_ = room.rows;
	ret->at_ = 0;
	ret->version_ = version;
	ret->count_ = search_run(&from->image, &query, version, first,
	    room.rows, room.cap, &ret->total_, room.words);
	return ret->count_ > 0;
}

int portbook_next(struct portbook_it *it, struct portbook_record *ret)
{
	const uint32_t *rows = it->rows_ != NULL ? it->rows_ : it->own_;

	if (it->at_ >= it->count_)
		return 0;
	*ret =
	    (struct portbook_record){it->image_, rows[it->at_++], it->version_};
	return 1;
}

size_t portbook_total(const struct portbook_it *it)
{
	return it->total_;
}

int portbook_port_state(const struct portbook *db, unsigned port,
    enum portbook_protocol protocol, const char *as_of,
    struct portbook_error *err)
{
	struct query q = {.kind = QUERY_PORT,
	    .range = {(uint16_t)port, (uint16_t)port},
	    .protocol = (enum protocol)protocol};
	const struct image *image = &own_newest(db)->image;
	uint32_t none[1]; /* no rows are asked for, but rows are somewhere */
	struct match match = {.rows = none};
	uint32_t version;
	int code = check_port(port, err);

	if (code == 0 && (unsigned)protocol >= PROTOCOL_COUNT)
		code = error_set(err, PORTBOOK_EUSAGE, 0,
		    "a state is that of tcp, udp, sctp or dccp");
	if (code == 0)
		code = own_version(image, as_of, &version, err);
	if (code < 0)
		return code;
	search_lookup(image, &q, version, &match);
	return (int)match.states[protocol];
}

int portbook_parse(
    const char *text, struct portbook_question *ret, struct portbook_error *err)
{
	struct portbook_question told = {0};
	struct query q;
	int code = query_parse(span_str(text), &q, err);

	if (code < 0)
		return code;
	told.kind = (enum portbook_kind)q.kind;
	told.protocol = (enum portbook_protocol)q.protocol;
	told.name = "";
	if (q.kind == QUERY_NAME) {
		told.name = q.name.ptr;
		told.name_len = q.name.len;
	} else {
		told.first = q.range.first;
		told.last = q.range.last;
	}
	return own_copy(ret, ret->size, &told, sizeof(told), sizeof(told), err);
}
