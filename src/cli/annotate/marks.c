/* SPDX-License-Identifier: ISC */
/*
 * One function looks at 64 bytes at a time for three bytes, once for each kind
 * of processor: 32 bytes an instruction, 16, or eight in a plain word.
 */
#include "cli/annotate/marks.h"

#include <string.h>

#include "cli/annotate/processor.h"
#include "cli/annotate/wide.h"
#include "base/banned.h"

#define LOW UINT64_C(0x0101010101010101)
#define HIGH (LOW << 7)

/* One bit a byte of word that equals c, the first byte's lowest. */
static uint64_t bits_of_word(uint64_t word, uint64_t c)
{
	uint64_t other = word ^ c * LOW;
	uint64_t any = ((other & ~HIGH) + ~HIGH) | other;

	return (~any & HIGH) / 128 * UINT64_C(0x0102040810204080) >> 56;
}

static uint64_t load_little(const char *text)
{
	uint64_t word = 0;

	for (unsigned i = 0; i < 8; i++)
		word |= (uint64_t)(uint8_t)text[i] << 8 * i;
	return word;
}

static bool find_plain(const char *text, size_t blocks,
    const struct marks_bytes *bytes, struct marks *ret)
{
	uint64_t any = 0;

	for (size_t i = 0; i < blocks; i++) {
		uint64_t lines = 0, parts = 0, others = 0;

		for (unsigned k = 0; k < 8; k++) {
			uint64_t word = load_little(text + i * 64 + 8 * k);

			lines |= bits_of_word(word, '\n') << 8 * k;
			parts |= bits_of_word(word, (uint8_t)bytes->part)
				 << 8 * k;
			others |= bits_of_word(word, (uint8_t)bytes->other)
				  << 8 * k;
		}
		ret->lines[i] = lines;
		ret->parts[i] = parts;
		ret->quotes[i] = others;
		any |= others;
	}
	return any != 0;
}

#if defined(__x86_64__)
static uint64_t bits_sse2(const __m128i *in, __m128i c)
{
	uint64_t bits = 0;

	for (unsigned k = 0; k < 4; k++)
		bits |= (uint64_t)(unsigned)_mm_movemask_epi8(
			    _mm_cmpeq_epi8(in[k], c))
			<< 16 * k;
	return bits;
}

static bool find_sse2(const char *text, size_t blocks,
    const struct marks_bytes *bytes, struct marks *ret)
{
	const __m128i line = _mm_set1_epi8('\n');
	const __m128i part = _mm_set1_epi8(bytes->part);
	const __m128i other = _mm_set1_epi8(bytes->other);
	uint64_t any = 0;

	for (size_t i = 0; i < blocks; i++) {
		__m128i in[4];

		for (unsigned k = 0; k < 4; k++)
			in[k] = _mm_loadu_si128(
			    (const __m128i *)(const void *)(text + i * 64 +
							    16 * k));
		ret->lines[i] = bits_sse2(in, line);
		ret->parts[i] = bits_sse2(in, part);
		ret->quotes[i] = bits_sse2(in, other);
		any |= ret->quotes[i];
	}
	return any != 0;
}

__attribute__((target("avx2"))) static uint64_t bits_avx2(
    __m256i a, __m256i b, __m256i c)
{
	uint64_t low = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, c));
	uint64_t high = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, c));

	return low | high << 32;
}

__attribute__((target("avx2"))) static bool find_avx2(const char *text,
    size_t blocks, const struct marks_bytes *bytes, struct marks *ret)
{
	const __m256i line = _mm256_set1_epi8('\n');
	const __m256i part = _mm256_set1_epi8(bytes->part);
	const __m256i other = _mm256_set1_epi8(bytes->other);
	uint64_t any = 0;

	for (size_t i = 0; i < blocks; i++) {
		const __m256i *at = (const void *)(text + i * 64);
		__m256i a = _mm256_loadu_si256(at);
		__m256i b = _mm256_loadu_si256(at + 1);
		uint64_t others = bits_avx2(a, b, other);

		ret->lines[i] = bits_avx2(a, b, line);
		ret->parts[i] = bits_avx2(a, b, part);
		ret->quotes[i] = others;
		any |= others;
	}
	return any != 0;
}

