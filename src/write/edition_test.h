/* SPDX-License-Identifier: ISC */
/* For the tests of writers: the image of one source, and a format written. */
#ifndef WRITE_EDITION_TEST_H
#define WRITE_EDITION_TEST_H

#include "base/mem.h"
#include "core/timeline.h"
#include "image/image.h"
#include "imagebuild/imagebuild.h"
#include "read/read.h"
#include "write/format.h"

struct edition {
	struct image image;
	uint8_t *bytes; /* owned */
};

/* Takes r, which is released; edition_close also after a failure. */
static inline int edition_of(
    struct registry *r, struct edition *ret, struct portbook_error *err)
{
	struct imagebuild_options options = {
	    .source = SPAN_INIT("test"), .no_search = true};
	struct timeline t;
	size_t len = 0;
	int code = timeline_init(&t, err);

	*ret = (struct edition){.bytes = NULL};
	if (code == 0)
		code = timeline_append(&t, r, err);
	if (code == 0)
		code = imagebuild(&t, &options, &ret->bytes, &len, err);
	timeline_release(&t);
	registry_release(r);
	if (code < 0)
		return code;
	return image_open_memory(
	    span_of((const char *)ret->bytes, len), &ret->image, err);
}

static inline int edition_open(
    struct span source, struct edition *ret, struct portbook_error *err)
{
	struct registry r;
	int code = read_registry_memory(source, "test", &r, NULL, err);

	*ret = (struct edition){.bytes = NULL};
	return code < 0 ? code : edition_of(&r, ret, err);
}

static inline void edition_close(struct edition *e)
{
	if (e->bytes != NULL)
		image_close(&e->image);
	mem_release(e->bytes);
}

/* The newest version, all of it behind what is in b. */
static inline int edition_write(struct edition *e, const char *format,
    const char *style, struct buf *b, struct portbook_error *err)
{
	struct write_job job = {.image = &e->image,
	    .version = (uint32_t)e->image.version_count - 1,
	    .style = span_str(style),
	    .epoch = -1};

	return format_write(format_find(span_str(format)), &job, b, err);
}

#endif
