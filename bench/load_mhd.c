/* SPDX-License-Identifier: ISC */
/*
 * load_mhd THREADS FILE [FIELD VALUE]...
 *
 * The least that libmicrohttpd can do: the bytes of FILE to whoever asks, by
 * as many threads as named and with the flags and limits that http/server.c
 * has, but the memory for a head that the library takes if not told otherwise;
 * made into a response once.  Prints the port and serves until its standard
 * input ends.
 */
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/limits.h"

static enum MHD_Result answer(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version,
    const char *upload_data, size_t *upload_data_size, void **con_cls)
{
	(void)url;
	(void)method;
	(void)version;
	(void)upload_data;
	(void)upload_data_size;
	if (*con_cls == NULL) {
		*con_cls = cls;
		return MHD_YES;
	}
	return MHD_queue_response(connection, 200, cls);
}

static struct MHD_Response *response_of(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *bytes;
	long len;

	if (file == NULL || fseek(file, 0, SEEK_END) < 0)
		return NULL;
	len = ftell(file);
	rewind(file);
	bytes = malloc((size_t)len + 1);
	if (bytes == NULL || fread(bytes, 1, (size_t)len, file) != (size_t)len)
		return NULL;
	fclose(file);
	return MHD_create_response_from_buffer(
	    (size_t)len, bytes, MHD_RESPMEM_MUST_FREE);
}

int main(int argc, char **argv)
{
	unsigned threads = argc > 2 ? (unsigned)atoi(argv[1]) : 0;
	struct MHD_Response *response = argc > 2 ? response_of(argv[2]) : NULL;
	struct MHD_Daemon *daemon;
	const union MHD_DaemonInfo *info;
	const struct sockaddr_in local = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char byte;

	if (response == NULL) {
		fputs(
		    "usage: load_mhd THREADS FILE [FIELD VALUE]...\n", stderr);
		return 2;
	}
	for (int i = 3; i + 1 < argc; i += 2)
		MHD_add_response_header(response, argv[i], argv[i + 1]);
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC,
	    0, NULL, NULL, answer, response, MHD_OPTION_THREAD_POOL_SIZE,
	    threads > 1 ? threads : 0, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)HTTP_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)HTTP_IDLE_SECONDS, MHD_OPTION_SOCK_ADDR, &local,
	    MHD_OPTION_END);
	info = daemon != NULL
		   ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)
		   : NULL;
	if (info == NULL)
		return 1;
	printf("%u\n", info->port);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	MHD_stop_daemon(daemon);
	MHD_destroy_response(response);
	return 0;
}
