/* SPDX-License-Identifier: ISC */
/*
 * The table of rules: the one place where a code, its kinds, its source and
 * its sentence stand.  X(ID, code, kind, kind of the new era, source, text).
 *
 * The new era is that of records registered since September 2011, the month
 * after RFC 6335; what was there before could not know its rules.  Codes are
 * never used again, and a code that is here stays.  The rules of names from
 * NAME_LEN to NAME_VERSION stand as in enum name_rule (terms/name.h).
 */
#ifndef DIAG_RULES_H
#define DIAG_RULES_H

/* What a reader finds; each is the same in every era. */
#define FINDINGS_READ(X)                                                       \
	X(READ_ELEMENT, "READ-ELEMENT", BOOKKEEPING, BOOKKEEPING,              \
	    "registry schema",                                                 \
	    "an element that the registry's schema does not have")             \
	X(READ_REPEATED, "READ-REPEATED", BOOKKEEPING, BOOKKEEPING,            \
	    "registry schema",                                                 \
	    "an element that may stand once in a record stands twice")         \
	X(READ_NUMBER, "READ-NUMBER", VIOLATION, VIOLATION,                    \
	    "RFC 6335 section 6",                                              \
	    "a number that is no port and no range of ports")                  \
	X(READ_PROTOCOL, "READ-PROTOCOL", VIOLATION, VIOLATION,                \
	    "RFC 6335 section 5",                                              \
	    "a transport protocol other than tcp, udp, sctp and dccp")         \
	X(READ_UPDATED, "READ-UPDATED", BOOKKEEPING, BOOKKEEPING,              \
	    "registry schema",                                                 \
	    "the registry gives no date of its own, or no valid one")

#define FINDINGS_NAME(X)                                                       \
	X(NAME_LEN, "NAME-LEN", VIOLATION, VIOLATION, "RFC 6335 section 5.1",  \
	    "a service name has 1 to 15 characters")                           \
	X(NAME_CHAR, "NAME-CHAR", HISTORY, VIOLATION, "RFC 6335 section 5.1",  \
	    "a service name has only letters A to Z, digits and hyphens, in "  \
	    "ASCII")                                                           \
	X(NAME_LETTER, "NAME-LETTER", VIOLATION, VIOLATION,                    \
	    "RFC 6335 section 5.1", "a service name has at least one letter")  \
	X(NAME_EDGE, "NAME-EDGE", VIOLATION, VIOLATION,                        \
	    "RFC 6335 section 5.1",                                            \
	    "a service name neither begins nor ends with a hyphen")            \
	X(NAME_DBLHYPHEN, "NAME-DBLHYPHEN", VIOLATION, VIOLATION,              \
	    "RFC 6335 section 5.1",                                            \
	    "a service name has no two hyphens side by side")                  \
	X(NAME_REDUNDANT, "NAME-REDUNDANT", HISTORY, INFORMATION,              \
	    "RFC 6335 section 5",                                              \
	    "the words port, service and protocol in a name say nothing")      \
	X(NAME_VERSION, "NAME-VERSION", HISTORY, INFORMATION,                  \
	    "RFC 7605 section 7.5",                                            \
	    "a name ends like a version, which does not belong in names")      \
	X(NAME_UNIQ, "NAME-UNIQ", VIOLATION, VIOLATION,                        \
	    "RFC 6335 section 8.1.1",                                          \
	    "a name that a service has, in whatever case, is not given again") \
	X(NAME_REUSE, "NAME-REUSE", INFORMATION, INFORMATION,                  \
	    "RFC 6335 section 8.3",                                            \
	    "a name that stood in the registry before is best left unused")    \
	X(NAME_EVERYDAY, "NAME-EVERYDAY", INFORMATION, INFORMATION,            \
	    "data/names.tsv", "a name by which people know another service")   \
	X(NAME_OPAQUE, "NAME-OPAQUE", INFORMATION, INFORMATION,                \
	    "RFC 6335 section 5.1",                                            \
	    "nothing is read out of a name, and a prefix is nobody's; no "     \
	    "record can break this, so nothing is found by it")                \
	X(NAME_CASE, "NAME-CASE", VIOLATION, VIOLATION,                        \
	    "RFC 6335 section 5.1",                                            \
	    "names that differ in case alone are one name, and are written "   \
	    "as one")                                                          \
	X(NAME_DUP_ROW, "NAME-DUP-ROW", VIOLATION, VIOLATION,                  \
	    "RFC 6335 section 5",                                              \
	    "no two records have the same name, protocol and number")          \
	X(NAME_MULTIPORT, "NAME-MULTIPORT", HISTORY, VIOLATION,                \
	    "RFC 6335 sections 7.2 and 8.1.1",                                 \
	    "a name stands with one number; what a new record breaks here "    \
	    "check-name calls NAME-UNIQ")                                      \
	X(NAME_BOTH, "NAME-BOTH", HISTORY, INFORMATION,                        \
	    "RFC 6335 section 7.2",                                            \
	    "a name stands both with a number and without one")                \
	X(NAME_EMPTY_ELEMENT, "NAME-EMPTY-ELEMENT", BOOKKEEPING, BOOKKEEPING,  \
	    "registry schema",                                                 \
	    "a record without a name has no element for one")                  \
	X(NAME_MISSING, "NAME-MISSING", HISTORY, HISTORY,                      \
	    "RFC 6335 section 8.1.1",                                          \
	    "a record that is neither Unassigned nor Reserved has a name")

