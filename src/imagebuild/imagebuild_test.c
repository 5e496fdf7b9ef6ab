/* SPDX-License-Identifier: ISC */
/*
 * An image's answers against plain loops over the records: of the sample, and
 * of the official XML, where PORTBOOK_REGISTRY_DIR has it.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/unicode.h"
#include "image/image.h"
#include "imagebuild/build_test.h"
#include "imagebuild/imagebuild.h"
#include "imagebuild/names_table.h"
#include "imagebuild/sample.h"
#include "read/read.h"
#include "search/search.h"
#include "terms/rich.h"
#include "terms/state.h"

/* A registry, its image, and what the columns of its records show, folded. */
struct world {
	struct registry r;
	uint8_t *bytes;
	size_t len;
	struct image image;
	struct arena arena;
	struct span (*columns)[COLUMN_COUNT];
	enum state *states;
};

static void make_columns(struct world *w)
{
	struct buf plain, folded;

	arena_init(&w->arena);
	buf_init(&plain);
	buf_init(&folded);
	w->columns = need(mem_alloc(w->r.record_count, sizeof(*w->columns)));
	w->states = need(mem_alloc(w->r.record_count, sizeof(*w->states)));
	for (size_t n = 0; n < w->r.record_count; n++) {
		struct record_text text;

		registry_record_text(&w->r, &w->r.records[n], &text);
		for (enum column c = 0; c < COLUMN_COUNT; c++) {
			buf_clear(&plain);
			buf_clear(&folded);
			column_text(&plain, &text, c);
			unicode_fold_text(&folded, buf_span(&plain));
			w->columns[n][c] =
			    arena_text(&w->arena, buf_span(&folded));
			need((void *)(uintptr_t)w->columns[n][c].ptr);
		}
		w->states[n] = state_of(w->columns[n][COLUMN_NAME],
		    w->columns[n][COLUMN_DESCRIPTION]);
	}
	buf_release(&plain);
	buf_release(&folded);
}

static void world_release(struct world *w)
{
	image_close(&w->image);
	registry_release(&w->r);
	arena_release(&w->arena);
	mem_release(w->bytes);
	mem_release(w->columns);
	mem_release(w->states);
}

/* Where the names of a record stand in a class: lower is stronger. */
static int weight(const struct world *w, uint32_t n)
{
	const struct record *r = &w->r.records[n];

	return (r->number.first != r->number.last) * 8 +
	       (r->protocol == PROTOCOL_NONE) * 4 + STATE_ASSIGNED -
	       (int)w->states[n];
}

static bool applies(const struct world *w, uint32_t n, enum protocol protocol)
{
	const struct record *r = &w->r.records[n];

	if (protocol == PROTOCOL_NONE || r->protocol == protocol)
		return true;
	if (r->protocol != PROTOCOL_NONE)
		return false;
	return w->columns[n][COLUMN_NAME].len == 0 ||
	       protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP;
}

static bool is_weak(const struct world *w, uint32_t n)
{
	struct span note = w->columns[n][COLUMN_NOTE];

	return span_find(note, SPAN("entry is an alias to")) < note.len ||
	       span_find(note, SPAN("duplicate of the")) < note.len ||
	       span_find(note, SPAN("but widespread use")) < note.len;
}

/* The preferred one of rows in the order of the file, or IMAGE_NONE. */
static uint32_t preferred(const struct world *w, const uint32_t *rows,
    size_t count, uint32_t port, enum protocol protocol)
{
	uint32_t found[3] = {IMAGE_NONE, IMAGE_NONE, IMAGE_NONE};
	int best = INT32_MAX;

	for (size_t i = 0; i < count; i++)
		if (weight(w, rows[i]) < best)
			best = weight(w, rows[i]);
	for (size_t i = count; i > 0; i--) {
		uint32_t n = rows[i - 1];

		if (weight(w, n) != best || w->states[n] != STATE_ASSIGNED ||
		    w->columns[n][COLUMN_NAME].len == 0)
			continue;
		found[is_weak(w, n) ? 2 : 1] = n;
		for (size_t l = 0; l < names_line_count; l++)
			if (names_lines[l].kind == IMAGE_CURATED_PREFER &&
			    names_lines[l].port == port &&
			    names_lines[l].protocol == protocol &&
			    span_eq_fold(names_lines[l].name,
				w->columns[n][COLUMN_NAME]))
				found[0] = n;
	}
	for (size_t i = 0; i < 3; i++)
		if (found[i] != IMAGE_NONE)
			return found[i];
	return IMAGE_NONE;
}

