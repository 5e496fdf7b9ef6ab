/* SPDX-License-Identifier: ISC */
/* What several do with 64 bytes at a time, on processors that have AVX-512. */
#ifndef CLI_ANNOTATE_WIDE_H
#define CLI_ANNOTATE_WIDE_H

#if defined(__x86_64__)
#include <immintrin.h>

#include "cli/annotate/marks.h"

/* As processor_has_avx512 asks for it. */
#define WIDE __attribute__((target("avx512bw,avx512vl,avx512vbmi2,bmi,popcnt")))

/* 0, 1, 2 .. 63, in bytes. */
WIDE static inline __m512i wide_numbers(void)
{
	const __m128i tens =
	    _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

	return _mm512_add_epi8(_mm512_broadcast_i32x4(tens),
	    _mm512_set_epi64(0x3030303030303030, 0x3030303030303030,
		0x2020202020202020, 0x2020202020202020, 0x1010101010101010,
		0x1010101010101010, 0, 0));
}

/*
 * Lists the marks of a word: their places are brought together at once.  False
 * if there are too many for that, and nothing is done.
 */
WIDE static inline bool wide_list(const struct marks *m, __m512i numbers,
    uint64_t all, uint64_t lines, size_t base, struct listing *at)
{
	size_t count = (size_t)_mm_popcnt_u64(all);
	uint32_t *ends = m->ends + at->lines;
	uint64_t second = _blsr_u64(lines);
	__m128i places =
	    _mm512_castsi512_si128(_mm512_maskz_compress_epi8(all, numbers));

	if (count > 16 || _blsr_u64(second) != 0)
		return false;
	_mm512_storeu_si512(m->places + at->places,
	    _mm512_add_epi32(
		_mm512_cvtepu8_epi32(places), _mm512_set1_epi32((int)base)));
	ends[0] = (uint32_t)(at->places + (size_t)_mm_popcnt_u64(
					      all & (_blsi_u64(lines) - 1)));
	ends[1] = (uint32_t)(at->places + (size_t)_mm_popcnt_u64(
					      all & (_blsi_u64(second) - 1)));
	at->places += count;
	at->lines += (size_t)_mm_popcnt_u64(lines);
	return true;
}
#endif

#endif
