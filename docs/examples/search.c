/* SPDX-License-Identifier: ISC */
/* The search of the registry, page by page: search REGISTRY WORDS */
#include <portbook/portbook.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE 100

int main(int argc, char **argv)
{
	struct portbook_record record;
	struct portbook_error err;
	struct portbook_it it;
	struct portbook *db;
	size_t first = 0, size;
	void *scratch;
	int found = 0;

	if (argc < 3 || portbook_open(argv[1], &db, &err) < 0) {
		fprintf(stderr, "%s\n", argc < 3 ? "no words" : err.text);
		return 3;
	}
	size = portbook_scratch_size(db, PAGE);
	scratch = malloc(size);
	while (scratch != NULL && (found = portbook_search(db, argv[2], NULL,
				       first, scratch, size, &it, &err)) == 1) {
		char key[200];

		while (first < portbook_total(&it) &&
		       portbook_next(&it, &record)) {
			portbook_record_key(&record, key, sizeof(key));
			puts(key);
			first++;
		}
	}
	if (found < 0)
		fprintf(stderr, "%s\n", err.text);
	free(scratch);
	portbook_close(db);
	return found < 0 ? 3 : 0;
}
