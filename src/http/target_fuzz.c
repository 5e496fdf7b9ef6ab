/* SPDX-License-Identifier: ISC */
/* Every span of a parsed target lies within the target or its storage. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "http/route.h"
#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct http_target *t, struct span s)
{
	uintptr_t from = (uintptr_t)s.ptr, base = (uintptr_t)t->decoded;

	if (s.len > 0 &&
	    (from < base || from - base > sizeof(t->decoded) - s.len))
		abort();
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\0')
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct http_route routes[] = {
	    {HTTP_GET, "/", NULL, 0},
	    {HTTP_GET, "/port/*", NULL, 0},
	    {HTTP_GET, "/record/**", NULL, 0},
	};
	static struct http_target t;
	unsigned allowed;

	if (http_target_parse(span_of((const char *)data, size), &t) != 0)
		return 0;
	if (t.segment_count == 0 || t.segment_count > HTTP_SEGMENTS_MAX ||
	    t.param_count > HTTP_PARAMS_MAX)
		abort();
	for (size_t i = 0; i < t.segment_count; i++)
		check(&t, t.segments[i]);
	for (size_t i = 0; i < t.param_count; i++) {
		check(&t, t.params[i].name);
		check(&t, t.params[i].value);
	}
	http_route_find(routes, 3, &t, HTTP_GET, &allowed);
	return 0;
}
