/* SPDX-License-Identifier: ISC */
/* portbook-server: the site and the API, from an image, read only. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/place.h"
#include "http/http.h"
#include "web/site.h"
#include "base/banned.h"

#define DEFAULT_LISTEN "127.0.0.1:8080"

struct options {
	const char *registry; /* NULL: look for one */
	const char *state;    /* folder to look in; NULL: the usual ones */
	const char *listen;
	const char *base_url; /* NULL: it is not known */
	bool quiet;	      /* nothing but failures on standard error */
};

static void usage(void)
{
	fputs("usage: portbook serve [--registry PATH | --state DIR]\n"
	      "                      [--listen ADDR:PORT] [--base-url URL]\n"
	      "                      [--quiet]\n"
	      "\n"
	      "  --registry PATH     an image or a state folder; else\n"
	      "                      $PORTBOOK_REGISTRY, else the user's or\n"
	      "                      the system's state folder\n"
	      "  --state DIR         a state folder\n"
	      "  --listen ADDR:PORT  where to listen (" DEFAULT_LISTEN ");\n"
	      "                      port 0 takes any that is free\n"
	      "  --base-url URL      where the outside finds the site; links\n"
	      "                      in feeds begin with it\n"
	      "  -q, --quiet         nothing but failures on standard error\n"
	      "\n"
	      "SIGHUP looks for a new registry at once, SIGTERM stops.\n",
	    stdout);
}

static int tell(const struct portbook_error *err)
{
	fprintf(stderr, "portbook: %s\n", err->text);
	return error_exit_status(err->code);
}

static void refresh(struct site *site, bool asked, bool quiet)
{
	struct portbook_error err;
	int code = site_refresh(site, asked, &err);

	if (code > 0 && !quiet)
		fputs("portbook: serving a new registry\n", stderr);
	else if (code < 0)
		fprintf(stderr,
		    "portbook: the registry is served as it was: %s\n",
		    err.text);
}

static void tick(void *ctx, bool asked)
{
	refresh(ctx, asked, false);
}

static void tick_quietly(void *ctx, bool asked)
{
	refresh(ctx, asked, true);
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
	if (optopt == 'q' || optopt == 'h')
		return complain("no value belongs to the option in", word);
	/* It may stop within a word of several letters. */
	return complain("serve has no option", optopt != 0 ? letter : word);
}

static int parse(int argc, char **argv, struct options *ret)
{
	static const struct option options[] = {
	    {"registry", required_argument, NULL, 'r'},
	    {"state", required_argument, NULL, 's'},
	    {"listen", required_argument, NULL, 'l'},
	    {"base-url", required_argument, NULL, 'b'},
	    {"quiet", no_argument, NULL, 'q'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int c;

	*ret = (struct options){.listen = DEFAULT_LISTEN};
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":qh", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			ret->registry = optarg;
			break;
		case 's':
			ret->state = optarg;
			break;
		case 'l':
			ret->listen = optarg;
			break;
		case 'b':
			ret->base_url = optarg;
			break;
		case 'q':
			ret->quiet = true;
			break;
		case 'h':
			usage();
			exit(0);
		default:
			return complain_of_option(c, argv[optind - 1]);
		}
	}
	/* `portbook serve` may hand on its own word. */
	if (optind < argc && strcmp(argv[optind], "serve") == 0)
		optind++;
	return optind == argc ? 0
			      : complain("serve takes no words:", argv[optind]);
}

/* The state folder that answers where no registry is named. */
static int find_state(const struct options *options, char ret[PATH_MAX],
    struct portbook_error *err)
{
	struct image image;
	int code = options->state != NULL
		       ? place_open_state(options->state, &image, ret, err)
		       : place_open(&image, ret, err);

	if (code < 0)
		return code;
	image_close(&image);
	ret[strlen(ret) - strlen(PLACE_IMAGE)] = '\0';
	return 0;
}

static int open_registry(const struct options *options, struct site *site,
    char storage[PATH_MAX], struct portbook_error *err)
{
	const char *path = options->registry;
	int code, fd = place_take_inherited();

	if (path == NULL && options->state == NULL)
		path = getenv("PORTBOOK_REGISTRY");
	if (path != NULL && path[0] != '\0') {
		if (fd < 0 || !place_is_source(path))
			return site_open(path, -1, site, err);
		code = site_open(NULL, fd, site, err);
		close(fd);
		return code;
	}
	code = find_state(options, storage, err);
	return code < 0 ? code : site_open(storage, -1, site, err);
}

/*
 * Without this a large answer, once sent, stays in the heap for ever: malloc
 * learns to keep what it has seen freed.
 */
static void give_memory_back(void)
{
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	mallopt(M_TRIM_THRESHOLD, 128 * 1024);
	mallopt(M_ARENA_MAX, 2);
}

int main(int argc, char **argv)
{
	static char storage[PATH_MAX];
	static struct site site;
	struct http_server *server;
	struct portbook_error err;
	struct options options;
	struct http_options http = HTTP_USUAL;
	struct base_url base = {SPAN_INIT(""), SPAN_INIT("")};
	int status = parse(argc, argv, &options);

	if (status != 0)
		return status;
	if (options.base_url != NULL &&
	    base_url_parse(span_str(options.base_url), &base, &err) < 0)
		return tell(&err);
	if (open_registry(&options, &site, storage, &err) < 0)
		return tell(&err);
	give_memory_back();
	site.base = base;
	site.http.tick = options.quiet ? tick_quietly : tick;
	http.listen = options.listen;
	if (http_server_open(&http, &site.http, &server, &err) < 0) {
		site_close(&site);
		status = tell(&err);
		if (err.system == EADDRINUSE)
			fputs("portbook: --listen ADDR:PORT (make run LISTEN=)"
			      " takes another port\n",
			    stderr);
		return status;
	}
	if (!options.quiet)
		fprintf(stderr, "listening on %s\n", http_server_url(server));
	http_server_run(server);
	http_server_close(server);
	site_close(&site);
	return 0;
}
