/* SPDX-License-Identifier: ISC */
#include "cli/command.h"

#include "base/banned.h"

/* The first answers where no word names another. */
const struct command commands[] = {
    {"lookup", NEED_IMAGE, COMMAND_LOOKUP, command_lookup, NULL, 1, SIZE_MAX,
	"QUERY...", "what a port, a range or a name is"},
    {"search", NEED_IMAGE, COMMAND_SEARCH, command_search, NULL, 1, SIZE_MAX,
	"WORDS...", "records with all these words"},
    {"list", NEED_IMAGE, COMMAND_LIST, command_list, NULL, 0, 0,
	"[--where CONDITION] [--sort FIELD]", "the registry, or a part of it"},
    {"person", NEED_IMAGE, COMMAND_PERSON, command_person, NULL, 1, 1, "ID",
	"who it is, and what records name it"},
    {"status", NEED_IMAGE, COMMAND_STATUS, command_status, NULL, 0, 0, "",
	"where the answers come from, and how old they are"},
    {"verify", NEED_NOTHING, COMMAND_VERIFY, command_verify, NULL, 0, 1,
	"[PATH]", "whether an image is whole"},
    {"check", NEED_PROGRAM, COMMAND_CHECK, NULL, "portbook-admin", 0, 1,
	"[--all | --baseline FILE] [--kind KIND] [FILE]",
	"what in a registry breaks which rule"},
    {"check-name", NEED_IMAGE, COMMAND_CHECK_NAME, command_check_name, NULL, 1,
	1, "NAME", "whether a service name may be registered"},
    {"suggest", NEED_IMAGE, COMMAND_SUGGEST, command_suggest, NULL, 0, 0,
	"[--near N | --explain PORT] [--range A-B] [--count K] "
	"[--for tcp,udp]",
	"free ports, or what speaks for and against one"},
    {"log", NEED_IMAGE, COMMAND_LOG, command_log, NULL, 0, 1, "[QUERY]",
	"what happened, to all or to one thing"},
    {"diff", NEED_NOTHING, COMMAND_DIFF, command_diff, NULL, 2, 2, "OLD NEW",
	"what differs between two dates or two files"},
    {"versions", NEED_IMAGE, COMMAND_VERSIONS, command_versions, NULL, 0, 0, "",
	"the versions that are kept"},
    {"convert", NEED_NOTHING, COMMAND_CONVERT, command_convert, NULL, 0,
	SIZE_MAX, "--to FORMAT [--style STYLE] [INPUT...] [-o OUT]",
	"the registry in another format"},
    {"publish", NEED_PROGRAM, COMMAND_PUBLISH, NULL, "portbook-admin", 1, 1,
	"[--as-of DATE] DIR", "all official formats, into a folder"},
    {"import", NEED_PROGRAM, COMMAND_IMPORT, NULL, "portbook-admin", 1,
	SIZE_MAX, "PATH...", "record many versions, and publish all"},
    {"update", NEED_PROGRAM, COMMAND_UPDATE, NULL, "portbook-admin", 0, 0,
	"[--from URL|PATH]", "fetch the newest registry"},
    {"annotate", NEED_IMAGE, COMMAND_ANNOTATE, command_annotate, NULL, 0,
	SIZE_MAX, "--port COL[,COL] --protocol COL [--add WORDS] [FILE...]",
	"lines with the services of their ports added"},
    {"serve", NEED_SERVER, COMMAND_SERVE, NULL, "portbook-server", 0, 0,
	"[--listen ADDR:PORT] [--base-url URL]", "the site and its API"},
    {"complete", NEED_NOTHING, COMMAND_COMPLETE, command_complete, NULL, 1,
	SIZE_MAX, "-- WORD...", NULL},
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);

const struct command *command_find(struct span name)
{
	for (size_t i = 0; i < command_count; i++)
		if (span_eq(span_str(commands[i].name), name))
			return &commands[i];
	return NULL;
}
