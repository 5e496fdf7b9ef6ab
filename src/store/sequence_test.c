/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "portbook/error.h"
#include "store/body.h"
#include "store/sequence.h"
#include "store/varint.h"

#define N 64

static const struct sequence nothing;

/* Numbers as letters; the bytes that it may take at most. */
static const struct {
	int line;
	const char *base, *now;
	size_t most;
} cases[] = {
    {__LINE__, "", "", 1},
    {__LINE__, "abc", "", 1},
    {__LINE__, "", "abcdefghijklmnopqrstuvwxyz", 4},
    {__LINE__, "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", 3},
    {__LINE__, "acegikmoqsuwy", "acegikmoqsuwy", 3},
    {__LINE__, "acegikmoqsuwy", "acegikmoqsuwyz", 5},
    {__LINE__, "acegikmoqsuwy", "zacegikmoqsuwy", 6},
    {__LINE__, "acegikmoqsuwy", "acegikzoqsuwy", 7},
    {__LINE__, "acegikmoqsuwy", "acegikoqsuwy", 5},
    {__LINE__, "acegikmoqsuwy", "moqsuwyacegik", 5},
    {__LINE__, "aaaaaa", "aaaa", 3},
    {__LINE__, "aaaa", "aaaaaaaaaa", 9},
    {__LINE__, "az", "za", 6},
};

static void put_letters(struct sequence *s, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		uint32_t number = (uint8_t)*letters;

		assert_int_equal(sequence_add(s, &number, 1), 0);
	}
}

/* What is coded comes back, also into a sequence that held something else. */
static size_t expect_round(
    int line, const struct sequence *base, const struct sequence *now)
{
	struct sequence back = {0};
	struct buf b;
	size_t len;

	buf_init(&b);
	assert_int_equal(sequence_encode(base, now, &b), 0);
	len = b.len;
	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(
		    sequence_decode(base, buf_span(&b), now->count, &back), 0);
		if (back.count != now->count ||
		    (now->count > 0 && memcmp(back.at, now->at,
					   now->count * sizeof(*now->at)) != 0))
			fail_msg("line %d: other numbers come back", line);
		back.count = 0;
		put_letters(&back, "something else");
	}
	if (now->count > 0)
		assert_int_equal(
		    sequence_decode(base, buf_span(&b), now->count - 1, &back),
		    PORTBOOK_EDAMAGED);
	sequence_release(&back);
	buf_release(&b);
	return len;
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sequence base = {0}, now = {0};
		size_t len;

		put_letters(&base, cases[i].base);
		put_letters(&now, cases[i].now);
		len = expect_round(cases[i].line, &base, &now);
		if (len > cases[i].most)
			fail_msg("line %d: %zu bytes", cases[i].line, len);
		sequence_release(&base);
		sequence_release(&now);
	}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

/* Sequences made of one another, with numbers from one end to the other. */
static void test_random(void **state)
{
	static const uint32_t odd[] = {0, 1, UINT32_MAX - 1, UINT32_MAX};
	uint32_t seed = 1;

	(void)state;
	for (unsigned turn = 0; turn < 2000; turn++) {
		struct sequence base = {0}, now = {0};

		for (size_t i = next_random(&seed) % N; i > 0; i--) {
			uint32_t number = next_random(&seed) % 50;

			if (number < 4)
				number = odd[number];
			assert_int_equal(sequence_add(&base, &number, 1), 0);
		}
		for (size_t i = next_random(&seed) % 6; i > 0; i--) {
			size_t from, len;
			uint32_t number = next_random(&seed) % 50;

			if (number < 4)
				number = odd[number];
			assert_int_equal(sequence_add(&now, &number, 1), 0);
			if (base.count == 0)
				continue;
			from = next_random(&seed) % base.count;
			len = next_random(&seed) % (base.count - from);
			assert_int_equal(
			    sequence_add(&now, base.at + from, len), 0);
		}
		expect_round((int)turn, &base, &now);
		expect_round((int)turn, &nothing, &now);
		sequence_release(&base);
		sequence_release(&now);
	}
}

#define CODE(bytes) SPAN_INIT(bytes)

