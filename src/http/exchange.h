/* SPDX-License-Identifier: ISC */
/* What the parts of the server tell each other; of no use outside http/. */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/access_log.h"
#include "http/clients.h"
#include "http/connections.h"
#include "http/http.h"
#include "http/metrics.h"

struct http_server {
	const struct http_site *site;
	struct MHD_Daemon *daemon;
	int listener;
	int family; /* of the listener's addresses */
	char url[256];
	atomic_uint answering; /* heads read, answers not yet out */
	atomic_bool stopping;  /* each answer ends its connection */

	struct clients clients;
	struct connections connections;
	struct metrics *metrics;
	struct access_log *log; /* or NULL */
};

/* The library's callbacks for one request; cls is the server. */
void *exchange_begin(void *cls, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result exchange_answer(void *cls, struct MHD_Connection *mhd,
    const char *url, const char *method, const char *version,
    const char *upload_data, size_t *upload_data_size, void **con_cls);
void exchange_end(void *cls, struct MHD_Connection *mhd, void **con_cls,
    enum MHD_RequestTerminationCode code);

/*
 * Notes, for the log and the counts, what the answer is: whoever queues a
 * response calls this then, with the bytes of its body (of HEAD too).
 */
void exchange_sent(
    const struct http_request *request, int status, uint64_t len);

void response_init(struct http_response *response);
void response_release(struct http_response *response);

/*
 * Answers from the site's cache if the answer is there: true, with the route
 * it had and what the library said.
 */
bool response_kept(const struct http_request *request,
    const struct http_site *site, const struct http_route **route,
    enum MHD_Result *ret);

/* Hands response over to the library; what it owns is gone in any case. */
enum MHD_Result response_send(struct http_response *response,
    const struct http_request *request, const struct http_site *site,
    bool close);

#endif
