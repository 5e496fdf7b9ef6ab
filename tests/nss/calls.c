/* SPDX-License-Identifier: ISC */
/*
 * calls MODULE WHAT: calls the functions of the module directly, and counts
 * what they ask of the system.  Prints "fault: ..." for what is wrong.
 *
 *	buffers		every size from 0 to what is needed, at any address
 *	quiet		errno stays, nothing is allocated, one look a second
 *	status		the statuses of what is not there, of wrong questions
 *	none		what is answered without an image
 *	reload		the module is let go of and loaded again
 *	fork		what a child has of its own
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <nss.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef enum nss_status by_name_fn(const char *name, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error);
typedef enum nss_status by_port_fn(int port, const char *protocol,
    struct servent *result, char *buffer, size_t len, int *error);
typedef enum nss_status next_fn(
    struct servent *result, char *buffer, size_t len, int *error);
typedef enum nss_status set_fn(int stay_open);

static by_name_fn *by_name;
static by_port_fn *by_port;
static next_fn *next_entry;
static set_fn *set;
static int faults;

/* The module's calls come here first. */
static unsigned long stats, opens, allocations;
extern void *__libc_malloc(size_t len);

void *malloc(size_t len)
{
	allocations++;
	return __libc_malloc(len);
}

int stat64(const char *restrict path, struct stat64 *restrict st)
{
	stats++;
	return fstatat64(AT_FDCWD, path, st, 0);
}

int open64(const char *path, int flags, ...)
{
	opens++;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0);
}

static void fault(const char *what, long is, long wanted)
{
	if (is == wanted)
		return;
	printf("fault: %s is %ld, wanted %ld\n", what, is, wanted);
	faults++;
}

static void *symbol(void *module, const char *name)
{
	void *found = dlsym(module, name);

	if (found == NULL) {
		printf("fault: no %s\n", name);
		exit(1);
	}
	return found;
}

/* The bytes that an answer needs, at an address for pointers. */
static size_t need_of(const struct servent *s)
{
	size_t need =
	    sizeof(char *) + strlen(s->s_name) + 1 + strlen(s->s_proto) + 1;

	for (char **a = s->s_aliases; *a != NULL; a++)
		need += sizeof(char *) + strlen(*a) + 1;
	return need;
}

static int same(const struct servent *a, const struct servent *b)
{
	size_t i = 0;

	if (strcmp(a->s_name, b->s_name) != 0 || a->s_port != b->s_port ||
	    strcmp(a->s_proto, b->s_proto) != 0)
		return 0;
	while (a->s_aliases[i] != NULL && b->s_aliases[i] != NULL &&
	       strcmp(a->s_aliases[i], b->s_aliases[i]) == 0)
		i++;
	return a->s_aliases[i] == NULL && b->s_aliases[i] == NULL;
}

static void buffers_of(const char *name, const char *protocol)
{
	char room[4096], *small;
	struct servent whole, s;
	int error = 0;
	size_t need;

	fault(name, by_name(name, protocol, &whole, room, sizeof(room), &error),
	    NSS_STATUS_SUCCESS);
	need = need_of(&whole);
	for (size_t shift = 0; shift < 8; shift++) {
		size_t most = need + (8 - shift) % 8;

		for (size_t len = 0; len <= most; len++) {
			enum nss_status wanted = len < most
						     ? NSS_STATUS_TRYAGAIN
						     : NSS_STATUS_SUCCESS;

			/* What is behind it is not there: ASan sees to it. */
			small = malloc(shift + len);
			error = 0;
			errno = 77;
			fault("status",
			    by_name(
				name, protocol, &s, small + shift, len, &error),
			    wanted);
			fault("error", error, len < most ? ERANGE : 0);
			fault("errno", errno, 77);
			fault("by port",
			    by_port(whole.s_port, protocol, &s, small + shift,
				len, &error),
			    wanted);
			if (len == most)
				fault("same", same(&s, &whole), 1);
			free(small);
		}
	}
}

