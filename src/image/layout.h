/* SPDX-License-Identifier: ISC */
/*
 * The image, byte by byte: portbook-image(5) in C.  All that the builder and
 * the reader share.
 *
 *	header | section table | sections, each at a multiple of IMAGE_ALIGN
 *
 * A text is named by its place in the section of texts, divided by four: a
 * length (le32), the bytes, a NUL, zeros up to a multiple of four.  Text 0 is
 * the empty one.  Rows and persons are numbered from 0; those of the newest
 * version come first, in its order, then those of the past.
 */
#ifndef IMAGE_LAYOUT_H
#define IMAGE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/le.h"
#include "terms/fields.h"
#include "terms/port.h"
#include "terms/protocol.h"

#define IMAGE_MAGIC "PORTBK1\n" /* the digit is the format's major version */
#define IMAGE_MAGIC_LEN 8
#define IMAGE_MAJOR 1
#define IMAGE_MINOR 3
#define IMAGE_ALIGN 64
#define IMAGE_NONE UINT32_MAX

enum image_section_id {
	IMAGE_META = 1,	       /* one struct image_meta */
	IMAGE_TEXTS = 2,       /* bytes */
	IMAGE_VERSIONS = 3,    /* struct image_version, rising */
	IMAGE_ROWS = 4,	       /* struct image_row */
	IMAGE_PEOPLE = 5,      /* struct image_person */
	IMAGE_LISTS = 6,       /* le32: numbers that other sections point at */
	IMAGE_PORTS = 7,       /* le32, IMAGE_PORT_TABLES * 65536 */
	IMAGE_NAME_SEEDS = 8,  /* struct image_seed, one a bucket of names */
	IMAGE_NAMES = 9,       /* struct image_name, one a name */
	IMAGE_SEARCH = 10,     /* bytes: folded columns of the rows */
	IMAGE_GRAM_PAIRS = 11, /* le32, alphabet^2 + 1: first gram of a pair */
	IMAGE_GRAMS = 12,      /* struct image_gram */
	IMAGE_POSTINGS = 13,   /* le32 */
	IMAGE_ORDERS = 14,     /* le32, COLUMN_COUNT * current rows; 0: empty */
	IMAGE_PEOPLE_ORDER =
	    15,		    /* le32: current persons by bytes of their id */
	IMAGE_CURATED = 16, /* struct image_curated: lines of names.tsv */
	IMAGE_GAPS = 17,    /* struct image_gap */

	/* Of more than one version; an image of one has none of them. */
	IMAGE_EVENTS = 18,	 /* struct image_event, by version */
	IMAGE_EVENT_STARTS = 19, /* le32, versions + 1: events of each */
	IMAGE_ROW_LIVES = 20,	 /* struct image_life, one a row */
	IMAGE_PERSON_LIVES = 21, /* struct image_life, one a person */
	IMAGE_PAST_BLOCKS = 22,	 /* le32, IMAGE_PAST_BLOCK_COUNT + 1 */
	IMAGE_PAST_PORTS = 23,	 /* struct image_past_ports, by first port */
	IMAGE_PAST_BUCKETS = 24, /* le32, a power of two and one more */
	IMAGE_PAST_NAMES = 25,	 /* struct image_past_name, by bucket */
	IMAGE_PAST_PEOPLE = 26,	 /* le32: past persons by bytes of their id */

	/* The same; searches and lookups of the past without looking around. */
	IMAGE_STANDING = 27,	    /* struct image_standing, one a version */
	IMAGE_STANDING_BITS = 28,   /* le32: bits for all rows */
	IMAGE_TURNS = 29,	    /* le32: rows that came or went */
	IMAGE_PAST_GRAM_PAIRS = 30, /* as those of the current rows */
	IMAGE_PAST_GRAMS = 31,	    /* struct image_gram */
	IMAGE_PAST_POSTINGS = 32,   /* le32 */
	IMAGE_PAST_SINCE = 33,	    /* le32, one for each of past ports */
	IMAGE_NAME_SINCE = 34,	    /* le32, one for each of names */

	IMAGE_EDITIONS = 35, /* struct image_edition, by version */

	/* Of searches of the past again. */
	IMAGE_COMMON = 36,	  /* le32: places in IMAGE_POSTINGS, rising */
	IMAGE_COMMON_COUNTS = 37, /* le32, for each set of bits one of each */

	/* Of the newest version: lines of services(5), as they are told. */
	IMAGE_LINE_BLOCKS = 38, /* struct image_line_block, IMAGE_LINE_BLOCK */
	IMAGE_LINES = 39,	/* le32, by place: where in IMAGE_LINE_TEXTS */
	IMAGE_LINE_TEXTS = 40,	/* bytes: image_line_text */
	IMAGE_NAME_LINES = 41,	/* struct image_name_line, one a name first */
};

#define IMAGE_SECTION_MAX 64 /* more in one file are refused */

