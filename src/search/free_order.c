/* SPDX-License-Identifier: ISC */
#include "search/free_order.h"

#include "base/banned.h"

#define GOLDEN UINT64_C(0x9e3779b97f4a7c15) /* 2^64 / golden ratio, odd */

static uint64_t fnv(struct span text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.len; i++) {
		hash ^= (uint8_t)text.ptr[i];
		hash *= UINT64_C(0x100000001b3);
	}
	return hash;
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

void free_order_init(struct free_order *ret, const struct free_ask *ask)
{
	uint64_t state = fnv(ask->seed);

	ret->has_near = ask->has_near;
	ret->near = ask->near;
	ret->at = 0;
	for (unsigned r = 0; r < FREE_ROUNDS; r++)
		for (unsigned x = 0; x < 256; x++) {
			state += GOLDEN;
			ret->rounds[r][x] = (uint8_t)(mix(state) >> 56);
		}
}

static uint16_t shuffled(const struct free_order *order, uint32_t i)
{
	uint8_t left = (uint8_t)(i >> 8), right = (uint8_t)i;

	for (unsigned r = 0; r < FREE_ROUNDS; r++) {
		uint8_t next = left ^ order->rounds[r][right];

		left = right;
		right = next;
	}
	return (uint16_t)(left << 8 | right);
}

/* The i-th place around near, which may be no port. */
static int32_t around(const struct free_order *order, uint32_t i)
{
	int32_t distance = (int32_t)((i + 1) / 2);
	bool second = i % 2 == 0;
	bool above =
	    (order->rounds[distance / 256 % FREE_ROUNDS][distance % 256] & 1) !=
	    0;

	if (above != second)
		return order->near + distance;
	return order->near - distance;
}

bool free_order_next(struct free_order *order, uint16_t *ret)
{
	if (!order->has_near) {
		if (order->at == PORT_COUNT)
			return false;
		*ret = shuffled(order, order->at++);
		return true;
	}
	while (order->at < 2 * PORT_COUNT) {
		int32_t port = around(order, order->at++);

		if (port >= 0 && port < (int32_t)PORT_COUNT) {
			*ret = (uint16_t)port;
			return true;
		}
	}
	return false;
}
