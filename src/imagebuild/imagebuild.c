/* SPDX-License-Identifier: ISC */
#include "imagebuild/imagebuild.h"

#include "base/unicode.h"
#include "imagebuild/build.h"
#include "base/banned.h"

static void build_init(struct build *b, const struct timeline *t,
    const struct imagebuild_options *options, struct portbook_error *err)
{
	*b = (struct build){.t = t,
	    .options = options,
	    .err = err,
	    .newest = (uint32_t)t->version_count - 1};
	arena_init(&b->arena);
	intern_init(&b->extra, &b->arena);
	buf_init(&b->texts);
	buf_init(&b->lists);
	buf_init(&b->pieces_bytes);
}

static void build_release(struct build *b)
{
	grams_release(b);
	mem_release(b->image);
	buf_release(&b->texts);
	buf_release(&b->lists);
	buf_release(&b->pieces_bytes);
	intern_release(&b->extra);
	arena_release(&b->arena);
	mem_release(b->row_places);
	mem_release(b->person_places);
	mem_release(b->text_places);
	mem_release(b->extra_places);
	mem_release(b->pieces);
	mem_release(b->assignees);
	mem_release(b->weak);
	mem_release(b->groups);
	mem_release(b->group_rows);
}

static int meta_make(struct build *b)
{
	b->meta.current_rows = le32_of((uint32_t)b->current_rows);
	b->meta.current_people = le32_of((uint32_t)b->current_people);
	if (texts_add_span(b, span_str(unicode_version), &b->meta.unicode) < 0)
		return PORTBOOK_ENOMEM;
	return texts_add_span(b, b->options->source, &b->meta.built_from);
}

static const struct {
	int (*make)(struct build *b);
	bool index; /* of no use to who goes through the rows */
} stages[] = {
    {sections_begin, false},
    {texts_begin, false},
    {rows_begin, false},
    {columns_make, false},
    {grams_begin, true},
    {rows_make, false},
    {people_make, false},
    {ports_make, false},
    {orders_make, true},
    {names_make, false},
    {lines_make, true},
    {search_make, true},
    {grams_make, true},
    {events_make, true},
    {past_make, true},
    {standing_make, true},
    {since_make, true},
    {common_make, true},
    {versions_make, false},
    {meta_make, false},
};

int imagebuild(const struct timeline *t,
    const struct imagebuild_options *options, uint8_t **ret, size_t *ret_len,
    struct portbook_error *err)
{
	struct build b;
	int code = 0;

	if (t->version_count == 0)
		return error_set(err, PORTBOOK_ENODATA, 0,
		    "there is no version to build an image of");
	build_init(&b, t, options, err);
	for (size_t i = 0; code == 0 && i < sizeof(stages) / sizeof(stages[0]);
	     i++)
		if (!options->rows_only || !stages[i].index)
			code = stages[i].make(&b);
	if (code == 0)
		code = sections_end(&b, ret, ret_len);
	build_release(&b);
	return code;
}