struct image_header {
	uint8_t magic[IMAGE_MAGIC_LEN];
	struct le32 minor;
	struct le32 section_count;
	struct le64 len;      /* of the file, in bytes */
	struct le64 checksum; /* of the section table */
};

struct image_section {
	struct le32 id;
	struct le32 item_len; /* bytes an item; 1 for bytes */
	struct le64 off;      /* from the start of the file */
	struct le64 count;    /* items */
	struct le64 checksum; /* of the section's bytes: hash_bytes, seed id */
};

struct image_meta {
	struct le32 current_rows;    /* rows of the newest version */
	struct le32 current_people;  /* persons of the newest version */
	struct le32 name_seed_shift; /* bucket = hash >> shift, 64 bit */
	struct le32 alphabet;	     /* classes of bytes in the grams */
	struct le32 unicode;	     /* text: version of the folding table */
	struct le32 built_from;	     /* text: what the newest was read from */
	struct le32 name_salt;	     /* of the hash of names: namehash.h */
	struct le32 zero;
	uint8_t names_digest[32]; /* SHA-256 of names.tsv */
	uint8_t classes[256];	  /* class of a byte, 0: in no text */
};

/* A run of numbers in IMAGE_LISTS. */
struct image_list {
	struct le32 off;
	struct le32 count;
};

/* That a version was seen as DATE.N; it may have been as several. */
struct image_edition {
	struct le32 version;
	struct le32 number; /* from 1 */
};

/* What a version was read from. */
enum image_source {
	IMAGE_SOURCE_XML = 0,
	IMAGE_SOURCE_CSV = 1,
	IMAGE_SOURCE_SERVICES = 2, /* a services(5) file */
};

struct image_version {
	uint8_t digest[32]; /* SHA-256 of the source, decompressed */
	struct le64 source_len;
	struct le32 source; /* enum image_source */
	struct le32 id;	    /* texts, from here on */
	struct le32 title;
	struct le32 category;
	struct le32 updated;
	struct le32 reference; /* xrefs */
	struct le32 expert;
	struct le32 head; /* residues: core/registry.h */
	struct le32 middle;
	struct le32 tail;
	struct le32 newest_row;	     /* text: latest date of a record */
	struct image_list notes;     /* pairs of texts: title, note */
	struct image_list footnotes; /* pairs of texts: anchor, footnote */
	struct le32 row_count;
	struct le32 person_count;
	struct le32 zero;
};

enum image_row_flag {
	IMAGE_ROW_NUMBERED = 1,	 /* first and last are set */
	IMAGE_ROW_PREFERRED = 2, /* the preferred row of its port */
};

/* One state of a record, in all versions from first to last. */
struct image_row {
	struct le32 text[FIELD_COUNT];
	struct le32 residue;
	struct le32 alias_of; /* text: the name it is an alias of, or 0 */
	struct le32 ordinal;  /* of equal keys, from 1 */
	struct le16 first;    /* port */
	struct le16 last;
	uint8_t protocol; /* enum protocol */
	uint8_t state;	  /* enum state: what the record says */
	uint8_t flags;
	uint8_t zero;
	struct le32 first_version;
	struct le32 last_version;
	struct le32 place;	  /* order among all rows of all versions */
	struct image_list people; /* states of persons that it refers to */
	struct le32 search;	  /* place in IMAGE_SEARCH / 4 */
	struct le32 search_len;	  /* bytes: ten columns, each ended by NUL */
};

struct image_person {
	struct le32 text[PERSON_FIELD_COUNT];
	struct le32 residue;
	struct le32 first_version;
	struct le32 last_version;
	struct le32 place;
	struct image_list rows; /* current rows that refer to it */
};

/*
 * Port tables: one for each of the four transports, then one for all.  In a
 * transport's list the row that tells the state comes first.
 *
 * An item below IMAGE_PORT_LIST is the only row there is; NONE stands for no
 * row; else what is left without IMAGE_PORT_LIST is a place in IMAGE_LISTS, of
 * how many rows there are and then these.
 */
#define IMAGE_PORT_LIST 0x80000000U
#define IMAGE_PORT_TABLES (PROTOCOL_COUNT + 1)
#define IMAGE_PORT_ANY PROTOCOL_COUNT

/* Of a bucket: the seed of its names, and the bits that one of them has. */
struct image_seed {
	struct le32 seed;
	struct le32 bits;
};

#define IMAGE_NAME_MAX 1024 /* bytes of a folded name; longer: no lookup */
#define IMAGE_KEY_LEN 16    /* namehash.h */

/*
 * A name, folded, and the current rows that have it.  The key is its first
 * fifteen bytes, zeros behind, then its length, 255 for more.
 */
struct image_name {
	uint8_t key[IMAGE_KEY_LEN];
	struct le32 name;    /* text, folded */
	struct le32 curated; /* first line of IMAGE_CURATED for it, or NONE */
	struct image_list rows; /* the preferred first */
};

