/* SPDX-License-Identifier: ISC */
#include "diag/diag.h"

#include "base/banned.h"

static const struct finding_rule rules[] = {
#define X(id, name, kind, new_kind, source, text)                              \
	[FINDING_##id] = {                                                     \
	    name, FINDING_##kind, FINDING_##new_kind, source, text},
    FINDINGS(X)
#undef X
};

const struct finding_rule *finding_rule(enum finding_code code)
{
	return &rules[code];
}

struct span finding_kind_name(enum finding_kind kind)
{
	switch (kind) {
	case FINDING_VIOLATION:
		return SPAN("violation");
	case FINDING_HISTORY:
		return SPAN("history");
	case FINDING_BOOKKEEPING:
		return SPAN("bookkeeping");
	case FINDING_INFORMATION:
	case FINDING_KIND_COUNT:
		break;
	}
	return SPAN("information");
}

bool finding_code_parse(struct span name, enum finding_code *ret)
{
	for (size_t i = 0; i < FINDING_CODE_COUNT; i++) {
		if (span_eq_fold(span_str(rules[i].name), name)) {
			*ret = (enum finding_code)i;
			return true;
		}
	}
	return false;
}

void diag_put(struct diag *diag, const struct finding *finding)
{
	if (diag == NULL)
		return;
	diag->count++;
	if (diag->take != NULL)
		diag->take(diag->ctx, finding);
}

void diag_add(struct diag *diag, enum finding_code code, struct span what,
    uint64_t line, uint64_t column)
{
	struct finding finding = {.code = code,
	    .kind = rules[code].kind,
	    .what = what,
	    .record = SPAN(""),
	    .date = SPAN(""),
	    .message = SPAN(""),
	    .line = line,
	    .column = column};

	diag_put(diag, &finding);
}
