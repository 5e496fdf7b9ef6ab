/* SPDX-License-Identifier: ISC */
/* One lookup by port. */
#include "calls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cdb.h>

#include "base/mem.h"
#include "harness.h"

#define SEQUENCE_LEN ((size_t)65536)

/* A port and a name of tcp, as Wireshark keeps them. */
struct named_port {
	uint16_t port;
	const char *name;
};

struct lookup {
	const struct image *image;
	const uint16_t *ports;
	size_t count;
	const struct named_port *sorted;
	size_t sorted_count;
	struct cdb cdb;
};

static void array_run(void *ctx)
{
	const struct lookup *l = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < l->count; i++)
		sum += calls_array_get(l->ports[i]);
	bench_sink += sum;
}

static void first_run(void *ctx)
{
	const struct lookup *l = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < l->count; i++)
		sum += calls_first(l->image, l->ports[i]);
	bench_sink += sum;
}

static void tcp_run(void *ctx)
{
	const struct lookup *l = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < l->count; i++)
		sum += calls_first_tcp(l->image, l->ports[i]);
	bench_sink += sum;
}

static void sum_run(void *ctx)
{
	const struct lookup *l = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < l->count; i++)
		sum += calls_sum(l->image, l->ports[i]);
	bench_sink += sum;
}

static const char *sorted_find(const struct lookup *l, uint16_t port)
{
	size_t low = 0, high = l->sorted_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->sorted[middle].port == port)
			return l->sorted[middle].name;
		if (l->sorted[middle].port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void sorted_run(void *ctx)
{
	const struct lookup *l = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < l->count; i++) {
		const char *name = sorted_find(l, l->ports[i]);

		sum += name != NULL ? (uint8_t)name[0] : 0;
	}
	bench_sink += sum;
}

static uint32_t cdb_first(struct lookup *l, uint16_t port)
{
	if (cdb_find(&l->cdb, &port, sizeof(port)) <= 0)
		return IMAGE_NONE;
	return le_u32(cdb_getdata(&l->cdb));
}

static void cdb_run(void *ctx)
{
	struct lookup *l = ctx;
	uint64_t sum = 0;

	for (size_t i = 0; i < l->count; i++)
		sum += cdb_first(l, l->ports[i]);
	bench_sink += sum;
}

static void files_run(void *ctx)
{
	const struct lookup *l = ctx;

	for (size_t i = 0; i < l->count; i++) {
		struct servent *s = getservbyport(htons(l->ports[i]), "tcp");

		bench_sink += s != NULL;
	}
}

static void cdb_fill(const struct bench *b, struct cdb *ret)
{
	char path[4200];
	struct cdb_make make;
	int fd;

	snprintf(path, sizeof(path), "%s/ports.cdb", b->tmp);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || cdb_make_start(&make, fd) < 0)
		die("%s: cannot be written", path);
	for (uint32_t p = 0; p < PORT_COUNT; p++) {
		uint16_t port = (uint16_t)p;
		uint32_t first = calls_first(&b->image, port);

		if (first != IMAGE_NONE &&
		    cdb_make_add(
			&make, &port, sizeof(port), &first, sizeof(first)) < 0)
			die("%s: cannot be written", path);
	}
	if (cdb_make_finish(&make) < 0 || cdb_init(ret, fd) < 0)
		die("%s: cannot be written", path);
}

/* Whether the registry's record is a name on tcp for this port. */
static bool names_tcp(const struct record *record, uint32_t port)
{
	return record->has_number && record->protocol == PROTOCOL_TCP &&
	       record->text[FIELD_NAME] != 0 && record->number.first <= port &&
	       port <= record->number.last;
}

static struct named_port *sorted_fill(const struct registry *r, size_t *count)
{
	const char **names = need(PORT_COUNT, sizeof(*names));
	struct named_port *sorted = need(PORT_COUNT, sizeof(*sorted));

	for (size_t i = r->record_count; i-- > 0;) {
		const struct record *record = &r->records[i];

		for (uint32_t p = record->number.first;
		     record->has_number && p <= record->number.last; p++)
			if (names_tcp(record, p))
				names[p] =
				    registry_text(r, record->text[FIELD_NAME])
					.ptr;
	}
	*count = 0;
	for (uint32_t p = 0; p < PORT_COUNT; p++)
		if (names[p] != NULL)
			sorted[(*count)++] =
			    (struct named_port){(uint16_t)p, names[p]};
	mem_release(names);
	return sorted;
}

/* Every named row with tcp or udp as a line of /etc/services. */
static void services_write(const struct registry *r, const char *path)
{
	FILE *file = fopen(path, "w");

	if (file == NULL)
		die("%s: cannot be written", path);
	for (size_t i = 0; i < r->record_count; i++) {
		const struct record *record = &r->records[i];
		struct span name = registry_text(r, record->text[FIELD_NAME]);

		if (!record->has_number || name.len == 0 ||
		    record->protocol > PROTOCOL_UDP)
			continue;
		for (uint32_t p = record->number.first;
		     p <= record->number.last; p++)
			fprintf(file, "%.*s\t%u/%.*s\n", SPAN_FMT(name), p,
			    SPAN_FMT(protocol_name(record->protocol)));
	}
	if (fclose(file) != 0)
		die("%s: cannot be written", path);
}

