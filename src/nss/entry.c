/* SPDX-License-Identifier: ISC */
/*
 * The buffer, from the first address in it that a pointer may have:
 *
 *	alias 0 | ... | NULL | protocol \0 | name \0 | alias 0 \0 | ...
 *
 * Texts are copied, since the image may be gone before they are read.
 */
#include "nss/entry.h"

#include <arpa/inet.h>

#include "base/banned.h"

const struct entry_protocol entry_protocols[PROTOCOL_COUNT] = {
    [PROTOCOL_TCP] = {"tcp", 3},
    [PROTOCOL_UDP] = {"udp", 3},
    [PROTOCOL_SCTP] = {"sctp", 4},
    [PROTOCOL_DCCP] = {"dccp", 4},
};

/* Points at the words behind a name, of which no more than count. */
static void point(char **aliases, size_t count, char *word, const char *end)
{
	size_t i = 0;

	for (; i < count && word < end; i++) {
		aliases[i] = word;
		word += strlen(word) + 1; /* the last byte is a NUL */
	}
	aliases[i] = NULL;
}

/*
 * Texts are short, and the jump to a function of the C library is one that the
 * processor, back from the system, does not foresee.  What is copied last may
 * be copied twice.
 */
static inline void copy_words(char *to, const char *from, size_t len)
{
	if (len >= 8) {
		for (size_t i = 0; i + 8 <= len; i += 8)
			memcpy(to + i, from + i, 8);
		memcpy(to + len - 8, from + len - 8, 8);
	} else if (len >= 4) {
		memcpy(to, from, 4);
		memcpy(to + len - 4, from + len - 4, 4);
	} else if (len >= 2) {
		memcpy(to, from, 2);
		memcpy(to + len - 2, from + len - 2, 2);
	} else if (len > 0) {
		*to = *from;
	}
}

bool entry_fill(const struct image_line *line, struct servent *ret,
    char *buffer, size_t len)
{
	const struct entry_protocol *protocol =
	    &entry_protocols[line->protocol];
	size_t padding = -(uintptr_t)buffer % _Alignof(char *);
	size_t pointers = (line->alias_count + 1) * sizeof(char *);
	char *at, *name;

	if (len < padding + pointers + protocol->len + 1 + line->len)
		return false;
	ret->s_aliases = (char **)(void *)(buffer + padding);
	at = buffer + padding + pointers;
	name = at + protocol->len + 1;
	/* Of a short one this is a byte too much, where the name comes. */
	memcpy(at, protocol->name, sizeof(protocol->name));
	copy_words(name, line->words, line->len);
	point(ret->s_aliases, line->alias_count, name + line->name_len + 1,
	    name + line->len);
	ret->s_proto = at;
	ret->s_name = name;
	ret->s_port = htons(line->port);
	return true;
}
