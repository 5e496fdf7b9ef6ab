/* SPDX-License-Identifier: ISC */
#include <sys/stat.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/place.h"
#include "write/json.h"
#include "base/banned.h"

static struct span date_of(const struct cli *cli, size_t version)
{
	const struct image_version *v = &cli->image.versions[version];
	struct span updated = image_text(&cli->image, v->updated);

	return updated.len > 0 ? updated
			       : image_text(&cli->image, v->newest_row);
}

static void put_signed(struct buf *b, int64_t n)
{
	if (n < 0)
		buf_char(b, '-');
	buf_u64(b, n < 0 ? (uint64_t)-n : (uint64_t)n);
}

/* Bytes of the store behind the image; false where it is not ours to see. */
static bool store_len(const struct cli *cli, uint64_t *ret)
{
	char path[PATH_MAX];
	struct stat st;

	if (!place_store(cli->path, path) || stat(path, &st) < 0)
		return false;
	*ret = (uint64_t)st.st_size;
	return true;
}

static void put_json(struct cli *cli)
{
	const struct image *image = &cli->image;
	struct buf *b = &cli->out;
	uint64_t len;
	int64_t age;

	cli_put_json_head(cli);
	buf_str(b, ", \"path\": ");
	json_text(b, span_str(cli->path));
	buf_str(b, ", \"age_days\": ");
	if (cli_age(date_of(cli, cli->version), &age))
		put_signed(b, age);
	else
		buf_str(b, "null");
	buf_str(b, ", \"people\": ");
	buf_u64(b, le32(image->versions[cli->version].person_count));
	buf_str(b, ", \"versions\": ");
	buf_u64(b, image->version_count);
	buf_str(b, ", \"first\": ");
	json_text_or_null(b, date_of(cli, 0));
	buf_str(b, ", \"last\": ");
	json_text_or_null(b, date_of(cli, image->version_count - 1));
	buf_str(b, ", \"store_bytes\": ");
	if (store_len(cli, &len))
		buf_u64(b, len);
	else
		buf_str(b, "null");
	buf_str(b, "}\n");
}

static void put_field(struct cli *cli, const char *name, struct buf *value)
{
	table_field(&cli->out, name, buf_span(value), &cli->style);
	buf_clear(value);
}

static void put_age(struct cli *cli, struct buf *value)
{
	int64_t age;

	if (!cli_age(date_of(cli, cli->version), &age))
		return;
	if (age < 0)
		age = 0;
	cli_put_count(value, (uint64_t)age);
	buf_str(value, age == 1 ? " day" : " days");
	put_field(cli, "age", value);
}

static void put_digest(struct buf *b, const uint8_t digest[32])
{
	for (size_t i = 0; i < 32; i++)
		buf_printf(b, "%02x", digest[i]);
}

static void put_text(struct cli *cli)
{
	const struct image *image = &cli->image;
	const struct image_version *v = &image->versions[cli->version];
	struct buf value;
	uint64_t len;

	buf_init(&value);
	buf_str(&value, cli->path);
	put_field(cli, "path", &value);
	buf_add(&value, image_text(image, image->meta->built_from));
	put_field(cli, "source", &value);
	buf_add(&value, image_text(image, v->updated));
	put_field(cli, "updated", &value);
	if (le32(v->updated) == 0) {
		buf_add(&value, image_text(image, v->newest_row));
		put_field(cli, "newest_row", &value);
	}
	put_age(cli, &value);
	cli_put_count(&value, le32(v->row_count));
	put_field(cli, "records", &value);
	cli_put_count(&value, le32(v->person_count));
	put_field(cli, "people", &value);
	put_digest(&value, v->digest);
	put_field(cli, "digest", &value);
	cli_put_count(&value, image->version_count);
	if (image->version_count > 1) {
		buf_str(&value, ", from ");
		buf_add(&value, date_of(cli, 0));
		buf_str(&value, " to ");
		buf_add(&value, date_of(cli, image->version_count - 1));
	}
	put_field(cli, "versions", &value);
	if (store_len(cli, &len)) {
		cli_put_count(&value, len);
		buf_str(&value, " bytes");
		put_field(cli, "store", &value);
	}
	buf_release(&value);
}

int command_status(struct cli *cli, struct portbook_error *err)
{
	int code = cli_only_json(cli, err);

	if (code < 0)
		return code;
	if (cli->format == CLI_JSON)
		put_json(cli);
	else
		put_text(cli);
	return CLI_FOUND;
}