static void expect_list(const struct world *w, uint32_t port,
    enum protocol protocol, const uint32_t *want, size_t count)
{
	struct image_numbers have =
	    image_by_port(&w->image, (uint16_t)port, protocol);
	bool same = have.count == count;

	for (size_t i = 0; same && i < count; i++)
		same = le32(have.at[i]) == want[i];
	if (!same)
		fail_msg("port %u, protocol %d: %zu rows, not %zu, or in "
			 "another order",
		    port, (int)protocol, have.count, count);
}

/* Stable: by weight, and the preferred one before the others of its own. */
static void sort_rows(
    const struct world *w, uint32_t *rows, size_t count, uint32_t first)
{
	for (size_t i = 1; i < count; i++)
		for (size_t n = i; n > 0; n--) {
			uint32_t a = rows[n - 1], b = rows[n];

			if (weight(w, a) < weight(w, b) ||
			    (weight(w, a) == weight(w, b) && b != first))
				break;
			rows[n - 1] = b;
			rows[n] = a;
		}
}

static void expect_port(const struct world *w, uint32_t port,
    const uint32_t *rows, size_t count, uint32_t *work)
{
	uint32_t chosen[PROTOCOL_COUNT];
	size_t len;

	for (enum protocol p = 0; p < PROTOCOL_COUNT; p++) {
		len = 0;
		for (size_t i = 0; i < count; i++)
			if (applies(w, rows[i], p))
				work[len++] = rows[i];
		chosen[p] = preferred(w, work, len, port, p);
		sort_rows(w, work, len, chosen[p]);
		expect_list(w, port, p, work, len);
	}
	len = 0;
	for (int want = 1; want >= 0; want--)
		for (size_t i = 0; i < count; i++) {
			int is = 0;

			for (size_t p = 0; p < PROTOCOL_COUNT; p++)
				is |= chosen[p] == rows[i];
			if (is == want)
				work[len++] = rows[i];
		}
	expect_list(w, port, PROTOCOL_NONE, work, len);
	for (size_t i = 0; i < count; i++) {
		const struct record *r = &w->r.records[rows[i]];
		const struct image_row *row = image_row(&w->image, rows[i]);
		size_t p = r->protocol == PROTOCOL_NONE ? 0 : r->protocol;

		if (r->number.first == port)
			assert_int_equal(
			    (row->flags & IMAGE_ROW_PREFERRED) != 0,
			    p < PROTOCOL_COUNT && chosen[p] == rows[i]);
	}
}

static void expect_ports(const struct world *w)
{
	uint32_t *rows = need(mem_alloc(w->r.record_count, sizeof(*rows)));
	uint32_t *work = need(mem_alloc(w->r.record_count, sizeof(*work)));

	for (uint32_t port = 0; port < PORT_COUNT; port++) {
		size_t count = 0;

		for (uint32_t n = 0; n < w->r.record_count; n++)
			if (w->r.records[n].has_number &&
			    port_range_has(
				w->r.records[n].number, (uint16_t)port))
				rows[count++] = n;
		expect_port(w, port, rows, count, work);
	}
	mem_release(rows);
	mem_release(work);
}

