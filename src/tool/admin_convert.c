/* SPDX-License-Identifier: ISC */
/* convert on official files: read, built into an image in memory, written. */
#include "tool/admin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* A file that is its own target would be lost if it is not what it seems. */
static int refuse_same(
    const char *input, const char *output, struct portbook_error *err)
{
	struct stat a, b;

	if (output == NULL || stat(input, &a) < 0 || stat(output, &b) < 0 ||
	    !S_ISREG(b.st_mode) || a.st_dev != b.st_dev || a.st_ino != b.st_ino)
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "%s is the input itself; name another file to write", output);
}

/* Where an input goes: into the folder, to the file, or NULL. */
static int target_of(const struct cli *cli, const struct conversion *c,
    const char *input, char storage[PATH_MAX], const char **ret,
    struct portbook_error *err)
{
	*ret = cli->output;
	if (*ret != NULL && span_eq(span_str(*ret), SPAN("-")))
		*ret = NULL;
	if (!is_folder(*ret))
		return refuse_same(input, *ret, err);
	*ret = storage;
	if (conversion_target(c, cli->output, input, storage, err) < 0)
		return err->code;
	return refuse_same(input, storage, err);
}

static int convert_file(struct cli *cli, const struct conversion *c,
    const char *input, struct portbook_error *err)
{
	const char *output;
	struct built built;
	char storage[PATH_MAX];
	int code = target_of(cli, c, input, storage, &output, err);

	if (code == 0)
		code = update_build(&input, 1, NULL,
		    c->paged ? UPDATE_INDEX_NO_GRAMS : UPDATE_INDEX_NONE,
		    &built, NULL, err);
	if (code < 0)
		return code;
	code = image_open_memory(
	    span_of((const char *)built.image, built.image_len), &cli->image,
	    err);
	if (code == 0)
		code = cli_use_image(cli, err);
	if (code == 0)
		code = conversion_run(cli, c, output, err);
	cli_close_registry(cli);
	update_built_release(&built);
	return code;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Two inputs of one name would go into one file: the second alone stays. */
static int refuse_twins(const struct cli *cli, const struct conversion *c,
    struct portbook_error *err)
{
	char **targets = mem_zalloc(cli->word_count, sizeof(*targets));
	int code = targets == NULL ? error_nomem(err) : 0;

	for (size_t i = 0; code == 0 && i < cli->word_count; i++) {
		targets[i] = mem_alloc(PATH_MAX, 1);
		code = targets[i] == NULL ? error_nomem(err)
					  : conversion_target(c, cli->output,
						cli->words[i], targets[i], err);
	}
	if (code == 0)
		qsort(targets, cli->word_count, sizeof(*targets), by_text);
	for (size_t i = 1; code == 0 && i < cli->word_count; i++)
		if (strcmp(targets[i - 1], targets[i]) == 0)
			code = error_set(err, PORTBOOK_EUSAGE, 0,
			    "two inputs would both be written to %s",
			    targets[i]);
	for (size_t i = 0; targets != NULL && i < cli->word_count; i++)
		mem_release(targets[i]);
	mem_release(targets);
	return code;
}

/* The folder for several, made if its parent is there. */
static int make_folder(const struct cli *cli, struct portbook_error *err)
{
	if (cli->output == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "several inputs need a folder to go to: -o DIR");
	if (is_folder(cli->output) || mkdir(cli->output, 0777) == 0)
		return 0;
	return errno == EEXIST
		   ? error_set(err, PORTBOOK_EUSAGE, 0,
			 "several inputs need a folder to go to, which %s is "
			 "not: -o DIR",
			 cli->output)
		   : error_set(err, PORTBOOK_EIO, errno,
			 "cannot make the folder %s", cli->output);
}

/*
 * All of them, whatever is wrong with one: that is told at once, and the last
 * such failure is the whole's.
 */
static int convert_several(
    struct cli *cli, const struct conversion *c, struct portbook_error *err)
{
	int code = make_folder(cli, err), worst = 0;

	if (code == 0)
		code = refuse_twins(cli, c, err);
	if (code < 0)
		return code;
	for (size_t i = 0; i < cli->word_count; i++) {
		tell_progress(cli, i);
		code = convert_file(cli, c, cli->words[i], err);
		if (code < 0) {
			tell_progress(cli, cli->word_count);
			cli_complain(cli, err);
			cli_flush(cli, NULL);
			worst = error_exit_status(code) > worst
				    ? error_exit_status(code)
				    : worst;
			*err = (struct portbook_error){0};
		}
	}
	tell_progress(cli, cli->word_count);
	return worst;
}

int admin_convert(int argc, char **argv, struct portbook_error *err)
{
	/* The words are those that portbook was given, the command first. */
	struct cli cli = {.argc = argc + 1, .argv = argv - 1};
	struct conversion c = {0};
	int code;

	buf_init(&cli.out);
	buf_init(&cli.talk);
	code = cli_parse(&cli, err);
	if (code == 0)
		code = conversion_init(&cli, &c, err);
	if (code == 0)
		code = cli.word_count > 1
			   ? convert_several(&cli, &c, err)
			   : convert_file(&cli, &c, cli.words[0], err);
	conversion_release(&c);
	mem_release(cli.words);
	buf_release(&cli.talk);
	return code;
}
