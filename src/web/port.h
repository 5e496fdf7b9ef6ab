/* SPDX-License-Identifier: ISC */
/* The pages of ports and of ranges of them. */
#ifndef WEB_PORT_H
#define WEB_PORT_H

#include "web/thing.h"

/* "Port 443/tcp", "Ports 8000-8010". */
struct span port_title(struct thing *t, const struct query *q);

/* Where the API has the same. */
struct link port_json(struct thing *t, const struct query *q);

/* The page of one port, and that of a range; as a handler, for thing_end. */
int port_show(struct thing *t, const struct query *query,
    const struct http_request *request, struct http_response *response);
int port_show_range(struct thing *t, const struct query *query,
    const struct http_request *request, struct http_response *response);

#endif
