/* SPDX-License-Identifier: ISC */
/* Names, aliases, people and order. */
#include "check/rules_test.h"

#define ALIAS(name)                                                            \
	T("This entry is an alias to \"" name "\".\n"                          \
	  "This entry is now historic, not usable for use with many\n"         \
	  "common service discovery mechanisms.")
#define TWIN(name)                                                             \
	D("d<br/>\n<br/>IANA assigned this well-formed service name as a\n"    \
	  "  replacement for \"" name "\".")
#define PAIR(twin, old)                                                        \
	REC(N(twin) P("tcp") TWIN(old) M("7"))                                 \
	REC(N(old) P("tcp") D("d") M("7") ALIAS(twin))
#define HTTP                                                                   \
	T("This is a duplicate of the \"http\" service and should not be\n"    \
	  "used for discovery purposes.")

const struct rule_row name_rows[] = {
    {__LINE__, FINDING_NAME_LEN, SVC("abcdefghijklmnop", "tcp", "7"),
	"violation 7/tcp/abcdefghijklmnop", SVC("abcdefghijklmno", "tcp", "7")},
    {__LINE__, FINDING_NAME_CHAR, SVC("a_b", "tcp", "7"), "history 7/tcp/a_b",
	SVC("a-b", "tcp", "7")},
    {__LINE__, FINDING_NAME_CHAR, NEWSVC("a.b", "tcp", "7"),
	"violation 7/tcp/a.b", NEWSVC("A9", "tcp", "7")},
    {__LINE__, FINDING_NAME_LETTER, SVC("1-2", "tcp", "7"),
	"violation 7/tcp/1-2", SVC("1-2x", "tcp", "7")},
    {__LINE__, FINDING_NAME_EDGE, SVC("-a", "tcp", "7") SVC("a-", "tcp", "7"),
	"violation 7/tcp/-a;violation 7/tcp/a-", SVC("a", "tcp", "7")},
    {__LINE__, FINDING_NAME_DBLHYPHEN, SVC("a--b", "tcp", "7"),
	"violation 7/tcp/a--b", SVC("a-b-c", "tcp", "7")},
    {__LINE__, FINDING_NAME_REDUNDANT,
	SVC("a-port", "tcp", "7") SVC("A-Port", "udp", "7"),
	"history 7/tcp/a-port", SVC("aport", "tcp", "7")},
    {__LINE__, FINDING_NAME_REDUNDANT, NEWSVC("service-x", "tcp", "7"),
	"information 7/tcp/service-x", NEWSVC("services", "tcp", "7")},
    {__LINE__, FINDING_NAME_VERSION, SVC("abc-v2", "tcp", "7"),
	"history 7/tcp/abc-v2", SVC("abc2", "tcp", "7")},
    {__LINE__, FINDING_NAME_CASE, SVC("Abc", "tcp", "7") SVC("abc", "udp", "7"),
	"violation 7/udp/abc", SVC("Abc", "tcp", "7") SVC("Abc", "udp", "7")},
    {__LINE__, FINDING_NAME_DUP_ROW,
	REC(N("a") D("one")) REC(N("a") D("other")) REC(N("b") D("d")),
	"violation -/-/a~2",
	REC(N("a") D("one")) REC(N("a") P("tcp") D("other"))},
    {__LINE__, FINDING_NAME_DUP_ROW,
	NEWSVC("a", "tcp", "7") SVC("a", "tcp", "7") SVC("a", "tcp", "7"),
	"violation 7/tcp/a;violation 7/tcp/a~3", SVC("a", "tcp", "7")},
    {__LINE__, FINDING_NAME_MULTIPORT,
	SVC("a", "tcp", "7") SVC("a", "udp", "7") SVC("A", "tcp", "9")
	    SVC("a", "tcp", "11"),
	"history 9/tcp/A", SVC("a", "tcp", "7") SVC("a", "udp", "7")},
    {__LINE__, FINDING_NAME_MULTIPORT,
	SVC("a", "tcp", "7") NEWSVC("a", "tcp", "9"), "violation 9/tcp/a",
	SVC("a", "tcp", "7") REC(N("a") D("d"))},
    {__LINE__, FINDING_NAME_MULTIPORT,
	NEWSVC("a", "tcp", "5") NEWSVC("a", "udp", "5") SVC("a", "tcp", "7")
	    SVC("a", "tcp", "9") NEWSVC("a", "udp", "9"),
	"violation 5/tcp/a", NEWSVC("a", "tcp", "5") NEWSVC("a", "udp", "5")},
    {__LINE__, FINDING_NAME_MULTIPORT,
	SVC("a", "tcp", "7") SVC("a", "tcp", "9") NEWSVC("a", "udp", "9"),
	"history 9/tcp/a", SVC("a", "tcp", "9") NEWSVC("a", "udp", "9")},
    {__LINE__, FINDING_NAME_MULTIPORT,
	NEWSVC("a", "tcp", "5") AT("2011-12-31", N("a") P("tcp") M("7")),
	"violation 5/tcp/a", NEWSVC("a", "tcp", "5")},
    {__LINE__, FINDING_NAME_BOTH,
	SVC("a", "tcp", "7") REC(N("a") P("tcp") D("d")), "history -/tcp/a",
	SVC("a", "tcp", "7") SVC("a", "udp", "9")},
    {__LINE__, FINDING_NAME_EMPTY_ELEMENT, REC("<name/>" D("Reserved") M("7")),
	"bookkeeping 7/-/-", KEPT("7")},
    {__LINE__, FINDING_NAME_MISSING, REC(P("tcp") D("any private use") M("7")),
	"history 7/tcp/-",
	KEPT("7") FREE("8") REC(D("De-Commissioned Port") M("9"))},
    {__LINE__, FINDING_NAME_ALIAS_NOTE, SVC("a_b", "tcp", "7"),
	"violation 7/tcp/a_b", PAIR("a-b", "a_b")},
    {__LINE__, FINDING_NAME_ALIAS_NOTE,
	REC(N("a_b") P("tcp") M("7") T("This entry is an alias to \"a-b\".")),
	"violation 7/tcp/a_b", SVC("a-b", "tcp", "7")},
    {__LINE__, FINDING_NAME_ALIAS_TARGET,
	REC(N("a-b") P("udp") TWIN("a_b") M("7"))
	    REC(N("a_b") P("tcp") D("d") M("7") ALIAS("a-b")),
	"bookkeeping 7/tcp/a_b", PAIR("a-b", "a_b")},
    {__LINE__, FINDING_NAME_ALIAS_FORM, PAIR("ab", "a_b"),
	"bookkeeping 7/tcp/a_b",
	PAIR("whoispp", "whois++") PAIR("z39-50", "z39.50")},
    {__LINE__, FINDING_NAME_ALIAS_ORDER,
	REC(N("a_b") P("tcp") D("d") M("7") ALIAS("a-b"))
	    REC(N("a-b") P("tcp") TWIN("a_b") M("7")),
	"bookkeeping 7/tcp/a_b", PAIR("a-b", "a_b")},
    {__LINE__, FINDING_NAME_ALIAS_TWIN,
	SVC("a-b", "tcp", "7")
	    REC(N("a_b") P("tcp") D("d") M("7") ALIAS("a-b")),
	"bookkeeping 7/tcp/a-b", PAIR("a-b", "a_b")},
    {__LINE__, FINDING_NAME_ALIAS_DRIFT,
	REC(N("a-b") P("tcp") C("X") TWIN("a_b") M("7"))
	    REC(N("a_b") P("tcp") C("Y") D("d") M("7") ALIAS("a-b")),
	"bookkeeping 7/tcp/a_b", PAIR("a-b", "a_b")},
    {__LINE__, FINDING_NAME_ALIAS_NEW,
	AT("2011-09-01", N("a-c") P("tcp") M("7") ALIAS("a-b")),
	"violation 7/tcp/a-c",
	AT("2011-08-31", N("a_b") P("tcp") M("7") ALIAS("a-b"))},
    {__LINE__, FINDING_NAME_ALIAS_HTTP, SVC("www", "tcp", "80"),
	"bookkeeping 80/tcp/www", REC(N("www") P("tcp") M("80") HTTP)},
    {__LINE__, FINDING_PERSON_DANGLING,
	REC(N("a") C("X")) REC(N("b") A("Y") T("of " C("Z"))) "|" WHO("Y"),
	"violation -/-/a;violation -/-/b", REC(N("a") C("X")) "|" WHO("X")},
    {__LINE__, FINDING_PERSON_DANGLING,
	REC(N("a") A("X") C("X") C("Z")) REC(N("b") A("X")) "|" WHO("Y"),
	"violation -/-/a;violation -/-/a;violation -/-/b",
	REC(N("a") A("X") C("X")) "|" WHO("X")},
    {__LINE__, FINDING_PERSON_UNUSED, REC(N("a")) "|" WHO("X"), "violation X",
	REC(N("a") T("of " C("X"))) "|" WHO("X")},
    {__LINE__, FINDING_PERSON_DUP, REC(N("a") C("X")) "|" WHO("X") WHO("X"),
	"violation X", REC(N("a") C("X") C("x")) "|" WHO("X") WHO("x")},
    {__LINE__, FINDING_PERSON_ADDRESS,
	REC(N("a") C("X") C("Y")) "|<person id=\"X\"><uri/></person>"
				  "<person id=\"Y\"><name>y</name></person>",
	"history X;history Y", REC(N("a") C("X")) "|" WHO("X")},
    {__LINE__, FINDING_SORT_NUMBER, FREE("9") FREE("7") REC(N("a")) FREE("10"),
	"violation 9/-/-;violation -/-/a", FREE("7") FREE("7-9") REC(N("a"))},
    {__LINE__, FINDING_SORT_NUMBER,
	FREE("5") FREE("9") FREE("6") FREE("7") REC(N("a")), "violation 9/-/-",
	FREE("5") FREE("x") FREE("6")},
    {__LINE__, FINDING_SORT_NUMBER,
	FREE("5") FREE("6") FREE("7") FREE("4") REC(N("a")) REC(N("b")),
	"violation 4/-/-", FREE("5") FREE("5")},
    {__LINE__, FINDING_SORT_NUMBER,
	FREE("5") REC(N("a")) FREE("6") FREE("7") REC(N("a")),
	"violation -/-/a", FREE("5") REC(N("a"))},
    {__LINE__, FINDING_SORT_NAME, FREE("7") REC(N("b")) REC(N("A")),
	"information -/-/A", FREE("7") REC(N("A")) REC(N("a")) REC(N("B"))},
    {__LINE__, FINDING_SORT_NAME,
	REC(N("a")) REC(N("z")) REC(N("b")) REC(N("c")), "information -/-/z",
	REC(N("z")) FREE("7") REC(N("a"))},
    {__LINE__, FINDING_SORT_NAME,
	REC(N("z")) REC(N("a")) REC(N("b")) REC(N("y")) REC(N("aa")),
	"information -/-/z;information -/-/aa", REC(N("a"))},
};

const size_t name_row_count = sizeof(name_rows) / sizeof(name_rows[0]);
