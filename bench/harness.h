/* SPDX-License-Identifier: ISC */
/*
 * Measuring one thing beside another: rounds of A B A B on one processor, the
 * median over the rounds, and a table of what came out.
 *
 * These are programs of our own that measure, not the product: what cannot be
 * done ends the program with a message.
 */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/timeline.h"
#include "image/image.h"

/* What all subjects work on. */
struct bench {
	const char *xml;      /* path of the registry */
	const char *folder;   /* where this program was built */
	const char *programs; /* folder of portbook and its like */
	const char *tmp;      /* a folder of ours, removed at the end */
	const char *gperf;    /* shared object with gperf's table, or "" */
	struct registry registry;
	uint8_t *built; /* owned: the image's bytes */
	size_t built_len;
	struct image image; /* mapped from image_path */
	char image_path[4096];
};

/* The largest registry that goals in milliseconds and megabytes speak of. */
#define TODAY_RECORDS 20000

static inline bool is_today(const struct bench *b)
{
	return b->registry.record_count <= TODAY_RECORDS;
}

/* One that takes part.  run does ops operations. */
struct racer {
	void (*run)(void *ctx);
	void *ctx;
	size_t ops;
	double ns; /* out: median time of one operation */
};

/* Keeps results from being optimised away. */
extern volatile uint64_t bench_sink;

/* Ends the program with a message. */
void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Says what could not be measured or came out differently. */
void fault(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* One processor for this program and those that it starts. */
void pin(void);

/*
 * All processors again, for what uses more than one thread; nothing where
 * BENCH_CPU names one.
 */
void spread(void);

/* Nanoseconds; CLOCK_MONOTONIC, or processor time with BENCH_CLOCK=cpu. */
double now(void);

/* Rounds of all racers in turn; sets the median of each. */
void race(struct racer *racers, size_t count);

/* The same for things that a round does once, e.g. starting a program. */
void race_rounds(struct racer *racers, size_t count, size_t rounds);

/*
 * Lines of the table.  A goal is the largest ratio of ours to theirs, or the
 * largest value of ours; 0 is none.
 */
void title(const char *text);
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void row(const char *what, double ours, const char *than, double theirs,
    double goal);
void row_within(const char *what, double ours, double goal);
void row_rate(const char *what, double bytes, double ours, double theirs);
void row_len(const char *what, double bytes, double goal);

/* "N goals met, N not"; returns the exit status. */
int summary(void);

/* The same numbers in every run. */
uint64_t random_next(uint64_t *state);

/* Shuffles count items of size bytes. */
void shuffle(void *items, size_t count, size_t size, uint64_t seed);

/* A value in kB of /proc/PID/status ("VmHWM:") in bytes; 0 without. */
double status_len(int pid, const char *key);

/* A program run to its end, output thrown away; its status. */
int run_program(const char *const *argv);

/* Memory or the end. */
void *need(size_t count, size_t size);

/* Subjects. */
void bench_read(struct bench *b);
void bench_convert(struct bench *b);
void bench_write(struct bench *b);
void bench_build(struct bench *b);
void bench_port(struct bench *b);
void bench_name(struct bench *b);
void bench_search(struct bench *b);
void bench_history(struct bench *b);
void bench_process(struct bench *b);
void bench_serve(struct bench *b);

/* A pass of expat over the file at path, with handlers that do nothing. */
void empty_pass(void *path);

/* Reads and builds; for the child whose memory is measured. */
void build_once(const char *xml, uint8_t **ret, size_t *ret_len);

#endif
