/* SPDX-License-Identifier: ISC */
/*
 * nmap-services: a line for each port and transport that nmap scans,
 *
 *	name port/protocol frequency [# description]
 *
 * Frequencies are those of the user's own file, word for word; a port of that
 * file without a name is "unknown", as there.  Without a file all are zero.
 */
#include "base/error.h"
#include "base/mem.h"
#include "terms/services.h"
#include "write/portnames.h"
#include "base/banned.h"

#define COMMENT_LEN 160
#define NMAP_COUNT 3U /* tcp, udp, sctp */

_Static_assert(PROTOCOL_TCP == 0 && PROTOCOL_UDP == 1 && PROTOCOL_SCTP == 2,
    "nmap's transports are the first three");

/* Where a port's frequency stands in the user's file. */
struct frequency {
	uint32_t off;
	uint8_t len; /* 0: the file has none */
};

_Static_assert(SERVICES_FREQUENCY_MAX <= UINT8_MAX, "len holds it");

struct frequencies {
	struct span file;
	struct frequency *at; /* owned: by transport and port */
};

static struct frequency *frequency_of(
    const struct frequencies *f, size_t protocol, uint32_t port)
{
	return &f->at[protocol * PORT_COUNT + port];
}

/* The first line of a port counts, as for nmap. */
static void enter(struct frequencies *f, const struct nmap_line *line)
{
	struct frequency *to;
	enum protocol protocol;

	if (line->name.len == 0 || !protocol_parse(line->protocol, &protocol) ||
	    protocol >= NMAP_COUNT)
		return;
	to = frequency_of(f, protocol, line->port);
	if (to->len == 0)
		*to = (struct frequency){
		    (uint32_t)(line->frequency.ptr - f->file.ptr),
		    (uint8_t)line->frequency.len};
}

static int parse(struct frequencies *f, struct portbook_error *err)
{
	struct span rest = f->file;

	if (rest.len > UINT32_MAX)
		return error_set(err, PORTBOOK_ELIMIT, 0,
		    "the file of frequencies is larger than 4 GiB");
	for (uint64_t number = 1; rest.len > 0; number++) {
		struct span text = span_cut(&rest, '\n');
		struct services_fault fault;
		struct nmap_line line;

		if (text.len > 0 && text.ptr[text.len - 1] == '\r')
			text.len--;
		if (!nmap_line_parse(text, &line, &fault)) {
			error_set(err, PORTBOOK_EFORMAT, 0, "%s", fault.why);
			error_locate(err, "frequencies", number, fault.column);
			return PORTBOOK_EFORMAT;
		}
		enter(f, &line);
	}
	return 0;
}

static void put_line(const struct image *image, const struct feed_port *first,
    uint32_t port, size_t protocol, struct span frequency, struct buf *b)
{
	buf_add(b, first != NULL ? first->name : SPAN("unknown"));
	buf_printf(b, "\t%u/", port);
	buf_add(b, protocol_name((enum protocol)protocol));
	buf_char(b, '\t');
	buf_add(b, frequency.len > 0 ? frequency : SPAN("0.000000"));
	if (first != NULL)
		portnames_comment(image, first, false, COMMENT_LEN, b);
	buf_char(b, '\n');
}

static int put_lines(const struct write_job *job, const struct portnames *names,
    const struct frequencies *f, struct buf *b, struct portbook_error *err)
{
	int code = 0;

	for (uint32_t port = 0; code == 0 && port < PORT_COUNT; port++) {
		for (size_t i = 0; i < NMAP_COUNT; i++) {
			const struct feed_port *first =
			    portnames_first(names, port, i);
			const struct frequency *at = frequency_of(f, i, port);
			struct span text =
			    span_head(span_skip(f->file, at->off), at->len);

			if (first != NULL || text.len > 0)
				put_line(job->image, first, port, i, text, b);
		}
		code = write_drain(job, b, err);
	}
	return code;
}

static int put_file(const struct write_job *job, const struct portnames *names,
    struct buf *b, struct portbook_error *err)
{
	struct frequencies f = {.file = job->frequencies};
	int code;

	f.at = mem_zalloc(NMAP_COUNT * PORT_COUNT, sizeof(*f.at));
	if (f.at == NULL)
		return error_nomem(err);
	code = parse(&f, err);
	if (code == 0) {
		feed_header(
		    job, b, "# ", "Names of ports for nmap: nmap-services");
		buf_str(b, f.file.len > 0 ? "# Frequencies: from the file given"
					  : "# Frequencies: none, hence zero");
		buf_char(b, '\n');
		portnames_tell_left_out(names, b);
		buf_char(b, '\n');
		code = put_lines(job, names, &f, b, err);
	}
	mem_release(f.at);
	return code;
}

int write_nmap(
    const struct write_job *job, struct buf *b, struct portbook_error *err)
{
	struct portnames names;
	int code = portnames_init(job, PORT_COUNT, &names, err);

	if (code == 0)
		code = put_file(job, &names, b, err);
	portnames_release(&names);
	return code;
}
