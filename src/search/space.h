/* SPDX-License-Identifier: ISC */
/*
 * The whole port space at once: the state of each of its 65,536 ports, for
 * one transport or for all together, at any version.
 */
#ifndef SEARCH_SPACE_H
#define SEARCH_SPACE_H

#include "image/image.h"
#include "terms/port.h"
#include "terms/state.h"

/* Blocks of the map. */
#define SPACE_BLOCK 256U
#define SPACE_BLOCK_COUNT (PORT_COUNT / SPACE_BLOCK)

#define SPACE_WEIGHTS 8U /* of a range: image_row_weight */

struct space {
	uint8_t state[PORT_COUNT]; /* enum state */

	/* Scratch for versions of the past. */
	uint8_t single[PORT_COUNT]; /* the weight of the strongest */
	uint32_t ranges[SPACE_WEIGHTS][PORT_COUNT + 1];
};

/*
 * Fills ret->state.  For PROTOCOL_NONE a port is what it is for the transport
 * where it is most: assigned, reserved, unassigned, not listed.  version is
 * below image->version_count.  ret is large (2 MB) and the caller's.
 */
void space_fill(const struct image *image, enum protocol protocol,
    uint32_t version, struct space *ret);

/* How many ports are in each state, by enum state. */
struct space_count {
	uint32_t of[STATE_ASSIGNED + 1];
};

/* Of the ports of a range. */
void space_count(const struct space *space, struct port_range range,
    struct space_count *ret);

#endif
