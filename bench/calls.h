/* SPDX-License-Identifier: ISC */
/*
 * Two shared libraries whose calls are measured beside each other; gperf's
 * table is a third.  Without that the compiler would merge a lookup with the
 * loop around it.
 */
#ifndef BENCH_CALLS_H
#define BENCH_CALLS_H

#include <stdint.h>

#include "image/image.h"

#define CALLS_API __attribute__((visibility("default")))

/* An array of 65,536 numbers. */
CALLS_API void calls_array_set(uint16_t port, uint32_t value);
CALLS_API uint32_t calls_array_get(uint16_t port);

/* The first row of a port, of all transports or of tcp; IMAGE_NONE if none. */
CALLS_API uint32_t calls_first(const struct image *image, uint16_t port);
CALLS_API uint32_t calls_first_tcp(const struct image *image, uint16_t port);

/* All row numbers of a port, added up. */
CALLS_API uint32_t calls_sum(const struct image *image, uint16_t port);

/* A name; the number of rows that have it. */
CALLS_API uint32_t calls_name_rows(
    const struct image *image, const char *name, size_t len);

#endif
