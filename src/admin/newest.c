/* SPDX-License-Identifier: ISC */
#include "admin/newest.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "image/image.h"
#include "read/read.h"
#include "write/format.h"
#include "base/banned.h"

static int by_digest(const void *a, const void *b)
{
	return memcmp(a, b, REGISTRY_DIGEST_LEN);
}

static void sort_digests(struct newest *n)
{
	if (n->count > 0)
		qsort(n->digests, n->count, sizeof(*n->digests), by_digest);
}

bool newest_has(
    const struct newest *n, const uint8_t digest[REGISTRY_DIGEST_LEN])
{
	return n->count > 0 && bsearch(digest, n->digests, n->count,
				   sizeof(*n->digests), by_digest) != NULL;
}

void newest_release(struct newest *n)
{
	mem_release(n->digests);
	mem_release(n->text);
	*n = (struct newest){0};
}

/* The buffer's bytes become the text. */
static int keep_text(struct newest *n, struct buf *b, int code)
{
	if (code < 0) {
		buf_release(b);
		return code;
	}
	n->text = b->ptr;
	n->text_len = b->len;
	return 0;
}

static int take_image(
    struct newest *n, const struct image *image, struct portbook_error *err)
{
	const struct image_version *v = image_newest(image);
	bool is_xml = le32(v->source) == IMAGE_SOURCE_XML;
	struct write_job job = {.image = image,
	    .version = (uint32_t)image->version_count - 1,
	    .epoch = -1};
	struct span date = image_text(image, v->updated);
	struct buf b;

	n->digests = mem_alloc(image->version_count, sizeof(*n->digests));
	if (n->digests == NULL)
		return error_nomem(err);
	for (; n->count < image->version_count; n->count++)
		memcpy(n->digests[n->count], image->versions[n->count].digest,
		    sizeof(*n->digests));
	sort_digests(n);
	memcpy(n->digest, v->digest, sizeof(n->digest));
	n->dated = date.len > 0;
	if (!n->dated)
		date = image_text(image, v->newest_row);
	snprintf(n->date, sizeof(n->date), "%.*s", SPAN_FMT(date));
	n->records = le32(v->row_count);
	buf_init(&b);
	return keep_text(n, &b,
	    format_write(format_find(is_xml ? SPAN("xml") : SPAN("csv")), &job,
		&b, err));
}

#define TEXT_OF(n) #n
#define MAJOR_TEXT(n) TEXT_OF(n)

int newest_of_image(
    struct newest *n, const char *state, struct portbook_error *err)
{
	struct image image;
	struct buf path;
	int code;

	*n = (struct newest){0};
	buf_init(&path);
	buf_str(&path, state);
	buf_str(&path,
	    "/public/" MAJOR_TEXT(IMAGE_MAJOR) "/current/registry.image");
	buf_char(&path, '\0');
	if (buf_failed(&path)) {
		buf_release(&path);
		return error_nomem(err);
	}
	code = image_open(path.ptr, &image, NULL);
	buf_release(&path);
	if (code < 0)
		return 0;
	code = image_verify(&image, NULL) == 0 ? take_image(n, &image, err) : 0;
	image_close(&image);
	return code;
}

int newest_findings(
    const struct newest *n, struct findings *found, struct portbook_error *err)
{
	struct registry r = {0};
	int code = read_registry_memory(span_of(n->text, n->text_len),
	    "the version before", &r, &found->diag, err);

	if (code == 0)
		code = findings_check(found, &r, err);
	registry_release(&r);
	return code;
}
