/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "cli/command.h"
#include "search/history.h"
#include "write/csv.h"
#include "write/json.h"
#include "base/banned.h"

#define DIGEST_SHOWN 12 /* digits that people read */
#define COUNT_WIDTH 7

static void put_digest(struct buf *b, const uint8_t *digest, size_t digits)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < digits; i++)
		buf_char(b, hex[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15]);
}

static void put_json(struct cli *cli, uint32_t n)
{
	struct buf *b = &cli->out;
	struct history_version v;
	struct buf name;

	history_version(&cli->image, n, &v);
	buf_init(&name);
	history_version_name(&name, &cli->image, n);
	buf_str(b, "{\"id\": ");
	json_text(b, buf_span(&name));
	buf_release(&name);
	buf_str(b, ", \"date\": ");
	json_text_or_null(b, v.date);
	buf_str(b, ", \"digest\": \"");
	put_digest(b, v.digest, 64);
	buf_str(b, "\", \"records\": ");
	buf_u64(b, v.rows);
	buf_str(b, ", \"people\": ");
	buf_u64(b, v.people);
	buf_str(b, ", \"events\": {");
	for (unsigned k = 0; k < EVENT_KIND_COUNT; k++) {
		buf_str(b, k > 0 ? ", " : "");
		json_text(b, event_kind_name((enum event_kind)k));
		buf_str(b, ": ");
		buf_u64(b, v.events[k]);
	}
	buf_str(b, "}}");
}

static uint64_t count_events(const struct history_version *v)
{
	uint64_t sum = 0;

	for (unsigned k = 0; k < EVENT_KIND_COUNT; k++)
		sum += v->events[k];
	return sum;
}

static void put_cells(struct cli *cli, uint32_t n, char sep)
{
	struct buf *b = &cli->out;
	struct history_version v;

	history_version(&cli->image, n, &v);
	history_version_name(b, &cli->image, n);
	buf_char(b, sep);
	put_digest(b, v.digest, 64);
	buf_char(b, sep);
	buf_u64(b, v.rows);
	buf_char(b, sep);
	buf_u64(b, v.people);
	for (unsigned k = 0; k < EVENT_KIND_COUNT; k++) {
		buf_char(b, sep);
		buf_u64(b, v.events[k]);
	}
	buf_char(b, '\n');
}

static void put_heading(struct cli *cli, char sep)
{
	struct buf *b = &cli->out;

	buf_printf(b, "id%cdigest%crecords%cpeople", sep, sep, sep);
	for (unsigned k = 0; k < EVENT_KIND_COUNT; k++) {
		buf_char(b, sep);
		buf_add(b, event_kind_name((enum event_kind)k));
	}
	buf_char(b, '\n');
}

static void put_padded(struct buf *b, uint64_t n)
{
	struct buf text;
	char storage[32];

	buf_init_fixed(&text, storage, sizeof(storage));
	cli_put_count(&text, n);
	buf_fill(b, ' ', text.len < COUNT_WIDTH ? COUNT_WIDTH - text.len : 0);
	buf_add(b, buf_span(&text));
}

/* "2026-02-02    4d969fb5361d  14,533 records  1 assigned, 3 split" */
static void put_line(struct cli *cli, uint32_t n)
{
	struct buf *b = &cli->out;
	struct history_version v;
	size_t start = b->len;
	bool any = false;

	history_version(&cli->image, n, &v);
	history_version_name(b, &cli->image, n);
	buf_fill(b, ' ', b->len - start < 12 ? 12 - (b->len - start) : 0);
	buf_str(b, "  ");
	put_digest(b, v.digest, DIGEST_SHOWN);
	put_padded(b, v.rows);
	buf_str(b, " records");
	for (unsigned k = 0; k < EVENT_KIND_COUNT; k++) {
		if (v.events[k] == 0)
			continue;
		buf_str(b, any ? ", " : "  ");
		cli_put_count(b, v.events[k]);
		buf_char(b, ' ');
		buf_add(b, event_kind_name((enum event_kind)k));
		any = true;
	}
	if (n > 0 && count_events(&v) == 0)
		buf_str(b, "  nothing but layout");
	buf_char(b, '\n');
}

static void put_one(struct cli *cli, uint32_t n)
{
	switch (cli->format) {
	case CLI_CSV:
		put_cells(cli, n, ',');
		break;
	case CLI_TSV:
		put_cells(cli, n, '\t');
		break;
	case CLI_JSONL:
		put_json(cli, n);
		buf_char(&cli->out, '\n');
		break;
	case CLI_JSON:
		buf_str(&cli->out, n > 0 ? ", " : "");
		put_json(cli, n);
		break;
	default:
		put_line(cli, n);
		break;
	}
}

int command_versions(struct cli *cli, struct portbook_error *err)
{
	struct buf *b = &cli->out;

	(void)err;
	if (cli->format == CLI_CSV || cli->format == CLI_TSV)
		put_heading(cli, cli->format == CLI_CSV ? ',' : '\t');
	if (cli->format == CLI_JSON) {
		cli_put_json_head(cli);
		buf_str(b, ", \"versions\": [");
	}
	for (uint32_t n = 0; n <= cli->version; n++)
		put_one(cli, n);
	if (cli->format == CLI_JSON)
		buf_str(b, "]}\n");
	if (!cli->quiet) {
		cli_put_count(&cli->talk, (uint64_t)cli->version + 1);
		buf_str(&cli->talk,
		    cli->version == 0 ? " version\n" : " versions\n");
		cli_tell_registry(cli);
	}
	return CLI_FOUND;
}
