/* SPDX-License-Identifier: ISC */
/* The words behind `portbook serve`. */
#ifndef TOOL_SERVER_OPTIONS_H
#define TOOL_SERVER_OPTIONS_H

#include <stdbool.h>

#include "http/http.h"

struct server_options {
	const char *registry; /* NULL: look for one */
	const char *state;    /* folder to look in; NULL: the usual ones */
	const char *base_url; /* NULL: it is not known */
	const char *security_contact; /* NULL: none is named */
	bool hide_people;	      /* but in the official files */
	bool quiet; /* nothing but failures on standard error */
	struct http_options http;
};

/*
 * Reads argv into *ret, which borrows from it.  0, or the exit status of a
 * complaint that was made; --help prints and exits.
 */
int server_options_parse(int argc, char **argv, struct server_options *ret);

#endif
