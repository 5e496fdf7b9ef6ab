/* SPDX-License-Identifier: ISC */
#include "base/ascii.h"
#include "base/error.h"
#include "cli/command.h"
#include "cli/page.h"
#include "image/events.h"
#include "terms/rich.h"
#include "write/csv.h"
#include "write/json.h"
#include "base/banned.h"

#define NEAR_SHOWN 5

static struct span id_of(const struct image *image, size_t n)
{
	return image_text(image, image->people[n].text[PERSON_ID]);
}

/* The person of that id at the version asked; IMAGE_NONE if none. */
static uint32_t find(const struct cli *cli, struct span id)
{
	const struct image *image = &cli->image;

	uint32_t now = image_by_person(image, id);
	struct image_numbers past = image_past_by_person(image, id);

	if (now != IMAGE_NONE &&
	    image_person_is_in(&image->people[now], cli->version))
		return now;
	for (size_t i = 0; i < past.count; i++) {
		const struct image_person *person =
		    image_person(image, le32(past.at[i]));

		if (person != NULL && image_person_is_in(person, cli->version))
			return le32(past.at[i]);
	}
	return IMAGE_NONE;
}

static bool names(
    const struct image *image, const struct image_row *row, uint32_t person)
{
	struct image_numbers list = image_list(image, &row->people);

	for (size_t i = 0; i < list.count; i++)
		if (le32(list.at[i]) == person)
			return true;
	return false;
}

/* Rows of the version that refer to the person, into cli->rows. */
static size_t find_rows(struct cli *cli, uint32_t person)
{
	struct search_query all;
	size_t total, count = 0, n;

	if (search_parse(SPAN(""), &all, NULL) < 0)
		return 0;
	n = search_run(&cli->image, &all, cli->version, 0, cli->rows,
	    cli->image.row_count, &total, cli->scratch);
	for (size_t i = 0; i < n; i++)
		if (names(&cli->image, &cli->image.rows[cli->rows[i]], person))
			cli->rows[count++] = cli->rows[i];
	return count;
}

/*
 * Whether the id has the word in it, whatever the case; a blank of the word
 * stands for the underscore that ids have there: "Jesse Gross".
 */
static bool is_like(struct span id, struct span word)
{
	for (size_t at = 0; word.len > 0 && at + word.len <= id.len; at++) {
		size_t n = 0;

		while (
		    n < word.len &&
		    ascii_lower(id.ptr[at + n]) ==
			(word.ptr[n] == ' ' ? '_' : ascii_lower(word.ptr[n])))
			n++;
		if (n == word.len)
			return true;
	}
	return false;
}

/* Ids that have the word in them. */
static void hint(struct cli *cli, struct span id)
{
	struct buf *b = &cli->talk;
	size_t shown = 0;

	buf_str(b, "portbook: ");
	cli_put_text(b, id);
	buf_str(b, ": no such person\n");
	for (size_t n = 0; n < cli->image.current_people; n++) {
		struct span other = id_of(&cli->image, n);

		if (!is_like(other, id))
			continue;
		buf_str(b, shown == 0 ? "  like it: " : ", ");
		cli_put_text(b, other);
		if (++shown == NEAR_SHOWN)
			break;
	}
	if (shown > 0)
		buf_char(b, '\n');
}

static void put_block(struct cli *cli, const struct image_person *person)
{
	struct person_text text;
	struct buf plain;

	image_person_text(&cli->image, person, &text);
	cli_put_text(&cli->out, text.at[PERSON_ID]);
	buf_char(&cli->out, '\n');
	table_field(&cli->out, "name", text.at[PERSON_NAME], &cli->style);
	table_field(
	    &cli->out, "organization", text.at[PERSON_ORG], &cli->style);
	buf_init(&plain);
	rich_plain(&plain, text.at[PERSON_URIS]);
	table_field(&cli->out, "uris", buf_span(&plain), &cli->style);
	buf_release(&plain);
	table_field(&cli->out, "updated", text.at[PERSON_UPDATED], &cli->style);
	buf_char(&cli->out, '\n');
}

static int put_json(struct cli *cli, struct span id, uint32_t person,
    size_t count, struct portbook_error *err)
{
	struct buf *b = &cli->out;
	int code;

	cli_put_json_head(cli);
	buf_str(b, ", \"id\": ");
	json_text(b, id);
	buf_str(b, ", \"found\": ");
	buf_str(b, person != IMAGE_NONE ? "true" : "false");
	buf_str(b, ", \"person\": ");
	if (person != IMAGE_NONE)
		json_person(b, &cli->image, &cli->image.people[person]);
	else
		buf_str(b, "null");
	buf_str(b, ", \"records\": ");
	json_records(b, &cli->image, cli->rows, count, cli->version);
	code = cli_put_people(cli, cli->rows, count, err);
	buf_str(b, "}\n");
	return code;
}

int command_person(struct cli *cli, struct portbook_error *err)
{
	struct span id = span_str(cli->words[0]);
	uint32_t person = find(cli, id);
	size_t count = person != IMAGE_NONE ? find_rows(cli, person) : 0;
	int code = 0;

	if (id.len == 0)
		return error_set(
		    err, PORTBOOK_EUSAGE, 0, "the ID of the person is empty");
	if (cli->format == CLI_CSV || cli->format == CLI_TSV)
		csv_header(
		    &cli->out, cli->format == CLI_CSV ? CSV_COMMA : CSV_TAB);
	if (cli->format == CLI_JSON)
		code = put_json(cli, id, person, count, err);
	else if (cli->format == CLI_TABLE && person != IMAGE_NONE)
		put_block(cli, &cli->image.people[person]);
	if (cli->format != CLI_JSON)
		code = cli_put_rows(cli, cli->rows, count, err);
	if (code < 0)
		return code;
	if (person == IMAGE_NONE && !cli->quiet)
		hint(cli, id);
	if (!cli->quiet)
		cli_tell_registry(cli);
	return person != IMAGE_NONE ? CLI_FOUND : CLI_NOT_FOUND;
}
