/* SPDX-License-Identifier: ISC */
#include "http/access_log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/banned.h"

#define LOG_BYTES 262144 /* that wait to be written, twice */
#define LOG_CLOSE_SECONDS 2

struct access_log {
	const char *path; /* borrowed */
	int fd;		  /* the writer's */
	pthread_t writer;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t wake;
	struct buf *filling;
	bool reopen;
	bool stop;
	uint64_t dropped;
	struct buf bufs[2];
	char storage[2][LOG_BYTES];
};

static void add_escaped(struct buf *b, struct span s)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.ptr[i];

		if (c == '"' || c == '\\') {
			buf_char(b, '\\');
			buf_char(b, (char)c);
		} else if (c < ' ' || c > '~') {
			buf_str(b, "\\x");
			buf_char(b, digits[c >> 4]);
			buf_char(b, digits[c & 15]);
		} else {
			buf_char(b, (char)c);
		}
	}
}

/* Of IPv4 three bytes stay, of IPv6 six. */
static void add_client(struct buf *b, const struct client *client)
{
	char text[INET6_ADDRSTRLEN] = "-";
	uint8_t bytes[16] = {0};

	memcpy(bytes, client->bytes, client->family == 4 ? 3 : 6);
	if (client->family != 0)
		inet_ntop(client->family == 4 ? AF_INET : AF_INET6, bytes, text,
		    sizeof(text));
	buf_str(b, text);
}

static void add_time(struct buf *b, uint64_t seconds)
{
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t when = (time_t)seconds;
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	buf_printf(b, "%02d/%s/%04d:%02d:%02d:%02d +0000", tm.tm_mday,
	    months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

void access_format(struct buf *b, const struct access_entry *entry)
{
	add_client(b, &entry->client);
	buf_str(b, " - - [");
	add_time(b, entry->seconds);
	buf_str(b, "] \"");
	add_escaped(b, entry->method);
	buf_char(b, ' ');
	add_escaped(b, entry->target);
	buf_char(b, ' ');
	add_escaped(b, entry->version);
	buf_printf(b, "\" %d ", entry->status);
	if (entry->whole && entry->bytes > 0)
		buf_u64(b, entry->bytes);
	else
		buf_char(b, '-');
	buf_char(b, '\n');
}

static bool is_stdout(const char *path)
{
	return strcmp(path, "-") == 0;
}

static int open_file(const char *path)
{
	if (is_stdout(path))
		return STDOUT_FILENO;
	return open(
	    path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
}

/* Where it cannot be opened anew the old file is written on. */
static void reopen(struct access_log *log)
{
	int fd;

	if (is_stdout(log->path))
		return;
	fd = open_file(log->path);
	if (fd < 0)
		return;
	close(log->fd);
	log->fd = fd;
}

/* Bytes that did not get out. */
static size_t write_all(int fd, struct span s)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		s = span_skip(s, (size_t)n);
	}
	return s.len;
}

static uint64_t count_lines(struct span s)
{
	uint64_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += s.ptr[i] == '\n';
	return count;
}

/* A second passes between two rounds, or less if much has come. */
static void wait_for_lines(struct access_log *log)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	while (!log->stop && !log->reopen && log->filling->len < LOG_BYTES / 2)
		if (pthread_cond_timedwait(&log->wake, &log->lock, &until) != 0)
			break;
}

static void *run_writer(void *ctx)
{
	struct access_log *log = ctx;
	bool stop = false;

	pthread_mutex_lock(&log->lock);
	while (!stop) {
		struct buf *full;
		struct span left;
		bool again;

		wait_for_lines(log);
		full = log->filling;
		log->filling =
		    full == &log->bufs[0] ? &log->bufs[1] : &log->bufs[0];
		again = log->reopen;
		log->reopen = false;
		stop = log->stop;
		pthread_mutex_unlock(&log->lock);
		left = buf_span(full);
		left = span_skip(left, left.len - write_all(log->fd, left));
		buf_clear(full);
		if (again)
			reopen(log);
		pthread_mutex_lock(&log->lock);
		log->dropped += count_lines(left);
	}
	pthread_mutex_unlock(&log->lock);
	return NULL;
}

static void log_free(struct access_log *log)
{
	if (log->fd >= 0 && !is_stdout(log->path))
		close(log->fd);
	pthread_cond_destroy(&log->wake);
	pthread_mutex_destroy(&log->lock);
	mem_release(log);
}

int access_log_open(
    const char *path, struct access_log **ret, struct portbook_error *err)
{
	struct access_log *log = mem_zalloc(1, sizeof(*log));
	int failure;

	if (log == NULL)
		return error_nomem(err);
	log->path = path;
	pthread_mutex_init(&log->lock, NULL);
	pthread_cond_init(&log->wake, NULL);
	for (size_t i = 0; i < 2; i++)
		buf_init_fixed(&log->bufs[i], log->storage[i], LOG_BYTES);
	log->filling = &log->bufs[0];
	log->fd = open_file(path);
	failure = log->fd < 0 ? errno : 0;
	if (failure == 0)
		failure = pthread_create(&log->writer, NULL, run_writer, log);
	if (failure != 0) {
		log_free(log);
		return error_set(err, PORTBOOK_EIO, failure,
		    "cannot write the access log to %.150s", path);
	}
	*ret = log;
	return 0;
}

void access_log_add(struct access_log *log, struct span line)
{
	if (log == NULL)
		return;
	pthread_mutex_lock(&log->lock);
	if (line.len > LOG_BYTES - log->filling->len) {
		log->dropped++;
	} else {
		buf_add(log->filling, line);
		if (log->filling->len >= LOG_BYTES / 2)
			pthread_cond_signal(&log->wake);
	}
	pthread_mutex_unlock(&log->lock);
}

void access_log_reopen(struct access_log *log)
{
	if (log == NULL)
		return;
	pthread_mutex_lock(&log->lock);
	log->reopen = true;
	pthread_cond_signal(&log->wake);
	pthread_mutex_unlock(&log->lock);
}

uint64_t access_log_dropped(struct access_log *log)
{
	uint64_t dropped = 0;

	if (log == NULL)
		return 0;
	pthread_mutex_lock(&log->lock);
	dropped = log->dropped;
	pthread_mutex_unlock(&log->lock);
	return dropped;
}

void access_log_close(struct access_log *log)
{
	struct timespec until;

	if (log == NULL)
		return;
	pthread_mutex_lock(&log->lock);
	log->stop = true;
	pthread_cond_signal(&log->wake);
	pthread_mutex_unlock(&log->lock);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LOG_CLOSE_SECONDS;
	/* A writer that hangs in a full pipe keeps what it uses. */
	if (pthread_timedjoin_np(log->writer, NULL, &until) == 0)
		log_free(log);
}
