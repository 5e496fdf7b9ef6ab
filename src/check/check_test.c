/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "check/check.h"
#include "check/rules_test.h"
#include "read/read.h"

/* Rules of readers, of other commands, and such as no record can break. */
static const enum finding_code elsewhere[] = {FINDING_READ_ELEMENT,
    FINDING_READ_REPEATED, FINDING_READ_NUMBER, FINDING_READ_PROTOCOL,
    FINDING_READ_UPDATED, FINDING_NAME_UNIQ, FINDING_NAME_REUSE,
    FINDING_NAME_EVERYDAY, FINDING_NAME_OPAQUE, FINDING_PORT_CLASS,
    FINDING_PORT_STATE, FINDING_PORT_SIBLING, FINDING_PORT_ONE,
    FINDING_PORT_REQONLY, FINDING_NAME_ALIAS_LIST};

/* What is looked for, and what was found of it. */
struct look {
	enum finding_code code;
	struct buf found;
};

static void take(void *ctx, const struct finding *f)
{
	struct look *look = ctx;

	assert_true(f->message.ptr != NULL && f->record.len > 0);
	if (f->code != look->code)
		return;
	buf_printf(&look->found, "%s%.*s %.*s", look->found.len > 0 ? ";" : "",
	    SPAN_FMT(finding_kind_name(f->kind)), SPAN_FMT(f->record));
}

/* records may have people behind a |. */
static void put_source(struct buf *b, const char *records)
{
	struct span rest = span_str(records);

	buf_str(b,
	    "<registry xmlns=\"http://www.iana.org/assignments\" id=\"x\">"
	    "<title>t</title><updated>2020-01-02</updated>\n");
	buf_add(b, span_cut(&rest, '|'));
	buf_str(b, "<people>");
	buf_add(b, rest);
	buf_str(b, "</people></registry>\n");
}

static void run(const char *records, struct look *look)
{
	struct portbook_error err = {0};
	struct diag diag = {take, look, 0};
	struct registry r;
	struct buf b;

	buf_init(&b);
	buf_init(&look->found);
	put_source(&b, records);
	if (read_registry_memory(buf_span(&b), "test", &r, NULL, &err) < 0)
		fail_msg("%s: %s", records, err.text);
	assert_int_equal(check_registry(&r, NULL, &diag, &err), 0);
	registry_release(&r);
	buf_release(&b);
}

static void check_row(const struct rule_row *row)
{
	struct look look = {.code = row->code};

	run(row->broken, &look);
	if (!span_eq(buf_span(&look.found), span_str(row->found)))
		fail_msg("row of line %d: found %.*s", row->line,
		    SPAN_FMT(buf_span(&look.found)));
	buf_release(&look.found);
	run(row->good, &look);
	if (look.found.len > 0)
		fail_msg("row of line %d: in the good one %.*s", row->line,
		    SPAN_FMT(buf_span(&look.found)));
	buf_release(&look.found);
}

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < name_row_count; i++)
		check_row(&name_rows[i]);
	for (size_t i = 0; i < port_row_count; i++)
		check_row(&port_rows[i]);
	for (size_t i = 0; i < field_row_count; i++)
		check_row(&field_rows[i]);
}

static void mark(bool *seen, const struct rule_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		seen[rows[i].code] = true;
}

static void test_every_rule_has_a_row(void **state)
{
	bool seen[FINDING_CODE_COUNT] = {false};

	(void)state;
	mark(seen, name_rows, name_row_count);
	mark(seen, port_rows, port_row_count);
	mark(seen, field_rows, field_row_count);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		seen[elsewhere[i]] = true;
	for (size_t i = 0; i < FINDING_CODE_COUNT; i++)
		if (!seen[i])
			fail_msg("no row for %s",
			    finding_rule((enum finding_code)i)->name);
}

