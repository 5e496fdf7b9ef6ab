/* SPDX-License-Identifier: ISC */
#include "http/metrics.h"

#include <sched.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "base/banned.h"

#define SHARDS 16
#define CLASSES 4 /* 2xx to 5xx */
#define LINE 64	  /* bytes that processors hand each other at a time */

/* Upper bounds of the histogram; what is above belongs to "+Inf". */
static const struct {
	uint64_t nanoseconds;
	const char *seconds;
} bounds[] = {
    {50000, "0.00005"},
    {100000, "0.0001"},
    {250000, "0.00025"},
    {500000, "0.0005"},
    {1000000, "0.001"},
    {2500000, "0.0025"},
    {5000000, "0.005"},
    {10000000, "0.01"},
    {25000000, "0.025"},
    {50000000, "0.05"},
    {100000000, "0.1"},
    {250000000, "0.25"},
    {1000000000, "1"},
    {2500000000, "2.5"},
    {10000000000, "10"},
};

#define BOUNDS (sizeof(bounds) / sizeof(bounds[0]))

const struct http_route metrics_route = {HTTP_GET, "/metrics", NULL, 0};

struct shard {
	_Atomic uint64_t events[METRICS_EVENTS];
	_Atomic uint64_t times[BOUNDS + 1];
	_Atomic uint64_t nanoseconds;
	_Atomic uint64_t bytes;
	_Atomic uint64_t answers[]; /* CLASSES a row */
};

struct metrics {
	const struct http_site *site;
	size_t shard_size;
	size_t answer_count;
	uint8_t *shards;
};

static struct shard *shard_at(const struct metrics *m, size_t i)
{
	return (struct shard *)(void *)(m->shards + i * m->shard_size);
}

/* Which one it is matters to speed alone. */
static struct shard *shard_here(const struct metrics *m)
{
	int cpu = sched_getcpu();

	return shard_at(m, cpu > 0 ? (size_t)cpu % SHARDS : 0);
}

static void add(_Atomic uint64_t *count, uint64_t n)
{
	atomic_fetch_add_explicit(count, n, memory_order_relaxed);
}

