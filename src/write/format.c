/* SPDX-License-Identifier: ISC */
#include "write/format.h"

#include "base/error.h"
#include "base/banned.h"

/* Eras of the columns (terms/rich.h). */
static const char *const csv_styles[] = {"a", "b", "c", "d", NULL};

/* The page's own changes, by date (write/txt.c). */
static const char *const txt_styles[] = {"1", "2", "3", "4", "5", NULL};

/* The page of then, and of now. */
static const char *const xhtml_styles[] = {"2015", "2026", NULL};

/* All of it first (write/profile.h). */
static const char *const services_styles[] = {
    "full", "common", "minimal", NULL};

/* Variables; bare sets; sets in a table (write/nft.c, nft_sets.c). */
static const char *const nft_styles[] = {"defines", "sets", "table", NULL};

/* What is made for discovery, or every name (write/avahi.c). */
static const char *const avahi_styles[] = {"discovery", "full", NULL};

/* Without and with descriptions (write/cheader.c). */
static const char *const c_styles[] = {"ports", "full", NULL};

const struct format formats[] = {
    {"xml", "xml", NULL, false, "the official XML, byte for byte", write_xml},
    {"csv", "csv", csv_styles, false, "the official CSV, byte for byte",
	write_official_csv},
    {"txt", "txt", txt_styles, false, "the official plain text, byte for byte",
	write_txt},
    {"xhtml", "xhtml", xhtml_styles, true, "the registry's page as a file",
	write_xhtml},
    {"json", "json", NULL, false, "records and people, one document",
	write_json},
    {"jsonl", "jsonl", NULL, false, "a record a line, each a JSON object",
	write_jsonl},
    {"tsv", "tsv", NULL, false, "a record a line, with a line of names",
	write_tsv},
    {"services", "services", services_styles, false,
	"names of ports for getservbyname(3), as /etc/services",
	write_services},
    {"nmap-services", "nmap-services", NULL, false,
	"nmap's names of ports; frequencies are the user's", write_nmap},
    {"wireshark", "wireshark", NULL, false, "Wireshark's names of ports",
	write_wireshark},
    {"nft", "nft", nft_styles, false, "defines or sets for nftables",
	write_nft},
    {"avahi", "service-types", avahi_styles, false,
	"types of service for avahi's database", write_avahi},
    {"c", "h", c_styles, false, "a C header with a table and look-ups",
	write_cheader},
};

const size_t format_count = sizeof(formats) / sizeof(formats[0]);

const struct format *format_find(struct span name)
{
	for (size_t i = 0; i < format_count; i++)
		if (span_eq(span_str(formats[i].name), name))
			return &formats[i];
	return NULL;
}

static bool has_style(const struct format *format, struct span style)
{
	if (style.len == 0)
		return true;
	if (format->styles == NULL)
		return false;
	for (size_t i = 0; format->styles[i] != NULL; i++)
		if (span_eq(span_str(format->styles[i]), style))
			return true;
	return false;
}

static int bad_style(
    const struct format *format, struct span style, struct portbook_error *err)
{
	char storage[160];
	struct buf list;

	if (format->styles == NULL)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the format %s has no styles", format->name);
	buf_init_fixed(&list, storage, sizeof(storage));
	for (size_t i = 0; format->styles[i] != NULL; i++) {
		if (i > 0)
			buf_str(&list, ", ");
		buf_str(&list, format->styles[i]);
	}
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "the format %s has no style \"%.*s\", but %.*s", format->name,
	    SPAN_FMT(span_head(style, 40)), SPAN_FMT(buf_span(&list)));
}

int format_write(const struct format *format, const struct write_job *job,
    struct buf *b, struct portbook_error *err)
{
	int code;

	if (!has_style(format, job->style))
		return bad_style(format, job->style, err);
	if (job->page != NULL && !format->pages)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the format %s has no pages of a search", format->name);
	code = format->write(job, b, err);
	if (code < 0)
		return code;
	if (buf_failed(b))
		return error_nomem(err);
	return job->drain != NULL && b->len > 0 ? job->drain(job->ctx, b, err)
						: 0;
}

struct span write_date(const struct write_job *job)
{
	const struct image_version *v = write_version(job);
	struct span updated = image_text(job->image, v->updated);

	return updated.len > 0 ? updated
			       : image_text(job->image, v->newest_row);
}