/* An entry that did not fit comes again. */
static void test_next(void)
{
	char room[4096], tiny[8];
	struct servent s;
	int error;

	set(0);
	fault("tiny", next_entry(&s, tiny, sizeof(tiny), &error),
	    NSS_STATUS_TRYAGAIN);
	fault("tiny: error", error, ERANGE);
	fault("first", next_entry(&s, room, sizeof(room), &error),
	    NSS_STATUS_SUCCESS);
	fault("first: port", ntohs((uint16_t)s.s_port), 1);
	for (size_t len = 0;
	     next_entry(&s, room, len, &error) != NSS_STATUS_SUCCESS; len++)
		fault("second: error", error, ERANGE);
	fault("second is a port further on, or its next transport",
	    strcmp(s.s_proto, "udp"), 0);
}

static void test_buffers(void)
{
	buffers_of("https", "tcp");
	buffers_of("http", "tcp"); /* with aliases */
	buffers_of("nfs", "udp");
	buffers_of("whois", "tcp");
	test_next();
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void test_quiet(void)
{
	unsigned long calls = 0, allocated;
	char room[4096];
	struct servent s;
	int error = 0;
	long start;

	by_name("https", "tcp", &s, room, sizeof(room), &error);
	fault("looks at first", (long)stats, 0);
	fault("opened at first", (long)opens, 1);
	allocated = allocations;
	errno = 77;
	for (start = now_ms(); now_ms() - start < 1500; calls++) {
		if (by_name("http", "tcp", &s, room, sizeof(room), &error) !=
			NSS_STATUS_SUCCESS ||
		    by_port(htons(2049), "tcp", &s, room, sizeof(room),
			&error) != NSS_STATUS_SUCCESS ||
		    by_name("no-such-name", "tcp", &s, room, sizeof(room),
			&error) != NSS_STATUS_NOTFOUND)
			fault("an answer", 0, 1);
	}
	fault("errno", errno, 77);
	fault("error", error, 0);
	fault("many calls", calls > 1000, 1);
	fault("looks in 1.5 s", stats == 1 || stats == 2, 1);
	fault("opened", (long)opens, 1);
	fault("allocations", (long)(allocations - allocated), 0);
}

static void test_status(void)
{
	char room[4096];
	struct servent s;
	int error = 0;

#define NAME(name, protocol, wanted)                                           \
	fault(name "/" protocol,                                               \
	    by_name(name, protocol, &s, room, sizeof(room), &error), wanted)
#define PORT(port, protocol, wanted)                                           \
	fault(#port "/" protocol,                                              \
	    by_port(port, protocol, &s, room, sizeof(room), &error), wanted)
	NAME("HTTPS", "tcp", NSS_STATUS_SUCCESS);
	NAME("https", "TCP", NSS_STATUS_NOTFOUND);
	NAME("https", "icmp", NSS_STATUS_NOTFOUND);
	NAME("https", "", NSS_STATUS_NOTFOUND);
	NAME("", "tcp", NSS_STATUS_NOTFOUND);
	NAME("ssh", "dccp", NSS_STATUS_NOTFOUND);
	NAME("a-name-of-many-more-than-fifteen-letters", "tcp",
	    NSS_STATUS_NOTFOUND);
	NAME("\xc3\xa9", "tcp", NSS_STATUS_NOTFOUND);
	PORT(htons(443), "sctp", NSS_STATUS_SUCCESS);
	PORT(htons(65535), "tcp", NSS_STATUS_NOTFOUND);
	PORT(-1, "tcp", NSS_STATUS_NOTFOUND);
	PORT(0x10000, "tcp", NSS_STATUS_NOTFOUND);
	fault("no protocol",
	    by_name("https", NULL, &s, room, sizeof(room), &error),
	    NSS_STATUS_SUCCESS);
	fault("the first transport", strcmp(s.s_proto, "tcp"), 0);
	fault("no protocol, by port",
	    by_port(htons(5353), NULL, &s, room, sizeof(room), &error),
	    NSS_STATUS_SUCCESS);
	fault("error", error, 0);
}

static void test_none(void)
{
	char room[4096];
	struct servent s;
	int error = 0;

	fault("by name", by_name("https", "tcp", &s, room, 4096, &error),
	    NSS_STATUS_UNAVAIL);
	fault("error", error, ENOENT);
	error = 0;
	fault("by port", by_port(htons(443), "tcp", &s, room, 4096, &error),
	    NSS_STATUS_UNAVAIL);
	fault("error", error, ENOENT);
	fault("set", set(1), NSS_STATUS_SUCCESS);
	fault("next", next_entry(&s, room, 4096, &error), NSS_STATUS_UNAVAIL);
}

/* Images that this process maps. */
static long mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4096];
	long count = 0;

	while (fgets(line, sizeof(line), maps) != NULL)
		count += strstr(line, "registry.image") != NULL;
	fclose(maps);
	return count;
}