/* A gram of three bytes (by class), or of two or one: third, second is 0. */
struct image_gram {
	struct le32 third;    /* class of the third byte */
	struct le32 postings; /* place in IMAGE_POSTINGS */
	struct le32 count;    /* rows */
};

/* Items that bits for so many rows take. */
static inline size_t image_bits_len(size_t rows)
{
	return rows / 32 + (rows % 32 != 0);
}

/*
 * Rows of a gram, of the current ones or of those of the past: rising numbers,
 * or where these take more room than a bit for each row, such bits, row n % 32
 * of word n / 32.  Past rows are counted from the first of them.
 */
static inline bool image_posting_is_bitmap(size_t count, size_t rows)
{
	return count > rows / 32;
}

/* Items of IMAGE_POSTINGS that it takes. */
static inline size_t image_posting_len(size_t count, size_t rows)
{
	if (!image_posting_is_bitmap(count, rows))
		return count;
	return image_bits_len(rows);
}

enum image_curated_kind { IMAGE_CURATED_NAME, IMAGE_CURATED_PREFER };

/* A line of names.tsv; those of one name follow each other. */
struct image_curated {
	struct le32 kind;
	struct le32 name;   /* text: the everyday or the preferred name */
	struct le32 row;    /* the row it leads to, or NONE */
	struct le32 reason; /* text */
	struct le32 origin; /* text: where the fact is from */
};

/* A gap that is not canonical: before this row or person in a version. */
struct image_gap {
	struct le32 people; /* 0: before a row, 1: before a person */
	struct le32 version;
	struct le32 index; /* of the record or person in that version */
	struct le32 text;
};

/* What happened between a version and the one before it. */
struct image_event {
	struct le32 version; /* the later one */
	struct le32 kind;    /* enum event_kind */
	struct le32 before;  /* row, of EVENT_PERSON a person; or NONE */
	struct le32 after;   /* the same; not both are NONE */
	struct le32 fields;  /* what differs: terms/event.h */
};

/*
 * Of a row or person: the events that it is in, rising, and all states of its
 * life, rising by first version and then place, the last one being what it is
 * now or was at its end.  One that has had no other state has no list of them.
 */
struct image_life {
	struct image_list events;
	struct image_list states;
};

/*
 * Past rows by port, cut wherever one begins or ends: item n is for the ports
 * from its first up to that of item n + 1.  The last item is not of a port: it
 * has the rows that span more than IMAGE_PAST_WIDE others.
 *
 * Block k is the number of the first item with a first port from 64 * k on.
 */
#define IMAGE_PAST_BLOCK 64U
#define IMAGE_PAST_BLOCK_COUNT (PORT_COUNT / IMAGE_PAST_BLOCK)
#define IMAGE_PAST_WIDE 32U

struct image_past_ports {
	struct le32 first; /* port; PORT_COUNT in the last item */
	struct image_list rows;
};

/*
 * A folded name and the past rows that have it.  Bucket k, of 2^b, has the
 * names whose hash (namehash.h) begins with the b bits k.
 */
struct image_past_name {
	uint8_t key[IMAGE_KEY_LEN];
	struct le32 name; /* text, folded */
	struct image_list rows;
};

/*
 * Which rows stood in a version: bits, made for this version or one before
 * it, and the rows whose bit is to be turned over since, as they came or
 * went.  Bits are in two parts, of the current rows and of those of the past,
 * each in words of its own.
 */
struct image_standing {
	struct le32 bits;  /* place in IMAGE_STANDING_BITS */
	struct le32 turns; /* place in IMAGE_TURNS */
	struct le32 turn_count;
};

/*
 * A line of services(5) has a place: its port times PROTOCOL_COUNT, and its
 * transport.  Of each 64 places a block says which of them have a line, place
 * n % 64 by that bit, and how many lines come before them.
 */
#define IMAGE_LINE_PLACES (PORT_COUNT * PROTOCOL_COUNT)
#define IMAGE_LINE_BLOCK 64U
#define IMAGE_LINE_BLOCK_COUNT (IMAGE_LINE_PLACES / IMAGE_LINE_BLOCK)

struct image_line_block {
	struct le64 bits;
	struct le32 first; /* number of its first line */
	struct le32 zero;
};

/*
 * The words of a line: how many bytes they take (le16), how many aliases there
 * are, how many bytes the name has; then name and aliases, each ended by NUL.
 */
#define IMAGE_LINE_HEAD 4
#define IMAGE_LINE_NAME_MAX 127
#define IMAGE_LINE_ALIASES_MAX 64

/*
 * Where a name leads: to the first line that has it, for each transport.
 * Where these are not of one port with one text, at is the number of an item
 * behind those of the names, of which there are count: one for each such port
 * and text, by port and then by the first of its transports.
 */
struct image_name_line {
	struct le32 at;	    /* place in IMAGE_LINE_TEXTS, if count is 1 */
	struct le16 port;   /* if count is 1 */
	uint8_t transports; /* a bit for each, if count is 1 */
	uint8_t count;	    /* 0: it leads nowhere */
};

#endif
