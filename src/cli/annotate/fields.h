/* SPDX-License-Identifier: ISC */
/* Ports and protocols as flow logs write them. */
#ifndef CLI_ANNOTATE_FIELDS_H
#define CLI_ANNOTATE_FIELDS_H

#include <stdint.h>

#include "base/le.h"
#include "base/span.h"
#include "terms/protocol.h"

/* Beyond every table of ports, and small enough to be added to. */
#define FIELDS_NO_PORT (UINT32_C(1) << 24)

/*
 * A field with blanks around it, or within quotes, or with zeros before it.
 * A protocol may be a name or a number; empty and "-" are assumed.  Anything
 * else has no port and is PROTOCOL_OTHER.
 */
uint32_t fields_odd_port(struct span field);
enum protocol fields_odd_protocol(struct span field, enum protocol assumed);

/*
 * The same for any field.  Eight bytes before it and behind its first must be
 * there to be read; what they are does not matter.
 */
static inline uint32_t fields_port(const char *field, size_t len)
{
	const uint64_t zeros = UINT64_C(0x3030303030303030);
	uint64_t word, digits, above;

	if (len - 1 >= 5)
		return fields_odd_port((struct span){field, len});
	/* The last digit is the highest byte, zeros stand before the first. */
	word = le_u64((const uint8_t *)field + len - 8);
	word = (word ^ zeros) & UINT64_MAX << (64 - 8 * len);
	above = word + UINT64_C(0x7676767676767676);
	if (((above | word) & UINT64_C(0x8080808080808080)) != 0)
		return fields_odd_port((struct span){field, len});
	digits = word * 10 + (word >> 8);
	digits = ((digits & UINT64_C(0x000000ff000000ff)) *
			 UINT64_C(0x000f424000000064) +
		     (digits >> 16 & UINT64_C(0x000000ff000000ff)) *
			 UINT64_C(0x0000271000000001)) >>
		 32;
	digits &= UINT32_MAX;
	return digits <= UINT16_MAX ? (uint32_t)digits : FIELDS_NO_PORT;
}

/*
 * Protocols as they are mostly written, up to four bytes as a number, the
 * first lowest; each where fields_word_place has it.
 */
struct fields_word {
	uint32_t word;
	uint32_t protocol;
};

#define FIELDS_WORDS 16U
#define FIELDS_WORD_FACTOR UINT32_C(0x7e0502c9)

extern const struct fields_word fields_words[FIELDS_WORDS];

/* Any factor does that has each of them in a place of its own. */
static inline unsigned fields_word_place(uint32_t word)
{
	return (word * FIELDS_WORD_FACTOR) >> 28;
}

/* Chance decides between TCP and UDP, so no branch does. */
static inline enum protocol fields_protocol(
    const char *field, size_t len, enum protocol assumed)
{
	const struct fields_word *known;
	uint32_t word;

	if (len - 1 >= 4)
		return fields_odd_protocol(span_of(field, len), assumed);
	word = le_u32(field) & UINT32_MAX >> (32 - 8 * len);
	known = &fields_words[fields_word_place(word)];
	/* A NUL at the end would vanish in the number. */
	if (known->word == word && field[len - 1] != '\0')
		return (enum protocol)known->protocol;
	return fields_odd_protocol((struct span){field, len}, assumed);
}

#endif
