/* SPDX-License-Identifier: ISC */
/*
 * bench REGISTRY.xml PROGRAMS TMP GPERF SUBJECT...
 *
 * run.sh calls it.  --names prints the names for gperf, --memory-read and
 * --memory-build are the children whose memory is measured.
 */
#include "harness.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/unicode.h"
#include "read/read.h"

static const struct {
	const char *name;
	void (*run)(struct bench *b);
} subjects[] = {
    {"read", bench_read},
    {"build", bench_build},
    {"convert", bench_convert},
    {"write", bench_write},
    {"port", bench_port},
    {"name", bench_name},
    {"search", bench_search},
    {"history", bench_history},
    {"process", bench_process},
    {"serve", bench_serve},
};

#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

static void read_into(const char *xml, struct registry *r)
{
	struct portbook_error err = {0};

	if (read_registry(xml, r, NULL, &err) < 0)
		die("%s: line %llu: %s", xml, (unsigned long long)err.line,
		    err.text);
}

/* Names, folded, each once and quoted. */
static int print_names(const char *xml)
{
	struct arena arena;
	struct intern names;
	struct registry r;

	read_into(xml, &r);
	arena_init(&arena);
	intern_init(&names, &arena);
	for (size_t i = 0; i < r.record_count; i++) {
		struct span name =
		    registry_text(&r, r.records[i].text[FIELD_NAME]);
		struct buf folded;
		uint32_t n;

		buf_init(&folded);
		unicode_fold_text(&folded, name);
		if (intern_add(&names, buf_span(&folded), &n) < 0)
			die("out of memory");
		buf_release(&folded);
	}
	for (size_t i = 0; i < names.count; i++)
		if (names.entries[i].text.len > 0)
			printf("\"%.*s\"\n", SPAN_FMT(names.entries[i].text));
	return 0;
}

static int print_memory(const char *xml, bool building)
{
	if (building) {
		uint8_t *bytes;
		size_t len;

		build_once(xml, &bytes, &len);
	} else {
		struct registry r;

		read_into(xml, &r);
	}
	printf("%.0f\n", status_len((int)getpid(), "VmHWM:"));
	return 0;
}

/* The image goes to a file, since that is how everybody has it. */
static void image_make(struct bench *b)
{
	struct portbook_error err = {0};
	FILE *file;

	build_once(b->xml, &b->built, &b->built_len);
	snprintf(
	    b->image_path, sizeof(b->image_path), "%s/registry.image", b->tmp);
	file = fopen(b->image_path, "wb");
	if (file == NULL ||
	    fwrite(b->built, 1, b->built_len, file) != b->built_len ||
	    fclose(file) != 0)
		die("%s: cannot be written", b->image_path);
	if (image_open(b->image_path, &b->image, &err) < 0)
		die("%s: %s", b->image_path, err.text);
}

static void run_subject(struct bench *b, const char *name)
{
	for (size_t i = 0; i < SUBJECTS; i++)
		if (strcmp(subjects[i].name, name) == 0) {
			subjects[i].run(b);
			return;
		}
	die("%s: no such subject", name);
}

int main(int argc, char **argv)
{
	static struct bench b;
	static char folder[4096];
	char *slash;

	if (argc == 3 && strcmp(argv[1], "--names") == 0)
		return print_names(argv[2]);
	if (argc == 3 && strncmp(argv[1], "--memory-", 9) == 0)
		return print_memory(argv[2], strcmp(argv[1] + 9, "build") == 0);
	if (argc < 5)
		die("usage: bench REGISTRY.xml PROGRAMS TMP GPERF SUBJECT...");
	snprintf(folder, sizeof(folder), "%s", argv[0]);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		die("to be called by its path");
	*slash = '\0';
	b.xml = argv[1];
	b.programs = argv[2];
	b.folder = folder;
	b.tmp = argv[3];
	b.gperf = argv[4];
	pin();
	read_into(b.xml, &b.registry);
	image_make(&b);
	printf("%zu records, %zu rows in the image, %zu names\n",
	    b.registry.record_count, b.image.row_count, b.image.name_count);
	for (int i = 5; i < argc; i++)
		run_subject(&b, argv[i]);
	for (size_t i = 0; argc == 5 && i < SUBJECTS; i++)
		subjects[i].run(&b);
	image_close(&b.image);
	mem_release(b.built);
	registry_release(&b.registry);
	return summary();
}