WIDE static bool find_wide(const char *text, size_t blocks,
    const struct marks_bytes *bytes, struct marks *ret)
{
	const __m512i line = _mm512_set1_epi8('\n');
	const __m512i part = _mm512_set1_epi8(bytes->part);
	const __m512i other = _mm512_set1_epi8(bytes->other);
	uint64_t any = 0;

	for (size_t i = 0; i < blocks; i++) {
		__m512i in = _mm512_loadu_si512(text + i * 64);
		uint64_t others = _mm512_cmpeq_epi8_mask(in, other);

		ret->lines[i] = _mm512_cmpeq_epi8_mask(in, line);
		ret->parts[i] = _mm512_cmpeq_epi8_mask(in, part);
		ret->quotes[i] = others;
		any |= others;
	}
	return any != 0;
}
#endif

marks_fn *marks_nth(size_t n, bool *runs, const char **name)
{
	*runs = true;
#if defined(__x86_64__)
	if (n == 0) {
		*name = "avx512";
		*runs = processor_has_avx512();
		return find_wide;
	}
	if (n == 1) {
		*name = "avx2";
		*runs = processor_has_avx2();
		return find_avx2;
	}
	if (n == 2) {
		*name = "sse2";
		return find_sse2;
	}
	n -= 3;
#endif
	*name = "plain";
	return n == 0 ? find_plain : NULL;
}

marks_fn *marks_best(void)
{
	const char *name;
	bool runs;

	for (size_t n = 0;; n++) {
		marks_fn *fn = marks_nth(n, &runs, &name);

		if (runs)
			return fn;
	}
}

/*
 * A quote opens where a field begins and nowhere else, two of them within
 * quotes are one, and what follows the closing one belongs to the field, as
 * programs that read CSV have it.
 */
static bool leave_out_quoted(
    const char *text, size_t len, size_t field, struct marks *m)
{
	size_t blocks = (len + MARKS_BLOCK - 1) / MARKS_BLOCK;
	size_t skip = SIZE_MAX;
	bool within = false;

	for (size_t i = 0; i < blocks; i++) {
		uint64_t rest = m->lines[i] | m->parts[i] | m->quotes[i];

		for (; rest != 0; rest &= rest - 1) {
			uint64_t bit = rest & -rest;
			size_t at = i * 64 + (size_t)__builtin_ctzll(rest);

			if (at == skip || at >= len)
				continue;
			if ((m->quotes[i] & bit) == 0) {
				if (!within)
					field = at + 1;
				m->lines[i] &= within ? ~bit : UINT64_MAX;
				m->parts[i] &= within ? ~bit : UINT64_MAX;
			} else if (!within) {
				within = at == field;
			} else if (at + 1 < len && text[at + 1] == '"') {
				skip = at + 1;
			} else {
				within = false;
			}
		}
	}
	return within;
}

static void keep_first_of_runs(size_t blocks, struct marks *m)
{
	uint64_t before = 1; /* the start is as behind a newline */

	for (size_t i = 0; i < blocks; i++) {
		uint64_t parts = m->parts[i] | m->quotes[i];
		uint64_t all = parts | m->lines[i];

		m->parts[i] = parts & ~(all << 1 | before);
		before = all >> 63;
	}
}

bool marks_make(marks_fn *find, const char *text, size_t len,
    const struct marks_bytes *bytes, struct marks *marks)
{
	size_t blocks = (len + MARKS_BLOCK - 1) / MARKS_BLOCK;
	bool any = find(text, blocks, bytes, marks);
	uint64_t tail = len % MARKS_BLOCK;

	marks->lines[blocks] = 0;
	marks->parts[blocks] = 0;
	marks->quotes[blocks] = 0;
	if (tail != 0) {
		uint64_t keep = (UINT64_C(1) << tail) - 1;

		marks->lines[blocks - 1] &= keep;
		marks->parts[blocks - 1] &= keep;
		marks->quotes[blocks - 1] &= keep;
	}
	if (bytes->mode == MARKS_RUNS)
		keep_first_of_runs(blocks, marks);
	else if (bytes->mode == MARKS_QUOTED && any)
		return leave_out_quoted(text, len, bytes->start, marks);
	return false;
}

