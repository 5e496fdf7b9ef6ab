/* SPDX-License-Identifier: ISC */
/*
 * complete -- portbook WORD... LAST: what LAST may become, for shells.  A line
 * is a candidate, a tab and what it is.  Exit status 1: the shell's own files.
 *
 * Whatever goes wrong, there are fewer candidates and no word of complaint.
 */
#include <string.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/where.h"
#include "diag/diag.h"
#include "search/history.h"
#include "terms/fields.h"
#include "terms/protocol.h"
#include "write/format.h"
#include "write/record.h"
#include "base/banned.h"

#define NAMES_MAX 5000	 /* that are told */
#define DESCRIBED_MAX 60 /* bytes of a description */

struct completion {
	struct cli *cli;
	int count;    /* words before the last */
	char **words; /* the program first */
	struct span last;
	struct span before; /* of last, which candidates keep: "tcp," */
	const struct command *command; /* NULL: none yet */
	bool files;
};

static void put(struct completion *c, struct span word, struct span about)
{
	struct buf *b = &c->cli->out;

	buf_add(b, c->before);
	record_clean(b, word, SPAN(" "));
	buf_char(b, '\t');
	record_clean(b, span_head(about, DESCRIBED_MAX), SPAN(" "));
	buf_char(b, '\n');
}

static bool fits(const struct completion *c, struct span word)
{
	return word.len >= c->last.len &&
	       span_eq_fold(span_head(word, c->last.len), c->last);
}

/* Whether the list before the last word has this one already. */
static bool is_listed(const struct completion *c, struct span word)
{
	struct span rest = c->before, one;

	if (span_find_char(rest, 0, ',') == rest.len)
		return false;
	span_cut(&rest, '=');
	if (rest.len == 0)
		rest = c->before;
	while (rest.len > 0) {
		one = span_cut(&rest, ',');
		if (span_eq_fold(one, word))
			return true;
	}
	return false;
}

static void offer(struct completion *c, struct span word, struct span about)
{
	if (fits(c, word) && !is_listed(c, word))
		put(c, word, about);
}

static void offer_all(struct completion *c, const char *const *words)
{
	for (; *words != NULL; words++)
		offer(c, span_str(*words), SPAN(""));
}

/* Candidates are for what stands behind the last such character. */
static void split_at(struct completion *c, char mark)
{
	size_t at = c->last.len;

	while (at > 0 && c->last.ptr[at - 1] != mark)
		at--;
	c->before =
	    (struct span){c->before.len > 0 ? c->before.ptr : c->last.ptr,
		c->before.len + at};
	c->last = span_skip(c->last, at);
}

/* Candidates are one of several, parted by commas. */
static void split_list(struct completion *c)
{
	split_at(c, ',');
}

/*
 * The registry that the words name, or the usual one; false where there is no
 * image of it: nothing is built for a completion.
 */
static bool open_registry(struct completion *c)
{
	struct portbook_error ignored;
	struct cli *cli = c->cli;

	cli->registry = cli_find_option(c->count, c->words, "registry");
	cli->state = cli_find_option(c->count, c->words, "state");
	return cli_named_source(cli) == NULL &&
	       cli_open_registry(cli, &ignored) == 0;
}

static void offer_name(struct completion *c, const struct image_name *name)
{
	const struct image *image = &c->cli->image;
	struct image_numbers rows = image_list(image, &name->rows);
	const struct image_row *row;
	struct buf about;

	if (rows.count == 0)
		return;
	row = image_row(image, le32(rows.at[0]));
	if (row == NULL)
		return;
	buf_init(&about);
	record_plain(&about, image, row, FIELD_DESCRIPTION);
	put(c, span_trim(image_text(image, row->text[FIELD_NAME])),
	    buf_span(&about));
	c->cli->out.failed |= buf_failed(&about);
	buf_release(&about);
}

static void offer_protocols(struct completion *c)
{
	for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
		offer(c, protocol_name((enum protocol)i), SPAN(""));
}

/* Without a letter they would be all names. */
static void offer_names(struct completion *c)
{
	const struct image *image = &c->cli->image;
	size_t told = 0;

	if (c->last.len == 0 || !open_registry(c))
		return;
	for (size_t i = 0; i < image->name_count && told < NAMES_MAX; i++) {
		const struct image_name *name = &image->names[i];

		if (!fits(c, image_text(image, name->name)))
			continue;
		offer_name(c, name);
		told++;
	}
}

