/* SPDX-License-Identifier: ISC */
/* What `portbook annotate` is asked to do. */
#ifndef CLI_ANNOTATE_ASK_H
#define CLI_ANNOTATE_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "portbook/error.h"
#include "terms/protocol.h"

#define ANNOTATE_PORTS_MAX 8U
#define ANNOTATE_JOBS_MAX 64U

/* What may be told of a port. */
enum annotate_field {
	ANNOTATE_SERVICE,
	ANNOTATE_STATE,
	ANNOTATE_CLASS,
	ANNOTATE_DESCRIPTION,
	ANNOTATE_PORT,
	ANNOTATE_FIELD_COUNT,
};

enum annotate_input {
	INPUT_GUESSED, /* by the first line */
	INPUT_CSV,
	INPUT_TSV,
	INPUT_SPACE,
	INPUT_JSONL,
};

enum annotate_header { HEADER_GUESSED, HEADER_YES, HEADER_NO };

/* All spans are borrowed from the command line. */
struct annotate_ask {
	struct span ports[ANNOTATE_PORTS_MAX]; /* names or numbers from 1 */
	size_t port_count;
	struct span protocol;  /* empty: every record is of assumed */
	enum protocol assumed; /* where a record names none; or _NONE */
	enum annotate_field fields[ANNOTATE_FIELD_COUNT];
	size_t field_count; /* the service is the first */
	struct span prefix; /* of the names of what is appended */
	bool guess;	    /* tell of one of two ports alone */
	enum annotate_input input;
	enum annotate_header header;
	size_t jobs;
};

/* From the options of argv; PORTBOOK_EUSAGE. */
int annotate_ask_read(int argc, char **argv, struct annotate_ask *ret,
    struct portbook_error *err);

/* "service", "state" and so on. */
struct span annotate_field_name(enum annotate_field field);

#endif
