/* SPDX-License-Identifier: ISC */
/* The parts of the C header that are the same for every registry. */
#ifndef WRITE_CHEADER_H
#define WRITE_CHEADER_H

/* The end of the first comment, the guard and the prefix. */
extern const char cheader_about[];

/* The types, up to the last member but the description. */
extern const char cheader_types[];

/* The functions and the end. */
extern const char cheader_functions[];

#endif
