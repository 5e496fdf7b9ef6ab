/* SPDX-License-Identifier: ISC */
/* A server on a free port, and requests to it by rows, good and malformed. */
#include <setjmp.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/ascii.h"
#include "http/http.h"

static int hello(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	struct span q;

	(void)ctx;
	buf_str(&response->body, "hello");
	if (http_target_param(&request->target, SPAN("q"), &q))
		buf_add(&response->body, q);
	return 200;
}

static int split(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)ctx;
	http_field(response, SPAN("Location"), request->target.params[0].value);
	return 308;
}

static int file(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)request;
	(void)ctx;
	response->file = SPAN("from a map");
	response->modified = 1000000000;
	memcpy(response->etag, "\"tag\"", 6);
	return 200;
}

static int late(const struct http_request *request,
    struct http_response *response, void *ctx)
{
	(void)request;
	(void)ctx;
	response->body.failed = true;
	return 200;
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", hello, 0},
    {HTTP_GET, "/split", split, 0},
    {HTTP_GET, "/file", file, 0},
    {HTTP_GET, "/late", late, 0},
    {HTTP_GET, "/busy", hello, 1},
};

static int enter(
    void *ctx, unsigned needs, struct http_response *response, void **ret)
{
	(void)response;
	*ret = ctx;
	return needs == 0 ? 0 : 503;
}

static void leave(void *ctx, void *entered)
{
	assert_ptr_equal(ctx, entered);
}

static void say_no(void *ctx, const struct http_request *request,
    struct http_response *response, int status, const char *detail)
{
	(void)ctx;
	(void)request;
	(void)status;
	buf_str(&response->body, detail);
}

static const struct http_site site = {
    .routes = routes,
    .route_count = sizeof(routes) / sizeof(routes[0]),
    .policy = "default-src 'none'",
    .enter = enter,
    .leave = leave,
    .refuse = say_no,
};

#define H "Host: a\r\n"
#define END "\r\n\r\n"
#define ROW(status, raw, has)                                                  \
	{                                                                      \
		__LINE__, status, SPAN_INIT(raw), has                          \
	}

