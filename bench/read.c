/* SPDX-License-Identifier: ISC */
/* Reading the XML, beside passes of expat that do nothing with it. */
#include "harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <expat.h>
#include <zlib.h>
#include <zstd.h>

#include "base/mem.h"
#include "diag/diag.h"
#include "read/read.h"

/*
 * read/window.c gives expat up to 8 MiB at once.  Parts matter: expat counts
 * lines where a part ends that is not the last.
 */
#define PART_LEN ((size_t)8 << 20)
#define SMALL_PART_LEN ((size_t)64 << 10)

struct source {
	const char *path;
	bool handlers;
	size_t part_len;
};

static void ours(void *ctx)
{
	const struct source *s = ctx;
	struct portbook_error err;
	struct registry r;

	if (read_registry(s->path, &r, NULL, &err) < 0)
		die("%s: %s", s->path, err.text);
	bench_sink += r.record_count;
	registry_release(&r);
}

static void XMLCALL start(
    void *data, const XML_Char *name, const XML_Char **atts)
{
	(void)data, (void)name, (void)atts;
}

static void XMLCALL end(void *data, const XML_Char *name)
{
	(void)data, (void)name;
}

static void XMLCALL text(void *data, const XML_Char *s, int len)
{
	(void)data, (void)s, (void)len;
}

/* Reads until the part is full; less is the end. */
static size_t fill(int fd, char *part, size_t cap)
{
	size_t len = 0;
	ssize_t got;

	while (len < cap && (got = read(fd, part + len, cap - len)) > 0)
		len += (size_t)got;
	return len;
}

static void expat_pass(void *ctx)
{
	const struct source *s = ctx;
	XML_Parser parser = XML_ParserCreate(NULL);
	int fd = open(s->path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;

	if (parser == NULL || fd < 0)
		die("%s: cannot be opened", s->path);
	if (s->handlers) {
		XML_SetElementHandler(parser, start, end);
		XML_SetCharacterDataHandler(parser, text);
	}
	do {
		char *part = XML_GetBuffer(parser, (int)s->part_len);

		len = part != NULL ? fill(fd, part, s->part_len) : 0;
		if (XML_ParseBuffer(parser, (int)len, len < s->part_len) !=
		    XML_STATUS_OK)
			die("%s: expat refuses it", s->path);
	} while (len == s->part_len);
	bench_sink += (uint64_t)XML_GetCurrentByteIndex(parser);
	XML_ParserFree(parser);
	close(fd);
}

void empty_pass(void *path)
{
	struct source source = {path, true, PART_LEN};

	expat_pass(&source);
}

static struct span read_all(const char *path)
{
	FILE *file = fopen(path, "rb");
	long len;
	char *bytes;

	if (file == NULL || fseek(file, 0, SEEK_END) < 0 ||
	    (len = ftell(file)) < 0)
		die("%s: cannot be read", path);
	rewind(file);
	bytes = need((size_t)len, 1);
	if (fread(bytes, 1, (size_t)len, file) != (size_t)len)
		die("%s: cannot be read", path);
	fclose(file);
	return span_of(bytes, (size_t)len);
}

static void write_all(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(bytes, 1, len, file) != len ||
	    fclose(file) != 0)
		die("%s: cannot be written", path);
}

static void compress_both(const char *path, const char *gz, const char *zst)
{
	struct span plain = read_all(path);
	size_t cap = ZSTD_compressBound(plain.len);
	char *packed = need(cap, 1);
	size_t len = ZSTD_compress(packed, cap, plain.ptr, plain.len, 3);
	gzFile file = gzopen(gz, "wb6");

	if (ZSTD_isError(len) || file == NULL ||
	    gzwrite(file, plain.ptr, (unsigned)plain.len) <= 0 ||
	    gzclose(file) != Z_OK)
		die("%s: cannot be compressed", path);
	write_all(zst, packed, len);
	mem_release(packed);
	mem_release((void *)plain.ptr);
}

void bench_read(struct bench *b)
{
	char gz[4200], zst[4200];
	struct source plain = {b->xml, true, PART_LEN};
	struct source bare = {b->xml, false, PART_LEN};
	struct source small = {b->xml, true, SMALL_PART_LEN};
	struct source gzip = {.path = gz}, zstd = {.path = zst};
	struct racer r[] = {
	    {ours, &plain, 1, 0},
	    {expat_pass, &plain, 1, 0},
	    {expat_pass, &bare, 1, 0},
	    {expat_pass, &small, 1, 0},
	    {ours, &gzip, 1, 0},
	    {ours, &zstd, 1, 0},
	};
	struct racer one[] = {{ours, &plain, 1, 0}, {expat_pass, &plain, 1, 0}};

	snprintf(gz, sizeof(gz), "%s/registry.xml.gz", b->tmp);
	snprintf(zst, sizeof(zst), "%s/registry.xml.zst", b->tmp);
	compress_both(b->xml, gz, zst);
	race(one, 2);
	spread();
	race(r, 6);
	pin();
	title("Reading");
	row("XML", r[0].ns, "expat, empty handlers", r[1].ns, 1.5);
	row("XML, on one processor", one[0].ns, "expat, empty handlers",
	    one[1].ns, 0);
	row("XML", r[0].ns, "expat, no handlers", r[2].ns, 0);
	row("XML", r[0].ns, "expat, empty handlers, parts of 64 KiB", r[3].ns,
	    0);
	row("XML, gzip", r[4].ns, "expat, empty handlers, plain", r[1].ns, 0);
	row("XML, zstd", r[5].ns, "expat, empty handlers, plain", r[1].ns, 0);
}
