/* SPDX-License-Identifier: ISC */
/* What the page of free ports shows; a part of pages.h. */
#ifndef WEB_SUGGEST_PAGE_H
#define WEB_SUGGEST_PAGE_H

/* What one rule says. */
struct page_reason {
	struct span verdict; /* good, note or bad */
	struct span text;
	struct span source;
};

struct page_proposal {
	uint64_t port;
	struct span own; /* what is true of it and not of all */
};

struct page_choice {
	struct span name;
	bool asked;
};

struct page_suggest {
	struct page_frame frame;
	struct span near, range; /* as asked, or empty */
	uint64_t count;
	struct page_choice transports[PROTOCOL_COUNT];
	bool usual;		       /* they are tcp and udp */
	struct span transports_asked;  /* "tcp and udp" */
	struct span transports_listed; /* "tcp,udp" */
	struct link today;	       /* the same without a date */

	bool judged; /* a port was asked about */
	uint64_t port;
	struct span verdict; /* "usable", "not usable" */

	struct span seed;
	const struct page_proposal *proposals;
	size_t proposal_count;
	struct span shortage; /* why there are fewer, or empty */

	/* Of the port judged, or of all that are proposed. */
	const struct page_reason *reasons;
	size_t reason_count;
	struct span notice;
};

void page_suggest(struct buf *out, const struct page_suggest *p);

#endif
