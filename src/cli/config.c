/* SPDX-License-Identifier: ISC */
/*
 *	file  = {line "\n"}
 *	line  = "" | "#" text | key "=" value
 *	key   = a long option, without its hyphens
 *	value = text | "yes" | "no" | ""
 *
 * Blanks around keys and values do not count.  An option without a value is
 * "yes" or "no"; nothing behind "=" takes back what another file said.
 */
#include "cli/config.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/command.h"
#include "search/search.h"
#include "base/banned.h"

#define NEAR 2 /* letters by which a slip may differ */

void config_init(struct config *c)
{
	*c = (struct config){.argv = NULL};
}

void config_release(struct config *c)
{
	for (size_t i = 0; i < CONFIG_KEYS_MAX; i++) {
		mem_release(c->words[i]);
		mem_release(c->files[i]);
	}
	mem_release(c->argv);
	config_init(c);
}

/* Options that answer instead of the command are none to be always there. */
static bool is_key(const struct cli_option *o)
{
	return strcmp(o->name, "help") != 0 && strcmp(o->name, "version") != 0;
}

/* The number of a key; false if there is none of that name. */
static bool find(struct span name, size_t *n, struct cli_option *ret)
{
	for (*n = 0; *n < CONFIG_KEYS_MAX && cli_option_at(*n, ret); ++*n)
		if (is_key(ret) && span_eq(span_str(ret->name), name))
			return true;
	return false;
}

static int no_key(struct span name, struct portbook_error *err)
{
	const char *nearest = NULL;
	unsigned least = NEAR + 1;
	struct cli_option o;

	if (span_starts(name, SPAN("--")))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a key has no hyphens before it: write %.*s",
		    SPAN_FMT(span_head(span_skip(name, 2), 40)));
	if (name.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a line is KEY = VALUE, and the key is missing in this "
		    "one");
	for (size_t i = 0; cli_option_at(i, &o); i++) {
		unsigned d = search_distance(name, span_str(o.name));

		if (d < least && d < name.len && is_key(&o)) {
			least = d;
			nearest = o.name;
		}
	}
	if (nearest == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "no key is called %.*s; portbook.conf(5) tells which "
		    "there are",
		    SPAN_FMT(span_head(name, 40)));
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "no key is called %.*s; %s is", SPAN_FMT(span_head(name, 40)),
	    nearest);
}

static bool steers(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\t')
			return true;
	return false;
}

static void forget(struct config *c, size_t n)
{
	mem_release(c->words[n]);
	mem_release(c->files[n]);
	c->words[n] = NULL;
	c->files[n] = NULL;
}

/* Keeps where the word of option n stands. */
static int note_place(struct config *c, size_t n, const char *source,
    uint64_t line, struct portbook_error *err)
{
	size_t len = strlen(source) + 1;

	c->files[n] = mem_alloc(len, 1);
	if (c->files[n] == NULL) {
		forget(c, n);
		return error_nomem(err);
	}
	memcpy(c->files[n], source, len);
	c->lines[n] = line;
	return 0;
}

void config_blame(
    const struct config *c, const char *value, struct portbook_error *err)
{
	uintptr_t at = (uintptr_t)value;

	for (size_t i = 0; c != NULL && value != NULL && i < CONFIG_KEYS_MAX;
	     i++) {
		uintptr_t word = (uintptr_t)c->words[i];

		if (c->files[i] == NULL || at < word ||
		    at > word + strlen(c->words[i]))
			continue;
		if (err->source[0] != '\0')
			error_prefix(err, "%s", err->source);
		error_locate(err, c->files[i], c->lines[i], 0);
		return;
	}
}

/* Of two keys that say one thing the later is what counts. */
static void forget_rival(struct config *c, const char *name)
{
	const char *rival = config_rival(name);
	struct cli_option o;
	size_t n;

	if (rival != NULL && find(span_str(rival), &n, &o))
		forget(c, n);
}

/* "--name=value", or "--name"; NULL if memory ran out. */
static char *make_word(const struct cli_option *o, struct span value)
{
	struct buf b;

	buf_init(&b);
	buf_printf(&b, "--%s", o->name);
	if (o->takes_value) {
		buf_char(&b, '=');
		buf_add(&b, value);
	}
	buf_char(&b, '\0');
	if (buf_failed(&b)) {
		buf_release(&b);
		return NULL;
	}
	return b.ptr;
}

/*
 * Whether portbook understands a word.  What is another program's to read is
 * told by that when it is run.
 */
static int try_word(
    const struct cli_option *o, char *word, struct portbook_error *err)
{
	char program[] = "portbook", name[16];
	char *argv[] = {program, name, word, NULL};
	struct cli cli = {.argc = 3, .argv = argv};
	int code;

	for (size_t i = 0; i < command_count; i++) {
		size_t len = strlen(commands[i].name);

		if ((commands[i].bit & o->commands) == 0 ||
		    commands[i].program != NULL || len >= sizeof(name))
			continue;
		memcpy(name, commands[i].name, len + 1);
		code = cli_parse(&cli, err);
		mem_release(cli.words);
		return code;
	}
	return 0;
}

static int set(struct config *c, size_t n, const struct cli_option *o,
    struct span value, struct portbook_error *err)
{
	bool yes = span_eq(value, SPAN("yes"));
	bool none =
	    value.len == 0 || (!o->takes_value && span_eq(value, SPAN("no")));
	char *word;
	int code;

	if (!o->takes_value && !yes && !none)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%s is yes or no, not %.*s", o->name,
		    SPAN_FMT(span_head(value, 40)));
	if (none) {
		forget(c, n);
		return 0;
	}
	word = make_word(o, value);
	if (word == NULL)
		return error_nomem(err);
	code = try_word(o, word, err);
	if (code < 0) {
		mem_release(word);
		return code;
	}
	forget(c, n);
	forget_rival(c, o->name);
	c->words[n] = word;
	return 0;
}

static int take_line(struct config *c, struct span line, const char *source,
    uint64_t number, struct portbook_error *err)
{
	size_t equals = span_find_char(line, 0, '='), n;
	int code;
	struct span name = span_trim(span_head(line, equals));
	struct cli_option o;

	line = span_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return 0;
	if (steers(line))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a control character is in this line");
	if (span_eq(name, line))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a line is KEY = VALUE, and there is no = in this one");
	if (!find(name, &n, &o))
		return no_key(name, err);
	code = set(c, n, &o,
	    span_trim(
		span_skip(line, (size_t)(span_find_char(line, 0, '=') + 1))),
	    err);
	return code < 0 || c->words[n] == NULL
		   ? code
		   : note_place(c, n, source, number, err);
}

int config_parse(struct config *c, struct span text, const char *source,
    struct portbook_error *err)
{
	if (span_starts(text, SPAN("\xef\xbb\xbf"))) /* a byte order mark */
		text = span_skip(text, 3);
	for (uint64_t line = 1; text.len > 0; line++) {
		int code =
		    take_line(c, span_cut(&text, '\n'), source, line, err);

		if (code < 0) {
			error_locate(err, source, line, 0);
			return code;
		}
	}
	return 0;
}

int config_take(struct config *c, unsigned command, int *argc, char ***argv,
    struct portbook_error *err)
{
	int code = config_load(c, "", err), count;
	char **words;

	if (code < 0 || *argc < 1)
		return code;
	words = config_arguments(c, command, *argc, *argv, &count);
	if (words == NULL)
		return error_nomem(err);
	*argc = count;
	*argv = words;
	return 0;
}
