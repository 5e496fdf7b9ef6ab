/* SPDX-License-Identifier: ISC */
#include "admin/shown.h"

#include <fcntl.h>
#include <unistd.h>

#include "admin/official.h"
#include "admin/publish.h"
#include "admin/record.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/unicode.h"
#include "core/timeline.h"
#include "imagebuild/imagebuild.h"
#include "imagebuild/names_table.h"
#include "base/banned.h"

bool shown_open(int public_fd, struct image *ret)
{
	int fd =
	    openat(public_fd, "current/registry.image", O_RDONLY | O_CLOEXEC);
	bool opened;

	if (fd < 0)
		return false;
	opened = image_open_fd(fd, "current/registry.image", ret, NULL) == 0;
	close(fd);
	if (opened && image_verify(ret, NULL) < 0) {
		image_close(ret);
		opened = false;
	}
	return opened;
}

/* Whether this portbook made the image, or one that makes the same. */
static bool made_here(const struct image *image)
{
	const struct image_header *header = (const void *)image->base;

	return memcmp(image->meta->names_digest, names_digest,
		   sizeof(names_digest)) == 0 &&
	       span_eq(image_text(image, image->meta->unicode),
		   span_str(unicode_version)) &&
	       le32(header->minor) == IMAGE_MINOR;
}

struct comparison {
	const struct image *image;
	size_t count;
	bool same;
};

static int compare(void *ctx, const struct store_version *v)
{
	struct comparison *c = ctx;

	c->same = c->same && c->count < c->image->version_count &&
		  memcmp(c->image->versions[c->count].digest, v->digest,
		      sizeof(v->digest)) == 0;
	c->count++;
	return 0;
}

static int is_shown(const struct image *image, struct store *store, bool *ret,
    struct portbook_error *err)
{
	struct comparison c = {image, 0, true};
	int code = store_versions(store, compare, &c, err);

	if (code == 0)
		*ret = c.same && c.count == image->version_count &&
		       made_here(image);
	return code;
}

int shown_is(const struct state *s, struct store *store, bool *ret,
    struct portbook_error *err)
{
	struct image image;
	int code;

	*ret = false;
	if (!shown_open(s->public_fd, &image))
		return 0;
	code = is_shown(&image, store, ret, err);
	image_close(&image);
	return code;
}

static int fill(void *ctx, int folder, struct portbook_error *err)
{
	const struct image *image = ctx;

	return official_write(image, (uint32_t)image->version_count - 1, folder,
	    OFFICIAL_STATE, err);
}

/* Nothing goes out that would not be served. */
static int publish_bytes(
    const struct state *s, struct span bytes, struct portbook_error *err)
{
	char name[PUBLISH_NAME_LEN + 1];
	struct image image;
	int code = image_open_memory(bytes, &image, err);

	if (code == 0) {
		code = image_verify(&image, err);
		if (code == 0)
			return publish(s, bytes, fill, &image, name, err);
	}
	error_prefix(err, "the new image is not whole");
	return code;
}

int shown_publish(
    const struct state *s, struct store *store, struct portbook_error *err)
{
	struct record_newest newest;
	struct imagebuild_options options = {0};
	struct timeline timeline;
	uint8_t *image = NULL;
	size_t len;
	int code = record_newest(store, &newest, err);

	if (code < 0)
		return code;
	options.source = span_str(newest.source);
	code = store_timeline(store, &timeline, err);
	if (code == 0)
		code = imagebuild(&timeline, &options, &image, &len, err);
	timeline_release(&timeline);
	if (code == 0)
		code = publish_bytes(s, span_of((const char *)image, len), err);
	mem_release(image);
	return code;
}

int shown_recover(const struct state *s, struct store *store, bool *ret,
    struct portbook_error *err)
{
	struct image image;
	bool shown = false, open = shown_open(s->public_fd, &image);
	size_t count = 0;
	int code = store_version_count(store, &count, err);

	*ret = false;
	if (code == 0 && count == 0) {
		shown = true;
		if (open)
			code = record_image(store, &image, err);
	} else if (code == 0 && open) {
		code = is_shown(&image, store, &shown, err);
	}
	if (open)
		image_close(&image);
	if (code < 0 || shown)
		return code;
	*ret = true;
	return shown_publish(s, store, err);
}
