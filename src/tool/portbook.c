/* SPDX-License-Identifier: ISC */
/* portbook: answers from an image, and hands all else to other programs. */
#include "cli/cli.h"
#include "tool/programs.h"

int main(int argc, char **argv)
{
	return cli_main(&program_host, argc, argv);
}
