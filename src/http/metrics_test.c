/* SPDX-License-Identifier: ISC */
/* Counts from several threads, and each kind of line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <pthread.h>

#include <cmocka.h>

#include "http/metrics.h"

#define THREADS 4
#define ROUNDS 10000
#define TIMES "portbook_http_request_duration_seconds"

static const struct http_route routes[] = {
    {HTTP_GET, "/", NULL, 0},
    {HTTP_GET, "/port/*", NULL, 0},
    {HTTP_GET, "/never", NULL, 0},
};

static const struct http_site site = {
    .routes = routes,
    .route_count = sizeof(routes) / sizeof(routes[0]),
};

static void *count(void *ctx)
{
	for (int i = 0; i < ROUNDS; i++) {
		metrics_answer(ctx, &routes[0], 200, 10, 50000);
		metrics_answer(ctx, &routes[1], 304, 0, 50001);
		metrics_answer(ctx, NULL, 404, 5, 20000000000);
		metrics_event(ctx, METRICS_CONNECTED);
	}
	metrics_answer(ctx, &metrics_route, 200, 0, 0);
	metrics_event(ctx, METRICS_ABORTED);
	return NULL;
}

static const char *const wanted[] = {
    "portbook_http_requests_total{route=\"/\",code=\"2xx\"} 40000\n",
    "portbook_http_requests_total{route=\"/port/*\",code=\"3xx\"} 40000\n",
    "portbook_http_requests_total{route=\"none\",code=\"4xx\"} 40000\n",
    "portbook_http_requests_total{route=\"/metrics\",code=\"2xx\"} 4\n",
    TIMES "_bucket{le=\"0.00005\"} 40004\n",
    TIMES "_bucket{le=\"0.0001\"} 80004\n",
    TIMES "_bucket{le=\"10\"} 80004\n",
    TIMES "_bucket{le=\"+Inf\"} 120004\n",
    /* 40,000 times 0.05 ms, 0.050001 ms and 20 s */
    TIMES "_sum 800004.000040000\n",
    TIMES "_count 120004\n",
    "portbook_http_response_bytes_total 600000\n",
    "\nportbook_http_connections_total 40000\n",
    "\nportbook_http_requests_aborted_total 4\n",
    "\nportbook_http_connections 7\n",
    "\nportbook_http_connections_max 8\n",
    "\nportbook_http_requests_answering 9\n",
    "\nportbook_access_log_dropped_total 11\n",
};

static void test_counts(void **state)
{
	const struct metrics_now now = {7, 8, 9, 11};
	struct metrics *m = metrics_new(&site);
	pthread_t threads[THREADS];
	struct buf b;
	int bad = 0;

	(void)state;
	assert_non_null(m);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, count, m), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	buf_init(&b);
	metrics_write(m, &now, &b);
	buf_char(&b, '\0');
	assert_false(buf_failed(&b));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strstr(b.ptr, wanted[i]) == NULL) {
			print_error("no %s", wanted[i]);
			bad++;
		}
	assert_int_equal(bad, 0);
	assert_null(strstr(b.ptr, "/never"));
	buf_release(&b);
	metrics_free(m);
	metrics_free(NULL);
}

static void test_label(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	http_metric_label(&b, "a", SPAN("b\"c\\d\ne\xc3\xa9"));
	assert_true(
	    span_eq(buf_span(&b), SPAN("a=\"b\\\"c\\\\d\\ne\xc3\xa9\"")));
	buf_clear(&b);
	http_metric(&b, "a_total", "counter", "Of a.", 18446744073709551615u);
	assert_true(span_eq(
	    buf_span(&b), SPAN("# HELP a_total Of a.\n# TYPE a_total counter\n"
			       "a_total 18446744073709551615\n")));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
