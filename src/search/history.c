/* SPDX-License-Identifier: ISC */
/* What is asked for, and the versions there are. */
#include "search/history.h"

#include "base/error.h"

#include "search/log.h"
#include "search/rows.h"
#include "base/banned.h"

/* A key: a number or a hyphen, a slash, a protocol or a hyphen, a slash. */
static bool is_key(struct span text, struct record_key *ret)
{
	struct port_range range;
	enum protocol protocol;

	if (!key_parse(text, ret))
		return false;
	return (ret->number.len == 0 ||
		   port_range_parse(ret->number, &range)) &&
	       (ret->protocol.len == 0 ||
		   protocol_parse(ret->protocol, &protocol));
}

/* Whether some of these rows has the name. */
static bool some_has(
    const struct image *image, struct image_numbers list, struct span name)
{
	for (size_t i = 0; i < list.count; i++) {
		const struct image_row *row =
		    image_row(image, le32(list.at[i]));

		if (row != NULL && row_name_is(image, row, name))
			return true;
	}
	return false;
}

static bool is_name(const struct image *image, struct span text)
{
	const struct image_name *now = image_by_name(image, text);

	return now != NULL ||
	       some_has(image, image_past_by_name(image, text), text);
}

static bool is_person(const struct image *image, struct span id)
{
	return image_by_person(image, id) != IMAGE_NONE ||
	       image_past_by_person(image, id).count > 0;
}

int history_parse(const struct image *image, struct span text,
    struct story *ret, struct portbook_error *err)
{
	int code;

	*ret = (struct story){.kind = STORY_ALL, .person = SPAN("")};
	text = span_trim(text);
	if (text.len == 0)
		return 0;
	if (is_key(text, &ret->key)) {
		ret->kind = STORY_RECORD;
		return 0;
	}
	code = query_parse(text, &ret->query, err);
	if (code < 0)
		return code;
	ret->kind = STORY_PORT;
	if (ret->query.kind != QUERY_NAME)
		return 0;
	ret->kind = STORY_NAME;
	if (!is_name(image, ret->query.name) && is_person(image, text)) {
		ret->kind = STORY_PERSON;
		ret->person = text;
	}
	return 0;
}

size_t history_scratch_len(const struct image *image)
{
	size_t log = log_scratch_len(image), diff = diff_scratch_len(image);

	return log > diff ? log : diff;
}

/* How many versions before there are of the same date. */
static uint32_t earlier_editions(const struct image *image, uint32_t version)
{
	struct span date = version_date(image, version);
	uint32_t ret = 0;

	while (ret < version &&
	       span_eq(version_date(image, version - ret - 1), date))
		ret++;
	return ret;
}

/* How many later versions there are of the same date. */
static uint32_t later_editions(const struct image *image, uint32_t version)
{
	struct span date = version_date(image, version);
	size_t next = (size_t)version + 1;

	while (next < image->version_count &&
	       span_eq(version_date(image, next), date))
		next++;
	return (uint32_t)(next - version - 1);
}

void history_version(
    const struct image *image, uint32_t version, struct history_version *ret)
{
	const struct image_version *v = &image->versions[version];
	struct image_event_span events = image_version_events(image, version);

	*ret = (struct history_version){
	    .date = version_date(image, version),
	    .edition = version_edition(image, version),
	    .earlier = earlier_editions(image, version),
	    .digest = v->digest,
	    .rows = le32(v->row_count),
	    .people = le32(v->person_count),
	};
	ret->editions = ret->earlier + 1 + later_editions(image, version);
	for (size_t n = events.first; n < events.end; n++)
		ret->events[image_event_kind(&image->events[n])]++;
}

int history_since(const struct image *image, struct span date, uint32_t *ret,
    struct portbook_error *err)
{
	bool day = date.len == 10;
	uint32_t version;
	int code;

	if (date.len == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "the date is empty: write YYYY-MM-DD");
	code = search_version(image, date, &version, err);
	if (code == PORTBOOK_ENOVERSION && day) {
		*ret = 0; /* all that is kept came later */
		return 0;
	}
	if (code < 0)
		return code;
	if (day && span_eq(version_date(image, version), date))
		version -= earlier_editions(image, version);
	else if (day)
		version++; /* nothing came on that day itself */
	*ret = version > 0 ? version - 1 : 0;
	return 0;
}

void history_version_name(
    struct buf *b, const struct image *image, uint32_t version)
{
	buf_add(b, version_date(image, version));
	if (earlier_editions(image, version) > 0 ||
	    later_editions(image, version) > 0) {
		buf_char(b, '.');
		buf_u64(b, version_edition(image, version));
	}
}
