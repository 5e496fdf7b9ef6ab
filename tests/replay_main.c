/* SPDX-License-Identifier: ISC */
/*
 * Runs a fuzz target on the files named and on those of the folders named,
 * so that any compiler can hold a parser against its corpus.
 *
 *   replay_NAME FILE|FOLDER...
 *
 * Exit status: 0, or 77 where there is no input, or 1 if one cannot be read.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int complain(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return -1;
}

/* One byte past the end must be nobody's, hence a block of just that size. */
static int replay_open(FILE *file, size_t len)
{
	uint8_t *data = mem_alloc(len, 1);
	int ret = -1;

	if (data != NULL && fread(data, 1, len, file) == len) {
		LLVMFuzzerTestOneInput(data, len);
		ret = 0;
	}
	mem_release(data);
	return ret;
}

static int replay_file(const char *path, size_t len)
{
	FILE *file = fopen(path, "rb");
	int ret;

	if (file == NULL)
		return complain(path);
	ret = replay_open(file, len);
	fclose(file);
	return ret < 0 ? complain(path) : 1;
}

/* How many inputs were run, or -1. */
static int replay(const char *path)
{
	struct stat st;
	struct dirent *entry;
	DIR *dir;
	int count = 0;

	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : complain(path);
	if (!S_ISDIR(st.st_mode))
		return replay_file(path, (size_t)st.st_size);
	dir = opendir(path);
	if (dir == NULL)
		return complain(path);
	while (count >= 0 && (entry = readdir(dir)) != NULL) {
		char name[4096];
		int n;

		if (entry->d_name[0] == '.')
			continue;
		n = snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (n < 0 || (size_t)n >= sizeof(name)) {
			errno = ENAMETOOLONG;
			count = complain(path);
			break;
		}
		n = replay(name);
		count = n < 0 ? n : count + n;
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	int count = 0;

	for (int i = 1; i < argc; i++) {
		int n = replay(argv[i]);

		if (n < 0)
			return 1;
		count += n;
	}
	if (count == 0) {
		printf("no input in %s\n", argc > 1 ? argv[1] : "no place");
		return 77;
	}
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("%d inputs\n", count);
	return 0;
}
