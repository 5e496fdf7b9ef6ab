/* SPDX-License-Identifier: ISC */
/*
 * Opening and following an image.  The newest one is an atomic pointer, whose
 * list of older ones grows at its head, so that whoever asks while somebody
 * refreshes has the one or the other, and keeps it.
 */
#include "lib/own.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

#define SYSTEM_STATE "/var/lib/portbook"
#define STATE_IMAGE "/public/1/current/registry.image"

const char *portbook_version(void)
{
	return PORTBOOK_VERSION;
}

/* The path of the image; of a folder, the one that is published in it. */
static int resolve(
    const char *path, char ret[PATH_MAX], struct portbook_error *err)
{
	const char *rest = "";
	struct stat st;
	size_t len, more;

	if (path == NULL || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		rest = STATE_IMAGE;
	if (path == NULL)
		path = SYSTEM_STATE;
	len = strlen(path);
	more = strlen(rest);
	if (more >= PATH_MAX || len >= PATH_MAX - more)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the path of the registry is too long");
	memcpy(ret, path, len);
	memcpy(ret + len, rest, more + 1);
	return 0;
}

static int refused(const char *path, int system, struct portbook_error *err)
{
	int code;

	if (system == ENOENT || system == ENOTDIR) {
		code = error_set(err, PORTBOOK_ENODATA, 0,
		    "no registry there: fetch one with `portbook update`: %s",
		    path);
		if (err != NULL)
			err->system = system;
	} else {
		code = error_set(err, PORTBOOK_EIO, system, "%s", path);
	}
	error_locate(err, path, 0, 0);
	return code;
}

static int load_fd(int fd, const char *path, struct portbook_image *ret,
    struct portbook_error *err)
{
	if (fstat(fd, &ret->file) < 0)
		return refused(path, errno, err);
	return image_open_fd(fd, path, &ret->image, err);
}

/* A new image of what is at the path. */
static int load(
    const char *path, struct portbook_image **ret, struct portbook_error *err)
{
	struct portbook_image *loaded;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int code;

	if (fd < 0)
		return refused(path, errno, err);
	loaded = mem_zalloc(1, sizeof(*loaded));
	code =
	    loaded == NULL ? error_nomem(err) : load_fd(fd, path, loaded, err);
	close(fd);
	if (code < 0) {
		mem_release(loaded);
		return code;
	}
	*ret = loaded;
	return 0;
}

/* All of a list of images. */
static void unload(struct portbook_image *image)
{
	while (image != NULL) {
		struct portbook_image *older = image->older;

		image_close(&image->image);
		mem_release(image);
		image = older;
	}
}

int portbook_open(
    const char *path, struct portbook **ret, struct portbook_error *err)
{
	struct portbook *db = mem_zalloc(1, sizeof(*db));
	struct portbook_image *image;
	int code;

	if (db == NULL)
		return error_nomem(err);
	code = resolve(path, db->path, err);
	if (code == 0)
		code = load(db->path, &image, err);
	if (code < 0) {
		mem_release(db);
		return code;
	}
	atomic_init(&db->newest, image);
	*ret = db;
	return 0;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && same_time(a->st_mtim, b->st_mtim) &&
	       same_time(a->st_ctim, b->st_ctim);
}

int portbook_refresh(struct portbook *db, struct portbook_error *err)
{
	struct portbook_image *seen =
	    atomic_load_explicit(&db->newest, memory_order_acquire);
	struct portbook_image *loaded;
	struct stat st;
	int code;

	if (stat(db->path, &st) == 0 && same_file(&st, &seen->file))
		return 0;
	code = load(db->path, &loaded, err);
	if (code < 0)
		return code;
	loaded->older = seen;
	if (atomic_compare_exchange_strong(&db->newest, &seen, loaded))
		return 1;
	/* Another thread has just done the same. */
	loaded->older = NULL;
	unload(loaded);
	return 1;
}

void portbook_forget(struct portbook *db)
{
	struct portbook_image *newest =
	    atomic_load_explicit(&db->newest, memory_order_acquire);

	unload(newest->older);
	newest->older = NULL;
}

void portbook_close(struct portbook *db)
{
	if (db == NULL)
		return;
	unload(atomic_load_explicit(&db->newest, memory_order_acquire));
	mem_release(db);
}

const char *portbook_date(const struct portbook *db)
{
	const struct image *image = &own_newest(db)->image;

	return image_text(image, image_newest(image)->updated).ptr;
}

size_t portbook_record_count(const struct portbook *db)
{
	return own_newest(db)->image.current_rows;
}

size_t portbook_version_count(const struct portbook *db)
{
	return own_newest(db)->image.version_count;
}

int portbook_as_of(const struct portbook *db, const char *as_of,
    const char **ret, struct portbook_error *err)
{
	const struct image *image = &own_newest(db)->image;
	uint32_t version;
	int code = own_version(image, as_of, &version, err);

	if (code < 0)
		return code;
	*ret = image_text(image, image->versions[version].updated).ptr;
	return 0;
}
