/* SPDX-License-Identifier: ISC */
/*
 * chroot FOLDER: asks the C library for a port that /etc/services has not, and
 * once more in an empty root.  Prints what it is told.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <unistd.h>

static void ask(void)
{
	const struct servent *s = getservbyport(htons(8001), "tcp");

	printf("%s\n", s != NULL ? s->s_name : "-");
}

int main(int argc, char **argv)
{
	ask();
	if (argc < 2 || chroot(argv[1]) < 0 || chdir("/") < 0)
		return 1;
	sleep(2); /* so that it looks again */
	ask();
	return 0;
}
