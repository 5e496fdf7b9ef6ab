/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

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

/* As in hide_names.h; the image has these as persons. */
static const char *const people[][2] = {
    {"Ann Zulu", ""},
    {"Ann Zulu Junior", ""},
    {"Bob  van\nQuebec", "Quebec Works"},
    {"\xc3\x89mile Yankee", ""},
    {"Copy", ""},
    {"", "Acme Tools"},
    {"Whiskey Makers", "whiskey makers"},
};

static const struct row named[] = {
    ROW(true, "Ann Zulu", "[name]"),
    ROW(true, "by ANN\n    zulu.", "by [name]."),
    ROW(true, "Ann Zulu's, Ann Zulu", "[name]'s, [name]"),
    ROW(true, "Ann Zulu Junior, Ann Zulu Juniors", "[name], [name] Juniors"),
    ROW(true, "(bob van quebec <b&c.d>)", "([name] <" A ">)"),
    ROW(true,
	"\xc3\x89mile Yankee\x01"
	"Ann Zulu",
	"[name]\x01[name]"),
    ROW(true, "\x04tAnn Zulu <a&b.c> 2009\x06\x07",
	"\x04t[name] <" A "> 2009\x06\x07"),
    ROW(false, "Joann Zulu, Ann Zulus, _Ann Zulu",
	"Joann Zulu, Ann Zulus, _Ann Zulu"),
    ROW(false, "Ann, Zulu AnnZulu Ann-Zulu", "Ann, Zulu AnnZulu Ann-Zulu"),
    ROW(false, "Ann", "Ann"),
    ROW(false, "Ann ", "Ann "),
    ROW(false, "Copy of Acme Tools, Quebec Works, Whiskey Makers",
	"Copy of Acme Tools, Quebec Works, Whiskey Makers"),
    ROW(false, "Ann \xc3\x89mile", "Ann \xc3\x89mile"),
};

static void check(const struct row *row, const struct hide_names *names)
{
	struct buf b;
	bool any;

	buf_init(&b);
	any = hide_rich(&b, row->in, names);
	if (any != row->any || !span_eq(buf_span(&b), row->out))
		fail_msg(
		    "line %d: \"%.*s\"", row->line, SPAN_FMT(buf_span(&b)));
	buf_release(&b);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], NULL);
}

/* A text of an image: its length, its bytes; numbers are places of four. */
static struct le32 put_text(struct buf *texts, const char *text)
{
	struct le32 len = le32_of((uint32_t)strlen(text));
	struct le32 place = le32_of((uint32_t)(texts->len / 4));

	buf_add(texts, span_of((const char *)&len, sizeof(len)));
	buf_str(texts, text);
	do
		buf_char(texts, '\0');
	while (texts->len % 4 != 0);
	return place;
}

static void test_names(void **state)
{
	struct image_person persons[sizeof(people) / sizeof(people[0])] = {0};
	struct hide_names names;
	struct image image = {0};
	struct buf texts;

	(void)state;
	buf_init(&texts);
	put_text(&texts, "");
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		persons[i].text[PERSON_NAME] = put_text(&texts, people[i][0]);
		persons[i].text[PERSON_ORG] = put_text(&texts, people[i][1]);
	}
	image.texts = (const uint8_t *)texts.ptr;
	image.texts_len = texts.len;
	image.people = persons;
	assert_true(hide_names_make(&image, &names));
	check(&rows[1], &names); /* of nobody */
	hide_names_release(&names);
	image.person_count = sizeof(people) / sizeof(people[0]);
	assert_true(hide_names_make(&image, &names));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i], &names);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		check(&named[i], &names);
	hide_names_release(&names);
	buf_release(&texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
