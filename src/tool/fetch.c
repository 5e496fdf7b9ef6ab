/* SPDX-License-Identifier: ISC */
/*
 * portbook-fetch URL: writes what is at URL to standard output, and nothing
 * else anywhere.  HTTPS alone, but for plain HTTP to this machine (tests).
 * Exit status: 0, 2 usage, 4 could not be fetched.
 */
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/span.h"
#include "base/banned.h"

#define CONNECT_SECONDS 5L
#define TOTAL_SECONDS 120L
#define LEN_MAX (256L * 1024 * 1024)

struct sink {
	size_t len;
	bool full;
};

static size_t take(char *ptr, size_t size, size_t count, void *ctx)
{
	struct sink *sink = ctx;
	size_t len = size * count;

	if (len > (size_t)LEN_MAX - sink->len) {
		sink->full = true;
		return 0;
	}
	sink->len += len;
	return fwrite(ptr, 1, len, stdout) == len ? count : 0;
}

/*
 * Plain HTTP to this machine: the host and nothing that only looks like it
 * ("http://127.0.0.1:x@elsewhere/").
 */
static bool is_here(struct span url)
{
	static const struct span hosts[] = {
	    SPAN_INIT("http://127.0.0.1:"), SPAN_INIT("http://[::1]:")};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct span rest = span_skip(url, hosts[i].len);

		if (span_starts(url, hosts[i]) &&
		    ascii_all_digits(span_cut(&rest, '/')))
			return true;
	}
	return false;
}

static CURLcode set_up(
    CURL *curl, const char *url, struct sink *sink, char *words)
{
	const char *schemes = is_here(span_str(url)) ? "http" : "https";
	CURLcode code = curl_easy_setopt(curl, CURLOPT_URL, url);

#define SET(option, value)                                                     \
	if (code == CURLE_OK)                                                  \
	code = curl_easy_setopt(curl, option, value)
	SET(CURLOPT_PROTOCOLS_STR, schemes);
	SET(CURLOPT_REDIR_PROTOCOLS_STR, schemes);
	SET(CURLOPT_FOLLOWLOCATION, schemes[4] == 's' ? 1L : 0L);
	SET(CURLOPT_MAXREDIRS, 5L);
	SET(CURLOPT_FAILONERROR, 1L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	SET(CURLOPT_TIMEOUT, TOTAL_SECONDS);
	SET(CURLOPT_LOW_SPEED_LIMIT, 1000L);
	SET(CURLOPT_LOW_SPEED_TIME, 15L);
	SET(CURLOPT_MAXFILESIZE, LEN_MAX);
	SET(CURLOPT_ACCEPT_ENCODING, "");
	SET(CURLOPT_USERAGENT, "portbook/" PORTBOOK_VERSION);
	SET(CURLOPT_ERRORBUFFER, words);
	SET(CURLOPT_WRITEFUNCTION, take);
	SET(CURLOPT_WRITEDATA, sink);
#undef SET
	return code;
}

static int run(const char *url)
{
	char words[CURL_ERROR_SIZE] = "";
	struct sink sink = {0};
	CURL *curl = curl_easy_init();
	long answer = 0;
	CURLcode code;

	if (curl == NULL) {
		fputs("portbook: cannot set up the download\n", stderr);
		return 4;
	}
	code = set_up(curl, url, &sink, words);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK && answer != 200) {
		fprintf(stderr, "portbook: %s: answered with status %ld\n", url,
		    answer);
		return 4;
	}
	if (code != CURLE_OK) {
		fprintf(stderr, "portbook: %s: %s\n", url,
		    sink.full	       ? "larger than any registry"
		    : words[0] != '\0' ? words
				       : curl_easy_strerror(code));
		return 4;
	}
	if (fflush(stdout) != 0) {
		perror("portbook: cannot write what was fetched");
		return 4;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int status;

	if (argc != 2 || argv[1][0] == '-') {
		fputs("usage: portbook-fetch URL >FILE\n", stderr);
		return 2;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		fputs("portbook: cannot set up the download\n", stderr);
		return 4;
	}
	status = run(argv[1]);
	curl_global_cleanup();
	return status;
}
