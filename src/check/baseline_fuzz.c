/* SPDX-License-Identifier: ISC */
/* A baseline that is taken has lines and dates that it then knows. */
#include <stdint.h>
#include <stdlib.h>

#include "check/baseline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void expect_known(const struct baseline *b, enum finding_code code,
    struct span record, struct span date)
{
	struct finding f = {.code = code,
	    .record = record,
	    .date = date,
	    .what = SPAN(""),
	    .message = SPAN("")};

	if (!baseline_has(b, &f))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct baseline b;

	if (baseline_parse(span_of((const char *)data, len), "fuzz", &b, NULL) <
	    0)
		return 0;
	for (size_t i = 0; i < b.count; i++)
		expect_known(
		    &b, b.lines[i].code, b.lines[i].record, SPAN("9999-12-31"));
	for (size_t i = 0; i < FINDING_CODE_COUNT; i++) {
		if (b.until[i].len == 0)
			continue;
		expect_known(
		    &b, (enum finding_code)i, SPAN("none"), b.until[i]);
		expect_known(&b, (enum finding_code)i, SPAN("none"), SPAN(""));
	}
	baseline_release(&b);
	return 0;
}
