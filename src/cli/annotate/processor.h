/* SPDX-License-Identifier: ISC */
/* What this processor can do, asked when somebody wants to know. */
#ifndef CLI_ANNOTATE_PROCESSOR_H
#define CLI_ANNOTATE_PROCESSOR_H

#include <stdbool.h>

#if defined(__x86_64__)
/* AVX2, BMI1 and POPCNT, of processor and system. */
bool processor_has_avx2(void);

/* AVX-512 BW, VL and VBMI2 besides. */
bool processor_has_avx512(void);
#endif

#endif
