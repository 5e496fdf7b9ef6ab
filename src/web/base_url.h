/* SPDX-License-Identifier: ISC */
/* The address under which the outside knows the site. */
#ifndef WEB_BASE_URL_H
#define WEB_BASE_URL_H

#include <stdbool.h>

#include "base/span.h"
#include "portbook/error.h"

/* All spans are empty where no address was given, else borrowed from it. */
struct base_url {
	struct span url;  /* without a slash at its end */
	struct span host; /* without port; an IPv6 address has its brackets */
};

/*
 * Reads http://HOST[:PORT][/PATH] or https: text outlives *ret.
 * PORTBOOK_EUSAGE with plain words for any other scheme, a user, a query, a
 * fragment, or characters that a URL does not have.
 */
int base_url_parse(
    struct span text, struct base_url *ret, struct portbook_error *err);

#endif
