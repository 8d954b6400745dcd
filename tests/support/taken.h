/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much memory the system counts as given away.
 */
#ifndef TST_TAKEN_H
#define TST_TAKEN_H

#include "tst.h"

/* Bytes that segments have taken, touched or not; whatever else is counted is
 * counted too. -1 where the system has no such account. */
apr_int64_t tst_taken(void);

#endif
