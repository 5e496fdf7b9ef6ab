/* SPDX-License-Identifier: ISC */
#include "tool/admin.h"

#include "admin/file.h"
#include "admin/update.h"
#include "base/error.h"
#include "base/banned.h"

int admin_build(int argc, char **argv, struct portbook_error *err)
{
	struct built built;
	int code;

	if (argc < 3)
		return error_set(
		    err, PORTBOOK_EUSAGE, 0, "build takes SOURCE... IMAGE");
	code = update_build((const char *const *)argv + 1, (size_t)argc - 2,
	    NULL, UPDATE_INDEX_ALL, &built, NULL, err);
	if (code < 0)
		return code;
	code = file_replace(argv[argc - 1],
	    span_of((const char *)built.image, built.image_len), 0644, err);
	update_built_release(&built);
	return code;
}
