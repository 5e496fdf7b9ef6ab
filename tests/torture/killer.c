/* SPDX-License-Identifier: ISC */
/*
 * Loaded before the C library (LD_PRELOAD): counts the calls that change
 * files, and at the n-th, KILLER_AT of the environment, ends the process as
 * kill -9 does: before it in odd rounds (KILLER_HALF unset), and in the middle
 * of it, half of the bytes being written, where it is a write and KILLER_HALF
 * is set.  With KILLER_FAIL that call, and all after it, fail with that errno
 * instead, as on a full disk.  KILLER_COUNT names a file for the whole count.
 *
 * In a child of the process it counts nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static long at, fail, seen;
static int half;
static const char *count_to;

static void __attribute__((constructor)) begin(void)
{
	const char *text = getenv("KILLER_AT");

	at = text != NULL ? atol(text) : 0;
	half = getenv("KILLER_HALF") != NULL;
	text = getenv("KILLER_FAIL");
	fail = text != NULL ? atol(text) : 0;
	count_to = getenv("KILLER_COUNT");
	unsetenv("LD_PRELOAD");
}

static void __attribute__((destructor)) end(void)
{
	FILE *file = count_to != NULL ? fopen(count_to, "w") : NULL;

	if (file == NULL)
		return;
	fprintf(file, "%ld\n", seen);
	fclose(file);
}

/* 1: go on; 0: errno is set and the call must fail; 2: write a half, die. */
static int hook(void)
{
	long n = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);

	if (at == 0 || n < at)
		return 1;
	if (fail != 0) {
		errno = (int)fail;
		return 0;
	}
	if (n > at)
		return 1; /* another thread is dying already */
	if (half)
		return 2;
	raise(SIGKILL);
	return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* A descriptor of a file; what people read is not counted. */
static int is_file(int fd)
{
	struct stat st;

	return fd > 2 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	int what = is_file(fd) ? hook() : 1;

	if (what == 0)
		return -1;
	if (what == 2) {
		(void)!NEXT(write)(fd, bytes, len / 2);
		raise(SIGKILL);
	}
	return NEXT(write)(fd, bytes, len);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t off)
{
	int what = is_file(fd) ? hook() : 1;

	if (what == 0)
		return -1;
	if (what == 2) {
		(void)!NEXT(pwrite64)(fd, bytes, len / 2, off);
		raise(SIGKILL);
	}
	return NEXT(pwrite64)(fd, bytes, len, off);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t off)
{
	return pwrite64(fd, bytes, len, off);
}

/* The rest is done or not done. */
#define COUNTED(type, name, parameters, arguments)                             \
	type name parameters                                                   \
	{                                                                      \
		int what = hook();                                             \
									       \
		if (what == 0)                                                 \
			return -1;                                             \
		if (what == 2) {                                               \
			(void)!NEXT(name) arguments;                           \
			raise(SIGKILL);                                        \
		}                                                              \
		return NEXT(name) arguments;                                   \
	}

COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, ftruncate, (int fd, off_t len), (fd, len))
COUNTED(int, ftruncate64, (int fd, off64_t len), (fd, len))
COUNTED(int, rename, (const char *a, const char *b), (a, b))
COUNTED(int, renameat, (int x, const char *a, int y, const char *b),
    (x, a, y, b))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, unlinkat, (int at_fd, const char *path, int flags),
    (at_fd, path, flags))
COUNTED(int, symlinkat, (const char *to, int at_fd, const char *path),
    (to, at_fd, path))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(int, mkdirat, (int at_fd, const char *path, mode_t mode),
    (at_fd, path, mode))
