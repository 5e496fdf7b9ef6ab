/* SPDX-License-Identifier: ISC */
/* The coding of texts and states. */
#include "base/hash.h"
#include "store/pieces.h"
#include "store/varint.h"
#include "base/banned.h"

uint64_t piece_sum(enum piece_kind kind, uint32_t number, struct span bytes)
{
	return hash_bytes(bytes.ptr, bytes.len, (uint64_t)kind << 32 | number);
}

bool piece_is_whole(
    enum piece_kind kind, const struct backend_piece *piece, size_t count)
{
	return piece->number == count &&
	       piece->sum == piece_sum(kind, piece->number, piece->bytes);
}

void state_encode(struct buf *b, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		varint_put(b, words[i]);
}

bool state_decode(struct span bytes, uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!varint_take_u32(&bytes, &words[i]))
			return false;
	return bytes.len == 0;
}

void state_terms_of(
    struct record *record, struct span number, struct span protocol)
{
	record->number = (struct port_range){0, 0};
	record->has_number = port_range_parse(number, &record->number);
	record->protocol = (uint8_t)protocol_of(protocol);
}

static bool all_below(const uint32_t *numbers, size_t count, size_t bound)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] >= bound)
			return false;
	return true;
}

bool state_to_record(
    struct span bytes, size_t text_count, struct record *ret, bool *told)
{
	uint32_t words[STATE_RECORD_WORDS];
	uint32_t terms, range;

	if (!state_decode(bytes, words, STATE_RECORD_WORDS) ||
	    !all_below(words, STATE_RECORD_TEXTS, text_count))
		return false;
	terms = words[STATE_TERMS];
	range = words[STATE_RANGE];
	*ret = (struct record){.residue = words[FIELD_COUNT]};
	memcpy(ret->text, words, sizeof(ret->text));
	*told = terms != 0;
	if (terms == 0)
		return range == 0;
	ret->has_number = (terms & 2) != 0;
	ret->protocol = (uint8_t)(terms >> 2);
	ret->number = (struct port_range){
	    (uint16_t)(range >> 16), (uint16_t)(range & 0xffff)};
	return (terms & 1) != 0 && terms >> 2 <= PROTOCOL_OTHER &&
	       ret->number.first <= ret->number.last;
}

bool state_to_person(struct span bytes, size_t text_count, struct person *ret)
{
	uint32_t words[STATE_PERSON_WORDS];

	if (!state_decode(bytes, words, STATE_PERSON_WORDS) ||
	    !all_below(words, STATE_PERSON_TEXTS, text_count))
		return false;
	*ret = (struct person){.residue = words[PERSON_FIELD_COUNT]};
	memcpy(ret->text, words, sizeof(ret->text));
	return true;
}
