/* SPDX-License-Identifier: ISC */
/*
 * first: 64 threads ask at once what nobody has asked before, of an image whose
 * bytes come slowly (--wrap=image_open_fd).  Prints "ok", or how many of them
 * had no answer.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "image/image.h"
#include "nss/module.h"

#define THREADS 64
#define SLOW_US 5000

int __real_image_open_fd(
    int fd, const char *name, struct image *ret, struct portbook_error *err);
int __wrap_image_open_fd(
    int fd, const char *name, struct image *ret, struct portbook_error *err);

static pthread_barrier_t start;
static atomic_int answered;

int __wrap_image_open_fd(
    int fd, const char *name, struct image *ret, struct portbook_error *err)
{
	usleep(SLOW_US);
	return __real_image_open_fd(fd, name, ret, err);
}

static void *run(void *arg)
{
	struct servent s;
	char room[512];
	int error;

	pthread_barrier_wait(&start);
	if (_nss_portbook_getservbyport_r(htons(443), "tcp", &s, room,
		sizeof(room), &error) == NSS_STATUS_SUCCESS &&
	    s.s_port == htons(443))
		atomic_fetch_add(&answered, 1);
	return arg;
}

int main(void)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&start, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (atomic_load(&answered) == THREADS)
		printf("ok\n");
	else
		printf(
		    "%d without an answer\n", THREADS - atomic_load(&answered));
	return 0;
}
