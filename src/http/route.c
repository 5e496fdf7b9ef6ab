/* SPDX-License-Identifier: ISC */
#include "http/route.h"

#include <string.h>

#include "base/banned.h"

/* Most patterns begin with another word than an address does. */
static bool may_match(const char *pattern, const struct http_target *target)
{
	struct span first = SPAN("");

	if (target->segment_count > 0)
		first = target->segments[0];
	return pattern[1] == '*' ||
	       strncmp(pattern + 1, first.ptr, first.len) == 0;
}

static bool matches(const char *pattern, const struct http_target *target)
{
	struct span rest = span_skip(span_str(pattern), 1);
	size_t i = 0;

	for (; i < target->segment_count; i++) {
		bool last = span_find_char(rest, 0, '/') == rest.len;
		struct span want = span_cut(&rest, '/');

		if (span_eq(want, SPAN("**")))
			return target->segments[i].len > 0;
		if (span_eq(want, SPAN("*"))
			? target->segments[i].len == 0
			: !span_eq(want, target->segments[i]))
			return false;
		if (last)
			return i + 1 == target->segment_count;
	}
	return false;
}

const struct http_route *http_route_find(const struct http_route *routes,
    size_t count, const struct http_target *target, enum http_method method,
    unsigned *allowed)
{
	*allowed = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned methods = routes[i].methods;

		if (!may_match(routes[i].pattern, target) ||
		    !matches(routes[i].pattern, target))
			continue;
		if ((methods & HTTP_GET) != 0)
			methods |= HTTP_HEAD;
		if ((methods & method) != 0)
			return &routes[i];
		*allowed |= methods;
	}
	return NULL;
}
