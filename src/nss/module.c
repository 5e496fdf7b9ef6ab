/* SPDX-License-Identifier: ISC */
#include "nss/module.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>

#include "nss/entry.h"
#include "nss/shared.h"
#include "base/banned.h"

/* Where getservent is; the C library lets in one thread at a time. */
static _Atomic(uint32_t) next_place;

/* Not by strcmp and strlen: see copy_words in entry.c. */
static bool is_word(const char *text, const char *word)
{
	while (*text == *word && *word != '\0') {
		text++;
		word++;
	}
	return *text == *word;
}

/* A name as far as any that there is may go. */
static struct span name_of_call(const char *name)
{
	size_t len = 0;

	while (len <= IMAGE_LINE_NAME_MAX && name[len] != '\0')
		len++;
	return span_of(name, len);
}

/* As in services(5), case matters.  False for what has no ports here. */
static bool protocol_of_call(const char *text, enum protocol *ret)
{
	*ret = PROTOCOL_NONE;
	if (text == NULL)
		return true;
	for (unsigned p = 0; p < PROTOCOL_COUNT; p++)
		if (is_word(text, entry_protocols[p].name)) {
			*ret = (enum protocol)p;
			return true;
		}
	return false;
}

static enum nss_status fill(const struct image_line *line,
    struct servent *result, char *buffer, size_t len, int *error)
{
	if (entry_fill(line, result, buffer, len))
		return NSS_STATUS_SUCCESS;
	*error = ERANGE;
	return NSS_STATUS_TRYAGAIN;
}

static enum nss_status unavailable(int *error)
{
	*error = ENOENT;
	return NSS_STATUS_UNAVAIL;
}

enum nss_status _nss_portbook_getservbyname_r(const char *name,
    const char *protocol, struct servent *result, char *buffer, size_t len,
    int *error)
{
	enum nss_status status = NSS_STATUS_NOTFOUND;
	struct shared_ref ref;
	enum protocol p;
	struct image_line line;
	bool there = shared_acquire(&ref);

	if (!there)
		return unavailable(error);
	if (protocol_of_call(protocol, &p) &&
	    image_line_by_name(ref.image, name_of_call(name), p, &line))
		status = fill(&line, result, buffer, len, error);
	shared_release(&ref);
	return status;
}

enum nss_status _nss_portbook_getservbyport_r(int port, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error)
{
	enum nss_status status = NSS_STATUS_NOTFOUND;
	struct shared_ref ref;
	enum protocol p;
	struct image_line line;
	bool there = shared_acquire(&ref);

	if (!there)
		return unavailable(error);
	if (port >= 0 && port <= UINT16_MAX && protocol_of_call(protocol, &p) &&
	    image_line_by_port(ref.image, ntohs((uint16_t)port), p, &line))
		status = fill(&line, result, buffer, len, error);
	shared_release(&ref);
	return status;
}

enum nss_status _nss_portbook_setservent(int stay_open)
{
	(void)stay_open;
	atomic_store(&next_place, 0);
	return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_portbook_endservent(void)
{
	atomic_store(&next_place, 0);
	return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_portbook_getservent_r(
    struct servent *result, char *buffer, size_t len, int *error)
{
	enum nss_status status = NSS_STATUS_NOTFOUND;
	uint32_t place = atomic_load(&next_place);
	struct shared_ref ref;
	struct image_line line;
	bool there = shared_acquire(&ref);

	if (!there)
		return unavailable(error);
	if (image_line_from(ref.image, place, &line))
		status = fill(&line, result, buffer, len, error);
	shared_release(&ref);
	if (status == NSS_STATUS_SUCCESS)
		atomic_store(&next_place, image_line_place(&line) + 1);
	else if (status == NSS_STATUS_NOTFOUND)
		atomic_store(&next_place, IMAGE_LINE_PLACES);
	return status;
}