/* The pairs of a legacy name and the well-formed one made of it. */
#define FINDINGS_ALIAS(X)                                                      \
	X(NAME_ALIAS_NOTE, "NAME-ALIAS-NOTE", VIOLATION, VIOLATION,            \
	    "RFC 6335 section 10.1",                                           \
	    "a name with characters that RFC 6335 does not allow has a note "  \
	    "that calls it an alias and historic")                             \
	X(NAME_ALIAS_TARGET, "NAME-ALIAS-TARGET", BOOKKEEPING, VIOLATION,      \
	    "RFC 6335 section 10.1",                                           \
	    "the name of which a record is an alias has a record of the same " \
	    "number and protocol")                                             \
	X(NAME_ALIAS_FORM, "NAME-ALIAS-FORM", BOOKKEEPING, VIOLATION,          \
	    "RFC 6335 section 10.1",                                           \
	    "the well-formed name is the legacy one with a hyphen for each "   \
	    "character that is not allowed (whoispp for whois++)")             \
	X(NAME_ALIAS_ORDER, "NAME-ALIAS-ORDER", BOOKKEEPING, BOOKKEEPING,      \
	    "registry practice",                                               \
	    "the record of the well-formed name stands right before its "      \
	    "alias")                                                           \
	X(NAME_ALIAS_TWIN, "NAME-ALIAS-TWIN", BOOKKEEPING, BOOKKEEPING,        \
	    "RFC 6335 section 10.1",                                           \
	    "the description of the well-formed name says which name it "      \
	    "replaces")                                                        \
	X(NAME_ALIAS_DRIFT, "NAME-ALIAS-DRIFT", BOOKKEEPING, BOOKKEEPING,      \
	    "RFC 6335 section 10.1",                                           \
	    "an alias and its well-formed name have the same assignee, "       \
	    "contacts, references and dates")                                  \
	X(NAME_ALIAS_NEW, "NAME-ALIAS-NEW", VIOLATION, VIOLATION,              \
	    "RFC 6335 section 5",                                              \
	    "a service is given no second name any more")                      \
	X(NAME_ALIAS_HTTP, "NAME-ALIAS-HTTP", BOOKKEEPING, VIOLATION,          \
	    "RFC 6335 section 10",                                             \
	    "www and www-http have a note that calls them duplicates of http") \
	X(NAME_ALIAS_LIST, "NAME-ALIAS-LIST", INFORMATION, INFORMATION,        \
	    "RFC 6335 section 10.1",                                           \
	    "the legacy names that RFC 6335 lists are in the registry")

