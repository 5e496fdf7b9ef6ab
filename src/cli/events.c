/* SPDX-License-Identifier: ISC */
#include "cli/events.h"

#include "base/error.h"
#include "base/mem.h"
#include "write/event.h"
#include "write/json.h"
#include "base/banned.h"

#define FLUSH_LEN ((size_t)1 << 20)

static void put_version(struct cli *cli, const char *name, uint32_t version)
{
	struct buf text;

	buf_init(&text);
	history_version_name(&text, &cli->image, version);
	buf_str(&cli->out, name);
	json_text_or_null(&cli->out, buf_span(&text));
	buf_release(&text);
}

static void put_json_head(struct cli *cli, const struct cli_events *e)
{
	struct buf *b = &cli->out;
	uint64_t pages = search_page_count(e->total);

	cli_put_json_head(cli);
	if (e->query.ptr != NULL) {
		buf_str(b, ", \"query\": ");
		json_text(b, e->query);
	}
	put_version(cli, ", \"from\": ", e->from);
	put_version(cli, ", \"to\": ", e->to);
	buf_str(b, ", \"total\": ");
	buf_u64(b, e->total);
	buf_str(b, ", \"next\": ");
	if (e->page > 0 && e->page < pages)
		buf_u64(b, e->page + 1);
	else
		buf_str(b, "null");
	if (e->query.ptr == NULL)
		return;
	buf_str(b, ", \"since\": ");
	if (e->people)
		json_people(b, &cli->image, e->since, e->since_count);
	else
		json_records(b, &cli->image, e->since, e->since_count, 0);
}

/* The persons that the records before and after refer to. */
static int put_json_people(
    struct cli *cli, const struct cli_events *e, struct portbook_error *err)
{
	uint32_t *rows = mem_alloc(2 * e->count + 1, sizeof(*rows));
	size_t count = 0;
	int code;

	if (rows == NULL)
		return error_nomem(err);
	for (size_t i = 0; i < e->count; i++) {
		if (image_event_is_person(&e->events[i]))
			continue;
		rows[count++] = le32(e->events[i].before);
		rows[count++] = le32(e->events[i].after);
	}
	code = cli_put_people(cli, rows, count, err);
	mem_release(rows);
	return code;
}

static int put_json(
    struct cli *cli, const struct cli_events *e, struct portbook_error *err)
{
	int code = 0;

	put_json_head(cli, e);
	buf_str(&cli->out, ", \"events\": [");
	for (size_t i = 0; code == 0 && i < e->count; i++) {
		buf_str(&cli->out, i > 0 ? ", " : "");
		event_json(&cli->out, &cli->image, &e->events[i]);
		if (cli->out.len > FLUSH_LEN)
			code = cli_flush(cli, err);
	}
	buf_char(&cli->out, ']');
	if (code == 0)
		code = put_json_people(cli, e, err);
	buf_str(&cli->out, "}\n");
	return code;
}

/* What was there before anything that is kept. */
static void put_since(struct cli *cli, const struct cli_events *e)
{
	struct history_version first;
	struct table_widths widths = {0};
	struct buf *b = &cli->out;

	if (e->since_count == 0)
		return;
	history_version(&cli->image, 0, &first);
	buf_str(b, "since before ");
	cli_put_text(b, first.date);
	buf_char(b, '\n');
	for (size_t i = 0; i < e->since_count; i++) {
		const struct image_person *person =
		    image_person(&cli->image, e->since[i]);

		if (!e->people || person == NULL)
			continue;
		table_field(b,
		    "id:", image_text(&cli->image, person->text[PERSON_ID]),
		    &cli->style);
	}
	for (size_t i = 0; !e->people && i < e->since_count; i++)
		table_measure(
		    &cli->image, &cli->image.rows[e->since[i]], &widths);
	for (size_t i = 0; !e->people && i < e->since_count; i++) {
		buf_str(b, "  ");
		table_line(b, &cli->image, &cli->image.rows[e->since[i]],
		    &widths, &cli->style);
	}
}

static void put_one(struct cli *cli, const struct image_event *event)
{
	switch (cli->format) {
	case CLI_CSV:
		event_csv(&cli->out, &cli->image, event, CSV_COMMA);
		break;
	case CLI_TSV:
		event_csv(&cli->out, &cli->image, event, CSV_TAB);
		break;
	case CLI_JSONL:
		event_json(&cli->out, &cli->image, event);
		buf_char(&cli->out, '\n');
		break;
	default:
		event_text(&cli->out, &cli->image, event, &cli->style);
		break;
	}
}

int cli_put_events(
    struct cli *cli, const struct cli_events *e, struct portbook_error *err)
{
	int code = 0;

	if (cli->format == CLI_JSON)
		return put_json(cli, e, err);
	if (cli->format == CLI_CSV || cli->format == CLI_TSV)
		event_csv_header(
		    &cli->out, cli->format == CLI_CSV ? CSV_COMMA : CSV_TAB);
	if (cli->format == CLI_TABLE)
		put_since(cli, e);
	for (size_t i = 0; code == 0 && i < e->count; i++) {
		put_one(cli, &e->events[i]);
		if (cli->out.len > FLUSH_LEN)
			code = cli_flush(cli, err);
	}
	return code;
}
