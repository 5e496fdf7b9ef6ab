/* SPDX-License-Identifier: ISC */
/* What the site adds to /metrics: which registry it serves, and how old. */
#include <time.h>

#include "base/ascii.h"
#include "http/cache.h"
#include "web/routes.h"
#include "base/banned.h"

/* Midnight UTC of YYYY-MM-DD, in seconds since 1970; 0 for what is no date. */
static uint64_t seconds_of(struct span date)
{
	uint64_t year, month, day;
	struct tm tm = {0};
	time_t when;

	if (date.len < 10 || !ascii_u64(span_head(date, 4), 9999, &year) ||
	    !ascii_u64(span_head(span_skip(date, 5), 2), 12, &month) ||
	    !ascii_u64(span_head(span_skip(date, 8), 2), 31, &day))
		return 0;
	tm.tm_year = (int)year - 1900;
	tm.tm_mon = (int)month - 1;
	tm.tm_mday = (int)day;
	when = timegm(&tm);
	return when > 0 ? (uint64_t)when : 0;
}

static void add_hex(struct buf *out, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		buf_char(out, digits[bytes[i] >> 4]);
		buf_char(out, digits[bytes[i] & 15]);
	}
}

static void tell(const struct image *image, struct buf *out)
{
	static const char name[] = "portbook_registry_info";
	const struct image_version *newest = image_newest(image);
	struct span date = image_text(image, newest->updated);
	uint64_t updated = seconds_of(date), now = (uint64_t)time(NULL);

	http_metric_head(out, name, "gauge",
	    "The registry that is served: its date and the SHA-256 of its "
	    "official file.");
	buf_str(out, name);
	buf_char(out, '{');
	http_metric_label(out, "updated", date);
	buf_str(out, ",digest=\"");
	add_hex(out, newest->digest, sizeof(newest->digest));
	buf_str(out, "\"} 1\n");
	http_metric(out, "portbook_registry_records", "gauge",
	    "Records of the registry.", le32(newest->row_count));
	http_metric(out, "portbook_registry_versions", "gauge",
	    "Versions that can be asked for.", image->version_count);
	if (updated == 0)
		return;
	http_metric(out, "portbook_registry_updated_timestamp_seconds", "gauge",
	    "Its date, as the seconds from 1970 to midnight UTC.", updated);
	http_metric(out, "portbook_registry_age_seconds", "gauge",
	    "Time since then.", now > updated ? now - updated : 0);
}

static void tell_cache(struct http_cache *cache, struct buf *out)
{
	struct http_cache_stats stats;

	http_cache_stats(cache, &stats);
	http_metric(out, "portbook_cache_hits_total", "counter",
	    "Answers that were sent again as they were kept.", stats.hits);
	http_metric(out, "portbook_cache_misses_total", "counter",
	    "Answers that could have been kept and had to be made.",
	    stats.misses);
	http_metric(out, "portbook_cache_evictions_total", "counter",
	    "Answers that made room for others.", stats.evictions);
	http_metric(out, "portbook_cache_answers", "gauge", "Answers kept.",
	    stats.entries);
	http_metric(out, "portbook_cache_bytes", "gauge",
	    "Memory they take, about.", stats.bytes);
	http_metric(out, "portbook_cache_max_bytes", "gauge",
	    "Memory they may take.", stats.cap);
}

void site_metrics(void *site, struct buf *out)
{
	const struct site *s = site;
	struct edition *e = site_take(site);

	if (s->http.cache != NULL)
		tell_cache(s->http.cache, out);
	if (e == NULL)
		return;
	tell(&e->image, out);
	edition_give(e);
}
