/* SPDX-License-Identifier: ISC */
#include "base/error.h"
#include "web/suggest.h"
#include "base/banned.h"

static bool is_ours(struct span name)
{
	static const struct span names[] = {SPAN_INIT("near"),
	    SPAN_INIT("range"), SPAN_INIT("count"), SPAN_INIT("for"),
	    SPAN_INIT("seed"), SPAN_INIT("explain")};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_eq(name, names[i]))
			return true;
	return false;
}

static int read_params(const struct http_target *target, bool empty,
    struct free_ask *ask, struct portbook_error *err)
{
	unsigned transports = 0;

	free_ask_init(ask);
	for (size_t i = 0; i < target->param_count; i++) {
		struct span name = target->params[i].name, first;
		struct span value = span_trim(target->params[i].value);
		int code;

		if (!is_ours(name) || (empty && value.len == 0))
			continue;
		http_target_param(target, name, &first);
		if (!span_eq(name, SPAN("for")) &&
		    first.ptr != target->params[i].value.ptr)
			continue; /* the first one counts */
		code = free_ask_set(ask, name, value, err);
		if (code < 0)
			return code;
		if (span_eq(name, SPAN("for")))
			transports |= ask->transports;
	}
	if (transports != 0)
		ask->transports = transports;
	return 0;
}

int suggest_find(const struct http_target *target, const struct image *image,
    const struct as_of *as_of, bool empty, struct suggest_found *ret,
    struct portbook_error *err)
{
	struct free_ask *ask = &ret->ask;
	int code = read_params(target, empty, ask, err);

	if (code < 0)
		return code;
	ret->out = (struct suggestion){
	    .image = image,
	    .version = as_of->version,
	    .as_of = as_of->date,
	    .ask = ask,
	    .reports = ret->reports,
	    .count = 1,
	};
	ret->random = false;
	if (ask->has_explain) {
		free_judge(
		    image, as_of->version, ask, ask->explain, ret->reports);
		return 0;
	}
	if (ask->seed.len == 0) {
		code = free_seed_new(ret->seed, err);
		if (code < 0)
			return code;
		ret->random = true;
		ask->seed = span_str(ret->seed);
	}
	ret->out.rejected = &ret->rejected;
	ret->out.count = free_suggest(
	    image, as_of->version, ask, ret->reports, &ret->rejected);
	return 0;
}
