/* SPDX-License-Identifier: ISC */
/*
 * threads LINK IMAGE IMAGE: eight threads ask, while one turns the link round
 * between two images and refreshes.  Records of before stay readable.  Prints
 * "N asked, N refreshed, N wrong".
 */
#include <portbook/portbook.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define THREADS 8
#define TURNS 50

static struct portbook *db;
static atomic_int done;
static atomic_ulong asked, wrong;

static int is_https(const struct portbook_record *record)
{
	const char *name = portbook_record_name(record);

	return name != NULL && strcmp(name, "https") == 0 &&
	       portbook_record_first(record) == 443;
}

static void *run(void *arg)
{
	struct portbook_record first, record;
	struct portbook_it it;

	(void)arg;
	portbook_by_port(db, 443, PORTBOOK_TCP, NULL, &it, NULL);
	if (!portbook_next(&it, &first))
		atomic_fetch_add(&wrong, 1);
	do {
		if (portbook_by_name(
			db, "HTTPS", PORTBOOK_TCP, NULL, &it, NULL) != 1 ||
		    !portbook_next(&it, &record) || !is_https(&record) ||
		    !is_https(&first))
			atomic_fetch_add(&wrong, 1);
		atomic_fetch_add(&asked, 1);
	} while (!atomic_load(&done));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	struct portbook_error err;
	char next[4096];
	int refreshed = 0;

	if (argc != 4 || portbook_open(argv[1], &db, &err) < 0)
		return 1;
	snprintf(next, sizeof(next), "%s.next", argv[1]);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < TURNS; i++) {
		if (symlink(argv[2 + (i + 1) % 2], next) < 0 ||
		    rename(next, argv[1]) < 0)
			return 1;
		refreshed += portbook_refresh(db, &err) == 1;
		if (portbook_refresh(db, &err) != 0)
			atomic_fetch_add(&wrong, 1);
		usleep(2000);
	}
	atomic_store(&done, 1);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	portbook_forget(db);
	portbook_close(db);
	printf("%s asked, %d refreshed, %lu wrong\n",
	    atomic_load(&asked) > 0 ? "often" : "never", refreshed,
	    atomic_load(&wrong));
	return 0;
}
