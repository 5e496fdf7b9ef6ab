/* SPDX-License-Identifier: ISC */
/* verify: whether the store of a state folder is whole. */
#include "tool/admin.h"

#include <getopt.h>
#include <stdio.h>

#include "admin/record.h"
#include "base/error.h"
#include "tool/programs.h"
#include "base/banned.h"

static bool parse(int argc, char **argv, const char **state, bool *quiet)
{
	static const struct option options[] = {
	    {"state", required_argument, NULL, 's'},
	    {"quiet", no_argument, NULL, 'q'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	opterr = 0; /* the caller tells what is wrong */
	while ((c = getopt_long(argc, argv, "q", options, NULL)) != -1) {
		if (c == 's')
			*state = optarg;
		else if (c == 'q')
			*quiet = true;
		else
			return false;
	}
	return optind == argc;
}

static int verify(const char *state, size_t *count, struct portbook_error *err)
{
	struct store *store;
	int code = record_open(state, STORE_READ, &store, err);

	if (code < 0)
		return code;
	code = store_verify(store, err);
	if (code == 0)
		code = store_version_count(store, count, err);
	store_close(store);
	if (code < 0 && err != NULL && err->source[0] == '\0')
		error_locate(err, state, 0, 0);
	return code;
}

int admin_verify(int argc, char **argv, struct portbook_error *err)
{
	const char *state = NULL;
	char place[PATH_MAX];
	bool quiet = false;
	size_t count = 0;
	int code;

	if (!parse(argc, argv, &state, &quiet))
		return error_set(
		    err, PORTBOOK_EUSAGE, 0, "verify takes --state and -q");
	if (state == NULL) {
		code = program_state(place, err);
		if (code < 0)
			return code;
		state = place;
	}
	code = verify(state, &count, err);
	if (code < 0)
		return code;
	if (!quiet)
		printf("%s/private/store.sqlite: whole, %zu versions\n", state,
		    count);
	return 0;
}
