/* SPDX-License-Identifier: ISC */
/* The generated tables against utf8proc, of which they are made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/unicode.h"
#include "base/utf8.h"

/* Full folding where it is one character is simple folding. */
static void test_fold(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		utf8proc_int32_t full[8];
		int boundary = 0;
		utf8proc_ssize_t count;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		count = utf8proc_decompose_char(
		    (utf8proc_int32_t)c, full, 8, UTF8PROC_CASEFOLD, &boundary);
		if (count == 1 && unicode_fold(c) != (uint32_t)full[0])
			fail_msg("U+%04X folds to U+%04X, not U+%04X",
			    (unsigned)c, (unsigned)unicode_fold(c),
			    (unsigned)full[0]);
		assert_int_equal(
		    unicode_fold(unicode_fold(c)), unicode_fold(c));
	}
}

static void test_width(void **state)
{
	(void)state;
	for (uint32_t c = 0x20; c <= 0x10ffff; c++) {
		int want = utf8proc_charwidth((utf8proc_int32_t)c);

		if ((c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c <= 0xdfff))
			continue;
		if (unicode_width(c) != want)
			fail_msg("U+%04X: %d, not %d", (unsigned)c,
			    unicode_width(c), want);
	}
}

static void test_text(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	unicode_fold_text(&b, SPAN("aZ\xc3\x89\xffQ"));
	assert_true(span_eq(buf_span(&b), SPAN("az\xc3\xa9\xffq")));
	buf_release(&b);
	assert_int_equal(unicode_text_width(SPAN("a\xc3\xa9")), 2);
	assert_int_equal(unicode_text_width(SPAN("\xe4\xb8\xad\xff")), 3);
	assert_int_equal(unicode_text_width(SPAN("e\xcc\x81")), 1);
	assert_string_equal(unicode_version, utf8proc_unicode_version());
	assert_true(utf8_is_space(0xa0) && utf8_is_space(0x3000));
	assert_false(utf8_is_space(0x200b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fold),
	    cmocka_unit_test(test_width),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