static void expect_texts(const struct world *w)
{
	for (size_t n = 0; n < w->r.record_count; n++) {
		const struct image_row *row = image_row(&w->image, n);
		struct span text = image_search_text(&w->image, row);
		struct record_text want, have;

		registry_record_text(&w->r, &w->r.records[n], &want);
		image_row_text(&w->image, row, &have);
		for (size_t i = 0; i < FIELD_COUNT; i++)
			assert_true(span_eq(have.at[i], want.at[i]));
		assert_int_equal(row->state, w->states[n]);
		for (enum column c = 0; c < COLUMN_COUNT; c++) {
			struct span column = w->columns[n][c];

			if (!column_is_searched(c))
				continue;
			assert_true(span_starts(text, column));
			assert_int_equal(text.ptr[column.len], '\0');
			text = span_skip(text, column.len + 1);
		}
		assert_int_equal(text.len, 0);
	}
	for (size_t n = 0; n < w->r.person_count; n++) {
		struct person_text want, have;

		registry_person_text(&w->r, &w->r.people[n], &want);
		image_person_text(&w->image, image_person(&w->image, n), &have);
		for (size_t i = 0; i < PERSON_FIELD_COUNT; i++)
			assert_true(span_eq(have.at[i], want.at[i]));
	}
}

/* Whether the image's rows of a name are those that have it. */
static void expect_name(const struct world *w, struct span name)
{
	const struct image_name *found = image_by_name(&w->image, name);
	struct image_numbers rows = {NULL, 0};
	struct buf folded;
	size_t count = 0;

	buf_init(&folded);
	unicode_fold_text(&folded, name);
	if (found != NULL) {
		rows = image_list(&w->image, &found->rows);
		assert_true(span_eq(
		    buf_span(&folded), image_text(&w->image, found->name)));
		assert_true(
		    rows.count > 0 || le32(found->curated) != IMAGE_NONE);
	}
	for (size_t n = 0; n < w->r.record_count; n++)
		count += name.len > 0 &&
			 span_eq(w->columns[n][COLUMN_NAME], buf_span(&folded));
	for (size_t i = 0; i < rows.count; i++)
		assert_true(span_eq(w->columns[le32(rows.at[i])][COLUMN_NAME],
		    buf_span(&folded)));
	if (count != rows.count)
		fail_msg("%.*s: %zu rows, not %zu", SPAN_FMT(name), rows.count,
		    count);
	buf_release(&folded);
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Every name in three cases, and as many that differ by a byte. */
static void expect_names(const struct world *w)
{
	struct span last = SPAN("");

	for (size_t n = 0; n < w->r.record_count; n++) {
		struct span name =
		    registry_text(&w->r, w->r.records[n].text[FIELD_NAME]);
		char *text;

		if (name.len == 0 || span_eq(name, last))
			continue;
		last = name;
		/* Nothing behind it, so that a load too far is noticed. */
		text = need(mem_alloc(name.len + 1, 1));
		memcpy(text, name.ptr, name.len);
		expect_name(w, (struct span){text, name.len});
		for (size_t i = 0; i < name.len; i++)
			text[i] = upper(text[i]);
		expect_name(w, (struct span){text, name.len});
		memcpy(text, w->columns[n][COLUMN_NAME].ptr,
		    w->columns[n][COLUMN_NAME].len);
		text[(n * 7) % name.len] ^= 1;
		expect_name(w, (struct span){text, name.len});
		text[(n * 7) % name.len] ^= 1;
		text[name.len] = '\0';
		expect_name(w, (struct span){text, name.len + 1});
		expect_name(w, (struct span){text, name.len - 1});
		mem_release(text);
	}
	expect_name(w, SPAN(""));
}

static bool has_gram(const struct world *w, uint32_t n, struct span gram)
{
	for (enum column c = 0; c < COLUMN_COUNT; c++)
		if (column_is_searched(c) &&
		    span_find(w->columns[n][c], gram) < w->columns[n][c].len)
			return true;
	return false;
}

static bool posting_has(struct image_posting p, uint32_t row)
{
	if (p.words > 0)
		return (le32(p.at[row / 32]) >> row % 32 & 1) != 0;
	for (size_t i = 0; i < p.count; i++)
		if (le32(p.at[i]) == row)
			return true;
	return false;
}

static void expect_gram(const struct world *w, struct span gram)
{
	struct image_posting p = image_gram(&w->image, gram.ptr, gram.len);
	size_t count = 0;

	for (uint32_t n = 0; n < w->r.record_count; n++) {
		bool want = has_gram(w, n, gram);

		count += want;
		if (want != posting_has(p, n))
			fail_msg("gram \"%.*s\", row %u", SPAN_FMT(gram), n);
	}
	assert_int_equal(count, p.count);
}

static void expect_grams(const struct world *w)
{
	size_t step = w->r.record_count / 40 + 1;

	for (size_t n = 0; n < w->r.record_count; n += step)
		for (enum column c = 0; c < COLUMN_COUNT; c++)
			for (size_t len = 1; len <= 3; len++) {
				struct span text = w->columns[n][c];
				size_t at = (n / step) % (text.len + 1);

				text = span_head(span_skip(text, at), len);
				if (text.len == len && column_is_searched(c))
					expect_gram(w, text);
			}
	expect_gram(w, SPAN("zzz"));
	expect_gram(w, SPAN("\x01"));
	assert_int_equal(image_gram(&w->image, "abcd", 4).count, 0);
	assert_int_equal(image_gram(&w->image, "", 0).count, 0);
	assert_int_equal(image_gram(&w->image, "\0a", 2).count, 0);
}

static int sign(int n)
{
	return n < 0 ? -1 : n > 0;
}

static void expect_order(
    const struct world *w, enum column c, size_t a, size_t b)
{
	struct span x = w->columns[a][c], y = w->columns[b][c];
	const struct record *r = &w->r.records[a], *s = &w->r.records[b];
	uint32_t have_a = image_order(&w->image, c, a);
	uint32_t have_b = image_order(&w->image, c, b);
	int want = span_cmp(x, y);

	assert_int_equal(have_a == 0, x.len == 0);
	if (x.len == 0 || y.len == 0)
		return;
	if (c == COLUMN_NUMBER && r->has_number && s->has_number)
		want = r->number.first != s->number.first
			   ? r->number.first - s->number.first
			   : r->number.last - s->number.last;
	assert_int_equal(sign(want), (have_a > have_b) - (have_a < have_b));
}

static void expect_orders(const struct world *w)
{
	size_t count = w->r.record_count;

	for (enum column c = 0; c < COLUMN_COUNT; c++)
		for (size_t n = 0; n < count; n++) {
			expect_order(w, c, n, (n + 1) % count);
			expect_order(w, c, n, (n * 7919 + 13) % count);
		}
}

static bool names_person(const struct record_text *text, struct span id)
{
	for (size_t i = FIELD_NAME; i < FIELD_COUNT; i++) {
		struct span rest = text->at[i];
		struct rich_token token;

		while (rich_next(&rest, &token))
			if (token.kind == RICH_IS_XREF &&
			    token.xref.type == XREF_PERSON &&
			    span_eq(token.xref.data, id))
				return true;
	}
	return false;
}

static bool list_has(
    const struct image *image, const struct image_list *list, size_t n)
{
	struct image_numbers numbers = image_list(image, list);

	for (size_t i = 0; i < numbers.count; i++)
		if (le32(numbers.at[i]) == n)
			return true;
	return false;
}

static void expect_people(const struct world *w)
{
	const struct image *image = &w->image;
	size_t row_step = w->r.record_count / 1000 + 1;

	for (size_t p = 0; p < w->r.person_count; p++) {
		struct span id =
		    registry_text(&w->r, w->r.people[p].text[PERSON_ID]);
		uint32_t found = image_by_person(image, id);

		assert_true(found < w->r.person_count);
		assert_true(span_eq(id,
		    image_text(image, image->people[found].text[PERSON_ID])));
	}
	for (size_t n = 0; n < w->r.record_count; n += row_step) {
		struct record_text text;

		registry_record_text(&w->r, &w->r.records[n], &text);
		for (size_t p = 0; p < w->r.person_count; p++) {
			bool want = names_person(
			    &text, registry_text(
				       &w->r, w->r.people[p].text[PERSON_ID]));

			if (want !=
				list_has(image, &image->rows[n].people, p) ||
			    want != list_has(image, &image->people[p].rows, n))
				fail_msg("row %zu, person %zu", n, p);
		}
	}
	assert_int_equal(image_by_person(image, SPAN("")), IMAGE_NONE);
	assert_int_equal(image_by_person(image, SPAN("zzzz")), IMAGE_NONE);
}

static void expect_ordinals(const struct world *w)
{
	size_t step = w->r.record_count / 500 + 1;

	for (size_t n = 0; n < w->r.record_count; n += step) {
		const uint32_t *a = w->r.records[n].text;
		uint32_t want = 1;

		for (size_t i = 0; i < n; i++) {
			const uint32_t *b = w->r.records[i].text;

			want += a[FIELD_NAME] == b[FIELD_NAME] &&
				a[FIELD_NUMBER] == b[FIELD_NUMBER] &&
				a[FIELD_PROTOCOL] == b[FIELD_PROTOCOL];
		}
		assert_int_equal(le32(w->image.rows[n].ordinal), want);
	}
}

/* Every everyday name leads to the row that its line names. */
static void expect_curated(const struct world *w)
{
	const struct image *image = &w->image;

	assert_int_equal(image->curated_count, names_line_count);
	for (size_t i = 0; i < names_line_count; i++) {
		const struct names_line *line = &names_lines[i];
		const struct image_curated *have = &image->curated[i];
		const struct image_name *name;
		const struct image_row *row;

		assert_true(span_eq(image_text(image, have->name), line->name));
		if (le32(have->row) == IMAGE_NONE)
			continue;
		row = image_row(image, le32(have->row));
		assert_int_equal(le16(row->first), line->port);
		assert_int_equal(row->protocol, line->protocol);
		name = image_by_name(image, line->name);
		assert_non_null(name);
		if (line->kind == IMAGE_CURATED_PREFER) {
			assert_true(row->flags & IMAGE_ROW_PREFERRED);
			continue;
		}
		assert_in_range(le32(name->curated), 0, i);
		for (size_t n = le32(name->curated); n <= i; n++)
			assert_true(span_eq(names_lines[n].name, line->name));
	}
}

static void expect_world(struct world *w)
{
	uint8_t *again;
	size_t again_len;

	build(&w->r, false, &w->bytes, &w->len);
	build(&w->r, false, &again, &again_len);
	assert_int_equal(w->len, again_len);
	assert_memory_equal(w->bytes, again, again_len);
	mem_release(again);
	open_bytes(w->bytes, w->len, &w->image);
	make_columns(w);
	expect_texts(w);
	expect_ports(w);
	expect_names(w);
	expect_grams(w);
	expect_orders(w);
	expect_people(w);
	expect_ordinals(w);
	expect_curated(w);
	world_release(w);
}

static void test_sample(void **state)
{
	struct world w = {0};

	(void)state;
	assert_int_equal(sample_registry(&w.r), 0);
	expect_world(&w);
}

static void test_official(void **state)
{
	const char *folder = getenv("PORTBOOK_REGISTRY_DIR");
	char pattern[4096];
	glob_t found;

	(void)state;
	if (folder == NULL)
		skip();
	snprintf(pattern, sizeof(pattern), "%s/service-names-port-numbers*.xml",
	    folder);
	if (glob(pattern, 0, NULL, &found) != 0)
		skip();
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct world w = {0};

		assert_int_equal(
		    read_registry(found.gl_pathv[i], &w.r, NULL, NULL), 0);
		expect_world(&w);
	}
	globfree(&found);
}