/* The base has three numbers. */
static void test_damaged(void **state)
{
	static const struct {
		int line;
		struct span code;
		int want;
	} codes[] = {
	    {__LINE__, CODE("\x03\x06\x00"), 0},
	    {__LINE__, CODE("\x01\x02\x04"), 0}, /* the third alone */
	    {__LINE__, CODE("\x01\x03\x0e"), 0}, /* 7 */
	    {__LINE__, CODE(""), -1}, {__LINE__, CODE("\x80"), -1},
	    {__LINE__, CODE("\x03"), -1}, {__LINE__, CODE("\x03\x06"), -1},
	    {__LINE__, CODE("\x03\x06\x80"), -1},
	    {__LINE__, CODE("\x03\x06\x00\x00"), -1}, /* more behind */
	    {__LINE__, CODE("\x03\x08\x00"), -1},     /* more than are due */
	    {__LINE__, CODE("\x04\x08\x00"), -1},     /* more than base has */
	    {__LINE__, CODE("\x01\x02\x06"), -1},     /* behind base */
	    {__LINE__, CODE("\x01\x02\x01"), -1},     /* before base */
	    {__LINE__, CODE("\x01\x00\x00\x02\x00"), -1}, /* nothing */
	    {__LINE__, CODE("\x01\x03\x01"), -1},	  /* number -1 */
	    {__LINE__, CODE("\x01\x03\x80\x80\x80\x80\x20"), -1}, /* 2^32 */
	    {__LINE__, CODE("\x02\x05\xfe\xff\xff\xff\x1f"), -1}, /* and on */
	    {__LINE__, CODE("\x01\x02\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		-1},
	    {__LINE__, CODE("\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		-1},
	    {__LINE__, CODE("\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
		-1},
	    {__LINE__, CODE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), -1},
	    {__LINE__, CODE("\x65\x06\x00"), -1}, /* beyond the limit */
	};
	struct sequence base = {0}, back = {0};

	(void)state;
	put_letters(&base, "abc");
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		int code = sequence_decode(&base, codes[i].code, 100, &back);

		if (code != (codes[i].want == 0 ? 0 : PORTBOOK_EDAMAGED))
			fail_msg("line %d: %d", codes[i].line, code);
	}
	sequence_release(&base);
	sequence_release(&back);
}

/* Zeros stand for the texts of the header, which is ten numbers long. */
#define HEADER 0, 0, 0, 0, 0, 0, 0, 0, 0, 0

static void test_bodies(void **state)
{
	static const struct {
		int line;
		uint32_t words[24];
		size_t count;
		int want;
	} bodies[] = {
	    {__LINE__, {HEADER, 0, 0, 0, 0, 0, 0}, 16, 0},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 0, 0}, 15, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 0, 0}, 17, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 0, 0}, 9, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 0, 0}, 10, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 0, 0}, 0, -1},
	    {__LINE__, {0, 0, 0, 0, 0, 0, 0, 0, 0, 5}, 16, -1},
	    {__LINE__, {HEADER, 1, 4, 3, 0, 0, 0, 0, 0}, 18, 0},
	    {__LINE__, {HEADER, 1, 5, 3, 0, 0, 0, 0, 0}, 18, -1},
	    {__LINE__, {HEADER, 9, 4, 3, 0, 0, 0, 0, 0}, 18, -1},
	    {__LINE__, {HEADER, 0, 0, 2, 9, 4, 1, 4, 0, 0, 0}, 20, 0},
	    {__LINE__, {HEADER, 0, 0, 2, 9, 4, 0, 4, 0, 0, 0}, 20, -1},
	    {__LINE__, {HEADER, 0, 0, 2, 9, 4, 1, 5, 0, 0, 0}, 20, -1},
	    {__LINE__, {HEADER, 0, 0, 2, 9, 4, UINT32_MAX, 4, 0, 0, 0}, 20, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 2, 2, 2, 1, 1}, 19, 0},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 2, 2, 3, 1, 1}, 19, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 2, 2, 0, 1, 1}, 19, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, 2, 2, 2, 1, 2}, 19, -1},
	    {__LINE__, {HEADER, 0, 0, 0, 0, UINT32_MAX, 2, 2, 1, 1}, 19, -1},
	};
	const struct body_bounds bounds = {5, 3, 2};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct sequence s = {0};
		struct body body;
		int code;

		assert_int_equal(
		    sequence_add(&s, bodies[i].words, bodies[i].count), 0);
		code = body_parse(&s, &bounds, &body);
		if (code != (bodies[i].want == 0 ? 0 : PORTBOOK_EDAMAGED))
			fail_msg("line %d: %d", bodies[i].line, code);
		sequence_release(&s);
	}
}

static void test_varints(void **state)
{
	static const uint64_t numbers[] = {0, 1, 0x7f, 0x80, 0x3fff, 0x4000,
	    UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX - 1, UINT64_MAX};
	char room[16];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct span rest;
		struct buf b;
		uint64_t back = 0;
		uint32_t word;
		int64_t number = 0;

		buf_init_fixed(&b, room, sizeof(room));
		varint_put(&b, numbers[i]);
		rest = buf_span(&b);
		assert_true(varint_take(&rest, &back));
		assert_true(back == numbers[i] && rest.len == 0);
		rest = buf_span(&b);
		assert_int_equal(
		    varint_take_u32(&rest, &word), numbers[i] <= UINT32_MAX);
		for (size_t len = 0; len < b.len; len++) {
			rest = span_head(buf_span(&b), len);
			assert_false(varint_take(&rest, &back));
			assert_int_equal(rest.len, len);
		}
		buf_clear(&b);
		varint_put_signed(&b, (int64_t)numbers[i]);
		rest = buf_span(&b);
		assert_true(varint_take_signed(&rest, &number));
		assert_true(number == (int64_t)numbers[i] && rest.len == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_varints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
