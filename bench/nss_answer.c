/* SPDX-License-Identifier: ISC */
/*
 * A module for the name service switch that answers at once, always the same:
 * what the C library takes for itself.
 */
#include <netdb.h>
#include <nss.h>
#include <stddef.h>

static enum nss_status answer(struct servent *result)
{
	static char name[] = "answer", protocol[] = "tcp";
	static char *aliases[] = {NULL};

	result->s_name = name;
	result->s_aliases = aliases;
	result->s_port = 0x0100;
	result->s_proto = protocol;
	return NSS_STATUS_SUCCESS;
}

__attribute__((visibility("default"))) enum nss_status
_nss_answer_getservbyname_r(const char *name, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error);
__attribute__((visibility("default"))) enum nss_status
_nss_answer_getservbyport_r(int port, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error);

/* What begins like this is not there. */
enum nss_status _nss_answer_getservbyname_r(const char *name,
    const char *protocol, struct servent *result, char *buffer, size_t len,
    int *error)
{
	(void)protocol;
	(void)buffer;
	(void)len;
	(void)error;
	return name[0] == '!' ? NSS_STATUS_NOTFOUND : answer(result);
}

enum nss_status _nss_answer_getservbyport_r(int port, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error)
{
	(void)protocol;
	(void)buffer;
	(void)len;
	(void)error;
	return port == 0 ? NSS_STATUS_NOTFOUND : answer(result);
}
