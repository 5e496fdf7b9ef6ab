/* SPDX-License-Identifier: ISC */
/*
 * DCCP service codes (RFC 4340 sections 8.1.2 and 19.8, RFC 5595 section 2):
 * 32 bits, written as a decimal number, read as up to four characters:
 *
 *	1717858426 = 0x6664707a = "fdpz"
 */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "check/rows.h"
#include "base/banned.h"

#define CODE_INVALID UINT32_MAX
#define CODE_PRIVATE_FIRST 0x3f000000U
#define CODE_PRIVATE_LAST 0x3fffffffU

static bool is_code_char(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) ||
	       (c != '\0' && strchr("-_+.*/?@", c) != NULL);
}

/* Whether the bytes of a code are such characters and blanks behind them. */
static bool is_readable(uint32_t code)
{
	bool ended = false;

	for (int shift = 24; shift >= 0; shift -= 8) {
		char c = (char)(code >> shift & 0xff);

		if (c == ' ' && shift < 24)
			ended = true;
		else if (ended || !is_code_char(c))
			return false;
	}
	return true;
}

static void check_code(struct check *c, size_t i, struct span text)
{
	uint64_t code = 0;

	if (c->registry->records[i].protocol != PROTOCOL_DCCP)
		check_tell(
		    c, FINDING_SC_NOTDCCP, i, "a service code, and not dccp");
	if (!ascii_all_digits(text)) {
		buf_printf(&c->message,
		    "the service code \"%.*s\" is no "
		    "decimal number",
		    SPAN_FMT(span_head(text, 100)));
		check_add(c, FINDING_SC_SYNTAX, i);
		return;
	}
	if (!ascii_u64(text, CODE_INVALID - 1, &code) || code == 0 ||
	    (code >= CODE_PRIVATE_FIRST && code <= CODE_PRIVATE_LAST)) {
		buf_printf(&c->message,
		    "the service code %.*s cannot be assigned",
		    SPAN_FMT(span_head(text, 100)));
		check_add(c, FINDING_SC_RANGE, i);
		return;
	}
	if (is_readable((uint32_t)code))
		return;
	buf_printf(&c->message,
	    "the service code %.*s is the bytes %02X %02X %02X %02X",
	    SPAN_FMT(text), (unsigned)(code >> 24),
	    (unsigned)(code >> 16 & 255), (unsigned)(code >> 8 & 255),
	    (unsigned)(code & 255));
	check_add(c, FINDING_SC_TEXT, i);
}

static int by_code(const void *a, const void *b, void *ctx)
{
	const struct check *c = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	uint32_t s = c->registry->records[x].text[FIELD_SERVICE_CODE];
	uint32_t t = c->registry->records[y].text[FIELD_SERVICE_CODE];

	if (s != t)
		return s < t ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* Those of records with a number; a code without one is its own affair. */
static void check_duplicates(struct check *c, uint32_t *rows, size_t count)
{
	qsort_r(rows, count, sizeof(*rows), by_code, c);
	for (size_t i = 1; i < count; i++) {
		if (!check_same(c, rows[i - 1], rows[i], FIELD_SERVICE_CODE) ||
		    check_same(c, rows[i - 1], rows[i], FIELD_NUMBER))
			continue;
		buf_printf(&c->message,
		    "port %.*s has the service code of this one too",
		    SPAN_FMT(check_text(c, rows[i - 1], FIELD_NUMBER)));
		check_add(c, FINDING_SC_DUP, rows[i]);
	}
}

int check_codes(struct check *c)
{
	size_t count = 0;
	uint32_t *rows =
	    mem_alloc(c->registry->record_count + 1, sizeof(*rows));

	if (rows == NULL)
		return PORTBOOK_ENOMEM;
	for (size_t i = 0; i < c->registry->record_count; i++) {
		struct span text =
		    span_trim(check_text(c, i, FIELD_SERVICE_CODE));
		const struct record *record = &c->registry->records[i];

		if (text.len > 0)
			check_code(c, i, text);
		else if (c->rows[i].named && record->has_number &&
			 record->protocol == PROTOCOL_DCCP)
			check_tell(c, FINDING_SC_MISSING, i,
			    "dccp with a number and no service code");
		if (text.len > 0 && record->has_number)
			rows[count++] = (uint32_t)i;
	}
	check_duplicates(c, rows, count);
	mem_release(rows);
	return 0;
}
