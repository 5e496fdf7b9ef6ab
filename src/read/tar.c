/* SPDX-License-Identifier: ISC */
#include "read/tar.h"

#include <string.h>

#include "base/ascii.h"
#include "base/error.h"
#include "read/limits.h"
#include "base/banned.h"

/* POSIX.1-2017, pax: "ustar Interchange Format". */
struct tar_header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[100];
	char magic[6];
	char version[2];
	char user[32];
	char group[32];
	char major[8];
	char minor[8];
	char prefix[155];
	char rest[12];
};

_Static_assert(sizeof(struct tar_header) == TAR_BLOCK_LEN, "a header block");

enum tar_type {
	TYPE_OLD_FILE = '\0',
	TYPE_FILE = '0',
	TYPE_LINK = '1',
	TYPE_SYMLINK = '2',
	TYPE_DEVICE = '3',
	TYPE_BLOCK_DEVICE = '4',
	TYPE_FOLDER = '5',
	TYPE_FIFO = '6',
	TYPE_FILE_TOO = '7',
	TYPE_PAX = 'x',
	TYPE_PAX_ALL = 'g',
	TYPE_GNU_NAME = 'L',
	TYPE_GNU_LINK = 'K',
	TYPE_GNU_SPARSE = 'S',
	TYPE_GNU_MORE = 'M',
};

static int bad(struct tar *t, struct portbook_error *err, const char *text)
{
	t->ended = true;
	error_set(err, PORTBOOK_EFORMAT, 0, "damaged archive: %s", text);
	error_locate(err, t->stream->name, 0, 0);
	return PORTBOOK_EFORMAT;
}

static int too_large(
    struct tar *t, struct portbook_error *err, const char *what, uint64_t most)
{
	t->ended = true;
	error_set(err, PORTBOOK_ELIMIT, 0, "an archive with %s than %llu", what,
	    (unsigned long long)most);
	error_locate(err, t->stream->name, 0, 0);
	return PORTBOOK_ELIMIT;
}

static int no_memory(struct tar *t, struct portbook_error *err)
{
	t->ended = true;
	return error_nomem(err);
}

/*
 * Octal digits with blanks before and blanks or NULs behind, or, where the
 * first bit is set, a big-endian number in the other bits.
 */
static bool parse_number(const char *text, size_t len, uint64_t *ret)
{
	uint64_t n = 0;
	size_t i = 0;

	if ((uint8_t)text[0] == 0x80) {
		for (i = 1; i < len; i++) {
			if (n >> 55 != 0)
				return false;
			n = n << 8 | (uint8_t)text[i];
		}
		*ret = n;
		return true;
	}
	while (i < len && text[i] == ' ')
		i++;
	if (i == len || text[i] < '0' || text[i] > '7')
		return false;
	for (; i < len && text[i] >= '0' && text[i] <= '7'; i++)
		n = n << 3 | (uint64_t)(text[i] - '0'); /* 12 digits at most */
	for (; i < len; i++)
		if (text[i] != ' ' && text[i] != '\0')
			return false;
	*ret = n;
	return true;
}

/* The sum of all bytes, those of the checksum itself taken as blanks. */
static bool checksum_holds(const struct tar_header *h)
{
	const uint8_t *bytes = (const uint8_t *)h;
	uint64_t sum = sizeof(h->checksum) * ' ', told;

	for (size_t i = 0; i < TAR_BLOCK_LEN; i++)
		sum += bytes[i];
	for (size_t i = 0; i < sizeof(h->checksum); i++)
		sum -= (uint8_t)h->checksum[i];
	return parse_number(h->checksum, sizeof(h->checksum), &told) &&
	       told == sum;
}

static bool is_header(const struct tar_header *h)
{
	return memcmp(h->magic, "ustar", 5) == 0 && checksum_holds(h);
}

bool tar_is(const char block[TAR_BLOCK_LEN])
{
	struct tar_header h;

	memcpy(&h, block, sizeof(h));
	return is_header(&h);
}

void tar_init(struct tar *t, struct stream *stream)
{
	*t = (struct tar){.stream = stream};
	buf_init(&t->name);
}

void tar_release(struct tar *t)
{
	buf_release(&t->name);
}