/* Status 0: the connection is closed without a word. */
static const struct row {
	int line;
	int status;
	struct span raw;
	const char *has; /* in the answer; "!x": not in it */
} rows[] = {
    ROW(200, "GET / HTTP/1.1\r\n" H "\r\n", "\r\n\r\nhello"),
    ROW(200, "GET / HTTP/1.0" END, "\r\n\r\nhello"),
    ROW(200, "GET /?q=%20x+y HTTP/1.1\r\n" H "\r\n", "\r\n\r\nhello x y"),
    ROW(200, "GET / HTTP/1.1\r\n" H "\r\n", "X-Content-Type-Options: nosniff"),
    ROW(200, "GET / HTTP/1.1\r\n" H "\r\n", "Referrer-Policy: no-referrer"),
    ROW(200, "GET / HTTP/1.1\r\n" H "\r\n",
	"Content-Security-Policy: default-src 'none'"),
    ROW(200, "GET http://b/ HTTP/1.1\r\n" H "\r\n", "hello"),
    ROW(200, "HEAD / HTTP/1.1\r\n" H "\r\n", "Content-Length: 5"),
    ROW(200, "HEAD / HTTP/1.1\r\n" H "\r\n", "!hello"),
    ROW(200, "GET / HTTP/1.1\r\n" H "Content-Length: 0" END, "hello"),
    ROW(200, "GET /file HTTP/1.1\r\n" H "\r\n", "ETag: \"tag\""),
    ROW(200, "GET /file HTTP/1.1\r\n" H "\r\n",
	"Last-Modified: Sun, 09 Sep 2001 01:46:40 GMT"),
    ROW(304, "GET /file HTTP/1.1\r\n" H "If-None-Match: \"tag\"" END,
	"!from a map"),
    ROW(304, "GET /file HTTP/1.1\r\n" H "If-None-Match: \"tag\"" END,
	"ETag: \"tag\""),
    ROW(304, "GET /file HTTP/1.1\r\n" H "If-None-Match: \"a\", W/\"tag\"" END,
	""),
    ROW(304, "HEAD /file HTTP/1.1\r\n" H "If-None-Match: *" END, ""),
    ROW(304,
	"GET /file HTTP/1.1\r\n" H
	"If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT" END,
	""),
    ROW(200, "GET /file HTTP/1.1\r\n" H "If-None-Match: \"b\"" END,
	"from a map"),
    ROW(200,
	"GET /file HTTP/1.1\r\n" H "If-None-Match: \"b\"\r\n"
	"If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT" END,
	"from a map"),

    ROW(404, "GET /no HTTP/1.1\r\n" H "\r\n", "There is no page"),
    ROW(404, "GET /../ HTTP/1.1\r\n" H "\r\n", ""),
    ROW(405, "POST / HTTP/1.1\r\n" H "\r\n", "Allow: GET, HEAD"),
    ROW(405, "POST / HTTP/1.1\r\n" H "Content-Length: 3" END "abc",
	"Allow: GET, HEAD"),
    ROW(405, "POST / HTTP/1.1\r\n" H "Content-Length: 3" END,
	"Connection: close"),
    ROW(405, "TRACE / HTTP/1.1\r\n" H "\r\n", "Allow: GET, HEAD"),
    ROW(405, "get / HTTP/1.1\r\n" H "\r\n", "Allow: GET, HEAD"),
    ROW(400, "OPTIONS * HTTP/1.1\r\n" H "\r\n", ""),
    ROW(500, "GET /late HTTP/1.1\r\n" H "\r\n", ""),
    ROW(503, "GET /busy HTTP/1.1\r\n" H "\r\n", ""),
    ROW(308, "GET /split?u=/a HTTP/1.1\r\n" H "\r\n", "Location: /a\r\n"),
    ROW(500, "GET /split?u=%0d%0aX:y HTTP/1.1\r\n" H "\r\n", "!X:y"),

    ROW(400, "GET /%00 HTTP/1.1\r\n" H "\r\n", ""),
    ROW(400, "GET /%zz HTTP/1.1\r\n" H "\r\n", ""),
    ROW(400, "GET /?q=% HTTP/1.1\r\n" H "\r\n", ""),
    ROW(400, "GET /#a HTTP/1.1\r\n" H "\r\n", ""),
    ROW(400, "GET a HTTP/1.1\r\n" H "\r\n", ""),
    ROW(400, "GET /\0/b HTTP/1.1\r\n" H "\r\n", ""),
    ROW(400, "GET /\x01 HTTP/1.1\r\n" H "\r\n", ""),
    ROW(400, "GET / HTTP/1.1" END, "nosniff"),
    ROW(400, "GET / HTTP/1.1\r\n" H H "\r\n", "Connection: close"),
    ROW(400, "GET / HTTP/1.1\r\n" H "host: b" END, ""),
    ROW(400,
	"GET / HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Length: 0" END,
	"Connection: close"),
    ROW(400,
	"GET / HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 0" END
	"abcde",
	"Connection: close"),
    ROW(400,
	"POST / HTTP/1.1\r\n" H
	"Content-Length: 3\r\nTransfer-Encoding: chunked" END "0" END,
	"Connection: close"),
    ROW(400,
	"GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n"
	"Transfer-Encoding: identity" END "0" END,
	""),
    ROW(413, "GET / HTTP/1.1\r\n" H "Content-Length: 3" END "abc",
	"Connection: close"),
    ROW(413, "GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked" END "0" END,
	"Connection: close"),
    ROW(413, "HEAD / HTTP/1.1\r\n" H "Content-Length: 1" END "a", ""),
    ROW(400, "GET / HTTP/1.1\r\n" H "Content-Length: -1" END, ""),
    ROW(400, "GET / HTTP/1.1\r\n" H "Content-Length: 1x" END, ""),
    ROW(505, "GET / HTTP/2.0\r\n" H "\r\n", ""),
    ROW(505, "GET / HTTP/1.2\r\n" H "\r\n", ""),
    ROW(400, "GET /a b HTTP/1.1\r\n" H "\r\n", "nosniff"),
    ROW(400, "GET /  HTTP/1.1\r\n" H "\r\n", "nosniff"),
    ROW(400, "GET / HTTP/1.1\r\nHost : a" END, ""),
    ROW(400, "GET / HTTP/1.1\r\n" H "Content-Length : 5" END "abcde", ""),
    ROW(400, "GET / HTTP/1.1\r\n" H " folded: 1" END, ""),
    ROW(0, "GET\r\n\r\n", ""),
};

