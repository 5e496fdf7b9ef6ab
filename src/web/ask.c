/* SPDX-License-Identifier: ISC */
#include "web/ask.h"

#include "base/ascii.h"
#include "base/error.h"
#include "base/mem.h"
#include "web/emit.h"
#include "base/banned.h"

int ask_page(struct span text, uint64_t *ret, struct portbook_error *err)
{
	uint64_t page;

	if (!ascii_all_digits(text))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "The page must be a whole number from 1.");
	if (!ascii_u64(text, ASK_PAGE_MAX, &page))
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "No page has so large a number: %llu is the last that is "
		    "looked for.",
		    (unsigned long long)ASK_PAGE_MAX);
	if (page == 0)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "Pages are counted from 1; there is no page 0.");
	*ret = page;
	return 0;
}

/* "name", "-name"; official: "1", "-1". */
static int read_key(
    struct span key, struct ask *ask, struct portbook_error *err)
{
	struct search_order order = {0};
	uint64_t number;
	bool good;

	if (span_starts(key, SPAN("-"))) {
		order.falling = true;
		key = span_skip(key, 1);
	}
	if (ask->official) {
		good = ascii_u64(key, COLUMN_COUNT, &number) && number > 0;
		if (good)
			order.column = (enum column)(number - 1);
	} else {
		good = column_key_parse(key, &order.column);
	}
	if (!good && ask->official)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "skey must be the number of a column, 1 to 12, with a "
		    "minus sign before it for falling order.");
	if (!good)
		return error_set(err, PORTBOOK_EUSAGE, 0,
		    "There is no such column to sort by: use name, number, "
		    "protocol, description, assignee, contact, registered, "
		    "modified, references, service_code, unauthorized_use or "
		    "note, with - before it for falling order.");
	for (size_t i = 0; i < ask->order_count; i++)
		if (ask->order[i].column == order.column)
			return 0; /* the earlier has decided */
	ask->order[ask->order_count++] = order;
	return 0;
}

static int read_order(const struct http_target *target, struct ask *ask,
    struct portbook_error *err)
{
	struct span name = ask->official ? SPAN("skey") : SPAN("sort");

	for (size_t i = 0; i < target->param_count; i++) {
		struct span rest = target->params[i].value;

		if (!span_eq(target->params[i].name, name))
			continue;
		while (rest.len > 0) {
			int code = read_key(span_cut(&rest, ','), ask, err);

			if (code < 0)
				return code;
		}
	}
	return 0;
}

/* Room for a search: of a registry of the usual size in the caller's frame. */
struct scratch {
	uint64_t words[1024];
	void *made; /* what more than that took, or NULL: to be released */
};

/* The room, or NULL where memory fails. */
static void *scratch_for(const struct image *image, struct scratch *s)
{
	size_t len = search_scratch_len(image);

	s->made = NULL;
	if (len <= sizeof(s->words))
		return s->words;
	s->made = mem_alloc(len, 1);
	return s->made;
}

/* The date of the first version; of one without, that of its newest row. */
static struct span first_date(const struct image *image)
{
	struct span updated = image_text(image, image->versions[0].updated);

	return updated.len > 0
		   ? updated
		   : image_text(image, image->versions[0].newest_row);
}

static struct as_of newest(const struct image *image)
{
	return (struct as_of){SPAN(""), (uint32_t)(image->version_count - 1)};
}

int ask_as_of(const struct http_target *target, const struct image *image,
    struct as_of *ret, struct portbook_error *err)
{
	int code;

	*ret = newest(image);
	if (!http_target_param(target, SPAN("as-of"), &ret->date))
		return 0;
	code = ret->date.len > 0
		   ? search_version(image, ret->date, &ret->version, NULL)
		   : PORTBOOK_EUSAGE;
	if (code == PORTBOOK_ENOVERSION)
		return error_set(err, code, 0,
		    "There is no registry as of %.*s here; the first is of "
		    "%.*s.",
		    SPAN_FMT(ret->date), SPAN_FMT(first_date(image)));
	if (code < 0)
		return error_set(err, code, 0,
		    "as-of must be a date, YYYY-MM-DD, with .2 after it for "
		    "the second edition of a day.");
	return 0;
}

int ask_status(int code)
{
	switch (code) {
	case PORTBOOK_EUSAGE:
		return 400;
	case PORTBOOK_ENOVERSION:
		return 404;
	default:
		return 503;
	}
}

static int read_filter(const struct http_target *target, struct ask *ask,
    struct portbook_error *err)
{
	http_target_param(target, SPAN("protocol"), &ask->protocol);
	http_target_param(target, SPAN("state"), &ask->state);
	http_target_param(target, SPAN("class"), &ask->class);
	return search_filter_parse(
	    ask->protocol, ask->state, ask->class, &ask->filter, err);
}

