/* SPDX-License-Identifier: ISC */
/* /api/v1/people/ID: a person or organization, and the records that name it. */
#include "base/error.h"
#include "base/mem.h"
#include "image/edition.h"
#include "image/events.h"
#include "web/api.h"
#include "web/people.h"
#include "write/json.h"
#include "base/banned.h"

/* The state of that id at the version asked; IMAGE_NONE if none. */
static uint32_t find(const struct api_call *call, struct span id)
{
	const struct image *image = call->image;
	struct image_numbers past = image_past_by_person(image, id);
	uint32_t now = image_by_person(image, id);

	if (now != IMAGE_NONE &&
	    image_person_is_in(&image->people[now], call->as_of.version))
		return now;
	for (size_t i = 0; i < past.count; i++) {
		const struct image_person *person =
		    image_person(image, le32(past.at[i]));

		if (person != NULL &&
		    image_person_is_in(person, call->as_of.version))
			return le32(past.at[i]);
	}
	return IMAGE_NONE;
}

/* The last version before the one asked that listed the id. */
static uint32_t last_seen(const struct api_call *call, struct span id)
{
	struct image_numbers past = image_past_by_person(call->image, id);
	uint32_t ret = IMAGE_NONE;

	for (size_t i = 0; i < past.count; i++) {
		const struct image_person *person =
		    image_person(call->image, le32(past.at[i]));
		uint32_t last =
		    person != NULL ? le32(person->last_version) : IMAGE_NONE;

		if (last < call->as_of.version &&
		    (ret == IMAGE_NONE || last > ret))
			ret = last;
	}
	return ret;
}

static bool names(
    const struct image *image, const struct image_row *row, uint32_t person)
{
	struct image_numbers list = image_list(image, &row->people);

	for (size_t i = 0; i < list.count; i++)
		if (le32(list.at[i]) == person)
			return true;
	return false;
}

/* Rows of the version that refer to the person, in its order. */
static size_t find_rows(
    const struct api_call *call, uint32_t person, uint32_t *rows, size_t cap)
{
	struct image_walk walk =
	    image_walk_begin(call->image, call->as_of.version);
	size_t count = 0;
	uint32_t n;

	while ((n = image_walk_row(&walk)) != IMAGE_NONE && count < cap)
		if (names(call->image, &call->image->rows[n], person))
			rows[count++] = n;
	return count;
}

static int put_person(struct api_call *call, uint32_t person, struct span id,
    struct portbook_error *err)
{
	const struct image *image = call->image;
	uint32_t *rows = mem_alloc(image->row_count + 1, sizeof(*rows));
	struct person_text text;
	size_t count;
	int code;

	if (rows == NULL)
		return error_nomem(err);
	count = find_rows(call, person, rows, image->row_count);
	person_shown(image, &image->people[person], &text);
	api_registry(call->b, image, &call->as_of);
	buf_str(call->b, ", \"id\": ");
	json_text(call->b, id);
	buf_str(call->b, ", \"found\": true, \"person\": ");
	json_person_text(call->b, &text);
	buf_str(call->b, ", \"records\": ");
	json_records(call->b, image, rows, count, call->as_of.version);
	code = api_people(call, rows, count, err);
	buf_str(call->b, "}\n");
	mem_release(rows);
	return code < 0 ? code : 200;
}

static int miss(struct api_call *call, struct span id)
{
	uint32_t seen = last_seen(call, id);
	struct buf more;
	int status;

	buf_init(&more);
	api_last_seen(&more, call->image, seen);
	status = api_missing(call,
	    seen != IMAGE_NONE
		? "Nobody with this id is listed in this version; somebody was "
		  "until last_seen, and as-of asks for that."
		: "Nobody with this id is listed; letter case matters.",
	    &more);
	buf_release(&more);
	return status;
}

static int answer_person(struct api_call *call, struct portbook_error *err)
{
	struct buf storage, path;
	struct span id;
	uint32_t person;
	int code;

	http_field(call->response, SPAN("X-Robots-Tag"), SPAN("noindex"));
	buf_init(&storage);
	buf_init(&path);
	id = api_rest(call, 3, &storage);
	buf_str(&path, "people/");
	api_path(&path, id);
	person = find(call, id);
	if (buf_failed(&storage) || buf_failed(&path)) {
		code = error_nomem(err);
	} else if (person == IMAGE_NONE) {
		code = miss(call, id);
	} else {
		api_canonical(call, buf_span(&path));
		code = put_person(call, person, id, err);
	}
	buf_release(&path);
	buf_release(&storage);
	return code;
}

int handle_api_people(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_person};

	return api_run(&address, request, response, ctx);
}
