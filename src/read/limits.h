/* SPDX-License-Identifier: ISC */
/*
 * How much a source may hold.  The official registry has 4 MB, 15,000 records
 * and a longest text of 4 KB; beyond these bounds a file is an attack or a
 * mistake, and reading ends with PORTBOOK_ELIMIT.
 */
#ifndef READ_LIMITS_H
#define READ_LIMITS_H

#include <stdint.h>

#define LIMIT_SOURCE_LEN ((uint64_t)4 << 30) /* bytes, decompressed */
#define LIMIT_PIECE_LEN ((size_t)16 << 20)   /* header, record, gap, row */
#define LIMIT_TEXT_LEN ((size_t)1 << 20)     /* an element, value or cell */
#define LIMIT_LINE_LEN ((size_t)16 << 10)    /* of a services(5) file */
#define LIMIT_DEPTH 16U			     /* elements within elements */
#define LIMIT_ATTRIBUTES 64U		     /* of one element */
#define LIMIT_RECORDS ((size_t)1 << 31)
#define LIMIT_PEOPLE ((size_t)1 << 31)

/*
 * A compressed source that has given LIMIT_FREE_LEN bytes may not have grown
 * more than LIMIT_EXPANSION times: registries shrink to a tenth, bombs to a
 * thousandth and less.
 */
#define LIMIT_FREE_LEN ((uint64_t)64 << 20)
#define LIMIT_EXPANSION 400U

/*
 * An archive, and what of it is held in memory: a member at a time for each
 * reader.  Years of versions shrink to a thousandth, so that an archive may
 * grow as it likes up to its limit.
 */
#define LIMIT_ARCHIVE_LEN ((uint64_t)64 << 30) /* bytes, decompressed */
#define LIMIT_ARCHIVE_MEMBERS ((uint64_t)1 << 20)
#define LIMIT_MEMBER_LEN ((uint64_t)256 << 20) /* bytes of a member */
#define LIMIT_MEMBER_NAME ((size_t)4096)       /* bytes of its name */
#define LIMIT_MEMBER_HEAD ((size_t)64 << 10)   /* bytes of a pax header */

#endif
