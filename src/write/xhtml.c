/* SPDX-License-Identifier: ISC */
/*
 * The registry's page as a file: the page of the whole registry, or that of a
 * search, in the order of the official one.  What the official page has for
 * its own site alone, scripts and pictures, is left out.
 */
#include "write/xhtml.h"

#include "base/banned.h"

#define TITLE "Service Name and Transport Protocol Port Number Registry"
#define FILE_NAME "service-names-port-numbers"

/* From which date on, as the official texts and pages show it. */
static const struct {
	enum xhtml_feature feature;
	struct span since;
} features[] = {
    {XHTML_NOTE_TITLES, SPAN_INIT("2018-08-24")},
    {XHTML_UNAUTHORIZED, SPAN_INIT("2019-01-02")},
    {XHTML_HTTPS, SPAN_INIT("2019-12-17")},
    {XHTML_CONTACTS, SPAN_INIT("2020-05-19")},
    {XHTML_FRAME, SPAN_INIT("2022-01-06")},
    {XHTML_NAVIGATION, SPAN_INIT("2025-09-26")},
    {XHTML_PARTS, SPAN_INIT("2025-11-06")},
};

/* A style is the page of a year, whatever the registry's own date. */
static unsigned features_of(const struct write_job *job)
{
	struct span date = write_date(job);
	unsigned found = 0;

	if (job->style.len > 0)
		date = job->style;
	if (span_eq(job->style, SPAN("2026")) || date.len == 0)
		date = SPAN("9");
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (span_cmp(date, features[i].since) >= 0)
			found |= features[i].feature;
	return found;
}

static struct span title_of(const struct xhtml *x)
{
	struct span title = image_text(x->image, write_version(x->job)->title);

	return title.len > 0 ? title : SPAN(TITLE);
}

static void put_top(struct xhtml *x)
{
	buf_str(x->out,
	    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "
	    "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n"
	    "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n"
	    "  <head>\n"
	    "    <meta http-equiv=\"Content-Type\" "
	    "content=\"text/html; charset=ASCII\" />");
	xhtml_element(x, 2, "title", NULL, title_of(x));
	buf_str(x->out,
	    "\n    <style type=\"text/css\">"
	    "table { border-collapse: collapse } "
	    "td, th { border: 1px solid #bbb; padding: 0.2em 0.4em } "
	    "dt { font-weight: bold } "
	    "a.altformat { margin-right: 1em }"
	    "</style>\n"
	    "  </head>\n"
	    "  <body>");
}

static void put_address(struct xhtml *x, unsigned level, const char *class,
    const char *address, const char *label)
{
	xhtml_line(x, level);
	buf_add(x->out, SPAN("<a "));
	if (class != NULL) {
		buf_add(x->out, SPAN("class=\""));
		buf_str(x->out, class);
		buf_add(x->out, SPAN("\" "));
	}
	buf_add(x->out, SPAN("href=\""));
	xhtml_attr(x, span_str(address));
	buf_add(x->out, SPAN("\">"));
	xhtml_text(x, span_str(label));
	buf_add(x->out, SPAN("</a>"));
}

static void put_navigation(struct xhtml *x)
{
	static const char *const links[][2] = {
	    {"https://www.iana.org/domains", "Domains"},
	    {"https://www.iana.org/protocols", "Protocols"},
	    {"https://www.iana.org/numbers", "Numbers"},
	    {"https://www.iana.org/about", "About"},
	};

	buf_str(x->out, "\n      <div class=\"navigation\">\n        <ul>");
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		xhtml_line(x, 5);
		buf_add(x->out, SPAN("<li>"));
		put_address(x, 6, NULL, links[i][0], links[i][1]);
		xhtml_line(x, 5);
		buf_add(x->out, SPAN("</li>"));
	}
	buf_str(x->out, "\n        </ul>\n      </div>");
}

static void put_frame_top(struct xhtml *x)
{
	if (!xhtml_has(x, XHTML_FRAME))
		return;
	buf_str(x->out, "\n    <div class=\"header\">\n"
			"      <div class=\"logo\">");
	put_address(x, 4, NULL, "https://www.iana.org/",
	    "Internet Assigned Numbers Authority");
	buf_str(x->out, "\n      </div>");
	if (xhtml_has(x, XHTML_NAVIGATION))
		put_navigation(x);
	buf_str(x->out, "\n    </div>\n    <div class=\"article\">");
}

static void put_frame_bottom(struct xhtml *x)
{
	if (!xhtml_has(x, XHTML_FRAME))
		return;
	buf_str(x->out, "\n    </div>\n    <div class=\"footer\">");
	put_address(x, 3, NULL, "https://www.iana.org/help/licensing-terms",
	    "Licensing Terms");
	buf_str(x->out, "\n    </div>");
}

static void open_value(struct xhtml *x, struct span term)
{
	xhtml_element(x, x->level + 1, "dt", NULL, term);
	xhtml_line(x, x->level + 1);
	buf_add(x->out, SPAN("<dd>"));
}

static void close_value(struct xhtml *x)
{
	buf_add(x->out, SPAN("</dd>"));
}

static void put_preformatted(
    struct xhtml *x, struct span term, struct span text)
{
	open_value(x, term);
	xhtml_line(x, x->level + 2);
	xhtml_pre(x, text);
	xhtml_line(x, x->level + 1);
	close_value(x);
}

static void put_notes(struct xhtml *x)
{
	struct image_numbers list =
	    image_list(x->image, &write_version(x->job)->notes);

	for (size_t i = 0; i + 1 < list.count; i += 2) {
		struct span title = image_text(x->image, list.at[i]);

		if (title.len == 0 || !xhtml_has(x, XHTML_NOTE_TITLES))
			title = SPAN("Note");
		put_preformatted(
		    x, title, image_text(x->image, list.at[i + 1]));
	}
}

