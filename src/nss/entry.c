/* SPDX-License-Identifier: ISC */
/*
 * The buffer, from the first address in it that a pointer may have:
 *
 *	alias 0 | ... | NULL | name \0 | protocol \0 | alias 0 \0 | ...
 *
 * Texts are copied, since the image may be gone before they are read.
 */
#include "nss/entry.h"

#include <arpa/inet.h>

#include "base/banned.h"

static char *put(char **at, struct span text)
{
	char *start = *at;

	memcpy(start, text.ptr, text.len);
	start[text.len] = '\0';
	*at += text.len + 1;
	return start;
}

bool entry_fill(
    const struct line *line, struct servent *ret, char *buffer, size_t len)
{
	struct span protocol = protocol_name(line->protocol);
	size_t padding = -(uintptr_t)buffer % _Alignof(char *);
	size_t pointers = (line->alias_count + 1) * sizeof(char *);
	size_t need = padding + pointers + line->name.len + protocol.len + 2;
	char **aliases, *at;

	for (size_t i = 0; i < line->alias_count; i++)
		need += line->aliases[i].len + 1;
	if (len < need)
		return false;
	aliases = (char **)(void *)(buffer + padding);
	at = buffer + padding + pointers;
	ret->s_name = put(&at, line->name);
	ret->s_proto = put(&at, protocol);
	for (size_t i = 0; i < line->alias_count; i++)
		aliases[i] = put(&at, line->aliases[i]);
	aliases[line->alias_count] = NULL;
	ret->s_aliases = aliases;
	ret->s_port = htons(line->port);
	return true;
}
