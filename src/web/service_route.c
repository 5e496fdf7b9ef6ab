/* SPDX-License-Identifier: ISC */
/* /service/... and /service?name=: which name, and what is near one unknown. */
#include "base/error.h"
#include "web/change.h"
#include "web/service.h"
#include "base/banned.h"

#define NEAR_MAX 5U
#define PAST_MAX 3U

struct link service_json(struct thing *t, struct span name)
{
	buf_str(&t->scratch, "/api/v1/services/");
	url_path(&t->scratch, name);
	return (struct link){.path = thing_keep(t), .as_of = t->as_of.date};
}

/* What became of a record that had the name, and when it lost it. */
static void tell_past(struct thing *t, uint32_t n, struct page_word *ret)
{
	const struct image_row *row = &t->image->rows[n];
	uint32_t last = le32(row->last_version),
		 now = image_row_last(t->image, n);
	struct span name = version_show(t->image, last, &t->arena);
	struct buf *b = &t->scratch;

	t->failed |= name.ptr == NULL;
	ret->text = thing_key(t, row);
	ret->link = (struct link){.path = SPAN("/changes"),
	    .filter = SPAN("record"),
	    .value = ret->text};
	buf_str(b, "was in the registry until ");
	buf_add(b, name.ptr != NULL ? name : SPAN(""));
	if (now != n &&
	    image_row_is_in(&t->image->rows[now], t->as_of.version)) {
		buf_str(b, "; its record is ");
		image_row_key(t->image, &t->image->rows[now], b);
		buf_str(b, " now");
	}
	ret->about = thing_keep(t);
}

/* Records that once had the name, the latest first; one word a key. */
static size_t past_words(
    struct thing *t, struct span name, struct page_word *words)
{
	struct image_numbers rows = image_past_by_name(t->image, name);
	size_t count = 0;

	for (size_t i = rows.count; i > 0 && count < PAST_MAX; i--) {
		uint32_t n = le32(rows.at[i - 1]);
		const struct image_row *row = image_row(t->image, n);
		size_t k = 0;

		if (row == NULL || le32(row->last_version) >= t->as_of.version)
			continue;
		tell_past(t, n, &words[count]);
		while (!span_eq(words[k].text, words[count].text))
			k++;
		count += k == count;
	}
	return count;
}

static size_t near_words(
    struct thing *t, struct span name, struct page_word *words)
{
	uint32_t rows[NEAR_MAX];
	size_t found = search_near_names(t->image, name, rows, NEAR_MAX);
	size_t count = 0;

	for (size_t i = 0; i < found; i++) {
		const struct image_row *row = image_row(t->image, rows[i]);
		struct span near;

		if (row == NULL || !image_row_is_in(row, t->as_of.version))
			continue;
		near = thing_name(t, row);
		words[count++] = (struct page_word){
		    .text = near,
		    .link = thing_service(t, near),
		    .about = thing_plain(
			t, image_text(t->image, row->text[FIELD_DESCRIPTION])),
		};
	}
	return count;
}

static int missing(struct thing *t, struct span name,
    const struct http_request *request, struct http_response *response)
{
	struct page_word words[PAST_MAX + NEAR_MAX + 1] = {0};
	size_t past = past_words(t, name, words);
	size_t count = past + near_words(t, name, words + past);
	struct span detail;

	if (past > 0)
		buf_str(&t->scratch, "The registry had this name once");
	else
		buf_str(&t->scratch, "The registry has no service");
	if (past == 0 && name.len > 0) {
		buf_str(&t->scratch, " of the name \xe2\x80\x9c");
		buf_add(&t->scratch, span_head(name, 100));
		buf_str(&t->scratch, "\xe2\x80\x9d");
	}
	if (t->as_of.date.len > 0) {
		buf_str(&t->scratch, " as of ");
		buf_add(&t->scratch, t->as_of.date);
	}
	buf_char(&t->scratch, '.');
	detail = thing_keep(t);
	if (name.len > 0)
		words[count++] = (struct page_word){
		    .text = SPAN("Search for it"),
		    .link = {.path = SPAN("/"),
			.search = span_head(name, 1000),
			.as_of = t->as_of.date},
		    .about = SPAN("in descriptions, notes and all else"),
		};
	return thing_missing(t, request, response, SPAN("No such service"),
	    detail, words, count);
}

static int answer(struct thing *t, const struct http_request *request,
    struct http_response *response)
{
	const struct http_target *target = &request->target;
	struct span name;
	bool json = span_ends(target->path, SPAN(".json"));
	bool given = http_target_param(target, SPAN("name"), &name);
	int status;

	if (!given)
		name = thing_path(t, target);
	name = span_trim(name);
	if (given && json)
		return thing_redirect(t, response, 307, service_json(t, name));
	if (service_show(t, name, request, response, &status))
		return status;
	if (json && thing_is_json(&name))
		return thing_redirect(t, response, 307, service_json(t, name));
	return missing(t, name, request, response);
}

int handle_service(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return thing_handle(ctx, request, response, answer);
}
