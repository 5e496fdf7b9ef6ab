/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "cli/command.h"
#include "write/json.h"
#include "base/banned.h"

int command_verify(struct cli *cli, struct portbook_error *err)
{
	int code = cli_only_json(cli, err);

	if (code < 0)
		return code;
	if (cli->word_count > 0)
		cli->registry = cli->words[0];
	code = cli_open_registry(cli, err);
	if (code == 0)
		code = image_verify(&cli->image, err);
	if (code < 0) {
		if (cli->path != NULL && err->source[0] == '\0')
			error_locate(err, cli->path, 0, 0);
		return code;
	}
	if (cli->format == CLI_JSON) {
		cli_put_json_head(cli);
		buf_str(&cli->out, ", \"path\": ");
		json_text(&cli->out, span_str(cli->path));
		buf_str(&cli->out, ", \"whole\": true}\n");
	} else {
		cli_put_text(&cli->out, span_str(cli->path));
		buf_str(&cli->out, ": whole\n");
	}
	if (!cli->quiet)
		cli_tell_registry(cli);
	return CLI_FOUND;
}