int ask_parse(const struct http_target *target, const struct image *image,
    bool official, struct ask *ret, struct portbook_error *err)
{
	struct span text;
	int code;

	ret->search = SPAN("");
	ret->page = 1;
	ret->order_count = 0;
	ret->official = official;
	http_target_param(target, SPAN("search"), &ret->search);
	if (http_target_param(target, SPAN("page"), &text)) {
		code = ask_page(text, &ret->page, err);
		if (code < 0)
			return code;
	}
	code = read_order(target, ret, err);
	ret->as_of = newest(image);
	/* The official address knows no dates, and shows all rows. */
	if (code == 0 && !official)
		code = ask_as_of(target, image, &ret->as_of, err);
	ret->protocol = ret->state = ret->class = SPAN("");
	ret->filter = (struct search_filter){0};
	if (code == 0 && !official)
		code = read_filter(target, ret, err);
	if (code < 0)
		return code;
	return search_parse(ret->search, &ret->query, err);
}

/* Rows [first, first + count) of those that match, into ret. */
static int find_plain(const struct image *image, const struct ask *ask,
    struct search_page page, struct answer *ret, void *scratch,
    struct portbook_error *err)
{
	size_t total;

	ret->rows = mem_alloc(page.count + 1, sizeof(*ret->rows));
	if (ret->rows == NULL)
		return error_nomem(err);
	ret->row_count = search_run(image, &ask->query, ask->as_of.version,
	    page.first, ret->rows, page.count, &total, scratch);
	ret->total = total;
	return 0;
}

static int sort(const struct image *image, const struct ask *ask,
    struct answer *ret, struct portbook_error *err)
{
	uint32_t *spare = mem_alloc(ret->row_count + 1, sizeof(*spare));

	if (spare == NULL)
		return error_nomem(err);
	search_sort(image, ret->rows, ret->row_count, ask->order,
	    ask->order_count, spare);
	mem_release(spare);
	return 0;
}

/* The same of all that match, without those not wanted, and sorted. */
static int find_chosen(const struct image *image, const struct ask *ask,
    struct search_page page, struct answer *ret, void *scratch,
    struct portbook_error *err)
{
	struct search_page all = {0, image->row_count};
	int code = find_plain(image, ask, all, ret, scratch, err);

	if (code == 0 && !search_filter_is_any(&ask->filter)) {
		ret->row_count = search_filter_rows(
		    image, &ask->filter, ret->rows, ret->row_count);
		ret->total = ret->row_count;
	}
	if (code == 0 && ask->order_count > 0)
		code = sort(image, ask, ret, err);
	if (code < 0)
		return code;
	if (page.first >= ret->row_count)
		page = (struct search_page){0, 0};
	if (page.count > ret->row_count - page.first)
		page.count = ret->row_count - page.first;
	memmove(
	    ret->rows, ret->rows + page.first, page.count * sizeof(*ret->rows));
	ret->row_count = page.count;
	return 0;
}

int answer_people(const struct image *image, uint32_t version,
    const uint32_t *rows, size_t count, uint32_t **ret, size_t *ret_count,
    struct portbook_error *err)
{
	struct scratch storage;
	void *scratch;
	size_t cap = 0;
	uint32_t *people;

	for (size_t i = 0; i < count; i++) {
		const struct image_row *row = image_row(image, rows[i]);

		if (row != NULL)
			cap += image_list(image, &row->people).count;
	}
	people = mem_alloc(cap + 1, sizeof(*people));
	scratch = scratch_for(image, &storage);
	if (people == NULL || scratch == NULL) {
		mem_release(people);
		mem_release(storage.made);
		return error_nomem(err);
	}
	*ret_count =
	    search_people(image, rows, count, version, people, cap, scratch);
	if (*ret_count > cap)
		*ret_count = cap;
	*ret = people;
	mem_release(storage.made);
	return 0;
}

int answer_find(const struct image *image, const struct ask *ask,
    struct answer *ret, struct portbook_error *err)
{
	/* No page is beyond this one but empty. */
	uint64_t end = search_page_count(image->row_count) + 1;
	struct search_page page =
	    search_page_of(ask->page < end ? ask->page : end, ask->official);
	struct scratch storage;
	void *scratch = scratch_for(image, &storage);
	int code;

	*ret = (struct answer){0};
	if (scratch == NULL)
		return error_nomem(err);
	if (ask->order_count > 0 || !search_filter_is_any(&ask->filter))
		code = find_chosen(image, ask, page, ret, scratch, err);
	else
		code = find_plain(image, ask, page, ret, scratch, err);
	mem_release(storage.made);
	if (code == 0) {
		ret->first = (uint64_t)page.first + 1;
		ret->pages = search_page_count(ret->total);
		/* The official cut leaves a row behind the last page. */
		if (ask->page > ret->pages)
			ret->row_count = 0;
		code = answer_people(image, ask->as_of.version, ret->rows,
		    ret->row_count, &ret->people, &ret->person_count, err);
	}
	if (code < 0)
		answer_release(ret);
	return code;
}

void answer_release(struct answer *a)
{
	mem_release(a->rows);
	mem_release(a->people);
	*a = (struct answer){0};
}
