/* SPDX-License-Identifier: ISC */
/* What one client may take up.  A page of the manual names these too. */
#ifndef HTTP_LIMITS_H
#define HTTP_LIMITS_H

#define HTTP_TARGET_MAX 8000 /* bytes of a request's target: else 414 */
/*
 * Bytes for a request's line and fields, and for what the library notes about
 * them: else 431.  It clears all of them behind each answer, so that no more
 * are cheap than the caches hold of a few dozen connections.
 */
#define HTTP_HEAD_MEMORY 16384
#define HTTP_FIELDS_MAX 64	/* header fields of a request: else 431 */
#define HTTP_SEGMENTS_MAX 16	/* parts of a path: else 404 */
#define HTTP_PARAMS_MAX 64	/* parameters of a query: else 400 */
#define HTTP_CONNECTIONS 10000	/* at a time, if not told otherwise */
#define HTTP_PER_ADDRESS 64	/* of these from one address, likewise */
#define HTTP_RATE 100		/* requests a second of one address, likewise */
#define HTTP_BURST 400		/* of these at once, likewise */
#define HTTP_IDLE_SECONDS 15	/* without a byte either way */
#define HTTP_HEAD_SECONDS 20	/* from the last answer to a whole head */
#define HTTP_ANSWER_SECONDS 300 /* from there to the answer's last byte */
#define HTTP_STOP_SECONDS 30	/* that a stop waits for answers under way */
#define HTTP_THREADS_MAX 16
#define HTTP_STACK 262144 /* bytes a thread */

#endif
