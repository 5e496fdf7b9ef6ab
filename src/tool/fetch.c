/* SPDX-License-Identifier: ISC */
/*
 * portbook-fetch URL: writes what is at URL to standard output, and nothing
 * else anywhere.  HTTPS alone, but for plain HTTP to this machine (tests).
 * --etag and --modified are what was told of the last that was fetched; with
 * --tags-to FD that of this one goes to the descriptor, a line each.
 * Exit status: 0, 1 if it is still the last, 2 usage, 4 could not be fetched.
 */
#include <curl/curl.h>
#include <getopt.h>
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

/* Longer ones are not kept. */
#define TAG_LEN_MAX 255

struct asked {
	const char *url, *etag, *modified; /* the latter empty if not given */
	int tags_to;			   /* descriptor, or -1 */
};

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

/* One more header of the question; false when out of memory. */
static bool add_header(
    struct curl_slist **list, const char *name, const char *value)
{
	struct curl_slist *longer;
	char line[512];
	int len = snprintf(line, sizeof(line), "%s: %s", name, value);

	if (value[0] == '\0' || len < 0 || (size_t)len >= sizeof(line))
		return true;
	longer = curl_slist_append(*list, line);
	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

static CURLcode ask(
    CURL *curl, const struct asked *asked, struct curl_slist **headers)
{
	if (!add_header(headers, "If-None-Match", asked->etag) ||
	    !add_header(headers, "If-Modified-Since", asked->modified))
		return CURLE_OUT_OF_MEMORY;
	return curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
}

static void put_tag(CURL *curl, const char *name, int fd)
{
	struct curl_header *header;
	char line[TAG_LEN_MAX + 2];
	int len = 0;

	if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK)
		len = snprintf(line, sizeof(line), "%s", header->value);
	if (len < 0 || len > TAG_LEN_MAX)
		len = 0;
	line[len] = '\n';
	/* One that is lost costs a download some day. */
	if (write(fd, line, (size_t)len + 1) < 0)
		return;
}

static int complain(
    const char *url, CURLcode code, const struct sink *sink, const char *words)
{
	fprintf(stderr, "portbook: %s: %s\n", url,
	    sink->full	       ? "larger than any registry"
	    : words[0] != '\0' ? words
			       : curl_easy_strerror(code));
	return 4;
}

static int finish(CURL *curl, const struct asked *asked)
{
	bool conditional = asked->etag[0] != '\0' || asked->modified[0] != '\0';
	long answer = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
	if (answer == 304 && conditional)
		return 1;
	if (answer != 200) {
		fprintf(stderr, "portbook: %s: answered with status %ld\n",
		    asked->url, answer);
		return 4;
	}
	if (asked->tags_to >= 0) {
		put_tag(curl, "ETag", asked->tags_to);
		put_tag(curl, "Last-Modified", asked->tags_to);
	}
	if (fflush(stdout) != 0) {
		perror("portbook: cannot write what was fetched");
		return 4;
	}
	return 0;
}

static int run(const struct asked *asked)
{
	char words[CURL_ERROR_SIZE] = "";
	struct sink sink = {0};
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	CURLcode code;
	int status;

	if (curl == NULL) {
		fputs("portbook: cannot set up the download\n", stderr);
		return 4;
	}
	code = set_up(curl, asked->url, &sink, words);
	if (code == CURLE_OK)
		code = ask(curl, asked, &headers);
	if (code == CURLE_OK)
		code = curl_easy_perform(curl);
	status = code == CURLE_OK ? finish(curl, asked)
				  : complain(asked->url, code, &sink, words);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return status;
}

static bool parse(int argc, char **argv, struct asked *ret)
{
	static const struct option options[] = {
	    {"etag", required_argument, NULL, 'e'},
	    {"modified", required_argument, NULL, 'm'},
	    {"tags-to", required_argument, NULL, 't'},
	    {NULL, 0, NULL, 0},
	};
	uint64_t fd;
	int c;

	*ret = (struct asked){NULL, "", "", -1};
	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'e')
			ret->etag = optarg;
		else if (c == 'm')
			ret->modified = optarg;
		else if (c == 't' && ascii_u64(span_str(optarg), 1023, &fd))
			ret->tags_to = (int)fd;
		else
			return false;
	}
	if (optind + 1 != argc)
		return false;
	ret->url = argv[optind];
	return true;
}

int main(int argc, char **argv)
{
	struct asked asked;
	int status;

	if (!parse(argc, argv, &asked)) {
		fputs("usage: portbook-fetch [--etag TAG] [--modified DATE] "
		      "[--tags-to FD] URL >FILE\n",
		    stderr);
		return 2;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		fputs("portbook: cannot set up the download\n", stderr);
		return 4;
	}
	status = run(&asked);
	curl_global_cleanup();
	return status;
}