/* Up to len bytes; fewer only at the end. */
static int take(struct tar *t, char *ptr, size_t len, size_t *got,
    struct portbook_error *err)
{
	*got = stream_read(t->stream, ptr, len);
	if (t->stream->code == 0)
		return 0;
	t->ended = true;
	if (err != NULL)
		*err = t->stream->err;
	return t->stream->code;
}

static int take_all(
    struct tar *t, char *ptr, size_t len, struct portbook_error *err)
{
	size_t got;
	int code = take(t, ptr, len, &got, err);

	if (code == 0 && got < len)
		return bad(t, err, "it was cut short, fetch it again");
	return code;
}

int tar_read(struct tar *t, char *ptr, size_t len, struct portbook_error *err)
{
	int code = take_all(t, ptr, len, err);

	if (code == 0)
		t->left -= len;
	return code;
}

static int skip(struct tar *t, uint64_t len, struct portbook_error *err)
{
	char bytes[128 * TAR_BLOCK_LEN];
	int code = 0;

	while (code == 0 && len > 0) {
		size_t step = len < sizeof(bytes) ? (size_t)len : sizeof(bytes);

		code = take_all(t, bytes, step, err);
		len -= step;
	}
	return code;
}

static int skip_member(struct tar *t, struct portbook_error *err)
{
	uint64_t left = t->left;
	unsigned padding = t->padding;
	int code = skip(t, left, err);

	t->left = 0;
	t->padding = 0;
	return code == 0 ? skip(t, padding, err) : code;
}

static bool is_zero(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != '\0')
			return false;
	return true;
}

/* Behind the zero block: only zeros, so that nothing is passed over. */
static int read_end(struct tar *t, struct portbook_error *err)
{
	char bytes[16 * TAR_BLOCK_LEN];
	size_t got;
	int code;

	t->ended = true;
	do {
		code = take(t, bytes, sizeof(bytes), &got, err);
		if (code < 0)
			return code;
		if (!is_zero(bytes, got))
			return bad(t, err, "something stands behind its end");
	} while (got == sizeof(bytes));
	return 0;
}

static int set_name(struct tar *t, struct span name, struct portbook_error *err)
{
	if (name.len > LIMIT_MEMBER_NAME)
		return too_large(
		    t, err, "a longer name of a member", LIMIT_MEMBER_NAME);
	if (name.len == 0 || span_find_char(name, 0, '\0') < name.len)
		return bad(t, err, "a name that is none");
	buf_clear(&t->name);
	buf_add(&t->name, name);
	buf_char(&t->name, '\0');
	return buf_failed(&t->name) ? no_memory(t, err) : 0;
}

/* What a field holds, up to its first NUL. */
static struct span field(const char *text, size_t cap)
{
	return span_of(text, strnlen(text, cap));
}

/* The name that the header itself gives, unless one before it gave another. */
static int name_from_header(
    struct tar *t, const struct tar_header *h, struct portbook_error *err)
{
	struct span name = field(h->name, sizeof(h->name));
	struct span prefix = field(h->prefix, sizeof(h->prefix));
	char storage[sizeof(h->prefix) + 1 + sizeof(h->name)];
	struct buf whole;

	if (t->name.len > 0)
		return 0;
	/* GNU's header has other things there, and a blank in its magic. */
	if (h->magic[5] != '\0')
		prefix = SPAN("");
	buf_init_fixed(&whole, storage, sizeof(storage));
	buf_add(&whole, prefix);
	if (prefix.len > 0)
		buf_char(&whole, '/');
	buf_add(&whole, name);
	return set_name(t, buf_span(&whole), err);
}

static int put_pax(struct tar *t, struct span key, struct span value,
    struct portbook_error *err)
{
	if (span_starts(key, SPAN("GNU.sparse.")))
		return bad(t, err, "a sparse file, which is not read here");
	if (span_eq(key, SPAN("path")))
		return set_name(t, value, err);
	if (!span_eq(key, SPAN("size")))
		return 0;
	t->has_len = ascii_u64(value, INT64_MAX, &t->len);
	return t->has_len ? 0 : bad(t, err, "a pax header's size is no number");
}