static uint64_t get(const _Atomic uint64_t *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

struct metrics *metrics_new(const struct http_site *site)
{
	struct metrics *m = mem_zalloc(1, sizeof(*m));

	if (m == NULL)
		return NULL;
	m->site = site;
	m->answer_count = (site->route_count + 2) * CLASSES;
	m->shard_size =
	    sizeof(struct shard) + m->answer_count * sizeof(uint64_t);
	m->shard_size = (m->shard_size + LINE - 1) / LINE * LINE;
	m->shards = mem_zalloc(SHARDS, m->shard_size);
	if (m->shards != NULL)
		return m;
	mem_release(m);
	return NULL;
}

void metrics_free(struct metrics *m)
{
	if (m == NULL)
		return;
	mem_release(m->shards);
	mem_release(m);
}

void metrics_event(struct metrics *m, enum metrics_event event)
{
	add(&shard_here(m)->events[event], 1);
}

/* Behind the site's routes come that of the metrics, and none. */
static size_t row_of(
    const struct http_site *site, const struct http_route *route)
{
	if (route == NULL)
		return site->route_count + 1;
	if (route == &metrics_route)
		return site->route_count;
	return (size_t)(route - site->routes);
}

static const char *row_name(const struct http_site *site, size_t row)
{
	if (row < site->route_count)
		return site->routes[row].pattern;
	return row == site->route_count ? metrics_route.pattern : "none";
}

void metrics_answer(struct metrics *m, const struct http_route *route,
    int status, uint64_t bytes, uint64_t nanoseconds)
{
	struct shard *shard = shard_here(m);
	size_t row = row_of(m->site, route);
	size_t i = 0;

	while (i < BOUNDS && nanoseconds > bounds[i].nanoseconds)
		i++;
	add(&shard->times[i], 1);
	add(&shard->nanoseconds, nanoseconds);
	add(&shard->bytes, bytes);
	if (status >= 200 && status < 600)
		add(&shard->answers[row * CLASSES + (size_t)status / 100 - 2],
		    1);
}

static uint64_t sum(const struct metrics *m, size_t offset)
{
	uint64_t total = 0;

	for (size_t i = 0; i < SHARDS; i++)
		total += get(
		    (const _Atomic uint64_t *)(const void *)(m->shards +
							     i * m->shard_size +
							     offset));
	return total;
}

static uint64_t event_sum(const struct metrics *m, enum metrics_event event)
{
	return sum(m,
	    offsetof(struct shard, events) + (size_t)event * sizeof(uint64_t));
}

void http_metric_head(
    struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void http_metric(struct buf *out, const char *name, const char *type,
    const char *help, uint64_t value)
{
	http_metric_head(out, name, type, help);
	buf_str(out, name);
	buf_char(out, ' ');
	buf_u64(out, value);
	buf_char(out, '\n');
}

void http_metric_label(struct buf *out, const char *name, struct span value)
{
	buf_str(out, name);
	buf_str(out, "=\"");
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (c == '\n') {
			buf_str(out, "\\n");
			continue;
		}
		if (c == '"' || c == '\\')
			buf_char(out, '\\');
		buf_char(out, c);
	}
	buf_char(out, '"');
}

/* Routes and classes that nobody has had yet are left out. */
static void write_answers(const struct metrics *m, struct buf *out)
{
	static const char name[] = "portbook_http_requests_total";

	http_metric_head(
	    out, name, "counter", "Answers by route and class of status.");
	for (size_t i = 0; i < m->answer_count; i++) {
		uint64_t count = sum(
		    m, offsetof(struct shard, answers) + i * sizeof(uint64_t));

		if (count == 0)
			continue;
		buf_str(out, name);
		buf_char(out, '{');
		http_metric_label(
		    out, "route", span_str(row_name(m->site, i / CLASSES)));
		buf_printf(
		    out, ",code=\"%uxx\"} ", (unsigned)(i % CLASSES) + 2);
		buf_u64(out, count);
		buf_char(out, '\n');
	}
}

/* The count is the last bucket's, so that they never contradict. */
static void write_times(const struct metrics *m, struct buf *out)
{
	static const char name[] = "portbook_http_request_duration_seconds";
	uint64_t count = 0, total = sum(m, offsetof(struct shard, nanoseconds));

	http_metric_head(out, name, "histogram",
	    "Time from a request's whole head to its answer's last byte.");
	for (size_t i = 0; i <= BOUNDS; i++) {
		count += sum(
		    m, offsetof(struct shard, times) + i * sizeof(uint64_t));
		buf_printf(out, "%s_bucket{le=\"%s\"} ", name,
		    i < BOUNDS ? bounds[i].seconds : "+Inf");
		buf_u64(out, count);
		buf_char(out, '\n');
	}
	buf_printf(out, "%s_sum %llu.%09llu\n%s_count ", name,
	    (unsigned long long)(total / 1000000000),
	    (unsigned long long)(total % 1000000000), name);
	buf_u64(out, count);
	buf_char(out, '\n');
}

void metrics_write(
    const struct metrics *m, const struct metrics_now *now, struct buf *out)
{
	static const struct {
		enum metrics_event event;
		const char *name, *help;
	} events[] = {
	    {METRICS_CONNECTED, "portbook_http_connections_total",
		"Connections taken."},
	    {METRICS_REFUSED, "portbook_http_connections_refused_total",
		"Connections refused: too many of one client."},
	    {METRICS_EVICTED, "portbook_http_connections_evicted_total",
		"Idle connections closed to make room."},
	    {METRICS_LATE, "portbook_http_connections_late_total",
		"Connections closed at a deadline."},
	    {METRICS_LIMITED, "portbook_http_rate_limited_total",
		"Requests answered 429: too fast."},
	    {METRICS_ABORTED, "portbook_http_requests_aborted_total",
		"Requests whose client went away before the end."},
	};

	write_answers(m, out);
	write_times(m, out);
	http_metric(out, "portbook_http_response_bytes_total", "counter",
	    "Bytes of bodies that went out.",
	    sum(m, offsetof(struct shard, bytes)));
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		http_metric(out, events[i].name, "counter", events[i].help,
		    event_sum(m, events[i].event));
	http_metric(out, "portbook_http_connections", "gauge",
	    "Connections open now.", now->connections);
	http_metric(out, "portbook_http_connections_max", "gauge",
	    "Connections that may be open.", now->connections_max);
	http_metric(out, "portbook_http_requests_answering", "gauge",
	    "Requests being answered now.", now->answering);
	http_metric(out, "portbook_access_log_dropped_total", "counter",
	    "Lines of the access log that were lost.", now->log_dropped);
}
