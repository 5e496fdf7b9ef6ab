/* SPDX-License-Identifier: ISC */
/* check --explain: a rule, from the table of them. */
#include "base/error.h"
#include "search/search.h"
#include "tool/report.h"
#include "base/banned.h"

#define NEAR_MAX 3

static void put_rule(struct buf *b, enum finding_code code)
{
	const struct finding_rule *rule = finding_rule(code);

	buf_printf(b, "%s\n  %s.\n  kind: %.*s", rule->name, rule->text,
	    SPAN_FMT(finding_kind_name(rule->kind)));
	if (rule->new_kind != rule->kind)
		buf_printf(b, "; %.*s for records since September 2011",
		    SPAN_FMT(finding_kind_name(rule->new_kind)));
	buf_printf(b, "\n  source: %s\n", rule->source);
}

/* How far a code is from what was asked for; one that holds it is near. */
static unsigned distance(struct span name, enum finding_code code)
{
	struct span text = span_str(finding_rule(code)->name);

	if (name.len >= 3 && span_find(text, name) < text.len)
		return 1;
	return search_distance(name, text);
}

/* The nearest codes, the nearest first, each with a comma before it. */
static void put_near(struct buf *b, struct span name)
{
	bool told[FINDING_CODE_COUNT] = {false};

	for (size_t n = 0; n < NEAR_MAX; n++) {
		size_t best = 0;

		while (told[best])
			best++;
		for (size_t i = best; i < FINDING_CODE_COUNT; i++)
			if (!told[i] &&
			    distance(name, (enum finding_code)i) <
				distance(name, (enum finding_code)best))
				best = i;
		told[best] = true;
		buf_printf(b, "%s%s", n > 0 ? ", " : "",
		    finding_rule((enum finding_code)best)->name);
	}
}

int report_explain(struct buf *b, struct span name, struct portbook_error *err)
{
	char storage[128];
	struct buf near;
	enum finding_code code;

	if (finding_code_parse(name, &code)) {
		put_rule(b, code);
		return 0;
	}
	if (span_eq(name, SPAN("list"))) {
		for (size_t i = 0; i < FINDING_CODE_COUNT; i++)
			put_rule(b, (enum finding_code)i);
		return 0;
	}
	buf_init_fixed(&near, storage, sizeof(storage));
	put_near(&near, span_head(name, 40));
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "no rule is called %.*s; near it are %.*s, and --explain list has "
	    "all",
	    SPAN_FMT(span_head(name, 40)), SPAN_FMT(buf_span(&near)));
}
