/* SPDX-License-Identifier: ISC */
/* Fields, dates and notes.  The registry is of 2020-01-02. */
#include "check/rules_test.h"

#define WHOLE(date)                                                            \
	AT(date, N("a") P("tcp") A("X") C("Y") D("d") RFC("1") M("7"))
#define BOTH(date, updated)                                                    \
	"<record date=\"" date "\" updated=\"" updated                         \
	"\">" N("a") "</record>\n"

const struct rule_row field_rows[] = {
    {__LINE__, FINDING_FIELD_REF_SYSTEM, SVC("a", "tcp", "1023"),
	"history 1023/tcp/a",
	SVC("a", "tcp", "1024") REC(N("a") P("udp") RFC("1") M("1023"))},
    {__LINE__, FINDING_FIELD_REF_SYSTEM, NEWSVC("a", "tcp", "7"),
	"violation 7/tcp/a", WHOLE("2012-01-02")},
    {__LINE__, FINDING_FIELD_PROTO, REC(N("a")), "history -/-/a",
	WHOLE("2012-01-02") FREE("7")},
    {__LINE__, FINDING_FIELD_PROTO, AT("2011-09", N("a")), "violation -/-/a",
	WHOLE("2012-01-02")},
    {__LINE__, FINDING_FIELD_PROTO_NAME,
	SVC("a", "TCP", "7") SVC("a", "ip", "7"),
	"violation 7/TCP/a;violation 7/ip/a",
	SVC("a", "tcp", "7") SVC("a", "dccp", "7") REC(N("a"))},
    {__LINE__, FINDING_FIELD_DESC, AT("2012-01-02", N("a") D(" ")),
	"violation -/-/a", WHOLE("2012-01-02")},
    {__LINE__, FINDING_FIELD_DESC, REC(N("a")), "history -/-/a", REC(M("7"))},
    {__LINE__, FINDING_FIELD_ASSIGNEE, AT("2012-01-02", N("a") C("X")),
	"violation -/-/a", WHOLE("2012-01-02")},
    {__LINE__, FINDING_FIELD_ASSIGNEE, AT("2011-08-31", N("a")),
	"history -/-/a", FREE("7")},
    {__LINE__, FINDING_FIELD_CONTACT, AT("2012-01-02", N("a") A("X")),
	"violation -/-/a", WHOLE("2012-01-02")},
    {__LINE__, FINDING_FIELD_REF, AT("2012-01-02", N("a") C("X")),
	"information -/-/a", WHOLE("2012-01-02")},
    {__LINE__, FINDING_FIELD_REF_IESG, REC(N("a") A("IESG")),
	"bookkeeping -/-/a", REC(N("a") A("IESG") RFC("1")) REC(N("b"))},
    {__LINE__, FINDING_FIELD_REF_RFC,
	REC(N("a") RFC("abcd") RFC("")) REC(N("b") T(RFC("0768")))
	    REC(N("c") "<xref type=\"rfc\" data=\"RFC1\"/>")
		REC(N("d") RFC("123456")),
	"violation -/-/a;violation -/-/a;violation -/-/b;violation -/-/c;"
	"violation -/-/d",
	REC(N("a") RFC("1") RFC("10000"))
	    REC(N("b") "<xref type=\"draft\" data=\"RFC-ietf-x-01\"/>")},
    {__LINE__, FINDING_FIELD_CONTACT_DUP, REC(N("a") C("X") C("Y") C("X")),
	"bookkeeping -/-/a", REC(N("a") A("X") C("X") C("x"))},
    {__LINE__, FINDING_FIELD_WS, REC(N("a b")) REC(N("c\nd")),
	"bookkeeping -/-/a b;bookkeeping -/-/c\nd", REC(N("a") D("b c"))},
    {__LINE__, FINDING_FIELD_NOBODY, AT("2012-01-02", N("a")) REC(N("b")),
	"violation -/-/a;history -/-/b",
	REC(N("a") A("X")) REC(N("b") C("X")) REC(N("c") RFC("1"))},
    {__LINE__, FINDING_FIELD_DATE, REC(N("a")), "history -/-/a",
	AT("2012-01-02", N("a")) FREE("7")},
    {__LINE__, FINDING_IESG_PARTY,
	WHOLE("2012-01-02") AT("2012-01-02", N("b") A("IESG") C("Y") RFC("1")),
	"information 7/tcp/a;information -/-/b",
	WHOLE("2011-08")
	    AT("2012-01-02", N("b") A("IESG") C("IETF_Chair") RFC("1"))
		AT("2012-01-02", N("c") A("X"))},
    {__LINE__, FINDING_DATE_SYNTAX,
	AT("2011-02-29", N("a")) AT("2011", N("b")) BOTH("2012-01", "12-01"),
	"violation -/-/a;violation -/-/b;violation -/-/a~2",
	BOTH("2012-02-29", "2013-01")},
    {__LINE__, FINDING_DATE_FUTURE,
	AT("2020-01-03", N("a")) BOTH("2012-01", "2020-02"),
	"violation -/-/a;violation -/-/a~2", BOTH("2020-01", "2020-01-02")},
    {__LINE__, FINDING_DATE_MONTH_ONLY,
	AT("2007-11", N("b")) BOTH("2012-01", "2012-02"),
	"history -/-/b;bookkeeping -/-/a;bookkeeping -/-/a",
	BOTH("2012-01-01", "2012-02-01")},
    {__LINE__, FINDING_DATE_ORDER, BOTH("2011-05-23", "2011-05-16"),
	"bookkeeping -/-/a",
	BOTH("2011-05-23", "2011-05") BOTH("2011-05", "2011-05-01")},
    {__LINE__, FINDING_RES_PARTY,
	REC(D("Reserved") C("X") M("7")) REC(D("Unassigned") A("X") M("8")),
	"history 7/-/-;history 8/-/-", KEPT("7") WHOLE("2012-01-02")},
    {__LINE__, FINDING_RES_REGDATE, AT("2012-01-02", D("Reserved") M("7")),
	"information 7/-/-",
	"<record updated=\"2012-01-02\">" D("Reserved") M("7") "</record>"},
    {__LINE__, FINDING_NOTE_EMPTY, REC(N("a") "<note/>") REC(T(" ")),
	"bookkeeping -/-/a;bookkeeping -/-/-", REC(N("a") T("x"))},
    {__LINE__, FINDING_DESC_WS,
	REC(N("a") D(" x")) REC(N("b") D("x\n")) REC(N("c") D("<br/>\nx")),
	"bookkeeping -/-/a;bookkeeping -/-/b;bookkeeping -/-/c",
	REC(N("a") D("x y<br/>")) REC(N("b"))},
    {__LINE__, FINDING_UNAUTH_STATE, REC(D("Unassigned") M("7") U("yes")),
	"information 7/-/-", REC(N("a") M("7") U("yes")) FREE("8")},
    {__LINE__, FINDING_UNAUTH_NOTE,
	REC(N("a") M("7") T("an unassigned but Widespread Use")),
	"history 7/-/a",
	REC(N("a") M("7") T("plain")) REC(N("b") T("no conflict"))},
};

const size_t field_row_count = sizeof(field_rows) / sizeof(field_rows[0]);