/* Without a record the official page offers no CSV. */
static void put_formats(struct xhtml *x, bool has_records)
{
	static const char *const files[][2] = {
	    {FILE_NAME ".csv", "CSV"},
	    {FILE_NAME ".xml", "XML"},
	    {FILE_NAME ".xhtml", "HTML"},
	    {FILE_NAME ".txt", "Plain text"},
	};

	open_value(x, SPAN("Available Formats"));
	for (size_t i = has_records ? 0 : 1; i < 4; i++)
		put_address(
		    x, x->level + 2, "altformat", files[i][0], files[i][1]);
	xhtml_line(x, x->level + 1);
	close_value(x);
}

static bool has_records(const struct xhtml *x)
{
	struct image_walk walk = image_walk_begin(x->image, x->job->version);

	if (x->job->page != NULL)
		return x->job->page->row_count > 0;
	return image_walk_row(&walk) != IMAGE_NONE;
}

static void put_list(struct xhtml *x)
{
	const struct image_version *v = write_version(x->job);
	struct span updated = image_text(x->image, v->updated);
	struct span expert = image_text(x->image, v->expert);
	struct span reference = image_text(x->image, v->reference);

	xhtml_element(x, x->level, "h1", NULL, title_of(x));
	xhtml_line(x, x->level);
	buf_add(x->out, SPAN("<dl>"));
	if (updated.len > 0) {
		open_value(x, SPAN("Last Updated"));
		xhtml_text(x, updated);
		close_value(x);
	}
	if (expert.len > 0)
		put_preformatted(x, SPAN("Expert(s)"), expert);
	if (reference.len > 0) {
		open_value(x, SPAN("Reference"));
		xhtml_rich(x, reference, x->level + 1);
		close_value(x);
	}
	put_notes(x);
	put_formats(x, has_records(x));
	xhtml_line(x, x->level);
	buf_add(x->out, SPAN("</dl>"));
}

static void put_form(struct xhtml *x)
{
	const struct write_page *page = x->job->page;

	if (page == NULL || (page->pages <= 1 && page->query.len == 0))
		return;
	xhtml_line(x, x->level);
	buf_add(x->out, SPAN("<form method=\"get\" action=\"?\">"));
	xhtml_line(x, x->level + 1);
	buf_add(x->out, SPAN("<div>"));
	xhtml_line(x, x->level + 2);
	buf_add(x->out, SPAN("<input name=\"search\" size=\"18\" type=\"text\" "
			     "value=\""));
	xhtml_attr(x, page->query);
	buf_add(x->out, SPAN("\" />"));
	xhtml_line(x, x->level + 2);
	buf_add(x->out, SPAN("<input value=\"Search\" type=\"submit\" />"));
	xhtml_line(x, x->level + 1);
	buf_add(x->out, SPAN("</div>"));
	xhtml_line(x, x->level);
	buf_add(x->out, SPAN("</form>"));
}

static void put_step(struct xhtml *x, uint64_t page)
{
	buf_add(x->out, SPAN("<a href=\"?"));
	if (x->job->page->query.len > 0) {
		buf_add(x->out, SPAN("search="));
		xhtml_query(x, x->job->page->query);
	}
	buf_add(x->out, SPAN("&amp;page="));
	buf_u64(x->out, page);
	buf_add(x->out, SPAN("\">"));
	buf_u64(x->out, page);
	buf_add(x->out, SPAN("</a>"));
}

static void put_steps(struct xhtml *x, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i <= to; i++) {
		buf_char(x->out, ' ');
		put_step(x, i);
	}
}

/*
 * Five pages on each side, the first and the last.  The dots stand also where
 * they hide nothing, and page 6 has two links to the first, as officially.
 */
void xhtml_steps(struct xhtml *x)
{
	const struct write_page *page = x->job->page;
	uint64_t p, n;

	if (page == NULL || page->pages <= 1)
		return;
	p = page->page;
	n = page->pages;
	if (p < 1 || p > n)
		return;
	xhtml_line(x, x->level);
	buf_add(x->out, SPAN("<div class=\"pagination\">"));
	if (p != 1)
		put_step(x, 1);
	if (p > 5)
		buf_add(x->out, SPAN("..."));
	put_steps(x, p > 5 ? p - 5 : 2, p - 1);
	buf_char(x->out, ' ');
	buf_u64(x->out, p);
	if (n > 5 && p < n - 5) {
		put_steps(x, p + 1, p + 5);
		buf_add(x->out, SPAN(" ..."));
	} else {
		put_steps(x, p + 1, n - 1);
	}
	buf_char(x->out, ' ');
	if (p != n)
		put_step(x, n);
	buf_add(x->out, SPAN("</div>"));
}

static int put_page(struct xhtml *x, struct portbook_error *err)
{
	int code;

	put_top(x);
	put_frame_top(x);
	put_list(x);
	put_form(x);
	code = xhtml_records(x, err);
	if (code == 0)
		code = xhtml_people(x, err);
	if (code < 0)
		return code;
	xhtml_footnotes(x);
	put_frame_bottom(x);
	buf_str(x->out, "\n  </body>\n</html>\n");
	return 0;
}

int write_xhtml(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct xhtml x = {.job = job, .image = job->image, .out = b};
	int code;

	x.features = features_of(job);
	x.level = xhtml_has(&x, XHTML_FRAME) ? 3 : 2;
	code = xhtml_begin(&x, err);
	if (code == 0)
		code = put_page(&x, err);
	xhtml_release(&x);
	return code;
}
