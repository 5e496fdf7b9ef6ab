/* SPDX-License-Identifier: ISC */
/*
 * nss LINE IMAGE SERVICES DB TMP MODULE
 *
 * Asks in a mount namespace of its own, where /etc/nsswitch.conf says
 * "services: LINE", the image is the system's, SERVICES is /etc/services and
 * DB, unless it is "-", the database of libnss-db; with MODULE other than "-"
 * the functions of that one are called directly.  For each line of input
 *
 *	WHAT OPS FILE	WHAT is name or port, FILE has "NAME PORT PROTOCOL"
 *	getent ARGUMENT
 *
 * it prints nanoseconds for one, and how many of OPS were found.
 * bench/nss.py reads that.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <nss.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define QUERIES_MAX 65536
#define IMAGE_FOLDER "/var/lib/portbook/public/1/current"

typedef enum nss_status by_name_fn(const char *name, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error);
typedef enum nss_status by_port_fn(int port, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error);

struct query {
	char name[64];
	int port; /* network byte order */
	char protocol[8];
};

static struct query queries[QUERIES_MAX];
static size_t query_count;
static char queries_of[4096];
static by_name_fn *by_name;
static by_port_fn *by_port;

static void die(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), noreturn));

static void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(4);
}

static void must(int code, const char *what)
{
	if (code < 0)
		die("%s: %s", what, strerror(errno));
}

static void cover(const char *with, const char *what)
{
	must(mount(with, what, NULL, MS_BIND, NULL), what);
}

static void make_folders(const char *path)
{
	char part[256];

	for (size_t i = 1; path[i - 1] != '\0'; i++)
		if (path[i] == '/' || path[i] == '\0') {
			snprintf(part, sizeof(part), "%.*s", (int)i, path);
			if (mkdir(part, 0755) < 0 && errno != EEXIST)
				die("%s: %s", part, strerror(errno));
		}
}

static void enter_root(char **argv)
{
	char path[4096];
	FILE *file;

	must(unshare(CLONE_NEWNS), "a mount namespace");
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "/");
	must(mount("none", "/var/lib", "tmpfs", 0, NULL), "/var/lib");
	make_folders(IMAGE_FOLDER);
	must(symlink(argv[2], IMAGE_FOLDER "/registry.image"), "the image");
	make_folders("/var/lib/misc");
	if (strcmp(argv[4], "-") != 0)
		must(symlink(argv[4], "/var/lib/misc/services.db"), "db");
	snprintf(path, sizeof(path), "%s/nsswitch.%d", argv[5], (int)getpid());
	file = fopen(path, "w");
	if (file == NULL || fprintf(file, "services: %s\n", argv[1]) < 0 ||
	    fclose(file) != 0)
		die("%s: cannot be written", path);
	cover(path, "/etc/nsswitch.conf");
	cover(argv[3], "/etc/services");
}

static void open_module(const char *path)
{
	void *module = dlopen(path, RTLD_NOW);

	if (module == NULL)
		die("%s", dlerror());
	by_name = (by_name_fn *)dlsym(module, "_nss_portbook_getservbyname_r");
	by_port = (by_port_fn *)dlsym(module, "_nss_portbook_getservbyport_r");
	if (by_name == NULL || by_port == NULL)
		die("%s: not the module", path);
}

static int by_cpu(void)
{
	const char *clock = getenv("BENCH_CLOCK");

	return clock != NULL && strcmp(clock, "cpu") == 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(
	    by_cpu() ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double spent(const struct rusage *used)
{
	return (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1e9 +
	       (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) * 1e3;
}

static void read_queries(const char *path)
{
	FILE *file;
	int port;

	if (strcmp(path, queries_of) == 0)
		return;
	file = fopen(path, "r");
	if (file == NULL)
		die("%s: %s", path, strerror(errno));
	query_count = 0;
	while (query_count < QUERIES_MAX &&
	       fscanf(file, "%63s %d %7s", queries[query_count].name, &port,
		   queries[query_count].protocol) == 3)
		queries[query_count++].port = htons((uint16_t)port);
	fclose(file);
	if (query_count == 0)
		die("%s: no queries", path);
	snprintf(queries_of, sizeof(queries_of), "%s", path);
}

static int ask_name(const struct query *q)
{
	struct servent s, *found;
	char room[1024];
	int error = 0;

	if (by_name != NULL)
		return by_name(q->name, q->protocol, &s, room, sizeof(room),
			   &error) == NSS_STATUS_SUCCESS;
	return getservbyname_r(
		   q->name, q->protocol, &s, room, sizeof(room), &found) == 0 &&
	       found != NULL;
}

static int ask_port(const struct query *q)
{
	struct servent s, *found;
	char room[1024];
	int error = 0;

	if (by_port != NULL)
		return by_port(q->port, q->protocol, &s, room, sizeof(room),
			   &error) == NSS_STATUS_SUCCESS;
	return getservbyport_r(
		   q->port, q->protocol, &s, room, sizeof(room), &found) == 0 &&
	       found != NULL;
}

/* From where the last round was, so that all queries have their turn. */
static void measure(const char *what, size_t ops)
{
	static size_t at;
	size_t found = 0;
	double start;

	start = now();
	for (size_t i = 0; i < ops; i++, at++) {
		const struct query *q = &queries[at % query_count];

		found += (size_t)(what[0] == 'n' ? ask_name(q) : ask_port(q));
	}
	printf("%f %zu\n", (now() - start) / (double)ops, found);
}

static void getent(const char *argument)
{
	const char *argv[] = {"/usr/bin/getent", "services", argument, NULL};
	posix_spawn_file_actions_t actions;
	struct rusage used;
	int status = -1;
	double start;
	pid_t pid;

	if (strcmp(argument, "all") == 0)
		argv[2] = NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	start = now();
	if (posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)argv,
		environ) != 0 ||
	    wait4(pid, &status, 0, &used) != pid)
		die("getent cannot be run");
	printf("%f %d\n", by_cpu() ? spent(&used) : now() - start, status == 0);
	posix_spawn_file_actions_destroy(&actions);
}

int main(int argc, char **argv)
{
	char line[4400], what[16], path[4096];
	size_t ops;

	if (argc != 7)
		die("usage: nss LINE IMAGE SERVICES DB TMP MODULE");
	enter_root(argv);
	if (strcmp(argv[6], "-") != 0)
		open_module(argv[6]);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		if (sscanf(line, "getent %4095s", path) == 1) {
			getent(path);
		} else if (sscanf(line, "%15s %zu %4095s", what, &ops, path) ==
			   3) {
			read_queries(path);
			measure(what, ops);
		}
		fflush(stdout);
	}
	return 0;
}
