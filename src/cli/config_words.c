/* SPDX-License-Identifier: ISC */
/* Which words of the files a command is given. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/command.h"
#include "cli/config.h"
#include "base/banned.h"

static const char *const rivals[][2] = {
    {"registry", "state"},
    {"format", "json"},
    {"header", "no-header"},
    {"all", "baseline"},
};

const char *config_rival(const char *name)
{
	for (size_t i = 0; i < sizeof(rivals) / sizeof(rivals[0]); i++)
		for (size_t k = 0; k < 2; k++)
			if (strcmp(name, rivals[i][k]) == 0)
				return rivals[i][1 - k];
	return NULL;
}

/* Whether an option is what registry is, or its rival. */
static bool names_registry(const char *name)
{
	return strcmp(name, rivals[0][0]) == 0 ||
	       strcmp(name, rivals[0][1]) == 0;
}

/* Whether the command line or the environment says what option o is. */
static bool is_said(const struct cli_option *o, int argc, char **argv)
{
	const char *named = getenv("PORTBOOK_REGISTRY");
	const char *rival = config_rival(o->name);

	if (names_registry(o->name) && named != NULL && named[0] != '\0')
		return true;
	return cli_find_option(argc, argv, o->name) != NULL ||
	       (rival != NULL && cli_find_option(argc, argv, rival) != NULL);
}

/* Whether a word stands behind that of the command. */
static bool has_words(int argc, char **argv)
{
	const char *first = cli_first_word(argc, argv);

	for (int i = 1; first != NULL && i < argc; i++)
		if (argv[i] == first)
			return cli_first_word(argc - i, argv + i) != NULL;
	return false;
}

/* check on a file looks at no registry, and two of its options do one thing. */
static bool is_for_check(const struct cli_option *o, int argc, char **argv)
{
	bool where = names_registry(o->name) || strcmp(o->name, "as-of") == 0;

	if (strcmp(o->name, "quiet") == 0)
		return true;
	if (cli_find_option(argc, argv, "explain") != NULL ||
	    (where && has_words(argc, argv)))
		return false;
	return where || cli_find_option(argc, argv, "write-baseline") == NULL;
}

/*
 * What a command would refuse on its command line is meant for others: rows as
 * CSV where it has none, a date where it compares two.
 */
static bool is_of_use(const struct cli_option *o, const char *word,
    unsigned command, int argc, char **argv)
{
	if (strcmp(o->name, "format") == 0 &&
	    (command & COMMAND_OBJECTS) != 0 &&
	    strcmp(word, "--format=table") != 0 &&
	    strcmp(word, "--format=json") != 0)
		return false;
	if (command == COMMAND_CHECK)
		return is_for_check(o, argc, argv);
	return command != COMMAND_DIFF || strcmp(o->name, "as-of") != 0;
}

char **config_arguments(
    struct config *c, unsigned command, int argc, char **argv, int *ret_argc)
{
	struct cli_option o;
	int count = 1;

	c->argv =
	    mem_alloc((size_t)argc + CONFIG_KEYS_MAX + 2, sizeof(*c->argv));
	if (c->argv == NULL)
		return NULL;
	c->argv[0] = argv[0];
	for (size_t i = 0; i < CONFIG_KEYS_MAX && cli_option_at(i, &o); i++)
		if (c->words[i] != NULL && (o.commands & command) != 0 &&
		    !is_said(&o, argc, argv) &&
		    is_of_use(&o, c->words[i], command, argc, argv))
			c->argv[count++] = c->words[i];
	for (int i = 1; i < argc; i++)
		c->argv[count++] = argv[i];
	c->argv[count] = NULL;
	*ret_argc = count;
	return c->argv;
}
