/* SPDX-License-Identifier: ISC */
/*
 * What somebody may have meant by what is no query and no name:
 *
 *	10.0.0.1:80  [::1]:443  https://host:8443/  :443  443,	a port
 *	443tcp	tcp443	443:tcp	 tcp-443			and a transport
 *	https:tcp  ssh://host					a name
 *	1-  8000..8010	8000:8010				a range
 */
#ifndef TERMS_MEANT_H
#define TERMS_MEANT_H

#include "terms/query.h"

/*
 * The query that was meant; its name is borrowed from the text.  False if text
 * is of no form that tells, or is a query as it stands.
 */
bool query_meant(struct span text, struct query *ret);

#endif