static size_t list_plain(const struct marks *m, size_t begin, size_t end)
{
	uint64_t keep = UINT64_MAX << begin % MARKS_BLOCK;
	struct listing at = {0, 0};

	for (size_t i = begin / MARKS_BLOCK; i <= end / MARKS_BLOCK; i++) {
		uint64_t lines = m->lines[i] & keep;

		list_word(m, lines | (m->parts[i] & keep), lines,
		    i * MARKS_BLOCK, &at);
		keep = UINT64_MAX;
	}
	return at.lines;
}

#if defined(__x86_64__)
#define LIST_AT_ONCE 12U
#define LIST_TARGET __attribute__((target("avx2,bmi,popcnt")))

/*
 * The same without asking how many there are, which no processor foresees:
 * as many as a word of flow lines mostly has are written in any case, and
 * what is too much is overwritten by the next word.
 */
LIST_TARGET static void list_word_bmi(const struct marks *m, uint64_t all,
    uint64_t lines, size_t base, struct listing *at)
{
	uint32_t *places = m->places + at->places, *ends = m->ends + at->lines;
	uint64_t rest = all, second = _blsr_u64(lines);

#pragma GCC unroll 12
	for (unsigned k = 0; k < LIST_AT_ONCE; k++) {
		places[k] = (uint32_t)(base + _tzcnt_u64(rest));
		rest = _blsr_u64(rest);
	}
	if (rest != 0 || _blsr_u64(second) != 0) {
		list_word(m, all, lines, base, at);
		return;
	}
	ends[0] = (uint32_t)(at->places + (size_t)_mm_popcnt_u64(
					      all & (_blsi_u64(lines) - 1)));
	ends[1] = (uint32_t)(at->places + (size_t)_mm_popcnt_u64(
					      all & (_blsi_u64(second) - 1)));
	at->places += (size_t)_mm_popcnt_u64(all);
	at->lines += (size_t)_mm_popcnt_u64(lines);
}

LIST_TARGET static size_t list_bmi(
    const struct marks *m, size_t begin, size_t end)
{
	uint64_t keep = UINT64_MAX << begin % MARKS_BLOCK;
	struct listing at = {0, 0};

	for (size_t i = begin / MARKS_BLOCK; i <= end / MARKS_BLOCK; i++) {
		uint64_t lines = m->lines[i] & keep;

		list_word_bmi(m, lines | (m->parts[i] & keep), lines,
		    i * MARKS_BLOCK, &at);
		keep = UINT64_MAX;
	}
	return at.lines;
}

WIDE static size_t list_wide(const struct marks *m, size_t begin, size_t end)
{
	const __m512i numbers = wide_numbers();
	uint64_t keep = UINT64_MAX << begin % MARKS_BLOCK;
	struct listing at = {0, 0};

	for (size_t i = begin / MARKS_BLOCK; i <= end / MARKS_BLOCK; i++) {
		uint64_t lines = m->lines[i] & keep;
		uint64_t all = lines | (m->parts[i] & keep);

		keep = UINT64_MAX;
		if (!wide_list(m, numbers, all, lines, i * MARKS_BLOCK, &at))
			list_word(m, all, lines, i * MARKS_BLOCK, &at);
	}
	return at.lines;
}
#endif

marks_list_fn *marks_list_nth(size_t n, bool *runs, const char **name)
{
	*runs = true;
#if defined(__x86_64__)
	if (n == 0) {
		*name = "avx512";
		*runs = processor_has_avx512();
		return list_wide;
	}
	n--;
	if (n == 0) {
		*name = "bmi";
		*runs = processor_has_avx2();
		return list_bmi;
	}
	n--;
#endif
	*name = "plain";
	return n == 0 ? list_plain : NULL;
}

marks_list_fn *marks_list_best(void)
{
	const char *name;
	bool runs;

	for (size_t n = 0;; n++) {
		marks_list_fn *fn = marks_list_nth(n, &runs, &name);

		if (runs)
			return fn;
	}
}

size_t marks_last(const uint64_t *words, size_t len)
{
	for (size_t i = (len + MARKS_BLOCK - 1) / MARKS_BLOCK; i > 0; i--)
		if (words[i - 1] != 0)
			return i * MARKS_BLOCK -
			       (size_t)__builtin_clzll(words[i - 1]);
	return 0;
}
