/* SPDX-License-Identifier: ISC */
#include "cli/annotate/split.h"

#include "cli/annotate/processor.h"
#include "cli/annotate/wide.h"
#include "base/banned.h"

#if defined(__x86_64__)
WIDE static size_t split_wide(const char *text, size_t begin, size_t end,
    const struct marks_bytes *bytes, const struct marks *marks)
{
	const __m512i numbers = wide_numbers();
	const __m512i newline = _mm512_set1_epi8('\n');
	const __m512i part = _mm512_set1_epi8(bytes->part);
	const __m512i other = _mm512_set1_epi8(bytes->other);
	const struct marks m = *marks;
	uint64_t runs = bytes->mode == MARKS_RUNS ? UINT64_MAX : 0;
	uint64_t keep = UINT64_MAX << begin % MARKS_BLOCK;
	uint64_t before = 1; /* the start is as behind a newline */
	struct listing at = {0, 0};

	for (size_t i = begin / MARKS_BLOCK; i <= end / MARKS_BLOCK; i++) {
		__m512i in = _mm512_loadu_si512(text + i * MARKS_BLOCK);
		uint64_t lines = _mm512_cmpeq_epi8_mask(in, newline);
		uint64_t parts = _mm512_cmpeq_epi8_mask(in, part) |
				 (_mm512_cmpeq_epi8_mask(in, other) & runs);
		uint64_t all = lines | parts;

		parts &= ~((all << 1 | before) & runs);
		before = all >> 63;
		lines &= keep;
		all = lines | (parts & keep);
		keep = UINT64_MAX;
		if (!wide_list(&m, numbers, all, lines, i * MARKS_BLOCK, &at))
			list_word(&m, all, lines, i * MARKS_BLOCK, &at);
	}
	return at.lines;
}
#endif

split_fn *split_best(void)
{
#if defined(__x86_64__)
	if (processor_has_avx512())
		return split_wide;
#endif
	return NULL;
}
