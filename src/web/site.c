/* SPDX-License-Identifier: ISC */
#include "web/site.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "http/cache.h"
#include "web/routes.h"
#include "base/banned.h"

#define IMAGE_FILE "registry.image"

/* Bytes of answers kept to be sent again: some thousand pages. */
#define CACHE_CAP (32 << 20)

/* Bytes of records' and persons' JSON: all of today's, and more. */
#define JSON_CAP (12 << 20)

static const char *const source_names[SOURCE_COUNT] = {
    [SOURCE_XML] = "service-names-port-numbers.xml",
    [SOURCE_CSV] = "service-names-port-numbers.csv",
    [SOURCE_TXT] = "service-names-port-numbers.txt",
};

static struct file_identity identity_of(const struct stat *st)
{
	return (struct file_identity){
	    st->st_dev, st->st_ino, st->st_mtim, (uint64_t)st->st_size};
}

static bool is_same(
    const struct file_identity *a, const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->len == b->len && a->modified.tv_sec == b->modified.tv_sec &&
	       a->modified.tv_nsec == b->modified.tv_nsec;
}

/*
 * The folder and the image in it.  The folder is opened first and the files
 * through it, so that both are of one version whatever is published
 * meanwhile.  *folder is -1 for an image that stands alone.
 */
static int open_files(const char *path, int *folder, struct portbook_error *err)
{
	static const char *const inside[] = {"/public/1/current", ""};
	char where[4096];
	int fd;

	*folder = -1;
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		if (snprintf(where, sizeof(where), "%s%s", path, inside[i]) >=
		    (int)sizeof(where))
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "the path of the registry is too long");
		*folder = open(where, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (*folder >= 0)
			break;
	}
	fd = *folder >= 0 ? openat(*folder, IMAGE_FILE, O_RDONLY | O_CLOEXEC)
			  : open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	error_set(err, errno == ENOENT ? PORTBOOK_ENODATA : PORTBOOK_EIO, errno,
	    "no registry at %.150s", path);
	if (*folder >= 0)
		close(*folder);
	*folder = -1;
	return err != NULL ? err->code : PORTBOOK_ENODATA;
}

/* A file's bytes, or none if it cannot be mapped. */
static struct span map_file(int folder, const char *name, struct stat *st)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	struct span ret = SPAN("");
	void *map;

	if (fd < 0)
		return ret;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_size > 0) {
		map = mmap(
		    NULL, (size_t)st->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (map != MAP_FAILED)
			ret = span_of(map, (size_t)st->st_size);
	}
	close(fd);
	return ret;
}

/* Without the file, or where it cannot be mapped, it is not offered. */
static void map_source(int folder, const char *name, const uint8_t *digest,
    struct source_file *ret)
{
	static const char *const endings[HTTP_CODINGS] = {
	    [HTTP_GZIP] = ".gz", [HTTP_ZSTD] = ".zst"};
	struct stat st, ignored;
	char copy[64];

	for (size_t i = 0; i < HTTP_CODINGS; i++)
		ret->packed[i] = SPAN("");
	ret->bytes = map_file(folder, name, &st);
	if (ret->bytes.len == 0)
		return;
	ret->modified = (uint64_t)st.st_mtim.tv_sec;
	snprintf(ret->etag, sizeof(ret->etag), "\"%016llx-%llx-%llx\"",
	    (unsigned long long)le_u64(digest), (unsigned long long)st.st_size,
	    (unsigned long long)st.st_mtim.tv_sec);
	for (size_t i = HTTP_GZIP; i < HTTP_CODINGS; i++) {
		snprintf(copy, sizeof(copy), "%s%s", name, endings[i]);
		ret->packed[i] = map_file(folder, copy, &ignored);
	}
}

static void unmap(struct span bytes)
{
	if (bytes.len > 0)
		munmap((void *)(uintptr_t)bytes.ptr, bytes.len);
}

static void edition_free(struct edition *e)
{
	for (size_t i = 0; i < SOURCE_COUNT; i++) {
		unmap(e->sources[i].bytes);
		for (size_t k = HTTP_GZIP; k < HTTP_CODINGS; k++)
			unmap(e->sources[i].packed[k]);
	}
	kept_json_free(e->json);
	image_close(&e->image);
	hidden_release(&e->hidden);
	mem_release(e);
}

