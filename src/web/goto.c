/* SPDX-License-Identifier: ISC */
/* /goto?q=443: to the page of what somebody types, or to a search for it. */
#include "web/goto.h"

#include "base/error.h"
#include "terms/meant.h"
#include "base/banned.h"

/* Whether the version has rows of that name, or people call something so. */
static bool is_service(const struct thing *t, const struct query *q)
{
	uint32_t row;
	struct match m = {.rows = &row, .cap = 1};

	search_lookup(t->image, q, t->as_of.version, &m);
	return m.total > 0;
}

/* As it stands, or as it was meant: "10.0.0.1:80", "443tcp". */
static bool find_query(
    const struct thing *t, struct span text, struct query *ret, bool *meant)
{
	*meant = false;
	if (query_parse(text, ret, NULL) == 0 &&
	    (ret->kind != QUERY_NAME || is_service(t, ret)))
		return true;
	*meant = query_meant(text, ret);
	return *meant && (ret->kind != QUERY_NAME || is_service(t, ret));
}

bool goto_find(struct thing *t, struct span text, struct page_word *ret)
{
	struct query q;
	bool meant;

	if (!find_query(t, text, &q, &meant))
		return false;
	if (q.kind != QUERY_NAME) {
		thing_put_port(&t->scratch, q.range, q.protocol);
		*ret = (struct page_word){.text = thing_keep(t)};
		ret->link = thing_port(t, q.range, q.protocol);
		return true;
	}
	*ret = (struct page_word){.text = meant ? q.name : span_trim(text),
	    .link = thing_service(t, q.name)};
	return true;
}

static int answer(struct thing *t, const struct http_request *request,
    struct http_response *response)
{
	struct page_word word = {.link = {.as_of = t->as_of.date}};
	struct span text = SPAN("");

	http_target_param(&request->target, SPAN("q"), &text);
	if (!goto_find(t, text, &word)) {
		word.link.path = SPAN("/");
		word.link.search = span_trim(text);
	}
	return thing_redirect(t, response, 303, word.link);
}

int handle_goto(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	return thing_handle(ctx, request, response, answer);
}
