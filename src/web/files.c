/* SPDX-License-Identifier: ISC */
/* Answers that are there before they are asked for. */
#include "web/routes.h"

#include "write/assets.h"
#include "base/banned.h"

/*
 * A browser that shows the XML by its stylesheet asks for it as for a script;
 * what comes out has its style inside.  Nothing else of the site runs either.
 */
#define STYLESHEET_POLICY                                                      \
	"default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; "   \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static int source(const struct http_request *request,
    struct http_response *response, struct edition *edition,
    enum source_kind kind, const char *type)
{
	const struct source_file *file = &edition->sources[kind];

	if (file->bytes.len == 0)
		return refuse(edition, request, response, 404,
		    "The registry is not offered in this format here.");
	atomic_fetch_add(&edition->references, 1);
	response->type = type;
	response->cache = "no-cache";
	response->modified = file->modified;
	memcpy(response->etag, file->etag, sizeof(response->etag));
	response->file = file->bytes;
	memcpy(response->packed, file->packed, sizeof(response->packed));
	response->ranges = true;
	response->done = edition_give;
	response->done_ctx = edition;
	return 200;
}

int handle_xml(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	int status =
	    source(request, response, ctx, SOURCE_XML, "application/xml");

	/* That there is none is told by a page like others. */
	if (status == 200)
		response->policy = STYLESHEET_POLICY;
	return status;
}

int handle_csv(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return source(request, response, ctx, SOURCE_CSV,
	    "text/csv; charset=utf-8; header=present");
}

int handle_txt(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return source(
	    request, response, ctx, SOURCE_TXT, "text/plain; charset=utf-8");
}

/* What the XML names in its head. */
static int asset(
    struct http_response *response, const char *type, struct span bytes)
{
	response->type = type;
	response->cache = "no-cache";
	response->file = bytes;
	return 200;
}

int handle_xsl(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)request;
	(void)ctx;
	return asset(response, "application/xslt+xml", asset_xsl);
}

int handle_rng(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)request;
	(void)ctx;
	return asset(response, "application/xml", asset_rng);
}

int handle_official_redirect(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	struct span query = request->target.query;
	struct buf location;

	(void)ctx;
	buf_init(&location);
	buf_str(&location, SITE_OFFICIAL_FILE ".xhtml");
	if (query.len > 0) {
		buf_char(&location, '?');
		buf_add(&location, query);
	}
	http_field(response, SPAN("Location"), buf_span(&location));
	response->fields.failed |= buf_failed(&location);
	buf_str(&response->body, "See " SITE_OFFICIAL_FILE ".xhtml\n");
	buf_release(&location);
	return 308;
}

int handle_health(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)request;
	(void)ctx;
	response->cache = "no-store";
	buf_str(&response->body, "ok\n");
	return 200;
}

/*
 * Sorted pages, those of a date and differences are the same rows over and
 * over; people ask not to be indexed.
 */
int handle_robots(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)request;
	(void)ctx;
	response->cache = "public, max-age=86400";
	response->file = SPAN("User-agent: *\n"
			      "Disallow: /api/\n"
			      "Disallow: /diff\n"
			      "Disallow: /*upkeep=\n"
			      "Disallow: /*person=\n"
			      "Disallow: /*sort=\n"
			      "Disallow: /*protocol=\n"
			      "Disallow: /*state=\n"
			      "Disallow: /*class=\n"
			      "Disallow: /goto\n"
			      "Disallow: /*skey=\n"
			      "Disallow: /*as-of=\n");
	return 200;
}

/* For good where the address names this very version, else looked at anew. */
static int versioned(const struct http_request *request,
    struct http_response *response, const char *type, struct span bytes,
    struct span version)
{
	struct span asked;

	asset(response, type, bytes);
	if (http_target_param(&request->target, SPAN("v"), &asked) &&
	    span_eq(asked, version))
		response->cache = "public, max-age=31536000, immutable";
	return 200;
}

int handle_style(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)ctx;
	return versioned(request, response, "text/css; charset=utf-8",
	    asset_style, asset_style_version);
}

int handle_script(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)ctx;
	return versioned(request, response, "text/javascript; charset=utf-8",
	    asset_script, asset_script_version);
}

int handle_icon(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)ctx;
	return versioned(
	    request, response, "image/svg+xml", asset_icon, asset_icon_version);
}
