/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/place.h"
#include "write/json.h"
#include "base/banned.h"

extern char **environ;

/* Runs portbook-admin on the store, which says by itself what is wrong. */
static int verify_store(
    const char *program, char *folder, int *ret, struct portbook_error *err)
{
	char name[] = "portbook-admin", verb[] = "verify", quiet[] = "-q",
	     state[] = "--state";
	char *words[] = {name, verb, quiet, state, folder, NULL};
	int failure, status;
	pid_t child;

	failure = posix_spawn(&child, program, NULL, NULL, words, environ);
	if (failure != 0)
		return error_set(
		    err, PORTBOOK_EIO, failure, "cannot run %s", program);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(err, PORTBOOK_EIO, errno,
			    "cannot wait for %s", program);
	*ret = WIFEXITED(status) ? WEXITSTATUS(status) : CLI_SYSTEM;
	return 0;
}

/*
 * The store behind the image: *path empty where there is none, or none that
 * may be read by us or by a program that is here.  An exit status.
 */
static int look_at_store(
    struct cli *cli, char path[PATH_MAX], int *ret, struct portbook_error *err)
{
	char folder[PATH_MAX], program[PATH_MAX];

	*ret = CLI_FOUND;
	if (!place_store(cli->path, path) ||
	    !place_of_image(cli->path, folder) || access(path, R_OK) < 0 ||
	    cli->host->program_path("portbook-admin", program, NULL) < 0) {
		path[0] = '\0';
		return 0;
	}
	return verify_store(program, folder, ret, err);
}

int command_verify(struct cli *cli, struct portbook_error *err)
{
	char store[PATH_MAX];
	int code = cli_only_json(cli, err), status;

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
	code = look_at_store(cli, store, &status, err);
	if (code < 0 || status != CLI_FOUND)
		return code < 0 ? code : status;
	if (cli->format == CLI_JSON) {
		cli_put_json_head(cli);
		buf_str(&cli->out, ", \"path\": ");
		json_text(&cli->out, span_str(cli->path));
		buf_str(&cli->out, ", \"store\": ");
		json_text_or_null(&cli->out, span_str(store));
		buf_str(&cli->out, ", \"whole\": true}\n");
	} else {
		cli_put_text(&cli->out, span_str(cli->path));
		buf_str(&cli->out, ": whole\n");
		if (store[0] != '\0') {
			cli_put_text(&cli->out, span_str(store));
			buf_str(&cli->out, ": whole\n");
		}
	}
	if (!cli->quiet)
		cli_tell_registry(cli);
	return CLI_FOUND;
}