/* What it mapped is not mapped twice, and other threads may be in it. */
static void test_reload(const char *path, void *module)
{
	char room[4096];
	struct servent s;
	int error = 0;

	for (int i = 0; i < 50; i++) {
		fault("an answer",
		    by_name("https", "tcp", &s, room, sizeof(room), &error),
		    NSS_STATUS_SUCCESS);
		dlclose(module);
		module = dlopen(path, RTLD_NOW);
		by_name = (by_name_fn *)symbol(
		    module, "_nss_portbook_getservbyname_r");
	}
	fault("images mapped", mapped(), 1);
	dlclose(module);
	fault("an answer to a thread that goes on",
	    by_name("https", "tcp", &s, room, sizeof(room), &error),
	    NSS_STATUS_SUCCESS);
}

/* kB that are this process's alone, of what the module may write to. */
static long copied(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	FILE *maps = fopen("/proc/self/smaps", "r");
	char line[4096], mode[5];
	long count = 0, kb;
	int ours = 0;

	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%*x-%*x %4s", mode) == 1)
			/* Behind those of its file is what began as zeros. */
			ours = strstr(line, name) != NULL ||
			       (ours && strchr(line, '/') == NULL &&
				   strchr(line, '[') == NULL);
		else if (ours && mode[1] == 'w' &&
			 sscanf(line, "Private_Dirty: %ld", &kb) == 1)
			count += kb;
	}
	fclose(maps);
	return count;
}

/* Programs that fork often pay for each page that is written to. */
static void test_fork(const char *path)
{
	char room[4096];
	struct servent s;
	int error = 0, status = -1;
	pid_t pid;

	fault("an answer",
	    by_name("https", "tcp", &s, room, sizeof(room), &error),
	    NSS_STATUS_SUCCESS);
	fault("kB written to in the parent", copied(path) > 0, 1);
	pid = fork();
	if (pid == 0)
		_exit((int)copied(path));
	waitpid(pid, &status, 0);
	fault("kB written to in the child", WEXITSTATUS(status), 0);
}

int main(int argc, char **argv)
{
	void *module = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;

	if (module == NULL) {
		printf("fault: %s\n", dlerror());
		return 1;
	}
	by_name = (by_name_fn *)symbol(module, "_nss_portbook_getservbyname_r");
	by_port = (by_port_fn *)symbol(module, "_nss_portbook_getservbyport_r");
	next_entry = (next_fn *)symbol(module, "_nss_portbook_getservent_r");
	set = (set_fn *)symbol(module, "_nss_portbook_setservent");
	stats = opens = 0;
	if (strcmp(argv[2], "buffers") == 0)
		test_buffers();
	else if (strcmp(argv[2], "quiet") == 0)
		test_quiet();
	else if (strcmp(argv[2], "status") == 0)
		test_status();
	else if (strcmp(argv[2], "reload") == 0)
		test_reload(argv[1], module);
	else if (strcmp(argv[2], "fork") == 0)
		test_fork(argv[1]);
	else
		test_none();
	return faults > 0;
}
