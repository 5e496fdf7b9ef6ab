/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "web/hide_text.h"

#define A HIDDEN_ADDRESS
#define ROW(any, in, out)                                                      \
	{                                                                      \
		__LINE__, any, SPAN_INIT(in), SPAN_INIT(out)                   \
	}

/* The codes of marks are those of terms/rich.h. */
static const struct row {
	int line;
	bool any;
	struct span in, out;
} rows[] = {
    ROW(false, "", ""),
    ROW(false, "plain text", "plain text"),
    ROW(false, "AT&T and R&D, at&t.", "AT&T and R&D, at&t."),
    ROW(false, "a & b.c", "a & b.c"),
    ROW(false, "&b.c", "&b.c"),
    ROW(false, "x&y.", "x&y."),
    ROW(false, "@", "@"),
    ROW(true, "ann&secret.example", A),
    ROW(true, "ann@secret.example", A),
    ROW(true, "(ann.b+c&x-y.secret.example)", "(" A ")"),
    ROW(true, "Mail ann&secret.example.", "Mail " A "."),
    ROW(true, "a&b.c, d&e.f", A ", " A),
    ROW(true, "a&b.c&d.e", A "&d.e"),
    ROW(true,
	"one\x01"
	"ann&secret.example\x01three",
	"one\x01" A "\x01three"),
    ROW(true, "\x02 a&b.c \x03\x0e x \x0f", "\x02 " A " \x03\x0e x \x0f"),
    ROW(true, "by \x04pAnn_Gone\x06\x07 of", "by  of"),
    ROW(true, "\x04umailto:ann&secret.example\x06" A "\x07", ""),
    ROW(true, "\x04uMAILTO:ann&secret.example\x06\x07", ""),
    ROW(false, "\x04rrfc9110\x06\x07", "\x04rrfc9110\x06\x07"),
    ROW(false, "\x04uhttps://a.example/?b&c.d\x06\x07",
	"\x04uhttps://a.example/?b&c.d\x06\x07"),
    ROW(false, "\x04rrfc1\x05section=2\x06see\x07",
	"\x04rrfc1\x05section=2\x06see\x07"),
    ROW(true,
	"\x04rrfc1\x06"
	"ann&secret.example\x07",
	"\x04rrfc1\x06" A "\x07"),
    ROW(true,
	"\x04t"
	"ann&secret.example\x06\x07",
	"\x04t" A "\x06\x07"),
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;
		bool any;

		buf_init(&b);
		any = hide_rich(&b, rows[i].in);
		if (any != rows[i].any || !span_eq(buf_span(&b), rows[i].out))
			fail_msg("line %d: \"%.*s\"", rows[i].line,
			    SPAN_FMT(buf_span(&b)));
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