/* record = LEN " " key "=" value LF, LEN counting all of it */
static int read_pax(struct tar *t, struct span text, struct portbook_error *err)
{
	int code = 0;

	while (code == 0 && text.len > 0) {
		size_t blank = span_find_char(span_head(text, 20), 0, ' ');
		struct span record, key;
		uint64_t len = 0;

		if (!ascii_u64(span_head(text, blank), text.len, &len) ||
		    len < blank + 3 || text.ptr[len - 1] != '\n')
			return bad(t, err, "a pax header that is none");
		record = span_skip(span_head(text, (size_t)len - 1), blank + 1);
		text = span_skip(text, (size_t)len);
		if (span_find_char(record, 0, '=') == record.len)
			return bad(t, err, "a pax header that is none");
		key = span_cut(&record, '=');
		code = put_pax(t, key, record, err);
	}
	return code;
}

/* A header about the next member: its bytes lie where a file's would. */
static int read_head(struct tar *t, char type, struct portbook_error *err)
{
	struct buf text;
	size_t len;
	char *room;
	int code;

	if (t->left > LIMIT_MEMBER_HEAD)
		return too_large(
		    t, err, "a longer header of a member", LIMIT_MEMBER_HEAD);
	len = (size_t)t->left;
	buf_init(&text);
	room = buf_room(&text, len + 1);
	if (room == NULL)
		return no_memory(t, err);
	code = tar_read(t, room, len, err);
	if (code == 0 && type == TYPE_PAX)
		code = read_pax(t, span_of(room, len), err);
	else if (code == 0 && type == TYPE_GNU_NAME)
		code = set_name(t, field(room, len), err);
	buf_release(&text);
	return code;
}

static int read_header(
    struct tar *t, const struct tar_header *h, struct portbook_error *err)
{
	bool file = h->type == TYPE_FILE || h->type == TYPE_OLD_FILE ||
		    h->type == TYPE_FILE_TOO;
	uint64_t len;

	if (!is_header(h))
		return bad(t, err, "a header that is none");
	if (!parse_number(h->size, sizeof(h->size), &len) || len > INT64_MAX)
		return bad(t, err, "a size that is no number");
	if (h->type == TYPE_GNU_SPARSE || h->type == TYPE_GNU_MORE)
		return bad(t, err,
		    "a sparse file, or one in parts, which is not read here");
	if (file && t->has_len)
		len = t->len;
	if (h->type >= TYPE_LINK && h->type <= TYPE_FIFO)
		len = 0; /* whatever is said, nothing follows */
	t->left = len;
	t->padding =
	    (TAR_BLOCK_LEN - (unsigned)(len % TAR_BLOCK_LEN)) % TAR_BLOCK_LEN;
	return 0;
}

static bool is_about_next(char type)
{
	return type == TYPE_PAX || type == TYPE_PAX_ALL ||
	       type == TYPE_GNU_NAME || type == TYPE_GNU_LINK;
}

/* The next header, of a member or about one: 1, or 0 at the end. */
static int next_header(
    struct tar *t, struct tar_header *h, struct portbook_error *err)
{
	int code = skip_member(t, err);

	if (code == 0)
		code = take_all(t, (char *)h, sizeof(*h), err);
	if (code < 0)
		return code;
	if (is_zero((const char *)h, sizeof(*h)))
		return read_end(t, err);
	if (++t->members > LIMIT_ARCHIVE_MEMBERS)
		return too_large(t, err, "more members", LIMIT_ARCHIVE_MEMBERS);
	code = read_header(t, h, err);
	return code < 0 ? code : 1;
}

int tar_next(struct tar *t, struct tar_member *ret, struct portbook_error *err)
{
	struct tar_header h;
	int code;

	buf_clear(&t->name);
	t->has_len = false;
	for (;;) {
		if (t->ended)
			return 0;
		code = next_header(t, &h, err);
		if (code <= 0)
			return code;
		if (!is_about_next(h.type))
			break;
		code = read_head(t, h.type, err);
		if (code < 0)
			return code;
	}
	code = name_from_header(t, &h, err);
	if (code < 0)
		return code;
	*ret = (struct tar_member){
	    .name = t->name.ptr,
	    .len = t->left,
	    .is_file = h.type == TYPE_FILE || h.type == TYPE_OLD_FILE ||
		       h.type == TYPE_FILE_TOO,
	};
	return 1;
}
