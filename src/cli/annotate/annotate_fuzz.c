/* SPDX-License-Identifier: ISC */
/*
 * The first byte chooses options, the rest are lines.  What comes out must be
 * the same however the input is cut, on one thread and on two, and be the
 * input with text put in, and no newline.
 */
#include <stdint.h>
#include <stdlib.h>

#include "cli/annotate/run_test.h"
#include "search/sample_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void need(bool good)
{
	if (!good)
		abort();
}

static size_t count_lines(struct span text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	return count;
}

/* Whether text can be had by leaving out bytes of longer. */
static bool is_within(struct span text, struct span longer)
{
	size_t at = 0;

	for (size_t i = 0; i < longer.len && at < text.len; i++)
		at += longer.ptr[i] == text.ptr[at];
	return at == text.len;
}

static struct annotate_ask choose(uint8_t bits)
{
	bool numbers = (bits & 1) != 0;
	struct annotate_ask ask = {
	    .ports = {numbers ? SPAN("2") : SPAN("dport"),
		numbers ? SPAN("1") : SPAN("sport")},
	    .port_count = (bits & 2) != 0 ? 2 : 1,
	    .protocol = numbers ? SPAN("3") : SPAN("proto"),
	    .prefix = SPAN(""),
	    .assumed = (bits & 4) != 0 ? PROTOCOL_TCP : PROTOCOL_NONE,
	    .fields = {ANNOTATE_SERVICE, ANNOTATE_STATE, ANNOTATE_DESCRIPTION},
	    .field_count = (bits & 8) != 0 ? 3 : 1,
	    .input = (enum annotate_input)((bits >> 4 & 7) % 5),
	    .jobs = 1,
	};

	ask.guess = ask.port_count == 2 && (bits & 128) != 0;
	return ask;
}

static void run(const struct image *image, const uint8_t *data, size_t len)
{
	struct span text = span_of((const char *)data + 1, len - 1);
	struct annotate_ask ask = choose(data[0]);
	struct chunk_counts counts[3] = {0};
	struct buf out[3];
	int codes[3];

	for (size_t i = 0; i < 3; i++) {
		buf_init(&out[i]);
		ask.jobs = i == 2 ? 2 : 1;
		codes[i] = run_annotate(image, &ask, text, i == 0 ? 65536 : 5,
		    65536, &out[i], &counts[i], NULL);
		need(codes[i] == codes[0]);
		need(codes[i] < 0 ||
		     span_eq(buf_span(&out[i]), buf_span(&out[0])));
		need(codes[i] < 0 ||
		     (counts[i].records == counts[0].records &&
			 counts[i].named == counts[0].named &&
			 counts[i].unchanged == counts[0].unchanged));
	}
	if (codes[0] == 0) {
		need(count_lines(text) == count_lines(buf_span(&out[0])));
		need(is_within(text, buf_span(&out[0])));
		need(
		    counts[0].named + counts[0].unchanged <= counts[0].records);
	}
	for (size_t i = 0; i < 3; i++)
		buf_release(&out[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct image image; /* which takes longer than all else */
	static uint8_t *bytes;

	if (len == 0 || len > 4096)
		return 0;
	if (bytes == NULL)
		need(sample_open(true, &image, &bytes) == 0);
	run(&image, data, len);
	return 0;
}
