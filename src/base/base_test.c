/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/intern.h"
#include "base/mem.h"
#include "base/utf8.h"

static void test_span(void **state)
{
	struct span rest = SPAN("a,b,");

	(void)state;
	assert_true(span_eq(span_trim(SPAN(" \t\n\v\f\ra b ")), SPAN("a b")));
	assert_int_equal(span_trim(SPAN("  ")).len, 0);
	assert_true(span_eq(span_cut(&rest, ','), SPAN("a")));
	assert_true(span_eq(span_cut(&rest, ','), SPAN("b")));
	assert_int_equal(span_cut(&rest, ',').len, 0);
	assert_int_equal(rest.len, 0);
	assert_int_equal(span_find(SPAN("abcabd"), SPAN("abd")), 3);
	assert_int_equal(span_find(SPAN("ab"), SPAN("abc")), 2);
	assert_int_equal(span_find(SPAN("ab"), SPAN("")), 0);
	assert_int_equal(span_find_char(SPAN("aba"), 1, 'a'), 2);
	assert_int_equal(span_find_char(SPAN("aba"), 9, 'a'), 3);
	assert_true(span_cmp(SPAN("a"), SPAN("ab")) < 0);
	assert_true(span_cmp(SPAN("b"), SPAN("ab")) > 0);
	assert_int_equal(span_cmp(SPAN("ab"), SPAN("ab")), 0);
	assert_true(span_eq_fold(SPAN("aB-1"), SPAN("Ab-1")));
	assert_false(span_eq_fold(SPAN("["), SPAN("{")));
	assert_int_equal(span_skip(SPAN("ab"), 3).len, 0);
	assert_int_equal(span_head(SPAN("ab"), 3).len, 2);
	assert_true(span_ends(SPAN("ab"), SPAN("b")));
	assert_false(span_starts(SPAN("a"), SPAN("ab")));
}

static const struct number_row {
	int line;
	struct span text;
	uint64_t max;
	bool good;
	uint64_t value;
} numbers[] = {
    {__LINE__, SPAN_INIT("0"), 0, true, 0},
    {__LINE__, SPAN_INIT("007"), 7, true, 7},
    {__LINE__, SPAN_INIT("8"), 7, false, 0},
    {__LINE__, SPAN_INIT("65535"), 65535, true, 65535},
    {__LINE__, SPAN_INIT("65536"), 65535, false, 0},
    {__LINE__, SPAN_INIT("18446744073709551615"), UINT64_MAX, true, UINT64_MAX},
    {__LINE__, SPAN_INIT("18446744073709551616"), UINT64_MAX, false, 0},
    {__LINE__, SPAN_INIT(""), 9, false, 0},
    {__LINE__, SPAN_INIT("+1"), 9, false, 0},
    {__LINE__, SPAN_INIT("1 "), 9, false, 0},
};

static void test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint64_t value = 0;
		bool good = ascii_u64(numbers[i].text, numbers[i].max, &value);

		if (good != numbers[i].good || value != numbers[i].value)
			fail_msg("row of line %d", numbers[i].line);
	}
}

static void test_buf_cut(void **state)
{
	char storage[6];
	struct buf b;

	(void)state;
	buf_init_cut(&b, storage, sizeof(storage));
	buf_str(&b, "abcd");
	assert_false(buf_failed(&b));
	buf_str(&b, "efgh");
	buf_str(&b, "i");
	assert_true(buf_failed(&b));
	assert_true(span_eq(buf_span(&b), SPAN("abcdef")));
	buf_init_cut(&b, NULL, 0);
	buf_char(&b, 'a');
	assert_true(buf_failed(&b));
	assert_int_equal(b.len, 0);
}

static void test_buf(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} counts[] = {
	    {0, "0"},
	    {999, "999"},
	    {1000, "1,000"},
	    {14533, "14,533"},
	    {1002003, "1,002,003"},
	    {20010, "20,010"},
	    {UINT64_MAX, "18,446,744,073,709,551,615"},
	};
	char storage[4];
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add(&b, SPAN(""));
	assert_null(b.ptr);
	buf_char(&b, 'a');
	buf_fill(&b, 'b', 300);
	buf_fill(&b, 'b', 0);
	buf_u64(&b, 0);
	buf_u64(&b, UINT64_MAX);
	buf_printf(&b, "%s", "");
	buf_printf(&b, "%d.", 7);
	assert_int_equal(b.len, 1 + 300 + 1 + 20 + 2);
	assert_true(span_ends(buf_span(&b), SPAN("b0184467440737095516157.")));
	buf_release(&b);

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		buf_count(&b, counts[i].n);
		assert_true(span_eq(buf_span(&b), span_str(counts[i].text)));
		buf_release(&b);
	}

	buf_init_fixed(&b, storage, sizeof(storage));
	buf_str(&b, "abcd");
	assert_false(buf_failed(&b));
	buf_char(&b, 'e');
	assert_true(buf_failed(&b));
	buf_add(&b, SPAN(""));
	assert_true(span_eq(buf_span(&b), SPAN("abcd")));
	buf_clear(&b);
	buf_add(&b, SPAN("abcde"));
	assert_true(buf_failed(&b));
	assert_int_equal(b.len, 0);
	buf_char(&b, 'a'); /* there is room, but the failure sticks */
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

static void test_intern(void **state)
{
	struct arena arena;
	struct intern table;
	uint32_t number;

	(void)state;
	arena_init(&arena);
	intern_init(&table, &arena);
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 10000; i++) {
			char text[16];

			snprintf(text, sizeof(text), "text %u", (unsigned)i);
			assert_int_equal(
			    intern_add(&table, span_str(text), &number), 0);
			assert_int_equal(number, i);
		}
	}
	assert_int_equal(intern_add(&table, SPAN(""), &number), 0);
	assert_int_equal(number, 10000);
	assert_string_equal(table.entries[42].text.ptr, "text 42");
	intern_release(&table);
	arena_release(&arena);
}

