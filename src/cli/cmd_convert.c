/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/convert.h"
#include "cli/place.h"
#include "base/banned.h"

/* An official file is read by portbook-admin, which then converts it. */
static bool any_source(const struct cli *cli)
{
	for (size_t i = 0; i < cli->word_count; i++)
		if (place_is_source(cli->words[i]))
			return true;
	return false;
}

static int convert_one(
    struct cli *cli, const struct conversion *c, struct portbook_error *err)
{
	const char *path = cli->output;
	char target[PATH_MAX];
	struct stat st;
	int code;

	if (path != NULL && path[0] == '-' && path[1] == '\0')
		path = NULL;
	code = cli_open_registry(cli, err);
	if (code == 0 && path != NULL && stat(path, &st) == 0 &&
	    S_ISDIR(st.st_mode)) {
		code = conversion_target(
		    c, path, "service-names-port-numbers", target, err);
		path = target;
	}
	if (code == 0)
		code = conversion_run(cli, c, path, err);
	if (code == 0 && !cli->quiet)
		cli_tell_registry(cli);
	return code < 0 ? code : CLI_FOUND;
}

int command_convert(struct cli *cli, struct portbook_error *err)
{
	struct conversion c;
	int code;

	if (any_source(cli))
		return cli_hand_over(cli, "portbook-admin", NULL, err);
	if (cli->word_count > 1)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "several inputs are official files, which %.60s is not",
		    cli->words[0]);
	if (cli->word_count == 1)
		cli->registry = cli->words[0];
	code = conversion_init(cli, &c, err);
	if (code == 0)
		code = convert_one(cli, &c, err);
	conversion_release(&c);
	return code;
}
