/* SPDX-License-Identifier: ISC */
/*
 * The site: what it serves, and its routes.  A published version of the
 * registry is an edition; requests hold a counted reference to the one that
 * was current when they began, so that a newer one can take its place at any
 * moment.
 */
#ifndef WEB_SITE_H
#define WEB_SITE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "http/http.h"
#include "image/image.h"
#include "portbook/error.h"
#include "web/base_url.h"
#include "web/hide.h"
#include "web/kept_json.h"

/* A file that is served as it is. */
struct source_file {
	struct span bytes;		  /* mapped; empty if there is none */
	struct span packed[HTTP_CODINGS]; /* likewise, its copies beside it */
	uint64_t modified;
	char etag[40];
};

enum source_kind { SOURCE_XML, SOURCE_CSV, SOURCE_TXT, SOURCE_COUNT };

struct site;

struct edition {
	atomic_uint references;
	struct site *site; /* borrowed */
	struct image image;
	struct hidden hidden;	/* what takes the place of its people */
	struct kept_json *json; /* of its records; NULL if memory failed */
	struct source_file sources[SOURCE_COUNT];
};

/* What identifies a file, to see that another stands in its place. */
struct file_identity {
	dev_t device;
	ino_t inode;
	struct timespec modified;
	uint64_t len;
};

struct site {
	struct http_site http; /* to be given to http_server_open; its cache
				  is the site's own */
	bool hide_people;      /* all but the official files show none */
	const char *registry;  /* borrowed; NULL if it came as a descriptor */
	struct base_url base;  /* set by the caller before it serves */
	struct span security_contact; /* the same; a URI, or empty */
	pthread_mutex_t lock;	      /* of current */
	struct edition *current;
	struct file_identity seen; /* the last one tried */
	bool broken;		   /* and it could not be opened */
};

/*
 * Opens the registry at path: an image, a folder that holds one, or a state
 * folder.  Without path, the image in descriptor fd, which stays the
 * caller's.  PORTBOOK_ENODATA where there is none, and image_open's codes.
 * With hide_people only the official files name anybody.  The storage is the
 * caller's, which does not move it until site_close.
 */
int site_open(const char *path, int fd, bool hide_people, struct site *ret,
    struct portbook_error *err);

/* Only when no request is under way any more. */
void site_close(struct site *site);

/*
 * Looks whether another image has been published and takes it: 1 then, 0 if
 * nothing is new.  After a failure the old one is served on; the same file is
 * tried again only if asked.  Belongs to one thread.
 */
int site_refresh(struct site *site, bool asked, struct portbook_error *err);

/* Whether text may be a contact: https://..., mailto:... or tel:... */
bool security_contact_is_good(struct span text);

/* A counted reference to the edition of now, and giving it back. */
struct edition *site_take(struct site *site);
void edition_give(void *edition);

#endif
