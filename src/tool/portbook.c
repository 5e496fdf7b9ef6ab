/* SPDX-License-Identifier: ISC */
/* portbook: answers from an image, and hands all else to other programs. */
#include "cli/cli.h"
#include "tool/programs.h"

static int path_of(const char *name, char *ret, struct portbook_error *err)
{
	return program_path(name, ret, err);
}

int main(int argc, char **argv)
{
	static const struct cli_host host = {PORTBOOK_VERSION, path_of};

	return cli_main(&host, argc, argv);
}