/* What rows of the sample are known to be. */
static void test_known(void **state)
{
	static const struct {
		int line;
		uint16_t port;
		enum protocol protocol;
		const char *first; /* name, or description */
		const char *alias;
	} cases[] = {
	    {__LINE__, 0, PROTOCOL_TCP, "Reserved", ""},
	    {__LINE__, 5, PROTOCOL_TCP, "(unassigned) between", ""},
	    {__LINE__, 5, PROTOCOL_DCCP, "Unassigned", ""},
	    {__LINE__, 33, PROTOCOL_UDP, "dsp", ""},
	    {__LINE__, 33, PROTOCOL_TCP, "any-port", ""},
	    {__LINE__, 63, PROTOCOL_TCP, "whoispp", ""},
	    {__LINE__, 80, PROTOCOL_TCP, "http", ""},
	    {__LINE__, 99, PROTOCOL_TCP, "alpha_1", "alpha-1"},
	    {__LINE__, 465, PROTOCOL_TCP, "submissions", ""},
	    {__LINE__, 2049, PROTOCOL_TCP, "nfs", ""},
	    {__LINE__, 5001, PROTOCOL_TCP, "second", ""},
	    {__LINE__, 5002, PROTOCOL_TCP, "group-a", ""},
	    {__LINE__, 65535, PROTOCOL_TCP, "x", ""},
	    {__LINE__, 65535, PROTOCOL_UDP, "Reserved for dynamic use", ""},
	    {__LINE__, 80, PROTOCOL_NONE, "http", ""},
	};
	struct registry r;
	uint8_t *bytes;
	struct image image;
	size_t len;

	(void)state;
	assert_int_equal(sample_registry(&r), 0);
	build(&r, true, &bytes, &len);
	open_bytes(bytes, len, &image);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct image_numbers rows =
		    image_by_port(&image, cases[i].port, cases[i].protocol);
		const struct image_row *row;
		struct span name;

		assert_true(rows.count > 0);
		row = image_row(&image, le32(rows.at[0]));
		name = image_text(&image, row->text[FIELD_NAME]);
		if (name.len == 0)
			name = image_text(&image, row->text[FIELD_DESCRIPTION]);
		if (!span_eq(name, span_str(cases[i].first)) ||
		    !span_eq(image_text(&image, row->alias_of),
			span_str(cases[i].alias)))
			fail_msg(
			    "line %d: %.*s", cases[i].line, SPAN_FMT(name));
	}
	assert_int_equal(image_by_port(&image, 3000, PROTOCOL_TCP).count, 0);
	assert_int_equal(image_by_port(&image, 3000, PROTOCOL_NONE).count, 1);
	assert_null(image.gram_pairs);
	/* A letter that folds to an ASCII one. */
	assert_non_null(image_by_name(&image, SPAN("any-port")));
	assert_non_null(image_by_name(&image, SPAN("n\xc3\xa4me")));
	assert_non_null(image_by_name(&image, SPAN("N\xc3\x84ME")));
	assert_non_null(image_by_name(&image, SPAN("\xe2\x84\xaarb5")) ==
				image_by_name(&image, SPAN("krb5"))
			    ? ""
			    : NULL);
	image_close(&image);
	mem_release(bytes);
	registry_release(&r);
}