/*
 * glibc's own way, over a full /etc/services: in a child with a mount table of
 * its own, so that nobody else sees the file.
 */
static void files_in_child(const struct bench *b, struct lookup *l)
{
	char path[4200];
	struct racer r[] = {
	    {tcp_run, l, l->count, 0}, {files_run, l, l->count, 0}};

	snprintf(path, sizeof(path), "%s/services", b->tmp);
	services_write(&b->registry, path);
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount(path, "/etc/services", NULL, MS_BIND, NULL) < 0) {
		note("glibc's files not measured, which takes root and an "
		     "/etc/services: %s",
		    strerror(errno));
		return;
	}
	race(r, 2);
	row("random tcp ports", r[0].ns, "getservbyport, files, full registry",
	    r[1].ns, 0);
}

static void files(const struct bench *b, struct lookup *l)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		files_in_child(b, l);
		fflush(stdout);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
		fault("the child that measures files ended with %d", status);
}

/* Every answer of the others is that of the image. */
static void compare(const struct bench *b, struct lookup *l)
{
	for (uint32_t p = 0; p < PORT_COUNT; p++) {
		uint16_t port = (uint16_t)p;
		uint32_t first = calls_first(&b->image, port);
		bool named = sorted_find(l, port) != NULL;

		if (calls_array_get(port) != first ||
		    cdb_first(l, port) != first)
			fault("port %u: array, cdb and image differ", p);
		if (named && calls_first_tcp(&b->image, port) == IMAGE_NONE)
			fault("port %u/tcp: the image has no row", p);
	}
}

static size_t several(const struct image *image, uint16_t *ports, size_t cap)
{
	size_t count = 0, filled;

	for (uint32_t p = 0; p < PORT_COUNT; p++)
		if (image_by_port(image, (uint16_t)p, PROTOCOL_NONE).count > 1)
			ports[count++] = (uint16_t)p;
	if (count == 0)
		return 0;
	for (filled = count; filled < cap; filled++)
		ports[filled] = ports[filled - count];
	shuffle(ports, cap, sizeof(*ports), 2);
	return count;
}

static void pair(
    const char *what, struct lookup *l, void (*run)(void *), double goal)
{
	struct racer r[] = {{run, l, l->count, 0}, {array_run, l, l->count, 0}};

	race(r, 2);
	row(what, r[0].ns, "an array in a shared library", r[1].ns, goal);
}

void bench_port(struct bench *b)
{
	uint16_t *rising = need(SEQUENCE_LEN, sizeof(*rising));
	uint16_t *random = need(SEQUENCE_LEN, sizeof(*random));
	uint16_t *many = need(SEQUENCE_LEN, sizeof(*many));
	uint64_t state = 1;
	size_t sorted_count, many_count;
	struct named_port *sorted = sorted_fill(&b->registry, &sorted_count);
	struct lookup up = {
	    &b->image, rising, SEQUENCE_LEN, sorted, sorted_count, {0}};
	struct lookup any, full, few;

	for (uint32_t p = 0; p < PORT_COUNT; p++) {
		rising[p] = (uint16_t)p;
		random[p] = (uint16_t)random_next(&state);
		calls_array_set(
		    (uint16_t)p, calls_first(&b->image, (uint16_t)p));
	}
	cdb_fill(b, &up.cdb);
	any = full = few = up;
	any.ports = random;
	full.ports = many;
	few.ports = random;
	few.count = 16;
	compare(b, &any);
	many_count = several(&b->image, many, SEQUENCE_LEN);

	title("By port");
	pair("all ports, rising", &up, first_run, 2);
	pair("all ports, random", &any, first_run, 2);
	pair("random, tcp alone", &any, tcp_run, 2);
	if (many_count > 0) {
		pair("ports with several rows, random", &full, first_run, 2);
		pair("the same, all their rows added up", &full, sum_run, 0);
	}
	{
		struct racer r[] = {{tcp_run, &any, any.count, 0},
		    {sorted_run, &any, any.count, 0},
		    {first_run, &any, any.count, 0},
		    {cdb_run, &any, any.count, 0}};

		race(r, 4);
		row("random, tcp alone", r[0].ns,
		    "binary search as in Wireshark", r[1].ns, 0);
		row("all ports, random", r[2].ns, "tinycdb", r[3].ns, 0);
	}
	files(b, &few);
	note("%zu ports have several rows; %zu have a name on tcp", many_count,
	    sorted_count);
	cdb_free(&up.cdb);
	mem_release(sorted);
	mem_release(many);
	mem_release(random);
	mem_release(rising);
}
