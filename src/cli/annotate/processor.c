/* SPDX-License-Identifier: ISC */
/*
 * Not by __builtin_cpu_supports: with that the compiler's library asks the
 * processor at every start of the program, whatever the command, and in a
 * virtual machine each CPUID goes through the host.  It took a sixth of the
 * time of a lookup.
 */
#include "cli/annotate/processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdint.h>
#endif

#include "base/banned.h"

#if defined(__x86_64__)

#define LEAF_BASIC 1
#define LEAF_MORE 7

/* Registers that the system saves: XCR0. */
#define SAVED_AVX 0x06U
#define SAVED_AVX512 0xe6U

struct features {
	uint32_t basic; /* leaf 1, ecx */
	uint32_t more;	/* leaf 7, ebx */
	uint32_t rest;	/* leaf 7, ecx */
	uint32_t saved; /* XCR0, its lower half */
};

static uint32_t saved_registers(void)
{
	uint32_t low, high;

	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low;
}

static struct features ask(void)
{
	struct features ret = {0};
	uint32_t a, b, c, d;

	if (!__get_cpuid(LEAF_BASIC, &a, &b, &c, &d))
		return ret;
	ret.basic = c;
	if ((c & bit_OSXSAVE) != 0)
		ret.saved = saved_registers();
	if (__get_cpuid_count(LEAF_MORE, 0, &a, &b, &c, &d)) {
		ret.more = b;
		ret.rest = c;
	}
	return ret;
}

static bool has(uint32_t bits, uint32_t wanted)
{
	return (bits & wanted) == wanted;
}

bool processor_has_avx2(void)
{
	struct features f = ask();

	return has(f.saved, SAVED_AVX) && has(f.basic, bit_POPCNT | bit_AVX) &&
	       has(f.more, bit_AVX2 | bit_BMI);
}

bool processor_has_avx512(void)
{
	struct features f = ask();

	return processor_has_avx2() && has(f.saved, SAVED_AVX512) &&
	       has(f.more, bit_AVX512F | bit_AVX512BW | bit_AVX512VL) &&
	       has(f.rest, bit_AVX512VBMI2);
}
#endif
