/* SPDX-License-Identifier: ISC */
/* What the bodies of portbook/portbook.h share. */
#ifndef LIB_OWN_H
#define LIB_OWN_H

#include <limits.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "image/image.h"
#include "portbook/portbook.h"

/* An image that is or was at the path. */
struct portbook_image {
	struct image image;
	struct stat file;
	struct portbook_image *older; /* owned: what it replaced */
};

struct portbook {
	_Atomic(struct portbook_image *) newest; /* owned */
	char path[PATH_MAX];
};

static inline const struct portbook_image *own_newest(const struct portbook *db)
{
	return atomic_load_explicit(&db->newest, memory_order_acquire);
}

/* The version of a date, or the newest. */
int own_version(const struct image *image, const char *as_of, uint32_t *ret,
    struct portbook_error *err);

/* Text for the caller, as portbook.h has it; most is the longest it can be. */
struct own_text {
	struct buf buf;
	size_t most;
};

void own_text_begin(struct own_text *ret, char *buf, size_t size, size_t most);
size_t own_text_end(struct own_text *text, char *buf, size_t size);

/* The longest that text with markup can become. */
static inline size_t own_text_most(struct span rich)
{
	return 8 * rich.len + 64;
}

/* A text of the image; NULL for the empty one. */
static inline const char *own_string(
    const struct image *image, struct le32 text)
{
	struct span span = image_text(image, text);

	return span.len > 0 ? span.ptr : NULL;
}

static inline const struct image_row *own_row(
    const struct portbook_record *record)
{
	return &record->image_->image.rows[record->row_];
}

/*
 * Copies a struct that begins with its size, as the caller's version of the
 * library has it; PORTBOOK_EUSAGE for one that no version had.
 */
int own_copy(void *ret, size_t ret_len, const void *from, size_t len,
    size_t least, struct portbook_error *err);

#endif
