/* SPDX-License-Identifier: ISC */
/* What happened, in the format asked for: of log and of diff. */
#ifndef CLI_EVENTS_H
#define CLI_EVENTS_H

#include "cli/cli.h"
#include "search/history.h"

struct cli_events {
	struct span query;     /* of a log; ptr NULL where there is none */
	uint32_t from, to;     /* versions */
	size_t total;	       /* events there are */
	uint64_t page;	       /* asked for; 0: all */
	bool people;	       /* the story is of a person */
	const uint32_t *since; /* records, or persons, of the first version */
	size_t since_count;
	const struct image_event *events; /* of the page */
	size_t count;
};

/* Writes them; 0 or a failure. */
int cli_put_events(
    struct cli *cli, const struct cli_events *e, struct portbook_error *err);

#endif
