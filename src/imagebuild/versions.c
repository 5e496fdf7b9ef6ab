/* SPDX-License-Identifier: ISC */
/* The table of versions, with their notes, and the gaps. */
#include "imagebuild/build.h"

#include "base/banned.h"

static int put_notes(
    struct build *b, uint32_t off, uint32_t count, struct image_list *ret)
{
	uint32_t *pairs = mem_alloc(count, 2 * sizeof(*pairs));
	int code = 0;

	if (pairs == NULL)
		return build_nomem(b);
	for (uint32_t i = 0; code == 0 && i < count; i++) {
		const struct registry_note *note = &b->t->notes[off + i];
		struct le32 title, text;

		code = texts_put(b, note->title, &title);
		if (code == 0)
			code = texts_put(b, note->text, &text);
		if (code < 0)
			break;
		pairs[2 * i] = le32(title);
		pairs[2 * i + 1] = le32(text);
	}
	if (code == 0)
		code = lists_put(b, pairs, 2 * (size_t)count, ret);
	mem_release(pairs);
	return code;
}

/* before: the version before, or NULL. */
static int put_version(struct build *b, const struct timeline_version *from,
    const struct timeline_version *before, struct image_version *v)
{
	struct le32 *const texts[REGISTRY_FIELD_COUNT] = {
	    [REGISTRY_ID] = &v->id,
	    [REGISTRY_TITLE] = &v->title,
	    [REGISTRY_CATEGORY] = &v->category,
	    [REGISTRY_UPDATED] = &v->updated,
	    [REGISTRY_REFERENCE] = &v->reference,
	    [REGISTRY_EXPERT] = &v->expert,
	    [REGISTRY_HEAD] = &v->head,
	    [REGISTRY_MIDDLE] = &v->middle,
	    [REGISTRY_TAIL] = &v->tail,
	};
	int code = texts_put(b, from->newest_row, &v->newest_row);

	for (size_t i = 0; code == 0 && i < REGISTRY_FIELD_COUNT; i++)
		code = texts_put(b, from->text[i], texts[i]);
	if (code < 0)
		return code;
	memcpy(v->digest, from->digest, sizeof(v->digest));
	v->source_len = le64_of(from->source_len);
	v->source = le32_of(from->source);
	v->row_count = le32_of(from->record_count);
	v->person_count = le32_of(from->person_count);
	if (before != NULL && before->note_off == from->note_off &&
	    before->note_count == from->note_count)
		v->notes = v[-1].notes;
	else
		code =
		    put_notes(b, from->note_off, from->note_count, &v->notes);
	if (code < 0)
		return code;
	if (before != NULL && before->footnote_off == from->footnote_off &&
	    before->footnote_count == from->footnote_count) {
		v->footnotes = v[-1].footnotes;
		return 0;
	}
	return put_notes(
	    b, from->footnote_off, from->footnote_count, &v->footnotes);
}

static int put_gap(
    struct build *b, const struct timeline_gap *from, struct image_gap *gap)
{
	gap->people = le32_of(from->people);
	gap->version = le32_of(from->version);
	gap->index = le32_of(from->index);
	return texts_put(b, from->text, &gap->text);
}

static int put_editions(struct build *b)
{
	const struct timeline *t = b->t;
	struct image_edition *to;

	/* A version alone is its day's, whatever number it had. */
	if (t->edition_count == 0 || t->version_count == 1)
		return 0;
	to = build_section(b, IMAGE_EDITIONS, t->edition_count);
	if (to == NULL)
		return build_nomem(b);
	for (size_t i = 0; i < t->edition_count; i++)
		to[i] = (struct image_edition){
		    .version = le32_of(t->editions[i].version),
		    .number = le32_of(t->editions[i].number),
		};
	return 0;
}

int versions_make(struct build *b)
{
	const struct timeline *t = b->t;
	struct image_version *versions;
	struct image_gap *gaps;
	int code = 0;

	gaps = build_section(b, IMAGE_GAPS, t->gap_count);
	if (gaps == NULL)
		return build_nomem(b);
	for (size_t i = 0; code == 0 && i < t->gap_count; i++)
		code = put_gap(b, &t->gaps[i], &gaps[i]);
	if (code == 0)
		code = put_editions(b);
	if (code < 0)
		return code;
	versions = build_section_zeroed(b, IMAGE_VERSIONS, t->version_count);
	if (versions == NULL)
		return build_nomem(b);
	for (size_t i = 0; code == 0 && i < t->version_count; i++)
		code = put_version(b, &t->versions[i],
		    i > 0 ? &t->versions[i - 1] : NULL, &versions[i]);
	return code;
}
