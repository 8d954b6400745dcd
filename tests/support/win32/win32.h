/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Native names in this system: docs/layout.md.
 */
#ifndef TST_WIN32_H
#define TST_WIN32_H

/* Before APR's headers, which would leave out much of it. */
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

#include "../private.h"

/* The name of the object that carries a kind's state: the section of a
 * segment or region, the mutex, the semaphore. */
const wchar_t *tst_native_name(ist_kind_e kind, const char *name, int global);

/* The same for one part of a region: "rm0" its mutex, "rs0" its doorbell. */
const wchar_t *tst_native_part(const char *part, const char *name, int global);

/* The calling user's SID; NULL upon failure. */
PSID tst_user_sid(void);
PSID tst_group_sid(void);

#endif
