/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cli/command.h"
#include "cli/config.h"

/* The word of a key, or "" where nothing is set. */
static const char *word_of(const struct config *c, const char *name)
{
	struct cli_option o;

	for (size_t i = 0; cli_option_at(i, &o); i++)
		if (strcmp(o.name, name) == 0)
			return c->words[i] != NULL ? c->words[i] : "";
	fail_msg("no option %s", name);
	return NULL;
}

static void test_lines(void **state)
{
	static const struct {
		int line;
		const char *text, *key, *word;
	} rows[] = {
	    {__LINE__, "format = csv", "format", "--format=csv"},
	    {__LINE__, "  format=csv\t\r\n", "format", "--format=csv"},
	    {__LINE__, "quiet = yes\n", "quiet", "--quiet"},
	    {__LINE__, "\xef\xbb\xbfquiet = yes\n", "quiet", "--quiet"},
	    {__LINE__, "quiet = yes\nquiet = no\n", "quiet", ""},
	    {__LINE__, "quiet = yes\nquiet =\n", "quiet", ""},
	    {__LINE__, "format = csv\nformat =\n", "format", ""},
	    {__LINE__, "format = csv\nformat = tsv\n", "format",
		"--format=tsv"},
	    {__LINE__, "# format = csv\n\n", "format", ""},
	    {__LINE__, "where = name=a,class=user\n", "where",
		"--where=name=a,class=user"},
	    {__LINE__, "registry = /a b # c\n", "registry",
		"--registry=/a b # c"},
	    {__LINE__, "registry = a\nstate = b\n", "registry", ""},
	    {__LINE__, "registry = a\nstate = b\n", "state", "--state=b"},
	    {__LINE__, "state = b\nregistry = a\n", "state", ""},
	    {__LINE__, "state = b\nregistry =\n", "state", "--state=b"},
	    {__LINE__, "people = none\n", "people", "--people=none"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct portbook_error err = {0};
		struct config c;

		config_init(&c);
		if (config_parse(&c, span_str(rows[i].text), "f", &err) < 0)
			fail_msg("row of line %d: %s", rows[i].line, err.text);
		if (strcmp(word_of(&c, rows[i].key), rows[i].word) != 0)
			fail_msg("row of line %d: %s", rows[i].line,
			    word_of(&c, rows[i].key));
		config_release(&c);
	}
}

static void test_wrong_lines(void **state)
{
	static const struct {
		int line;
		const char *text;
		unsigned at;
		const char *says;
	} rows[] = {
	    {__LINE__, "\n\nfromat = csv\n", 3, "format is"},
	    {__LINE__, "xyzzy = 1\n", 1, "portbook.conf(5)"},
	    {__LINE__, "ab = 1\n", 1, "portbook.conf(5)"},
	    {__LINE__, "--format = csv\n", 1, "write format"},
	    {__LINE__, "# a\nformat\n", 2, "KEY = VALUE"},
	    {__LINE__, "= csv\n", 1, "key is missing"},
	    {__LINE__, "quiet = 1\n", 1, "yes or no"},
	    {__LINE__, "help = yes\n", 1, "no key"},
	    {__LINE__, "version = yes\n", 1, "no key"},
	    {__LINE__, "state = a\x1b[2J\n", 1, "control character"},
	    {__LINE__, "quiet = yes\nformat = xml\n", 2, "not xml"},
	    {__LINE__, "color = blue\n", 1, "not blue"},
	    {__LINE__, "sort = colour\n", 1, "no field colour"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct portbook_error err = {0};
		struct config c;

		config_init(&c);
		if (config_parse(&c, span_str(rows[i].text), "f", &err) !=
			PORTBOOK_EUSAGE ||
		    err.line != rows[i].at || strcmp(err.source, "f") != 0 ||
		    strstr(err.text, rows[i].says) == NULL)
			fail_msg("row of line %d: %s:%u: %s", rows[i].line,
			    err.source, (unsigned)err.line, err.text);
		config_release(&c);
	}
}

/* argv of a command with words of a file, as one text. */
static void arguments(
    const char *text, unsigned command, const char *word, char *ret, size_t len)
{
	char program[] = "portbook", name[64];
	char *argv[8] = {program, name}, **words;
	struct portbook_error err = {0};
	struct config c;
	int argc = 2, count;

	config_init(&c);
	memcpy(name, word, strlen(word) + 1);
	for (char *at = name; (at = strchr(at, ' ')) != NULL;) {
		*at++ = '\0';
		argv[argc++] = at;
	}
	assert_int_equal(config_parse(&c, span_str(text), "f", &err), 0);
	words = config_arguments(&c, command, argc, argv, &count);
	assert_non_null(words);
	assert_null(words[count]);
	ret[0] = '\0';
	for (int i = 0; i < count; i++) {
		size_t used = strlen(ret);

		snprintf(
		    ret + used, len - used, "%s%s", i > 0 ? " " : "", words[i]);
	}
	config_release(&c);
}

static void test_arguments(void **state)
{
	static const struct {
		int line;
		const char *text;
		unsigned command;
		const char *word, *environment, *all;
	} rows[] = {
	    {__LINE__, "format = csv", COMMAND_LOOKUP, "443", "",
		"portbook --format=csv 443"},
	    {__LINE__, "format = csv", COMMAND_SERVE, "serve", "",
		"portbook serve"},
	    {__LINE__, "listen = a:1", COMMAND_LOOKUP, "443", "",
		"portbook 443"},
	    {__LINE__, "format = csv", COMMAND_LOOKUP, "--format=tsv", "",
		"portbook --format=tsv"},
	    {__LINE__, "sort = name", COMMAND_LIST, "--sort=number", "",
		"portbook --sort=number"},
	    {__LINE__, "quiet = yes", COMMAND_LOOKUP, "-q", "", "portbook -q"},
	    {__LINE__, "registry = a", COMMAND_LOOKUP, "--state=b", "",
		"portbook --state=b"},
	    {__LINE__, "state = a", COMMAND_LOOKUP, "--registry=b", "",
		"portbook --registry=b"},
	    {__LINE__, "registry = a", COMMAND_LOOKUP, "443", "b",
		"portbook 443"},
	    {__LINE__, "state = a", COMMAND_LOOKUP, "443", "b", "portbook 443"},
	    {__LINE__, "state = a\nquiet = yes", COMMAND_UPDATE, "update", "",
		"portbook --state=a --quiet update"},
	    /* Keys of rows where there are none, and what a file is of. */
	    {__LINE__, "format = csv", COMMAND_STATUS, "status", "",
		"portbook status"},
	    {__LINE__, "format = json", COMMAND_STATUS, "status", "",
		"portbook --format=json status"},
	    {__LINE__, "format = csv", COMMAND_LOOKUP, "--json", "",
		"portbook --json"},
	    {__LINE__, "json = yes", COMMAND_LOOKUP, "--format=csv", "",
		"portbook --format=csv"},
	    {__LINE__, "json = yes\nformat = csv", COMMAND_LOOKUP, "443", "",
		"portbook --format=csv 443"},
	    {__LINE__, "registry = a", COMMAND_CHECK, "check", "",
		"portbook --registry=a check"},
	    {__LINE__, "registry = a\nas-of = 2020-01-01", COMMAND_CHECK,
		"check f", "", "portbook check f"},
	    {__LINE__, "as-of = 2020-01-01", COMMAND_DIFF, "diff a b", "",
		"portbook diff a b"},
	    {__LINE__, "baseline = a", COMMAND_CHECK, "--all", "",
		"portbook --all"},
	    {__LINE__, "all = yes", COMMAND_CHECK, "--baseline=b", "",
		"portbook --baseline=b"},
	    {__LINE__, "all = yes", COMMAND_LOG, "log 443", "",
		"portbook --all log 443"},
	    {__LINE__, "registry = a\nkind = history\nquiet = yes",
		COMMAND_CHECK, "check --explain list", "",
		"portbook --quiet check --explain list"},
	    {__LINE__, "registry = a\nkind = history\njson = yes",
		COMMAND_CHECK, "check --write-baseline -", "",
		"portbook --registry=a check --write-baseline -"},
	    {__LINE__, "no-header = yes", COMMAND_ANNOTATE, "--header", "",
		"portbook --header"},
	};
	char all[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("PORTBOOK_REGISTRY", rows[i].environment, 1);
		arguments(rows[i].text, rows[i].command, rows[i].word, all,
		    sizeof(all));
		if (strcmp(all, rows[i].all) != 0)
			fail_msg("row of line %d: %s", rows[i].line, all);
	}
	unsetenv("PORTBOOK_REGISTRY");
}

static void put(const char *root, const char *path, const char *text)
{
	char name[512];
	FILE *f;

	snprintf(name, sizeof(name), "%s%s", root, path);
	for (char *c = name + strlen(root) + 1; *c != '\0'; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		mkdir(name, 0700);
		*c = '/';
	}
	f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* Loads what is below root; the format that comes of it. */
static const char *load(const char *root, char *ret, size_t len)
{
	struct portbook_error err = {0};
	struct config c;

	config_init(&c);
	if (config_load(&c, root, &err) < 0)
		snprintf(ret, len, "%s:%u: %s", err.source + strlen(root),
		    (unsigned)err.line, err.text);
	else
		snprintf(ret, len, "%s", word_of(&c, "format"));
	config_release(&c);
	return ret;
}

/* Each file that is added says more than those before it. */
static void test_files(void **state)
{
	static const char drop_in[] = "/etc/portbook/portbook.conf.d/";
	char root[] = "/tmp/portbook-config-XXXXXX", home[256], path[256];
	char said[512];

	(void)state;
	assert_non_null(mkdtemp(root));
	unsetenv("XDG_CONFIG_HOME");
	snprintf(home, sizeof(home), "%s/home", root);
	setenv("HOME", home, 1);
	assert_string_equal(load(root, said, sizeof(said)), "");
	put(root, "/usr/lib/portbook/portbook.conf", "format = csv\n");
	assert_string_equal(load(root, said, sizeof(said)), "--format=csv");
	put(root, "/etc/portbook/portbook.conf", "format = tsv\n");
	assert_string_equal(load(root, said, sizeof(said)), "--format=tsv");
	snprintf(path, sizeof(path), "%s20-b.conf", drop_in);
	put(root, path, "format = json\n");
	assert_string_equal(load(root, said, sizeof(said)), "--format=json");
	snprintf(path, sizeof(path), "%s10-a.conf", drop_in);
	put(root, path, "format = jsonl\n");
	snprintf(path, sizeof(path), "%s30-c.conf.bak", drop_in);
	put(root, path, "nonsense\n");
	assert_string_equal(load(root, said, sizeof(said)), "--format=json");
	put(root, "/home/.config/portbook/portbook.conf", "format = table\n");
	assert_string_equal(load(root, said, sizeof(said)), "--format=table");
	snprintf(home, sizeof(home), "%s/xdg", root);
	setenv("XDG_CONFIG_HOME", home, 1);
	assert_string_equal(load(root, said, sizeof(said)), "--format=json");
	put(root, "/xdg/portbook/portbook.conf", "\nformt = table\n");
	assert_string_equal(load(root, said, sizeof(said)),
	    "/xdg/portbook/portbook.conf:2: no key is called formt; format is");
	snprintf(path, sizeof(path), "rm -rf %s", root);
	assert_int_equal(system(path), 0);
}

static void test_no_memory(void **state)
{
	static const char text[] = "format = csv\nregistry = a\nquiet = yes\n";
	struct portbook_error err;
	struct config c;
	int code = -1;

	(void)state;
	for (size_t n = 1; n < 100 && code < 0; n++) {
		config_init(&c);
		mem_fail_from(n);
		code = config_parse(&c, span_str(text), "f", &err);
		mem_fail_from(0);
		assert_true(code == 0 || code == PORTBOOK_ENOMEM);
		config_release(&c);
	}
	assert_int_equal(code, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_wrong_lines),
	    cmocka_unit_test(test_arguments),
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