/* The list of RFC 6335 section 10.1 counts where most of it is there. */
static void test_legacy_list(void **state)
{
	static const char *const some[] = {"914c/g", "EtherNet/IP-1",
	    "EtherNet/IP-2", "LiebDevMgmt_A", "LiebDevMgmt_C", "LiebDevMgmt_DM",
	    "acmaint_dbd", "acmaint_transd", "atex_elmd", "avanti_cdp",
	    "badm_priv", "badm_pub", "bdir_priv", "bdir_pub", "bmc_ctd_ldap",
	    "bmc_patroldb", "boks_clntd", "boks_servc", "boks_servm",
	    "broker_service", "bues_service", "canit_store", "cedros_fds",
	    "cl/1", "contamac_icm", "corel_vncadmin", "csc_proxy", "cvc_hostd",
	    "dbcontrol_agent", "dec_dlm", "dl_agent", "documentum_s",
	    "dsmeter_iatc", "dsx_monitor", "elpro_tunnel", "elvin_client",
	    "elvin_server", "encrypted_admin", "erunbook_agent",
	    "erunbook_server", "esri_sde", "event_listener", "flr_agent",
	    "gds_db", "ibm_wrless_lan", "iceedcp_rx", "iceedcp_tx",
	    "iclcnet_svinfo", "idig_mux"};
	const size_t count = sizeof(some) / sizeof(some[0]);
	struct look look = {.code = FINDING_NAME_ALIAS_LIST};
	size_t told = 1;
	struct buf b;

	(void)state;
	assert_int_equal(count, 49);
	buf_init(&b);
	for (size_t i = 1; i < count; i++)
		buf_printf(&b, "<record><name>%s</name></record>", some[i]);
	buf_char(&b, '\0');
	run(b.ptr, &look);
	assert_int_equal(look.found.len, 0);
	buf_release(&look.found);
	b.len--;
	buf_printf(&b, "<record><name>%s</name></record>", some[0]);
	buf_char(&b, '\0');
	run(b.ptr, &look);
	/* 97 names, of which 48 are missing now. */
	assert_true(span_find(buf_span(&look.found),
			SPAN("information -/-/sai_sentlm")) < look.found.len);
	for (size_t i = 0; i < look.found.len; i++)
		told += look.found.ptr[i] == ';';
	assert_int_equal(told, 48);
	buf_release(&look.found);
	buf_release(&b);
}

static void put_place(void *ctx, const struct finding *f)
{
	if (f->code == FINDING_FIELD_DATE || f->code == FINDING_PERSON_ADDRESS)
		buf_printf(ctx, "%.*s %d:%d;", SPAN_FMT(f->record),
		    (int)f->line, (int)f->column);
}

/* Lines and columns, of canonical layout and of any other. */
static void test_places(void **state)
{
	static const char source[] =
	    "<registry xmlns=\"http://www.iana.org/assignments\">\n"
	    "<updated>2020-01-02</updated><record><name>a</name></record>\n"
	    "  <record>\n"
	    "    <name>b</name>\n"
	    "  </record><record><name>c</name></record> <record>\n"
	    "<name>d</name></record>\n"
	    "\n"
	    "\t<record><name>e</name></record>\n"
	    "  <people>\n"
	    "    <person id=\"p\"/>\n"
	    "    <person id=\"q\"/> <person id=\"r\"/></people>\n"
	    "</registry>\n";
	struct portbook_error err = {0};
	struct registry r;
	struct buf found;
	struct diag diag = {put_place, &found, 0};

	(void)state;
	buf_init(&found);
	assert_int_equal(
	    read_registry_memory(span_str(source), "test", &r, NULL, &err), 0);
	assert_int_equal(check_registry(&r, NULL, &diag, &err), 0);
	buf_char(&found, '\0');
	assert_string_equal(found.ptr,
	    "-/-/a 2:30;-/-/b 3:3;-/-/c 5:12;-/-/d 5:44;-/-/e 8:2;"
	    "p 10:5;q 11:5;r 11:22;");
	buf_release(&found);
	registry_release(&r);
}