struct client {
	struct http_server *server;
	struct sockaddr_in address;
	char answer[65536];
	size_t len;
};

static void wait_at_most(int fd, long milliseconds)
{
	const struct timeval limit = {
	    milliseconds / 1000, milliseconds % 1000 * 1000};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

static int dial(const struct client *c)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	wait_at_most(fd, 5000);
	assert_int_equal(connect(fd, (const struct sockaddr *)&c->address,
			     sizeof(c->address)),
	    0);
	return fd;
}

/*
 * Sends all, then perhaps no more, and reads until the server closes, or has
 * been silent for a while behind an answer: a half-closed connection may
 * stay until it has idled long enough.
 */
static int ask_with(struct client *c, struct span raw, bool no_more)
{
	int fd = dial(c);
	uint64_t status = 0;
	ssize_t n;

	c->len = 0;
	while (raw.len > 0) {
		n = send(fd, raw.ptr, raw.len, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		raw = span_skip(raw, (size_t)n);
	}
	if (no_more)
		shutdown(fd, SHUT_WR);
	while ((n = recv(fd, c->answer + c->len, sizeof(c->answer) - 1 - c->len,
		    0)) > 0) {
		c->len += (size_t)n;
		wait_at_most(fd, 300);
	}
	close(fd);
	c->answer[c->len] = '\0';
	if (c->len > 12)
		ascii_u64(span_of(c->answer + 9, 3), 999, &status);
	return (int)status;
}

static int ask(struct client *c, struct span raw)
{
	return ask_with(c, raw, true);
}

static bool has(const struct client *c, const char *want)
{
	if (want[0] == '!')
		return strstr(c->answer, want + 1) == NULL;
	return strstr(c->answer, want) != NULL;
}

static void test_rows(void **state)
{
	struct client *c = *state;
	int bad = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = ask(c, rows[i].raw);

		if (status == rows[i].status && has(c, rows[i].has))
			continue;
		print_error("%s:%d: %d\n%s\n", __FILE__, rows[i].line, status,
		    c->answer);
		bad++;
	}
	assert_int_equal(bad, 0);
}

/* A head of count fields of len bytes each. */
static int ask_big(struct client *c, size_t target, size_t count, size_t len)
{
	struct buf b;
	int status;

	buf_init(&b);
	buf_str(&b, "GET /?q=");
	buf_fill(&b, 'a', target);
	buf_str(&b, " HTTP/1.1\r\n" H);
	for (size_t i = 0; i < count; i++) {
		buf_str(&b, "X: ");
		buf_fill(&b, 'a', len);
		buf_str(&b, "\r\n");
	}
	buf_str(&b, "\r\n");
	status = ask(c, buf_span(&b));
	buf_release(&b);
	return status;
}

/*
 * Where the connection is closed with bytes unread the answer may be lost
 * on its way: then the status is 0.
 */
