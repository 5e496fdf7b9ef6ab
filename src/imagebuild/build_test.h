/* SPDX-License-Identifier: ISC */
/* Building and opening images, for the tests of this folder. */
#ifndef IMAGEBUILD_BUILD_TEST_H
#define IMAGEBUILD_BUILD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "image/image.h"
#include "imagebuild/imagebuild.h"

static inline void *need(void *ptr)
{
	assert_non_null(ptr);
	return ptr;
}

static inline void build(
    const struct registry *r, bool no_search, uint8_t **bytes, size_t *len)
{
	const struct imagebuild_options options = {
	    .source = SPAN("test"), .no_search = no_search};
	struct portbook_error err = {0};
	struct timeline t;

	assert_int_equal(timeline_init(&t, NULL), 0);
	assert_int_equal(timeline_append(&t, r, NULL), 0);
	if (imagebuild(&t, &options, bytes, len, &err) < 0)
		fail_msg("%s", err.text);
	timeline_release(&t);
}

static inline void open_bytes(
    const uint8_t *bytes, size_t len, struct image *ret)
{
	struct portbook_error err = {0};
	struct span span = {(const char *)bytes, len};

	if (image_open_memory(span, ret, &err) < 0 ||
	    image_verify(ret, &err) < 0)
		fail_msg("%s", err.text);
}

#endif
