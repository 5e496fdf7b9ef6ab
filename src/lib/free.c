/* SPDX-License-Identifier: ISC */
/* Free ports. */
#include "search/free.h"

#include <assert.h>

#include "base/error.h"
#include "lib/own.h"
#include "base/banned.h"

static_assert(PORTBOOK_SUGGEST_MAX == FREE_COUNT_MAX &&
		  (int)PORTBOOK_GOOD == (int)FREE_GOOD &&
		  (int)PORTBOOK_BAD == (int)FREE_BAD,
    "the same inside");

/* What somebody asks for, and of which version. */
struct wish {
	const struct image *image;
	uint32_t version;
	struct free_ask ask;
	char seed[FREE_SEED_LEN + 1];
};

static int check(const struct portbook_free *wish, struct portbook_error *err)
{
	if (wish->size < sizeof(*wish))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a struct whose member size is not its size");
	if (wish->transports == 0 || wish->transports >> PROTOCOL_COUNT != 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "transports are bits, 1 << PORTBOOK_TCP and so on");
	if (wish->first > wish->last || wish->near >= (int)PORT_COUNT)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "a range goes from a lower to a higher port, 0 to 65535");
	if (wish->seed != NULL && strlen(wish->seed) > FREE_SEED_MAX)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "seed is a text of at most %d bytes", FREE_SEED_MAX);
	return 0;
}

static int take(const struct portbook *db, const struct portbook_free *wish,
    const char *as_of, struct wish *ret, struct portbook_error *err)
{
	int code = check(wish, err);

	ret->image = &own_newest(db)->image;
	if (code == 0)
		code = own_version(ret->image, as_of, &ret->version, err);
	if (code < 0)
		return code;
	free_ask_init(&ret->ask);
	ret->ask.transports = wish->transports;
	ret->ask.range = (struct port_range){wish->first, wish->last};
	ret->ask.has_range = wish->first > 0 || wish->last < PORT_COUNT - 1;
	ret->ask.has_near = wish->near >= 0;
	ret->ask.near = (uint16_t)(wish->near >= 0 ? wish->near : 0);
	ret->ask.seed = span_str(wish->seed);
	return 0;
}

int portbook_suggest(const struct portbook *db,
    const struct portbook_free *wish, const char *as_of, uint16_t *ret,
    size_t cap, struct portbook_error *err)
{
	struct free_report reports[FREE_COUNT_MAX];
	struct free_rejected rejected;
	struct wish w;
	int code = take(db, wish, as_of, &w, err);
	size_t count;

	if (code == 0 && w.ask.seed.len == 0) {
		code = free_seed_new(w.seed, err);
		w.ask.seed = span_of(w.seed, FREE_SEED_LEN);
	}
	if (code < 0 || cap == 0)
		return code;
	w.ask.count = cap < FREE_COUNT_MAX ? cap : FREE_COUNT_MAX;
	count = free_suggest(w.image, w.version, &w.ask, reports, &rejected);
	for (size_t i = 0; i < count; i++)
		ret[i] = reports[i].port;
	return (int)count;
}

static int judge(const struct portbook *db, const struct portbook_free *wish,
    const char *as_of, unsigned port, struct free_report *ret,
    struct portbook_error *err)
{
	struct wish w;
	int code = take(db, wish, as_of, &w, err);

	if (code < 0)
		return code;
	if (port >= PORT_COUNT)
		return error_set(
		    err, PORTBOOK_EUSAGE, 0, "%u: ports are 0 to 65535", port);
	free_judge(w.image, w.version, &w.ask, (uint16_t)port, ret);
	return 0;
}

int portbook_is_usable(const struct portbook *db,
    const struct portbook_free *wish, const char *as_of, unsigned port,
    struct portbook_error *err)
{
	struct free_report report;
	int code = judge(db, wish, as_of, port, &report, err);

	return code < 0 ? code : report.usable;
}

int portbook_reason_find(const struct portbook *db,
    const struct portbook_free *wish, const char *as_of, unsigned port,
    size_t n, struct portbook_reason *ret, struct portbook_error *err)
{
	struct portbook_reason told = {0};
	struct free_report report;
	int code = judge(db, wish, as_of, port, &report, err);

	if (code < 0 || n >= report.reason_count)
		return code;
	told.verdict = (enum portbook_verdict)report.reasons[n].verdict;
	told.code = free_code_name(report.reasons[n].code).ptr;
	told.against = free_code_against(report.reasons[n].code).ptr;
	told.source = free_code_source(report.reasons[n].code).ptr;
	code = own_copy(ret, ret->size, &told, sizeof(told), sizeof(told), err);
	return code < 0 ? code : 1;
}