static int edition_open(struct site *site, int fd, int folder, const char *name,
    struct edition **ret, struct portbook_error *err)
{
	struct edition *e = mem_zalloc(1, sizeof(*e));
	int code;

	if (e == NULL)
		return error_nomem(err);
	atomic_init(&e->references, 1);
	e->site = site;
	code = image_open_fd(fd, name, &e->image, err);
	if (code == 0 && site->hide_people) {
		code = image_hide(&e->image, &e->hidden, err);
		if (code < 0)
			image_close(&e->image);
	}
	if (code < 0) {
		mem_release(e);
		return code;
	}
	e->json = kept_json_new(&e->image, JSON_CAP);
	for (size_t i = 0; i < SOURCE_COUNT && folder >= 0; i++)
		map_source(folder, source_names[i],
		    image_newest(&e->image)->digest, &e->sources[i]);
	*ret = e;
	return 0;
}

static void replace(struct site *site, struct edition *e)
{
	struct edition *old;

	pthread_mutex_lock(&site->lock);
	old = site->current;
	site->current = e;
	pthread_mutex_unlock(&site->lock);
	/* Behind the change: what is made from now on is of the new one. */
	if (site->http.cache != NULL)
		http_cache_drop(site->http.cache);
	edition_give(old);
}

struct edition *site_take(struct site *site)
{
	struct edition *e;

	pthread_mutex_lock(&site->lock);
	e = site->current;
	if (e != NULL)
		atomic_fetch_add(&e->references, 1);
	pthread_mutex_unlock(&site->lock);
	return e;
}

void edition_give(void *edition)
{
	struct edition *e = edition;

	if (e != NULL && atomic_fetch_sub(&e->references, 1) == 1)
		edition_free(e);
}

int site_refresh(struct site *site, bool asked, struct portbook_error *err)
{
	struct file_identity id;
	struct edition *e;
	struct stat st;
	int folder, fd, code;

	if (site->registry == NULL)
		return 0;
	fd = open_files(site->registry, &folder, err);
	if (fd < 0) {
		/* Gone: told once, until something is there again. */
		bool told = site->seen.inode == 0 && !asked;

		site->seen = (struct file_identity){0};
		return told ? 0 : fd;
	}
	code = 0;
	if (fstat(fd, &st) < 0)
		goto out;
	id = identity_of(&st);
	if (is_same(&id, &site->seen) && !(asked && site->broken))
		goto out;
	site->seen = id;
	code = edition_open(site, fd, folder, site->registry, &e, err);
	site->broken = code < 0;
	if (code < 0)
		goto out;
	replace(site, e);
	code = 1;
out:
	close(fd);
	if (folder >= 0)
		close(folder);
	return code;
}

static int enter(
    void *ctx, unsigned needs, struct http_response *response, void **ret)
{
	(void)needs;
	(void)response;
	*ret = site_take(ctx);
	return 0;
}

static void leave(void *ctx, void *entered)
{
	(void)ctx;
	edition_give(entered);
}

int site_open(const char *path, int fd, bool hide_people, struct site *ret,
    struct portbook_error *err)
{
	struct edition *e;
	int code;

	*ret = (struct site){
	    .http = {.routes = site_routes,
		.route_count = site_route_count,
		.policy = SITE_POLICY,
		.ctx = ret,
		.enter = enter,
		.leave = leave,
		.refuse = site_refuse,
		.metrics = site_metrics},
	    .hide_people = hide_people,
	    .security_contact = SPAN(""),
	    .registry = path,
	};
	pthread_mutex_init(&ret->lock, NULL);
	ret->http.cache = http_cache_new(CACHE_CAP); /* or none */
	if (path == NULL) {
		code =
		    edition_open(ret, fd, -1, "the image in memory", &e, err);
		if (code == 0)
			replace(ret, e);
	} else {
		code = site_refresh(ret, true, err);
	}
	if (code >= 0)
		return 0;
	http_cache_free(ret->http.cache);
	pthread_mutex_destroy(&ret->lock);
	return code;
}

void site_close(struct site *site)
{
	replace(site, NULL);
	http_cache_free(site->http.cache);
	pthread_mutex_destroy(&site->lock);
}
