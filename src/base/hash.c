/* SPDX-License-Identifier: ISC */
#include "base/hash.h"

#include <string.h>

#include "base/le.h"
#include "base/banned.h"

#define K0 UINT64_C(0x9e3779b97f4a7c15)
#define K1 UINT64_C(0xd1b54a32d192ed03)

uint64_t hash_bytes(const void *ptr, size_t len, uint64_t seed)
{
	const uint8_t *p = ptr;
	uint64_t h = seed ^ hash_mix((uint64_t)len ^ K0, K1);
	uint8_t last[16] = {0};

	while (len > 16) {
		h = hash_mix(le_u64(p) ^ h, le_u64(p + 8) ^ K1);
		p += 16;
		len -= 16;
	}
	memcpy(last, p, len);
	h = hash_mix(le_u64(last) ^ h, le_u64(last + 8) ^ K1);
	return hash_mix(h ^ K0, K1);
}
