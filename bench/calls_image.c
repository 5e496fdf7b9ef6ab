/* SPDX-License-Identifier: ISC */
/* The image's lookups, in a library of their own. */
#include "calls.h"

uint32_t calls_first(const struct image *image, uint16_t port)
{
	return image_first_by_port(image, port, PROTOCOL_NONE);
}

uint32_t calls_first_tcp(const struct image *image, uint16_t port)
{
	return image_first_by_port(image, port, PROTOCOL_TCP);
}

uint32_t calls_sum(const struct image *image, uint16_t port)
{
	struct image_numbers rows = image_by_port(image, port, PROTOCOL_NONE);
	uint32_t sum = 0;

	for (size_t i = 0; i < rows.count; i++)
		sum += le32(rows.at[i]);
	return sum;
}

uint32_t calls_name_rows(
    const struct image *image, const char *name, size_t len)
{
	const struct image_name *found =
	    image_by_name(image, (struct span){name, len});

	return found != NULL ? le32(found->rows.count) : 0;
}