#define FINDINGS_PORT(X)                                                       \
	X(PORT_SYNTAX, "PORT-SYNTAX", VIOLATION, VIOLATION,                    \
	    "RFC 6335 section 6",                                              \
	    "a number is decimal digits, or two such with a hyphen between")   \
	X(PORT_RANGE, "PORT-RANGE", VIOLATION, VIOLATION,                      \
	    "RFC 6335 section 6",                                              \
	    "a number is 0 to 65535, and a range does not fall")               \
	X(PORT_CLASS, "PORT-CLASS", VIOLATION, VIOLATION,                      \
	    "RFC 6335 section 6",                                              \
	    "System ports are 0 to 1023, User ports 1024 to 49151, Dynamic "   \
	    "ports the rest; what breaks it is found as PORT-DYNAMIC and "     \
	    "FIELD-REF-SYSTEM")                                                \
	X(PORT_DYNAMIC, "PORT-DYNAMIC", VIOLATION, VIOLATION,                  \
	    "RFC 6335 section 8.1.2",                                          \
	    "nothing is assigned or listed in 49152 to 65535")                 \
	X(PORT_EDGE, "PORT-EDGE", VIOLATION, VIOLATION, "RFC 6335 section 6",  \
	    "0, 1023, 1024 and 49151 are Reserved")                            \
	X(PORT_EXP, "PORT-EXP", VIOLATION, VIOLATION, "RFC 6335 section 10.2", \
	    "1021 and 1022 are exp1 and exp2 on every transport, held by the " \
	    "IESG, contact IETF_Chair, with references to RFC 4727 and RFC "   \
	    "6335")                                                            \
	X(PORT_STATE, "PORT-STATE", VIOLATION, VIOLATION,                      \
	    "RFC 6335 section 6",                                              \
	    "each number below 49152 is one of Assigned, Unassigned and "      \
	    "Reserved on each transport; what breaks it is found as PORT-GAP " \
	    "and PORT-MIXED")                                                  \
	X(PORT_SIBLING, "PORT-SIBLING", VIOLATION, VIOLATION,                  \
	    "RFC 6335 section 7.2",                                            \
	    "an assigned number is Reserved on the transports that were not "  \
	    "asked for; in practice tcp and udp, and what breaks it is found " \
	    "as PORT-SIBLING-MISSING and PORT-SIBLING-UNASSIGNED")             \
	X(PORT_ONE, "PORT-ONE", INFORMATION, INFORMATION,                      \
	    "RFC 6335 section 7.2",                                            \
	    "one service has one number, for all its versions and variants: "  \
	    "a goal; more are found as NAME-MULTIPORT")                        \
	X(PORT_REQONLY, "PORT-REQONLY", INFORMATION, INFORMATION,              \
	    "RFC 6335 section 7.2",                                            \
	    "only the transports that were asked for are assigned; a record "  \
	    "does not tell what was asked for, so nothing is found by it")     \
	X(PORT_NAMED_RANGE, "PORT-NAMED-RANGE", HISTORY, VIOLATION,            \
	    "RFC 7605 section 7.2",                                            \
	    "a service is assigned one number and no range")                   \
	X(PORT_NOPROTO, "PORT-NOPROTO", HISTORY, VIOLATION,                    \
	    "RFC 6335 section 8.1.1",                                          \
	    "a service with a number names its transport")                     \
	X(PORT_GAP, "PORT-GAP", BOOKKEEPING, BOOKKEEPING, "registry practice", \
	    "each number below 49152 has a record on tcp and on udp, in a "    \
	    "registry that lists what is free")                                \
	X(PORT_MIXED, "PORT-MIXED", BOOKKEEPING, VIOLATION,                    \
	    "RFC 6335 section 6", "a number has one state on a transport")     \
	X(PORT_DUPSTATE, "PORT-DUPSTATE", BOOKKEEPING, BOOKKEEPING,            \
	    "registry practice",                                               \
	    "a number is listed as Unassigned, or as Reserved, by one record") \
	X(PORT_UNSPLIT, "PORT-UNSPLIT", BOOKKEEPING, BOOKKEEPING,              \
	    "registry practice",                                               \
	    "a range that is not assigned overlaps no other record of its "    \
	    "transports")                                                      \
	X(PORT_SIBLING_MISSING, "PORT-SIBLING-MISSING", BOOKKEEPING,           \
	    VIOLATION, "RFC 6335 section 7.2",                                 \
	    "a number assigned on tcp or udp alone has a Reserved record on "  \
	    "the other")                                                       \
	X(PORT_SIBLING_UNASSIGNED, "PORT-SIBLING-UNASSIGNED", BOOKKEEPING,     \
	    VIOLATION, "RFC 6335 section 7.2",                                 \
	    "a number assigned on tcp or udp alone is not Unassigned on the "  \
	    "other")                                                           \
	X(PORT_SCTP_ALONE, "PORT-SCTP-ALONE", HISTORY, VIOLATION,              \
	    "RFC 6335 section 7.2",                                            \
	    "a number assigned on sctp has records on tcp and udp")            \
	X(PORT_OVERLOAD, "PORT-OVERLOAD", HISTORY, VIOLATION,                  \
	    "RFC 6335 section 5",                                              \
	    "one service has a number on a transport; of a new one that "      \
	    "refers to an RFC it is information")                              \
	X(PORT_OVERLOAD_ALIAS, "PORT-OVERLOAD-ALIAS", HISTORY, VIOLATION,      \
	    "RFC 6335 section 10.1",                                           \
	    "a number is shared by a name and its historic alias alone")       \
	X(PORT_SPLITNAME, "PORT-SPLITNAME", INFORMATION, INFORMATION,          \
	    "RFC 7605 section 7.6",                                            \
	    "the services of a number have no name in common on tcp and udp")  \
	X(PORT_STATUSWORD, "PORT-STATUSWORD", HISTORY, HISTORY,                \
	    "RFC 6335 section 6",                                              \
	    "what is not assigned says Unassigned or Reserved and no more")    \
	X(PORT_UNMERGED, "PORT-UNMERGED", BOOKKEEPING, BOOKKEEPING,            \
	    "registry practice",                                               \
	    "neighbouring Unassigned records that differ in nothing but "      \
	    "their "                                                           \
	    "numbers and dates are one")

