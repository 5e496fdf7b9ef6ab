/* SPDX-License-Identifier: ISC */
/*
 * The face of `portbook`: what was asked for on the command line, the image
 * that answers, and what goes out.  One struct cli is one run of the program.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "image/image.h"
#include "portbook/error.h"
#include "search/search.h"
#include "write/table.h"

/* What the program's main knows and this folder does not. */
struct cli_host {
	const char *version; /* of portbook */

	/* The path of another program of portbook, ret of PATH_MAX bytes. */
	int (*program_path)(
	    const char *name, char *ret, struct portbook_error *err);
};

enum cli_exit {
	CLI_FOUND = 0,
	CLI_NOT_FOUND = 1,
	CLI_USAGE = 2,
	CLI_DATA = 3,
	CLI_SYSTEM = 4,
};

enum cli_format {
	CLI_TABLE,
	CLI_CSV,
	CLI_TSV,
	CLI_JSON,
	CLI_JSONL,
	CLI_PLAIN, /* of suggest alone */
	CLI_FORMAT_COUNT,
};

enum cli_colour { CLI_COLOUR_AUTO, CLI_COLOUR_ALWAYS, CLI_COLOUR_NEVER };

#define CLI_LIST_MAX 16 /* --where, and columns of --sort */

struct config;

struct cli {
	const struct cli_host *host;
	const struct config *config; /* or NULL */
	int argc;
	char **argv;

	/* Asked for; NULL or false where not.  Borrowed from argv. */
	const char *registry, *state, *as_of, *page, *since;
	const char *to, *style_name, *output, *search, *frequencies;
	const char *where[CLI_LIST_MAX];
	size_t where_count;
	struct search_order sort[CLI_LIST_MAX];
	size_t sort_count;
	enum cli_format format;
	enum cli_colour colour;
	bool own; /* the command is this program's, not portbook's */
	bool quiet, blocks, official, all, help, version_asked;
	const struct command *command; /* lookup unless a word says else */
	char **words;		       /* owned; behind the command */
	size_t word_count;

	/* What answers, for commands that need it. */
	struct image image;
	const char *path; /* of the image or of its source */
	char path_storage[PATH_MAX];
	uint32_t version; /* that is asked */
	uint32_t *rows;	  /* owned: room for all rows */
	void *scratch;	  /* owned: search_scratch_len bytes */

	struct buf out;	 /* for standard output */
	struct buf talk; /* for standard error, written behind it */
	struct table_style style;
	bool any_block; /* another one is parted from it */
};

/*
 * All of a run: the exit status.  config: where words of argv may be from, for
 * failures that they lead to; or NULL.
 */
int cli_main(const struct cli_host *host, const struct config *config, int argc,
    char **argv);

/* --- options.c */

/* Words and options of argv; PORTBOOK_EUSAGE. */
int cli_parse(struct cli *cli, struct portbook_error *err);

/* The first word of argv that is no option's; NULL if there is none. */
const char *cli_first_word(int argc, char **argv);

/*
 * The value of an option in argv, of the last one where there are several:
 * empty for one without, NULL if the option is not there.
 */
const char *cli_find_option(int argc, char **argv, const char *name);

/* What there is to know of an option. */
struct cli_option {
	const char *name;
	char letter;	   /* or 0 */
	unsigned commands; /* bits of those that take it */
	bool takes_value;
	const char *help;
};

/* Option n, from 0; false behind the last one. */
bool cli_option_at(size_t n, struct cli_option *ret);

/*
 * Says of text, an option as it is written, that the command does not take it,
 * and which it takes: PORTBOOK_EUSAGE.
 */
struct command;
int cli_no_option(const struct command *command, const char *text,
    struct portbook_error *err);

/* Lists the options that a command takes. */
void cli_list_options(struct buf *b, unsigned command);

/* --- registry.c */

/*
 * Finds the registry and maps its image.  Where an official file is named,
 * does not return but executes portbook-admin, which builds an image in
 * memory and executes this program on it.
 */
int cli_open_registry(struct cli *cli, struct portbook_error *err);

/*
 * The same for official files, of which the image has a version each, in their
 * order; paths ends with NULL.
 */
int cli_open_files(
    struct cli *cli, const char *const *paths, struct portbook_error *err);

/*
 * The version asked for in cli->image, which the caller opened, and room for
 * what commands find in it.
 */
int cli_use_image(struct cli *cli, struct portbook_error *err);

/* Gives back that room and the image. */
void cli_close_registry(struct cli *cli);

/* The official file that is named as the registry; NULL if none is. */
const char *cli_named_source(const struct cli *cli);

/* "registry of 2026-08-17, 14,533 records" */
void cli_tell_registry(struct cli *cli);

/* Days from a date YYYY-MM-DD or YYYY-MM until today; false if it is none. */
bool cli_age(struct span date, int64_t *ret);

/* --- execute.c */

/* Replaces this process; returns only on failure. */
int cli_execute(const struct cli *cli, const char *program, char **words,
    struct portbook_error *err);

/*
 * Replaces this process by another program of portbook, which is given all
 * words, the command first.  source: an official file that it is to find made
 * an image, or NULL.
 */
int cli_hand_over(struct cli *cli, const char *program, const char *source,
    struct portbook_error *err);

/*
 * The same for the program at path, on an image that portbook-admin makes of
 * official files first (sources ends with NULL), with an index for searches or
 * without.
 */
int cli_execute_on(const struct cli *cli, const char *const *sources,
    bool index, const char *path, char **words, struct portbook_error *err);

/* --- output.c */

/* Width and colour of standard output. */
void cli_look_at_terminal(struct cli *cli);

/* Writes what there is to the two streams; PORTBOOK_EIO, PORTBOOK_ENOMEM. */
int cli_flush(struct cli *cli, struct portbook_error *err);

/* A number with commas between its thousands. */
void cli_put_count(struct buf *b, uint64_t n);

/* Text of the caller's or of the data: control characters go no further. */
void cli_put_text(struct buf *b, struct span text);

/* "portbook: SOURCE:LINE:COLUMN: " and what is wrong, for standard error. */
void cli_complain(struct cli *cli, const struct portbook_error *err);

/* Rows in the format asked for, for those of a line or a block a record. */
int cli_put_rows(struct cli *cli, const uint32_t *rows, size_t count,
    struct portbook_error *err);

/* ", "people": [...]": the persons that rows refer to. */
int cli_put_people(struct cli *cli, const uint32_t *rows, size_t count,
    struct portbook_error *err);

/* "{"registry": {...}" */
void cli_put_json_head(struct cli *cli);

/* PORTBOOK_EUSAGE unless the format is table or json. */
int cli_only_json(const struct cli *cli, struct portbook_error *err);

/* --- hint.c */

/* What the person may have meant by text, whose name is not there. */
void cli_hint(struct cli *cli, struct span text, struct span name);

#endif
