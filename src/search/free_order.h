/* SPDX-License-Identifier: ISC */
/*
 * The order in which ports are looked at.  It depends on the seed and on near
 * alone, so a seed leads to the same ports on every machine.
 *
 *	h = FNV-1a of the seed's bytes, 64 bits
 *	F(r, x) = top eight bits of mix(h + (256 r + x + 1) * 2^64 / golden)
 *
 * where mix is the last step of splitmix64.  Without near, the i-th port, from
 * 0, comes of i = 256 L + R by four rounds, r from 0, of
 *
 *	L, R = R, L xor F(r, R)
 *
 * as 256 L + R.  With near, it is near itself, then the two at a distance of
 * 1, of 2 and so on; of those at distance d the lower comes first if F(d / 256
 * modulo 4, d modulo 256) is even.
 */
#ifndef SEARCH_FREE_ORDER_H
#define SEARCH_FREE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "terms/free.h"

#define FREE_ROUNDS 4

struct free_order {
	bool has_near;
	uint16_t near;
	uint32_t at; /* the next one */
	uint8_t rounds[FREE_ROUNDS][256];
};

void free_order_init(struct free_order *ret, const struct free_ask *ask);

/* Begins anew. */
static inline void free_order_rewind(struct free_order *order)
{
	order->at = 0;
}

/* The next port; false behind the last of all 65,536. */
bool free_order_next(struct free_order *order, uint16_t *ret);

#endif
