/* SPDX-License-Identifier: ISC */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define ROUNDS_MIN 7
#define ROUNDS_MAX 301
#define SAMPLE_NS 1e6	/* a sample takes at least so long */
#define BUDGET_NS 1.5e9 /* for a race, and for each that takes part */

volatile uint64_t bench_sink;

static int goals_met, goals_unmet, faults;

void die(const char *fmt, ...)
{
	va_list args;

	fflush(stdout);
	fputs("bench: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void fault(const char *fmt, ...)
{
	va_list args;

	faults++;
	printf("  FAILED: ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void *need(size_t count, size_t size)
{
	void *ptr = mem_zalloc(count > 0 ? count : 1, size);

	if (ptr == NULL)
		die("out of memory");
	return ptr;
}

/* Those that this program may use, as it was started. */
static const cpu_set_t *processors(void)
{
	static cpu_set_t all;

	if (CPU_COUNT(&all) == 0 && sched_getaffinity(0, sizeof(all), &all) < 0)
		die("processors: %s", strerror(errno));
	return &all;
}

void pin(void)
{
	const cpu_set_t *all = processors();
	const char *wish = getenv("BENCH_CPU");
	size_t cpu = CPU_SETSIZE;
	cpu_set_t set;

	if (wish != NULL)
		cpu = strtoul(wish, NULL, 10);
	else
		while (cpu-- > 0 && !CPU_ISSET(cpu, all))
			;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		note("not pinned to a processor: %s", strerror(errno));
}

void spread(void)
{
	const cpu_set_t *all = processors();

	if (getenv("BENCH_CPU") == NULL &&
	    sched_setaffinity(0, sizeof(*all), all) < 0)
		note("still on one processor: %s", strerror(errno));
}

/* Of this program and of those that it has waited for. */
static double processor_time(void)
{
	struct rusage u;
	struct timespec t;

	getrusage(RUSAGE_CHILDREN, &u);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec + t.tv_sec) *
		   1e9 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e3 +
	       (double)t.tv_nsec;
}

double now(void)
{
	static int processor = -1;
	struct timespec t;

	if (processor < 0) {
		const char *wish = getenv("BENCH_CLOCK");

		processor = wish != NULL && strcmp(wish, "cpu") == 0;
	}
	if (processor)
		return processor_time();
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *samples, size_t count)
{
	qsort(samples, count, sizeof(*samples), by_value);
	return count % 2 == 1
		   ? samples[count / 2]
		   : (samples[count / 2 - 1] + samples[count / 2]) / 2;
}

static double sample(const struct racer *r, size_t passes)
{
	double start = now();

	for (size_t i = 0; i < passes; i++)
		r->run(r->ctx);
	return (now() - start) / (double)passes / (double)r->ops;
}

static void race_in(struct racer *racers, size_t count, const size_t *passes,
    size_t rounds_min, size_t rounds_max, double budget)
{
	double *samples = need(count * rounds_max, sizeof(*samples));
	double start = now();
	size_t rounds = 0;

	while (rounds < rounds_max &&
	       (rounds < rounds_min || now() - start < budget)) {
		for (size_t i = 0; i < count; i++)
			samples[i * rounds_max + rounds] =
			    sample(&racers[i], passes[i]);
		rounds++;
	}
	for (size_t i = 0; i < count; i++)
		racers[i].ns = median(samples + i * rounds_max, rounds);
	mem_release(samples);
}

void race(struct racer *racers, size_t count)
{
	size_t *passes = need(count, sizeof(*passes));

	for (size_t i = 0; i < count; i++) {
		double pass;

		sample(&racers[i], 1);
		pass = sample(&racers[i], 1) * (double)racers[i].ops;
		passes[i] =
		    pass < SAMPLE_NS ? (size_t)(SAMPLE_NS / (pass + 1)) + 1 : 1;
	}
	race_in(racers, count, passes, ROUNDS_MIN, ROUNDS_MAX,
	    BUDGET_NS * (double)count);
	mem_release(passes);
}

void race_rounds(struct racer *racers, size_t count, size_t rounds)
{
	size_t *passes = need(count, sizeof(*passes));

	for (size_t i = 0; i < count; i++) {
		passes[i] = 1;
		sample(&racers[i], 1);
	}
	race_in(racers, count, passes, rounds, rounds, 0);
	mem_release(passes);
}

/* Three figures and a unit. */
static const char *time_text(double ns, char text[16])
{
	static const struct {
		double ns;
		const char *unit;
	} units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}};
	size_t i = 0;

	while (i < 3 && ns < units[i].ns)
		i++;
	ns /= units[i].ns;
	snprintf(text, 16, "%.*f %s",
	    ns < 10    ? 2
	    : ns < 100 ? 1
		       : 0,
	    ns, units[i].unit);
	return text;
}

void title(const char *text)
{
	printf("\n%-36s %9s %9s %7s  %-10s %-4s %s\n", text, "ours", "theirs",
	    "ratio", "goal", "met", "theirs is");
}

void note(const char *fmt, ...)
{
	va_list args;

	printf("  (");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	puts(")");
}

static const char *judge(bool has_goal, bool met)
{
	if (!has_goal)
		return "";
	if (met)
		goals_met++;
	else
		goals_unmet++;
	return met ? "yes" : "NO";
}

void row(
    const char *what, double ours, const char *than, double theirs, double goal)
{
	char a[16], b[16], limit[16] = "";
	double ratio = ours / theirs;

	if (goal > 0)
		snprintf(limit, sizeof(limit), "<= %.4g", goal);
	printf("%-36s %9s %9s %7.3f  %-10s %-4s %s\n", what, time_text(ours, a),
	    time_text(theirs, b), ratio, limit, judge(goal > 0, ratio <= goal),
	    than);
	fflush(stdout);
}

void row_within(const char *what, double ours, double goal)
{
	char a[16], b[16], limit[32] = "";

	if (goal > 0)
		snprintf(limit, sizeof(limit), "< %s", time_text(goal, b));
	printf("%-36s %9s %9s %7s  %-10s %s\n", what, time_text(ours, a), "",
	    "", limit, judge(goal > 0, ours < goal));
	fflush(stdout);
}

void row_rate(const char *what, double bytes, double ours, double theirs)
{
	char rates[2][16], a[16], b[16];

	snprintf(rates[0], sizeof(rates[0]), "%.0f MB/s", bytes / ours * 1e3);
	snprintf(rates[1], sizeof(rates[1]), "%.0f MB/s", bytes / theirs * 1e3);
	printf("%-14s %7.2f MB %12s %12s %12s %12s %7.1f\n", what, bytes / 1e6,
	    time_text(ours, a), rates[0], time_text(theirs, b), rates[1],
	    ours / theirs);
	fflush(stdout);
}

void row_len(const char *what, double bytes, double goal)
{
	char a[32], limit[32] = "";

	snprintf(a, sizeof(a), "%.2f MB", bytes / 1e6);
	if (goal > 0)
		snprintf(limit, sizeof(limit), "< %.0f MB", goal / 1e6);
	printf("%-36s %9s %9s %7s  %-10s %s\n", what, a, "", "", limit,
	    judge(goal > 0, bytes < goal));
	fflush(stdout);
}

int summary(void)
{
	printf("\n%d goals met, %d not", goals_met, goals_unmet);
	if (faults > 0)
		printf(", %d FAILED", faults);
	putchar('\n');
	return faults > 0;
}

/* SplitMix64. */
uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

void shuffle(void *items, size_t count, size_t size, uint64_t seed)
{
	char *at = items, *spare = need(1, size);

	for (size_t i = count; i > 1; i--) {
		size_t j = (size_t)(random_next(&seed) % i);

		memcpy(spare, at + j * size, size);
		memcpy(at + j * size, at + (i - 1) * size, size);
		memcpy(at + (i - 1) * size, spare, size);
	}
	mem_release(spare);
}

double status_len(int pid, const char *key)
{
	char path[64], line[256];
	double len = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			len = (double)strtoull(line + strlen(key), NULL, 10) *
			      1024;
	fclose(file);
	return len;
}

int run_program(const char *const *argv)
{
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv,
		environ) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
