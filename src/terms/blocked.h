/* SPDX-License-Identifier: ISC */
/* Ports that browsers do not connect to. */
#ifndef TERMS_BLOCKED_H
#define TERMS_BLOCKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether it is a "bad port" of the Fetch Standard, section "Port blocking". */
bool port_is_blocked(uint16_t port);

/* All of them, rising. */
extern const uint16_t port_blocked[];
extern const size_t port_blocked_count;

#endif
