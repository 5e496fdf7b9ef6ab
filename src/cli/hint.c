/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "base/ascii.h"
#include "cli/command.h"
#include "image/events.h"
#include "terms/meant.h"

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

/* The places of those rows that stood in the version asked; how many so far. */
static size_t put_places(
    struct cli *cli, struct image_numbers rows, size_t shown)
{
	const struct image *image = &cli->image;

	for (size_t i = 0; i < rows.count && shown < NEAR_SHOWN; i++) {
		uint32_t n = le32(rows.at[i]);

		if (n >= image->row_count ||
		    !image_row_is_in(&image->rows[n], cli->version))
			continue;
		buf_str(&cli->talk, shown++ > 0 ? ", " : "  it is: ");
		put_near(&cli->talk, image, n);
	}
	return shown;
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
	size_t start = b->len, shown = 0;

	cli_put_text(b, text);
	buf_str(b, ": the name is there, but not on that transport\n");
	if (found != NULL)
		shown = put_places(cli, image_list(image, &found->rows), 0);
	if (cli->version != image->version_count - 1)
		shown = put_places(cli, image_past_by_name(image, name), shown);
	if (shown > 0)
		buf_char(b, '\n');
	else if (!buf_failed(b))
		b->len = start;
	return shown > 0;
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

/* Whether the registry has what was meant, or it is a port. */
static bool is_there(struct cli *cli, const struct query *q)
{
	uint32_t row;
	struct match m = {.rows = &row, .cap = 1};

	if (q->kind != QUERY_NAME)
		return true;
	search_lookup(&cli->image, q, cli->version, &m);
	return m.total > 0;
}

/* "10.0.0.1:80", "443tcp", "1-": false if it does not tell. */
static bool hint_meant(struct cli *cli, struct span text)
{
	struct buf *b = &cli->talk;
	struct query q;

	if (!query_meant(text, &q) || !is_there(cli, &q))
		return false;
	buf_str(b, "  perhaps: portbook ");
	if (q.kind == QUERY_NAME)
		put_word(b, q.name);
	else
		buf_u64(b, q.range.first);
	if (q.kind == QUERY_RANGE) {
		buf_char(b, '-');
		buf_u64(b, q.range.last);
	}
	if (q.protocol < PROTOCOL_COUNT) {
		buf_char(b, '/');
		buf_add(b, protocol_name(q.protocol));
	}
	buf_char(b, '\n');
	return true;
}

/* What is written as no query is: "80,443", "443/icmp". */
static void hint_form(struct cli *cli, struct span name)
{
	size_t digits = 0;

	while (digits < name.len && ascii_is_digit(name.ptr[digits]))
		digits++;
	if (digits == 0 || digits == name.len)
		return;
	if (name.ptr[digits] == ',')
		buf_str(&cli->talk,
		    "  write several ports as words: portbook 80 443\n");
	else if (name.ptr[digits] == '/' || name.ptr[digits] == ':')
		buf_str(&cli->talk,
		    "  after a port write /tcp, /udp, /sctp or /dccp\n");
}

static void hint_near(struct cli *cli, struct span name)
{
	uint32_t rows[NEAR_SHOWN];
	size_t count = search_near_names(&cli->image, name, rows, NEAR_SHOWN);

	size_t shown = 0;

	for (size_t i = 0; i < count; i++) {
		/* What is near today may not have been there then. */
		if (!image_row_is_in(&cli->image.rows[rows[i]], cli->version))
			continue;
		buf_str(&cli->talk, shown++ > 0 ? ", " : "  near: ");
		put_near(&cli->talk, &cli->image, rows[i]);
	}
	if (shown > 0)
		buf_char(&cli->talk, '\n');
}

/* A name of other versions has a story. */
static void hint_past(struct cli *cli, struct span name)
{
	if (image_past_by_name(&cli->image, name).count == 0)
		return;
	buf_str(&cli->talk, "  the registry had it once: portbook log ");
	put_word(&cli->talk, name);
	buf_char(&cli->talk, '\n');
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
	if (hint_meant(cli, text))
		return;
	hint_form(cli, name);
	hint_past(cli, name);
	hint_near(cli, name);
	hint_search(cli, name);
	hint_command(cli, name);
}
