/* SPDX-License-Identifier: ISC */
/*
 * Codings of content: which one a client takes, and making it.
 *
 * There is one level of each, so that the bytes of an answer do not depend on
 * who asked first: an ETag names them.
 */
#ifndef HTTP_CODING_H
#define HTTP_CODING_H

#include <pthread.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

enum http_coding { HTTP_IDENTITY, HTTP_GZIP, HTTP_ZSTD, HTTP_CODINGS };

/* All of them, as bits. */
#define CODINGS_ALL ((1U << HTTP_CODINGS) - 1)

struct coding_wish {
	enum http_coding best;
	bool never_plain; /* identity is refused, and best is another */
};

/*
 * What suits best who sent this as Accept-Encoding (RFC 9110 section 12.5.3),
 * out of a set of bits that has identity.  Where several are as welcome it is
 * the smallest; where none is, it is identity.  A part that cannot be read
 * counts for nothing, and "*" speaks of gzip and identity alone.
 */
struct coding_wish coding_wish(struct span accept, unsigned offered);

/* As Content-Encoding has it; "" for identity. */
const char *coding_name(enum http_coding coding);

struct coder;

/* What is needed to compress, kept for the next time; for any thread. */
struct coders {
	pthread_mutex_t lock; /* of the list */
	struct coder *idle;
};

void coders_init(struct coders *coders);
void coders_release(struct coders *coders);

/*
 * Makes out, which must be empty, the bytes in a coding other than identity:
 * 0, or PORTBOOK_ENOMEM, out then being empty.
 */
int coders_pack(struct coders *coders, enum http_coding coding,
    struct span bytes, struct buf *out);

#endif
