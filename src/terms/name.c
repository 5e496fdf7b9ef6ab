/* SPDX-License-Identifier: ISC */
#include "terms/name.h"

#include "base/ascii.h"
#include "base/banned.h"

static bool is_word(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c);
}

/* RFC 6335 section 5: such words part no service from another. */
static bool is_redundant(struct span word)
{
	return span_eq_fold(word, SPAN("port")) ||
	       span_eq_fold(word, SPAN("service")) ||
	       span_eq_fold(word, SPAN("protocol"));
}

static bool has_redundant(struct span name)
{
	while (name.len > 0) {
		size_t len = 0;

		while (len < name.len && is_word(name.ptr[len]))
			len++;
		if (is_redundant(span_head(name, len)))
			return true;
		name = span_skip(name, len + 1);
	}
	return false;
}

/* "v" and digits behind something: "icpv2", "ddns-v3". */
static bool has_version(struct span name)
{
	size_t at = name.len;

	while (at > 0 && ascii_is_digit(name.ptr[at - 1]))
		at--;
	return at < name.len && at > 1 && ascii_lower(name.ptr[at - 1]) == 'v';
}

unsigned name_faults(struct span name)
{
	unsigned faults = 0;
	bool letter = false;

	if (name.len == 0)
		return NAME_BIT(NAME_RULE_LEN);
	if (name.len > NAME_LEN_MAX)
		faults |= NAME_BIT(NAME_RULE_LEN);
	if (name.ptr[0] == '-' || name.ptr[name.len - 1] == '-')
		faults |= NAME_BIT(NAME_RULE_EDGE);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		letter = letter || ascii_is_letter(c);
		if (c != '-' && !is_word(c))
			faults |= NAME_BIT(NAME_RULE_CHAR);
		if (c == '-' && i > 0 && name.ptr[i - 1] == '-')
			faults |= NAME_BIT(NAME_RULE_DBLHYPHEN);
	}
	if (!letter)
		faults |= NAME_BIT(NAME_RULE_LETTER);
	if (has_redundant(name))
		faults |= NAME_BIT(NAME_RULE_REDUNDANT);
	if (has_version(name))
		faults |= NAME_BIT(NAME_RULE_VERSION);
	return faults;
}
