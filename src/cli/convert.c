/* SPDX-License-Identifier: ISC */
#include "cli/convert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "cli/page.h"
#include "cli/sink.h"
#include "base/banned.h"

#define FREQUENCIES_MAX (16U << 20) /* bytes; nmap's own has 1 MB */

static int no_format(const struct cli *cli, struct portbook_error *err)
{
	char storage[200];
	struct buf names;

	buf_init_fixed(&names, storage, sizeof(storage));
	for (size_t i = 0; i < format_count; i++) {
		if (i > 0)
			buf_char(&names, ' ');
		buf_str(&names, formats[i].name);
	}
	if (cli->to == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "convert needs --to FORMAT, one of %.*s",
		    SPAN_FMT(buf_span(&names)));
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "no format %.40s: one of %.*s", cli->to,
	    SPAN_FMT(buf_span(&names)));
}

/* https://reproducible-builds.org/docs/source-date-epoch/ */
static int take_epoch(int64_t *ret, struct portbook_error *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	*ret = -1;
	if (text == NULL || text[0] == '\0')
		return 0;
	/* The end of the year 9999. */
	if (!ascii_u64(span_str(text), 253402300799, &seconds))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "SOURCE_DATE_EPOCH is no number of seconds: %.40s", text);
	*ret = (int64_t)seconds;
	return 0;
}

static int read_all(const char *path, struct buf *b, struct portbook_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), system = 0;
	ssize_t len = 1;

	if (fd < 0)
		return error_set(
		    err, PORTBOOK_EIO, errno, "cannot open %s", path);
	while (len > 0 && b->len <= FREQUENCIES_MAX) {
		char *room = buf_room(b, 65536);

		if (room == NULL)
			break;
		len = read(fd, room, 65536);
		if (len > 0)
			b->len += (size_t)len;
		else if (len < 0)
			system = errno;
	}
	close(fd);
	if (buf_failed(b))
		return error_nomem(err);
	if (b->len > FREQUENCIES_MAX)
		return error_set(err, PORTBOOK_ELIMIT, 0,
		    "%s: more than 16 MiB are no nmap-services file", path);
	return system == 0 ? 0
			   : error_set(err, PORTBOOK_EIO, system,
				 "cannot read %s", path);
}

int conversion_init(
    const struct cli *cli, struct conversion *ret, struct portbook_error *err)
{
	int code;

	*ret = (struct conversion){.page = 1};
	buf_init(&ret->frequencies);
	if (cli->to != NULL)
		ret->format = format_find(span_str(cli->to));
	if (ret->format == NULL)
		return no_format(cli, err);
	ret->paged = cli->search != NULL || cli->page != NULL;
	if (ret->paged && !ret->format->pages)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "--search and --page make a page, which %s has none of: "
		    "convert --to xhtml, or search --format %s",
		    ret->format->name, "csv");
	code = take_epoch(&ret->epoch, err);
	if (code == 0 && cli->page != NULL)
		code = cli_parse_page(cli->page, &ret->page, err);
	if (code == 0 && cli->frequencies != NULL)
		code = read_all(cli->frequencies, &ret->frequencies, err);
	return code;
}

void conversion_release(struct conversion *c)
{
	buf_release(&c->frequencies);
}

/* The rows and the people of the page, in cli->rows and *people. */
static int find_page(struct cli *cli, const struct conversion *c,
    struct write_page *ret, uint32_t **people, struct portbook_error *err)
{
	struct search_page cut = search_page_of(c->page, cli->official);
	size_t total, cap = cli->image.person_count;
	struct search_query query;
	int code;

	*ret = (struct write_page){
	    .query = span_str(cli->search), .page = c->page};
	code = search_parse(ret->query, &query, err);
	if (code < 0)
		return code;
	*people = mem_alloc(cap > 0 ? cap : 1, sizeof(**people));
	if (*people == NULL)
		return error_nomem(err);
	ret->row_count = search_run(&cli->image, &query, cli->version,
	    cut.first, cli->rows, cut.count, &total, cli->scratch);
	ret->pages = search_page_count(total);
	if (c->page > 1 && c->page > ret->pages)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "no page %llu: there are %llu", (unsigned long long)c->page,
		    (unsigned long long)ret->pages);
	ret->rows = cli->rows;
	ret->person_count = search_people(&cli->image, cli->rows,
	    ret->row_count, cli->version, *people, cap, cli->scratch);
	ret->people = *people;
	return 0;
}

static int write_file(const struct conversion *c, struct write_job *job,
    const char *path, struct portbook_error *err)
{
	struct sink sink;
	struct buf b;
	int code = sink_open(path, &sink, err);

	if (code < 0)
		return code;
	buf_init(&b);
	job->drain = sink_drain;
	job->ctx = &sink;
	code = format_write(c->format, job, &b, err);
	buf_release(&b);
	return sink_close(&sink, code, err);
}

int conversion_run(struct cli *cli, const struct conversion *c,
    const char *path, struct portbook_error *err)
{
	struct write_job job = {.image = &cli->image,
	    .version = cli->version,
	    .style = span_str(cli->style_name),
	    .frequencies = buf_span(&c->frequencies),
	    .as_of = span_str(cli->as_of),
	    .epoch = c->epoch};
	struct write_page page;
	uint32_t *people = NULL;
	int code = 0;

	if (c->paged) {
		code = find_page(cli, c, &page, &people, err);
		job.page = &page;
	}
	if (code == 0)
		code = write_file(c, &job, path, err);
	mem_release(people);
	return code;
}

/* A name without the endings of official files and of compression. */
static struct span stem(struct span name)
{
	static const struct span packed[] = {
	    SPAN_INIT(".gz"), SPAN_INIT(".zst")};
	static const struct span kinds[] = {
	    SPAN_INIT(".xml"), SPAN_INIT(".csv"), SPAN_INIT(".image")};

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (span_ends(name, packed[i])) {
			name = span_head(name, name.len - packed[i].len);
			break;
		}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_ends(name, kinds[i]))
			return span_head(name, name.len - kinds[i].len);
	return name;
}

int conversion_target(const struct conversion *c, const char *folder,
    const char *input, char ret[PATH_MAX], struct portbook_error *err)
{
	const char *slash = strrchr(input, '/');
	struct span name = stem(span_str(slash != NULL ? slash + 1 : input));
	int len = snprintf(ret, PATH_MAX, "%s/%.*s.%s", folder, SPAN_FMT(name),
	    c->format->extension);

	if (len < 0 || len >= PATH_MAX)
		return error_set(err, PORTBOOK_EIO, ENAMETOOLONG,
		    "cannot write into %s", folder);
	return 0;
}

void conversion_list_formats(struct buf *b)
{
	for (size_t i = 0; i < format_count; i++) {
		const struct format *f = &formats[i];

		buf_printf(b, "  %-14s  %s\n", f->name, f->does);
		if (f->styles == NULL)
			continue;
		buf_str(b, "                  --style ");
		for (size_t j = 0; f->styles[j] != NULL; j++)
			buf_printf(b, "%s%s", j > 0 ? ", " : "", f->styles[j]);
		buf_char(b, '\n');
	}
}
