/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/ascii.h"
#include "cli/command.h"

#include "base/banned.h"

#define NEAR_SHOWN 5

/* "https (443/tcp)" */
static void put_near(struct buf *b, const struct image *image, uint32_t n)
{
	const struct image_row *row = &image->rows[n];

	cli_put_text(b, image_text(image, row->text[FIELD_NAME]));
	if ((row->flags & IMAGE_ROW_NUMBERED) == 0)
		return;
	buf_str(b, " (");
	buf_u64(b, le16(row->first));
	if (row->protocol < PROTOCOL_COUNT) {
		buf_char(b, '/');
		buf_add(b, protocol_name((enum protocol)row->protocol));
	}
	buf_char(b, ')');
}

/*
 * Where a name is, for one that is not on the transport asked for: "53/tcp,
 * 53/udp".  False if there is no such name at all.
 */
static bool hint_elsewhere(struct cli *cli, struct span text, struct span name)
{
	const struct image *image = &cli->image;
	const struct image_name *found = image_by_name(image, name);
	struct buf *b = &cli->talk;
	struct image_numbers rows;

	if (found == NULL)
		return false;
	rows = image_list(image, &found->rows);
	if (rows.count == 0)
		return false;
	cli_put_text(b, text);
	buf_str(b, ": the name is there, but not on that transport\n  it is: ");
	for (size_t i = 0; i < rows.count && i < NEAR_SHOWN; i++) {
		if (le32(rows.at[i]) >= image->row_count)
			break;
		if (i > 0)
			buf_str(b, ", ");
		put_near(b, image, le32(rows.at[i]));
	}
	buf_char(b, '\n');
	return true;
}

/* What is written as no query is: "80,443", "443/icmp", "443:tcp". */
static void hint_form(struct cli *cli, struct span name)
{
	size_t digits = 0;

	while (digits < name.len && ascii_is_digit(name.ptr[digits]))
		digits++;
	if (digits == 0 || digits == name.len)
		return;
	if (name.ptr[digits] == ',')
		buf_str(&cli->talk, "  several ports are several words\n");
	else if (name.ptr[digits] == '/' || name.ptr[digits] == ':')
		buf_str(&cli->talk,
		    "  behind a port stands /tcp, /udp, /sctp or /dccp\n");
}

static void hint_near(struct cli *cli, struct span name)
{
	uint32_t rows[NEAR_SHOWN];
	size_t count = search_near_names(&cli->image, name, rows, NEAR_SHOWN);

	if (count == 0)
		return;
	buf_str(&cli->talk, "  near: ");
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_str(&cli->talk, ", ");
		put_near(&cli->talk, &cli->image, rows[i]);
	}
	buf_char(&cli->talk, '\n');
}

/* A word as it is typed: in quotes where a shell would take it apart. */
static void put_word(struct buf *b, struct span word)
{
	size_t plain = 0;

	while (plain < word.len &&
	       (ascii_is_letter(word.ptr[plain]) ||
		   ascii_is_digit(word.ptr[plain]) ||
		   (word.ptr[plain] & 0x80) != 0 ||
		   memchr("-_.+/:,@%=", word.ptr[plain], 10) != NULL))
		plain++;
	if (span_starts(word, SPAN("-")))
		buf_str(b, "-- ");
	if (plain == word.len) {
		cli_put_text(b, word);
		return;
	}
	buf_char(b, '\'');
	while (word.len > 0) {
		size_t quote = span_find_char(word, 0, '\'');

		cli_put_text(b, span_head(word, quote));
		if (quote < word.len)
			buf_str(b, "'\\''");
		word = span_skip(word, quote + 1);
	}
	buf_char(b, '\'');
}

static void hint_search(struct cli *cli, struct span name)
{
	struct search_query query;
	struct buf *b = &cli->talk;
	size_t total;

	if (search_parse(name, &query, NULL) < 0 || query.term_count == 0)
		return;
	search_run(&cli->image, &query, cli->version, 0, NULL, 0, &total,
	    cli->scratch);
	if (total == 0)
		return;
	buf_str(b, "  in the text of ");
	cli_put_count(b, total);
	buf_str(b, total == 1 ? " record" : " records");
	buf_str(b, ": portbook search ");
	put_word(b, name);
	buf_char(b, '\n');
}

static void hint_command(struct cli *cli, struct span name)
{
	const struct command *best = NULL;
	unsigned least = name.len >= 6 ? 3 : 2;

	if (command_is_planned(name)) {
		buf_printf(&cli->talk, "  portbook %s has no command ",
		    cli->host->version);
		buf_add(&cli->talk, name);
		buf_char(&cli->talk, '\n');
		return;
	}
	for (size_t i = 0; i < command_count; i++) {
		unsigned distance =
		    search_distance(name, span_str(commands[i].name));

		if (distance < least) {
			least = distance;
			best = &commands[i];
		}
	}
	if (best == NULL)
		return;
	buf_str(&cli->talk, "  a command: portbook ");
	buf_str(&cli->talk, best->name);
	buf_char(&cli->talk, '\n');
}

void cli_hint(struct cli *cli, struct span text, struct span name)
{
	buf_str(&cli->talk, "portbook: ");
	name = span_trim(name);
	if (hint_elsewhere(cli, text, name))
		return;
	cli_put_text(&cli->talk, text);
	buf_str(&cli->talk, ": no such service name\n");
	hint_form(cli, name);
	hint_near(cli, name);
	hint_search(cli, name);
	hint_command(cli, name);
}
