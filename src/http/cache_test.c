/* SPDX-License-Identifier: ISC */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "http/cache.h"
#include "base/banned.h"

#define CAP ((size_t)1 << 20)
#define THREADS 4
#define ROUNDS 20000

static struct span name(char *out, size_t cap, unsigned number)
{
	return span_of(out, (size_t)snprintf(out, cap, "/?search=%u", number));
}

static struct MHD_Response *response(void)
{
	return MHD_create_response_from_buffer(
	    2, (void *)(uintptr_t) "ok", MHD_RESPMEM_PERSISTENT);
}

/* Its length tells the answers apart. */
static void put(struct http_cache *cache, struct span target,
    enum http_coding coding, uint64_t edition, uint64_t len, size_t weight)
{
	struct kept *k = kept_new(target, coding, edition);

	assert_non_null(k);
	k->full = response();
	k->same = response();
	k->body_len = len;
	cache_add(cache, k, weight);
	kept_give(k);
}

/* The length of what is there, or 0. */
static uint64_t get(
    struct http_cache *cache, struct span target, enum http_coding coding)
{
	struct kept *k = cache_find(cache, target, coding);
	uint64_t len = k != NULL ? k->body_len : 0;

	kept_give(k);
	return len;
}

static void test_keys(void **state)
{
	struct http_cache *cache = http_cache_new(CAP);
	struct http_cache_stats stats;

	(void)state;
	assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 0);
	put(cache, SPAN("/"), HTTP_GZIP, cache_edition(cache), 5, 5);
	put(cache, SPAN("/"), HTTP_ZSTD, cache_edition(cache), 6, 6);
	put(cache, SPAN("/?"), HTTP_GZIP, cache_edition(cache), 7, 7);
	assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 5);
	assert_int_equal(get(cache, SPAN("/"), HTTP_ZSTD), 6);
	assert_int_equal(get(cache, SPAN("/"), HTTP_IDENTITY), 0);
	assert_int_equal(get(cache, SPAN("/?"), HTTP_GZIP), 7);
	/* Who comes second leaves it as it is. */
	put(cache, SPAN("/"), HTTP_GZIP, cache_edition(cache), 9, 9);
	assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 5);
	http_cache_stats(cache, &stats);
	assert_int_equal(stats.entries, 3);
	assert_int_equal(stats.hits, 4);
	assert_int_equal(stats.cap, CAP);
	assert_true(stats.bytes > 18);
	http_cache_free(cache);
}

static void test_second_time(void **state)
{
	struct http_cache *cache = http_cache_new(CAP);
	struct http_cache_stats stats;

	(void)state;
	assert_false(cache_admits(cache, SPAN("/a"), HTTP_GZIP));
	assert_false(cache_admits(cache, SPAN("/a"), HTTP_ZSTD));
	assert_false(cache_admits(cache, SPAN("/b"), HTTP_GZIP));
	assert_true(cache_admits(cache, SPAN("/a"), HTTP_GZIP));
	assert_true(cache_admits(cache, SPAN("/b"), HTTP_GZIP));
	http_cache_stats(cache, &stats);
	assert_int_equal(stats.misses, 5);
	http_cache_free(cache);
}

/* An answer that was begun before another edition came is of no use. */
static void test_edition(void **state)
{
	struct http_cache *cache = http_cache_new(CAP);
	uint64_t before = cache_edition(cache);
	struct http_cache_stats stats;
	struct kept *held;

	(void)state;
	put(cache, SPAN("/"), HTTP_GZIP, before, 5, 5);
	held = cache_find(cache, SPAN("/"), HTTP_GZIP);
	http_cache_drop(cache);
	assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 0);
	put(cache, SPAN("/"), HTTP_GZIP, before, 5, 5);
	assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 0);
	put(cache, SPAN("/"), HTTP_GZIP, cache_edition(cache), 6, 6);
	assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 6);
	/* Who has one may use it to its end. */
	assert_int_equal(held->body_len, 5);
	kept_give(held);
	http_cache_drop(cache);
	http_cache_stats(cache, &stats);
	assert_int_equal(stats.entries, 0);
	assert_int_equal(stats.bytes, 0);
	http_cache_free(cache);
}

/* Ten thousand are bounded, and one that is asked for all the time stays. */
static void test_bounds(void **state)
{
	struct http_cache *cache = http_cache_new(CAP);
	struct http_cache_stats stats;
	char text[32];

	(void)state;
	put(cache, SPAN("/"), HTTP_GZIP, cache_edition(cache), 5, 1000);
	for (unsigned i = 0; i < 10000; i++) {
		put(cache, name(text, sizeof(text), i), HTTP_GZIP,
		    cache_edition(cache), 100, 1000);
		assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 5);
		http_cache_stats(cache, &stats);
		assert_true(stats.bytes <= CAP);
	}
	assert_int_equal(stats.evictions + stats.entries, 10001);
	assert_true(stats.bytes > CAP / 2);
	/* What could never fit pushes nothing out. */
	put(cache, SPAN("/big"), HTTP_GZIP, cache_edition(cache), 5, CAP);
	put(cache, SPAN("/huge"), HTTP_GZIP, cache_edition(cache), 5, SIZE_MAX);
	assert_int_equal(get(cache, SPAN("/big"), HTTP_GZIP), 0);
	assert_int_equal(get(cache, SPAN("/huge"), HTTP_GZIP), 0);
	assert_int_equal(get(cache, SPAN("/"), HTTP_GZIP), 5);
	http_cache_free(cache);
}

static void *work(void *ctx)
{
	struct http_cache *cache = ctx;
	unsigned seed = (unsigned)(uintptr_t)&seed;
	char text[32];
	uintptr_t wrong = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned number = (seed = seed * 1103515245 + 12345) >> 16;
		struct span target =
		    name(text, sizeof(text), number = number % 512);
		uint64_t edition = cache_edition(cache);
		uint64_t len = get(cache, target, HTTP_GZIP);

		if (len == 0 && cache_admits(cache, target, HTTP_GZIP))
			put(cache, target, HTTP_GZIP, edition, number + 1, 900);
		else if (len != 0 && len != number + 1)
			wrong++;
		if (i % 1000 == 999)
			http_cache_drop(cache);
	}
	return (void *)wrong;
}

static void test_threads(void **state)
{
	struct http_cache *cache = http_cache_new(CAP);
	struct http_cache_stats stats;
	pthread_t threads[THREADS];
	void *wrong;

	(void)state;
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, work, cache), 0);
	for (size_t i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &wrong), 0);
		assert_null(wrong);
	}
	http_cache_stats(cache, &stats);
	assert_true(stats.bytes <= CAP);
	assert_int_equal(stats.hits + stats.misses, THREADS * ROUNDS);
	http_cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_second_time),
	    cmocka_unit_test(test_edition),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