/* A CSV has no people, no elements, and no assignee beside a contact. */
static void test_csv(void **state)
{
	static const char source[] =
	    "Service Name,Port Number,Transport Protocol,Description,Assignee,"
	    "Contact,Registration Date,Modification Date,Reference,"
	    "Service Code,Unauthorized Use Reported,Assignment Notes\r\n"
	    "a,7,tcp,d,[X],[X],,,,,,\r\n"
	    ",8,,Reserved,,,,,,,,\r\n";
	struct portbook_error err = {0};
	struct look look = {.code = FINDING_CODE_COUNT};
	struct diag diag = {take, &look, 0};
	struct registry r;

	(void)state;
	buf_init(&look.found);
	assert_int_equal(
	    read_registry_memory(span_str(source), "test", &r, NULL, &err), 0);
	assert_int_equal(check_registry(&r, NULL, &diag, &err), 0);
	/* No reference, twice for a System port; no date; no sibling. */
	assert_int_equal(diag.count, 4);
	buf_release(&look.found);
	registry_release(&r);
}

/* A services(5) file lacks most fields, and is not told so. */
static void test_services(void **state)
{
	static const char source[] =
	    "http 80/tcp www\nhttp 80/udp\nbad_name 7/tcp\n";
	struct portbook_error err = {0};
	struct look look = {.code = FINDING_NAME_CHAR};
	struct diag diag = {take, &look, 0};
	struct registry r;

	(void)state;
	buf_init(&look.found);
	assert_int_equal(
	    read_registry_memory(span_str(source), "test", &r, NULL, &err), 0);
	assert_int_equal(r.source, REGISTRY_SERVICES);
	assert_int_equal(check_registry(&r, NULL, &diag, &err), 0);
	buf_char(&look.found, '\0');
	assert_string_equal(look.found.ptr, "history 7/tcp/bad_name");
	/* And that 80/tcp has two names. */
	assert_int_equal(diag.count, 2);
	buf_release(&look.found);
	registry_release(&r);
}

static const struct message_row {
	int line;
	enum finding_code code;
	const char *records, *message;
} messages[] = {
    {__LINE__, FINDING_PORT_MIXED, FREE("5-9") SVC("a", "tcp", "7"),
	"7/tcp is assigned here, and unassigned by 5-9/-/- (line 1)"},
    {__LINE__, FINDING_PORT_DUPSTATE, FREE("5-9") FREE("7"),
	"7 is listed as unassigned by 5-9/-/- (line 1) too"},
    {__LINE__, FINDING_PORT_UNSPLIT, FREE("5-9") SVC("a", "udp", "7"),
	"the range overlaps 7/udp/a (line 2), which speaks for itself: split "
	"or shorten the range"},
    {__LINE__, FINDING_PORT_SIBLING_UNASSIGNED,
	FREE("5-9") SVC("a", "udp", "7"),
	"7/tcp is Reserved by this record, and is Unassigned by 5-9/-/- "
	"(line 1)"},
    {__LINE__, FINDING_PORT_GAP, FREE("0-99") FREE("206-49151"),
	"no record speaks of 100-205 on tcp and udp: 106 ports"},
    {__LINE__, FINDING_NAME_DUP_ROW, SVC("a", "tcp", "7") SVC("a", "tcp", "7"),
	"the name, protocol and number are those of 7/tcp/a (line 1)"},
    {__LINE__, FINDING_NAME_MULTIPORT,
	SVC("a", "tcp", "7") NEWSVC("a", "tcp", "9"),
	"the name is taken (NAME-UNIQ): it is that of 7/tcp/a (line 1)"},
    {__LINE__, FINDING_PORT_OVERLOAD,
	SVC("a", "tcp", "7") NEWSVC("b", "tcp", "7"),
	"a new service, where the number and protocol are those of 7/tcp/a "
	"(line 1)"},
    {__LINE__, FINDING_PERSON_DANGLING, REC(N("a") C("X") A("X")),
	"the person \"X\" (assignee) is not in the list"},
    {__LINE__, FINDING_SORT_NUMBER, FREE("5") FREE("9") FREE("6") FREE("7"),
	"stands before number 6"},
    {__LINE__, FINDING_SORT_NUMBER, FREE("5") FREE("6") FREE("4") FREE("7"),
	"stands behind number 6"},
    {__LINE__, FINDING_SORT_NUMBER, FREE("5") REC(N("a")) FREE("6") FREE("7"),
	"stands before number 6"},
};

