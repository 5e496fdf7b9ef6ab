/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "web/emit.h"

typedef void emitter(struct buf *out, struct span text);

static const struct span ids[] = {
    SPAN_INIT("\"><b>"),
    SPAN_INIT("IESG"),
    SPAN_INIT("note1"),
};

static void rich(struct buf *out, struct span text)
{
	html_rich(out, text, &(struct anchors){.ids = ids, .count = 3});
}

static void rich_with_pages(struct buf *out, struct span text)
{
	html_rich(out, text,
	    &(struct anchors){.person_pages = true, .as_of = SPAN("2020")});
}

#define BAD "\xef\xbf\xbd"
#define ROW(emit, in, out)                                                     \
	{                                                                      \
		__LINE__, emit, SPAN_INIT(in), SPAN_INIT(out)                  \
	}

static const struct row {
	int line;
	emitter *emit;
	struct span in, out;
} rows[] = {
    ROW(html_text, "", ""),
    ROW(html_text, "plain text", "plain text"),
    ROW(html_text, "<script>", "&lt;script&gt;"),
    ROW(html_text, "a&b \"c\" 'd'", "a&amp;b &quot;c&quot; &#39;d&#39;"),
    ROW(html_text, "&micro", "&amp;micro"),
    ROW(html_text, "\xc3\xa9\xe2\x80\xa6", "\xc3\xa9\xe2\x80\xa6"),
    ROW(html_text, "a\nb\tc\rd", "a\nb\tc&#13;d"),
    ROW(html_text, "a\0b\x01\x7f", "a" BAD "b" BAD BAD),
    ROW(html_text, "\xff\xc3", BAD BAD),
    ROW(html_text, "\xc0\xbcscript", BAD BAD "script"),
    ROW(html_text, "\xc2\x85\xef\xbf\xbe", BAD BAD),
    ROW(html_attr, "\"><b onload='x'>",
	"&quot;&gt;&lt;b onload=&#39;x&#39;&gt;"),
    ROW(url_arg, "", ""),
    ROW(url_arg, "aZ09-._~", "aZ09-._~"),
    ROW(url_arg, "a b+c&d=e", "a+b%2Bc%26d%3De"),
    ROW(url_arg, "<\"'>\xc3\xa9%", "%3C%22%27%3E%C3%A9%25"),
    ROW(url_segment, "whois++ a/b?<\"'&\xc3\xa9%",
	"whois++%20a%2Fb%3F%3C%22%27%26%C3%A9%25"),
    ROW(url_path, "172/tcp/cl/1~2", "172/tcp/cl/1~2"),
    ROW(rich_with_pages, "\x04pA/b&c\x06\x07",
	"[<a href=\"/person/A%2Fb%26c?as-of=2020\">A/b&amp;c</a>]"),
    ROW(html_uris, "mailto:a&b.org",
	"<a href=\"mailto:a&amp;b.org\">mailto:a&amp;b.org</a>"),
    ROW(html_uris, "HTTPS://a.org",
	"<a href=\"HTTPS://a.org\">"
	"HTTPS://a.org</a>"),
    ROW(html_uris, "javascript:alert(1)", "javascript:alert(1)"),
    ROW(html_uris, " https:x", " https:x"),
    ROW(html_uris, "https:\xc3\xa9 x%41",
	"<a href=\"https:%C3%A9%20x%41\">https:\xc3\xa9 x%41</a>"),
    ROW(html_uris, "tel:+1", "tel:+1"),
    ROW(html_uris,
	"a\x01"
	"b\x01",
	"a<br>b"),
    ROW(rich, "a\x01<b>", "a<br>&lt;b&gt;"),
    ROW(rich, "\x02one\x03\x02two\x03", "<p>one</p><p>two</p>"),
    ROW(rich, "\x02one\x02two", "<p>one</p><p>two</p>"),
    ROW(rich, "\x03 a", " a"),
    ROW(rich, "\x04rrfc6335\x06\x07",
	"[<a href=\"https://www.iana.org/go/rfc6335\">RFC6335</a>]"),
    ROW(rich, "\x04pIESG\x06\x07", "[<a href=\"#IESG\">IESG</a>]"),
    ROW(rich, "\x04pNobody\x06\x07", "[Nobody]"),
    ROW(rich, "\x04p\x06\x07", "[]"),
    ROW(rich, "\x04n1\x06\x07", "[<a href=\"#note1\">1</a>]"),
    ROW(rich, "\x04n2\x06\x07", "[2]"),
    ROW(rich, "\x04t\x06plain\x07", "[plain]"),
    ROW(rich,
	"\x04uhttp://a.org/?b&c\x06"
	"here\x07",
	"[<a href=\"http://a.org/?b&amp;c\">here</a>]"),
    ROW(rich, "\x04ujavascript:alert(1)\x06x\x07", "[x]"),
    ROW(rich, "\x04u JAVASCRIPT:alert(1)\x06x\x07", "[x]"),
    ROW(rich, "\x04udata:text/html,a\x06x\x07", "[x]"),
    ROW(rich, "\x04p\"><b>\x06\x07",
	"[<a href=\"#%22%3E%3Cb%3E\">&quot;&gt;&lt;b&gt;</a>]"),
};

static void test_rows(void **state)
{
	struct buf b;
	int bad = 0;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		rows[i].emit(&b, rows[i].in);
		if (span_eq(buf_span(&b), rows[i].out))
			continue;
		print_error("%s:%d: %.*s\n", __FILE__, rows[i].line,
		    SPAN_FMT(buf_span(&b)));
		bad++;
	}
	buf_release(&b);
	assert_int_equal(bad, 0);
}

static void test_links(void **state)
{
	const struct search_order order[] = {
	    {COLUMN_NAME, true},
	    {COLUMN_NUMBER, false},
	};
	const struct {
		struct link link;
		const char *want;
	} links[] = {
	    {{.page = 0}, "?"},
	    {{.page = 1}, "?"},
	    {{.page = 2}, "?page=2"},
	    {{.search = SPAN("a&\"b"), .page = 2},
		"?search=a%26%22b&amp;page=2"},
	    {{.order = order, .order_count = 2}, "?sort=-name,number"},
	    {{.official = true, .order = order, .order_count = 2, .page = 3},
		"?skey=-1&amp;skey=2&amp;page=3"},
	    {{.search = SPAN("a"), .order = order, .order_count = 1},
		"?search=a&amp;sort=-name"},
	    {{.as_of = SPAN("2026-01-02")}, "?as-of=2026-01-02"},
	    {{.page = 2, .as_of = SPAN("2026-01-02.2")},
		"?page=2&amp;as-of=2026-01-02.2"},
	    {{.path = SPAN("/changes")}, "/changes"},
	    {{.path = SPAN("/changes"),
		 .filter = SPAN("record"),
		 .value = SPAN("1/tcp/\"<&"),
		 .upkeep = true,
		 .page = 2},
		"/changes?record=1%2Ftcp%2F%22%3C%26&amp;upkeep=1&amp;page=2"},
	    {{.path = SPAN("/"), .as_of = SPAN("2026-01-02")},
		"/?as-of=2026-01-02"},
	};
	struct buf b;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		buf_clear(&b);
		html_link(&b, &links[i].link);
		buf_char(&b, '\0');
		assert_string_equal(b.ptr, links[i].want);
	}
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
