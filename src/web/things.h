/* SPDX-License-Identifier: ISC */
/*
 * What pages of one thing show: a port, a service, a record, a person.  A part
 * of web/pages.h, which is to be included instead.
 */
#ifndef WEB_THINGS_H
#define WEB_THINGS_H

/* A word, where it leads, and what there is to say of it. */
struct page_word {
	struct span text;
	struct link link;
	struct span about; /* plain; may be empty */
};

/* What happened to a thing lately. */
struct page_history {
	bool kept;		/* more versions than one are here */
	struct span first_name; /* the first of them */
	const struct page_version *versions;
	size_t version_count;
	uint64_t total; /* events */
	bool more;	/* than are shown */
	struct link all;
};

/* A name that people use, or why a row comes first. */
struct page_nick {
	struct span name;
	struct span reason;
	struct span origin;
	bool prefers;
};

/* A record in full. */
struct page_entry {
	bool alone; /* the page is its own: no heading, empty fields too */
	bool named, numbered;
	bool preferred; /* of several at its port */
	struct span key;
	struct span state;
	struct link record, service, port, transport;
	struct record_text text;
	struct span alias_of; /* the name it is an alias of, or empty */
	struct link alias;
	struct span since; /* version it came with; empty without history */
	bool since_first;  /* which is the first one here */
	struct link since_link;
	const struct page_nick *nicks;
	size_t nick_count;
	const struct anchors *anchors;
	const struct page_entry *twin; /* the same of another transport */
	bool paired; /* it is told with another, as its twin */
};

/* Records in a table. */
struct page_rows {
	struct span caption;
	const struct page_entry *entries;
	size_t count;
	bool roles; /* told in about */
	const struct span *about;
};

/* The rows of one of several pages, and the way to the others. */
struct page_part {
	struct page_rows rows;
	uint64_t total, page, pages, first, last; /* first from 1 */
	struct link start;
	const struct page_step *steps;
	size_t step_count;
	const struct link *previous, *next; /* or NULL */
};

/* A port for one transport. */
struct page_by_transport {
	struct span title; /* "TCP" */
	struct link link;
	struct span state, shown; /* "not-listed", "not listed" */
	const struct page_word *services;
	size_t service_count;
	bool asked; /* the page is of this one alone */
};

/* Some port before or behind, or several in a row. */
struct page_neighbour {
	struct page_word word;
	struct span state, shown;
};

#define PAGE_NEIGHBOURS 3
#define PAGE_MEANINGS 8

/* What a word means, or what one may do. */
struct page_meaning {
	struct span title;
	struct span text;
};

struct page_number {
	struct page_frame frame;
	struct span title; /* "Port 443/tcp" */
	struct span lead;
	struct link today, json;
	const struct link *previous, *next; /* neighbours in number, or NULL */
	struct span previous_title, next_title; /* "442/tcp" */
	struct page_by_transport transports[4];
	const struct page_entry *entries;
	size_t entry_count;
	uint64_t more_entries;
	struct page_meaning meanings[PAGE_MEANINGS];
	size_t meaning_count;
	struct page_meaning class;
	struct link class_link;	  /* all of this class */
	const struct link *whole; /* of all transports, or NULL */
	const struct link *suggest;
	bool may_apply;
	struct page_neighbour before[PAGE_NEIGHBOURS], behind[PAGE_NEIGHBOURS];
	size_t before_count, behind_count;
	struct page_history history;
};

/* How many ports of a range are in which state for a transport. */
struct page_count {
	struct span title;
	uint64_t states[4]; /* by enum state */
};

struct page_range {
	struct page_frame frame;
	struct span title;
	struct span lead;
	struct link today, json;
	const struct link *whole;
	struct page_count counts[4];
	struct page_meaning classes[3];
	size_t class_count;
	const struct link *suggest;
	struct page_part part;
	struct page_history history;
};

/* A key of a TXT record (RFC 6763 section 6). */
struct page_txt_key {
	struct span key;
	struct span value; /* what it stands for; may be empty */
};

struct page_service {
	struct page_frame frame;
	struct span name;
	struct span title;
	struct span lead;
	struct link today, json;
	struct page_rows rows;
	const struct page_word *aliases; /* historic names of the same */
	size_t alias_count;
	const struct page_nick *nicks;
	size_t nick_count;
	bool everyday; /* the registry has no such name */
	const struct page_entry *entries;
	size_t entry_count;
	uint64_t more_entries;
	const struct span *types; /* "_https._tcp" */
	size_t type_count;
	const struct page_txt_key *keys;
	size_t key_count;
	bool no_keys;	      /* the notes say that there are none */
	struct span txt_text; /* what they say instead of keys */
	struct page_history history;
};

struct page_record {
	struct page_frame frame;
	struct link today, json;
	struct page_entry entry;
	struct span class;
	struct span xml;		   /* as the registry has it */
	const struct page_note *footnotes; /* that it refers to */
	size_t footnote_count;
	const struct page_word *people;
	size_t person_count;
	const struct page_word *others; /* records of the same number */
	size_t other_count;
	struct page_history history;
};

struct page_person {
	struct page_frame frame;
	struct span id;
	struct link today, json;
	bool listed;		 /* by the newest version */
	struct span last_listed; /* the last version that did, if not */
	struct person_text text;
	struct page_part part;
	struct page_history history;
};

/* A file, or what convert makes. */
struct page_file {
	struct span name;
	struct span about;
	struct span address; /* here; empty where it is not offered */
	struct span official;
	uint64_t bytes;
	struct span styles; /* "full, common, minimal" */
};

struct page_formats {
	struct page_frame frame;
	struct link today, json;
	const struct page_file *files;
	size_t file_count;
	const struct page_file *formats;
	size_t format_count;
};

/* Something that is not here, and what is. */
struct page_missing {
	struct page_frame frame;
	struct span title;
	struct span detail;
	const struct page_word *words;
	size_t word_count;
};

void page_history(struct buf *out, const struct page_history *p);
void page_entry(struct buf *out, const struct page_entry *p);
void page_rows(struct buf *out, const struct page_rows *p);
void page_part(struct buf *out, const struct page_part *p);
void page_number(struct buf *out, const struct page_number *p);
void page_range(struct buf *out, const struct page_range *p);
void page_service(struct buf *out, const struct page_service *p);
void page_record(struct buf *out, const struct page_record *p);
void page_person(struct buf *out, const struct page_person *p);
void page_formats(struct buf *out, const struct page_formats *p);
void page_missing(struct buf *out, const struct page_missing *p);

#endif
