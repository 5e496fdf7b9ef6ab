/* SPDX-License-Identifier: ISC */
/* portbook-server: the site and the API, from an image, read only. */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/place.h"
#include "http/http.h"
#include "tool/manager.h"
#include "tool/server_options.h"
#include "web/site.h"
#include "base/banned.h"

#define TRIM_SECONDS 30

static int tell(const struct portbook_error *err)
{
	fprintf(stderr, "portbook: %s\n", err->text);
	return error_exit_status(err->code);
}

/* Tells the manager what is served now, as it tells who asks for a status. */
static void tell_ready(struct site *site)
{
	struct edition *e = site_take(site);
	struct span date =
	    e != NULL ? image_text(&e->image, image_newest(&e->image)->updated)
		      : SPAN("?");
	char lines[128];

	snprintf(lines, sizeof(lines),
	    "READY=1\nSTATUS=Serving the registry of %.*s", SPAN_FMT(date));
	edition_give(e);
	manager_tell(lines);
}

/* What a crowd leaves lies between what is in use, and goes only if asked. */
static void trim_now_and_then(bool asked)
{
	if (asked || time(NULL) % TRIM_SECONDS == 0)
		malloc_trim(0);
}

static void refresh(struct site *site, bool asked, bool quiet)
{
	struct portbook_error err;
	int code;

	if (asked)
		manager_tell_reloading();
	code = site_refresh(site, asked, &err);
	if (code > 0 && !quiet)
		fputs("portbook: serving a new registry\n", stderr);
	else if (code < 0)
		fprintf(stderr,
		    "portbook: the registry is served as it was: %s\n",
		    err.text);
	trim_now_and_then(asked);
	if (asked || code > 0)
		tell_ready(site);
}

static void tick(void *ctx, bool asked)
{
	refresh(ctx, asked, false);
}

static void tick_quietly(void *ctx, bool asked)
{
	refresh(ctx, asked, true);
}

/* The state folder that answers where no registry is named. */
static int find_state(const struct server_options *options, char ret[PATH_MAX],
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

static int open_registry(const struct server_options *options,
    struct site *site, char storage[PATH_MAX], struct portbook_error *err)
{
	const char *path = options->registry;
	bool hide = options->hide_people;
	int code, fd = place_take_inherited();

	if (path == NULL && options->state == NULL)
		path = getenv("PORTBOOK_REGISTRY");
	if (path != NULL && path[0] != '\0') {
		if (fd < 0 || !place_is_source(path))
			return site_open(path, -1, hide, site, err);
		code = site_open(NULL, fd, hide, site, err);
		close(fd);
		return code;
	}
	code = find_state(options, storage, err);
	return code < 0 ? code : site_open(storage, -1, hide, site, err);
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

/* 0 once it was asked to end, or the exit status. */
static int serve(struct site *site, const struct server_options *options)
{
	struct http_server *server;
	struct portbook_error err;
	int status;

	if (http_server_open(&options->http, &site->http, &server, &err) < 0) {
		status = tell(&err);
		if (err.system == EADDRINUSE)
			fputs("portbook: --listen ADDR:PORT (make run LISTEN=)"
			      " takes another port\n",
			    stderr);
		return status;
	}
	if (!options->quiet)
		fprintf(stderr, "listening on %s\n", http_server_url(server));
	tell_ready(site);
	http_server_run(server);
	manager_tell("STOPPING=1\nSTATUS=Finishing the answers under way");
	http_server_close(server);
	return 0;
}

int main(int argc, char **argv)
{
	static char storage[PATH_MAX];
	static struct site site;
	struct portbook_error err;
	struct server_options options;
	struct base_url base = {SPAN_INIT(""), SPAN_INIT("")};
	static struct config config;
	int status;

	/* What options name lives as long as the process. */
	config_init(&config);
	if (config_take(&config, COMMAND_SERVE, &argc, &argv, &err) < 0) {
		if (err.source[0] != '\0')
			fprintf(stderr, "portbook: %s:%llu: %s\n", err.source,
			    (unsigned long long)err.line, err.text);
		else
			tell(&err);
		return error_exit_status(err.code);
	}
	status = server_options_parse(argc, argv, &options);
	if (status != 0)
		return status;
	if (options.base_url != NULL &&
	    base_url_parse(span_str(options.base_url), &base, &err) < 0)
		return tell(&err);
	if (manager_take_socket(&options.http.socket, &err) < 0 ||
	    open_registry(&options, &site, storage, &err) < 0)
		return tell(&err);
	/* A reader of the log that goes away is no reason to end. */
	signal(SIGPIPE, SIG_IGN);
	give_memory_back();
	site.base = base;
	site.security_contact = span_str(options.security_contact);
	site.http.tick = options.quiet ? tick_quietly : tick;
	status = serve(&site, &options);
	site_close(&site);
	return status;
}
