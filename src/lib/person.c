/* SPDX-License-Identifier: ISC */
/* People and organisations. */
#include "image/row.h"
#include "lib/own.h"
#include "terms/rich.h"
#include "base/banned.h"

static struct span field(
    const struct portbook_person *person, enum person_field field)
{
	const struct image *image = &person->image_->image;

	return image_text(image, image->people[person->person_].text[field]);
}

int portbook_record_person(
    const struct portbook_record *record, size_t n, struct portbook_person *ret)
{
	const struct image *image = &record->image_->image;
	struct image_numbers list = image_list(image, &own_row(record)->people);

	for (size_t i = 0; i < list.count; i++) {
		uint32_t number = le32(list.at[i]);

		if (number >= image->person_count ||
		    !image_person_is_in(
			&image->people[number], record->version_) ||
		    n-- > 0)
			continue;
		*ret = (struct portbook_person){record->image_, number, 0};
		return 1;
	}
	return 0;
}

int portbook_person_find(
    const struct portbook *db, const char *id, struct portbook_person *ret)
{
	const struct portbook_image *from = own_newest(db);
	uint32_t number = image_by_person(&from->image, span_str(id));

	if (number == IMAGE_NONE)
		return 0;
	*ret = (struct portbook_person){from, number, 0};
	return 1;
}

const char *portbook_person_id(const struct portbook_person *person)
{
	return field(person, PERSON_ID).ptr;
}

const char *portbook_person_updated(const struct portbook_person *person)
{
	struct span text = field(person, PERSON_UPDATED);

	return text.len > 0 ? text.ptr : NULL;
}

static size_t plain(struct span rich, char *buf, size_t size)
{
	struct own_text text;

	own_text_begin(&text, buf, size, own_text_most(rich));
	rich_plain(&text.buf, rich);
	return own_text_end(&text, buf, size);
}

size_t portbook_person_name(
    const struct portbook_person *person, char *buf, size_t size)
{
	return plain(field(person, PERSON_NAME), buf, size);
}

size_t portbook_person_organization(
    const struct portbook_person *person, char *buf, size_t size)
{
	return plain(field(person, PERSON_ORG), buf, size);
}

size_t portbook_person_uri(
    const struct portbook_person *person, size_t n, char *buf, size_t size)
{
	struct span uris = field(person, PERSON_URIS), uri = SPAN("");
	struct own_text text;

	for (; uris.len > 0 && n > 0; n--)
		span_cut(&uris, RICH_BR);
	if (n == 0)
		uri = span_trim(span_cut(&uris, RICH_BR));
	own_text_begin(&text, buf, size, uri.len);
	buf_add(&text.buf, uri);
	return own_text_end(&text, buf, size);
}
