/* SPDX-License-Identifier: ISC */
#include "write/json_finding.h"

#include "write/json.h"
#include "base/banned.h"

static void put_place(struct buf *b, uint64_t place)
{
	if (place > 0)
		buf_u64(b, place);
	else
		buf_str(b, "null");
}

void json_finding(struct buf *b, const struct json_finding *finding)
{
	buf_str(b, "{\"code\": ");
	json_text(b, finding->code);
	buf_str(b, ", \"kind\": ");
	json_text(b, finding->kind);
	buf_str(b, ", \"record\": ");
	json_text_or_null(b, finding->record);
	buf_str(b, ", \"line\": ");
	put_place(b, finding->line);
	buf_str(b, ", \"column\": ");
	put_place(b, finding->column);
	buf_str(b, ", \"message\": ");
	json_text(b, finding->message);
	buf_str(b, ", \"source\": ");
	json_text(b, finding->source);
	buf_char(b, '}');
}
