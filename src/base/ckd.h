/* SPDX-License-Identifier: ISC */
/* Arithmetic that tells of overflow: true means the result is wrong. */
#ifndef BASE_CKD_H
#define BASE_CKD_H

#define ckd_add(ret, a, b) __builtin_add_overflow((a), (b), (ret))
#define ckd_sub(ret, a, b) __builtin_sub_overflow((a), (b), (ret))
#define ckd_mul(ret, a, b) __builtin_mul_overflow((a), (b), (ret))

#endif
