/* SPDX-License-Identifier: ISC */
/*
 * What is wrong where a source is no XML.  Expat knows little more than the
 * place; the bytes around it tell a slip of the person who wrote them from a
 * file that was damaged.
 */
#include "read/xml.h"

#include "base/error.h"
#include "base/utf8.h"
#include "base/banned.h"

/* So far back may stand the mark that a bad one belongs to. */
#define BACK_MAX 256

static char byte_at(const struct window *w, uint64_t off)
{
	return off < window_end(w) ? window_span(w, off, off + 1).ptr[0] : '\0';
}

/*
 * The offset of the & or < to which off belongs, which may be off itself; off
 * too if there is none.
 */
static uint64_t find_mark(const struct xml *x, uint64_t off)
{
	char here = byte_at(x->window, off);

	for (uint64_t at = off; at > x->piece && off - at < BACK_MAX; at--) {
		char c = byte_at(x->window, at - 1);

		if (c == '&')
			return at - 1;
		/* In a tag's attribute a further < is the one that is wrong. */
		if (c == '<')
			return here == '<' ? off : at - 1;
		if (c == ';' || c == '>')
			break;
	}
	return off;
}

static void refuse(struct xml *x, const char *text)
{
	error_set(x->err, PORTBOOK_EFORMAT, 0, "not well-formed XML: %s", text);
}

/* Bytes that can stand nowhere, or not here; *off moves to what is wrong. */
static void refuse_token(struct xml *x, uint64_t *off)
{
	const struct window *w = x->window;
	struct span rest = window_span(w, *off, window_end(w));
	uint64_t mark;

	/* A character may be cut where the part that was read ends. */
	if (rest.len > 4)
		rest.len = 4;
	if (rest.len > 0 && (utf8_check(rest) == 0 ||
				span_find_char(rest, 0, '\0') < rest.len)) {
		error_set(x->err, PORTBOOK_EFORMAT, 0,
		    "not UTF-8: convert the file, or fetch it again if it was "
		    "damaged");
		return;
	}
	if (rest.len > 0 && (unsigned char)rest.ptr[0] < ' ' &&
	    rest.ptr[0] != '\t' && rest.ptr[0] != '\n' && rest.ptr[0] != '\r') {
		refuse(x, "a control character: remove it, or fetch the file "
			  "again if it was damaged");
		return;
	}
	mark = find_mark(x, *off);
	if (byte_at(w, mark) != '&' &&
	    (byte_at(w, mark) != '<' || byte_at(w, mark + 1) == '!')) {
		refuse(x, "what stands here cannot stand here: mend it, or "
			  "fetch the file again if it was damaged");
		return;
	}
	*off = mark;
	if (byte_at(w, mark) == '&')
		refuse(x, "no entity follows the \"&\" here: write &amp; for "
			  "&, or fetch the file again if it was damaged");
	else
		refuse(x, "no tag follows the \"<\" here: write &lt; for <, or "
			  "fetch the file again if it was damaged");
}

static void tell(struct xml *x, enum XML_Error code, uint64_t *off)
{
	switch (code) {
	case XML_ERROR_NO_ELEMENTS:
	case XML_ERROR_UNCLOSED_TOKEN:
	case XML_ERROR_UNCLOSED_CDATA_SECTION:
	case XML_ERROR_PARTIAL_CHAR:
		error_set(x->err, PORTBOOK_EFORMAT, 0,
		    "ends in the middle: it was cut short, fetch it again");
		break;
	case XML_ERROR_INVALID_TOKEN:
		refuse_token(x, off);
		break;
	case XML_ERROR_UNDEFINED_ENTITY:
		refuse(x, "an entity that XML does not know: write &amp; for "
			  "&, and the character itself for others");
		break;
	case XML_ERROR_TAG_MISMATCH:
		refuse(x, "this end tag is not that of the element that is "
			  "open: mend the tags before it, or write &lt; for a "
			  "< that begins none");
		break;
	default:
		refuse(x, XML_ErrorString(code));
		break;
	}
}

int xml_fault(struct xml *x)
{
	enum XML_Error code = XML_GetErrorCode(x->parser);
	uint64_t off = xml_from(x), end = window_end(x->window);

	if (off > end)
		off = end;
	if (x->code < 0)
		return x->code;
	if (code == XML_ERROR_NO_MEMORY)
		return error_nomem(x->err);
	if (x->window->ended && off >= end)
		code = XML_ERROR_NO_ELEMENTS;
	tell(x, code, &off);
	error_locate(x->err, x->name,
	    x->line + window_lines(x->window, x->piece, off),
	    window_column(x->window, off));
	return PORTBOOK_EFORMAT;
}
