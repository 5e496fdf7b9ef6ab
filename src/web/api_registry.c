/* SPDX-License-Identifier: ISC */
/* /api/v1/registry: what is served here, and in which formats. */
#include "image/edition.h"
#include "search/history.h"
#include "web/api.h"
#include "write/json.h"
#include "base/banned.h"

static void put_count(struct buf *b, struct span name, uint64_t count)
{
	buf_str(b, ", ");
	json_text(b, name);
	buf_str(b, ": ");
	buf_u64(b, count);
}

/* Of the version asked: records, by their state, and people. */
static void put_counts(struct api_call *call)
{
	const struct image *image = call->image;
	const struct image_version *v = &image->versions[call->as_of.version];
	struct image_walk walk = image_walk_begin(image, call->as_of.version);
	uint64_t counts[STATE_ASSIGNED + 1] = {0};
	uint32_t n;

	while ((n = image_walk_row(&walk)) != IMAGE_NONE)
		counts[image_row_state(&image->rows[n])]++;
	buf_str(call->b, ", \"counts\": {\"records\": ");
	buf_u64(call->b, le32(v->row_count));
	for (enum state s = STATE_ASSIGNED; s > STATE_NOT_LISTED; s--)
		put_count(call->b, state_name(s), counts[s]);
	put_count(call->b, SPAN("people"), le32(v->person_count));
	buf_char(call->b, '}');
}

static void put_version(
    struct api_call *call, const char *member, uint32_t version)
{
	struct buf name;

	buf_init(&name);
	history_version_name(&name, call->image, version);
	buf_str(call->b, member);
	json_text_or_null(call->b, buf_span(&name));
	call->b->failed |= buf_failed(&name);
	buf_release(&name);
}

static void put_licence(struct api_call *call)
{
	const struct image_version *v =
	    &call->image->versions[call->as_of.version];

	/* A services(5) file is its user's. */
	buf_str(call->b, ", \"licence\": ");
	buf_str(call->b,
	    le32(v->source) == IMAGE_SOURCE_SERVICES
		? "null"
		: "{\"id\": \"CC0-1.0\", \"url\": "
		  "\"https://creativecommons.org/publicdomain/zero/1.0/\"}");
}

static void put_format(
    struct api_call *call, const char *type, const char *path, uint64_t bytes)
{
	struct buf *b = call->b;
	struct buf url;

	buf_init(&url);
	buf_add(&url, call->edition->site->base.url);
	buf_str(&url, path);
	buf_str(b, "{\"type\": ");
	json_text(b, span_str(type));
	buf_str(b, ", \"url\": ");
	json_text(b, buf_span(&url));
	buf_str(b, ", \"bytes\": ");
	if (bytes > 0)
		buf_u64(b, bytes);
	else
		buf_str(b, "null");
	buf_char(b, '}');
	b->failed |= buf_failed(&url);
	buf_release(&url);
}

/* The files are those of the newest version, whatever was asked. */
static void put_formats(struct api_call *call)
{
	static const struct {
		const char *type, *path;
	} files[SOURCE_COUNT] = {
	    [SOURCE_XML] = {"application/xml", SITE_OFFICIAL_FILE ".xml"},
	    [SOURCE_CSV] = {"text/csv", SITE_OFFICIAL_FILE ".csv"},
	    [SOURCE_TXT] = {"text/plain", SITE_OFFICIAL_FILE ".txt"},
	};

	buf_str(call->b, ", \"formats\": [");
	for (size_t i = 0; i < SOURCE_COUNT; i++) {
		size_t len = call->edition->sources[i].bytes.len;

		if (len == 0)
			continue;
		put_format(call, files[i].type, files[i].path, len);
		buf_str(call->b, ", ");
	}
	put_format(call, "text/html", SITE_OFFICIAL_FILE ".xhtml", 0);
	buf_str(call->b, ", ");
	put_format(call, "application/atom+xml", "/changes.atom", 0);
	buf_char(call->b, ']');
}

static int answer_registry(struct api_call *call, struct portbook_error *err)
{
	const struct image *image = call->image;
	const struct image_version *v = &image->versions[call->as_of.version];
	uint32_t last = (uint32_t)(image->version_count - 1);

	(void)err;
	api_canonical(call, SPAN("registry"));
	api_registry(call->b, image, &call->as_of);
	buf_str(call->b, ", \"id\": ");
	json_text_or_null(call->b, image_text(image, v->id));
	buf_str(call->b, ", \"title\": ");
	json_text_or_null(call->b, image_text(image, v->title));
	put_counts(call);
	buf_str(call->b, ", \"versions\": {\"count\": ");
	buf_u64(call->b, image->version_count);
	put_version(call, ", \"first\": ", 0);
	put_version(call, ", \"last\": ", last);
	buf_char(call->b, '}');
	put_licence(call);
	put_formats(call);
	buf_str(call->b, "}\n");
	return 200;
}

int handle_api_registry(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	static const char *const params[] = {NULL};
	static const struct api_address address = {
	    .params = params, .answer = answer_registry};

	return api_run(&address, request, response, ctx);
}
