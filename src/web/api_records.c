/* SPDX-License-Identifier: ISC */
/* /api/v1/records/KEY: one record; a key of the past leads to that of now. */
#include "base/error.h"
#include "base/mem.h"
#include "search/history.h"
#include "web/api.h"
#include "write/json.h"
#include "base/banned.h"

/* Keys that several records had one after another are few. */
#define ROWS_MAX 64

/* The records that a key means at the version asked. */
struct found {
	struct story story;
	uint32_t rows[ROWS_MAX];
	size_t count;
	uint32_t last_seen; /* a version; IMAGE_NONE */
	struct buf key;	    /* of the one that is meant */
};

/* The last version before the one asked that had the record. */
static uint32_t last_seen(
    const struct api_call *call, const struct story *story, void *scratch)
{
	struct history_ask ask = {
	    .story = *story,
	    .upto = call->as_of.version,
	    .kinds = HISTORY_EVERY,
	    .falling = true,
	};
	const struct image_event *event;
	uint32_t number;
	size_t total;

	if (history_run(call->image, &ask, 0, &number, 1, &total, scratch) == 0)
		return IMAGE_NONE;
	event = image_event(call->image, number);
	return event != NULL && le32(event->version) > 0
		   ? le32(event->version) - 1
		   : IMAGE_NONE;
}

static int find(struct api_call *call, struct found *f, struct span key,
    struct portbook_error *err)
{
	void *scratch;

	if (history_parse(call->image, key, &f->story, NULL) < 0 ||
	    f->story.kind != STORY_RECORD)
		return 0;
	scratch = mem_alloc(history_scratch_len(call->image) + 1, 1);
	if (scratch == NULL)
		return error_nomem(err);
	f->count = history_rows(call->image, &f->story, call->as_of.version,
	    f->rows, ROWS_MAX, scratch);
	if (f->count > ROWS_MAX)
		f->count = ROWS_MAX;
	if (f->count == 0)
		f->last_seen = last_seen(call, &f->story, scratch);
	mem_release(scratch);
	return 0;
}

/* The record with the key itself, else the first that once had it. */
static uint32_t choose(
    const struct api_call *call, struct found *f, struct span key)
{
	for (size_t i = f->count; i-- > 0;) {
		buf_clear(&f->key);
		image_row_key(
		    call->image, &call->image->rows[f->rows[i]], &f->key);
		if (span_eq_fold(buf_span(&f->key), key))
			return f->rows[i];
	}
	return f->rows[0];
}

static int miss(struct api_call *call, const struct found *f)
{
	struct buf more;
	int status;

	buf_init(&more);
	api_last_seen(&more, call->image, f->last_seen);
	status = api_missing(call,
	    f->story.kind != STORY_RECORD
		? "Keys of records look like 443/tcp/https, with - for what "
		  "is empty."
	    : f->last_seen != IMAGE_NONE
		? "No record has or had this key in this version; one did "
		  "until last_seen, and as-of asks for that."
		: "No record has this key.",
	    &more);
	buf_release(&more);
	return status;
}

static int put_record(
    struct api_call *call, uint32_t row, struct portbook_error *err)
{
	int code;

	api_registry(call->b, call->image, &call->as_of);
	buf_str(call->b, ", \"record\": ");
	json_record(
	    call->b, call->image, &call->image->rows[row], call->as_of.version);
	code = api_people(call, &row, 1, err);
	buf_str(call->b, "}\n");
	return code < 0 ? code : 200;
}

static int answer_found(struct api_call *call, struct found *f, struct span key,
    struct portbook_error *err)
{
	uint32_t row = choose(call, f, key);
	struct buf path;
	int code;

	buf_init(&path);
	buf_str(&path, "records/");
	api_path(&path, buf_span(&f->key));
	if (buf_failed(&path) || buf_failed(&f->key)) {
		code = error_nomem(err);
	} else if (!span_eq(buf_span(&f->key), key)) {
		/* It may be renamed again: not for good. */
		code = api_moved(call, 307, buf_span(&path));
	} else {
		api_canonical(call, buf_span(&path));
		code = put_record(call, row, err);
	}
	buf_release(&path);
	return code;
}

static int answer_record(struct api_call *call, struct portbook_error *err)
{
	struct found f = {.last_seen = IMAGE_NONE};
	struct buf storage;
	struct span key;
	int code;

	buf_init(&storage);
	buf_init(&f.key);
	key = api_rest(call, 3, &storage);
	code =
	    buf_failed(&storage) ? error_nomem(err) : find(call, &f, key, err);
	if (code == 0)
		code = f.count > 0 ? answer_found(call, &f, key, err)
				   : miss(call, &f);
	buf_release(&f.key);
	buf_release(&storage);
	return code;
}

int handle_api_records(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_record};

	return api_run(&address, request, response, ctx);
}
