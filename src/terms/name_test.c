/* SPDX-License-Identifier: ISC */
/* Service names: the edge cases, and the prose against the grammar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "terms/name.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define LEN NAME_BIT(NAME_RULE_LEN)
#define CHAR NAME_BIT(NAME_RULE_CHAR)
#define LETTER NAME_BIT(NAME_RULE_LETTER)
#define EDGE NAME_BIT(NAME_RULE_EDGE)
#define DBLHYPHEN NAME_BIT(NAME_RULE_DBLHYPHEN)
#define REDUNDANT NAME_BIT(NAME_RULE_REDUNDANT)
#define VERSION NAME_BIT(NAME_RULE_VERSION)

static const struct name_row {
	int line;
	struct span name;
	unsigned faults;
} names[] = {
    {__LINE__, SPAN_INIT("a"), 0},
    {__LINE__, SPAN_INIT("1a"), 0},
    {__LINE__, SPAN_INIT("1-a"), 0},
    {__LINE__, SPAN_INIT("a-1"), 0},
    {__LINE__, SPAN_INIT("3gpp-w1ap"), 0},
    {__LINE__, SPAN_INIT("1-2-3-x"), 0},
    {__LINE__, SPAN_INIT("abcdefghijklmno"), 0},
    {__LINE__, SPAN_INIT("HTTP"), 0},
    {__LINE__, SPAN_INIT("Z-a-0-9"), 0},
    {__LINE__, SPAN_INIT(""), LEN},
    {__LINE__, SPAN_INIT("abcdefghijklmnop"), LEN},
    {__LINE__, SPAN_INIT("-a"), EDGE},
    {__LINE__, SPAN_INIT("a-"), EDGE},
    {__LINE__, SPAN_INIT("-"), EDGE | LETTER},
    {__LINE__, SPAN_INIT("--"), EDGE | LETTER | DBLHYPHEN},
    {__LINE__, SPAN_INIT("a--b"), DBLHYPHEN},
    {__LINE__, SPAN_INIT("a---b"), DBLHYPHEN},
    {__LINE__, SPAN_INIT("1-2"), LETTER},
    {__LINE__, SPAN_INIT("123"), LETTER},
    {__LINE__, SPAN_INIT("6000-6063"), LETTER},
    {__LINE__, SPAN_INIT("_http"), CHAR},
    {__LINE__, SPAN_INIT("z39.50"), CHAR},
    {__LINE__, SPAN_INIT("whois++"), CHAR},
    {__LINE__, SPAN_INIT("cl/1"), CHAR},
    {__LINE__, SPAN_INIT("sql*net"), CHAR},
    {__LINE__, SPAN_INIT("a b"), CHAR},
    {__LINE__, SPAN_INIT(" a"), CHAR},
    {__LINE__, SPAN_INIT("a\n"), CHAR},
    {__LINE__, SPAN_INIT("a\0b"), CHAR},
    {__LINE__, SPAN_INIT("fort\xc3\xa9"), CHAR},
    {__LINE__, SPAN_INIT("\xef\xbd\x81"), CHAR | LETTER},
    {__LINE__, SPAN_INIT("a\xe2\x80\x91z"), CHAR},
    {__LINE__, SPAN_INIT("@`[{/:"), CHAR | LETTER},
    {__LINE__, SPAN_INIT("-_--long-and-bad-9"), CHAR | EDGE | DBLHYPHEN | LEN},
    {__LINE__, SPAN_INIT("kca-service"), REDUNDANT},
    {__LINE__, SPAN_INIT("hncp-udp-Port"), REDUNDANT},
    {__LINE__, SPAN_INIT("edi_service"), CHAR | REDUNDANT},
    {__LINE__, SPAN_INIT("protocol"), REDUNDANT},
    {__LINE__, SPAN_INIT("services"), 0},
    {__LINE__, SPAN_INIT("sunrpc-airport"), 0},
    {__LINE__, SPAN_INIT("ddns-v3"), VERSION},
    {__LINE__, SPAN_INIT("hsrpV6"), VERSION},
    {__LINE__, SPAN_INIT("v2"), 0},
    {__LINE__, SPAN_INIT("av"), 0},
    {__LINE__, SPAN_INIT("x11"), 0},
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		unsigned faults = name_faults(names[i].name);

		if (faults != names[i].faults)
			fail_msg("row of line %d: %#x", names[i].line, faults);
		if (name_is_valid(names[i].name) !=
		    ((names[i].faults &
			 (LEN | CHAR | LETTER | EDGE | DBLHYPHEN)) == 0))
			fail_msg("row of line %d: valid", names[i].line);
	}
}

/*
 * *(1*DIGIT [HYPHEN]) ALPHA *([HYPHEN] ALNUM) as an automaton.  Digits and
 * single hyphens behind them until the first letter; behind it, letters and
 * digits, each with a hyphen before it or none.
 */
static bool by_grammar(const char *s, size_t len)
{
	enum { START, DIGITS, HYPHEN, BODY, BODY_HYPHEN } at = START;

	for (size_t i = 0; i < len; i++) {
		bool digit = s[i] == '1', letter = s[i] == 'a';

		switch (at) {
		case START:
		case HYPHEN:
			if (s[i] == '-')
				return false;
			at = letter ? BODY : DIGITS;
			break;
		case DIGITS:
			at = letter ? BODY : digit ? DIGITS : HYPHEN;
			break;
		case BODY:
			at = letter || digit ? BODY : BODY_HYPHEN;
			break;
		case BODY_HYPHEN:
			if (s[i] == '-')
				return false;
			at = BODY;
			break;
		}
	}
	return at == BODY;
}

/* Every string of these three, one of each kind of character, up to nine. */
static void test_grammar(void **state)
{
	static const char kinds[] = {'a', '1', '-'};
	size_t valid = 0, seen = 0, words = 1;

	(void)state;
	for (size_t len = 0; len <= 9; len++, words *= 3) {
		for (size_t n = 0; n < words; n++) {
			char s[9] = {0};
			size_t rest = n;
			bool good;

			for (size_t i = 0; i < len; i++, rest /= 3)
				s[i] = kinds[rest % 3];
			good = by_grammar(s, len);
			if (good != name_is_valid(span_of(s, len)))
				fail_msg("%.*s: %d", (int)len, s, good);
			valid += good;
			seen++;
		}
	}
	/* (3^10 - 1) / 2 strings, and as many as a regular expression takes. */
	assert_int_equal(seen, 29524);
	assert_int_equal(valid, 7634);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_grammar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
