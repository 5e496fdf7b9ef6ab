/* SPDX-License-Identifier: ISC */
#include "admin/findings.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/mem.h"
#include "check/check.h"
#include "base/banned.h"

static struct span keep(struct findings *f, struct span text)
{
	struct span copy = arena_text(&f->arena, text);

	if (copy.ptr != NULL)
		return copy;
	f->failed = true;
	return SPAN("");
}

static void take(void *ctx, const struct finding *finding)
{
	struct findings *f = ctx;
	struct finding *grown;

	if (finding->kind != FINDING_VIOLATION &&
	    finding->kind != FINDING_BOOKKEEPING)
		return;
	grown = mem_grow(f->at, f->count, &f->cap, sizeof(*f->at));
	if (grown == NULL) {
		f->failed = true;
		return;
	}
	f->at = grown;
	f->at[f->count] = *finding;
	f->at[f->count].what = keep(f, finding->what);
	f->at[f->count].record = keep(f, finding->record);
	f->at[f->count].message = keep(f, finding->message);
	f->at[f->count].date = SPAN("");
	f->count++;
}

void findings_init(struct findings *f)
{
	*f = (struct findings){.diag = {.take = take, .ctx = f}};
	arena_init(&f->arena);
}

void findings_release(struct findings *f)
{
	arena_release(&f->arena);
	mem_release(f->at);
	*f = (struct findings){0};
}

int findings_check(
    struct findings *f, const struct registry *r, struct portbook_error *err)
{
	int code = check_registry(r, NULL, &f->diag, err);

	return code == 0 && f->failed ? error_nomem(err) : code;
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = x->code < y->code ? -1 : x->code > y->code;

	if (order == 0)
		order = span_cmp(x->record, y->record);
	return order == 0 ? span_cmp(x->what, y->what) : order;
}

void findings_compare(
    struct findings *old, const struct findings *new, struct diag *news)
{
	if (old->count > 0)
		qsort(old->at, old->count, sizeof(*old->at), compare);
	for (size_t i = 0; i < new->count; i++)
		if (old->count == 0 || bsearch(&new->at[i], old->at, old->count,
					   sizeof(*old->at), compare) == NULL)
			diag_put(news, &new->at[i]);
}