static void test_sizes(void **state)
{
	struct client *c = *state;

	assert_int_equal(ask_big(c, 7000, 0, 0), 200);
	assert_int_equal(ask_big(c, 9000, 0, 0), 414);
	assert_in_range(ask_big(c, 100000, 0, 0) % 414, 0, 0);
	assert_int_equal(ask_big(c, 1, HTTP_FIELDS_MAX - 1, 10), 200);
	assert_int_equal(ask_big(c, 1, HTTP_FIELDS_MAX, 10), 431);
	assert_int_equal(ask_big(c, 1, 1, 8000), 200);
	assert_int_equal(ask_big(c, 7000, 1, 8000), 200);
	assert_int_equal(ask_big(c, 1, 1, 15000), 200);
	assert_int_equal(ask_big(c, 1, HTTP_FIELDS_MAX - 1, 170), 200);
	assert_in_range(ask_big(c, 1, 1, 17000) % 431, 0, 0);
	assert_in_range(ask_big(c, 1, 1, 100000) % 431, 0, 0);
	assert_in_range(ask_big(c, 1, 1000, 100) % 431, 0, 0);
}

/* Two answers on one connection; a refused head ends it. */
static void test_keep_alive(void **state)
{
	static const char two[] =
	    "GET / HTTP/1.1\r\n" H "\r\n"
	    "GET /file HTTP/1.1\r\n" H "Connection: close" END;
	static const char ended[] = "GET / HTTP/1.1\r\n" H H "\r\n"
				    "GET /file HTTP/1.1\r\n" H "\r\n";
	static const char hidden[] =
	    "GET / HTTP/1.1\r\n" H "Content-Length: 33\r\n\r\n"
	    "GET /file HTTP/1.1\r\n" H "\r\n"
	    "GET /file HTTP/1.1\r\n" H "\r\n";
	struct client *c = *state;

	assert_int_equal(ask_with(c, span_str(two), false), 200);
	assert_non_null(strstr(c->answer, "hello"));
	assert_non_null(strstr(c->answer, "from a map"));
	assert_int_equal(ask_with(c, span_str(ended), false), 400);
	assert_null(strstr(c->answer, "from a map"));
	assert_int_equal(ask_with(c, span_str(hidden), false), 413);
	assert_null(strstr(c->answer, "from a map"));
}

static void test_per_address(void **state)
{
	struct client *c = *state;
	int fds[HTTP_PER_ADDRESS + 8];
	size_t count = sizeof(fds) / sizeof(fds[0]);
	size_t closed = 0;
	char byte;

	for (size_t i = 0; i < count; i++)
		fds[i] = dial(c);
	usleep(300000);
	for (size_t i = 0; i < count; i++) {
		ssize_t n = recv(fds[i], &byte, 1, MSG_DONTWAIT);

		closed += n == 0 || (n < 0 && errno == ECONNRESET);
		close(fds[i]);
	}
	assert_true(closed >= 8);
	usleep(200000);
	assert_int_equal(ask(c, rows[0].raw), 200);
}

static void test_listen(void **state)
{
	static const char *const bad[] = {"", "8080", ":",
	    "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999", "300.0.0.1:80",
	    "[::1]", "192.0.2.1:0"};
	struct portbook_error err;
	struct http_server *server;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct http_options options = HTTP_USUAL;

		options.listen = bad[i];
		assert_true(
		    http_server_open(&options, &site, &server, &err) < 0);
	}
}

static int set_up(void **state)
{
	struct client *c = calloc(1, sizeof(*c));
	struct http_options options = HTTP_USUAL;
	struct portbook_error err;
	struct span url;
	uint64_t port;

	options.listen = "127.0.0.1:0";
	options.limit_local = true;
	options.rate = 0;
	if (c == NULL ||
	    http_server_open(&options, &site, &c->server, &err) < 0)
		return -1;
	url = span_str(http_server_url(c->server));
	span_cut(&url, ':');
	span_cut(&url, ':');
	if (!ascii_u64(url, UINT16_MAX, &port))
		return -1;
	c->address = (struct sockaddr_in){.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	*state = c;
	return 0;
}

static int tear_down(void **state)
{
	struct client *c = *state;

	http_server_close(c->server);
	free(c);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_keep_alive),
	    cmocka_unit_test(test_per_address),
	    cmocka_unit_test(test_listen),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
