/* SPDX-License-Identifier: ISC */
/*
 * portbook: what the Service Name and Transport Protocol Port Number Registry
 * has, today and at any date since 2015.  libportbook(3) is the manual.
 *
 *	struct portbook *db;
 *	struct portbook_error err;
 *	struct portbook_it it;
 *	struct portbook_record record;
 *
 *	if (portbook_open(NULL, &db, &err) < 0)
 *		errx(1, "%s", err.text);
 *	portbook_by_port(db, 443, PORTBOOK_TCP, NULL, &it, NULL);
 *	while (portbook_next(&it, &record))
 *		puts(portbook_record_name(&record));
 *	portbook_close(db);
 *
 * Failure.  A function that returns int returns 0 or more on success and a
 * negative enum portbook_code on failure; then it fills *err, unless err is
 * NULL, and leaves all else alone.  A parameter called ret is written on
 * success only.  errno may be another one after any call.
 *
 * Threads.  Any number of them may use one struct portbook at a time, also
 * while one refreshes it.  Every other struct belongs to one thread at a time.
 * portbook_forget and portbook_close are for when no other thread uses it.
 *
 * Storage.  portbook_open and portbook_refresh alone allocate.  A const char *
 * that is returned is UTF-8, terminated, and good until portbook_close or
 * portbook_forget; so are iterators, records and persons.  Members whose name
 * ends in "_" are no business of yours.
 *
 * Dates.  as_of is YYYY-MM-DD, for the last version with that date or an
 * earlier one, YYYY-MM-DD.N for what was published as the N-th edition of that
 * day, or NULL for the newest.  PORTBOOK_EUSAGE is for what is no date, and
 * PORTBOOK_ENOVERSION for one before all versions.
 *
 * Texts that have to be made go into size bytes at buf, terminated, as with
 * snprintf(3): what is returned is the length in bytes without the NUL; or,
 * where that would not fit, a number of at least size: the text is cut there
 * between two characters, and a buffer of that number and one more bytes has
 * room for all of it.  buf may be NULL where size is 0.
 *
 * All of it is there since 0.1.0.
 */
#ifndef PORTBOOK_PORTBOOK_H
#define PORTBOOK_PORTBOOK_H

#include <stddef.h>
#include <stdint.h>

#include "portbook/error.h"

#if defined(__GNUC__)
#define PORTBOOK_API __attribute__((visibility("default")))
#else
#define PORTBOOK_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* New values may come behind the last of any enum here. */
enum portbook_protocol {
	PORTBOOK_TCP = 0,
	PORTBOOK_UDP = 1,
	PORTBOOK_SCTP = 2,
	PORTBOOK_DCCP = 3,
	PORTBOOK_ANY = 4,  /* asked for: any; of a record: it names none */
	PORTBOOK_OTHER = 5 /* of a record: none of these */
};

/* RFC 6335 section 6, and no row at all. */
enum portbook_state {
	PORTBOOK_NOT_LISTED = 0,
	PORTBOOK_UNASSIGNED = 1,
	PORTBOOK_RESERVED = 2,
	PORTBOOK_ASSIGNED = 3
};

/* 0-1023, 1024-49151, 49152-65535. */
enum portbook_class {
	PORTBOOK_SYSTEM = 0,
	PORTBOOK_USER = 1,
	PORTBOOK_DYNAMIC = 2,
	PORTBOOK_UNNUMBERED = 3 /* a record without number */
};

/* An open registry. */
struct portbook;

/* The registry as it stood in one file; of the library. */
struct portbook_image;

/* A record in one version.  Copy it as you like. */
struct portbook_record {
	const struct portbook_image *image_;
	uint32_t row_;
	uint32_t version_;
};

/* A person or organisation, the same. */
struct portbook_person {
	const struct portbook_image *image_;
	uint32_t person_;
	uint32_t reserved_;
};

#define PORTBOOK_ROWS_ 120

/* Where one is among the records found. */
struct portbook_it {
	const struct portbook_image *image_;
	const uint32_t *rows_;
	size_t total_;
	size_t count_;
	size_t at_;
	uint32_t version_;
	uint32_t own_[PORTBOOK_ROWS_];
};

/* The version of the library that runs: "0.1.0". */
PORTBOOK_API const char *portbook_version(void);

