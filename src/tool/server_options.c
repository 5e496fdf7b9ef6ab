/* SPDX-License-Identifier: ISC */
#include "tool/server_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "web/site.h"
#include "base/banned.h"

#define NUMBER_MAX 1000000
#define BURST_FACTOR 4 /* of a rate that names no burst */

static void usage(void)
{
	fputs("usage: portbook serve [--registry PATH | --state DIR]\n"
	      "                      [--listen ADDR:PORT] [--base-url URL]\n"
	      "                      [--access-log FILE] [--rate N[/BURST]]\n"
	      "                      [--connections N] [--per-address N]\n"
	      "                      [--limit-local] [--people all|none]\n"
	      "                      [--security-contact URI] [--quiet]\n"
	      "\n"
	      "  --registry PATH     an image or a state folder; else\n"
	      "                      $PORTBOOK_REGISTRY, else the user's or\n"
	      "                      the system's state folder\n"
	      "  --state DIR         a state folder\n"
	      "  --listen ADDR:PORT  where to listen (127.0.0.1:8080);\n"
	      "                      port 0 takes any that is free\n"
	      "  --base-url URL      where the outside finds the site; links\n"
	      "                      in feeds begin with it\n"
	      "  --access-log FILE   a line for each answer, addresses cut to\n"
	      "                      /24 and /48; - is standard output\n"
	      "  --rate N[/BURST]    requests a second of one address, and\n"
	      "                      at once (100/400); 0 is no limit\n"
	      "  --connections N     at a time, in all (10000)\n"
	      "  --per-address N     of these from one address (64); 0 is no\n"
	      "                      limit\n"
	      "  --limit-local       these two hold for this machine too\n"
	      "  --people none       show people in the official files alone\n"
	      "  --security-contact URI\n"
	      "                      whom security.txt names\n"
	      "  -q, --quiet         nothing but failures on standard error\n"
	      "\n"
	      "SIGHUP looks for a new registry at once and opens the access\n"
	      "log anew, SIGTERM stops when the answers under way are out.\n",
	    stdout);
}

static int complain(const char *wrong, const char *word)
{
	fprintf(stderr, "portbook: %s %.60s; see portbook serve --help\n",
	    wrong, word);
	return 2;
}

/* What getopt_long could not take; c is its answer. */
static int complain_of_option(int c, const char *word)
{
	char letter[] = {'-', (char)optopt, '\0'};

	if (c == ':')
		return complain("a value is missing behind", word);
	if (optopt == 'q' || optopt == 'h' || optopt == 'o')
		return complain("no value belongs to the option in", word);
	/* It may stop within a word of several letters. */
	return complain("serve has no option", optopt != 0 ? letter : word);
}

static bool read_number(struct span text, uint64_t min, unsigned *ret)
{
	uint64_t value;

	if (!ascii_u64(text, NUMBER_MAX, &value) || value < min)
		return false;
	*ret = (unsigned)value;
	return true;
}

/* N or N/BURST. */
static bool read_rate(const char *text, struct http_options *ret)
{
	struct span rest = span_str(text);
	bool has_burst = span_find_char(rest, 0, '/') < rest.len;
	struct span rate = span_cut(&rest, '/');

	if (!read_number(rate, 0, &ret->rate))
		return false;
	ret->burst = ret->rate * BURST_FACTOR;
	return !has_burst || read_number(rest, 1, &ret->burst);
}

/* 0, or the exit status. */
static int take(int c, struct server_options *ret)
{
	struct span value = span_str(optarg != NULL ? optarg : "");

	switch (c) {
	case 'r':
		ret->registry = optarg;
		break;
	case 's':
		ret->state = optarg;
		break;
	case 'l':
		ret->http.listen = optarg;
		break;
	case 'b':
		ret->base_url = optarg;
		break;
	case 'a':
		ret->http.access_log = optarg;
		break;
	case 't':
		if (!read_rate(optarg, &ret->http))
			return complain("a rate is N or N/BURST, not", optarg);
		break;
	case 'c':
		if (!read_number(value, 1, &ret->http.connections))
			return complain("--connections takes a number from 1, "
					"not",
			    optarg);
		break;
	case 'p':
		if (!read_number(value, 0, &ret->http.per_address))
			return complain(
			    "--per-address takes a number, not", optarg);
		break;
	case 'o':
		ret->http.limit_local = true;
		break;
	case 'e':
		if (!span_eq(value, SPAN("all")) &&
		    !span_eq(value, SPAN("none")))
			return complain(
			    "--people takes all or none, not", optarg);
		ret->hide_people = span_eq(value, SPAN("none"));
		break;
	case 'k':
		if (!security_contact_is_good(value))
			return complain("--security-contact takes https://, "
					"mailto: or tel:, not",
			    optarg);
		ret->security_contact = optarg;
		break;
	case 'q':
		ret->quiet = true;
		break;
	default:
		usage();
		exit(0);
	}
	return 0;
}

int server_options_parse(int argc, char **argv, struct server_options *ret)
{
	static const struct option options[] = {
	    {"registry", required_argument, NULL, 'r'},
	    {"state", required_argument, NULL, 's'},
	    {"listen", required_argument, NULL, 'l'},
	    {"base-url", required_argument, NULL, 'b'},
	    {"access-log", required_argument, NULL, 'a'},
	    {"rate", required_argument, NULL, 't'},
	    {"connections", required_argument, NULL, 'c'},
	    {"per-address", required_argument, NULL, 'p'},
	    {"limit-local", no_argument, NULL, 'o'},
	    {"people", required_argument, NULL, 'e'},
	    {"security-contact", required_argument, NULL, 'k'},
	    {"quiet", no_argument, NULL, 'q'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int c, status;

	*ret = (struct server_options){.http = HTTP_USUAL};
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":qh", options, NULL)) != -1) {
		status = c == ':' || c == '?'
			     ? complain_of_option(c, argv[optind - 1])
			     : take(c, ret);
		if (status != 0)
			return status;
	}
	/* `portbook serve` may hand on its own word. */
	if (optind < argc && strcmp(argv[optind], "serve") == 0)
		optind++;
	return optind == argc ? 0
			      : complain("serve takes no words:", argv[optind]);
}
