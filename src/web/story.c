/* SPDX-License-Identifier: ISC */
#include "web/story.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

typedef int reader(const struct image *image, struct filter *filter,
    struct portbook_error *err);

static int read_port(const struct image *image, struct filter *filter,
    struct portbook_error *err)
{
	struct story *story = &filter->story;
	int code = query_parse(filter->value, &story->query, err);

	(void)image;
	if (code < 0)
		return code;
	if (story->query.kind == QUERY_NAME)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "port must be a number from 0 to 65535 or a range, "
		    "with /tcp or another transport after it if need be.");
	story->kind = STORY_PORT;
	return 0;
}

static int read_name(const struct image *image, struct filter *filter,
    struct portbook_error *err)
{
	struct query *query = &filter->story.query;

	(void)image;
	filter->story.kind = STORY_NAME;
	if (filter->value.len > QUERY_MAX)
		return query_parse(filter->value, query, err);
	/* Also one that looks like something else. */
	if (query_parse(filter->value, query, NULL) < 0 ||
	    query->kind != QUERY_NAME)
		*query = (struct query){.kind = QUERY_NAME,
		    .name = filter->value,
		    .protocol = PROTOCOL_NONE};
	return 0;
}

static int read_record(const struct image *image, struct filter *filter,
    struct portbook_error *err)
{
	(void)image;
	filter->story.kind = STORY_RECORD;
	if (key_parse(filter->value, &filter->story.key))
		return 0;
	return error_set(err, PORTBOOK_EUSAGE, 0,
	    "record must be NUMBER/PROTOCOL/NAME, with - for what is empty: "
	    "443/tcp/https.");
}

static int read_person(const struct image *image, struct filter *filter,
    struct portbook_error *err)
{
	(void)image;
	(void)err;
	filter->story.kind = STORY_PERSON;
	filter->story.person = filter->value;
	return 0;
}

static int read_words(const struct image *image, struct filter *filter,
    struct portbook_error *err)
{
	int code = search_parse(filter->value, &filter->words, err);

	(void)image;
	filter->name = SPAN("search");
	filter->story.kind = STORY_SEARCH;
	filter->story.search = &filter->words;
	return code;
}

/* The parameter that asks for this kind of story alone. */
static struct span name_of(enum story_kind kind)
{
	switch (kind) {
	case STORY_PORT:
		return SPAN("port");
	case STORY_NAME:
		return SPAN("name");
	case STORY_RECORD:
		return SPAN("record");
	case STORY_PERSON:
		return SPAN("person");
	default:
		return SPAN("search");
	}
}

/* What is or was in the registry, else words that it may hold. */
static int read_any(const struct image *image, struct filter *filter,
    struct portbook_error *err)
{
	void *scratch = mem_alloc(history_scratch_len(image) + 1, 1);
	bool known;

	if (scratch == NULL)
		return error_nomem(err);
	known =
	    history_parse(image, filter->value, &filter->story, NULL) == 0 &&
	    (filter->story.kind == STORY_PORT ||
		history_is_known(image, &filter->story, scratch));
	mem_release(scratch);
	if (!known)
		return read_words(image, filter, err);
	filter->name = name_of(filter->story.kind);
	return 0;
}

static const struct {
	struct span name;
	reader *read;
} readers[] = {
    {SPAN_INIT("port"), read_port},
    {SPAN_INIT("name"), read_name},
    {SPAN_INIT("record"), read_record},
    {SPAN_INIT("person"), read_person},
    {SPAN_INIT("search"), read_words},
    {SPAN_INIT("q"), read_any},
};

int filter_parse(const struct http_target *target, const struct image *image,
    struct filter *ret, struct portbook_error *err)
{
	reader *read = NULL;

	ret->name = ret->value = SPAN("");
	ret->story = (struct story){.kind = STORY_ALL};
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		struct span value;

		if (!http_target_param(target, readers[i].name, &value) ||
		    span_trim(value).len == 0)
			continue;
		if (read != NULL)
			return error_set(err, PORTBOOK_EUSAGE, 0,
			    "Ask for one of port, name, record, person, search "
			    "and q at a time.");
		read = readers[i].read;
		ret->name = readers[i].name;
		ret->value = span_trim(value);
	}
	return read != NULL ? read(image, ret, err) : 0;
}

struct history_ask filter_ask(const struct filter *filter, uint32_t upto)
{
	return (struct history_ask){
	    .story = filter->story,
	    .after = 0,
	    .upto = upto,
	    .kinds = HISTORY_SUBSTANCE,
	    .falling = true,
	};
}

void filter_title(struct buf *b, const struct filter *filter)
{
	static const char *const words[] = {
	    [STORY_ALL] = "Changes",
	    [STORY_PORT] = "Changes to port ",
	    [STORY_NAME] = "Changes to the name ",
	    [STORY_RECORD] = "Changes to the record ",
	    [STORY_PERSON] = "Changes to the entry and the records of ",
	    [STORY_SEARCH] = "Changes to records with ",
	};

	buf_str(b, words[filter->story.kind]);
	if (filter->value.len > 0)
		buf_add(b, span_head(filter->value, 200));
}
