/* SPDX-License-Identifier: ISC */
/* The page of a service. */
#ifndef WEB_SERVICE_H
#define WEB_SERVICE_H

#include "web/thing.h"

/* Where the API has the same. */
struct link service_json(struct thing *t, struct span name);

/*
 * The page of a name in any case, with its status in *ret_status; false, and
 * response left alone, where the version has none such.
 */
bool service_show(struct thing *t, struct span name,
    const struct http_request *request, struct http_response *response,
    int *ret_status);

#endif
