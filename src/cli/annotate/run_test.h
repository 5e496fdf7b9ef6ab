/* SPDX-License-Identifier: ISC */
/* annotate on bytes in memory, for tests: no file, chunks as small as asked. */
#ifndef CLI_ANNOTATE_RUN_TEST_H
#define CLI_ANNOTATE_RUN_TEST_H

#include <sys/mman.h>
#include <unistd.h>

#include "cli/annotate/crew.h"

/* A descriptor from which text can be read; -1 on failure. */
static inline int run_memory(struct span text)
{
	int fd = memfd_create("annotate", MFD_CLOEXEC);

	if (fd >= 0 &&
	    (pwrite(fd, text.ptr, text.len, 0) != (ssize_t)text.len ||
		lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* What becomes of text goes behind what is in ret; 0 or a negative code. */
static inline int run_annotate(const struct image *image,
    const struct annotate_ask *ask, struct span text, size_t chunk_len,
    size_t record_max, struct buf *ret, struct chunk_counts *counts,
    struct portbook_error *err)
{
	int out = run_memory(SPAN("")), code = PORTBOOK_EIO;
	struct input in;
	off_t len;
	char *room;

	if (out < 0 || input_open("-", ask, &in, err) < 0)
		return code;
	in.fd = run_memory(text);
	in.chunk_len = chunk_len;
	in.record_max = record_max;
	if (in.fd >= 0)
		code = crew_run(&in, image, (uint32_t)image->version_count - 1,
		    ask->jobs, out, counts, err);
	len = lseek(out, 0, SEEK_END);
	room = buf_room(ret, (size_t)len + 1);
	if (code == 0 &&
	    (room == NULL || pread(out, room, (size_t)len, 0) != len))
		code = PORTBOOK_EIO;
	else if (code == 0)
		ret->len += (size_t)len;
	input_close(&in);
	close(out);
	return code;
}

#endif
