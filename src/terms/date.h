/* SPDX-License-Identifier: ISC */
/* Calendar dates as the registry writes them: YYYY-MM-DD or YYYY-MM. */
#ifndef TERMS_DATE_H
#define TERMS_DATE_H

#include <stdbool.h>

#include "base/span.h"

/* A real month, or a real day of the Gregorian calendar. */
bool date_is_valid(struct span text);

/* The same, to the day. */
bool date_is_day(struct span text);

#endif
