/* SPDX-License-Identifier: ISC */
/*
 * Where the bytes are that part a text: one bit a byte, 64 bytes a word.
 *
 *	text   t c p , 4 4 3 \n u d p , 5 3 \n
 *	lines  . . . . . . . 1  . . . . . . 1
 *	parts  . . . 1 . . . .  . . . 1 . . .
 *
 * Everything that walks over a text hops from bit to bit.
 */
#ifndef CLI_ANNOTATE_MARKS_H
#define CLI_ANNOTATE_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARKS_BLOCK 64U

/* Words that a text of len bytes takes, with one more behind it. */
#define MARKS_WORDS(len) ((len) / MARKS_BLOCK + 2)

struct marks {
	uint64_t *lines; /* newlines */
	uint64_t *parts; /* what parts fields */
	uint64_t *quotes;

	/* From marks_list: room for one a byte and MARKS_LIST_SLACK more. */
	uint32_t *places; /* of newlines and parts, rising */
	uint32_t *ends;	  /* for each line: which place is its newline */
};

#define MARKS_LIST_SLACK 64U

enum marks_mode {
	MARKS_PLAIN,  /* each part counts */
	MARKS_QUOTED, /* but within quotes */
	MARKS_RUNS,   /* the first of several, and none where a line begins */
};

/* What to look for beside newlines. */
struct marks_bytes {
	char part;
	char other; /* the quote; of MARKS_RUNS, a second one that parts */
	enum marks_mode mode;
	size_t start; /* of the first field, behind a byte order mark */
};

/*
 * Marks blocks * 64 bytes of text; quotes gets the places of bytes->other.
 * Returns whether there was any of these.
 */
typedef bool marks_fn(const char *text, size_t blocks,
    const struct marks_bytes *bytes, struct marks *ret);

/* The quickest that this processor has. */
marks_fn *marks_best(void);

/* Each of them, for tests: the n-th, or NULL; some may not run here. */
marks_fn *marks_nth(size_t n, bool *runs, const char **name);

/*
 * The same, and then as the mode wants it; nothing is marked in the word behind
 * the last.  text has room for the whole of the block that its last byte is in.
 * Returns whether a quote is open behind the last byte.
 */
bool marks_make(marks_fn *find, const char *text, size_t len,
    const struct marks_bytes *bytes, struct marks *marks);

/*
 * Lists marks from begin on, up to the word of the byte at end, as numbers;
 * returns how many lines there are.
 */
typedef size_t marks_list_fn(
    const struct marks *marks, size_t begin, size_t end);

marks_list_fn *marks_list_best(void);

/* Each of them, for tests. */
marks_list_fn *marks_list_nth(size_t n, bool *runs, const char **name);

/* Counts on behind what has been listed. */
struct listing {
	size_t places, lines;
};

/* The places of one word's marks, one after the other. */
static inline void list_word(const struct marks *m, uint64_t all,
    uint64_t lines, size_t base, struct listing *at)
{
	for (; all != 0; all &= all - 1) {
		if ((all & -all & lines) != 0)
			m->ends[at->lines++] = (uint32_t)at->places;
		m->places[at->places++] =
		    (uint32_t)(base + (size_t)__builtin_ctzll(all));
	}
}

/* The first mark at or behind at; there must be one. */
static inline size_t marks_next(const uint64_t *words, size_t at)
{
	size_t i = at / MARKS_BLOCK;
	uint64_t word = words[i] & (UINT64_MAX << at % MARKS_BLOCK);

	while (word == 0)
		word = words[++i];
	return i * MARKS_BLOCK + (size_t)__builtin_ctzll(word);
}

/* The place behind the last mark before len; 0 if there is none. */
size_t marks_last(const uint64_t *words, size_t len);

#endif
