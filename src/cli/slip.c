/* SPDX-License-Identifier: ISC */
/* What to say of an option that a command does not have. */
#include "base/error.h"
#include "cli/command.h"
#include "search/search.h"
#include "base/banned.h"

#define NEAR 2	     /* letters by which a slip may differ */
#define SHOWN_MAX 40 /* bytes of what was written */
#define LIST_MAX 200

/* How far what was written is from an option: one that is cut short is near. */
static unsigned distance(struct span written, struct span name)
{
	if (written.len >= 3 && span_starts(name, written))
		return 0;
	return search_distance(written, name);
}

/* The nearest option of a command, or NULL. */
static const char *nearest(const struct command *command, struct span written)
{
	const char *ret = NULL;
	unsigned least = NEAR + 1;
	struct cli_option o;

	for (size_t i = 0; cli_option_at(i, &o); i++) {
		unsigned d = distance(written, span_str(o.name));

		if ((o.commands & command->bit) == 0 || d >= least ||
		    d >= written.len)
			continue;
		least = d;
		ret = o.name;
	}
	return ret;
}

/* "--state, --quiet, --help" */
static void list(struct buf *b, const struct command *command)
{
	struct cli_option o;

	for (size_t i = 0; cli_option_at(i, &o); i++) {
		if ((o.commands & command->bit) == 0)
			continue;
		buf_str(b, b->len > 0 ? ", --" : "--");
		buf_str(b, o.name);
	}
}

int cli_no_option(
    const struct command *command, const char *text, struct portbook_error *err)
{
	struct span word = span_str(text), name;
	char storage[LIST_MAX];
	const char *near;
	struct buf all;

	word = span_head(word, span_find_char(word, 0, '='));
	if (!span_starts(word, SPAN("--")) && command->most > 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%s takes no %.*s; put -- before a word that begins with "
		    "a hyphen",
		    command->name, SPAN_FMT(span_head(word, SHOWN_MAX)));
	name = span_starts(word, SPAN("--")) ? span_skip(word, 2) : SPAN("");
	near = nearest(command, name);
	if (near != NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "%s takes no %.*s; did you mean --%s?", command->name,
		    SPAN_FMT(span_head(word, SHOWN_MAX)), near);
	buf_init_fixed(&all, storage, sizeof(storage));
	list(&all, command);
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "%s takes no %.*s; it takes %.*s", command->name,
	    SPAN_FMT(span_head(word, SHOWN_MAX)), SPAN_FMT(buf_span(&all)));
}
