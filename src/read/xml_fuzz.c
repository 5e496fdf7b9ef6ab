/* SPDX-License-Identifier: ISC */
/*
 * What the XML reader takes must come out again byte for byte, and be the
 * same read in halves, from wherever the second one begins.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/how.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Compressed input gives other bytes than it has. */
static int is_plain(struct span bytes)
{
	return !span_starts(bytes, SPAN("\x1f\x8b")) &&
	       !span_starts(bytes, SPAN("\x28\xb5\x2f\xfd")) &&
	       (bytes.len < 4 || memcmp(bytes.ptr + 1, "\x2a\x4d\x18", 3) != 0);
}

struct outcome {
	struct registry r;
	struct portbook_error err;
	uint64_t findings;
	int code;
};

static void take_finding(void *ctx, const struct finding *f)
{
	uint64_t *sum = ctx;

	*sum = (*sum + f->code + 1) * 31 + f->line * 7 + f->column;
}

static void read_one(
    struct span bytes, const struct read_how *how, struct outcome *o)
{
	struct diag diag = {take_finding, &o->findings, 0};

	*o = (struct outcome){.findings = 0};
	o->code = read_registry_how(bytes, "fuzz", how, &o->r, &diag, &o->err);
}

static int same_texts(const struct registry *a, const struct registry *b)
{
	if (a->texts.count != b->texts.count ||
	    memcmp(a->text, b->text, sizeof(a->text)) != 0)
		return 0;
	for (uint32_t n = 0; n < a->texts.count; n++)
		if (!span_eq(registry_text(a, n), registry_text(b, n)))
			return 0;
	return 1;
}

static int same_items(const void *a, const void *b, size_t count, size_t size)
{
	return count == 0 || memcmp(a, b, count * size) == 0;
}

static int same(const struct outcome *a, const struct outcome *b)
{
	if (a->code != b->code)
		return 0;
	if (a->code < 0)
		return strcmp(a->err.text, b->err.text) == 0 &&
		       a->err.line == b->err.line &&
		       a->err.column == b->err.column;
	return a->findings == b->findings &&
	       a->r.record_count == b->r.record_count &&
	       a->r.person_count == b->r.person_count &&
	       same_texts(&a->r, &b->r) &&
	       same_items(a->r.records, b->r.records, a->r.record_count,
		   sizeof(*a->r.records)) &&
	       same_items(a->r.people, b->r.people, a->r.person_count,
		   sizeof(*a->r.people));
}

static void check_bytes(struct span bytes, const struct registry *r)
{
	struct buf out;

	buf_init(&out);
	registry_to_xml(r, &out);
	if (!span_eq(buf_span(&out), bytes))
		abort();
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct read_how whole = {.least = SIZE_MAX};
	struct span bytes = span_of((const char *)data, len);
	struct read_how halves = {.no_thread = true};
	struct outcome one, two;

	read_one(bytes, &whole, &one);
	halves.from = len > 0 ? data[len - 1] * len / 256 : 0;
	read_one(bytes, &halves, &two);
	if (!same(&one, &two))
		abort();
	for (size_t i = 0; i < 2; i++) {
		const struct outcome *o = i == 0 ? &one : &two;

		if (o->code == 0 && o->r.source == REGISTRY_XML &&
		    is_plain(bytes))
			check_bytes(bytes, &o->r);
	}
	registry_release(&one.r);
	registry_release(&two.r);
	return 0;
}
