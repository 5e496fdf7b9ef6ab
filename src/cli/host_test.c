/* SPDX-License-Identifier: ISC */
/* Lines of /proc/net, and of lists of ports to avoid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "cli/avoid.h"
#include "cli/host.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* port: -1 for none */
static const struct {
	int line;
	struct span text;
	enum protocol protocol;
	int port;
} sockets[] = {
    {__LINE__,
	SPAN_INIT("  sl  local_address rem_address   st tx_queue rx_queue tr"),
	PROTOCOL_TCP, -1},
    {__LINE__,
	SPAN_INIT("   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00"),
	PROTOCOL_TCP, 2024},
    {__LINE__,
	SPAN_INIT("   1: 020200C0:9D64 507100CB:0050 01 00000000:00000000 00"),
	PROTOCOL_TCP, -1},
    {__LINE__,
	SPAN_INIT("  12: 00000000000000000000000000000000:0016 "
		  "00000000000000000000000000000000:0000 0A 00000000:00000000"),
	PROTOCOL_TCP, 22},
    {__LINE__,
	SPAN_INIT("28034: 3500007F:0035 00000000:0000 07 00000000:00000000 00"),
	PROTOCOL_UDP, 53},
    {__LINE__,
	SPAN_INIT("28034: 3500007F:FFFF 0100007F:0035 01 00000000:00000000 00"),
	PROTOCOL_UDP, 65535},
    {__LINE__, SPAN_INIT("  0: 00000000:07G8 00000000:0000 0A"), PROTOCOL_TCP,
	-1},
    {__LINE__, SPAN_INIT("  0: 00000000:7E8 00000000:0000 0A"), PROTOCOL_TCP,
	-1},
    {__LINE__, SPAN_INIT(""), PROTOCOL_TCP, -1},
    {__LINE__, SPAN_INIT("0:"), PROTOCOL_UDP, -1},
    {__LINE__,
	SPAN_INIT(" ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS"),
	PROTOCOL_SCTP, -1},
    {__LINE__,
	SPAN_INIT("ffff8800c0 ffff8800b0 2   10  29   11111    0 15  0.0.0.0"),
	PROTOCOL_SCTP, 11111},
    {__LINE__, SPAN_INIT("a b 2 10 29 70000 0 15 0.0.0.0"), PROTOCOL_SCTP, -1},
};

static void test_sockets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sockets); i++) {
		uint16_t port = 0;
		bool found =
		    sockets[i].protocol == PROTOCOL_SCTP
			? host_sctp_line(sockets[i].text, &port)
			: host_socket_line(sockets[i].text,
			      sockets[i].protocol == PROTOCOL_TCP, &port);

		if (found != (sockets[i].port >= 0) ||
		    (found && port != sockets[i].port))
			fail_msg(
			    "line %d: %d %u", sockets[i].line, found, port);
	}
}

/* How many ports of tcp and of udp; a bad line has its column instead. */
static const struct {
	int line;
	struct span text;
	unsigned tcp, udp;
	size_t column;
} lists[] = {
    {__LINE__, SPAN_INIT(""), 0, 0, 0},
    {__LINE__, SPAN_INIT("  # 80"), 0, 0, 0},
    {__LINE__, SPAN_INIT("80 # x"), 1, 1, 0},
    {__LINE__, SPAN_INIT("80/tcp,81-83/udp 90"), 2, 4, 0},
    {__LINE__, SPAN_INIT("ssh 22/tcp"), 1, 0, 0},
    {__LINE__, SPAN_INIT("3com-x 22/udp a b # c"), 0, 1, 0},
    {__LINE__, SPAN_INIT("x 22/ddp"), 0, 0, 0},
    {__LINE__, SPAN_INIT("0-65535"), 65536, 65536, 0},
    {__LINE__, SPAN_INIT("80,70000"), 0, 0, 4},
    {__LINE__, SPAN_INIT("  9-8"), 0, 0, 3},
    {__LINE__, SPAN_INIT("80/x"), 0, 0, 1},
    {__LINE__, SPAN_INIT("80/"), 0, 0, 1},
    {__LINE__, SPAN_INIT("80-"), 0, 0, 1},
};

static void test_lists(void **state)
{
	static struct port_set sets[PROTOCOL_COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		size_t column = 0;
		const char *why = NULL;
		unsigned tcp = 0, udp = 0;
		bool good;

		memset(sets, 0, sizeof(sets));
		good = avoid_line(lists[i].text, sets, &column, &why);
		for (uint32_t p = 0; p < PORT_COUNT; p++) {
			tcp += port_set_has(&sets[PROTOCOL_TCP], (uint16_t)p);
			udp += port_set_has(&sets[PROTOCOL_UDP], (uint16_t)p);
		}
		if (good != (lists[i].column == 0) ||
		    column != lists[i].column || good != (why == NULL) ||
		    tcp != lists[i].tcp || udp != lists[i].udp)
			fail_msg("line %d: %d %zu %u %u", lists[i].line, good,
			    column, tcp, udp);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sockets),
	    cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
