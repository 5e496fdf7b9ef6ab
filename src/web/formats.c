/* SPDX-License-Identifier: ISC */
/* /formats: the official files, and what convert makes of the registry. */
#include "web/formats.h"

#include "base/error.h"
#include "web/api.h"
#include "web/thing.h"
#include "write/assets.h"
#include "write/format.h"
#include "base/banned.h"

const struct format_file format_files[FORMAT_FILES] = {
    {SPAN_INIT("XML"), SPAN_INIT("application/xml"),
	SPAN_INIT("All of it: records, people, notes, references with their "
		  "kinds. The other files are made from this one."),
	SPAN_INIT(SITE_OFFICIAL_FILE ".xml"), SOURCE_XML},
    {SPAN_INIT("CSV"), SPAN_INIT("text/csv"),
	SPAN_INIT("The twelve columns of the records, one record a row, the "
		  "first row their headings (RFC 4180). No people, no notes of "
		  "the registry as a whole."),
	SPAN_INIT(SITE_OFFICIAL_FILE ".csv"), SOURCE_CSV},
    {SPAN_INIT("Plain text"), SPAN_INIT("text/plain"),
	SPAN_INIT("All of it as tables in lines, to be read as it is."),
	SPAN_INIT(SITE_OFFICIAL_FILE ".txt"), SOURCE_TXT},
    {SPAN_INIT("XHTML"), SPAN_INIT("text/html"),
	SPAN_INIT("The registry page, a hundred records at a time, with a "
		  "search."),
	SPAN_INIT(SITE_OFFICIAL_FILE ".xhtml"), -1},
    {SPAN_INIT("Relax NG"), SPAN_INIT("application/xml"),
	SPAN_INIT("The schema that the XML names; this one is our own."),
	SPAN_INIT(SITE_OFFICIAL "/" ASSET_RNG_NAME), -1},
    {SPAN_INIT("XSLT"), SPAN_INIT("application/xslt+xml"),
	SPAN_INIT("The stylesheet that the XML names, with which a browser "
		  "shows it; this one is our own."),
	SPAN_INIT(SITE_OFFICIAL "/" ASSET_XSL_NAME), -1},
};

uint64_t format_bytes(
    const struct edition *edition, const struct format_file *f)
{
	if (f->source >= 0)
		return edition->sources[f->source].bytes.len;
	if (span_ends(f->address, SPAN(".rng")))
		return asset_rng.len;
	return span_ends(f->address, SPAN(".xsl")) ? asset_xsl.len : 0;
}

bool format_is_here(const struct edition *edition, const struct format_file *f)
{
	return f->source < 0 || format_bytes(edition, f) > 0;
}

static void set_files(struct thing *t, struct page_formats *p)
{
	struct page_file *at = thing_alloc(t, FORMAT_FILES, sizeof(*at));

	for (size_t i = 0; at != NULL && i < FORMAT_FILES; i++) {
		const struct format_file *f = &format_files[i];

		buf_str(&t->scratch, FORMATS_IANA);
		buf_add(&t->scratch, f->address);
		at[p->file_count++] = (struct page_file){
		    .name = f->name,
		    .about = f->about,
		    .address =
			format_is_here(t->edition, f) ? f->address : SPAN(""),
		    .official = thing_keep(t),
		    .bytes = format_bytes(t->edition, f),
		};
	}
	p->files = at;
}

static void set_formats(struct thing *t, struct page_formats *p)
{
	struct page_file *at = thing_alloc(t, format_count, sizeof(*at));

	for (size_t i = 0; at != NULL && i < format_count; i++) {
		const char *const *style = formats[i].styles;

		for (; style != NULL && *style != NULL; style++) {
			if (style != formats[i].styles)
				buf_str(&t->scratch, ", ");
			buf_str(&t->scratch, *style);
		}
		at[p->format_count++] = (struct page_file){
		    .name = span_str(formats[i].name),
		    .about = span_str(formats[i].does),
		    .styles = thing_keep(t),
		};
	}
	p->formats = at;
}

static int answer(struct thing *t, const struct http_request *request,
    struct http_response *response)
{
	struct page_formats page = {.file_count = 0};

	t->self = thing_link(t, "/formats");
	set_files(t, &page);
	set_formats(t, &page);
	page.today = thing_today(t);
	page.json = thing_link(t, API "/formats");
	buf_str(&t->scratch, "Formats");
	thing_frame(t, &page.frame);
	page.frame.place = PLACE_FORMATS;
	page_formats(&response->body, &page);
	return thing_answer(t, request, response, 200);
}

int handle_formats(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return thing_handle(ctx, request, response, answer);
}