/* Behind a slash is a transport, where no name has one. */
static void offer_queries(struct completion *c)
{
	offer_names(c);
	if (span_find_char(c->last, 0, '/') == c->last.len)
		return;
	split_at(c, '/');
	offer_protocols(c);
}

static void offer_people(struct completion *c)
{
	const struct image *image = &c->cli->image;
	size_t told = 0;

	if (c->last.len == 0 || !open_registry(c))
		return;
	for (size_t i = 0; i < image->current_people && told < NAMES_MAX; i++) {
		struct person_text text;

		image_person_text(image, &image->people[i], &text);
		if (!fits(c, text.at[PERSON_ID]))
			continue;
		put(c, text.at[PERSON_ID], text.at[PERSON_NAME]);
		told++;
	}
}

/* The newest first. */
static void offer_versions(struct completion *c)
{
	const struct image *image = &c->cli->image;

	if (!open_registry(c))
		return;
	for (size_t i = image->version_count; i > 0; i--) {
		struct buf name;

		buf_init(&name);
		history_version_name(&name, image, (uint32_t)(i - 1));
		offer(c, buf_span(&name), SPAN(""));
		buf_release(&name);
	}
}

static void offer_formats(struct completion *c)
{
	for (size_t i = 0; i < format_count; i++)
		offer(c, span_str(formats[i].name), span_str(formats[i].does));
}

static void offer_columns(struct completion *c)
{
	split_list(c);
	for (unsigned i = 0; i < COLUMN_COUNT; i++)
		offer(c, column_key((enum column)i), SPAN(""));
}

static void offer_transports(struct completion *c)
{
	split_list(c);
	offer_protocols(c);
}

static void offer_output(struct completion *c)
{
	static const char *const rows[] = {
	    "table", "csv", "tsv", "json", "jsonl", NULL};
	static const char *const objects[] = {"table", "json", NULL};
	unsigned bit = c->command != NULL ? c->command->bit : 0;

	offer_all(c, (bit & COMMAND_OBJECTS) != 0 ? objects : rows);
	if (bit == COMMAND_SUGGEST)
		offer(c, SPAN("plain"), SPAN("the numbers alone"));
}

static void offer_colours(struct completion *c)
{
	static const char *const words[] = {"auto", "always", "never", NULL};

	offer_all(c, words);
}

static void offer_kinds(struct completion *c)
{
	static const char *const words[] = {
	    "violation", "bookkeeping", "history", "information", NULL};

	split_list(c);
	offer_all(c, words);
}

static void offer_added(struct completion *c)
{
	static const char *const words[] = {
	    "state", "class", "description", "port", NULL};

	split_list(c);
	offer_all(c, words);
}

static void offer_inputs(struct completion *c)
{
	static const char *const words[] = {
	    "csv", "tsv", "space", "jsonl", NULL};

	offer_all(c, words);
}

/* With the sign that most conditions have; one may stand there twice. */
static void offer_conditions(struct completion *c)
{
	const char *name;

	split_list(c);
	for (size_t i = 0; (name = where_field_name(i)) != NULL; i++) {
		struct buf word;

		buf_init(&word);
		buf_printf(&word, "%s=", name);
		offer(c, buf_span(&word), SPAN(""));
		buf_release(&word);
	}
}

/* What check explains; suggest takes a port there. */
static void offer_explained(struct completion *c)
{
	if (c->command == NULL || c->command->bit != COMMAND_CHECK)
		return;
	offer(c, SPAN("list"), SPAN("every rule"));
	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++) {
		const struct finding_rule *rule =
		    finding_rule((enum finding_code)i);

		offer(c, span_str(rule->name), span_str(rule->text));
	}
}

static void offer_files(struct completion *c)
{
	c->files = true;
}

/* Options whose value is known; of others there is nothing to say. */
static const struct {
	struct span name;
	void (*offer)(struct completion *c);
} values[] = {
    {SPAN_INIT("add"), offer_added},
    {SPAN_INIT("as-of"), offer_versions},
    {SPAN_INIT("since"), offer_versions},
    {SPAN_INIT("assume"), offer_transports},
    {SPAN_INIT("avoid"), offer_files},
    {SPAN_INIT("baseline"), offer_files},
    {SPAN_INIT("color"), offer_colours},
    {SPAN_INIT("explain"), offer_explained},
    {SPAN_INIT("for"), offer_transports},
    {SPAN_INIT("format"), offer_output},
    {SPAN_INIT("frequencies"), offer_files},
    {SPAN_INIT("from"), offer_files},
    {SPAN_INIT("input"), offer_inputs},
    {SPAN_INIT("kind"), offer_kinds},
    {SPAN_INIT("output"), offer_files},
    {SPAN_INIT("registry"), offer_files},
    {SPAN_INIT("sort"), offer_columns},
    {SPAN_INIT("state"), offer_files},
    {SPAN_INIT("to"), offer_formats},
    {SPAN_INIT("where"), offer_conditions},
    {SPAN_INIT("write-baseline"), offer_files},
};

