/* SPDX-License-Identifier: ISC */
/* A small registry of two versions, as an image in memory, for tests. */
#ifndef SEARCH_SAMPLE_TEST_H
#define SEARCH_SAMPLE_TEST_H

#include "base/mem.h"
#include "core/timeline.h"
#include "image/image.h"
#include "imagebuild/imagebuild.h"
#include "read/read.h"

#define SAMPLE_HEAD(date)                                                      \
	"<registry xmlns=\"http://www.iana.org/assignments\" id=\"s\">\n"      \
	"  <title>T</title>\n  <updated>" date "</updated>\n"
#define SAMPLE_TAIL                                                            \
	"  <people>\n"                                                         \
	"    <person id=\"IESG\"><org>IESG</org>"                              \
	"<uri>mailto:iesg&amp;ietf.org</uri></person>\n"                       \
	"    <person id=\"Jos\xc3\xa9\"><name>Jos\xc3\xa9</name></person>\n"   \
	"  </people>\n</registry>\n"
#define SAMPLE_RECORD(name, protocol, number, rest)                            \
	"  <record><name>" name "</name><protocol>" protocol                   \
	"</protocol>" rest "<number>" number "</number></record>\n"
#define SAMPLE_TEXT(text) "<description>" text "</description>"

/* The rows of the newest version by number, 0 to 11, then one of the past. */
static const char sample_old[] = SAMPLE_HEAD(
    "2020-01-01") "  "
		  "<record><description>Reserved</description><number>0</"
		  "number>"
		  "</record>\n" SAMPLE_RECORD("nicname", "tcp", "43",
		      SAMPLE_TEXT("Who Is")) SAMPLE_RECORD("gone", "tcp", "44",
		      SAMPLE_TEXT("Gone tomorrow")) SAMPLE_RECORD("https",
		      "tcp", "443", SAMPLE_TEXT("http over TLS/SSL"))
		      SAMPLE_TAIL;

static const char sample_new[] = SAMPLE_HEAD(
    "2021-02-03") "  "
		  "<record><description>Reserved</description><number>0</"
		  "number>"
		  "</record>\n" SAMPLE_RECORD("nicname", "tcp", "43",
		      SAMPLE_TEXT(
			  "Who Is")) "  "
				     "<record><description>Unassigned</"
				     "description><number>45-79</number>"
				     "</record>\n" SAMPLE_RECORD("http", "tcp",
					 "80",
					 SAMPLE_TEXT(
					     "World Wide Web")) SAMPLE_RECORD("www",
					 "tcp", "80",
					 SAMPLE_TEXT(
					     "World Wide Web")) SAMPLE_RECORD("https",
					 "tcp", "443",
					 SAMPLE_TEXT("http over TLS/SSL"))
					 SAMPLE_RECORD("https", "udp", "443",
					     SAMPLE_TEXT(
						 "http over TLS/SSL") "<xref "
								      "type="
								      "\"person"
								      "\" "
								      "data="
								      "\"IESG\""
								      "/>")
					     SAMPLE_RECORD("urd", "tcp", "465",
						 SAMPLE_TEXT("URL Rendezvous"))
						 SAMPLE_RECORD("submissions",
						     "tcp", "465",
						     SAMPLE_TEXT("Mail over "
								 "TLS") "<xref "
									"type="
									"\"pers"
									"on\" "
									"data="
									"\"Jos"
									"\xc3"
									"\xa9\""
									"/>")
						     SAMPLE_RECORD("x11", "tcp",
							 "6000-6063",
							 SAMPLE_TEXT(
							     "X Window")) "  "
									  "<rec"
									  "ord>"
									  "<nam"
									  "e>"
									  "rdp<"
									  "/nam"
									  "e><"
									  "desc"
									  "ript"
									  "ion>"
									  "Remo"
									  "te "
									  "Desk"
									  "top"
									  "</"
									  "desc"
									  "ript"
									  "ion>"
									  "</"
									  "reco"
									  "rd>"
									  "\n"
									  "  "
									  "<rec"
									  "ord>"
									  "<nam"
									  "e>"
									  "cl/"
									  "1</"
									  "name"
									  "><"
									  "prot"
									  "ocol"
									  ">tcp"
									  "</"
									  "prot"
									  "ocol"
									  "><"
									  "desc"
									  "ript"
									  "ion>"
									  "FORT"
									  "\xc3"
									  "\x89"
									  "</"
									  "desc"
									  "ript"
									  "ion>"
									  "<num"
									  "ber>"
									  "172<"
									  "/num"
									  "ber>"
									  "</"
									  "reco"
									  "rd>"
									  "\n" SAMPLE_TAIL;

/* Adds a version; 0 or a negative code. */
static inline int sample_add(struct timeline *t, const char *xml)
{
	struct registry r;
	int code =
	    read_registry_memory(span_str(xml), "sample", &r, NULL, NULL);

	if (code < 0)
		return code;
	code = timeline_append(t, &r, NULL);
	registry_release(&r);
	return code;
}

/* *bytes is the caller's, for mem_release behind image_close. */
static inline int sample_open(
    bool no_search, struct image *ret, uint8_t **bytes)
{
	struct imagebuild_options options = {
	    .source = SPAN_INIT("sample"), .no_search = no_search};
	struct timeline t;
	size_t len;
	int code = timeline_init(&t, NULL);

	if (code == 0)
		code = sample_add(&t, sample_old);
	if (code == 0)
		code = sample_add(&t, sample_new);
	if (code == 0)
		code = imagebuild(&t, &options, bytes, &len, NULL);
	timeline_release(&t);
	if (code < 0)
		return code;
	return image_open_memory(span_of((const char *)*bytes, len), ret, NULL);
}

/* The sample for a group of tests: their state is a struct sample. */
struct sample {
	struct image image;
	uint8_t *bytes;
};

static inline int sample_set_up(void **state)
{
	static struct sample s;

	*state = &s;
	return sample_open(true, &s.image, &s.bytes) < 0;
}

static inline int sample_tear_down(void **state)
{
	struct sample *s = *state;

	image_close(&s->image);
	mem_release(s->bytes);
	return 0;
}

#endif