static void take_message(void *ctx, const struct finding *f)
{
	struct look *look = ctx;

	if (f->code == look->code)
		buf_add(&look->found, f->message);
}

/* The whole message of the one finding there is. */
static void test_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct portbook_error err = {0};
		struct look look = {.code = messages[i].code};
		struct diag diag = {take_message, &look, 0};
		struct registry r;
		struct buf b;

		buf_init(&b);
		buf_init(&look.found);
		buf_str(&b, "<registry xmlns="
			    "\"http://www.iana.org/assignments\" id=\"x\">");
		buf_str(&b, messages[i].records);
		buf_str(&b, "</registry>\n");
		assert_int_equal(
		    read_registry_memory(buf_span(&b), "test", &r, NULL, &err),
		    0);
		assert_int_equal(check_registry(&r, NULL, &diag, &err), 0);
		if (!span_eq(
			buf_span(&look.found), span_str(messages[i].message)))
			fail_msg("row of line %d: %.*s", messages[i].line,
			    SPAN_FMT(buf_span(&look.found)));
		buf_release(&look.found);
		registry_release(&r);
		buf_release(&b);
	}
}

/*
 * What has no date is new where a baseline of that day, or of an earlier one,
 * does not know it; without one, and in an older registry, it is old.  So it
 * is where a slip in the key is found, as that of a second record is.
 */
static void test_ages(void **state)
{
	static const struct {
		const char *edition, *found;
	} rows[] = {
	    {NULL, "history -/-/a;history -/-/b;history -/-/b~2"},
	    {"2020-01-01", "history -/-/a;violation -/-/b;history -/-/b~2"},
	    {"2020-01-02", "history -/-/a;violation -/-/b;history -/-/b~2"},
	    {"", "history -/-/a;violation -/-/b;history -/-/b~2"},
	    {"2020-01-03", "history -/-/a;history -/-/b;history -/-/b~2"},
	};
	struct portbook_error err = {0};
	struct finding known = {.code = FINDING_FIELD_DATE,
	    .record = SPAN("-/-/a"),
	    .date = SPAN("")};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct look look = {.code = FINDING_FIELD_CONTACT};
		struct diag diag = {take, &look, 0};
		struct baseline ages;
		struct registry r;
		struct buf b, text;

		buf_init(&b);
		buf_init(&text);
		buf_init(&look.found);
		put_source(&b, REC(N("a")) REC(N("b")) REC(N("b")) FREE("7"));
		baseline_format(&text, &known, 1, span_str(rows[i].edition));
		assert_int_equal(
		    baseline_parse(buf_span(&text), "ages", &ages, &err), 0);
		assert_int_equal(
		    read_registry_memory(buf_span(&b), "test", &r, NULL, &err),
		    0);
		assert_int_equal(
		    check_registry(&r, rows[i].edition != NULL ? &ages : NULL,
			&diag, &err),
		    0);
		buf_char(&look.found, '\0');
		assert_string_equal(look.found.ptr, rows[i].found);
		baseline_release(&ages);
		buf_release(&look.found);
		buf_release(&text);
		registry_release(&r);
		buf_release(&b);
	}
}

/* Allocation after allocation fails, and each failure is told. */
static void test_no_memory(void **state)
{
	struct portbook_error err = {0};
	struct diag diag = {0};
	struct registry r;
	struct buf b;
	int code = PORTBOOK_ENOMEM;

	(void)state;
	buf_init(&b);
	put_source(&b, name_rows[0].broken);
	assert_int_equal(
	    read_registry_memory(buf_span(&b), "test", &r, NULL, &err), 0);
	for (size_t n = 1; code == PORTBOOK_ENOMEM && n < 1000; n++) {
		mem_fail_from(n);
		code = check_registry(&r, NULL, &diag, &err);
		mem_fail_from(0);
	}
	assert_int_equal(code, 0);
	registry_release(&r);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rules),
	    cmocka_unit_test(test_every_rule_has_a_row),
	    cmocka_unit_test(test_legacy_list),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_csv),
	    cmocka_unit_test(test_services),
	    cmocka_unit_test(test_ages),
	    cmocka_unit_test(test_messages),
	    cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