/*
 * Opens the image at path, or that of the state folder at path; with NULL that
 * of the system's state folder, /var/lib/portbook.  The environment is not
 * looked at.  *ret is yours: portbook_close it.  PORTBOOK_ENODATA if nothing
 * is there, PORTBOOK_EFORMAT for a file that is no image (the registry's XML
 * or CSV: see portbook-import(1)), PORTBOOK_EVERSION, PORTBOOK_EDAMAGED,
 * PORTBOOK_EIO, PORTBOOK_ENOMEM.  Nothing but the header is read.
 *
 * The file must not be made shorter while it is open, which would be SIGBUS: a
 * new one is to be renamed over it, as portbook(1) does.  A path that does not
 * begin with "/" is one from the working folder of now, and at a
 * portbook_refresh from that of then.
 */
PORTBOOK_API int portbook_open(
    const char *path, struct portbook **ret, struct portbook_error *err);

/*
 * Takes what is at the path now: 1 if that is another image than before, 0 if
 * not; on failure (as of portbook_open) all stays as it was.  Costs one
 * stat(2) if nothing changed.  Later questions are answered from the new image.
 * Answers given before, and the image they are of, stay until portbook_forget.
 */
PORTBOOK_API int portbook_refresh(
    struct portbook *db, struct portbook_error *err);

/* Lets go of images that portbook_refresh has replaced, if any. */
PORTBOOK_API void portbook_forget(struct portbook *db);

/* Lets go of all.  NULL is fine. */
PORTBOOK_API void portbook_close(struct portbook *db);

/* The registry's date, "2026-08-17"; empty if it has none. */
PORTBOOK_API const char *portbook_date(const struct portbook *db);

/* Records in the newest version, and versions. */
PORTBOOK_API size_t portbook_record_count(const struct portbook *db);
PORTBOOK_API size_t portbook_version_count(const struct portbook *db);

/* The date of the version that as_of leads to. */
PORTBOOK_API int portbook_as_of(const struct portbook *db, const char *as_of,
    const char **ret, struct portbook_error *err);

/*
 * All records of a port (0 to 65535, else PORTBOOK_EUSAGE), the preferred ones
 * first; where none is assigned, those that say so.  protocol chooses those
 * that speak of it.  1 if one of them is an assignment, else 0.
 */
PORTBOOK_API int portbook_by_port(const struct portbook *db, unsigned port,
    enum portbook_protocol protocol, const char *as_of, struct portbook_it *ret,
    struct portbook_error *err);

/*
 * All records of a name in any letter case, the preferred one first.  Those
 * that an everyday name leads to ("rdp", "whois") come behind records of that
 * name, but before them where none of these has a port.  Returns as
 * portbook_by_port.
 */
PORTBOOK_API int portbook_by_name(const struct portbook *db, const char *name,
    enum portbook_protocol protocol, const char *as_of, struct portbook_it *ret,
    struct portbook_error *err);

/*
 * Scratch for portbook_query and portbook_search, of any alignment, that the
 * caller keeps until the iterator is done with.  So many bytes hold rows
 * records, or with 0 all there may be; at most about 6 bytes a record.
 */
PORTBOOK_API size_t portbook_scratch_size(
    const struct portbook *db, size_t rows);

/*
 * What text asks for, as on the command line: "443", "443/tcp", "8000-8010",
 * "https", "https/udp", "_https._tcp".  Of a range every record in it, in the
 * order of the registry.  scratch may be NULL with 0 bytes: then the iterator
 * gives no more than 120 records, whatever portbook_total says.
 * PORTBOOK_EUSAGE as of portbook_parse.  Returns as portbook_by_port.
 */
PORTBOOK_API int portbook_query(const struct portbook *db, const char *text,
    const char *as_of, void *scratch, size_t size, struct portbook_it *ret,
    struct portbook_error *err);

/*
 * The registry's own search: records in which every word stands in some
 * column, ignoring case; all records for no word.  In the order of the
 * registry, from the one numbered first, from 0, and as many as there is room
 * for.  1 if there is such a record, else 0.  PORTBOOK_EUSAGE for more than
 * 1,024 bytes or 32 words; PORTBOOK_ELIMIT for less than
 * portbook_scratch_size(db, 1) bytes, which a refresh may have made more.
 */
PORTBOOK_API int portbook_search(const struct portbook *db, const char *words,
    const char *as_of, size_t first, void *scratch, size_t size,
    struct portbook_it *ret, struct portbook_error *err);

