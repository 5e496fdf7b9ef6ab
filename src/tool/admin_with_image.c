/* SPDX-License-Identifier: ISC */
#include "tool/admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "admin/file.h"
#include "admin/update.h"
#include "base/error.h"
#include "base/span.h"
#include "base/banned.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* The image in memory that outlives execve(2): its descriptor. */
static int hand_over(const struct built *built, struct portbook_error *err)
{
	struct span bytes =
	    span_of((const char *)built->image, built->image_len);
	int fd = memfd_create("registry.image", MFD_ALLOW_SEALING);

	if (fd < 0)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot make a file in memory");
	if (file_write_all(fd, bytes) < 0 ||
	    fcntl(fd, F_ADD_SEALS, SEALS) < 0) {
		error_set(
		    err, PORTBOOK_EIO, errno, "cannot write a file in memory");
		close(fd);
		return PORTBOOK_EIO;
	}
	return fd;
}

int admin_with_image(int argc, char **argv, struct portbook_error *err)
{
	bool no_search = argc > 1 && strcmp(argv[1], "--no-search") == 0;
	int first = no_search ? 2 : 1, at = first, fd, code;
	struct built built;
	char number[16];

	while (at < argc && strcmp(argv[at], "--") != 0)
		at++;
	if (at == first || at + 1 >= argc)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "with-image takes [--no-search] SOURCE... -- PROGRAM "
		    "WORD...");
	code = update_build((const char *const *)argv + first,
	    (size_t)(at - first), NULL,
	    no_search ? UPDATE_INDEX_NO_GRAMS : UPDATE_INDEX_ALL, &built, NULL,
	    err);
	if (code < 0)
		return code;
	fd = hand_over(&built, err);
	update_built_release(&built);
	if (fd < 0)
		return fd;
	snprintf(number, sizeof(number), "%d", fd);
	if (setenv("PORTBOOK_IMAGE_FD", number, 1) < 0)
		return error_nomem(err);
	execv(argv[at + 1], argv + at + 1);
	return error_set(
	    err, PORTBOOK_EIO, errno, "cannot run %s", argv[at + 1]);
}
