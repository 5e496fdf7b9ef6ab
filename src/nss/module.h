/* SPDX-License-Identifier: ISC */
/*
 * What the C library calls: nss_portbook(8).
 *
 * Any number of threads may call any of it.  A buffer that is too small is
 * NSS_STATUS_TRYAGAIN with ERANGE in *error; the same call with a larger one
 * gives what this one would have.  What is not there is NSS_STATUS_NOTFOUND,
 * no image NSS_STATUS_UNAVAIL with ENOENT.  errno stays as it was, but where
 * error leads to it.
 */
#ifndef NSS_MODULE_H
#define NSS_MODULE_H

#include <netdb.h>
#include <nss.h>
#include <stddef.h>

#define NSS_API __attribute__((visibility("default")))

/* protocol is NULL for any; of a port in network byte order. */
NSS_API enum nss_status _nss_portbook_getservbyname_r(const char *name,
    const char *protocol, struct servent *result, char *buffer, size_t len,
    int *error);
NSS_API enum nss_status _nss_portbook_getservbyport_r(int port,
    const char *protocol, struct servent *result, char *buffer, size_t len,
    int *error);

/* All entries, one after the other; the process has one place in them. */
NSS_API enum nss_status _nss_portbook_setservent(int stay_open);
NSS_API enum nss_status _nss_portbook_endservent(void);
NSS_API enum nss_status _nss_portbook_getservent_r(
    struct servent *result, char *buffer, size_t len, int *error);

#endif
