/* SPDX-License-Identifier: ISC */
/* Keys of TXT records in notes, and kinds of rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "search/filter.h"
#include "search/txtkeys.h"

/* "key=value|key" of what was read, or the kind. */
static void tell(const struct txtkeys *keys, char *out, size_t cap)
{
	static const char *const kinds[] = {
	    [TXTKEYS_ABSENT] = "absent",
	    [TXTKEYS_NONE] = "none",
	    [TXTKEYS_TEXT] = "text",
	};
	size_t len = 0;

	out[0] = '\0';
	if (keys->kind != TXTKEYS_LIST) {
		snprintf(out, cap, "%s", kinds[keys->kind]);
		return;
	}
	for (size_t i = 0; i < keys->count && len < cap; i++)
		len += (size_t)snprintf(out + len, cap - len, "%s%.*s%s%.*s",
		    i > 0 ? "|" : "", SPAN_FMT(keys->at[i].key),
		    keys->at[i].value.len > 0 ? "=" : "",
		    SPAN_FMT(keys->at[i].value));
}

#define DEFINED "Defined TXT keys: "

static const struct {
	int line;
	const char *notes, *want;
} rows[] = {
    {__LINE__, "", "absent"},
    {__LINE__, "Keys of a TXT record", "absent"},
    {__LINE__, DEFINED "None", "none"},
    {__LINE__, "Defined\n TXT Keys:none.", "none"},
    {__LINE__, DEFINED, "text"},
    {__LINE__, DEFINED "Proprietary", "text"},
    {__LINE__, DEFINED "TBD", "text"},
    {__LINE__, DEFINED "see www.example.org/keys", "text"},
    {__LINE__, DEFINED "0", "text"},
    {__LINE__, DEFINED "u=<username>\n   p=<password>\n path=<path to it>",
	"u=username|p=password|path=path to it"},
    {__LINE__, DEFINED "u=<user name> p=<pass> path=/x",
	"u=user name|p=pass|path=/x"},
    {__LINE__, DEFINED "txtvers, macaddress, model",
	"txtvers|macaddress|model"},
    {__LINE__, DEFINED "txtvers protovers path", "txtvers|protovers|path"},
    {__LINE__, DEFINED "txtvers=1, name, version", "txtvers=1|name|version"},
    {__LINE__, DEFINED "txtvers server=<main> vers=2",
	"txtvers|server=main|vers=2"},
    {__LINE__, DEFINED "Client Version=<v>, MAC Address=<a>",
	"Client Version=v|MAC Address=a"},
    {__LINE__, DEFINED "SN (serial number), SVER (version)",
	"SN=serial number|SVER=version"},
    {__LINE__, DEFINED "D (device type), S (https port", "text"},
    {__LINE__, DEFINED "name, (others not told)", "text"},
    {__LINE__, DEFINED "a=<x> b=<y> a=<z>", "text"},
    {__LINE__, DEFINED "mode=<a|b> how it works\nsn=<sn>",
	"mode=<a|b> how it works|sn=sn"},
    {__LINE__, DEFINED "name = <one>", "name=one"},
    {__LINE__, DEFINED "=x", "text"},
    {__LINE__, DEFINED "Machine ID, Database ID", "Machine ID|Database ID"},
    {__LINE__, DEFINED "- txtvers\n - serialnum", "txtvers|serialnum"},
    {__LINE__, "An extension. " DEFINED "path=<p>", "path=p"},
    {__LINE__, DEFINED "txtvers and proprietary keys", "text"},
};

static void test_txtkeys(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct txtkeys keys;
		char got[512];

		txtkeys_parse(span_str(rows[i].notes), &keys);
		tell(&keys, got, sizeof(got));
		if (strcmp(got, rows[i].want) != 0)
			print_error("line %d: %s\n", rows[i].line, got);
		assert_string_equal(got, rows[i].want);
	}
}

/* More keys than there is room for are told as they stand. */
static void test_many(void **state)
{
	char notes[4096] = DEFINED;
	size_t len = strlen(notes);
	struct txtkeys keys;

	(void)state;
	for (unsigned i = 0; i <= TXTKEYS_MAX; i++)
		len += (size_t)snprintf(
		    notes + len, sizeof(notes) - len, "k%u, ", i);
	txtkeys_parse(span_of(notes, len), &keys);
	assert_int_equal(keys.kind, TXTKEYS_TEXT);
	assert_int_equal(keys.count, 0);
	txtkeys_parse(span_of(notes, len - strlen("k32, ")), &keys);
	assert_int_equal(keys.kind, TXTKEYS_LIST);
	assert_int_equal(keys.count, TXTKEYS_MAX);
}

static void test_filter(void **state)
{
	struct search_filter f = {9, 9, 9};
	struct portbook_error err;

	(void)state;
	assert_int_equal(
	    search_filter_parse(SPAN(""), SPAN(""), SPAN(""), &f, &err), 0);
	assert_true(search_filter_is_any(&f));
	assert_int_equal(search_filter_parse(SPAN("UDP"), SPAN("reserved"),
			     SPAN("none"), &f, &err),
	    0);
	assert_int_equal(f.protocols, 1U << PROTOCOL_UDP);
	assert_int_equal(f.states, 1U << STATE_RESERVED);
	assert_int_equal(f.classes, 1U << 3);
	assert_int_equal(
	    search_filter_parse(SPAN("icmp"), SPAN(""), SPAN(""), &f, &err),
	    PORTBOOK_EUSAGE);
	assert_int_equal(search_filter_parse(
			     SPAN(""), SPAN("not-listed"), SPAN(""), &f, &err),
	    PORTBOOK_EUSAGE);
	assert_int_equal(
	    search_filter_parse(SPAN(""), SPAN(""), SPAN("high"), &f, &err),
	    PORTBOOK_EUSAGE);
	assert_int_equal(f.classes, 1U << 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_txtkeys),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
