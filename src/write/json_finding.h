/* SPDX-License-Identifier: ISC */
/* A finding as JSON, whoever has found it (docs/json.md). */
#ifndef WRITE_JSON_FINDING_H
#define WRITE_JSON_FINDING_H

#include "base/buf.h"

/* All texts are borrowed for the call. */
struct json_finding {
	struct span code, kind;
	struct span record; /* a key or an id; empty where there is neither */
	struct span message;
	struct span source;
	uint64_t line, column; /* 0 where it stands nowhere */
};

/* {"code", "kind", "record", "line", "column", "message", "source"} */
void json_finding(struct buf *b, const struct json_finding *finding);

#endif
