/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "admin/findings.h"
#include "admin/record.h"
#include "read/read.h"

/* The names in the official archive, and others. */
static void test_edition(void **state)
{
	static const struct {
		const char *name, *date;
		uint32_t edition;
	} rows[] = {
	    {"2020-01-10.xml", "2020-01-10", 1},
	    {"2020-01-10.3.xml", "2020-01-10", 3},
	    {"2021-07-27.14.xml.gz", "2021-07-27", 14},
	    {"2020-01-10.csv", "2020-01-10", 1},
	    {"2020-01-10.3.xml", "2020-01-09", 0},
	    {"2020-01-10", "2020-01-10", 0},
	    {"2020-01-10-3.xml", "2020-01-10", 0},
	    {"2020-01-10.4294967295.xml", "2020-01-10", UINT32_MAX},
	    {"2020-01-10.4294967296.xml", "2020-01-10", 0},
	    {"2020-01-10.3x.xml", "2020-01-10", 0},
	    {"service-names-port-numbers.xml", "2020-01-10", 0},
	    {"", "2020-01-10", 0},
	    {"x.2.xml", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(record_edition(span_str(rows[i].name),
				     span_str(rows[i].date)),
		    rows[i].edition);
}

#define HEAD                                                                   \
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"t\">"        \
	"<title>T</title><updated>2020-01-02</updated>"
#define RECORD(name, more)                                                     \
	"<record><name>" name "</name><protocol>tcp</protocol>"                \
	"<date>2020-01-01</date>" more "</record>"
#define TAIL "<people/></registry>"

static void find(struct findings *f, const char *text)
{
	struct registry r;

	findings_init(f);
	assert_int_equal(
	    read_registry_memory(span_str(text), "a.xml", &r, &f->diag, NULL),
	    0);
	assert_int_equal(findings_check(f, &r, NULL), 0);
	registry_release(&r);
}

struct seen {
	size_t colours, hyphens, all;
};

static void take(void *ctx, const struct finding *f)
{
	struct seen *seen = ctx;

	seen->all++;
	seen->colours +=
	    f->code == FINDING_READ_ELEMENT && span_eq(f->what, SPAN("colour"));
	seen->hyphens += f->code == FINDING_NAME_DBLHYPHEN &&
			 span_eq(f->record, SPAN("-/tcp/a--b"));
}

/* What the version before had is no news, nor is what it had and lost. */
static void test_news(void **state)
{
	struct findings old, new;
	struct seen seen = {0};
	struct diag diag = {.take = take, .ctx = &seen};

	(void)state;
	find(&old, HEAD RECORD("c--d", "") RECORD("e--f", "") TAIL);
	find(&new, HEAD RECORD("c--d", "") RECORD("a--b", "<colour/>") TAIL);
	findings_compare(&old, &new, &diag);
	assert_int_equal(seen.colours, 1);
	assert_int_equal(seen.hyphens, 1);
	assert_int_equal(seen.all, 2);
	findings_compare(&new, &new, &diag);
	assert_int_equal(seen.all, 2);
	findings_release(&old);
	findings_release(&new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_edition),
	    cmocka_unit_test(test_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