/* What stands behind a command. */
static const struct {
	unsigned commands;
	void (*offer)(struct completion *c);
} arguments[] = {
    {COMMAND_LOOKUP | COMMAND_LOG, offer_queries},
    {COMMAND_CHECK_NAME, offer_names},
    {COMMAND_PERSON, offer_people},
    {COMMAND_DIFF, offer_versions},
    {COMMAND_CONVERT | COMMAND_VERIFY | COMMAND_CHECK | COMMAND_PUBLISH |
	    COMMAND_IMPORT | COMMAND_ANNOTATE,
	offer_files},
};

static void offer_value(struct completion *c, const char *name)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (span_eq(values[i].name, span_str(name)))
			values[i].offer(c);
}

static void offer_options(struct completion *c)
{
	unsigned bits =
	    c->command != NULL ? c->command->bit : (unsigned)COMMAND_ALL;
	struct cli_option o;

	for (size_t i = 0; cli_option_at(i, &o); i++) {
		struct buf word;

		if ((o.commands & bits) == 0)
			continue;
		buf_init(&word);
		buf_printf(&word, "--%s", o.name);
		offer(c, buf_span(&word), span_str(o.help));
		buf_release(&word);
	}
}

static void offer_commands(struct completion *c)
{
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].does != NULL)
			offer(c, span_str(commands[i].name),
			    span_str(commands[i].does));
}

static void offer_arguments(struct completion *c)
{
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++)
		if ((arguments[i].commands & c->command->bit) != 0)
			arguments[i].offer(c);
}

/* The option whose value the last word is; false if it is a word itself. */
static bool find_option(struct completion *c, struct cli_option *ret)
{
	struct span word, name;

	/* Bash parts "--format=js" into three words. */
	if (span_eq(c->last, SPAN("=")))
		c->last = SPAN("");
	else if (c->count > 1 && strcmp(c->words[c->count - 1], "=") == 0)
		c->count--;
	if (c->count < 2)
		return false;
	word = span_str(c->words[c->count - 1]);
	name = span_starts(word, SPAN("--")) ? span_skip(word, 2) : SPAN("");
	for (size_t i = 0; cli_option_at(i, ret); i++) {
		if (!ret->takes_value)
			continue;
		if (span_eq(name, span_str(ret->name)) ||
		    (ret->letter != 0 && word.len == 2 && word.ptr[0] == '-' &&
			word.ptr[1] == ret->letter))
			return true;
	}
	return false;
}

/* "--format=js" as one word, as shells have it that do not part it. */
static bool split_option(struct completion *c, struct cli_option *ret)
{
	size_t equals = span_find_char(c->last, 0, '=');
	struct span name = span_skip(span_head(c->last, equals), 2);

	if (!span_starts(c->last, SPAN("--")) || equals == c->last.len)
		return false;
	for (size_t i = 0; cli_option_at(i, ret); i++) {
		if (!span_eq(name, span_str(ret->name)))
			continue;
		c->before = span_head(c->last, equals + 1);
		c->last = span_skip(c->last, equals + 1);
		return true;
	}
	return false;
}

static void find_command(struct completion *c)
{
	const char *first = cli_first_word(c->count, c->words);

	if (first == NULL)
		return;
	c->command = command_find(span_str(first));
	if (c->command == NULL)
		c->command = &commands[0]; /* a query */
}

int command_complete(struct cli *cli, struct portbook_error *err)
{
	struct completion c = {
	    .cli = cli,
	    .count = (int)cli->word_count - 1,
	    .words = cli->words,
	    .last = span_str(cli->words[cli->word_count - 1]),
	    .before = SPAN(""),
	};
	struct cli_option option;

	(void)err;
	find_command(&c);
	if (find_option(&c, &option) || split_option(&c, &option)) {
		offer_value(&c, option.name);
	} else if (span_starts(c.last, SPAN("-"))) {
		offer_options(&c);
	} else if (c.command == NULL) {
		offer_commands(&c);
		offer_queries(&c);
	} else {
		offer_arguments(&c);
	}
	return c.files ? CLI_NOT_FOUND : CLI_FOUND;
}
