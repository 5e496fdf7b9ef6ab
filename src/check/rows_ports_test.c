/* SPDX-License-Identifier: ISC */
/* Numbers, their states, what shares them, and DCCP service codes. */
#include "check/rules_test.h"

#define EXP(name, protocol, number)                                            \
	REC(N(name) P(protocol) A("IESG") C("IETF_Chair") RFC("4727")          \
		RFC("6335") M(number))
#define EXPS(name, number)                                                     \
	EXP(name, "tcp", number)                                               \
	EXP(name, "udp", number)                                               \
	EXP(name, "sctp", number)
#define OLD(name)                                                              \
	REC(N(name) P("tcp") M("7") T("This entry is an alias to \"a-b\"."))
#define CODE(code) REC(N("a") P("dccp") S(code))

const struct rule_row port_rows[] = {
    {__LINE__, FINDING_PORT_SYNTAX, SVC("a", "tcp", "7-") FREE("x"),
	"violation 7-/tcp/a;violation x/-/-", SVC("a", "tcp", "7-8")},
    {__LINE__, FINDING_PORT_RANGE, FREE("65536") FREE("9-8"),
	"violation 65536/-/-;violation 9-8/-/-", FREE("0-65535")},
    {__LINE__, FINDING_PORT_DYNAMIC,
	SVC("a", "tcp", "49152") FREE("49000-65535"),
	"violation 49152/tcp/a;violation 49000-65535/-/-", FREE("49151")},
    {__LINE__, FINDING_PORT_EDGE,
	SVC("a", "tcp", "0") FREE("1022-1024") FREE("49151"),
	"violation 0/tcp/a;violation 1022-1024/-/-;"
	"violation 1022-1024/-/-;violation 49151/-/-",
	KEPT("0") KEPT("1023-1024") KEPT("49151") FREE("1-1022")},
    {__LINE__, FINDING_PORT_EXP, EXPS("exp1", "1021"),
	"violation 1021/tcp/exp1",
	EXPS("exp1", "1021") EXP("exp1", "dccp", "1021")},
    {__LINE__, FINDING_PORT_EXP,
	EXPS("exp2", "1022") SVC("exp2", "dccp", "1022"),
	"violation 1022/dccp/exp2",
	EXPS("exp2", "1022") EXP("exp2", "dccp", "1022")},
    {__LINE__, FINDING_PORT_NAMED_RANGE, SVC("a", "tcp", "7-8"),
	"history 7-8/tcp/a", FREE("7-8")},
    {__LINE__, FINDING_PORT_NAMED_RANGE, NEWSVC("a", "tcp", "7-8"),
	"violation 7-8/tcp/a", NEWSVC("a", "tcp", "7")},
    {__LINE__, FINDING_PORT_NOPROTO, REC(N("a") M("7")), "history 7/-/a",
	REC(N("a")) FREE("7")},
    {__LINE__, FINDING_PORT_GAP, FREE("0-99") FREE("101-49151"),
	"bookkeeping 100/tcp/-;bookkeeping 100/udp/-", FREE("0-49151")},
    {__LINE__, FINDING_PORT_GAP,
	FREE("0-6") SVC("a", "tcp", "7") FREE("8-49151"), "bookkeeping 7/udp/-",
	SVC("a", "tcp", "7")},
    {__LINE__, FINDING_PORT_MIXED, SVC("a", "tcp", "7") FREE("5-9"),
	"bookkeeping 7/tcp/a", SVC("a", "tcp", "7") FREE("8-9")},
    {__LINE__, FINDING_PORT_MIXED,
	NEWSVC("a", "tcp", "7") REC(P("udp") D("Reserved") M("7")) FREE("7"),
	"violation 7/tcp/a;bookkeeping 7/udp/-",
	NEWSVC("a", "tcp", "7") REC(P("udp") D("Reserved") M("7"))},
    {__LINE__, FINDING_PORT_DUPSTATE, FREE("5-9") FREE("7"),
	"bookkeeping 7/-/-", FREE("5-9") KEPT("7")},
    {__LINE__, FINDING_PORT_SIBLING_MISSING, SVC("a", "tcp", "7"),
	"bookkeeping 7/tcp/a", SVC("a", "tcp", "7") SVC("b", "udp", "7")},
    {__LINE__, FINDING_PORT_SIBLING_MISSING, NEWSVC("a", "udp", "7"),
	"violation 7/udp/a", NEWSVC("a", "udp", "7") KEPT("7")},
    {__LINE__, FINDING_PORT_SIBLING_UNASSIGNED,
	NEWSVC("a", "tcp", "7") REC(P("udp") D("Unassigned") M("7")),
	"violation 7/tcp/a",
	NEWSVC("a", "tcp", "7") REC(P("udp") D("Reserved") M("7"))},
    {__LINE__, FINDING_PORT_SIBLING_UNASSIGNED,
	SVC("a", "tcp", "7") FREE("1-9"), "bookkeeping 7/tcp/a",
	SVC("a", "sctp", "7") FREE("1-9")},
    {__LINE__, FINDING_PORT_SCTP_ALONE, SVC("a", "sctp", "7") FREE("7"),
	"history 7/sctp/a",
	SVC("a", "sctp", "7") REC(P("tcp") D("Reserved") M("7"))},
    {__LINE__, FINDING_PORT_SCTP_ALONE, NEWSVC("a", "sctp", "49151"),
	"violation 49151/sctp/a", SVC("a", "dccp", "7")},
    {__LINE__, FINDING_PORT_OVERLOAD,
	SVC("b", "tcp", "7") SVC("a", "tcp", "7") SVC("c", "tcp", "7"),
	"history 7/tcp/a", SVC("a", "tcp", "7") SVC("a", "udp", "7")},
    {__LINE__, FINDING_PORT_OVERLOAD,
	SVC("b", "tcp", "7") SVC("a", "tcp", "7") NEWSVC("c", "tcp", "7"),
	"information 7/tcp/c", SVC("a-b", "tcp", "7") OLD("a_b")},
    {__LINE__, FINDING_PORT_OVERLOAD_ALIAS, SVC("a-b", "tcp", "7") OLD("a_b"),
	"history 7/tcp/a_b",
	SVC("a-b", "tcp", "7") SVC("b", "tcp", "7") OLD("a_b")},
    {__LINE__, FINDING_PORT_SPLITNAME,
	SVC("a", "tcp", "7") SVC("b", "udp", "7"), "information 7/udp/b",
	SVC("a", "tcp", "7") SVC("b", "udp", "7") SVC("A", "udp", "7")},
    {__LINE__, FINDING_PORT_STATUSWORD,
	REC(D("Unassigned [was x]") M("7")) REC(D("Removed") M("8")),
	"history 7/-/-;history 8/-/-", FREE("7") KEPT("8")},
    {__LINE__, FINDING_PORT_UNMERGED, FREE("5-6") FREE("7"),
	"bookkeeping 7/-/-",
	FREE("5-6") FREE("8") REC(D("Unassigned") M("9") U("x"))},
    {__LINE__, FINDING_SC_SYNTAX, CODE("SC:fdpz"), "violation -/dccp/a",
	CODE("1717858426")},
    {__LINE__, FINDING_SC_RANGE,
	CODE("0") CODE("4294967295") CODE("1056964608") CODE("4294967296"),
	"violation -/dccp/a;violation -/dccp/a~2;violation -/dccp/a~3;"
	"violation -/dccp/a~4",
	CODE("1717858426") CODE("1073741824") CODE("1056964607")},
    {__LINE__, FINDING_SC_NOTDCCP, REC(N("a") P("tcp") S("1717858426")),
	"violation -/tcp/a", CODE("1717858426")},
    {__LINE__, FINDING_SC_MISSING, SVC("a", "dccp", "7"),
	"information 7/dccp/a", REC(N("a") P("dccp"))},
    {__LINE__, FINDING_SC_MISSING, NEWSVC("a", "dccp", "7"),
	"violation 7/dccp/a", REC(N("a") P("dccp") M("7") S("1717858426"))},
    {__LINE__, FINDING_SC_DUP,
	REC(N("a") P("dccp") M("7") S("1717858426"))
	    REC(N("a") P("dccp") M("9") S("1717858426")),
	"violation 9/dccp/a",
	REC(N("a") P("dccp") M("7") S("1717858426")) CODE("1717858426")},
    {__LINE__, FINDING_SC_TEXT,
	CODE("7107696") CODE("538976288") CODE("1634738210"),
	"violation -/dccp/a;violation -/dccp/a~2;violation -/dccp/a~3",
	CODE("1717858426") CODE("1819570208")},
};

const size_t port_row_count = sizeof(port_rows) / sizeof(port_rows[0]);
