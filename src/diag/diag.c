/* SPDX-License-Identifier: ISC */
#include "diag/diag.h"

#include "base/banned.h"

static const struct finding_rule rules[] = {
#define X(id, name, kind, source, text)                                        \
	[FINDING_##id] = {name, FINDING_##kind, source, text},
    FINDINGS(X)
#undef X
};

const struct finding_rule *finding_rule(enum finding_code code)
{
	return &rules[code];
}

void diag_add(struct diag *diag, enum finding_code code, struct span what,
    uint64_t line, uint64_t column)
{
	struct finding finding = {code, what, line, column};

	if (diag == NULL)
		return;
	diag->count++;
	if (diag->take != NULL)
		diag->take(diag->ctx, &finding);
}
