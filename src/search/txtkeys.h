/* SPDX-License-Identifier: ISC */
/*
 * The keys of TXT records (RFC 6763 section 6) that assignment notes define.
 * The notes are prose; what they have in common is
 *
 *	keys	  = "Defined TXT keys" [":"] (none / list)
 *	none	  = "None" ["."]
 *	list	  = item *((newline / "," / ";") item)
 *	item	  = key / key "(" meaning ")" / pair *(blank pair)
 *	pair	  = key *blank "=" value
 *	value	  = "<" meaning ">" [remark] / any text
 *	key	  = 1*24(letter / digit / any of " _.+*?-"), no more than three
 *words
 *
 * with blanks anywhere.  A list of words with nothing but blanks between them
 * is one if there is a single word, or the first is txtvers.  What is of
 * another form is not guessed at: it is told as it stands.
 */
#ifndef SEARCH_TXTKEYS_H
#define SEARCH_TXTKEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

#define TXTKEYS_MAX 32

enum txtkeys_kind {
	TXTKEYS_ABSENT, /* the notes do not speak of keys */
	TXTKEYS_NONE,	/* they say that there are none */
	TXTKEYS_LIST,	/* keys, in their order */
	TXTKEYS_TEXT,	/* something else */
};

struct txtkey {
	struct span key;
	struct span value; /* what it stands for, or empty */
};

/* All spans are borrowed from the notes. */
struct txtkeys {
	enum txtkeys_kind kind;
	struct txtkey at[TXTKEYS_MAX];
	size_t count;
	struct span text; /* behind "Defined TXT keys:", of any kind */
};

/* Reads notes, as plain text (terms/rich.h). */
void txtkeys_parse(struct span notes, struct txtkeys *ret);

#endif
