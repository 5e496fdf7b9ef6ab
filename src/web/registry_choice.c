/* SPDX-License-Identifier: ISC */
#include "web/registry_choice.h"

#include "base/banned.h"

#define OPTIONS_MAX 6U

static const struct choice {
	struct span name, title;
	struct {
		struct span value, title, told;
	} options[OPTIONS_MAX];
} choices[] = {
    {SPAN_INIT("protocol"), SPAN_INIT("Transport"),
	{{SPAN_INIT(""), SPAN_INIT("any"), SPAN_INIT("")},
	    {SPAN_INIT("tcp"), SPAN_INIT("tcp"), SPAN_INIT("tcp")},
	    {SPAN_INIT("udp"), SPAN_INIT("udp"), SPAN_INIT("udp")},
	    {SPAN_INIT("sctp"), SPAN_INIT("sctp"), SPAN_INIT("sctp")},
	    {SPAN_INIT("dccp"), SPAN_INIT("dccp"), SPAN_INIT("dccp")},
	    {SPAN_INIT("none"), SPAN_INIT("none given"),
		SPAN_INIT("without transport")}}},
    {SPAN_INIT("state"), SPAN_INIT("State"),
	{{SPAN_INIT(""), SPAN_INIT("any"), SPAN_INIT("")},
	    {SPAN_INIT("assigned"), SPAN_INIT("assigned"),
		SPAN_INIT("assigned")},
	    {SPAN_INIT("reserved"), SPAN_INIT("reserved"),
		SPAN_INIT("reserved")},
	    {SPAN_INIT("unassigned"), SPAN_INIT("unassigned"),
		SPAN_INIT("unassigned")}}},
    {SPAN_INIT("class"), SPAN_INIT("Class"),
	{{SPAN_INIT(""), SPAN_INIT("any"), SPAN_INIT("")},
	    {SPAN_INIT("system"), SPAN_INIT("system, 0-1023"),
		SPAN_INIT("system port")},
	    {SPAN_INIT("user"), SPAN_INIT("user, 1024-49151"),
		SPAN_INIT("user port")},
	    {SPAN_INIT("dynamic"), SPAN_INIT("dynamic, 49152-65535"),
		SPAN_INIT("dynamic port")},
	    {SPAN_INIT("none"), SPAN_INIT("no port number"),
		SPAN_INIT("without port number")}}},
};

#define CHOICE_COUNT (sizeof(choices) / sizeof(choices[0]))

static struct span chosen(const struct ask *ask, size_t n)
{
	const struct span values[CHOICE_COUNT] = {
	    ask->protocol, ask->state, ask->class};

	return values[n];
}

void choice_selects(
    struct thing *t, const struct ask *ask, struct page_registry *ret)
{
	struct page_select *selects =
	    thing_alloc(t, CHOICE_COUNT, sizeof(*selects));
	struct page_option *options =
	    thing_alloc(t, CHOICE_COUNT * OPTIONS_MAX, sizeof(*options));

	if (selects == NULL || options == NULL)
		return;
	for (size_t n = 0; n < CHOICE_COUNT; n++) {
		const struct choice *c = &choices[n];
		size_t count = 0;

		for (; count < OPTIONS_MAX && c->options[count].title.len > 0;
		     count++)
			options[count] = (struct page_option){
			    .value = c->options[count].value,
			    .title = c->options[count].title,
			    .chosen = span_eq_fold(
				c->options[count].value, chosen(ask, n)),
			};
		selects[n] =
		    (struct page_select){c->name, c->title, options, count};
		options += count;
	}
	ret->selects = selects;
	ret->select_count = CHOICE_COUNT;
}

struct span choice_kinds(struct thing *t, const struct ask *ask)
{
	for (size_t n = 0; n < CHOICE_COUNT; n++) {
		const struct choice *c = &choices[n];

		for (size_t i = 1; i < OPTIONS_MAX; i++) {
			if (c->options[i].title.len == 0 ||
			    !span_eq_fold(c->options[i].value, chosen(ask, n)))
				continue;
			buf_str(&t->scratch, t->scratch.len > 0 ? ", " : "");
			buf_add(&t->scratch, c->options[i].told);
		}
	}
	return thing_keep(t);
}