#define FINDINGS_CODE(X)                                                       \
	X(SC_SYNTAX, "SC-SYNTAX", VIOLATION, VIOLATION,                        \
	    "RFC 5595 section 2.2", "a service code is a decimal number")      \
	X(SC_RANGE, "SC-RANGE", VIOLATION, VIOLATION, "RFC 4340 section 19.8", \
	    "a service code is 1 to 4294967294, and not from 1056964608 to "   \
	    "1073741823, which are for private use")                           \
	X(SC_NOTDCCP, "SC-NOTDCCP", VIOLATION, VIOLATION,                      \
	    "RFC 6335 section 8.1.1",                                          \
	    "only a record of dccp has a service code")                        \
	X(SC_MISSING, "SC-MISSING", INFORMATION, VIOLATION,                    \
	    "RFC 6335 section 8.1.1",                                          \
	    "a dccp record with a number has a service code")                  \
	X(SC_DUP, "SC-DUP", VIOLATION, VIOLATION, "RFC 4340 section 19.9",     \
	    "a service code has one dccp port at most")                        \
	X(SC_TEXT, "SC-TEXT", VIOLATION, VIOLATION, "RFC 5595 section 2.2",    \
	    "a service code reads as 1 to 4 of the characters A-Z a-z 0-9 "    \
	    "-_+.*/?@ and blanks behind them")

