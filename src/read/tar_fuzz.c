/* SPDX-License-Identifier: ISC */
/*
 * An archive of any bytes: members lie one behind the other in what there is,
 * and their names are texts.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/limits.h"
#include "read/tar.h"

#define MOST_LEN ((uint64_t)1 << 20) /* bombs cost time and find nothing */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Every second member is read, in steps; the others are skipped. */
static void read_members(struct tar *t)
{
	struct tar_member member;
	uint64_t all = 0;
	unsigned count = 0;
	char bytes[700];

	while (tar_next(t, &member, NULL) == 1) {
		size_t name_len = strlen(member.name);

		all += TAR_BLOCK_LEN;
		if (name_len == 0 || name_len > LIMIT_MEMBER_NAME ||
		    t->stream->len < all || t->left != member.len)
			abort();
		while (count % 2 == 0 && t->left > 0) {
			size_t step = t->left < sizeof(bytes) ? (size_t)t->left
							      : sizeof(bytes);

			if (tar_read(t, bytes, step, NULL) < 0)
				break;
			all += step;
		}
		count++;
	}
	if (!t->ended || tar_next(t, &member, NULL) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct stream stream;
	struct tar tar;

	stream_open_memory(&stream, span_of((const char *)data, len), "fuzz");
	stream_expect_archive(&stream);
	stream.limit = MOST_LEN;
	tar_init(&tar, &stream);
	read_members(&tar);
	tar_release(&tar);
	stream_close(&stream);
	return 0;
}
