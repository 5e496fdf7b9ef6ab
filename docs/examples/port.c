/* SPDX-License-Identifier: ISC */
/* What ports and names are registered for: port REGISTRY QUERY... */
#include <portbook/portbook.h>
#include <stdio.h>

static void print(const struct portbook_record *record)
{
	const char *name = portbook_record_name(record);
	char key[200], description[500];

	portbook_record_key(record, key, sizeof(key));
	portbook_record_description(record, description, sizeof(description));
	printf("%s\t%s\t%s\n", key, name != NULL ? name : "-", description);
}

int main(int argc, char **argv)
{
	struct portbook_record record;
	struct portbook_error err;
	struct portbook_it it;
	struct portbook *db;
	int i, found = 0;

	/* NULL is the registry of the system. */
	if (argc < 2 || portbook_open(argv[1], &db, &err) < 0) {
		fprintf(stderr, "%s\n", argc < 2 ? "no registry" : err.text);
		return 3;
	}
	for (i = 2; i < argc; i++) {
		if (portbook_query(db, argv[i], NULL, NULL, 0, &it, &err) < 0) {
			fprintf(stderr, "%s\n", err.text);
			continue;
		}
		while (portbook_next(&it, &record)) {
			print(&record);
			found = 1;
		}
	}
	portbook_close(db);
	return found ? 0 : 1;
}
