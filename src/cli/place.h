/* SPDX-License-Identifier: ISC */
/*
 * Where published images are: public/1/current/registry.image in a state
 * folder, that of the system or that of the user.
 */
#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include <limits.h>
#include <stdbool.h>

#include "image/image.h"

/* The state folder of the system. */
#define PLACE_SYSTEM "/var/lib/portbook"

/* The image in a state folder, behind the folder's path. */
#define PLACE_IMAGE "/public/1/current/registry.image"

/*
 * The state folder of the user: portbook in $XDG_STATE_HOME or in
 * ~/.local/state.  False where the environment names no home, or one whose
 * path is too long.
 */
bool place_user(char ret[PATH_MAX]);

/* folder and rest as one path; false if it is too long. */
bool place_join(char ret[PATH_MAX], const char *folder, const char *rest);

/*
 * Opens the image in a state folder; path gets its name.  PORTBOOK_ENODATA
 * where the folder holds none, and the codes of image_open.
 */
int place_open_state(const char *folder, struct image *ret, char path[PATH_MAX],
    struct portbook_error *err);

/*
 * Opens the image that answers where none is named: the user's or the
 * system's; of two the newer one, of two of a date the user's.
 */
int place_open(
    struct image *ret, char path[PATH_MAX], struct portbook_error *err);

/*
 * The state folder that the image at path is in, and its store, which only
 * those may read who write it; false if it is in none.
 */
bool place_of_image(const char *path, char folder[PATH_MAX]);
bool place_store(const char *path, char store[PATH_MAX]);

/*
 * Whether path names an official file, of which an image must be made first:
 * "-", or what is there and is neither a folder nor an image.
 */
bool place_is_source(const char *path);

/*
 * The descriptor of the image that portbook-admin made of it and left open,
 * now the caller's; -1 if there is none.  The environment tells it once.
 */
int place_take_inherited(void);

/* Whether an image begins in a file; what cannot be asked for that is none. */
bool place_is_image(int fd);

#endif
