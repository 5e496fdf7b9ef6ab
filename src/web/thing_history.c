/* SPDX-License-Identifier: ISC */
/* What happened to a thing, as its page tells it: the last of it. */
#include "base/mem.h"
#include "web/change.h"
#include "web/thing.h"
#include "base/banned.h"

/* The last events of a story into t->events; how many. */
static size_t find(struct thing *t, const struct story *story, uint32_t kinds,
    struct page_history *ret)
{
	struct history_ask ask = {
	    .story = *story,
	    .upto = t->as_of.version,
	    .kinds = kinds,
	    .falling = true,
	};
	void *scratch = mem_alloc(history_scratch_len(t->image) + 1, 1);
	uint32_t numbers[THING_EVENTS];
	size_t count, total, known = 0;

	if (scratch == NULL) {
		t->failed = true;
		return 0;
	}
	count = history_run(
	    t->image, &ask, 0, numbers, THING_EVENTS, &total, scratch);
	mem_release(scratch);
	for (size_t i = 0; i < count; i++) {
		const struct image_event *e = image_event(t->image, numbers[i]);

		if (e != NULL)
			t->events[known++] = *e;
	}
	ret->total = total;
	ret->more = total > count;
	return known;
}

/* The events of one version. */
static size_t set_version(struct thing *t, const struct image_event *e,
    size_t len, struct page_change *changes, struct page_version *ret)
{
	uint32_t version = le32(e->version);
	int count = changes_show(t->image, e, len, changes, &t->arena);

	if (count < 0 || version >= t->image->version_count) {
		t->failed = true;
		return 0;
	}
	*ret = (struct page_version){
	    .name = version_show(t->image, version, &t->arena),
	    .diff = {.path = diff_path(t->image, version, &t->arena)},
	    .changes = changes,
	    .change_count = (size_t)count,
	};
	t->failed |= ret->name.ptr == NULL || ret->diff.path.ptr == NULL;
	return (size_t)count;
}

void thing_history(struct thing *t, const struct story *story,
    struct span filter, struct span value, uint32_t kinds,
    struct page_history *ret)
{
	size_t left, used = 0;
	const struct image_event *e = t->events;

	*ret = (struct page_history){
	    .kept = t->image->version_count > 1,
	    .first_name = version_show(t->image, 0, &t->arena),
	    .versions = t->versions,
	    .all = {.path = SPAN("/changes"),
		.filter = filter,
		.value = value,
		.upkeep = kinds == HISTORY_EVERY,
		.as_of = t->as_of.date},
	};
	t->failed |= ret->first_name.ptr == NULL;
	left = find(t, story, kinds, ret);
	while (left > 0 && !t->failed) {
		size_t len = 1;

		while (len < left && le32(e[len].version) == le32(e[0].version))
			len++;
		used += set_version(t, e, len, &t->changes[used],
		    &t->versions[ret->version_count++]);
		e += len;
		left -= len;
	}
}
