/* SPDX-License-Identifier: ISC */
/*
 * Asks a header made by `convert --to c` for every port on every transport,
 * and for the names that standard input has, a line each.  A line that ends
 * in \x1e for each answer: what was asked, for which transport, and the
 * answer's members, parted by \x1f.  Plain C99 and C++11, as is the header.
 */
#include HEADER
#include HEADER /* twice, for its guard */

#include <stdio.h>
#include <string.h>

static const char *const transports[] = {"tcp", "udp", "sctp", "dccp", "any"};

static void show(
    const char *kind, const char *key, int asked, const struct iana_service *s)
{
	printf("%s\x1f%s\x1f%s\x1f%u\x1f%u\x1f%s\x1f%s", kind, key,
	    transports[asked], (unsigned)s->first, (unsigned)s->last,
	    transports[s->protocol], s->name);
#ifdef FULL
	printf("\x1f%s", s->description);
#endif
	printf("\x1e");
}

static void ask_port(unsigned port)
{
	const struct iana_service *s;
	size_t any = 0;
	char key[8];

	snprintf(key, sizeof(key), "%u", port);
	for (int t = iana_tcp; t < iana_any; t++) {
		size_t n = 0;

		while ((s = iana_by_port((uint16_t)port, t, n)) != NULL) {
			show("port", key, t, s);
			n++;
		}
		any += n;
	}
	/* On any transport there are as many as on all of them. */
	while (any > 0 && iana_by_port((uint16_t)port, iana_any, any - 1))
		any--;
	if (any != 0 || iana_by_port((uint16_t)port, 9, 0) != NULL)
		printf("wrong\x1f%u\x1e", port);
}

static void ask_name(const char *name)
{
	const struct iana_service *s;

	for (int t = iana_tcp; t <= iana_any; t++)
		for (size_t n = 0; (s = iana_by_name(name, t, n)) != NULL; n++)
			show("name", name, t, s);
}

int main(void)
{
	char line[256];

	for (unsigned port = 0; port < 65536; port++)
		ask_port(port);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		ask_name(line);
	}
	return ferror(stdin) || fflush(stdout) != 0;
}
