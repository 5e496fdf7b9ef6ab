/* SPDX-License-Identifier: ISC */
/* convert on official files: read, built into an image in memory, written. */
#include "tool/admin.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/update.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/convert.h"
#include "base/banned.h"

static bool is_folder(const char *path)
{
	struct stat st;

	return path != NULL && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* "12 of 579: 2015-05-04.xml", over itself, for somebody who waits. */
static void tell_progress(const struct cli *cli, size_t at)
{
	if (cli->quiet || cli->word_count < 2 || !isatty(STDERR_FILENO))
		return;
	if (at == cli->word_count)
		fputs("\r\033[K", stderr);
	else
		fprintf(stderr, "\r\033[K%zu of %zu: %.200s", at + 1,
		    cli->word_count, cli->words[at]);
	fflush(stderr);
}

static int convert_file(struct cli *cli, const struct conversion *c,
    const char *input, struct portbook_error *err)
{
	const char *output = cli->output;
	struct built built;
	char target[PATH_MAX];
	int code = update_build(input, NULL,
	    c->paged ? UPDATE_INDEX_NO_GRAMS : UPDATE_INDEX_NONE, &built, NULL,
	    err);

	if (code < 0)
		return code;
	if (output != NULL && span_eq(span_str(output), SPAN("-")))
		output = NULL;
	if (is_folder(output)) {
		code = conversion_target(c, output, input, target, err);
		output = target;
	}
	if (code == 0)
		code = image_open_memory(
		    span_of((const char *)built.image, built.image_len),
		    &cli->image, err);
	if (code == 0)
		code = cli_use_image(cli, err);
	if (code == 0)
		code = conversion_run(cli, c, output, err);
	cli_close_registry(cli);
	update_built_release(&built);
	return code;
}

static int convert_files(struct cli *cli, struct portbook_error *err)
{
	struct conversion c;
	int code = conversion_init(cli, &c, err);

	for (size_t i = 0; code == 0 && i < cli->word_count; i++) {
		tell_progress(cli, i);
		code = convert_file(cli, &c, cli->words[i], err);
	}
	tell_progress(cli, cli->word_count);
	conversion_release(&c);
	return code;
}

int admin_convert(int argc, char **argv, struct portbook_error *err)
{
	/* The words are those that portbook was given, the command first. */
	struct cli cli = {.argc = argc + 1, .argv = argv - 1};
	int code;

	buf_init(&cli.out);
	buf_init(&cli.talk);
	code = cli_parse(&cli, err);
	if (code == 0 && cli.word_count > 1 && !is_folder(cli.output))
		code = error_set(err, PORTBOOK_EUSAGE, 0,
		    "several inputs need a folder to go to: -o DIR");
	if (code == 0)
		code = convert_files(&cli, err);
	mem_release(cli.words);
	return code;
}
