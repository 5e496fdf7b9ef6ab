/* SPDX-License-Identifier: ISC */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/*
 * The text may be cut in the middle of a character when it is too long; a
 * terminal must not see half of one.
 */
static void drop_half_character(char *text)
{
	size_t len = strlen(text), lead = len;

	while (lead > 0 && ((uint8_t)text[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	lead--;
	if (((uint8_t)text[lead] & 0x80) == 0)
		return;
	if ((uint8_t)text[lead] >= 0xf0	  ? len - lead < 4
	    : (uint8_t)text[lead] >= 0xe0 ? len - lead < 3
					  : len - lead < 2)
		text[lead] = '\0';
}

int error_set(
    struct portbook_error *err, int code, int system, const char *fmt, ...)
{
	va_list args;
	size_t len;

	if (err == NULL)
		return code;
	*err = (struct portbook_error){.code = code, .system = system};
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	len = strlen(err->text);
	if (system != 0 && len < sizeof(err->text))
		snprintf(err->text + len, sizeof(err->text) - len, ": %s",
		    strerrordesc_np(system) != NULL ? strerrordesc_np(system)
						    : "unknown error");
	drop_half_character(err->text);
	return code;
}

void error_locate(struct portbook_error *err, const char *source, uint64_t line,
    uint64_t column)
{
	if (err == NULL)
		return;
	snprintf(err->source, sizeof(err->source), "%s", source);
	drop_half_character(err->source);
	err->line = line;
	err->column = column;
}

void error_prefix(struct portbook_error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list args;
	size_t len;

	if (err == NULL)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	len = strlen(text);
	snprintf(text + len, sizeof(text) - len, ": %s", err->text);
	memcpy(err->text, text, sizeof(text));
	drop_half_character(err->text);
}

int error_exit_status(int code)
{
	switch (code) {
	case PORTBOOK_EUSAGE:
		return 2;
	case PORTBOOK_EFORMAT:
	case PORTBOOK_EVERSION:
	case PORTBOOK_EDAMAGED:
	case PORTBOOK_ENOVERSION:
	case PORTBOOK_ENODATA:
	case PORTBOOK_EREFUSED:
		return 3;
	default:
		return code < 0 ? 4 : 0;
	}
}
