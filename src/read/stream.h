/* SPDX-License-Identifier: ISC */
/*
 * The decompressed bytes of a source, from a file descriptor or from memory,
 * and their SHA-256.  Plain, gzip and zstd are told apart by their first
 * bytes.  The first failure sticks and is told by stream_finish.
 */
#ifndef READ_STREAM_H
#define READ_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>
#include <zlib.h>
#include <zstd.h>

#include "base/span.h"
#include "portbook/error.h"

enum stream_kind { STREAM_UNKNOWN, STREAM_PLAIN, STREAM_GZIP, STREAM_ZSTD };

struct stream {
	int fd;		  /* borrowed; -1 for memory */
	const char *name; /* borrowed; for errors */
	enum stream_kind kind;
	struct span input; /* read and not yet used */
	char *storage;	   /* owned: where input lies if from fd */
	bool input_ended;
	bool within;	    /* a member or frame has begun, not ended */
	bool ended;	    /* nothing more to give */
	uint64_t input_len; /* bytes taken from the source */
	uint64_t len;	    /* bytes given */
	uint64_t limit;	    /* of them */
	bool grows;	    /* compressed, to any share of them */
	z_stream gzip;
	bool has_gzip;
	ZSTD_DCtx *zstd; /* owned */
	struct sha256_ctx sha256;
	bool hash_held; /* what is read is not hashed: stream_hash will be */
	struct portbook_error err;
	int code; /* 0, or the failure that sticks */
};

/* fd and name are borrowed until stream_close. */
void stream_open_fd(struct stream *s, int fd, const char *name);

/* bytes and name are borrowed until stream_close. */
void stream_open_memory(struct stream *s, struct span bytes, const char *name);

/*
 * For one that is opened and not yet read: it is an archive of many files
 * that are nearly the same, so it may be longer, and may have been compressed
 * to any share of that.  It is not hashed.
 */
void stream_expect_archive(struct stream *s);

/* Frees what the stream owns; the descriptor stays open. */
void stream_close(struct stream *s);

/*
 * About how many bytes it will give in all; 0 if that cannot be told.  A
 * hint: the source may grow or shrink, or lie.
 */
uint64_t stream_expect(struct stream *s);

/*
 * Up to cap bytes to ptr.  Returns how many; fewer than cap, and 0, only at
 * the end and after a failure.
 */
size_t stream_read(struct stream *s, char *ptr, size_t cap);

/* Hashes what was read while hash_held, before anything else is read. */
void stream_hash(struct stream *s, struct span bytes);

/* 0 and the digest of all that was read, or the failure. */
int stream_finish(struct stream *s, uint8_t digest[SHA256_DIGEST_SIZE],
    struct portbook_error *err);

#endif
