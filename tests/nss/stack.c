/* SPDX-License-Identifier: ISC */
/*
 * stack: asks the C library in a thread with the smallest stack there is, of
 * ports and names with aliases and everyday names.  Prints how many answers
 * there were.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static char room[4096];
static int count;

static void *run(void *arg)
{
	static const char *const names[] = {"https", "whois", "nfsd", "x11"};
	struct servent s, *found;

	for (unsigned port = 0; port < 65536; port++)
		if (getservbyport_r(htons((uint16_t)port), NULL, &s, room,
			sizeof(room), &found) == 0)
			count += found != NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (getservbyname_r(
			names[i], NULL, &s, room, sizeof(room), &found) == 0)
			count += found != NULL;
	return arg;
}

int main(void)
{
	size_t least = (size_t)sysconf(_SC_THREAD_STACK_MIN);
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	if (least > 16384)
		fprintf(stderr, "the smallest stack has %zu bytes\n", least);
	if (pthread_attr_setstacksize(&attributes, least) != 0 ||
	    pthread_create(&thread, &attributes, run, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	printf("%d\n", count);
	return 0;
}
