/* SPDX-License-Identifier: ISC */
/* For each rule a registry that breaks it, and one that does not. */
#ifndef CHECK_RULES_TEST_H
#define CHECK_RULES_TEST_H

#include <stddef.h>

#include "diag/diag.h"

struct rule_row {
	int line;
	enum finding_code code;
	const char *broken; /* records, and behind a | the people */
	const char *found;  /* "kind record", one behind another with ; */
	const char *good;
};

/* A record, its parts, and what many of them are. */
#define REC(...) "<record>" __VA_ARGS__ "</record>\n"
#define AT(date, ...) "<record date=\"" date "\">" __VA_ARGS__ "</record>\n"
#define N(text) "<name>" text "</name>"
#define P(text) "<protocol>" text "</protocol>"
#define D(text) "<description>" text "</description>"
#define M(text) "<number>" text "</number>"
#define T(text) "<note>" text "</note>"
#define S(text) "<sc>" text "</sc>"
#define U(text) "<unauthorized>" text "</unauthorized>"
#define C(id) "<xref type=\"person\" data=\"" id "\"/>"
#define A(id) "<assignee>" C(id) "</assignee>"
#define RFC(n) "<xref type=\"rfc\" data=\"rfc" n "\"/>"
#define WHO(id) "<person id=\"" id "\"><uri>mailto:a&amp;b</uri></person>"
#define FREE(number) REC(D("Unassigned") M(number))
#define KEPT(number) REC(D("Reserved") M(number))
#define SVC(name, protocol, number) REC(N(name) P(protocol) D("d") M(number))
#define NEWSVC(name, protocol, number)                                         \
	AT("2012-01-02", N(name) P(protocol) D("d") M(number))

extern const struct rule_row name_rows[], port_rows[], field_rows[];
extern const size_t name_row_count, port_row_count, field_row_count;

#endif
