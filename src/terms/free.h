/* SPDX-License-Identifier: ISC */
/*
 * Which ports a new service may take: what is asked, the rules, and what each
 * says of a port.  The search fills it in, writers put it into words.
 */
#ifndef TERMS_FREE_H
#define TERMS_FREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "portbook/error.h"
#include "terms/port.h"
#include "terms/port_set.h"
#include "terms/protocol.h"
#include "terms/state.h"

#define FREE_COUNT_DEFAULT 5
#define FREE_COUNT_MAX 100 /* ports in one answer */
#define FREE_SEED_MAX 128  /* bytes */
#define FREE_RECENT_YEARS 10

/* The rules, in the order of their answers. */
enum free_code {
	FREE_REGISTRY,	   /* not assigned and not reserved */
	FREE_UNAUTHORIZED, /* no use on record that is not authorized */
	FREE_REMARK,	   /* no note on what is unassigned */
	FREE_DEASSIGNED,   /* not assigned to somebody of late */
	FREE_SYSTEM,	   /* above 1023 */
	FREE_DYNAMIC,	   /* below 49152 */
	FREE_LINUX,	   /* not in Linux's range for connections */
	FREE_BROWSERS,	   /* not blocked by browsers */
	FREE_PRIVILEGE,	   /* on this host: anybody may listen on it */
	FREE_LOCAL,	   /* on this host: not in its range for connections */
	FREE_LISTENING,	   /* on this host: nobody does */
	FREE_AVOIDED,	   /* not in the list of the user's */
	FREE_CODE_COUNT,
};

/* Rising badness.  A port is usable if nothing is bad. */
enum free_verdict { FREE_GOOD, FREE_NOTE, FREE_BAD };

/* "REGISTRY"; where the rule is from; "good", "note", "bad". */
struct span free_code_name(enum free_code code);
struct span free_code_source(enum free_code code);
struct span free_verdict_name(enum free_verdict verdict);

/* What it is that speaks against a port: "assigned or reserved". */
struct span free_code_against(enum free_code code);

/* What is known of the host that asks. */
struct free_host {
	bool has_range;		       /* range was found */
	struct port_range range;       /* for outgoing connections */
	struct port_set reserved;      /* from these, of that range */
	bool has_start;		       /* start was found */
	uint16_t start;		       /* from here on anybody may listen */
	bool has_open[PROTOCOL_COUNT]; /* open was found */
	struct port_set open[PROTOCOL_COUNT]; /* somebody listens on these */
};

#define FREE_TCP_UDP (1U << PROTOCOL_TCP | 1U << PROTOCOL_UDP)

struct free_ask {
	unsigned transports; /* bits, of 1 << enum protocol */
	bool has_near, has_range, has_explain;
	uint16_t near;
	uint16_t explain; /* the port to be judged */
	struct port_range range;
	size_t count;
	struct span seed;	      /* borrowed; empty: none is given */
	const struct free_host *host; /* borrowed; NULL: ask nothing of it */
	const struct port_set *avoid; /* borrowed, PROTOCOL_COUNT; or NULL */
};

/* tcp and udp, five of them, from anywhere. */
void free_ask_init(struct free_ask *ret);

/*
 * Reads one of near, range, count, for, seed and explain as people write them;
 * "for" replaces the transports.  PORTBOOK_EUSAGE for a value that cannot be,
 * or another name.
 */
int free_ask_set(struct free_ask *ask, struct span name, struct span value,
    struct portbook_error *err);

/* What one rule says of a port. */
struct free_reason {
	enum free_code code;
	enum free_verdict verdict;
	bool unchecked;	     /* a note, as nothing was known */
	uint32_t row;	     /* that it speaks of, or UINT32_MAX */
	uint32_t version;    /* of FREE_DEASSIGNED: the first without row */
	unsigned transports; /* that it speaks of, as bits; FREE_DEASSIGNED:
				those without an assignment */
};

struct free_report {
	uint16_t port;
	bool usable;
	unsigned notes; /* reasons that are notes and were checked */
	enum state states[PROTOCOL_COUNT]; /* of the transports asked */
	uint32_t rows[PROTOCOL_COUNT];	   /* that tell them, or UINT32_MAX */
	struct free_reason reasons[FREE_CODE_COUNT];
	size_t reason_count;
};

/*
 * Why ports were passed over: each counts for one rule against it, the first
 * of those that need no look at the registry, or else of the others.
 */
struct free_rejected {
	bool all; /* every port that was asked for was looked at */
	uint32_t counts[FREE_CODE_COUNT];
};

#endif