static void test_arena(void **state)
{
	struct arena arena;
	char *large;

	(void)state;
	arena_init(&arena);
	for (size_t i = 1; i < 100; i++) {
		char *p = arena_alloc(&arena, i);
		struct span text = arena_text(&arena, SPAN("abc"));

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		memset(p, 1, i);
		assert_string_equal(text.ptr, "abc");
	}
	large = arena_alloc(&arena, (size_t)1 << 20);
	assert_non_null(large);
	memset(large, 1, (size_t)1 << 20);
	assert_null(arena_alloc(&arena, SIZE_MAX - 8));
	arena_release(&arena);
}

static void test_mem(void **state)
{
	size_t cap = 0;

	(void)state;
	assert_null(mem_alloc(SIZE_MAX / 2, 3));
	assert_null(mem_resize(NULL, SIZE_MAX / 2, 3));
	cap = SIZE_MAX / 2 + 1;
	assert_null(mem_grow(NULL, cap, &cap, 1));
	mem_release(NULL);
}

static const struct utf8_row {
	int line;
	struct span text;
	size_t good; /* bytes */
} utf8[] = {
    {__LINE__, SPAN_INIT(""), 0},
    {__LINE__, SPAN_INIT("a\0\x7f"), 3},
    {__LINE__, SPAN_INIT("\xc2\x80\xdf\xbf"), 4},
    {__LINE__, SPAN_INIT("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80"), 9},
    {__LINE__, SPAN_INIT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), 8},
    {__LINE__, SPAN_INIT("a\x80"), 1},
    {__LINE__, SPAN_INIT("a\xc0\x80"), 1},
    {__LINE__, SPAN_INIT("a\xc1\xbf"), 1},
    {__LINE__, SPAN_INIT("a\xe0\x9f\xbf"), 1},
    {__LINE__, SPAN_INIT("a\xed\xa0\x80"), 1},
    {__LINE__, SPAN_INIT("a\xf0\x8f\xbf\xbf"), 1},
    {__LINE__, SPAN_INIT("a\xf4\x90\x80\x80"), 1},
    {__LINE__, SPAN_INIT("a\xf5\x80\x80\x80"), 1},
    {__LINE__, SPAN_INIT("a\xe2\x82"), 1},
    {__LINE__, SPAN_INIT("a\xe2\x82z"), 1},
    {__LINE__, SPAN_INIT("a\xff"), 1},
};

static void test_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(utf8) / sizeof(utf8[0]); i++)
		if (utf8_check(utf8[i].text) != utf8[i].good)
			fail_msg("row of line %d", utf8[i].line);
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char storage[4];
		struct buf b;
		struct span s;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		buf_init_fixed(&b, storage, sizeof(storage));
		utf8_put(&b, c);
		s = buf_span(&b);
		assert_int_equal(utf8_next(&s), c);
		assert_int_equal(s.len, 0);
	}
}

static void test_error(void **state)
{
	struct portbook_error err;
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[238] = '\xc3';
	text[239] = '\xa9';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(
	    error_set(&err, PORTBOOK_EIO, 0, "%s", text), PORTBOOK_EIO);
	assert_int_equal(strlen(err.text), 238);
	error_prefix(&err, "while %s", "testing");
	assert_memory_equal(err.text, "while testing: xxx", 18);
	error_set(&err, PORTBOOK_EIO, 2, "open");
	assert_string_equal(err.text, "open: No such file or directory");
	error_locate(&err, "source", 3, 4);
	assert_string_equal(err.source, "source");
	assert_int_equal(
	    error_set(NULL, PORTBOOK_ENOMEM, 0, "x"), PORTBOOK_ENOMEM);
	error_locate(NULL, "x", 1, 1);
	error_prefix(NULL, "x");
	assert_int_equal(error_exit_status(0), 0);
	assert_int_equal(error_exit_status(PORTBOOK_EUSAGE), 2);
	assert_int_equal(error_exit_status(PORTBOOK_EFORMAT), 3);
	assert_int_equal(error_exit_status(PORTBOOK_ELIMIT), 4);
}

/* What Python makes of the same products. */
static void test_mix(void **state)
{
	static const struct {
		uint64_t a, b, mixed;
	} rows[] = {
	    {0, 0, 0},
	    {UINT64_MAX, UINT64_MAX, UINT64_MAX},
	    {UINT64_MAX, 1, UINT64_MAX},
	    {UINT64_C(1) << 32, UINT64_C(1) << 32, 1},
	    {UINT32_MAX, UINT64_C(0xffffffff00000001), UINT64_C(0x100000001)},
	    {UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xd1b54a32d192ed03),
		UINT64_C(0xd6cb8892a926a943)},
	};
	uint64_t a = 1, b = 2;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(hash_mix(rows[i].a, rows[i].b) == rows[i].mixed);
		assert_true(
		    hash_mix_by_hand(rows[i].a, rows[i].b) == rows[i].mixed);
	}
	for (int i = 0; i < 100000; i++) {
		assert_true(hash_mix(a, b) == hash_mix_by_hand(a, b));
		a = a * UINT64_C(0x9e3779b97f4a7c15) + 1;
		b = b * UINT64_C(0xd1b54a32d192ed03) + a;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_span),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_buf_cut),
	    cmocka_unit_test(test_buf),
	    cmocka_unit_test(test_intern),
	    cmocka_unit_test(test_arena),
	    cmocka_unit_test(test_mem),
	    cmocka_unit_test(test_utf8),
	    cmocka_unit_test(test_error),
	    cmocka_unit_test(test_mix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
