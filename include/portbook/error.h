/* SPDX-License-Identifier: ISC */
/*
 * What can go wrong, and how it is told.
 *
 * Every function of portbook that can fail returns 0 or more on success and
 * one of the negative codes below on failure, and then fills the caller's
 * struct portbook_error if it was given one.  Reporting never allocates.
 */
#ifndef PORTBOOK_ERROR_H
#define PORTBOOK_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Codes, each with the exit status that the programs give it.  Numbers are
 * never reused; new ones are added at the end.
 */
enum portbook_code {
	PORTBOOK_EUSAGE = -1,	  /* asked for what cannot be: exit 2 */
	PORTBOOK_EFORMAT = -2,	  /* input is not of its format: exit 3 */
	PORTBOOK_EVERSION = -3,	  /* image of another version: exit 3 */
	PORTBOOK_EDAMAGED = -4,	  /* image or store is damaged: exit 3 */
	PORTBOOK_ENOVERSION = -5, /* no registry of that date: exit 3 */
	PORTBOOK_ENODATA = -6,	  /* no registry at all: exit 3 */
	PORTBOOK_EIO = -7,	  /* the system refused: exit 4 */
	PORTBOOK_ENOMEM = -8,	  /* out of memory: exit 4 */
	PORTBOOK_EBUSY = -9,	  /* somebody else is writing: exit 4 */
	PORTBOOK_ELIMIT = -10,	  /* larger than a limit allows: exit 4 */
	PORTBOOK_ENETWORK = -11,  /* could not be fetched: exit 4 */
	PORTBOOK_EREFUSED = -12	  /* an update that looks wrong: exit 3 */
};

/*
 * A failure in words.  Storage is the caller's; all strings are terminated.
 * line and column count from 1, 0 where they have no meaning; a column counts
 * bytes.
 */
struct portbook_error {
	int code;	  /* enum portbook_code */
	int system;	  /* errno, or 0 */
	uint64_t line;	  /* of source */
	uint64_t column;  /* of source, in bytes */
	char source[256]; /* file or address concerned, "" if none */
	char text[240];	  /* what is wrong and what to do about it */
};

#ifdef __cplusplus
}
#endif
#endif
