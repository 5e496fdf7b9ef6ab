/* SPDX-License-Identifier: ISC */
/* What the XML reader takes must come out again byte for byte. */
#include <stdint.h>
#include <stdlib.h>

#include "read/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Compressed input gives other bytes than it has. */
static int is_plain(struct span bytes)
{
	return !span_starts(bytes, SPAN("\x1f\x8b")) &&
	       !span_starts(bytes, SPAN("\x28\xb5\x2f\xfd")) &&
	       (bytes.len < 4 || memcmp(bytes.ptr + 1, "\x2a\x4d\x18", 3) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span bytes = span_of((const char *)data, len);
	struct registry registry;
	struct buf out;

	if (read_registry_memory(bytes, "fuzz", &registry, NULL, NULL) < 0)
		return 0;
	buf_init(&out);
	if (registry.source == REGISTRY_XML && is_plain(bytes)) {
		registry_to_xml(&registry, &out);
		if (!span_eq(buf_span(&out), bytes))
			abort();
	}
	buf_release(&out);
	registry_release(&registry);
	return 0;
}
