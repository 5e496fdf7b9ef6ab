/* SPDX-License-Identifier: ISC */
/*
 * Functions that have no place here: they depend on the locale, cannot tell
 * an error from a value, or cannot be bounded.  Include it last, in a .c file.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* malloc and free belong to mem.c, which includes nothing of this file. */
#pragma GCC poison malloc calloc realloc free strdup strndup
#pragma GCC poison atoi atol atoll strtol strtoul strtoll strtoull strtod
#pragma GCC poison sprintf vsprintf strcpy strncpy strcat strncat strtok
#pragma GCC poison isalpha isdigit isalnum isspace isupper islower toupper
#pragma GCC poison tolower gets setlocale

#endif
