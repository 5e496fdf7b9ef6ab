/* SPDX-License-Identifier: ISC */
#include "search/txtkeys.h"

#include "base/ascii.h"
#include "base/banned.h"

#define KEY_LEN_MAX 24U
#define KEY_WORDS_MAX 3U

/* Takes blanks and then word, in any case, off the front of *rest. */
static bool take_word(struct span *rest, struct span word)
{
	while (rest->len > 0 && ascii_is_space(rest->ptr[0]))
		*rest = span_skip(*rest, 1);
	if (!span_eq_fold(span_head(*rest, word.len), word))
		return false;
	*rest = span_skip(*rest, word.len);
	return true;
}

/* What stands behind "Defined TXT keys:", wherever the lines break. */
static bool find_keys(struct span notes, struct span *ret)
{
	for (size_t i = 0; i < notes.len; i++) {
		struct span rest = span_skip(notes, i);

		if (ascii_lower(notes.ptr[i]) != 'd' ||
		    !take_word(&rest, SPAN("defined")) ||
		    !take_word(&rest, SPAN("txt")) ||
		    !take_word(&rest, SPAN("keys")))
			continue;
		take_word(&rest, SPAN(":"));
		*ret = span_trim(rest);
		return true;
	}
	return false;
}

static bool is_key_char(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) ||
	       (c != '\0' && strchr("_.+*?-", c) != NULL);
}

static bool is_key(struct span text)
{
	unsigned words = 1;
	bool letter = false;

	if (text.len == 0 || text.len > KEY_LEN_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		letter = letter || ascii_is_letter(text.ptr[i]);
		if (text.ptr[i] == ' ')
			words++;
		else if (!is_key_char(text.ptr[i]))
			return false;
	}
	return letter && words <= KEY_WORDS_MAX;
}

/* Words that no key is called. */
static bool is_talk(struct span word)
{
	static const struct span words[] = {
	    SPAN_INIT("and"),
	    SPAN_INIT("keys"),
	    SPAN_INIT("none"),
	    SPAN_INIT("or"),
	    SPAN_INIT("proprietary"),
	    SPAN_INIT("see"),
	    SPAN_INIT("tbd"),
	    SPAN_INIT("the"),
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (span_eq_fold(word, words[i]))
			return true;
	return false;
}

static bool has_talk(struct span text)
{
	while (text.len > 0)
		if (is_talk(span_cut(&text, ' ')))
			return true;
	return false;
}

static bool add(struct txtkeys *keys, struct span key, struct span value)
{
	if (!is_key(key) || has_talk(key) || keys->count == TXTKEYS_MAX)
		return false;
	for (size_t i = 0; i < keys->count; i++)
		if (span_eq_fold(keys->at[i].key, key))
			return false;
	keys->at[keys->count++] = (struct txtkey){key, value};
	return true;
}

/* "<meaning>" without its brackets, if nothing else is there. */
static struct span unwrap(struct span value, char open, char close)
{
	value = span_trim(value);
	if (value.len < 2 || value.ptr[0] != open ||
	    span_find_char(value, 0, close) != value.len - 1)
		return value;
	return span_of(value.ptr + 1, value.len - 2);
}

/*
 * The end of what belongs to a value: the blank before the next "key=", or the
 * end of text.
 */
static size_t value_end(struct span text)
{
	bool inside = false;

	for (size_t i = 0; i < text.len; i++) {
		size_t end = i + 1;

		if (text.ptr[i] == '<' || text.ptr[i] == '>')
			inside = text.ptr[i] == '<';
		if (inside || !ascii_is_space(text.ptr[i]))
			continue;
		while (end < text.len && is_key_char(text.ptr[end]))
			end++;
		if (end > i + 1 && end < text.len && text.ptr[end] == '=')
			return i;
	}
	return text.len;
}

/* key=value, and others of the same line behind it. */
static bool add_pairs(struct txtkeys *keys, struct span item)
{
	while (item.len > 0) {
		size_t equals = span_find_char(item, 0, '='), end;
		struct span key = span_trim(span_head(item, equals));

		/* The one key that is known to stand alone before others. */
		if (span_starts(key, SPAN("txtvers "))) {
			if (!add(keys, span_head(key, 7), SPAN("")))
				return false;
			key = span_trim(span_skip(key, 8));
		}
		item = span_skip(item, equals + 1);
		end = value_end(item);
		if (!add(keys, key, unwrap(span_head(item, end), '<', '>')))
			return false;
		item = span_trim(span_skip(item, end));
	}
	return true;
}

/* "key (meaning)", "key". */
static bool add_word(struct txtkeys *keys, struct span item)
{
	size_t open = span_find_char(item, 0, '(');
	struct span meaning = span_skip(item, open);

	if (open == item.len)
		return add(keys, item, SPAN(""));
	if (span_find_char(meaning, 0, ')') != meaning.len - 1)
		return false;
	return add(
	    keys, span_trim(span_head(item, open)), unwrap(meaning, '(', ')'));
}

/* Words with nothing but blanks between them. */
static bool add_words(struct txtkeys *keys, struct span item)
{
	bool many = span_find_char(item, 0, ' ') < item.len;

	if (many && !span_starts(item, SPAN("txtvers ")))
		return false;
	while (item.len > 0) {
		struct span word = span_trim(span_cut(&item, ' '));

		if (word.len > 0 && !add(keys, word, SPAN("")))
			return false;
	}
	return true;
}

/* The end of an item: a newline, comma or semicolon that is in no brackets. */
static size_t item_end(struct span text, bool *listed)
{
	int depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '<' || c == '(')
			depth++;
		else if ((c == '>' || c == ')') && depth > 0)
			depth--;
		if (depth > 0 || (c != '\n' && c != ',' && c != ';'))
			continue;
		*listed = true;
		return i;
	}
	return text.len;
}

static bool read_list(struct txtkeys *keys, struct span rest)
{
	bool listed = false;

	while (rest.len > 0) {
		size_t end = item_end(rest, &listed);
		struct span item = span_trim(span_head(rest, end));
		bool good = true;

		rest = span_skip(rest, end + 1);
		if (span_starts(item, SPAN("- ")))
			item = span_trim(span_skip(item, 2));
		if (span_find_char(item, 0, '=') < item.len)
			good = add_pairs(keys, item);
		else if (item.len > 0 && listed)
			good = add_word(keys, item);
		else if (item.len > 0)
			good = add_words(keys, item);
		if (!good)
			return false;
	}
	return keys->count > 0;
}

static bool says_none(struct span text)
{
	if (span_ends(text, SPAN(".")))
		text.len--;
	return span_eq_fold(text, SPAN("none"));
}

void txtkeys_parse(struct span notes, struct txtkeys *ret)
{
	*ret = (struct txtkeys){.kind = TXTKEYS_ABSENT, .text = SPAN("")};
	if (!find_keys(notes, &ret->text))
		return;
	ret->kind = TXTKEYS_TEXT;
	if (says_none(ret->text)) {
		ret->kind = TXTKEYS_NONE;
	} else if (read_list(ret, ret->text)) {
		ret->kind = TXTKEYS_LIST;
	} else {
		ret->count = 0;
	}
}
