/* SPDX-License-Identifier: ISC */
/* Free ports, and why another one is not: free REGISTRY SEED PORT */
#include <portbook/portbook.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct portbook_free wish = PORTBOOK_FREE_INIT;
	struct portbook_reason reason;
	struct portbook_error err;
	struct portbook *db;
	uint16_t ports[5];
	unsigned port;
	size_t n;
	int count, i;

	if (argc < 4 || portbook_open(argv[1], &db, &err) < 0) {
		fprintf(stderr, "%s\n", argc < 4 ? "what port?" : err.text);
		return 3;
	}
	wish.seed = argv[2];
	count = portbook_suggest(db, &wish, NULL, ports, 5, &err);
	if (count < 0)
		fprintf(stderr, "%s\n", err.text);
	for (i = 0; i < count; i++)
		printf("%u\n", (unsigned)ports[i]);
	port = (unsigned)atoi(argv[3]);
	reason.size = sizeof(reason);
	for (n = 0;
	     portbook_reason_find(db, &wish, NULL, port, n, &reason, &err) == 1;
	     n++)
		if (reason.verdict == PORTBOOK_BAD)
			printf("%u: %s (%s)\n", port, reason.against,
			    reason.source);
	portbook_close(db);
	return 0;
}
