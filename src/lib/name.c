/* SPDX-License-Identifier: ISC */
/* Whether a name may be registered. */
#include "search/name.h"

#include <assert.h>

#include "lib/own.h"
#include "base/banned.h"

#define FINDINGS_TOLD 12
#define NEAREST_TOLD 3

static_assert(SEARCH_NAME_FINDINGS <= FINDINGS_TOLD &&
		  SEARCH_NAME_NEAREST <= NEAREST_TOLD && NAME_LEN_MAX + 1 == 16,
    "struct portbook_name_report has room for all");

static void tell(
    const struct name_report *report, struct portbook_name_report *ret)
{
	ret->is_valid = report->valid;
	ret->is_free = !report->taken;
	ret->finding_count = report->finding_count;
	for (size_t i = 0; i < report->finding_count; i++)
		ret->findings[i] = finding_rule(report->findings[i].code)->name;
	ret->nearest_count = report->nearest_count;
	for (size_t i = 0; i < report->nearest_count; i++)
		memcpy(ret->nearest[i], report->nearest[i].text,
		    report->nearest[i].len + 1);
}

int portbook_check_name(const struct portbook *db, const char *name,
    const char *as_of, struct portbook_name_report *ret,
    struct portbook_error *err)
{
	const struct image *image = &own_newest(db)->image;
	struct portbook_name_report told = {0};
	struct name_report report;
	uint32_t version;
	int code = own_version(image, as_of, &version, err);

	if (code < 0)
		return code;
	search_name(image, span_str(name), version, &report);
	tell(&report, &told);
	code = own_copy(ret, ret->size, &told, sizeof(told), sizeof(told), err);
	return code < 0 ? code : name_is_usable(&report);
}

const char *portbook_rule(const char *code, const char **source)
{
	enum finding_code found;

	if (!finding_code_parse(span_str(code), &found))
		return NULL;
	if (source != NULL)
		*source = finding_rule(found)->source;
	return finding_rule(found)->text;
}
