/* SPDX-License-Identifier: ISC */
/*
 * Writes the tables of unicode_tables.h from utf8proc to standard output.
 * Runs when the program is built; it is no part of it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <utf8proc.h>

#define LAST 0x10ffff

/*
 * utf8proc knows the full folding.  Where that is one character, it is the
 * simple one too; where it is several, the simple one is the lower case, but
 * for U+0130, which folds only in Turkic languages.
 */
static utf8proc_int32_t fold(utf8proc_int32_t c)
{
	utf8proc_int32_t out[8];
	int boundary = 0;
	utf8proc_ssize_t count =
	    utf8proc_decompose_char(c, out, 8, UTF8PROC_CASEFOLD, &boundary);

	if (c == 0x130 || count < 1)
		return c;
	return count == 1 ? out[0] : utf8proc_tolower(c);
}

static int width(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	if (category == UTF8PROC_CATEGORY_CN)
		return 1;
	return utf8proc_charwidth(c);
}

static int usable(utf8proc_int32_t c)
{
	return utf8proc_codepoint_valid(c);
}

static void write_folds(void)
{
	size_t count = 0;

	puts("const struct unicode_fold_pair unicode_folds[] = {");
	for (utf8proc_int32_t c = 0x80; c <= LAST; c++) {
		if (!usable(c) || fold(c) == c)
			continue;
		printf("\t{0x%x, 0x%x},\n", (unsigned)c, (unsigned)fold(c));
		count++;
	}
	printf("};\nconst size_t unicode_fold_count = %zu;\n", count);
}

static void write_widths(void)
{
	size_t count = 0;

	puts("const struct unicode_width_range unicode_widths[] = {");
	for (utf8proc_int32_t c = 0x80; c <= LAST; c++) {
		utf8proc_int32_t first = c;
		int w = usable(c) ? width(c) : 1;

		while (c < LAST && (usable(c + 1) ? width(c + 1) : 1) == w)
			c++;
		if (w == 1)
			continue;
		printf(
		    "\t{0x%x, 0x%x, %d},\n", (unsigned)first, (unsigned)c, w);
		count++;
	}
	printf("};\nconst size_t unicode_width_count = %zu;\n", count);
}

int main(void)
{
	puts("#include \"base/unicode.h\"");
	puts("#include \"base/unicode_tables.h\"");
	printf("const char unicode_version[] = \"%s\";\n",
	    utf8proc_unicode_version());
	write_folds();
	write_widths();
	if (fflush(stdout) != 0 || ferror(stdout))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
