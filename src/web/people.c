/* SPDX-License-Identifier: ISC */
#include "web/people.h"

#include "write/json.h"
#include "base/banned.h"

bool person_is_listed(const struct image *image, struct span id)
{
	return image_by_person(image, id) != IMAGE_NONE;
}

void person_shown(const struct image *image, const struct image_person *person,
    struct person_text *ret)
{
	image_person_text(image, person, ret);
	/* Those of the newest version come first: no need to look. */
	if ((size_t)(person - image->people) < image->current_people ||
	    person_is_listed(image, ret->at[PERSON_ID]))
		return;
	for (unsigned i = 0; i < PERSON_FIELD_COUNT; i++)
		if (i != PERSON_ID)
			ret->at[i] = SPAN("");
}

void people_json(struct buf *b, const struct image *image,
    const uint32_t *people, size_t count)
{
	bool any = false;

	buf_char(b, '[');
	for (size_t i = 0; i < count; i++) {
		const struct image_person *p = image_person(image, people[i]);
		struct person_text text;

		if (p == NULL)
			continue;
		person_shown(image, p, &text);
		buf_str(b, any ? ", " : "");
		json_person_text(b, &text);
		any = true;
	}
	buf_char(b, ']');
}