static void test_versions(void **state)
{
	const struct imagebuild_options options = {.source = SPAN("test")};
	const unsigned count = 12;
	struct timeline t;
	struct image image;
	uint8_t *bytes;
	size_t len;

	(void)state;
	assert_int_equal(timeline_init(&t, NULL), 0);
	for (unsigned i = 0; i < count; i++) {
		struct registry r;

		assert_int_equal(sample_edition(&r, i), 0);
		assert_int_equal(timeline_append(&t, &r, NULL), 0);
		registry_release(&r);
	}
	assert_int_equal(imagebuild(&t, &options, &bytes, &len, NULL), 0);
	timeline_release(&t);
	open_bytes(bytes, len, &image);
	assert_int_equal(image.version_count, count);
	for (uint32_t v = 0; v < count; v++) {
		uint32_t place = 0;
		size_t n = 0;
		struct registry r;

		assert_int_equal(sample_edition(&r, v), 0);
		for (; place < image.row_count; place++) {
			const struct image_row *row = image.rows;
			struct record_text have, want;

			while (le32(row->place) != place)
				row++;
			if (!image_row_is_in(row, v))
				continue;
			registry_record_text(&r, &r.records[n], &want);
			image_row_text(&image, row, &have);
			for (size_t i = 0; i < FIELD_COUNT; i++)
				assert_true(span_eq(have.at[i], want.at[i]));
			n++;
		}
		assert_int_equal(n, r.record_count);
		assert_int_equal(le32(image.versions[v].row_count), n);
		assert_true(
		    span_eq(image_text(&image, image.versions[v].updated),
			registry_text(&r, r.text[REGISTRY_UPDATED])));
		registry_release(&r);
	}
	image_close(&image);
	mem_release(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sample),
	    cmocka_unit_test(test_official),
	    cmocka_unit_test(test_known),
	    cmocka_unit_test(test_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
