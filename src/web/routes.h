/* SPDX-License-Identifier: ISC */
/* The handlers of the site; each is given the edition of its request. */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "http/http.h"
#include "web/pages.h"
#include "web/site.h"

/*
 * Nothing but our own stylesheet, icon and script, which may ask us alone, and
 * forms that lead here.
 */
#define SITE_POLICY                                                            \
	"default-src 'none'; style-src 'self'; script-src 'self'; "            \
	"img-src 'self'; connect-src 'self'; form-action 'self'; "             \
	"base-uri 'none'; frame-ancestors 'none'"

#define SITE_OFFICIAL "/assignments/service-names-port-numbers"
#define SITE_OFFICIAL_FILE SITE_OFFICIAL "/service-names-port-numbers"

extern const struct http_route site_routes[];
extern const size_t site_route_count;

http_handler handle_registry;
http_handler handle_official;
http_handler handle_official_redirect;
http_handler handle_xml;
http_handler handle_csv;
http_handler handle_txt;
http_handler handle_xsl;
http_handler handle_rng;
http_handler handle_map;
http_handler handle_map_block;
http_handler handle_changes;
http_handler handle_changes_json;
http_handler handle_versions_json;
http_handler handle_map_json;
http_handler handle_formats_json;
http_handler handle_feed;
http_handler handle_diff;
http_handler handle_compare;
http_handler handle_versions;
http_handler handle_port;
http_handler handle_service;
http_handler handle_record;
http_handler handle_person;
http_handler handle_formats;
http_handler handle_goto;
http_handler handle_suggest;
http_handler handle_suggest_json;
http_handler handle_api_suggest;
http_handler handle_api_changes;
http_handler handle_api_log;
http_handler handle_api_versions;
http_handler handle_api_map;
http_handler handle_api_formats;
http_handler handle_preflight;
http_handler handle_lookup;
http_handler handle_search;
http_handler handle_api_ports;
http_handler handle_api_services;
http_handler handle_api_records;
http_handler handle_api_people;
http_handler handle_api_check_name;
http_handler handle_api_registry;
http_handler handle_openapi;
http_handler handle_api_page;
http_handler handle_api_page_json;
http_handler handle_health;
http_handler handle_robots;
http_handler handle_security;
http_handler handle_style;
http_handler handle_script;
http_handler handle_icon;

/* What every page says of the registry behind it, a version of it. */
void frame_of(
    const struct edition *edition, uint32_t version, struct page_frame *ret);

/* Fills response with an error page, or a problem document below /api/. */
void site_refuse(void *site, const struct http_request *request,
    struct http_response *response, int status, const char *detail);

/* A redirect to the address in b, which is released; returns status. */
int site_redirect(struct http_response *response, int status, struct buf *b);

/* What /metrics tells of the registry. */
void site_metrics(void *site, struct buf *out);

/* The same, as a handler does it: returns status. */
int refuse(const struct edition *edition, const struct http_request *request,
    struct http_response *response, int status, const char *detail);

/*
 * The same, with members of JSON for a problem document: each begins with a
 * comma.  A page does without them.
 */
int refuse_with(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    int status, const char *detail, struct span members);

/* The same for a failure, whose code is below 0, and for want of memory. */
int refuse_error(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    int code, const struct portbook_error *err);
int refuse_memory(const struct edition *edition,
    const struct http_request *request, struct http_response *response);

/* 200 and the head of a page, whose body is to follow; or a failure's page. */
int page_or_refusal(const struct edition *edition,
    const struct http_request *request, struct http_response *response,
    int code, const struct portbook_error *err);

#endif