/*
 * The next record: 1, or 0 behind the last.  Without scratch there are no more
 * than 120, which is many times what a port or name of the registry has.
 */
PORTBOOK_API int portbook_next(
    struct portbook_it *it, struct portbook_record *ret);

/* All records found, be they more than the iterator gives. */
PORTBOOK_API size_t portbook_total(const struct portbook_it *it);

/* enum portbook_state of a port for one of the four transports. */
PORTBOOK_API int portbook_port_state(const struct portbook *db, unsigned port,
    enum portbook_protocol protocol, const char *as_of,
    struct portbook_error *err);

/* What a text asks for. */
enum portbook_kind { PORTBOOK_PORT = 0, PORTBOOK_RANGE = 1, PORTBOOK_NAME = 2 };

/* Set size to sizeof(struct portbook_question) first. */
struct portbook_question {
	size_t size;
	enum portbook_kind kind;
	enum portbook_protocol protocol;
	uint16_t first; /* of a port or range */
	uint16_t last;
	const char *name; /* of a name: into the text, not terminated */
	size_t name_len;  /* bytes */
};

/*
 * PORTBOOK_EUSAGE, in words for whoever asked, for a port beyond 65535, a
 * falling range, an empty text, or one of more than 1,024 bytes.
 */
PORTBOOK_API int portbook_parse(const char *text, struct portbook_question *ret,
    struct portbook_error *err);

/* The service name, or NULL. */
PORTBOOK_API const char *portbook_record_name(
    const struct portbook_record *record);

/* First and last port; -1 for a record without number. */
PORTBOOK_API int portbook_record_first(const struct portbook_record *record);
PORTBOOK_API int portbook_record_last(const struct portbook_record *record);

PORTBOOK_API enum portbook_protocol portbook_record_protocol(
    const struct portbook_record *record);
PORTBOOK_API enum portbook_state portbook_record_state(
    const struct portbook_record *record);
PORTBOOK_API enum portbook_class portbook_record_class(
    const struct portbook_record *record);

/* Whether it is the one to call its port by: 1 or 0. */
PORTBOOK_API int portbook_record_is_preferred(
    const struct portbook_record *record);

/* The name that its name is a historic alias of ("http"), or NULL. */
PORTBOOK_API const char *portbook_record_alias_of(
    const struct portbook_record *record);

/* "2021-10-01", with the precision the registry has ("2006-03"), or NULL. */
PORTBOOK_API const char *portbook_record_registered(
    const struct portbook_record *record);
PORTBOOK_API const char *portbook_record_modified(
    const struct portbook_record *record);

/* What tells it from all others of its version: "443/tcp/https". */
PORTBOOK_API size_t portbook_record_key(
    const struct portbook_record *record, char *buf, size_t size);

/* Texts, empty where there is none; lines are parted by newlines. */
PORTBOOK_API size_t portbook_record_description(
    const struct portbook_record *record, char *buf, size_t size);
PORTBOOK_API size_t portbook_record_note(
    const struct portbook_record *record, char *buf, size_t size);
PORTBOOK_API size_t portbook_record_unauthorized_use(
    const struct portbook_record *record, char *buf, size_t size);
PORTBOOK_API size_t portbook_record_service_code(
    const struct portbook_record *record, char *buf, size_t size);

/*
 * The n-th assignee and contact, from 0: the id of a person, as a rule.  0,
 * and an empty text, behind the last.
 */
PORTBOOK_API size_t portbook_record_assignee(
    const struct portbook_record *record, size_t n, char *buf, size_t size);
PORTBOOK_API size_t portbook_record_contact(
    const struct portbook_record *record, size_t n, char *buf, size_t size);

enum portbook_reference {
	PORTBOOK_REFERENCE_TYPE = 0,	/* "rfc", "draft", "uri", "text" ... */
	PORTBOOK_REFERENCE_LABEL = 1,	/* "RFC9110" */
	PORTBOOK_REFERENCE_TARGET = 2,	/* "rfc9110", or empty */
	PORTBOOK_REFERENCE_SECTION = 3, /* or empty */
	PORTBOOK_REFERENCE_URL = 4	/* or empty */
};

/* A part of the n-th reference; behind the last, every one is empty. */
PORTBOOK_API size_t portbook_record_reference(
    const struct portbook_record *record, size_t n,
    enum portbook_reference part, char *buf, size_t size);

