/* SPDX-License-Identifier: ISC */
/*
 * portbook.conf: what options are unless the command line says else.  Each
 * value is one word, "--key=value", that goes before those of the command
 * line, so that whoever parses these knows nothing of files.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "portbook/error.h"

#define CONFIG_KEYS_MAX 128	  /* more than there are options */
#define CONFIG_LEN_MAX (64 << 10) /* of a file */

struct config {
	char *words[CONFIG_KEYS_MAX]; /* owned, by option; NULL: nothing set */
	char *files[CONFIG_KEYS_MAX]; /* owned, of a word: where it stands */
	uint64_t lines[CONFIG_KEYS_MAX];
	char **argv; /* owned; of config_arguments */
};

void config_init(struct config *c);
void config_release(struct config *c);

/*
 * Takes the lines of a file, over what c has already.  Of PORTBOOK_EUSAGE err
 * names source and line; what stood before that line is taken.
 */
int config_parse(struct config *c, struct span text, const char *source,
    struct portbook_error *err);

/*
 * Reads all files that are there, each over those before it: of the package,
 * of the system, its drop-ins by name, and of the user.  root is put before
 * the paths of the first three ("").  PORTBOOK_EUSAGE as config_parse,
 * PORTBOOK_EIO, PORTBOOK_ENOMEM.
 */
int config_load(struct config *c, const char *root, struct portbook_error *err);

/*
 * argv with those words behind argv[0] that the command can use and that
 * neither argv nor the environment says anything of.  command: its bits.  The
 * result ends with NULL and lives as long as c; NULL if memory ran out.
 */
char **config_arguments(
    struct config *c, unsigned command, int argc, char **argv, int *ret_argc);

/* The option that says the same thing in another way, or NULL. */
const char *config_rival(const char *name);

/*
 * Where value lies in a word of c, says of a failure in which file and line
 * that word stands, before what it is about.  c may be NULL.
 */
void config_blame(
    const struct config *c, const char *value, struct portbook_error *err);

/*
 * What main does with all of this: reads the files, and replaces argc and argv.
 */
int config_take(struct config *c, unsigned command, int *argc, char ***argv,
    struct portbook_error *err);

#endif
