/* SPDX-License-Identifier: ISC */
/*
 * stress WHAT IMAGE...: the module's sources linked in, looking for a new
 * image at every tick of the coarse clock; NSS_IMAGE is a link in the folder
 * that this runs in.  Prints "ok" or what is wrong.
 *
 *	turn A B	16 threads ask, while the link is turned round 150 times
 *	fork A B	the same, with 50 children that ask, too
 *	walk FILE...	all that can be asked of each file, be it damaged
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nss/module.h"

#define THREADS 16
#define TURNS 150 /* for more than a second, in which the clock's carry is */
#define TURNS_A_FORK 3
#define TICK_US 5000

static atomic_int done;
static atomic_ulong asked, wrong;

static void check(int fine)
{
	if (!fine)
		atomic_fetch_add(&wrong, 1);
}

static void ask_once(void)
{
	struct servent s;
	char room[512];
	int error;

	check(_nss_portbook_getservbyname_r("https", "tcp", &s, room,
		  sizeof(room), &error) == NSS_STATUS_SUCCESS &&
	      s.s_port == htons(443) && strcmp(s.s_name, "https") == 0);
	check(_nss_portbook_getservbyport_r(htons(80), "tcp", &s, room,
		  sizeof(room), &error) == NSS_STATUS_SUCCESS &&
	      strcmp(s.s_name, "http") == 0);
	check(_nss_portbook_getservbyname_r("no-such-name", "udp", &s, room,
		  sizeof(room), &error) == NSS_STATUS_NOTFOUND);
	atomic_fetch_add(&asked, 1);
}

static void *run(void *arg)
{
	while (!atomic_load(&done))
		ask_once();
	return arg;
}

static int turn(const char *to)
{
	unlink("next");
	return symlink(to, "next") == 0 && rename("next", NSS_IMAGE) == 0;
}

/* Images that this process maps. */
static int mapped(const char *a, const char *b)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4096];
	int count = 0;

	while (fgets(line, sizeof(line), maps) != NULL)
		count += strstr(line, a) != NULL || strstr(line, b) != NULL;
	fclose(maps);
	return count;
}

/* A child finds no lock held, and the newest image. */
static int child(const char *a, const char *b)
{
	/* Among them what threads, which are no more, were about to use. */
	int before = mapped(a, b);

	atomic_store(&wrong, 0);
	alarm(20);
	for (int i = 0; i < 3; i++) {
		ask_once();
		usleep(TICK_US);
	}
	turn(a);
	usleep(2 * TICK_US);
	ask_once();
	usleep(2 * TICK_US);
	ask_once();
	return atomic_load(&wrong) > 0 ? 1 : mapped(a, b) > before ? 2 : 0;
}

static void fork_one(const char *a, const char *b)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(child(a, b));
	check(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0);
}

static int load(int forks, const char *a, const char *b)
{
	pthread_t threads[THREADS];
	int left, followed = 0;

	check(turn(a));
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < TURNS; i++) {
		const char *to = i % 2 == 0 ? b : a;

		check(turn(to));
		if (forks && i % TURNS_A_FORK == 0) {
			fork_one(a, b);
			check(turn(to));
		}
		usleep(2 * TICK_US);
		followed += mapped(to, to) > 0;
	}
	atomic_store(&done, 1);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	usleep(2 * TICK_US);
	ask_once();
	left = mapped(a, b);
	if (atomic_load(&wrong) == 0 && left == 1 &&
	    atomic_load(&asked) > 100 && followed > TURNS * 3 / 4)
		printf("ok\n");
	else
		printf("%lu asked, %lu wrong, %d images mapped, %d of %d "
		       "followed\n",
		    atomic_load(&asked), atomic_load(&wrong), left, followed,
		    TURNS);
	return 0;
}

/* What comes of it does not matter, that it comes does. */
static void walk(const char *path)
{
	struct servent s;
	char room[8192];
	int error, count = 0;

	check(turn(path));
	usleep(TICK_US);
	_nss_portbook_setservent(0);
	while (_nss_portbook_getservent_r(&s, room, sizeof(room), &error) ==
	       NSS_STATUS_SUCCESS) {
		char name[256];

		if (++count % 7 != 0)
			continue;
		snprintf(name, sizeof(name), "%s", s.s_name);
		_nss_portbook_getservbyname_r(
		    name, NULL, &s, room, sizeof(room), &error);
	}
	for (int port = 0; port < 65536; port += 5)
		_nss_portbook_getservbyport_r(htons((uint16_t)port), NULL, &s,
		    room, sizeof(room), &error);
	atomic_fetch_add(&asked, 1);
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "turn") == 0)
		return load(0, argv[2], argv[3]);
	if (argc == 4 && strcmp(argv[1], "fork") == 0)
		return load(1, argv[2], argv[3]);
	for (int i = 2; i < argc; i++)
		walk(argv[i]);
	printf(atomic_load(&wrong) == 0 ? "ok\n" : "wrong\n");
	return 0;
}
