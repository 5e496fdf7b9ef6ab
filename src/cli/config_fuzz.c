/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as portbook.conf.  What is taken is one word an option, written
 * as a shell would have it, and the words of a file read twice are the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void need(bool good)
{
	if (!good)
		abort();
}

static void check_word(size_t n, const char *word)
{
	struct cli_option o;
	size_t name;

	need(cli_option_at(n, &o));
	name = strlen(o.name);
	need(strncmp(word, "--", 2) == 0);
	need(strncmp(word + 2, o.name, name) == 0);
	need(word[2 + name] == (o.takes_value ? '=' : '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of((const char *)data, len);
	struct portbook_error err = {0}, again = {0};
	struct config c, twice;
	int code;

	config_init(&c);
	config_init(&twice);
	code = config_parse(&c, text, "fuzz", &err);
	need(config_parse(&twice, text, "fuzz", &again) == code);
	need(code == 0 || (err.line > 0 && err.line == again.line));
	for (size_t i = 0; i < CONFIG_KEYS_MAX; i++) {
		need((c.words[i] == NULL) == (twice.words[i] == NULL));
		if (c.words[i] == NULL)
			continue;
		need(strcmp(c.words[i], twice.words[i]) == 0);
		check_word(i, c.words[i]);
	}
	config_release(&c);
	config_release(&twice);
	return 0;
}