/* The n-th person that a record refers to, from 0: 1, or 0 behind the last. */
PORTBOOK_API int portbook_record_person(const struct portbook_record *record,
    size_t n, struct portbook_person *ret);

/* The person of that id (case matters) in the newest version: 1 or 0. */
PORTBOOK_API int portbook_person_find(
    const struct portbook *db, const char *id, struct portbook_person *ret);

PORTBOOK_API const char *portbook_person_id(
    const struct portbook_person *person);
/* A date, or NULL. */
PORTBOOK_API const char *portbook_person_updated(
    const struct portbook_person *person);
PORTBOOK_API size_t portbook_person_name(
    const struct portbook_person *person, char *buf, size_t size);
PORTBOOK_API size_t portbook_person_organization(
    const struct portbook_person *person, char *buf, size_t size);

/* The n-th address, from 0, as published: "&" for "@".  0 behind the last. */
PORTBOOK_API size_t portbook_person_uri(
    const struct portbook_person *person, size_t n, char *buf, size_t size);

/* What there is to say of a name; size is to be set first. */
struct portbook_name_report {
	size_t size;
	int is_valid;		  /* RFC 6335 section 5.1 allows it */
	int is_free;		  /* no record of the version has it */
	size_t finding_count;	  /* of findings */
	const char *findings[12]; /* codes: "NAME-CHAR"; portbook_rule */
	size_t nearest_count;	  /* of nearest; 0 if it is valid and free */
	char nearest[3][16];	  /* names that may be registered */
};

/* Whether a name may be registered: 1 or 0.  Any bytes may be asked for. */
PORTBOOK_API int portbook_check_name(const struct portbook *db,
    const char *name, const char *as_of, struct portbook_name_report *ret,
    struct portbook_error *err);

/*
 * The sentence of a code, and in *source, unless NULL, where the rule is from
 * ("RFC 6335 section 5.1").  NULL for no code.
 */
PORTBOOK_API const char *portbook_rule(const char *code, const char **source);

/* Which ports to look for; PORTBOOK_FREE_INIT has no wishes. */
struct portbook_free {
	size_t size;	     /* sizeof(struct portbook_free) */
	unsigned transports; /* bits, 1 << enum portbook_protocol */
	int near;	     /* a port to be near to, or -1 */
	uint16_t first;	     /* of the range */
	uint16_t last;
	const char *seed; /* same seed of at most 128 bytes, same ports; NULL or
			     "": nobody can guess */
};

/* For tcp and udp, from all ports. */
#define PORTBOOK_FREE_INIT                                                     \
	{                                                                      \
		sizeof(struct portbook_free),                                  \
		    1U << PORTBOOK_TCP | 1U << PORTBOOK_UDP, -1, 0, 65535,     \
		    NULL                                                       \
	}

/* The rules of portbook-suggest(1) but those of this host. */
#define PORTBOOK_SUGGEST_MAX 100

/*
 * Up to cap ports, at most PORTBOOK_SUGGEST_MAX, against which no rule speaks;
 * returns how many.  Unassigned is not permission: see portbook-suggest(1).
 * Uses up to 48 KiB of stack.  PORTBOOK_EUSAGE for wishes that cannot be.
 */
PORTBOOK_API int portbook_suggest(const struct portbook *db,
    const struct portbook_free *wish, const char *as_of, uint16_t *ret,
    size_t cap, struct portbook_error *err);

enum portbook_verdict {
	PORTBOOK_GOOD = 0,
	PORTBOOK_NOTE = 1, /* worth knowing */
	PORTBOOK_BAD = 2   /* the port is not usable */
};

/* What a rule says of a port; size is to be set first. */
struct portbook_reason {
	size_t size;
	enum portbook_verdict verdict;
	const char *code;    /* "BROWSERS" */
	const char *against; /* what it is that speaks against ports */
	const char *source;  /* where the rule is from */
};

/* Whether a port is usable: 1 or 0. */
PORTBOOK_API int portbook_is_usable(const struct portbook *db,
    const struct portbook_free *wish, const char *as_of, unsigned port,
    struct portbook_error *err);

/* What the n-th rule, from 0, says of it: 1, or 0 behind the last rule. */
PORTBOOK_API int portbook_reason_find(const struct portbook *db,
    const struct portbook_free *wish, const char *as_of, unsigned port,
    size_t n, struct portbook_reason *ret, struct portbook_error *err);

#ifdef __cplusplus
}
#endif
#endif
