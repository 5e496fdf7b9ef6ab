/* SPDX-License-Identifier: ISC */
/*
 * What is read from a services(5) file, written as such lines, is read as the
 * same entries.
 */
#include <stdint.h>
#include <stdlib.h>

#include "read/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct span field(const struct registry *r, const struct record *record,
    enum record_field which)
{
	return registry_text(r, record->text[which]);
}

static void put_entry(
    struct buf *b, const struct registry *r, const struct record *record)
{
	buf_add(b, field(r, record, FIELD_NAME));
	buf_char(b, ' ');
	buf_add(b, field(r, record, FIELD_NUMBER));
	buf_char(b, '/');
	buf_add(b, field(r, record, FIELD_PROTOCOL));
	buf_str(b, " #");
	buf_add(b, field(r, record, FIELD_DESCRIPTION));
	buf_char(b, '\n');
}

/* A name may begin with what would be a mark at the beginning of a file. */
static void put_all(struct buf *b, const struct registry *r)
{
	buf_str(b, "#\n");
	for (size_t i = 0; i < r->record_count; i++)
		put_entry(b, r, &r->records[i]);
	if (buf_failed(b))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct registry registry, again;
	struct buf first, second;

	if (read_registry_memory(span_of((const char *)data, len), "fuzz",
		&registry, NULL, NULL) < 0)
		return 0;
	if (registry.source == REGISTRY_SERVICES) {
		buf_init(&first);
		buf_init(&second);
		put_all(&first, &registry);
		if (read_registry_memory(
			buf_span(&first), "again", &again, NULL, NULL) < 0)
			abort();
		put_all(&second, &again);
		if (!span_eq(buf_span(&first), buf_span(&second)))
			abort();
		registry_release(&again);
		buf_release(&first);
		buf_release(&second);
	}
	registry_release(&registry);
	return 0;
}