#define FINDINGS_FIELD(X)                                                      \
	X(FIELD_PROTO, "FIELD-PROTO", HISTORY, VIOLATION,                      \
	    "RFC 6335 section 8.1.1", "a service names its transport")         \
	X(FIELD_PROTO_NAME, "FIELD-PROTO-NAME", VIOLATION, VIOLATION,          \
	    "RFC 6335 section 8.1.1",                                          \
	    "a transport is tcp, udp, sctp or dccp, in lower case")            \
	X(FIELD_DESC, "FIELD-DESC", HISTORY, VIOLATION,                        \
	    "RFC 6335 section 8.1.1", "a service has a description")           \
	X(FIELD_ASSIGNEE, "FIELD-ASSIGNEE", HISTORY, VIOLATION,                \
	    "RFC 6335 section 8.1.1", "a service has an assignee")             \
	X(FIELD_CONTACT, "FIELD-CONTACT", HISTORY, VIOLATION,                  \
	    "RFC 6335 section 8.1.1", "a service has a contact")               \
	X(FIELD_REF, "FIELD-REF", INFORMATION, INFORMATION,                    \
	    "RFC 6335 section 8.1.1",                                          \
	    "a service has a reference; statements that there is none for "    \
	    "the public are not published")                                    \
	X(FIELD_REF_SYSTEM, "FIELD-REF-SYSTEM", HISTORY, VIOLATION,            \
	    "RFC 6335 section 8.1.1",                                          \
	    "a service with a System port has a reference")                    \
	X(FIELD_REF_IESG, "FIELD-REF-IESG", BOOKKEEPING, BOOKKEEPING,          \
	    "RFC 6335 section 8.1.1",                                          \
	    "a service that the IESG holds has a reference")                   \
	X(FIELD_REF_RFC, "FIELD-REF-RFC", VIOLATION, VIOLATION,                \
	    "registry practice",                                               \
	    "a reference to an RFC is rfc and its number")                     \
	X(FIELD_CONTACT_DUP, "FIELD-CONTACT-DUP", BOOKKEEPING, BOOKKEEPING,    \
	    "registry practice", "a person is contact of a record once")       \
	X(FIELD_WS, "FIELD-WS", BOOKKEEPING, BOOKKEEPING, "registry practice", \
	    "no white space stands around a name, a protocol, a number or a "  \
	    "service code, nor in a name")                                     \
	X(FIELD_NOBODY, "FIELD-NOBODY", HISTORY, VIOLATION,                    \
	    "RFC 6335 section 8.1.1",                                          \
	    "a service has an assignee, a contact or a reference")             \
	X(FIELD_DATE, "FIELD-DATE", HISTORY, BOOKKEEPING, "registry practice", \
	    "a service has the date of its registration")                      \
	X(IESG_PARTY, "IESG-PARTY", INFORMATION, INFORMATION,                  \
	    "RFC 6335 section 8.1.1",                                          \
	    "a service that an RFC of the IETF defines has the assignee IESG " \
	    "and the contact IETF_Chair; the record does not tell whether "    \
	    "the RFC is one of the IETF")                                      \
	X(DATE_SYNTAX, "DATE-SYNTAX", VIOLATION, VIOLATION, "registry schema", \
	    "a date is YYYY-MM-DD or YYYY-MM and exists")                      \
	X(DATE_FUTURE, "DATE-FUTURE", VIOLATION, VIOLATION,                    \
	    "registry practice", "no date is later than that of the registry") \
	X(DATE_MONTH_ONLY, "DATE-MONTH-ONLY", HISTORY, BOOKKEEPING,            \
	    "registry practice", "a date has its day")                         \
	X(DATE_ORDER, "DATE-ORDER", BOOKKEEPING, BOOKKEEPING,                  \
	    "registry practice",                                               \
	    "a record is not modified before it is registered")                \
	X(RES_PARTY, "RES-PARTY", HISTORY, HISTORY, "registry practice",       \
	    "a record that is not assigned has no assignee and no contact")    \
	X(RES_REGDATE, "RES-REGDATE", INFORMATION, INFORMATION,                \
	    "registry practice",                                               \
	    "a record that is not assigned has no date of registration")       \
	X(NOTE_EMPTY, "NOTE-EMPTY", BOOKKEEPING, BOOKKEEPING,                  \
	    "registry schema",                                                 \
	    "a record without a note has no element for it")                   \
	X(DESC_WS, "DESC-WS", BOOKKEEPING, BOOKKEEPING, "registry practice",   \
	    "a description neither begins nor ends with a blank")              \
	X(UNAUTH_STATE, "UNAUTH-STATE", INFORMATION, INFORMATION,              \
	    "RFC 6335 section 8.1.1",                                          \
	    "unauthorized use is told of a number that is not assigned")       \
	X(UNAUTH_NOTE, "UNAUTH-NOTE", HISTORY, HISTORY,                        \
	    "RFC 6335 section 8.1.1",                                          \
	    "unauthorized use is told in its own field and not in the note")

#define FINDINGS_FILE(X)                                                       \
	X(PERSON_DANGLING, "PERSON-DANGLING", VIOLATION, VIOLATION,            \
	    "registry schema", "a person who is referred to is in the list")   \
	X(PERSON_UNUSED, "PERSON-UNUSED", VIOLATION, VIOLATION,                \
	    "registry practice", "a person in the list is referred to")        \
	X(PERSON_DUP, "PERSON-DUP", VIOLATION, VIOLATION, "registry schema",   \
	    "a person is in the list once")                                    \
	X(PERSON_ADDRESS, "PERSON-ADDRESS", HISTORY, BOOKKEEPING,              \
	    "RFC 6335 section 8.1.1", "a person has an address")               \
	X(SORT_NUMBER, "SORT-NUMBER", VIOLATION, VIOLATION,                    \
	    "registry practice",                                               \
	    "records stand by rising number, those without one behind them")   \
	X(SORT_NAME, "SORT-NAME", INFORMATION, INFORMATION,                    \
	    "registry practice",                                               \
	    "records without a number stand by rising name")

#define FINDINGS(X)                                                            \
	FINDINGS_READ(X)                                                       \
	FINDINGS_NAME(X)                                                       \
	FINDINGS_ALIAS(X)                                                      \
	FINDINGS_PORT(X)                                                       \
	FINDINGS_CODE(X)                                                       \
	FINDINGS_FIELD(X)                                                      \
	FINDINGS_FILE(X)

#endif
