/* SPDX-License-Identifier: ISC */
#include "cli/annotate/fields.h"

#include "base/ascii.h"
#include "terms/port.h"
#include "base/banned.h"

#define WORD(a, b, c, d)                                                       \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 |            \
	    (uint32_t)(d) << 24)

const struct fields_word fields_words[FIELDS_WORDS] = {
    {WORD('U', 'D', 'P', 0), PROTOCOL_UDP},
    {WORD('3', '3', 0, 0), PROTOCOL_DCCP},
    {WORD('d', 'c', 'c', 'p'), PROTOCOL_DCCP},
    {WORD('1', '7', 0, 0), PROTOCOL_UDP},
    {WORD('t', 'c', 'p', 0), PROTOCOL_TCP},
    {WORD('D', 'C', 'C', 'P'), PROTOCOL_DCCP},
    {UINT32_MAX, PROTOCOL_OTHER},
    {UINT32_MAX, PROTOCOL_OTHER},
    {WORD('T', 'C', 'P', 0), PROTOCOL_TCP},
    {WORD('6', 0, 0, 0), PROTOCOL_TCP},
    {WORD('1', '3', '2', 0), PROTOCOL_SCTP},
    {WORD('s', 'c', 't', 'p'), PROTOCOL_SCTP},
    {WORD('u', 'd', 'p', 0), PROTOCOL_UDP},
    {UINT32_MAX, PROTOCOL_OTHER},
    {WORD('S', 'C', 'T', 'P'), PROTOCOL_SCTP},
    {UINT32_MAX, PROTOCOL_OTHER},
};

static struct span strip(struct span field)
{
	if (field.len >= 2 && field.ptr[0] == '"' &&
	    field.ptr[field.len - 1] == '"')
		field = span_of(field.ptr + 1, field.len - 2);
	return span_trim(field);
}

uint32_t fields_odd_port(struct span field)
{
	uint64_t port;

	if (!ascii_u64(strip(field), PORT_COUNT - 1, &port))
		return FIELDS_NO_PORT;
	return (uint32_t)port;
}

enum protocol fields_odd_protocol(struct span field, enum protocol assumed)
{
	/* As IANA numbers them for the Internet Protocol. */
	static const struct {
		unsigned number;
		enum protocol protocol;
	} numbers[] = {
	    {6, PROTOCOL_TCP},
	    {17, PROTOCOL_UDP},
	    {33, PROTOCOL_DCCP},
	    {132, PROTOCOL_SCTP},
	};
	enum protocol ret = PROTOCOL_OTHER;
	uint64_t number;

	field = strip(field);
	if (field.len == 0 || span_eq(field, SPAN("-")))
		return assumed;
	if (!ascii_u64(field, UINT8_MAX, &number)) {
		if (protocol_parse(field, &ret))
			return ret;
		return PROTOCOL_OTHER;
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].number == number)
			return numbers[i].protocol;
	return PROTOCOL_OTHER;
}
