/* SPDX-License-Identifier: ISC */
/* Every record that the CSV reader takes must have all of its columns. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "read/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_record(const struct registry *r, const struct record *record)
{
	struct record_text text;
	struct buf column;

	registry_record_text(r, record, &text);
	buf_init(&column);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		column_text(&column, &text, (enum column)i);
	if (utf8_check(buf_span(&column)) != column.len)
		abort();
	buf_release(&column);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct registry registry;

	if (read_registry_memory(span_of((const char *)data, len), "fuzz",
		&registry, NULL, NULL) < 0)
		return 0;
	for (size_t i = 0; i < registry.record_count; i++)
		check_record(&registry, &registry.records[i]);
	registry_release(&registry);
	return 0;
}
