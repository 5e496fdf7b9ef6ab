/* SPDX-License-Identifier: ISC */
/* As the Fetch Standard has them in its review draft of June 2026. */
#include "terms/blocked.h"

#include "base/banned.h"

/* clang-format off */
const uint16_t port_blocked[] = {
	0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69,
	77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119,
	123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
	526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
	993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000,
	6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
};
/* clang-format on */

const size_t port_blocked_count =
    sizeof(port_blocked) / sizeof(port_blocked[0]);

bool port_is_blocked(uint16_t port)
{
	size_t low = 0, high = port_blocked_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (port_blocked[mid] == port)
			return true;
		if (port_blocked[mid] < port)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}
