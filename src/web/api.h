/* SPDX-License-Identifier: ISC */
/* What all answers of the API share. */
#ifndef WEB_API_H
#define WEB_API_H

#include "web/ask.h"
#include "web/routes.h"

/* The head of an answer of 200. */
void api_begin(struct http_response *response);

/* "{"registry": {...}" */
void api_registry(
    struct buf *b, const struct image *image, const struct as_of *as_of);

/*
 * Fills err for a parameter that is none of names (ended by NULL), or that
 * comes twice and is not the one that may.
 */
int api_params(const struct http_target *target, const char *const *names,
    struct span often, struct portbook_error *err);

int api_fail(const struct edition *edition, const struct http_request *request,
    struct http_response *response, int code, const char *text);

#endif
