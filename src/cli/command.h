/* SPDX-License-Identifier: ISC */
/* The table of commands. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/cli.h"

enum command_need {
	NEED_NOTHING, /* the command finds out by itself */
	NEED_IMAGE,   /* an open image, and the version asked for */
	NEED_PROGRAM, /* it is that of another program, which is executed */
	NEED_SERVER,  /* the same, on the image of an official file too */
};

/* Bits by which options name the commands that take them. */
enum command_bit {
	COMMAND_LOOKUP = 1,
	COMMAND_SEARCH = 2,
	COMMAND_LIST = 4,
	COMMAND_PERSON = 8,
	COMMAND_STATUS = 16,
	COMMAND_VERIFY = 32,
	COMMAND_UPDATE = 64,
	COMMAND_SERVE = 128,
	COMMAND_CONVERT = 256,
	COMMAND_IMPORT = 1 << 15,
	COMMAND_PUBLISH = 1 << 12,
	COMMAND_ROWS =
	    COMMAND_LOOKUP | COMMAND_SEARCH | COMMAND_LIST | COMMAND_PERSON,
	COMMAND_CHECK = 1 << 14,
	COMMAND_STATES = COMMAND_UPDATE | COMMAND_IMPORT,
	COMMAND_FILES = COMMAND_CONVERT | COMMAND_PUBLISH | COMMAND_CHECK,
	COMMAND_CHECK_NAME = 1 << 13,
	COMMAND_LOG = 1 << 16,
	COMMAND_DIFF = 1 << 17,
	COMMAND_VERSIONS = 1 << 18,
	COMMAND_SUGGEST = 1 << 20,
	COMMAND_COMPLETE = 1 << 22,
	COMMAND_ANNOTATE = 1 << 23,
	COMMAND_OBJECTS = /* write a table or JSON alone */
	COMMAND_STATUS | COMMAND_VERIFY | COMMAND_CHECK | COMMAND_CHECK_NAME,
	COMMAND_HISTORY = COMMAND_LOG | COMMAND_DIFF | COMMAND_VERSIONS,
	COMMAND_ALL = COMMAND_ROWS | COMMAND_STATUS | COMMAND_VERIFY |
		      COMMAND_CHECK_NAME | COMMAND_HISTORY | COMMAND_SUGGEST,
};

struct command {
	const char *name;
	enum command_need need;
	unsigned bit;
	int (*run)(struct cli *cli, struct portbook_error *err);
	const char *program; /* of NEED_PROGRAM and NEED_SERVER */
	size_t least, most;  /* words */
	const char *usage;   /* behind the name */
	const char *does;    /* NULL: a command for programs, not listed */
};

extern const struct command commands[];
extern const size_t command_count;

/* By name; NULL if there is none such. */
const struct command *command_find(struct span name);

/* Each gives an exit status, or a negative code with err filled. */
int command_lookup(struct cli *cli, struct portbook_error *err);
int command_search(struct cli *cli, struct portbook_error *err);
int command_list(struct cli *cli, struct portbook_error *err);
int command_person(struct cli *cli, struct portbook_error *err);
int command_status(struct cli *cli, struct portbook_error *err);
int command_verify(struct cli *cli, struct portbook_error *err);
int command_check_name(struct cli *cli, struct portbook_error *err);
int command_log(struct cli *cli, struct portbook_error *err);
int command_diff(struct cli *cli, struct portbook_error *err);
int command_versions(struct cli *cli, struct portbook_error *err);
int command_convert(struct cli *cli, struct portbook_error *err);
int command_suggest(struct cli *cli, struct portbook_error *err);
int command_annotate(struct cli *cli, struct portbook_error *err);
int command_complete(struct cli *cli, struct portbook_error *err);

#endif
