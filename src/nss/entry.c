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
	memcpy(name, line->words, line->len);
	point(ret->s_aliases, line->alias_count, name + line->name_len + 1,
	    name + line->len);
	ret->s_proto = at;
	ret->s_name = name;
	ret->s_port = htons(line->port);
	return true;
}
