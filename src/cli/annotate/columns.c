/* SPDX-License-Identifier: ISC */
#include "cli/annotate/columns.h"

#include "cli/annotate/processor.h"
#include "cli/annotate/wide.h"
#include "base/banned.h"

static inline uint32_t port_at(
    const char *text, const struct columns *c, size_t n)
{
	return fields_port(text + c->begins[n], c->ends[n] - c->begins[n]);
}

static inline enum protocol protocol_at(
    const char *text, const struct columns *c, size_t n, enum protocol assumed)
{
	return fields_protocol(
	    text + c->begins[n], c->ends[n] - c->begins[n], assumed);
}

static void ports_plain(
    const char *text, const struct columns *column, size_t count, uint32_t *ret)
{
	for (size_t n = 0; n < count; n++)
		ret[n] = port_at(text, column, n);
}

static void protocols_plain(const char *text, const struct columns *column,
    size_t count, enum protocol assumed, enum protocol *ret)
{
	for (size_t n = 0; n < count; n++)
		ret[n] = protocol_at(text, column, n, assumed);
}

static const struct columns_kind plain = {ports_plain, protocols_plain};

#if defined(__x86_64__)
/*
 * Eight fields, as fields_port does it; returns which of them are none of one
 * to five digits, of which nothing is told.
 */
WIDE static unsigned eight_ports(
    const char *text, const uint32_t *begins, const uint32_t *ends, void *ret)
{
	__m256i begin = _mm256_loadu_si256((const void *)begins);
	__m256i end = _mm256_loadu_si256((const void *)ends);
	__m256i len = _mm256_sub_epi32(end, begin);
	__m512i shift = _mm512_sub_epi64(_mm512_set1_epi64(64),
	    _mm512_slli_epi64(_mm512_cvtepu32_epi64(len), 3));
	/* The last digit is the highest byte, zeros stand before the first. */
	__m512i digits = _mm512_and_si512(
	    _mm512_xor_si512(_mm512_i32gather_epi64(end, text - 8, 1),
		_mm512_set1_epi8('0')),
	    _mm512_sllv_epi64(_mm512_set1_epi64(-1), shift));
	__m512i above = _mm512_subs_epu8(digits, _mm512_set1_epi8(9));
	unsigned odd =
	    _mm512_test_epi64_mask(above, above) |
	    _mm256_cmpgt_epu32_mask(_mm256_sub_epi32(len, _mm256_set1_epi32(1)),
		_mm256_set1_epi32(4));
	__m512i twos = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(0x010a));
	__m512i fours = _mm512_madd_epi16(twos, _mm512_set1_epi32(0x00010064));
	__m512i port =
	    _mm512_add_epi64(_mm512_mul_epu32(fours, _mm512_set1_epi64(10000)),
		_mm512_srli_epi64(fours, 32));
	__m256i all = _mm512_cvtepi64_epi32(port);

	_mm256_storeu_si256(ret,
	    _mm256_mask_mov_epi32(all,
		_mm256_cmpgt_epu32_mask(all, _mm256_set1_epi32(UINT16_MAX)),
		_mm256_set1_epi32((int)FIELDS_NO_PORT)));
	return odd;
}

WIDE static void ports_wide(
    const char *text, const struct columns *column, size_t count, uint32_t *ret)
{
	size_t n = 0;

	for (; count - n >= 8; n += 8) {
		unsigned odd = eight_ports(
		    text, &column->begins[n], &column->ends[n], &ret[n]);

		for (; odd != 0; odd &= odd - 1) {
			size_t i = n + (size_t)__builtin_ctz(odd);

			ret[i] = port_at(text, column, i);
		}
	}
	for (; n < count; n++)
		ret[n] = port_at(text, column, n);
}

/* Every other number of two sixteens. */
WIDE static __m512i every_other(const uint32_t *from, int first)
{
	__m512i places = _mm512_add_epi32(
	    _mm512_set1_epi32(first), _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12,
					  14, 16, 18, 20, 22, 24, 26, 28, 30));

	return _mm512_permutex2var_epi32(
	    _mm512_loadu_si512(from), places, _mm512_loadu_si512(from + 16));
}

WIDE static void protocols_wide(const char *text, const struct columns *column,
    size_t count, enum protocol assumed, enum protocol *ret)
{
	const __m512i words = every_other(&fields_words[0].word, 0);
	const __m512i protocols = every_other(&fields_words[0].word, 1);
	const __m512i ones = _mm512_set1_epi32(1);
	size_t n = 0;

	for (; count - n >= 16; n += 16) {
		__m512i begin = _mm512_loadu_si512(&column->begins[n]);
		__m512i len = _mm512_sub_epi32(
		    _mm512_loadu_si512(&column->ends[n]), begin);
		__m512i bits = _mm512_slli_epi32(len, 3);
		__m512i word =
		    _mm512_and_si512(_mm512_i32gather_epi32(begin, text, 1),
			_mm512_srlv_epi32(_mm512_set1_epi32(-1),
			    _mm512_sub_epi32(_mm512_set1_epi32(32), bits)));
		__m512i place = _mm512_srli_epi32(
		    _mm512_mullo_epi32(
			word, _mm512_set1_epi32((int)FIELDS_WORD_FACTOR)),
		    28);
		/* A NUL at the end would vanish in the number. */
		__m512i last = _mm512_srlv_epi32(
		    word, _mm512_sub_epi32(bits, _mm512_set1_epi32(8)));
		unsigned known =
		    _mm512_cmpeq_epi32_mask(
			word, _mm512_permutexvar_epi32(place, words)) &
		    _mm512_test_epi32_mask(last, last) &
		    _mm512_cmplt_epu32_mask(
			_mm512_sub_epi32(len, ones), _mm512_set1_epi32(4));

		_mm512_storeu_si512(
		    &ret[n], _mm512_permutexvar_epi32(place, protocols));
		for (unsigned odd = known ^ UINT16_MAX; odd != 0;
		     odd &= odd - 1) {
			size_t i = n + (size_t)__builtin_ctz(odd);

			ret[i] = protocol_at(text, column, i, assumed);
		}
	}
	for (; n < count; n++)
		ret[n] = protocol_at(text, column, n, assumed);
}

_Static_assert(sizeof(enum protocol) == sizeof(uint32_t), "as it is stored");

static const struct columns_kind wide = {ports_wide, protocols_wide};
#endif

const struct columns_kind *columns_nth(size_t n, bool *runs, const char **name)
{
	*runs = true;
#if defined(__x86_64__)
	if (n == 0) {
		*name = "avx512";
		*runs = processor_has_avx512();
		return &wide;
	}
	n--;
#endif
	*name = "plain";
	return n == 0 ? &plain : NULL;
}

const struct columns_kind *columns_best(void)
{
	const char *name;
	bool runs;

	for (size_t n = 0;; n++) {
		const struct columns_kind *kind = columns_nth(n, &runs, &name);

		if (runs)
			return kind;
	}
}
