/* SPDX-License-Identifier: ISC */
/*
 * Commands of portbook-admin.  argv[0] is the command's name; each gives an
 * exit status, or a negative code with err filled.
 */
#ifndef TOOL_ADMIN_H
#define TOOL_ADMIN_H

#include "portbook/error.h"

/* Reads official files, a version each, and writes an image beside and renamed.
 */
int admin_build(int argc, char **argv, struct portbook_error *err);

/* Reads, looks at, builds and publishes the newest version. */
int admin_update(int argc, char **argv, struct portbook_error *err);

/* Records many versions and publishes the image of all. */
int admin_import(int argc, char **argv, struct portbook_error *err);

/* Whether the store of a state folder is whole. */
int admin_verify(int argc, char **argv, struct portbook_error *err);

/* Holds the rules of RFC 6335 against a registry. */
int admin_check(int argc, char **argv, struct portbook_error *err);

/* Builds an image in memory and executes a program on it. */
int admin_with_image(int argc, char **argv, struct portbook_error *err);

/* Writes official files in another format, or several into a folder. */
int admin_convert(int argc, char **argv, struct portbook_error *err);

/* Writes all official formats into a folder. */
int admin_publish(int argc, char **argv, struct portbook_error *err);

#endif
