/* SPDX-License-Identifier: ISC */
/*
 * setuid: says as whom it runs, and by what name 465/tcp is called; nothing if
 * the C library does not take it for a program of another user.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <unistd.h>

int main(void)
{
	const struct servent *s = getservbyport(htons(465), "tcp");

	if (getauxval(AT_SECURE) == 0)
		return 1;
	printf("%d %d %s\n", (int)getuid(), (int)geteuid(),
	    s != NULL ? s->s_name : "-");
	return 0;
}
